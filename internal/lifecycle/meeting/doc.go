// Package meeting (会议审定) is the chapter in which the committee decides: it sits,
// recuses, votes item by item, and its minutes say what was resolved (S52–S54;
// facts.md §7).
//
// The office convenes a meeting with the roster of that day, lists items, and
// sends the papers out some days before; after that nothing is added. Members
// sign in, the chair opens when a quorum is there, and each item goes its way:
//
//	convened ──open──▶ sitting ──close──▶ closed    the meeting
//	                       └──adjourn──▶ adjourned
//
//	listed ─▶ voting ─▶ counting ─▶ carried | lost   an item
//	   ▲         └─────────┴──▶ deferred ─▶ listed at another meeting
//	   └── a tie, a void ballot, a second ballot for too few places
//
// What must always hold: a share of votes is compared by whole numbers; nobody
// votes twice, absent, or on an item they are recused from; the chair votes last;
// no figure is told before the vote is closed; without a quorum nothing is
// decided; an application is decided only when both opinions are there (S53); a
// decision against the office's recommendation says why. Decisions take effect
// when the meeting closes.
//
// A paper ballot leaves figures only, counted twice by two scrutineers. A named
// ballot keeps who voted what, as minutes of such committees do.
package meeting
