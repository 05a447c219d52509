package plaque

import (
	"io"
	"strings"

	"shifan/internal/fault"
)

// signs are those of Crockford's base32: no I, L, O or U, which are taken for
// others.
const signs = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// A code has nine random signs, 45 bits, and one that checks them.
const (
	random = 9
	// CodeLength is how many signs a code has.
	CodeLength = random + 1
	checks     = 37 // a prime above 32: one wrong sign or two swapped ones never pass
)

var (
	errShape = fault.Define(fault.Invalid, "plaque.code.shape",
		"核验码应是10个字母和数字，现在是%d个。照牌匾上的核验码再输一遍。", "")
	errSign = fault.Define(fault.Invalid, "plaque.code.sign",
		"核验码里没有“%s”这个字。核验码只有数字和英文字母，没有字母U。", "")
	errCheck = fault.Define(fault.Invalid, "plaque.code.check",
		"核验码有输错的地方。逐个对照牌匾，留意8和B、5和S、2和Z。", "")
)

// NewCode returns a fresh code with randomness from r. Codes whose check would
// not be one of the 32 signs are drawn again. It panics when r fails: a system
// without randomness must not go on.
func NewCode(r io.Reader) string {
	var b [random]byte
	for {
		if _, err := io.ReadFull(r, b[:]); err != nil {
			panic("plaque: no randomness: " + err.Error())
		}
		var value uint64
		code := make([]byte, 0, CodeLength)
		for _, c := range b {
			value = value<<5 | uint64(c&31)
			code = append(code, signs[c&31])
		}
		if k := value % checks; k < uint64(len(signs)) {
			return string(append(code, signs[k]))
		}
	}
}

// ParseCode reads a code as people type it: with blanks or hyphens, in small
// letters, full width, I and L for 1 and O for 0. It refuses what cannot be a
// code, and says what seems to be wrong; whether a plaque has it is another
// question.
func ParseCode(s string) (string, error) {
	var code []byte
	var value, last uint64
	for _, r := range s {
		if r >= '！' && r <= '～' {
			r -= '！' - '!' // full width
		}
		switch r {
		case ' ', '-', '\u3000', '\t', '\n', '\r', '–', '—':
			continue
		case 'i', 'I', 'l', 'L':
			r = '1'
		case 'o', 'O':
			r = '0'
		}
		if 'a' <= r && r <= 'z' {
			r -= 'a' - 'A'
		}
		n := strings.IndexRune(signs, r)
		if n < 0 {
			return "", errSign.At("code", string(r))
		}
		if len(code) >= 64 {
			return "", errShape.At("code", len([]rune(s)))
		}
		if len(code) > 0 {
			value = value<<5 | last
		}
		last = uint64(n) //nolint:gosec // an index below 32
		code = append(code, signs[n])
	}
	if len(code) != CodeLength {
		return "", errShape.At("code", len(code))
	}
	if value%checks != last {
		return "", errCheck.At("code")
	}
	return string(code), nil
}

// Grouped writes a code as the plaque shows it, in two groups of five.
func Grouped(code string) string {
	if len(code) != CodeLength {
		return code
	}
	return code[:5] + "-" + code[5:]
}
