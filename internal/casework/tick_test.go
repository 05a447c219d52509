package casework_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"shifan/internal/calendar"
	"shifan/internal/casework"
	"shifan/internal/fault"
	"shifan/internal/testkit"
)

// TestTwoNodesTickAtOnce: two servers on one database do what is due at the same
// moment, several times; each thing happens once.
func TestTwoNodesTickAtOnce(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	r := w.OpenRound()
	drafts := []string{string(w.Drafted(r)), string(w.Drafted(r)), string(w.Drafted(r))}
	before := len(w.Entries(""))
	w.Jump(calendar.MustDate("2021-07-11").Start().Add(time.Second))
	nodes := []*casework.Desk{w.Desk, w.Node()}
	var all sync.WaitGroup
	for _, n := range nodes {
		for range 3 {
			all.Go(func() {
				if _, err := n.Tick(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
	}
	all.Wait()
	closed := 0
	for _, line := range w.Record(string(r)) {
		if strings.HasPrefix(line, "round.close ") {
			closed++
		}
	}
	if closed != 1 {
		t.Errorf("the round was closed %d times: %v", closed, w.Record(string(r)))
	}
	for _, d := range drafts {
		lines := w.Record(d)
		once := slices.Compact(slices.Clone(lines))
		if !slices.Equal(lines, once) || len(lines) < 2 {
			t.Errorf("%s: %v", d, lines)
		}
	}
	// Nothing is left to do.
	after := len(w.Entries(""))
	for _, n := range nodes {
		if acts, err := n.Tick(t.Context()); acts != 0 || err != nil {
			t.Errorf("%d acts were left, %v", acts, err)
		}
	}
	if got := len(w.Entries("")); got != after || after == before {
		t.Errorf("%d entries before, %d after, %d at the end", before, after, got)
	}
}

// TestOneFailureHoldsUpNoOther: what one chapter cannot do is told, and the clock's work
// in the others is done all the same.
func TestOneFailureHoldsUpNoOther(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	broken := errors.New("a row that nobody can read")
	does := func(n int, err error) func(context.Context, time.Time) (int, error) {
		return func(context.Context, time.Time) (int, error) { return n, err }
	}
	acts, err := w.Desk.Each(t.Context(), does(1, nil), does(2, broken), does(4, nil))
	if acts != 7 || !errors.Is(err, broken) {
		t.Errorf("%d acts, %v: want 7, and the failure told", acts, err)
	}
}

// TestOneThingHoldsUpNoOther: what cannot be done for one thing is told, and done for the
// others; when nothing can be done the rest waits for the next time.
func TestOneThingHoldsUpNoOther(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	broken := errors.New("a thing that nobody can mend")
	done := ""
	acts, err := w.Desk.DueActs(t.Context(), []string{"a", "b", "c", "d"}, func(thing string) error {
		switch thing {
		case "b":
			return broken
		case "c":
			return fault.Stale() // another node was faster
		}
		done += thing
		return nil
	})
	if acts != 2 || done != "ad" || !errors.Is(err, broken) || errors.Is(err, fault.Stale()) {
		t.Errorf("%d acts, %q, %v", acts, done, err)
	}
	tries := 0
	acts, err = w.Desk.DueActs(t.Context(), make([]string, 3*casework.FailuresMost), func(string) error { tries++; return broken })
	if acts != 0 || tries != casework.FailuresMost || !errors.Is(err, broken) {
		t.Errorf("%d acts in %d tries, %v", acts, tries, err)
	}
}
