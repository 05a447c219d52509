package meeting

import (
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/ballot"
)

var errQuorum = fault.Define(fault.Refused, "meeting.quorum.short",
	"应到%d人，至少要到%d人，现在实到%d人，不足法定人数。", "办法(四) 全体委员会议；方案设定的法定人数")

// Attendance is who may and who does take part, in heads.
type Attendance struct {
	Entitled int `json:"entitled"` // 应到: with a vote, leave included, vacancies not
	Present  int `json:"present"`  // 实到
	Recused  int `json:"recused"`  // from the item; in Entitled only where the programme says so
}

// Attendance counts the meeting as a whole.
func (m *Meeting) Attendance() Attendance { return m.AttendanceOn(nil, nil) }

// AttendanceOn counts for one item: recused members are taken out of those
// present, and out of those entitled unless the programme keeps them there.
// Somebody who voted and then left still took part.
func (m *Meeting) AttendanceOn(recusals map[id.Account]string, votes []ballot.Vote) (a Attendance) {
	for _, s := range m.Roster {
		if !s.Votes() {
			continue
		}
		if recusals[s.Account] != "" {
			a.Recused++
			if m.Rules.RecusedCount {
				a.Entitled++
			}
			continue
		}
		a.Entitled++
		if s.Present || ballot.Voted(votes, s.Account) {
			a.Present++
		}
	}
	return a
}

// Quorate refuses when fewer than the quorum are present (S52).
func (m *Meeting) Quorate(a Attendance) error {
	need, err := ballot.Needed(m.Rules.Quorum, a.Entitled)
	if err != nil {
		return err
	}
	if a.Present < need {
		return errQuorum.New(a.Entitled, need, a.Present)
	}
	return nil
}

// MayVote tests the quorum of the sitting, and again that of the item without
// those recused. Below either, nothing is put to the vote (facts.md §7).
func (m *Meeting) MayVote(recusals map[id.Account]string, votes []ballot.Vote) error {
	if err := m.Quorate(m.AttendanceOn(nil, votes)); err != nil {
		return err
	}
	return m.Quorate(m.AttendanceOn(recusals, votes))
}
