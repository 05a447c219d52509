package store

import (
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/application"
	"shifan/internal/lifecycle/stage"
)

// filedTexts says of applications which text they hold, without the text.
var filedTexts = applications.some(
	[]string{"id", "round", "organisation", "digest"},
	func(a *application.Application) []any { return []any{&a.ID, &a.Round, &a.Organisation, &a.Digest} },
)

// FiledTexts lists what was filed in a programme, whatever the round, the latest
// first, at most so many, each with its identifiers and the digest of its content
// only: what the statements of one application are compared
// with. The office and the auditors of the programme see it, without what they
// have an interest in; nobody else sees any.
func (tx *Tx) FiledTexts(viewer stage.Actor, p id.Programme, limit int) ([]application.Application, error) {
	if !comparesTexts(viewer) || !inProgramme(viewer, p) {
		return nil, nil
	}
	var q where
	q.and("programme = ?", string(p))
	q.and("submitted_at > ?", 0)
	if err := q.untied(tx, viewer, "id"); err != nil {
		return nil, err
	}
	return filedTexts.list(tx, q.String()+" ORDER BY submitted_at DESC, id DESC LIMIT "+q.mark(limit), q.args...)
}

// comparesTexts reports whether a viewer may compare what applicants wrote.
func comparesTexts(viewer stage.Actor) bool {
	return viewer.Role == stage.Clerk || viewer.Role == stage.Director || viewer.Role == stage.Auditor
}

// ComparedText returns an application whose text a viewer may compare with that of
// others, or fault.Missing: one that FiledTexts lists.
func (tx *Tx) ComparedText(viewer stage.Actor, key id.Application) (application.Application, error) {
	if !comparesTexts(viewer) {
		return application.Application{}, fault.Missing()
	}
	return tx.ApplicationFor(viewer, key)
}
