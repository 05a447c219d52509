package store

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"reflect"
	"strings"

	"shifan/internal/fault"
	"shifan/internal/lifecycle/programme"
)

// A change reads a row once, however often its rules, its guards and its record ask for
// it: what it read, and what it wrote since, is known until the change ends. Nobody else
// can write the row meanwhile: on SQLite there is one writer, and on PostgreSQL a
// serializable transaction sees one state of the database and its own writing. A thing is
// made anew of its row each time, so that whoever changes it changes nobody else's.
//
// On SQLite what one change knew is still so for the next, as long as no other connection
// wrote anything, which the database tells (PRAGMA data_version); see remembered.

// knownRow is a row as it is kept.
type knownRow struct {
	columns map[string]any // nil: it is gone
	digest  string         // of its seal, once it was found to be what that says; "" before
}

// row returns a row as it is kept, by column; nil when there is none.
func (tx *Tx) row(table string, columns []string, key string) (knownRow, error) {
	at := Touched{table, key}
	if r, known := tx.recall(at); known {
		return r, nil
	}
	raw := make([]string, len(columns))
	for i, c := range columns {
		raw[i] = tx.dialect.raw(c)
	}
	rows, err := tx.query("SELECT "+strings.Join(raw, ", ")+" FROM "+table+" WHERE "+columns[0]+" = $1", key)
	if err != nil {
		return knownRow{}, fmt.Errorf("%s: %w", table, err)
	}
	defer rows.Close()
	if !rows.Next() {
		return knownRow{}, rows.Err()
	}
	values, into := make([]any, len(columns)), make([]any, len(columns))
	for i := range values {
		into[i] = &values[i]
	}
	if err := rows.Scan(into...); err != nil {
		return knownRow{}, fmt.Errorf("%s: %w", table, err)
	}
	r := knownRow{columns: make(map[string]any, len(columns))}
	for i, c := range columns {
		r.columns[c] = kept(values[i])
	}
	tx.know(at, r)
	return r, rows.Err()
}

// knownMost bounds the rows that are known, for changes of thousands.
const knownMost = 200

// know keeps a row.
func (tx *Tx) know(at Touched, r knownRow) {
	if len(tx.known) >= knownMost {
		clear(tx.known)
		tx.flooded = true
	}
	tx.known[at] = r
}

// recall returns what is known of a row.
func (tx *Tx) recall(at Touched) (knownRow, bool) {
	if r, known := tx.known[at]; known {
		return r, true
	}
	if tx.shared == nil || tx.flooded {
		return knownRow{}, false
	}
	r, known := tx.shared.rows[at]
	return r, known
}

// remembered is what the changes of one store know of the rows of SQLite. It belongs to
// whoever has the writing connection. Nothing in it is altered, only replaced.
type remembered struct {
	version  int64 // of the data, as the connection tells it
	rows     map[Touched]knownRow
	versions map[string]*programme.Programme
	bytes    int
}

// rememberMost bounds what is remembered, in bytes of the rows.
const rememberMost = 4 << 20

// now asks whether another connection wrote something; then all is forgotten.
func (m *remembered) now(ctx context.Context, tx *sql.Tx) error {
	var version int64
	err := tx.QueryRowContext(ctx, "SELECT data_version FROM pragma_data_version").Scan(&version)
	if err != nil || version != m.version || m.bytes > rememberMost || m.rows == nil {
		m.forget()
	}
	m.version = version
	return err
}

func (m *remembered) forget() {
	m.rows, m.versions, m.bytes = map[Touched]knownRow{}, map[string]*programme.Programme{}, 0
}

// take remembers what a change knew that came through.
func (m *remembered) take(tx *Tx) {
	if tx.flooded { // some that it wrote are not known any more
		m.forget()
		return
	}
	maps.Copy(m.versions, tx.versions)
	for at, r := range tx.known {
		m.bytes += r.size() - m.rows[at].size()
		if m.rows[at] = r; r.columns == nil {
			delete(m.rows, at)
		}
	}
}

// size is about how much memory a row takes.
func (r knownRow) size() int {
	n := 0
	for _, v := range r.columns {
		s, _ := v.(string)
		n += 64 + len(s)
	}
	return n
}

// known makes a thing of its row, which has the columns of whole.
func (tb table[T]) known(tx *Tx, whole []string, key string) (v T, err error) {
	r, err := tx.row(tb.name, whole, key)
	if err == nil && r.columns == nil {
		err = fault.Missing()
	}
	if err != nil {
		return v, err
	}
	fields := tb.fields(&v)
	for i, c := range tb.columns {
		if err := fill(fields[i], r.columns[c]); err != nil {
			var none T
			return none, fmt.Errorf("%s: %s: %w", tb.name, c, err)
		}
	}
	tx.about(tb.name, fields)
	return v, nil
}

// fill puts a value as it is kept into a field.
func fill(field, value any) error {
	if s, ok := field.(sql.Scanner); ok {
		return s.Scan(value)
	}
	to := reflect.ValueOf(field).Elem()
	switch v := value.(type) {
	case string:
		if to.Kind() == reflect.String {
			to.SetString(v)
			return nil
		}
	case int64:
		switch to.Kind() {
		case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
			if !to.OverflowInt(v) {
				to.SetInt(v)
				return nil
			}
		case reflect.Bool: // as SQLite keeps it
			to.SetBool(v != 0)
			return nil
		}
	case bool:
		if to.Kind() == reflect.Bool {
			to.SetBool(v)
			return nil
		}
	}
	return fmt.Errorf("store: a %T does not fit into a %s", value, to.Type())
}
