package casework

import (
	"context"
	"slices"
	"time"

	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/designation"
	"shifan/internal/lifecycle/fact"
	"shifan/internal/lifecycle/organisation"
	"shifan/internal/lifecycle/recheck"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/lifecycle/trigger"
	"shifan/internal/record"
	"shifan/internal/store"
)

// raiseTriggers states what a change of facts brings for the titles that an
// organisation holds, in the change itself (S66, S69). A fact that was raised for a
// title before is not raised again, whatever became of it.
func (d *Desk) raiseTriggers(tx *store.Tx, by stage.Actor, o *organisation.Organisation, was fact.Facts, now time.Time) error {
	titles, err := tx.TitlesHeldBy(o)
	if err != nil {
		return err
	}
	for _, t := range titles {
		p, err := programmeOfTitle(tx, &t)
		if err != nil {
			return err
		}
		causes := trigger.New(t, p.Recheck.Triggers, was, o.Facts)
		if len(causes) == 0 {
			continue
		}
		before, err := tx.TriggersOf(t.ID)
		if err != nil {
			return err
		}
		for _, c := range causes {
			if slices.ContainsFunc(before, func(b trigger.Trigger) bool { return b.Fact == c.Fact }) {
				continue
			}
			raised, m := trigger.Raise(by, id.New[id.Trigger](d.Rand), t, c, now)
			tx.Also(d.triggerEntry(by, &raised, m, now))
			if err := tx.AddTrigger(&raised); err != nil {
				return err
			}
			before = append(before, raised)
		}
	}
	return nil
}

func (d *Desk) triggerEntry(by stage.Actor, t *trigger.Trigger, m stage.Move, now time.Time) record.Entry {
	e := d.entry(by, trigger.Kind, string(t.ID), m, now)
	e.Programme = t.Programme
	e.Facts = map[string]string{"designation": string(t.Designation), "cause": t.Kind}
	if t.Recheck != "" {
		e.Facts["recheck"] = string(t.Recheck)
	}
	return e
}

// answerTriggers looks into what was raised: the recheck that is open takes it on, or
// one is opened for it.
func (d *Desk) answerTriggers(ctx context.Context, now time.Time) (int, error) {
	return dueActs(ctx, d, func(tx *store.Tx) ([]trigger.Trigger, error) { return tx.TriggersDue() },
		func(t trigger.Trigger) error { return d.answerTrigger(ctx, t.ID, now) })
}

func (d *Desk) answerTrigger(ctx context.Context, key id.Trigger, now time.Time) (err error) {
	defer fault.Wrap(&err, "casework: trigger.answer(%s)", key)
	return d.Store.Change(ctx, func(tx *store.Tx) (record.Entry, error) {
		t, err := tx.Trigger(key)
		if err != nil {
			return record.Entry{}, err
		}
		title, err := tx.Designation(t.Designation)
		if err != nil {
			return record.Entry{}, err
		}
		o, err := tx.Organisation(t.Organisation)
		if err != nil {
			return record.Entry{}, err
		}
		var m stage.Move
		if t.Idle(title, o.Facts) {
			m, err = t.Lapse(stage.TheClock, title, o.Facts, now)
		} else {
			var r id.Recheck
			if r, err = d.recheckFor(tx, &title, now); err == nil {
				m, err = t.Answer(stage.TheClock, r, now)
			}
		}
		if err != nil {
			return record.Entry{}, err
		}
		return d.triggerEntry(stage.TheClock, &t, m, now), tx.PutTrigger(&t)
	})
}

// recheckFor returns the recheck that looks into what happened to a title's holder.
func (d *Desk) recheckFor(tx *store.Tx, t *designation.Designation, now time.Time) (id.Recheck, error) {
	all, err := tx.RechecksOf(t.ID)
	if err != nil {
		return "", err
	}
	open, taken, err := recheck.ForEvent(*t, all)
	if err != nil || open != "" {
		return open, err
	}
	naming, current, err := versionsFor(tx, t)
	if err != nil {
		return "", err
	}
	r := recheck.OpenFor(id.New[id.Recheck](d.Rand), *t, naming.Recheck, current.Version, naming.Version, taken, now)
	return r.ID, d.addRecheck(tx, t, &r, now)
}

// dissolveTitles ends the titles whose holder is no more, where the programme says so
// (S73).
func (d *Desk) dissolveTitles(ctx context.Context, _ time.Time) (int, error) {
	return d.titlesDue(ctx, func(tx *store.Tx) (due []designation.Designation, err error) {
		all, err := tx.TitlesWithoutHolder("")
		for _, t := range all {
			o, err := tx.Organisation(t.Organisation)
			if err != nil {
				return nil, err
			}
			p, err := programmeOfTitle(tx, &t)
			if err != nil {
				return nil, err
			}
			if trigger.Dissolves(o.State, p.Recheck.Triggers) {
				due = append(due, t)
			}
		}
		return due, err
	}, "dissolve", func(tx *store.Tx, t *designation.Designation, now time.Time) (stage.Move, error) {
		h, _, err := holderOf(tx, t)
		if err != nil {
			return stage.Move{}, err
		}
		return t.Dissolve(stage.TheClock, h, "", now)
	})
}
