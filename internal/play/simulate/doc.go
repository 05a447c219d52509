// Package simulate lets random actors live thousands of programme-years and asks
// after every act whether all invariants still hold (lifecycle/invariant).
//
// An actor tries what its role suggests, and now and then what it may not: late
// filers, clerks who decide, members who vote twice, ballots without a quorum,
// objections in the last second. A refusal is fine; it must change nothing. The
// clock moves by random steps and likes the instants around a deadline, and what
// falls due may be done late or twice.
//
// Everything is decided by one seed: the same seed gives the same acts and the
// same digest. A programme's years are lived in lives of ten, each with a random
// source of its own, so that they can run side by side.
//
// There are two kinds of life: in memory, where the chapters alone decide (life), and on a
// database, through casework, with crashes, letters and what the store itself guards (kept).
// Both have the same actors.
package simulate
