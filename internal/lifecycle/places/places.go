// Package places (名额) says how what a meeting carried stands to the places that there
// are (S54): the chapter ballot ranks, the chapter meeting asks.
package places

import (
	"shifan/internal/lifecycle/ballot"
	"shifan/internal/lifecycle/item"
	"shifan/internal/lifecycle/meeting"
)

// Settle says how the items of a meeting stand, for the chair who wants to close
// it. left are the places in each category that has a bound (S54).
func Settle(m *meeting.Meeting, items []item.Item, left map[string]int) meeting.Settlement {
	s := meeting.Settlement{Cuts: map[string]ballot.Cut{}, Places: left}
	for _, i := range items {
		if !i.Settled() {
			s.Unsettled++
		}
	}
	for category, n := range left {
		var carried []ballot.Ranked
		for _, i := range items {
			if i.State == item.Carried && i.Subject.Kind == "application" && (i.Category == category || category == "") {
				carried = append(carried, ballot.Ranked{Item: i.ID, Ayes: i.Ayes})
			}
		}
		s.Cuts[category] = ballot.Rank(m.Rules.OverQuota, n, carried)
	}
	return s
}
