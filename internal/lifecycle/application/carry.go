package application

import (
	"maps"
	"time"

	"shifan/internal/fault"
	"shifan/internal/lifecycle/stage"
)

var errNothing = fault.Define(fault.Refused, "application.carry.nothing", "没有可以带入的内容：以前没有填写过，或者各项都已经开始填写。", "五(一) 自查自评")

// Carry takes over what the same applicant answered in an earlier application,
// where nothing is written yet. year is of that application's round. What was
// carried over counts only when somebody confirms it for this round (五(一) 实事求是).
func (a *Application) Carry(by stage.Actor, f Facts, from *Application, year int, now time.Time) (stage.Move, error) {
	for _, rule := range []*fault.Fault{a.forfeited(by, f.Round), filing(f.Round, now)} {
		if rule != nil {
			return stage.Move{}, rule
		}
	}
	m, err := Kind.Step(a.State, "carry", by.Role)
	if err != nil {
		return m, err
	}
	if from.Organisation != a.Organisation || from.Programme != a.Programme || from.ID == a.ID {
		return m, fault.Missing()
	}
	answers := a.Content().Carriable(f.Programme, f.Round.Year, from.Answers)
	if len(answers) == 0 {
		return m, errNothing.New()
	}
	if a.Carried == nil {
		a.Carried = map[string]int{}
	}
	for code := range answers {
		a.Carried[code] = year
	}
	maps.Copy(a.Answers, answers)
	if a.Signatory == "" {
		a.Signatory = from.Signatory
	}
	a.SavedAt = now
	return m, nil
}
