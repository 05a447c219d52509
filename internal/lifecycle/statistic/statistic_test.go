package statistic_test

import (
	"math/big"
	"testing"

	"github.com/google/go-cmp/cmp"

	"shifan/internal/calendar"
	"shifan/internal/lifecycle/application"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/lifecycle/statistic"
)

var procedure = []string{"review", "visit", "meeting", "publicity"}

// everywhere has some applications at each place where one can stand.
func everywhere() []statistic.Tally {
	t := func(s stage.State, place string, filed bool, n int) statistic.Tally {
		return statistic.Tally{Category: "a", Region: "220000", State: s, Stage: place, Filed: filed, N: n}
	}
	return []statistic.Tally{
		t(application.Draft, "", false, 1), t(application.Forfeited, "", false, 2), t(application.Withdrawn, "", false, 3),
		t(application.Withdrawn, "", true, 4), t(application.Submitted, "", true, 5), t(application.Correcting, "", true, 6), t(application.Declined, "", true, 7),
		t(application.Underway, "review", true, 8), t(application.Underway, "visit", true, 9), t(application.Underway, "meeting", true, 10), t(application.Underway, "publicity", true, 11),
		t(application.NotChosen, "", true, 12),
		{Category: "a", Region: "220000", State: application.NotChosen, Came: statistic.Came{Carried: true, Upheld: true}, Filed: true, N: 13},
		{Category: "a", Region: "220000", State: application.Disqualified, Came: statistic.Came{Reviewed: true, Visited: true, Carried: true, Cleared: true}, Filed: true, N: 14},
		t(application.Selected, "", true, 15), t(application.Named, "", true, 16),
	}
}

func TestFunnel(t *testing.T) {
	t.Parallel()
	type row struct {
		Word                    string
		In, Out, Ended, Waiting int
		Permille                int
	}
	var got []row
	steps := statistic.Funnel(procedure, everywhere())
	for _, s := range steps {
		got = append(got, row{s.Word, s.In, s.Out, s.Ends(), s.Waiting, s.Permille()})
	}
	want := []row{
		{"起草", 136, 130, 5, 1, 955},
		{"受理", 130, 108, 11, 11, 830},
		{"初审", 108, 100, 0, 8, 925},
		{"实地考核", 100, 91, 0, 9, 910},
		{"会议审定", 91, 69, 12, 10, 758},
		{"公示", 69, 45, 13, 11, 652},
		{"命名", 45, 16, 14, 15, 355},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if steps[0].Ended[0].Word != "放弃草稿" || steps[1].Ended[1].Word != "已撤回" {
		t.Errorf("got %v, %v", steps[0].Ended, steps[1].Ended)
	}
	if got := statistic.Funnel(procedure, nil); got[0].Permille() != 0 || len(got) != 7 {
		t.Errorf("an empty funnel: %v", got)
	}
}

// TestWhereOneEnded: the one rule by what the chapters have, whatever else they have.
func TestWhereOneEnded(t *testing.T) {
	t.Parallel()
	short := []string{"review", "meeting"}
	for _, tt := range []struct {
		procedure []string
		state     stage.State
		came      statistic.Came
		want      string
	}{
		{procedure, application.NotChosen, statistic.Came{Reviewed: true, Visited: true}, "meeting"},
		{procedure, application.NotChosen, statistic.Came{Reviewed: true, Visited: true, Carried: true, Upheld: true}, "publicity"},
		{procedure, application.Disqualified, statistic.Came{}, "review"},
		{procedure, application.Disqualified, statistic.Came{Reviewed: true}, "visit"},
		{procedure, application.Disqualified, statistic.Came{Reviewed: true, Visited: true}, "meeting"},
		{procedure, application.Disqualified, statistic.Came{Reviewed: true, Visited: true, Carried: true}, "publicity"},
		{procedure, application.Disqualified, statistic.Came{Reviewed: true, Visited: true, Carried: true, Cleared: true}, "naming"},
		{short, application.Disqualified, statistic.Came{Reviewed: true}, "meeting"},
		{short, application.Disqualified, statistic.Came{Reviewed: true, Carried: true}, "naming"},
	} {
		got := ""
		for _, s := range statistic.Funnel(tt.procedure, []statistic.Tally{{State: tt.state, Came: tt.came, Filed: true, N: 1}}) {
			if s.Ends() == 1 {
				got += s.Code
			}
		}
		if got != tt.want {
			t.Errorf("%s with %+v ended at %q, want %q", tt.state, tt.came, got, tt.want)
		}
	}
}

func TestReconcile(t *testing.T) {
	t.Parallel()
	counts := func() statistic.Counts {
		return statistic.Counts{All: 136, Out: map[string]int{"review": 100, "visit": 91, "meeting": 69, "publicity": 45, "naming": 16}}
	}
	for name, tt := range map[string]struct {
		spoil func(s []statistic.Step, c *statistic.Counts)
		want  []string
	}{
		"all comes out":                  {func([]statistic.Step, *statistic.Counts) {}, nil},
		"a stage counted another number": {func(_ []statistic.Step, c *statistic.Counts) { c.Out["visit"] = 90 }, []string{"实地考核：转出91件，这一环节的办理记录是90件"}},
		"a title too many":               {func(_ []statistic.Step, c *statistic.Counts) { c.Out["naming"]++ }, []string{"命名：转出16件，这一环节的办理记录是17件"}},
		"one is nowhere":                 {func(_ []statistic.Step, c *statistic.Counts) { c.All++ }, []string{"共有137件申报，1件不在本届程序的任何环节"}},
		"one is lost on the way": {func(s []statistic.Step, _ *statistic.Counts) { s[2].In-- }, []string{
			"受理：转出108件，下一环节初审进入107件", "初审：进入107件，去向合计108件",
		}},
	} {
		s, c := statistic.Funnel(procedure, everywhere()), counts()
		tt.spoil(s, &c)
		if diff := cmp.Diff(tt.want, statistic.Reconcile(s, c)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	short := statistic.Funnel([]string{"review"}, everywhere())
	if len(statistic.Reconcile(short, counts())) == 0 {
		t.Error("applications at steps that the procedure does not have are not noticed")
	}
}

func TestLines(t *testing.T) {
	t.Parallel()
	lines := statistic.Lines(everywhere(), func(t statistic.Tally) string { return t.Category }, func(string) string { return "甲" })
	want := []statistic.Line{{Code: "a", Word: "甲", Started: 136, Received: 130, Accepted: 108, Named: 16, Ended: 50, Open: 64}}
	if diff := cmp.Diff(want, lines); diff != "" {
		t.Error(diff)
	}
	if l := statistic.Total(append(lines, lines...)); l.Received != 260 || l.Permille() != 123 || l.Unnamed() != 228 {
		t.Errorf("got %+v", l)
	}
}

func TestPublic(t *testing.T) {
	t.Parallel()
	l := func(code string, received, named int) statistic.Line {
		return statistic.Line{Code: code, Received: received, Named: named, Ended: received - named}
	}
	for name, tt := range map[string]struct {
		lines []statistic.Line
		want  map[string]int // received
	}{
		"nobody failed, or three did":             {[]statistic.Line{l("a", 2, 2), l("b", 5, 2)}, map[string]int{"a": 2, "b": 5}},
		"one failed in one: it takes another":     {[]statistic.Line{l("a", 2, 2), l("b", 5, 2), l("c", 4, 3)}, map[string]int{"a": 2, "others": 9}},
		"two groups hide one another":             {[]statistic.Line{l("a", 2, 0), l("b", 5, 4), l("c", 9, 1)}, map[string]int{"others": 7, "c": 9}},
		"two that are still too few take a third": {[]statistic.Line{l("a", 1, 0), l("b", 2, 1), l("c", 9, 1), l("d", 7, 1)}, map[string]int{"others": 10, "c": 9}},
		"nothing can be kept apart":               {[]statistic.Line{l("a", 2, 1), l("b", 1, 1)}, nil},
		"nothing came":                            {[]statistic.Line{l("a", 0, 0)}, nil},
	} {
		var got map[string]int
		for _, l := range statistic.Public(tt.lines) {
			if got == nil {
				got = map[string]int{}
			}
			got[l.Code] = l.Received
			if n := l.Unnamed(); n == 1 || n == 2 {
				t.Errorf("%s: %s tells of %d", name, l.Code, n)
			}
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestSpans(t *testing.T) {
	t.Parallel()
	day := calendar.MustDate
	today, due := day("2021-08-10"), day("2021-08-05")
	all := []statistic.Spell{
		{Stage: "review", From: day("2021-08-01"), To: day("2021-08-01"), Due: due, N: 4},
		{Stage: "review", From: day("2021-08-01"), To: due, Due: due, N: 5}, // the last day is in time
		{Stage: "review", From: day("2021-08-01"), To: day("2021-08-06"), Due: due, N: 1},
		{Stage: "review", From: day("2021-08-02"), Due: due, N: 2},
		{Stage: "review", From: day("2021-08-09"), Due: today, N: 3}, // today is the last day
		{Stage: "visit", From: day("2021-08-01"), N: 1},
		{Stage: "meeting", From: day("2021-08-01"), To: day("2021-08-03"), N: 1},
	}
	got := statistic.Spans([]string{"intake", "review", "visit", "meeting"}, all, today)
	want := []statistic.Span{
		{Stage: "review", Word: "初审", Done: 10, Median: 4, P90: 4, Longest: 5, Limited: 10, Late: 1, Waiting: 5, Oldest: 8, Overdue: 2},
		{Stage: "visit", Word: "实地考核", Waiting: 1, Oldest: 9},
		{Stage: "meeting", Word: "会议审定", Done: 1, Median: 2, P90: 2, Longest: 2},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if s, ok := statistic.Slowest(got); !ok || s.Stage != "review" {
		t.Errorf("where it waits: %v %v", s, ok)
	}
	if _, ok := statistic.Slowest(got[2:]); ok {
		t.Error("something waits where nothing does")
	}
	if got[0].LatePermille() != 100 {
		t.Errorf("late: %d", got[0].LatePermille())
	}
}

func TestCriteria(t *testing.T) {
	t.Parallel()
	indicators := []programme.Indicator{
		{Code: "1-1", Title: "甲", Judged: "pass_fail"},
		{Code: "1-2", Title: "乙", Judged: "pass_fail"},
		{Code: "2-1", Title: "丙", Judged: "scored", Points: 10, At: "visit"},
		{Code: "2-2", Title: "丁", Judged: "pass_fail"},
	}
	got := statistic.Criteria(indicators, []statistic.Mark{
		{By: "review", Indicator: "1-1", Verdict: "meets", N: 9},
		{By: "review", Indicator: "1-1", Verdict: "fails", N: 1},
		{By: "review", Indicator: "1-2", Verdict: "doubtful", N: 1},
		{By: "review", Indicator: "1-2", Verdict: "fails", N: 1},
		{By: "review", Indicator: "1-2", N: 7},
		{By: "visit", Indicator: "2-1", Score: 0, N: 1},
		{By: "visit", Indicator: "2-1", Score: 8, N: 2},
		{By: "visit", Indicator: "2-1", Score: 10, N: 1},
		{By: "review", Indicator: "2-1", Score: 1, N: 5}, // the review is not asked
	})
	want := []statistic.Criterion{
		{Code: "1-2", Title: "乙", Judged: 2, Unmet: 1, Doubtful: 1, ShortPermille: 750},
		{Code: "2-1", Title: "丙", Judged: 4, Met: 1, Partly: 2, Unmet: 1, Points: 10, Low: 0, Median: 8, High: 10, ShortPermille: 350},
		{Code: "1-1", Title: "甲", Judged: 10, Met: 9, Unmet: 1, ShortPermille: 100},
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(statistic.Criterion{}), cmp.FilterPath(func(p cmp.Path) bool {
		n := p.Last().String()
		return n == ".lost" || n == ".lostOf"
	}, cmp.Ignore())); diff != "" {
		t.Error(diff)
	}
}

func TestSpread(t *testing.T) {
	t.Parallel()
	r := func(a, b int64) *big.Rat { return big.NewRat(a, b) }
	s := statistic.Spread([]*big.Rat{r(100, 1), r(70, 1), r(199, 3), r(0, 1), r(609, 10)}, 100)
	if s.N != 5 || s.Low.Sign() != 0 || s.Median.Cmp(r(199, 3)) != 0 || s.Highest.Cmp(r(100, 1)) != 0 || s.Quarter.Cmp(r(609, 10)) != 0 || s.Upper.Cmp(r(70, 1)) != 0 {
		t.Errorf("got %+v", s)
	}
	n := map[int]int{}
	for _, b := range s.Bands {
		n[b.From] = b.N
	}
	if diff := cmp.Diff(map[int]int{0: 1, 10: 0, 20: 0, 30: 0, 40: 0, 50: 0, 60: 2, 70: 1, 80: 0, 90: 1}, n); diff != "" {
		t.Error(diff)
	}
	if s := statistic.Spread(nil, 100); s.N != 0 || s.Bands != nil {
		t.Errorf("nothing: %+v", s)
	}
}
