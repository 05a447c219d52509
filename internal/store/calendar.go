package store

import (
	"time"

	"shifan/internal/calendar"
	"shifan/internal/id"
)

// Arrangement is an arrangement of days off that was imported.
type Arrangement struct {
	ID         id.Arrangement
	Sequence   int // the order in which they were imported, from 1
	Year       int
	Document   calendar.Arrangement
	ImportedAt time.Time
	ImportedBy id.Account
}

var arrangements = table[Arrangement]{
	name:    "arrangements",
	columns: []string{"id", "sequence", "year", "document", "imported_at", "imported_by"},
	fields: func(a *Arrangement) []any {
		return []any{&a.ID, &a.Sequence, &a.Year, asJSON(&a.Document), asTime(&a.ImportedAt), &a.ImportedBy}
	},
}

// Arrangements lists the imported arrangements in the order of their import.
// Everybody may see them.
func (tx *Tx) Arrangements() ([]Arrangement, error) {
	return arrangements.list(tx, "ORDER BY sequence")
}

// AddArrangement adds an imported arrangement after those that are there.
func (tx *Tx) AddArrangement(a *Arrangement) error {
	n, err := arrangements.count(tx, "")
	if err != nil {
		return err
	}
	a.Sequence = n + 1
	return arrangements.insert(tx, a)
}

// Calendar returns the calendar in force: what the program is shipped with, and
// what was imported.
func (tx *Tx) Calendar() (*calendar.Calendar, error) {
	all, err := tx.Arrangements()
	if err != nil {
		return nil, err
	}
	c := calendar.Embedded()
	for _, a := range all {
		if c, err = c.With(a.Document); err != nil {
			return nil, err
		}
	}
	return c, nil
}
