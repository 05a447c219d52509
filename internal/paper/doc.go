// Package paper sets official documents.
//
// A Document says what a document is: who issues it, its title, its text, tables
// and annexes, who signs it. Typeset sets it once, on the grid of GB/T 9704-2012
// (22 lines of 28 characters on A4), with the rules of Chinese line breaking, and
// gives pages of characters and lines at places. PDF writes those pages down; DOCX writes
// the document for word processors, which end lines and pages where Typeset did.
//
//	Document ──Typeset──▶ Pages ──PDF, DOCX──▶ bytes
//
// What must hold: the same Document gives the same bytes; every character is
// shown or the document is not issued (Missing); no page holds a signature alone
// (7.3.5, 此页无正文 is no way out); the first page shows text (7.3.3).
//
// The numbers are those of the standard and stand in grid.go with their clauses.
// Each of its typefaces is proprietary; package font says which free font stands
// for which, and Pages.Substitutes reports what stood in for what.
package paper
