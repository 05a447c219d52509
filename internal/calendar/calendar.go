package calendar

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"maps"
	"slices"
)

// Calendar is a set of arrangements in force, with a version. It is never
// changed; With returns another one. The zero Calendar knows no year.
type Calendar struct {
	arrangements []Arrangement // in order of precedence, the strongest last
	off          map[Date]bool // what a document says of the day; absent: nothing
	names        map[Date]string
	years        map[int]bool
	version      string
}

// With returns the calendar with one more document. Later documents override
// earlier ones by their date of publication; of two of one date, the one that
// was added later. It refuses what Check refuses, and an amendment that makes a
// weekday worked which nothing made off.
func (c *Calendar) With(a Arrangement) (*Calendar, error) {
	if err := a.Check(); err != nil {
		return nil, err
	}
	all := slices.Clone(c.arrangements)
	at := len(all)
	for at > 0 && all[at-1].PublishedOn.After(a.PublishedOn) {
		at--
	}
	next := &Calendar{arrangements: slices.Insert(all, at, a)}
	if err := next.settle(); err != nil {
		return nil, err
	}
	return next, nil
}

// settle works out every day that a document speaks of.
func (c *Calendar) settle() error {
	c.off, c.names, c.years = map[Date]bool{}, map[Date]string{}, map[int]bool{}
	for i, a := range c.arrangements {
		if c.replaced(i) {
			continue
		}
		if !a.Amends {
			c.years[a.Year] = true
		}
		for i, d := range a.Work {
			if !weekend(d) && !c.off[d] {
				return errWorked.At(fmt.Sprintf("work.%d", i), d, d.ChineseWeekday())
			}
			c.off[d] = false
			delete(c.names, d)
		}
		name := ""
		for _, d := range sortDates(a.Off) {
			if n, ok := a.Names[d]; ok {
				name = n
			} else if !slices.Contains(a.Off, d.AddDays(-1)) {
				name = ""
			}
			c.off[d], c.names[d] = true, name
		}
	}
	c.version = c.digest()
	return nil
}

// replaced reports whether a stronger document speaks for the i-th one's whole
// year.
func (c *Calendar) replaced(i int) bool {
	return slices.ContainsFunc(c.arrangements[i+1:], func(a Arrangement) bool {
		return !a.Amends && a.Year == c.arrangements[i].Year
	})
}

// digest names what the calendar says of all days: the first and last year it
// knows and the start of a SHA-256 over its days. Two calendars that say the
// same have the same version, whatever documents they say it from.
func (c *Calendar) digest() string {
	h := sha256.New()
	years := c.Years()
	fmt.Fprintln(h, years)
	for _, d := range slices.SortedFunc(maps.Keys(c.off), Date.Compare) {
		if c.off[d] == weekend(d) {
			continue // the document says what the weekday says already
		}
		io.WriteString(h, fmt.Sprintln(d, c.off[d])) //nolint:errcheck // a hash never fails
	}
	if len(years) == 0 {
		return "0"
	}
	return fmt.Sprintf("%d-%d.%s", years[0], years[len(years)-1], hex.EncodeToString(h.Sum(nil)[:4]))
}

// Version names what this calendar says: 2021-2026.1f2e3d4c. Whatever is
// computed and published keeps the version that it was computed with (S5, S56).
func (c *Calendar) Version() string {
	if c.version == "" {
		return "0"
	}
	return c.version
}

// Years lists the years for which an arrangement is known, in order.
func (c *Calendar) Years() []int { return slices.Sorted(maps.Keys(c.years)) }

// Knows reports whether the year's arrangement is known.
func (c *Calendar) Knows(year int) bool { return c.years[year] }

// Arrangements lists the documents in order of precedence, the strongest last.
func (c *Calendar) Arrangements() []Arrangement { return slices.Clone(c.arrangements) }

// Working reports whether d is a working day, and whether that is known. A day
// of a year without an arrangement is a guess from the weekday and the statutory
// holidays.
func (c *Calendar) Working(d Date) (working, known bool) {
	if off, said := c.off[d]; said {
		return !off, true
	}
	if !c.Knows(d.Year) {
		return !weekend(d) && statutory(d) == "", false
	}
	return !weekend(d), true
}

// Day is one day as a calendar shows it.
type Day struct {
	Date    Date
	Working bool
	Known   bool   // false: the year's arrangement is not published (暂算)
	Number  int    // which day of the period it is, from 1; 0 for a day that does not count
	Why     string // 国庆节, 放假, 调休上班, 周末; empty for a plain working day
}

// Day says what kind of day d is, and why.
func (c *Calendar) Day(d Date) Day {
	day := Day{Date: d}
	day.Working, day.Known = c.Working(d)
	switch {
	case day.Working && weekend(d):
		day.Why = "调休上班"
	case day.Working:
	case c.names[d] != "":
		day.Why = c.names[d]
	case c.off[d]:
		day.Why = "放假"
	case !day.Known && statutory(d) != "":
		day.Why = statutory(d)
	default:
		day.Why = "周末"
	}
	return day
}

// NextWorking returns the first working day from d on, d included, and whether
// that is known.
func (c *Calendar) NextWorking(d Date) (next Date, known bool) {
	known = true
	for {
		working, k := c.Working(d)
		known = known && k
		if working {
			return d, known
		}
		d = d.AddDays(1)
	}
}
