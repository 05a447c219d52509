package web_test

import (
	"archive/zip"
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"shifan/internal/archive"
	"shifan/internal/testkit"
)

// TestAnArchivePackageByItsPage: the director takes it once the round is concluded, and
// unpacked it verifies; before that nobody is offered it.
func TestAnArchivePackageByItsPage(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	key := w.OpenRound()
	at := "/rounds/" + string(key)
	director := w.Browser(w.Office().Director)
	if page := director.Get(at).Want(200); strings.Contains(page.Body, "下载归档包") {
		t.Error("it is offered while the round runs")
	}
	director.Post(at+"/archive").Want(409, "还没有办结")
	w.At("2021-12-01")
	director = w.Browser(w.Office().Director)
	clerk := w.Browser(w.Office().Clerk)
	director.Post(at + "/conclude").Want(303)
	if page := clerk.Get(at).Want(200); strings.Contains(page.Body, "下载归档包") {
		t.Error("it is offered to a clerk")
	}
	director.Get(at).Want(200, "下载归档包")
	sent := director.Post(at + "/archive").Want(200)
	r, err := zip.NewReader(strings.NewReader(sent.Body), int64(len(sent.Body)))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	root := ""
	for _, f := range r.File {
		in, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(in)
		to := filepath.Join(dir, filepath.FromSlash(f.Name))
		if err != nil || os.MkdirAll(filepath.Dir(to), 0o755) != nil || os.WriteFile(to, b, 0o600) != nil {
			t.Fatal(to, err)
		}
		root, _, _ = strings.Cut(f.Name, "/")
	}
	v, err := archive.Verify(filepath.Join(dir, root))
	if err != nil || !v.Holds() || v.Manifest.Round != string(key) || v.Manifest.State != "concluded" {
		t.Errorf("%s: %+v %v", root, v, err)
	}
	if !bytes.Contains([]byte(sent.Header.Get("Content-Disposition")), []byte("attachment")) {
		t.Error(sent.Header)
	}
}
