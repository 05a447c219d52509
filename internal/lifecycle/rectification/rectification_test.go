package rectification_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"shifan/internal/calendar"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/designation"
	"shifan/internal/lifecycle/file"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/recheck"
	"shifan/internal/lifecycle/rectification"
	"shifan/internal/lifecycle/stage"
)

var (
	clerk    = stage.Actor{Account: "clerk", Role: stage.Clerk}
	director = stage.Actor{Account: "director", Role: stage.Director}
	assessor = stage.Actor{Account: "assessor", Role: stage.Assessor}
	chair    = stage.Actor{Account: "chair", Role: stage.Chair}
	holder   = stage.Actor{Account: "holder", Role: stage.Applicant, Organisation: "org_1"}
	title    = designation.Designation{ID: "dsg_1", Organisation: "org_1", State: designation.Valid}
	slipped  = recheck.Recheck{ID: "rck_1", Designation: "dsg_1", State: recheck.Slipped, Assessors: []id.Account{"assessor"}}
	natural  = programme.Rectification{Days: 30, Extensions: 1, RollsOver: true}
	ordered  = calendar.MustDate("2024-09-01").Start().Add(12 * time.Hour)
)

func day(s string) calendar.Date { return calendar.MustDate(s) }

func order(t *testing.T) rectification.Rectification {
	t.Helper()
	g := rectification.Grounds{Title: title, Recheck: &slipped, Terms: natural}
	r, _, err := rectification.Order(chair, "rct_1", g, []string{"补齐会议记录", "恢复活动场所"}, ordered)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func running(t *testing.T) rectification.Rectification {
	t.Helper()
	r := order(t)
	if _, err := r.Serve(clerk, day("2024-09-02"), calendar.Embedded(), ordered.AddDate(0, 0, 3)); err != nil {
		t.Fatal(err)
	}
	return r
}

func reported(t *testing.T) rectification.Rectification {
	t.Helper()
	r := running(t)
	answered(t, &r)
	if _, err := r.Report(holder, day("2024-09-20").Start()); err != nil {
		t.Fatal(err)
	}
	return r
}

// answered answers both items.
func answered(t *testing.T, r *rectification.Rectification) {
	t.Helper()
	for n, done := range []string{"已补齐", "已恢复"} {
		if _, err := r.Answer(holder, n+1, done, "会议记录12份", day("2024-09-19").Start()); err != nil {
			t.Fatal(err)
		}
	}
}

func TestOrder(t *testing.T) {
	t.Parallel()
	expired, foreign, passed := title, slipped, slipped
	expired.State, foreign.Designation, passed.State = designation.Expired, "dsg_2", recheck.Passed
	fifty := strings.Split(strings.Repeat("补齐 ", 49)+"补齐", " ")
	for _, tt := range []struct {
		name  string
		by    stage.Actor
		g     rectification.Grounds
		items []string
		code  string
	}{
		{"after a recheck", chair, rectification.Grounds{Title: title, Recheck: &slipped}, []string{"补齐"}, ""},
		{"after another finding", chair, rectification.Grounds{Title: title}, []string{"补齐"}, ""},
		{"by the office", clerk, rectification.Grounds{Title: title}, []string{"补齐"}, "rectification.order.role"},
		{"an expired title", chair, rectification.Grounds{Title: expired}, []string{"补齐"}, "rectification.order.not_valid"},
		{"a recheck that was passed", chair, rectification.Grounds{Title: title, Recheck: &passed}, []string{"补齐"}, "rectification.order.recheck"},
		{"a recheck of another title", chair, rectification.Grounds{Title: title, Recheck: &foreign}, []string{"补齐"}, "rectification.order.recheck"},
		{"a second time", chair, rectification.Grounds{Title: title, Recheck: &slipped, Ordered: true}, []string{"补齐"}, "rectification.order.twice"},
		{"nothing to do", chair, rectification.Grounds{Title: title}, nil, "rectification.order.items"},
		{"an empty item", chair, rectification.Grounds{Title: title}, []string{"补齐", " "}, "rectification.order.items"},
		{"an item with NUL", chair, rectification.Grounds{Title: title}, []string{"补\x00齐"}, "rectification.order.items"},
		{"as many as there may be", chair, rectification.Grounds{Title: title}, fifty, ""},
		{"too many", chair, rectification.Grounds{Title: title}, append(fifty, "补齐"), "rectification.order.items"},
	} {
		r, m, err := rectification.Order(tt.by, "rct_1", tt.g, tt.items, ordered)
		if (err == nil) != (tt.code == "") || err != nil && fault.CodeOf(err) != tt.code {
			t.Errorf("%s: got %v, want %q", tt.name, err, tt.code)
		}
		if err == nil && (m.Act != "order" || m.To != rectification.Ordered || len(r.Items) != len(tt.items)) {
			t.Errorf("%s: %+v, %+v", tt.name, m, r)
		}
	}
	if r := order(t); len(r.Assessors) != 1 || r.Recheck != "rck_1" {
		t.Errorf("who looked verifies: %+v", r)
	}
}

func TestAssign(t *testing.T) {
	t.Parallel()
	pool := []recheck.Candidate{{Account: "assessor"}, {Account: "second"}, {Account: "kin", Name: "丙", Interest: "兼任该单位经办人"}}
	r := reported(t)
	if _, err := r.Assign(clerk, []id.Account{"kin"}, pool); fault.CodeOf(err) != "recheck.begin.interest" {
		t.Errorf("somebody with an interest: %v", err)
	}
	if _, err := r.Assign(clerk, []id.Account{"second"}, pool); err != nil || r.State != rectification.Reported {
		t.Fatal(err)
	}
	if _, err := r.Verify(assessor, rectification.AtDesk, r.Items, "好。", ordered); fault.CodeOf(err) != "rectification.verify.not_assigned" {
		t.Errorf("who was replaced verifies: %v", err)
	}
}

// The time starts on the day after service; an end on a rest day moves on.
func TestTerm(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, served string
		s            programme.Rectification
		last         string
		provisional  bool
	}{
		{"thirty natural days to a Wednesday of the National Day holiday", "2024-09-02", natural, "2024-10-08", false},
		{"the same, strict", "2024-09-02", programme.Rectification{Days: 30}, "2024-10-02", false},
		{"plain", "2024-10-14", natural, "2024-11-13", false},
		{"a month to the last day of February", "2024-01-31", programme.Rectification{Days: 30, Months: 1, RollsOver: true}, "2024-02-29", false},
		{"three months to a Saturday", "2024-08-30", programme.Rectification{Months: 3, RollsOver: true}, "2024-12-02", false},
		{"fifteen working days across make-up days", "2024-09-09", programme.Rectification{Days: 15, Working: true}, "2024-09-30", false},
		{"into a year that is not known", "2026-12-20", natural, "2027-01-19", true},
	} {
		l, err := rectification.Term(day(tt.served), tt.s, calendar.Embedded())
		if err != nil || l.Last.String() != tt.last || l.Provisional != tt.provisional {
			t.Errorf("%s: got %s, %v, %v; want %s, %v", tt.name, l.Last, l.Provisional, err, tt.last, tt.provisional)
		}
	}
}

func TestServe(t *testing.T) {
	t.Parallel()
	now := ordered.AddDate(0, 0, 3)
	for _, on := range []string{"2024-08-31", "2024-09-05"} {
		r := order(t)
		if _, err := r.Serve(clerk, day(on), calendar.Embedded(), now); fault.CodeOf(err) != "rectification.serve.date" {
			t.Errorf("served %s: got %v", on, err)
		}
	}
	if r := running(t); r.DueOn != day("2024-10-08") || r.Provisional || r.CalendarVersion != calendar.Embedded().Version() || !r.Due.Equal(day("2024-10-09").Start()) {
		t.Errorf("due %s, %s", r.DueOn, r.Due)
	}
}

func TestExtendOnce(t *testing.T) {
	t.Parallel()
	r, c, now := running(t), calendar.Embedded(), day("2024-09-20").Start()
	if _, err := r.Extend(director, r.DueOn, "台风", c, now); fault.CodeOf(err) != "rectification.extend.later" {
		t.Errorf("the same day: got %v", err)
	}
	if _, err := r.Extend(director, day("2024-12-01"), "台风", c, now); fault.CodeOf(err) != "rectification.extend.later" {
		t.Errorf("more than one more term: got %v", err)
	}
	if _, err := r.Extend(director, day("2024-10-20"), "", c, now); fault.CodeOf(err) != "rectification.reason" {
		t.Errorf("no reason: got %v", err)
	}
	if _, err := r.Extend(director, day("2024-10-20"), "台风", c, r.Due); fault.CodeOf(err) != "rectification.report.late" {
		t.Errorf("when the time is over: got %v", err)
	}
	if _, err := r.Extend(director, day("2024-10-20"), "台风", c, now); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Extend(director, day("2024-10-25"), "台风", c, now); fault.CodeOf(err) != "rectification.extend.again" {
		t.Errorf("a second time: got %v", err)
	}
}

func TestReport(t *testing.T) {
	t.Parallel()
	r, now := running(t), ordered.AddDate(0, 0, 9)
	if _, err := r.Report(holder, now); len(fieldsOf(err)) != 2 {
		t.Errorf("both items are open: got %v", err)
	}
	for _, tt := range []struct {
		name           string
		by             stage.Actor
		n              int
		done, evidence string
		code           string
	}{
		{"another organisation", stage.Actor{Role: stage.Applicant, Organisation: "org_2"}, 1, "a", "b", "thing.not_found"},
		{"the office", clerk, 1, "a", "b", "stage.not_allowed"},
		{"no such item", holder, 3, "a", "b", "rectification.answer.item"},
		{"item nought", holder, 0, "a", "b", "rectification.answer.item"},
		{"nothing done", holder, 1, " ", "b", "rectification.report.item"},
		{"what shows it comes later", holder, 1, "a", "", ""},
		{"what shows it is too long", holder, 1, "a", strings.Repeat("𠮷", 5001), "rectification.report.evidence"},
		{"too long", holder, 1, strings.Repeat("𠮷", 5001), "b", "rectification.report.item"},
		{"long enough", holder, 1, strings.Repeat("𠮷", 5000), "b", ""},
	} {
		r := r
		if _, err := r.Answer(tt.by, tt.n, tt.done, tt.evidence, now); (err == nil) != (tt.code == "") || err != nil && fault.CodeOf(err) != tt.code {
			t.Errorf("%s: got %v, want %q", tt.name, err, tt.code)
		}
	}
	if r.Items[0].Answered() {
		t.Error("a copy's answer changed the order")
	}
	bare := r
	for n := range 2 {
		if _, err := bare.Answer(holder, n+1, "a", "", now); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := bare.Report(holder, now); len(fieldsOf(err)) != 2 || fieldsOf(err)[1].Path != "items.1" {
		t.Errorf("nothing shows it: got %v", err)
	}
	for n := range 2 {
		if _, _, _, err := bare.Attach(holder, n+1, file.File{ID: "fil_1", SHA256: "a", Size: 1}, nil, file.Room{}, now); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := bare.Report(holder, now); err != nil {
		t.Errorf("files show it: got %v", err)
	}
	answered(t, &r)
	if _, err := r.Report(stage.Actor{Role: stage.Applicant, Organisation: "org_2"}, now); fault.KindOf(err) != fault.NotFound {
		t.Errorf("another organisation: got %v", err)
	}
	if _, err := r.Report(holder, r.Due); fault.CodeOf(err) != "rectification.report.late" {
		t.Errorf("at the due instant: got %v", err)
	}
	if _, err := r.Answer(holder, 1, "a", "b", r.Due); fault.CodeOf(err) != "rectification.report.late" {
		t.Errorf("an answer at the due instant: got %v", err)
	}
	if _, err := r.Report(holder, r.Due.Add(-time.Second)); err != nil || r.State != rectification.Reported {
		t.Errorf("in the last second: got %v", err)
	}
	if _, err := r.Answer(holder, 1, "a", "b", now); fault.CodeOf(err) != "stage.not_allowed" {
		t.Errorf("after the report: got %v", err)
	}
}

func fieldsOf(err error) []fault.Field {
	f, ok := errors.AsType[*fault.Fault](err)
	if !ok {
		return nil
	}
	return f.Fields
}

func TestMiss(t *testing.T) {
	t.Parallel()
	r := running(t)
	if _, err := r.Miss(stage.TheClock, r.Due.Add(-time.Second)); fault.CodeOf(err) != "rectification.miss.early" {
		t.Errorf("before the end: got %v", err)
	}
	if _, err := r.Miss(stage.TheClock, r.Due); err != nil || r.State != rectification.Failed {
		t.Errorf("no report means failed: got %v, %s", err, r.State)
	}
}

func TestVerifyAndDecide(t *testing.T) {
	t.Parallel()
	r := reported(t)
	if _, err := r.Verify(assessor, "", []rectification.Item{{Evident: true}, {Evident: true}}, "好。", ordered); fault.CodeOf(err) != "rectification.verify.method" {
		t.Errorf("no method: got %v", err)
	}
	if _, err := r.Verify(assessor, rectification.OnSite, []rectification.Item{{Evident: true}}, "好。", ordered); fault.CodeOf(err) != "rectification.verify.items" {
		t.Errorf("too few marks: got %v", err)
	}
	if _, err := r.Verify(assessor, rectification.OnSite, []rectification.Item{{Evident: true}, {}}, "好。", ordered); fault.CodeOf(err) != "rectification.verify.items" {
		t.Errorf("not evident without a note: got %v", err)
	}
	if _, err := r.Verify(assessor, rectification.OnSite, []rectification.Item{{Evident: true}, {Note: "场所仍关闭"}}, "", ordered); fault.CodeOf(err) != "rectification.verify.opinion" {
		t.Errorf("no opinion: got %v", err)
	}
	if _, err := r.Verify(assessor, rectification.OnSite, []rectification.Item{{Evident: true}, {Note: "场所仍关闭"}}, "一项未见效果。", ordered); err != nil || r.Evident || r.VerifiedBy != "assessor" || r.VerifiedAt != ordered {
		t.Fatalf("got %v, evident %v", err, r.Evident)
	}
	if _, err := r.Decide(chair, "", true, "", ordered); fault.CodeOf(err) != "rectification.decide.no_decision" {
		t.Errorf("without the committee: got %v", err)
	}
	if _, err := r.Decide(chair, "itm_1", false, "场所仍关闭", ordered); err != nil || r.State != rectification.Failed || r.Decision != "itm_1" {
		t.Errorf("got %v, %s", err, r.State)
	}
}

func TestEndOnlyWhenTheTitleEnded(t *testing.T) {
	t.Parallel()
	r, d := running(t), title
	d.State = designation.Rectifying
	if _, err := r.End(stage.TheClock, d, ordered); fault.CodeOf(err) != "rectification.end.still_valid" {
		t.Errorf("got %v", err)
	}
	d.State = designation.Dissolved
	if _, err := r.End(stage.TheClock, d, ordered); err != nil || r.State != rectification.Ended {
		t.Errorf("got %v", err)
	}
}
