package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
)

var (
	// ErrOccupied says that a database which was to be filled holds something.
	ErrOccupied = errors.New("store: the database is not empty")
	// ErrForm says that what is loaded has other tables than the migrations make.
	ErrForm = errors.New("store: the tables are not those of this schema")
)

// OpenAsIs opens a database without bringing it to the newest form, for those who only
// read it out. It must be there.
func OpenAsIs(ctx context.Context, place string) (*Store, error) {
	writes, reads, d, err := open(ctx, place)
	if err != nil {
		return nil, err
	}
	return &Store{writes: writes, reads: reads, dialect: d, changed: make(chan struct{}, 1)}, nil
}

// OpenEmpty opens a database in which nothing is kept, and brings it to the form that
// a migration made, for Load. It returns ErrOccupied when something is there, or when
// its tables are newer.
func OpenEmpty(ctx context.Context, place string, schema int64) (*Store, error) {
	s, err := OpenAsIs(ctx, place)
	if err != nil {
		return nil, err
	}
	if err = s.vacant(ctx, schema); err == nil {
		err = s.migrateTo(ctx, schema)
	}
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// vacant checks that no table holds a row, and that none is of a later migration.
func (s *Store) vacant(ctx context.Context, schema int64) error {
	return s.View(ctx, func(tx *Tx) error {
		all, err := tx.schemaOf()
		if err != nil || len(all) == 0 {
			return err
		}
		if all["goose_db_version"] == nil {
			return fmt.Errorf("%w: it has tables of something else", ErrOccupied)
		}
		has, err := version(ctx, tx.tx)
		if err == nil && has > schema {
			err = fmt.Errorf("%w: its tables are of schema %d, not %d", ErrOccupied, has, schema)
		}
		if err != nil {
			return err
		}
		for name := range all {
			var n int
			if name == "goose_db_version" {
				continue
			}
			err := tx.tx.QueryRowContext(ctx, `SELECT 1 FROM "`+name+`" LIMIT 1`).Scan(&n)
			if err == nil {
				return fmt.Errorf("%w: %s", ErrOccupied, name)
			}
			if !errors.Is(err, sql.ErrNoRows) {
				return err
			}
		}
		return nil
	})
}

// Upgrade brings the database to the newest form.
func (s *Store) Upgrade(ctx context.Context) error { return s.migrate(ctx) }

// Load fills a database that OpenEmpty opened, in one transaction: when fill returns an
// error nothing is in it. fill calls put with rows as Dump told them, in that order.
func (s *Store) Load(ctx context.Context, tables []Form, fill func(put func(table string, row []any) error) error) error {
	defer s.remembered.forget()
	return s.apart(ctx, func(tx *Tx) error {
		schema, err := tx.schemaOf()
		if err != nil {
			return err
		}
		delete(schema, "goose_db_version")
		if err := sameForms(schema, tables); err != nil {
			return err
		}
		if tx.dialect.lenient != "" {
			if err := tx.exec(tx.dialect.lenient); err != nil {
				return err
			}
		}
		l := loading{tx: tx, forms: map[string]Form{}}
		for _, f := range tables {
			l.forms[f.Name] = f
		}
		if err := fill(l.put); err != nil {
			return err
		}
		if err := l.flush(); err != nil {
			return err
		}
		if tx.dialect.count != "" {
			return tx.exec(tx.dialect.count)
		}
		return nil
	})
}

// Empty takes everything out again that Load put in, for a restore that did not come
// to its end.
func (s *Store) Empty(ctx context.Context) error {
	defer s.remembered.forget()
	return s.apart(ctx, func(tx *Tx) error {
		schema, err := tx.schemaOf()
		if err != nil {
			return err
		}
		delete(schema, "goose_db_version")
		all, err := tx.ordered(schema)
		for _, f := range slices.Backward(all) {
			err = errors.Join(err, tx.exec(`DELETE FROM "`+f.Name+`"`))
		}
		return err
	})
}

// sameForms checks that the tables that there are have the columns that are said.
func sameForms(schema map[string][]schemaColumn, said []Form) error {
	for _, f := range said {
		has := formOf(f.Name, schema[f.Name])
		byName := func(a, b ColumnForm) int { return strings.Compare(a.Name, b.Name) }
		if !slices.Equal(slices.SortedFunc(slices.Values(has.Columns), byName), slices.SortedFunc(slices.Values(f.Columns), byName)) {
			return fmt.Errorf("%w: %s", ErrForm, f.Name)
		}
	}
	if len(said) != len(schema) {
		return fmt.Errorf("%w: %d of %d", ErrForm, len(said), len(schema))
	}
	return nil
}

// loading gathers rows of one table into statements of some size.
type loading struct {
	tx    *Tx
	forms map[string]Form
	table string
	args  []any
}

func (l *loading) put(table string, row []any) error {
	f, known := l.forms[table]
	if !known || len(row) != len(f.Columns) {
		return fmt.Errorf("%w: a row of %d columns for %s", ErrForm, len(row), table)
	}
	if table != l.table || len(l.args)+len(row) > argumentsMost {
		if err := l.flush(); err != nil {
			return err
		}
	}
	l.table = table
	l.args = append(l.args, row...)
	return nil
}

// flush writes the rows that were gathered.
func (l *loading) flush() error {
	if len(l.args) == 0 {
		return nil
	}
	f := l.forms[l.table]
	columns, marks := make([]string, len(f.Columns)), make([]string, len(f.Columns))
	var rows []string
	for i, c := range f.Columns {
		columns[i] = `"` + c.Name + `"`
	}
	for n := 0; n < len(l.args); n += len(marks) {
		for i := range marks {
			marks[i] = fmt.Sprintf("$%d", n+i+1)
		}
		rows = append(rows, "("+strings.Join(marks, ", ")+")")
	}
	err := l.tx.exec(`INSERT INTO "`+l.table+`" (`+strings.Join(columns, ", ")+") VALUES "+strings.Join(rows, ", "), l.args...)
	if err != nil {
		err = fmt.Errorf("%s: %w", l.table, err)
	}
	l.args = l.args[:0]
	return err
}
