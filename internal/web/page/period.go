package page

import (
	"fmt"
	"slices"
	"strconv"

	"shifan/internal/calendar"
)

var shortWeekdays = [...]string{"周日", "周一", "周二", "周三", "周四", "周五", "周六"}

// PeriodDays turns a period counted in working days into what Workdays draws:
// every day from the issue to the end, rest days too, seen on a day. issued says
// what happened on the first day: 发布, 送达.
func PeriodDays(p calendar.Period, issued string, today calendar.Date) (days []WorkDay) {
	if p.Last.IsZero() {
		return nil
	}
	for d := p.From; !d.After(p.Last); d = d.AddDays(1) {
		w := WorkDay{ISO: d.String(), Day: strconv.Itoa(d.Day), Word: shortWeekdays[d.Weekday()], Note: "不计入"}
		if d.Day == 1 {
			w.Word = fmt.Sprintf("%d月 %s", int(d.Month), w.Word)
		}
		i := slices.IndexFunc(p.Days, func(day calendar.Day) bool { return day.Date == d })
		counts := i >= 0 && p.Days[i].Number > 0
		if counts {
			w.Note, w.Counts = fmt.Sprintf("第%d日", p.Days[i].Number), true
		}
		rest := !counts && d != p.From
		switch {
		case d == today:
			w.Tone, w.Word = "today", w.Word+" 今天"
		case rest:
			w.Tone, w.Word = "rest", w.Word+" 休息"
		case d.Before(today):
			w.Tone = "past"
		default:
			w.Tone = "next"
		}
		if d == p.From && d != today {
			w.Word += " " + issued
		}
		days = append(days, w)
	}
	return days
}

// stepWords are the steps of a round as the public knows them.
var stepWords = map[string]string{"review": "初审", "visit": "实地考核", "meeting": "会议审定", "publicity": "公示"}

// Steps returns the words of a whole procedure, for Strip.Steps: it begins with
// 自评申报 and ends with 命名授牌.
func Steps(procedure []string) []string {
	words := []string{"自评申报"}
	for _, p := range procedure {
		words = append(words, stepWords[p])
	}
	return append(words, "命名授牌")
}

// StepOf returns which step of Steps a stage of the procedure is, from 1. The
// empty stage is the application itself, "naming" the last step.
func StepOf(procedure []string, stage string) int {
	if stage == "naming" {
		return len(procedure) + 2
	}
	return slices.Index(procedure, stage) + 2
}
