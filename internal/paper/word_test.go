package paper_test

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"

	"shifan/internal/fault"
	"shifan/internal/paper"
)

// docx sets a document and returns the parts of its file for word processors.
func docx(t *testing.T, d *paper.Document) (file []byte, parts map[string]string) {
	t.Helper()
	p, err := paper.TypesetIn(d, paper.Fonts(t))
	if err != nil {
		t.Fatal(err)
	}
	if file, err = p.DOCX(); err != nil {
		t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	parts = map[string]string{}
	for _, e := range z.File {
		r, err := e.Open()
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		parts[e.Name] = string(b)
	}
	return file, parts
}

// letterOf is a letter with the text of the notice.
func letterOf() *paper.Document {
	d := notice(1)
	d.Form, d.Annexes, d.Imprint, d.Issuer = paper.Letter, nil, nil, "中共松原省社会组织联合委员会"
	return d
}

// TestDOCX wants files that are whole, the same twice, with the page, the styles, the
// official names and the fields that offices expect.
func TestDOCX(t *testing.T) {
	t.Parallel()
	rare := notice(3)
	rare.Body = append(rare.Body, paper.Paragraph{Text: "秘书长𠮷垚、㛃淏旻、䶮先生，<b>&"})
	for name, row := range map[string]struct {
		d    *paper.Document
		want []string
	}{
		"notice": {notice(60), []string{
			`w:eastAsia="方正小标宋简体"`, `w:eastAsia="仿宋_GB2312"`, `w:eastAsia="黑体"`, `w:eastAsia="楷体_GB2312"`, `<w:name w:val="heading 4"/>`,
			`<w:pgSz w:w="11906" w:h="16838"/>`, ` PAGE `, `<w:evenAndOddHeaders/>`, `<w:mirrorMargins/>`, `<w:tblHeader/>`, "加盖印章处", "抄送：", "<w:pageBreakBefore/>",
		}},
		"letter":  {letterOf(), []string{`thickThinSmallGap`, `thinThickSmallGap`, `<w:titlePg/>`}},
		"receipt": {receipt(), []string{` PAGE `, ` NUMPAGES `, "SY-2026-0007　第"}},
		"rare":    {rare, []string{"𠮷垚、㛃淏旻、䶮先生，&lt;b&gt;&amp;"}},
		"empty":   {&paper.Document{}, []string{`<w:sectPr>`}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file, parts := docx(t, row.d)
			again, _ := docx(t, row.d)
			if !bytes.Equal(file, again) {
				t.Error("the same document gives other bytes")
			}
			var all strings.Builder
			for name, text := range parts {
				all.WriteString(text)
				for d := xml.NewDecoder(strings.NewReader(text)); ; {
					if _, err := d.Token(); errors.Is(err, io.EOF) {
						break
					} else if err != nil {
						t.Fatalf("%s: %v", name, err)
					}
				}
			}
			for _, want := range row.want {
				if !strings.Contains(all.String(), want) {
					t.Errorf("no %s", want)
				}
			}
			if strings.Contains(parts["word/document.xml"], "987650") {
				t.Error("a field was not put in its place")
			}
		})
	}
}

// TestMissingInDOCX: what stops a document stops it in every format.
func TestMissingInDOCX(t *testing.T) {
	t.Parallel()
	d := receipt()
	d.Annexes = []paper.Annex{{Title: "名单", Body: []paper.Block{paper.Table{Columns: []paper.Column{{Head: "名\U0003FFFD", Width: 1}}}}}}
	if _, err := paper.TypesetIn(d, paper.Fonts(t)); fault.CodeOf(err) != "paper.characters" || !strings.Contains(err.Error(), "U+3FFFD") {
		t.Errorf("got %v", err)
	}
}
