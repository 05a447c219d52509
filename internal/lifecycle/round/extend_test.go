package round_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"shifan/internal/calendar"
	"shifan/internal/fault"
	"shifan/internal/lifecycle/round"
	"shifan/internal/lifecycle/stage"
)

// TestExtend: round-wide, reasoned, while the filing is open, and only later
// (S45).
func TestExtend(t *testing.T) {
	t.Parallel()
	const reason = "7月10日20时至22时系统故障"
	for name, tt := range map[string]struct {
		by       stage.Actor
		to, at   string
		reason   string
		now      string
		deadline string
		code     string
	}{
		"the director, on the last day":  {director, "2021-07-12", "", reason, "2021-07-10 23:59:59", "2021-07-13 00:00:00", ""},
		"the chair":                      {chair, "2021-07-12", "17:30", reason, "2021-07-10 12:00:00", "2021-07-12 17:30:00", ""},
		"to a rest day, as it is named":  {director, "2021-07-11", "", reason, "2021-07-10 12:00:00", "2021-07-12 00:00:00", ""},
		"by a minute":                    {director, "2021-07-11", "00:01", reason, "2021-07-10 12:00:00", "2021-07-11 00:01:00", ""},
		"to the same instant":            {director, "2021-07-10", "24:00", reason, "2021-07-10 12:00:00", "", "round.extend.not_later"},
		"to the same, written otherwise": {director, "2021-07-11", "00:00", reason, "2021-07-10 12:00:00", "", "round.extend.not_later"},
		"earlier":                        {director, "2021-07-09", "", reason, "2021-07-08 12:00:00", "", "round.extend.not_later"},
		"half a year later":              {director, "2022-01-06", "", reason, "2021-07-10 12:00:00", "2022-01-07 00:00:00", ""},
		"a day more":                     {director, "2022-01-07", "", reason, "2021-07-10 12:00:00", "", "round.extend.too_far"},
		"at the deadline":                {director, "2021-07-12", "", reason, "2021-07-11 00:00:00", "", "round.extend.closed"},
		"without a reason":               {director, "2021-07-12", "", "", "2021-07-10 12:00:00", "", "round.extend.reason"},
		"a reason without end":           {director, "2021-07-12", "", strings.Repeat("长", 501), "2021-07-10 12:00:00", "", "round.extend.reason"},
		"a time of no day":               {director, "2021-07-12", "25:00", reason, "2021-07-10 12:00:00", "", "calendar.deadline.time"},
		"a clerk":                        {clerk, "2021-07-12", "", reason, "2021-07-10 12:00:00", "", "stage.not_allowed"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := published(t)
			before := *r
			_, err := r.Extend(tt.by, calendar.MustDate(tt.to), tt.at, tt.reason, calendar.Embedded(), at(t, tt.now))
			if tt.code != "" {
				if fault.CodeOf(err) != tt.code {
					t.Errorf("got %v, want %s", err, tt.code)
				}
				if diff := cmp.Diff(before, *r); diff != "" {
					t.Error("a refusal changed the round:", diff)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if !r.Deadline.Equal(at(t, tt.deadline)) || r.State != round.Open || len(r.Extensions) != 1 || !r.Extensions[0].From.Equal(before.Deadline) {
				t.Errorf("%+v", r)
			}
			if got := calendar.Embedded().Effects([]calendar.Commitment{r.Commitment()}); len(got) != 0 {
				t.Errorf("the extended deadline is not what its commitment says: %v", got)
			}
		})
	}
}

func TestClose(t *testing.T) {
	t.Parallel()
	r := published(t)
	if _, err := r.Close(stage.TheClock, at(t, "2021-07-10 23:59:59")); fault.CodeOf(err) != "round.close.early" || r.State != round.Open {
		t.Errorf("a second early: %v", err)
	}
	if _, err := r.Close(director, at(t, "2021-07-11 00:00:00")); fault.CodeOf(err) != "stage.not_allowed" {
		t.Errorf("a person closes: %v", err)
	}
	if _, err := r.Close(stage.TheClock, at(t, "2021-07-11 00:00:00")); err != nil || r.State != round.Closed {
		t.Errorf("at the instant: %v", err)
	}
	if _, err := r.Close(stage.TheClock, at(t, "2021-07-11 00:00:01")); fault.KindOf(err) != fault.Refused {
		t.Errorf("twice: %v", err)
	}
}

func TestCancel(t *testing.T) {
	t.Parallel()
	r := drafted(t, nil)
	if _, err := r.Cancel(clerk, ""); fault.CodeOf(err) != "round.cancel.reason" {
		t.Errorf("no reason: %v", err)
	}
	if _, err := r.Cancel(clerk, "改由下半年开展"); err != nil || r.State != round.Cancelled || r.EndReason == "" {
		t.Errorf("%+v %v", r, err)
	}
	if _, err := published(t).Cancel(director, "x"); fault.CodeOf(err) != "stage.not_allowed" {
		t.Errorf("a published call is cancelled: %v", err)
	}
}

func TestFunnelReconciles(t *testing.T) {
	t.Parallel()
	full := round.Funnel{
		Started: 30, Discarded: 1, Forfeited: 3, Received: 26, Withdrawn: 2, Declined: 1, Accepted: 23,
		Named: 9, NotChosen: 13, Disqualified: 1, Reviewed: 23, Visited: 22, Carried: 10, Lost: 12,
		Publicised: 10, Cleared: 9, Upheld: 1, Designations: 9,
	}
	if wrong := full.Reconcile(); len(wrong) != 0 {
		t.Error(wrong)
	}
	for name, spoil := range map[string]func(*round.Funnel){
		"a lost draft":                  func(f *round.Funnel) { f.Forfeited-- },
		"one received twice":            func(f *round.Funnel) { f.Withdrawn++ },
		"an accepted one vanished":      func(f *round.Funnel) { f.NotChosen-- },
		"more reviews than files":       func(f *round.Funnel) { f.Reviewed = 24 },
		"more visits than files":        func(f *round.Funnel) { f.Visited = 24 },
		"more decisions than files":     func(f *round.Funnel) { f.Lost = 14 },
		"more publicised than accepted": func(f *round.Funnel) { f.Publicised, f.Cleared = 24, 23 },
		"a candidate without an end":    func(f *round.Funnel) { f.Cleared-- },
		"named without a designation":   func(f *round.Funnel) { f.Designations-- },
	} {
		f := full
		spoil(&f)
		if wrong := f.Reconcile(); len(wrong) != 1 {
			t.Errorf("%s: %v", name, wrong)
		}
	}
	if n := (round.Funnel{Drafts: 1, Waiting: 2, Underway: 3, Selected: 4}).Unfinished(); n != 10 {
		t.Error(n)
	}
}

func TestConclude(t *testing.T) {
	t.Parallel()
	r := published(t)
	if _, err := r.Conclude(director, round.Funnel{}); fault.CodeOf(err) != "stage.not_allowed" {
		t.Errorf("an open round: %v", err)
	}
	r.State = round.Closed
	if _, err := r.Conclude(director, round.Funnel{Started: 1, Received: 1, Accepted: 1, Underway: 1}); fault.CodeOf(err) != "round.conclude.unfinished" {
		t.Errorf("one under way: %v", err)
	}
	if _, err := r.Conclude(director, round.Funnel{Started: 2, Received: 1, Withdrawn: 1}); fault.CodeOf(err) != "round.conclude.numbers" {
		t.Errorf("numbers that do not add up: %v", err)
	}
	if _, err := r.Conclude(clerk, round.Funnel{}); fault.CodeOf(err) != "stage.not_allowed" {
		t.Errorf("a clerk: %v", err)
	}
	if _, err := r.Conclude(director, round.Funnel{Started: 1, Received: 1, Withdrawn: 1}); err != nil || r.State != round.Concluded {
		t.Errorf("%v", err)
	}
}

func TestInstant(t *testing.T) {
	t.Parallel()
	for when, want := range map[string]string{
		"2021-07-11 00:00:00": "2021年7月10日 星期六 24:00",
		"2021-07-10 17:30:00": "2021年7月10日 星期六 17:30",
		"2021-07-11 00:00:30": "2021年7月11日 星期日 00:00",
	} {
		if got := round.Instant(at(t, when)); got != want {
			t.Errorf("%s: %s", when, got)
		}
	}
}
