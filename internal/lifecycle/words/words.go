// Package words checks the texts that people type and others read: that they are
// there when they must be, how many 字 they have, and that they can be read.
package words

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"unicode"
	"unicode/utf8"

	"shifan/internal/chars"
	"shifan/internal/fault"
)

var (
	errLong    = fault.Define(fault.Invalid, "words.long", "%s有%d字，最多%d字，删短一些。", "")
	errEmpty   = fault.Define(fault.Invalid, "words.empty", "%s没有填写。", "")
	errControl = fault.Define(fault.Invalid, "words.control", "%s里有看不见的控制字符，重新输入这一项。", "")
	errSHA256  = fault.Define(fault.Invalid, "words.sha256", "%s不对。SHA-256是64位数字和字母a到f，可以有空格；没有算的，空着。", "")
)

// Check checks a text of a field with a label: at most so many 字, and not blank
// when it must be there. Lines may break. It returns nil when nothing is wrong.
func Check(path, label, s string, most int, must bool) *fault.Fault {
	odd := func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\r' && r != '\t' }
	switch n := chars.Count(s); {
	case must && strings.TrimSpace(s) == "":
		return errEmpty.At(path, label)
	case n > most || len(s) > 20*most: // blanks and runs of letters count little
		return errLong.At(path, label, max(n, utf8.RuneCountInString(s)), most)
	case !utf8.ValidString(s) || strings.ContainsFunc(s, odd):
		return errControl.At(path, label)
	}
	return nil
}

// SHA256 reads a digest that somebody typed in hex, in capitals or with blanks, and returns
// it in small letters without; "" when nothing was typed.
func SHA256(path, label, s string) (string, *fault.Fault) {
	s = strings.ToLower(strings.Join(strings.Fields(s), ""))
	if b, err := hex.DecodeString(s); s != "" && (err != nil || len(b) != sha256.Size) {
		return "", errSHA256.At(path, label)
	}
	return s, nil
}
