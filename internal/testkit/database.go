package testkit

import (
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
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
		return postgresPlace(t, "template_shifan")
	default:
		t.Fatalf("SHIFAN_TEST_DATABASE is %q; sqlite or postgres", e)
		return ""
	}
}

// Bare makes a database with no table in it, on the engine that the tests run on.
func Bare(t testing.TB) string {
	t.Helper()
	if Engine() == "postgres" {
		return postgresPlace(t, "template1")
	}
	return filepath.Join(t.TempDir(), "shifan.db")
}

// Rows reads a whole database: every row as a line, in the order of the lines.
func Rows(t testing.TB, s *store.Store) (all []string) {
	t.Helper()
	if err := s.Dump(t.Context(), store.Dumped{
		Begin: func(store.Snapshot) error { return nil },
		Row: func(f store.Form, row []any) error {
			text, err := json.Marshal(row)
			all = append(all, f.Name+" "+string(text))
			return err
		},
		Blob: func([32]byte, bool) error { return nil },
	}); err != nil {
		t.Fatal(err)
	}
	slices.Sort(all)
	return all
}

// OldFolder holds, seen from a package below internal, a database of each earlier
// schema: NNNN.jsonl.gz. Its first line says the tables, each other one is a row.
const OldFolder = "../store/testdata/schemas"

// Old makes a database in the form of an earlier schema, with what the program of its
// time wrote, and returns its place.
func Old(t testing.TB, schema int64) (place string) {
	t.Helper()
	place = Bare(t)
	f, err := os.Open(filepath.Join(OldFolder, fmt.Sprintf("%04d.jsonl.gz", schema)))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close() //nolint:errcheck // it was only read
	gz, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	lines := json.NewDecoder(gz)
	lines.UseNumber()
	var tables []store.Form
	if err := lines.Decode(&tables); err != nil {
		t.Fatal(err)
	}
	s, err := store.OpenEmpty(t.Context(), place, schema)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Load(t.Context(), tables, func(put func(string, []any) error) error {
		for lines.More() {
			var row []any
			if err := lines.Decode(&row); err != nil {
				return err
			}
			for i, v := range row {
				if n, ok := v.(json.Number); ok {
					whole, err := n.Int64()
					if err != nil {
						return err
					}
					row[i] = whole
				}
			}
			if err := put(row[0].(string), row[1:]); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return place
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
