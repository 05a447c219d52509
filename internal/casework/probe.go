package casework

import (
	"context"
	"strings"

	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/probe"
	"shifan/internal/lifecycle/publicity"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/record"
	"shifan/internal/store"
)

// ProbeTask is a public address to visit now.
type ProbeTask struct {
	Publicity id.Publicity
	URL       string
}

// ProbesDue lists the publicities whose public address was not visited for
// probe.Every. base is the address of this site.
func (d *Desk) ProbesDue(ctx context.Context, base string) (due []ProbeTask, err error) {
	defer fault.Wrap(&err, "casework.ProbesDue")
	now := d.Now()
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		running, err := tx.RunningPublicities()
		for _, p := range running {
			address := probe.Address(&p, strings.TrimSuffix(base, "/")+"/publicities/"+string(p.ID))
			if address == "" {
				continue
			}
			last, err := tx.LastProbes(p.ID)
			if err != nil {
				return err
			}
			if n := len(last); n == 0 || now.Sub(last[n-1].At) >= probe.Every {
				due = append(due, ProbeTask{p.ID, address})
			}
		}
		return err
	})
	return due, err
}

// KeepProbe keeps what a visit found, with its line in the record. The instant is the
// desk's.
func (d *Desk) KeepProbe(ctx context.Context, v probe.Probe) (err error) {
	defer fault.Wrap(&err, "casework.KeepProbe(%s)", v.Publicity)
	now := d.Now()
	return d.Store.Change(ctx, func(tx *store.Tx) (record.Entry, error) {
		p, err := tx.Publicity(v.Publicity)
		if err != nil {
			return record.Entry{}, err
		}
		m, err := publicity.Kind.Step(p.State, "probe", stage.TheClock.Role)
		if err != nil {
			return record.Entry{}, err
		}
		v.ID, v.At = id.New[id.Probe](d.Rand), now
		v.Fits()
		e := d.publicityEntry(stage.TheClock, &p, m, now)
		e.Facts["reached"], e.Facts["content"] = map[bool]string{true: "yes", false: "no"}[v.Reached], v.Digest
		return e, tx.AddProbe(&v)
	})
}

// down reports whether the public address of a publicity could not be read lately.
func down(tx *store.Tx, key id.Publicity) (bool, error) {
	last, err := tx.LastProbes(key)
	return probe.Down(last), err
}
