package ruling_test

import (
	"testing"

	"shifan/internal/calendar"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/ruling"
)

func TestNextDeadline(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		usual, today, want string
		every, last        int
	}{
		"on the day":            {"07-10", "2021-07-10", "2021-07-10", 1, 0},
		"a day later":           {"07-10", "2021-07-11", "2022-07-10", 1, 0},
		"this year's was held":  {"07-10", "2021-03-01", "2022-07-10", 1, 2021},
		"every two years":       {"07-10", "2021-08-01", "2023-07-10", 2, 2021},
		"long ago":              {"07-10", "2026-01-01", "2026-07-10", 2, 2021},
		"a cycle is a year":     {"07-10", "2021-03-01", "2022-07-10", 0, 2021},
		"no usual day":          {"", "2021-03-01", "", 1, 0},
		"a day that is no such": {"02-30", "2021-03-01", "", 1, 0},
	} {
		p := &programme.Programme{Filing: programme.Filing{Deadline: tt.usual}, Cycle: programme.Cycle{EveryYears: tt.every}}
		if got := ruling.NextDeadline(p, tt.last, calendar.MustDate(tt.today)); got.String() != tt.want {
			t.Errorf("%s: got %s, want %s", name, got, tt.want)
		}
	}
}
