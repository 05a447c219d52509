package artwork

import (
	"image/color"

	"shifan/internal/paper/font"
	"shifan/internal/paper/pdf"
)

// Bleed is how far a printed ground goes beyond the cut, in mm.
const Bleed = 3.0

// The inks of both drawings. Black is black alone, so that a small character is sharp.
var (
	black = pdf.Ink{0, 0, 0, 1}
	red   = pdf.Ink{0.16, 1, 0.94, 0.10}
	white = pdf.Ink{}
	every = pdf.Ink{1, 1, 1, 1} // of marks that every plate shows
)

// Drawing is a sheet with what lies on it, in mm from its upper left corner, to the trim.
type Drawing struct {
	Width, Height float64
	Words         []string // what it says, in reading order
	title         string
	slug          string // beside the cut, for the workshop
	cut           bool   // it is cut: with a bleed and marks
	real          bool   // characters as text of embedded fonts, not as outlines
	ground        *pdf.Ink
	boxes         []box
	rings         []ring
	runs          []run
	code          *code
}

// box is a filled rectangle.
type box struct {
	x, y, wide, high float64
	ink              pdf.Ink
}

// ring is a dashed circle: where a seal goes.
type ring struct{ x, y, radius float64 }

// run is characters on a line.
type run struct {
	x, y  float64 // where the first begins, and the line that they stand on
	size  float64 // of an em, mm
	ink   pdf.Ink
	signs []sign
	tag   string // in the structure of a file with real text: H1 or P
}

type sign struct {
	r    rune
	font *font.Font
	wide float64 // mm
}

// code is a QR code.
type code struct {
	x, y, side float64
	dark       [][]bool
	text       string
	alt        string
}

// frame draws a rectangle of four lines.
func (d *Drawing) frame(inset, line float64, ink pdf.Ink) {
	w, h := d.Width-2*inset, d.Height-2*inset
	d.boxes = append(d.boxes,
		box{inset, inset, w, line, ink}, box{inset, d.Height - inset - line, w, line, ink},
		box{inset, inset + line, line, h - 2*line, ink}, box{d.Width - inset - line, inset + line, line, h - 2*line, ink})
}

// rgb is an ink as a screen shows it.
func rgb(i pdf.Ink) color.RGBA {
	v := func(n int) uint8 { return uint8(255*(1-i[n])*(1-i[3]) + 0.5) }
	return color.RGBA{v(0), v(1), v(2), 255}
}

// pen draws the outlines of characters; a curve has one control point.
type pen interface {
	move(x, y float64)
	line(x, y float64)
	bend(cx, cy, x, y float64)
	close()
}

// trace draws a run's characters with a pen.
func (r run) trace(p pen) error {
	x := r.x
	for _, s := range r.signs {
		g, ok := s.font.Glyph(s.r)
		if !ok {
			x += s.wide
			continue
		}
		o, err := s.font.Outline(g)
		if err != nil {
			return err
		}
		scale := r.size / float64(s.font.Em)
		for _, contour := range o {
			follow(p, contour, func(q font.Point) (float64, float64) { return x + q.X*scale, r.y - q.Y*scale })
		}
		x += s.wide
	}
	return nil
}

// follow draws a contour: two points off the curve in a row have one on it between them.
func follow(p pen, contour []font.Point, at func(font.Point) (float64, float64)) {
	n := len(contour)
	if n < 2 {
		return
	}
	middle := func(a, b font.Point) font.Point { return font.Point{X: (a.X + b.X) / 2, Y: (a.Y + b.Y) / 2, On: true} }
	first := contour[0]
	rest := contour[1:]
	if !first.On {
		if last := contour[n-1]; last.On {
			first, rest = last, contour[:n-1]
		} else {
			first, rest = middle(first, last), contour
		}
	}
	p.move(at(first))
	for i := 0; i < len(rest); i++ {
		if rest[i].On {
			p.line(at(rest[i]))
			continue
		}
		cx, cy := at(rest[i])
		next := first
		switch {
		case i+1 < len(rest) && rest[i+1].On:
			next = rest[i+1]
			i++
		case i+1 < len(rest):
			next = middle(rest[i], rest[i+1])
		}
		x, y := at(next)
		p.bend(cx, cy, x, y)
	}
	p.close()
}
