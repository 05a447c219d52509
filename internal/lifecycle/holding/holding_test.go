package holding_test

import (
	"testing"

	"shifan/internal/calendar"
	"shifan/internal/lifecycle/holding"
	"shifan/internal/lifecycle/programme"
)

func TestMay(t *testing.T) {
	t.Parallel()
	day := calendar.MustDate("2021-07-10")
	until := func(s string) holding.Titles {
		return holding.Titles{Holds: true, ValidTo: calendar.MustDate(s)}
	}
	for name, tt := range map[string]struct {
		may    string
		titles holding.Titles
		want   programme.Verdict
	}{
		"holds none":                  {"never", holding.Titles{}, programme.Meets},
		"never":                       {"never", until("2021-07-11"), programme.Fails},
		"in the last year":            {"last_year", until("2022-07-10"), programme.Meets},
		"a day before the last year":  {"last_year", until("2022-07-11"), programme.Fails},
		"without end has no last one": {"last_year", holding.Titles{Holds: true}, programme.Fails},
		"always":                      {"always", until("2024-07-10"), programme.Meets},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got, why, _ := holding.May(programme.Applicants{HolderMay: tt.may}, tt.titles, day); got != tt.want {
				t.Errorf("got %s: %s", got, why)
			}
		})
	}
}

func TestNotBarred(t *testing.T) {
	t.Parallel()
	revoked := holding.Titles{RevokedOn: calendar.MustDate("2018-07-10")}
	for day, want := range map[string]programme.Verdict{"2021-07-10": programme.Fails, "2021-07-11": programme.Meets} {
		if got, _, _ := holding.NotBarred(programme.Applicants{BarMonths: 36}, revoked, calendar.MustDate(day)); got != want {
			t.Errorf("on %s: %s", day, got)
		}
	}
	if got, _, _ := holding.NotBarred(programme.Applicants{BarMonths: 36}, holding.Titles{}, calendar.MustDate("2021-07-10")); got != programme.Meets {
		t.Errorf("never revoked: %s", got)
	}
}
