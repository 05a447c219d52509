package store_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"shifan/internal/calendar"
	"shifan/internal/id"
	"shifan/internal/lifecycle/application"
	"shifan/internal/lifecycle/designation"
	"shifan/internal/lifecycle/horizon"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/review"
	"shifan/internal/lifecycle/score"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/lifecycle/statistic"
	"shifan/internal/store"
)

// counted is a store with applications of two rounds: in rnd_a one at the meeting, one
// that waits for its visit, one that nobody accepted and a draft; in rnd_b one named.
func counted(t *testing.T) *store.Store {
	t.Helper()
	s := openStore(t)
	for _, r := range []id.Round{"rnd_a", "rnd_b"} {
		if err := add(t, s, fullRound(r)); err != nil {
			t.Fatal(err)
		}
	}
	for _, p := range []struct {
		key          id.Application
		round        id.Round
		state        stage.State
		at, category string
	}{
		{"app_1", "rnd_a", application.Underway, "meeting", "service"},
		{"app_2", "rnd_a", application.Underway, "visit", "service"},
		{"app_3", "rnd_a", application.Submitted, "", "service"},
		{"app_4", "rnd_a", application.Draft, "", ""},
		{"app_5", "rnd_b", application.Named, "", "service"},
	} {
		a := fullApplication(p.key)
		a.Round, a.State, a.Stage, a.Category = p.round, p.state, p.at, p.category
		if p.state == application.Draft {
			a.SubmittedAt, a.Number = time.Time{}, ""
		}
		if err := addApplication(t, s, a); err != nil {
			t.Fatal(err)
		}
	}
	for n, key := range []id.Application{"app_1", "app_2"} {
		r := fullReview(id.Review("rev_"+key), key)
		r.Round, r.Organisation, r.Findings = "rnd_a", id.Organisation("org_"+key), map[string]review.Finding{"1-1": {Verdict: "partly", Score: 3 - n}}
		addReview(t, s, r)
	}
	v := fullVisit("vis_1", "app_1")
	v.Round, v.Organisation = "rnd_a", "org_app_1"
	addVisit(t, s, v)
	tie(t, s, "acc_tied", "org_app_1")
	return s
}

var (
	auditor   = stage.Actor{Account: "acc_auditor", Role: stage.Auditor}
	tiedClerk = stage.Actor{Account: "acc_tied", Role: stage.Clerk}
)

// TestCountedIn: what is counted of rounds comes out by groups and by chapters, and who
// has an interest counts without what it is in.
func TestCountedIn(t *testing.T) {
	t.Parallel()
	s := counted(t)
	count := func(by stage.Actor, keys ...id.Round) store.Counted {
		t.Helper()
		all := viewed(t, s, func(tx *store.Tx) (store.Counted, error) { return tx.CountedIn(by, keys) })
		slices.SortFunc(all.Tallies, func(a, b statistic.Tally) int { return strings.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
		return all
	}
	got := count(auditor, "rnd_a", "rnd_b")
	want := []statistic.Tally{
		{Round: "rnd_a", State: application.Draft, N: 1},
		{Round: "rnd_a", Category: "service", State: application.Submitted, Filed: true, N: 1},
		{Round: "rnd_a", Category: "service", State: application.Underway, Stage: "meeting", Filed: true, N: 1},
		{Round: "rnd_a", Category: "service", State: application.Underway, Stage: "visit", Filed: true, N: 1},
		{Round: "rnd_b", Category: "service", State: application.Named, Filed: true, N: 1},
	}
	if diff := cmp.Diff(want, got.Tallies); diff != "" {
		t.Error(diff)
	}
	a, b := got.Counts["rnd_a"], got.Counts["rnd_b"]
	if a.All != 4 || a.Out["review"] != 2 || a.Out["visit"] != 1 || b.All != 1 || b.Out["review"] != 0 || got.Hidden != 0 {
		t.Errorf("%+v, %d hidden", got.Counts, got.Hidden)
	}
	if got := count(tiedClerk, "rnd_a"); got.Hidden != 1 || len(got.Tallies) != 3 || got.Counts["rnd_a"].All != 3 || got.Counts["rnd_a"].Out["visit"] != 0 {
		t.Errorf("with an interest: %+v", got)
	}
	if got := count(auditor); len(got.Tallies) != 0 || len(got.Counts) != 0 {
		t.Errorf("of no round: %+v", got)
	}
}

// TestSpellsMarksAndTotalsIn: how long the stages took, what was found of each indicator
// and what it adds up to, of one round.
func TestSpellsMarksAndTotalsIn(t *testing.T) {
	t.Parallel()
	s := counted(t)
	spells := viewed(t, s, func(tx *store.Tx) ([]statistic.Spell, error) { return tx.SpellsIn(auditor, "rnd_a", "visits") })
	filed, opened := calendar.MustDate("2021-07-01"), calendar.MustDate("2024-09-01")
	want := []statistic.Spell{
		{Stage: "intake", From: filed, N: 1},
		{Stage: "intake", From: filed, To: opened, N: 2},
		{Stage: "meeting", From: opened, N: 1},
		{Stage: "review", From: opened, To: opened, Due: calendar.MustDate("2021-08-06"), N: 2},
		{Stage: "visit", From: opened, To: opened, N: 1},
	}
	inOrder := cmpopts.SortSlices(func(a, b statistic.Spell) bool { return fmt.Sprint(a) < fmt.Sprint(b) })
	if diff := cmp.Diff(want, spells, inOrder); diff != "" {
		t.Error(diff)
	}
	marks := viewed(t, s, func(tx *store.Tx) ([]statistic.Mark, error) { return tx.MarksIn(auditor, "rnd_a") })
	found := []statistic.Mark{
		{By: "review", Indicator: "1-1", Verdict: "partly", Score: 2, N: 1},
		{By: "review", Indicator: "1-1", Verdict: "partly", Score: 3, N: 1},
		{By: "visit", Indicator: "4-3", Verdict: "partly", Score: 2, N: 1},
	}
	if diff := cmp.Diff(found, marks, cmpopts.SortSlices(func(a, b statistic.Mark) bool { return fmt.Sprint(a) < fmt.Sprint(b) })); diff != "" {
		t.Error(diff)
	}
	rule := score.Rule{Groups: []programme.Group{{Indicators: []programme.Indicator{
		{Code: "1-1", Judged: "scored", Points: 5}, {Code: "4-3", Judged: "scored", Points: 5, At: "visit"},
	}}}}
	for name, tt := range map[string]struct {
		by      stage.Actor
		visited bool
		want    []string
	}{
		"review and visit have both said theirs": {auditor, true, []string{"5"}},
		"a procedure without a visit":            {auditor, false, []string{"2", "3"}},
		"with an interest, visited":              {tiedClerk, true, nil},
		"with an interest":                       {tiedClerk, false, []string{"2"}},
	} {
		got := viewed(t, s, func(tx *store.Tx) (said []string, err error) {
			all, err := tx.TotalsIn(tt.by, "rnd_a", rule, tt.visited)
			for _, r := range all {
				said = append(said, score.Said(r))
			}
			return said, err
		})
		slices.Sort(got)
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// TestExpiriesOf counts what holds now by months; what is over is not counted, and what
// has no end has no month.
func TestExpiriesOf(t *testing.T) {
	t.Parallel()
	s := openStore(t)
	for n, tt := range []struct {
		state stage.State
		to    string
	}{{designation.Valid, "2024-09-15"}, {designation.Rectifying, "2024-09-30"}, {designation.Valid, "2024-10-01"}, {designation.Expired, "2024-09-15"}, {designation.Valid, ""}} {
		d := fullDesignation(id.Designation(fmt.Sprint("dsg_", n)))
		d.State, d.ValidTo = tt.state, calendar.Date{}
		if tt.to != "" {
			d.ValidTo = calendar.MustDate(tt.to)
		}
		if err := addDesignation(t, s, d); err != nil {
			t.Fatal(err)
		}
	}
	got := viewed(t, s, func(tx *store.Tx) ([]horizon.Expiry, error) { return tx.ExpiriesOf("base") })
	want := []horizon.Expiry{{Month: "", N: 1}, {Month: "2024-09", N: 2}, {Month: "2024-10", N: 1}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if other := viewed(t, s, func(tx *store.Tx) ([]horizon.Expiry, error) { return tx.ExpiriesOf("other") }); len(other) != 0 {
		t.Errorf("of another programme: %v", other)
	}
}
