package main

import (
	"bytes"
	"strings"
	"testing"
)

func TestUser(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	shifan := func(args ...string) (status int, out, err string) {
		var stdout, stderr bytes.Buffer
		status = run(append([]string{"user"}, append(args, "--data", dir)...), &stdout, &stderr)
		return status, stdout.String(), stderr.String()
	}
	if status, out, err := shifan("add", "Li", "审核员02", "clerk"); status != exitDone || !strings.Contains(out, "/invitations/") {
		t.Fatalf("add: %d %q %q", status, out, err)
	}
	if status, _, err := shifan("add", "li", "审核员03", "clerk"); status != exitNot || err == "" {
		t.Errorf("a login that is taken: %d %q", status, err)
	}
	if status, _, err := shifan("add", "wang", "审核员03", "emperor"); status != exitNot || err == "" {
		t.Errorf("no such role: %d %q", status, err)
	}
	if status, out, _ := shifan("list"); status != exitDone || !strings.Contains(out, "li\t审核员02\tinvited\tclerk") {
		t.Errorf("list: %d %q", status, out)
	}
	if status, _, err := shifan("disable", "li"); status != exitDone {
		t.Errorf("disable: %d %q", status, err)
	}
	if _, out, _ := shifan("list"); !strings.Contains(out, "disabled") {
		t.Errorf("after disabling: %q", out)
	}
	for _, args := range [][]string{{"add", "x"}, {"disable"}, {"rename", "x"}} {
		if status, _, _ := shifan(args...); status != exitUsage {
			t.Errorf("%v: status %d, want %d", args, status, exitUsage)
		}
	}
}
