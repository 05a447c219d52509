package calendar

import (
	_ "embed" // the arrangements that the program is shipped with
	"fmt"
	"slices"
	"sync"
	"time"

	"shifan/internal/fault"
)

// Arrangement (安排) is one dated document that says which days of a year are
// off and which weekend days are worked instead (facts.md §2.1). It may spill
// over the year's ends: 2022-12-31 is off under the arrangement for 2023.
type Arrangement struct {
	Year        int    `json:"year"`
	Title       string `json:"title"`
	Number      string `json:"number,omitempty"` // 文号
	PublishedOn Date   `json:"published_on"`     // later documents override earlier ones
	Note        string `json:"note,omitempty"`   // what is still to be confirmed about the source
	// Amends is true for a document that changes single days. A document that
	// does not amend replaces everything said earlier for its year.
	Amends bool            `json:"amends,omitempty"`
	Names  map[Date]string `json:"names,omitempty"` // the first day of each block off → 国庆节
	Off    []Date          `json:"off"`
	Work   []Date          `json:"work,omitempty"` // 调休上班
}

// The sentences about an arrangement that makes no sense.
var (
	errYear = fault.Define(fault.Invalid, "calendar.import.year",
		"安排的年份“%d”不对。写成四位数的年份，2000到2100之间。", "")
	errUntitled = fault.Define(fault.Invalid, "calendar.import.untitled",
		"%d年的安排没有写明依据的文件。在 title（或 papers）里写上通知的标题。", "")
	errUndated = fault.Define(fault.Invalid, "calendar.import.undated",
		"%d年的安排没有发布日期。在 published_on 里写上，例如 2025-11-04。", "")
	errNothing = fault.Define(fault.Invalid, "calendar.import.nothing",
		"%d年的安排里没有任何放假日，不是一份完整的安排。核对 off（或 days）。", "")
	errWrongYear = fault.Define(fault.Invalid, "calendar.import.wrong_year",
		"%s不属于%d年的安排。一年的安排只能写到前一年12月和后一年1月，核对年份。", "")
	errOverlap = fault.Define(fault.Invalid, "calendar.import.overlap",
		"%s既写成放假，又写成上班。两处只能留一处。", "")
	errTwice  = fault.Define(fault.Invalid, "calendar.import.twice", "%s写了两次。删去一处。", "")
	errWorked = fault.Define(fault.Invalid, "calendar.import.worked_weekday",
		"%s是%s，平日本来就上班，不能写成调休上班。核对日期。", "")
)

// longTitle is far more than the title or number of any arrangement has, in bytes.
const longTitle = 600

// Check says what is wrong with an arrangement in itself: a year out of reach,
// no source, days of another year, a day both off and worked. A worked weekday
// is wrong too, unless the arrangement amends one that made that day off; the
// calendar that receives it checks that (see With).
func (a Arrangement) Check() error {
	switch {
	case a.Year < 2000 || a.Year > 2100:
		return errYear.At("year", a.Year)
	case a.Title == "" || len(a.Title) > longTitle || len(a.Number) > longTitle || len(a.Note) > longTitle:
		return errUntitled.At("title", a.Year)
	case a.PublishedOn.IsZero():
		return errUndated.At("published_on", a.Year)
	case len(a.Off) == 0 && !(a.Amends && len(a.Work) > 0):
		return errNothing.At("off", a.Year)
	}
	seen := map[Date]string{}
	for _, part := range []struct {
		path string
		days []Date
	}{{"off", a.Off}, {"work", a.Work}} {
		for i, d := range part.days {
			path := fmt.Sprintf("%s.%d", part.path, i)
			switch was, there := seen[d]; {
			case !a.covers(d):
				return errWrongYear.At(path, d, a.Year)
			case there && was == part.path:
				return errTwice.At(path, d)
			case there:
				return errOverlap.At(path, d)
			case part.path == "work" && !weekend(d) && !a.Amends:
				return errWorked.At(path, d, d.ChineseWeekday())
			}
			seen[d] = part.path
		}
	}
	return nil
}

// covers reports whether d may be arranged by the document of this year.
func (a Arrangement) covers(d Date) bool {
	return d.Year == a.Year || d.Year == a.Year-1 && d.Month == time.December || d.Year == a.Year+1 && d.Month == time.January
}

func weekend(d Date) bool {
	day := d.Weekday()
	return day == time.Saturday || day == time.Sunday
}

//go:embed data/arrangements.json
var shipped []byte

// Embedded returns the calendar that the program is shipped with: the
// arrangements for 2021 to 2026, each with its source.
var Embedded = sync.OnceValue(func() *Calendar {
	all, err := Read(shipped, Date{})
	if err != nil {
		panic(err)
	}
	c := &Calendar{}
	for _, a := range all {
		if c, err = c.With(a); err != nil {
			panic(err)
		}
	}
	return c
})

// statutory returns the name of the public holiday on d by 全国年节及纪念日放假
// 办法 (State Council order 795, in force 2025-01-01), for years whose
// arrangement is not published: the five holidays with fixed days, and those of
// the lunar calendar where they are known (2027: facts.md §2.2). It is a guess
// at an arrangement, and whatever rests on it is provisional.
func statutory(d Date) string {
	for _, h := range []struct {
		month    time.Month
		from, to int
		year     int // 0: every year
		name     string
	}{
		{time.January, 1, 1, 0, "元旦"},
		{time.May, 1, 2, 0, "劳动节"},
		{time.October, 1, 3, 0, "国庆节"},
		{time.February, 5, 8, 2027, "春节"},
		{time.April, 5, 5, 2027, "清明节"},
		{time.June, 9, 9, 2027, "端午节"},
		{time.September, 15, 15, 2027, "中秋节"},
	} {
		if d.Month == h.month && d.Day >= h.from && d.Day <= h.to && (h.year == 0 || h.year == d.Year) {
			return h.name
		}
	}
	return ""
}

// sortDates returns the days in order.
func sortDates(days []Date) []Date {
	days = slices.Clone(days)
	slices.SortFunc(days, Date.Compare)
	return days
}
