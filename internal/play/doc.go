// Package play lives invented worlds through casework like a door: play lives a
// programme's whole life by a script, demo keeps such a world for people to walk
// in, and simulate lets random actors loose on thousands of years.
//
// Everything in it is invented. The credit codes are well-formed and belong to
// nobody: their serial numbers lie in a block that facts.md §1 sets aside.
package play
