package application

import (
	"cmp"
	"time"

	"shifan/internal/fault"
	"shifan/internal/lifecycle/answer"
	"shifan/internal/lifecycle/stage"
)

var errNothing = fault.Define(fault.Refused, "application.carry.nothing", "没有可以带入的内容：以前没有填写过，或者各项都已经开始填写。", "五(一) 自查自评")

// Carry takes over what the same applicant answered in an earlier application,
// where nothing is written yet. year is of that application's round. What was
// carried over counts only when somebody confirms it for this round (五(一) 实事求是).
// It returns the files that come over with the answers, by indicator; where files stand
// already, the indicator is begun.
func (a *Application) Carry(by stage.Actor, f Facts, from *Application, year int, now time.Time) (map[string][]answer.File, stage.Move, error) {
	for _, rule := range []*fault.Fault{a.forfeited(by, f.Round), filing(f.Round, now)} {
		if rule != nil {
			return nil, stage.Move{}, rule
		}
	}
	m, err := Kind.Step(a.State, "carry", by.Role)
	if err != nil {
		return nil, m, err
	}
	if from.Organisation != a.Organisation || from.Programme != a.Programme || from.ID == a.ID {
		return nil, m, fault.Missing()
	}
	begun, files := a.Content(), map[string][]answer.File{}
	begun.Attach(f.Files)
	answers := begun.Carriable(f.Programme, f.Round.Year, from.Answers)
	if len(answers) == 0 {
		return nil, m, errNothing.New()
	}
	if a.Carried == nil {
		a.Carried = map[string]int{}
	}
	for code, w := range answers {
		files[code], w.Files = w.Files, nil // of a draft they stand apart
		a.Carried[code], a.Answers[code] = year, w
	}
	a.Signatory, a.SavedAt = cmp.Or(a.Signatory, from.Signatory), now
	return files, m, nil
}
