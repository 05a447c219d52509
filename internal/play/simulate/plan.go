package simulate

import (
	"fmt"
	"strings"
	"time"

	"shifan/internal/calendar"
	"shifan/internal/id"
	"shifan/internal/lifecycle/designation"
	"shifan/internal/lifecycle/draw"
	"shifan/internal/lifecycle/fact"
	"shifan/internal/lifecycle/invariant"
	"shifan/internal/lifecycle/plan"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/recheck"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/lifecycle/trigger"
	"shifan/internal/lot"
)

// yearly is the plan of a year with what its sides keep to themselves.
type yearly struct {
	*plan.Plan
	secrets map[string]lot.Reveal
	c       invariant.Case
}

// sampled is a programme in whose lives some titles are drawn every year, announced or
// not, or none are, and whose assessors now and then mark a sample first.
func (l *life) sampled(p *programme.Programme) *programme.Programme {
	q := *p
	if l.chance(50) {
		q.Recheck.SampleNumber, q.Recheck.SampleSilent = 1+l.IntN(3), l.chance(50)
	}
	if l.chance(8) {
		q.Visit.Calibration = pick(l, []string{"optional", "required"})
	}
	return &q
}

// known is what a plan rests on about the titles that are held.
func (l *life) known() (all []plan.Known) {
	for _, t := range l.titles {
		if !t.Live() {
			continue
		}
		k := plan.Known{Title: *t.Designation, Rules: l.programme.Recheck}
		for _, w := range t.triggers {
			k.Triggers = append(k.Triggers, *w)
		}
		for _, r := range t.rechecks {
			k.Rechecks = append(k.Rechecks, *r)
		}
		for _, r := range t.rectifications {
			k.Orders = append(k.Orders, *r)
		}
		all = append(all, k)
	}
	return all
}

// mayPlan is what may be done with the plan of the year.
func (l *life) mayPlan() {
	if len(l.titles) == 0 {
		return
	}
	if l.yearly == nil || l.yearly.Year < l.today().Year {
		if l.chance(10) {
			l.may(1, l.draftPlan)
		}
		return
	}
	p := l.yearly
	switch p.State {
	case plan.Draft:
		l.may(1, func() {
			by := l.anyone(l.clerks)
			l.planned(p, by, func() (stage.Move, error) { return p.List(by, l.programme, l.known()) })
		})
		l.may(2, func() { l.freezePlan(p) })
		l.may(1, func() { l.approvePlan(p) })
	case plan.Frozen:
		l.may(40, func() { l.drawPlan(p) })
	case plan.Drawn:
		l.may(3, func() { l.approvePlan(p) })
		l.may(1, func() { l.deepenPlan(p) })
	case plan.Approved:
		for _, c := range p.Waiting(l.today()) {
			by := l.anyone(l.clerks)
			l.may(3, func() { l.startCheck(p, by, "begin", c.Designation) })
			break
		}
	}
}

func (l *life) planned(p *yearly, by stage.Actor, do func() (stage.Move, error)) bool {
	return attempt(l, plan.Kind, p.Plan, string(p.ID), &p.c, by, do)
}

func (l *life) draftPlan() {
	by := l.anyone(l.clerks)
	p, m, err := plan.Drafted(by, id.Plan(l.key("pln")), l.programme, l.today().Year+l.IntN(2), l.known(), l.now)
	if err != nil {
		l.refused(plan.Kind, err)
		return
	}
	if l.yearly != nil && l.yearly.Year == p.Year {
		return // the store keeps one a year
	}
	l.yearly = &yearly{Plan: &p, secrets: map[string]lot.Reveal{}, c: invariant.Case{Plan: &p}}
	l.did(plan.Kind, string(p.ID), m, &l.yearly.c)
}

func (l *life) freezePlan(p *yearly) {
	by := l.anyone(l.clerks)
	until := l.now.Add(time.Duration(l.IntN(90*24)) * time.Hour)
	if l.planned(p, by, func() (stage.Move, error) { return p.Freeze(by, l.known(), until, l.now) }) {
		p.secrets = map[string]lot.Reveal{}
	}
}

// drawPlan has the sides commit and reveal, now and then in the wrong order or another's
// secret, and comes to the sample.
func (l *life) drawPlan(p *yearly) {
	by := pick(l, [][]stage.Actor{l.clerks[:1], l.chairs[:1], l.scrutineers[:1], l.directors})[0]
	side := draw.SideOf(by.Role)
	mine, kept := p.secrets[side]
	switch {
	case p.Lot.State == draw.Revealed:
		l.planned(p, by, func() (stage.Move, error) { return p.Draw(by, l.now) })
	case !kept || l.chance(3):
		r := lot.Reveal{Secret: fmt.Sprintf("秘密%08d", l.IntN(1e8)), Nonce: strings.Repeat(fmt.Sprintf("%08x", l.Uint32()), 4)}
		if l.planned(p, by, func() (stage.Move, error) {
			return p.Commit(by, string(by.Account), draw.Commitment{Digest: r.Commitment()}, l.now)
		}) {
			p.secrets[side] = r
		}
	case p.Lot.Over(l.now):
		l.planned(p, l.directors[0], func() (stage.Move, error) { return p.Fail(l.directors[0], "有一方没有揭示", l.now) })
	default:
		if l.chance(5) {
			mine.Secret += "？"
		}
		l.planned(p, by, func() (stage.Move, error) { return p.Reveal(by, mine, l.now) })
	}
}

func (l *life) approvePlan(p *yearly) {
	by := l.anyone(pick(l, [][]stage.Actor{l.directors, l.chairs, l.clerks}))
	drawable := 0
	for _, k := range l.known() {
		if k.Drawable(p.Year) {
			drawable++
		}
	}
	l.planned(p, by, func() (stage.Move, error) { return p.Approve(by, drawable, l.now) })
}

func (l *life) deepenPlan(p *yearly) {
	if len(p.Drawn) == 0 {
		return
	}
	by, c := l.anyone(l.clerks), pick(l, p.Drawn)
	l.planned(p, by, func() (stage.Move, error) {
		return p.Deepen(by, c.Designation, pick(l, []string{recheck.Light, recheck.Desk, recheck.Site}), "有群众反映")
	})
}

// startCheck opens the recheck of a title that was drawn, by the clock or by the office.
func (l *life) startCheck(p *yearly, by stage.Actor, act string, key id.Designation) {
	for _, t := range l.titles {
		if t.ID != key {
			continue
		}
		var all []recheck.Recheck
		var taken []calendar.Date
		for _, r := range t.rechecks {
			all, taken = append(all, *r), append(taken, r.DueOn)
		}
		check, _ := p.Find(key)
		open, missed := plan.Covered(*t.Designation, all)
		if open != "" || missed != "" {
			l.planned(p, by, func() (stage.Move, error) { return p.Start(by, act, key, open, missed, l.now) })
			return
		}
		r := recheck.OpenDrawn(id.Recheck(l.key("rck")), *t.Designation, l.programme.Recheck, l.programme.Version, l.programme.Version, taken, p.ID, check.Depth, l.now)
		if !l.planned(p, by, func() (stage.Move, error) { return p.Start(by, act, key, r.ID, "", l.now) }) {
			return
		}
		l.opened(t, r)
		return
	}
}

func (l *life) opened(t *title, r recheck.Recheck) {
	t.rechecks = append(t.rechecks, &r)
	t.sync()
	l.did(recheck.Kind, string(r.ID), stage.Move{Act: "open", By: stage.Clock, To: recheck.Due}, &t.c)
}

// runPlan is the clock's part of the plan.
func (l *life) runPlan() {
	p := l.yearly
	if p == nil || p.NextOn.IsZero() || p.NextOn.After(l.today()) {
		return
	}
	for _, key := range p.DueNow(l.today()) {
		l.startCheck(p, clock, "open", key)
	}
	if l.today().Year > p.Year {
		l.planned(p, clock, func() (stage.Move, error) { return p.End(clock, l.now) })
	}
}

// happens lets a holder be penalised, rarely: it raises what asks for a recheck.
func (l *life) happens(t *title) {
	by := l.clerks[0]
	was := t.org.Facts
	t.org.Facts.Penalties = append(was.Penalties[:len(was.Penalties):len(was.Penalties)], fact.Penalty{
		Number: l.key("罚"), Authority: "民政厅", Kind: "warning", DecidedOn: l.today(), Source: fact.Source{Confirmed: true, On: l.today()},
	})
	for _, held := range l.titles {
		if held.org != t.org || !held.Live() {
			continue
		}
		for _, c := range trigger.New(*held.Designation, l.programme.Recheck.Triggers, was, t.org.Facts) {
			raised, m := trigger.Raise(by, id.Trigger(l.key("trg")), *held.Designation, c, l.now)
			held.triggers = append(held.triggers, &raised)
			held.sync()
			l.did(trigger.Kind, string(raised.ID), m, &held.c)
		}
	}
}

// answer is the clock's part of what happened to a title's holder.
func (l *life) answer(t *title) {
	for _, w := range t.triggers {
		if w.State != trigger.Raised {
			continue
		}
		if w.Idle(*t.Designation, t.org.Facts) {
			attempt(l, trigger.Kind, w, string(w.ID), &t.c, clock, func() (stage.Move, error) { return w.Lapse(clock, *t.Designation, t.org.Facts, l.now) })
			continue
		}
		if n := len(t.rechecks); n > 0 && t.rechecks[n-1].State == recheck.Slipped && t.State == designation.Valid && !t.ordered(t.rechecks[n-1]) {
			continue // its order comes first
		}
		var all []recheck.Recheck
		for _, r := range t.rechecks {
			all = append(all, *r)
		}
		open, taken, err := recheck.ForEvent(*t.Designation, all)
		if err != nil {
			continue
		}
		var made recheck.Recheck
		if open == "" {
			made = recheck.OpenFor(id.Recheck(l.key("rck")), *t.Designation, l.programme.Recheck, l.programme.Version, l.programme.Version, taken, l.now)
			open = made.ID
		}
		done := attempt(l, trigger.Kind, w, string(w.ID), nil, clock, func() (stage.Move, error) { return w.Answer(clock, open, l.now) })
		if done && made.ID != "" {
			l.opened(t, made)
		}
	}
}

// mayDeepen visits, accepts or deepens a recheck that a plan said the depth of.
func (l *life) mayDeepen(r *recheck.Recheck, do doing) {
	switch r.Depth {
	case recheck.Site:
		l.may(3, func() {
			by := l.anyone(l.assessors)
			if len(r.Assessors) > 0 && l.chance(85) {
				by = stage.Actor{Account: r.Assessors[0], Role: stage.Assessor}
			}
			do(by, func() (stage.Move, error) { return r.Visit(by, l.today().AddDays(-l.IntN(2)), l.now) })
		})
	case recheck.Light:
		l.may(3, func() {
			by := l.anyone(l.clerks)
			do(by, func() (stage.Move, error) {
				if l.chance(20) {
					return r.Deepen(by, pick(l, []string{recheck.Light, recheck.Desk, recheck.Site}), "数字对不上")
				}
				return r.Accept(by, "情况属实", l.now)
			})
		})
	}
}
