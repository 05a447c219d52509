package recheck_test

import (
	"strings"
	"testing"
	"time"

	"shifan/internal/calendar"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/designation"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/recheck"
	"shifan/internal/lifecycle/stage"
)

var (
	clerk    = stage.Actor{Account: "clerk", Role: stage.Clerk}
	assessor = stage.Actor{Account: "assessor", Role: stage.Assessor}
	chair    = stage.Actor{Account: "chair", Role: stage.Chair}
	holder   = stage.Actor{Account: "holder", Role: stage.Applicant, Organisation: "org_1"}
	noon     = calendar.MustDate("2024-09-01").Start().Add(12 * time.Hour)
	asked    = []programme.Indicator{{Code: "1-1"}, {Code: "1-2"}}
	settings = programme.Recheck{EveryYears: 3, LeadDays: 90, Effect: "renew", Standard: "current"}
	title    = designation.Designation{
		ID: "dsg_1", Organisation: "org_1", State: designation.Valid,
		ValidTo: calendar.MustDate("2024-09-15"), RecheckDue: calendar.MustDate("2024-09-15"),
	}
	good = map[string]recheck.Finding{"1-1": {Now: "meets"}, "1-2": {Now: "meets"}}
	pool = []recheck.Candidate{
		{Account: "assessor", Name: "甲"}, {Account: "second", Name: "乙"}, {Account: "kin", Name: "丙", Interest: "兼任该单位经办人"},
	}
)

// opened is a recheck of a title that met 1-1 and partly met 1-2 when it was
// named.
func opened() recheck.Recheck {
	r := recheck.Open("rck_1", title, settings, 2, 1, noon)
	r.Findings = map[string]recheck.Finding{"1-1": {Then: "meets"}, "1-2": {Then: "partly"}, "9-9": {Then: "meets"}}
	return r
}

func reported(t *testing.T, f map[string]recheck.Finding) recheck.Recheck {
	t.Helper()
	r := opened()
	if _, err := r.Begin(clerk, []id.Account{assessor.Account}, pool, noon); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Report(assessor, asked, f, "总体保持。", noon); err != nil {
		t.Fatal(err)
	}
	return r
}

func TestOpensOn(t *testing.T) {
	t.Parallel()
	if got := recheck.OpensOn(title, settings).String(); got != "2024-06-17" {
		t.Errorf("90 days before 2024-09-15: got %s", got)
	}
	rectifying := title
	rectifying.State = designation.Rectifying
	for name, opens := range map[string]calendar.Date{
		"a programme without rechecks": recheck.OpensOn(title, programme.Recheck{}),
		"a title under rectification":  recheck.OpensOn(rectifying, settings),
		"a title without a due day":    recheck.OpensOn(designation.Designation{State: designation.Valid}, settings),
	} {
		if !opens.IsZero() {
			t.Errorf("%s opens a recheck on %s", name, opens)
		}
	}
}

func TestWhichStandard(t *testing.T) {
	t.Parallel()
	if r := opened(); r.StandardVersion != 2 || r.NamingVersion != 1 {
		t.Errorf("current: held against %d beside %d, want 2 beside 1", r.StandardVersion, r.NamingVersion)
	}
	naming := settings
	naming.Standard = "naming"
	if r := recheck.Open("rck_1", title, naming, 2, 1, noon); r.StandardVersion != 1 {
		t.Errorf("naming: held against %d, want 1", r.StandardVersion)
	}
}

func TestReport(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name     string
		by       stage.Actor
		findings map[string]recheck.Finding
		opinion  string
		code     string
	}{
		{"all is said", assessor, good, "总体保持。", ""},
		{"not the one who was named", stage.Actor{Account: "other", Role: stage.Assessor}, good, "好。", "recheck.report.not_assigned"},
		{"not an assessor", clerk, good, "好。", "stage.not_allowed"},
		{"an indicator is open", assessor, map[string]recheck.Finding{"1-1": {Now: "meets"}}, "好。", "recheck.report.incomplete"},
		{"an unknown rating", assessor, map[string]recheck.Finding{"1-1": {Now: "great"}, "1-2": {Now: "meets"}}, "好。", "recheck.report.rating"},
		{"worse, and no note", assessor, map[string]recheck.Finding{"1-1": {Now: "partly"}, "1-2": {Now: "meets"}}, "好。", "recheck.report.note"},
		{"worse, whatever the form says of the naming", assessor, map[string]recheck.Finding{"1-1": {Then: "fails", Now: "partly"}, "1-2": {Now: "meets"}}, "好。", "recheck.report.note"},
		{"worse, with a note", assessor, map[string]recheck.Finding{"1-1": {Now: "partly", Note: "活动减少。"}, "1-2": {Now: "meets"}}, "好。", ""},
		{"no opinion", assessor, good, " ", "recheck.report.opinion"},
		{"an opinion without end", assessor, good, strings.Repeat("𠮷", 5001), "recheck.text.too_long"},
		{"an opinion just long enough", assessor, good, strings.Repeat("𠮷", 5000), ""},
		{"a megabyte of one word", assessor, good, strings.Repeat("a", 1<<20), "recheck.text.too_long"},
		{"an opinion with NUL", assessor, good, "好\x00", "recheck.text.too_long"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := opened()
			if _, err := r.Begin(clerk, []id.Account{assessor.Account}, pool, noon); err != nil {
				t.Fatal(err)
			}
			_, err := r.Report(tt.by, asked, tt.findings, tt.opinion, noon)
			if got := fault.CodeOf(err); err != nil && got != tt.code || err == nil && tt.code != "" {
				t.Errorf("got %v, want %q", err, tt.code)
			}
			if (err == nil) != (r.State == recheck.Reported) {
				t.Errorf("state %s after %v", r.State, err)
			}
		})
	}
}

func TestBegin(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		chosen []id.Account
		code   string
	}{
		{"nobody", nil, "recheck.begin.no_assessor"},
		{"one", []id.Account{"assessor"}, ""},
		{"two, one of them twice", []id.Account{"second", "assessor", "second"}, ""},
		{"somebody unknown", []id.Account{"assessor", "clerk"}, "recheck.begin.unknown"},
		{"somebody with an interest", []id.Account{"assessor", "kin"}, "recheck.begin.interest"},
	} {
		r := opened()
		_, err := r.Begin(clerk, tt.chosen, pool, noon)
		if (err == nil) != (tt.code == "") || err != nil && fault.CodeOf(err) != tt.code {
			t.Errorf("%s: got %v, want %q", tt.name, err, tt.code)
		}
		if (err == nil) != (r.State == recheck.Underway) || err == nil && r.BegunAt != noon {
			t.Errorf("%s: %s, begun %s", tt.name, r.State, r.BegunAt)
		}
	}
}

// TestAssign: who looks can change until the report is in.
func TestAssign(t *testing.T) {
	t.Parallel()
	r := opened()
	if _, err := r.Assign(clerk, []id.Account{"second"}, pool); fault.CodeOf(err) != "stage.not_allowed" {
		t.Errorf("before it began: %v", err)
	}
	r = reported(t, good)
	if _, err := r.Assign(clerk, []id.Account{"second"}, pool); fault.CodeOf(err) != "stage.not_allowed" {
		t.Errorf("after the report: %v", err)
	}
	r.State = recheck.Underway
	if _, err := r.Assign(clerk, []id.Account{"second"}, pool); err != nil || len(r.Assessors) != 1 || r.Assessors[0] != "second" {
		t.Errorf("%v, %v", r.Assessors, err)
	}
	if _, err := r.Report(assessor, asked, good, "好。", noon); fault.CodeOf(err) != "recheck.report.not_assigned" {
		t.Errorf("who was replaced reports: %v", err)
	}
}

// TestNote keeps half of a report, and what was found at the naming.
func TestNote(t *testing.T) {
	t.Parallel()
	r := opened()
	if _, err := r.Begin(clerk, []id.Account{assessor.Account}, pool, noon); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Note(stage.Actor{Account: "second", Role: stage.Assessor}, asked, good, ""); fault.CodeOf(err) != "recheck.report.not_assigned" {
		t.Errorf("somebody else: %v", err)
	}
	if _, err := r.Note(assessor, asked, map[string]recheck.Finding{"1-1": {Now: "great"}}, ""); fault.CodeOf(err) != "recheck.report.rating" {
		t.Errorf("an unknown rating: %v", err)
	}
	if _, err := r.Note(assessor, asked, map[string]recheck.Finding{"1-1": {Now: "partly"}}, ""); err != nil || r.State != recheck.Underway {
		t.Fatal(err)
	}
	if got := r.Findings["1-1"]; got.Then != "meets" || got.Now != "partly" || got.Delta() != -1 || !got.Slipped() {
		t.Errorf("%+v", got)
	}
	if got := r.Findings["9-9"]; got.Then != "meets" || got.Now != "" || got.Delta() != 0 || got.Slipped() {
		t.Errorf("what is no longer asked: %+v", got)
	}
}

func TestSelfReport(t *testing.T) {
	t.Parallel()
	r := opened()
	if _, err := r.ReportSelf(holder, "一切照常。", noon); fault.KindOf(err) != fault.Refused {
		t.Errorf("before the recheck begins: got %v", err)
	}
	r.State = recheck.Underway
	if _, err := r.ReportSelf(stage.Actor{Role: stage.Applicant, Organisation: "org_2"}, "x", noon); fault.KindOf(err) != fault.NotFound {
		t.Errorf("another organisation: got %v", err)
	}
	if _, err := r.ReportSelf(holder, " ", noon); fault.CodeOf(err) != "recheck.self_report.empty" {
		t.Errorf("empty: got %v", err)
	}
	if _, err := r.ReportSelf(holder, "一切照常。", noon); err != nil || r.SelfReport == "" || r.SelfReportedAt != noon {
		t.Errorf("got %v", err)
	}
}

func TestPass(t *testing.T) {
	t.Parallel()
	r := reported(t, good)
	if _, err := r.Pass(stage.Actor{Account: assessor.Account, Role: stage.Chair}, recheck.Conclusion{}, noon); fault.CodeOf(err) != "recheck.conclude.same_person" {
		t.Errorf("who reported must not conclude: got %v", err)
	}
	if _, err := r.Pass(chair, recheck.Conclusion{}, title.ValidTo.End()); fault.CodeOf(err) != "recheck.pass.expired" {
		t.Errorf("at 24:00 of the last valid day: got %v", err)
	}
	if _, err := r.Pass(chair, recheck.Conclusion{}, title.ValidTo.End().Add(-time.Second)); err != nil || r.State != recheck.Passed {
		t.Errorf("in the last second: got %v", err)
	}
	failing := reported(t, map[string]recheck.Finding{"1-1": {Now: "fails", Note: "停了。"}, "1-2": {Now: "meets"}})
	if _, err := failing.Pass(chair, recheck.Conclusion{}, noon); fault.CodeOf(err) != "recheck.conclude.reason" {
		t.Errorf("a failing indicator: got %v, want a reason asked", err)
	}
	if _, err := failing.Pass(chair, recheck.Conclusion{Reason: "场地翻修，十月恢复。"}, noon); err != nil {
		t.Errorf("with a reason: %v", err)
	}
}

// TestUnfiled: who filed no account of its own passes with a reason only, where the
// programme counts that as failing; one that only reminds asks nothing more.
func TestUnfiled(t *testing.T) {
	t.Parallel()
	silent := func() *recheck.Recheck {
		r := reported(t, good)
		return &r
	}
	if _, err := silent().Pass(chair, recheck.Conclusion{Unfiled: "fails"}, noon); fault.CodeOf(err) != "recheck.conclude.reason" {
		t.Errorf("nothing filed: got %v, want a reason asked", err)
	}
	filed := silent()
	filed.SelfReport = "一切照常。"
	for name, tt := range map[string]struct {
		r *recheck.Recheck
		c recheck.Conclusion
	}{
		"filed":         {filed, recheck.Conclusion{Unfiled: "fails"}},
		"with a reason": {silent(), recheck.Conclusion{Unfiled: "fails", Reason: "负责人住院，考核组已当面了解。"}},
		"only reminded": {silent(), recheck.Conclusion{Unfiled: "remind"}},
	} {
		if _, err := tt.r.Pass(chair, tt.c, noon); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestSlip(t *testing.T) {
	t.Parallel()
	r := reported(t, good)
	if _, err := r.Slip(chair, recheck.Conclusion{}, noon); fault.CodeOf(err) != "recheck.conclude.reason" {
		t.Errorf("got %v, want a reason asked", err)
	}
	if _, err := r.Slip(chair, recheck.Conclusion{Reason: "两年没有开展活动。"}, noon); err != nil || r.State != recheck.Slipped {
		t.Errorf("got %v", err)
	}
}

// TestConcludedByAMeeting: what a meeting has, the chair does not conclude alone;
// what it decided is the committee's, whoever closes the meeting.
func TestConcludedByAMeeting(t *testing.T) {
	t.Parallel()
	r := reported(t, good)
	if _, err := r.Pass(chair, recheck.Conclusion{OnAgenda: true}, noon); fault.CodeOf(err) != "recheck.conclude.on_agenda" {
		t.Errorf("beside the meeting: %v", err)
	}
	if _, err := r.Slip(chair, recheck.Conclusion{OnAgenda: true, Reason: "退步"}, noon); fault.CodeOf(err) != "recheck.conclude.on_agenda" {
		t.Errorf("beside the meeting: %v", err)
	}
	if _, err := r.Pass(chair, recheck.Conclusion{Interested: true}, noon); fault.CodeOf(err) != "recheck.conclude.interest" {
		t.Errorf("who acts for the holder concludes: %v", err)
	}
	if _, err := r.Pass(stage.Actor{Account: assessor.Account, Role: stage.Chair}, recheck.Conclusion{Decision: "itm_1", OnAgenda: true, Interested: true}, noon); err != nil || r.Decision != "itm_1" {
		t.Errorf("%v, %s", err, r.Decision)
	}
}

func TestEndOnlyWhenTheTitleEnded(t *testing.T) {
	t.Parallel()
	r := opened()
	if _, err := r.End(stage.TheClock, title, noon); fault.CodeOf(err) != "recheck.end.still_valid" {
		t.Errorf("got %v", err)
	}
	returned := title
	returned.State = designation.Returned
	if _, err := r.End(stage.TheClock, returned, noon); err != nil {
		t.Error(err)
	}
}

func TestOverdue(t *testing.T) {
	t.Parallel()
	r := opened()
	if r.Overdue(title.RecheckDue) || !r.Overdue(title.RecheckDue.AddDays(1)) {
		t.Error("overdue begins on the day after the due day")
	}
	r.State = recheck.Passed
	if r.Overdue(title.RecheckDue.AddDays(9)) {
		t.Error("what is concluded is not overdue")
	}
}

// TestForEvent: a recheck that is under way takes on what happens; a report that waits for
// its conclusion and an order that runs come first.
func TestForEvent(t *testing.T) {
	t.Parallel()
	due := calendar.MustDate("2024-09-14")
	valid, mending := designation.Designation{State: designation.Valid}, designation.Designation{State: designation.Rectifying}
	for name, c := range map[string]struct {
		title designation.Designation
		state stage.State // of its one recheck; empty: it has none
		open  id.Recheck
		code  string
	}{
		"none yet":                 {title: valid},
		"one is due":               {title: valid, state: recheck.Due, open: "rck_1"},
		"one is under way":         {title: valid, state: recheck.Underway, open: "rck_1"},
		"one waits for conclusion": {title: valid, state: recheck.Reported, code: "recheck.event.waits"},
		"one is over":              {title: valid, state: recheck.Passed},
		"an order runs":            {title: mending, state: recheck.Slipped, code: "recheck.event.waits"},
	} {
		var all []recheck.Recheck
		if c.state != "" {
			all = append(all, recheck.Recheck{ID: "rck_1", State: c.state, DueOn: due})
		}
		open, taken, err := recheck.ForEvent(c.title, all)
		if open != c.open || (c.code != "" || err != nil) && fault.CodeOf(err) != c.code {
			t.Errorf("%s: %q %v", name, open, err)
		}
		if c.code == "" && open == "" && len(taken) != len(all) {
			t.Errorf("%s: the days before are %v", name, taken)
		}
	}
}

// TestDueAnew: a recheck that ended with its title falls due anew, in time and on a day of
// its own.
func TestDueAnew(t *testing.T) {
	t.Parallel()
	day := calendar.MustDate
	s := programme.Recheck{EveryYears: 3, LeadDays: 90}
	for name, tt := range map[string]struct {
		last  string
		taken []calendar.Date
		want  string
	}{
		"without an end":               {"", nil, "2026-08-30"},
		"with time enough":             {"2027-03-01", []calendar.Date{day("2026-07-01")}, "2026-08-30"},
		"before the last day":          {"2026-08-10", []calendar.Date{day("2026-07-01")}, "2026-08-09"},
		"on a day of its own":          {"2026-08-10", []calendar.Date{day("2026-08-09"), day("2026-08-08")}, "2026-08-07"},
		"too late: as it was":          {"2026-06-02", nil, "2026-05-01"},
		"in the past: as it was":       {"2026-05-30", nil, "2026-05-01"},
		"no day left: as it was":       {"2026-06-03", []calendar.Date{day("2026-06-02")}, "2026-05-01"},
		"one day left, and it is free": {"2026-06-03", nil, "2026-06-02"},
	} {
		d := designation.Designation{RecheckDue: day("2026-05-01")}
		if tt.last != "" {
			d.ValidTo = day(tt.last)
		}
		if got := recheck.DueAnew(d, s, tt.taken, day("2026-06-01")); got.String() != tt.want {
			t.Errorf("%s: %s, want %s", name, got, tt.want)
		}
	}
}
