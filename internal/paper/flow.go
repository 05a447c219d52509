package paper

import (
	"math"
	"strings"

	"shifan/internal/paper/docx"
	"shifan/internal/paper/font"
)

// piece is what the text is made of from top to bottom: a line, a row, a gap.
type piece struct {
	high   float64                   // mm
	draw   func(p *sheet, y float64) // y is its upper edge; nil: nothing to see
	hold   bool                      // stays on the page of the next
	gap    bool                      // vanishes at the top of a page
	fresh  bool                      // begins a page
	text   bool                      // counts as text of the first page (7.3.3)
	snap   bool                      // its height reaches to the next line of the grid
	origin bool                      // the grid of the page begins at its lower edge
	rows   *rows                     // the table that it is a row of
	mark   func(page int, y float64) // notes where it came to stand
	page   int                       // where it came to stand, from 1
	stood  float64                   // how high it came to be
	gone   bool                      // it vanished
	turned bool                      // a page began before it because of what follows it, or by itself
}

// rows is what the rows of a table share.
type rows struct {
	high float64                   // of the head
	head func(p *sheet, y float64) // draws it again on a new page
	rule func(p *sheet, y float64) // ends the table on a page
}

// set sets the document.
func (s *setter) set() {
	s.head()
	s.parent = -1
	if s.doc.To != "" && !s.toBelow {
		s.addressee()
	}
	s.blocks(s.doc.Body)
	s.annexNote()
	s.signature()
	for i, a := range s.doc.Annexes {
		s.annex(i, a)
	}
	s.paginate()
	s.pages.text = len(s.pages.pages)
	s.imprint()
	s.numbers()
}

// paginate puts the pieces on pages.
func (s *setter) paginate() {
	p := s.newSheet()
	y, origin := top, top
	turn := func() {
		p = s.newSheet()
		y, origin = top, top
	}
	for i := range s.flow {
		c := &s.flow[i]
		high := c.high
		if c.snap {
			high = math.Ceil((y+below-origin)/pitch)*pitch - (y - origin)
		}
		full := y+s.chain(i) > top+textHeight+slack
		if (c.fresh || full) && y > top {
			c.turned = c.fresh || y+high <= top+textHeight+slack
			if i > 0 && c.rows != nil && s.flow[i-1].rows == c.rows {
				c.rows.rule(p, y)
				turn()
				c.rows.head(p, y)
				y += c.rows.high
			} else {
				turn()
			}
		}
		c.page, c.stood = len(s.pages.pages), high
		if (c.gap || c.snap) && y == top {
			c.gone = true
			continue
		}
		if c.mark != nil {
			c.mark(len(s.pages.pages)-1, y)
		}
		if c.draw != nil {
			c.draw(p, y)
		}
		s.shows = s.shows || c.text && len(s.pages.pages) == 1
		y += high
		if c.origin {
			origin = y
		}
	}
	s.pages.end = y
}

// chain is how high a piece is with those that must stay on its page; a chain
// longer than a page counts as its first piece.
func (s *setter) chain(i int) float64 {
	first := s.flow[i].high
	high := 0.0
	for ; i < len(s.flow); i++ {
		high += s.flow[i].high
		if !s.flow[i].hold {
			break
		}
	}
	if high > textHeight {
		return first
	}
	return high
}

func (s *setter) newSheet() *sheet {
	p := &sheet{number: len(s.pages.pages) + 1, left: binding}
	if s.doc.Form != Plain && p.number%2 == 0 {
		p.left = pageWidth - binding - textWidth // bound at the left edge, printed on both sides
	}
	s.pages.pages = append(s.pages.pages, p)
	return p
}

// text is the style of the text: 三号仿宋 on the grid (5.2.2).
func text(face font.Face) style { return style{face: face, size: three, grid: true} }

// lineAt writes a line whose upper edge is y.
func (p *sheet) lineAt(y float64, part int, x float64, all []glyph) {
	if len(all) == 0 {
		return
	}
	p.texts = append(p.texts, run{x: x, y: y + drop + rise*all[0].size*point, glyphs: all, part: part})
}

// below is the least that stays empty below a table.
const below = 1.5 // mm

// drop is how far below the upper edge of its line a character begins.
const drop = 0.9

// gap leaves lines empty.
func (s *setter) gap(lines float64) {
	s.flow = append(s.flow, piece{high: lines * pitch, gap: true})
	s.leaf(leaf{}, 1)
}

// lines sets lines of text, each one line of the grid high.
func (s *setter) lines(tag, style string, all []line, hold bool) {
	n := s.add(tag)
	for _, l := range all {
		s.flow = append(s.flow, piece{high: pitch, text: true, hold: hold, draw: func(p *sheet, y float64) {
			p.lineAt(y, n, p.left+l.indent, l.glyphs)
		}})
	}
	s.leaf(leaf{style: style, lines: all}, len(all))
}

// centred sets lines in the middle.
func (s *setter) centred(tag, style string, all [][]glyph, hold bool) {
	n := s.add(tag)
	lines := make([]line, len(all))
	for i, g := range all {
		lines[i].glyphs = g
		s.flow = append(s.flow, piece{high: pitch, hold: hold, draw: func(p *sheet, y float64) {
			p.lineAt(y, n, p.left+(textWidth-width(g))/2, g)
		}})
	}
	s.leaf(leaf{style: style, lines: lines, align: docx.Centre, broken: true}, len(all))
}

// blocks sets blocks one after another.
func (s *setter) blocks(all []Block) {
	for _, b := range all {
		switch b := b.(type) {
		case Heading:
			s.heading(b)
		case Paragraph:
			s.paragraph(b)
		case Table:
			s.table(b)
		case Facts:
			s.facts(b)
		case Blank:
			s.gap(1)
		case Break:
			s.flow = append(s.flow, piece{fresh: true})
			s.fresh = true
		}
	}
}

// headings are the faces of the four levels (7.3.3).
var headings = [4]font.Face{font.Hei, font.Kai, font.Fang, font.Fang}

func (s *setter) heading(h Heading) {
	level := min(max(h.Level, 1), 4)
	all := s.glyphs(h.Text, text(headings[level-1]))
	all = append(all, s.glyphs(h.Then, text(font.Fang))...)
	s.bookmark(level, h.Text)
	s.lines("H"+string(rune('0'+min(level+1, 6))), headingStyles[level-1], breakLines(all, textWidth, 2*cell, 0), h.Then == "")
}

// bookmark notes a line of the outline that leads to the next piece.
func (s *setter) bookmark(level int, title string) {
	s.flow = append(s.flow, piece{hold: true, mark: func(page int, y float64) {
		s.pages.outline = append(s.pages.outline, entry{level, page, title, y})
	}})
}

// paragraph sets a paragraph, and each line of a text of several as one.
func (s *setter) paragraph(b Paragraph) {
	if parts := splitLines(b.Text); len(parts) > 1 {
		for _, p := range parts {
			if strings.TrimSpace(p) != "" {
				b.Text = strings.TrimSpace(p)
				s.paragraph(b)
			}
		}
		return
	}
	all := s.glyphs(b.Text, text(font.Fang))
	if b.Centred {
		var lines [][]glyph
		for _, l := range breakLines(all, textWidth, 0, 0) {
			lines = append(lines, l.glyphs)
		}
		s.centred("P", textStyle, lines, b.Hold)
		return
	}
	indent, style := 2*cell, bodyStyle
	if b.Flush {
		indent, style = 0, textStyle
	}
	s.lines("P", style, breakLines(all, textWidth, indent, 0), b.Hold)
}
