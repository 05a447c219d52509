package page

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"shifan/internal/calendar"
	"shifan/internal/casework"
	"shifan/internal/id"
	"shifan/internal/lifecycle/assessment"
	"shifan/internal/lifecycle/ballot"
	"shifan/internal/lifecycle/item"
	"shifan/internal/lifecycle/meeting"
	"shifan/internal/lifecycle/minutes"
	"shifan/internal/lifecycle/review"
	"shifan/internal/lifecycle/stage"
)

// recommendations are what a review recommends, in words.
var recommendations = review.Recommendations

// visitOpinions are what a visit found, in words.
var visitOpinions = assessment.Opinions

var meetingSteps = []string{"召集", "送达材料", "签到", "审议表决", "闭会"}

func meetingStep(m meeting.Meeting) int {
	switch m.State {
	case meeting.Sitting:
		return 4
	case meeting.Closed:
		return 6
	case meeting.Convened:
		if m.CirculatedOn.IsZero() {
			return 2
		}
		return 3
	}
	return 0
}

func meetingStrip(v casework.MeetingView) Strip {
	m := v.Meeting
	s := Strip{Steps: meetingSteps, Step: meetingStep(m), Stage: meeting.Kind.Word(string(m.State)), Who: "办公室经办人", Due: Minute(m.At), DueNote: m.Place}
	switch {
	case m.State == meeting.Convened && m.CirculatedOn.IsZero():
		s.StageNote = fmt.Sprintf("材料在会前%d天送达，最晚%s", m.Rules.MaterialDays, ShortDay(calendar.DateOf(m.At).AddDays(-m.Rules.MaterialDays)))
	case m.State == meeting.Convened:
		s.StageNote, s.Who = "材料已于"+ShortDay(m.CirculatedOn)+"送达", "委员签到，主持人宣布开会"
	case m.State == meeting.Sitting:
		s.StageNote, s.Who, s.Due, s.DueNote = Clock(m.OpenedAt)+" 开会", "主持人", "由主持人宣布闭会", m.Place
	default:
		s.Steps, s.Who, s.Due, s.DueNote = nil, Over, Minute(m.EndedAt), ""
		s.StageNote = m.Reason
	}
	return s
}

// Clock says the time of an instant of today: 10:42.
func Clock(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(calendar.Zone).Format("15:04")
}

func meetingTone(s stage.State) Tone {
	switch s {
	case meeting.Convened:
		return Open
	case meeting.Sitting:
		return Now
	case meeting.Closed:
		return Plain
	}
	return Ended
}

func itemTone(s stage.State) Tone {
	switch s {
	case item.Voting, item.Counting:
		return Now
	case item.Carried:
		return OK
	case item.Lost:
		return Bad
	case item.Deferred:
		return Warn
	case item.Withdrawn:
		return Ended
	}
	return Open
}

func itemURL(key id.Item) string       { return "/items/" + string(key) }
func meetingURL(key id.Meeting) string { return "/meetings/" + string(key) }

// basisOf says what an item's decision rests on, in one line.
func basisOf(i item.Item) string {
	var parts []string
	if w := recommendations[i.Recommendation]; w != "" {
		parts = append(parts, "初审"+w)
	}
	if w := visitOpinions[i.Opinion]; w != "" {
		parts = append(parts, "考核"+w)
	}
	return strings.Join(parts, "，")
}

// figures says a tally in one line.
func figures(t ballot.Tally) string {
	s := fmt.Sprintf("赞成%d，反对%d，弃权%d", t.Ayes, t.Noes, t.Abstentions)
	if t.Invalid > 0 {
		s += fmt.Sprintf("，无效%d", t.Invalid)
	}
	if t.Written > 0 {
		s += fmt.Sprintf("；计入书面意见%d（赞成%d，反对%d）", t.Written, t.WrittenAyes, t.WrittenNoes)
	}
	if gone := t.Issued - t.Collected; gone > 0 {
		s += fmt.Sprintf("，未投%d", gone)
	}
	return s
}

// quorumSum says why there is a quorum, or why there is none, by whole numbers.
func quorumSum(m meeting.Meeting, a meeting.Attendance) string {
	n, d := m.Rules.Quorum.Of[0], m.Rules.Quorum.Of[1]
	left, right := d*a.Present, n*a.Entitled
	word := "不小于"
	switch {
	case m.Rules.Quorum.Strictly && left > right:
		word = "大于"
	case m.Rules.Quorum.Strictly:
		word = "不大于"
	case left < right:
		word = "小于"
	}
	return fmt.Sprintf("核算：%d × %d = %d，%s %d × %d = %d", d, a.Present, left, word, n, a.Entitled, right)
}

// share says a fraction as people do.
func share(of [2]int, strictly bool) string {
	words := map[[2]int]string{{1, 2}: "半数", {2, 3}: "三分之二", {3, 4}: "四分之三", {1, 3}: "三分之一"}
	w := words[of]
	if w == "" {
		w = fmt.Sprintf("%d分之%d", of[1], of[0])
	}
	if strictly {
		return w + "以上（不含" + w + "）"
	}
	return w + "以上"
}

// seatState says whether somebody is there.
func seatState(s meeting.Seat) (Tone, string) {
	switch {
	case s.Present:
		return OK, Clock(s.In) + " 签到"
	case !s.Out.IsZero():
		return Ended, Clock(s.Out) + " 离会"
	case s.Leave != "":
		return Warn, "请假"
	}
	return Open, "未签到"
}

func postWord(p string) string {
	return map[string]string{meeting.Chair: "主任委员", meeting.Member: "委员", meeting.Attendant: "列席"}[p]
}

// passes says how many ayes it takes.
func passes(v casework.ItemView) string {
	of := fmt.Sprintf("应到%d人", v.Attendance.Entitled)
	if v.Meeting.Rules.Of == "present" {
		of = fmt.Sprintf("实到%d人", v.Attendance.Present)
	}
	return fmt.Sprintf("%s的%s赞成为通过，至少%d票", of, share(v.Meeting.Rules.Majority.Of, v.Meeting.Rules.Majority.Strictly), v.Pass)
}

// ballotOptions lists how a meeting may vote.
var ballotOptions = []Option{{Value: "named", Word: "记名"}, {Value: "paper", Word: "无记名，纸质票"}, {Value: "secret", Word: "无记名，电子表决"}}

var ballotWords = map[string]string{"named": "记名，在系统里投票", "paper": "无记名，纸质票", "secret": "无记名，电子表决"}

var itemSteps = []string{"介绍情况和讨论", "表决", "计票", "宣布"}

func itemStrip(v casework.ItemView) Strip {
	i := v.Item
	s := Strip{Steps: itemSteps, Stage: item.Kind.Word(string(i.State)), Due: "由主持人宣布", Who: "主持人"}
	switch i.State {
	case item.Listed:
		s.Step = 1
		if v.Meeting.State == meeting.Convened {
			s.Steps, s.Due, s.DueNote = nil, Minute(v.Meeting.At), "开会时间"
		}
	case item.Voting:
		s.Step, s.StageNote, s.Due = 2, Clock(i.OpenedAt)+" 开始，"+ballotWords[v.Meeting.Rules.Ballot], "由主持人宣布结束"
		if !v.Recused {
			s.DueNote = "已进行" + lasted(i.OpenedAt, v.Now)
		}
	case item.Counting:
		s.Step = 4
		if v.Item.OnPaper(&v.Meeting) {
			s.Step, s.Who = 3, "两名监票人"
		}
	default:
		s.Steps, s.Due, s.Who, s.StageNote = nil, Minute(i.DecidedAt), Over, i.Reason
	}
	return s
}

func lasted(from, now time.Time) string {
	d := now.Sub(from).Truncate(time.Second)
	if d < time.Minute {
		return fmt.Sprintf("%d秒", int(d.Seconds()))
	}
	return fmt.Sprintf("%d分%d秒", int(d.Minutes()), int(d.Seconds())%60)
}

// chairOptions lists who may preside.
func chairOptions(seats []meeting.Seat) (all []Option) {
	for _, s := range seats {
		all = append(all, Option{Value: string(s.Account), Word: s.Name})
	}
	return all
}

// aboutOptions lists what a meeting may be about.
func aboutOptions(c casework.ConveneChoices) (all []Option) {
	for _, r := range c.Rounds {
		all = append(all, Option{Value: "round:" + string(r.ID), Word: fmt.Sprintf("%d年度申报", r.Year), Hint: r.Title})
	}
	for _, p := range c.Programmes {
		all = append(all, Option{Value: "programme:" + string(p.Name), Word: "复查、整改、撤销等事项", Hint: p.Title + "，不审议申报"})
	}
	return all
}

func subjectValue(s item.Subject) string { return s.Kind + ":" + s.ID }

func attendingText(m meeting.Meeting) string {
	var names []string
	for _, s := range m.Roster {
		if s.Post == meeting.Attendant {
			names = append(names, s.Name)
		}
	}
	return strings.Join(names, "\n")
}

func voted(v casework.ItemView, who id.Account) string {
	for _, b := range v.Votes {
		if b.Account == who {
			return ballot.Choices[b.Choice]
		}
	}
	return ""
}

func choiceOptions() []Option {
	return []Option{{Value: "aye", Word: "赞成"}, {Value: "no", Word: "反对"}, {Value: "abstain", Word: "弃权"}}
}

func joined(list []string) string { return strings.Join(list, "、") }

func firstValue(options []Option) string {
	if len(options) == 0 {
		return ""
	}
	return options[0].Value
}

func dayOf(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return calendar.DateOf(t).String()
}

func orTime(t time.Time, otherwise string) string { return orWord(Clock(t), otherwise) }

func orWord(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}

func backTo(m meeting.Meeting) string {
	if m.ID == "" {
		return "/meetings"
	}
	return meetingURL(m.ID)
}

// sittingOn returns the item whose vote is open, or nil.
func sittingOn(v casework.MeetingView) *item.Item {
	for n := range v.Items {
		if v.Items[n].State == item.Voting {
			return &v.Items[n]
		}
	}
	return nil
}

// overSays tells the chair which categories have more than their places.
func overSays(v casework.MeetingView) (all []string) {
	for _, category := range slices.Sorted(maps.Keys(v.Settlement.Cuts)) {
		c := v.Settlement.Cuts[category]
		if c.Settled() {
			continue
		}
		name := "本届"
		if category != "" {
			name = "类别“" + category + "”"
		}
		say := fmt.Sprintf("%s通过%d项，名额%d个。", name, c.Carried, max(v.Settlement.Places[category], 0))
		if len(c.Again) > 0 {
			say += fmt.Sprintf("有%d项要再次表决才能排出先后，", len(c.Again))
		} else {
			say += fmt.Sprintf("有%d项排在名额以外，", len(c.Out))
		}
		where := "在议题页办理。"
		if ballot.Chooses(v.Meeting.Rules) && len(c.Again) > 0 {
			where = "请进行差额表决。"
		}
		all = append(all, say+where)
	}
	return all
}

func waitingOptions(all []item.Facts) (options []Option) {
	for _, f := range all {
		hint := item.Subjects[f.Subject.Kind]
		if b := basisOf(item.Item{Recommendation: f.Recommendation, Opinion: f.Opinion}); b != "" {
			hint += "。" + b
		}
		if !f.Reviewed || !f.Visited {
			hint += "。意见不全，暂不能列入"
		}
		options = append(options, Option{Value: subjectValue(f.Subject), Word: f.Title, Hint: hint})
	}
	return options
}

func endedSay(m minutes.Minutes) string {
	if m.Ended.IsZero() {
		return ""
	}
	return " 至 " + Clock(m.Ended)
}

func minuteFacts(i minutes.Item) []Fact {
	all := []Fact{{Word: "事项", Value: i.Subject}}
	if b := basisOf(item.Item{Recommendation: i.Recommendation, Opinion: i.Opinion}); b != "" {
		all = append(all, Fact{Word: "依据", Value: b})
	}
	if len(i.Recused) > 0 {
		all = append(all, Fact{Word: "回避", Value: i.Away()})
	}
	if i.Voted {
		all = append(all, Fact{Word: "表决", Value: fmt.Sprintf("应到%d人，实到%d人。%s", i.Base.Entitled, i.Base.Present, figures(i.Tally))})
	}
	for _, v := range []struct {
		word string
		who  []string
	}{{"赞成", i.Ayes}, {"反对", i.Noes}, {"弃权", i.Abstained}} {
		if len(v.who) > 0 {
			all = append(all, Fact{Word: v.word, Value: joined(v.who)})
		}
	}
	if len(i.Written) > 0 {
		all = append(all, Fact{Word: "书面意见", Value: joined(i.Written)})
	}
	all = append(all, Fact{Word: "结果", Value: i.Result})
	if i.Reason != "" {
		all = append(all, Fact{Word: "理由", Value: i.Reason})
	}
	return all
}
