package store_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"shifan/internal/id"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/record"
	"shifan/internal/store"
	"shifan/internal/testkit"
)

// firstKept is the oldest schema whose database is kept. Before it migrations that no
// release was shipped with were still edited in place (0022 last), so that what the
// programs of then wrote is of no schema that there is now.
const firstKept = 24

// neverNewest are schemas that no program had as its newest: their migrations were
// written beside one another and came in together with 0030, 0035, 0041, 0050, 0056, 0064, 0066 or 0072, or a
// number was left unused. The database of 0026, whose program stood alone, goes through each
// of them.
var neverNewest = []int64{27, 28, 29, 31, 32, 33, 34, 36, 37, 38, 39, 40, 42, 43, 44, 45, 46, 47, 48, 49, 51, 52, 53, 54, 55, 57, 58, 59, 60, 61, 62, 63, 65, 67, 68, 69, 70, 71}

// TestUpgrade: today's program opens the database that the program of each earlier
// schema wrote, brings it to today's form, and finds it to be what its record says;
// every row of every table that was there is there; it can be read, and written.
func TestUpgrade(t *testing.T) {
	t.Parallel()
	for schema := int64(firstKept); schema <= store.Newest(); schema++ {
		if slices.Contains(neverNewest, schema) {
			continue
		}
		t.Run(strconv.FormatInt(schema, 10), func(t *testing.T) {
			t.Parallel()
			if _, err := os.Stat(filepath.Join(testkit.OldFolder, fmt.Sprintf("%04d.jsonl.gz", schema))); err != nil {
				t.Fatalf("a migration landed without its database: run make schema (%v)", err)
			}
			upgraded(t, testkit.Old(t, schema), schema)
		})
	}
}

func upgraded(t *testing.T, place string, schema int64) {
	t.Helper()
	old, err := store.OpenAsIs(t.Context(), place)
	if err != nil {
		t.Fatal(err)
	}
	if has, err := old.Schema(t.Context()); err != nil || has != schema {
		t.Fatalf("it is of schema %d: %v", has, err)
	}
	before := counts(testkit.Rows(t, old))
	if err := old.Close(); err != nil {
		t.Fatal(err)
	}
	s, err := store.Open(t.Context(), place)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close() //nolint:errcheck // the test ends
	v, err := s.Verify(t.Context(), "")
	if err != nil || v.Entries == 0 || v.Entries != v.Size {
		t.Fatalf("%+v %v", v, err)
	}
	for _, d := range v.Differences {
		t.Errorf("%s %s: %s", d.Table, d.Key, d.What)
	}
	after := counts(testkit.Rows(t, s))
	for table, n := range before {
		if after[table] != n {
			t.Errorf("%s had %d rows and has %d", table, n, after[table])
		}
	}
	if before["designations"] == 0 || before["entries"] == 0 {
		t.Error("there was nothing in it")
	}
	if err := s.View(t.Context(), func(tx *store.Tx) error {
		all, err := tx.Designations(stage.Anyone, store.DesignationFilter{})
		if len(all) == 0 {
			t.Error("no titles")
		}
		if err != nil {
			return err
		}
		_, err = tx.Rounds(testkit.TheAuditor, store.RoundFilter{})
		return err
	}); err != nil {
		t.Error(err)
	}
	lives(t, s)
}

// lives: the database takes a change, and its record goes on.
func lives(t *testing.T, s *store.Store) {
	t.Helper()
	if err := s.Change(context.Background(), func(tx *store.Tx) (record.Entry, error) {
		b := store.Account{ID: "acc_after", Login: "after", Name: "升级之后"}
		return record.Entry{At: time.Date(2030, 1, 1, 4, 0, 0, 0, time.UTC), By: id.Account("acc_after"), Role: string(stage.Operator), Act: "account.invite", Thing: "acc_after"}, tx.AddAccount(&b)
	}); err != nil {
		t.Error(err)
	}
	if v, err := s.Verify(t.Context(), ""); err != nil || !v.Holds() || v.Waiting != 1 {
		t.Errorf("%+v %v", v, err)
	}
}

// counts counts the rows of each table.
func counts(rows []string) map[string]int {
	n := map[string]int{}
	for _, line := range rows {
		table, _, _ := strings.Cut(line, " ")
		n[table]++
	}
	return n
}
