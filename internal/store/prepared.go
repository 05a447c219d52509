package store

import (
	"context"
	"database/sql"
	"errors"
)

// prepared keeps what changes on SQLite ask again and again in the form that the engine
// runs: reading a statement's text costs as much as running it. SQLite has
// one connection that writes, so each is prepared once; between two transactions,
// because within one nobody else has the connection. PostgreSQL's driver does the
// same by itself.
//
// Only who has the transaction touches it (group.go). A prepared query gives its rows
// to one reader at a time: the reads of this package take all rows before they ask
// anything else.
type prepared struct {
	all  map[string]*sql.Stmt
	uses map[string]int // of those that are not prepared
}

// preparedMost bounds how many statements are kept, and are counted. There are some
// hundred; a list whose text differs with its filter finds no room for ever.
const preparedMost = 500

// statement returns the prepared form of a query, or nil, and counts.
func (p *prepared) statement(query string) *sql.Stmt {
	if s := p.all[query]; s != nil {
		return s
	}
	if p.uses == nil {
		p.uses = map[string]int{}
	}
	if p.uses[query] > 0 || len(p.uses) < preparedMost {
		p.uses[query]++
	}
	return nil
}

// prepare prepares what was used often since the last time. What cannot be prepared
// runs as it is.
func (p *prepared) prepare(ctx context.Context, db *sql.DB) {
	for query, n := range p.uses {
		if n <= usedOften || len(p.all) >= preparedMost {
			continue
		}
		delete(p.uses, query)
		if s, err := db.PrepareContext(ctx, query); err == nil { //nolint:sqlclosecheck // see close
			if p.all == nil {
				p.all = map[string]*sql.Stmt{}
			}
			p.all[query] = s
		}
	}
}

func (p *prepared) close() (err error) {
	for _, s := range p.all {
		err = errors.Join(err, s.Close())
	}
	p.all = nil
	return err
}

// statement is how often a transaction ran a statement, and its prepared form.
type statement struct {
	uses     int
	prepared *sql.Stmt
}

// usedOften is how often a statement is run before it is prepared.
const usedOften = 4

// statement returns the form in which a transaction runs a query: nil as it is. Where
// nothing is kept beyond the transaction, it is prepared for it alone once it was
// used often: an import of thousands of rows does that, and an act of a person does not.
func (tx *Tx) statement(query string) (*sql.Stmt, error) {
	if tx.statements == nil {
		tx.statements = map[string]*statement{}
	}
	s := tx.statements[query]
	if s == nil {
		s = &statement{}
		tx.statements[query] = s
		if tx.kept != nil {
			if known := tx.kept.statement(query); known != nil {
				s.prepared = tx.tx.StmtContext(tx.ctx, known) //nolint:sqlclosecheck // it ends with the transaction
			}
		}
	}
	if s.uses++; s.prepared != nil || s.uses <= usedOften {
		return s.prepared, nil
	}
	var err error
	s.prepared, err = tx.tx.PrepareContext(tx.ctx, query) //nolint:sqlclosecheck // it ends with the transaction
	return s.prepared, err
}

// run runs a statement that writes.
func (tx *Tx) run(query string, args ...any) (sql.Result, error) {
	s, err := tx.statement(query)
	if err != nil {
		return nil, err
	}
	if s != nil {
		return s.ExecContext(tx.ctx, args...)
	}
	return tx.tx.ExecContext(tx.ctx, query, args...)
}

// exec runs a statement that writes, where it does not matter how many rows.
func (tx *Tx) exec(query string, args ...any) error {
	_, err := tx.run(query, args...)
	return err
}

// ask reads rows. In a view it does so as the text stands: a view asks little twice.
func (tx *Tx) ask(query string, args ...any) (*sql.Rows, error) {
	if !tx.writable {
		return tx.tx.QueryContext(tx.ctx, query, args...)
	}
	s, err := tx.statement(query)
	if err != nil {
		return nil, err
	}
	if s != nil {
		return s.QueryContext(tx.ctx, args...)
	}
	return tx.tx.QueryContext(tx.ctx, query, args...)
}

// one reads one row.
func (tx *Tx) one(query string, args []any, into ...any) (err error) {
	rows, err := tx.ask(query, args...)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	if !rows.Next() {
		return errors.Join(sql.ErrNoRows, rows.Err())
	}
	return rows.Scan(into...)
}
