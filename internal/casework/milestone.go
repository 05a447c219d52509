package casework

import (
	"context"
	"slices"
	"time"

	"shifan/internal/fault"
	"shifan/internal/store"
)

// Milestone is an instant ahead at which something falls due: the end of a
// filing period, of a publicity, of a title.
type Milestone struct {
	At   time.Time
	Word string // 公示结束
	What string // which one: 2026年度拟命名名单
}

// Milestones lists what falls due from now on, the nearest first: the places
// where the demonstration's clock may jump to. To add a chapter's, write a
// function like the others in its casework file and give it a line in the list.
func (d *Desk) Milestones(ctx context.Context) (all []Milestone, err error) {
	defer fault.Wrap(&err, "casework.Milestones")
	now := d.Now()
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		for _, ahead := range []func(*store.Tx, time.Time) ([]Milestone, error){
			// One line a chapter, in the order of the life.
			designationsAhead,
			applicationsAhead,
			publicitiesAhead,
			objectionsAhead,
			callsAhead,
			reviewAhead,
			visitAhead,
			meetingsAhead,
			recheckAhead,
			rechecksDueAhead,
			rectificationAhead,
			revocationAhead,
		} {
			more, err := ahead(tx, now)
			if err != nil {
				return err
			}
			all = append(all, more...)
		}
		return nil
	})
	all = slices.DeleteFunc(all, func(m Milestone) bool { return !m.At.After(now) })
	slices.SortStableFunc(all, func(a, b Milestone) int { return a.At.Compare(b.At) })
	return all, err
}
