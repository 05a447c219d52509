package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// shifan runs the command and returns its status and what it printed.
func shifan(args ...string) (status int, stdout, stderr string) {
	var out, err strings.Builder
	status = run(args, &out, &err)
	return status, out.String(), err.String()
}

func TestCalendarAdd(t *testing.T) {
	t.Parallel()
	empty := t.TempDir()
	for _, tt := range []struct {
		args   string
		status int
		stdout string
		stderr string
	}{
		{"2021-09-14 5", exitDone, "2021-09-22\n", ""},
		{"2021-09-14 5 --count-first-day", exitDone, "2021-09-18\n", ""},
		{"--count-first-day 2021-09-14 5", exitDone, "2021-09-18\n", ""},
		{"2026-12-28 5", exitUnknown, "", "2027年"},
		{"2026-12-28 3", exitDone, "2026-12-31\n", ""},
		{"2026-12-28 2000", exitUsage, "", "1到1000"},
		{"2021-02-30 5", exitUsage, "", "2021-02-30"},
		{"２０２１-09-14 5", exitUsage, "", "不是有效日期"},
		{"2021-09-14 five", exitUsage, "", "不是整数"},
		{"2021-09-14 0", exitUsage, "", "工作日数"},
		{"2021-09-14", exitUsage, "", "usage"},
	} {
		status, stdout, stderr := shifan(append([]string{"calendar", "add", "--data", empty}, strings.Fields(tt.args)...)...)
		if status != tt.status || stdout != tt.stdout || !strings.Contains(stderr, tt.stderr) {
			t.Errorf("add %s: status %d, %q, %q; want %d, %q, %q", tt.args, status, stdout, stderr, tt.status, tt.stdout, tt.stderr)
		}
	}
}

func TestCalendarImport(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file, data := filepath.Join(dir, "2027.json"), filepath.Join(dir, "data")
	text := `{"year":2027,"papers":["关于2027年部分节假日安排的通知"],"days":[
		{"name":"元旦","date":"2027-01-01","isOffDay":true},{"name":"元旦","date":"2027-01-04","isOffDay":true},{"name":"元旦","date":"2027-01-02","isOffDay":false}]}`
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if status, stdout, stderr := shifan("calendar", "import", file, "--data", data); status != exitDone || !strings.HasPrefix(stdout, "2027\t") {
		t.Fatal(status, stdout, stderr)
	}
	if status, stdout, stderr := shifan("calendar", "add", "2026-12-28", "5", "--data", data); status != exitDone || stdout != "2027-01-05\n" {
		t.Error(status, stdout, stderr)
	}
	if status, _, stderr := shifan("calendar", "import", file, "--data", data); status != exitNot || !strings.Contains(stderr, "已经在用") {
		t.Error(status, stderr)
	}
	if status, _, _ := shifan("calendar", "import", filepath.Join(dir, "none.json"), "--data", data); status != exitUsage {
		t.Error("a file that is not there:", status)
	}
	if err := os.WriteFile(file, []byte(strings.Replace(text, "2027-01-04", "2027-02-30", 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	if status, _, stderr := shifan("calendar", "import", file, "--data", data); status != exitUsage || !strings.Contains(stderr, "2027-02-30") {
		t.Error(status, stderr)
	}
}
