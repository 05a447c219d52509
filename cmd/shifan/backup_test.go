package main

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"shifan/internal/testkit"
)

func init() { backupWork = 1 } // the passphrases of tests need not be hard to try

// small is a data folder with an account, a file of its operator's and a passphrase.
func small(t *testing.T) (dir, secret string) {
	t.Helper()
	dir, secret = filepath.Join(t.TempDir(), "data"), filepath.Join(t.TempDir(), "passphrase")
	if status, _, msg := shifan("user", "add", "li", "审核员02", "clerk", "--data", dir); status != exitDone {
		t.Fatal(msg)
	}
	for name, text := range map[string]string{filepath.Join(dir, "note.txt"): "机房钥匙在三楼\n", secret: "correct horse battery staple\n"} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir, secret
}

// TestBackupRestore: a backup takes no file's place unless it is told to, stays out of
// the next backup, and becomes an installation in an empty folder and nowhere else.
func TestBackupRestore(t *testing.T) {
	t.Parallel()
	dir, secret := small(t)
	file := filepath.Join(dir, "a.age") // where it should not lie, and people put it
	want := func(code int, said string, args ...string) {
		t.Helper()
		status, out, msg := shifan(args...)
		if status != code || !strings.Contains(out+msg, said) {
			t.Errorf("%v: %d %s %s; want %d %s", args, status, out, msg, code, said)
		}
	}
	want(exitDone, "4个文件，存证日志2条", "backup", file, "--data", dir, "--passphrase-file", secret)
	before, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	want(exitNot, "没有覆盖", "backup", file, "--data", dir, "--passphrase-file", secret)
	if after, err := os.ReadFile(file); err != nil || !bytes.Equal(before, after) {
		t.Error("it was written over")
	}
	want(exitDone, "4个文件", "backup", file, "--force", "--data", dir, "--passphrase-file", secret)
	want(exitNot, "没有数据", "backup", file+"2", "--data", t.TempDir(), "--passphrase-file", secret)
	want(exitNot, "没有找到文件", "backup", file+"2", "--data", dir, "--passphrase-file", secret+"2")
	if i, err := os.Stat(file); err != nil || i.Mode().Perm() != 0o600 {
		t.Errorf("%v %v", i, err)
	}
	want(exitNot, "已有内容", "restore", file, "--data", dir, "--passphrase-file", secret)
	other := filepath.Join(t.TempDir(), "other")
	if err := os.WriteFile(other, []byte("another passphrase"), 0o600); err != nil {
		t.Fatal(err)
	}
	fresh, empty := filepath.Join(t.TempDir(), "deep", "fresh"), t.TempDir()
	want(exitNot, "口令不对", "restore", file, "--data", fresh, "--passphrase-file", other)
	if _, err := os.Stat(filepath.Dir(fresh)); err == nil {
		t.Error("something was written")
	}
	for _, to := range []string{fresh, empty} {
		want(exitDone, "全部相符", "restore", file, "--data", to, "--passphrase-file", secret)
		want(exitDone, "全部相符", "record", "verify", "--data", to)
		want(exitDone, "审核员02", "user", "list", "--data", to)
		if text, err := os.ReadFile(filepath.Join(to, "note.txt")); err != nil || string(text) != "机房钥匙在三楼\n" {
			t.Errorf("%q %v", text, err)
		}
		for _, name := range []string{"a.age", backupFile, restoring} {
			if _, err := os.Stat(filepath.Join(to, name)); err == nil {
				t.Errorf("%s came along", name)
			}
		}
	}
	want(exitNot, "已有内容", "restore", file, "--data", fresh, "--passphrase-file", secret)
	broken := append(bytes.Clone(before[:len(before)-9]), before[len(before)-8:]...)
	if err := os.WriteFile(file, broken, 0o600); err != nil {
		t.Fatal(err)
	}
	gone := filepath.Join(t.TempDir(), "gone")
	want(exitNot, "不完整", "restore", file, "--data", gone, "--passphrase-file", secret)
	if left, err := os.ReadDir(filepath.Dir(gone)); err != nil || len(left) > 0 {
		t.Errorf("%v was left: %v", left, err)
	}
}

// TestBackupKilled: a backup or a restore whose process is killed is whole or not there,
// and the next one succeeds.
func TestBackupKilled(t *testing.T) {
	t.Parallel()
	from, secret := small(t)
	base := filepath.Join(t.TempDir(), "base.age")
	args := func(word, file, dir string) []string {
		return []string{word, file, "--data", dir, "--passphrase-file", secret}
	}
	if status, _, msg := shifan(args("backup", base, from)...); status != exitDone {
		t.Fatal(msg)
	}
	whole := func(t *testing.T, file string) {
		t.Helper()
		if status, out, msg := shifan(args("restore", file, filepath.Join(t.TempDir(), "x"))...); status != exitDone || !strings.Contains(out, "全部相符") {
			t.Errorf("%s %s", out, msg)
		}
	}
	todo := func(word, file, to string) testkit.Errand {
		return testkit.Errand{
			Name: asShifan,
			Copy: func(string) error { return nil },
			Todo: func(dir string) string {
				return strings.Join(args(word, strings.ReplaceAll(file, "DIR", dir), strings.ReplaceAll(to, "DIR", dir)), " ")
			},
		}
	}
	todo("backup", "DIR/b.age", from).Killed(t, map[string]int{"renameat": 1, "fsync": 3}, func(t *testing.T, dir, _ string, killed bool) {
		file := filepath.Join(dir, "b.age")
		if _, err := os.Stat(file); err == nil {
			whole(t, file)
			return
		}
		if !killed {
			t.Error("there is none")
		}
		if status, _, msg := shifan(args("backup", file, from)...); status != exitDone {
			t.Errorf("the next: %s", msg)
		}
	})
	todo("restore", base, "DIR/data").Killed(t, map[string]int{"renameat": 2}, func(t *testing.T, dir, _ string, killed bool) {
		to := filepath.Join(dir, "data")
		if _, err := os.Stat(to); err != nil {
			if !killed {
				t.Error("there is none")
			}
			if status, _, msg := shifan(args("restore", base, to)...); status != exitDone {
				t.Errorf("the next: %s", msg)
			}
		}
		if status, out, msg := shifan("record", "verify", "--data", to); status != exitDone {
			t.Errorf("%s %s", out, msg)
		}
		left, err := os.ReadDir(dir)
		if err != nil || len(left) != 1 {
			t.Errorf("%v was left: %v", left, err)
		}
	})
}

// TestRoomCloses: in a folder that was there the database comes first and its key last.
func TestRoomCloses(t *testing.T) {
	t.Parallel()
	names := []string{"kind", keyFile, "files", "shifan.db"}
	slices.SortFunc(names, func(a, b string) int { return turn(b) - turn(a) })
	if names[0] != "shifan.db" || names[len(names)-1] != keyFile {
		t.Error(names)
	}
}
