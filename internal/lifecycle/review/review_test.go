package review_test

import (
	"strings"
	"testing"
	"time"

	"shifan/internal/calendar"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/application"
	"shifan/internal/lifecycle/file"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/review"
	"shifan/internal/lifecycle/score"
	"shifan/internal/lifecycle/stage"
)

var (
	first    = stage.Actor{Account: "c1", Role: stage.Clerk}
	second   = stage.Actor{Account: "c2", Role: stage.Clerk}
	director = stage.Actor{Account: "d1", Role: stage.Director}
	settings = programme.Review{Days: 20, FourEyes: true}
	now      = calendar.MustDate("2021-07-20").Start().Add(9 * time.Hour)
	criteria = []programme.Indicator{
		{Code: "1-1", Judged: "veto", Evidence: []string{"批复"}},
		{Code: "1-2", Judged: "pass_fail"},
		{Code: "1-3", Judged: "pass_fail", Evidence: []string{"名册"}},
		{Code: "4-3", Judged: "pass_fail", At: "visit"},
	}
)

func filed() application.Application {
	return application.Application{ID: "app_1", Programme: "p", Round: "rnd_1", Organisation: "org_1", State: application.Underway, Stage: "review"}
}

func opened() review.Review {
	return review.Opened(filed(), settings, calendar.MustDate("2021-07-10"), &calendar.Calendar{}, "c1", now)
}

// judged is a judgement that nothing is wrong with.
func judged() review.Judgement {
	return review.Judgement{
		Findings: map[string]review.Finding{
			"1-1": {Verdict: "meets"}, "1-2": {Verdict: "meets", Reason: "自评属实"}, "1-3": {Verdict: "doubtful", Reason: "名册缺一页"},
		},
		Recommendation: "recommend", Opinion: "总体符合。",
	}
}

func drafted(t *testing.T) review.Review {
	t.Helper()
	r := opened()
	if _, err := r.Draft(first, criteria, score.Rule{}, judged(), nil, now); err != nil {
		t.Fatal(err)
	}
	return r
}

func TestOpened(t *testing.T) {
	t.Parallel()
	r := opened()
	if r.State != review.Open || r.Reviewer != "c1" || r.DueOn != calendar.MustDate("2021-08-06") || !r.Provisional || r.CalendarVersion == "" {
		t.Errorf("%+v", r)
	}
	if r.Overdue(calendar.MustDate("2021-08-06")) || !r.Overdue(calendar.MustDate("2021-08-07")) {
		t.Error("it is overdue from the day after its due day")
	}
	r.State = review.Confirmed
	if r.Overdue(calendar.MustDate("2022-08-07")) {
		t.Error("a confirmed review is overdue")
	}
}

// TestTheOfficeCannotReject: no move of the table ends the application, and
// every opinion leads on (S46).
func TestTheOfficeCannotReject(t *testing.T) {
	t.Parallel()
	for _, m := range review.Kind.Moves {
		if on, ends := review.Kind.Ends[m.To]; ends && !on && m.By != stage.Clock {
			t.Errorf("%s by %s ends the application", m.Act, m.By)
		}
	}
	for word := range review.Recommendations {
		r, j := opened(), judged()
		j.Recommendation = word
		if _, err := r.Draft(first, criteria, score.Rule{}, j, nil, now); err != nil {
			t.Fatal(err)
		}
		m, err := r.Confirm(second, settings, nil, now)
		if err != nil || !review.Kind.Ends[m.To] {
			t.Errorf("%s: %v, %v", word, m, err)
		}
	}
}

func TestDraft(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		change func(*review.Judgement)
		code   string
		field  string
	}{
		"complete":               {func(*review.Judgement) {}, "", ""},
		"no verdict":             {func(j *review.Judgement) { delete(j.Findings, "1-1") }, "review.draft.verdict", "findings.1-1.verdict"},
		"unknown verdict":        {set("1-1", review.Finding{Verdict: "pass"}), "review.save.verdict", "findings.1-1.verdict"},
		"fails without reason":   {set("1-3", review.Finding{Verdict: "fails"}), "review.draft.reason", "findings.1-3.reason"},
		"doubt without reason":   {set("1-3", review.Finding{Verdict: "doubtful", Reason: " 　\n"}), "review.draft.reason", "findings.1-3.reason"},
		"judgement unreasoned":   {set("1-2", review.Finding{Verdict: "meets"}), "review.draft.subjective", "findings.1-2.reason"},
		"visit's stays open":     {set("4-3", review.Finding{}), "", ""},
		"visit's unreasoned":     {set("4-3", review.Finding{Verdict: "fails"}), "review.draft.reason", "findings.4-3.reason"},
		"no recommendation":      {func(j *review.Judgement) { j.Recommendation = "" }, "review.draft.recommendation", "recommendation"},
		"a rejection":            {func(j *review.Judgement) { j.Recommendation = "reject" }, "review.draft.recommendation", "recommendation"},
		"no opinion":             {func(j *review.Judgement) { j.Opinion = "" }, "review.text", "opinion"},
		"opinion just fits":      {func(j *review.Judgement) { j.Opinion = strings.Repeat("𠮷", review.TextMax) }, "", ""},
		"opinion too long":       {func(j *review.Judgement) { j.Opinion = strings.Repeat("字", review.TextMax+1) }, "review.text", "opinion"},
		"NUL":                    {func(j *review.Judgement) { j.Opinion = "好\x00" }, "review.text", "opinion"},
		"identity number":        {func(j *review.Judgement) { j.Opinion = "书记220102199001011234任职" }, "review.text.personal", "opinion"},
		"mobile number":          {set("1-2", review.Finding{Verdict: "meets", Reason: "电话13900000000"}), "review.text.personal", "findings.1-2.reason"},
		"a credit code is none":  {func(j *review.Judgement) { j.Opinion = "51220000MJ0000018T" }, "", ""},
		"red line crossed":       {set("1-1", review.Finding{Verdict: "fails", Reason: "未成立"}), "review.draft.red_line", "recommendation"},
		"red line in doubt":      {set("1-1", review.Finding{Verdict: "doubtful", Reason: "批复不清"}), "", ""},
		"another fails":          {set("1-3", review.Finding{Verdict: "fails", Reason: "无名册"}), "", ""},
		"unknown code is no key": {set("9-9", review.Finding{Verdict: "meets"}), "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, j := opened(), judged()
			tt.change(&j)
			m, err := r.Draft(first, criteria, score.Rule{}, j, nil, now)
			if tt.code == "" {
				if err != nil || r.State != review.Drafted || m.To != review.Drafted || !r.DraftedAt.Equal(now) {
					t.Fatalf("%v %v", r.State, err)
				}
				if _, kept := r.Findings["9-9"]; kept {
					t.Error("keeps an indicator that does not count")
				}
				return
			}
			refused(t, err, tt.code, tt.field)
			if r.State != review.Open || r.Opinion != "" {
				t.Errorf("half done: %+v", r)
			}
		})
	}
}

func set(code string, f review.Finding) func(*review.Judgement) {
	return func(j *review.Judgement) { j.Findings[code] = f }
}

func refused(t *testing.T, err error, code, field string) {
	t.Helper()
	f, ok := err.(*fault.Fault)
	if !ok || f.Code != code || field != "" && (len(f.Fields) != 1 || f.Fields[0].Path != field) {
		t.Errorf("got %v, want %s at %s", err, code, field)
	}
}

func TestAllThatIsWrongAtOnce(t *testing.T) {
	t.Parallel()
	r := opened()
	_, err := r.Draft(first, criteria, score.Rule{}, review.Judgement{}, nil, now)
	f, ok := err.(*fault.Fault)
	if !ok || len(f.Fields) != 5 {
		t.Errorf("three verdicts, recommendation and opinion: %v", err)
	}
}

func TestPassMark(t *testing.T) {
	t.Parallel()
	scored := []programme.Indicator{
		{Code: "1", Judged: "scored", Points: 60, Evidence: []string{"表"}}, {Code: "2", Judged: "scored", Points: 40, At: "visit"},
	}
	for _, tt := range []struct {
		score    int
		mark     int
		strictly bool
		method   string
		code     string
	}{
		{30, 70, false, "scored", ""},
		{29, 70, false, "scored", "review.draft.pass_mark"},
		{30, 70, true, "scored", "review.draft.pass_mark"},
		{31, 70, true, "scored", ""},
		{0, 70, true, "pass_fail", ""},
		{60, 70, false, "scored", ""},
		{61, 70, false, "scored", "review.save.score"},
		{-1, 70, false, "scored", "review.save.score"},
	} {
		r := opened()
		j := review.Judgement{Findings: map[string]review.Finding{"1": {Verdict: "meets", Score: tt.score}}, Recommendation: "recommend", Opinion: "好"}
		_, err := r.Draft(first, scored, score.Rule{Scoring: programme.Scoring{Method: tt.method, PassMark: tt.mark, Strictly: tt.strictly}, Groups: []programme.Group{{Indicators: scored}}}, j, nil, now)
		if got := fault.CodeOf(err); err == nil && tt.code != "" || err != nil && got != tt.code {
			t.Errorf("%+v: %v", tt, err)
		}
	}
}

func TestSaveRequiresNothing(t *testing.T) {
	t.Parallel()
	r := opened()
	if _, err := r.Save(first, criteria, review.Judgement{}, nil); err != nil {
		t.Fatal(err)
	}
	half := review.Judgement{Findings: map[string]review.Finding{"1-3": {Verdict: "fails"}}}
	if _, err := r.Save(first, criteria, half, nil); err != nil || r.Findings["1-3"].Verdict != "fails" || r.State != review.Open {
		t.Errorf("%+v %v", r, err)
	}
	_, err := r.Save(first, criteria, review.Judgement{Opinion: "\x00"}, nil)
	refused(t, err, "review.text", "opinion")
	_, err = r.Save(second, criteria, half, nil)
	refused(t, err, "review.draft.other", "")
	r.Reviewer = ""
	if _, err := r.Save(second, criteria, half, nil); err != nil || r.Reviewer != "c2" {
		t.Errorf("nobody's review is not taken: %v", err)
	}
	_, err = r.Save(director, criteria, half, nil)
	refused(t, err, "stage.not_allowed", "")
}

func TestConfirm(t *testing.T) {
	t.Parallel()
	ties := review.Interests{"c2": "曾在该单位任职"}
	r := drafted(t)
	_, err := r.Confirm(first, settings, nil, now)
	refused(t, err, "review.confirm.same_person", "")
	_, err = r.Confirm(second, settings, ties, now)
	refused(t, err, "review.interest", "")
	_, err = r.SendBack(second, "再核", settings, ties)
	refused(t, err, "review.interest", "")
	if m, err := r.Confirm(director, settings, ties, now); err != nil || r.State != review.Confirmed || r.Confirmer != "d1" || m.Basis == "" {
		t.Errorf("%+v %v", r, err)
	}
	_, err = r.Confirm(second, settings, nil, now)
	refused(t, err, "stage.not_allowed", "")

	r = drafted(t)
	if _, err := r.Confirm(first, programme.Review{}, nil, now); err != nil {
		t.Errorf("a programme without four eyes: %v", err)
	}
	r = opened()
	_, err = r.Confirm(second, settings, nil, now)
	refused(t, err, "stage.not_allowed", "")
}

func TestSendBack(t *testing.T) {
	t.Parallel()
	r := drafted(t)
	_, err := r.SendBack(second, " ", settings, nil)
	refused(t, err, "review.text", "remark")
	_, err = r.SendBack(first, "再核", settings, nil)
	refused(t, err, "review.confirm.same_person", "")
	if _, err := r.SendBack(second, "指标1-3再核", settings, nil); err != nil || r.State != review.Open || r.Returned != 1 || r.Remark == "" || r.Opinion == "" {
		t.Errorf("%+v %v", r, err)
	}
}

func TestAssign(t *testing.T) {
	t.Parallel()
	clerks := []review.Load{{Account: "c1"}, {Account: "c2"}}
	r := opened()
	_, err := r.Assign(director, "m1", clerks, nil)
	refused(t, err, "review.assign.reviewer", "reviewer")
	_, err = r.Assign(director, "", clerks, nil)
	refused(t, err, "review.assign.reviewer", "reviewer")
	_, err = r.Assign(director, "c2", clerks, review.Interests{"c2": "亲属任职"})
	refused(t, err, "review.interest", "")
	_, err = r.Assign(first, "c2", clerks, review.Interests{"c1": "亲属任职"})
	refused(t, err, "review.interest", "")
	if _, err := r.Assign(director, "c2", clerks, nil); err != nil || r.Reviewer != "c2" {
		t.Error(err)
	}
	r = drafted(t)
	_, err = r.Assign(director, "c2", clerks, nil)
	refused(t, err, "stage.not_allowed", "")
}

func TestBalanced(t *testing.T) {
	t.Parallel()
	loads := []review.Load{{Account: "c1", Open: 2, Ever: 2}, {Account: "c2", Open: 1, Ever: 9}, {Account: "c3", Open: 1, Ever: 3}}
	for _, tt := range []struct {
		ties review.Interests
		want id.Account
	}{
		{nil, "c3"},
		{review.Interests{"c3": "x"}, "c2"},
		{review.Interests{"c3": "x", "c2": "x"}, "c1"},
		{review.Interests{"c3": "x", "c2": "x", "c1": "x"}, ""},
	} {
		if got := review.Balanced(loads, tt.ties); got != tt.want {
			t.Errorf("%v: %q", tt.ties, got)
		}
	}
}

func TestDeclare(t *testing.T) {
	t.Parallel()
	r := drafted(t)
	if _, _, err := r.Declare(second, "", now); fault.CodeOf(err) != "review.text" {
		t.Error(err)
	}
	i, _, err := r.Declare(second, "配偶在该单位任职", now)
	if err != nil || r.State != review.Drafted || r.Reviewer != "c1" || i.Account != "c2" || i.Organisation != "org_1" || i.Key != review.InterestKey("c2", "org_1") {
		t.Errorf("%+v %+v %v", r, i, err)
	}
	if _, m, err := r.Declare(first, "曾任职", now); err != nil || r.State != review.Open || r.Reviewer != "" || m.To != review.Open {
		t.Errorf("the reviewer's own interest: %+v %v", r, err)
	}
}

func TestEnd(t *testing.T) {
	t.Parallel()
	r, a := opened(), filed()
	_, err := r.End(stage.TheClock, a, now)
	refused(t, err, "review.end.underway", "")
	a.State = application.Disqualified
	_, err = r.End(director, a, now)
	refused(t, err, "stage.not_allowed", "")
	if _, err := r.End(stage.TheClock, a, now); err != nil || r.State != review.Ended {
		t.Error(err)
	}
}

func TestCount(t *testing.T) {
	t.Parallel()
	n := review.Count(criteria, judged().Findings)
	if n["meets"] != 2 || n["doubtful"] != 1 || n["fails"] != 0 || n[""] != 1 {
		t.Errorf("%v", n)
	}
}

func TestAnnotate(t *testing.T) {
	t.Parallel()
	files := []file.File{{ID: "fil_1", Pages: 3}, {ID: "fil_2"}}
	for _, c := range []struct {
		name, code, field string
		note              review.Note
	}{
		{"beside the whole", "", "", review.Note{Text: "再核"}},
		{"beside an answer", "", "", review.Note{Indicator: "1-1", Text: "再核"}},
		{"on the last page", "", "", review.Note{Indicator: "1-1", File: "fil_1", Page: 3, Text: strings.Repeat("核", review.NoteMax)}},
		{"on a page nobody counted", "", "", review.Note{Indicator: "1-1", File: "fil_2", Page: 9, Text: "再核"}},
		{"beyond the last page", "review.annotate.page", "page", review.Note{Indicator: "1-1", File: "fil_1", Page: 4, Text: "再核"}},
		{"before the first page", "review.annotate.page", "page", review.Note{Indicator: "1-1", File: "fil_1", Page: -1, Text: "再核"}},
		{"a page of no file", "review.annotate.page", "page", review.Note{Indicator: "1-1", Page: 1, Text: "再核"}},
		{"another's file", "review.annotate.file", "file", review.Note{Indicator: "1-1", File: "fil_9", Text: "再核"}},
		{"no such indicator", "review.annotate.indicator", "indicator", review.Note{Indicator: "9-9", Text: "再核"}},
		{"a file of no indicator", "review.annotate.indicator", "indicator", review.Note{File: "fil_1", Text: "再核"}},
		{"nothing said", "review.annotate.text", "text", review.Note{Indicator: "1-1"}},
		{"too much said", "review.annotate.text", "text", review.Note{Text: strings.Repeat("核", review.NoteMax+1)}},
		{"somebody's number", "review.text.personal", "text", review.Note{Text: "打13800138000问"}},
	} {
		r := opened()
		n, m, err := r.Annotate(second, c.note, criteria, files, nil, now)
		if c.code != "" {
			t.Run(c.name, func(t *testing.T) { refused(t, err, c.code, c.field) })
			continue
		}
		if err != nil || n.Review != r.ID || n.By != "c2" || n.At != now || n.Settled() || m.Basis == "" {
			t.Errorf("%s: %+v %v", c.name, n, err)
		}
	}
}

func TestSettle(t *testing.T) {
	t.Parallel()
	r := drafted(t)
	n, _, err := r.Annotate(director, review.Note{Text: "再核"}, criteria, nil, nil, now)
	if err != nil {
		t.Fatal(err)
	}
	ties := review.Interests{"c2": "曾在该单位任职"}
	_, _, err = r.Annotate(second, review.Note{Text: "再核"}, criteria, nil, ties, now)
	refused(t, err, "review.interest", "")
	_, err = r.Settle(second, &n, ties, now)
	refused(t, err, "review.interest", "")
	if _, err := r.Settle(first, &n, nil, now); err != nil || !n.Settled() || n.SettledBy != "c1" {
		t.Errorf("%+v %v", n, err)
	}
	_, err = r.Settle(first, &n, nil, now)
	refused(t, err, "review.settle.settled", "")
	if _, err := r.Confirm(director, settings, nil, now); err != nil {
		t.Fatal(err)
	}
	_, _, err = r.Annotate(first, review.Note{Text: "再核"}, criteria, nil, nil, now)
	refused(t, err, "stage.not_allowed", "")
	_, err = r.Settle(first, &review.Note{}, nil, now)
	refused(t, err, "stage.not_allowed", "")
}
