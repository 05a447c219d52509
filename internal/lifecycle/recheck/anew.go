package recheck

import (
	"slices"

	"shifan/internal/calendar"
	"shifan/internal/lifecycle/designation"
	"shifan/internal/lifecycle/programme"
)

// DueAnew returns the day on which the recheck that ended with a title falls due once the
// title was given back: with as much time as one of the term has, but before the last valid
// day (S68). taken are the days on which rechecks of the title fell due. Where no day is left
// it is the day that the title had, and the title runs out.
func DueAnew(d designation.Designation, s programme.Recheck, taken []calendar.Date, today calendar.Date) calendar.Date {
	due := today.AddDays(max(s.LeadDays, 1))
	if !d.ValidTo.IsZero() && !due.Before(d.ValidTo) {
		due = d.ValidTo.AddDays(-1)
	}
	for slices.Contains(taken, due) {
		due = due.AddDays(-1)
	}
	if due.After(today) {
		return due
	}
	return d.RecheckDue
}
