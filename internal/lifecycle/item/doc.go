// Package item (议题) is one matter on the agenda of a meeting and its way to a
// result (S53, S54; facts.md §7). The chapter meeting tells the whole; the vote's
// arithmetic is in ballot.
//
//	listed ─▶ voting ─▶ counting ─▶ carried | lost
//	   ▲         └─────────┴──▶ deferred ─▶ listed at another meeting
//	   └── a tie, a void ballot, a second ballot for too few places
package item
