package paper

import (
	"slices"
	"strconv"
	"strings"

	"shifan/internal/paper/docx"
	"shifan/internal/paper/font"
)

// table is a table with the rows as they were set.
func (w *wordFile) table(g *grid) docx.Table {
	t := docx.Table{Rule: docx.Rule{Kind: "single", Size: 6}, Side: docx.Twips(cellSide), Above: docx.Twips(cellTop), Below: docx.Twips(cellTop) - 20}
	for i := range len(g.left) - 1 {
		t.Widths = append(t.Widths, int(g.left[i+1]/textWidth*wordWidth+0.5)-int(g.left[i]/textWidth*wordWidth+0.5))
	}
	for _, r := range g.all {
		row := docx.Row{Height: docx.Twips(r.high), Head: r.head, Whole: r.whole}
		for i, c := range r.cells {
			one, wide := docx.Cell{Middle: c.centre}, t.Widths[i]-2*t.Side-cellSlack
			if slices.ContainsFunc(c.lines, func(l line) bool { return l.over(wide, 0) }) {
				one.Side = t.Side / 4
				wide += 2 * (t.Side - one.Side)
			}
			one.Text = w.cell(c, wide, r.head)
			row.Cells = append(row.Cells, one)
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// cellSlack is what word processors take of a cell for its rules and in rounding, in twips.
const cellSlack = 50

// cell is the text of a cell that is so many twips wide, between its rules.
func (w *wordFile) cell(c tableCell, wide int, hold bool) (all []docx.Paragraph) {
	p := docx.Paragraph{Style: cellStyle, Format: docx.Format{KeepNext: hold}}
	ragged := wide < docx.Twips(raggedBelow)
	switch {
	case c.centre:
		p.Align = docx.Centre
	case ragged:
		p.Align = docx.Left
	}
	empty := p
	for _, l := range c.lines {
		var run docx.Run
		if l.full && !ragged && !c.centre || l.over(wide, 0) {
			run.Spacing, run.Tight = l.spacing(wide, 0)
		}
		p.Runs = append(p.Runs, l.runs(run, font.Fang)...)
		if !l.full {
			p.Runs = joined(p.Runs)
			all = append(all, p)
			p = empty
		}
	}
	if len(p.Runs) > 0 || len(all) == 0 {
		all = append(all, p)
	}
	return all
}

// What stands below the text, in twips from the lower edge of the paper: a foot of one
// line of exact height, so that its dashes are 7 mm below the text (7.5).
const (
	footerLine  = 360
	numberLow   = 1409 // below the number
	letterLow   = 1018 // below the second double line of a letter (10.1)
	doubleThick = 75   // of a double line
)

// section says how pages are, with their numbers or without.
func (w *wordFile) section(numbered, first bool) docx.Section {
	s := docx.Section{
		Width: paperWide, Height: paperHigh, Top: wordTop, Bottom: wordFoot, Left: wordLeft, Right: wordRight,
		Header: docx.Twips(15), Footer: numberLow, Lines: wordPitch,
	}
	letter := w.p.doc.Form == Letter && first
	if letter {
		s.Header, s.Footer = docx.Twips(letterTop), letterLow
	}
	if !numbered {
		return s
	}
	said, line := w.foot(), docx.Twips(footPitch)
	n := len(said)
	if n > 0 {
		s.Footer = numberLow - n*line
	}
	foot := func(a docx.Align, left, right int) []docx.Paragraph {
		p := docx.Paragraph{Style: footerStyle, Format: docx.Format{Align: a, Left: left, Right: right, Before: wordFoot - numberLow - footerLine, After: numberLow - s.Footer - n*line}}
		p.Runs = []docx.Run{{Text: "— ", Field: "PAGE"}, {Text: " —"}}
		return append([]docx.Paragraph{p}, said...)
	}
	s.Odd = foot(docx.Right, 0, fourTwips)
	s.Even = foot(docx.Left, fourTwips, 0)
	if letter {
		s.First = true
		s.Head, s.FirstFoot = w.letterhead()
	}
	return s
}

// foot is what every page says below its number; the number of the page and how many
// there are become fields.
func (w *wordFile) foot() (all []docx.Paragraph) {
	if w.p.doc.Foot == nil {
		return nil
	}
	const page, pages = 987650123, 987650456 // no text has these
	for _, words := range w.p.doc.Foot.Lines(page, pages) {
		p := docx.Paragraph{Style: footStyle}
		for words != "" {
			i := strings.Index(words, "987650")
			if i < 0 {
				p.Runs = append(p.Runs, docx.Run{Text: words})
				break
			}
			field := "PAGE"
			if strings.HasPrefix(words[i:], strconv.Itoa(pages)) {
				field = "NUMPAGES"
			}
			p.Runs = append(p.Runs, docx.Run{Text: words[:i], Field: field})
			words = words[i+9:]
		}
		all = append(all, p)
	}
	return all
}

// letterhead is the head and the foot of the first page of a letter (10.1): the name of
// the office over a double line, and a second one at the foot, each 170 mm wide.
func (w *wordFile) letterhead() (head, foot []docx.Paragraph) {
	l := &w.p.head
	l.to = l.from // it is no piece of the text
	mark := docx.Paragraph{Style: markStyle, Format: docx.Format{Line: docx.Twips(l.high)}}
	w.place(&mark, l)
	side := (pageWidth - letterWide) / 2
	line := docx.Paragraph{Style: ruleStyle, Format: docx.Format{Left: docx.Twips(side - binding), Right: docx.Twips(side - (pageWidth - binding - textWidth))}}
	first, second := line, line
	high := l.size() * point
	first.Before = docx.Twips(underNo - (l.high - high))
	first.RuleAbove = &docx.Rule{Kind: "thickThinSmallGap", Size: 18, Colour: redHex}
	second.Before = wordFoot - letterLow - doubleThick - 20
	second.RuleAbove = &docx.Rule{Kind: "thinThickSmallGap", Size: 18, Colour: redHex}
	return []docx.Paragraph{mark, first}, []docx.Paragraph{second}
}

func (l *leaf) size() float64 { return l.lines[0].size() }

// end ends the text: with the imprint at the foot of the last page, where there is one.
func (w *wordFile) end() ([]byte, error) {
	more := len(w.p.pages) - w.p.text
	last := w.section(true, true)
	if w.p.doc.Imprint == nil {
		if w.held == nil {
			w.add(docx.Paragraph{Style: ruleStyle})
		}
		w.flush()
		return w.file.Bytes(last)
	}
	if more > 0 {
		if w.held == nil {
			w.add(docx.Paragraph{Style: ruleStyle})
		}
		w.file.EndSection(*w.held, last)
		w.held = nil
		last = w.section(false, false)
		for i := 1; i < more; i++ {
			w.add(docx.Paragraph{Style: ruleStyle})
			w.held.BreakBefore = i > 1
		}
	}
	w.flush()
	above := docx.Twips(w.p.below.below - imprintBelowText)
	if more > 0 {
		above = docx.Twips(w.p.below.below - imprintUp)
	}
	w.file.Add(docx.Paragraph{Style: ruleStyle, Format: docx.Format{Before: max(above, 0), BreakBefore: more > 1}})
	w.file.AddTable(w.imprint())
	w.file.Add(docx.Paragraph{Style: ruleStyle})
	return w.file.Bytes(last)
}

// How much higher the imprint stands than Typeset set it, in mm, so that nothing of it comes
// to stand on another page by rounding: alone on its page, and below a page of text.
const imprintUp, imprintBelowText = 1.7, 2.8

// imprint is the 版记: a table with a rule over each row and below the last (7.4.1). Blank
// above brings it to the foot of the page: neither frames nor tables out of the text stand
// where they should in LibreOffice 7 when they are as wide as it.
func (w *wordFile) imprint() docx.Table {
	m := w.p.below
	rule := func(mm float64) docx.Rule { return docx.Rule{Kind: "single", Size: int(mm/point*8 + 0.5)} }
	em := docx.Twips(four * point)
	t := docx.Table{Widths: []int{wordWidth}, Last: rule(thick)}
	add := func(p docx.Paragraph, lines int) {
		p.Style, p.Right = imprintStyle, em
		row := docx.Row{Whole: true, Above: rule(thin), Height: lines * docx.Twips(imprintLine), Cells: []docx.Cell{{Text: []docx.Paragraph{p}}}}
		if len(t.Rows) == 0 {
			row.Above = rule(thick)
		}
		t.Rows = append(t.Rows, row)
	}
	for _, b := range m.blocks {
		rest := b[0].indent
		if len(b) > 1 {
			rest = b[1].indent
		}
		p := docx.Paragraph{Format: docx.Format{Left: docx.Twips(rest), First: docx.Twips(b[0].indent) - docx.Twips(rest)}}
		for _, l := range b {
			run := docx.Run{}
			if wide := wordWidth - em - docx.Twips(l.indent); l.full || l.over(wide, 0) {
				run.Spacing, run.Tight = l.spacing(wide, 0)
			}
			p.Runs = append(p.Runs, l.runs(run, font.Fang)...)
		}
		p.Runs = joined(p.Runs)
		add(p, len(b))
	}
	p := docx.Paragraph{Format: docx.Format{Left: em, End: wordWidth - em}}
	p.Runs = append(line{glyphs: m.by}.runs(docx.Run{}, font.Fang), line{glyphs: m.on}.runs(docx.Run{Tab: true}, font.Fang)...)
	add(p, 1)
	return t
}
