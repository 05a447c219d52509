package play

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"strings"
	"unicode/utf16"

	"shifan/internal/id"
	"shifan/internal/lifecycle/programme"
)

// linesMost is how many lines a page of an invented PDF has.
const linesMost = 30

// PDF returns an invented document: a heading and lines of text, on as many pages
// as they need. It names a font that readers bring along, so it is small.
func PDF(title string, lines ...string) []byte {
	pages := [][]string{}
	for all := append([]string{title, ""}, lines...); len(all) > 0; {
		n := min(len(all), linesMost)
		pages, all = append(pages, all[:n]), all[n:]
	}
	var kids strings.Builder
	objects := []string{
		"<< /Type /Catalog /Pages 2 0 R >>", "",
		"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [4 0 R] >>",
		"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 4 >> /DW 1000 /FontDescriptor 5 0 R >>",
		"<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880] /ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >>",
	}
	for _, page := range pages {
		var text strings.Builder
		text.WriteString("BT /F1 14 Tf 22 TL 72 760 Td\n")
		for _, l := range page {
			fmt.Fprintf(&text, "<%s> Tj T*\n", ucs2(l))
		}
		text.WriteString("ET")
		n := len(objects) + 1
		fmt.Fprintf(&kids, "%d 0 R ", n)
		objects = append(objects,
			fmt.Sprintf("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >> /Contents %d 0 R >>", n+1),
			fmt.Sprintf("<< /Length %d >>\nstream\n%s\nendstream", text.Len(), text.String()))
	}
	objects[1] = fmt.Sprintf("<< /Type /Pages /Kids [%s] /Count %d >>", strings.TrimSpace(kids.String()), len(pages))
	return written(objects)
}

// written writes the objects of a PDF, numbered from 1, with their table.
func written(objects []string) []byte {
	var b bytes.Buffer
	b.WriteString("%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
	at := make([]int, len(objects))
	for i, o := range objects {
		at[i] = b.Len()
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	table := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, n := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", n)
	}
	fmt.Fprintf(&b, "trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, table)
	return b.Bytes()
}

// ucs2 writes a text as the font's encoding has it.
func ucs2(s string) string {
	var b strings.Builder
	for _, u := range utf16.Encode([]rune(s)) {
		fmt.Fprintf(&b, "%04X", u)
	}
	return b.String()
}

// Photo returns an invented picture; another for each number.
func Photo(n int) []byte {
	m := image.NewRGBA(image.Rect(0, 0, 160, 120))
	for y := range 120 {
		for x := range 160 {
			m.Set(x, y, color.RGBA{uint8(x + n*37), uint8(y*2 + n*11), uint8(x ^ y), 255})
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		panic(err) // into memory
	}
	return b.Bytes()
}

// PlaquePhoto returns an invented photograph of a plaque on a wall; another for each number.
func PlaquePhoto(n int) []byte {
	m := image.NewRGBA(image.Rect(0, 0, 640, 480))
	gold, red := color.RGBA{205, 164, 60, 255}, color.RGBA{150, 20, 18, 255}
	for y := range 480 {
		for x := range 640 {
			shade := uint8(165 + (x*7+y*13+n)%23 + y/16) //nolint:gosec // below 256
			c := color.RGBA{shade, shade, shade - 12, 255}
			switch dx, dy := min(x-90, 549-x), min(y-70, 409-y); {
			case dx < 0 || dy < 0:
			case dx < 8 || dy < 8:
				c = gold
			case dy > 80 && dy < 120 && dx > 70, dy > 150 && dx > 140:
				c = gold // lines of text, too far to read
			default:
				c = red
			}
			m.Set(x, y, c)
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		panic(err) // into memory
	}
	return b.Bytes()
}

// enclose uploads as many files as the indicators ask for, and two more that make a
// file look like one.
func (t *Theatre) enclose(key id.Application, h House, indicators []programme.Indicator) {
	upload := func(code, name string, b []byte) {
		_ = one(t.Desk.Upload(t.ctx, h.By, key, code, name, bytes.NewReader(b)))
	}
	for k, i := range indicators {
		for n := range i.Files {
			upload(i.Code, fmt.Sprintf("%s（%d）.png", i.Title, n+1), Photo(k*20+n))
		}
	}
	first, last := indicators[0], indicators[len(indicators)-1]
	title, text := "章程（节选）", charter
	if !aboutParty(t.Programme) {
		title, text = "管理制度（节选）", statutes
	}
	upload(first.Code, title+".pdf", PDF(h.Name+title, text...))
	upload(last.Code, "活动照片.png", Photo(9))
}

// charter is the text of an invented charter.
var charter = []string{
	"第一章  总则", "第一条  本会是由从事现代服务业的单位和个人自愿结成的社会团体。", "第二条  本会坚持党的全面领导，根据中国共产党章程的规定，",
	"设立中国共产党的组织，开展党的活动，为党组织的活动提供必要条件。", "第三条  本会接受登记管理机关的监督管理。",
}

// statutes is the text of invented rules of a house that has nothing to do with a charter.
var statutes = []string{
	"第一条  为规范管理，制定本制度。", "第二条  各项工作有人负责，有计划、有记录、有检查。", "第三条  每年年底公布执行情况，听取意见。",
}
