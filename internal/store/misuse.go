package store

import (
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/misuse"
	"shifan/internal/lifecycle/stage"
)

var misuses = table[misuse.Report]{
	name: "misuses",
	columns: []string{
		"id", "programme", "designation", "organisation", "name", "code", "year", "number", "about", "place", "body", "arrived_at", "state",
		"handler", "notes", "by_holder", "finding", "referred_to", "answer", "ended_at", "channel", "registered_by", "version",
	},
	fields: func(r *misuse.Report) []any {
		return []any{
			&r.ID, &r.Programme, &r.Designation, &r.Organisation, &r.Name, &r.Code, &r.Year, &r.Number, &r.About, &r.Place, &r.Text, asTime(&r.ArrivedAt), &r.State,
			&r.Handler, asJSON(&r.Notes), &r.ByHolder, &r.Finding, &r.To, &r.Answer, asTime(&r.EndedAt), &r.Channel, &r.RegisteredBy, &r.Version,
		}
	},
	version: func(r *misuse.Report) *int64 { return &r.Version },
}

var misuseReporters = table[misuse.Reporter]{
	name:    "misuse_reporters",
	columns: []string{"misuse", "name", "contact", "code_hash", "fingerprint"},
	fields: func(p *misuse.Reporter) []any {
		return []any{&p.Misuse, &p.Name, &p.Contact, &p.CodeHash, &p.Fingerprint}
	},
}

// Misuse returns the report with the given identifier, or fault.Missing. It does not ask
// who looks; MisuseFor does.
func (tx *Tx) Misuse(key id.Misuse) (misuse.Report, error) { return misuses.get(tx, string(key)) }

// MisuseFor returns a report as a viewer may see it, or fault.Missing: the office of its
// programme sees the case, its auditors see it without the text that was sent in. Nobody
// else sees it, the holder least of all, and nobody who has an interest in the holder;
// nobody sees here who reported.
func (tx *Tx) MisuseFor(viewer stage.Actor, key id.Misuse) (misuse.Report, error) {
	r, err := tx.Misuse(key)
	if err != nil {
		return r, err
	}
	r, sees := seenMisuse(viewer, r)
	if !sees {
		return misuse.Report{}, fault.Missing()
	}
	tied, err := tx.tied(viewer, r.Organisation, "")
	if err == nil && tied {
		err = fault.Missing()
	}
	if err != nil {
		return misuse.Report{}, err
	}
	return r, nil
}

func seenMisuse(viewer stage.Actor, r misuse.Report) (misuse.Report, bool) {
	if !within(viewer, r.Programme) {
		return misuse.Report{}, false
	}
	switch viewer.Role {
	case stage.Clerk, stage.Director:
		return r, true
	case stage.Auditor:
		r.Place, r.Text, r.Answer = "", "", ""
		return r, true
	default:
		return misuse.Report{}, false
	}
}

// AddMisuse adds a report.
func (tx *Tx) AddMisuse(r *misuse.Report) error { return misuses.insert(tx, r) }

// PutMisuse saves a report, unless someone else saved it since it was read.
func (tx *Tx) PutMisuse(r *misuse.Report) error { return misuses.update(tx, r) }

// MisuseFilter narrows a list of reports.
type MisuseFilter struct {
	States []stage.State
	After  id.Misuse // the one that ended the page before
	Limit  int       // 0: 50
}

// Misuses lists the reports that a viewer may see, the latest first, each as the viewer
// may see it.
func (tx *Tx) Misuses(viewer stage.Actor, f MisuseFilter) ([]misuse.Report, error) {
	if viewer.Role != stage.Clerk && viewer.Role != stage.Director && viewer.Role != stage.Auditor {
		return nil, nil
	}
	var q where
	if err := q.untied(tx, viewer, "id"); err != nil {
		return nil, err
	}
	if viewer.Programme != "" {
		q.and("programme = ?", string(viewer.Programme))
	}
	if len(f.States) > 0 {
		q.in(f.States)
	}
	if f.After != "" {
		q.and("(arrived_at, id) < (SELECT arrived_at, id FROM misuses WHERE id = ?)", string(f.After))
	}
	if f.Limit <= 0 {
		f.Limit = 50
	}
	all, err := misuses.list(tx, q.String()+" ORDER BY arrived_at DESC, id DESC LIMIT "+q.mark(f.Limit), q.args...)
	seen := all[:0]
	for _, r := range all {
		if r, sees := seenMisuse(viewer, r); sees {
			seen = append(seen, r)
		}
	}
	return seen, err
}

// NextMisuse returns the number of the next report of a programme in a year, for the rules.
func (tx *Tx) NextMisuse(p id.Programme, year int) (int, error) {
	last, err := misuses.list(tx, "WHERE programme = $1 AND year = $2 ORDER BY number DESC LIMIT 1", string(p), year)
	if err != nil || len(last) == 0 {
		return 1, err
	}
	return last[0].Number + 1, nil
}

// AddMisuseReporter keeps who reported.
func (tx *Tx) AddMisuseReporter(p *misuse.Reporter) error { return misuseReporters.insert(tx, p) }

// MisuseReporter returns who reported, for the rules that keep it out of what others read.
// MisuseReporterFor shows it to people.
func (tx *Tx) MisuseReporter(key id.Misuse) (misuse.Reporter, error) {
	return misuseReporters.get(tx, string(key))
}

// MisuseReporterFor returns who reported, for the clerk to whom the case is assigned. For
// all others, the director among them, it is fault.Missing.
func (tx *Tx) MisuseReporterFor(viewer stage.Actor, key id.Misuse) (misuse.Reporter, error) {
	r, err := tx.MisuseFor(viewer, key)
	if err != nil {
		return misuse.Reporter{}, err
	}
	if viewer.Role != stage.Clerk || r.Handler == "" || viewer.Account != r.Handler {
		return misuse.Reporter{}, fault.Missing()
	}
	return tx.MisuseReporter(key)
}

// MisuseByCode returns the report whose query code has a hash: what its reporter may read
// with the code. What the office thinks of it is not in it.
func (tx *Tx) MisuseByCode(hash string) (misuse.Report, error) {
	p, err := only(misuseReporters.list(tx, "WHERE code_hash = $1", hash))
	if err != nil {
		return misuse.Report{}, err
	}
	r, err := tx.Misuse(p.Misuse)
	r.Handler, r.Notes, r.Finding, r.ByHolder = "", nil, "", false
	return r, err
}

// MisuseLike returns the report that was sent in before with the same fingerprint, or
// fault.Missing, for the rules.
func (tx *Tx) MisuseLike(fingerprint string) (misuse.Report, error) {
	p, err := only(misuseReporters.list(tx, "WHERE fingerprint = $1", fingerprint))
	if err != nil {
		return misuse.Report{}, err
	}
	return tx.Misuse(p.Misuse)
}
