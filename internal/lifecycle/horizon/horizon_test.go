package horizon_test

import (
	"testing"

	"shifan/internal/calendar"
	"shifan/internal/lifecycle/horizon"
)

func TestOf(t *testing.T) {
	t.Parallel()
	got := horizon.Of([]horizon.Expiry{
		{"2026-05", 1}, {"2026-06", 2}, {"2026-07", 3}, {"2026-12", 4}, {"2027-03", 5}, {"2031-03", 6}, {"2031-04", 7}, {"", 8},
	}, calendar.MustDate("2026-06-15"))
	if got.Past != 1 || got.Endless != 8 || got.Later != 7 || got.All() != 36 {
		t.Errorf("got %+v", got)
	}
	if n := len(got.Quarters); n != 20 || got.Quarters[0] != (horizon.Quarter{2026, 2, 2}) || got.Quarters[3].Word() != "2027年第1季度" || got.Quarters[3].N != 5 || got.Quarters[19].N != 6 {
		t.Errorf("got %v", got.Quarters)
	}
}
