// Package designation (称号) is what naming brings into being: a title with a
// beginning, an end and a history, a plaque that shows it, and every way in
// which it can end (S15, S16, S58–S60, S66, S73, S75).
package designation
