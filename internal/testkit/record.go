package testkit

import (
	"context"
	"crypto/rand"
	"fmt"
	"slices"
	"sync"

	"shifan/internal/lifecycle/stage"
	"shifan/internal/record"
	"shifan/internal/store"
)

// TheAuditor looks at everything in tests.
var TheAuditor = stage.Actor{Account: "acc_auditor", Role: stage.Auditor}

// key signs the records of all tests of a process.
var key = sync.OnceValues(func() (record.Key, error) { return record.NewKey(rand.Reader, "shifan.test/record") })

// Entries lists the record's entries about a thing, the first first; of all things
// when thing is empty.
func (w *World) Entries(thing string) (all []store.Recorded) {
	w.Helper()
	if err := w.Desk.Store.View(context.Background(), func(tx *store.Tx) (err error) {
		all, err = tx.Entries(TheAuditor, store.EntryFilter{Thing: thing, Limit: 1 << 20})
		return err
	}); err != nil {
		w.Fatal(err)
	}
	slices.Reverse(all)
	return all
}

// Record lists what the record says about a thing, the first first, one line an
// act: "round.publish drafted→open director". Basis and facts: see Entries.
func (w *World) Record(thing string) (lines []string) {
	w.Helper()
	for _, e := range w.Entries(thing) {
		lines = append(lines, fmt.Sprintf("%s %s→%s %s", e.Act, e.From, e.To, e.Role))
	}
	return lines
}

// Broken sequences the record of a world and returns its database, for a test that
// changes it behind the program's back; the record need not hold at the end.
func Broken(w *World) *store.Store {
	w.Helper()
	w.broken = true
	if err := w.Desk.Store.Sequence(w.Context()); err != nil {
		w.Fatal(err)
	}
	return w.Desk.Store
}

// Verifier is what verifies the signatures of tests' checkpoints.
func Verifier() string {
	k, _ := key() //nolint:errcheck // Store has said so
	return k.Verifier
}

// holds checks, when a test that passed ends, that the record tells everything
// that is in the database.
func (w *World) holds() {
	if w.Failed() || w.Skipped() || w.broken {
		return
	}
	ctx := context.Background()
	if err := w.Desk.Store.Sequence(ctx); err != nil {
		w.Error("sequence the record: ", err)
		return
	}
	v, err := w.Desk.Store.Verify(ctx, Verifier())
	if err != nil {
		w.Error("verify the record: ", err)
	}
	for _, d := range v.Differences {
		w.Errorf("the record and the database differ: %s %s (entry %d): %s", d.Table, d.Key, d.Entry, d.What)
	}
}
