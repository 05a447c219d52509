package item

import (
	"shifan/internal/fault"
	"shifan/internal/lifecycle/ballot"
	"shifan/internal/lifecycle/meeting"
	"shifan/internal/lifecycle/stage"
)

var (
	errSecretRuns = fault.Define(fault.Refused, "item.defer.secret", "本项正在无记名表决。先作废这次表决，再缓议。", "制度:逐项表决")
	errSealed     = fault.Define(fault.Refused, "item.declare.sealed", "监票人还没有解密，票数不知道，不能宣布。", "制度:监票人三人以上，多数到场才能解密")
)

// OnPaper reports whether an item is voted on with paper ballots: where the meeting
// does so, and in a meeting with secret ballots where the chair opened its vote
// alone.
func (i *Item) OnPaper(m *meeting.Meeting) bool { return m.Rules.Ballot != "named" && !i.Tally.Secret }

// Decrypted reports whether the figures of a secret ballot are known.
func (i *Item) Decrypted() bool { return i.Tally.Secret && i.Tally.Issued > 0 }

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
