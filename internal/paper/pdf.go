package paper

import (
	"fmt"

	qrcode "github.com/skip2/go-qrcode"

	"shifan/internal/paper/pdf"
)

// PDF writes the pages down.
func (p *Pages) PDF() ([]byte, error) {
	f := pdf.New(pdf.Info{Title: plainTitle(p.doc), Author: p.doc.author(), Subject: p.doc.About, Created: p.doc.Created})
	elements := make([]*pdf.Element, len(p.parts))
	for i, e := range p.parts {
		above := f.Root
		if e.parent >= 0 {
			above = elements[e.parent]
		}
		elements[i] = above.Add(e.tag)
	}
	for i, s := range p.pages {
		page := f.Page(pageWidth/point, pageHeight/point)
		s.write(page, elements)
		if err := s.writeCodes(page); err != nil {
			return nil, err
		}
		for _, e := range p.outline {
			if e.page == i {
				f.Bookmark(e.level, e.title, up(e.y))
			}
		}
	}
	for _, a := range p.doc.Files {
		f.Attach(a.Name, a.Media, a.About, a.Content)
	}
	return f.Bytes()
}

// up turns a distance from the upper edge in mm into points from the lower edge.
func up(y float64) float64 { return (pageHeight - y) / point }

// write draws the lines and the text of a page, in the order in which it is read.
func (p *sheet) write(page *pdf.Page, elements []*pdf.Element) {
	page.Begin(nil)
	for _, b := range p.boxes {
		page.Box(b.x/point, up(b.y+b.high), b.wide/point, b.high/point, b.colour)
	}
	for _, c := range p.circles {
		page.Circle(c.x/point, up(c.y), c.radius/point, 0.5, pdf.Colour{0.72, 0.72, 0.72})
	}
	page.End()
	open := -2
	for _, t := range p.texts {
		if t.part != open {
			if open != -2 {
				page.End()
			}
			var e *pdf.Element
			if t.part >= 0 {
				e = elements[t.part]
			}
			page.Begin(e)
			open = t.part
		}
		t.write(page)
	}
	if open != -2 {
		page.End()
	}
}

// write draws a run, font by font.
func (t run) write(page *pdf.Page) {
	x := t.x
	for from := 0; from < len(t.glyphs); {
		first := t.glyphs[from]
		var all []pdf.Glyph
		w := 0.0
		to := from
		for ; to < len(t.glyphs) && t.glyphs[to].font == first.font && t.glyphs[to].size == first.size; to++ {
			all = append(all, pdf.Glyph{Rune: t.glyphs[to].r, Advance: t.glyphs[to].wide / point})
			w += t.glyphs[to].wide
		}
		page.Text(first.font, first.size, x/point, up(t.y), t.colour, all)
		x += w
		from = to
	}
}

func (p *sheet) writeCodes(page *pdf.Page) error {
	for _, c := range p.codes {
		q, err := qrcode.New(c.text, qrcode.Medium)
		if err != nil {
			return fmt.Errorf("code of %d characters: %w", len(c.text), err)
		}
		q.DisableBorder = true
		page.Begin(nil)
		page.Squares(c.x/point, up(c.y), c.side/point, q.Bitmap())
		page.End()
	}
	return nil
}

func (d *Document) author() string {
	if len(d.Signers) > 0 {
		return d.Signers[0]
	}
	return d.Issuer
}
