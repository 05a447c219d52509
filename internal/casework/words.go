package casework

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"shifan/internal/fault"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/template"
	"shifan/internal/paper"
)

var errTemplate = fault.Define(fault.Unavailable, "template.fill", "方案第%d版里“%s”的模板用不了：%s请办公室负责人在“文书和消息模板”里改好。", "制度:文书的文字由方案写明")

// filling is what a document says of one thing: the words of its fields and its blocks.
type filling struct {
	words   map[string]string
	blocks  map[string][]paper.Block
	annexes map[string]paper.Annex // blocks that begin a page of their own
}

// has says which blocks have something in them.
func (s filling) has() map[string]bool {
	all := map[string]bool{}
	for name, b := range s.blocks {
		all[name] = len(b) > 0
	}
	for name := range s.annexes {
		all[name] = true
	}
	return all
}

// documentWords returns the title and the words of a kind of document as a programme has
// them: its own, or the usual ones. A title is empty where whoever drafts it writes one.
// What was good when a round froze it may be good no more; then it is an error.
func documentWords(p *programme.Programme, kind string) (string, template.Text, error) {
	k, known := template.Document(kind)
	if !known {
		panic("casework: no document " + kind)
	}
	title, text := k.Subject, k.Text
	if i := slices.IndexFunc(p.Documents, func(d programme.Document) bool { return d.Code == kind }); i >= 0 {
		text = cmp.Or(p.Documents[i].Text, text)
		if title != "" {
			title = p.Documents[i].Title
		}
	}
	t, wrong := template.Parse(k, text)
	return title, t, unusable(p, k, wrong)
}

// messageWords fills subject and text of a kind of message as a programme has them; with
// nil, as usual.
func messageWords(p *programme.Programme, kind string, words map[string]string) (subject, text string, err error) {
	k, known := template.Message(kind)
	if !known {
		panic("casework: no message " + kind)
	}
	subject, text = k.Subject, k.Text
	if p == nil {
		p = &programme.Programme{}
	}
	for _, m := range p.Messages {
		if m.Code == kind {
			subject, text = m.Subject, m.Text
		}
	}
	s, wrong := template.ParseSubject(k, subject)
	t, more := template.Parse(k, text)
	return s.Say(words), t.Say(words), unusable(p, k, append(wrong, more...))
}

func unusable(p *programme.Programme, k template.Kind, wrong []template.Wrong) error {
	if len(wrong) == 0 {
		return nil
	}
	return errTemplate.New(p.Version, k.Label, wrong[0].Say)
}

// compose writes what a document says into it.
func compose(doc *paper.Document, p *programme.Programme, kind string, s filling) (*paper.Document, error) {
	title, text, err := documentWords(p, kind)
	if err != nil {
		return nil, err
	}
	fillIn(doc, title, text, s)
	return doc, nil
}

// fillIn writes words into a document. The paragraph before a table that has no title of
// its own stays with it.
func fillIn(doc *paper.Document, title string, text template.Text, s filling) {
	doc.Title = cmp.Or(title, doc.Title)
	doc.About = cmp.Or(doc.About, doc.Title)
	for _, l := range text.Fill(s.words, s.has()) {
		a, apart := s.annexes[l.Block]
		switch {
		case l.Block == "":
			doc.Body = append(doc.Body, worded(l.Text))
		case apart:
			doc.Annexes = append(doc.Annexes, a)
		default:
			doc.Body = append(doc.Body, s.blocks[l.Block]...)
		}
	}
	for i := range len(doc.Body) - 1 {
		words, is := doc.Body[i].(paper.Paragraph)
		if t, table := doc.Body[i+1].(paper.Table); is && table && t.Title == "" {
			words.Hold = true
			doc.Body[i] = words
		}
	}
}

var headline = regexp.MustCompile(`^[一二三四五六七八九十]{1,3}、[^。；：]{1,30}$`)

// worded is a line of words: one that begins with 一、 and is no sentence heads what
// follows (7.3.3).
func worded(line string) paper.Block {
	if headline.MatchString(line) {
		return paper.Heading{Level: 1, Text: line}
	}
	return paper.Paragraph{Text: line}
}

// paragraphs are the lines of a text, each a paragraph.
func paragraphs(text string) (all []paper.Block) {
	for s := range strings.SplitSeq(text, "\n") {
		if s = strings.TrimSpace(s); s != "" {
			all = append(all, paper.Paragraph{Text: s})
		}
	}
	return all
}

// unstopped is a text without the full stops at its end.
func unstopped(s string) string { return strings.TrimRight(strings.TrimSpace(s), "。") }
