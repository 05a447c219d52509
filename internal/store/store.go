// Package store keeps everything, in SQLite or in PostgreSQL. The SQL is one
// text for both; what differs between them is in dialect.go and nowhere else.
//
// The only way to write is Change: the rows, the line in the record and the
// queued work are one transaction. The only way to read is View. What a person
// may see is decided here, in the reads that take the viewer.
package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	_ "modernc.org/sqlite" // the default engine

	"shifan/internal/record"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Store is an open database.
type Store struct{ db *sql.DB }

// OpenSQLite opens, and creates when absent, the SQLite database in a file.
func OpenSQLite(ctx context.Context, file string) (*Store, error) {
	dsn := "file:" + file + "?_txlock=immediate&_pragma=foreign_keys(1)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=busy_timeout(10000)"
	db, err := sql.Open("sqlite", dsn)
	if err != nil {
		return nil, err
	}
	s := &Store{db: db}
	if err := s.migrate(ctx); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return s, nil
}

// Close closes the database.
func (s *Store) Close() error { return s.db.Close() }

func (s *Store) migrate(ctx context.Context) error {
	files, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return err
	}
	var done int
	if err := s.db.QueryRowContext(ctx, "PRAGMA user_version").Scan(&done); err != nil {
		return err
	}
	for i, f := range files[min(done, len(files)):] {
		text, err := migrations.ReadFile(f)
		if err != nil {
			return err
		}
		up := fmt.Sprintf("BEGIN; %s; PRAGMA user_version = %d; COMMIT", text, done+i+1)
		if _, err := s.db.ExecContext(ctx, up); err != nil {
			return fmt.Errorf("%s: %w", f, err)
		}
	}
	return nil
}

// Tx is a change or a view in progress.
type Tx struct {
	tx       *sql.Tx
	ctx      context.Context
	writable bool
	also     []record.Entry
}

// errReadOnly is raised by a write inside View: a slip of ours.
var errReadOnly = errors.New("store: a write outside Change")

// Change runs fn in a transaction and writes the entry that fn returns, and
// those it gave to Also, in the same transaction. There is no other way to
// write, so there is no change without a line in the record.
func (s *Store) Change(ctx context.Context, fn func(*Tx) (record.Entry, error)) error {
	sqlTx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer sqlTx.Rollback() //nolint:errcheck // after Commit this does nothing
	tx := &Tx{tx: sqlTx, ctx: ctx, writable: true}
	e, err := fn(tx)
	if err != nil {
		return err
	}
	for _, e := range append([]record.Entry{e}, tx.also...) {
		if err := tx.append(e); err != nil {
			return err
		}
	}
	return sqlTx.Commit()
}

// Also adds a line to the record for a move that follows from the act itself,
// such as an application moving on because its review ended.
func (tx *Tx) Also(e record.Entry) { tx.also = append(tx.also, e) }

// View runs fn on one consistent state of the database. Writes inside it fail.
func (s *Store) View(ctx context.Context, fn func(*Tx) error) error {
	sqlTx, err := s.db.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return err
	}
	defer sqlTx.Rollback() //nolint:errcheck // a view never commits
	return fn(&Tx{tx: sqlTx, ctx: ctx})
}

// list joins column names.
func list(columns []string) string { return strings.Join(columns, ", ") }
