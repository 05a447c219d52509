package words_test

import (
	"strings"
	"testing"

	"shifan/internal/lifecycle/words"
)

func TestCheck(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ text, code string }{
		"fits":     {strings.Repeat("𠮷", 20), ""},
		"too long": {strings.Repeat("𠮷", 21), "words.long"},
		"lines":    {"a\r\n\tb", ""},
		"NUL":      {"a\x00b", "words.control"},
		"no UTF-8": {"\xff", "words.control"},
		"blank":    {"　\n", "words.empty"},
		"10 MB":    {strings.Repeat("a", 10<<20), "words.long"},
		"blanks":   {"a" + strings.Repeat(" ", 10<<20), "words.long"},
	} {
		f := words.Check("x", "某项", tt.text, 20, true)
		if (f == nil) != (tt.code == "") || f != nil && f.Code != tt.code {
			t.Errorf("%s: %v", name, f)
		}
	}
	if f := words.Check("x", "某项", "", 20, false); f != nil {
		t.Error(f)
	}
}
