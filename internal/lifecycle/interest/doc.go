// Package interest (回避申报) is where those who examine, visit and decide say, once
// a year, to which applicants they are tied.
//
//	lapsed ──declare──▶ current ──lapse (the clock, after a year)──▶ lapsed
//
// A statement names where its writer works or worked within the last two years, and
// each tie: an own post, a former one, kin, or another. It holds for a year. A tie
// made here or while a case was looked at (review.Interest) takes the applicant, its
// files, its lists and its counts from that person's view; that is the store's part.
// A former post ends by itself two years after it was left (facts.md §7); any other
// tie ends only when the director lifts it with a reason, never by who declared it:
// nobody opens for themselves what they were shut out of.
//
// Where a programme asks for the yearly statement (interests.yearly), whoever has
// none that holds is treated as tied to everybody: no work is given to them and none
// is taken from them. It follows from 五(二) 从严从实审核把关 and five words of the
// notice, 组织考核组: a team that is believed.
package interest
