// Package trigger (复查事由) is what happens to the holder of a title between two
// rechecks and asks for one at once: a penalty, a failed inspection, a grade that was
// withdrawn, a list that nobody wants to be on (五(二) 动态管理, S66, S69).
//
// A trigger is raised in the change that lets the fact be known as confirmed, for each
// title that the organisation holds and whose programme says that such a fact counts.
// So is a misuse of the title or its plaque that the office found (lifecycle/misuse).
// The clock answers it within a minute: with the recheck that is open, or with one
// that it opens for it. A fact is raised for a title once, and never again.
//
//	raised → answered (by a recheck)
//	   └→ lapsed (the title ended, or the fact was taken back)
//
// What an organisation declares of itself raises nothing until the office confirms it.
package trigger
