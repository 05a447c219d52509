package casework_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"shifan/internal/casework"
	"shifan/internal/id"
	"shifan/internal/lifecycle/application"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/store"
	"shifan/internal/testkit"
)

// asSubmitter makes the test's own binary a process that submits, and can be killed.
const asSubmitter = "SHIFAN_TEST_SUBMITS"

func TestMain(m *testing.M) {
	if todo := os.Getenv(asSubmitter); todo != "" {
		if err := submits(context.Background(), []byte(todo)); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// errand is what such a process is to submit.
type errand struct {
	Place string
	Now   time.Time
	Files []filing
}

type filing struct {
	Application id.Application
	By          stage.Actor
}

// submits submits one application after the other, and says each that is done.
func submits(ctx context.Context, todo []byte) error {
	var e errand
	if err := json.Unmarshal(todo, &e); err != nil {
		return err
	}
	s, err := store.Open(ctx, e.Place)
	if err != nil {
		return err
	}
	s.Guard(store.Promises())
	d := &casework.Desk{Store: s, Now: func() time.Time { return e.Now }, Rand: rand.Reader}
	for n, f := range e.Files {
		if err := d.SubmitApplication(ctx, f.By, f.Application, 0, "form"+strconv.Itoa(n)); err != nil {
			return err
		}
		fmt.Println(f.Application)
	}
	return s.Close()
}

// everyCall makes the test kill at every call and not at every third write.
const everyCall = "SHIFAN_TEST_EVERY_CALL"

// TestKilledWhileSubmitting kills a process at its writes and at each time that it
// waits for the disk. What it acknowledged is there; what it did not is
// there in full or not at all; and the record holds (trust.md §8). strace counts the
// calls of each thread for itself.
func TestKilledWhileSubmitting(t *testing.T) {
	t.Parallel()
	strace, err := exec.LookPath("strace")
	if err != nil {
		t.Fatalf("strace is missing: scripts/tools installs it (%v)", err)
	}
	if testkit.Engine() != "sqlite" {
		return // the database that writes is another process then
	}
	w := testkit.New(t)
	r := w.OpenRound()
	e := errand{Now: w.Now()}
	for range 2 {
		key := w.Drafted(r)
		e.Files = append(e.Files, filing{key, w.ApplicantOf(w.ApplicationOf(key).Organisation)})
	}
	for call, step := range map[string]int{"pwrite64": 3, "fsync": 1, "fdatasync": 1, "write": 1} {
		if os.Getenv(everyCall) != "" {
			step = 1
		}
		kills := 0
		for n := 1; ; n += step {
			done, killed := runKilled(t, strace, w, e, call, n)
			if !killed {
				if len(done) != len(e.Files) {
					t.Errorf("%s %d: unharmed, it submitted %v", call, n, done)
				}
				break
			}
			kills++
		}
		t.Logf("%s: killed %d times", call, kills)
		if kills == 0 && call == "pwrite64" {
			t.Error("it never writes")
		}
	}
}

// runKilled lets a process submit on a copy of the world, kills it at its n-th call
// of a kind, and looks at what it left behind.
func runKilled(t *testing.T, strace string, w *testkit.World, e errand, call string, n int) (done []string, killed bool) {
	t.Helper()
	e.Place = filepath.Join(t.TempDir(), "shifan.db")
	for _, tail := range []string{"", "-wal"} {
		b, err := os.ReadFile(w.Where() + tail)
		if err == nil {
			err = os.WriteFile(e.Place+tail, b, 0o600)
		}
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			t.Fatal(err)
		}
	}
	todo, err := json.Marshal(e)
	if err != nil {
		t.Fatal(err)
	}
	c := exec.CommandContext(t.Context(), strace, "-f", "-qq", "-o", os.DevNull, "-e", "trace="+call, "-e", fmt.Sprintf("inject=%s:signal=SIGKILL:when=%d", call, n), os.Args[0])
	c.Env = append(os.Environ(), asSubmitter+"="+string(todo), "GOMAXPROCS=1")
	var stdout, stderr bytes.Buffer
	c.Stdout, c.Stderr = &stdout, &stderr
	err = c.Run()
	if killed = err != nil; killed && stderr.Len() > 0 {
		t.Fatalf("%s %d: %v %s", call, n, err, stderr.String())
	}
	done = strings.Fields(stdout.String())
	t.Run(fmt.Sprintf("%s-%d", call, n), func(t *testing.T) {
		left := testkit.On(t, e.Place, e.Now)
		for _, f := range e.Files {
			a := left.ApplicationOf(f.Application)
			told := slices.ContainsFunc(left.Record(string(f.Application)), func(l string) bool { return strings.HasPrefix(l, "application.submit ") })
			switch submitted := a.State == application.Submitted; {
			case slices.Contains(done, string(f.Application)) && !submitted:
				t.Errorf("%s was acknowledged and is %s", f.Application, a.State)
			case submitted != told || submitted == a.SubmittedAt.IsZero() || submitted != (a.Number != ""):
				t.Errorf("%s is half done: %s, number %q, record %v", f.Application, a.State, a.Number, left.Record(string(f.Application)))
			}
		}
	})
	return done, killed
}
