package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"shifan/internal/paper"
	"shifan/internal/paper/font"
)

// TestPaperCheck: a document that holds ends with 0, one that does not with 1, and what
// cannot be measured with 3, each with its words.
func TestPaperCheck(t *testing.T) {
	t.Parallel()
	if _, err := font.Embedded(); err != nil && os.Getenv("CI") == "" {
		t.Skip("NOT TESTED without fonts: make assets")
	}
	p, err := paper.Typeset(&paper.Document{Title: "补正通知书", Number: "松社联党发〔2026〕8号", Body: []paper.Block{paper.Paragraph{Text: "以下内容需要补正。"}}})
	if err != nil {
		t.Fatal(err)
	}
	docx, err := p.DOCX()
	if err != nil {
		t.Fatal(err)
	}
	p, err = paper.Typeset(&paper.Document{Title: "补正通知书", Number: "松社联党发[2026]8号", Body: []paper.Block{paper.Paragraph{Text: "以下内容需要补正。"}}})
	if err != nil {
		t.Fatal(err)
	}
	wrong, err := p.DOCX()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for _, row := range []struct {
		name   string
		file   []byte
		status int
		want   string
	}{
		{"right.docx", docx, exitDone, "不符0项"},
		{"wrong.docx", wrong, exitNot, "不符\t7.2.5\t发文字号写法"},
		{"text.pdf", []byte("不是PDF"), exitUnknown, "既不是PDF，也不是DOCX"},
	} {
		name := filepath.Join(dir, row.name)
		if err := os.WriteFile(name, row.file, 0o600); err != nil {
			t.Fatal(err)
		}
		var out, msg bytes.Buffer
		if got := run([]string{"paper", "check", name}, &out, &msg); got != row.status || !strings.Contains(out.String()+msg.String(), row.want) {
			t.Errorf("%s: status %d, %s%s", row.name, got, &out, &msg)
		}
		if row.status == exitUnknown {
			continue
		}
		out.Reset()
		var said struct {
			Holds bool
			Lines []struct{ Clause, Expected, Measured, Result string }
		}
		if got := run([]string{"paper", "check", name, "--json"}, &out, &msg); got != row.status {
			t.Errorf("%s: status %d with --json", row.name, got)
		}
		if err := json.Unmarshal(out.Bytes(), &said); err != nil || said.Holds != (row.status == exitDone) || len(said.Lines) < 8 || said.Lines[0].Clause != "5.1" {
			t.Errorf("%s: %v, %+v", row.name, err, said)
		}
	}
}
