package revocation_test

import (
	"strings"
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
	rules    = &programme.Programme{Revocation: settings, Applicants: programme.Applicants{BarMonths: 24}}
	cal      = calendar.Embedded()
	start    = calendar.MustDate("2024-09-13").Start().Add(9 * time.Hour)
)

func proposed(t *testing.T) revocation.Revocation {
	t.Helper()
	r, _, err := revocation.Propose(stage.TheClock, "rvk_1", revocation.Case{
		Title: title, Ground: revocation.Rectification, Facts: "两项整改未见效果。", Rectification: "rct_1", Failed: true,
	}, start)
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
	if _, err := r.Decide(chair, "itm_1", true, "整改效果不明显", rules, cal, start); err != nil {
		t.Fatal(err)
	}
	return r
}

func TestPropose(t *testing.T) {
	t.Parallel()
	ended := title
	ended.State = designation.Expired
	type kase = revocation.Case
	for _, tt := range []struct {
		name string
		by   stage.Actor
		c    kase
		code string
	}{
		{"a failed rectification, by the clock", stage.TheClock, kase{Title: title, Ground: revocation.Rectification, Facts: "未见效果", Failed: true}, ""},
		{"a failed rectification, by the office", clerk, kase{Title: title, Ground: revocation.Rectification, Facts: "未见效果", Failed: true}, ""},
		{"an untrue statement", clerk, kase{Title: title, Ground: revocation.Untrue, Facts: "年检结论系伪造"}, ""},
		{"an untrue statement, by the clock", stage.TheClock, kase{Title: title, Ground: revocation.Untrue, Facts: "伪造"}, "revocation.propose.role"},
		{"by the chair", chair, kase{Title: title, Ground: revocation.Untrue, Facts: "伪造"}, "revocation.propose.role"},
		{"a second one", clerk, kase{Title: title, Ground: revocation.Untrue, Facts: "伪造", Open: true}, "revocation.propose.open"},
		{"the rectification has not failed", clerk, kase{Title: title, Ground: revocation.Rectification, Facts: "未见效果"}, "revocation.propose.not_failed"},
		{"a title that is over", clerk, kase{Title: ended, Ground: revocation.Untrue, Facts: "伪造"}, "revocation.propose.not_valid"},
		{"no ground", clerk, kase{Title: title, Facts: "伪造"}, "revocation.propose.ground"},
		{"no facts", clerk, kase{Title: title, Ground: revocation.Untrue, Facts: " "}, "revocation.propose.facts"},
		{"facts as long as they may be", clerk, kase{Title: title, Ground: revocation.Untrue, Facts: strings.Repeat("𠮷", 5000)}, ""},
		{"facts without end", clerk, kase{Title: title, Ground: revocation.Untrue, Facts: strings.Repeat("𠮷", 5001)}, "revocation.propose.facts"},
		{"facts with NUL", clerk, kase{Title: title, Ground: revocation.Untrue, Facts: "伪\x00造"}, "revocation.propose.facts"},
	} {
		r, m, err := revocation.Propose(tt.by, "rvk_1", tt.c, start)
		if (err == nil) != (tt.code == "") || err != nil && fault.CodeOf(err) != tt.code {
			t.Errorf("%s: got %v, want %q", tt.name, err, tt.code)
		}
		if err == nil && (m.Act != "propose" || !r.Open() || r.Stands()) {
			t.Errorf("%s: %+v, %+v", tt.name, m, r)
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
	if _, err := r.Decide(chair, "itm_1", true, "x", rules, cal, start); fault.KindOf(err) != fault.Refused {
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
	if _, err := r.Decide(chair, "", true, "", rules, cal, start); fault.CodeOf(err) != "revocation.decide.no_decision" {
		t.Errorf("without the committee: got %v", err)
	}
	kept := r
	if _, err := kept.Decide(chair, "itm_1", false, "情有可原", rules, cal, start); err != nil || kept.State != revocation.Kept || !kept.BarredUntil.IsZero() {
		t.Errorf("kept: got %v, %+v", err, kept.BarredUntil)
	}
	if _, err := r.Decide(chair, "itm_1", true, "", rules, cal, start); err != nil || r.BarredUntil.String() != "2026-09-13" {
		t.Errorf("revoked: got %v, barred until %s", err, r.BarredUntil)
	}
}

// Sixty natural days from 13 September 2024 end on Tuesday 12 November; from 3
// September on Saturday 2 November, which moves to Monday.
func TestAppealEnds(t *testing.T) {
	t.Parallel()
	for decided, last := range map[string]string{"2024-09-13": "2024-11-12", "2024-09-03": "2024-11-04"} {
		r := notified(t)
		r.State = revocation.Heard
		if _, err := r.Decide(chair, "itm_1", true, "", rules, cal, calendar.MustDate(decided).Start()); err != nil || r.AppealLast.String() != last || !r.AppealEnds.Equal(r.AppealLast.End()) {
			t.Errorf("decided %s: until %s, %v", decided, r.AppealLast, err)
		}
		if !r.Stands() || !r.Open() {
			t.Errorf("a revocation that may be appealed: %+v", r)
		}
	}
}

// A programme may know no appeal: then the decision is final when it is made, and no day
// is named to appeal by.
func TestNoAppeal(t *testing.T) {
	t.Parallel()
	r := notified(t)
	r.State = revocation.Heard
	without := &programme.Programme{Revocation: programme.Revocation{HearingDays: 5}}
	if _, err := r.Decide(chair, "itm_1", true, "", without, cal, start); err != nil || !r.AppealLast.IsZero() {
		t.Fatalf("%v, until %s", err, r.AppealLast)
	}
	contested := r
	if _, err := contested.Contest(holder, "有新证据", start); fault.CodeOf(err) != "revocation.appeal.none" {
		t.Errorf("an appeal: got %v", err)
	}
	if _, err := r.Finalise(stage.TheClock, start); err != nil || r.State != revocation.Final {
		t.Errorf("at once: got %v, %s", err, r.State)
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
		if err == nil && (a.Reason == a.AppealReason || a.AppealReason != "复核") {
			t.Errorf("why it was revoked is lost: %q, %q", a.Reason, a.AppealReason)
		}
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
