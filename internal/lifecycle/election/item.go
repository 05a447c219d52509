package election

import (
	"time"

	"shifan/internal/fault"
	"shifan/internal/lifecycle/item"
	"shifan/internal/lifecycle/meeting"
	"shifan/internal/lifecycle/stage"
)

var errNotListed = fault.Define(fault.Refused, "election.prepare.not_listed",
	"“%s”%s，不能准备无记名表决。", "制度:逐项表决")

// maySecret refuses what cannot be put to a secret ballot now: an item that is not
// waiting on the agenda, or one without a quorum.
func maySecret(i *item.Item, m *meeting.Meeting) error {
	if i.State != item.Listed || i.Meeting != m.ID {
		return errNotListed.New(i.Title, item.Kind.Word(string(i.State)))
	}
	return m.MayVote(i.Recusals, nil)
}

// OpenItem opens the vote on an item in an election, together with the others that
// are voted on secretly.
func OpenItem(by stage.Actor, i *item.Item, m *meeting.Meeting, f item.Facts, others []item.Item, now time.Time) (stage.Move, error) {
	var apart []item.Item
	for _, o := range others {
		if o.State != item.Voting || !o.Tally.Secret {
			apart = append(apart, o)
		}
	}
	mv, err := i.OpenVote(by, m, f, apart, now)
	i.Tally.Secret = err == nil
	return mv, err
}
