package template

import "strings"

// Line is a paragraph of a text that was filled, or one of its blocks.
type Line struct {
	Text  string
	Block string // the name of the field; empty: it is a paragraph
}

// Fill puts what is said of fields into a text. What a field says is not read again:
// braces in it are braces. blocks says which blocks are there.
func (t Text) Fill(say map[string]string, blocks map[string]bool) []Line {
	f := &filler{say: say, blocks: blocks}
	f.text(t)
	f.flush()
	return f.lines
}

// Say fills a text that has no blocks: its lines, one below another.
func (t Text) Say(say map[string]string) string {
	var all []string
	for _, l := range t.Fill(say, nil) {
		all = append(all, l.Text)
	}
	return strings.Join(all, "\n")
}

type filler struct {
	say    map[string]string
	blocks map[string]bool
	line   strings.Builder
	lines  []Line
}

func (f *filler) flush() {
	if s := strings.TrimSpace(f.line.String()); s != "" {
		f.lines = append(f.lines, Line{Text: s})
	}
	f.line.Reset()
}

func (f *filler) text(t Text) {
	for _, n := range t {
		switch name := n.field.Name; {
		case n.when && (f.say[name] != "" || f.blocks[name]):
			f.text(n.yes)
		case n.when:
			f.text(n.no)
		case n.field.Block:
			f.flush()
			if f.blocks[name] {
				f.lines = append(f.lines, Line{Block: name})
			}
		case name != "":
			f.line.WriteString(f.say[name])
		default:
			for i, part := range strings.Split(n.words, "\n") {
				if i > 0 {
					f.flush()
				}
				f.line.WriteString(part)
			}
		}
	}
}
