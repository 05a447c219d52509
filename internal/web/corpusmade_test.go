package web_test

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image/jpeg"
	"image/png"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"shifan/internal/play"
)

// zipped packs parts: pairs of names and contents.
func zipped(parts ...string) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i+1 < len(parts); i += 2 {
		w, err := z.Create(parts[i])
		if err != nil {
			panic(err)
		}
		io.WriteString(w, parts[i+1]) //nolint:errcheck // into memory
	}
	z.Close() //nolint:errcheck // into memory
	return b.Bytes()
}

const officeTypes = `<Types><Override PartName="/%s" ContentType="application/vnd.openxmlformats-officedocument.%s.main+xml"/></Types>`

// aDocx is a document with some more parts, aWorkbook a workbook.
func aDocx(parts ...string) []byte {
	return zipped(append([]string{"[Content_Types].xml", fmt.Sprintf(officeTypes, "word/document.xml", "wordprocessingml.document"), "word/document.xml", "<w:document><w:t>章程</w:t></w:document>"}, parts...)...)
}

func aWorkbook() []byte {
	return zipped("[Content_Types].xml", fmt.Sprintf(officeTypes, "xl/workbook.xml", "spreadsheetml.sheet"), "xl/workbook.xml", "<workbook/>")
}

// seeds are files that are taken, small ones of every kind.
func seeds(t *testing.T) map[string][]byte {
	t.Helper()
	m, err := png.Decode(bytes.NewReader(play.Photo(1)))
	var jpg bytes.Buffer
	if err == nil {
		err = jpeg.Encode(&jpg, m, nil)
	}
	if err != nil {
		t.Fatal(err)
	}
	return map[string][]byte{
		".pdf": play.PDF("章程", "第一条 本会坚持党的全面领导。"), ".png": play.Photo(1)[:], ".jpg": jpg.Bytes(),
		".docx": aDocx("word/media/image1.png", string(play.Photo(2))), ".xlsx": aWorkbook(),
	}
}

// pngOf is a PNG that claims a size, with data that may be far from it.
func pngOf(width, height uint32, data []byte) []byte {
	b := []byte("\x89PNG\r\n\x1a\n")
	chunk := func(kind string, body []byte) {
		c := append([]byte(kind), body...)
		b = append(binary.BigEndian.AppendUint32(b, uint32(len(body))), c...)
		b = binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(c))
	}
	chunk("IHDR", append(binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, width), height), 8, 0, 0, 0, 0))
	chunk("IDAT", data)
	chunk("IEND", nil)
	return b
}

// bombs and disguises: what swells, what runs, what is two things at once.
func disguises(all map[string][]byte) []struct {
	name string
	body []byte
} {
	var zeros bytes.Buffer
	z := zlib.NewWriter(&zeros)
	for range 80 {
		z.Write(make([]byte, 1<<20)) //nolint:errcheck // into memory
	}
	z.Close() //nolint:errcheck // into memory
	var packed bytes.Buffer
	g := gzip.NewWriter(&packed)
	g.Write(make([]byte, 4<<20)) //nolint:errcheck // into memory
	g.Close()                    //nolint:errcheck // into memory
	many := []string{}
	for n := range 5001 {
		many = append(many, fmt.Sprintf("word/%d.xml", n), "")
	}
	pdf := func(dict, data string) []byte {
		more := fmt.Sprintf("9 0 obj\n<< %s /Length %d >>\nstream\n%s\nendstream\nendobj\n", dict, len(data), data)
		return bytes.Replace(all[".pdf"], []byte("xref\n"), []byte(more+"xref\n"), 1)
	}
	cat := func(parts ...[]byte) []byte { return slices.Concat(parts...) }
	html := []byte("<!DOCTYPE html><script>alert(1)</script>")
	return []struct {
		name string
		body []byte
	}{
		{"空.pdf", nil},
		{".docx", aDocx("word/big.xml", strings.Repeat("a", 40<<20))},
		{".docx", aDocx(many...)},
		{".png", pngOf(40, 30, zeros.Bytes())},
		{".png", pngOf(30000, 30000, zeros.Bytes()[:500])},
		{".png", pngOf(0, 7, nil)},
		{".pdf", pdf("/Filter /FlateDecode", zeros.String())},
		{".gz", packed.Bytes()},
		{".pdf", packed.Bytes()},
		{".pdf", bytes.Repeat([]byte("%PDF-1.7\n"), 1<<20)},
		{".pdf", pdf("/S /JavaScript /JS (app.alert(1))", "")},
		{".pdf", pdf("/Type /EmbeddedFile", "x")},
		{".pdf", pdf("/Type /XRef /Encrypt 1 0 R", "x")},
		{".docm", aDocx("word/vbaProject.bin", "x")},
		{".docx", aDocx("word/vbaProject.bin", "y")},
		{".docx", aDocx("word/embeddings/oleObject1.bin", "x")},
		{".docx", aDocx("word/a.xml", `<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>`)},
		{".docx", aDocx("../../../etc/cron.d/x", "x")},
		{".docx", aDocx("word/_rels/document.xml.rels", `<Relationships><Relationship Type="x/attachedTemplate" TargetMode="External" Target="https://example.org/x.dotm"/></Relationships>`)},
		{".pdf", cat(all[".pdf"], all[".docx"])},
		{".pdf", cat(all[".pdf"], html)},
		{".pdf", cat(html, all[".pdf"])},
		{".html", html},
		{".pdf", html},
		{".png", html},
		{".jpg", cat(all[".jpg"][:2], []byte("\xff\xfe\x00\x2a"), html[:40], all[".jpg"][2:])},
		{".jpg", cat(all[".jpg"], all[".docx"])},
		{".png", cat(all[".png"], html)},
		{".gif", []byte("GIF89a/*\x00\x00\x00*/=1;alert(1)")},
		{".svg", []byte(`<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`)},
		{".doc", []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + strings.Repeat("\x00", 600))},
		{".heic", []byte("\x00\x00\x00\x18ftypheic" + strings.Repeat("\x00", 60))},
		{".docx", []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1E\x00n\x00c\x00r\x00y\x00p\x00t\x00e\x00d\x00P\x00a\x00c\x00k\x00a\x00g\x00e\x00")},
		{".docx", all[".pdf"]},
		{".pdf", aDocx("word/other.xml", "<a/>")},
		{".exe", play.Photo(9)},
		{".html", play.Photo(10)},
		{".PDF.exe", all[".xlsx"]},
	}
}

// names that files come with.
var fileNames = []string{
	"../../../../etc/passwd", `..\..\windows\win.ini`, "CON", "nul.png", "甲\u202egnp.exe.png", "\u200b零\u200d宽.png", "𠮷野家.png", "👨‍👩‍👧‍👦.png",
	"’; DROP TABLE files; --.png", "<script>alert(1)</script>.png", `"><img src=x onerror=alert(1)>.png`, "%s%n%x.png", "{{.}}${7*7}.png", "$(reboot).png", "`id`.png",
	"a\r\nSet-Cookie: x=1.png", `quote".png`, "semi;colon.png", "per%20cent%00.png", strings.Repeat("长", 255) + ".png", strings.Repeat("a", 255), ".png", "...", " ", "-rf",
	"=cmd|'/c calc'!A0.png", "ｆｕｌｌ．ｐｎｇ", "e\u0301.png", "\ufeff.png", "العربية.png", "ไทย.png", "a/b/c.png", "file.png.", "~", "NaN", "true", "0", "𝒜.png", "\xff\xfe.png",
}

// made tells what is made here: bombs and disguises, files with odd names, and files that
// are taken, harmed by chance. The same seed makes the same.
func made(t *testing.T, tell func(name string, body []byte)) {
	t.Helper()
	all := seeds(t)
	for _, d := range disguises(all) {
		tell(d.name, d.body)
	}
	tell(".pdf", make([]byte, 8<<20+1))
	for n, name := range fileNames {
		tell(name, play.Photo(100+n))
	}
	kinds := []string{".pdf", ".png", ".jpg", ".docx", ".xlsx"}
	chance := rand.New(rand.NewPCG(2021, 7))
	for n := range 1300 {
		kind := kinds[n%len(kinds)]
		tell(kind, harmed(chance, all[kind], all[kinds[chance.IntN(len(kinds))]]))
	}
}

// harmed harms a file in one of the ways that lines, disks and people do.
func harmed(chance *rand.Rand, b, other []byte) []byte {
	b = slices.Clone(b)
	from := chance.IntN(len(b))
	to := min(len(b), from+1+chance.IntN(64))
	switch chance.IntN(7) {
	case 0:
		b[from] ^= 1 << chance.IntN(8)
	case 1:
		for range 32 {
			b[chance.IntN(len(b))] = byte(chance.Uint32())
		}
	case 2:
		b = b[:from]
	case 3:
		b = slices.Delete(b, from, to)
	case 4:
		b = slices.Insert(b, from, b[from:to]...)
	case 5:
		clear(b[from:to])
	case 6:
		b = append(b[:from], other[min(from, len(other)-1):]...)
	}
	return b
}
