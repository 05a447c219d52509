package calendar

import (
	"fmt"
	"slices"
	"time"

	"shifan/internal/fault"
)

// LongestPeriod bounds a period in working days: about four years.
const LongestPeriod = 1000

var errDays = fault.Define(fault.Invalid, "calendar.period.days",
	"工作日数“%d”不对。写1到%d之间的整数。", "")

// Period is a number of working days, counted out.
type Period struct {
	From         Date // the day on which what starts the period happened
	First        Date // the first day that counts
	Last         Date // the last day that counts; the period ends at its 24:00
	Days         []Day
	CountFirst   bool
	Provisional  bool  // a year in it has no arrangement yet: the end is a guess
	MissingYears []int // those years
	Version      string
}

// AddWorkingDays counts n working days. By default the day from does not count
// (Civil Code art. 201): day 1 is the next working day, and the period ends at
// 24:00 of the n-th. With countFirst, day 1 is from itself when it is worked; on
// a rest day both ways coincide (facts.md §2.4). The result is Provisional, never
// silently wrong, when it touches a year without an arrangement.
func (c *Calendar) AddWorkingDays(from Date, n int, countFirst bool) (Period, error) {
	if n < 1 || n > LongestPeriod {
		return Period{}, errDays.New(n, LongestPeriod)
	}
	p := Period{From: from, CountFirst: countFirst, Version: c.Version()}
	d := from
	if !countFirst {
		d = d.AddDays(1)
	}
	for counted := 0; counted < n; d = d.AddDays(1) {
		day := c.Day(d)
		if day.Working {
			counted++
			day.Number = counted
		}
		if !day.Known && !slices.Contains(p.MissingYears, d.Year) {
			p.MissingYears, p.Provisional = append(p.MissingYears, d.Year), true
		}
		if counted == 0 {
			continue
		}
		if p.First.IsZero() {
			p.First = d
		}
		p.Days = append(p.Days, day)
		p.Last = d
	}
	return p, nil
}

// AddFullDays counts n working days like AddWorkingDays, but those that are lost
// do not count: they are worked, and yet something that had to last all day did
// not. They are in the period's days, without a number.
func (c *Calendar) AddFullDays(from Date, n int, countFirst bool, lost []Date) (Period, error) {
	for counted := n; ; {
		p, err := c.AddWorkingDays(from, counted, countFirst)
		if err != nil {
			return p, err
		}
		more := 0
		for i := range p.Days {
			d := &p.Days[i]
			if d.Number > 0 && slices.Contains(lost, d.Date) {
				more++
				d.Number, d.Why = 0, "未足日，不计"
			} else if d.Number > 0 {
				d.Number -= more
			}
		}
		if n+more == counted {
			return p, nil
		}
		counted = n + more
	}
}

// Count returns how many working days the period has.
func (p Period) Count() int {
	if len(p.Days) == 0 {
		return 0
	}
	return p.Days[len(p.Days)-1].Number
}

// End returns the instant at which the period is over, 24:00 of its last day.
func (p Period) End() time.Time { return p.Last.End() }

// Chinese returns the wording that leaves nothing to count: both dates and the
// number, 2021年9月1日至9月7日，共5个工作日 (facts.md §2.4).
func (p Period) Chinese() string {
	last := p.Last.Chinese()
	if p.Last.Year == p.First.Year {
		last = fmt.Sprintf("%d月%d日", int(p.Last.Month), p.Last.Day)
	}
	s := fmt.Sprintf("%s至%s，共%d个工作日", p.First.Chinese(), last, p.Count())
	if p.Provisional {
		s += "（暂算）"
	}
	return s
}

// WorkingDaysBetween counts the working days after a, up to and including b: how
// many are left on day a until a deadline on day b. It is 0 when b is not later,
// and not known when a year between has no arrangement.
func (c *Calendar) WorkingDaysBetween(a, b Date) (n int, known bool) {
	known = true
	for d := a.AddDays(1); !d.After(b); d = d.AddDays(1) {
		working, k := c.Working(d)
		known = known && k
		if working {
			n++
		}
	}
	return n, known
}

// Served counts the full working days that something published at an instant
// has really been public by now: those of its period whose 24:00 has passed. A
// period of n days may end when Served reaches n, and not before (S56). Known is
// false when a year between has no arrangement; then the count is a guess.
func (c *Calendar) Served(published time.Time, countFirst bool, now time.Time) (n int, known bool) {
	from := DateOf(published)
	if countFirst {
		from = from.AddDays(-1)
	}
	return c.WorkingDaysBetween(from, DateOf(now).AddDays(-1))
}
