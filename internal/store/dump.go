package store

import (
	"context"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"shifan/internal/lifecycle/upload"
)

// Form is a table as a dump describes it: the same on both engines.
type Form struct {
	Name    string       `json:"name"`
	Columns []ColumnForm `json:"columns"`
}

// ColumnForm is a column of a Form.
type ColumnForm struct {
	Name string `json:"name"`
	Kind string `json:"kind"` // TEXT, BIGINT or BOOLEAN
}

// Snapshot says what a dump is of.
type Snapshot struct {
	Schema int64  // number of the newest migration that the database has
	Head   Head   // of the record
	Tables []Form // what others refer to comes first
}

// Dumped takes what Dump reads.
type Dumped struct {
	Begin func(Snapshot) error // once, before any row
	// Row takes one row: a string, an int64, a bool or nil for each column. It is
	// called with all rows of a table before any of the next; row is used again.
	Row func(table Form, row []any) error
	// Blob takes the SHA-256 of bytes that a row names, each once, after all rows;
	// part says that they lie among the parts of files on their way in.
	Blob func(sum [32]byte, part bool) error
}

// blobColumns are the columns that name bytes which are kept, as NamesBlobs looks for
// them.
var blobColumns = []struct{ table, column string }{
	{"files", "sha256"},
	{"previews", "sha256"},
	{"copies", "sha256"},
	{"countsheets", "sha256"},
	{"attachments", "sha256"},
	{"photographs", "sha256"},
	{"documents", "pdf_sha256"},
	{"documents", "docx_sha256"},
}

// ErrKind says that a row holds what its column cannot hold: it was changed behind the
// program's back, and record verify says where.
var ErrKind = errors.New("store: a row holds what its column cannot hold")

// Dump reads the whole database as it is at one instant, in a form that Load takes on
// either engine. It keeps nobody from writing meanwhile. What the migrations make
// themselves is left out.
func (s *Store) Dump(ctx context.Context, to Dumped) error {
	return s.View(ctx, func(tx *Tx) error {
		schema, err := tx.schemaOf()
		if err != nil {
			return err
		}
		delete(schema, "goose_db_version")
		snap := Snapshot{}
		if snap.Tables, err = tx.ordered(schema); err != nil {
			return err
		}
		if snap.Schema, err = version(ctx, tx.tx); err != nil {
			return err
		}
		if snap.Head, err = tx.Head(); err != nil {
			return err
		}
		if err := to.Begin(snap); err != nil {
			return err
		}
		for _, f := range snap.Tables {
			if err := tx.dump(f, to.Row); err != nil {
				return fmt.Errorf("%s: %w", f.Name, err)
			}
		}
		return tx.dumpBlobs(schema, to.Blob)
	})
}

// ordered puts tables after those that they refer to.
func (tx *Tx) ordered(schema map[string][]schemaColumn) ([]Form, error) {
	rows, err := tx.tx.QueryContext(tx.ctx, tx.dialect.references)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	needs := map[string][]string{}
	for rows.Next() {
		var from, to string
		if err := rows.Scan(&from, &to); err != nil {
			return nil, err
		}
		needs[from] = append(needs[from], to)
	}
	var all []Form
	done := map[string]bool{}
	for left := slices.Sorted(maps.Keys(schema)); len(left) > 0; {
		var later []string
		for _, name := range left {
			if slices.ContainsFunc(needs[name], func(to string) bool { return to != name && !done[to] }) {
				later = append(later, name)
				continue
			}
			done[name] = true
			all = append(all, formOf(name, schema[name]))
		}
		if len(later) == len(left) {
			return nil, fmt.Errorf("store: tables refer to one another: %s", strings.Join(left, ", "))
		}
		left = later
	}
	return all, rows.Err()
}

func formOf(name string, columns []schemaColumn) Form {
	f := Form{Name: name}
	for _, c := range columns {
		f.Columns = append(f.Columns, ColumnForm{c.name, c.kind})
	}
	return f
}

// dump reads the rows of a table.
func (tx *Tx) dump(f Form, tell func(Form, []any) error) error {
	raw := make([]string, len(f.Columns))
	for i, c := range f.Columns {
		raw[i] = tx.dialect.raw(`"` + c.Name + `"`)
	}
	rows, err := tx.tx.QueryContext(tx.ctx, "SELECT "+strings.Join(raw, ", ")+` FROM "`+f.Name+`"`)
	if err != nil {
		return err
	}
	defer rows.Close()
	row, into := make([]any, len(raw)), make([]any, len(raw))
	for i := range row {
		into[i] = &row[i]
	}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return err
		}
		for i, c := range f.Columns {
			if row[i], err = neutral(c.Kind, kept(row[i])); err != nil {
				return fmt.Errorf("%w: %s of %v", err, c.Name, row[0])
			}
		}
		if err := tell(f, row); err != nil {
			return err
		}
	}
	return rows.Err()
}

// neutral is a value as both engines take it.
func neutral(kind string, v any) (any, error) {
	switch x := v.(type) {
	case nil:
		return nil, nil
	case string:
		if kind == "TEXT" && utf8.ValidString(x) {
			return x, nil
		}
	case bool:
		if kind == "BOOLEAN" {
			return x, nil
		}
	case int64:
		if kind == "BIGINT" {
			return x, nil
		}
		if kind == "BOOLEAN" && (x == 0 || x == 1) { // SQLite
			return x == 1, nil
		}
	}
	return nil, ErrKind
}

// dumpBlobs tells which bytes the rows name.
func (tx *Tx) dumpBlobs(schema map[string][]schemaColumn, tell func([32]byte, bool) error) error {
	var among []string
	for _, c := range blobColumns {
		if schema[c.table] != nil {
			among = append(among, "SELECT "+c.column+" FROM "+c.table)
		}
	}
	if len(among) == 0 {
		return nil
	}
	sums := func(part bool) func(text string) error {
		return func(text string) error {
			b, err := hex.DecodeString(text)
			if err != nil || len(b) != 32 {
				return nil //nolint:nilerr // a copy that was not made names nothing
			}
			return tell([32]byte(b), part)
		}
	}
	if err := tx.texts(strings.Join(among, " UNION "), sums(false)); err != nil {
		return err
	}
	if schema["uploads"] == nil {
		return nil
	}
	return tx.texts("SELECT parts FROM uploads", func(text string) error {
		var all []upload.Part
		if err := json.Unmarshal([]byte(text), &all); err != nil {
			return err
		}
		for _, p := range all {
			if err := sums(true)(p.SHA256); err != nil {
				return err
			}
		}
		return nil
	})
}

// texts reads one column of text.
func (tx *Tx) texts(query string, tell func(string) error) error {
	rows, err := tx.tx.QueryContext(tx.ctx, query)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			return err
		}
		if err := tell(text); err != nil {
			return err
		}
	}
	return rows.Err()
}

// querier is a transaction or a database.
type querier interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// version reads the number of the newest migration that a database has.
func version(ctx context.Context, q querier) (n int64, err error) {
	err = q.QueryRowContext(ctx, "SELECT COALESCE(MAX(version_id), 0) FROM goose_db_version WHERE is_applied").Scan(&n)
	return n, err
}
