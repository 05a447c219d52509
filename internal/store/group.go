package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"

	"shifan/internal/record"
)

// groupMost is how many changes share a transaction at most.
const groupMost = 128

// errGroup says that the transaction which a change shared with others was lost.
var errGroup = errors.New("store: the shared transaction was lost")

// group lets changes that wait for SQLite's one writer share one transaction: each
// runs in its own savepoint, one commit makes all of them durable, and then each is
// answered. So the disk is waited for once and not for each; see
// docs/decisions/2026-11-24-group-commit.md.
//
// A change runs in the goroutine of who asked for it, so that a panic goes up there
// and hurts nobody else. Between two of them the transaction is handed on by lead,
// which runs while there is something to do.
type group struct {
	one     sync.Mutex
	waiting []*member
	leading bool
}

// member is a change that waits for its turn.
type member struct {
	ctx   context.Context
	alone bool         // nobody shares the transaction with it
	turn  chan *sql.Tx // gives it the transaction
	ended chan ending  // it gives it back
	done  chan error   // whether the commit succeeded, or why there was none
}

// ending is how a member leaves the transaction to the next.
type ending int

const (
	held   ending = iota // what it did waits for the commit
	undone               // it is rolled back to its savepoint
	heard                // the same, and what it heard waits for the commit
	lost                 // the whole transaction is gone
)

// changeInGroup runs a change in a transaction shared with those that wait too.
func (s *Store) changeInGroup(ctx context.Context, fn func(*Tx) (record.Entry, error)) error {
	m := &member{ctx: ctx, turn: make(chan *sql.Tx, 1), ended: make(chan ending, 1), done: make(chan error, 1)}
	s.group.one.Lock()
	s.group.waiting = append(s.group.waiting, m)
	if !s.group.leading {
		s.group.leading = true
		go s.lead()
	}
	s.group.one.Unlock()
	select {
	case err := <-m.done:
		return err
	case sqlTx := <-m.turn:
		how, err := s.takePart(m, sqlTx, fn)
		if how == held || how == heard {
			err = cmp.Or(<-m.done, err)
		}
		return err
	}
}

// takePart runs a change in its savepoint; one that is alone needs none, since the
// whole transaction goes when it fails. Once it has its turn it is not
// interrupted: SQLite undoes the whole transaction when a statement is.
//
// One that was done before heard so, as likely as not, from a member of the same
// transaction: until that is committed nobody else can read what it was answered.
func (s *Store) takePart(m *member, sqlTx *sql.Tx, fn func(*Tx) (record.Entry, error)) (how ending, err error) {
	ctx := context.WithoutCancel(m.ctx)
	how = lost
	if m.alone {
		how = undone
		defer func() { m.ended <- how }()
		tx, err := s.perform(ctx, sqlTx, &s.remembered, fn)
		if err == nil {
			s.remembered.take(tx)
			how = held
		}
		return how, err
	}
	defer func() {
		if how == undone || how == heard {
			if _, err := sqlTx.ExecContext(ctx, "ROLLBACK TO SAVEPOINT change"); err != nil {
				how = lost
			}
		}
		m.ended <- how
	}()
	if _, err := sqlTx.ExecContext(ctx, "SAVEPOINT change"); err != nil {
		return how, err
	}
	how = undone // unless it comes through, by a panic too
	tx, err := s.perform(ctx, sqlTx, &s.remembered, fn)
	if errors.Is(err, ErrAnswered) {
		how = heard
	}
	if err != nil {
		return how, err
	}
	if _, err := sqlTx.ExecContext(ctx, "RELEASE SAVEPOINT change"); err != nil {
		how = lost
		return how, err
	}
	s.remembered.take(tx)
	how = held
	return how, nil
}

// lead hands transactions to those that wait, until nobody does.
func (s *Store) lead() {
	for {
		s.group.one.Lock()
		n := min(len(s.group.waiting), groupMost)
		batch := s.group.waiting[:n:n]
		s.group.waiting = s.group.waiting[n:]
		if n == 0 {
			s.group.leading = false
			s.group.waiting = nil
			s.group.one.Unlock()
			return
		}
		s.group.one.Unlock()
		s.runGroup(batch)
	}
}

// runGroup runs the changes of a batch one after the other, commits what they did
// and answers them. No answer precedes the commit.
func (s *Store) runGroup(batch []*member) {
	ctx := context.WithoutCancel(batch[0].ctx)
	committed := s.watch()
	sqlTx, err := s.writes.BeginTx(ctx, s.dialect.change)
	if err == nil {
		if err = s.remembered.now(ctx, sqlTx); err != nil {
			err = errors.Join(err, sqlTx.Rollback())
		}
	}
	if err != nil {
		for _, m := range batch {
			m.done <- err
		}
		return
	}
	defer sqlTx.Rollback() //nolint:errcheck // after Commit this does nothing
	var through []*member
	for i, m := range batch {
		if err := m.ctx.Err(); err != nil {
			m.done <- err
			continue
		}
		m.alone = len(batch) == 1
		m.turn <- sqlTx
		switch <-m.ended {
		case held, heard:
			through = append(through, m)
		case undone:
		case lost:
			s.remembered.forget()
			for _, other := range append(through, batch[i+1:]...) {
				other.done <- errGroup
			}
			return
		}
	}
	if len(through) == 0 {
		return
	}
	if err = sqlTx.Commit(); err != nil {
		s.remembered.forget()
		err = fmt.Errorf("commit: %w", err)
	} else {
		committed(len(through))
	}
	for _, m := range through {
		m.done <- err
	}
}
