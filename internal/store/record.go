package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/record"
)

// errNoLine is raised by a change that says nothing of itself: a slip of ours.
var errNoLine = errors.New("store: a change whose entry names no act")

// salt returns 128 random bits, as text.
func salt() string {
	var b [16]byte
	rand.Read(b[:]) //nolint:errcheck // it never fails
	return base64.RawURLEncoding.EncodeToString(b[:])
}

// record writes the entries of a change. The seals of the rows that it wrote stand
// in the first.
func (tx *Tx) record(entries []record.Entry) error {
	text, err := tx.seal()
	if err != nil {
		return err
	}
	for _, e := range entries {
		if e.Basis, err = tx.cite(e); err != nil {
			return err
		}
		if err := tx.append(e, text); err != nil {
			return err
		}
		text = ""
	}
	return nil
}

// append writes an entry of the record, with the list of seals as it is kept.
func (tx *Tx) append(e record.Entry, seals string) error {
	if e.Act == "" {
		return errNoLine
	}
	var ticket int64
	if err := tx.one(tx.dialect.ticket, nil, &ticket); err != nil {
		return err
	}
	s := salt()
	leaf, err := record.LineOf(ticket, e, s, seals).Leaf()
	if err != nil {
		return err
	}
	return tx.exec(
		`INSERT INTO entries (ticket, hashes, at, programme, act, thing, by_id, salt, leaf, seals) VALUES ($1, '', $2, $3, $4, $5, $6, $7, $8, $9)`,
		ticket, e.At.UnixMicro(), string(e.Programme), e.Act, e.Thing, string(e.By), s, leaf, seals)
}

// Recorded is an entry of the record as it is kept.
type Recorded struct {
	record.Entry
	Ticket   int64 // counts in the order of writing, with gaps; pages go by it
	Position int64 // its place in the tree, from 0; -1 while it has none
	Leaf     string
}

// EntryFilter narrows a list of entries of the record.
type EntryFilter struct {
	Thing     string       // an identifier, whole
	Programme id.Programme // empty: all
	Before    int64        // the ticket that ended the page before; 0: from the latest
	Limit     int          // 0: 50
}

// Entries lists entries of the record, the latest first. What they say is public;
// who acted is told to auditors, and which account an act on accounts was about to
// operators too.
func (tx *Tx) Entries(viewer stage.Actor, f EntryFilter) ([]Recorded, error) {
	var q where
	if f.Thing != "" {
		if isAccount(f.Thing) && !seesAccounts(viewer) {
			return nil, nil
		}
		q.and("thing = ?", f.Thing)
	}
	if f.Programme != "" {
		q.and("programme = ?", string(f.Programme))
	}
	if viewer.Programme != "" {
		q.and("programme = ?", string(viewer.Programme))
	}
	if f.Before > 0 {
		q.and("ticket < ?", f.Before)
	}
	if f.Limit <= 0 {
		f.Limit = 50
	}
	all, err := tx.entries(q.String()+" ORDER BY ticket DESC LIMIT "+q.mark(f.Limit), q.args...)
	for i := range all {
		all[i] = seenEntry(viewer, all[i])
	}
	return all, err
}

// EntryAt returns the entry at a place in the tree, or fault.Missing.
func (tx *Tx) EntryAt(viewer stage.Actor, position int64) (Recorded, error) {
	r, err := only(tx.entries("WHERE position = $1", position))
	return seenEntry(viewer, r), err
}

func isAccount(thing string) bool { return strings.HasPrefix(thing, "acc_") }

func seesAccounts(viewer stage.Actor) bool {
	return viewer.Role == stage.Auditor || viewer.Role == stage.Operator
}

// seenEntry leaves out of an entry what a viewer may not see.
func seenEntry(viewer stage.Actor, r Recorded) Recorded {
	if viewer.Role != stage.Auditor {
		r.By = ""
	}
	if isAccount(r.Thing) && !seesAccounts(viewer) {
		r.Thing = ""
	}
	return r
}

// entries reads the entries that the given clauses select.
func (tx *Tx) entries(clauses string, args ...any) ([]Recorded, error) {
	rows, err := tx.query("SELECT ticket, position, thing, by_id, leaf FROM entries "+clauses, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []Recorded
	for rows.Next() {
		r := Recorded{Position: -1}
		var position sql.NullInt64
		var thing string
		var by id.Account
		if err := rows.Scan(&r.Ticket, &position, &thing, &by, &r.Leaf); err != nil {
			return nil, err
		}
		l, err := record.ParseLeaf(r.Leaf)
		if err != nil {
			return nil, err
		}
		r.Entry = l.Entry()
		r.By, r.Thing = by, thing
		if position.Valid {
			r.Position = position.Int64
		}
		all = append(all, r)
	}
	return all, rows.Err()
}

// Head is the head of the record's tree.
type Head struct {
	Verifier   string // what verifies the signature; empty while there is no key
	Size       int64
	Checkpoint string // signed; empty while there is none
}

// Head returns the head of the record's tree, as it was last signed.
func (tx *Tx) Head() (h Head, err error) {
	err = tx.tx.QueryRowContext(tx.ctx, "SELECT verifier, size, checkpoint FROM heads WHERE id = 1").Scan(&h.Verifier, &h.Size, &h.Checkpoint)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return h, err
}

// ErrOtherKey says that the record is signed with another key than the one given.
var ErrOtherKey = errors.New("store: the record of this database is signed with another key")

// UseKey gives the store the key with which it signs checkpoints; without one
// nothing is sequenced. The first key stays the record's: with another one
// ErrOtherKey is returned, so that two nodes on one database do not sign as two
// logs. When the head is gone but entries have places, ErrRecord is.
func (s *Store) UseKey(ctx context.Context, key record.Key) error {
	err := s.again(ctx, func() error {
		return s.apart(ctx, func(tx *Tx) error {
			h, err := tx.Head()
			if err == nil && h.Verifier == "" {
				var placed int64
				if err := tx.tx.QueryRowContext(ctx, "SELECT COUNT(position) FROM entries").Scan(&placed); err != nil || placed > 0 {
					return errors.Join(fmt.Errorf("%w: its head is gone", ErrRecord), err)
				}
				_, err = tx.tx.ExecContext(ctx, "INSERT INTO heads (id, verifier, size, checkpoint) VALUES (1, $1, 0, '')", key.Verifier)
			} else if err == nil && h.Verifier != key.Verifier {
				err = fmt.Errorf("%w: %s, not %s", ErrOtherKey, record.Origin(h.Verifier), record.Origin(key.Verifier))
			}
			return err
		})
	})
	if err == nil {
		s.key = &key
	}
	return err
}

// Tile returns a tile of the record's tree or, at level -1, a bundle of entries;
// fault.Missing when the signed tree has no such tile.
func (tx *Tx) Tile(path string) ([]byte, error) {
	t, err := record.ParseTilePath(path)
	if err != nil {
		return nil, fault.Missing()
	}
	h, err := tx.Head()
	if err != nil {
		return nil, err
	}
	level := max(t.L, 0)
	if (t.N<<record.TileHeight+int64(t.W))<<(record.TileHeight*level) > h.Size || level > 7 {
		return nil, fault.Missing()
	}
	if t.L >= 0 {
		return tx.tileHashes(t)
	}
	all, err := tx.entries("WHERE position >= $1 AND position < $2 ORDER BY position", t.N<<record.TileHeight, t.N<<record.TileHeight+int64(t.W))
	leaves := make([]string, len(all))
	for i, r := range all {
		leaves[i] = r.Leaf
	}
	return record.Bundle(leaves), err
}

// ProveAct proves that the last entry of one act on a thing is in the signed tree.
func (tx *Tx) ProveAct(viewer stage.Actor, thing, act string) (record.Proof, error) {
	return tx.prove(viewer, thing, "WHERE thing = $1 AND position < $2 AND act = $3 ORDER BY position DESC LIMIT 1", act)
}

// Prove proves that the last entry of a thing that is in the signed tree is there.
func (tx *Tx) Prove(viewer stage.Actor, thing string) (record.Proof, error) {
	return tx.prove(viewer, thing, "WHERE thing = $1 AND position < $2 ORDER BY position DESC LIMIT 1")
}

func (tx *Tx) prove(viewer stage.Actor, thing, clauses string, more ...any) (p record.Proof, err error) {
	if isAccount(thing) && !seesAccounts(viewer) {
		return p, fault.Missing()
	}
	h, err := tx.Head()
	if err != nil {
		return p, err
	}
	r, err := only(tx.entries(clauses, append([]any{thing, h.Size}, more...)...))
	if err != nil {
		return p, err
	}
	hashes, err := tx.inclusion(h.Size, r.Position)
	return record.Proof{Leaf: r.Leaf, Index: r.Position, Hashes: hashes, Checkpoint: h.Checkpoint}, err
}
