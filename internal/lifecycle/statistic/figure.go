package statistic

import (
	"slices"

	"shifan/internal/calendar"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/stage"
)

// What a figure may be of.
const (
	OfStep      = "step"      // of the funnel: in, out, waiting, ended
	OfSpan      = "span"      // of the time in a stage: done, late, waiting, overdue
	OfCriterion = "criterion" // of how an indicator was judged: judged, met, partly, doubtful, unmet
)

// Figure is one number of a round's statistics. The list of what it counts is made by the
// rules that count it.
type Figure struct {
	Of    string      // OfStep, OfSpan or OfCriterion
	Code  string      // of the step, the stage or the indicator
	What  string      // which number of it
	State stage.State // of those that ended at a step: only those in this state; empty: all
}

// figureWords says each number in words.
var figureWords = map[string]map[string]string{
	OfStep:      {"in": "进入", "out": "转出", "waiting": "在办", "ended": "在此结束"},
	OfSpan:      {"done": "办完", "late": "超时限办完", "waiting": "在办", "overdue": "在办超时限"},
	OfCriterion: {"judged": "判断", "met": "达到", "partly": "部分达到", "doubtful": "存疑", "unmet": "未达到"},
}

// Word says which number it is; empty where there is no such number.
func (f Figure) Word() string { return figureWords[f.Of][f.What] }

// objections is the stage whose things are objections, not applications.
const objections = "objection"

// Listed reports whether a role may see the list of what the figure counts. Nobody sees
// drafts, the applicants' own, so of the draft's step only what left it is listed; of the
// objections a chair sees no more than came before the committee.
func (f Figure) Listed(role stage.Role) bool {
	switch {
	case f.Word() == "" || !slices.Contains([]stage.Role{stage.Clerk, stage.Director, stage.Chair, stage.Auditor}, role):
		return false
	case f.Of == OfStep && f.Code == Draft:
		return f.What == "out"
	case f.Of == OfSpan && f.Code == objections:
		return role != stage.Chair
	}
	return true
}

// Tallied reports whether the figure of a step counts what a tally is of.
func (f Figure) Tallied(procedure []string, t Tally) bool {
	codes := Steps(procedure)
	code, ended, named := t.place(procedure)
	at, here := slices.Index(codes, code), slices.Index(codes, f.Code)
	if f.Of != OfStep || here < 0 || at < here {
		return false
	}
	switch f.What {
	case "in":
		return true
	case "out":
		return at > here || named
	case "waiting":
		return at == here && !ended && !named
	case "ended":
		return at == here && ended && (f.State == "" || f.State == t.State)
	}
	return false
}

// Spent reports whether the figure of a stage counts a spell.
func (f Figure) Spent(s Spell, today calendar.Date) bool {
	if f.Of != OfSpan || s.Stage != f.Code {
		return false
	}
	switch f.What {
	case "done":
		return !s.To.IsZero()
	case "late":
		return !s.To.IsZero() && s.over(today)
	case "waiting":
		return s.To.IsZero()
	case "overdue":
		return s.To.IsZero() && s.over(today)
	}
	return false
}

// Marked reports whether the figure of an indicator counts a mark of it.
func (f Figure) Marked(i programme.Indicator, m Mark) bool {
	if f.Of != OfCriterion || i.Code != f.Code || !judges(i, m) {
		return false
	}
	return f.What == "judged" || f.What == judged(i, m)
}
