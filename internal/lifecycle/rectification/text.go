package rectification

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"shifan/internal/chars"
)

func empty(s string) bool { return strings.TrimSpace(s) == "" }

// long reports whether a text is longer than is kept, or cannot be kept at all.
func long(s string) bool {
	return chars.Count(s) > Longest || len(s) > 20*Longest || !utf8.ValidString(s) || strings.ContainsRune(s, 0)
}

// field is the path of the n-th item in a form.
func field(n int) string { return "items." + strconv.Itoa(n) }
