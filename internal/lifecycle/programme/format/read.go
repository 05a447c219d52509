package format

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/programme/check"
	"shifan/internal/lifecycle/programme/schema"
)

// The bounds of a file. They keep hostile ones from costing more than they are
// worth; the programmes that the program is shipped with take a tenth of it.
const (
	mostBytes = 256 << 10
	mostRunes = 2000 // in a line
	mostDepth = 40   // of brackets
)

// Problem is one thing that is wrong with a file.
type Problem struct {
	Line   int    `json:"line"`   // from 1
	Column int    `json:"column"` // in characters, from 1
	Path   string `json:"path"`   // of the setting, such as publicity.days; "" for the file itself
	Say    string `json:"say"`    // a sentence: field, cause, mend
	Text   string `json:"text"`   // the line itself, cut when it is long
}

// String returns LINE:COLUMN: sentence, as programme check prints it after the
// file's name.
func (p Problem) String() string { return fmt.Sprintf("%d:%d: %s", p.Line, p.Column, p.Say) }

// Read reads a programme's file. Either the programme is returned, complete with
// defaults, or all problems, by their place in the file.
func Read(text []byte) (*programme.Programme, []Problem) {
	r := &reader{places: map[string]place{}}
	if !r.readable(text) {
		return nil, r.sorted()
	}
	value, ok := r.tree()
	if !ok {
		return nil, r.sorted()
	}
	r.legible(value, nil)
	r.validate(value)
	r.honoured(schema.Root(), value, nil)
	schema.Root().Fill(value)
	p := &programme.Programme{}
	schema.Decode(p, value)
	misread := len(r.problems)
	for _, w := range check.Programme(p) {
		r.wrongAt(w, r.problems[:misread])
	}
	if len(r.problems) > 0 {
		return nil, r.sorted()
	}
	return p, nil
}

// Kept reads a file that was read without a problem when it was loaded. It
// applies no rules: one that came later does not undo what a round has frozen.
func Kept(text []byte) (*programme.Programme, error) {
	r := &reader{places: map[string]place{}}
	if r.readable(text) {
		if value, ok := r.tree(); ok {
			schema.Root().Fill(value)
			p := &programme.Programme{}
			schema.Decode(p, value)
			return p, nil
		}
	}
	return nil, errors.New(r.sorted()[0].String())
}

// reader is one reading of a file.
type reader struct {
	lines    []string
	places   map[string]place // by the path, its parts joined by slashes
	problems []Problem
}

// place is where a value and its key stand.
type place struct {
	line, column       int // of the value
	keyLine, keyColumn int
	style              byte // how a text is written: 'p'lain, 'q'uoted, 'b'lock, or 0
}

// readable refuses what no parser should be given.
func (r *reader) readable(text []byte) bool {
	if len(text) > mostBytes {
		r.say(1, 1, nil, fmt.Sprintf("文件有%dKB，方案文件最多%dKB。核对是不是选错了文件。", len(text)>>10, mostBytes>>10))
		return false
	}
	s := strings.TrimPrefix(strings.ReplaceAll(string(text), "\r\n", "\n"), "\ufeff")
	r.lines = strings.Split(s, "\n")
	if !utf8.ValidString(s) {
		r.foreign()
		return false
	}
	depth := 0
	for i, line := range r.lines {
		if n := utf8.RuneCountInString(line); n > mostRunes {
			r.say(i+1, mostRunes+1, nil, fmt.Sprintf("这一行有%d个字符，最多%d个。分成几行写。", n, mostRunes))
		}
		if at := strings.IndexFunc(line, func(c rune) bool { return unicode.IsControl(c) && c != '\t' }); at >= 0 {
			r.say(i+1, utf8.RuneCountInString(line[:at])+1, nil, "这一行里有看不见的控制字符。删掉它，重新输入这一行。")
		}
		depth += strings.Count(line, "[") + strings.Count(line, "{") - strings.Count(line, "]") - strings.Count(line, "}")
		if depth > mostDepth {
			r.say(i+1, 1, nil, fmt.Sprintf("括号套了%d层以上。方案文件用不到这么深，检查括号有没有写全。", mostDepth))
			break
		}
	}
	return len(r.problems) == 0
}

// foreign says once that a file is in another encoding, at its first line that is.
func (r *reader) foreign() {
	first, lines := 0, 0
	for i, line := range r.lines {
		if !utf8.ValidString(line) {
			if lines++; lines == 1 {
				first = i
			}
		}
	}
	line := r.lines[first]
	at := strings.IndexFunc(line, func(c rune) bool { return c == utf8.RuneError })
	r.say(first+1, utf8.RuneCountInString(line[:max(at, 0)])+1, nil, fmt.Sprintf(
		"文件不是UTF-8编码，从这一行起有%d行读不出，多半是GBK。在编辑器里把整个文件另存为UTF-8再检查。", lines))
}

// say notes a problem.
func (r *reader) say(line, column int, path []string, sentence string) {
	p := Problem{Line: line, Column: column, Path: dotted(path), Say: sentence}
	if line >= 1 && line <= len(r.lines) {
		p.Text = strings.ToValidUTF8(r.lines[line-1], "�")
		if utf8.RuneCountInString(p.Text) > 200 {
			p.Text = string([]rune(p.Text)[:200]) + "…"
		}
	}
	r.problems = append(r.problems, p)
}

// sayOf notes a problem of the value at a path; of its nearest parent that
// stands in the file when it does not.
func (r *reader) sayOf(path []string, sentence string) {
	at := r.near(path)
	r.say(at.line, at.column, path, sentence)
}

// near finds where a path stands, or where its nearest parent has its key.
func (r *reader) near(path []string) place {
	for n := len(path); n >= 0; n-- {
		at, ok := r.places[strings.Join(path[:n], "/")]
		if !ok {
			continue
		}
		if n < len(path) && at.keyLine > 0 {
			at.line, at.column = at.keyLine, at.keyColumn
		}
		return at
	}
	return place{line: 1, column: 1}
}

// wrongAt notes what a rule found, unless the same value was misread already.
func (r *reader) wrongAt(w check.Wrong, misread []Problem) {
	if slices.ContainsFunc(misread, func(p Problem) bool { return p.Path == dotted(w.Path) }) {
		return
	}
	if _, there := r.places[strings.Join(w.Path, "/")]; !there && w.Else != nil {
		if _, there := r.places[strings.Join(w.Else, "/")]; there {
			at := r.near(w.Else)
			r.say(at.line, at.column, w.Path, named(w.Path)+"没有写，按默认"+w.Say)
			return
		}
	}
	at := r.near(w.Path)
	if w.At > 0 || at.style == 'q' || at.style == 'b' {
		at = r.inside(at, w.At)
	}
	r.say(at.line, at.column, w.Path, named(w.Path)+w.Say)
}

// inside finds the rune of a text that stands at a place. Texts over several
// lines are followed line by line; a folded one only to its first line.
func (r *reader) inside(at place, runes int) place {
	switch at.style {
	case 'q':
		at.column++
	case 'b':
		if at.line >= len(r.lines) {
			return at
		}
		at.line++
		indent := len(r.lines[at.line-1]) - len(strings.TrimLeft(r.lines[at.line-1], " "))
		for at.line < len(r.lines) {
			if n := max(utf8.RuneCountInString(r.lines[at.line-1])-indent, 0); runes > n { // an empty line has no indent
				runes -= n + 1
				at.line++
				continue
			}
			break
		}
		at.column = indent + 1
	}
	at.column += max(runes, 0)
	return at
}

func (r *reader) sorted() []Problem {
	slices.SortStableFunc(r.problems, func(a, b Problem) int {
		if a.Line != b.Line {
			return a.Line - b.Line
		}
		return a.Column - b.Column
	})
	return slices.Compact(r.problems)
}

// dotted writes a path as people do: eligibility[3].expr, counted from 1.
func dotted(path []string) string {
	var b strings.Builder
	for i, p := range path {
		if n := index(p); n >= 0 {
			fmt.Fprintf(&b, "[%d]", n+1)
			continue
		}
		if i > 0 {
			b.WriteByte('.')
		}
		b.WriteString(p)
	}
	return b.String()
}

// index returns the number that a part of a path is, or -1.
func index(part string) int {
	n := -1
	for _, c := range part {
		if c < '0' || c > '9' || n > 100_000 {
			return -1
		}
		n = max(n, 0)*10 + int(c-'0')
	}
	return n
}
