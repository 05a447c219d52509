package chars_test

import (
	"encoding/json"
	"os"
	"testing"

	"shifan/internal/chars"
)

// TestCount: the numbers that the script of the pages is held to as well
// (web.TestTheScriptCountsAlike).
func TestCount(t *testing.T) {
	t.Parallel()
	b, err := os.ReadFile("testdata/count.json")
	if err != nil {
		t.Fatal(err)
	}
	var all [][2]any
	if err := json.Unmarshal(b, &all); err != nil {
		t.Fatal(err)
	}
	for _, tt := range all {
		if got := chars.Count(tt[0].(string)); got != int(tt[1].(float64)) {
			t.Errorf("%q: %d, want %v", tt[0], got, tt[1])
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
