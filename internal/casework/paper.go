package casework

import (
	"strings"
	"time"

	"shifan/internal/calendar"
	"shifan/internal/fault"
	"shifan/internal/lifecycle/document"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/round"
	"shifan/internal/paper"
)

// Paper is a document as somebody gets it: to keep, to print, to send.
type Paper struct {
	Name string // of the file, without its ending
	PDF  []byte
	Used []paper.Substitute // which font stood in for which

	Signed document.Document // as it was signed; zero: it is a draft, or is not signed at all

	pages *paper.Pages
	docx  []byte // of a signed one
}

// DOCX is the document for word processors: of the same layout, to be worked on or sent.
func (p Paper) DOCX() ([]byte, error) {
	if p.docx != nil {
		return p.docx, nil
	}
	if p.pages == nil {
		return nil, fault.Missing()
	}
	return p.pages.DOCX()
}

// PaperLink offers a document.
type PaperLink struct {
	Kind string // "receipt": a part of its address
	Word string // 提交回执
}

// issue sets a document and writes it down.
func issue(name string, doc *paper.Document) (p Paper, err error) {
	defer fault.Wrap(&err, "casework: paper %s", name)
	set, err := paper.Typeset(doc)
	if err != nil {
		return p, err
	}
	p.Name, p.Used, p.pages = name, set.Substitutes, set
	p.PDF, err = set.PDF()
	return p, err
}

// quoted is a document as others cite it: 《关于…的通知》（吉社联党发〔2021〕1号）.
func quoted(title, number string) string {
	if number != "" {
		number = "（" + number + "）"
	}
	return "《" + strings.NewReplacer("《", "〈", "》", "〉").Replace(title) + "》" + number
}

// call cites the call of a round.
func call(r round.Round) string { return quoted(r.Title, r.DocNumber) }

// second says an instant to the second, as a receipt has to.
func second(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(calendar.Zone).Format("2006年1月2日15时04分05秒")
}

// byEights parts a digest so that eyes can follow it.
func byEights(digest string) string {
	var parts []string
	for len(digest) > 8 {
		parts, digest = append(parts, digest[:8]), digest[8:]
	}
	return strings.Join(append(parts, digest), " ")
}

// letter is an official letter of the office of a programme, to one organisation. Its
// title and its text come from the programme.
func letter(p *programme.Programme, to string, at time.Time) *paper.Document {
	return &paper.Document{
		Form: paper.Letter, Issuer: p.Office.Name, To: to,
		Signers: []string{p.Office.Name}, Date: calendar.DateOf(at), Seal: true, Created: at.In(calendar.Zone),
	}
}
