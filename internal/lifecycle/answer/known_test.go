package answer_test

import (
	"strings"
	"testing"

	"shifan/internal/calendar"
	"shifan/internal/lifecycle/answer"
	"shifan/internal/lifecycle/eligibility"
	"shifan/internal/lifecycle/fact"
	"shifan/internal/lifecycle/organisation"
	"shifan/internal/lifecycle/programme"
)

// TestKnown: what stands in the ledger is told over the window of the rule that
// reads it, and of three years where none does; what nothing explains is left out.
func TestKnown(t *testing.T) {
	t.Parallel()
	o := &organisation.Organisation{RegisteredOn: calendar.MustDate("2010-01-01"), Facts: fact.Facts{Ledgers: []fact.Ledger{
		{Year: 2018, Trainings: 2}, {Year: 2019, Trainings: 3}, {Year: 2020, Trainings: 4},
	}}}
	pr := &programme.Programme{Eligibility: []programme.Rule{{Expr: "all(org.每年培训次数, # >= 1)", Window: programme.Window{Kind: "complete_years", Length: 1}}}}
	known := func(pr *programme.Programme, names ...string) string {
		return strings.Join(answer.Known(pr, eligibility.Profile{Organisation: o}, names, calendar.MustDate("2021-07-10")), "")
	}
	one, three := known(pr, "每年培训次数", "没有这一项"), known(&programme.Programme{}, "每年培训次数")
	if strings.Contains(one, "2019") || !strings.Contains(one, "2020") || !strings.Contains(three, "2018") {
		t.Errorf("one year: %s; three: %s", one, three)
	}
}
