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
	"errors"
	"math/rand/v2"
	"strings"
	"sync/atomic"
	"time"

	"shifan/internal/lifecycle/programme"
	"shifan/internal/record"
)

// Store is an open database.
type Store struct {
	writes, reads *sql.DB // one and the same on PostgreSQL
	dialect       *dialect
	key           *record.Key // signs checkpoints; nil: nothing is signed
	guards        []Invariant
	follow        func(*Tx, record.Entry) error // what follows from each entry; nil: nothing
	group         group                         // the changes that wait for SQLite's writer
	remembered    remembered                    // what those before them knew
	changed       chan struct{}                 // holds one when something was committed
	changes       atomic.Uint64                 // how many changes ended here

	heard   func(query string, args []any) // told of each list that is read; for tests
	watched func() func(changes int)       // told of each transaction that changes; nil: nobody
}

// Watch tells fn of each transaction that changes something, and what fn returns, of
// its commit: how many changes shared it. Call it before the first change.
func (s *Store) Watch(fn func() func(changes int)) { s.watched = fn }

// watch begins to watch a transaction.
func (s *Store) watch() func(changes int) {
	if s.watched == nil {
		return func(int) {}
	}
	return s.watched()
}

// Open opens the database at a place and brings it to the newest form. A place is
// a postgres:// URL, a file of SQLite, which is created when absent, or Memory.
func Open(ctx context.Context, place string) (*Store, error) {
	writes, reads, d, err := open(ctx, place)
	if err != nil {
		return nil, err
	}
	s := &Store{writes: writes, reads: reads, dialect: d, changed: make(chan struct{}, 1)}
	if err := s.migrate(ctx); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// Engine names the engine: "sqlite" or "postgres".
func (s *Store) Engine() string { return s.dialect.name }

// Close closes the database.
func (s *Store) Close() error {
	if s.reads == s.writes {
		return s.writes.Close()
	}
	return errors.Join(s.reads.Close(), s.writes.Close())
}

// Tx is a change or a view in progress.
type Tx struct {
	tx       *sql.Tx
	ctx      context.Context
	dialect  *dialect
	writable bool
	heard    func(query string, args []any)
	also     []record.Entry
	at       time.Time // when the act happens, for the guards; known once it is done
	subject  subject   // what it is about

	touches map[Touched]*touch // what was written, for the seals
	order   []Touched          // and in which order

	versions map[string]*programme.Programme // what versions of programmes a change read; none ever changes
	known    map[Touched]knownRow            // the rows that a change read by their key, as they are now
	flooded  bool                            // they were too many
	shared   *remembered                     // what changes before it knew; nil: nothing
}

// errReadOnly is raised by a write inside View: a slip of ours.
var errReadOnly = errors.New("store: a write outside Change")

// changeTries is how often a change is tried that failed only because of others
// at the same time. Each wait is a little longer, 2 ms to about 100 ms.
const changeTries = 30

// Change runs fn in a transaction and writes the entry that fn returns, and
// those it gave to Also, in the same transaction. There is no other way to
// write, so there is no change without a line in the record. When others changed
// what fn rests on, everything is undone and fn runs again: it sets what it
// returns to its caller, and adds to nothing.
func (s *Store) Change(ctx context.Context, fn func(*Tx) (record.Entry, error)) error {
	fn, done := once(ctx, fn)
	err := s.prepared(ctx, func() error {
		return s.again(ctx, func() error {
			if s.dialect.grouped {
				return s.changeInGroup(ctx, fn)
			}
			return s.change(ctx, fn)
		})
	})
	s.changes.Add(1) // also when it failed: whether a commit came through is not always known
	if err == nil {
		done()
		select {
		case s.changed <- struct{}{}:
		default: // it is known already
		}
	}
	return err
}

// Changes counts the changes of this node, so that what was read can be kept until there
// is another.
func (s *Store) Changes() uint64 { return s.changes.Load() }

// Changed gets something after a change on this node was committed; one for many is
// enough. It wakes what follows up on changes, such as the sequencing of the record.
func (s *Store) Changed() <-chan struct{} { return s.changed }

// Unprepared is an error of a change that needs something first which is not done inside a
// transaction: bytes that are to lie where bytes are kept. Change undoes what it did, calls
// Prepare, and runs it once more; so does a change that then needs something else.
type Unprepared interface {
	error
	Prepare(ctx context.Context) error
}

// prepareMost bounds how often one change asks for something to be prepared.
const prepareMost = 500

// prepared runs a change until it has all that it needs.
func (s *Store) prepared(ctx context.Context, change func() error) error {
	for try := 1; ; try++ {
		err := change()
		need, needs := errors.AsType[Unprepared](err)
		if !needs || try == prepareMost {
			return err
		}
		if err := need.Prepare(ctx); err != nil {
			return err
		}
	}
}

// again runs a transaction until it is not in the way of another one.
func (s *Store) again(ctx context.Context, transaction func() error) error {
	for try := 1; ; try++ {
		err := transaction()
		if err == nil || try == changeTries || !s.dialect.again(err, try) {
			return err
		}
		select {
		case <-ctx.Done():
			return errors.Join(ctx.Err(), err)
		case <-time.After(time.Duration(2+rand.IntN(4*try)) * time.Millisecond):
		}
	}
}

// change runs a change in a transaction of its own.
func (s *Store) change(ctx context.Context, fn func(*Tx) (record.Entry, error)) error {
	sqlTx, err := s.writes.BeginTx(ctx, s.dialect.change)
	if err != nil {
		return err
	}
	defer sqlTx.Rollback() //nolint:errcheck // after Commit this does nothing
	committed := s.watch()
	if _, err := s.perform(ctx, sqlTx, nil, fn); err != nil {
		return err
	}
	if err = sqlTx.Commit(); err == nil {
		committed(1)
	}
	return err
}

// perform does everything that a change does between begin and commit. shared may be nil.
func (s *Store) perform(ctx context.Context, sqlTx *sql.Tx, shared *remembered, fn func(*Tx) (record.Entry, error)) (*Tx, error) {
	tx := &Tx{
		tx: sqlTx, ctx: ctx, dialect: s.dialect, writable: true, touches: map[Touched]*touch{},
		versions: map[string]*programme.Programme{}, known: map[Touched]knownRow{}, shared: shared,
	}
	return tx, s.act(tx, fn)
}

// act lets a change act, and writes what follows from it.
func (s *Store) act(tx *Tx, fn func(*Tx) (record.Entry, error)) error {
	e, err := fn(tx)
	if err != nil {
		return tx.cited(err)
	}
	tx.at = when(e.At)
	if err := tx.followed(s.follow, append([]record.Entry{e}, tx.also...)); err != nil {
		return tx.cited(err)
	}
	if err := tx.guarded(s.guards); err != nil {
		return tx.cited(err)
	}
	return tx.record(append([]record.Entry{e}, tx.also...))
}

// Also adds a line to the record for a move that follows from the act itself,
// such as an application moving on because its review ended.
func (tx *Tx) Also(e record.Entry) { tx.also = append(tx.also, e) }

// View runs fn on one consistent state of the database. Writes inside it fail.
func (s *Store) View(ctx context.Context, fn func(*Tx) error) error {
	sqlTx, err := s.reads.BeginTx(ctx, s.dialect.view)
	if err != nil {
		return err
	}
	defer sqlTx.Rollback() //nolint:errcheck // a view never commits
	tx := &Tx{tx: sqlTx, ctx: ctx, dialect: s.dialect, heard: s.heard}
	return tx.cited(fn(tx))
}

// list joins column names.
func list(columns []string) string { return strings.Join(columns, ", ") }
