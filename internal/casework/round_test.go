package casework_test

import (
	"testing"

	"shifan/internal/calendar"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/round"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/store"
	"shifan/internal/testkit"
)

// stateOf returns where a round is, seen by the office.
func stateOf(t *testing.T, w *testkit.World, key id.Round) stage.State {
	t.Helper()
	v, err := w.Desk.Round(t.Context(), w.Office().Clerk, key)
	if err != nil {
		t.Fatal(err)
	}
	return v.Round.State
}

func TestARoundOpensAndCloses(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	key := w.DraftedRound()
	if _, err := w.Desk.Round(t.Context(), stage.Anyone, key); fault.KindOf(err) != fault.NotFound {
		t.Errorf("the public sees a draft: %v", err)
	}
	w.At("2021-06-21 15:56:00")
	office := w.Office()
	if err := w.Desk.PublishRound(t.Context(), office.Director, key, nil); fault.CodeOf(err) != "round.publish.unacknowledged" {
		t.Errorf("19 days for filing go unnoticed: %v", err)
	}
	if err := w.Desk.PublishRound(t.Context(), office.Clerk, key, nil); fault.CodeOf(err) != "stage.not_allowed" {
		t.Errorf("a clerk publishes: %v", err)
	}
	if err := w.Desk.PublishRound(t.Context(), office.Director, key, []string{"filing_days"}); err != nil {
		t.Fatal(err)
	}
	v, err := w.Desk.Round(t.Context(), stage.Anyone, key)
	if err != nil || !v.FilingOpen() || v.DaysLeft != 14 || !v.DaysKnown || len(v.Acts) != 0 {
		t.Errorf("the call as the public sees it: %+v %v", v, err)
	}
	w.At("2021-07-10 23:59:59")
	if got := stateOf(t, w, key); got != round.Open {
		t.Errorf("a second before the deadline it is %s", got)
	}
	w.At("2021-07-11 00:00:00")
	if got := stateOf(t, w, key); got != round.Closed {
		t.Errorf("at the deadline it is %s", got)
	}
	if acts, err := w.Desk.Tick(t.Context()); acts != 0 || err != nil {
		t.Errorf("a second tick does %d acts, %v", acts, err)
	}
}

func TestExtensionIsRoundWide(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	key := w.OpenRound()
	w.At("2021-07-10 22:00:00")
	if err := w.Desk.ExtendRound(t.Context(), w.Office().Director, key, calendar.MustDate("2021-07-12"), "17:30", "7月10日20时至22时系统故障"); err != nil {
		t.Fatal(err)
	}
	w.At("2021-07-12 17:29:59")
	v, err := w.Desk.Round(t.Context(), stage.Anyone, key)
	if err != nil || !v.FilingOpen() || len(v.Round.Extensions) != 1 {
		t.Errorf("%+v %v", v, err)
	}
	w.At("2021-07-12 17:30:00")
	if got := stateOf(t, w, key); got != round.Closed {
		t.Error(got)
	}
	if err := w.Desk.ExtendRound(t.Context(), w.Office().Director, key, calendar.MustDate("2021-07-13"), "", "又一次"); fault.KindOf(err) != fault.Refused {
		t.Errorf("extended after the deadline: %v", err)
	}
}

func TestOneRegularRoundAYear(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	w.OpenRound()
	office := w.Office()
	plan := testkit.Plan2021()
	plan.DeadlineDate = calendar.MustDate("2021-08-10")
	second, err := w.Desk.DraftRound(t.Context(), office.Clerk, w.Programme().Name, plan)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Desk.PublishRound(t.Context(), office.Director, second, nil); fault.CodeOf(err) != "round.publish.second_regular" {
		t.Errorf("a second regular round: %v", err)
	}
	plan.Special, plan.Reason = true, "疫情影响，增补一批"
	if err := w.Desk.EditRound(t.Context(), office.Clerk, second, 1, plan); err != nil {
		t.Fatal(err)
	}
	if err := w.Desk.EditRound(t.Context(), office.Clerk, second, 1, plan); fault.KindOf(err) != fault.Conflict {
		t.Errorf("an edit of what somebody else changed: %v", err)
	}
	if err := w.Desk.PublishRound(t.Context(), office.Director, second, nil); err != nil {
		t.Errorf("a special round with a reason: %v", err)
	}
	all, err := w.Desk.Rounds(t.Context(), stage.Anyone, store.RoundFilter{})
	if err != nil || len(all) != 2 {
		t.Errorf("%d rounds, %v", len(all), err)
	}
}

// TestWhoSeesRounds: drafts are for the office of their programme; another
// programme's office neither sees nor moves them.
func TestWhoSeesRounds(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	key := w.DraftedRound()
	name := w.Programme().Name
	for _, tt := range []struct {
		viewer stage.Actor
		sees   bool
	}{
		{stage.Actor{Role: stage.Clerk, Programme: name}, true},
		{stage.Actor{Role: stage.Clerk, Programme: "another"}, false},
		{stage.Actor{Role: stage.Director}, true},
		{stage.Actor{Role: stage.Auditor}, true},
		{stage.Actor{Role: stage.Member, Programme: name}, false},
		{stage.Actor{Role: stage.Applicant}, false},
		{stage.Actor{Role: stage.Operator}, false},
		{stage.Anyone, false},
	} {
		all, err := w.Desk.Rounds(t.Context(), tt.viewer, store.RoundFilter{})
		if err != nil || (len(all) == 1) != tt.sees {
			t.Errorf("%+v lists %d, %v", tt.viewer, len(all), err)
		}
		if _, err := w.Desk.Round(t.Context(), tt.viewer, key); (err == nil) != tt.sees {
			t.Errorf("%+v: %v", tt.viewer, err)
		}
	}
	foreign := stage.Actor{Account: "acc_foreign", Role: stage.Clerk, Programme: "another"}
	if _, err := w.Desk.DraftRound(t.Context(), foreign, name, testkit.Plan2021()); fault.KindOf(err) != fault.NotFound {
		t.Errorf("another programme's clerk drafts: %v", err)
	}
	if err := w.Desk.CancelRound(t.Context(), foreign, key, "x"); fault.KindOf(err) != fault.NotFound {
		t.Errorf("another programme's clerk cancels: %v", err)
	}
	if err := w.Desk.CancelRound(t.Context(), w.Office().Clerk, key, "改期"); err != nil || stateOf(t, w, key) != round.Cancelled {
		t.Error(err)
	}
}

func TestRoundsByPage(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	for year := 2021; year <= 2025; year++ {
		if _, err := w.Desk.DraftRound(t.Context(), w.Office().Clerk, w.Programme().Name, round.Plan{Year: year, Title: "𠮷林"}); err != nil {
			t.Fatal(err)
		}
	}
	var years []int
	f := store.RoundFilter{Limit: 2, States: []stage.State{round.Drafted, round.Open}, Programme: w.Programme().Name}
	for {
		page, err := w.Desk.Rounds(t.Context(), w.Office().Clerk, f)
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range page {
			years = append(years, v.Round.Year)
			f.After = v.Round.ID
		}
		if len(page) < 2 {
			break
		}
	}
	if len(years) != 5 || years[0] != 2025 || years[4] != 2021 {
		t.Error(years)
	}
	if all, err := w.Desk.Rounds(t.Context(), w.Office().Clerk, store.RoundFilter{Year: 2023}); err != nil || len(all) != 1 {
		t.Error(all, err)
	}
}
