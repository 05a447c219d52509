package artwork

import (
	"strings"
	"time"

	"shifan/internal/paper/pdf"
)

const (
	point = 25.4 / 72 // mm in a point
	slip  = 12.0      // paper around the trim, mm: for the bleed, the marks and the slug
	mark  = 6.0       // how long a crop mark is, mm
	hair  = 0.1       // how thick, mm
)

// PDF writes the drawing down, at true size. author is who issues it; at is the instant
// that the file says it was made, in the programme's zone.
func (d *Drawing) PDF(author string, at time.Time) ([]byte, error) {
	f := pdf.New(pdf.Info{Title: d.title, Author: author, Created: at})
	around := 0.0
	if d.cut {
		around = slip
	}
	wide, high := (d.Width+2*around)/point, (d.Height+2*around)/point
	page := f.Page(wide, high)
	w := &sheet{page: page, around: around, high: d.Height + 2*around}
	if d.cut {
		in := func(by float64) [4]float64 {
			return [4]float64{by / point, by / point, wide - by/point, high - by/point}
		}
		page.Cut(in(around), in(around-Bleed))
	}
	var figure *pdf.Element
	if !d.real {
		figure = f.Root.Add("Figure")
		figure.Alt(strings.Join(d.Words, "\n"))
	}
	page.Begin(figure)
	if d.ground != nil {
		w.box(box{-Bleed, -Bleed, d.Width + 2*Bleed, d.Height + 2*Bleed, *d.ground})
	}
	for _, b := range d.boxes {
		w.box(b)
	}
	w.code(d.code)
	if !d.real {
		if err := w.outlines(d.runs); err != nil {
			return nil, err
		}
	}
	page.End()
	if d.real {
		w.text(f.Root, d)
	}
	if d.cut {
		if err := w.marks(d); err != nil {
			return nil, err
		}
	}
	return f.Bytes()
}

// sheet writes what is measured in mm from the upper left corner of the trim.
type sheet struct {
	page         *pdf.Page
	around, high float64
}

func (w *sheet) x(x float64) float64 { return (x + w.around) / point }
func (w *sheet) y(y float64) float64 { return (w.high - w.around - y) / point }

func (w *sheet) box(b box) {
	var p pdf.Path
	w.rectangle(&p, b)
	w.page.Fill(&p, b.ink)
}

func (w *sheet) rectangle(p *pdf.Path, b box) {
	p.Move(w.x(b.x), w.y(b.y))
	p.Line(w.x(b.x+b.wide), w.y(b.y))
	p.Line(w.x(b.x+b.wide), w.y(b.y+b.high))
	p.Line(w.x(b.x), w.y(b.y+b.high))
	p.Close()
}

// each gives the dark modules of a code, those side by side as one.
func (c *code) each(draw func(box)) {
	step := c.side / float64(len(c.dark))
	for i, row := range c.dark {
		for j := 0; j < len(row); {
			n := 0
			for j+n < len(row) && row[j+n] {
				n++
			}
			if n > 0 {
				draw(box{c.x + float64(j)*step, c.y + float64(i)*step, float64(n) * step, step, black})
			}
			j += n + 1
		}
	}
}

func (w *sheet) code(c *code) {
	if c == nil {
		return
	}
	var p pdf.Path
	c.each(func(b box) { w.rectangle(&p, b) })
	w.page.Fill(&p, black)
}

// outlines fills the characters of runs.
func (w *sheet) outlines(all []run) error {
	for _, r := range all {
		var p pdf.Path
		if err := r.trace(&outliner{sheet: w, path: &p}); err != nil {
			return err
		}
		w.page.Fill(&p, r.ink)
	}
	return nil
}

// outliner draws characters as shapes of a PDF, whose curves have two control points.
type outliner struct {
	*sheet
	path *pdf.Path
	a, b float64 // where it is
}

func (o *outliner) move(x, y float64) {
	o.a, o.b = o.x(x), o.y(y)
	o.path.Move(o.a, o.b)
}

func (o *outliner) line(x, y float64) {
	o.a, o.b = o.x(x), o.y(y)
	o.path.Line(o.a, o.b)
}

func (o *outliner) bend(cx, cy, x, y float64) {
	cx, cy, x, y = o.x(cx), o.y(cy), o.x(x), o.y(y)
	o.path.Curve(o.a+(cx-o.a)*2/3, o.b+(cy-o.b)*2/3, x+(cx-x)*2/3, y+(cy-y)*2/3, x, y)
	o.a, o.b = x, y
}

func (o *outliner) close() { o.path.Close() }

// text writes runs as text that a machine reads, and says what the code is.
func (w *sheet) text(root *pdf.Element, d *Drawing) {
	for _, r := range d.runs {
		w.page.Begin(root.Add(r.tag))
		c := rgb(r.ink)
		colour := pdf.Colour{float64(c.R) / 255, float64(c.G) / 255, float64(c.B) / 255}
		x := r.x
		for from := 0; from < len(r.signs); {
			var glyphs []pdf.Glyph
			wide, to := 0.0, from
			for ; to < len(r.signs) && r.signs[to].font == r.signs[from].font; to++ {
				glyphs = append(glyphs, pdf.Glyph{Rune: r.signs[to].r, Advance: r.signs[to].wide / point})
				wide += r.signs[to].wide
			}
			w.page.Text(r.signs[from].font, r.size/point, w.x(x), w.y(r.y), colour, glyphs)
			x, from = x+wide, to
		}
		w.page.End()
	}
	for _, r := range d.rings {
		w.page.Begin(nil)
		w.page.Circle(w.x(r.x), w.y(r.y), r.radius/point, 0.5, pdf.Colour{0.72, 0.72, 0.72})
		w.page.End()
	}
}

// marks draws where to cut, outside the bleed, and says beside it what this is.
func (w *sheet) marks(d *Drawing) error {
	w.page.Begin(nil)
	defer w.page.End()
	for _, x := range []float64{0, d.Width} {
		w.box(box{x - hair/2, -Bleed - mark, hair, mark, every})
		w.box(box{x - hair/2, d.Height + Bleed, hair, mark, every})
	}
	for _, y := range []float64{0, d.Height} {
		w.box(box{-Bleed - mark, y - hair/2, mark, hair, every})
		w.box(box{d.Width + Bleed, y - hair/2, mark, hair, every})
	}
	s, err := newSetter(&Drawing{Width: d.Width, Height: d.Height})
	if err != nil {
		return err
	}
	s.set(d.slug, place{what: "说明", x: 4, y: d.Height + Bleed + 2, wide: d.Width - 8, high: 4, face: slugFace, most: 3, least: 1, leading: 1.2, ink: black, left: true})
	slug, err := s.done()
	if err != nil {
		return err
	}
	return w.outlines(slug.runs)
}
