package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"shifan/internal/calendar"
	"shifan/internal/casework"
	"shifan/internal/id"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/testkit"
	"shifan/programmes"
)

// called publishes a call in a folder of real data, on 21 June 2021.
func called(t *testing.T, dir string) id.Round {
	t.Helper()
	d := data{dir: dir}
	desk, err := d.open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer desk.Store.Close() //nolint:errcheck // what was written is committed
	desk.Now = func() time.Time { return calendar.MustDate("2021-06-21").Start().Add(9 * time.Hour) }
	text, _ := programmes.Text(shippedFirst)
	name, err := desk.LoadProgramme(t.Context(), casework.Console, text)
	if err != nil {
		t.Fatal(err)
	}
	key, err := desk.DraftRound(t.Context(), casework.ConsoleOffice, name, testkit.Plan2021())
	if err != nil {
		t.Fatal(err)
	}
	v, err := desk.Round(t.Context(), casework.ConsoleOffice, key)
	if err != nil {
		t.Fatal(err)
	}
	var noted []string
	for _, n := range v.Warnings {
		noted = append(noted, n.Code)
	}
	if err := desk.PublishRound(t.Context(), stage.Actor{Account: "acc_head", Role: stage.Director}, key, noted); err != nil {
		t.Fatal(err)
	}
	return key
}

// TestArchive: a package is made, verifies with nothing else there, and is not made over
// another; what was changed is told by file, with the status that the surface promises.
func TestArchive(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	key := called(t, dir)
	shifan := func(args ...string) (int, string, string) {
		var stdout, stderr bytes.Buffer
		status := run(append([]string{"archive"}, args...), &stdout, &stderr)
		return status, stdout.String(), stderr.String()
	}
	out := filepath.Join(t.TempDir(), "包")
	for _, args := range [][]string{{}, {string(key)}, {"verify"}, {"verify", out}, {"verify", out, "--nothing"}, {"rnd_nobody", "--out", out, "--data", dir}, {"verify", "a", "b"}} {
		if status, _, stderr := shifan(args...); status != exitUsage || stderr == "" {
			t.Errorf("%v: %d %q", args, status, stderr)
		}
	}
	if _, _, stderr := shifan("rnd_nobody", "--out", out, "--data", dir); !strings.Contains(stderr, string(key)) {
		t.Errorf("it does not say which rounds there are: %s", stderr)
	}
	if status, _, stderr := shifan(string(key), "--out", out, "--data", t.TempDir()); status != exitNot || !strings.Contains(stderr, "没有数据") {
		t.Errorf("no data: %d %s", status, stderr)
	}
	status, made, stderr := shifan(string(key), "--out", out, "--data", dir, "--json")
	var said struct{ Manifest, Verifier string }
	if err := json.Unmarshal([]byte(made), &said); status != exitDone || err != nil || len(said.Manifest) != 64 {
		t.Fatalf("%d %s %s %v", status, made, stderr, err)
	}
	if status, _, _ := shifan(string(key), "--out", out, "--data", dir); status != exitUsage {
		t.Errorf("over another package: %d", status)
	}
	if status, text, _ := shifan("verify", out); status != exitDone || !strings.Contains(text, "全部相符") || !strings.Contains(text, said.Manifest) || !strings.Contains(text, said.Verifier) {
		t.Errorf("%d %s", status, text)
	}
	if status, text, _ := shifan("verify", out, "--verifier", said.Verifier, "--manifest", said.Manifest); status != exitDone {
		t.Errorf("compared with what is known: %d %s", status, text)
	}
	if status, text, _ := shifan("verify", out, "--verifier", "other+00000000+A"); status != exitNot || !strings.Contains(text, "另一把公钥") {
		t.Errorf("another key: %d %s", status, text)
	}
	if status, text, _ := shifan("verify", out, "--manifest", strings.Repeat("0", 64)); status != exitNot || !strings.Contains(text, "manifest.json") {
		t.Errorf("another manifest: %d %s", status, text)
	}
	name := filepath.Join(out, "00方案和通知", "通知.txt")
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	b[len(b)/2] ^= 1
	if err := os.WriteFile(name, b, 0o600); err != nil {
		t.Fatal(err)
	}
	if status, text, _ := shifan("verify", out); status != exitNot || text != "00方案和通知/通知.txt\t内容被改动过。\n" {
		t.Errorf("a flipped bit: %d %s", status, text)
	}
	status, text, _ := shifan("verify", out, "--json")
	var report struct {
		Holds    bool
		Problems []struct{ Path, Say string }
	}
	if err := json.Unmarshal([]byte(text), &report); status != exitNot || err != nil || report.Holds || len(report.Problems) != 1 || report.Problems[0].Path != "00方案和通知/通知.txt" {
		t.Errorf("%d %s %v", status, text, err)
	}
}

// TestDesignationImport: what would come in is told by row, and comes in.
func TestDesignationImport(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	called(t, dir)
	file := filepath.Join(t.TempDir(), "往年.csv")
	text := "信用代码,单位名称,编号,命名文号,命名日期,登记管理机关,成立登记日期\n51220000MJ0000018T,吉林省甲协会,第1号,吉社联党发〔2020〕3号,2020-02-29,吉林省民政厅,2010-03-01\n"
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	shifan := func(args ...string) (int, string, string) {
		var stdout, stderr bytes.Buffer
		status := run(append([]string{"designation"}, args...), &stdout, &stderr)
		return status, stdout.String(), stderr.String()
	}
	for _, args := range [][]string{{}, {"import"}, {"conjure"}, {"import", file, "--list", "x"}, {"import", filepath.Join(dir, "none.csv"), "--data", dir}} {
		if status, _, stderr := shifan(args...); status != exitUsage || stderr == "" {
			t.Errorf("%v: %d %q", args, status, stderr)
		}
	}
	for n, args := range [][]string{{"--dry-run"}, {"--dry-run", "--json"}, {}, {}} {
		want := []string{"2\t新增\t51220000MJ0000018T\t吉林省甲协会\t一并建档；编号第1号", `"result": "added"`, "2\t新增\t", "2\t不变\t"}[n]
		if status, out, stderr := shifan(append([]string{"import", file, "--data", dir}, args...)...); status != exitDone || !strings.Contains(out, want) {
			t.Errorf("%v: %d %s %s", args, status, out, stderr)
		}
	}
	// What was given outside the system has a package of its own, which verifies.
	archived := func(args ...string) (int, string, string) {
		var stdout, stderr bytes.Buffer
		status := run(append([]string{"archive"}, args...), &stdout, &stderr)
		return status, stdout.String(), stderr.String()
	}
	out := filepath.Join(t.TempDir(), "包")
	if status, _, stderr := archived("former", "nothing", "--out", out, "--data", dir); status != exitUsage || !strings.Contains(stderr, shippedFirst) {
		t.Errorf("an unknown programme: %d %s", status, stderr)
	}
	for _, args := range [][]string{{"former"}, {"former", "--out", out}, {"former", shippedFirst}} {
		if status, _, stderr := archived(args...); status != exitUsage || stderr == "" {
			t.Errorf("%v: %d %q", args, status, stderr)
		}
	}
	if status, _, stderr := archived("former", shippedFirst, "--out", out, "--data", dir); status != exitDone {
		t.Fatalf("%d %s", status, stderr)
	}
	if status, said, _ := archived("verify", out); status != exitDone || !strings.Contains(said, "系统外命名的称号") {
		t.Errorf("%d %s", status, said)
	}
	if b, err := os.ReadFile(filepath.Join(out, "06命名", "系统外命名的称号名册.csv")); err != nil || !strings.Contains(string(b), "吉社联党发〔2020〕3号") {
		t.Errorf("%s %v", b, err)
	}
	if err := os.WriteFile(file, []byte(strings.Replace(text, "2020-02-29", "2021-02-29", 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	if status, out, _ := shifan("import", file, "--data", dir); status != exitNot || !strings.Contains(out, "2\t有误\t51220000MJ0000018T\t吉林省甲协会\t命名日期：") {
		t.Errorf("%d %s", status, out)
	}
}
