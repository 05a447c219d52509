// Package lot is the arithmetic of a draw of assessors (抽取) that anyone can
// repeat: the texts of pool and rule, commitments and reveals, the seed, the
// ranking, the teams, and the document that publishes them (docs/draw-format.md).
// It depends on nothing above the ground floor, reads no file and needs no
// randomness: the same inputs give the same order, on any machine.
//
// The same is written twice more, each for itself: recompute.py, fifteen lines
// that are printed with the certificate, and the script of the page. A test holds
// the three against one another.
package lot
