package store

import (
	"errors"
	"fmt"
	"log/slog"
	"slices"

	"shifan/internal/lifecycle/invariant"
)

// Invariant is a promise about what is kept that no act may break, whatever the
// rules above let through: a last line of defence, in production too. It is checked
// at the end of each change that wrote a row of one of its tables, before anything
// is committed.
//
// Holds gets the rows of those tables that were written, in the order of writing;
// a row may be gone. It reads what it needs through tx and returns an error that
// says what is wrong, for the log; it writes nothing.
//
//	{Name: "one open vote a meeting", Tables: []string{"items"}, Holds: func(tx *Tx, touched []Touched) error { … }}
type Invariant struct {
	Name   string
	Tables []string
	Holds  func(tx *Tx, touched []Touched) error
}

// ErrInvariant says that a change would have broken an invariant and was undone. It
// is our doing, and no fault: people see the page of an internal error.
var ErrInvariant = errors.New("store: a change would break an invariant")

// Guard adds invariants to those that every change must keep. Call it before the
// store is shared.
func (s *Store) Guard(all ...Invariant) { s.guards = append(s.guards, all...) }

// guarded checks the invariants of the rows that the transaction wrote.
func (tx *Tx) guarded(guards []Invariant) error {
	for _, g := range guards {
		var rows []Touched
		for _, at := range tx.order {
			if slices.Contains(g.Tables, at.Table) {
				rows = append(rows, at)
			}
		}
		if len(rows) == 0 {
			continue
		}
		if err := g.Holds(tx, rows); err != nil {
			name := g.Name
			if v, ok := errors.AsType[invariant.Violation](err); ok {
				name = v.Invariant
			}
			slog.ErrorContext(tx.ctx, "an invariant would break", "invariant", name, "error", err)
			return fmt.Errorf("%w: %s: %w", ErrInvariant, name, err)
		}
	}
	return nil
}
