package evidence

import (
	"bufio"
	"bytes"
	"errors"
	"io"
)

// pdfToken is what a token of a PDF is; only two matter here.
type pdfToken int

const (
	pdfName pdfToken = iota // /Name, without the stroke and with #xx replaced
	pdfWord                 // a keyword or a number
)

// pdfLexer reads the tokens of a PDF and passes over strings, comments and data.
type pdfLexer struct {
	r  *bufio.Reader
	at int64 // of the next byte
}

const pdfDelimiters = "()<>[]{}/%"

func pdfSpace(b byte) bool {
	return b == 0 || b == '\t' || b == '\n' || b == '\f' || b == '\r' || b == ' '
}

func (l *pdfLexer) byte() (byte, error) {
	b, err := l.r.ReadByte()
	if err == nil {
		l.at++
	}
	return b, err
}

func (l *pdfLexer) back() {
	if l.r.UnreadByte() == nil {
		l.at--
	}
}

// next returns the next name or word. Words that are longer than any keyword are
// cut.
func (l *pdfLexer) next() (pdfToken, string, error) {
	for {
		b, err := l.byte()
		if err != nil {
			return 0, "", err
		}
		switch {
		case pdfSpace(b), b == '>', b == '[', b == ']', b == '{', b == '}', b == ')':
		case b == '%':
			err = l.comment()
		case b == '(':
			err = l.text()
		case b == '<':
			err = l.hex()
		case b == '/':
			word, err := l.word(128)
			return pdfName, unhash(word), ignoreEOF(err)
		default:
			l.back()
			word, err := l.word(32)
			return pdfWord, word, ignoreEOF(err)
		}
		if err != nil {
			return 0, "", err
		}
	}
}

func ignoreEOF(err error) error {
	if errors.Is(err, io.EOF) {
		return nil // the next call ends
	}
	return err
}

func (l *pdfLexer) comment() error {
	for {
		b, err := l.byte()
		if err != nil || b == '\n' || b == '\r' {
			return err
		}
	}
}

// text passes over (a string (with brackets) in it).
func (l *pdfLexer) text() error {
	for depth := 1; depth > 0; {
		b, err := l.byte()
		if err != nil {
			return err
		}
		switch b {
		case '\\':
			if _, err := l.byte(); err != nil {
				return err
			}
		case '(':
			depth++
		case ')':
			depth--
		}
	}
	return nil
}

// hex passes over <a string>, and leaves << of a dictionary as it is.
func (l *pdfLexer) hex() error {
	b, err := l.byte()
	for err == nil && b != '>' {
		if b == '<' {
			return nil
		}
		b, err = l.byte()
	}
	return err
}

// word reads to the next blank or delimiter and keeps the first bytes of it.
func (l *pdfLexer) word(most int) (string, error) {
	var w []byte
	for {
		b, err := l.byte()
		if err != nil {
			return string(w), err
		}
		if pdfSpace(b) || bytes.IndexByte([]byte(pdfDelimiters), b) >= 0 {
			l.back()
			return string(w), nil
		}
		if len(w) < most {
			w = append(w, b)
		}
	}
}

// unhash replaces #xx in a name, by which names are hidden.
func unhash(s string) string {
	digit := func(b byte) int { return bytes.IndexByte([]byte("0123456789abcdef"), b|0x20) }
	var out []byte
	for i := 0; i < len(s); i++ {
		if s[i] == '#' && i+2 < len(s) && digit(s[i+1]) >= 0 && digit(s[i+2]) >= 0 {
			out = append(out, byte(digit(s[i+1])<<4|digit(s[i+2])))
			i += 2
			continue
		}
		out = append(out, s[i])
	}
	return string(out)
}

// dataStart passes over the end of the line after "stream".
func (l *pdfLexer) dataStart() (int64, error) {
	b, err := l.byte()
	if err == nil && b == '\r' {
		if b, err = l.byte(); err == nil && b != '\n' {
			l.back()
		}
	} else if err == nil && b != '\n' {
		l.back()
	}
	return l.at, err
}

// skipData goes behind the next "endstream".
func (l *pdfLexer) skipData() error {
	word := []byte("endstream")
	for {
		window, err := l.r.Peek(4096)
		if at := bytes.Index(window, word); at >= 0 {
			n, err := l.r.Discard(at + len(word))
			l.at += int64(n)
			return err
		}
		if err != nil {
			return errCannotRead // the data has no end
		}
		n, err := l.r.Discard(len(window) - len(word) + 1)
		l.at += int64(n)
		if err != nil {
			return err
		}
	}
}
