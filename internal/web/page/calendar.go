package page

import (
	"fmt"
	"strconv"
	"strings"

	"shifan/internal/calendar"
	"shifan/internal/casework"
)

// holiday is one block of days off.
type holiday struct {
	Name     string
	From, To calendar.Date
	Days     int
}

// String says the block in words: 10月1日至7日，共7天.
func (h holiday) String() string {
	s := fmt.Sprintf("%d月%d日", int(h.From.Month), h.From.Day)
	switch {
	case h.Days == 1:
		return s + "，1天"
	case h.From.Month == h.To.Month:
		s += fmt.Sprintf("至%d日", h.To.Day)
	default:
		s += fmt.Sprintf("至%d月%d日", int(h.To.Month), h.To.Day)
	}
	return fmt.Sprintf("%s，共%d天", s, h.Days)
}

// holidays lists the blocks of days off in a year, and the weekend days that
// are worked instead.
func holidays(v casework.CalendarView) (blocks []holiday, made []calendar.Date) {
	var last calendar.Date
	for _, m := range v.Months {
		for _, d := range m.Days {
			switch {
			case d.Working && d.Why != "":
				made = append(made, d.Date)
			case !d.Working && d.Why != "周末":
				if n := len(blocks); n > 0 && last.AddDays(1) == d.Date && blocks[n-1].Name == d.Why {
					blocks[n-1].To, blocks[n-1].Days = d.Date, blocks[n-1].Days+1
				} else {
					blocks = append(blocks, holiday{d.Why, d.Date, d.Date, 1})
				}
				last = d.Date
			}
		}
	}
	return blocks, made
}

// monthDays shows every day of a month.
// madeSay names the days off that are worked.
func madeSay(made []calendar.Date) string {
	var days []string
	for _, d := range made {
		days = append(days, ShortDay(d))
	}
	return strings.Join(days, "、")
}

func monthDays(m casework.Month, today calendar.Date) (days []WorkDay) {
	for _, d := range m.Days {
		day := WorkDay{ISO: d.Date.String(), Day: strconv.Itoa(d.Date.Day), Word: "周" + strings.TrimPrefix(d.Date.ChineseWeekday(), "星期"), Tone: "past", Note: "上班"}
		switch {
		case !d.Working:
			day.Tone, day.Note = "rest", d.Why
		case d.Why != "":
			day.Note, day.Counts = d.Why, true
		}
		if !d.Known && d.Working {
			day.Tone, day.Note = "next", "暂算"
		}
		if d.Date == today {
			day.Tone, day.Word = "today", day.Word+" 今天"
		}
		days = append(days, day)
	}
	return days
}

// yearLinks lists the years to look at: those that are known, and the next one.
func yearLinks(v casework.CalendarView) (all []Link) {
	years := v.Years
	if n := len(years); n > 0 {
		years = append(append([]int(nil), years...), years[n-1]+1)
	}
	for _, y := range years {
		all = append(all, Link{Word: strconv.Itoa(y) + "年", URL: "/calendar?year=" + strconv.Itoa(y), Here: y == v.Year})
	}
	return all
}

// documentSay names the document of an arrangement.
func documentSay(a calendar.Arrangement) string {
	if a.Number == "" {
		return a.Title
	}
	return a.Title + "（" + a.Number + "）"
}
