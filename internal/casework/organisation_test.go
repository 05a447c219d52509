package casework_test

import (
	"testing"

	"shifan/internal/fault"
	"shifan/internal/lifecycle/eligibility"
	"shifan/internal/lifecycle/fact"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/store"
	"shifan/internal/testkit"
)

// profileOf reads an organisation as the rules do.
func profileOf(t *testing.T, w *testkit.World, do func(eligibility.Profile), key string) {
	t.Helper()
	if err := w.Desk.Store.View(t.Context(), func(tx *store.Tx) error {
		all, err := tx.Organisations(stage.Actor{Role: stage.Clerk}, store.OrganisationFilter{Query: key})
		if err != nil || len(all) != 1 {
			t.Fatalf("%d organisations for %q, %v", len(all), key, err)
		}
		p, err := tx.ProfileOf(all[0].ID)
		do(p)
		return err
	}); err != nil {
		t.Error(err)
	}
}

// TestTheKitsOrganisationIsEligible: every test that begins with w.Organisation
// rests on this.
func TestTheKitsOrganisationIsEligible(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	for range 2 {
		w.Organisation()
	}
	profileOf(t, w, func(p eligibility.Profile) {
		for _, c := range eligibility.SelfCheck(w.Programme(), p, eligibility.Titles{}, testkit.Plan2021().DeadlineDate) {
			if c.Verdict != eligibility.Meets {
				t.Errorf("%s: %s %v", c.Rule.Title, c.Verdict, c.Why)
			}
		}
		if n := p.Organisation.Facts.Declared(); n != 0 || !p.Bodies[0].Source.Confirmed {
			t.Errorf("%d facts are only declared", n)
		}
	}, "51220000")
}

func TestFactsAreDeclaredAndConfirmed(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	key := w.Organisation()
	applicant, other := w.ApplicantOf(key), w.ApplicantOf(w.Organisation())
	f := testkit.EligibleFacts(2021)
	f.Ledgers[2].Trainings = 3
	w.Refused(w.Desk.EditFacts(t.Context(), applicant, key, 0, f), "organisation.edit.confirmed")
	w.Refused(w.Desk.EditFacts(t.Context(), other, key, 0, f), "thing.not_found")
	w.Refused(w.Desk.EditFacts(t.Context(), w.Person("系统管理员", stage.Operator), key, 0, fact.Facts{}), "stage.not_allowed")
	f = testkit.EligibleFacts(2021)
	f.Regulations = append(f.Regulations, fact.Regulation{Title: "议事规则", AdoptedOn: f.Regulations[0].AdoptedOn})
	w.Refused(w.Desk.EditFacts(t.Context(), applicant, key, 1, f), "thing.stale")
	if err := w.Desk.EditFacts(t.Context(), applicant, key, 3, f); err != nil {
		t.Fatal(err)
	}
	if err := w.Desk.ConfirmOrganisation(t.Context(), w.Office().Clerk, key, 3); fault.KindOf(err) != fault.Conflict {
		t.Errorf("the clerk confirms what changed meanwhile: %v", err)
	}
	if err := w.Desk.ConfirmOrganisation(t.Context(), w.Office().Clerk, key, 4); err != nil {
		t.Fatal(err)
	}
}
