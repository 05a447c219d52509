package item

import (
	"slices"
	"time"

	"shifan/internal/fault"
	"shifan/internal/lifecycle/ballot"
	"shifan/internal/lifecycle/meeting"
	"shifan/internal/lifecycle/stage"
)

var errInPlaces = fault.Define(fault.Refused, "item.quota.within", "“%s”在名额以内，或还不能排出先后，不能这样办理。", "方案设定的超额办法")

// SecondBallot puts a carried item to the vote again, because there are fewer
// places than carried items and it is among those that must be told apart.
func (i *Item) SecondBallot(by stage.Actor, m *meeting.Meeting, c ballot.Cut) (stage.Move, error) {
	mv, err := Kind.Step(i.State, "second_ballot", by.Role)
	if err != nil {
		return mv, err
	}
	if err := i.conducted(by, m); err != nil {
		return mv, err
	}
	if !slices.Contains(c.Again, i.ID) {
		return mv, errInPlaces.New(i.Title)
	}
	i.clear()
	i.State = mv.To
	return mv, nil
}

// Displace drops a carried item that is beyond the places.
func (i *Item) Displace(by stage.Actor, m *meeting.Meeting, c ballot.Cut, now time.Time) (stage.Move, error) {
	mv, err := Kind.Step(i.State, "displace", by.Role)
	if err != nil {
		return mv, err
	}
	if err := i.conducted(by, m); err != nil {
		return mv, err
	}
	if !slices.Contains(c.Out, i.ID) {
		return mv, errInPlaces.New(i.Title)
	}
	i.State, i.Reason, i.DecidedAt = mv.To, "名额已满，按得票排序未列入", now
	return mv, nil
}
