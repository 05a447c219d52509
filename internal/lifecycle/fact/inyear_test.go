package fact_test

import (
	"testing"

	"shifan/internal/lifecycle/fact"
)

// TestInYear: a year's figures are set in their place, and the facts they came from
// stay as they were.
func TestInYear(t *testing.T) {
	t.Parallel()
	was := fact.Facts{Ledgers: []fact.Ledger{{Year: 2021, Members: 3}, {Year: 2019, Members: 1}}}
	for year, at := range map[int]int{2018: 0, 2019: 0, 2020: 1, 2021: 1, 2022: 2} {
		f, ledger := was.InYear(year)
		ledger.Members += 10
		if f.Ledgers[at].Year != year || f.Ledgers[at].Members < 10 {
			t.Errorf("%d: %+v", year, f.Ledgers)
		}
		if was.Ledgers[0].Members != 3 || was.Ledgers[1].Members != 1 || len(was.Ledgers) != 2 {
			t.Fatalf("%d: the facts before changed: %+v", year, was.Ledgers)
		}
	}
}
