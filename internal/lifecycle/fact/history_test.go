package fact_test

import (
	"strings"
	"testing"

	"shifan/internal/lifecycle/fact"
)

// TestSettleLeavesWhatItIsGiven: the new facts may share their lists with the old.
func TestSettleLeavesWhatItIsGiven(t *testing.T) {
	t.Parallel()
	was := fact.Facts{Inspections: []fact.Inspection{{Year: 2019, Conclusion: fact.Passed, Source: fact.Source{By: "acc_a"}}}}
	f := was
	f.Grades = []fact.Grade{{Rank: 3}}
	settled, touched := f.Settle(was, fact.Source{Confirmed: true, By: "acc_b"})
	if settled.Inspections[0].Source.Confirmed || was.Inspections[0].Source.Confirmed || len(touched) > 0 || !settled.Grades[0].Source.Confirmed || f.Grades[0].Source.Confirmed {
		t.Errorf("got %+v, was %+v, touched %v", settled, was, touched)
	}
}

func TestChanges(t *testing.T) {
	t.Parallel()
	was := fact.Facts{Inspections: []fact.Inspection{{Year: 2019}}, NoListing: fact.Source{By: "acc_a"}}
	now := was
	now.NoListing = fact.Source{}
	now.Ledgers = []fact.Ledger{{Year: 2020}}
	var sections []string
	for _, c := range fact.Changes(was, now) {
		sections = append(sections, c.Section)
	}
	if got := strings.Join(sections, " "); got != "listings ledgers" || len(fact.Changes(was, was)) != 0 {
		t.Errorf("got %s", got)
	}
	for _, name := range fact.Sections {
		if diff := fact.Changes(fact.Facts{}, now.Section(name)); len(diff) > 1 {
			t.Errorf("%s: %v", name, diff)
		}
	}
}
