package store

import (
	"shifan/internal/fault"
	"shifan/internal/lifecycle/file"
	"shifan/internal/lifecycle/stage"
)

// Backlog is what the database says of its own state: counts, and nothing of anybody.
type Backlog struct {
	Schema    int64 // the newest migration
	Entries   int64 // of the record, with a place
	Waiting   int64 // of the record, without a place yet
	Unscanned int   // files that wait for the virus scanner
	Unread    int   // released files whose text is not read yet
	Uploads   int   // files on their way in
}

// Backlog counts what waits for a machine, for whoever runs it. Everybody else gets
// fault.Missing.
func (tx *Tx) Backlog(viewer stage.Actor) (b Backlog, err error) {
	if viewer.Role != stage.Operator {
		return b, fault.Missing()
	}
	if b.Schema, err = version(tx.ctx, tx.tx); err != nil {
		return b, err
	}
	h, err := tx.Head()
	if err != nil {
		return b, err
	}
	b.Entries = h.Size
	if err := tx.tx.QueryRowContext(tx.ctx, "SELECT COUNT(*) FROM entries WHERE position IS NULL").Scan(&b.Waiting); err != nil {
		return b, err
	}
	if b.Unscanned, err = files.count(tx, "WHERE state IN ($1, $2)", string(file.Unscanned), string(file.Waiting)); err != nil {
		return b, err
	}
	if b.Unread, err = files.count(tx, "WHERE reading = $1 AND state IN ($2, $3)", "", string(file.Released[0]), string(file.Released[1])); err != nil {
		return b, err
	}
	b.Uploads, err = uploads.count(tx, "WHERE state = 'coming'")
	return b, err
}
