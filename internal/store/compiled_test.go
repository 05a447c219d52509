package store_test

import (
	"fmt"
	"path/filepath"
	"testing"

	"shifan/internal/store"
)

// TestCompiled: a connection that keeps its statements reads the same one inside
// itself, keeps only so many, and notices that a table was changed.
func TestCompiled(t *testing.T) {
	t.Parallel()
	db, err := store.OpenKeeping("file:" + filepath.Join(t.TempDir(), "kept.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	do := func(query string, args ...any) {
		t.Helper()
		if _, err := db.ExecContext(t.Context(), query, args...); err != nil {
			t.Fatal(query, err)
		}
	}
	do("CREATE TABLE t (n INTEGER)")
	for n := range 3 {
		do("INSERT INTO t (n) VALUES ($1)", n)
	}
	tx, err := db.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	const query = "SELECT n FROM t WHERE n < $1 ORDER BY n"
	outer, err := tx.QueryContext(t.Context(), query, 3)
	if err != nil {
		t.Fatal(err)
	}
	var pairs string
	for outer.Next() {
		var n, m int
		if err := outer.Scan(&n); err != nil {
			t.Fatal(err)
		}
		inner, err := tx.QueryContext(t.Context(), query, n)
		if err != nil {
			t.Fatal(err)
		}
		for inner.Next() {
			if err := inner.Scan(&m); err != nil {
				t.Fatal(err)
			}
			pairs += fmt.Sprintf("%d%d ", n, m)
		}
		if err := inner.Err(); err != nil {
			t.Fatal(err)
		}
	}
	if err := outer.Err(); err != nil || pairs != "10 20 21 " {
		t.Errorf("%q %v", pairs, err)
	}
	if err := tx.Commit(); err != nil {
		t.Fatal(err)
	}

	for i := range 3 * store.CompiledMost {
		var n int
		if err := db.QueryRowContext(t.Context(), fmt.Sprintf("SELECT COUNT(*) + %d FROM t", i)).Scan(&n); err != nil || n != i+3 {
			t.Fatal(i, n, err)
		}
	}
	do("ALTER TABLE t ADD COLUMN m INTEGER NOT NULL DEFAULT 7")
	do("INSERT INTO t (n) VALUES ($1)", 9)
	var sum int
	if err := db.QueryRowContext(t.Context(), "SELECT SUM(m) FROM t").Scan(&sum); err != nil || sum != 28 {
		t.Error(sum, err)
	}
}
