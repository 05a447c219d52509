package template

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Wrong is something that a text may not have.
type Wrong struct {
	At  int    // how many characters stand before it; 0 with the text as a whole
	Say string // what is wrong and how to mend it
}

// Text is a text that was read. Its zero value says nothing.
type Text []node

// node is a piece of a text: words, a field, or a condition.
type node struct {
	words    string
	field    Field
	when     bool // a condition on field
	yes, no  Text
	position int
}

// reader is one reading of a text.
type reader struct {
	kind    Kind
	runes   []rune
	at      int
	tags    int
	open    []*node // the conditions that are open, the innermost last
	in      []bool  // of each: still before its {否则}
	top     Text
	subject bool
	wrong   []Wrong
}

// Parse reads the text of a kind and says everything that is wrong with it. Only a text
// with which nothing is wrong may be filled.
func Parse(k Kind, text string) (Text, []Wrong) { return parse(k, text, k.Most(), false) }

// ParseSubject reads the subject of a kind of message.
func ParseSubject(k Kind, text string) (Text, []Wrong) { return parse(k, text, SubjectMost, true) }

func parse(k Kind, text string, most int, subject bool) (Text, []Wrong) {
	if n := utf8.RuneCountInString(text); n > most {
		return nil, []Wrong{{most, fmt.Sprintf("有%d字，最多%d字。删短一些。", n, most)}}
	}
	r := &reader{kind: k, runes: []rune(text), subject: subject}
	if strings.TrimSpace(text) == "" {
		r.say(0, "是空的。写上内容，或者恢复默认的文字。")
	}
	r.read()
	for _, o := range r.open {
		r.say(o.position, fmt.Sprintf("“{如有 %s}”没有结束。在它管的文字后面写{完}。", o.field.Name))
	}
	if len(r.wrong) == 0 && !subject {
		for _, names := range k.Needs {
			if !r.top.shows(names) {
				r.say(0, fmt.Sprintf("里没有写{%s}，或者只在别的字段有的时候才写。这种文字必须写它。", strings.Join(names, "}或{")))
			}
		}
	}
	return r.top, r.wrong
}

func (r *reader) say(at int, sentence string) { r.wrong = append(r.wrong, Wrong{at, sentence}) }

// add puts a piece where the reading stands.
func (r *reader) add(n node) {
	to := &r.top
	if i := len(r.open) - 1; i >= 0 {
		to = &r.open[i].no
		if r.in[i] {
			to = &r.open[i].yes
		}
	}
	*to = append(*to, n)
}

func (r *reader) read() {
	begin := 0
	words := func(to int) {
		if to > begin {
			r.add(node{words: string(r.runes[begin:to])})
		}
	}
	for r.at < len(r.runes) {
		switch r.runes[r.at] {
		case '{':
			words(r.at)
			end := slices.IndexFunc(r.runes[r.at+1:], func(c rune) bool { return c == '}' || c == '{' || c == '\n' })
			if end < 0 || r.runes[r.at+1+end] != '}' {
				r.say(r.at, "的花括号没有配对。字段写成{"+r.kind.Fields[0].Name+"}的样子，前后各一个花括号。")
				return
			}
			from := r.at
			r.at += end + 2
			begin = r.at
			r.tag(from, string(r.runes[from+1:r.at-1]))
			if r.tags > fieldsMost {
				r.say(from, fmt.Sprintf("的字段和条件超过%d个。文字里用不到这么多，删去一些。", fieldsMost))
				return
			}
		case '}':
			r.say(r.at, "有一个“}”前面没有“{”。删掉它，或者补上前一半。")
			return
		default:
			r.at++
		}
	}
	words(r.at)
}

// tag reads what stands in braces.
func (r *reader) tag(at int, inside string) {
	r.tags++
	name := strings.TrimFunc(inside, unicode.IsSpace)
	last := len(r.open) - 1
	switch condition, is := strings.CutPrefix(name, "如有"); {
	case is:
		r.begin(at, strings.TrimFunc(condition, unicode.IsSpace))
	case name == "否则" && (last < 0 || !r.in[last]):
		r.say(at, "的“{否则}”前面没有“{如有 …}”，或者已经有一个{否则}。删掉它，或者补上条件。")
	case name == "否则":
		r.in[last] = false
	case name == "完" && last < 0:
		r.say(at, "的“{完}”前面没有“{如有 …}”。删掉它，或者补上条件。")
	case name == "完":
		done := *r.open[last]
		r.open, r.in = r.open[:last], r.in[:last]
		r.add(done)
	default:
		if f, ok := r.known(at, name); ok {
			r.place(at, len([]rune(inside))+2, f)
			r.add(node{field: f, position: at})
		}
	}
}

// begin opens a condition on a field that may be missing.
func (r *reader) begin(at int, name string) {
	f, ok := r.known(at, name)
	if len(r.open) == depthMost {
		r.say(at, fmt.Sprintf("的条件套了%d层以上。拆开写。", depthMost))
		ok = false
	}
	if ok && !f.Block && f.When == "" {
		r.say(at, fmt.Sprintf("的{如有 %s}不用写：这个字段总是有的。删掉条件，留下里面的文字。", name))
	}
	// a wrong one is opened all the same, so that its end is not wrong too
	r.open, r.in = append(r.open, &node{field: f, when: true, position: at}), append(r.in, true)
}

func (r *reader) known(at int, name string) (Field, bool) {
	f, ok := r.kind.Field(name)
	if ok {
		return f, true
	}
	say := fmt.Sprintf("里的{%.30s}不是可以用的字段。", name)
	if near := r.kind.near(strings.Trim(name, ". $")); near != "" {
		say += "是不是{" + near + "}？"
	} else {
		say += "可以写{" + strings.Join(r.kind.names(), "}、{") + "}。"
	}
	r.say(at, say)
	return Field{Name: name}, false
}

func (k Kind) names() (all []string) {
	for _, f := range k.Fields {
		all = append(all, f.Name)
	}
	return all
}

// near returns the field whose name is most like a word: it has at least half of its
// characters, in their order.
func (k Kind) near(word string) (best string) {
	most := 0
	for _, name := range k.names() {
		n := common([]rune(name), []rune(word))
		if long := max(len([]rune(name)), len([]rune(word))); 2*n >= long && n > most {
			best, most = name, n
		}
	}
	return best
}

// common counts the characters of the longest sequence that two words share.
func common(a, b []rune) int {
	if len(b) > 2*len(a)+2 {
		return 0
	}
	row := make([]int, len(b)+1)
	for _, x := range a {
		left := 0
		for j, y := range b {
			above := row[j+1]
			if x == y {
				row[j+1] = left + 1
			} else {
				row[j+1] = max(row[j+1], row[j])
			}
			left = above
		}
	}
	return row[len(b)]
}

// place checks that a field may stand where it stands: a block alone in its line, one
// that may be missing where it is known to be there.
func (r *reader) place(at, long int, f Field) {
	if f.Block {
		switch from, to := r.line(at); {
		case r.subject:
			r.say(at, fmt.Sprintf("里的{%s}是一张表或几段文字，不能写在标题里。", f.Name))
		case strings.TrimSpace(bare(string(r.runes[from:at])))+strings.TrimSpace(bare(string(r.runes[at+long:to]))) != "":
			r.say(at, fmt.Sprintf("里的{%s}是一张表或几段文字，不能写在一句话里。让它单独占一行。", f.Name))
		}
		return
	}
	if f.When == "" {
		return
	}
	for i, o := range r.open {
		if r.in[i] && o.field.Name == f.When {
			return
		}
	}
	r.say(at, fmt.Sprintf("里的{%s}有时没有，那样这句话就缺了一块。写成{如有 %s}…{%s}…{完}。", f.Name, f.When, f.Name))
}

// line returns where the line begins and ends in which a character stands.
func (r *reader) line(at int) (from, to int) {
	from, to = at, at
	for from > 0 && r.runes[from-1] != '\n' {
		from--
	}
	for to < len(r.runes) && r.runes[to] != '\n' {
		to++
	}
	return from, to
}

// bare is a piece of a line without its conditions.
func bare(s string) string {
	for {
		before, rest, some := strings.Cut(s, "{")
		if !some {
			return s
		}
		tag, after, closed := strings.Cut(rest, "}")
		if tag = strings.TrimSpace(tag); !closed || tag != "否则" && tag != "完" && !strings.HasPrefix(tag, "如有") {
			return s
		}
		s = before + after
	}
}

// shows reports whether one of some fields is in the text, whatever is there; one that may
// be missing, whenever it is there.
func (t Text) shows(names []string) bool {
	return slices.ContainsFunc(t, func(n node) bool {
		switch {
		case !n.when:
			return slices.Contains(names, n.field.Name)
		case !n.yes.shows(names):
			return false
		}
		return slices.Contains(names, n.field.Name) || n.no.shows(names)
	})
}
