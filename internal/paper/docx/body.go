package docx

import (
	"fmt"
	"strings"
)

// paragraph writes a paragraph; section, where it is not empty, ends one with it.
func (f *File) paragraph(b *strings.Builder, p Paragraph, section string) {
	format := p.Format.xml(p.Style, 0)
	if section != "" {
		format = strings.TrimSuffix(format, `</w:pPr>`)
		if format == "" {
			format = `<w:pPr>`
		}
		format += section + `</w:pPr>`
	}
	b.WriteString(`<w:p>` + format)
	if p.Circle != nil {
		b.WriteString(f.circle(*p.Circle))
	}
	for _, r := range p.Runs {
		b.WriteString(r.xml())
	}
	b.WriteString(`</w:p>`)
}

// circle draws a circle behind the text.
func (f *File) circle(c Circle) string {
	f.shapes++
	const emu = 635 // in a twip
	side := c.Diameter * emu
	return fmt.Sprintf(`<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wp:anchor distT="0" distB="0" distL="0" distR="0" simplePos="0" relativeHeight="%d" behindDoc="1" locked="0" layoutInCell="1" allowOverlap="1">`+
		`<wp:simplePos x="0" y="0"/><wp:positionH relativeFrom="column"><wp:posOffset>%d</wp:posOffset></wp:positionH><wp:positionV relativeFrom="paragraph"><wp:posOffset>%d</wp:posOffset></wp:positionV>`+
		`<wp:extent cx="%d" cy="%d"/><wp:effectExtent l="0" t="0" r="0" b="0"/><wp:wrapNone/><wp:docPr id="%d" name="%s" descr="%s"/><wp:cNvGraphicFramePr/>`+
		`<a:graphic><a:graphicData uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"><wps:wsp><wps:cNvSpPr/><wps:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="%d" cy="%d"/></a:xfrm>`+
		`<a:prstGeom prst="ellipse"><a:avLst/></a:prstGeom><a:noFill/><a:ln w="6350"><a:solidFill><a:srgbClr val="B8B8B8"/></a:solidFill><a:prstDash val="dash"/></a:ln></wps:spPr><wps:bodyPr/></wps:wsp></a:graphicData></a:graphic>`+
		`</wp:anchor></w:drawing></mc:Choice></mc:AlternateContent></w:r>`, f.shapes, c.X*emu, c.Y*emu, side, side, f.shapes, escape(c.About), escape(c.About), side, side)
}

func (f *File) table(b *strings.Builder, t Table) {
	wide := 0
	for _, w := range t.Widths {
		wide += w
	}
	b.WriteString(`<w:tbl><w:tblPr>`)
	fmt.Fprintf(b, `<w:tblW w:w="%d" w:type="dxa"/><w:tblInd w:w="0" w:type="dxa"/>`, wide)
	if t.Rule != (Rule{}) {
		b.WriteString(`<w:tblBorders>`)
		for _, edge := range []string{"top", "left", "bottom", "right", "insideH", "insideV"} {
			b.WriteString(t.Rule.xml(edge))
		}
		b.WriteString(`</w:tblBorders>`)
	}
	fmt.Fprintf(b, `<w:tblLayout w:type="fixed"/><w:tblCellMar><w:top w:w="0" w:type="dxa"/><w:left w:w="%d" w:type="dxa"/><w:bottom w:w="0" w:type="dxa"/><w:right w:w="%d" w:type="dxa"/></w:tblCellMar></w:tblPr><w:tblGrid>`, t.Side, t.Side)
	for _, w := range t.Widths {
		fmt.Fprintf(b, `<w:gridCol w:w="%d"/>`, w)
	}
	b.WriteString(`</w:tblGrid>`)
	for i, r := range t.Rows {
		b.WriteString(`<w:tr><w:trPr>`)
		if r.Whole {
			b.WriteString(`<w:cantSplit/>`)
		}
		if r.Height > 0 {
			fmt.Fprintf(b, `<w:trHeight w:val="%d" w:hRule="atLeast"/>`, r.Height)
		}
		if r.Head {
			b.WriteString(`<w:tblHeader/>`)
		}
		b.WriteString(`</w:trPr>`)
		for j, c := range r.Cells {
			fmt.Fprintf(b, `<w:tc><w:tcPr><w:tcW w:w="%d" w:type="dxa"/>`, t.Widths[j])
			if t.Rule == (Rule{}) {
				b.WriteString(`<w:tcBorders>` + r.Above.xml("top"))
				if i == len(t.Rows)-1 {
					b.WriteString(t.Last.xml("bottom"))
				}
				b.WriteString(`</w:tcBorders>`)
			}
			side := c.Side
			if side == 0 {
				side = t.Side
			}
			fmt.Fprintf(b, `<w:tcMar><w:top w:w="%d" w:type="dxa"/><w:left w:w="%d" w:type="dxa"/><w:bottom w:w="%d" w:type="dxa"/><w:right w:w="%d" w:type="dxa"/></w:tcMar>`, t.Above, side, t.Below, side)
			if c.Middle {
				b.WriteString(`<w:vAlign w:val="center"/>`)
			}
			b.WriteString(`</w:tcPr>`)
			if len(c.Text) == 0 {
				c.Text = []Paragraph{{}}
			}
			for _, p := range c.Text {
				f.paragraph(b, p, "")
			}
			b.WriteString(`</w:tc>`)
		}
		b.WriteString(`</w:tr>`)
	}
	b.WriteString(`</w:tbl>`)
}

// add keeps a head or a foot and returns its reference.
func (f *File) add(kind, use string, text []Paragraph) string {
	root := map[string]string{"header": "hdr", "footer": "ftr"}[kind]
	if len(text) == 0 {
		text = []Paragraph{{}}
	}
	var b strings.Builder
	b.WriteString(`<w:` + root + ` ` + spaces + `>`)
	for _, p := range text {
		f.paragraph(&b, p, "")
	}
	b.WriteString(`</w:` + root + `>`)
	content := b.String()
	n := -1
	for i, p := range f.parts {
		if p.kind == kind && p.content == content {
			n = i
		}
	}
	if n < 0 {
		n = len(f.parts)
		f.parts = append(f.parts, part{fmt.Sprintf("%s%d.xml", kind, n+1), kind, content})
	}
	return fmt.Sprintf(`<w:%sReference w:type="%s" r:id="rId%d"/>`, kind, use, n+4)
}

func (f *File) section(s Section) string {
	var b strings.Builder
	b.WriteString(`<w:sectPr>`)
	if s.First {
		b.WriteString(f.add("header", "first", s.Head))
		b.WriteString(f.add("footer", "first", s.FirstFoot))
	}
	b.WriteString(f.add("footer", "default", s.Odd))
	if f.facing {
		b.WriteString(f.add("footer", "even", s.Even))
	}
	fmt.Fprintf(&b, `<w:type w:val="nextPage"/><w:pgSz w:w="%d" w:h="%d"/><w:pgMar w:top="%d" w:right="%d" w:bottom="%d" w:left="%d" w:header="%d" w:footer="%d" w:gutter="0"/>`,
		s.Width, s.Height, s.Top, s.Right, s.Bottom, s.Left, s.Header, s.Footer)
	if s.First {
		b.WriteString(`<w:titlePg/>`)
	}
	fmt.Fprintf(&b, `<w:docGrid w:linePitch="%d"/></w:sectPr>`, s.Lines)
	return b.String()
}
