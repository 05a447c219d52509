package item

import (
	"time"

	"shifan/internal/fault"
	"shifan/internal/lifecycle/ballot"
	"shifan/internal/lifecycle/meeting"
	"shifan/internal/lifecycle/stage"
)

var (
	errNotListed = fault.Define(fault.Refused, "item.secret.not_listed",
		"“%s”%s，不能准备无记名表决。", "制度:逐项表决")
	errSecretRuns = fault.Define(fault.Refused, "item.defer.secret",
		"本项正在无记名表决。先作废这次表决，再缓议。", "制度:逐项表决")
	errSealed = fault.Define(fault.Refused, "item.declare.sealed",
		"监票人还没有解密，票数不知道，不能宣布。", "制度:监票人三人以上，多数到场才能解密")
)

// OnPaper reports whether an item is voted on with paper ballots: where the meeting
// does so, and in a meeting with secret ballots where the chair opened its vote
// alone.
func (i *Item) OnPaper(m *meeting.Meeting) bool { return m.Rules.Ballot != "named" && !i.Tally.Secret }

// Decrypted reports whether the figures of a secret ballot are known.
func (i *Item) Decrypted() bool { return i.Tally.Secret && i.Tally.Issued > 0 }

// MaySecret refuses what cannot be put to a secret ballot now: an item that is not
// waiting on the agenda, or one without a quorum.
func (i *Item) MaySecret(m *meeting.Meeting) error {
	if i.State != Listed || i.Meeting != m.ID {
		return errNotListed.New(i.Title, Kind.Word(string(i.State)))
	}
	return m.MayVote(i.Recusals, nil)
}

// OpenSecret opens the vote on an item in an election, together with the others
// that have the same voters.
func (i *Item) OpenSecret(by stage.Actor, m *meeting.Meeting, f Facts, others []Item, now time.Time) (stage.Move, error) {
	var apart []Item
	for _, o := range others {
		if o.State != Voting || !o.Tally.Secret {
			apart = append(apart, o)
		}
	}
	mv, err := i.OpenVote(by, m, f, apart, now)
	i.Tally.Secret = err == nil
	return mv, err
}

// CloseSecret ends the vote on an item in an election; voted are those who gave a
// ballot. What they said nobody knows yet.
func (i *Item) CloseSecret(by stage.Actor, m *meeting.Meeting, voted []ballot.Vote, now time.Time) (stage.Move, error) {
	return i.CloseVote(by, m, voted, now)
}

// CountSecret takes the figures of an election, once the trustees decrypted them.
func (i *Item) CountSecret(by stage.Actor, m *meeting.Meeting, t ballot.Tally) (stage.Move, error) {
	mv, err := Kind.Step(i.State, "count", by.Role)
	if err == nil {
		i.Tally = i.written(m, t)
	}
	return mv, err
}

// SpoilSecret puts an item back on the agenda whose election is void.
func (i *Item) SpoilSecret(by stage.Actor, reason string) (stage.Move, error) {
	mv, err := Kind.Step(i.State, "annul", by.Role)
	if err != nil {
		return mv, err
	}
	i.clear()
	i.State, i.Reason = mv.To, reason
	return mv, nil
}
