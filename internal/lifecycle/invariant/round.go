package invariant

import (
	"slices"

	"shifan/internal/lifecycle/round"
)

// ofRound are the promises of a call.
var ofRound = []Invariant{
	{"round.published.frozen", "a published call has frozen its programme's version and its calendar", "通知：按照申报标准、办法和要求 (S4)", one(theRound, func(_ *Case, r *round.Round) bool {
		return !r.Published() || r.ProgrammeVersion > 0 && r.CalendarVersion != ""
	})},
	{"round.published.dates", "a call is published on or after its date, and before its deadline", "GB/T 9704; 办法(一) (S2)", one(theRound, func(_ *Case, r *round.Round) bool {
		return !r.Published() || r.PublishedAt.Before(r.Deadline) && !r.PublishedAt.Before(r.DatedOn.Start())
	})},
	{"round.published.four_eyes", "who prepared a call does not publish it", "五(二) 从严从实审核把关 (S65)", one(theRound, func(_ *Case, r *round.Round) bool {
		return !r.Published() || r.PublishedBy != r.PreparedBy
	})},
	{"round.closed.after_deadline", "filing closes at the deadline and not before", "办法(一) 逾期申报的视为放弃 (S45)", one(theRound, func(c *Case, r *round.Round) bool {
		return r.State != round.Closed && r.State != round.Concluded || !c.Now.Before(r.Deadline)
	})},
	{"round.extended.later", "an extension moves the deadline of the whole round to a later instant, with a reason, and is announced before the old one", "办法(一); 制度:顺延对全体有效 (S45)", one(theRound, func(_ *Case, r *round.Round) bool {
		bad := func(e round.Extension) bool { return !e.To.After(e.From) || !e.At.Before(e.From) || e.Reason == "" }
		return len(r.Extensions) == 0 || !slices.ContainsFunc(r.Extensions, bad) && r.Extensions[len(r.Extensions)-1].To.Equal(r.Deadline)
	})},
}
