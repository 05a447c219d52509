package api

import (
	"shifan/internal/calendar"
	"shifan/internal/casework"
	"shifan/internal/lifecycle/statistic"
)

// figuresStep is one step of a funnel: what came went on, ended here or waits here.
type figuresStep struct {
	Step    string `json:"step" doc:"draft, intake, a stage of the procedure, or naming"`
	Word    string `json:"word"`
	In      int    `json:"in"`
	Out     int    `json:"out"`
	Ended   int    `json:"ended"`
	Waiting int    `json:"waiting"`
}

// figuresLine is what became of a group of applications.
type figuresLine struct {
	Code     string `json:"code,omitempty"`
	Word     string `json:"word"`
	Received int    `json:"received"`
	Accepted int    `json:"accepted"`
	Named    int    `json:"named"`
	Ended    int    `json:"ended" doc:"over without a title"`
	Open     int    `json:"open"`
}

// figuresSpan is how long a stage took, in natural days.
type figuresSpan struct {
	Stage   string `json:"stage"`
	Done    int    `json:"done"`
	Median  int    `json:"median_days"`
	P90     int    `json:"p90_days"`
	Longest int    `json:"longest_days"`
	Late    int    `json:"late" doc:"done after the limit"`
	Waiting int    `json:"waiting"`
	Overdue int    `json:"overdue" doc:"waiting after the limit"`
}

// roundFigures is what is counted of a round.
type roundFigures struct {
	Today      calendar.Date `json:"today"`
	Hidden     int           `json:"hidden,omitempty" doc:"left out because of the person's interests"`
	Wrong      []string      `json:"wrong,omitempty" doc:"steps whose numbers do not come out"`
	Steps      []figuresStep `json:"steps"`
	Categories []figuresLine `json:"categories"`
	Regions    []figuresLine `json:"regions" doc:"by division code of the register"`
	Levels     []figuresLine `json:"levels"`
	Total      figuresLine   `json:"total"`
	Spans      []figuresSpan `json:"spans"`
}

// roundReport is what everybody may read of a round that is over.
type roundReport struct {
	Steps      []figuresStep `json:"steps"`
	Categories []figuresLine `json:"categories" doc:"small groups are told together"`
	Total      figuresLine   `json:"total"`
}

func figuresStepOf(s statistic.Step) figuresStep {
	return figuresStep{s.Code, s.Word, s.In, s.Out, s.Ends(), s.Waiting}
}

func figuresLineOf(l statistic.Line) figuresLine {
	return figuresLine{l.Code, l.Word, l.Received, l.Accepted, l.Named, l.Ended, l.Open}
}

func figuresSpanOf(s statistic.Span) figuresSpan {
	return figuresSpan{s.Stage, s.Done, s.Median, s.P90, s.Longest, s.Late, s.Waiting, s.Overdue}
}

func roundFiguresOf(v casework.StatisticsView) roundFigures {
	return roundFigures{
		Today: v.Today, Hidden: v.Hidden, Wrong: v.Wrong, Steps: each(v.Steps, figuresStepOf), Categories: each(v.Categories, figuresLineOf),
		Regions: each(v.Regions, figuresLineOf), Levels: each(v.Levels, figuresLineOf), Total: figuresLineOf(v.Total), Spans: each(v.Spans, figuresSpanOf),
	}
}
