package store_test

import (
	"testing"

	"shifan/internal/store"
	"shifan/internal/testkit"
)

// openStore opens a fresh database on the engine that the tests run on.
func openStore(t *testing.T) *store.Store {
	t.Helper()
	return testkit.Store(t)
}
