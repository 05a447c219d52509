package calendar_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"shifan/internal/calendar"
	"shifan/internal/fault"
)

func TestDeadline(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		day, at, policy  string
		wantAt, wantAlt  string
		rest, uncertain  bool
		wantChinese, bad string
	}{
		{"2021-07-10", "", "", "2021-07-11 00:00:00", "2021-07-12", true, false, "2021年7月10日 星期六 24:00", ""},
		{"2021-07-10", "24:00", calendar.RollForward, "2021-07-13 00:00:00", "2021-07-12", true, false, "2021年7月12日 星期一 24:00", ""},
		{"2022-07-10", "17:30", calendar.RollForward, "2022-07-11 17:30:00", "2022-07-11", true, false, "2022年7月11日 星期一 17:30", ""},
		{"2023-07-10", "17:30", calendar.RollForward, "2023-07-10 17:30:00", "", false, false, "2023年7月10日 星期一 17:30", ""},
		{"2024-07-10", "00:00", "", "2024-07-10 00:00:00", "", false, false, "2024年7月10日 星期三 00:00", ""},
		{"2021-09-18", "", calendar.RollForward, "2021-09-19 00:00:00", "", false, false, "2021年9月18日 星期六 24:00", ""}, // worked
		{"2021-02-12", "", calendar.RollForward, "2021-02-19 00:00:00", "2021-02-18", true, false, "2021年2月18日 星期四 24:00", ""},
		{"2026-12-31", "", calendar.Strict, "2027-01-01 00:00:00", "", false, false, "2026年12月31日 星期四 24:00", ""},
		{"2027-01-02", "", calendar.RollForward, "2027-01-05 00:00:00", "2027-01-04", true, true, "2027年1月4日 星期一 24:00（暂算）", ""},
		{day: "2021-07-10", at: "25:00", bad: "calendar.deadline.time"},
		{day: "2021-07-10", at: "24:01", bad: "calendar.deadline.time"},
		{day: "2021-07-10", at: "9:00", bad: "calendar.deadline.time"},
		{day: "2021-07-10", at: "１７:30", bad: "calendar.deadline.time"},
		{day: "2021-07-10", policy: "perhaps", bad: "calendar.deadline.rest_day"},
	} {
		l, err := calendar.Embedded().Deadline(calendar.MustDate(tt.day), tt.at, tt.policy)
		if tt.bad != "" {
			if fault.CodeOf(err) != tt.bad {
				t.Errorf("%s %s %s: got %v, want %s", tt.day, tt.at, tt.policy, err, tt.bad)
			}
			continue
		}
		if err != nil || !l.At.Equal(at(t, tt.wantAt)) || l.Alternative.String() != tt.wantAlt || l.RestDay != tt.rest || l.Provisional != tt.uncertain || l.Chinese() != tt.wantChinese {
			t.Errorf("%s %s %s: %+v %s %v", tt.day, tt.at, tt.policy, l, l.Chinese(), err)
		}
	}
}

func TestValidity(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		from        string
		years       int
		policy      string
		first, last string
	}{
		{"2021-09-15", 3, "", "2021-09-15", "2024-09-15"},
		{"2024-02-29", 3, calendar.Anniversary, "2024-02-29", "2027-02-28"},
		{"2024-02-29", 4, calendar.Anniversary, "2024-02-29", "2028-02-29"},
		{"2021-09-15", 3, calendar.CalendarYear, "2022-01-01", "2024-12-31"},
		{"2021-01-01", 1, calendar.CalendarYear, "2022-01-01", "2022-12-31"},
		{"2021-09-15", 0, calendar.Anniversary, "2021-09-15", ""},
		{"2021-09-15", 0, calendar.CalendarYear, "2022-01-01", ""},
	} {
		first, last, err := calendar.Validity(calendar.MustDate(tt.from), tt.years, tt.policy)
		if err != nil || first.String() != tt.first || last.String() != tt.last {
			t.Errorf("%s, %d years %s: %s to %s, %v", tt.from, tt.years, tt.policy, first, last, err)
		}
	}
	if _, _, err := calendar.Validity(calendar.MustDate("2021-09-15"), 3, "forever"); fault.CodeOf(err) != "calendar.validity.policy" {
		t.Errorf("an unknown policy: %v", err)
	}
}

func TestSpans(t *testing.T) {
	t.Parallel()
	deadline := calendar.MustDate("2021-07-10")
	back := calendar.MonthsBack(deadline, 36)
	if back.Chinese() != "2018年7月10日至2021年7月10日" {
		t.Error(back.Chinese())
	}
	for day, want := range map[string]bool{"2018-07-09": false, "2018-07-10": true, "2021-07-10": true, "2021-07-11": false} {
		if back.Has(calendar.MustDate(day)) != want {
			t.Errorf("36 months back has %s: want %v", day, want)
		}
	}
	if got := calendar.MonthsBack(calendar.MustDate("2024-02-29"), 36).From.String(); got != "2021-02-28" {
		t.Error(got)
	}
	years := calendar.CompleteYears(deadline, 3)
	if diff := cmp.Diff([]int{2018, 2019, 2020}, years.Years); diff != "" || years.Chinese() != "2018年1月1日至2020年12月31日" {
		t.Error(diff, years.Chinese())
	}
	for _, tt := range []struct {
		registered string
		from       string
		years      []int
		shortened  bool
	}{
		{"2010-05-01", "2018-01-01", []int{2018, 2019, 2020}, false},
		{"2018-01-01", "2018-01-01", []int{2018, 2019, 2020}, false},
		{"2018-01-02", "2018-01-02", []int{2019, 2020}, true},
		{"2021-03-01", "2021-03-01", nil, true},
	} {
		s := years.Since(calendar.MustDate(tt.registered))
		if s.From.String() != tt.from || !cmp.Equal(s.Years, tt.years) || s.Shortened != tt.shortened {
			t.Errorf("registered %s: %+v", tt.registered, s)
		}
	}
	if got := years.Since(calendar.MustDate("2021-03-01")).Chinese(); got != "没有可看的时间" {
		t.Error(got)
	}
}

// TestEffects: a changed arrangement reports what it would change, and nothing
// else.
func TestEffects(t *testing.T) {
	t.Parallel()
	base := calendar.Embedded()
	on := calendar.MustDate
	all := []calendar.Commitment{
		{Thing: "pub_a", From: on("2026-09-30"), Days: 5, Last: on("2026-10-13"), Version: base.Version()},
		{Thing: "pub_b", From: on("2026-09-01"), Days: 5, Last: on("2026-09-08"), Version: base.Version()},
		{Thing: "rnd_c", From: on("2026-10-04"), RestDay: calendar.RollForward, Last: on("2026-10-08"), Version: base.Version()},
		{Thing: "rnd_d", From: on("2026-10-04"), RestDay: calendar.Strict, Last: on("2026-10-04"), Version: base.Version()},
		{Thing: "rnd_e", From: on("2026-10-04"), RestDay: "nonsense", Last: on("2026-10-04")},
	}
	if got := base.Effects(all); len(got) != 0 {
		t.Errorf("nothing changed, and yet: %v", got)
	}
	got := map[string]string{}
	for _, e := range with(t, base, amendment()).Effects(all) {
		got[e.Thing] = e.Would.String()
	}
	if diff := cmp.Diff(map[string]string{"pub_a": "2026-10-12", "rnd_c": "2026-10-09"}, got); diff != "" {
		t.Error(diff)
	}
}
