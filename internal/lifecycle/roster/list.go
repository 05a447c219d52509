package roster

import (
	"shifan/internal/lifecycle/heading"
	"shifan/internal/lifecycle/outcome"
)

// What a list is and how its rows are read is the package heading's; what becomes of
// them is told by the package outcome.
type (
	Column  = heading.Column  // one column of a list
	List    = heading.List    // a kind of roster: which columns it has
	Row     = heading.Row     // one row of a list
	Outcome = outcome.Outcome // what becomes of one row
	Problem = outcome.Problem // one thing that is wrong in a row
	Tally   = outcome.Tally   // how many rows became what
)

// What may become of a row.
const (
	Added   = outcome.Added
	Changed = outcome.Changed
	Same    = outcome.Same
	Wrong   = outcome.Wrong
)

// The lists, and what may become of their rows as people read it.
var (
	Organisations = heading.Organisations
	Elections     = heading.Elections
	Designations  = heading.Designations
	Lists         = heading.Lists
	ListOf        = heading.ListOf
	Words         = outcome.Words
)
