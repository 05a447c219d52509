package calibration_test

import (
	"math"
	"strings"
	"testing"
	"time"

	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/assessment"
	"shifan/internal/lifecycle/calibration"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/stage"
)

var (
	indicators = []programme.Indicator{
		{Code: "1-1", Judged: "pass_fail"}, {Code: "3-5", Judged: "scored", Points: 10, At: "visit"}, {Code: "4-3", Judged: "pass_fail", At: "visit"},
	}
	clerk = stage.Actor{Account: "acc_clerk", Role: stage.Clerk}
	one   = stage.Actor{Account: "acc_1", Role: stage.Assessor}
	now   = time.Date(2021, 7, 20, 1, 0, 0, 0, time.UTC)
)

func whole() calibration.Sample {
	return calibration.Sample{
		Title: "样本一", Answers: map[string]string{"1-1": "不问", "3-5": "阵地有两间。", "4-3": "问卷九成满意。"},
		Reference: map[string]assessment.Finding{"3-5": {Rating: "meets", Score: 10}, "4-3": {Rating: "partly", Note: "缺一季"}},
	}
}

// code is the code of a refusal, "" of none.
func code(err error) string {
	if err == nil {
		return ""
	}
	return fault.CodeOf(err)
}

func prepared(t *testing.T) calibration.Calibration {
	t.Helper()
	c, m, err := calibration.Prepare(clerk, "base", "rnd_1", false, " 样本一 ", indicators, now)
	if err != nil || m.To != calibration.Prepared || c.Title != "样本一" {
		t.Fatal(c, m, err)
	}
	return c
}

func TestPrepare(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		by    stage.Actor
		over  bool
		title string
		asked []programme.Indicator
		code  string
	}{
		"a clerk":                 {clerk, false, "样", indicators, ""},
		"of sixty":                {clerk, false, strings.Repeat("样", 60), indicators, ""},
		"of sixty-one":            {clerk, false, strings.Repeat("样", 61), indicators, "calibration.prepare.title"},
		"without a title":         {clerk, false, " ", indicators, "calibration.prepare.title"},
		"with somebody's number":  {clerk, false, "样本13800138000", indicators, "review.text.personal"},
		"of a round that is over": {clerk, true, "样", indicators, "calibration.prepare.over"},
		"no visit looks":          {clerk, false, "样", indicators[:1], "calibration.prepare.indicators"},
		"an assessor":             {one, false, "样", indicators, "stage.not_allowed"},
	} {
		if _, _, err := calibration.Prepare(tt.by, "base", "rnd_1", tt.over, tt.title, tt.asked, now); code(err) != tt.code {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestIssue(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		change func(*calibration.Sample)
		edit   string // what a draft is refused for
		issue  string
	}{
		"whole":               {func(*calibration.Sample) {}, "", ""},
		"a text is missing":   {func(s *calibration.Sample) { delete(s.Answers, "4-3") }, "", "review.text"},
		"a mark is missing":   {func(s *calibration.Sample) { delete(s.Reference, "4-3") }, "", "calibration.mark.rating"},
		"no such rating":      {func(s *calibration.Sample) { s.Reference["4-3"] = assessment.Finding{Rating: "good"} }, "calibration.mark.rating", ""},
		"no points":           {func(s *calibration.Sample) { s.Reference["3-5"] = assessment.Finding{Rating: "fails"} }, "", ""},
		"a point too many":    {func(s *calibration.Sample) { s.Reference["3-5"] = assessment.Finding{Rating: "meets", Score: 11} }, "calibration.mark.score", ""},
		"somebody's identity": {func(s *calibration.Sample) { s.Answers["4-3"] = "联系人11010119900307001X" }, "review.text.personal", ""},
	} {
		c, s := prepared(t), whole()
		tt.change(&s)
		if _, err := c.Edit(clerk, s, indicators); code(err) != tt.edit {
			t.Errorf("%s: edit: %v", name, err)
		}
		if tt.edit != "" {
			continue
		}
		if _, err := c.Issue(clerk, indicators, now); code(err) != tt.issue || (err == nil) != (c.State == calibration.Open) {
			t.Errorf("%s: issue: %v, %s", name, err, c.State)
		}
		if _, ok := c.Answers["1-1"]; ok {
			t.Error("a sample says something of what no visit looks at")
		}
	}
}

// TestMark: once, whole, alone, and of a sample that is given out.
func TestMark(t *testing.T) {
	t.Parallel()
	full := whole().Reference
	for name, tt := range map[string]struct {
		by     stage.Actor
		before bool
		state  stage.State
		marks  map[string]assessment.Finding
		code   string
	}{
		"an assessor":       {one, false, calibration.Open, full, ""},
		"twice":             {one, true, calibration.Open, full, "calibration.mark.twice"},
		"whoever wrote it":  {stage.Actor{Account: "acc_clerk", Role: stage.Assessor}, false, calibration.Open, full, "calibration.mark.author"},
		"one is missing":    {one, false, calibration.Open, map[string]assessment.Finding{"3-5": full["3-5"]}, "calibration.mark.rating"},
		"points below zero": {one, false, calibration.Open, map[string]assessment.Finding{"3-5": {Rating: "meets", Score: -1}, "4-3": full["4-3"]}, "calibration.mark.score"},
	} {
		c := calibration.Calibration{ID: "cal_1", State: tt.state, PreparedBy: "acc_clerk"}
		k, _, err := c.Mark(tt.by, tt.marks, tt.before, indicators, now)
		if code(err) != tt.code || err == nil && len(k.Findings) != 2 {
			t.Errorf("%s: %v %+v", name, err, k)
		}
	}
	for _, s := range []stage.State{calibration.Prepared, calibration.Withdrawn} {
		c := calibration.Calibration{State: s}
		if _, _, err := c.Mark(one, full, false, indicators, now); fault.KindOf(err) != fault.Refused {
			t.Errorf("%s is marked: %v", s, err)
		}
	}
	marks := []calibration.Marking{{Account: "acc_2"}}
	if calibration.Shows(marks, "acc_1") || !calibration.Shows(marks, "acc_2") || calibration.Shows([]calibration.Marking{{}}, "") {
		t.Error("others' marks are seen after one's own, and only then")
	}
}

func TestWithdraw(t *testing.T) {
	t.Parallel()
	c := prepared(t)
	if _, err := c.Withdraw(clerk, " ", now); code(err) != "review.text" {
		t.Error(err)
	}
	if _, err := c.Withdraw(clerk, "样本有误", now); err != nil || c.State != calibration.Withdrawn {
		t.Error(err)
	}
	if _, err := c.Withdraw(clerk, "再撤", now); fault.KindOf(err) != fault.Refused {
		t.Error(err)
	}
}

func TestReady(t *testing.T) {
	t.Parallel()
	must := programme.Visit{Calibration: "required"}
	for name, tt := range map[string]struct {
		v     programme.Visit
		asked []programme.Indicator
		s     calibration.Standing
		code  string
	}{
		"all done":             {must, indicators, calibration.Standing{Open: 2}, ""},
		"one left":             {must, indicators, calibration.Standing{Open: 2, Left: 1}, "calibration.required.unfinished"},
		"none given out":       {must, indicators, calibration.Standing{}, "calibration.required.none"},
		"nothing to look at":   {must, indicators[:1], calibration.Standing{}, ""},
		"not required":         {programme.Visit{Calibration: "optional"}, indicators, calibration.Standing{Open: 1, Left: 1}, ""},
		"nothing said of that": {programme.Visit{}, indicators, calibration.Standing{}, ""},
	} {
		if err := calibration.Ready(tt.v, tt.asked, tt.s); code(err) != tt.code {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func marking(c id.Calibration, who id.Account, points int, rating string) calibration.Marking {
	return calibration.Marking{Calibration: c, Account: who, Findings: map[string]assessment.Finding{"3-5": {Rating: "meets", Score: points}, "4-3": {Rating: rating}}}
}

// TestJudge: the model where people marked three things in common, plain means below.
func TestJudge(t *testing.T) {
	t.Parallel()
	few := calibration.Judge([]calibration.Marking{marking("cal_1", "acc_1", 4, "partly"), marking("cal_1", "acc_2", 8, "meets"), marking("cal_2", "acc_2", 1, "fails")}, indicators)
	// 40 and 80 of 100, 50 and 100: the first lies 20 and 25 below the means; what one marked alone says nothing
	if few.Modelled || code(few.Why) != "score.adjust.common" || len(few.Raters) != 2 || few.Raters[0].Rater != "acc_1" || math.Abs(few.Raters[0].Shift+22.5) > 1e-9 || few.Raters[0].N != 2 || math.Abs(few.Raters[1].Shift-22.5) > 1e-9 {
		t.Errorf("%+v", few)
	}
	var marks []calibration.Marking
	for n, c := range []id.Calibration{"cal_1", "cal_2", "cal_3"} {
		marks = append(marks, marking(c, "acc_1", 3+n, "partly"), marking(c, "acc_2", 6+n, "meets"), marking(c, "acc_3", 5+n, "meets"))
	}
	many := calibration.Judge(marks, indicators)
	if !many.Modelled || many.Why != nil || many.Raters[0].Rater != "acc_1" || many.Raters[0].Shift > -10 || many.Raters[2].Rater != "acc_2" || !many.Agreement.Known {
		t.Errorf("%+v", many)
	}
	if none := calibration.Judge(nil, indicators); len(none.Raters) != 0 || none.Why == nil {
		t.Errorf("%+v", none)
	}
}
