package revocation_test

import (
	"testing"
	"time"

	"shifan/internal/calendar"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/designation"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/revocation"
	"shifan/internal/lifecycle/stage"
)

var (
	clerk    = stage.Actor{Account: "clerk", Role: stage.Clerk}
	chair    = stage.Actor{Account: "chair", Role: stage.Chair}
	holder   = stage.Actor{Account: "holder", Role: stage.Applicant, Organisation: "org_1"}
	other    = stage.Actor{Account: "other", Role: stage.Applicant, Organisation: "org_2"}
	title    = designation.Designation{ID: "dsg_1", Organisation: "org_1", State: designation.Rectifying}
	settings = programme.Revocation{HearingDays: 5, AppealDays: 60}
	start    = calendar.MustDate("2024-09-13").Start().Add(9 * time.Hour)
)

func proposed(t *testing.T) revocation.Revocation {
	t.Helper()
	r, err := revocation.Propose(clerk, "rvk_1", title, revocation.Rectification, "两项整改未见效果。", "rct_1", true, start)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func notified(t *testing.T) revocation.Revocation {
	t.Helper()
	r := proposed(t)
	if _, err := r.Notify(clerk, calendar.DateOf(start), settings, calendar.Embedded(), start); err != nil {
		t.Fatal(err)
	}
	return r
}

func revoked(t *testing.T) revocation.Revocation {
	t.Helper()
	r := notified(t)
	if _, err := r.Speak(holder, "无", start); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Decide(chair, "itm_1", true, "整改效果不明显", settings, 24, start); err != nil {
		t.Fatal(err)
	}
	return r
}

func TestPropose(t *testing.T) {
	t.Parallel()
	ended := title
	ended.State = designation.Expired
	for _, tt := range []struct {
		name          string
		d             designation.Designation
		ground, facts string
		failed        bool
		code          string
	}{
		{"a failed rectification", title, revocation.Rectification, "未见效果", true, ""},
		{"an untrue statement", title, revocation.Untrue, "年检结论系伪造", false, ""},
		{"the rectification has not failed", title, revocation.Rectification, "未见效果", false, "revocation.propose.not_failed"},
		{"a title that is over", ended, revocation.Untrue, "伪造", false, "revocation.propose.not_valid"},
		{"no ground", title, "", "伪造", false, "revocation.propose.ground"},
		{"no facts", title, revocation.Untrue, " ", false, "revocation.propose.facts"},
	} {
		_, err := revocation.Propose(clerk, "rvk_1", tt.d, tt.ground, tt.facts, "", tt.failed, start)
		if (err == nil) != (tt.code == "") || err != nil && fault.CodeOf(err) != tt.code {
			t.Errorf("%s: got %v, want %q", tt.name, err, tt.code)
		}
	}
}

// Five working days from Friday 13 September 2024: the 14th is made up, the
// 15th to 17th and a weekend are off, so the fifth is Monday the 23rd.
func TestHearing(t *testing.T) {
	t.Parallel()
	r := notified(t)
	if got := r.HearingLast.String(); got != "2024-09-23" {
		t.Fatalf("the hearing lasts until %s", got)
	}
	if _, err := r.Decide(chair, "itm_1", true, "x", settings, 24, start); fault.KindOf(err) != fault.Refused {
		t.Errorf("a decision before the holder was heard: got %v", err)
	}
	if _, err := r.CloseHearing(stage.TheClock, r.HearingEnds.Add(-time.Second)); fault.CodeOf(err) != "revocation.close_hearing.early" {
		t.Errorf("a second early: got %v", err)
	}
	if _, err := r.Speak(holder, "无", r.HearingEnds); fault.CodeOf(err) != "revocation.state.late" {
		t.Errorf("at the end: got %v", err)
	}
	if _, err := r.Speak(other, "无", start); fault.KindOf(err) != fault.NotFound {
		t.Errorf("another organisation: got %v", err)
	}
	if _, err := r.Speak(holder, "", start); fault.CodeOf(err) != "revocation.statement" {
		t.Errorf("nothing said: got %v", err)
	}
	if _, err := r.CloseHearing(stage.TheClock, r.HearingEnds); err != nil || r.State != revocation.Heard {
		t.Errorf("at the end the clock closes it: got %v", err)
	}
}

func TestNotifyDate(t *testing.T) {
	t.Parallel()
	for _, on := range []string{"2024-09-12", "2024-09-14"} {
		r := proposed(t)
		if _, err := r.Notify(clerk, calendar.MustDate(on), settings, calendar.Embedded(), start); fault.CodeOf(err) != "revocation.notify.date" {
			t.Errorf("%s: got %v", on, err)
		}
	}
}

func TestDecide(t *testing.T) {
	t.Parallel()
	r := notified(t)
	if _, err := r.Speak(holder, "有客观原因。", start); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Decide(chair, "", true, "", settings, 24, start); fault.CodeOf(err) != "revocation.decide.no_decision" {
		t.Errorf("without the committee: got %v", err)
	}
	kept := r
	if _, err := kept.Decide(chair, "itm_1", false, "情有可原", settings, 24, start); err != nil || kept.State != revocation.Kept || !kept.BarredUntil.IsZero() {
		t.Errorf("kept: got %v, %+v", err, kept.BarredUntil)
	}
	if _, err := r.Decide(chair, "itm_1", true, "", settings, 24, start); err != nil || r.BarredUntil.String() != "2026-09-13" {
		t.Errorf("revoked: got %v, barred until %s", err, r.BarredUntil)
	}
}

func TestAppeal(t *testing.T) {
	t.Parallel()
	r := revoked(t)
	if _, err := r.Finalise(stage.TheClock, r.AppealEnds.Add(-time.Second)); fault.CodeOf(err) != "revocation.finalise.early" {
		t.Errorf("a second early: got %v", err)
	}
	if _, err := r.Contest(holder, "有新证据", r.AppealEnds); fault.CodeOf(err) != "revocation.appeal.late" {
		t.Errorf("at the end: got %v", err)
	}
	if _, err := r.Contest(other, "x", start); fault.KindOf(err) != fault.NotFound {
		t.Errorf("another organisation: got %v", err)
	}
	if _, err := r.Contest(holder, " ", start); fault.CodeOf(err) != "revocation.appeal.text" {
		t.Errorf("no grounds: got %v", err)
	}
	silent := r
	if _, err := silent.Finalise(stage.TheClock, r.AppealEnds); err != nil || silent.State != revocation.Final {
		t.Errorf("at the end the clock makes it final: got %v", err)
	}
	if _, err := r.Contest(holder, "有新证据", r.AppealEnds.Add(-time.Second)); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		decision  id.Item
		reinstate bool
		code      string
		state     stage.State
		barred    bool
	}{
		{"", true, "revocation.decide.no_decision", revocation.Appealed, true},
		{"itm_2", true, "", revocation.Reinstated, false},
		{"itm_2", false, "", revocation.Final, true},
	} {
		a := r
		_, err := a.Settle(chair, tt.decision, tt.reinstate, "复核", start)
		if err != nil && fault.CodeOf(err) != tt.code || a.State != tt.state || a.BarredUntil.IsZero() == tt.barred {
			t.Errorf("%+v: got %v, %s, barred until %s", tt, err, a.State, a.BarredUntil)
		}
	}
}

func TestEndOnlyWhenTheTitleEnded(t *testing.T) {
	t.Parallel()
	r := notified(t)
	if _, err := r.End(stage.TheClock, title, start); fault.CodeOf(err) != "revocation.end.still_valid" {
		t.Errorf("got %v", err)
	}
	gone := title
	gone.State = designation.Dissolved
	if _, err := r.End(stage.TheClock, gone, start); err != nil || r.State != revocation.Ended {
		t.Errorf("got %v", err)
	}
}
