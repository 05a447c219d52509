// Package review (初审) is the office's examination of one application: a clerk
// judges every indicator, gives reasons and a recommendation, and a second
// person confirms them (办法(二), S46, S65).
//
// The office recommends and cannot reject: no move of this chapter ends an
// application. Whatever the opinion is, the application goes on to the next
// stage with it, and the committee decides.
//
//	open ── draft ──► drafted ── confirm ──► confirmed
//	  ▲                  │
//	  └──── send_back ───┘        ended: the application left the stage otherwise
//
// Who has an interest in the organisation neither examines nor confirms: see
// Interest, which the visit and the committee read too.
package review
