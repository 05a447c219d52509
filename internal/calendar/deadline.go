package calendar

import (
	"regexp"
	"time"

	"shifan/internal/fault"
)

// What to do with a deadline on a rest day (facts.md §2.5).
const (
	Strict      = "strict"       // it stays: 逾期视为放弃
	RollForward = "roll_forward" // it moves to the next working day (Civil Code art. 203)
)

var (
	errTime = fault.Define(fault.Invalid, "calendar.deadline.time",
		"截止时刻“%s”不对。写成 24:00 或 17:30 的样子。", "")
	errRestDay = fault.Define(fault.Invalid, "calendar.deadline.rest_day",
		"截止日逢休息日怎么办，只能选 strict（不顺延）或 roll_forward（顺延到下一个工作日），不能是“%s”。", "")
)

// Deadline is the instant from which on something is late, and how it came about.
type Deadline struct {
	Asked       Date      // the day that was written down
	Date        Date      // the day on which it ends; differs from Asked when it rolled
	Time        string    // 24:00 or 17:30 of that day
	At          time.Time // what happens before this instant is in time; at it is late
	RestDay     bool      // Asked is a rest day
	Alternative Date      // the next working day, when Asked is a rest day; the office chooses
	Provisional bool      // the year has no arrangement yet
	Version     string
}

var clockTime = regexp.MustCompile(`^([01][0-9]|2[0-3]):[0-5][0-9]$`)

// Deadline computes the instant of a deadline on a day. at is 24:00 (also when
// empty) or a time of that day; "before 10 July" includes the 10th (S5). restDay
// is Strict (also when empty) or RollForward.
func (c *Calendar) Deadline(day Date, at, restDay string) (Deadline, error) {
	if at == "" {
		at = "24:00"
	}
	if restDay == "" {
		restDay = Strict
	}
	if at != "24:00" && !clockTime.MatchString(at) {
		return Deadline{}, errTime.At("deadline_time", at)
	}
	if restDay != Strict && restDay != RollForward {
		return Deadline{}, errRestDay.At("rest_day", restDay)
	}
	l := Deadline{Asked: day, Date: day, Time: at, Version: c.Version()}
	working, known := c.Working(day)
	l.Provisional = !known
	if !working {
		l.RestDay = true
		l.Alternative, known = c.NextWorking(day)
		l.Provisional = l.Provisional || !known
		if restDay == RollForward {
			l.Date = l.Alternative
		}
	}
	l.At = instant(l.Date, at)
	return l, nil
}

// instant returns the instant of a checked time on a day.
func instant(d Date, at string) time.Time {
	if at == "24:00" {
		return d.End()
	}
	hour, minute := int(at[0]-'0')*10+int(at[1]-'0'), int(at[3]-'0')*10+int(at[4]-'0')
	return d.Start().Add(time.Duration(hour)*time.Hour + time.Duration(minute)*time.Minute)
}

// Chinese returns the deadline as people read it: date, weekday, time.
func (l Deadline) Chinese() string {
	s := l.Date.Chinese() + " " + l.Date.ChineseWeekday() + " " + l.Time
	if l.Provisional {
		s += "（暂算）"
	}
	return s
}

// How long a validity runs (S15).
const (
	Anniversary  = "anniversary"   // to the corresponding day (Civil Code art. 202)
	CalendarYear = "calendar_year" // 1 January of the next year to 31 December
)

var errValidity = fault.Define(fault.Invalid, "calendar.validity.policy",
	"有效期算法只能是 anniversary（对应日）或 calendar_year（日历年度），不能是“%s”。", "")

// Validity returns the first and the last valid day of years counted from a
// day: from 2021-09-15 three years last to 2024-09-15, from 2024-02-29 to
// 2027-02-28; by calendar years from 1 January next. No rest day moves it. The
// last day is zero when years is 0: without end.
func Validity(from Date, years int, policy string) (first, last Date, err error) {
	switch policy {
	case Anniversary, "":
		first, last = from, from.AddYears(years)
	case CalendarYear:
		first, last = On(from.Year+1, time.January, 1), On(from.Year+years, time.December, 31)
	default:
		return first, last, errValidity.At("policy", policy)
	}
	if years == 0 {
		last = Date{}
	}
	return first, last, nil
}

// Span is the time that a rule looks at: both days included. Years lists the
// complete years in it when the rule counts years.
type Span struct {
	From, To  Date
	Years     []int
	Shortened bool // the body was registered later than From
}

// MonthsBack returns the months that end on a deadline, both corresponding days
// included: 36 months back from 2021-07-10 begin on 2018-07-10 (S36; Civil Code
// art. 1259: 以内 includes the number).
func MonthsBack(deadline Date, months int) Span {
	return Span{From: deadline.AddMonths(-months), To: deadline}
}

// CompleteYears returns the last n complete calendar years before a deadline:
// for July 2021 and 3 the years 2018, 2019 and 2020 (S37).
func CompleteYears(deadline Date, n int) Span {
	s := Span{From: On(deadline.Year-n, time.January, 1), To: On(deadline.Year-1, time.December, 31)}
	for y := deadline.Year - n; y < deadline.Year; y++ {
		s.Years = append(s.Years, y)
	}
	return s
}

// Since cuts off what lies before a body was registered, for bodies younger than
// the span; the year of registration is no complete year.
func (s Span) Since(registered Date) Span {
	if !registered.After(s.From) {
		return s
	}
	s.From, s.Shortened = registered, true
	var years []int
	for _, y := range s.Years {
		if !registered.After(On(y, time.January, 1)) {
			years = append(years, y)
		}
	}
	s.Years = years
	return s
}

// Has reports whether d lies in the span.
func (s Span) Has(d Date) bool { return !d.Before(s.From) && !d.After(s.To) }

// Chinese returns the span as a form prints it.
func (s Span) Chinese() string {
	if s.From.After(s.To) {
		return "没有可看的时间"
	}
	return s.From.Chinese() + "至" + s.To.Chinese()
}
