// Package calibration (校准练习) is what comes before live visits: everybody who assesses
// marks the same sample file, alone, and only then sees what the others and the reference
// gave. It shows who is milder or harsher while nothing depends on it yet, and gives
// people the same idea of what a level looks like (design: peers, review quality; S50).
//
// The office writes a sample: an invented applicant, or a former one without anything
// that tells who it was, with a short text for every indicator that a visit looks at, and
// the marks that the office holds right. Once it is given out it is not changed. Every
// assessor marks it once; a mark is not changed either, or it would not be independent.
// A sample that turns out to be faulty is withdrawn with a reason and asks nothing more.
//
//	prepared ─issue→ open ─withdraw→ withdrawn
//
// Where the programme says visit.calibration: required, whoever has not marked every
// sample that is open in the round neither scores nor signs a visit. Otherwise the
// exercise is offered and blocks nothing. In no case do its marks enter a result: they
// are kept apart and nothing that adds up points reads them.
package calibration
