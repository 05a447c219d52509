// Package round (届) is one year's call and what follows from it: who is called
// upon, until when one may file, what the office has settled that the notice
// leaves open, and how many came how far.
//
// A clerk drafts the round, and another person, the director or the chair,
// publishes its call (通知). From then on its programme's version, its deadline
// and the calendar it was computed with are frozen (S4). Filing ends at one
// instant, for everybody: the clock closes the round, and what is still a draft
// is forfeited. Only the whole round can be extended, while it is open, with a
// reason that everybody reads (S45). When every application has come to its end
// and the numbers of all stages add up, the director concludes it.
//
//	drafted ──publish──▶ open ──close──▶ closed ──conclude──▶ concluded
//	   │                 ▲  │
//	 cancel              └──┘ extend
//	   ▼
//	cancelled
//
// What must always hold: one regular round a programme and year (S13); the three
// dates of a call apart and in order (S2); a deadline on a rest day only after
// somebody chose what that means (facts.md §2.5); late is late, at the instant
// itself already (办法(一) 逾期申报的视为放弃).
package round
