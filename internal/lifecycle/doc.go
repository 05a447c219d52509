// Package lifecycle tells how recognition is won, kept and lost.
//
// A programme opens a round. An organisation files an application. The round's
// procedure takes the application through its stages, one after another; what
// passes them all becomes a designation, which is looked at again every few
// years, and put right or withdrawn when it slips:
//
//	programme → round → application → review → visit → meeting → publicity
//	                         ▲                                   (objection)
//	                   organisation                                   │
//	                                                                  │
//	     revocation ← rectification ← recheck ←─── designation ◄──────┘
//	                                              (naming, plaque)
//
// Each word above is a package below this one, and each package is one chapter:
// its doc comment says what happens in it, its table of moves says who may do
// what and under which provision. Later chapters may import earlier ones, never
// the reverse (see internal/arch).
//
// Chapters only decide. They are given the facts and the time, and they return
// the new state or a refusal that cites the rule. They never read a clock, a
// database or a request.
package lifecycle
