package page

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"shifan/internal/calendar"
	"shifan/internal/casework"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/programme/words"
	"shifan/internal/lifecycle/round"
	"shifan/internal/lifecycle/stage"
)

// roundTone is how a round's state feels.
func roundTone(s stage.State) Tone {
	switch s {
	case round.Open:
		return Now
	case round.Drafted:
		return Open
	case round.Cancelled:
		return Ended
	}
	return Plain
}

// daysLeft says how long one may still file: 还剩14个工作日.
func daysLeft(v casework.RoundView) string {
	switch {
	case !v.Round.Published():
		return ""
	case !v.FilingOpen():
		return "已截止"
	case v.DaysLeft == 0:
		return "今天截止或只剩休息日"
	case !v.DaysKnown:
		return fmt.Sprintf("约还剩%d个工作日（暂算）", v.DaysLeft)
	}
	return fmt.Sprintf("还剩%d个工作日", v.DaysLeft)
}

// deadlineSay says the deadline of a round: as published, or as it would be.
func deadlineSay(v casework.RoundView) string {
	if v.Deadline.Asked.IsZero() {
		return ""
	}
	return v.Deadline.Chinese()
}

// restDaySay says what was chosen for a deadline on a rest day.
func restDaySay(policy string) string {
	switch policy {
	case calendar.Strict:
		return "不顺延，休息日也照样截止"
	case calendar.RollForward:
		return "顺延到下一个工作日"
	}
	return ""
}

// restDayNote explains a deadline that falls on a rest day.
func restDayNote(v casework.RoundView) string {
	d := v.Deadline
	if d.Asked.IsZero() || !d.RestDay {
		return ""
	}
	why := v.Calendar.Day(d.Asked).Why
	next, _ := v.Calendar.NextWorking(d.Asked)
	switch {
	case d.Date != d.Asked:
		return fmt.Sprintf("%s是休息日（%s），按规定顺延到%s。", Day(d.Asked), why, Day(d.Date))
	case v.Round.RestDay == "":
		return fmt.Sprintf("%s是休息日（%s）。发布前要选定：就在这一天截止，或者顺延到%s。", Day(d.Asked), why, Day(next))
	}
	return fmt.Sprintf("%s是休息日（%s），不顺延，仍在这一天%s截止。网上申报不受休息日影响。", Day(d.Asked), why, d.Time)
}

// remaining shows the days until the deadline when it is near.
func remaining(v casework.RoundView) (days []WorkDay) {
	today := calendar.DateOf(v.Now)
	if !v.FilingOpen() || today.DaysUntil(v.Deadline.Date) > 13 {
		return nil
	}
	for d := today; !d.After(v.Deadline.Date); d = d.AddDays(1) {
		c := v.Calendar.Day(d)
		day := WorkDay{ISO: d.String(), Day: strconv.Itoa(d.Day), Word: "周" + strings.TrimPrefix(d.ChineseWeekday(), "星期"), Tone: "next", Note: c.Why}
		switch {
		case d == today:
			day.Tone, day.Note = "today", "今天"
		case !c.Working:
			day.Tone = "rest"
		default:
			day.Note, day.Counts = "工作日", true
		}
		if d == v.Deadline.Date {
			day.Note, day.Counts = v.Deadline.Time+"截止", true
		}
		days = append(days, day)
	}
	return days
}

// kindsSay names the kinds of bodies that may apply, or what they are called where the
// programme says nothing of kinds.
func kindsSay(a programme.Applicants) string {
	if len(a.Kinds) == 0 {
		return cmp.Or(a.Word, "不限类别")
	}
	return words.Kinds(a)
}

// criteria lists the groups with the indicators that count in a year.
func criteria(p *programme.Programme, year int) (groups []programme.Group) {
	for _, g := range p.Criteria {
		g.Indicators = slices.DeleteFunc(slices.Clone(g.Indicators), func(i programme.Indicator) bool { return !i.CountsIn(year) })
		if len(g.Indicators) > 0 {
			groups = append(groups, g)
		}
	}
	return groups
}

// judgedSay says how an indicator is judged.
func judgedSay(i programme.Indicator) string {
	switch i.Judged {
	case "veto":
		return "红线，不符合的不能入选"
	case "scored":
		return fmt.Sprintf("计分，满分%d分", i.Points) + weightSay(i)
	case "graded":
		return fmt.Sprintf("按等次给分，满分%d分", i.Points) + weightSay(i)
	}
	return "符合或者不符合"
}

func weightSay(i programme.Indicator) string {
	if i.Weight == 0 {
		return ""
	}
	return fmt.Sprintf("，权重%d", i.Weight)
}

// quotaSay says how many may be chosen: for each category, or for all.
func quotaSay(r round.Round, p *programme.Programme) string {
	var parts []string
	for _, c := range p.Applicants.Categories {
		if n := r.Places(p, c.Code); n > 0 {
			parts = append(parts, fmt.Sprintf("%s不超过%d家", c.Title, n))
		}
	}
	if n := r.Places(p, ""); n > 0 {
		parts = append(parts, fmt.Sprintf("合计不超过%d家", n))
	}
	if len(parts) == 0 {
		return "不设名额，宁缺毋滥"
	}
	return strings.Join(parts, "，") + "；可以少于名额，宁缺毋滥"
}

// number writes a figure of a form; 0 is an empty field.
func number(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// roundStrip is the process strip of a round.
func roundStrip(v casework.RoundView) Strip {
	s := Strip{
		Steps: []string{"起草", "发布并申报", "各环节办理", "办结"}, Stage: round.Kind.Word(string(v.Round.State)),
		Due: deadlineSay(v), DueNote: daysLeft(v),
	}
	switch v.Round.State {
	case round.Drafted:
		s.Step, s.Who, s.WhoNote = 1, "办公室", "经办人起草，另一位负责人发布"
	case round.Open:
		s.Step, s.Who, s.WhoNote = 2, "各申报单位", "截止时自动关闭，草稿视为放弃"
	case round.Closed:
		s.Step, s.Who = 3, "办公室、考核组、委员会"
	case round.Concluded:
		s.Step, s.Who = 5, "已办结"
	default:
		s.Steps, s.Who = nil, "已取消"
	}
	return s
}

// answersOf lists everything that a call says, for the page that checks it.
func answersOf(v casework.RoundView) []Answer {
	r, edit := v.Round, ""
	if slices.Contains(v.Acts, "edit") {
		edit = "/rounds/" + string(r.ID) + "/edit"
	}
	special := "每年一届的常规届次"
	if r.Special {
		special = "增设届次：" + r.Reason
	}
	contact := r.Contact
	if contact == "" {
		contact = v.Programme.Office.Contact
	}
	issued := Day(r.IssuedOn)
	if issued == "" {
		issued = "发布当日"
	}
	rest := restDaySay(r.RestDay)
	if rest == "" && !v.Deadline.Asked.IsZero() && !v.Deadline.RestDay {
		rest = "截止日是工作日，不涉及"
	}
	all := []Answer{
		{Word: "方案", Value: fmt.Sprintf("%s（第%d版）", v.Programme.Title, v.Programme.Version)},
		{Word: "年度", Value: fmt.Sprintf("%d年度，%s", r.Year, special)},
		{Word: "标题", Value: r.Title},
		{Word: "文号", Value: r.DocNumber},
		{Word: "主送单位", Value: r.Addressees},
		{Word: "成文日期", Value: Day(r.DatedOn)},
		{Word: "印发日期", Value: issued},
		{Word: "截止时间", Value: deadlineSay(v)},
		{Word: "截止日逢休息日", Value: rest},
		{Word: "名额", Value: quotaSay(r, v.Programme)},
		{Word: "联系方式", Value: contact},
	}
	for i := range all[1:] {
		all[i+1].Change = edit
	}
	return all
}
