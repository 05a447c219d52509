package store_test

import (
	"errors"
	"slices"
	"testing"

	"shifan/internal/fault"
	"shifan/internal/store"
)

// TestAChangeThatBreaksAnInvariantDoesNotHappen: it is undone, and is an error of
// ours.
func TestAChangeThatBreaksAnInvariantDoesNotHappen(t *testing.T) {
	t.Parallel()
	s := openStore(t)
	var seen []store.Touched
	s.Guard(
		store.Invariant{Name: "not asked", Tables: []string{"meetings"}, Holds: func(*store.Tx, []store.Touched) error { return errors.New("asked") }},
		store.Invariant{Name: "no round of 1999", Tables: []string{"rounds"}, Holds: func(tx *store.Tx, touched []store.Touched) error {
			seen = touched
			for _, at := range touched {
				r, err := tx.Round("rnd_a")
				if err == nil && string(r.ID) == at.Key && r.Year == 1999 {
					return errors.New("a round of 1999")
				}
			}
			return nil
		}},
	)
	r := fullRound("rnd_a")
	r.Year = 1999
	err := add(t, s, r)
	if !errors.Is(err, store.ErrInvariant) || fault.KindOf(err) != fault.Internal {
		t.Errorf("got %v", err)
	}
	if !slices.Equal(seen, []store.Touched{{Table: "rounds", Key: "rnd_a"}}) {
		t.Errorf("checked %v", seen)
	}
	r.Year = 2000
	if err := add(t, s, r); err != nil {
		t.Errorf("a change that keeps it: %v", err)
	}
}
