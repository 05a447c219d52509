package simulate

import (
	"fmt"
	"strconv"
	"time"

	"shifan/internal/calendar"
	"shifan/internal/id"
	"shifan/internal/lifecycle/invariant"
	"shifan/internal/lifecycle/meeting"
	"shifan/internal/lifecycle/naming"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/round"
	"shifan/internal/lifecycle/stage"
)

// edition is a round with everything in it.
type edition struct {
	*round.Round
	files       []*file
	publicities []*list
	namings     []*naming.Naming
	draws       []*drawing
	samples     []*exercise
	refused     bool // its publication, as it is written now
	c           invariant.Case
}

// over reports whether nothing is left to do in the round.
func (e *edition) over() bool {
	return e.State == round.Cancelled || e.State == round.Concluded
}

func (e *edition) due(note func(time.Time)) {
	if e.State == round.Open {
		note(e.Deadline)
	}
	for _, f := range e.files {
		if !f.Correction.Due.IsZero() && f.Correction.AnsweredAt.IsZero() {
			note(f.Correction.Due)
		}
	}
	for _, p := range e.publicities {
		note(p.Ends)
	}
	for _, d := range e.draws {
		note(d.Rule.RevealBy)
	}
}

// mayRound drafts a round when a year has none.
func (l *life) mayRound() {
	year := l.today().Year
	tries, regular := 0, false
	for _, e := range l.editions {
		if e.Year == year {
			tries++
			regular = regular || e.State != round.Cancelled || tries > 2
		}
	}
	if l.state != programme.Active && !l.chance(1) || regular && !l.rarely() || l.today().Month > time.October {
		return
	}
	l.may(3, func() {
		by := l.anyone(l.clerks[:1])
		r, m, err := round.Draft(by, l.programme, l.plan(year, regular))
		if err != nil {
			l.refused(round.Kind, err)
			return
		}
		r.ID = id.Round(l.key("rnd"))
		e := &edition{Round: r}
		e.c.Round = r
		l.editions = append(l.editions, e)
		l.did(round.Kind, string(r.ID), m, &e.c)
	})
}

// plan is what a clerk writes, with a slip now and then.
func (l *life) plan(year int, special bool) round.Plan {
	deadline := l.today().AddDays(20 + l.IntN(60))
	p := round.Plan{
		Year: year, Special: special, Title: strconv.Itoa(year) + "年度通知", DocNumber: fmt.Sprintf("吉社联党发〔%d〕%d号", year, l.serial+1),
		Addressees: "省本级各社会组织党组织", DatedOn: l.today().AddDays(-l.IntN(20)), DeadlineDate: deadline, Contact: "办公室",
	}
	if special {
		p.Reason = "增补"
	}
	if l.chance(50) {
		p.RestDay = pick(l, []string{calendar.Strict, calendar.RollForward})
	}
	if l.chance(20) {
		p.Quota = map[string]int{"": 1 + l.IntN(3)}
	}
	if p.DeadlineDate.Year > year && !l.chance(10) {
		p.DeadlineDate = calendar.On(year, time.December, 30)
	}
	switch l.IntN(15) {
	case 0:
		p.Title = ""
	case 1:
		p.DeadlineDate = p.DatedOn
	case 2:
		p.Addressees = ""
	}
	return p
}

// mayEdition is what may be done with a round and in it.
func (l *life) mayEdition(e *edition) {
	switch e.State {
	case round.Drafted:
		publish, edit := 6, 1
		if e.refused {
			publish, edit = 1, 6
		}
		if e.refused || e.Year < l.today().Year {
			l.may(2, func() {
				by := l.anyone(l.directors)
				attempt(l, round.Kind, e.Round, string(e.ID), &e.c, by, func() (stage.Move, error) { return e.Cancel(by, "今年不开展") })
			})
		}
		if l.state == programme.Active || l.rarely() {
			l.may(publish, func() { l.publishRound(e) })
		}
		l.may(edit, func() {
			by := l.anyone(l.clerks)
			if attempt(l, round.Kind, e.Round, string(e.ID), &e.c, by, func() (stage.Move, error) { return e.Edit(by, l.programme, l.plan(e.Year, e.Special)) }) {
				e.refused = false
			}
		})
	case round.Open:
		l.may(1, func() { l.extendRound(e) })
		l.mayFile(e)
	case round.Closed:
		l.mayConcludeRound(e)
	}
	for _, f := range e.files {
		l.mayHandle(e, f)
	}
	if e.Published() && !e.over() {
		l.mayPublicise(e)
		l.mayName(e)
		l.mayDraw(e)
		l.mayCalibrate(e)
	}
}

func (l *life) publishRound(e *edition) {
	by := l.anyone(l.directors)
	var others []round.Round
	for _, o := range l.editions {
		if o != e {
			others = append(others, *o.Round)
		}
	}
	f := round.Facts{Programme: l.programme, State: l.state, Others: others, Calendar: l.calendar}
	for _, w := range e.Warnings(l.programme, l.calendar, l.now) {
		if l.chance(85) {
			f.Acknowledged = append(f.Acknowledged, w.Code)
		}
	}
	e.refused = !attempt(l, round.Kind, e.Round, string(e.ID), &e.c, by, func() (stage.Move, error) { return e.Publish(by, f, l.now) })
}

func (l *life) extendRound(e *edition) {
	if !l.chance(20) {
		return
	}
	by := l.anyone(l.directors)
	to := e.LastDay.AddDays(l.IntN(10) - 2)
	attempt(l, round.Kind, e.Round, string(e.ID), &e.c, by, func() (stage.Move, error) {
		return e.Extend(by, to, pick(l, []string{"", "17:30", "25:00"}), "系统故障", l.calendar, l.now)
	})
}

// closeRounds is the clock's part of rounds and of what is filed in them.
func (l *life) closeRounds() {
	for _, e := range l.editions {
		if e.State == round.Open && !l.now.Before(e.Deadline) {
			attempt(l, round.Kind, e.Round, string(e.ID), &e.c, clock, func() (stage.Move, error) { return e.Close(clock, l.now) })
		}
		if e.Published() && !e.over() {
			l.closeFiles(e)
		}
	}
}

// settled reports whether a meeting is still to come or sitting.
func pending(m *meeting.Meeting) bool {
	return m.State == meeting.Convened || m.State == meeting.Sitting
}
