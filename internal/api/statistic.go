package api

import (
	"strconv"

	"shifan/internal/calendar"
	"shifan/internal/casework"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/horizon"
	"shifan/internal/lifecycle/stage"
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

// figuresCriterion is how an indicator was judged.
type figuresCriterion struct {
	Code     string `json:"code"`
	Title    string `json:"title"`
	Judged   int    `json:"judged"`
	Met      int    `json:"met" doc:"where points are given: all of them"`
	Partly   int    `json:"partly"`
	Unmet    int    `json:"unmet" doc:"where points are given: none"`
	Doubtful int    `json:"doubtful"`
}

// roundFigures is what is counted of a round.
type roundFigures struct {
	Today      calendar.Date      `json:"today"`
	Hidden     int                `json:"hidden,omitempty" doc:"left out because of the person's interests"`
	Wrong      []string           `json:"wrong,omitempty" doc:"steps whose numbers do not come out"`
	Steps      []figuresStep      `json:"steps"`
	Categories []figuresLine      `json:"categories"`
	Regions    []figuresLine      `json:"regions" doc:"by division code of the register"`
	Levels     []figuresLine      `json:"levels"`
	Total      figuresLine        `json:"total"`
	Spans      []figuresSpan      `json:"spans"`
	Criteria   []figuresCriterion `json:"criteria" doc:"the one that was most often unmet first"`
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
		Criteria: each(v.Criteria, func(c statistic.Criterion) figuresCriterion {
			return figuresCriterion{c.Code, c.Title, c.Judged, c.Met, c.Partly, c.Unmet, c.Doubtful}
		}),
	}
}

// figuresYear is what came of one round, among others.
type figuresYear struct {
	Round string `json:"round"`
	Title string `json:"title"`
	Year  int    `json:"year"`
	figuresLine
	Wrong []string `json:"wrong,omitempty" doc:"what does not come out"`
}

// figuresQuarter is how many titles run out in a quarter.
type figuresQuarter struct {
	Year    int `json:"year"`
	Quarter int `json:"quarter"`
	Titles  int `json:"titles"`
}

// overviewFigures is a programme over the years.
type overviewFigures struct {
	Programme  string           `json:"programme,omitempty" doc:"left out when there is none"`
	Today      calendar.Date    `json:"today"`
	Hidden     int              `json:"hidden,omitempty" doc:"left out because of the person's interests"`
	Years      []figuresYear    `json:"years" doc:"the latest first"`
	Before     string           `json:"before,omitempty" doc:"what before is for the earlier rounds; left out when these are all"`
	Categories []figuresLine    `json:"categories" doc:"of the rounds that are listed"`
	Regions    []figuresLine    `json:"regions"`
	Levels     []figuresLine    `json:"levels"`
	Total      figuresLine      `json:"total"`
	RunningOut []figuresQuarter `json:"running_out" doc:"titles that hold now, by the quarter in which they run out"`
	Later      int              `json:"running_out_later"`
	Endless    int              `json:"without_end"`
	Past       int              `json:"overdue" doc:"in a month that is over, and not told expired yet"`
}

func overviewFiguresOf(v casework.OverviewView) overviewFigures {
	f := overviewFigures{
		Today: v.Today, Hidden: v.Hidden, Before: string(v.Earlier), Categories: each(v.Categories, figuresLineOf), Regions: each(v.Regions, figuresLineOf),
		Levels: each(v.Levels, figuresLineOf), Total: figuresLineOf(v.Total), Later: v.Ahead.Later, Endless: v.Ahead.Endless, Past: v.Ahead.Past,
		RunningOut: each(v.Ahead.Quarters, func(q horizon.Quarter) figuresQuarter { return figuresQuarter{q.Year, q.Quarter, q.N} }),
		Years: each(v.Years, func(y casework.YearLine) figuresYear {
			return figuresYear{string(y.Round.ID), y.Round.Title, y.Round.Year, figuresLineOf(y.Line), y.Wrong}
		}),
	}
	if v.Programme != nil {
		f.Programme = string(v.Programme.Name)
	}
	return f
}

// overviewQuery says which programme is counted, and up to when.
type overviewQuery struct {
	Programme string `query:"programme" doc:"the person's own, or the first, when left out"`
	Before    string `query:"before" doc:"only the rounds before this one"`
}

// reckonedQuery says of which figure the list is wanted.
type reckonedQuery struct {
	paging
	Of    string `query:"of" doc:"step, span or criterion"`
	Code  string `query:"code" doc:"of the step, the stage or the indicator"`
	What  string `query:"what" doc:"in, out, waiting, ended; done, late, waiting, overdue; judged, met, partly, doubtful, unmet"`
	State string `query:"state" doc:"of those that ended at a step: only those in this state"`
}

// reckonedRow is one thing that a figure counts.
type reckonedRow struct {
	Application string `json:"application"`
	Number      string `json:"number,omitempty"`
	Name        string `json:"name" doc:"the applicant's"`
	Objection   string `json:"objection,omitempty" doc:"left out when it is the application itself"`
}

// reckoned lists what a figure counts. The mark of a page is from which row it goes on.
func reckoned(c *call, q *reckonedQuery, limit int) ([]reckonedRow, string, error) {
	from := 0
	if q.After != "" {
		var err error
		if from, err = strconv.Atoi(q.After); err != nil {
			return nil, "", errType.At("after", "after", "整数")
		}
	}
	f := statistic.Figure{Of: q.Of, Code: q.Code, What: q.What, State: stage.State(q.State)}
	v, err := c.desk.Reckoned(c.Context(), c.Actor, id.Round(c.PathValue("id")), f, from, limit)
	if err != nil {
		return nil, "", err
	}
	after := ""
	if v.Next > 0 {
		after = strconv.Itoa(v.Next)
	}
	return each(v.Rows, func(r casework.ReckonedRow) reckonedRow {
		return reckonedRow{string(r.Application.ID), r.Application.Number, r.Application.Name, string(r.Objection)}
	}), after, nil
}

// statisticRoutes are the figures of programmes and rounds, the lists of what each counts,
// and both as files.
func statisticRoutes() []route {
	reads := []stage.Role{stage.Clerk, stage.Director, stage.Chair, stage.Auditor}
	book := []string{mediaXLSX}
	overview := func(c *call, q *overviewQuery) (casework.OverviewView, error) {
		return c.desk.Statistics(c.Context(), c.Actor, id.Programme(q.Programme), id.Round(q.Before))
	}
	return []route{
		reading("/statistics", "getStatistics", "Read the figures of a programme over the years.", "GET /statistics", reads, func(c *call, q *overviewQuery) (overviewFigures, error) {
			v, err := overview(c, q)
			return overviewFiguresOf(v), err
		}),
		bytesOf("/statistics/book", "getStatisticsBook", "Read the figures of a programme over the years as a file.", "GET /statistics.xlsx", reads, book, func(c *call, q *overviewQuery) (raw, error) {
			v, err := overview(c, q)
			if err == nil && v.Programme == nil {
				err = fault.Missing()
			}
			if err != nil {
				return raw{}, err
			}
			return written(mediaXLSX, "统计 "+v.Programme.Title+".xlsx", v.WriteXLSX)
		}),
		one("/rounds/{id}/statistics", "getRoundStatistics", "Read the figures of one round.", "GET /rounds/{id}/statistics", reads, func(c *call, key string) (roundFigures, int64, error) {
			v, err := c.desk.RoundStatistics(c.Context(), c.Actor, id.Round(key))
			return roundFiguresOf(v), 0, err
		}),
		bytesOf("/rounds/{id}/statistics/book", "getRoundStatisticsBook", "Read the figures of one round as a file.", "GET /rounds/{id}/statistics.xlsx", reads, book, func(c *call, _ *none) (raw, error) {
			v, err := c.desk.RoundStatistics(c.Context(), c.Actor, id.Round(c.PathValue("id")))
			if err != nil {
				return raw{}, err
			}
			return written(mediaXLSX, "统计 "+v.Round.Title+".xlsx", v.WriteXLSX)
		}),
		list("/rounds/{id}/statistics/rows", "listReckoned", "List exactly what one figure of a round counts.", "GET /rounds/{id}/statistics/list", reads, reckoned),
	}
}
