package simulate

import (
	"slices"

	"shifan/internal/calendar"
	"shifan/internal/id"
	"shifan/internal/lifecycle/designation"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/recheck"
	"shifan/internal/lifecycle/rectification"
	"shifan/internal/lifecycle/revocation"
	"shifan/internal/lifecycle/stage"
)

// watch is the clock's part of titles.
func (l *life) watch() {
	for _, t := range l.titles {
		l.expire(t)
		l.openRecheck(t)
		l.answer(t)
		for _, r := range t.rectifications {
			switch {
			case r.State == rectification.Running && t.Live() && !l.now.Before(r.Due):
				attempt(l, rectification.Kind, r, string(r.ID), &t.c, clock, func() (stage.Move, error) { return r.Miss(clock, l.now) })
			case t.order() == r && !t.Live():
				attempt(l, rectification.Kind, r, string(r.ID), &t.c, clock, func() (stage.Move, error) { return r.End(clock, *t.Designation, l.now) })
			}
		}
		l.watchProceeding(t)
		if r := t.recheck(); r != nil && !t.Live() {
			attempt(l, recheck.Kind, r, string(r.ID), &t.c, clock, func() (stage.Move, error) { return r.End(clock, *t.Designation, l.now) })
		}
	}
}

func (l *life) expire(t *title) {
	if t.Live() && !t.ValidTo.IsZero() && !l.now.Before(t.ValidTo.End()) {
		l.title(t, clock, func() (stage.Move, error) { return t.Expire(clock, l.now) })
		l.ended(t)
	}
	if t.Live() && l.programme.EndsTitles(l.state) {
		l.title(t, clock, func() (stage.Move, error) { return t.Abolish(clock, l.programme, l.state, l.abolished, l.now) })
		l.ended(t)
	}
}

func (l *life) openRecheck(t *title) {
	on := recheck.OpensOn(*t.Designation, l.programme.Recheck)
	if t.recheck() != nil || on.IsZero() || l.now.Before(on.Start()) || l.rechecked(t) {
		return
	}
	r := recheck.Open(id.Recheck(l.key("rck")), *t.Designation, l.programme.Recheck, l.programme.Version, l.programme.Version, l.now)
	t.rechecks = append(t.rechecks, &r)
	t.sync()
	l.did(recheck.Kind, string(r.ID), stage.Move{Act: "open", By: stage.Clock, To: recheck.Due}, &t.c)
}

// rechecked reports whether the title's due recheck was held already.
func (l *life) rechecked(t *title) bool {
	return slices.ContainsFunc(t.rechecks, func(r *recheck.Recheck) bool { return r.DueOn == t.RecheckDue })
}

func (l *life) watchProceeding(t *title) {
	r := t.proceeding()
	if r == nil {
		return
	}
	do := func(do func() (stage.Move, error)) {
		attempt(l, revocation.Kind, r, string(r.ID), &t.c, clock, do)
	}
	switch {
	case r.State == revocation.Notified && !l.now.Before(r.HearingEnds) && t.Live():
		do(func() (stage.Move, error) { return r.CloseHearing(clock, l.now) })
	case r.State == revocation.Revoked && !l.now.Before(r.AppealEnds):
		do(func() (stage.Move, error) { return r.Finalise(clock, l.now) })
	case !t.Live() && t.State != designation.Revoked && slices.Contains([]stage.State{revocation.Proposed, revocation.Notified, revocation.Heard}, r.State):
		do(func() (stage.Move, error) { return r.End(clock, *t.Designation, l.now) })
	}
}

// tick does everything whose time has come. Doing it again must do nothing.
func (l *life) tick() {
	l.ticked = l.now
	l.closeRounds()
	l.watch() // before the lists: after days that passed at once, a title is over before its objection is looked at
	l.serveLists()
	l.runPlan()
	if l.chance(2) {
		was := l.out.acts
		l.closeRounds()
		l.watch()
		l.serveLists()
		l.runPlan()
		if l.out.acts != was {
			l.violate("the clock's work is done once", "a second tick acted")
		}
	}
}

// mayEnd lets the programme be suspended, resumed or abolished, rarely.
func (l *life) mayEnd() {
	l.mayConvene(nil, l.titlesWaiting)
	running := func(e *edition) bool { return e.Published() && !e.over() } // a programme ends once its rounds are over
	if l.state == programme.Active && l.IntN(20_000) == 0 && !slices.ContainsFunc(l.editions, running) {
		l.state, l.abolished = programme.Abolished, calendar.DateOf(l.now)
	}
}
