package main

import (
	"bytes"
	"database/sql"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	_ "modernc.org/sqlite" // a test changes the database behind the program's back

	"shifan/internal/record"
)

func TestRecord(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	shifan := func(args ...string) (status int, out, err string) {
		var stdout, stderr bytes.Buffer
		status = run(append(args, "--data", dir), &stdout, &stderr)
		return status, stdout.String(), stderr.String()
	}
	if status, _, err := shifan("record", "verify"); status != exitNot || err == "" {
		t.Errorf("no data: %d %q", status, err)
	}
	for _, login := range []string{"li", "wang"} {
		if status, _, err := shifan("user", "add", login, "审核员02", "clerk"); status != exitDone {
			t.Fatal(err)
		}
	}
	if status, out, err := shifan("record", "verify"); status != exitDone || !strings.Contains(out, "全部相符") {
		t.Errorf("verify: %d %q %q", status, out, err)
	}
	if i, err := os.Stat(filepath.Join(dir, keyFile)); err != nil || i.Mode().Perm() != 0o600 {
		t.Errorf("the key: %v %v", i, err)
	}
	exported := filepath.Join(t.TempDir(), "record")
	if status, _, err := shifan("record", "export", exported); status != exitDone {
		t.Fatal(err)
	}
	checkpoint, err := os.ReadFile(filepath.Join(exported, "checkpoint"))
	if err != nil {
		t.Fatal(err)
	}
	verifier, err := os.ReadFile(filepath.Join(exported, "verifier"))
	if err != nil {
		t.Fatal(err)
	}
	c, err := record.OpenCheckpoint(string(checkpoint), strings.TrimSpace(string(verifier)))
	if err != nil || c.Size != 4 {
		t.Errorf("%+v %v", c, err)
	}
	for _, tl := range record.Tiles(c.Size) {
		if _, err := os.Stat(filepath.Join(exported, record.TilePath(tl.L, tl.N, tl.W))); err != nil {
			t.Error(err)
		}
	}
	prove(t, dir, shifan, strings.TrimSpace(string(verifier)))
	tampered(t, dir, shifan)
}

// prove proves an account's last entry, and reads the proof with the verifier only.
func prove(t *testing.T, dir string, shifan func(...string) (int, string, string), verifier string) {
	t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(dir, "shifan.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close() //nolint:errcheck // it was only read
	var account string
	if err := db.QueryRow("SELECT id FROM accounts WHERE login = 'li'").Scan(&account); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "p.tlog-proof")
	if status, _, err := shifan("record", "prove", account, "--out", file); status != exitDone {
		t.Fatal(err)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	p, err := record.ParseProof(string(text))
	if err != nil {
		t.Fatal(err)
	}
	if l, _, err := p.Verify(verifier); err != nil || l.Act != "account.invite" {
		t.Errorf("%+v %v", l, err)
	}
	if status, _, _ := shifan("record", "prove", "rnd_none", "--out", file); status != exitNot {
		t.Errorf("a thing that is not there: %d", status)
	}
	if status, _, _ := shifan("record", "prove", account); status != exitUsage {
		t.Errorf("no file: %d", status)
	}
}

// tampered changes the database by hand, and puts back an older copy.
func tampered(t *testing.T, dir string, shifan func(...string) (int, string, string)) {
	t.Helper()
	file := filepath.Join(dir, "shifan.db")
	older, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if status, _, err := shifan("user", "add", "zhao", "审核员03", "clerk"); status != exitDone {
		t.Fatal(err)
	}
	if status, _, err := shifan("record", "verify"); status != exitDone {
		t.Fatal(err)
	}
	newer, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, older, 0o600); err != nil {
		t.Fatal(err)
	}
	if status, out, _ := shifan("record", "verify"); status != exitNot || !strings.Contains(out, "比本机上次签名的检查点旧") {
		t.Errorf("an older copy: %d %q", status, out)
	}
	if status, _, err := shifan("user", "list"); status != exitNot || !strings.Contains(err, "record.checkpoint") {
		t.Errorf("an older copy is used: %d %q", status, err)
	}
	if err := os.WriteFile(file, newer, 0o600); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", file)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec("UPDATE accounts SET name = 'somebody' WHERE login = 'li'"); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	status, out, _ := shifan("record", "verify", "--json")
	var v struct {
		Holds       bool
		First       int64 `json:"first_entry"`
		Differences []struct{ Table, Key string }
	}
	if err := json.Unmarshal([]byte(out), &v); err != nil {
		t.Fatal(err, out)
	}
	if status != exitNot || v.Holds || v.First < 0 || len(v.Differences) != 1 || v.Differences[0].Table != "accounts" || !strings.HasPrefix(v.Differences[0].Key, "acc_") {
		t.Errorf("%d %s", status, out)
	}
}
