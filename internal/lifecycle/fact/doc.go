// Package fact is what is known of an organisation beside its registration, each
// piece with a source and a date: annual inspections, penalties, grades, lists
// of abnormal and untrustworthy organisations, the charter's clause, rules and
// figures, the yearly ledger (工作台账), and the Party organisations with their
// elections and terms.
//
// A fact is declared by the organisation or confirmed by the office. Figures are
// counts; no person is named but the head of a Party organisation. What follows
// from the facts is for the rules of the chapter organisation; this package only
// keeps impossible ones out and does the arithmetic of terms and grades.
package fact
