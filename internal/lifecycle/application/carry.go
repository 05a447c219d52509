package application

import (
	"time"

	"shifan/internal/fault"
	"shifan/internal/lifecycle/stage"
)

var (
	errNothing = fault.Define(fault.Refused, "application.carry.nothing", "没有可以带入的内容：以前没有填写过，或者各项都已经开始填写。", "五(一) 自查自评")
	gapCarried = fault.Define(fault.Invalid, "application.complete.carried", "指标%s的内容从%d年度带入，核对后确认。", "五(一) 实事求是")
)

// Carry takes over what the same applicant answered in an earlier application,
// where nothing is written yet. year is of that application's round. What was
// carried over counts only when somebody confirms it for this round: figures and
// years have to be this year's (五(一) 实事求是).
func (a *Application) Carry(by stage.Actor, f Facts, from *Application, year int, now time.Time) (stage.Move, error) {
	if f := a.forfeited(by, f.Round); f != nil {
		return stage.Move{}, f
	}
	m, err := Kind.Step(a.State, "carry", by.Role)
	if err != nil {
		return m, err
	}
	if f := filing(f.Round, now); f != nil {
		return m, f
	}
	if from.Organisation != a.Organisation || from.Programme != a.Programme || from.ID == a.ID {
		return m, fault.Missing()
	}
	codes := a.Carriable(f, from)
	if len(codes) == 0 {
		return m, errNothing.New()
	}
	if a.Carried == nil {
		a.Carried = map[string]int{}
	}
	for _, code := range codes {
		i, _ := f.Programme.Indicator(code)
		a.Answers[code], _ = from.Answers[code].Keep(i)
		a.Carried[code] = year
	}
	if a.Signatory == "" {
		a.Signatory = from.Signatory
	}
	a.SavedAt = now
	return m, nil
}

// Carriable lists the indicators whose answer may be carried over from an earlier
// application: those of this round that nobody has begun to answer and that were
// answered then, in the order of the form.
func (a *Application) Carriable(f Facts, from *Application) (codes []string) {
	for _, i := range f.Programme.Indicators(f.Round.Year) {
		w, faults := from.Answers[i.Code].Keep(i)
		if w.Started() && !a.Answers[i.Code].Started() && fault.All(faults...) == nil {
			codes = append(codes, i.Code)
		}
	}
	return codes
}

// unconfirmed lists what was carried over and nobody has confirmed, as gaps.
func (a *Application) unconfirmed(order []string) (all []*fault.Fault) {
	for _, code := range order {
		if year, carried := a.Carried[code]; carried {
			all = append(all, gapCarried.At(code+".sure", code, year))
		}
	}
	return all
}
