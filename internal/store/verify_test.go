package store_test

import (
	"database/sql"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"shifan/internal/id"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/store"
	"shifan/internal/testkit"
)

// lived is a database with something in it, whose record is sequenced.
func lived(t *testing.T) (*store.Store, *testkit.World) {
	t.Helper()
	w := testkit.New(t)
	r := w.OpenRound()
	first, second := w.Accepted(r), w.Accepted(r)
	for _, a := range []id.Application{first, second} {
		w.Reviewed(a)
		w.Visited(a)
	}
	w.Decided(r, first, second)
	w.Publicised(first, second)
	w.Objected(second)
	w.Cleared(first)
	w.Named(first)
	w.Session(w.Person("审计员01", stage.Auditor))
	if err := w.Desk.SignOut(t.Context(), w.Session(w.Person("经办人02", stage.Clerk))); err != nil {
		t.Fatal(err)
	}
	if err := w.Desk.Store.Sequence(t.Context()); err != nil {
		t.Fatal(err)
	}
	return w.Desk.Store, w
}

// forced lets a test break the database's own rules.
func forced(t *testing.T, s *store.Store) {
	t.Helper()
	statements := []string{"PRAGMA foreign_keys = 0", "PRAGMA ignore_check_constraints = 1"}
	if s.Engine() == "postgres" {
		s.Raw().SetMaxOpenConns(1)
		statements = []string{"SET session_replication_role = replica"}
	}
	for _, st := range statements {
		if _, err := s.Raw().Exec(st); err != nil {
			t.Fatal(err)
		}
	}
}

func verify(t *testing.T, s *store.Store) store.Verdict {
	t.Helper()
	v, err := s.Verify(t.Context(), testkit.Verifier())
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestTheRecordHolds(t *testing.T) {
	t.Parallel()
	s, _ := lived(t)
	v := verify(t, s)
	if !v.Holds() || v.Entries == 0 || v.Entries != v.Size || v.Waiting != 0 || v.Rows == 0 {
		t.Errorf("%+v", v)
	}
}

// TestEveryColumnOfEveryTable changes one column of one row after the other by
// hand, and puts it back: each time the record says which table and which row.
func TestEveryColumnOfEveryTable(t *testing.T) {
	t.Parallel()
	s, w := lived(t)
	forced(t, s)
	schema := map[string][]store.Column{}
	if err := s.View(t.Context(), func(tx *store.Tx) (err error) {
		schema, err = tx.Schema()
		return err
	}); err != nil {
		t.Fatal(err)
	}
	changed, empty := 0, []string{}
	for _, table := range slices.Sorted(maps.Keys(schema)) {
		if table == "goose_db_version" {
			continue
		}
		key, ok := someKey(t, s, table, schema[table])
		if !ok {
			empty = append(empty, table)
			continue
		}
		for _, c := range schema[table] {
			restore, done := flip(t, s, table, keyOf(schema[table]), key, c)
			if !done {
				continue // the database itself refuses
			}
			changed++
			v := verify(t, s)
			if !names(v, table, key) {
				t.Errorf("%s %s: a changed %s was not found: %+v", table, key, c.Name, v.Differences)
			}
			restore()
		}
	}
	if v := verify(t, s); !v.Holds() {
		t.Errorf("after everything was put back: %+v", v.Differences)
	}
	if changed < 50 {
		t.Errorf("only %d columns were tried", changed)
	}
	t.Logf("%d columns; without a row: %s", changed, strings.Join(empty, " "))
	w.Entries("")
}

// names reports whether a verdict names a row, by its table and key, or as a whole
// where rows have no names of their own.
func names(v store.Verdict, table, key string) bool {
	return slices.ContainsFunc(v.Differences, func(d store.Difference) bool {
		switch table {
		case "seals", "heads":
			return true // what a seal is about is named, which is as good
		case "entries":
			return d.Table == table && (d.Entry >= 0 || d.Key == key)
		}
		return d.Table == table && d.Key == key
	})
}

// keyOf returns the column that tells rows apart: the key, and of seals, whose key
// is two columns, the digest.
func keyOf(columns []store.Column) string {
	if slices.ContainsFunc(columns, func(c store.Column) bool { return c.Name == "salt" }) && len(columns) == 4 {
		return "digest"
	}
	for _, c := range columns {
		if c.Key {
			return c.Name
		}
	}
	return ""
}

func someKey(t *testing.T, s *store.Store, table string, columns []store.Column) (key string, ok bool) {
	t.Helper()
	k := keyOf(columns)
	err := s.Raw().QueryRow(fmt.Sprintf("SELECT CAST(%s AS TEXT) FROM %s ORDER BY 1 DESC LIMIT 1", k, table)).Scan(&key)
	if err != nil && err != sql.ErrNoRows {
		t.Fatal(table, err)
	}
	return key, err == nil
}

// flip changes a column of a row and returns what puts it back.
func flip(t *testing.T, s *store.Store, table, keyColumn, key string, c store.Column) (restore func(), done bool) {
	t.Helper()
	where := fmt.Sprintf(" WHERE CAST(%s AS TEXT) = $1", keyColumn)
	var was any
	if err := s.Raw().QueryRow("SELECT "+c.Name+" FROM "+table+where, key).Scan(&was); err != nil {
		t.Fatal(table, c.Name, err)
	}
	to := map[string]string{"TEXT": c.Name + " || 'x'", "BIGINT": c.Name + " + 1000000", "BOOLEAN": "NOT " + c.Name}[c.Kind]
	if was == nil {
		to = "1"
	}
	r, err := s.Raw().Exec("UPDATE "+table+" SET "+c.Name+" = "+to+where, key)
	if err != nil {
		return nil, false
	}
	if n, _ := r.RowsAffected(); n != 1 {
		t.Fatalf("%s %s: %d rows", table, key, n)
	}
	return func() {
		at := key
		if c.Name == keyColumn {
			at = map[bool]string{true: key + "x"}[c.Kind == "TEXT"]
			if c.Kind == "BIGINT" {
				at = fmt.Sprint(was.(int64) + 1000000)
			}
		}
		if _, err := s.Raw().Exec("UPDATE "+table+" SET "+c.Name+" = $2"+where, at, was); err != nil {
			t.Fatal(err)
		}
	}, true
}

// TestTampering breaks the database in the other ways that somebody with the
// administrator's password has.
func TestTampering(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		statements []string
		table      string
		says       string
	}{
		"a row is deleted":                 {[]string{"DELETE FROM rounds"}, "rounds", "删除"},
		"a row is deleted with its seal":   {[]string{"DELETE FROM rounds", "DELETE FROM seals WHERE name = 'rounds'"}, "rounds", "不在了"},
		"a row is added":                   {[]string{"INSERT INTO browsers (token, account, failures, locked_to, seen, version) SELECT 'forged', id, 0, 0, 0, 1 FROM accounts LIMIT 1"}, "browsers", "没有封印"},
		"a row is added with a seal":       {[]string{"INSERT INTO browsers (token, account, failures, locked_to, seen, version) SELECT 'forged', id, 0, 0, 0, 1 FROM accounts LIMIT 1", "INSERT INTO seals (name, key, salt, digest) VALUES ('browsers', 'forged', 's', 'd')"}, "browsers", ""},
		"a table is added with a row":      {[]string{"CREATE TABLE zz_notes (id TEXT NOT NULL PRIMARY KEY)", "INSERT INTO zz_notes (id) VALUES ('x')"}, "zz_notes", "没有封印"},
		"an entry is deleted":              {[]string{"DELETE FROM entries WHERE position = 3"}, "entries", "缺第3条"},
		"the tail is cut off":              {[]string{"DELETE FROM entries WHERE position >= 4"}, "entries", "截断"},
		"all entries are deleted":          {[]string{"DELETE FROM entries"}, "entries", "截断"},
		"the head is deleted":              {[]string{"DELETE FROM heads"}, "heads", "公钥"},
		"entries are exchanged":            {[]string{"UPDATE entries SET position = -1 WHERE position = 2", "UPDATE entries SET position = 2 WHERE position = 3", "UPDATE entries SET position = 3 WHERE position = -1"}, "entries", "对不上"},
		"a leaf is changed":                {[]string{`UPDATE entries SET leaf = REPLACE(leaf, 'office', 'public') WHERE position = 1`, `UPDATE entries SET leaf = REPLACE(leaf, 'operator', 'director') WHERE position = 1`}, "entries", "第1条"},
		"a leaf that is not sequenced":     {[]string{"UPDATE entries SET position = NULL, hashes = '' WHERE position = (SELECT MAX(position) FROM entries)"}, "entries", "截断"},
		"a migration is made out of sight": {[]string{"DELETE FROM goose_db_version WHERE version_id = 2"}, "goose_db_version", "结构"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := testkit.New(t)
			w.OpenRound()
			w.Session(w.Person("审计员01", stage.Auditor))
			s := testkit.Broken(w)
			forced(t, s)
			for _, st := range tt.statements {
				if _, err := s.Raw().Exec(st); err != nil {
					t.Fatal(err)
				}
			}
			v := verify(t, s)
			if !slices.ContainsFunc(v.Differences, func(d store.Difference) bool {
				return d.Table == tt.table && strings.Contains(d.What, tt.says)
			}) {
				t.Errorf("found %+v", v.Differences)
			}
		})
	}
}

// TestARowThatWasChangedByHandTakesNoAct: the act's own seal would cover it up.
func TestARowThatWasChangedByHandTakesNoAct(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	key := w.OpenRound()
	s := testkit.Broken(w)
	if _, err := s.Raw().Exec("UPDATE rounds SET contact = 'somebody else'"); err != nil {
		t.Fatal(err)
	}
	err := w.Desk.ExtendRound(t.Context(), w.Office().Director, key, testkit.Plan2021().DeadlineDate.AddDays(10), "24:00", "系统故障")
	if err == nil || !strings.Contains(err.Error(), store.ErrSeal.Error()) {
		t.Errorf("got %v", err)
	}
	// A head is never signed over a record that was changed.
	w = testkit.New(t)
	w.OpenRound()
	s = testkit.Broken(w)
	if _, err := s.Raw().Exec("DELETE FROM entries WHERE position = (SELECT MAX(position) FROM entries)"); err != nil {
		t.Fatal(err)
	}
	w.Person("审计员02", stage.Auditor)
	if err := s.Sequence(t.Context()); err == nil || !strings.Contains(err.Error(), store.ErrRecord.Error()) {
		t.Errorf("sequenced over a cut: %v", err)
	}
}
