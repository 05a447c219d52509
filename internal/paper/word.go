package paper

import (
	"math"
	"strings"
	"unicode"

	"shifan/internal/paper/docx"
	"shifan/internal/paper/font"
)

// The styles of the file. Those of the outline have the names that word processors know.
const (
	textStyle       = "Normal"
	bodyStyle       = "BodyText"
	titleStyle      = "Title"
	markStyle       = "OfficeMark"
	numberStyle     = "DocumentNumber"
	addresseeStyle  = "Addressee"
	annexStyle      = "AnnexWord"
	annexTitleStyle = "AnnexTitle"
	signerStyle     = "Signature"
	cellStyle       = "TableText"
	imprintStyle    = "Imprint"
	footerStyle     = "Footer"
	footStyle       = "FootText"
	ruleStyle       = "RuleLine"
)

// headingStyles are those of the four levels (7.3.3).
var headingStyles = [4]string{"Heading1", "Heading2", "Heading3", "Heading4"}

// The page in twips. A cell of the grid is 15.8 points, 4 twips less than a character
// of 三号; 28 of them are 156.07 mm.
//
// wordTop is 36.4 mm, within the 37±1 of 5.2.1 and not at 37: a line of exact height is taller
// than its characters, and word processors put what is over above them. LibreOffice so sets
// every line 1.9 mm below ours; from 37 mm it would be 2.5, and no longer within 2 mm.
const (
	wordCell  = 316
	wordTight = -4
	wordWidth = perLine * wordCell
	wordPitch = 580 // 29 points
	paperWide = 11906
	paperHigh = 16838
	wordLeft  = 1588
	wordRight = paperWide - wordLeft - wordWidth - 12 // a hair more than the lines take
	wordTop   = 2064
	wordFoot  = paperHigh - wordTop - perPage*wordPitch - 1
	fourTwips = four * 20
	redHex    = "C70D0D"
)

// wordFile writes pages as a file of a word processor.
type wordFile struct {
	p     *Pages
	file  *docx.File
	held  *docx.Paragraph // the last paragraph, which may come to end a section
	began bool
}

// DOCX writes the document for word processors, in the official names of the faces. Text
// flows in it; the spacing of each full line makes word processors end it where Typeset
// did. A code that every page shows is left out: in a file that anybody can change it
// would vouch for what it does not say.
func (p *Pages) DOCX() ([]byte, error) {
	base := docx.Style{ID: textStyle, Name: "Normal", Font: font.Fang.Official(), Size: three, Spacing: wordTight, Format: docx.Format{Align: docx.Both, Line: wordPitch}}
	w := &wordFile{p: p, file: docx.New(docx.Info{Title: plainTitle(p.doc), Author: p.doc.author(), Subject: p.doc.About, Created: p.doc.Created}, base)}
	if p.doc.Form != Plain {
		w.file.Facing()
	}
	w.styles()
	before := 0
	for i := range p.leaves {
		l := &p.leaves[i]
		if p.flow[l.from].gone {
			continue
		}
		w.leaf(l, w.turned(before, l))
		before = l.to
	}
	return w.end()
}

// turned reports whether a page was begun before a leaf by the document itself: where it
// was only full, word processors find that out.
func (w *wordFile) turned(after int, l *leaf) bool {
	if w.held == nil && !w.began {
		return false
	}
	for i := after; i <= l.from; i++ {
		if w.p.flow[i].turned {
			return true
		}
	}
	return false
}

func (w *wordFile) styles() {
	indent := docx.Twips(2 * cell)
	add := func(s docx.Style) { w.file.Style(s) }
	add(docx.Style{ID: bodyStyle, Name: "Body Text", Format: docx.Format{First: indent}})
	add(docx.Style{ID: titleStyle, Name: "Title", Next: addresseeStyle, Outline: 1, Font: font.Title.Official(), Size: two, Tight: true, Format: docx.Format{Align: docx.Centre, Line: docx.Twips(titlePitch), Baseline: true, KeepNext: true}})
	for i, id := range headingStyles {
		add(docx.Style{ID: id, Name: "heading " + string(rune('1'+i)), Next: bodyStyle, Outline: i + 1, Font: headings[i].Official(), Format: docx.Format{First: indent}})
	}
	add(docx.Style{ID: markStyle, Name: "发文机关标志", Next: numberStyle, Font: font.Title.Official(), Colour: redHex, Tight: true, Format: docx.Format{Align: docx.Centre, Baseline: true}})
	add(docx.Style{ID: numberStyle, Name: "发文字号", Next: titleStyle, Format: docx.Format{Align: docx.Centre}})
	add(docx.Style{ID: addresseeStyle, Name: "主送机关", Next: bodyStyle})
	add(docx.Style{ID: annexStyle, Name: "附件标识", Next: annexTitleStyle, Font: font.Hei.Official()})
	add(docx.Style{ID: annexTitleStyle, Name: "附件标题", Next: bodyStyle, Outline: 1, Font: font.Title.Official(), Size: two, Tight: true, Format: docx.Format{Align: docx.Centre, Baseline: true}})
	add(docx.Style{ID: signerStyle, Name: "Signature"})
	add(docx.Style{ID: cellStyle, Name: "表格文字", Size: cellSize, Tight: true, Format: docx.Format{Line: docx.Twips(cellLead), Baseline: true}})
	add(docx.Style{ID: imprintStyle, Name: "版记", Size: four, Tight: true, Format: docx.Format{Align: docx.Left, Line: docx.Twips(imprintLine), Baseline: true}})
	add(docx.Style{ID: footerStyle, Name: "footer", Font: font.Song.Official(), Size: four, Tight: true, Format: docx.Format{Line: footerLine, Baseline: true}})
	add(docx.Style{ID: footStyle, Name: "页下说明", Font: font.Song.Official(), Size: smallFive, Tight: true, Format: docx.Format{Align: docx.Left, Line: docx.Twips(footPitch), Baseline: true}})
	add(docx.Style{ID: ruleStyle, Name: "横线", Size: 1, Tight: true, Format: docx.Format{Line: 20, Baseline: true}})
}

// add adds a paragraph; the last one is held back, so that a section can end with it.
func (w *wordFile) add(p docx.Paragraph) {
	w.flush()
	w.held = &p
}

func (w *wordFile) flush() {
	if w.held != nil {
		w.file.Add(*w.held)
		w.held, w.began = nil, true
	}
}

func (w *wordFile) leaf(l *leaf, turned bool) {
	pieces := w.p.flow[l.from:l.to]
	if l.table != nil {
		if turned {
			w.add(docx.Paragraph{Style: ruleStyle, Format: docx.Format{BreakBefore: true}})
		}
		w.flush()
		w.file.AddTable(w.table(l.table))
		w.began = true
		return
	}
	p := docx.Paragraph{Style: l.style, Format: docx.Format{Align: l.align, KeepNext: pieces[len(pieces)-1].hold, BreakBefore: turned, Before: docx.Twips(l.before), Rule: l.rule}}
	if l.high > 0 {
		p.Line, p.Baseline = docx.Twips(l.high), true
	}
	if len(l.lines) == 0 {
		if high := docx.Twips(pieces[0].stood - l.less); high != docx.Twips(pitch) {
			p.Line = max(high, 20)
		}
		w.add(p)
		return
	}
	rest := docx.Paragraph{}
	for k := 1; k < len(pieces) && k < len(l.lines); k++ {
		if pieces[k].turned { // the signature took these lines of it to its page (7.3.5)
			low := *l
			low.lines = l.lines[k:]
			rest = p
			rest.BreakBefore, rest.NoFirst = true, true
			w.place(&rest, &low)
			high := *l
			high.lines = l.lines[:k]
			l, p.KeepNext = &high, false
			break
		}
	}
	w.place(&p, l)
	w.add(p)
	if len(rest.Runs) > 0 {
		w.add(rest)
	}
}

// place says where the lines of a paragraph stand, and gives it its text.
func (w *wordFile) place(p *docx.Paragraph, l *leaf) {
	first, wide := l.lines[0], width(l.lines[0].glyphs)
	if size := first.size(); l.style == markStyle {
		defer func() {
			for i := range p.Runs {
				p.Runs[i].Size = math.Round(size*2) / 2
			}
		}()
	}
	switch {
	case l.style == signerStyle && l.over:
		if middle := 2*(first.indent+wide/2) - textWidth; middle > 0 {
			p.Left = docx.Twips(middle)
		} else {
			p.Right = docx.Twips(-middle)
		}
		p.Align = docx.Centre
	case l.style == signerStyle && l.right:
		p.Align, p.Right = docx.Right, docx.Twips(textWidth-first.indent-wide)
	case l.style == signerStyle:
		p.Align, p.Left = docx.Left, docx.Twips(first.indent)
	case l.style == textStyle && !l.broken:
		rest := first.indent
		if len(l.lines) > 1 {
			rest = l.lines[1].indent
		}
		if len(l.lines) == 1 && first.indent == 2*cell { // what would follow begins at the margin
			rest = 0
		}
		p.Left, p.First = docx.Twips(rest), docx.Twips(first.indent)-docx.Twips(rest)
	}
	if l.sealed {
		p.Circle = &docx.Circle{X: docx.Twips(first.indent + wide/2 - seal/2), Y: docx.Twips(pitch - seal/2), Diameter: docx.Twips(seal), About: "加盖印章处"}
	}
	own := w.faceOf(l)
	for i, line := range l.lines {
		run := docx.Run{Break: i > 0 && l.broken}
		if wide := wordWidth - docx.Twips(line.indent); !l.broken && l.style != signerStyle && (line.full || line.over(wide, wordTight)) {
			run.Spacing, run.Tight = line.spacing(wide, wordTight)
		}
		if l.style == markStyle {
			run.Spacing = line.apart()
		}
		p.Runs = append(p.Runs, line.runs(run, own)...)
	}
	p.Runs = joined(p.Runs)
}

// faceOf is the face of a leaf's style.
func (w *wordFile) faceOf(l *leaf) font.Face {
	switch l.style {
	case titleStyle, annexTitleStyle, markStyle:
		return font.Title
	case annexStyle:
		return font.Hei
	}
	for i, id := range headingStyles {
		if l.style == id {
			return headings[i]
		}
	}
	return font.Fang
}

func (l line) size() float64 {
	if len(l.glyphs) == 0 {
		return 0
	}
	return l.glyphs[0].size
}

// natural is how wide the characters are by themselves, in twips, and after how many of
// them spacing tells. LibreOffice 7 leaves a gap between Chinese characters and Latin
// letters or digits, whatever the file says, and no spacing beside it.
func (l line) natural() (w, spaced float64) {
	const gap, rounding = 0.2, 10 // of an em; twips
	latin := func(r rune) bool { return r < 0x2e80 && (unicode.IsLetter(r) || unicode.IsDigit(r)) }
	gaps := 0.0
	for i, g := range l.glyphs {
		em := g.size * 20
		w += g.font.Width(g.r) / 1000 * em
		if i > 0 && (latin(g.r) && unicode.Is(unicode.Han, l.glyphs[i-1].r) || unicode.Is(unicode.Han, g.r) && latin(l.glyphs[i-1].r)) {
			w += gap * em
			gaps++
		}
	}
	if gaps > 0 {
		w += rounding
	}
	return w, float64(len(l.glyphs)) - gaps
}

// over reports whether the characters, spaced as usual, need more than so many twips.
func (l line) over(wide, usual int) bool {
	w, n := l.natural()
	return w+n*float64(usual) > float64(wide)
}

// spacing is what fills a line of some twips with its characters, and whether it differs
// from what the style says.
func (l line) spacing(wide, usual int) (int, bool) {
	w, n := l.natural()
	s := int(math.Floor((float64(wide) - w) / n))
	if s == usual || float64(s)*n > 6*wordCell { // one long word comes next
		return 0, false
	}
	return s, true
}

// apart is the spacing of the characters of the name of the office, in twips.
func (l line) apart() int {
	n := len(l.glyphs)
	if n < 2 {
		return 0
	}
	all := 0.0
	for _, g := range l.glyphs[:n-1] {
		all += g.wide/point*20 - g.font.Width(g.r)/1000*g.size*20
	}
	return int(all / float64(n-1))
}

// runs are the characters of a line, parted where the face changes.
func (l line) runs(like docx.Run, own font.Face) (all []docx.Run) {
	var text strings.Builder
	face := own
	end := func() {
		if text.Len() > 0 || like.Break {
			r := like
			if r.Text = text.String(); face != own {
				r.Font = face.Official()
			}
			all = append(all, r)
			text.Reset()
			like.Break = false
		}
	}
	for _, g := range l.glyphs {
		if g.face != face {
			end()
			face = g.face
		}
		text.WriteRune(g.r)
	}
	text.WriteString(strings.Repeat(" ", l.blanks))
	end()
	return all
}

// joined puts runs together that look alike.
func joined(all []docx.Run) (some []docx.Run) {
	for _, r := range all {
		if n := len(some) - 1; n >= 0 && !r.Break && r.Field == "" && some[n].Field == "" {
			a := some[n]
			a.Text, a.Break = "", false
			b := r
			b.Text = ""
			if a == b {
				some[n].Text += r.Text
				continue
			}
		}
		some = append(some, r)
	}
	return some
}
