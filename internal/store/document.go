package store

import (
	"errors"
	"slices"

	"shifan/internal/calendar"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/document"
	"shifan/internal/lifecycle/stage"
)

var documents = table[document.Document]{
	name: "documents",
	columns: []string{
		"id", "programme", "sort", "subject", "state", "doc_number", "title", "name", "addressee", "dated_on",
		"pdf_sha256", "pdf_size", "docx_sha256", "docx_size", "signed_at", "signed_by", "signed_as",
		"supersedes", "superseded_by", "reason", "ended_at", "ended_by", "version",
	},
	fields: func(d *document.Document) []any {
		return []any{
			&d.ID, &d.Programme, &d.Sort, &d.Subject, &d.State, &d.Number, &d.Title, &d.Name, &d.To, asDate(&d.On),
			&d.PDF.SHA256, &d.PDF.Size, &d.DOCX.SHA256, &d.DOCX.Size, asTime(&d.SignedAt), &d.SignedBy, &d.Role,
			&d.Supersedes, &d.SupersededBy, &d.Reason, asTime(&d.EndedAt), &d.EndedBy, &d.Version,
		}
	},
	version: func(d *document.Document) *int64 { return &d.Version },
}

// Document returns the signed document with the given identifier, or fault.Missing. It does
// not ask who looks; DocumentFor does.
func (tx *Tx) Document(key id.Document) (document.Document, error) {
	return documents.get(tx, string(key))
}

// DocumentFor returns a signed document's line in the register as those see it who see the
// register and what the document is about; for all others it is fault.Missing.
func (tx *Tx) DocumentFor(viewer stage.Actor, key id.Document) (document.Document, error) {
	d, err := tx.Document(key)
	if err != nil {
		return d, err
	}
	if !slices.Contains(seesNamings, viewer.Role) || !inProgramme(viewer, d.Programme) {
		return document.Document{}, fault.Missing()
	}
	return d, tx.seesSubject(viewer, &d)
}

// seesSubject returns fault.Missing to a viewer who sees the register and not what a
// document is about, for example for an interest in the organisation. What the public reads
// once it is signed, everybody sees.
func (tx *Tx) seesSubject(viewer stage.Actor, d *document.Document) (err error) {
	switch s, _ := document.SortOf(d.Sort); s.Thing {
	case "application":
		_, err = tx.ApplicationFor(viewer, id.Application(d.Subject))
	case "visit":
		_, err = tx.VisitFor(viewer, id.Visit(d.Subject))
	case "recheck":
		_, err = tx.RecheckFor(viewer, id.Recheck(d.Subject))
	case "rectification":
		_, err = tx.RectificationFor(viewer, id.Rectification(d.Subject))
	case "revocation":
		_, err = tx.RevocationFor(viewer, id.Revocation(d.Subject))
	}
	return err
}

// DocumentInForce returns the signed document of a sort about a thing that stands, or
// fault.Missing. It does not ask who looks.
func (tx *Tx) DocumentInForce(subject, sort string) (document.Document, error) {
	return only(documents.list(tx, "WHERE subject = $1 AND sort = $2 AND state = $3", subject, sort, string(document.Signed)))
}

// DocumentsAbout lists what was signed about a thing, of one sort or of all, the first
// first, for the rules.
func (tx *Tx) DocumentsAbout(subject, sort string) ([]document.Document, error) {
	var q where
	q.and("subject = ?", subject)
	if sort != "" {
		q.and("sort = ?", sort)
	}
	return documents.list(tx, q.String()+" ORDER BY signed_at, CASE WHEN supersedes = '' THEN 0 ELSE 1 END, id", q.args...)
}

// DocumentFilter narrows a list of signed documents.
type DocumentFilter struct {
	Programme id.Programme
	Year      int // of their date; 0: all
	Sort      string
	States    []stage.State
	After     id.Document // the one that ended the page before
	Limit     int         // 0: 50
}

// Documents lists the signed documents that a viewer may see in the register, the latest
// first.
func (tx *Tx) Documents(viewer stage.Actor, f DocumentFilter) ([]document.Document, error) {
	if !slices.Contains(seesNamings, viewer.Role) {
		return nil, nil
	}
	var q where
	if viewer.Programme != "" {
		q.and("programme = ?", string(viewer.Programme))
	}
	if f.Programme != "" {
		q.and("programme = ?", string(f.Programme))
	}
	if f.Year != 0 {
		q.and("dated_on >= ?", calendar.Date{Year: f.Year, Month: 1, Day: 1}.String())
		q.and("dated_on <= ?", calendar.Date{Year: f.Year, Month: 12, Day: 31}.String())
	}
	if f.Sort != "" {
		q.and("sort = ?", f.Sort)
	}
	if len(f.States) > 0 {
		q.in(f.States)
	}
	if f.Limit <= 0 {
		f.Limit = 50
	}
	return tx.documentsSeen(viewer, q, f)
}

// documentsSeen reads a list on until it has as many as asked that the viewer sees.
func (tx *Tx) documentsSeen(viewer stage.Actor, narrowed where, f DocumentFilter) (all []document.Document, err error) {
	for len(all) < f.Limit {
		q := where{slices.Clone(narrowed.conditions), slices.Clone(narrowed.args)}
		if f.After != "" {
			q.and("(signed_at, id) < (SELECT signed_at, id FROM documents WHERE id = ?)", string(f.After))
		}
		page, err := documents.list(tx, q.String()+" ORDER BY signed_at DESC, id DESC LIMIT "+q.mark(f.Limit), q.args...)
		if err != nil {
			return nil, err
		}
		for i := range page {
			f.After = page[i].ID
			switch err := tx.seesSubject(viewer, &page[i]); {
			case fault.KindOf(err) == fault.NotFound:
			case err != nil:
				return nil, err
			case len(all) < f.Limit:
				all = append(all, page[i])
			}
		}
		if len(page) < f.Limit {
			break
		}
	}
	return all, nil
}

// AddDocument adds a signed document. Its bytes are there already.
func (tx *Tx) AddDocument(d *document.Document) error { return documents.insert(tx, d) }

// ErrFrozen says that a change would alter what was signed. It is our doing.
var ErrFrozen = errors.New("store: what was signed does not change")

// PutDocument saves what became of a signed document, unless someone else saved it since
// it was read. What was signed stays as it was.
func (tx *Tx) PutDocument(d *document.Document) error {
	was, err := tx.Document(d.ID)
	if err != nil {
		return err
	}
	if !d.Frozen(&was) {
		return ErrFrozen
	}
	return documents.update(tx, d)
}

var (
	documentsPDF  = documents.some([]string{"pdf_sha256"}, func(d *document.Document) []any { return []any{&d.PDF.SHA256} })
	documentsDOCX = documents.some([]string{"docx_sha256"}, func(d *document.Document) []any { return []any{&d.DOCX.SHA256} })
)
