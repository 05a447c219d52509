package chars_test

import (
	"testing"

	"shifan/internal/chars"
)

func TestCount(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]int{
		"": 0, "  \n": 0, "党员大会": 4, "三会一课，12次。": 8, "party building 2021": 3, "𠮷": 1, "A 4": 2, "e-mail": 3, "ab汉cd": 3,
	} {
		if got := chars.Count(s); got != want {
			t.Errorf("%q: %d, want %d", s, got, want)
		}
	}
}

func TestCut(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		s    string
		n    int
		want string
	}{{"甲𠮷丙", 3, "甲𠮷丙"}, {"甲𠮷丙", 2, "甲𠮷…"}, {"", 2, ""}, {"甲", 0, "…"}} {
		if got := chars.Cut(tt.s, tt.n); got != tt.want {
			t.Errorf("%q to %d: %q, want %q", tt.s, tt.n, got, tt.want)
		}
	}
}
