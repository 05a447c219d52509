package evidence_test

import (
	"archive/zip"
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"image"
	"image/jpeg"
	"image/png"
	"io"
	"strings"
	"testing"

	"shifan/internal/evidence"
	"shifan/internal/fault"
)

// onePage is a PDF of one page with something more in it.
func onePage(catalog string, objects ...string) []byte {
	all := append([]string{
		"<< /Type /Catalog /Pages 2 0 R " + catalog + " >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
		"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << >> >>",
	}, objects...)
	var b bytes.Buffer
	b.WriteString("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
	var at []int
	for i, o := range all {
		at = append(at, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	table := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(all)+1)
	for _, n := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", n)
	}
	fmt.Fprintf(&b, "trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(all)+1, table)
	return b.Bytes()
}

func deflated(b []byte) string {
	var out bytes.Buffer
	w := zlib.NewWriter(&out)
	w.Write(b) //nolint:errcheck // into memory
	w.Close()  //nolint:errcheck // into memory
	return out.String()
}

func stream(dict, data string) string {
	return fmt.Sprintf("<< %s /Length %d >>\nstream\n%s\nendstream", dict, len(data), data)
}

// office is a DOCX or XLSX with some more entries, or others in place of its own.
func office(kind string, entries ...string) []byte {
	main := "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
	if kind == "xlsx" {
		main = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
	}
	all := map[string]string{
		"[Content_Types].xml": `<?xml version="1.0"?><Types><Override PartName="/main.xml" ContentType="` + main + `"/></Types>`,
		"_rels/.rels":         `<Relationships><Relationship Type="x/officeDocument" Target="main.xml"/></Relationships>`,
		"main.xml":            "<w:document><w:t>章程</w:t></w:document>",
	}
	order := []string{"[Content_Types].xml", "_rels/.rels", "main.xml"}
	for i := 0; i+1 < len(entries); i += 2 {
		if _, there := all[entries[i]]; !there {
			order = append(order, entries[i])
		}
		all[entries[i]] = entries[i+1]
	}
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, name := range order {
		w, err := z.Create(name)
		if err != nil {
			panic(err)
		}
		io.WriteString(w, all[name]) //nolint:errcheck // into memory
	}
	z.Close() //nolint:errcheck // into memory
	return b.Bytes()
}

func picture(t *testing.T, kind string) []byte {
	t.Helper()
	var b bytes.Buffer
	m := image.NewGray(image.Rect(0, 0, 40, 30))
	err := png.Encode(&b, m)
	if kind == "jpg" {
		b.Reset()
		err = jpeg.Encode(&b, m, nil)
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// claims is a PNG whose head says how large it is, with little data.
func claims(width, height uint32, data []byte) []byte {
	var b bytes.Buffer
	b.WriteString("\x89PNG\r\n\x1a\n")
	chunk := func(kind string, body []byte) {
		binary.Write(&b, binary.BigEndian, uint32(len(body))) //nolint:errcheck // into memory
		b.WriteString(kind)
		b.Write(body)
		binary.Write(&b, binary.BigEndian, crc32.ChecksumIEEE(append([]byte(kind), body...))) //nolint:errcheck // into memory
	}
	head := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, width), height)
	chunk("IHDR", append(head, 8, 0, 0, 0, 0))
	chunk("IDAT", []byte(deflated(data)))
	chunk("IEND", nil)
	return b.Bytes()
}

func inspect(b []byte, name string) (evidence.Found, string) {
	f, err := evidence.Inspect(bytes.NewReader(b), int64(len(b)), name)
	if err == nil {
		return f, ""
	}
	return f, strings.TrimPrefix(fault.CodeOf(err), "evidence.file.")
}

// TestInspect: what is taken, and each reason for which a file is not, by content
// (trust.md §7, checklist 40, 41, 44, 48).
func TestInspect(t *testing.T) {
	t.Parallel()
	png, jpg, pdf, docx, xlsx := picture(t, "png"), picture(t, "jpg"), onePage(""), office("docx"), office("xlsx")
	join := func(parts ...[]byte) []byte { return bytes.Join(parts, nil) }
	cut := func(b []byte, n int) []byte { return b[:len(b)-n] }
	edit := func(b []byte, was, now string) []byte { return bytes.ReplaceAll(b, []byte(was), []byte(now)) }
	ole := []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + strings.Repeat("\x00", 1000))
	locked := append(bytes.Clone(ole), "E\x00n\x00c\x00r\x00y\x00p\x00t\x00e\x00d\x00P\x00a\x00c\x00k\x00a\x00g\x00e\x00"...)
	before := bytes.Clone(docx) // its directory begins a byte later than it does
	binary.LittleEndian.PutUint32(before[len(before)-6:], binary.LittleEndian.Uint32(before[len(before)-6:])+1)
	zeros := make([]byte, 70<<20)
	packed := deflated(zeros)
	for _, tt := range []struct {
		what, name string
		b          []byte
		want       string // the refusal; "" when it is taken
	}{
		{"a PDF", "a.pdf", pdf, ""},
		{"a DOCX", "a.docx", docx, ""},
		{"an XLSX", "a.xlsx", xlsx, ""},
		{"a PNG", "a.png", png, ""},
		{"a JPEG", "a.jpeg", jpg, ""},
		{"a chart brings its workbook", "a.docx", office("docx", "word/embeddings/Sheet1.xlsx", string(xlsx)), ""},
		{"a link that is followed", "a.docx", office("docx", "word/_rels/document.xml.rels", `<Relationships><Relationship Type="http://x/hyperlink" TargetMode="External" Target="https://example.org"/></Relationships>`), ""},
		{"a picture that a camera appended", "a.jpg", join(jpg, jpg), ""},

		{"nothing", "a.pdf", nil, "empty"},
		{"one byte", "a.pdf", []byte("%"), "type"},
		{"a text", "a.pdf", []byte("社会组织章程"), "type"},
		{"a page", "a.pdf", []byte("<!DOCTYPE html><script>alert(1)</script>"), "type"},
		{"an SVG", "a.png", []byte(`<svg xmlns="http://www.w3.org/2000/svg" onload="x"/>`), "type"},
		{"a program", "a.jpg", []byte("MZ\x90\x00"), "type"},
		{"a GIF", "a.jpg", []byte("GIF89a......"), "type"},
		{"a photo of an iPhone", "a.heic", []byte("\x00\x00\x00\x18ftypheic...."), "type"},
		{"an archive", "a.docx", office("docx", "[Content_Types].xml", "<Types></Types>", "OFD.xml", "x"), "type"},
		{"a DOC", "a.doc", ole, "type"},
		{"an OFD", "a.ofd", office("docx", "[Content_Types].xml", "<Types/>"), "type"},

		{"a locked DOCX", "a.docx", locked, "encrypted"},
		{"a locked PDF", "a.pdf", edit(pdf, "trailer\n<<", "trailer\n<< /Encrypt 9 0 R"), "encrypted"},
		{"a locked PDF of today", "a.pdf", onePage("", stream("/Type /XRef /Encrypt 9 0 R /Filter /FlateDecode", deflated([]byte("x")))), "encrypted"},

		{"a macro", "a.docx", office("docx", "word/vbaProject.bin", "x"), "macro"},
		{"a macro by its type", "a.xlsx", office("xlsx", "[Content_Types].xml", `<Types><Override ContentType="application/vnd.ms-excel.sheet.macroEnabled.main+xml"/></Types>`), "macro"},
		{"a control", "a.docx", office("docx", "word/activeX/activeX1.xml", "<x/>"), "macro"},
		{"a macro in the workbook of a chart", "a.docx", office("docx", "word/embeddings/a.xlsx", string(office("xlsx", "xl/vbaProject.bin", "x"))), "macro"},
		{"a PDF with a script", "a.pdf", onePage("/OpenAction << /S /JavaScript /JS (app.alert(1)) >>"), "macro"},
		{"a script under another spelling", "a.pdf", onePage("/OpenAction << /S /Java#53cript /JS (x) >>"), "macro"},
		{"a script in a packed object", "a.pdf", onePage("", stream("/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode", deflated([]byte("9 0 << /S /JavaScript >>")))), "macro"},
		{"a PDF that starts programs", "a.pdf", onePage("/OpenAction << /S /Launch /F (cmd.exe) >>"), "macro"},
		{"a word in a string is no script", "a.pdf", onePage("/Lang (about /JavaScript \\) and /Launch)"), ""},
		{"nor in a comment", "a.pdf", edit(pdf, "1 0 obj", "1 0 obj % /JavaScript\n"), ""},

		{"a file in a PDF", "a.pdf", onePage("/Names << /EmbeddedFiles << /Names [] >> >>"), "attached"},
		{"an object in a DOCX", "a.docx", office("docx", "word/embeddings/oleObject1.bin", "x"), "attached"},
		{"a template elsewhere", "a.docx", office("docx", "word/_rels/settings.xml.rels", `<Relationships><Relationship Type="http://x/attachedTemplate" TargetMode="External" Target="http://h/x.dotm"/></Relationships>`), "attached"},
		{"entities that reach out", "a.docx", office("docx", "word/x.xml", `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>`), "attached"},
		{"a path out of the archive", "a.docx", office("docx", "../../evil.xml", "x"), "attached"},

		{"a bomb of XML", "a.docx", office("docx", "word/big.xml", string(zeros)), "bomb"},
		{"a bomb in a PDF", "a.pdf", onePage("", stream("/Filter /FlateDecode", packed)), "bomb"},
		{"a bomb packed twice", "a.pdf", onePage("", stream("/Type /ObjStm /N 1 /First 4 /Filter [/FlateDecode /FlateDecode]", deflated([]byte(packed)))), "bomb"},
		{"a bomb in a PNG", "a.png", claims(10, 10, zeros[:1<<20]), "bomb"},

		{"a PDF that is a ZIP", "a.pdf", join(pdf, docx), "polyglot"},
		{"a PDF in a ZIP's comment", "a.docx", join(docx, []byte("\n"), pdf), "polyglot"},
		{"a PNG that is a ZIP", "a.png", join(png, docx), "polyglot"},
		{"a JPEG that is a ZIP", "a.jpg", join(jpg, docx), "polyglot"},
		{"a GIF that is a PDF", "a.pdf", join([]byte("GIX"), pdf), "polyglot"},
		{"a page after a PDF", "a.pdf", join(pdf, []byte("<script>alert(1)</script>")), "polyglot"},
		{"a byte after a PNG", "a.png", join(png, []byte("x")), "polyglot"},

		{"half a PDF", "a.pdf", cut(pdf, len(pdf)/2), "unreadable"},
		{"half a PNG", "a.png", cut(png, 20), "unreadable"},
		{"a PNG with a broken chunk", "a.png", edit(png, "IDAT", "IDAT!"), "unreadable"},
		{"half a JPEG", "a.jpg", cut(jpg, 40), "unreadable"},
		{"half a DOCX", "a.docx", cut(docx, 60), "unreadable"},
		{"a PDF of no pages", "a.pdf", []byte("%PDF-1.4\n%%EOF"), "unreadable"},

		{"a PDF whose places lie before its beginning", "a.pdf", edit(pdf, "startxref\n", "startxref\n-"), "unreadable"},
		{"a DOCX whose places lie before its beginning", "a.docx", before, "unreadable"},

		{"a flood of points", "a.png", claims(65500, 65500, nil), "pixels"},
		{"a long line of points", "a.png", claims(50000, 1, nil), "pixels"},

		{"a DOCX called PDF", "a.pdf", docx, "ending"},
		{"a PDF called EXE", "a.exe", pdf, "ending"},
		{"a PDF called HTML", "a.pdf.html", pdf, "ending"},
	} {
		if _, got := inspect(tt.b, tt.name); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.what, got, tt.want)
		}
	}
}

// TestNames: a name keeps what people read and loses what leads elsewhere.
func TestNames(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("长", 300)
	for in, want := range map[string]string{
		"章程（2021年修订）.pdf": "章程（2021年修订）.pdf", "  a  b .pdf ": "a b .pdf", "../../etc/passwd": "passwd", `C:\x\y.pdf`: "y.pdf",
		"a\x00b.pdf": "ab.pdf", "\u202efdp.exe": "fdp.exe", "a\r\nSet-Cookie: x.pdf": "aSet-Cookie_ x.pdf", "": "未命名", "..": "未命名", "/": "未命名",
		"𠮷.pdf": "𠮷.pdf", "\xff.pdf": "_.pdf", "e\u0301.pdf": "é.pdf", "zero\u200bwidth.pdf": "zerowidth.pdf", `<img src=x>.png`: "_img src=x_.png",
		long + ".pdf": strings.Repeat("长", 96) + ".pdf", "CON.pdf": "CON.pdf", ".htaccess": "htaccess",
	} {
		if got := evidence.Clean(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
	for in, want := range map[string]string{"扫描件": "扫描件.pdf", "a.PDF": "a.PDF", "v1.2": "v1.2.pdf", "第3.5节": "第3.5节.pdf"} {
		if f, refused := inspect(onePage(""), in); f.Name != want {
			t.Errorf("%q: %q %s, want %q", in, f.Name, refused, want)
		}
	}
	if f, _ := inspect(picture(t, "jpg"), "截图.png"); f.Name != "截图.jpg" || f.Kind != evidence.JPG {
		t.Errorf("%+v", f)
	}
}

// brokenDisk fails to read.
type brokenDisk struct{}

func (brokenDisk) ReadAt([]byte, int64) (int, error) { return 0, errDisk }

var errDisk = errors.New("the disk broke")

// TestTheDisk: an error of reading is ours and no refusal.
func TestTheDisk(t *testing.T) {
	t.Parallel()
	if _, err := evidence.Inspect(brokenDisk{}, 1000, "a.pdf"); !errors.Is(err, errDisk) {
		t.Error(err)
	}
}

// FuzzInspect: nothing that is uploaded makes the program fall over.
func FuzzInspect(f *testing.F) {
	f.Add(onePage(""), "a.pdf")
	f.Add(office("docx"), "a.docx")
	f.Add(claims(10, 10, make([]byte, 110)), "a.png")
	f.Add([]byte("\xff\xd8\xff\xe0\x00\x02\xff\xd9"), "a.jpg")
	f.Fuzz(func(t *testing.T, b []byte, name string) {
		found, err := evidence.Inspect(bytes.NewReader(b), int64(len(b)), name)
		if (err == nil) == (found.Kind == "") || err != nil && fault.KindOf(err) != fault.Invalid {
			t.Errorf("%+v %v", found, err)
		}
	})
}
