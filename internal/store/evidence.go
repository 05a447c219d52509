package store

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/application"
	"shifan/internal/lifecycle/countsheet"
	"shifan/internal/lifecycle/document"
	"shifan/internal/lifecycle/file"
	"shifan/internal/lifecycle/inquiry"
	"shifan/internal/lifecycle/item"
	"shifan/internal/lifecycle/photograph"
	"shifan/internal/lifecycle/stage"
)

var files = table[file.File]{
	name: "files",
	columns: []string{
		"id", "programme", "round", "organisation", "application", "name", "kind", "size", "sha256", "pages", "state",
		"reading", "hints", "drawing", "uploaded_by", "uploaded_at", "visit", "rectification", "section", "version",
	},
	fields: func(f *file.File) []any {
		return []any{
			&f.ID, &f.Programme, &f.Round, &f.Organisation, &f.Application, &f.Name, &f.Kind, &f.Size, &f.SHA256, &f.Pages, &f.State,
			&f.Reading, asJSON(&f.Hints), &f.Drawing, &f.UploadedBy, asTime(&f.UploadedAt), &f.Visit, &f.Rectification, &f.Section, &f.Version,
		}
	},
	version: func(f *file.File) *int64 { return &f.Version },
}

var evidence = table[file.Place]{
	name:    "evidence",
	columns: []string{"key", "application", "indicator", "file", "at", "carried"},
	fields: func(e *file.Place) []any {
		return []any{&e.Key, &e.Application, &e.Indicator, &e.File, asTime(&e.At), &e.Carried}
	},
}

var texts = table[file.Text]{
	name:    "texts",
	columns: []string{"file", "pages"},
	fields:  func(t *file.Text) []any { return []any{&t.File, asJSON(&t.Pages)} },
}

var previews = table[file.Preview]{
	name:    "previews",
	columns: []string{"key", "file", "application", "page", "sha256", "width", "height"},
	fields: func(p *file.Preview) []any {
		return []any{&p.Key, &p.File, &p.Application, &p.Page, &p.SHA256, &p.Width, &p.Height}
	},
}

var copies = table[file.Copy]{
	name:    "copies",
	columns: []string{"file", "application", "outcome", "sha256", "size"},
	fields: func(c *file.Copy) []any {
		return []any{&c.File, &c.Application, &c.Outcome, &c.SHA256, &c.Size}
	},
}

// FilesUncopied lists released files that nobody tried to copy for reviewers, the first
// uploaded first.
func (tx *Tx) FilesUncopied(most int) ([]file.File, error) {
	return files.list(tx, "WHERE state IN ($1, $2) AND NOT EXISTS (SELECT 1 FROM copies WHERE copies.file = files.id) ORDER BY uploaded_at, id LIMIT $3", string(file.Released[0]), string(file.Released[1]), most)
}

// AddCopy keeps what became of a file's copy. Its bytes are there already.
func (tx *Tx) AddCopy(c *file.Copy) error { return copies.insert(tx, c) }

// PutCopy saves what became of a copy that was made anew.
func (tx *Tx) PutCopy(c *file.Copy) error { return copies.update(tx, c) }

// CopiesOf lists the copies of an application's files. It does not ask who looks.
func (tx *Tx) CopiesOf(key id.Application) ([]file.Copy, error) {
	return copies.list(tx, "WHERE application = $1 ORDER BY file", string(key))
}

// CopyOf returns the copy of a file, or fault.Missing. It does not ask who looks.
func (tx *Tx) CopyOf(key id.File) (file.Copy, error) { return copies.get(tx, string(key)) }

// AddPreview keeps which picture shows a page of a file. The picture is there already.
func (tx *Tx) AddPreview(p *file.Preview) error { return previews.insert(tx, p) }

// PreviewsOf lists the pages of an application's files that are drawn, in order. It
// does not ask who looks.
func (tx *Tx) PreviewsOf(key id.Application) ([]file.Preview, error) {
	return previews.list(tx, "WHERE application = $1 ORDER BY file, page", string(key))
}

// PreviewFor returns a drawn page of a file as a viewer may see it: whoever sees the
// file, as far as its chapter says.
func (tx *Tx) PreviewFor(viewer stage.Actor, key id.File, page int) (file.Preview, error) {
	f, _, err := tx.fileSeen(viewer, key)
	if err == nil {
		err = f.Previewable()
	}
	if err != nil {
		return file.Preview{}, err
	}
	return previews.get(tx, file.PreviewKey(key, page))
}

// AddText keeps what a file says.
func (tx *Tx) AddText(t *file.Text) error { return texts.insert(tx, t) }

// TextOf returns what a file says, or fault.Missing. It does not ask who looks.
func (tx *Tx) TextOf(key id.File) (file.Text, error) { return texts.get(tx, string(key)) }

// FilesUnscanned lists files that no scanner was asked about, the first uploaded first.
func (tx *Tx) FilesUnscanned(most int) ([]file.File, error) { return tx.filesIn(file.Unscanned, most) }

// FilesWaiting lists files that wait for the scanner, the first uploaded first.
func (tx *Tx) FilesWaiting(most int) ([]file.File, error) { return tx.filesIn(file.Waiting, most) }

func (tx *Tx) filesIn(state stage.State, most int) ([]file.File, error) {
	return files.list(tx, "WHERE state = $1 ORDER BY uploaded_at, id LIMIT $2", string(state), most)
}

// FilesUnread lists released files that no machine has read, the first uploaded
// first.
func (tx *Tx) FilesUnread(most int) ([]file.File, error) {
	return files.list(tx, "WHERE reading = $1 AND state IN ($2, $3) ORDER BY uploaded_at, id LIMIT $4", "", string(file.Released[0]), string(file.Released[1]), most)
}

// FilesUndrawn lists released files that no machine has drawn, the first uploaded first.
func (tx *Tx) FilesUndrawn(most int) ([]file.File, error) {
	return files.list(tx, "WHERE drawing = $1 AND state IN ($2, $3) ORDER BY uploaded_at, id LIMIT $4", "", string(file.Released[0]), string(file.Released[1]), most)
}

// NewestFiles lists the files that were uploaded last, the newest first.
func (tx *Tx) NewestFiles(most int) ([]file.File, error) {
	return files.list(tx, "ORDER BY uploaded_at DESC, id DESC LIMIT $1", most)
}

// NamesBlobs reports which of some blobs a row names, at most a few hundred at once.
func (tx *Tx) NamesBlobs(sums []string) (named map[string]bool, err error) {
	marks, args := make([]string, len(sums)), make([]any, len(sums))
	for i, sum := range sums {
		marks[i], args[i] = fmt.Sprintf("$%d", i+1), sum
	}
	list := " IN (" + strings.Join(marks, ", ") + ")"
	named = map[string]bool{}
	return named, errors.Join(
		note(tx, filesBytes, "sha256"+list, args, named, func(f *file.File) string { return f.SHA256 }),
		note(tx, previewsBytes, "sha256"+list, args, named, func(p *file.Preview) string { return p.SHA256 }),
		note(tx, copiesBytes, "sha256"+list, args, named, func(c *file.Copy) string { return c.SHA256 }),
		note(tx, countsheetsBytes, "sha256"+list, args, named, func(s *countsheet.Sheet) string { return s.SHA256 }),
		note(tx, attachmentsBytes, "sha256"+list, args, named, func(a *inquiry.Attachment) string { return a.SHA256 }),
		note(tx, photographsBytes, "sha256"+list, args, named, func(p *photograph.Photograph) string { return p.SHA256 }),
		note(tx, documentsPDF, "pdf_sha256"+list, args, named, func(d *document.Document) string { return d.PDF.SHA256 }),
		note(tx, documentsDOCX, "docx_sha256"+list, args, named, func(d *document.Document) string { return d.DOCX.SHA256 }),
	)
}

// note adds the sums that a table names to those that are named.
func note[T any](tx *Tx, t columnsOf[T], where string, args []any, named map[string]bool, sum func(*T) string) error {
	all, err := t.list(tx, "WHERE "+where, args...)
	for i := range all {
		named[sum(&all[i])] = true
	}
	return err
}

var (
	filesBytes    = files.some([]string{"sha256"}, func(f *file.File) []any { return []any{&f.SHA256} })
	previewsBytes = previews.some([]string{"sha256"}, func(p *file.Preview) []any { return []any{&p.SHA256} })
	copiesBytes   = copies.some([]string{"sha256"}, func(c *file.Copy) []any { return []any{&c.SHA256} })
)

// File returns the file with the given identifier, or fault.Missing. It does not
// ask who looks; FileFor does.
func (tx *Tx) File(key id.File) (file.File, error) { return files.get(tx, string(key)) }

// AddFile adds a file. Its bytes are there already.
func (tx *Tx) AddFile(f *file.File) error { return files.insert(tx, f) }

// PutFile saves a file, unless someone else saved it since it was read.
func (tx *Tx) PutFile(f *file.File) error { return files.update(tx, f) }

// RemoveFile forgets a file that stands nowhere and was never submitted.
func (tx *Tx) RemoveFile(key id.File) error {
	if err := texts.remove(tx, string(key)); err != nil {
		return err
	}
	if err := copies.remove(tx, string(key)); err != nil {
		return err
	}
	for page := range file.PreviewPages {
		if err := previews.remove(tx, file.PreviewKey(key, page+1)); err != nil {
			return err
		}
	}
	return files.remove(tx, string(key))
}

// FilesOf lists the files that its applicant brought to an application, the first
// uploaded first, for the rules.
func (tx *Tx) FilesOf(key id.Application) ([]file.File, error) {
	return files.list(tx, "WHERE application = $1 AND visit = '' AND rectification = '' AND section = '' ORDER BY uploaded_at, id", string(key))
}

// FilesOfOrder lists the files that the holder brought to an order, the first uploaded
// first, for the rules.
func (tx *Tx) FilesOfOrder(key id.Rectification) ([]file.File, error) {
	return files.list(tx, "WHERE rectification = $1 AND rectification <> '' ORDER BY uploaded_at, id", string(key))
}

// PreviewsOfOrder lists the pages of an order's files that are drawn, in order. It does
// not ask who looks.
func (tx *Tx) PreviewsOfOrder(key id.Rectification) ([]file.Preview, error) {
	return previews.list(tx, "WHERE file IN (SELECT id FROM files WHERE rectification = $1 AND rectification <> '') ORDER BY file, page", string(key))
}

// CopiesOfOrder lists the copies of an order's files. It does not ask who looks.
func (tx *Tx) CopiesOfOrder(key id.Rectification) ([]file.Copy, error) {
	return copies.list(tx, "WHERE file IN (SELECT id FROM files WHERE rectification = $1 AND rectification <> '') ORDER BY file", string(key))
}

// FilesOfOrderFor lists the files of an order as a viewer may see them: the holder all
// that it brought; the office, the chair, the auditors, those who verify and the members
// before whom it comes, unless they have an interest in the holder. Nobody else sees any.
func (tx *Tx) FilesOfOrderFor(viewer stage.Actor, key id.Rectification) ([]file.File, error) {
	r, err := tx.RectificationFor(viewer, key)
	if err != nil {
		return nil, err
	}
	hidden, err := tx.tied(viewer, r.Organisation, "")
	if err != nil || hidden {
		return nil, err
	}
	return tx.FilesOfOrder(key)
}

// FilesOfFacts lists the proofs of what is known of an organisation, the first uploaded
// first, for the rules.
func (tx *Tx) FilesOfFacts(key id.Organisation) ([]file.File, error) {
	return files.list(tx, "WHERE organisation = $1 AND section <> '' ORDER BY uploaded_at, id", string(key))
}

// FilesOfFactsFor lists the same as a viewer may see them: whoever sees what is known of
// the organisation, unless they have an interest in it. An operator sees none.
func (tx *Tx) FilesOfFactsFor(viewer stage.Actor, key id.Organisation) ([]file.File, error) {
	if _, err := tx.OrganisationFor(viewer, key); err != nil || viewer.Role == stage.Operator {
		return nil, err
	}
	hidden, err := tx.tied(viewer, key, "")
	if err != nil || hidden {
		return nil, err
	}
	return tx.FilesOfFacts(key)
}

// PreviewsOfFacts lists the pages of an organisation's proofs that are drawn, in order. It
// does not ask who looks.
func (tx *Tx) PreviewsOfFacts(key id.Organisation) ([]file.Preview, error) {
	return previews.list(tx, "WHERE file IN (SELECT id FROM files WHERE organisation = $1 AND section <> '') ORDER BY file, page", string(key))
}

// CopiesOfFacts lists the copies of an organisation's proofs. It does not ask who looks.
func (tx *Tx) CopiesOfFacts(key id.Organisation) ([]file.Copy, error) {
	return copies.list(tx, "WHERE file IN (SELECT id FROM files WHERE organisation = $1 AND section <> '') ORDER BY file", string(key))
}

// EvidenceOf lists which files stand under which indicators of an application now,
// the first put there first, for the rules.
func (tx *Tx) EvidenceOf(key id.Application) ([]file.Place, error) {
	return evidence.list(tx, "WHERE application = $1 ORDER BY at, key", string(key))
}

// AddEvidence puts a file under an indicator.
func (tx *Tx) AddEvidence(e *file.Place) error { return evidence.insert(tx, e) }

// RemoveEvidence takes a file from under an indicator.
func (tx *Tx) RemoveEvidence(key string) error { return evidence.remove(tx, key) }

// FilesUnder returns the files of an application by indicator: of a draft and while
// a correction is written those that stand there now when working is true,
// otherwise those that were submitted. It does not ask who looks.
func (tx *Tx) FilesUnder(a *application.Application, working bool) (map[string][]file.File, error) {
	all, err := tx.FilesOf(a.ID)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	under := map[string][]file.File{}
	if working {
		byID := map[id.File]file.File{}
		for _, f := range all {
			byID[f.ID] = f
		}
		standing, err := tx.EvidenceOf(a.ID)
		for _, e := range standing {
			under[e.Indicator] = append(under[e.Indicator], byID[e.File])
		}
		return under, err
	}
	bySum := map[string]file.File{}
	for _, f := range all {
		bySum[f.SHA256] = f
	}
	for code, w := range a.Answers {
		for _, brief := range w.Files {
			under[code] = append(under[code], bySum[brief.SHA256])
		}
	}
	return under, nil
}

// FilesFor returns the files of an application by indicator as a viewer may see
// them: its applicant what stands there now while it may change it; the office,
// the chair, the auditors, the team of its visit and the members before whom it
// comes what was submitted, unless they have an interest. Nobody else sees any.
func (tx *Tx) FilesFor(viewer stage.Actor, key id.Application) (map[string][]file.File, error) {
	a, err := tx.Application(key)
	if err != nil {
		return nil, err
	}
	if holds(viewer, a.Organisation) && inProgramme(viewer, a.Programme) {
		return tx.FilesUnder(&a, a.State == application.Draft || a.State == application.Correcting)
	}
	if err := tx.seesFiles(viewer, &a); err != nil {
		return nil, err
	}
	return tx.FilesUnder(&a, false)
}

// FileFor returns a file as a viewer may open it: those of FilesFor, and for those
// who see what was submitted also what a correction replaced, each as its chapter
// says who opens it; and what the viewer is given of it, itself or its copy.
func (tx *Tx) FileFor(viewer stage.Actor, key id.File) (f file.File, given file.Given, err error) {
	f, own, err := tx.fileSeen(viewer, key)
	if err != nil {
		return file.File{}, given, err
	}
	c, err := copies.get(tx, string(key))
	if fault.KindOf(err) == fault.NotFound {
		given, err = f.Give(viewer.Role, own, nil)
	} else if err == nil {
		given, err = f.Give(viewer.Role, own, &c)
	}
	return f, given, err
}

// fileSeen returns a file that a viewer sees in lists, and whether it is the viewer's
// own. What the team of a visit made is for those who see its checklist, evidence of what
// was put right for those of FilesOfOrderFor, and of what is known of an organisation for
// those of FilesOfFactsFor.
func (tx *Tx) fileSeen(viewer stage.Actor, key id.File) (f file.File, own bool, err error) {
	if f, err = tx.File(key); err != nil {
		return f, false, err
	}
	if f.Visit != "" {
		_, err = tx.checklistSeen(viewer, f.Visit)
		return f, false, err
	}
	if f.Rectification != "" {
		all, err := tx.FilesOfOrderFor(viewer, f.Rectification)
		if err == nil && !slices.ContainsFunc(all, func(o file.File) bool { return o.ID == key }) {
			err = fault.Missing()
		}
		return f, holds(viewer, f.Organisation), err
	}
	if f.Section != "" {
		all, err := tx.FilesOfFactsFor(viewer, f.Organisation)
		if err == nil && !slices.ContainsFunc(all, func(o file.File) bool { return o.ID == key }) {
			err = fault.Missing()
		}
		return f, holds(viewer, f.Organisation), err
	}
	a, err := tx.Application(f.Application)
	if err != nil {
		return f, false, err
	}
	if holds(viewer, a.Organisation) && inProgramme(viewer, a.Programme) {
		return f, true, nil
	}
	if err := tx.seesFiles(viewer, &a); err != nil {
		return f, false, err
	}
	if !file.Submitted(&a, f.SHA256) {
		return f, false, fault.Missing()
	}
	return f, false, nil
}

// seesFiles asks whether somebody who does not act for the applicant may see what
// it submitted.
func (tx *Tx) seesFiles(viewer stage.Actor, a *application.Application) error {
	switch viewer.Role {
	case stage.Applicant:
		return fault.Missing()
	case stage.Assessor:
		_, err := tx.VisitOfFor(viewer, a.ID)
		return err
	case stage.Member:
		hidden, err := tx.tied(viewer, a.Organisation, a.ID)
		if err != nil {
			return err
		}
		sits, err := tx.onAgendaOf(viewer, item.Subject{Kind: application.Kind.Name, ID: string(a.ID)})
		if err != nil {
			return err
		}
		if hidden || !sits || !inProgramme(viewer, a.Programme) {
			return fault.Missing()
		}
		return nil
	default:
		_, err := tx.ApplicationFor(viewer, a.ID)
		return err
	}
}
