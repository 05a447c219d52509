package play_test

import (
	"compress/gzip"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"shifan/internal/play"
	"shifan/internal/store"
	"shifan/internal/testkit"
	"shifan/programmes"
)

// keepSchema names a database to keep as that of its schema, or asks with "play" for
// one that is played now.
const keepSchema = "SHIFAN_TEST_KEEP_SCHEMA"

// TestKeepSchema keeps the database of a whole life for the upgrade test of later
// programs, when it is asked to: make schema does once a migration landed. Else it
// checks that the one of this program's schema is kept.
func TestKeepSchema(t *testing.T) {
	t.Parallel()
	place := os.Getenv(keepSchema)
	if place == "" {
		file := filepath.Join(testkit.OldFolder, fmt.Sprintf("%04d.jsonl.gz", store.Newest()))
		if _, err := os.Stat(file); err != nil {
			t.Errorf("a migration landed without its database: run make schema and commit %s", file)
		}
		return
	}
	if place == "play" {
		w := testkit.New(t)
		text, _ := programmes.Text("jilin-party-building-base")
		if _, _, _, err := play.Play(t.Context(), w.Desk.Store, text); err != nil {
			t.Fatal(err)
		}
		if err := w.Desk.Store.Sequence(t.Context()); err != nil {
			t.Fatal(err)
		}
		place = w.Where()
	}
	s, err := store.OpenAsIs(t.Context(), place)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close() //nolint:errcheck // it was only read
	schema, err := s.Schema(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	f, err := os.Create(filepath.Join(testkit.OldFolder, fmt.Sprintf("%04d.jsonl.gz", schema)))
	if err != nil {
		t.Fatal(err)
	}
	gz, err := gzip.NewWriterLevel(f, gzip.BestCompression)
	if err != nil {
		t.Fatal(err)
	}
	lines := json.NewEncoder(gz)
	lines.SetEscapeHTML(false)
	if err := s.Dump(t.Context(), store.Dumped{
		Begin: func(s store.Snapshot) error { return lines.Encode(s.Tables) },
		Row:   func(f store.Form, row []any) error { return lines.Encode(append([]any{f.Name}, row...)) },
		Blob:  func([32]byte, bool) error { return nil },
	}); err != nil {
		t.Fatal(err)
	}
	if err := gz.Close(); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}
