package election

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"shifan/internal/ballot"
	"shifan/internal/fault"
	"shifan/internal/id"
	tally "shifan/internal/lifecycle/ballot"
	"shifan/internal/lifecycle/ceremony"
	"shifan/internal/lifecycle/meeting"
	"shifan/internal/lifecycle/stage"
)

var (
	errNotOpen = fault.Define(fault.Refused, "election.cast.closed",
		"这次无记名表决现在是“%s”，没有收下这张选票。投票只在主持人开始之后、结束之前；结束后要重来，由主持人作废本次表决，重新准备。", "制度:结束后不再收票")
	errNotVoter = fault.Define(fault.Refused, "election.cast.not_voter",
		"不在这次表决的投票名单里：没有表决权、本项回避，或制作凭证时没有签到。", "办法(四)；制度:回避")
	errGone = fault.Define(fault.Refused, "election.cast.absent",
		"没有签到或已经离会，不能投票。", "办法(四)")
	errBallot = fault.Define(fault.Refused, "election.cast.proof",
		"选票核对不成立，没有收下。凭证可能不是这次表决的，或选票在途中被改过。请核对凭证后重投。", "制度:每张选票附资格和格式的证明")
	errReplayed = fault.Define(fault.Refused, "election.cast.replayed",
		"同一张选票已经收到，不重复收。要改票，请重新填写后再投。", "制度:同一张选票只收一次")
	errOthers = fault.Define(fault.Refused, "election.cast.credential",
		"这份凭证已由另一个账号用过，或本人已用另一份凭证投过票。一人一份，不能换用。请找监督员核对。", "制度:一人一份凭证")
)

// Voted lists those of the voters whose ballots are among these.
func (e *Election) Voted(ballots []Ballot) (all []tally.Vote) {
	for _, who := range e.Voters {
		if e.Pepper != "" && slices.ContainsFunc(ballots, func(b Ballot) bool { return b.Voter == e.Tag(who) }) {
			all = append(all, tally.Vote{Account: who})
		}
	}
	return all
}

// Receive takes one encrypted ballot: of somebody on the list, present, with a
// credential that nobody else used, its proofs right, and never seen before. Who
// votes again uses the same credential; the last counts. before are the ballots that
// came, without their bodies.
func (e *Election) Receive(by stage.Actor, m *meeting.Meeting, before []Ballot, body string, now time.Time) (b Ballot, mv stage.Move, err error) {
	mv, err = Kind.Step(e.State, "cast", by.Role)
	switch {
	case err != nil && Kind.Takes("cast", by.Role):
		return b, mv, errNotOpen.New(Kind.Word(string(e.State)))
	case err != nil:
		return b, mv, err
	}
	s := m.Seat(by.Account)
	switch {
	case m.State != meeting.Sitting:
		return b, mv, ceremony.ErrOver.New(meeting.Kind.Word(string(m.State)))
	case s == nil || !slices.Contains(e.Voters, by.Account):
		return b, mv, errNotVoter.New()
	case !s.Present:
		return b, mv, errGone.New()
	}
	if err := m.MayVote(nil, e.Voted(before)); err != nil {
		return b, mv, err
	}
	credential, tracker, err := ballot.CheckBallot([]byte(e.Object), []byte(e.Credentials), []byte(body))
	if err != nil {
		return b, mv, errBallot.New()
	}
	sum := sha256.Sum256([]byte(credential))
	b = Ballot{
		Key: fmt.Sprintf("%s.%d", e.ID, e.Ballots+1), Election: e.ID, Number: e.Ballots + 1, Tracker: tracker,
		Credential: hex.EncodeToString(sum[:]), Voter: e.Tag(by.Account), Body: body, At: now.Truncate(time.Hour),
	}
	again := false
	for _, o := range before {
		switch mine := o.Voter == b.Voter; {
		case o.Tracker == tracker:
			return Ballot{}, mv, errReplayed.New()
		case mine != (o.Credential == b.Credential):
			return Ballot{}, mv, errOthers.New()
		case mine:
			again = true
		}
	}
	e.Ballots++
	if !again {
		e.Cast++
	}
	return b, mv, nil
}

// Figures returns what was voted on each item, in the order of Items. issued is how
// many could have voted.
func (e *Election) Figures(issued map[id.Item]int) ([]tally.Tally, error) {
	var out ballot.Result
	if err := json.Unmarshal([]byte(e.Result), &out); err != nil {
		return nil, err
	}
	var all []tally.Tally
	for n, key := range e.Items {
		row := out.Result[n]
		all = append(all, tally.Tally{Secret: true, Issued: issued[key], Collected: row[0] + row[1] + row[2], Ayes: row[0], Noes: row[1], Abstentions: row[2]})
	}
	return all, nil
}
