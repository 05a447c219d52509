package paper

import (
	"strconv"

	"shifan/internal/paper/font"
)

// annexNote names the annexes one line below the text, two characters in, without
// a mark at the end; a long title hangs (7.3.4).
func (s *setter) annexNote() {
	if len(s.doc.Annexes) == 0 {
		return
	}
	s.gap(1)
	st := text(font.Fang)
	label := s.glyphs("附件：", st)
	indent := 2*cell + width(label)
	for i, a := range s.doc.Annexes {
		var number []glyph
		if len(s.doc.Annexes) > 1 {
			number = s.glyphs(strconv.Itoa(i+1)+".", st)
		}
		all, first := append(number, s.glyphs(a.Title, st)...), indent
		if i == 0 {
			all, first = append(label[:len(label):len(label)], all...), 2*cell
		}
		s.lines("P", textStyle, breakLines(all, textWidth, first, indent+width(number)), false)
	}
}

// together keeps the signature on a page with the last two lines of the text and
// all that stands between (7.3.5; 此页无正文 is no way out).
func (s *setter) together() {
	seen := 0
	for i := len(s.flow) - 1; i >= 0 && seen < 2; i-- {
		if s.flow[i].fresh {
			return
		}
		s.flow[i].hold = true
		if s.flow[i].text || s.flow[i].rows != nil {
			seen++
		}
	}
}

const seal = 42.0 // mm, the diameter of an office's seal

// signature sets who signs and when. With a seal the date stands four characters
// from the right, the name in the middle over it, and the seal's upper edge within
// a line of the text (7.3.5.1); without, the name two characters from the right
// and the date below, two characters further in than the name (7.3.5.2).
func (s *setter) signature() {
	if len(s.doc.Signers) == 0 && s.doc.Date.IsZero() && !s.doc.Undated {
		return
	}
	s.together()
	st := text(font.Fang)
	when := s.doc.Date.Chinese()
	if when == "" && s.doc.Undated {
		when = "　　年　月　日"
	}
	date := s.glyphs(when, st)
	var names [][]glyph
	widest := 0.0
	for _, who := range s.doc.Signers {
		g := s.glyphs(who, st)
		names, widest = append(names, g), max(widest, width(g))
	}
	lines := 1.0
	if s.doc.Seal {
		lines = 2
	}
	s.gap2(lines)
	var nameX, dateX func(w float64) float64
	right := textWidth - 2*cell
	if s.doc.Seal {
		dateX = func(w float64) float64 { return min(textWidth-4*cell-w, textWidth-(widest+w)/2) }
		nameX = func(w float64) float64 { return dateX(width(date)) + (width(date)-w)/2 }
	} else {
		start := min(right-widest, right-width(date)-2*cell)
		if width(date)+2*cell <= widest {
			start = right - widest
		}
		nameX = func(float64) float64 { return start }
		dateX = func(float64) float64 { return start + 2*cell }
	}
	n := s.add("P")
	for i, g := range names {
		s.flow = append(s.flow, piece{high: pitch, hold: true, draw: func(p *sheet, y float64) {
			x := p.left + nameX(width(g))
			p.lineAt(y, n, x, g)
			if s.doc.Seal && i == 0 {
				p.circles = append(p.circles, circle{x + width(g)/2, y + pitch, seal / 2})
			}
		}})
		s.leaf(leaf{style: signerStyle, lines: []line{{glyphs: g, indent: nameX(width(g))}}, over: s.doc.Seal, sealed: s.doc.Seal && i == 0}, 1)
	}
	note := s.note()
	s.flow = append(s.flow, piece{high: pitch, hold: note != nil, draw: func(p *sheet, y float64) {
		p.lineAt(y, n, p.left+dateX(width(date)), date)
	}})
	s.leaf(leaf{style: signerStyle, lines: []line{{glyphs: date, indent: dateX(width(date))}}, right: s.doc.Seal}, 1)
	if note != nil {
		s.lines("P", textStyle, note, true)
		s.flow[len(s.flow)-1].hold = false
	}
}

// note is the 附注, in brackets two characters in (7.3.6).
func (s *setter) note() []line {
	if s.doc.Note == "" {
		return nil
	}
	return breakLines(s.glyphs("（"+s.doc.Note+"）", text(font.Fang)), textWidth, 2*cell, 0)
}

// annex sets an annex on a page of its own: its word in 黑体 on the first line, its
// title in the middle of the third (7.3.7).
func (s *setter) annex(i int, a Annex) {
	word := "附件"
	if len(s.doc.Annexes) > 1 {
		word += strconv.Itoa(i + 1)
	}
	s.flow = append(s.flow, piece{fresh: true, hold: true})
	s.fresh = true
	s.bookmark(1, word+"　"+a.Title)
	s.lines("P", annexStyle, breakLines(s.glyphs(word, text(font.Hei)), textWidth, 0, 0), true)
	s.gap2(1)
	s.centred("H2", annexTitleStyle, s.title(a.Title, style{face: font.Title, size: two}, textWidth-2*cell), true)
	s.gap2(1)
	s.blocks(a.Body)
}

const (
	imprintLine = 8.0  // mm, a line of the imprint
	footGap     = 4.0  // mm below the text, before what every page says
	footCode    = 20.0 // mm, the side of its code
	footPitch   = smallFive * point * 1.45
)

// imprint is the 版记 as it was set, so many mm below the text of its page.
type imprint struct {
	blocks [][]line
	by, on []glyph
	below  float64
}

// imprint sets the 版记 at the foot of the last page of an even number of pages
// (7.4): the last rule is the lower edge of the text.
func (s *setter) imprint() {
	m := s.doc.Imprint
	if m == nil {
		return
	}
	st := style{face: font.Fang, size: four}
	em := four * point
	var blocks [][]line
	named := func(label, words string) {
		l := s.glyphs(label, st)
		blocks = append(blocks, breakLines(append(l, s.glyphs(words, st)...), textWidth-em, em, em+width(l)))
	}
	if s.toBelow {
		named("主送：", s.doc.To+"。")
	}
	if m.Copies != "" {
		named("抄送：", m.Copies+"。")
	}
	by, on := s.glyphs(m.PrintedBy, st), s.glyphs(m.PrintedOn.Chinese()+"印发", st)
	s.below = imprint{blocks: blocks, by: by, on: on}
	high := imprintLine
	for _, b := range blocks {
		high += float64(len(b)) * imprintLine
	}
	if s.pages.end+high > top+textHeight {
		s.newSheet().number = -1 // a page of the imprint alone has no number
	}
	if len(s.pages.pages)%2 == 1 {
		s.pages.pages[len(s.pages.pages)-1].number = max(s.pages.pages[len(s.pages.pages)-1].number, -1)
		s.newSheet().number = -1
	}
	p := s.pages.pages[len(s.pages.pages)-1]
	if len(s.pages.pages)%2 == 0 {
		p.left = pageWidth - binding - textWidth
	}
	n := s.add("P")
	y := top + textHeight - high
	s.below.below = y - s.pages.end
	if len(s.pages.pages) > s.pages.text {
		s.below.below = y - top
	}
	rule := func(y, high float64) {
		p.boxes = append(p.boxes, box{p.left, y - high/2, textWidth, high, [3]float64{}})
	}
	row := func(y, x float64, g []glyph) {
		if len(g) > 0 {
			p.texts = append(p.texts, run{x: p.left + x, y: y + (imprintLine-em)/2 + rise*em, glyphs: g, part: n})
		}
	}
	rule(y, thick)
	for i, b := range blocks {
		if i > 0 {
			rule(y, thin)
		}
		for _, l := range b {
			row(y, l.indent, l.glyphs)
			y += imprintLine
		}
	}
	if len(blocks) > 0 {
		rule(y, thin)
	}
	row(y, em, by)
	row(y, textWidth-em-width(on), on)
	rule(y+imprintLine, thick)
}

// numbers sets the number of each page between dashes, 7 mm below the text: one
// character from the right on odd pages and from the left on even ones (7.5), and
// what the document says on every page.
func (s *setter) numbers() {
	st := style{face: font.Song, size: four}
	em := four * point
	const dash = 0.38 // of an em: how high the dash is drawn above the line of the type
	for i, p := range s.pages.pages {
		s.foot(p, i+1)
		if p.number <= 0 {
			continue
		}
		g := s.glyphs("— "+strconv.Itoa(p.number)+" —", st)
		x := p.left + textWidth - em - width(g)
		if p.number%2 == 0 && s.doc.Form != Plain {
			x = p.left + em
		}
		p.texts = append(p.texts, run{x: x, y: top + textHeight + noBelow + dash*em, glyphs: g, part: -1})
	}
}

func (s *setter) foot(p *sheet, page int) {
	f := s.doc.Foot
	if f == nil {
		return
	}
	y, x := top+textHeight+footGap, p.left
	if f.Code != nil {
		p.codes = append(p.codes, code{x, y, footCode, f.Code(page, len(s.pages.pages))})
		x += footCode + 3
	}
	em := smallFive * point
	for i, words := range f.Lines(page, len(s.pages.pages)) {
		g := s.glyphs(words, style{face: font.Song, size: smallFive})
		if len(g) > 0 {
			p.texts = append(p.texts, run{x: x, y: y + 1 + rise*em + float64(i)*footPitch, glyphs: g, part: -1})
		}
	}
}
