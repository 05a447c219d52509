package figure

import (
	"time"

	"shifan/internal/lifecycle/fact"
)

// AsOf returns what was known at an instant: what is known now, with the changes since
// then undone. changes are those of the organisation, the latest first.
func AsOf(now fact.Facts, changes []fact.Change, at time.Time) fact.Facts {
	for _, c := range changes {
		if !c.At.After(at) {
			continue
		}
		switch c.Section {
		case "inspections":
			now.Inspections = c.Was.Inspections
		case "grades":
			now.Grades = c.Was.Grades
		case "penalties":
			now.Penalties, now.NoPenalty = c.Was.Penalties, c.Was.NoPenalty
		case "listings":
			now.Listings, now.NoListing = c.Was.Listings, c.Was.NoListing
		case "charter":
			now.Charter = c.Was.Charter
		case "regulations":
			now.Regulations = c.Was.Regulations
		case "metrics":
			now.Metrics = c.Was.Metrics
		case "ledgers":
			now.Ledgers = c.Was.Ledgers
		}
	}
	return now
}
