// Package evidence looks at what applicants upload (佐证材料) before anybody else
// does: is it one of the five kinds of file that are taken, by its content and not
// by its name, whole, not locked, and without anything that runs (trust.md §7).
//
// It reads in pieces and never holds a whole file; what a file says about its own
// sizes is believed nowhere. Inspect refuses with a sentence that tells the
// applicant what to do.
package evidence
