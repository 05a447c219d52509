package testkit

import (
	"bytes"
	"errors"
	"mime/multipart"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"shifan/internal/paper/font"
)

// Judge runs a program that judges documents and returns what it says. Where it is
// not installed, or the program has no fonts, the test is skipped, and fails where
// CI is set.
func (w *World) Judge(name string, args ...string) string {
	w.Helper()
	path, err := exec.LookPath(name)
	if _, absent := font.Embedded(); absent != nil {
		err = errors.Join(err, absent)
	}
	if err != nil && os.Getenv("CI") == "" {
		w.Skip("NOT TESTED, make tools: ", err)
	}
	if err != nil {
		w.Fatal(err)
	}
	out, err := exec.CommandContext(w.Context(), path, args...).CombinedOutput()
	if err != nil {
		w.Fatalf("%s: %v\n%s", name, err, out)
	}
	return string(out)
}

// Fonts says that a test sets documents: without fonts it is skipped, and fails
// where CI is set.
func (w *World) Fonts() {
	w.Helper()
	if _, err := font.Embedded(); err != nil {
		if os.Getenv("CI") == "" {
			w.Skip("NOT TESTED, make assets: ", err)
		}
		w.Fatal(err)
	}
}

// Leaf writes a document to a file for Judge and returns its path.
func (w *World) Leaf(pdf []byte) string {
	w.Helper()
	if !bytes.HasPrefix(pdf, []byte("%PDF-1.7")) {
		w.Fatalf("no PDF: %.20q", pdf)
	}
	dir := w.TempDir()
	if keep := os.Getenv("SHIFAN_KEEP"); keep != "" {
		dir = keep
	}
	f, err := os.CreateTemp(dir, strings.ReplaceAll(w.Name(), "/", "-")+"-*.pdf")
	if err != nil {
		w.Fatal(err)
	}
	defer f.Close()
	if _, err := f.Write(pdf); err != nil {
		w.Fatal(err)
	}
	return filepath.Clean(f.Name())
}

// Read returns the text of a document without blanks, in the order in which it is
// read.
func (w *World) Read(pdf []byte) string {
	w.Helper()
	return strings.Join(strings.Fields(w.Judge("pdftotext", "-raw", w.Leaf(pdf), "-")), "")
}

// Send sends a file as the only field of a form.
func (b *Browser) Send(path, field, name string, content []byte) *Page {
	b.w.Helper()
	var body bytes.Buffer
	m := multipart.NewWriter(&body)
	part, err := m.CreateFormFile(field, name)
	if err == nil {
		_, err = part.Write(content)
	}
	if err = errors.Join(err, m.Close()); err != nil {
		b.w.Fatal(err)
	}
	r, err := http.NewRequestWithContext(b.w.Context(), http.MethodPost, b.base+path, &body)
	if err != nil {
		b.w.Fatal(err)
	}
	r.Header.Set("Content-Type", m.FormDataContentType())
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return b.Do(r)
}
