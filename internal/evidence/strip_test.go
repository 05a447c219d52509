package evidence_test

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"shifan/internal/evidence"
	"shifan/internal/play"
)

// stripped returns the copy of a file, and leaves both where judges find them.
func stripped(t *testing.T, k evidence.Kind, b []byte) (copied []byte, original, at string) {
	t.Helper()
	if _, say := inspect(b, "a."+string(k)); say != "" {
		t.Fatal(say)
	}
	var once, again bytes.Buffer
	for _, w := range []*bytes.Buffer{&once, &again} {
		if err := evidence.Strip(k, bytes.NewReader(b), int64(len(b)), w); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(once.Bytes(), again.Bytes()) {
		t.Error("the same file gave two copies")
	}
	if _, say := inspect(once.Bytes(), "a."+string(k)); say != "" {
		t.Errorf("the copy would be refused: %s", say)
	}
	dir := t.TempDir()
	original, at = filepath.Join(dir, "original."+string(k)), filepath.Join(dir, "copy."+string(k))
	if err := errors.Join(os.WriteFile(original, b, 0o600), os.WriteFile(at, once.Bytes(), 0o600)); err != nil {
		t.Fatal(err)
	}
	return once.Bytes(), original, at
}

// told lists what exiftool finds in a file beyond what makes its picture or its pages.
func told(t *testing.T, at string) (all []string) {
	t.Helper()
	for line := range strings.Lines(by(t, "exiftool", "-a", "-G1", "-s", "-ee", at)) {
		group, tag, _ := strings.Cut(strings.TrimSpace(line), "]")
		tag, _, _ = strings.Cut(strings.TrimSpace(tag), " ")
		if !slices.Contains([]string{"[ExifTool", "[System", "[File", "[JFIF", "[PNG", "[PDF", "[Composite", "[ZIP", "[Adobe"}, group) ||
			slices.Contains([]string{"Author", "Creator", "Producer", "Title", "Comment", "Software", "CreateDate", "ModifyDate", "Keywords", "GPSPosition"}, tag) {
			all = append(all, group+"] "+tag)
		}
	}
	return all
}

// taken is a photograph that says who took it where with what, on its side, with another
// picture behind it as telephones append one.
func taken(t *testing.T, k evidence.Kind) []byte {
	t.Helper()
	var b bytes.Buffer
	err := jpeg.Encode(&b, marked(), &jpeg.Options{Quality: 95})
	if k == evidence.PNG {
		b.Reset()
		err = png.Encode(&b, marked())
	}
	at := filepath.Join(t.TempDir(), "a."+string(k))
	if err := errors.Join(err, os.WriteFile(at, b.Bytes(), 0o600)); err != nil {
		t.Fatal(err)
	}
	tags := []string{"-q", "-overwrite_original", "-n", "-EXIF:Orientation=6", "-EXIF:GPSLatitude=31.23", "-EXIF:GPSLatitudeRef=N", "-EXIF:Artist=zhangsan", "-EXIF:Software=zhangsan's", "-XMP:Creator=zhangsan", "-Comment=zhangsan"}
	if k == evidence.JPG {
		tags = append(tags, "-IPTC:By-line=zhangsan")
	}
	by(t, "exiftool", append(tags, at)...)
	whole, err := os.ReadFile(at)
	if err != nil {
		t.Fatal(err)
	}
	if k == evidence.JPG {
		whole = append(whole, whole...)
	}
	return whole
}

// TestStripPictures: exiftool finds nothing in the copy but which way up it is, and its
// points are the same.
func TestStripPictures(t *testing.T) {
	t.Parallel()
	for _, k := range []evidence.Kind{evidence.JPG, evidence.PNG} {
		b := taken(t, k)
		copied, original, at := stripped(t, k, b)
		if before := told(t, original); len(before) < 8 {
			t.Fatalf("%s: exiftool finds only %q in the original", k, before)
		}
		if after := told(t, at); !slices.Equal(after, []string{"[IFD0] Orientation"}) || bytes.Contains(copied, []byte("zhangsan")) {
			t.Errorf("%s: exiftool finds %q in the copy", k, after)
		}
		was, _, err1 := image.Decode(bytes.NewReader(b))
		is, _, err2 := image.Decode(bytes.NewReader(copied))
		if err := errors.Join(err1, err2); err != nil {
			t.Fatal(err)
		}
		for y := range 20 {
			for x := range 40 {
				if was.At(x, y) != is.At(x, y) {
					t.Fatalf("%s: the point %d,%d differs", k, x, y)
				}
			}
		}
		all, err := drawn(t, k, copied, 1, 600)
		if err != nil || redCorner(seen(t, all[0])) != "top right" {
			t.Errorf("%s: the copy does not stand upright (%v)", k, err)
		}
	}
}

// signedPDF is a page with a name wherever a PDF may have one, and a photograph.
func signedPDF(t *testing.T) []byte {
	t.Helper()
	photo := string(taken(t, evidence.JPG))
	const xmp = `<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:creator><rdf:Seq><rdf:li>zhangsan</rdf:li></rdf:Seq></dc:creator></rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>`
	b := onePage("/Metadata 4 0 R /PieceInfo << /zhangsan << /LastModified (D:2021) >> >> /AcroForm << /Fields [9 0 R] /SigFlags 3 >>",
		stream("/Type /Metadata /Subtype /XML", xmp),
		"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
		stream("/LastModified (D:20210101)", "BT /F1 24 Tf 60 700 Td (Charter 2021) Tj ET q 200 0 0 100 60 500 cm /P Do Q q 100 0 0 50 60 400 cm /Q Do Q"),
		"<< /Type /Annot /Subtype /Text /Rect [10 10 30 30] /Contents (please mend) /T (zhangsan) /M (D:20210101) >>",
		stream("/Type /XObject /Subtype /Image /Width 40 /Height 20 /ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /DCTDecode", photo),
		"<< /Type /Annot /Subtype /Widget /FT /Sig /T (seal) /Rect [300 300 400 350] /V 10 0 R >>",
		"<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /adbe.pkcs7.detached /Name (zhangsan) /ByteRange [0 1 2 3] /Contents <00> >>",
		"<< /Author (zhangsan) /Producer (zhangsan) /Creator (zhangsan) /Title (zhangsan) /CreationDate (D:20210101000000Z) >>",
		stream("/Type /XObject /Subtype /Image /Width 40 /Height 20 /ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter [/FlateDecode /DCTDecode]", deflated([]byte(photo))),
	)
	b = bytes.Replace(b, []byte("/Resources << >>"), []byte("/Resources << /Font << /F1 5 0 R >> /XObject << /P 8 0 R /Q 12 0 R >> >> /Contents 6 0 R /Annots [7 0 R 9 0 R]"), 1)
	return bytes.Replace(b, []byte("/Root 1 0 R"), []byte("/Info 11 0 R /Root 1 0 R"), 1)
}

// TestStripPDF: qpdf finds the copy sound, poppler reads and draws the same of it, and
// nobody is named in it, in its photographs neither.
func TestStripPDF(t *testing.T) {
	t.Parallel()
	b := signedPDF(t)
	at := filepath.Join(t.TempDir(), "a.pdf") // whose places are right
	if err := os.WriteFile(at, b, 0o600); err != nil {
		t.Fatal(err)
	}
	by(t, "qpdf", "--warning-exit-0", "--object-streams=disable", "--stream-data=preserve", at, at+".pdf")
	b, err := os.ReadFile(at + ".pdf")
	if err != nil {
		t.Fatal(err)
	}
	copied, original, at := stripped(t, evidence.PDF, b)
	if before := told(t, original); len(before) < 4 {
		t.Fatalf("exiftool finds only %q in the original", before)
	}
	if after := told(t, at); len(after) > 0 {
		t.Errorf("exiftool finds %q in the copy", after)
	}
	for _, name := range []string{"zhangsan", "2021010", "PPKLite"} {
		if bytes.Contains(copied, []byte(name)) || !bytes.Contains(b, []byte(name)) {
			t.Errorf("%s is in the copy, or was not in the original", name)
		}
	}
	for _, name := range []string{"please mend", "(seal)"} {
		if !bytes.Contains(copied, []byte(name)) {
			t.Errorf("%s is not in the copy", name)
		}
	}
	by(t, "qpdf", "--check", at)
	if was, is := by(t, "pdftotext", original, "-"), by(t, "pdftotext", at, "-"); was != is || !strings.Contains(is, "Charter 2021") {
		t.Errorf("poppler reads %q, and read %q", is, was)
	}
	if was, is := by(t, "pdftoppm", "-r", "30", original), by(t, "pdftoppm", "-r", "30", at); was != is {
		t.Error("poppler draws another page")
	}
	photos := filepath.Join(filepath.Dir(at), "photo")
	by(t, "pdfimages", "-all", at, photos)
	for _, n := range []string{"-000.jpg", "-001.jpg"} {
		if got := told(t, photos+n); slices.ContainsFunc(got, func(tag string) bool { return tag != "[IFD0] Orientation" }) {
			t.Errorf("exiftool finds %q in a photograph of the copy", got)
		}
	}
	chinese := play.PDF("章程", "第二条 本会坚持党的全面领导。")
	copied, _, _ = stripped(t, evidence.PDF, chinese)
	was, err1 := textOf(t, evidence.PDF, chinese)
	is, err2 := textOf(t, evidence.PDF, copied)
	if err := errors.Join(err1, err2); err != nil || !slices.Equal(was, is) || !strings.Contains(is[0], "全面领导") {
		t.Errorf("%q, was %q (%v)", is, was, err)
	}
}

// inside unpacks an office file: its parts by name.
func inside(t *testing.T, b []byte) map[string]string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	parts := map[string]string{}
	for _, e := range z.File {
		r, err := e.Open()
		if err != nil {
			t.Fatal(err)
		}
		all, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		parts[e.Name] = string(all)
	}
	return parts
}

// TestStripOffice: our own reader reads the same text of the copy, and nobody is named
// in any part of it; a picture in it says nothing either.
func TestStripOffice(t *testing.T) {
	t.Parallel()
	photo := string(taken(t, evidence.JPG))
	const core = `<cp:coreProperties><dc:creator>zhangsan</dc:creator><cp:lastModifiedBy>zhangsan</cp:lastModifiedBy></cp:coreProperties>`
	const types = `<Types><Override PartName="/main.xml" ContentType="application/vnd.openxmlformats-officedocument.KIND.main+xml"/><Override PartName="/docProps/core.xml" ContentType="zhangsan"/></Types>`
	common := []string{
		"_rels/.rels", `<Relationships><Relationship Id="r1" Type="x/officeDocument" Target="main.xml"/><Relationship Id="r2" Type="x/core" Target="docProps/core.xml"/><Relationship Id="r3" Type="x/app" Target="/docProps/zhangsan.xml"/></Relationships>`,
		"docProps/core.xml", core, "docProps/thumbnail.jpeg", photo, "customXml/item1.xml", "<a>zhangsan</a>",
	}
	for k, entries := range map[evidence.Kind][]string{
		evidence.DOCX: {
			"[Content_Types].xml", strings.Replace(types, "KIND", "wordprocessingml.document", 1),
			"word/document.xml", `<?xml version="1.0" encoding="UTF-8"?><!--zhangsan--><w:document xmlns:w="w"><w:p w:rsidR="00AB"><w:r><w:t>第一条 &lt;本会&gt;</w:t></w:r><w:ins w:id="1" w:author="zhangsan" w:date="2021-01-01T00:00:00Z"><w:r w:rsidRPr="00CD"><w:t xml:space="preserve">坚持 </w:t></w:r></w:ins></w:p><wp:docPr id="1" name="图片 1" descr="C:\Users\zhangsan\Pictures\会场.jpg"/></w:document>`,
			"word/comments.xml", `<w:comments><w:comment w:id="0" w:author="zhangsan" w:initials="zhangsan" w:date="2021-01-01T00:00:00Z"><w:p><w:r><w:t>请核对</w:t></w:r></w:p></w:comment></w:comments>`,
			"word/people.xml", `<w15:people><w15:person w15:author="zhangsan"><w15:presenceInfo w15:providerId="AD" w15:userId="zhangsan"/></w15:person></w15:people>`,
			"word/settings.xml", `<w:settings><w:rsids><w:rsidRoot w:val="00AB"/></w:rsids><w:docVars><w:docVar w:name="a" w:val="zhangsan"/></w:docVars><w:zoom w:percent="100"/></w:settings>`,
			"word/media/image1.jpeg", photo,
		},
		evidence.XLSX: {
			"[Content_Types].xml", strings.Replace(types, "KIND", "spreadsheetml.sheet", 1),
			"xl/workbook.xml", `<workbook><fileSharing userName="zhangsan"/><mc:AlternateContent><mc:Choice><x15ac:absPath url="C:\Users\zhangsan\"/></mc:Choice></mc:AlternateContent><sheets><sheet name="台账"/></sheets><customWorkbookViews><customWorkbookView name="zhangsan"/></customWorkbookViews></workbook>`,
			"xl/worksheets/sheet1.xml", `<worksheet><sheetData><row r="1"><c t="s"><v>0</v></c><c><v>12</v></c></row></sheetData><pageSetup paperSize="9" r:id="rId1"/></worksheet>`,
			"xl/worksheets/_rels/sheet1.xml.rels", `<Relationships><Relationship Id="rId1" Type="x/printerSettings" Target="../printerSettings/printerSettings1.bin"/><Relationship Id="rId2" Type="x/comments" Target="../comments1.xml"/></Relationships>`,
			"xl/printerSettings/printerSettings1.bin", "zhangsan's printer",
			"xl/sharedStrings.xml", `<sst><si><t>志愿活动 &amp; 次数</t></si></sst>`,
			"xl/comments1.xml", `<comments><authors><author>zhangsan</author><author>zhangsan2</author></authors><commentList><comment authorId="1"><text><t>请核对</t></text></comment></commentList></comments>`,
			"xl/persons/person.xml", `<personList><person displayName="zhangsan" id="{1}" userId="zhangsan" providerId="AD"/></personList>`,
			"xl/pivotCache/pivotCacheDefinition1.xml", `<pivotCacheDefinition refreshedBy="zhangsan"/>`,
		},
	} {
		b := office(string(k), append(entries, common...)...)
		copied, _, _ := stripped(t, k, b)
		was, err1 := textOf(t, k, b)
		is, err2 := textOf(t, k, copied)
		if err := errors.Join(err1, err2); err != nil || !slices.Equal(was, is) {
			t.Errorf("%s: %q, was %q (%v)", k, is, was, err)
		}
		parts := inside(t, copied)
		for name, part := range parts {
			if strings.Contains(strings.ToLower(name+part), "zhangsan") || strings.Contains(part, "docProps") || strings.Contains(part, "rsid") || strings.Contains(part, "2021-01-01") {
				t.Errorf("%s: %s still says %s", k, name, part)
			}
		}
		for name, want := range map[evidence.Kind]map[string]string{
			evidence.DOCX: {"word/document.xml": `<w:ins w:id="1" w:author="已隐去">`, "word/comments.xml": "请核对", "word/settings.xml": "w:zoom", "word/media/image1.jpeg": "Exif"},
			evidence.XLSX: {"xl/workbook.xml": `<sheet name="台账"/>`, "xl/comments1.xml": "<author>已隐去</author><author>已隐去</author>", "xl/worksheets/sheet1.xml": `<pageSetup paperSize="9"/>`, "xl/worksheets/_rels/sheet1.xml.rels": "rId2"},
		}[k] {
			if !strings.Contains(parts[name], want) {
				t.Errorf("%s: %s says %s, want %s in it", k, name, parts[name], want)
			}
		}
	}
}

// TestStripRefuses: what cannot be freed of what it may say is said to be so, and a disk
// that fails is not the file's fault.
func TestStripRefuses(t *testing.T) {
	t.Parallel()
	tiff := office("docx", "word/media/image1.tiff", "II*\x00zhangsan")
	jpx := onePage("/P 4 0 R", stream("/Type /XObject /Subtype /Image /Filter /JPXDecode", "<x:xmpmeta>zhangsan"))
	for what, b := range map[string][]byte{"docx": tiff, "pdf": jpx, "jpg": []byte("\xff\xd8\xff\xe0"), "png": []byte("\x89PNG\r\n\x1a\n"), "gif": []byte("GIF89a")} {
		if err := evidence.Strip(evidence.Kind(what), bytes.NewReader(b), int64(len(b)), io.Discard); !evidence.IsUnstripped(err) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if err := evidence.Strip(evidence.PNG, brokenDisk{}, 100, io.Discard); !errors.Is(err, errDisk) || evidence.IsUnstripped(err) {
		t.Error(err)
	}
	r, w := io.Pipe()
	r.CloseWithError(errDisk) //nolint:errcheck // it never fails
	b := picture(t, "png")
	if err := evidence.Strip(evidence.PNG, bytes.NewReader(b), int64(len(b)), w); !errors.Is(err, errDisk) || evidence.IsUnstripped(err) {
		t.Error(err)
	}
}

// TestStripGIF: a moving picture in a document loses its comments and stays one.
func TestStripGIF(t *testing.T) {
	t.Parallel()
	frame := image.NewPaletted(image.Rect(0, 0, 8, 8), color.Palette{color.White, color.Black})
	var b bytes.Buffer
	if err := gif.EncodeAll(&b, &gif.GIF{Image: []*image.Paletted{frame, frame}, Delay: []int{10, 10}}); err != nil {
		t.Fatal(err)
	}
	whole := slices.Clone(b.Bytes()[:b.Len()-1])
	whole = append(whole, "\x21\xfe\x08zhangsan\x00\x21\xff\x0bXMP DataXMP\x08zhangsan\x00\x3b"...)
	copied, _, _ := stripped(t, evidence.DOCX, office("docx", "word/media/image1.gif", string(whole)))
	part := inside(t, copied)["word/media/image1.gif"]
	m, err := gif.DecodeAll(strings.NewReader(part))
	if err != nil || len(m.Image) != 2 || m.LoopCount != 0 || strings.Contains(part, "zhangsan") {
		t.Errorf("%d %v %q", binary.Size(m), err, part)
	}
}
