package calendar_test

import (
	"testing"
	"time"

	"github.com/6tail/lunar-go/HolidayUtil"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"shifan/internal/calendar"
	"shifan/internal/fault"
)

// TestEveryDayAgainstAnotherLibrary compares every day with lunar-go, which
// knows the holidays up to 2026-10-10 (facts.md §2.3).
func TestEveryDayAgainstAnotherLibrary(t *testing.T) {
	t.Parallel()
	c := calendar.Embedded()
	days := 0
	for d := calendar.MustDate("2021-01-01"); !d.After(calendar.MustDate("2026-10-10")); d = d.AddDays(1) {
		days++
		want := d.Weekday() != time.Saturday && d.Weekday() != time.Sunday
		if h := HolidayUtil.GetHoliday(d.String()); h != nil {
			want = h.IsWork()
		}
		if got, known := c.Working(d); got != want || !known {
			t.Errorf("%s: working %v, known %v; lunar-go says %v", d, got, known, want)
		}
	}
	if days != 2109 {
		t.Errorf("compared %d days", days)
	}
}

// TestWorkingDaysOfEveryMonth holds the checksums of facts.md §2.2.
func TestWorkingDaysOfEveryMonth(t *testing.T) {
	t.Parallel()
	for year, want := range map[int][12]int{
		2021: {20, 17, 23, 22, 19, 21, 22, 22, 22, 17, 22, 23},
		2022: {21, 16, 23, 21, 20, 21, 21, 23, 21, 18, 22, 22},
		2023: {18, 20, 23, 20, 21, 21, 21, 23, 20, 19, 22, 21},
		2024: {22, 18, 21, 22, 21, 19, 23, 22, 21, 19, 21, 22},
		2025: {19, 19, 21, 22, 19, 20, 23, 21, 23, 18, 20, 23},
		2026: {21, 16, 22, 21, 19, 21, 23, 21, 22, 18, 21, 23},
	} {
		for m := range 12 {
			first := calendar.On(year, time.Month(m+1), 1)
			n, known := calendar.Embedded().WorkingDaysBetween(first.AddDays(-1), first.AddMonths(1).AddDays(-1))
			if n != want[m] {
				t.Errorf("%d-%02d: %d working days, want %d", year, m+1, n, want[m])
			}
			if !known {
				t.Errorf("%d-%02d is not known", year, m+1)
			}
		}
	}
}

func TestWorking(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		day            string
		working, known bool
		why            string
	}{
		{"2021-09-14", true, true, ""},
		{"2021-09-18", true, true, "调休上班"},
		{"2021-09-21", false, true, "中秋节"},
		{"2021-09-25", false, true, "周末"},
		{"2022-12-31", false, true, "元旦"}, // by the document for 2023
		{"2026-02-23", false, true, "春节"},
		{"2027-01-01", false, false, "元旦"}, // a guess
		{"2027-02-08", false, false, "春节"},
		{"2027-01-02", false, false, "周末"},
		{"2027-01-04", true, false, ""},
		{"2031-10-03", false, false, "国庆节"},
		{"2020-12-31", true, false, ""},
	} {
		working, known := calendar.Embedded().Working(calendar.MustDate(tt.day))
		day := calendar.Embedded().Day(calendar.MustDate(tt.day))
		if working != tt.working || known != tt.known || day.Why != tt.why {
			t.Errorf("%s: working %v, known %v, %q; want %v, %v, %q", tt.day, working, known, day.Why, tt.working, tt.known, tt.why)
		}
	}
}

// amendment is a document of 2026-03-01 that takes 2026-10-08 off and makes
// 2026-10-11 and the Thursday 2026-10-01 worked.
func amendment() calendar.Arrangement {
	return calendar.Arrangement{
		Year: 2026, Title: "关于调整2026年国庆节假期的通知", PublishedOn: calendar.MustDate("2026-03-01"), Amends: true,
		Off: []calendar.Date{calendar.MustDate("2026-10-08")}, Work: []calendar.Date{calendar.MustDate("2026-10-11"), calendar.MustDate("2026-10-01")},
	}
}

func with(t testing.TB, c *calendar.Calendar, a calendar.Arrangement) *calendar.Calendar {
	t.Helper()
	next, err := c.With(a)
	if err != nil {
		t.Fatal(err)
	}
	return next
}

func working(c *calendar.Calendar, day string) bool {
	w, _ := c.Working(calendar.MustDate(day))
	return w
}

func TestLaterDocumentsOverride(t *testing.T) {
	t.Parallel()
	base := calendar.Embedded()
	c := with(t, base, amendment())
	if working(c, "2026-10-08") || !working(c, "2026-10-11") || !working(c, "2026-10-01") || working(c, "2026-10-02") {
		t.Error("an amendment changes the days it names and no others")
	}
	if !working(base, "2026-10-08") {
		t.Error("With changed the calendar it was called on")
	}
	if c.Version() == base.Version() {
		t.Error("two calendars that differ have one version")
	}

	again := amendment() // published earlier, added later: it is weaker
	again.Amends, again.PublishedOn, again.Work, again.Off = true, calendar.MustDate("2026-01-15"), []calendar.Date{calendar.MustDate("2026-10-10")}, []calendar.Date{calendar.MustDate("2026-10-11")}
	if c := with(t, c, again); !working(c, "2026-10-11") {
		t.Error("an earlier document overrides a later one")
	}

	whole := amendment() // a document for the whole year forgets the earlier ones
	whole.Amends, whole.PublishedOn, whole.Work = false, calendar.MustDate("2026-04-01"), nil
	if c := with(t, c, whole); !working(c, "2026-05-01") || working(c, "2026-10-08") || working(c, "2026-10-11") {
		t.Error("a document for the whole year replaces the earlier ones")
	}

	same := base.Arrangements()[5]
	same.PublishedOn = calendar.MustDate("2026-11-01")
	if c := with(t, base, same); c.Version() != base.Version() {
		t.Errorf("the same days have two versions, %s and %s", base.Version(), c.Version())
	}
	if _, err := base.With(calendar.Arrangement{Year: 2026, Title: "x", PublishedOn: same.PublishedOn, Amends: true, Work: []calendar.Date{calendar.MustDate("2026-10-08")}}); fault.CodeOf(err) != "calendar.import.worked_weekday" {
		t.Errorf("an amendment that makes a plain Thursday worked: %v", err)
	}
}

func TestVersionOfNothing(t *testing.T) {
	t.Parallel()
	var none calendar.Calendar
	if none.Version() != "0" || len(none.Years()) != 0 {
		t.Errorf("the zero calendar has version %q and knows %v", none.Version(), none.Years())
	}
	if diff := cmp.Diff([]int{2021, 2022, 2023, 2024, 2025, 2026}, calendar.Embedded().Years()); diff != "" {
		t.Error(diff)
	}
}

// day draws a day of the years 2021 to 2028, two of which have no arrangement.
func day(t *rapid.T, label string) calendar.Date {
	return calendar.MustDate("2021-01-01").AddDays(rapid.IntRange(0, 8*365).Draw(t, label))
}

func TestPeriodsKeepTheirPromises(t *testing.T) {
	t.Parallel()
	c := calendar.Embedded()
	rapid.Check(t, func(t *rapid.T) {
		from, n := day(t, "from"), rapid.IntRange(1, 60).Draw(t, "n")
		plain, err := c.AddWorkingDays(from, n, false)
		if err != nil {
			t.Fatal(err)
		}
		first, err := c.AddWorkingDays(from, n, true)
		if err != nil {
			t.Fatal(err)
		}
		worked, _ := c.Working(from)
		switch between, known := c.WorkingDaysBetween(from, plain.Last); {
		case between != n || plain.Count() != n || first.Count() != n:
			t.Fatalf("%d days counted out, %d counted back", n, between)
		case known == plain.Provisional:
			t.Fatalf("known %v, provisional %v", known, plain.Provisional)
		case plain.Provisional != (len(plain.MissingYears) > 0):
			t.Fatal("provisional without a missing year, or the reverse")
		case !plain.First.After(from) || first.First.Before(from):
			t.Fatal("a period begins before its start")
		case worked != plain.Last.After(first.Last):
			t.Fatal("the two ways of counting coincide on rest days, and only there")
		}
		end := plain.End()
		if got, _ := c.Served(from.Start().Add(9*time.Hour), false, end); got != n {
			t.Fatalf("served %d at the end of %d days", got, n)
		}
		if got, _ := c.Served(from.Start().Add(9*time.Hour), false, end.Add(-time.Microsecond)); got != n-1 {
			t.Fatalf("served %d a moment before the end of %d days", got, n)
		}
	})
}
