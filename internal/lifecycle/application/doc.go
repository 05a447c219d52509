// Package application (申报) is one applicant's file in one round: its
// self-assessment, what it commits to, when it was filed, and what became of it.
//
// A draft is never validated: what is missing is said on the way, and at the
// submission everything at once. The deadline is one instant, decided by one
// reading of the clock; at it every draft is forfeited, and no one is late by
// favour (S45). What was submitted has a number and a digest, and its names stay
// those of that day (S59). The office may tell once, and everything at once,
// what is to be mended (一次性告知); after the deadline that clarifies and adds
// nothing new (S46). It can refuse only what is not within the programme at all.
//
//	draft ──submit──▶ submitted ──accept──▶ underway ──select──▶ selected ──name──▶ named
//	  │                 │   │  ▲                │
//	discard,         decline,│  correct, lapse  pass_over,
//	forfeit         withdraw └─▶ correcting     disqualify
//
// The application holds only where in the procedure it is. Each stage keeps a
// small machine of its own, so that adding a stage never touches this one.
package application
