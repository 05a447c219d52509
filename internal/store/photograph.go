package store

import (
	"shifan/internal/id"
	"shifan/internal/lifecycle/photograph"
	"shifan/internal/lifecycle/plaque"
	"shifan/internal/lifecycle/stage"
)

var photographs = table[photograph.Photograph]{
	name: "photographs",
	columns: []string{
		"id", "plaque", "programme", "organisation", "description", "size", "width", "height", "sha256", "state",
		"by_holder", "uploaded_by", "uploaded_at", "shown_at", "ended_at", "reason", "version",
	},
	fields: func(p *photograph.Photograph) []any {
		return []any{
			&p.ID, &p.Plaque, &p.Programme, &p.Organisation, &p.Description, &p.Size, &p.Width, &p.Height, &p.SHA256, &p.State,
			&p.ByHolder, &p.By, asTime(&p.At), asTime(&p.ShownAt), asTime(&p.EndedAt), &p.Reason, &p.Version,
		}
	},
	version: func(p *photograph.Photograph) *int64 { return &p.Version },
}

var photographsBytes = photographs.some([]string{"sha256"}, func(p *photograph.Photograph) []any { return []any{&p.SHA256} })

// AddPhotograph adds a photograph of a plaque. Its bytes are there already.
func (tx *Tx) AddPhotograph(p *photograph.Photograph) error { return photographs.insert(tx, p) }

// PutPhotograph saves a photograph, unless someone else saved it since it was read.
func (tx *Tx) PutPhotograph(p *photograph.Photograph) error { return photographs.update(tx, p) }

// PhotographsOf lists every photograph of a plaque, the latest first, for those who may see
// the plaque. It does not ask who looks; PlaqueFor does.
func (tx *Tx) PhotographsOf(q id.Plaque) ([]photograph.Photograph, error) {
	return photographs.list(tx, "WHERE plaque = $1 ORDER BY uploaded_at DESC, id DESC", string(q))
}

// ShownPhotograph returns the photograph of a plaque that everybody may see, without who
// brought it, or fault.Missing.
func (tx *Tx) ShownPhotograph(q id.Plaque) (photograph.Photograph, error) {
	p, err := only(photographs.list(tx, "WHERE plaque = $1 AND state = $2", string(q), string(photograph.Shown)))
	p.By, p.Reason = "", ""
	return p, err
}

// PhotographFor returns a photograph of a plaque as a viewer may see it, whatever became of
// it: whoever may see the plaque in the register.
func (tx *Tx) PhotographFor(viewer stage.Actor, of id.Plaque, key id.Photograph) (photograph.Photograph, plaque.Plaque, error) {
	q, err := tx.PlaqueFor(viewer, of)
	if err != nil {
		return photograph.Photograph{}, q, err
	}
	p, err := only(photographs.list(tx, "WHERE id = $1 AND plaque = $2", string(key), string(of)))
	return p, q, err
}

// PhotographsOffered lists what holders offered and the office has not looked at, the oldest
// first; an empty programme: of all. after: those behind it.
func (tx *Tx) PhotographsOffered(p id.Programme, after *photograph.Photograph, limit int) ([]photograph.Photograph, error) {
	var q where
	q.and("state = ?", string(photograph.Offered))
	if p != "" {
		q.and("programme = ?", string(p))
	}
	if after != nil {
		q.and("(uploaded_at, id) > (SELECT uploaded_at, id FROM photographs WHERE id = ?)", string(after.ID))
	}
	return photographs.list(tx, q.String()+" ORDER BY uploaded_at, id LIMIT "+q.mark(limit), q.args...)
}
