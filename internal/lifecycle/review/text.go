package review

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"shifan/internal/fault"
)

// TextMax is the longest reason or opinion, in characters.
const TextMax = 5000

// ErrText refuses a text that is missing, too long or not readable, and
// ErrPersonal one that names a person by a number. Their argument is what the
// text is. The visit uses them too.
var (
	ErrText = fault.Define(fault.Invalid, "review.text",
		"%s没有填写，或超过5000字，或有看不见的控制字符。", "")
	ErrPersonal = fault.Define(fault.Invalid, "review.text.personal",
		"%s里好像有身份证号或手机号。删去号码，只写情况。", "制度:只记数目，不记个人")
)

// personal finds an identity number or a mobile number (facts.md §8).
var personal = regexp.MustCompile(`(^|[^0-9])([0-9]{17}[0-9Xx]|1[3-9][0-9]{9})($|[^0-9])`)

// Written refuses a text that has to be there and is not, or cannot be kept: see
// Kept. path is its field and what the word for it.
func Written(path, what, s string) *fault.Fault {
	if strings.TrimSpace(s) == "" {
		return ErrText.At(path, what)
	}
	return Kept(path, what, s)
}

// Kept refuses a text that cannot be kept: longer than TextMax, with characters
// that cannot be seen, or with a person's number. An empty one may be kept.
func Kept(path, what, s string) *fault.Fault {
	odd := func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\r' && r != '\t' }
	switch {
	case utf8.RuneCountInString(s) > TextMax || !utf8.ValidString(s) || strings.ContainsFunc(s, odd):
		return ErrText.At(path, what)
	case personal.MatchString(s):
		return ErrPersonal.At(path, what)
	}
	return nil
}
