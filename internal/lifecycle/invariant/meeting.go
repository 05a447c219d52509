package invariant

import (
	"slices"

	"shifan/internal/id"
	"shifan/internal/lifecycle/ballot"
	"shifan/internal/lifecycle/item"
	"shifan/internal/lifecycle/meeting"
)

// ofMeeting are the promises of the committee.
var ofMeeting = []Invariant{
	{"meeting.opened.in_time", "a sitting opens at its time or later, after its papers went out in time", "制度:会前送达议题和材料 (S52)", each(theMeetings, func(_ *Case, m *meeting.Meeting) bool {
		return m.OpenedAt.IsZero() || !m.OpenedAt.Before(m.At) && !m.CirculatedOn.IsZero() && !m.OpenedAt.Before(m.CirculatedOn.AddDays(m.Rules.MaterialDays).Start())
	})},
	{"meeting.seat.once", "nobody has two seats in a meeting", "办法(四) 全体委员会议 (S52)", each(theMeetings, func(_ *Case, m *meeting.Meeting) bool {
		seen := map[id.Account]bool{}
		for _, s := range m.Roster {
			if s.Account != "" && seen[s.Account] {
				return false
			}
			seen[s.Account] = true
		}
		return true
	})},
	{"item.voting.alone", "one item of a meeting is voted on at a time, but for those of one secret ballot", "制度:逐项表决 (S54)", each(theItems, func(c *Case, i *item.Item) bool {
		return i.State != item.Voting || !slices.ContainsFunc(c.Items, func(o *item.Item) bool {
			return o.ID != i.ID && o.Meeting == i.Meeting && o.State == item.Voting && !(o.Tally.Secret && i.Tally.Secret)
		})
	})},
	{"item.decided.quorate", "a vote counts only when a quorum of those entitled on the item was present", "办法(四)；方案设定的法定人数 (S52)", decided(func(i *item.Item, m *meeting.Meeting) bool {
		need, err := ballot.Needed(m.Rules.Quorum, i.Base.Entitled)
		return err == nil && i.Base.Present >= need
	})},
	{"item.decided.recused_out", "a recused member is neither entitled nor present on the item, unless the programme counts them", "制度:回避 (S54)", decided(func(i *item.Item, m *meeting.Meeting) bool {
		most := 0
		for _, s := range m.Roster {
			if s.Votes() {
				most++
			}
		}
		if !m.Rules.RecusedCount {
			most -= i.Base.Recused
		}
		return i.Base.Entitled <= most && i.Base.Present <= i.Base.Entitled
	})},
	{"item.tally.sums", "ayes, noes, abstentions and invalid votes are those collected; no more are collected than issued, nor issued than present", "制度:计票相符 (S54)", decided(func(i *item.Item, _ *meeting.Meeting) bool {
		t := i.Tally
		return t.Ayes+t.Noes+t.Abstentions+t.Invalid == t.Collected && t.Collected <= t.Issued && t.Issued <= i.Base.Present
	})},
	{"item.carried.majority", "what was carried reached the programme's majority by whole numbers, or a tie that the programme lets the chair settle", "办法(四) 审议确定；方案设定的通过比例 (S54)", decided(func(i *item.Item, m *meeting.Meeting) bool {
		outcome, err := ballot.Outcome(m.Rules, i.Tally, i.Base.Entitled, i.Base.Present)
		return i.State != item.Carried || err == nil && (outcome == ballot.Carried || outcome == ballot.Tied && m.Rules.Tie == "chair")
	})},
	{"item.departure.reasoned", "a result against the office's recommendation has a reason", "办法(四) 根据初审、考察情况审议 (S53)", decided(func(i *item.Item, _ *meeting.Meeting) bool {
		return !i.Departs(i.State == item.Carried) || i.Reason != ""
	})},
	{"meeting.closed.settled", "a meeting closes only when each of its items has a result or was put off", "办法(四) (S54)", each(theMeetings, func(c *Case, m *meeting.Meeting) bool {
		return m.State != meeting.Closed || !slices.ContainsFunc(c.Items, func(i *item.Item) bool { return i.Meeting == m.ID && !i.Settled() })
	})},
}

// decided looks at the items that have a result by a vote, with the meeting that
// took it.
func decided(holds func(*item.Item, *meeting.Meeting) bool) func(*Case) string {
	return each(theItems, func(c *Case, i *item.Item) bool {
		if i.State != item.Carried && i.State != item.Lost || i.ClosedAt.IsZero() {
			return true
		}
		n := slices.IndexFunc(c.Meetings, func(m *meeting.Meeting) bool { return m.ID == i.Meeting })
		return n < 0 || holds(i, c.Meetings[n])
	})
}
