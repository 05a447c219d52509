package store

import (
	"database/sql"
	"fmt"
	"reflect"
	"strings"

	"shifan/internal/fault"
)

// A change reads a row once, however often its rules, its guards and its record ask for
// it: what it read, and what it wrote since, is known until the change ends. Nobody else
// can write the row meanwhile: on SQLite there is one writer, and on PostgreSQL a
// serializable transaction sees one state of the database and its own writing. A thing is
// made anew of its row each time, so that whoever changes it changes nobody else's.

// row returns a row as it is kept, by column; nil when there is none.
func (tx *Tx) row(table string, columns []string, key string) (map[string]any, error) {
	at := Touched{table, key}
	if row, known := tx.known[at]; known {
		return row, nil
	}
	raw := make([]string, len(columns))
	for i, c := range columns {
		raw[i] = tx.dialect.raw(c)
	}
	rows, err := tx.query("SELECT "+strings.Join(raw, ", ")+" FROM "+table+" WHERE "+columns[0]+" = $1", key)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", table, err)
	}
	defer rows.Close()
	if !rows.Next() {
		return nil, rows.Err()
	}
	values, into := make([]any, len(columns)), make([]any, len(columns))
	for i := range values {
		into[i] = &values[i]
	}
	if err := rows.Scan(into...); err != nil {
		return nil, fmt.Errorf("%s: %w", table, err)
	}
	row := make(map[string]any, len(columns))
	for i, c := range columns {
		row[c] = kept(values[i])
	}
	tx.know(at, row)
	return row, rows.Err()
}

// knownMost bounds the rows that are known, for changes of thousands.
const knownMost = 200

// know keeps a row; nil when it is gone.
func (tx *Tx) know(at Touched, row map[string]any) {
	if len(tx.known) >= knownMost {
		clear(tx.known)
	}
	tx.known[at] = row
}

// known makes a thing of its row, which has the columns of whole.
func (tb table[T]) known(tx *Tx, whole []string, key string) (v T, err error) {
	row, err := tx.row(tb.name, whole, key)
	if err == nil && row == nil {
		err = fault.Missing()
	}
	if err != nil {
		return v, err
	}
	fields := tb.fields(&v)
	for i, c := range tb.columns {
		if err := fill(fields[i], row[c]); err != nil {
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
