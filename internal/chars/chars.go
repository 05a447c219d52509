// Package chars counts what people type, so that the count on a page and the
// limit in a rule are the same number. The script of the pages counts alike
// (web/static/shifan.js); testdata/count.json holds both to the same numbers.
package chars

import "unicode"

// Count returns how many 字 a text has, as offices and word processors count:
// every character that is seen is one, a run of Latin letters or digits is one,
// and blanks and signs that only shape their neighbour (accents, selectors,
// joiners, marks of direction) are none. 𠮷 is one; 12次 is two.
func Count(s string) (n int) {
	inWord := false
	for _, r := range s {
		if shapes(r) {
			continue
		}
		if unicode.IsSpace(r) {
			inWord = false
			continue
		}
		latin := r < 0x250 && (unicode.IsLetter(r) || unicode.IsDigit(r))
		if !latin || !inWord {
			n++
		}
		inWord = latin
	}
	return n
}

// shapes reports whether a sign is no character of its own: soft hyphen, combining
// accents, zero width signs, marks of direction, variation selectors. The ranges
// are written out, so that every version of every engine agrees.
func shapes(r rune) bool {
	return r == 0xad || r >= 0x300 && r <= 0x36f || r >= 0x200b && r <= 0x200f || r >= 0x202a && r <= 0x202e ||
		r >= 0x2060 && r <= 0x206f || r >= 0x20d0 && r <= 0x20f0 || r >= 0xfe00 && r <= 0xfe0f || r == 0xfeff ||
		r >= 0xe0100 && r <= 0xe01ef
}

// Cut returns at most n characters of a text for quoting it in a sentence, with
// … where it was cut.
func Cut(s string, n int) string {
	for i := range s {
		if n == 0 {
			return s[:i] + "…"
		}
		n--
	}
	return s
}
