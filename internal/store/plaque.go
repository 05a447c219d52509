package store

import (
	"slices"
	"strings"

	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/plaque"
	"shifan/internal/lifecycle/stage"
)

var plaques = table[plaque.Plaque]{
	name: "plaques",
	columns: []string{
		"id", "programme", "designation", "organisation", "number", "code", "text", "size", "material", "copy", "replaces", "state",
		"ordered_on", "handed_on", "receiver", "lost_on", "recalled_on", "returned_on", "reason", "version",
	},
	fields: func(q *plaque.Plaque) []any {
		return []any{
			&q.ID, &q.Programme, &q.Designation, &q.Organisation, &q.Number, &q.Code, &q.Text, &q.Size, &q.Material, &q.Copy, &q.Replaces, &q.State,
			asDate(&q.OrderedOn), asDate(&q.HandedOn), &q.Receiver, asDate(&q.LostOn), asDate(&q.RecalledOn), asDate(&q.ReturnedOn), &q.Reason, &q.Version,
		}
	},
	version: func(q *plaque.Plaque) *int64 { return &q.Version },
}

// seesPlaques lists the roles that see the plaque register of their programme.
var seesPlaques = []stage.Role{stage.Clerk, stage.Director, stage.Chair, stage.Auditor}

func insideOf(viewer stage.Actor, q plaque.Plaque) bool {
	return slices.Contains(seesPlaques, viewer.Role) && (viewer.Programme == "" || viewer.Programme == q.Programme)
}

// Plaque returns the plaque with the given identifier, or fault.Missing. It does
// not ask who looks; PlaqueFor does.
func (tx *Tx) Plaque(key id.Plaque) (plaque.Plaque, error) { return plaques.get(tx, string(key)) }

// PlaqueFor returns a plaque as a viewer may see it: the register is for the
// office, the chair and the auditors of its programme, and a holder sees its own.
func (tx *Tx) PlaqueFor(viewer stage.Actor, key id.Plaque) (plaque.Plaque, error) {
	q, err := tx.Plaque(key)
	if err != nil {
		return q, err
	}
	if !insideOf(viewer, q) && !(viewer.Role == stage.Applicant && viewer.Organisation != "" && viewer.Organisation == q.Organisation) {
		return plaque.Plaque{}, fault.Missing()
	}
	return q, nil
}

// AddPlaque adds a plaque.
func (tx *Tx) AddPlaque(q *plaque.Plaque) error { return plaques.insert(tx, q) }

// PutPlaque saves a plaque, unless someone else saved it since it was read.
func (tx *Tx) PutPlaque(q *plaque.Plaque) error { return plaques.update(tx, q) }

// PlaqueOf returns the plaque that stands for a title now, or fault.Missing when
// none was ordered: a naming without a plaque is valid (S60).
func (tx *Tx) PlaqueOf(d id.Designation) (plaque.Plaque, error) {
	return only(plaques.list(tx, "WHERE designation = $1 ORDER BY copy DESC LIMIT 1", string(d)))
}

// PlaquesOf lists every plaque that was ever made for a title, the latest first.
func (tx *Tx) PlaquesOf(d id.Designation) ([]plaque.Plaque, error) {
	return plaques.list(tx, "WHERE designation = $1 ORDER BY copy DESC", string(d))
}

// PlaqueByCode returns the plaque with a verification code, or fault.Missing.
// Everybody may ask; what the office wrote about it is left out.
func (tx *Tx) PlaqueByCode(code string) (plaque.Plaque, error) {
	q, err := only(plaques.list(tx, "WHERE code = $1", code))
	q.Receiver, q.Reason = "", ""
	return q, err
}

// PlaqueFilter narrows a list of plaques.
type PlaqueFilter struct {
	States []stage.State
	Query  string // part of the number, the code or the text
	After  id.Plaque
	Limit  int // 0: 50
}

// Plaques lists the plaques that a viewer may see, the highest number first.
func (tx *Tx) Plaques(viewer stage.Actor, f PlaqueFilter) ([]plaque.Plaque, error) {
	var q where
	switch {
	case slices.Contains(seesPlaques, viewer.Role):
		if viewer.Programme != "" {
			q.and("programme = ?", string(viewer.Programme))
		}
	case viewer.Role == stage.Applicant && viewer.Organisation != "":
		q.and("organisation = ?", string(viewer.Organisation))
	default:
		return nil, nil
	}
	if len(f.States) > 0 {
		states := make([]any, len(f.States))
		for i, s := range f.States {
			states[i] = string(s)
		}
		q.and("state IN (?"+strings.Repeat(", ?", len(states)-1)+")", states...)
	}
	if f.Query != "" {
		like := "%" + escapeLike(f.Query) + "%"
		q.and("(number LIKE ? ESCAPE '!' OR code LIKE ? ESCAPE '!' OR text LIKE ? ESCAPE '!')", like, like, like)
	}
	if f.After != "" {
		q.and("(number, id) < (SELECT number, id FROM plaques WHERE id = ?)", string(f.After))
	}
	if f.Limit <= 0 {
		f.Limit = 50
	}
	return plaques.list(tx, q.String()+" ORDER BY number DESC, id DESC LIMIT "+q.mark(f.Limit), q.args...)
}
