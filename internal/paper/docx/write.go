package docx

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"encoding/xml"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
)

const (
	spaces = `xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"` +
		` xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"` +
		` xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"`
	declared = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"
	related  = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	packaged = "http://schemas.openxmlformats.org/package/2006"
	media    = "application/vnd.openxmlformats-officedocument.wordprocessingml."
)

// escape writes text for XML; characters that XML cannot hold are left out.
func escape(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' && r != '\t' || r == 0xfffe || r == 0xffff {
			return -1
		}
		return r
	}, s)
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s)) //nolint:errcheck // to memory
	return b.String()
}

// Style adds a style.
func (f *File) Style(s Style) { f.styles = append(f.styles, s) }

// Add adds a paragraph to the text.
func (f *File) Add(p Paragraph) { f.paragraph(&f.body, p, "") }

// AddTable adds a table to the text.
func (f *File) AddTable(t Table) { f.table(&f.body, t) }

// EndSection ends a section with a paragraph; what follows begins a page.
func (f *File) EndSection(p Paragraph, s Section) { f.paragraph(&f.body, p, f.section(s)) }

// Bytes ends the file with its last section and returns it.
func (f *File) Bytes(last Section) ([]byte, error) {
	end := f.section(last)
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	z.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) { return flate.NewWriter(w, flate.BestSpeed) })
	types := `<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>` +
		`<Override PartName="/word/document.xml" ContentType="` + media + `document.main+xml"/><Override PartName="/word/styles.xml" ContentType="` + media + `styles+xml"/>` +
		`<Override PartName="/word/settings.xml" ContentType="` + media + `settings+xml"/><Override PartName="/word/fontTable.xml" ContentType="` + media + `fontTable+xml"/>` +
		`<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>`
	links := relation(1, "styles", "styles.xml") + relation(2, "settings", "settings.xml") + relation(3, "fontTable", "fontTable.xml")
	for i, p := range f.parts {
		types += `<Override PartName="/word/` + p.name + `" ContentType="` + media + p.kind + `+xml"/>`
		links += relation(i+4, p.kind, p.name)
	}
	parts := [][2]string{
		{"[Content_Types].xml", `<Types xmlns="` + packaged + `/content-types">` + types + `</Types>`},
		{"_rels/.rels", `<Relationships xmlns="` + packaged + `/relationships">` + relation(1, "officeDocument", "word/document.xml") +
			`<Relationship Id="rId2" Type="` + packaged + `/relationships/metadata/core-properties" Target="docProps/core.xml"/></Relationships>`},
		{"docProps/core.xml", f.core()},
		{"word/_rels/document.xml.rels", `<Relationships xmlns="` + packaged + `/relationships">` + links + `</Relationships>`},
		{"word/styles.xml", f.styleSheet()},
		{"word/settings.xml", f.settings()},
		{"word/fontTable.xml", f.fontTable()},
	}
	for _, p := range f.parts {
		parts = append(parts, [2]string{"word/" + p.name, p.content})
	}
	parts = append(parts, [2]string{"word/document.xml", `<w:document ` + spaces + `><w:body>` + f.body.String() + end + `</w:body></w:document>`})
	for _, p := range parts {
		h := &zip.FileHeader{Name: p[0], Method: zip.Deflate}
		h.Modified = time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC) // the first day that a zip can say
		w, err := z.CreateHeader(h)
		if err != nil {
			return nil, err
		}
		if _, err := io.WriteString(w, declared+p[1]); err != nil {
			return nil, err
		}
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

func relation(n int, kind, to string) string {
	return fmt.Sprintf(`<Relationship Id="rId%d" Type="%s/%s" Target="%s"/>`, n, related, kind, to)
}

func (f *File) core() string {
	at := f.info.Created.UTC().Format(time.RFC3339)
	return `<cp:coreProperties xmlns:cp="` + packaged + `/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">` +
		`<dc:title>` + escape(f.info.Title) + `</dc:title><dc:subject>` + escape(f.info.Subject) + `</dc:subject><dc:creator>` + escape(f.info.Author) + `</dc:creator><dc:language>zh-CN</dc:language>` +
		`<dcterms:created xsi:type="dcterms:W3CDTF">` + at + `</dcterms:created><dcterms:modified xsi:type="dcterms:W3CDTF">` + at + `</dcterms:modified></cp:coreProperties>`
}

func (f *File) settings() string {
	s := `<w:settings ` + spaces + `>`
	if f.mirrors {
		s += `<w:mirrorMargins/>`
	}
	s += `<w:defaultTabStop w:val="420"/>`
	if f.facing {
		s += `<w:evenAndOddHeaders/>`
	}
	return s + `<w:characterSpacingControl w:val="doNotCompress"/>` +
		`<w:noLineBreaksAfter w:lang="zh-CN" w:val="` + escape(notLast) + `"/><w:noLineBreaksBefore w:lang="zh-CN" w:val="` + escape(notFirst) + `"/>` +
		`<w:compat><w:spaceForUL/><w:balanceSingleByteDoubleByteWidth/><w:doNotLeaveBackslashAlone/><w:ulTrailSpace/><w:doNotExpandShiftReturn/><w:adjustLineHeightInTable/><w:useFELayout/>` +
		`<w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat><w:themeFontLang w:val="en-US" w:eastAsia="zh-CN"/></w:settings>`
}

// What may not stand at the end of a line, and at its beginning.
const (
	notLast  = `$([{£¥·‘“〈《「『【〔〖〝﹙﹛﹝＄（．［｛￡￥№`
	notFirst = `!%),.:;>?]}¢¨°·ˇˉ―‖’”…‰′″›℃∶、。〃〉》」』】〕〗〞︶︺︾﹀﹄﹚﹜﹞！＂％＇），．：；？］｀｜｝～￠—`
)

// fontTable says of which kind the fonts are, so that a machine that has not got them
// takes others like them.
func (f *File) fontTable() string {
	var b strings.Builder
	b.WriteString(`<w:fonts ` + spaces + `>`)
	seen := map[string]bool{}
	for _, s := range f.styles {
		if s.Font != "" && !seen[s.Font] {
			seen[s.Font] = true
			b.WriteString(`<w:font w:name="` + escape(s.Font) + `"><w:charset w:val="86"/><w:family w:val="auto"/><w:pitch w:val="variable"/></w:font>`)
		}
	}
	return b.String() + `</w:fonts>`
}

func (f *File) styleSheet() string {
	var b strings.Builder
	base := f.styles[0]
	b.WriteString(`<w:styles ` + spaces + `><w:docDefaults><w:rPrDefault><w:rPr>` + fonts(base.Font) + half(base.Size) +
		`<w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/></w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults>`)
	for i, s := range f.styles {
		first, based, next := "", `<w:basedOn w:val="`+base.ID+`"/>`, ""
		if i == 0 {
			first, based = ` w:default="1"`, ""
		}
		if s.Next != "" {
			next = `<w:next w:val="` + s.Next + `"/>`
		}
		format := s.Format.xml("", s.Outline)
		if i == 0 { // lines end where the grid says: no mark hangs, nothing is set apart by itself
			format = strings.Replace(format, "<w:pPr>", `<w:pPr><w:widowControl w:val="0"/><w:kinsoku/><w:overflowPunct w:val="0"/><w:autoSpaceDE w:val="0"/><w:autoSpaceDN w:val="0"/>`, 1)
		}
		fmt.Fprintf(&b, `<w:style w:type="paragraph"%s w:styleId="%s"><w:name w:val="%s"/>%s%s<w:qFormat/>%s%s</w:style>`, first, s.ID, escape(s.Name), based, next, format,
			Run{Font: s.Font, Size: s.Size, Spacing: s.Spacing, Tight: s.Tight}.dress(s.Colour))
	}
	b.WriteString(`<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/></w:tblPr></w:style></w:styles>`)
	return b.String()
}

func fonts(name string) string {
	if name == "" {
		return ""
	}
	n := escape(name)
	return `<w:rFonts w:ascii="` + n + `" w:hAnsi="` + n + `" w:eastAsia="` + n + `" w:cs="` + n + `"/>`
}

// half writes a size in half points.
func half(size float64) string {
	if size == 0 {
		return ""
	}
	n := strconv.Itoa(int(size*2 + 0.5))
	return `<w:sz w:val="` + n + `"/><w:szCs w:val="` + n + `"/>`
}

// dress is what a run looks like, in the order of the schema.
func (r Run) dress(colour string) string {
	s := fonts(r.Font)
	if colour != "" {
		s += `<w:color w:val="` + colour + `"/>`
	}
	if r.Spacing != 0 || r.Tight {
		s += `<w:spacing w:val="` + strconv.Itoa(r.Spacing) + `"/>`
	}
	s += half(r.Size)
	if s == "" {
		return ""
	}
	return `<w:rPr>` + s + `</w:rPr>`
}

func (r Run) xml() string {
	s := `<w:r>` + r.dress("")
	if r.Break {
		s += `<w:br/>`
	}
	if r.Tab {
		s += `<w:tab/>`
	}
	if r.Text != "" {
		s += `<w:t xml:space="preserve">` + escape(r.Text) + `</w:t>`
	}
	s += `</w:r>`
	if r.Field != "" {
		dress := r.dress("")
		s += `<w:r>` + dress + `<w:fldChar w:fldCharType="begin"/></w:r><w:r>` + dress + `<w:instrText xml:space="preserve"> ` + r.Field + ` </w:instrText></w:r><w:r>` + dress +
			`<w:fldChar w:fldCharType="separate"/></w:r><w:r>` + dress + `<w:t>1</w:t></w:r><w:r>` + dress + `<w:fldChar w:fldCharType="end"/></w:r>`
	}
	return s
}

func (r *Rule) xml(edge string) string {
	if r == nil {
		return ""
	}
	colour := r.Colour
	if colour == "" {
		colour = "000000"
	}
	return fmt.Sprintf(`<w:%s w:val="%s" w:sz="%d" w:space="%d" w:color="%s"/>`, edge, r.Kind, r.Size, r.Space, colour)
}

// xml writes a format in the order of the schema, with the style it is of.
func (f Format) xml(style string, outline int) string {
	var b strings.Builder
	on := func(when bool, s string) {
		if when {
			b.WriteString(s)
		}
	}
	on(style != "", `<w:pStyle w:val="`+style+`"/>`)
	on(f.KeepNext, `<w:keepNext/>`)
	on(f.BreakBefore, `<w:pageBreakBefore/>`)
	on(f.RuleAbove != nil || f.Rule != nil, `<w:pBdr>`+f.RuleAbove.xml("top")+f.Rule.xml("bottom")+`</w:pBdr>`)
	on(f.End != 0, fmt.Sprintf(`<w:tabs><w:tab w:val="right" w:pos="%d"/></w:tabs>`, f.End))
	on(f.Line != 0, `<w:snapToGrid w:val="0"/>`)
	if f.Before != 0 || f.After != 0 || f.Line != 0 {
		b.WriteString(`<w:spacing`)
		on(f.Before != 0, fmt.Sprintf(` w:before="%d"`, f.Before))
		on(f.After != 0, fmt.Sprintf(` w:after="%d"`, f.After))
		on(f.Line != 0, fmt.Sprintf(` w:line="%d" w:lineRule="exact"`, f.Line))
		b.WriteString(`/>`)
	}
	if f.Left != 0 || f.Right != 0 || f.First != 0 || f.NoFirst {
		fmt.Fprintf(&b, `<w:ind w:left="%d" w:right="%d"`, f.Left, f.Right)
		if f.First < 0 {
			fmt.Fprintf(&b, ` w:hanging="%d"/>`, -f.First)
		} else {
			fmt.Fprintf(&b, ` w:firstLine="%d"/>`, f.First)
		}
	}
	on(f.Align != "", `<w:jc w:val="`+string(f.Align)+`"/>`)
	on(f.Top, `<w:textAlignment w:val="top"/>`)
	on(f.Baseline, `<w:textAlignment w:val="baseline"/>`)
	on(outline > 0, fmt.Sprintf(`<w:outlineLvl w:val="%d"/>`, outline-1))
	if b.Len() == 0 {
		return ""
	}
	return `<w:pPr>` + b.String() + `</w:pPr>`
}
