package figure_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"shifan/internal/lifecycle/fact"
	"shifan/internal/lifecycle/figure"
)

// TestAsOf: what was known at an instant is what is known now without the changes since,
// section by section, whatever the number of changes.
func TestAsOf(t *testing.T) {
	t.Parallel()
	at := func(n int) time.Time { return time.Date(2021, 1, n, 0, 0, 0, 0, time.UTC) }
	states := []fact.Facts{
		{},
		{Grades: []fact.Grade{{Rank: 3}}, Ledgers: []fact.Ledger{{Year: 2020, Members: 5}}},
		{Grades: []fact.Grade{{Rank: 3}}, Ledgers: []fact.Ledger{{Year: 2020, Members: 6}}, Penalties: []fact.Penalty{{Number: "1"}}, Inspections: []fact.Inspection{{Year: 2020}}},
		{Ledgers: []fact.Ledger{{Year: 2021, Members: 9}}, Charter: fact.Charter{}, Metrics: []fact.Metric{{Name: "收入"}}, Regulations: []fact.Regulation{{Title: "章程"}}, Listings: []fact.Listing{{List: "abnormal"}}},
	}
	var changes []fact.Change // the latest first
	for n := 1; n < len(states); n++ {
		for _, c := range fact.Changes(states[n-1], states[n]) {
			c.At = at(2 * n)
			changes = append([]fact.Change{c}, changes...)
		}
	}
	for n, want := range states {
		for day, there := range map[int]bool{2 * n: true, 2*n + 1: true, 2*n - 1: false} {
			if day < 1 {
				continue
			}
			got := figure.AsOf(states[len(states)-1], changes, at(day))
			if diff := cmp.Diff(want, got); (diff == "") != there {
				t.Errorf("state %d on day %d: %s", n, day, diff)
			}
		}
	}
}
