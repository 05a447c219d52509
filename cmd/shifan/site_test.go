package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestSite: the public pages are written, what did not change is left alone, what is no longer
// public goes, and a folder with somebody else's files is not touched.
func TestSite(t *testing.T) {
	t.Parallel()
	dir, out := t.TempDir(), filepath.Join(t.TempDir(), "site")
	key := called(t, dir)
	shifan := func(args ...string) (int, string, string) {
		var stdout, stderr bytes.Buffer
		return run(append([]string{"site", "--data", dir, "--base-url", "https://sf.example.org", "--owner", "虚构的主办单位"}, args...), &stdout, &stderr), stdout.String(), stderr.String()
	}
	status, said, msg := shifan("--out", out)
	call := filepath.Join(out, "calls", string(key), "index.html")
	page, err := os.ReadFile(call)
	if status != exitDone || err != nil || !strings.Contains(string(page), "虚构的主办单位") || !strings.Contains(said, "删去0个") {
		t.Fatalf("%d %q %q %v", status, said, msg, err)
	}
	before, err := os.Stat(call)
	if err != nil {
		t.Fatal(err)
	}
	gone := filepath.Join(out, "calls", "gone", "index.html")
	if err := os.MkdirAll(filepath.Dir(gone), 0o700); err != nil {
		t.Fatal(err)
	}
	list := filepath.Join(out, siteList)
	known, err := os.ReadFile(list)
	if err != nil {
		t.Fatal(err)
	}
	for at, b := range map[string]string{gone: "was public once", list: string(known) + "calls/gone/index.html\n../" + filepath.Base(dir) + "\n"} {
		if err := os.WriteFile(at, []byte(b), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	status, said, msg = shifan("--out", out, "--json")
	if after, err := os.Stat(call); status != exitDone || err != nil || !after.ModTime().Equal(before.ModTime()) || !strings.Contains(said, `"removed": 1`) || !strings.Contains(said, `"written": 0`) {
		t.Errorf("%d %q %q %v", status, said, msg, err)
	}
	if _, err := os.Stat(gone); !os.IsNotExist(err) {
		t.Errorf("what is no longer public stays: %v", err)
	}
	if status, said, msg = shifan("--out", dir); status != exitUsage || said != "" || !strings.Contains(msg, "换一个空的文件夹") {
		t.Errorf("a folder with other files: %d %q %q", status, said, msg)
	}
}
