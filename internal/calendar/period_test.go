package calendar_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"shifan/internal/calendar"
	"shifan/internal/fault"
)

// TestAddWorkingDays holds the vectors of facts.md §2.4, five working days each.
func TestAddWorkingDays(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		from, plain, first string
		provisional        bool
	}{
		{"2021-09-01", "2021-09-08", "2021-09-07", false},
		{"2021-09-14", "2021-09-22", "2021-09-18", false},
		{"2021-09-17", "2021-09-26", "2021-09-24", false},
		{"2021-09-18", "2021-09-27", "2021-09-26", false},
		{"2021-09-27", "2021-10-09", "2021-10-08", false},
		{"2021-09-30", "2021-10-13", "2021-10-12", false},
		{"2022-10-31", "2022-11-07", "2022-11-04", false},
		{"2023-09-26", "2023-10-09", "2023-10-08", false},
		{"2024-02-07", "2024-02-20", "2024-02-19", false},
		{"2025-01-24", "2025-02-07", "2025-02-06", false},
		{"2025-04-14", "2025-04-21", "2025-04-18", false},
		{"2025-07-17", "2025-07-24", "2025-07-23", false},
		{"2026-02-13", "2026-02-27", "2026-02-26", false},
		{"2026-04-30", "2026-05-11", "2026-05-09", false},
		{"2026-12-28", "2027-01-05", "2027-01-04", true},
		{"2021-09-19", "2021-09-27", "2021-09-27", false}, // a rest day: both coincide
	} {
		for _, way := range []struct {
			countFirst bool
			want       string
		}{{false, tt.plain}, {true, tt.first}} {
			p, err := calendar.Embedded().AddWorkingDays(calendar.MustDate(tt.from), 5, way.countFirst)
			if err != nil || p.Last.String() != way.want || p.Provisional != tt.provisional {
				t.Errorf("%s + 5, first day counted %v: %s, provisional %v, %v; want %s", tt.from, way.countFirst, p.Last, p.Provisional, err, way.want)
			}
			if tt.provisional && !cmp.Equal(p.MissingYears, []int{2027}) {
				t.Errorf("%s: missing years %v", tt.from, p.MissingYears)
			}
		}
	}
}

func TestPeriodShowsEveryDay(t *testing.T) {
	t.Parallel()
	p, err := calendar.Embedded().AddWorkingDays(calendar.MustDate("2021-09-14"), 5, false)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, d := range p.Days {
		got = append(got, d.Date.String()[5:]+" "+string(rune('0'+d.Number))+" "+d.Why)
	}
	want := []string{"09-15 1 ", "09-16 2 ", "09-17 3 ", "09-18 4 调休上班", "09-19 0 中秋节", "09-20 0 中秋节", "09-21 0 中秋节", "09-22 5 "}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if got := p.Chinese(); got != "2021年9月15日至9月22日，共5个工作日" {
		t.Error(got)
	}
	over, err := calendar.Embedded().AddWorkingDays(calendar.MustDate("2026-12-28"), 5, false)
	if err != nil || over.Chinese() != "2026年12月29日至2027年1月5日，共5个工作日（暂算）" {
		t.Error(over.Chinese(), err)
	}
	for _, n := range []int{0, -1, calendar.LongestPeriod + 1} {
		if _, err := calendar.Embedded().AddWorkingDays(calendar.MustDate("2021-09-14"), n, false); fault.CodeOf(err) != "calendar.period.days" {
			t.Errorf("%d working days: %v", n, err)
		}
	}
}

// TestServed: five full working days are served at 24:00 of the fifth, and not a
// moment earlier, whatever the time of day of the publication.
func TestServed(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		published, now string
		countFirst     bool
		want           int
		known          bool
	}{
		{"2021-09-14 09:00:00", "2021-09-14 23:59:59", false, 0, true},
		{"2021-09-14 23:59:59", "2021-09-15 23:59:59", false, 0, true},
		{"2021-09-14 23:59:59", "2021-09-16 00:00:00", false, 1, true},
		{"2021-09-14 09:00:00", "2021-09-22 23:59:59", false, 4, true},
		{"2021-09-14 09:00:00", "2021-09-23 00:00:00", false, 5, true},
		{"2021-09-14 09:00:00", "2021-09-18 23:59:59", true, 4, true},
		{"2021-09-14 09:00:00", "2021-09-19 00:00:00", true, 5, true},
		{"2021-09-15 00:00:00", "2021-09-23 00:00:00", false, 4, true}, // the next day already
		{"2026-12-28 09:00:00", "2027-01-06 00:00:00", false, 5, false},
		{"2021-09-14 09:00:00", "2021-09-13 09:00:00", false, 0, true},
	} {
		got, known := calendar.Embedded().Served(at(t, tt.published), tt.countFirst, at(t, tt.now))
		if got != tt.want || known != tt.known {
			t.Errorf("published %s, now %s, first day %v: %d, %v; want %d, %v", tt.published, tt.now, tt.countFirst, got, known, tt.want, tt.known)
		}
	}
}

func at(t testing.TB, s string) time.Time {
	t.Helper()
	v, err := time.ParseInLocation(time.DateTime, s, calendar.Zone)
	if err != nil {
		t.Fatal(err)
	}
	return v.UTC()
}

func TestWorkingDaysBetween(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		a, b  string
		want  int
		known bool
	}{
		{"2026-11-23", "2026-11-25", 2, true}, // 还剩2个工作日
		{"2026-11-25", "2026-11-25", 0, true},
		{"2026-11-26", "2026-11-25", 0, true},
		{"2026-12-31", "2027-01-04", 1, false},
	} {
		if n, known := calendar.Embedded().WorkingDaysBetween(calendar.MustDate(tt.a), calendar.MustDate(tt.b)); n != tt.want || known != tt.known {
			t.Errorf("%s to %s: %d, %v", tt.a, tt.b, n, known)
		}
	}
}

// TestAddFullDays: lost days keep no number, push the end back, and may be lost
// beyond the end that they push.
func TestAddFullDays(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		lost []string
		last string
	}{
		"none":                      {nil, "2021-09-08"},
		"one":                       {[]string{"2021-09-03"}, "2021-09-09"},
		"a rest day":                {[]string{"2021-09-04"}, "2021-09-08"},
		"the day it was published":  {[]string{"2021-09-01"}, "2021-09-08"},
		"the last, and the next":    {[]string{"2021-09-08", "2021-09-09"}, "2021-09-10"},
		"all of the first five":     {[]string{"2021-09-02", "2021-09-03", "2021-09-06", "2021-09-07", "2021-09-08"}, "2021-09-15"},
		"one long after the period": {[]string{"2021-09-13"}, "2021-09-08"},
	} {
		var lost []calendar.Date
		for _, s := range tt.lost {
			lost = append(lost, calendar.MustDate(s))
		}
		p, err := calendar.Embedded().AddFullDays(calendar.MustDate("2021-09-01"), 5, false, lost)
		if err != nil || p.Last.String() != tt.last || p.Count() != 5 {
			t.Errorf("%s: %s, %d days, %v", name, p.Last, p.Count(), err)
		}
	}
	if _, err := calendar.Embedded().AddFullDays(calendar.MustDate("2021-09-01"), 0, false, nil); err == nil {
		t.Error("no days at all are counted")
	}
}
