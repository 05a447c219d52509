package testkit

import (
	"shifan/internal/casework"
	"shifan/internal/lifecycle/statistic"
)

// Counted is a figure with its number.
type Counted struct {
	statistic.Figure
	N int
}

// Figures lists the figures of a round's statistics that may lead to a list.
func Figures(v casework.StatisticsView) (all []Counted) {
	add := func(of, code, what string, n int) {
		all = append(all, Counted{statistic.Figure{Of: of, Code: code, What: what}, n})
	}
	for _, s := range v.Steps {
		add(statistic.OfStep, s.Code, "in", s.In)
		add(statistic.OfStep, s.Code, "out", s.Out)
		add(statistic.OfStep, s.Code, "waiting", s.Waiting)
		add(statistic.OfStep, s.Code, "ended", s.Ends())
		for _, p := range s.Ended {
			all = append(all, Counted{statistic.Figure{Of: statistic.OfStep, Code: s.Code, What: "ended", State: p.State}, p.N})
		}
	}
	for _, s := range v.Spans {
		add(statistic.OfSpan, s.Stage, "done", s.Done)
		add(statistic.OfSpan, s.Stage, "late", s.Late)
		add(statistic.OfSpan, s.Stage, "waiting", s.Waiting)
		add(statistic.OfSpan, s.Stage, "overdue", s.Overdue)
	}
	for _, c := range v.Criteria {
		add(statistic.OfCriterion, c.Code, "judged", c.Judged)
		add(statistic.OfCriterion, c.Code, "met", c.Met)
		add(statistic.OfCriterion, c.Code, "partly", c.Partly)
		add(statistic.OfCriterion, c.Code, "doubtful", c.Doubtful)
		add(statistic.OfCriterion, c.Code, "unmet", c.Unmet)
	}
	return all
}
