package item

import (
	"slices"
	"time"

	"shifan/internal/fault"
	"shifan/internal/lifecycle/ballot"
	"shifan/internal/lifecycle/meeting"
	"shifan/internal/lifecycle/stage"
)

var (
	errAnother     = fault.Define(fault.Refused, "item.open_vote.another", "“%s”正在表决。一项有了结果再表决下一项。", "制度:逐项表决")
	errNotNamed    = fault.Define(fault.Refused, "item.vote.paper", "这次会议用纸质票表决，不在系统里投票。", "方案设定的表决方式")
	errNoVote      = fault.Define(fault.Refused, "item.vote.no_vote", "没有表决权，不能投票。列席人员可以发言。", "办法(四)")
	errAbsent      = fault.Define(fault.Refused, "item.vote.absent", "没有签到或已经离会，不能投票。", "办法(四)")
	errVoteRecused = fault.Define(fault.Refused, "item.vote.recused", "本项已回避，不能表决。", "制度:回避")
	errVoteClosed  = fault.Define(fault.Refused, "item.vote.closed", "本项现在是“%s”，不收票，没有记下这一票。主持人宣布开始表决后才能投；表决结束后要改变结果，由主持人按方案重新表决。", "办法(四)")
	errTwice       = fault.Define(fault.Refused, "item.vote.twice", "本项已经投过票，投出后不能更改。", "办法(四)")
	errLast        = fault.Define(fault.Refused, "item.vote.chair_last", "主持人最后投票，还有%d人没有投。", "制度:主持人末位表态")
	errChoice      = fault.Define(fault.Invalid, "item.vote.choice", "没有选表决意见。选赞成、反对或弃权中的一项。", "办法(四)")
	errCounter     = fault.Define(fault.Refused, "item.count.presiding",
		"主持人不能计票。", "制度:两名监票人各自计票")
	errNoPaper = fault.Define(fault.Refused, "item.count.named",
		"这次会议用记名方式在系统里表决，不用计票。", "方案设定的表决方式")
	errUncounted = fault.Define(fault.Refused, "item.declare.uncounted",
		"还没有两名监票人一致的计票结果，不能宣布。", "制度:两名监票人各自计票")
	errVoid = fault.Define(fault.Refused, "item.declare.void",
		"收回的票多于发出的票，本次表决无效，请重新表决。", "制度:收回多于发出的表决无效")
	errNotVoid = fault.Define(fault.Refused, "item.annul.valid",
		"计票相符，表决有效，不能宣布无效。", "制度:收回多于发出的表决无效")
	errCasting = fault.Define(fault.Invalid, "item.declare.casting",
		"票数相等，由主持人裁决。选赞成或反对。", "方案设定的票数相等办法")
	errDeparts = fault.Define(fault.Invalid, "item.declare.reason",
		"结果与初审建议不一致，写明理由，5000字以内。", "办法(四) 根据初审、考察情况审议")
)

// OpenVote opens the vote on an item: one at a time, with a quorum of those who
// are not recused, and with both opinions still there (S52, S53). others are the
// items of the meeting.
func (i *Item) OpenVote(by stage.Actor, m *meeting.Meeting, f Facts, others []Item, now time.Time) (stage.Move, error) {
	mv, err := Kind.Step(i.State, "open_vote", by.Role)
	if err != nil {
		return mv, err
	}
	if err := i.conducted(by, m); err != nil {
		return mv, err
	}
	for _, o := range others {
		if o.ID != i.ID && (o.State == Voting || o.State == Counting && !o.Decrypted()) {
			return mv, errAnother.New(o.Title)
		}
	}
	if err := decidable(f); err != nil {
		return mv, err
	}
	if err := m.MayVote(i.Recusals, nil); err != nil {
		return mv, err
	}
	i.clear()
	i.State, i.OpenedAt = mv.To, now
	i.Ballot++
	return mv, nil
}

// conducted refuses an act of the chair outside a sitting, or by another chair.
func (i *Item) conducted(by stage.Actor, m *meeting.Meeting) error {
	if m.State != meeting.Sitting {
		return ErrNotOpen.New(meeting.Kind.Word(string(m.State)))
	}
	return m.Presides(by, i.Recusals)
}

// Outstanding lists who is present, may vote on the item, and has not.
func (i *Item) Outstanding(m *meeting.Meeting, votes []ballot.Vote) (seats []meeting.Seat) {
	for _, s := range m.Roster {
		if s.Votes() && s.Present && !i.Recused(s.Account) && !ballot.Voted(votes, s.Account) {
			seats = append(seats, s)
		}
	}
	return seats
}

// Vote gives one member's vote in a named ballot: while it is open, once, present, not
// recused, and the one who presides last. votes are those given in this ballot.
func (i *Item) Vote(by stage.Actor, m *meeting.Meeting, votes []ballot.Vote, choice string, now time.Time) (ballot.Vote, stage.Move, error) {
	mv, err := Kind.Step(i.State, "vote", by.Role)
	s := m.Seat(by.Account)
	switch {
	case err != nil && Kind.Takes("vote", by.Role):
		err = errVoteClosed.New(Kind.Word(string(i.State)))
	case err != nil:
	case m.State != meeting.Sitting:
		err = ErrNotOpen.New(meeting.Kind.Word(string(m.State)))
	case m.Rules.Ballot != "named":
		err = errNotNamed.New()
	case s == nil || !s.Votes():
		err = errNoVote.New()
	case i.Recused(by.Account):
		err = errVoteRecused.New()
	case ballot.Voted(votes, by.Account):
		err = errTwice.New()
	case !s.Present:
		err = errAbsent.New()
	case ballot.Choices[choice] == "":
		err = errChoice.At("choice")
	}
	if others := len(i.Outstanding(m, votes)) - 1; err == nil && by.Account == m.Presiding && others > 0 {
		err = errLast.New(others)
	}
	if err == nil {
		err = m.MayVote(i.Recusals, votes)
	}
	if err != nil {
		return ballot.Vote{}, mv, err
	}
	i.Cast++
	return ballot.Vote{Key: ballot.Key(i.ID, i.Ballot, by.Account), Item: i.ID, Ballot: i.Ballot, Account: by.Account, Choice: choice, At: now}, mv, nil
}

// CloseVote ends the vote. Who has not voted is not an aye, and stays among those
// entitled. Where the quorum was lost meanwhile there is no result: the item is
// to be deferred.
func (i *Item) CloseVote(by stage.Actor, m *meeting.Meeting, votes []ballot.Vote, now time.Time) (stage.Move, error) {
	mv, err := Kind.Step(i.State, "close_vote", by.Role)
	if err != nil {
		return mv, err
	}
	if err := i.conducted(by, m); err != nil {
		return mv, err
	}
	if err := m.MayVote(i.Recusals, votes); err != nil {
		return mv, err
	}
	i.State, i.ClosedAt, i.Base = mv.To, now, m.AttendanceOn(i.Recusals, votes)
	if m.Rules.Ballot == "named" {
		i.Tally = i.written(m, ballot.Add(votes, i.Base.Present))
	}
	return mv, nil
}

// written adds the written opinions of members on leave where the programme
// counts them.
func (i *Item) written(m *meeting.Meeting, t ballot.Tally) ballot.Tally {
	if !m.Rules.WrittenCount {
		return t
	}
	for who, w := range i.Written {
		if s := m.Seat(who); s == nil || s.Present || i.Recused(who) {
			continue // came after all, or is recused: the opinion is no vote
		}
		t.Written++
		switch w.Choice {
		case "aye":
			t.WrittenAyes++
		case "no":
			t.WrittenNoes++
		}
	}
	return t
}

// Count keeps one scrutineer's count of the paper ballots. A second count by
// another settles it when both agree; a count may be given again.
func (i *Item) Count(by stage.Actor, m *meeting.Meeting, t ballot.Tally, now time.Time) (stage.Move, error) {
	mv, err := Kind.Step(i.State, "count", by.Role)
	if err != nil {
		return mv, err
	}
	switch {
	case !i.OnPaper(m):
		return mv, errNoPaper.New()
	case by.Account == m.Presiding:
		return mv, errCounter.New()
	}
	t = ballot.Tally{Issued: t.Issued, Collected: t.Collected, Ayes: t.Ayes, Noes: t.Noes, Abstentions: t.Abstentions, Invalid: t.Invalid}
	if err := t.Check(i.Base.Present); err != nil {
		return mv, err
	}
	i.Counts = slices.DeleteFunc(slices.Clone(i.Counts), func(c ballot.Count) bool { return c.By == by.Account })
	i.Counts = append(i.Counts, ballot.Count{By: by.Account, Tally: t, At: now})
	i.Tally = ballot.Tally{}
	if agreed, ok := ballot.Agreed(i.Counts); ok {
		i.Tally = i.written(m, agreed)
	}
	return mv, nil
}

// Annul declares a paper ballot void, and the item is voted on again: more came
// back than were given out, or two scrutineers do not come to the same figures.
func (i *Item) Annul(by stage.Actor, m *meeting.Meeting, reason string) (stage.Move, error) {
	mv, err := Kind.Step(i.State, "annul", by.Role)
	if err != nil {
		return mv, err
	}
	if err := i.conducted(by, m); err != nil {
		return mv, err
	}
	agreed, ok := ballot.Agreed(i.Counts)
	if len(i.Counts) < 2 || ok && !agreed.Void() {
		return mv, errNotVoid.New()
	}
	if !meeting.Readable(reason) {
		return mv, meeting.ErrText.At("reason", "理由")
	}
	i.clear()
	i.State, i.Reason = mv.To, reason
	return mv, nil
}

// Departs reports whether a result goes against the office's recommendation. A
// doubtful one is none.
func (i *Item) Departs(carried bool) bool {
	return carried && i.Recommendation == "not_recommend" || !carried && i.Recommendation == "recommend"
}

// Result says how an item stands after its vote: Carried, Lost or Tied. It is
// refused while a paper ballot is not counted, or void.
func (i *Item) Result(m *meeting.Meeting) (string, error) {
	if i.Tally.Secret && !i.Decrypted() {
		return "", errSealed.New()
	}
	if i.OnPaper(m) {
		t, ok := ballot.Agreed(i.Counts)
		if !ok {
			return "", errUncounted.New()
		}
		if t.Void() {
			return "", errVoid.New()
		}
	}
	return ballot.Outcome(m.Rules, i.Tally, i.Base.Entitled, i.Base.Present)
}

// Declare announces the result. Where the programme lets the chair settle a tie,
// casting says how; where it wants another vote, the item goes back to the
// agenda. A result against the recommendation needs a reason.
func (i *Item) Declare(by stage.Actor, m *meeting.Meeting, casting, reason string, now time.Time) (stage.Move, error) {
	mv, err := Kind.Step(i.State, "carry", by.Role)
	if err != nil {
		return mv, err
	}
	if err := i.conducted(by, m); err != nil {
		return mv, err
	}
	outcome, err := i.Result(m)
	if err != nil {
		return mv, err
	}
	act := map[string]string{ballot.Carried: "carry", ballot.Lost: "reject"}[outcome]
	if outcome == ballot.Tied {
		switch act = "reject"; {
		case m.Rules.Tie == "again":
			act = "vote_again"
		case m.Rules.Tie == "chair" && casting == "aye":
			act = "carry"
		case m.Rules.Tie == "chair" && casting != "no":
			return mv, errCasting.At("casting")
		}
	}
	if act != "vote_again" && (i.Departs(act == "carry") || reason != "") && !meeting.Readable(reason) {
		return mv, errDeparts.At("reason")
	}
	if mv, err = Kind.Step(i.State, act, by.Role); err != nil {
		return mv, err
	}
	i.State, i.Reason, i.DecidedAt = mv.To, reason, now
	switch act {
	case "carry":
		i.Ayes = append(slices.Clone(i.Ayes), i.Tally.Ayes+i.Tally.WrittenAyes)
	case "vote_again":
		i.clear()
	}
	return mv, nil
}
