package casework

import (
	"context"
	"maps"
	"strconv"
	"time"

	"shifan/internal/calendar"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/designation"
	"shifan/internal/lifecycle/item"
	"shifan/internal/lifecycle/rectification"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/record"
	"shifan/internal/store"
)

// RectificationOrder is what is ordered: of the title whose recheck slipped, or of
// a title where another finding led to it.
type RectificationOrder struct {
	Recheck     id.Recheck     // empty where another finding led to it
	Designation id.Designation // read when Recheck is empty
	Items       []string       // what to put right, one text an item
}

// OrderRectification orders a holder to put things right (S70).
func (d *Desk) OrderRectification(ctx context.Context, by stage.Actor, o RectificationOrder) (key id.Rectification, err error) {
	defer fault.Wrap(&err, "casework.OrderRectification(%s%s)", o.Recheck, o.Designation)
	now := d.Now()
	err = d.Store.Change(ctx, func(tx *store.Tx) (record.Entry, error) {
		g, err := grounds(tx, by, o)
		if err != nil {
			return record.Entry{}, err
		}
		r, m, err := rectification.Order(by, id.New[id.Rectification](d.Rand), g, o.Items, now)
		if err != nil {
			return record.Entry{}, err
		}
		key = r.ID
		if err := d.titleMoves(tx, by, r.Designation, now, func(t *designation.Designation) (stage.Move, error) {
			return t.OrderRectification(by, now)
		}); err != nil {
			return record.Entry{}, err
		}
		return d.rectificationEntry(by, &r, m, now), tx.AddRectification(&r)
	})
	return key, err
}

// grounds gathers what an order rests on, as far as the actor may see it.
func grounds(tx *store.Tx, by stage.Actor, o RectificationOrder) (g rectification.Grounds, err error) {
	key := o.Designation
	if o.Recheck != "" {
		r, err := tx.RecheckFor(by, o.Recheck)
		if err != nil {
			return g, err
		}
		key, g.Recheck = r.Designation, &r
	}
	if g.Title, err = tx.Designation(key); err != nil {
		return g, err
	}
	if by.Programme != "" && by.Programme != g.Title.Programme {
		return g, fault.Missing()
	}
	p, err := programmeOfTitle(tx, &g.Title)
	if err != nil {
		return g, err
	}
	g.Terms = p.Rectification
	all, err := tx.RectificationsOf(key)
	for _, r := range all {
		g.Ordered = g.Ordered || o.Recheck != "" && r.Recheck == o.Recheck
	}
	return g, err
}

// rectificationCase is what an act on an order gets.
type rectificationCase struct {
	tx    *store.Tx
	Order *rectification.Rectification // whole, whoever acts
	Title designation.Designation
	now   time.Time
	facts map[string]string // more for the record to say of the act
}

// rectificationAct runs one move of an order that the actor may see. version is the
// one that the actor saw; 0 when it does not matter.
func (d *Desk) rectificationAct(ctx context.Context, by stage.Actor, key id.Rectification, version int64, act string, do func(*rectificationCase) (stage.Move, error)) (err error) {
	defer fault.Wrap(&err, "casework: rectification.%s(%s)", act, key)
	now := d.Now()
	return d.Store.Change(ctx, func(tx *store.Tx) (record.Entry, error) {
		r, err := wholeFor(by, key, version, tx.RectificationFor, tx.Rectification, func(r rectification.Rectification) int64 { return r.Version })
		if err != nil {
			return record.Entry{}, err
		}
		t, err := tx.Designation(r.Designation)
		if err != nil {
			return record.Entry{}, err
		}
		c := rectificationCase{tx: tx, Order: &r, Title: t, now: now}
		m, err := do(&c)
		if err != nil {
			return record.Entry{}, err
		}
		e := d.rectificationEntry(by, &r, m, now)
		maps.Copy(e.Facts, c.facts)
		return e, tx.PutRectification(&r)
	})
}

func (d *Desk) rectificationEntry(by stage.Actor, r *rectification.Rectification, m stage.Move, now time.Time) record.Entry {
	e := d.entry(by, rectification.Kind, string(r.ID), m, now)
	e.Programme = r.Programme
	e.Facts = map[string]string{"designation": string(r.Designation), "items": strconv.Itoa(len(r.Items))}
	if r.Recheck != "" {
		e.Facts["recheck"] = string(r.Recheck)
	}
	if !r.DueOn.IsZero() {
		e.Facts["served"], e.Facts["due"], e.Facts["calendar"] = r.ServedOn.String(), r.DueOn.String(), r.CalendarVersion
	}
	if r.Decision != "" {
		e.Facts["item"] = string(r.Decision)
	}
	return e
}

// ServeRectification records the day on which the holder received the order, which
// starts the time.
func (d *Desk) ServeRectification(ctx context.Context, by stage.Actor, key id.Rectification, on calendar.Date, version int64) error {
	return d.rectificationAct(ctx, by, key, version, "serve", func(c *rectificationCase) (stage.Move, error) {
		cal, err := c.tx.Calendar()
		if err != nil {
			return stage.Move{}, err
		}
		return c.Order.Serve(by, on, cal, c.now)
	})
}

// ExtendRectification moves the due day, as often as the programme allows.
func (d *Desk) ExtendRectification(ctx context.Context, by stage.Actor, key id.Rectification, to calendar.Date, reason string, version int64) error {
	return d.rectificationAct(ctx, by, key, version, "extend", func(c *rectificationCase) (stage.Move, error) {
		cal, err := c.tx.Calendar()
		if err != nil {
			return stage.Move{}, err
		}
		return c.Order.Extend(by, to, reason, cal, c.now)
	})
}

// AssignRectification names who verifies.
func (d *Desk) AssignRectification(ctx context.Context, by stage.Actor, key id.Rectification, who []id.Account, version int64) error {
	return d.rectificationAct(ctx, by, key, version, "assign", func(c *rectificationCase) (stage.Move, error) {
		pool, err := lookers(c.tx, c.Order.Programme, c.Order.Organisation)
		if err != nil {
			return stage.Move{}, err
		}
		return c.Order.Assign(by, who, pool)
	})
}

// AnswerRectification keeps what the holder did about the n-th item, from 1.
func (d *Desk) AnswerRectification(ctx context.Context, by stage.Actor, key id.Rectification, n int, done, evidence string, version int64) error {
	return d.rectificationAct(ctx, by, key, version, "answer", func(c *rectificationCase) (stage.Move, error) {
		return c.Order.Answer(by, n, done, evidence, c.now)
	})
}

// ReportRectification sends the holder's answers to all items.
func (d *Desk) ReportRectification(ctx context.Context, by stage.Actor, key id.Rectification, version int64) error {
	return d.rectificationAct(ctx, by, key, version, "report", func(c *rectificationCase) (stage.Move, error) {
		return c.Order.Report(by, c.now)
	})
}

// VerifyRectification says item by item whether the result shows.
func (d *Desk) VerifyRectification(ctx context.Context, by stage.Actor, key id.Rectification, method string, marks []rectification.Item, opinion string, version int64) error {
	return d.rectificationAct(ctx, by, key, version, "verify", func(c *rectificationCase) (stage.Move, error) {
		return c.Order.Verify(by, method, marks, opinion, c.now)
	})
}

// missRectifications fails the orders whose time is over without a report (S71).
func (d *Desk) missRectifications(ctx context.Context, now time.Time) (int, error) {
	return dueActs(ctx, d, func(tx *store.Tx) ([]rectification.Rectification, error) { return tx.RectificationsMissed(now) },
		func(r rectification.Rectification) error {
			return d.rectificationAct(ctx, stage.TheClock, r.ID, 0, "miss", func(c *rectificationCase) (stage.Move, error) {
				return c.Order.Miss(stage.TheClock, c.now)
			})
		})
}

// endRectifications closes the orders whose title ended in another way.
func (d *Desk) endRectifications(ctx context.Context, _ time.Time) (int, error) {
	return dueActs(ctx, d, func(tx *store.Tx) ([]rectification.Rectification, error) { return tx.RectificationsOutlived() },
		func(r rectification.Rectification) error {
			return d.rectificationAct(ctx, stage.TheClock, r.ID, 0, "end", func(c *rectificationCase) (stage.Move, error) {
				return c.Order.End(stage.TheClock, c.Title, c.now)
			})
		})
}

// rectificationCommitments lists the days that orders told their holders.
func rectificationCommitments(tx *store.Tx) (all []calendar.Commitment, err error) {
	running, err := tx.RectificationsRunning()
	if err != nil {
		return nil, err
	}
	for _, r := range running {
		t, err := tx.Designation(r.Designation)
		if err != nil {
			return nil, err
		}
		c := calendar.Commitment{Thing: string(r.ID), Label: t.Name + " 整改期限", Last: r.DueOn, Version: r.CalendarVersion}
		switch s := r.Terms; {
		case len(r.Extensions) > 0 || !s.RollsOver && !s.Working:
			continue // a day that was set, and that no calendar moves
		case s.Months > 0:
			c.From, c.RestDay = r.ServedOn.AddMonths(s.Months), calendar.RollForward
		case s.Working:
			c.From, c.Days = r.ServedOn, s.Days
		default:
			c.From, c.RestDay = r.ServedOn.AddDays(s.Days), calendar.RollForward
		}
		all = append(all, c)
	}
	return all, nil
}

// rectificationMatter is how the outcome of an order comes before the committee:
// carried passes it, lost finds that the effect is not evident (S71).
func (d *Desk) rectificationMatter() matter {
	return matter{
		facts: func(tx *store.Tx, key string) (f item.Facts, err error) {
			r, err := tx.Rectification(id.Rectification(key))
			if err != nil {
				return f, err
			}
			t, err := tx.Designation(r.Designation)
			return titleFacts(t, "整改合格："+t.Name, r.State == rectification.Verified && t.State == designation.Rectifying), err
		},
		waiting: func(tx *store.Tx, p id.Programme, _ id.Round) (all []item.Facts, err error) {
			verified, err := tx.RectificationsVerified(p)
			for _, r := range verified {
				all = append(all, item.Facts{Subject: item.Subject{ID: string(r.ID)}})
			}
			return all, err
		},
		decided: d.rectificationDecided,
	}
}

func (d *Desk) rectificationDecided(tx *store.Tx, by stage.Actor, i item.Item, carried bool, now time.Time) error {
	r, err := tx.Rectification(id.Rectification(i.Subject.ID))
	if err != nil {
		return err
	}
	t, err := tx.Designation(r.Designation)
	if err != nil || !t.Live() {
		return err // the clock ends the order about a title that is gone
	}
	m, err := r.Decide(by, i.ID, carried, orReason(i.Reason), now)
	if err != nil {
		return err
	}
	if carried {
		if err := d.restoreTitle(tx, by, t, r.Recheck, now); err != nil {
			return err
		}
	}
	tx.Also(d.rectificationEntry(by, &r, m, now))
	return tx.PutRectification(&r)
}

// restoreTitle lifts an order that was met. Where a recheck had led to it, what was
// put right completes that recheck: the title is renewed, or its next recheck moves
// on, as if it had passed at once (docs/decisions).
func (d *Desk) restoreTitle(tx *store.Tx, by stage.Actor, t designation.Designation, from id.Recheck, now time.Time) error {
	moves := []func(*designation.Designation) (stage.Move, error){
		func(t *designation.Designation) (stage.Move, error) { return t.Restore(by, now) },
	}
	ofTerm, err := ofTerm(tx, from)
	if err != nil {
		return err
	}
	if ofTerm && (t.ValidTo.IsZero() || now.Before(t.ValidTo.End())) {
		p, err := programmeOfTitle(tx, &t)
		if err != nil {
			return err
		}
		moves = append(moves, func(t *designation.Designation) (stage.Move, error) { return t.Pass(by, from, p, now) })
	}
	return d.titleMoves(tx, by, t.ID, now, moves...)
}

// ofTerm reports whether an order came from a recheck of the title's term. What was put
// right after another one, or after no recheck, moves no term.
func ofTerm(tx *store.Tx, from id.Recheck) (bool, error) {
	if from == "" {
		return false, nil
	}
	r, err := tx.Recheck(from)
	return r.OfTerm(), err
}
