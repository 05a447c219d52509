// Package reword replaces one text in a programme's file and leaves everything else to the
// byte.
package reword

import (
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"shifan/internal/fault"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/programme/format"
)

var errReword = fault.Define(fault.Refused, "programme.reword.file",
	"方案文件里这一项的写法，程序不能放心地改。请系统管理员在“载入方案”里改好，再载入新版本。", "制度:方案文件先检查后载入")

// Pair is a setting of an entry: its name and its text.
type Pair struct{ Name, Text string }

// File returns a file with its version raised by one, in which the entry with a code in a
// list ("documents", "messages") says some things otherwise; a setting with no text is
// taken out. What is given for a new entry is written where there is none; with nothing
// to set, the entry goes. Everything else stays to the byte, comments too. The file is one
// that format.Read takes; a way of writing that is not understood is a fault.
func File(file []byte, section, code string, set, fresh []Pair) ([]byte, error) {
	before, problems := format.Read(file)
	if len(problems) > 0 {
		return nil, errReword.New()
	}
	l := format.Lay(file)
	e := &editor{Layout: l, lines: slices.Clone(l.Lines), section: section}
	_, _, v := l.At("version") // first: what is done below moves lines
	e.lines[v-1] = versionLine.ReplaceAllString(e.lines[v-1], "${1}"+strconv.Itoa(before.Version+1))
	list, _ := l.Value[section].([]any)
	at := slices.IndexFunc(list, func(v any) bool { m, _ := v.(map[string]any); return m["code"] == code })
	switch {
	case at < 0 && set == nil:
		return nil, errReword.New()
	case at < 0:
		e.add(slices.Concat([]Pair{{"code", code}}, fresh, set), len(list))
	default:
		m, _ := list[at].(map[string]any)
		e.change(at, len(list), m, set)
	}
	after := []byte(strings.Join(e.lines, "\n"))
	got, problems := format.Read(after)
	if len(problems) > 0 || !reflect.DeepEqual(got, expected(before, section, code, set, fresh)) {
		return nil, errReword.New()
	}
	return after, nil
}

var versionLine = regexp.MustCompile(`^(version:\s*)\d+`)

// expected is what a reworded programme has to say.
func expected(p *programme.Programme, section, code string, set, fresh []Pair) *programme.Programme {
	want := *p
	want.Version++
	want.Documents, want.Messages = slices.Clone(p.Documents), slices.Clone(p.Messages)
	one := func(to reflect.Value, pairs []Pair) {
		for i := range to.NumField() {
			for _, s := range pairs {
				if to.Type().Field(i).Tag.Get("yaml") == s.Name {
					to.Field(i).SetString(s.Text)
				}
			}
		}
	}
	if section == "documents" {
		i := slices.IndexFunc(want.Documents, func(d programme.Document) bool { return d.Code == code })
		if i < 0 {
			i, want.Documents = len(want.Documents), append(want.Documents, programme.Document{Code: code})
			one(reflect.ValueOf(&want.Documents[i]).Elem(), fresh)
		}
		one(reflect.ValueOf(&want.Documents[i]).Elem(), set)
		return &want
	}
	i := slices.IndexFunc(want.Messages, func(m programme.Message) bool { return m.Code == code })
	if i >= 0 && set == nil {
		want.Messages = slices.Delete(want.Messages, i, i+1)
		if len(want.Messages) == 0 {
			want.Messages = nil
		}
		return &want
	}
	if i < 0 {
		i, want.Messages = len(want.Messages), append(want.Messages, programme.Message{Code: code})
	}
	one(reflect.ValueOf(&want.Messages[i]).Elem(), slices.Concat(fresh, set))
	return &want
}

// editor changes lines of a file that was read.
type editor struct {
	format.Layout
	lines   []string
	section string
}

// line is where an entry begins; the line of the section itself where i is -1. From 0.
func (e *editor) line(i int) int {
	if i < 0 {
		_, _, name := e.At(e.section)
		return name - 1
	}
	line, _, _ := e.At(e.section + "/" + strconv.Itoa(i))
	return line - 1
}

// end is the line after an entry: without what stands below it and belongs to the next.
func (e *editor) end(i, count int) int {
	from := e.line(i)
	to := len(e.lines)
	if i+1 < count {
		to = e.line(i + 1)
	} else {
		for n := from + 1; n < len(e.lines); n++ {
			if l := e.lines[n]; l != "" && !strings.ContainsAny(l[:1], " \t#-") {
				to = n
				break
			}
		}
	}
	return e.trimmed(from, to, e.keyColumn(i))
}

// trimmed leaves out of a run of lines what stands at its end and is blank, or a comment
// further left than a column.
func (e *editor) trimmed(from, to, column int) int {
	for to > from+1 {
		l := strings.TrimLeft(e.lines[to-1], " ")
		if l != "" && (l[0] != '#' || len(e.lines[to-1])-len(l) >= column) {
			break
		}
		to--
	}
	return to
}

// keyColumn is how many blanks stand before the settings of an entry.
func (e *editor) keyColumn(i int) int {
	_, column, _ := e.At(e.section + "/" + strconv.Itoa(i))
	return column - 1
}

// add writes a new entry below the others, or a new list at the end of the file.
func (e *editor) add(all []Pair, count int) {
	switch {
	case count > 0:
		dash := strings.Index(e.lines[e.line(0)], "-")
		at := e.end(count-1, count)
		e.lines = slices.Insert(e.lines, at, entry(max(dash, 0), all, "")...)
	case e.line(-1) >= 0: // it is there and empty
		e.lines = slices.Replace(e.lines, e.line(-1), e.line(-1)+1, append([]string{e.section + ":"}, entry(2, all, "")...)...)
	default:
		for len(e.lines) > 0 && strings.TrimSpace(e.lines[len(e.lines)-1]) == "" {
			e.lines = e.lines[:len(e.lines)-1]
		}
		e.lines = append(append(e.lines, e.section+":"), append(entry(2, all, ""), "")...)
	}
}

// change sets settings of an entry, or takes it out.
func (e *editor) change(i, count int, now map[string]any, set []Pair) {
	from, to := e.line(i), e.end(i, count)
	switch dash := strings.Index(e.lines[from], "-"); {
	case set == nil && count == 1:
		e.lines = slices.Delete(e.lines, e.line(-1), to)
	case set == nil:
		e.lines = slices.Delete(e.lines, from, to)
	case dash >= 0 && strings.HasPrefix(strings.TrimSpace(e.lines[from][dash+1:]), "{"):
		e.lines = slices.Replace(e.lines, from, to, entry(dash, merged(now, set), comment(e.lines[to-1]))...)
	default:
		for _, s := range slices.Backward(set) {
			e.set(i, to, s)
		}
	}
}

// names are the settings of an entry, in the order of the format.
var names = []string{"code", "title", "type", "subject", "text"}

// merged are the settings of an entry with some set otherwise.
func merged(now map[string]any, set []Pair) (all []Pair) {
	for _, name := range names {
		text, _ := now[name].(string)
		for _, s := range set {
			if s.Name == name {
				text = s.Text
			}
		}
		if text != "" {
			all = append(all, Pair{name, text})
		}
	}
	return all
}

// set replaces the lines of one setting of an entry whose settings stand on lines of
// their own; to is where the entry ends.
func (e *editor) set(i, to int, s Pair) {
	key := e.section + "/" + strconv.Itoa(i) + "/"
	column := e.keyColumn(i)
	_, _, at := e.At(key + s.Name)
	written := setting(column, s)
	if s.Text == "" {
		written = nil
	}
	if at == 0 {
		e.lines = slices.Insert(e.lines, to, written...)
		return
	}
	from, next := at-1, to
	for _, name := range names {
		if _, _, n := e.At(key + name); n-1 > from {
			next = min(next, n-1)
		}
	}
	next = e.trimmed(from, next, column+1)
	if before, dash := strings.CutSuffix(e.lines[from][:column], "- "); dash && len(written) > 0 { // it is the first of its entry
		written[0] = before + "- " + written[0][column:]
	}
	e.lines = slices.Replace(e.lines, from, next, written...)
}

// comment is what a line says behind its closing brace.
func comment(line string) string {
	_, after, _ := strings.Cut(line[strings.LastIndex(line, "}")+1:], "#")
	if after = strings.TrimSpace(after); after != "" {
		return " # " + after
	}
	return ""
}

// entry writes an entry, its settings on lines of their own.
func entry(dash int, all []Pair, comment string) (lines []string) {
	for _, p := range all {
		if p.Text != "" {
			lines = append(lines, setting(dash+2, p)...)
		}
	}
	lines[0] = strings.Repeat(" ", dash) + "- " + lines[0][dash+2:] + comment
	return lines
}

// setting writes one setting. A text of paragraphs keeps its lines.
func setting(column int, s Pair) []string {
	blank := strings.Repeat(" ", column)
	if s.Name != "text" {
		return []string{blank + s.Name + ": '" + strings.ReplaceAll(s.Text, "'", "''") + "'"}
	}
	lines := []string{blank + s.Name + ": |"}
	for l := range strings.SplitSeq(s.Text, "\n") {
		lines = append(lines, strings.TrimRight(blank+"  "+l, " "))
	}
	return lines
}
