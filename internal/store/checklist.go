package store

import (
	"slices"

	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/checklist"
	"shifan/internal/lifecycle/file"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/lifecycle/visit"
)

var edits = table[checklist.Edit]{
	name:    "edits",
	columns: []string{"id", "visit", "sitting", "field", "owner", "replaces", "value", "device", "writer", "taken_at", "ahead", "at"},
	fields: func(e *checklist.Edit) []any {
		return []any{&e.ID, &e.Visit, &e.Sitting, &e.Field, &e.Owner, asJSON(&e.Over), &e.Value, &e.Device, &e.By, asTime(&e.TakenAt), (*int64)(&e.Ahead), asTime(&e.At)}
	},
}

var photos = table[checklist.Photo]{
	name:    "photos",
	columns: []string{"id", "visit", "sitting", "field", "file", "sha256", "device", "writer", "taken_at", "ahead", "at"},
	fields: func(p *checklist.Photo) []any {
		return []any{&p.ID, &p.Visit, &p.Sitting, &p.Field, &p.File, &p.SHA256, &p.Device, &p.By, asTime(&p.TakenAt), (*int64)(&p.Ahead), asTime(&p.At)}
	},
}

// EditsOf lists what was written on the checklist of a visit since it was begun or
// begun anew, the first to come first, for the rules. ChecklistFor asks who looks.
func (tx *Tx) EditsOf(v *visit.Visit) ([]checklist.Edit, error) {
	return edits.list(tx, "WHERE visit = $1 AND sitting = $2 ORDER BY at, id", string(v.ID), checklist.Sitting(v))
}

// Edit returns an edit by the name that a device gave it, or fault.Missing. It does not
// ask who looks.
func (tx *Tx) Edit(key id.Edit) (checklist.Edit, error) { return edits.get(tx, string(key)) }

// AddEdit adds an edit. None is ever changed.
func (tx *Tx) AddEdit(e *checklist.Edit) error { return edits.insert(tx, e) }

// ChecklistFor returns what was written on the checklist of a visit as a viewer may see
// it: who sees the whole visit, without the marks that they may not see (yet). To
// everybody else, the organisation and the committee among them, there is none.
func (tx *Tx) ChecklistFor(viewer stage.Actor, key id.Visit) (visit.Visit, []checklist.Edit, error) {
	v, err := tx.checklistSeen(viewer, key)
	if err != nil {
		return v, nil, err
	}
	all, err := tx.EditsOf(&v)
	return v, checklist.Seen(all, &v, viewer), err
}

// checklistSeen returns a visit to those who may see what is written on its checklist.
func (tx *Tx) checklistSeen(viewer stage.Actor, key id.Visit) (visit.Visit, error) {
	v, err := tx.VisitFor(viewer, key)
	if err != nil {
		return v, err
	}
	if viewer.Role == stage.Assessor || slices.Contains(seesVisits, viewer.Role) {
		return v, nil
	}
	return visit.Visit{}, fault.Missing()
}

// PhotosOf lists the photos of a visit since it was begun or begun anew, the first to
// come first, for the rules.
func (tx *Tx) PhotosOf(v *visit.Visit) ([]checklist.Photo, error) {
	return photos.list(tx, "WHERE visit = $1 AND sitting = $2 ORDER BY at, id", string(v.ID), checklist.Sitting(v))
}

// PhotosFor lists the photos of a visit with their files as a viewer may see them:
// whoever sees the checklist.
func (tx *Tx) PhotosFor(viewer stage.Actor, key id.Visit) ([]checklist.Photo, map[id.File]file.File, error) {
	v, err := tx.checklistSeen(viewer, key)
	if err != nil {
		return nil, nil, err
	}
	all, err := tx.PhotosOf(&v)
	if err != nil {
		return nil, nil, err
	}
	list, err := files.list(tx, "WHERE visit = $1", string(key))
	byID := map[id.File]file.File{}
	for _, f := range list {
		byID[f.ID] = f
	}
	return all, byID, err
}

// AddPhoto adds a photo. Its file is there already.
func (tx *Tx) AddPhoto(p *checklist.Photo) error { return photos.insert(tx, p) }

// FileOfVisit returns the file of a visit with some bytes, or fault.Missing: the same
// picture taken in twice is one file.
func (tx *Tx) FileOfVisit(key id.Visit, sum string) (file.File, error) {
	return only(files.list(tx, "WHERE visit = $1 AND sha256 = $2", string(key), sum))
}
