package rectification_test

import (
	"testing"
	"time"

	"shifan/internal/calendar"
	"shifan/internal/fault"
	"shifan/internal/lifecycle/designation"
	"shifan/internal/lifecycle/programme"
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
	natural  = programme.Rectification{Days: 30, Extensions: 1, RollsOver: true}
	ordered  = calendar.MustDate("2024-09-01").Start().Add(12 * time.Hour)
)

func day(s string) calendar.Date { return calendar.MustDate(s) }

func order(t *testing.T) rectification.Rectification {
	t.Helper()
	r, err := rectification.Order("rct_1", title, "rck_1", []string{"补齐会议记录", "恢复活动场所"}, ordered)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func running(t *testing.T) rectification.Rectification {
	t.Helper()
	r := order(t)
	if _, err := r.Serve(clerk, day("2024-09-02"), natural, calendar.Embedded(), ordered.AddDate(0, 0, 3)); err != nil {
		t.Fatal(err)
	}
	return r
}

func reported(t *testing.T) rectification.Rectification {
	t.Helper()
	r := running(t)
	if _, err := r.Report(holder, []string{"已补齐", "已恢复"}, day("2024-09-20").Start()); err != nil {
		t.Fatal(err)
	}
	return r
}

func TestOrder(t *testing.T) {
	t.Parallel()
	expired := title
	expired.State = designation.Expired
	for _, tt := range []struct {
		name  string
		d     designation.Designation
		items []string
		code  string
	}{
		{"a valid title", title, []string{"补齐"}, ""},
		{"an expired title", expired, []string{"补齐"}, "rectification.order.not_valid"},
		{"nothing to do", title, nil, "rectification.order.items"},
		{"an empty item", title, []string{"补齐", " "}, "rectification.order.items"},
		{"too many", title, make([]string, 51), "rectification.order.items"},
	} {
		_, err := rectification.Order("rct_1", tt.d, "", tt.items, ordered)
		if (err == nil) != (tt.code == "") || err != nil && fault.CodeOf(err) != tt.code {
			t.Errorf("%s: got %v, want %q", tt.name, err, tt.code)
		}
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
		{"fifteen working days across make-up days", "2024-09-09", programme.Rectification{Days: 15, Working: true}, "2024-09-30", false},
		{"into a year that is not known", "2026-12-20", natural, "2027-01-19", true},
	} {
		last, provisional, err := rectification.Term(day(tt.served), tt.s, calendar.Embedded())
		if err != nil || last.String() != tt.last || provisional != tt.provisional {
			t.Errorf("%s: got %s, %v, %v; want %s, %v", tt.name, last, provisional, err, tt.last, tt.provisional)
		}
	}
}

func TestServe(t *testing.T) {
	t.Parallel()
	now := ordered.AddDate(0, 0, 3)
	for _, on := range []string{"2024-08-31", "2024-09-05"} {
		r := order(t)
		if _, err := r.Serve(clerk, day(on), natural, calendar.Embedded(), now); fault.CodeOf(err) != "rectification.serve.date" {
			t.Errorf("served %s: got %v", on, err)
		}
	}
	if r := running(t); r.DueOn != day("2024-10-08") || !r.Due.Equal(day("2024-10-09").Start()) {
		t.Errorf("due %s, %s", r.DueOn, r.Due)
	}
}

func TestExtendOnce(t *testing.T) {
	t.Parallel()
	r, c, now := running(t), calendar.Embedded(), day("2024-09-20").Start()
	if _, err := r.Extend(director, r.DueOn, "台风", natural, c, now); fault.CodeOf(err) != "rectification.extend.later" {
		t.Errorf("the same day: got %v", err)
	}
	if _, err := r.Extend(director, day("2024-12-01"), "台风", natural, c, now); fault.CodeOf(err) != "rectification.extend.later" {
		t.Errorf("more than one more term: got %v", err)
	}
	if _, err := r.Extend(director, day("2024-10-20"), "", natural, c, now); fault.CodeOf(err) != "rectification.reason" {
		t.Errorf("no reason: got %v", err)
	}
	if _, err := r.Extend(director, day("2024-10-20"), "台风", natural, c, r.Due); fault.CodeOf(err) != "rectification.report.late" {
		t.Errorf("when the time is over: got %v", err)
	}
	if _, err := r.Extend(director, day("2024-10-20"), "台风", natural, c, now); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Extend(director, day("2024-10-25"), "台风", natural, c, now); fault.CodeOf(err) != "rectification.extend.again" {
		t.Errorf("a second time: got %v", err)
	}
}

func TestReport(t *testing.T) {
	t.Parallel()
	r := running(t)
	if _, err := r.Report(holder, []string{"已补齐"}, ordered.AddDate(0, 0, 9)); fault.CodeOf(err) != "rectification.report.item" {
		t.Errorf("an item without an answer: got %v", err)
	}
	if _, err := r.Report(stage.Actor{Role: stage.Applicant, Organisation: "org_2"}, []string{"a", "b"}, ordered); fault.KindOf(err) != fault.NotFound {
		t.Errorf("another organisation: got %v", err)
	}
	if _, err := r.Report(holder, []string{"a", "b"}, r.Due); fault.CodeOf(err) != "rectification.report.late" {
		t.Errorf("at the due instant: got %v", err)
	}
	if _, err := r.Report(holder, []string{"a", "b"}, r.Due.Add(-time.Second)); err != nil || r.State != rectification.Reported {
		t.Errorf("in the last second: got %v", err)
	}
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
	if _, err := r.Verify(assessor, []rectification.Item{{Evident: true}}, "好。", ordered); fault.CodeOf(err) != "rectification.verify.items" {
		t.Errorf("too few marks: got %v", err)
	}
	if _, err := r.Verify(assessor, []rectification.Item{{Evident: true}, {}}, "好。", ordered); fault.CodeOf(err) != "rectification.verify.items" {
		t.Errorf("not evident without a note: got %v", err)
	}
	if _, err := r.Verify(assessor, []rectification.Item{{Evident: true}, {Note: "场所仍关闭"}}, "", ordered); fault.CodeOf(err) != "rectification.verify.opinion" {
		t.Errorf("no opinion: got %v", err)
	}
	if _, err := r.Verify(assessor, []rectification.Item{{Evident: true}, {Note: "场所仍关闭"}}, "一项未见效果。", ordered); err != nil || r.Evident {
		t.Fatalf("got %v, evident %v", err, r.Evident)
	}
	if _, err := r.Decide(chair, "", true, "", ordered); fault.CodeOf(err) != "rectification.decide.no_decision" {
		t.Errorf("without the committee: got %v", err)
	}
	if _, err := r.Decide(chair, "itm_1", false, "场所仍关闭", ordered); err != nil || r.State != rectification.Failed {
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
