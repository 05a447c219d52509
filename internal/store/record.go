package store

import "shifan/internal/record"

// append writes a line of the record.
func (tx *Tx) append(e record.Entry) error {
	_, err := tx.tx.ExecContext(tx.ctx,
		`INSERT INTO entries (at, by_id, role, act, thing, was, became, basis) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		e.At.UnixMicro(), string(e.By), e.Role, e.Act, e.Thing, e.From, e.To, e.Basis)
	return err
}
