package paper

import (
	"strings"

	"shifan/internal/paper/docx"
	"shifan/internal/paper/font"
)

// head sets what stands above the text: the name of the office in red, the number,
// the red line and the title, each form in its own way.
func (s *setter) head() {
	switch s.doc.Form {
	case Red:
		s.redHead(textWidth)
	case Minutes:
		s.redHead(textWidth * 0.8)
	case Letter:
		s.letterHead()
	case Plain:
	}
	if s.doc.Form == Plain {
		if s.doc.Number != "" {
			s.centred("P", numberStyle, [][]glyph{s.glyphs(s.doc.Number, text(font.Fang))}, true)
		}
	} else if s.doc.Title != "" {
		s.gap2(2)
	}
	s.titleLines()
	s.flow = append(s.flow, piece{origin: true, hold: true})
}

// gap2 leaves lines empty even at the top of a page.
func (s *setter) gap2(lines float64) {
	s.flow = append(s.flow, piece{high: lines * pitch, hold: true})
	s.leaf(leaf{}, 1)
}

func (s *setter) titleLines() {
	if s.doc.Title == "" {
		return
	}
	s.bookmark(1, plainTitle(s.doc))
	lines := s.title(s.doc.Title, style{face: font.Title, size: two}, textWidth-2*cell)
	n := s.add("H1")
	title := leaf{style: titleStyle, broken: true}
	for _, g := range lines {
		title.lines = append(title.lines, line{glyphs: g})
		s.flow = append(s.flow, piece{high: titlePitch, hold: true, draw: func(p *sheet, y float64) {
			p.lineAt(y, n, p.left+(textWidth-width(g))/2, g)
		}})
	}
	s.leaf(title, len(lines))
	s.gap2(1)
}

// redHead sets the name of the office, wide as a line at most, with its upper edge
// 35 mm below that of the text (7.2.4), the number two lines below it (7.2.5) and
// the red line 4 mm below the number (7.2.7).
func (s *setter) redHead(wide float64) {
	mark, size := s.mark(wide)
	high := size * point
	head := s.add("P")
	s.flow = append(s.flow, piece{high: markTop + high, hold: true, draw: func(p *sheet, y float64) {
		p.texts = append(p.texts, run{x: p.left + (textWidth-width(mark))/2, y: y + markTop + rise*high, glyphs: mark, colour: red, part: head})
	}})
	s.leaf(leaf{style: markStyle, lines: []line{{glyphs: mark}}, before: markTop, high: exact(high), rule: redRule}, 1)
	number := s.glyphs(s.doc.Number, text(font.Fang))
	if s.doc.Number != "" {
		s.last().rule = nil
		s.gap2(2)
		s.last().less = exact(high) - high
		n := s.add("P")
		s.flow = append(s.flow, piece{high: three * point, hold: true, draw: func(p *sheet, y float64) {
			p.texts = append(p.texts, run{x: p.left + (textWidth-width(number))/2, y: y + rise*three*point, glyphs: number, part: n})
		}})
		s.leaf(leaf{style: numberStyle, lines: []line{{glyphs: number}}, align: docx.Centre, high: exact(three * point), rule: redRule}, 1)
	}
	s.flow = append(s.flow, piece{high: underNo + redLine, hold: true, draw: func(p *sheet, y float64) {
		p.boxes = append(p.boxes, box{p.left, y + underNo, textWidth, redLine, red})
	}})
}

// mark sets the name of the office as large as a width allows, at most 22 mm high.
func (s *setter) mark(wide float64) ([]glyph, float64) {
	const most, least = 60.0, 22.0
	size := most
	n := float64(len([]rune(s.doc.Issuer)))
	size = max(min(size, wide/n/point), least)
	g := s.glyphs(s.doc.Issuer, style{face: font.Title, size: size})
	if over := width(g) / wide; over > 1 { // a very long name is set smaller: it stays on one line
		size /= over
		g = s.glyphs(s.doc.Issuer, style{face: font.Title, size: size})
	} else if free := wide - width(g); free > 0 && n > 1 && n < 9 { // a short one is set apart
		for i := range g[:max(len(g)-1, 0)] {
			g[i].wide += min(free/(n-1)*0.6, size*point*0.4)
		}
	}
	return g, size
}

// letterHead sets the name 30 mm below the paper's edge, a double line 4 mm below
// it, the number at the right under that, and a second double line at the foot
// (10.1).
func (s *setter) letterHead() {
	mark, size := s.mark(textWidth)
	high := size * point
	head := s.add("P")
	s.flow = append(s.flow, piece{high: letterTop - top + high + underNo + double + underDouble - drop, hold: true, draw: func(p *sheet, _ float64) {
		p.texts = append(p.texts, run{x: p.left + (textWidth-width(mark))/2, y: letterTop + rise*high, glyphs: mark, colour: red, part: head})
		left := (pageWidth - letterWide) / 2
		p.double(left, letterTop+high+underNo, true)
		p.double(left, pageHeight-letterFoot, false)
		p.number = 0
	}})
	s.letterhead = leaf{style: markStyle, lines: []line{{glyphs: mark}}, high: exact(high)}
	if s.doc.Number == "" {
		return
	}
	number := s.glyphs(s.doc.Number, text(font.Fang))
	n := s.add("P")
	s.flow = append(s.flow, piece{high: pitch, hold: true, draw: func(p *sheet, y float64) {
		p.lineAt(y, n, p.left+textWidth-width(number), number)
	}})
	s.leaf(leaf{style: numberStyle, lines: []line{{glyphs: number}}, align: docx.Right, before: underDouble - drop - 1}, 1)
}

// double draws a red double line: thick over thin, or thin over thick.
func (p *sheet) double(x, y float64, thickFirst bool) {
	a, b := thickRed, thinRed
	if !thickFirst {
		a, b = b, a
	}
	p.boxes = append(p.boxes, box{x, y, letterWide, a, red}, box{x, y + a + betweenRed, letterWide, b, red})
}

// addressee sets 主送机关: from the margin, ended by a colon (7.3.2).
func (s *setter) addressee() {
	s.lines("P", addresseeStyle, breakLines(s.glyphs(s.doc.To+"：", text(font.Fang)), textWidth, 0, 0), true)
}

// plainTitle is the title without its bars.
func plainTitle(d *Document) string { return strings.ReplaceAll(d.Title, "|", "") }
