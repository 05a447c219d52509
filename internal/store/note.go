package store

import (
	"slices"

	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/review"
	"shifan/internal/lifecycle/stage"
)

var notes = table[review.Note]{
	name:    "notes",
	columns: []string{"id", "review", "indicator", "file", "page", "text", "author", "at", "settled_by", "settled_at"},
	fields: func(n *review.Note) []any {
		return []any{&n.ID, &n.Review, &n.Indicator, &n.File, &n.Page, &n.Text, &n.By, asTime(&n.At), &n.SettledBy, asTime(&n.SettledAt)}
	},
}

// AddNote adds a note of a review.
func (tx *Tx) AddNote(n *review.Note) error { return notes.insert(tx, n) }

// PutNote saves a note.
func (tx *Tx) PutNote(n *review.Note) error { return notes.update(tx, n) }

// Note returns the note of a review with the given identifier, or fault.Missing. It does
// not ask who looks.
func (tx *Tx) Note(of id.Review, key id.Note) (review.Note, error) {
	n, err := notes.get(tx, string(key))
	if err == nil && n.Review != of {
		return review.Note{}, fault.Missing()
	}
	return n, err
}

// NotesFor lists the notes of a review that a viewer may see, the earliest first: of one
// who sees all of the review (ReviewFor says which), all; of others, none.
func (tx *Tx) NotesFor(viewer stage.Actor, r *review.Review) ([]review.Note, error) {
	hidden, err := tx.tied(viewer, r.Organisation, r.Application)
	if err != nil || hidden || !slices.Contains(seesReviews, viewer.Role) || !inProgramme(viewer, r.Programme) {
		return nil, err
	}
	return notes.list(tx, "WHERE review = $1 ORDER BY at, id", string(r.ID))
}
