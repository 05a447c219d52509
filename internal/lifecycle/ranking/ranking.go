// Package ranking (差额表决) chooses n of m: where a meeting carried more than there are
// places and its programme says so, the carried items of the category are voted on together
// (S54). Each member marks at most as many as there are places, or puts them in order; the
// count is of package ballot. Those level at the edge are voted on again among themselves, by
// another ranking. It is named, or with paper ballots that two scrutineers count; it is never
// secret and electronic, for the sums of a secret ballot hold no order (docs/decisions).
//
//	open ─▶ counted ─▶ settled
//	  └────────┴──▶ void
package ranking

import (
	"slices"
	"time"

	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/ballot"
	"shifan/internal/lifecycle/item"
	"shifan/internal/lifecycle/meeting"
	"shifan/internal/lifecycle/stage"
)

const rule = "方案设定的超额办法"

var (
	errRule = fault.Define(fault.Refused, "ranking.open.rule",
		"方案规定的超额办法不是差额表决。在议题页逐项办理。", rule)
	errRunning = fault.Define(fault.Refused, "ranking.open.running",
		"还有一次差额表决没有结果。先宣布结果或者宣布无效。", "制度:逐项表决")
	errUnsettled = fault.Define(fault.Refused, "ranking.open.unsettled",
		"还有%d项没有结果。各项都表决以后再进行差额表决。", rule)
	errNothing = fault.Define(fault.Refused, "ranking.open.within",
		"没有要排先后的议题：通过的不多于名额，或者已经排出先后。", rule)
	errBoth = fault.Define(fault.Refused, "ranking.open.both",
		"本届既定了总名额又定了分类名额，两次差额表决的得票不能互相比较。请把名额以外的缓议，或者改方案。", rule)
	errNone = fault.Define(fault.Refused, "ranking.none",
		"现在没有正在进行的差额表决。由主持人开始以后再投。", rule)
	errNoVote = fault.Define(fault.Refused, "ranking.vote.no_vote",
		"没有表决权，不能投票。列席人员可以发言。", "办法(四)")
	errRecused = fault.Define(fault.Refused, "ranking.vote.recused",
		"候选里有本人回避的议题，不能参加这次差额表决。", "制度:回避")
	errAbsent = fault.Define(fault.Refused, "ranking.vote.absent",
		"没有签到或者已经离会，不能投票。先签到。", "办法(四)")
	errTwice = fault.Define(fault.Refused, "ranking.vote.twice",
		"这次差额表决已经投过票，投出后不能更改。", "办法(四)")
	errPaper = fault.Define(fault.Refused, "ranking.vote.paper",
		"这次差额表决用纸质票，不在系统里投。", "方案设定的表决方式")
	errLast = fault.Define(fault.Refused, "ranking.vote.chair_last",
		"主持人最后投票，还有%d人没有投。", "制度:主持人末位表态")
	errNamed = fault.Define(fault.Refused, "ranking.count.named",
		"这次差额表决是记名的，不用计票。", "方案设定的表决方式")
	errPresides = fault.Define(fault.Refused, "ranking.count.presiding",
		"主持人不能计票。请两名监票人各自计票。", "制度:两名监票人各自计票")
	errCounts = fault.Define(fault.Refused, "ranking.settle.uncounted",
		"还没有两名监票人一致的计票结果，不能宣布。", "制度:两名监票人各自计票")
	errVoid = fault.Define(fault.Refused, "ranking.settle.void",
		"收回的票多于发出的票，这次差额表决无效。请宣布无效后重新表决。", "制度:收回多于发出的表决无效")
	errSingly = fault.Define(fault.Refused, "ranking.singly",
		"方案规定用差额表决排出先后，不逐项再次表决。在会议页开始差额表决。", rule)
)

// Live returns the ranking that is not over, or nil.
func Live(m *meeting.Meeting) *ballot.Ranking {
	for n := range m.Rankings {
		if r := &m.Rankings[n]; r.State == ballot.RankingOpen || r.State == ballot.RankingCounted {
			return r
		}
	}
	return nil
}

// Singly refuses to vote again on one item where the programme votes on all together.
func Singly(m *meeting.Meeting) error {
	if ballot.Chooses(m.Rules) {
		return errSingly.New()
	}
	return nil
}

// Recused says who is recused from any of the candidates: they cannot weigh it against the
// others, and have no part in the ranking.
func Recused(candidates []id.Item, items []item.Item) map[id.Account]string {
	all := map[id.Account]string{}
	for _, i := range items {
		if slices.Contains(candidates, i.ID) {
			for who, why := range i.Recusals {
				all[who] = why
			}
		}
	}
	return all
}

// given are the choices as the attendance counts votes.
func given(r *ballot.Ranking) (votes []ballot.Vote) {
	for _, c := range r.Choices {
		votes = append(votes, ballot.Vote{Account: c.Account})
	}
	return votes
}

// Open begins a ranking among those of a category that the places do not tell apart. All
// items have a result by then; s says how they stand.
func Open(by stage.Actor, m *meeting.Meeting, items []item.Item, s meeting.Settlement, category string, now time.Time) (stage.Move, error) {
	mv, err := meeting.Kind.Step(m.State, "open_ranking", by.Role)
	if err != nil {
		return mv, err
	}
	cut := s.Cuts[category]
	recused := Recused(cut.Again, items)
	if err := m.Presides(by, recused); err != nil {
		return mv, err
	}
	_, whole := s.Cuts[""]
	switch {
	case !ballot.Chooses(m.Rules):
		return mv, errRule.New()
	case Live(m) != nil:
		return mv, errRunning.New()
	case s.Unsettled > 0:
		return mv, errUnsettled.New(s.Unsettled)
	case len(cut.Again) == 0:
		return mv, errNothing.New()
	case whole && len(s.Cuts) > 1:
		return mv, errBoth.New()
	}
	if err := m.MayVote(recused, nil); err != nil {
		return mv, err
	}
	r := ballot.Ranking{
		Number: len(m.Rankings) + 1, Category: category, Rule: m.Rules.OverQuota, Paper: m.Rules.Ballot != "named",
		Places: s.Places[category] - len(cut.Stay), State: ballot.RankingOpen, OpenedAt: now,
	}
	sorted := slices.Clone(items)
	slices.SortFunc(sorted, func(a, b item.Item) int { return a.Position - b.Position })
	for _, i := range sorted {
		if slices.Contains(cut.Again, i.ID) {
			r.Candidates = append(r.Candidates, i.ID)
		}
	}
	m.Rankings = append(slices.Clone(m.Rankings), r)
	return mv, nil
}

// Outstanding counts who is present, may vote in a ranking, and has not.
func Outstanding(m *meeting.Meeting, r *ballot.Ranking, items []item.Item) (n int) {
	recused := Recused(r.Candidates, items)
	for _, s := range m.Roster {
		if s.Votes() && s.Present && recused[s.Account] == "" && !ballot.Voted(given(r), s.Account) {
			n++
		}
	}
	return n
}

// May decides whether somebody may vote in the ranking that is open: once, present, not
// recused from a candidate, the one who presides last. It changes nothing.
func May(by stage.Actor, m *meeting.Meeting, items []item.Item) (stage.Move, error) {
	mv, err := meeting.Kind.Step(m.State, "rank", by.Role)
	if err != nil {
		return mv, err
	}
	r, s := Live(m), m.Seat(by.Account)
	switch {
	case r == nil || r.State != ballot.RankingOpen:
		return mv, errNone.New()
	case r.Paper:
		return mv, errPaper.New()
	case s == nil || !s.Votes():
		return mv, errNoVote.New()
	case Recused(r.Candidates, items)[by.Account] != "":
		return mv, errRecused.New()
	case ballot.Voted(given(r), by.Account):
		return mv, errTwice.New()
	case !s.Present:
		return mv, errAbsent.New()
	}
	if others := Outstanding(m, r, items) - 1; by.Account == m.Presiding && others > 0 {
		return mv, errLast.New(others)
	}
	return mv, m.MayVote(Recused(r.Candidates, items), given(r))
}

// Vote gives one member's choice.
func Vote(by stage.Actor, m *meeting.Meeting, items []item.Item, chosen []id.Item, now time.Time) (stage.Move, error) {
	mv, err := May(by, m, items)
	if err != nil {
		return mv, err
	}
	m.Rankings = slices.Clone(m.Rankings)
	r := Live(m)
	if err := r.Allows(chosen); err != nil {
		return mv, err
	}
	r.Choices = append(slices.Clone(r.Choices), ballot.Choice{Account: by.Account, Items: chosen, At: now})
	r.Cast++
	return mv, nil
}

// live returns the ranking that an act of the chair is about, in one of the states.
func live(by stage.Actor, m *meeting.Meeting, items []item.Item, act string, states ...string) (*ballot.Ranking, stage.Move, error) {
	mv, err := meeting.Kind.Step(m.State, act, by.Role)
	if err != nil {
		return nil, mv, err
	}
	m.Rankings = slices.Clone(m.Rankings)
	r := Live(m)
	if r == nil || !slices.Contains(states, r.State) {
		return nil, mv, errNone.New()
	}
	return r, mv, m.Presides(by, Recused(r.Candidates, items))
}

// Close ends the voting. Without a quorum there is no result: the ranking is void, or those
// who left come back.
func Close(by stage.Actor, m *meeting.Meeting, items []item.Item) (stage.Move, error) {
	r, mv, err := live(by, m, items, "close_ranking", ballot.RankingOpen)
	if err != nil {
		return mv, err
	}
	recused := Recused(r.Candidates, items)
	if err := m.MayVote(recused, given(r)); err != nil {
		return mv, err
	}
	a := m.AttendanceOn(recused, given(r))
	r.State, r.Entitled, r.Present = ballot.RankingCounted, a.Entitled, a.Present
	if !r.Paper {
		r.Points = r.Count()
	}
	return mv, nil
}

// Count keeps one scrutineer's count of the paper ballots; given again, the last counts.
func Count(by stage.Actor, m *meeting.Meeting, c ballot.RankingCount) (stage.Move, error) {
	mv, err := meeting.Kind.Step(m.State, "count_ranking", by.Role)
	if err != nil {
		return mv, err
	}
	m.Rankings = slices.Clone(m.Rankings)
	r := Live(m)
	switch {
	case r == nil || r.State != ballot.RankingCounted:
		return mv, errNone.New()
	case !r.Paper:
		return mv, errNamed.New()
	case by.Account == m.Presiding:
		return mv, errPresides.New()
	}
	if err := r.Check(c); err != nil {
		return mv, err
	}
	points := map[id.Item]int{}
	for _, i := range r.Candidates {
		points[i] = c.Points[i]
	}
	c.By, c.Points = by.Account, points
	r.Counts = append(slices.DeleteFunc(slices.Clone(r.Counts), func(o ballot.RankingCount) bool { return o.By == c.By }), c)
	r.Points = nil
	if agreed, ok := r.Agreed(); ok {
		r.Points, r.Cast = agreed.Points, agreed.Collected
	}
	return mv, nil
}

// Ready refuses the result of a ranking that is not counted, or void.
func Ready(r *ballot.Ranking) error {
	if !r.Paper {
		return nil
	}
	c, ok := r.Agreed()
	switch {
	case !ok:
		return errCounts.New()
	case c.Collected > c.Issued:
		return errVoid.New()
	}
	return nil
}

// Settle declares the result: what each candidate has counts for the places from now on.
// It returns the candidates among items, changed.
func Settle(by stage.Actor, m *meeting.Meeting, items []item.Item, now time.Time) (changed []item.Item, mv stage.Move, err error) {
	r, mv, err := live(by, m, items, "settle_ranking", ballot.RankingCounted)
	if err != nil {
		return nil, mv, err
	}
	if err := Ready(r); err != nil {
		return nil, mv, err
	}
	for _, i := range items {
		if slices.Contains(r.Candidates, i.ID) {
			i.Ayes = append(slices.Clone(i.Ayes), r.Points[i.ID])
			changed = append(changed, i)
		}
	}
	r.State, r.EndedAt = ballot.RankingSettled, now
	return changed, mv, nil
}

// Void gives a ranking up; another may be opened.
func Void(by stage.Actor, m *meeting.Meeting, items []item.Item, reason string, now time.Time) (stage.Move, error) {
	r, mv, err := live(by, m, items, "void_ranking", ballot.RankingOpen, ballot.RankingCounted)
	if err != nil {
		return mv, err
	}
	if !meeting.Readable(reason) {
		return mv, meeting.ErrText.At("reason", "理由")
	}
	r.State, r.Reason, r.EndedAt = ballot.RankingVoid, reason, now
	return mv, nil
}

// Spoil gives up what is live when the sitting ends early.
func Spoil(m *meeting.Meeting, reason string, now time.Time) {
	m.Rankings = slices.Clone(m.Rankings)
	if r := Live(m); r != nil {
		r.State, r.Reason, r.EndedAt = ballot.RankingVoid, reason, now
	}
}

// readsNames are those who read who chose what, once the voting is closed.
var readsNames = []stage.Role{stage.Chair, stage.Scrutineer, stage.Auditor}

// Seen leaves of the rankings of a meeting what a viewer may see. Who is recused from a
// candidate sees nothing of a ranking. What others chose is nobody's while voting runs, and
// figures are told once they are declared; before, the chair sees what is to be declared, and
// a scrutineer their own count.
func Seen(m *meeting.Meeting, items []item.Item, viewer stage.Actor) (all []ballot.Ranking) {
	for _, r := range m.Rankings {
		if Recused(r.Candidates, items)[viewer.Account] != "" {
			continue
		}
		over := r.State == ballot.RankingSettled || r.State == ballot.RankingVoid
		if r.State == ballot.RankingOpen || !slices.Contains(readsNames, viewer.Role) {
			r.Choices = slices.DeleteFunc(slices.Clone(r.Choices), func(c ballot.Choice) bool { return c.Account != viewer.Account })
		}
		if _, agreed := r.Agreed(); !over && !agreed {
			r.Counts = slices.DeleteFunc(slices.Clone(r.Counts), func(c ballot.RankingCount) bool { return c.By != viewer.Account })
		}
		if r.State != ballot.RankingSettled && viewer.Role != stage.Chair && viewer.Role != stage.Auditor {
			r.Points = nil
		}
		all = append(all, r)
	}
	return all
}
