// Package chars counts what people type, so that the count on a page and the
// limit in a rule are the same number.
package chars

import "unicode"

// Count returns how many 字 a text has, as offices and word processors count:
// every character that is no blank is one, and a run of Latin letters or digits
// is one. 𠮷 is one; 12次 is two.
func Count(s string) (n int) {
	inWord := false
	for _, r := range s {
		latin := r < 0x250 && (unicode.IsLetter(r) || unicode.IsDigit(r))
		if unicode.IsSpace(r) || latin && inWord {
			inWord = inWord && latin
			continue
		}
		inWord = latin
		n++
	}
	return n
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
