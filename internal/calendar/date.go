package calendar

import (
	"fmt"
	"time"
)

// Date is a day in the programme's time zone, with no time of day. The zero
// Date is no day at all.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// Zone is the zone in which a programme's days begin and end: UTC+8 all year,
// China having kept no summer time since 1991.
var Zone = time.FixedZone("Asia/Shanghai", 8*60*60)

// On returns the given day. It does not check it; ParseDate does.
func On(year int, month time.Month, day int) Date { return Date{year, month, day} }

// DateOf returns the day on which t falls in Zone.
func DateOf(t time.Time) Date {
	y, m, d := t.In(Zone).Date()
	return Date{y, m, d}
}

// ParseDate reads a date as 2021-09-14. It refuses days that do not exist.
func ParseDate(s string) (Date, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return Date{}, errDate.New(s)
	}
	return Date{t.Year(), t.Month(), t.Day()}, nil
}

// MustDate is ParseDate for dates written in the source.
func MustDate(s string) Date {
	d, err := ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

// String returns 2021-09-14, or "" for the zero Date.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day)
}

// MarshalText writes the date as String does.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads what MarshalText wrote.
func (d *Date) UnmarshalText(b []byte) (err error) {
	if len(b) == 0 {
		*d = Date{}
		return nil
	}
	*d, err = ParseDate(string(b))
	return err
}

// IsZero reports whether d is no day at all.
func (d Date) IsZero() bool { return d == Date{} }

// Start returns the instant at which the day begins, 0:00 in Zone.
func (d Date) Start() time.Time { return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, Zone) }

// End returns the instant at which the day is over, 24:00 in Zone. Whatever
// happens before it happens on that day or earlier.
func (d Date) End() time.Time { return d.AddDays(1).Start() }

// AddDays returns the day n days later, or earlier when n is negative.
func (d Date) AddDays(n int) Date {
	if day := d.Day + n; d.Day >= 1 && day >= 1 && day <= 28 {
		return Date{d.Year, d.Month, day} // every month has it: counting goes day by day
	}
	return DateOf(d.Start().AddDate(0, 0, n))
}

// AddMonths returns the corresponding day n months later, or the last day of
// that month when it has none (Civil Code art. 202). n may be negative.
func (d Date) AddMonths(n int) Date {
	first := time.Date(d.Year, d.Month+time.Month(n), 1, 0, 0, 0, 0, Zone)
	last := first.AddDate(0, 1, -1).Day()
	return Date{first.Year(), first.Month(), min(d.Day, last)}
}

// AddYears returns the corresponding day n years later; 29 February becomes
// 28 February where there is none (Civil Code art. 202).
func (d Date) AddYears(n int) Date { return d.AddMonths(12 * n) }

// Before reports whether d is an earlier day than e.
func (d Date) Before(e Date) bool { return d.Compare(e) < 0 }

// After reports whether d is a later day than e.
func (d Date) After(e Date) bool { return e.Before(d) }

// DaysUntil returns how many days lie from d to e; negative when e is earlier.
func (d Date) DaysUntil(e Date) int { return int(e.Start().Sub(d.Start()).Hours() / 24) }

// Weekday returns the day of the week.
func (d Date) Weekday() time.Weekday { return d.Start().Weekday() }

var weekdays = [...]string{"星期日", "星期一", "星期二", "星期三", "星期四", "星期五", "星期六"}

// Chinese returns the date as people read it, 2021年9月14日.
func (d Date) Chinese() string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%d年%d月%d日", d.Year, int(d.Month), d.Day)
}

// ChineseWeekday returns 星期二.
func (d Date) ChineseWeekday() string { return weekdays[d.Weekday()] }

// Compare orders days: negative when d is earlier than e, 0 on the same day.
func (d Date) Compare(e Date) int {
	switch {
	case d.Year != e.Year:
		return d.Year - e.Year
	case d.Month != e.Month:
		return int(d.Month) - int(e.Month)
	}
	return d.Day - e.Day
}
