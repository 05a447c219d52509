package casework

import (
	"context"
	"time"

	"shifan/internal/calendar"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/designation"
	"shifan/internal/lifecycle/plaque"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/record"
	"shifan/internal/store"
)

// PlaqueFilter is the store's, so that the doors need not know the store.
type PlaqueFilter = store.PlaqueFilter

// orderPlaque has a plaque made for a title that begins in the same change.
func (d *Desk) orderPlaque(tx *store.Tx, by stage.Actor, t *designation.Designation, now time.Time) error {
	p, err := programmeOfTitle(tx, t)
	if err != nil {
		return err
	}
	q, m, err := plaque.Order(by, id.New[id.Plaque](d.Rand), t, p, plaque.NewCode(d.Rand), now)
	if err != nil {
		return err
	}
	tx.Also(d.plaqueEntry(by, q, m, now))
	return tx.AddPlaque(q)
}

// HandOverPlaque records who received a plaque, by post, and when (S60). Where the
// programme counts the validity from it, the title's term begins that day (S15).
func (d *Desk) HandOverPlaque(ctx context.Context, by stage.Actor, key id.Plaque, version int64, receiver string, on calendar.Date) error {
	return d.plaqueAct(ctx, by, key, version, "hand_over", func(tx *store.Tx, q *plaque.Plaque, t *designation.Designation, now time.Time) (stage.Move, error) {
		m, err := q.HandOver(by, t, receiver, on, now)
		if err != nil {
			return m, err
		}
		p, err := programmeOfTitle(tx, t)
		if err != nil || p.Validity.From != "plaque" || q.Copy > 1 || len(t.Renewals) > 0 {
			return m, err
		}
		start, err := t.Start(by, on, p, now)
		if err != nil {
			return m, err
		}
		tx.Also(d.titleEntry(by, t, start, now))
		if err := tx.PutDesignation(t); err != nil {
			return m, err
		}
		return m, d.followCredential(tx, by, t, now)
	})
}

// ReportPlaqueLost records that a plaque is gone.
func (d *Desk) ReportPlaqueLost(ctx context.Context, by stage.Actor, key id.Plaque, version int64, reason string, on calendar.Date) error {
	return d.plaqueAct(ctx, by, key, version, "report_lost", func(_ *store.Tx, q *plaque.Plaque, _ *designation.Designation, now time.Time) (stage.Move, error) {
		return q.ReportLost(by, reason, on, now)
	})
}

// FindPlaque records that a lost plaque turned up.
func (d *Desk) FindPlaque(ctx context.Context, by stage.Actor, key id.Plaque, version int64) error {
	return d.plaqueAct(ctx, by, key, version, "find", func(_ *store.Tx, q *plaque.Plaque, t *designation.Designation, _ time.Time) (stage.Move, error) {
		return q.Find(by, t)
	})
}

// ReissuePlaque has another plaque made in place of a lost or worn one, with a
// code of its own, and returns it.
func (d *Desk) ReissuePlaque(ctx context.Context, by stage.Actor, key id.Plaque, version int64, reason string) (next id.Plaque, err error) {
	err = d.plaqueAct(ctx, by, key, version, "reissue", func(tx *store.Tx, q *plaque.Plaque, t *designation.Designation, now time.Time) (stage.Move, error) {
		p, err := programmeOfTitle(tx, t)
		if err != nil {
			return stage.Move{}, err
		}
		made, m, err := q.Reissue(by, id.New[id.Plaque](d.Rand), t, p, plaque.NewCode(d.Rand), reason, now)
		if err != nil {
			return m, err
		}
		next = made.ID
		tx.Also(d.plaqueEntry(by, made, stage.Move{Act: "order", By: by.Role, To: plaque.Ordered, Basis: m.Basis}, now))
		return m, tx.AddPlaque(made)
	})
	return next, err
}

// RecallPlaque asks for a plaque back whose title ended, where the programme did
// not do so by itself.
func (d *Desk) RecallPlaque(ctx context.Context, by stage.Actor, key id.Plaque, version int64) error {
	return d.plaqueAct(ctx, by, key, version, "recall", func(_ *store.Tx, q *plaque.Plaque, t *designation.Designation, now time.Time) (stage.Move, error) {
		if _, err := plaque.Kind.Step(q.State, "recall", by.Role); err != nil {
			return stage.Move{}, err
		}
		m, _, err := q.Withdraw(by, t, true, now)
		return m, err
	})
}

// ReturnPlaque records that a recalled plaque came back.
func (d *Desk) ReturnPlaque(ctx context.Context, by stage.Actor, key id.Plaque, version int64, on calendar.Date) error {
	return d.plaqueAct(ctx, by, key, version, "hand_back", func(_ *store.Tx, q *plaque.Plaque, _ *designation.Designation, now time.Time) (stage.Move, error) {
		return q.HandBack(by, on, now)
	})
}

// plaqueAct runs one move of a plaque: it loads it with its title as the actor may
// see it, lets do decide, and saves it with its line in the record.
func (d *Desk) plaqueAct(ctx context.Context, by stage.Actor, key id.Plaque, version int64, act string, do func(*store.Tx, *plaque.Plaque, *designation.Designation, time.Time) (stage.Move, error)) (err error) {
	defer fault.Wrap(&err, "casework: plaque.%s(%s)", act, key)
	now := d.Now()
	return d.Store.Change(ctx, func(tx *store.Tx) (record.Entry, error) {
		q, err := tx.PlaqueFor(by, key)
		if err != nil {
			return record.Entry{}, err
		}
		if version != 0 && version != q.Version {
			return record.Entry{}, fault.Stale()
		}
		t, err := tx.Designation(q.Designation)
		if err != nil {
			return record.Entry{}, err
		}
		m, err := do(tx, &q, &t, now)
		if err != nil {
			return record.Entry{}, err
		}
		return d.plaqueEntry(by, &q, m, now), tx.PutPlaque(&q)
	})
}
