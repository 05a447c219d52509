package paper

import "shifan/internal/paper/font"

// Cells of tables: 小四, lines 1.4 ems apart, blank on every side.
const (
	cellSize = smallFour
	cellLead = cellSize * point * 1.42
	cellSide = 1.8 // mm, left and right of the text
	cellTop  = 1.3 // mm, above and below the text
	rowsMost = 12  // lines of a row that stay together

	raggedBelow = 60.0 // mm: in a narrower column lines are not stretched
)

// grid is the geometry of a table.
type grid struct {
	s     *setter
	left  []float64 // of each column, from the left edge of the text; the last is the right edge
	rows  *rows
	table int // the element
	from  int // the first piece
	all   []tableRow
}

// tableRow is a row as it was set.
type tableRow struct {
	cells []tableCell
	high  float64
	head  bool
	whole bool // stays together
}

func (s *setter) newGrid(shares []float64) *grid {
	whole := 0.0
	for _, w := range shares {
		whole += w
	}
	g := &grid{s: s, left: []float64{0}, rows: &rows{}, table: s.add("Table"), from: len(s.flow)}
	at := 0.0
	for _, w := range shares {
		at += w
		g.left = append(g.left, textWidth*at/whole)
	}
	g.rows.rule = func(p *sheet, y float64) { g.across(p, y) }
	g.rows.head = func(p *sheet, y float64) { g.across(p, y) }
	return g
}

// across draws a rule over the width of the table.
func (g *grid) across(p *sheet, y float64) {
	p.boxes = append(p.boxes, box{p.left - thin/2, y - thin/2, textWidth + thin, thin, [3]float64{}})
}

// down draws the rules between the columns beside a row.
func (g *grid) down(p *sheet, y, high float64) {
	for _, x := range g.left {
		p.boxes = append(p.boxes, box{p.left + x - thin/2, y, thin, high, [3]float64{}})
	}
}

// tableCell is what stands in a cell.
type tableCell struct {
	lines  []line
	centre bool
	part   int
}

func (g *grid) cell(column int, words string, st style, centre bool, tag string) tableCell {
	wide := g.left[column+1] - g.left[column] - 2*cellSide
	c := tableCell{centre: centre, part: g.s.add(tag)}
	for _, paragraph := range splitLines(words) {
		all := breakLines(g.s.glyphs(paragraph, st), wide, 0, 0)
		if wide < raggedBelow {
			for i := range all {
				all[i].glyphs = g.s.asWide(all[i].glyphs, st, wide)
			}
		}
		c.lines = append(c.lines, all...)
	}
	return c
}

// asWide gives characters their own widths again, where they were set apart to
// fill a line.
func (s *setter) asWide(all []glyph, st style, wide float64) []glyph {
	natural := make([]glyph, len(all))
	for i, g := range all {
		g.wide = g.font.Width(g.r) / 1000 * st.size * point
		natural[i] = g
	}
	if width(natural) > wide {
		return all
	}
	return natural
}

func splitLines(s string) (all []string) {
	from := 0
	for i, r := range s {
		if r == '\n' {
			all = append(all, s[from:i])
			from = i + 1
		}
	}
	return append(all, s[from:])
}

// slice draws some lines of the cells of a row.
func (g *grid) slice(p *sheet, y float64, cells []tableCell, from, to int, high float64) {
	g.down(p, y, high)
	for i, c := range cells {
		n := len(c.lines)
		at := y + cellTop
		if c.centre && n < to-from { // in the middle of a row that others make higher
			at = y + (high-float64(n)*cellLead)/2
		}
		for k := from; k < min(to, n); k++ {
			l := c.lines[k]
			if len(l.glyphs) == 0 {
				continue
			}
			x := g.left[i] + cellSide
			if c.centre {
				x = (g.left[i] + g.left[i+1] - width(l.glyphs)) / 2
			}
			base := at + float64(k-from)*cellLead + (cellLead-cellSize*point)/2 + rise*cellSize*point
			p.texts = append(p.texts, run{x: p.left + x, y: base, glyphs: l.glyphs, part: c.part})
		}
	}
}

// row adds a row; a high one may be parted between its lines.
func (g *grid) row(cells []tableCell) {
	most := 1
	for _, c := range cells {
		most = max(most, len(c.lines))
	}
	step := most
	if most > rowsMost {
		step = 4
	}
	g.all = append(g.all, tableRow{cells: cells, high: float64(most)*cellLead + 2*cellTop, whole: step == most})
	for from := 0; from < most; from += step {
		to := min(from+step, most)
		high := float64(to-from) * cellLead
		if from == 0 {
			high += cellTop
		}
		if to == most {
			high += cellTop
		}
		g.s.flow = append(g.s.flow, piece{high: high, rows: g.rows, text: true, draw: func(p *sheet, y float64) {
			at := y
			if from == 0 {
				g.across(p, y)
			} else {
				at -= cellTop
			}
			g.slice(p, at, cells, from, to, high)
		}})
	}
}

// end draws the last rule.
func (g *grid) end() {
	last := &g.s.flow[len(g.s.flow)-1]
	draw, high := last.draw, last.high
	last.draw = func(p *sheet, y float64) {
		draw(p, y)
		g.across(p, y+high)
	}
	g.s.leaf(leaf{table: g}, len(g.s.flow)-g.from)
	g.s.flow = append(g.s.flow, piece{snap: true})
	g.s.leaf(leaf{}, 1)
}

func (s *setter) table(t Table) {
	if len(t.Columns) == 0 {
		return
	}
	if t.Title != "" {
		s.centred("P", textStyle, [][]glyph{s.glyphs(t.Title, text(font.Hei))}, true)
	}
	shares := make([]float64, len(t.Columns))
	for i, c := range t.Columns {
		shares[i] = max(c.Width, 0.01)
	}
	g := s.newGrid(shares)
	above := s.parent
	s.parent = g.table
	headed := false
	var head []tableCell
	s.within("TR", func() {
		for i, c := range t.Columns {
			headed = headed || c.Head != ""
			head = append(head, g.cell(i, c.Head, style{face: font.Hei, size: cellSize}, true, "TH"))
		}
	})
	if headed {
		g.headed(head)
	}
	for _, r := range t.Rows {
		s.within("TR", func() {
			var cells []tableCell
			for i, c := range t.Columns {
				words := ""
				if i < len(r) {
					words = r[i]
				}
				cells = append(cells, g.cell(i, words, style{face: font.Fang, size: cellSize}, c.Centre, "TD"))
			}
			g.row(cells)
		})
	}
	if headed || len(t.Rows) > 0 {
		g.end()
	}
	s.parent = above
}

// headed adds the head, and draws it again wherever the table goes on.
func (g *grid) headed(head []tableCell) {
	g.row(head)
	g.all[0].head = true
	first := &g.s.flow[len(g.s.flow)-1]
	first.hold = true
	g.rows.high = first.high
	again := make([]tableCell, len(head))
	for i, c := range head {
		again[i] = c
		again[i].part = -1 // it is read once
	}
	most := 1
	for _, c := range head {
		most = max(most, len(c.lines))
	}
	g.rows.head = func(p *sheet, y float64) {
		g.across(p, y)
		g.slice(p, y, again, 0, most, g.rows.high)
	}
}

func (s *setter) facts(all Facts) {
	if len(all) == 0 {
		return
	}
	g := s.newGrid([]float64{4, 14})
	above := s.parent
	s.parent = g.table
	for _, f := range all {
		s.within("TR", func() {
			g.row([]tableCell{
				g.cell(0, f.Word, style{face: font.Hei, size: cellSize}, true, "TH"),
				g.cell(1, f.Value, style{face: font.Fang, size: cellSize}, false, "TD"),
			})
		})
	}
	g.end()
	s.parent = above
}
