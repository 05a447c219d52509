package casework

import (
	"context"
	"errors"
	"strconv"
	"time"

	"shifan/internal/calendar"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/designation"
	"shifan/internal/lifecycle/draw"
	"shifan/internal/lifecycle/plan"
	"shifan/internal/lifecycle/recheck"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/lot"
	"shifan/internal/record"
	"shifan/internal/store"
)

// knownTitles gathers what a plan rests on about each title of a programme that is held.
func (d *Desk) knownTitles(tx *store.Tx, p id.Programme) (all []plan.Known, err error) {
	titles, err := tx.HoldersOf(p)
	if err != nil {
		return nil, err
	}
	of := rulesIn(tx)
	for _, t := range titles {
		rules, err := of(&t)
		if err != nil {
			return nil, err
		}
		k := plan.Known{Title: t, Rules: rules.Recheck}
		if k.Triggers, err = tx.TriggersOf(t.ID); err != nil {
			return nil, err
		}
		if k.Rechecks, err = tx.RechecksOf(t.ID); err != nil {
			return nil, err
		}
		if k.Orders, err = tx.RectificationsOf(t.ID); err != nil {
			return nil, err
		}
		if k.AtNaming, err = d.atNaming(tx, t); err != nil {
			return nil, err
		}
		all = append(all, k)
	}
	return all, nil
}

// DraftPlan lists the checks of a programme's year.
func (d *Desk) DraftPlan(ctx context.Context, by stage.Actor, p id.Programme, year int) (key id.Plan, err error) {
	defer fault.Wrap(&err, "casework: plan.list(%s, %d)", p, year)
	now := d.Now()
	key = id.New[id.Plan](d.Rand)
	return key, d.Store.Change(ctx, func(tx *store.Tx) (record.Entry, error) {
		if !mayIn(by, p) {
			return record.Entry{}, fault.Missing()
		}
		rules, _, err := tx.ProgrammeNow(p)
		if err != nil {
			return record.Entry{}, err
		}
		if _, err := tx.PlanIn(p, year); fault.KindOf(err) != fault.NotFound {
			return record.Entry{}, errors.Join(err, errPlanned.At("year", year))
		}
		all, err := d.knownTitles(tx, p)
		if err != nil {
			return record.Entry{}, err
		}
		w, m, err := plan.Drafted(by, key, rules, year, all, now)
		if err != nil {
			return record.Entry{}, err
		}
		return d.planEntry(by, &w, m, now), tx.AddPlan(&w)
	})
}

func mayIn(by stage.Actor, p id.Programme) bool { return by.Programme == "" || by.Programme == p }

var errPlanned = fault.Define(fault.Refused, "plan.draft.again",
	"%d年已经有计划。打开已有的计划，在批准以前可以重新列出。", "制度:年度复查计划")

// planEntry is the line of the record. It names no title and counts none: what the record
// says is public, and an unannounced check is not.
func (d *Desk) planEntry(by stage.Actor, p *plan.Plan, m stage.Move, now time.Time) record.Entry {
	e := d.entry(by, plan.Kind, string(p.ID), m, now)
	e.Programme = p.Programme
	e.Facts = map[string]string{"year": strconv.Itoa(p.Year)}
	if p.Lot.State != "" && (m.Act == "freeze" || m.Act == "draw") {
		e.Facts["pool_sha256"] = p.Lot.Pool.Digest()
	}
	return e
}

// planning is what an act on a plan gets.
type planning struct {
	tx   *store.Tx
	plan *plan.Plan
	now  time.Time
}

func (d *Desk) planAct(ctx context.Context, by stage.Actor, key id.Plan, version int64, act string, do func(*planning) (stage.Move, error)) (err error) {
	defer fault.Wrap(&err, "casework: plan.%s(%s)", act, key)
	now := d.Now()
	return d.Store.Change(ctx, func(tx *store.Tx) (record.Entry, error) {
		p, err := wholeFor(by, key, version, tx.PlanFor, tx.Plan, func(p plan.Plan) int64 { return p.Version })
		if err != nil {
			return record.Entry{}, err
		}
		m, err := do(&planning{tx: tx, plan: &p, now: now})
		if err != nil {
			return record.Entry{}, err
		}
		return d.planEntry(by, &p, m, now), tx.PutPlan(&p)
	})
}

// ListPlan lists the titles of a plan anew.
func (d *Desk) ListPlan(ctx context.Context, by stage.Actor, key id.Plan, version int64) error {
	return d.planAct(ctx, by, key, version, "list", func(c *planning) (stage.Move, error) {
		rules, _, err := c.tx.ProgrammeNow(c.plan.Programme)
		if err != nil {
			return stage.Move{}, err
		}
		all, err := d.knownTitles(c.tx, c.plan.Programme)
		if err != nil {
			return stage.Move{}, err
		}
		return c.plan.List(by, rules, all)
	})
}

// FreezePlan fixes the titles that may be drawn, and until when secrets are revealed.
func (d *Desk) FreezePlan(ctx context.Context, by stage.Actor, key id.Plan, revealBy time.Time, version int64) error {
	return d.planAct(ctx, by, key, version, "freeze", func(c *planning) (stage.Move, error) {
		all, err := d.knownTitles(c.tx, c.plan.Programme)
		if err != nil {
			return stage.Move{}, err
		}
		return c.plan.Freeze(by, all, revealBy, c.now)
	})
}

// CommitToPlan takes a side's commitment.
func (d *Desk) CommitToPlan(ctx context.Context, by stage.Actor, key id.Plan, said draw.Commitment) error {
	return d.planAct(ctx, by, key, 0, "commit", func(c *planning) (stage.Move, error) {
		a, err := c.tx.Account(by.Account)
		if err != nil {
			return stage.Move{}, err
		}
		return c.plan.Commit(by, a.Name, said, c.now)
	})
}

// RevealToPlan takes what a side committed to.
func (d *Desk) RevealToPlan(ctx context.Context, by stage.Actor, key id.Plan, said lot.Reveal) error {
	return d.planAct(ctx, by, key, 0, "reveal", func(c *planning) (stage.Move, error) { return c.plan.Reveal(by, said, c.now) })
}

// DrawPlan comes to the sample.
func (d *Desk) DrawPlan(ctx context.Context, by stage.Actor, key id.Plan) error {
	return d.planAct(ctx, by, key, 0, "draw", func(c *planning) (stage.Move, error) { return c.plan.Draw(by, c.now) })
}

// FailPlan records that a side did not commit or reveal in time.
func (d *Desk) FailPlan(ctx context.Context, by stage.Actor, key id.Plan, reason string) error {
	return d.planAct(ctx, by, key, 0, "fail", func(c *planning) (stage.Move, error) { return c.plan.Fail(by, reason, c.now) })
}

// DeepenPlan sets how deep a check goes.
func (d *Desk) DeepenPlan(ctx context.Context, by stage.Actor, key id.Plan, title id.Designation, depth, reason string, version int64) error {
	return d.planAct(ctx, by, key, version, "deepen", func(c *planning) (stage.Move, error) {
		return c.plan.Deepen(by, title, depth, reason)
	})
}

// ApprovePlan lets the checks of a plan open on their days.
func (d *Desk) ApprovePlan(ctx context.Context, by stage.Actor, key id.Plan, version int64) error {
	return d.planAct(ctx, by, key, version, "approve", func(c *planning) (stage.Move, error) {
		all, err := d.knownTitles(c.tx, c.plan.Programme)
		if err != nil {
			return stage.Move{}, err
		}
		drawable := 0
		for _, k := range all {
			if k.Drawable(c.plan.Year) {
				drawable++
			}
		}
		return c.plan.Approve(by, drawable, c.now)
	})
}

// BeginPlanned begins an unannounced check whose day has come: only now there is a
// recheck, with those who look. Where one is open already it looks for the plan too.
func (d *Desk) BeginPlanned(ctx context.Context, by stage.Actor, key id.Plan, title id.Designation, who []id.Account) (r id.Recheck, err error) {
	return r, d.planAct(ctx, by, key, 0, "begin", func(c *planning) (stage.Move, error) {
		var m stage.Move
		m, r, err = d.startPlanned(c, by, "begin", title, func(made *recheck.Recheck) error {
			pool, err := lookers(c.tx, made.Programme, made.Organisation)
			if err != nil {
				return err
			}
			begun, err := made.Begin(by, who, pool, c.now)
			if err != nil {
				return err
			}
			c.tx.Also(d.recheckEntry(by, made, begun, c.now))
			return nil
		})
		return m, err
	})
}

// startPlanned opens the recheck of a title that a plan drew, unless there is none to open.
// ready completes one that was made, before it is kept.
func (d *Desk) startPlanned(c *planning, by stage.Actor, act string, title id.Designation, ready func(*recheck.Recheck) error) (m stage.Move, made id.Recheck, err error) {
	t, err := c.tx.Designation(title)
	if err != nil {
		return m, "", err
	}
	all, err := c.tx.RechecksOf(title)
	if err != nil {
		return m, "", err
	}
	check, _ := c.plan.Find(title)
	open, missed := plan.Covered(t, all)
	if open != "" || missed != "" || check == nil {
		m, err = c.plan.Start(by, act, title, open, missed, c.now)
		return m, open, err
	}
	depth := check.Depth
	naming, current, err := versionsFor(c.tx, &t)
	if err != nil {
		return m, "", err
	}
	var taken []calendar.Date
	for _, r := range all {
		taken = append(taken, r.DueOn)
	}
	r := recheck.OpenDrawn(id.New[id.Recheck](d.Rand), t, naming.Recheck, current.Version, naming.Version, taken, c.plan.ID, depth, c.now)
	if m, err = c.plan.Start(by, act, title, r.ID, "", c.now); err != nil {
		return m, "", err
	}
	if r.Findings, err = d.atNaming(c.tx, t); err != nil {
		return m, "", err
	}
	c.tx.Also(d.openEntry(&r, c.now))
	if err := ready(&r); err != nil {
		return m, "", err
	}
	return m, r.ID, c.tx.AddRecheck(&r)
}

// runPlans opens the announced checks whose day has come, and ends the plans whose year is
// over.
func (d *Desk) runPlans(ctx context.Context, now time.Time) (int, error) {
	today := calendar.DateOf(now)
	type one struct {
		plan  id.Plan
		title id.Designation // empty: the plan ends
	}
	return dueActs(ctx, d, func(tx *store.Tx) (all []one, err error) {
		due, err := tx.PlansDue(today)
		for _, p := range due {
			for _, title := range p.DueNow(today) {
				all = append(all, one{p.ID, title})
			}
			if today.Year > p.Year {
				all = append(all, one{plan: p.ID})
			}
		}
		return all, err
	}, func(w one) error {
		if w.title == "" {
			return d.planAct(ctx, stage.TheClock, w.plan, 0, "close", func(c *planning) (stage.Move, error) { return c.plan.End(stage.TheClock, c.now) })
		}
		return d.planAct(ctx, stage.TheClock, w.plan, 0, "open", func(c *planning) (stage.Move, error) {
			m, _, err := d.startPlanned(c, stage.TheClock, "open", w.title, func(*recheck.Recheck) error { return nil })
			return m, err
		})
	})
}

// plannedDepth is how deep an approved plan has the recheck of a title's term look; "" where
// none says so.
func plannedDepth(tx *store.Tx, t *designation.Designation) (string, error) {
	p, err := tx.PlanIn(t.Programme, t.RecheckDue.Year)
	if fault.KindOf(err) == fault.NotFound {
		return "", nil
	}
	if err != nil || p.State != plan.Approved {
		return "", err
	}
	if c, due := p.Find(t.ID); due {
		return c.Depth, nil
	}
	return "", nil
}
