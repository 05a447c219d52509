package casework_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"shifan/internal/calendar"
	"shifan/internal/casework"
	"shifan/internal/fault"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/store"
	"shifan/internal/testkit"
)

// declare makes somebody's yearly statement, with ties or without.
func declare(w *testkit.World, by stage.Actor, ties ...casework.NewTie) error {
	return w.Desk.DeclareInterests(w.Context(), by, casework.Declaring{Whole: true, Ties: ties})
}

// TestATieHidesTheApplicant: what somebody declares takes the applicant's file, its
// place in lists and in counts from them at once, and nothing else.
func TestATieHidesTheApplicant(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	round := w.OpenRound()
	app, other := w.Accepted(round), w.Accepted(round)
	w.At("2021-07-20")
	org, err := w.Desk.Organisation(t.Context(), w.Office().Clerk, w.ApplicationOf(app).Organisation)
	if err != nil {
		t.Fatal(err)
	}
	tied := w.Person("经办人戊", stage.Clerk)
	sees := func() (n int) {
		t.Helper()
		for _, key := range []store.ApplicationFilter{{Round: round}} {
			all, err := w.Desk.Applications(t.Context(), tied, key)
			if err != nil {
				t.Fatal(err)
			}
			n += len(all)
		}
		return n
	}
	if n := sees(); n != 2 {
		t.Fatalf("sees %d before", n)
	}
	if err := declare(w, tied, casework.NewTie{Organisation: org.Organisation.Name(), Kind: "kin", Reason: "配偶任副会长"}); err != nil {
		t.Fatal(err)
	}
	if n := sees(); n != 1 {
		t.Errorf("sees %d of 2 with a tie to one", n)
	}
	if _, err := w.Desk.Application(t.Context(), tied, app); fault.KindOf(err) != fault.NotFound {
		t.Errorf("the tied applicant's file: %v", err)
	}
	if _, err := w.Desk.Application(t.Context(), tied, other); err != nil {
		t.Errorf("the other's: %v", err)
	}
	v, err := w.Desk.Interests(t.Context(), tied)
	if err != nil || len(v.Ties) != 1 || !v.Holds {
		t.Fatalf("%v %+v", err, v)
	}
	want := []string{"interest.declare lapsed→current clerk"}
	if diff := cmp.Diff(want, w.Record(string(v.Statement.ID))); diff != "" {
		t.Error(diff)
	}
	w.Refused(w.Desk.LiftInterest(t.Context(), tied, v.Ties[0].Key, "没有了"), "stage.not_allowed")
	if err := w.Desk.LiftInterest(t.Context(), w.Office().Director, v.Ties[0].Key, "副会长已卸任"); err != nil {
		t.Fatal(err)
	}
	if n := sees(); n != 2 {
		t.Errorf("sees %d after the tie was lifted", n)
	}
	if err := declare(w, tied, casework.NewTie{Organisation: org.Organisation.Code, Kind: "own", Reason: "任理事"}); err != nil {
		t.Errorf("a tie that was lifted is declared anew: %v", err)
	}
	w.Refused(declare(w, tied, casework.NewTie{Organisation: org.Organisation.Code, Kind: "own", Reason: "任理事"}), "review.declare.twice")
	if n := sees(); n != 1 {
		t.Errorf("sees %d", n)
	}
}

// TestNobodyWorksUndeclared: where the programme asks for the yearly statement, work is
// neither given to nor taken from those who made none, until they make it, for a year.
func TestNobodyWorksUndeclared(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	w.Reconfigure("  four_eyes: true\n", "  four_eyes: true\ninterests:\n  yearly: true\n")
	app := w.Accepted(w.OpenRound())
	w.At("2021-07-20")
	r, clerk := w.ReviewOf(app), w.Office().Clerk
	if r.Reviewer != "" {
		t.Errorf("given to %s, who declared nothing", r.Reviewer)
	}
	w.Refused(w.Desk.AssignReview(t.Context(), w.Office().Director, r.ID, clerk.Account), "review.interest.undeclared")
	work, err := w.Desk.Work(t.Context(), clerk)
	if err != nil || len(work) == 0 || work[len(work)-1].URL != "/interests" {
		t.Errorf("%v: the work page does not ask: %+v", err, work)
	}
	for _, by := range []stage.Actor{clerk, w.Office().Director} {
		if err := declare(w, by); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Desk.AssignReview(t.Context(), w.Office().Director, r.ID, clerk.Account); err != nil {
		t.Errorf("declared: %v", err)
	}
	w.At("2022-07-20")
	v, err := w.Desk.Interests(t.Context(), clerk)
	if err != nil || v.Holds || v.Statement.Until != calendar.MustDate("2022-07-19") || v.Statement.State != "lapsed" {
		t.Errorf("a year later: %v %+v", err, v.Statement)
	}
}

// TestWhoIsAskedForATie: somebody called like a head, or employed by an applicant, is
// asked; nobody is tied by it.
func TestWhoIsAskedForATie(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	org, err := w.Desk.Organisation(t.Context(), w.Office().Clerk, w.Organisation())
	if err != nil {
		t.Fatal(err)
	}
	like, not := w.Person(org.Organisation.LegalHead, stage.Assessor), w.Person("无关的人", stage.Assessor)
	for by, want := range map[stage.Actor]int{like: 1, not: 0} {
		v, err := w.Desk.Interests(t.Context(), by)
		if err != nil || len(v.Hints) != want || len(v.Ties) != 0 {
			t.Errorf("%v: %+v", err, v.Hints)
		}
	}
	if err := w.Desk.DeclareInterests(t.Context(), not, casework.Declaring{Whole: true, Employers: []string{org.Organisation.Name()}}); err != nil {
		t.Fatal(err)
	}
	if v, err := w.Desk.Interests(t.Context(), not); err != nil || len(v.Hints) != 1 {
		t.Errorf("an employer is an applicant: %v %+v", err, v.Hints)
	}
	if all, err := w.Desk.Declarers(t.Context(), w.Office().Director); err != nil || len(all) < 4 {
		t.Errorf("%v: %d declarers", err, len(all))
	}
	if _, err := w.Desk.Declarers(t.Context(), like); fault.KindOf(err) != fault.NotFound {
		t.Errorf("an assessor sees who is tied to whom: %v", err)
	}
}
