package page

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"shifan/internal/calendar"
	"shifan/internal/casework"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/ballot"
	"shifan/internal/lifecycle/item"
	"shifan/internal/lifecycle/meeting"
	"shifan/internal/lifecycle/stage"
)

var zone = calendar.Zone

func outcomeWord(s string) string {
	return map[string]string{ballot.Carried: "通过", ballot.Lost: "未通过", ballot.Tied: "票数相等"}[s]
}

// sayOf returns the sentence of a refusal.
func sayOf(err error) string {
	if f, ok := errors.AsType[*fault.Fault](err); ok {
		return f.Say
	}
	return ""
}

func seatNames(seats []meeting.Seat) (all []string) {
	for _, s := range seats {
		all = append(all, s.Name)
	}
	return all
}

func accountsOf(m map[id.Account]string) []id.Account { return slices.Sorted(maps.Keys(m)) }

// whyNoVote says why a member has no ballot in front of them.
func whyNoVote(v casework.ItemView, who stage.Actor) string {
	s := v.Meeting.Seat(who.Account)
	switch {
	case v.Item.OnPaper(&v.Meeting):
		return "本项用纸质票表决，请到会场投票。"
	case s == nil || !s.Votes():
		return "没有表决权。"
	case !s.Present:
		return "还没有签到，签到后才能投票。"
	}
	return "现在不能投票。"
}

func closeAnswers(v casework.ItemView) []Answer {
	all := []Answer{
		{Word: "本项应到", Value: fmt.Sprintf("%d人", v.Attendance.Entitled)},
		{Word: "本项实到", Value: fmt.Sprintf("%d人，法定人数%d人", v.Attendance.Present, v.Quorum)},
	}
	if v.Meeting.Rules.Ballot == "named" {
		all = append(all, Answer{Word: "已投", Value: fmt.Sprintf("%d人", v.Item.Cast)})
		if len(v.Outstanding) > 0 {
			all = append(all, Answer{Word: "未投，按未投票记录", Value: joined(seatNames(v.Outstanding))})
		}
	}
	return append(all, Answer{Word: "通过需要", Value: passes(v)})
}

// declareAnswers is what a result rests on.
func declareAnswers(v casework.ItemView) []Answer {
	all := []Answer{
		{Word: "本项应到", Value: fmt.Sprintf("%d人，实到%d人", v.Item.Base.Entitled, v.Item.Base.Present)},
		{Word: "票数", Value: figures(v.Item.Tally)},
		{Word: "通过需要", Value: passes(v)},
		{Word: "结果", Value: outcomeWord(v.Outcome)},
	}
	if basis := basisOf(v.Item); basis != "" {
		all = append(all, Answer{Word: "初审和考核", Value: basis})
	}
	return all
}

func reasonHint(v casework.ItemView) string {
	if v.Item.Subject.Kind != "application" {
		return "可以不填。写明的理由记入会议记录，并告知单位。"
	}
	if v.Outcome != ballot.Tied && v.Item.Departs(v.Outcome == ballot.Carried) {
		return "结果与初审建议不一致，理由必填。"
	}
	return "与初审建议不一致时必填，其他情况可以不填。"
}

// sheetHolds reports whether a scan stands for the figures that count now.
func sheetHolds(v casework.ItemView) bool {
	return slices.ContainsFunc(v.Sheets, func(s casework.SheetLine) bool { return s.Holds })
}

// agreedFacts are the figures that a scan of the count sheet is to show.
func agreedFacts(i item.Item) []Fact {
	t, _ := ballot.Agreed(i.Counts)
	return []Fact{
		{Word: "发出", Value: fmt.Sprintf("%d张", t.Issued)},
		{Word: "收回", Value: fmt.Sprintf("%d张", t.Collected)},
		{Word: "两份一致的票数", Value: figures(t)},
	}
}

func orBlankNumber(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

func seatOptions(v casework.ItemView) (all []Option) {
	for _, s := range v.Meeting.Roster {
		if s.Votes() && !v.Item.Recused(s.Account) {
			all = append(all, Option{Value: string(s.Account), Word: s.Name})
		}
	}
	return all
}

// subjectSays says what kind of thing an item is about, and what it rests on.
func subjectSays(i item.Item) string {
	s := item.Subjects[i.Subject.Kind]
	if b := basisOf(i); b != "" {
		s += "。" + b + "。"
	}
	return s
}
