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

func TestSHA256(t *testing.T) {
	t.Parallel()
	whole := strings.Repeat("ab", 32)
	for typed, want := range map[string]string{"": "", " ": "", whole: whole, strings.Repeat("aB ", 32): whole} {
		if got, f := words.SHA256("sha256", "摘要", typed); f != nil || got != want {
			t.Errorf("%q: %q %v", typed, got, f)
		}
	}
	for _, typed := range []string{"ab", whole[:63], whole + "ab", strings.Repeat("g", 64)} {
		if got, f := words.SHA256("sha256", "摘要", typed); f == nil || f.Code != "words.sha256" || got != "" {
			t.Errorf("%q: %q %v", typed, got, f)
		}
	}
}
