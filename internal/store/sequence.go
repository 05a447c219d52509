package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/mod/sumdb/tlog"

	"shifan/internal/record"
)

// sequenceMost is how many entries get their place in one transaction.
const sequenceMost = 1000

// ErrRecord says that the record differs from the checkpoint that was signed over
// it, so that nothing may be added to the tree. record verify tells where.
var ErrRecord = errors.New("store: the record is not what its checkpoint says")

// Sequence gives every entry that is committed its place in the tree, and signs the
// new head. Entries are written without a place, so that writers do not queue
// behind one another for it. Any number of nodes may sequence at once: one does,
// the others wait and find nothing left. Without a key it does nothing.
func (s *Store) Sequence(ctx context.Context) error {
	if s.key == nil {
		return nil
	}
	for {
		n := 0
		err := s.again(ctx, func() error {
			return s.apart(ctx, func(tx *Tx) (err error) {
				n, err = tx.sequence(s.key)
				return err
			})
		})
		if err != nil || n < sequenceMost {
			return err
		}
	}
}

// sequence gives the entries that wait longest their places and signs the head.
func (tx *Tx) sequence(key *record.Key) (n int, err error) {
	if tx.dialect.lock != "" {
		if _, err := tx.tx.ExecContext(tx.ctx, tx.dialect.lock); err != nil {
			return 0, err
		}
	}
	tickets, leaves, err := tx.waiting()
	if err != nil || len(tickets) == 0 {
		return 0, err
	}
	var size int64
	if err := tx.tx.QueryRowContext(tx.ctx, "SELECT COALESCE(MAX(position) + 1, 0) FROM entries").Scan(&size); err != nil {
		return 0, err
	}
	tree := &hashes{tx: tx, fresh: map[int64]tlog.Hash{}}
	if err := tx.unbroken(size, tree); err != nil {
		return 0, err
	}
	for i, leaf := range leaves {
		made, err := tlog.StoredHashesForRecordHash(size, record.Hash(leaf), tree)
		if err != nil {
			return 0, err
		}
		words := make([]string, len(made))
		for level, h := range made {
			words[level] = h.String()
			tree.fresh[tlog.StoredHashIndex(level, size>>level)] = h
		}
		if _, err := tx.tx.ExecContext(tx.ctx, "UPDATE entries SET position = $1, hashes = $2 WHERE ticket = $3", size, strings.Join(words, " "), tickets[i]); err != nil {
			return 0, err
		}
		size++
	}
	root, err := tlog.TreeHash(size, tree)
	if err != nil {
		return 0, err
	}
	signed, err := key.Sign(size, root)
	if err != nil {
		return 0, err
	}
	_, err = tx.tx.ExecContext(tx.ctx, "UPDATE heads SET size = $1, checkpoint = $2 WHERE id = 1", size, signed)
	return len(tickets), err
}

// waiting lists the entries without a place.
func (tx *Tx) waiting() (tickets []int64, leaves []string, err error) {
	rows, err := tx.tx.QueryContext(tx.ctx, "SELECT ticket, leaf FROM entries WHERE position IS NULL ORDER BY ticket LIMIT $1", sequenceMost)
	if err != nil {
		return nil, nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var ticket int64
		var leaf string
		if err := rows.Scan(&ticket, &leaf); err != nil {
			return nil, nil, err
		}
		tickets, leaves = append(tickets, ticket), append(leaves, leaf)
	}
	return tickets, leaves, rows.Err()
}

// unbroken checks that the tree so far is the one that was signed, so that a new
// signature never covers up a change of what is old.
func (tx *Tx) unbroken(size int64, tree tlog.HashReader) error {
	h, err := tx.Head()
	if err != nil || h.Checkpoint == "" && h.Size == 0 && size == 0 {
		return err
	}
	c, err := record.OpenCheckpoint(h.Checkpoint, h.Verifier)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrRecord, err)
	}
	if c.Size != size || h.Size != size {
		return fmt.Errorf("%w: %d entries have a place, the checkpoint says %d", ErrRecord, size, c.Size)
	}
	root, err := tlog.TreeHash(size, tree)
	if err == nil && root != c.Root {
		err = fmt.Errorf("%w: another root at %d entries", ErrRecord, size)
	}
	return err
}

// hashes reads hashes of the tree: those just computed, and those that are kept.
// The hash of a subtree is kept with the entry that completed it.
type hashes struct {
	tx    *Tx
	fresh map[int64]tlog.Hash // by stored index
}

// ReadHashes implements tlog.HashReader.
func (r *hashes) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	found := make([]tlog.Hash, len(indexes))
	var q where
	want := map[int64][]int{} // position of an entry → which of the wanted it keeps
	var marks []string
	for i, index := range indexes {
		if h, ok := r.fresh[index]; ok {
			found[i] = h
			continue
		}
		level, n := tlog.SplitStoredHashIndex(index)
		position := (n+1)<<level - 1
		if want[position] == nil {
			marks = append(marks, q.mark(position))
		}
		want[position] = append(want[position], i)
	}
	if len(marks) == 0 {
		return found, nil
	}
	rows, err := r.tx.tx.QueryContext(r.tx.ctx, "SELECT position, hashes FROM entries WHERE position IN ("+strings.Join(marks, ", ")+")", q.args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var position int64
		var text string
		if err := rows.Scan(&position, &text); err != nil {
			return nil, err
		}
		words := strings.Fields(text)
		for _, i := range want[position] {
			level, _ := tlog.SplitStoredHashIndex(indexes[i])
			if level >= len(words) {
				return nil, fmt.Errorf("%w: entry %d lacks hashes", ErrRecord, position)
			}
			if found[i], err = tlog.ParseHash(words[level]); err != nil {
				return nil, fmt.Errorf("%w: entry %d: %w", ErrRecord, position, err)
			}
		}
		delete(want, position)
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	for position := range want {
		return nil, fmt.Errorf("%w: entry %d is missing", ErrRecord, position)
	}
	return found, nil
}

// Extends checks that the tree of today grew from the one that a checkpoint signed:
// that the database is not an older copy, and its history not another one.
func (s *Store) Extends(ctx context.Context, signed, verifier string) error {
	c, err := record.OpenCheckpoint(signed, verifier)
	if err != nil {
		return err
	}
	return s.View(ctx, func(tx *Tx) error {
		h, err := tx.Head()
		if err != nil {
			return err
		}
		if h.Size < c.Size {
			return fmt.Errorf("%w: %d entries, of the %d that were signed", ErrRecord, h.Size, c.Size)
		}
		if c.Size == 0 {
			return nil
		}
		root, err := tlog.TreeHash(c.Size, &hashes{tx: tx})
		if err == nil && root != c.Root {
			err = fmt.Errorf("%w: another history of the first %d entries", ErrRecord, c.Size)
		}
		return err
	})
}

func (tx *Tx) tileHashes(t tlog.Tile) ([]byte, error) {
	return tlog.ReadTileData(t, &hashes{tx: tx})
}

func (tx *Tx) inclusion(size, position int64) (tlog.RecordProof, error) {
	return tlog.ProveRecord(size, position, &hashes{tx: tx})
}

// apart runs what keeps the record itself in a transaction of its own, which is no
// change: it alters what is derived from entries and never an entry.
func (s *Store) apart(ctx context.Context, fn func(*Tx) error) error {
	sqlTx, err := s.writes.BeginTx(ctx, &sql.TxOptions{})
	if err != nil {
		return err
	}
	defer sqlTx.Rollback() //nolint:errcheck // after Commit this does nothing
	if err = fn(&Tx{tx: sqlTx, ctx: ctx, dialect: s.dialect}); err != nil {
		return err
	}
	err = sqlTx.Commit()
	s.changes.Add(1)
	return err
}
