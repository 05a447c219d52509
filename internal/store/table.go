package store

import (
	"database/sql"
	"database/sql/driver"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"shifan/internal/calendar"
	"shifan/internal/fault"
)

// table says how one kind of thing is kept: its columns, the key first, and
// for each column where in the Go value it lives. One list serves every
// statement, and a test compares it with the struct.
type table[T any] struct {
	name    string
	columns []string
	fields  func(*T) []any  // pointers or asX wrappers, in the order of columns
	version func(*T) *int64 // its own column "version"; nil for things nobody edits
}

// get reads the thing with the given key, or says that it is missing. A change reads a
// row once; see known.go.
func (tb table[T]) get(tx *Tx, key string) (T, error) {
	if tx.known != nil {
		return tb.known(tx, tb.columns, key)
	}
	all, err := tb.list(tx, "WHERE "+tb.columns[0]+" = $1", key)
	if err == nil && len(all) == 0 {
		var none T
		return none, fault.Missing()
	}
	if err != nil {
		var none T
		return none, err
	}
	return all[0], nil
}

// list reads the things that the given clauses (WHERE …, ORDER BY …) select.
func (tb table[T]) list(tx *Tx, clauses string, args ...any) ([]T, error) {
	rows, err := tx.query("SELECT "+list(tb.columns)+" FROM "+tb.name+" "+clauses, args...)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", tb.name, err)
	}
	defer rows.Close()
	var all []T
	for rows.Next() {
		var v T
		if err := rows.Scan(tb.fields(&v)...); err != nil {
			return nil, fmt.Errorf("%s: %w", tb.name, err)
		}
		all = append(all, v)
	}
	if len(all) == 1 {
		tx.about(tb.name, tb.fields(&all[0]))
	}
	return all, rows.Err()
}

// some reads only some columns of a table, the key first where one row is got by it, for
// what needs no more of rows that are long. What it reads is never written back.
func (tb table[T]) some(columns []string, fields func(*T) []any) columnsOf[T] {
	whole := tb.columns
	tb.columns, tb.fields, tb.version = columns, fields, nil
	return columnsOf[T]{tb, whole}
}

type columnsOf[T any] struct {
	of    table[T]
	whole []string // the columns of the whole row
}

func (c columnsOf[T]) list(tx *Tx, clauses string, args ...any) ([]T, error) {
	return c.of.list(tx, clauses, args...)
}

// get reads them of the thing with the given key, or says that it is missing.
func (c columnsOf[T]) get(tx *Tx, key string) (T, error) {
	if tx.known != nil {
		return c.of.known(tx, c.whole, key)
	}
	return c.of.get(tx, key)
}

// query reads a list.
func (tx *Tx) query(query string, args ...any) (*sql.Rows, error) {
	if tx.heard != nil {
		tx.heard(query, args)
	}
	return tx.tx.QueryContext(tx.ctx, query, args...)
}

// count counts the rows that the given clauses select.
func (tb table[T]) count(tx *Tx, clauses string, args ...any) (n int, err error) {
	err = tx.tx.QueryRowContext(tx.ctx, "SELECT COUNT(*) FROM "+tb.name+" "+clauses, args...).Scan(&n)
	return n, err
}

// insert adds a thing, with version 1.
func (tb table[T]) insert(tx *Tx, v *T) error {
	if !tx.writable {
		return errReadOnly
	}
	if tb.version != nil {
		*tb.version(v) = 1
	}
	marks := make([]string, len(tb.columns))
	for i := range marks {
		marks[i] = fmt.Sprintf("$%d", i+1)
	}
	row, args, err := tb.row(v)
	if err != nil {
		return err
	}
	err = tx.exec("INSERT INTO "+tb.name+" ("+list(tb.columns)+") VALUES ("+strings.Join(marks, ", ")+")", args...)
	if err != nil {
		return fmt.Errorf("%s: %w", tb.name, err)
	}
	tb.touched(tx, "", row)
	return nil
}

// argumentsMost bounds the arguments of one statement.
const argumentsMost = 1000

// insertAll adds many things, as insert does, with fewer statements.
func (tb table[T]) insertAll(tx *Tx, all []*T) error {
	if !tx.writable {
		return errReadOnly
	}
	for some := range slices.Chunk(all, max(1, argumentsMost/len(tb.columns))) {
		var rows []string
		var args []any
		for _, v := range some {
			if tb.version != nil {
				*tb.version(v) = 1
			}
			marks := make([]string, len(tb.columns))
			for i := range marks {
				marks[i] = fmt.Sprintf("$%d", len(args)+i+1)
			}
			rows = append(rows, "("+strings.Join(marks, ", ")+")")
			row, given, err := tb.row(v)
			if err != nil {
				return err
			}
			tb.touched(tx, "", row)
			args = append(args, given...)
		}
		if err := tx.exec("INSERT INTO "+tb.name+" ("+list(tb.columns)+") VALUES "+strings.Join(rows, ", "), args...); err != nil {
			return fmt.Errorf("%s: %w", tb.name, err)
		}
	}
	return nil
}

// exec runs a statement that writes.
func (tx *Tx) exec(query string, args ...any) error {
	_, err := tx.tx.ExecContext(tx.ctx, query, args...)
	return err
}

// row returns a thing as it is kept, by column and as the arguments of a statement, in
// the order of the columns. What is kept as JSON is written once.
func (tb table[T]) row(v *T) (row map[string]any, args []any, err error) {
	args = values(tb.fields(v))
	if row, err = rowOf(tb.columns, args); err != nil {
		return nil, nil, fmt.Errorf("%s: %w", tb.name, err)
	}
	for i, c := range tb.columns {
		args[i] = row[c]
	}
	return row, args, nil
}

// touched notes for the record that a row was written and is now as given.
func (tb table[T]) touched(tx *Tx, was string, row map[string]any) {
	tx.touched(tb.name, fmt.Sprint(row[tb.columns[0]]), was, row)
}

// update saves a thing, unless someone else saved it since it was read.
func (tb table[T]) update(tx *Tx, v *T) error {
	if !tx.writable {
		return errReadOnly
	}
	var set []string
	row, args, err := tb.row(v)
	if err != nil {
		return err
	}
	was, ok, err := tx.sealed(tb.name, tb.columns, fmt.Sprint(args[0]))
	if err != nil {
		return err
	}
	if !ok {
		return fault.Stale()
	}
	for i, c := range tb.columns {
		if c == "version" {
			set = append(set, "version = version + 1")
		} else if i > 0 {
			set = append(set, fmt.Sprintf("%s = $%d", c, i+1))
		}
	}
	where := " WHERE " + tb.columns[0] + " = $1"
	if tb.version != nil {
		args = append(args, *tb.version(v))
		where += fmt.Sprintf(" AND version = $%d", len(args))
		// The version's own place in args is not used; PostgreSQL wants every
		// parameter typed, so the condition names it too.
		for i, c := range tb.columns {
			if c == "version" {
				where += fmt.Sprintf(" AND version = $%d", i+1)
			}
		}
	}
	r, err := tx.tx.ExecContext(tx.ctx, "UPDATE "+tb.name+" SET "+strings.Join(set, ", ")+where, args...)
	if err != nil {
		return fmt.Errorf("%s: %w", tb.name, err)
	}
	n, err := r.RowsAffected()
	if err != nil {
		return err
	}
	if n == 0 {
		return fault.Stale()
	}
	if tb.version != nil {
		*tb.version(v)++
		row["version"] = *tb.version(v)
	}
	tb.touched(tx, was, row)
	return nil
}

// remove deletes a thing.
func (tb table[T]) remove(tx *Tx, key string) error {
	if !tx.writable {
		return errReadOnly
	}
	was, ok, err := tx.sealed(tb.name, tb.columns, key)
	if err != nil || !ok {
		return err
	}
	if _, err := tx.tx.ExecContext(tx.ctx, "DELETE FROM "+tb.name+" WHERE "+tb.columns[0]+" = $1", key); err != nil {
		return err
	}
	tx.touched(tb.name, key, was, nil)
	return nil
}

// values turns the pointers of fields into arguments of a statement.
func values(fields []any) []any {
	args := make([]any, len(fields))
	for i, f := range fields {
		if v, ok := f.(driver.Valuer); ok {
			args[i] = v
			continue
		}
		args[i] = reflect.ValueOf(f).Elem().Interface()
	}
	return args
}

// column keeps a field in another form than its own.
type column struct {
	write func() (driver.Value, error)
	read  func(any) error
}

// Value implements driver.Valuer.
func (c column) Value() (driver.Value, error) { return c.write() }

// Scan implements sql.Scanner.
func (c column) Scan(src any) error { return c.read(src) }

// asTime keeps an instant as microseconds since 1970 in UTC; 0 for none.
func asTime(t *time.Time) any {
	return column{
		write: func() (driver.Value, error) {
			if t.IsZero() {
				return int64(0), nil
			}
			return t.UnixMicro(), nil
		},
		read: func(src any) error {
			var n sql.NullInt64
			if err := n.Scan(src); err != nil {
				return err
			}
			*t = time.Time{}
			if n.Int64 != 0 {
				*t = time.UnixMicro(n.Int64).UTC()
			}
			return nil
		},
	}
}

// asDate keeps a date as 2021-09-14; "" for none.
func asDate(d *calendar.Date) any {
	return column{
		write: func() (driver.Value, error) { return d.String(), nil },
		read: func(src any) error {
			s, err := text(src)
			if err != nil {
				return err
			}
			return d.UnmarshalText([]byte(s))
		},
	}
}

// asJSON keeps a list, a map or a struct as JSON text.
func asJSON[V any](v *V) any {
	return column{
		write: func() (driver.Value, error) {
			b, err := json.Marshal(v)
			return string(b), err
		},
		read: func(src any) error {
			s, err := text(src)
			if err != nil {
				return err
			}
			if s == "" {
				return nil
			}
			return json.Unmarshal([]byte(s), v)
		},
	}
}

// asSome keeps a list as JSON text, and none as an empty one: a column that came later
// then changes no seal of rows that were written before.
func asSome[V any](v *[]V) any {
	whole, _ := asJSON(v).(column)
	return column{
		write: func() (driver.Value, error) {
			if len(*v) == 0 {
				return "", nil
			}
			return whole.write()
		},
		read: whole.read,
	}
}

func text(src any) (string, error) {
	switch s := src.(type) {
	case nil:
		return "", nil
	case string:
		return s, nil
	case []byte:
		return string(s), nil
	}
	return "", errors.New("store: a text column holds something else")
}
