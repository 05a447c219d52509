package testkit

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// everyCall makes tests kill at every call of a process and not at some of them.
const everyCall = "SHIFAN_TEST_EVERY_CALL"

// Errand is what a process is to do that may be killed: the test's own binary again,
// with Todo in the environment variable Name, which its TestMain looks for.
type Errand struct {
	Name string
	Todo func(dir string) string // what to do on a copy of the world in a folder
	Copy func(dir string) error  // makes that copy
}

// Killed has a process do an errand again and again, each time on a fresh copy of the
// world, and kills it at the first call of a kind, then at one some steps later, until
// it comes to its end unharmed. look is told each time what the process said,
// and looks at what it left behind. strace counts the calls of each thread for itself;
// the process has one that runs Go code at a time.
//
// Every call that is named must kill at least once, so that none is named in vain.
func (e Errand) Killed(t *testing.T, steps map[string]int, look func(t *testing.T, dir, said string, killed bool)) {
	t.Helper()
	strace, err := exec.LookPath("strace")
	if err != nil {
		t.Fatalf("strace is missing: scripts/tools installs it (%v)", err)
	}
	calm := false // whether it was seen unharmed: once is enough
	for _, call := range slices.Sorted(maps.Keys(steps)) {
		step, kills := steps[call], 0
		if os.Getenv(everyCall) != "" {
			step = 1
		}
		for n := 1; ; n += step {
			dir := t.TempDir()
			said, killed := e.killed(t, strace, dir, call, n)
			if killed || !calm {
				t.Run(fmt.Sprintf("%s-%d", call, n), func(t *testing.T) { look(t, dir, said, killed) })
			}
			if !killed {
				calm = true
				break
			}
			kills++
		}
		t.Logf("%s: killed %d times", call, kills)
		if kills == 0 {
			t.Errorf("it never calls %s", call)
		}
	}
}

// killed does the errand once, and kills it at its n-th call of a kind.
func (e Errand) killed(t *testing.T, strace, dir, call string, n int) (said string, killed bool) {
	t.Helper()
	if err := e.Copy(dir); err != nil {
		t.Fatal(err)
	}
	c := exec.CommandContext(t.Context(), strace, "-f", "-qq", "-o", os.DevNull, "-e", "trace="+call, "-e", fmt.Sprintf("inject=%s:signal=SIGKILL:when=%d", call, n), os.Args[0])
	c.Env = append(os.Environ(), e.Name+"="+e.Todo(dir), "GOMAXPROCS=1")
	var stdout, stderr bytes.Buffer
	c.Stdout, c.Stderr = &stdout, &stderr
	err := c.Run()
	if killed = err != nil; killed && stderr.Len() > 0 {
		t.Fatalf("%s %d: %v %s", call, n, err, stderr.String())
	}
	return stdout.String(), killed
}

// CopyTo copies the world's database into a folder, as it is at the moment: the file
// and its write-ahead log. It works on SQLite only: elsewhere the process that writes
// is another.
func (w *World) CopyTo(dir string) error {
	for _, tail := range []string{"", "-wal"} {
		b, err := os.ReadFile(w.place + tail)
		if err == nil {
			err = os.WriteFile(filepath.Join(dir, "shifan.db"+tail), b, 0o600)
		}
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// Errands is the TestMain of a package with errands: it does the one that the
// environment names, or runs the tests.
func Errands(m *testing.M, errands map[string]func(ctx context.Context, todo []byte) error) {
	for name, do := range errands {
		todo := os.Getenv(name)
		if todo == "" {
			continue
		}
		if err := do(context.Background(), []byte(todo)); err != nil {
			fmt.Fprintln(os.Stderr, strings.TrimSpace(err.Error()))
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}
