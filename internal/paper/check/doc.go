// Package check measures documents of any origin against GB/T 9704-2012, the standard of
// official documents, clause by clause.
//
//	PDF  ──where everything stands──▶ lines ─┐
//	                                         ├──▶ Report: clause, expected, measured, result
//	DOCX ──what styles and sections say────▶─┘
//
// A PDF is measured as it will be printed. A DOCX is read: what its styles, sections and
// paragraphs say, since every word processor lays it out a little differently. A rule
// that has no object in a document gives no line: a document without a red head is not
// held to the clauses of one.
//
// What is outside of the tolerance fails. What the standard leaves open, or what cannot
// be told apart from a right document, is a warning: a free font that stands in for one
// of the standard, text that a word processor set somewhat below the margin.
package check
