package evidence_test

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"shifan/internal/evidence"
	"shifan/internal/play"
)

// reader is shared: it compiles the renderer of PDFs once.
var reader = &evidence.Reader{Cache: evidence.UserCache()}

func textOf(t *testing.T, k evidence.Kind, b []byte) ([]string, error) {
	t.Helper()
	return reader.Text(t.Context(), k, bytes.NewReader(b), int64(len(b)))
}

// TestText: what a file says, by page; a scan says nothing.
func TestText(t *testing.T) {
	t.Parallel()
	var lines []string
	for range 40 {
		lines = append(lines, "第一条  本会坚持党的全面领导。")
	}
	pages, err := textOf(t, evidence.PDF, play.PDF("𠮷林省协会章程", append(lines, "最后一条")...))
	if err != nil || len(pages) != 2 || !strings.Contains(pages[0], "协会章程") || !strings.Contains(pages[0], "本会坚持党的全面领导。") || !strings.Contains(pages[1], "最后一条") {
		t.Errorf("%q %v", pages, err)
	}
	pages, err = textOf(t, evidence.DOCX, office("docx", "word/document.xml", `<w:document xmlns:w="w"><w:p><w:r><w:t>第一</w:t></w:r><w:r><w:t>条</w:t></w:r></w:p><w:p><w:t>第二条</w:t></w:p></w:document>`,
		"word/footer1.xml", `<w:ftr xmlns:w="w"><w:p><w:t>页脚</w:t></w:p></w:ftr>`, "word/styles.xml", `<w:t xmlns:w="w">不是正文</w:t>`))
	if err != nil || len(pages) != 1 || !strings.Contains(pages[0], "第一条\n第二条\n") || !strings.Contains(pages[0], "页脚") || strings.Contains(pages[0], "不是正文") {
		t.Errorf("%q %v", pages, err)
	}
	pages, err = textOf(t, evidence.XLSX, office("xlsx", "xl/sharedStrings.xml", `<sst><si><t>姓名</t></si><si><r><t>电</t></r><r><t>话</t></r></si></sst>`,
		"xl/worksheets/sheet1.xml", `<worksheet><row><c t="s"><v>0</v></c><c t="s"><v>1</v></c></row><row><c t="inlineStr"><is><t>某人</t></is></c><c><v>13800000000</v></c></row></worksheet>`))
	if err != nil || len(pages) != 1 || pages[0] != "姓名 电话 \n某人 13800000000 \n" {
		t.Errorf("%q %v", pages, err)
	}
	if _, err := textOf(t, evidence.PDF, onePage("")); !evidence.IsPicture(err) {
		t.Errorf("a scan: %v", err)
	}
	if _, err := textOf(t, evidence.PDF, []byte("%PDF-1.4 nothing")); err == nil || evidence.IsPicture(err) {
		t.Errorf("no PDF: %v", err)
	}
	done, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := reader.Text(done, evidence.PDF, bytes.NewReader(play.PDF("x")), int64(len(play.PDF("x")))); err == nil {
		t.Error("who is in a hurry got an answer")
	}
	// The next file has a sandbox of its own.
	if pages, err := textOf(t, evidence.PDF, play.PDF("好的")); err != nil || !strings.Contains(pages[0], "好的") {
		t.Errorf("%q %v", pages, err)
	}
}

// BenchmarkText reads a PDF of 50 pages of Chinese, and has pdftotext read it (issue 3).
func BenchmarkText(b *testing.B) {
	var lines []string
	for range 50 * 30 {
		lines = append(lines, strings.Repeat("坚持党的全面领导", 4))
	}
	pdf := play.PDF("五十页", lines...)
	b.Run("here", func(b *testing.B) {
		for b.Loop() {
			ctx, cancel := context.WithTimeout(b.Context(), time.Minute)
			pages, err := reader.Text(ctx, evidence.PDF, bytes.NewReader(pdf), int64(len(pdf)))
			cancel()
			if err != nil || len(pages) < 50 {
				b.Fatal(len(pages), err)
			}
		}
	})
	b.Run("pdftotext", func(b *testing.B) {
		at := filepath.Join(b.TempDir(), "fifty.pdf")
		if err := os.WriteFile(at, pdf, 0o600); err != nil {
			b.Fatal(err)
		}
		for b.Loop() {
			text, err := exec.CommandContext(b.Context(), "pdftotext", at, "-").Output()
			if err != nil || bytes.Count(text, []byte("\f")) < 50 {
				b.Fatal(bytes.Count(text, []byte("\f")), err)
			}
		}
	})
}
