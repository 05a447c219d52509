package store

import (
	"database/sql/driver"
	"errors"
	"fmt"
	"reflect"

	"shifan/internal/record"
)

// ErrSeal says that a row is not what its seal says: it was changed behind the
// program's back. An act on such a row does not happen, or its own seal would
// cover the change up.
var ErrSeal = errors.New("store: a row differs from its seal")

// Touched is a row that a transaction wrote.
type Touched struct{ Table, Key string }

// touch is what a transaction does to one row.
type touch struct {
	was  string // digest before; "" when the row is new
	salt string
	now  string // digest after; "" when the row is gone
}

// touched notes that a row was written and is now as given; nil: it is gone. was
// is its digest before the first write in this transaction.
func (tx *Tx) touched(table, key, was string, row map[string]any) {
	at := Touched{table, key}
	t, again := tx.touches[at]
	if !again {
		t = &touch{was: was}
		tx.touches[at] = t
		tx.order = append(tx.order, at)
	}
	t.salt, t.now = "", ""
	if row != nil {
		t.salt = salt()
		t.now = record.RowDigest(t.salt, table, row)
	}
	tx.know(at, knownRow{row, t.now})
}

// sealed returns the digest that a row bears before it is written, after checking
// that the row is what the digest says. A row that this transaction wrote already
// was checked then. ok is false when there is no such row.
func (tx *Tx) sealed(table string, columns []string, key string) (digest string, ok bool, err error) {
	if t, again := tx.touches[Touched{table, key}]; again {
		return t.was, t.now != "", nil
	}
	r, err := tx.row(table, columns, key)
	if err != nil || r.columns == nil || r.digest != "" {
		return r.digest, r.columns != nil, err
	}
	rows, err := tx.tx.QueryContext(tx.ctx, "SELECT salt, digest FROM seals WHERE name = $1 AND key = $2", table, key)
	if err != nil {
		return "", false, err
	}
	defer rows.Close()
	var s string
	if rows.Next() {
		err = rows.Scan(&s, &digest)
	}
	if err = errors.Join(err, rows.Err()); err != nil {
		return "", false, err
	}
	if record.RowDigest(s, table, r.columns) != digest {
		return "", false, fmt.Errorf("%w: %s %s", ErrSeal, table, key)
	}
	r.digest = digest
	tx.know(Touched{table, key}, r)
	return digest, true, nil
}

// seal writes the seals of the rows that the transaction wrote, and returns their
// list as the record keeps it.
func (tx *Tx) seal() (string, error) {
	var seals []record.Seal
	for _, at := range tx.order {
		t := tx.touches[at]
		var err error
		switch {
		case t.was == "" && t.now == "":
			continue // came and went
		case t.was == "":
			err = tx.exec("INSERT INTO seals (name, key, salt, digest) VALUES ($1, $2, $3, $4)", at.Table, at.Key, t.salt, t.now)
		case t.now == "":
			err = tx.exec("DELETE FROM seals WHERE name = $1 AND key = $2", at.Table, at.Key)
		default:
			err = tx.exec("UPDATE seals SET salt = $3, digest = $4 WHERE name = $1 AND key = $2", at.Table, at.Key, t.salt, t.now)
		}
		if err != nil {
			return "", fmt.Errorf("seal %s %s: %w", at.Table, at.Key, err)
		}
		seals = append(seals, record.Seal{Table: at.Table, Was: t.was, Now: t.now})
	}
	return record.SealsText(seals), nil
}

// kept is a value as the engines give it back: a string, an int64, a bool or nil.
func kept(v any) any {
	if b, ok := v.([]byte); ok {
		return string(b)
	}
	return v
}

// rowOf returns a row as it will be kept, from the arguments of the statement that
// writes it.
func rowOf(columns []string, args []any) (map[string]any, error) {
	row := map[string]any{}
	for i, c := range columns {
		v := args[i]
		if d, ok := v.(driver.Valuer); ok {
			var err error
			if v, err = d.Value(); err != nil {
				return nil, err
			}
		}
		switch r := reflect.ValueOf(v); r.Kind() {
		case reflect.String:
			row[c] = r.String()
		case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
			row[c] = r.Int()
		case reflect.Bool:
			row[c] = r.Bool()
		case reflect.Invalid:
			row[c] = nil
		default:
			return nil, fmt.Errorf("store: column %s holds a %T; a string, a whole number or a bool", c, v)
		}
	}
	return row, nil
}
