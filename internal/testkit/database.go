package testkit

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"shifan/internal/store"
)

// Engine returns the database that tests run on: what the environment variable
// SHIFAN_TEST_DATABASE says, "sqlite" or "postgres"; SQLite when it says nothing.
// make test runs the tests of store and casework on both.
func Engine() string {
	if e := os.Getenv("SHIFAN_TEST_DATABASE"); e != "" {
		return e
	}
	return "sqlite"
}

// Store opens a fresh database with all migrations on the engine that the tests
// run on. It is closed and forgotten when the test ends.
func Store(t testing.TB) *store.Store {
	t.Helper()
	return storeAt(t, Place(t))
}

func storeAt(t testing.TB, place string) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), place)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	k, err := key()
	if err == nil {
		err = s.UseKey(t.Context(), k)
	}
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// Place makes a fresh database with all migrations, for store.Open, on the engine
// that the tests run on.
func Place(t testing.TB) string {
	t.Helper()
	switch e := Engine(); e {
	case "sqlite":
		text, err := sqliteTemplate()
		if err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(t.TempDir(), "shifan.db")
		if err := os.WriteFile(file, text, 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	case "postgres":
		return postgresPlace(t)
	default:
		t.Fatalf("SHIFAN_TEST_DATABASE is %q; sqlite or postgres", e)
		return ""
	}
}

// sqliteTemplate is the file of an empty database with all migrations. Copying it
// takes a tenth of the time of migrating.
var sqliteTemplate = sync.OnceValues(func() (text []byte, err error) {
	dir, err := os.MkdirTemp("", "shifan-template-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir) //nolint:errcheck // it is only temporary
	file := filepath.Join(dir, "shifan.db")
	s, err := store.Open(context.Background(), file)
	if err != nil {
		return nil, err
	}
	// The last connection moves the write-ahead log into the file.
	if err := s.Close(); err != nil {
		return nil, err
	}
	if _, err := os.Stat(file + "-wal"); err == nil {
		return nil, fmt.Errorf("the template's write-ahead log is still there")
	}
	return os.ReadFile(file)
})
