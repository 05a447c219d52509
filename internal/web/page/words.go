package page

import (
	"fmt"
	"time"

	"shifan/internal/calendar"
)

// Day says a date with its weekday: 2026年7月10日 星期五.
func Day(d calendar.Date) string {
	if d.IsZero() {
		return ""
	}
	return d.Chinese() + " " + d.ChineseWeekday()
}

// ShortDay says a date of the current year: 7月10日 星期五.
func ShortDay(d calendar.Date) string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%d月%d日 %s", int(d.Month), d.Day, d.ChineseWeekday())
}

// Moment says an instant to the second: 2026年7月8日 星期三 16:20:05.
func Moment(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return Day(calendar.DateOf(t)) + " " + t.In(calendar.Zone).Format("15:04:05")
}

// Minute says an instant to the minute: 2026年7月8日 星期三 16:20.
func Minute(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return Day(calendar.DateOf(t)) + " " + t.In(calendar.Zone).Format("15:04")
}

// Until says a deadline, the first instant that is too late. One at midnight is
// 24:00 of the day before: 2026年7月10日 星期五 24:00.
func Until(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	if d := calendar.DateOf(t); d.Start().Equal(t) {
		return Day(d.AddDays(-1)) + " 24:00"
	}
	return Minute(t)
}

// OrDash says a dash where there is nothing to say, in tables.
func OrDash(s string) string {
	if s == "" {
		return "—"
	}
	return s
}
