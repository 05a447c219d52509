package casework_test

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
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
	testkit.Errands(m, map[string]func(context.Context, []byte) error{asSubmitter: submits})
}

// submission is what such a process is to submit.
type submission struct {
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
	var e submission
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

// TestKilledWhileSubmitting kills a process at its writes and at each time that it
// waits for the disk. What it acknowledged is there; what it did not is
// there in full or not at all; and the record holds (trust.md §8).
func TestKilledWhileSubmitting(t *testing.T) {
	t.Parallel()
	if testkit.Engine() != "sqlite" {
		return // the database that writes is another process then
	}
	w := testkit.New(t)
	r := w.OpenRound()
	e := submission{Now: w.Now()}
	for range 2 {
		key := w.Drafted(r)
		e.Files = append(e.Files, filing{key, w.ApplicantOf(w.ApplicationOf(key).Organisation)})
	}
	testkit.Errand{
		Name: asSubmitter, Copy: w.CopyTo,
		Todo: func(dir string) string {
			e.Place = filepath.Join(dir, "shifan.db")
			todo, err := json.Marshal(e)
			if err != nil {
				t.Fatal(err)
			}
			return string(todo)
		},
	}.Killed(t, map[string]int{"pwrite64": 7, "fsync": 1, "write": 1}, func(t *testing.T, dir, said string, killed bool) {
		left, done := testkit.On(t, filepath.Join(dir, "shifan.db"), e.Now), strings.Fields(said)
		if !killed && len(done) != len(e.Files) {
			t.Errorf("unharmed, it submitted %v", done)
		}
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
}
