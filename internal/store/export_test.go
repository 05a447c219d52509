package store

import (
	"database/sql"

	"shifan/internal/lifecycle/application"
)

// Raw is the database itself, for tests that change rows behind the program's back. Who
// does so in earnest has another connection, of which the database tells; this is the
// store's own, so that it has to forget what it knows.
func (s *Store) Raw() *sql.DB {
	s.remembered.forget()
	return s.writes
}

// Column describes a column of a table.
type Column struct {
	Name, Kind string
	Key        bool
}

// Schema reads the tables and their columns.
func (tx *Tx) Schema() (map[string][]Column, error) {
	all, err := tx.schemaOf()
	out := map[string][]Column{}
	for t, columns := range all {
		for _, c := range columns {
			out[t] = append(out[t], Column{c.name, c.kind, c.key == 1})
		}
	}
	return out, err
}

// Listening makes a store tell every list that it reads.
func (s *Store) Listening(heard func(query string, args []any)) { s.heard = heard }

// OpenKeeping opens an SQLite database whose connections keep their statements.
var OpenKeeping = openKeeping

// CompiledMost is how many a connection keeps.
const CompiledMost = compiledMost

// Promised reads of an application what the promises ask of it.
func (tx *Tx) Promised(key string) (application.Application, error) { return tx.promised(key) }
