package casework

import (
	"context"

	"shifan/internal/calendar"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/directory"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/store"
)

// DistributionView is what the list of titles comes to, by place and by year. It is
// everybody's.
type DistributionView struct {
	Programme  *programme.Programme // the titles of which are counted; nil: of all
	Programmes []*programme.Programme
	Today      calendar.Date
	Regions    []directory.Region
	Years      []directory.Year // the latest first; the first is this year
	Held, Ever int
}

// Distribution counts the titles of a programme, of every one when name is empty, by place
// and by year.
func (d *Desk) Distribution(ctx context.Context, name id.Programme) (v DistributionView, err error) {
	defer fault.Wrap(&err, "casework.Distribution(%s)", name)
	v.Today = calendar.DateOf(d.Now())
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		standings, err := tx.Programmes()
		if err != nil {
			return err
		}
		for _, s := range standings {
			p, _, err := tx.ProgrammeNow(s.Name)
			if err != nil {
				return err
			}
			if v.Programmes = append(v.Programmes, p); p.Name == name {
				v.Programme = p
			}
		}
		if name != "" && v.Programme == nil {
			return fault.Missing()
		}
		counts, err := tx.TitlesByRegister(name)
		if err != nil {
			return err
		}
		spans, err := tx.TitlesByYear(name)
		v.Regions, v.Years = directory.Regions(counts), directory.Years(spans, v.Today.Year)
		for _, r := range v.Regions {
			v.Held, v.Ever = v.Held+r.Held, v.Ever+r.Ever
		}
		return err
	})
	return v, err
}
