package answer

import (
	"slices"
	"strings"

	"shifan/internal/calendar"
	"shifan/internal/lifecycle/eligibility"
	"shifan/internal/lifecycle/programme"
)

// Known says what the organisation's own facts and its ledger already tell about
// some facts by name, as of a day: what need not be filed again (S43). Each is told
// over the window of the first rule of the programme that reads it, and of three
// complete years where none does.
func Known(pr *programme.Programme, p eligibility.Profile, names []string, day calendar.Date) (all []string) {
	for _, name := range names {
		window := programme.Window{Kind: "complete_years", Length: 3}
		for _, r := range pr.Eligibility {
			if strings.Contains(r.Expr+" "+r.Doubt+" "+r.Wait, "org."+name) {
				window = r.Window
				break
			}
		}
		f, ok := eligibility.Explain(name, p, window.Resolve(day, p.Organisation.RegisteredOn), day)
		if ok && f.Why != "" && !slices.Contains(all, f.Why) {
			all = append(all, f.Why)
		}
	}
	return all
}
