package store

import (
	"slices"
	"time"

	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/objection"
	"shifan/internal/lifecycle/stage"
)

var objections = table[objection.Objection]{
	name: "objections",
	columns: []string{
		"id", "programme", "publicity", "candidate", "application", "organisation", "name", "number", "channel", "anonymous", "body",
		"arrived_at", "withdrawn_at", "state", "why", "admitted_at", "handler", "answer_due", "answer_on", "question", "asked_at", "reply_due", "reply_on",
		"reply", "replied_at", "summary", "finding", "found_at", "sent", "outcome", "decision", "answer", "answered_at", "version",
	},
	fields: func(o *objection.Objection) []any {
		return []any{
			&o.ID, &o.Programme, &o.Publicity, &o.Candidate, &o.Application, &o.Organisation, &o.Name, &o.Number, &o.Channel, &o.Anonymous, &o.Text,
			asTime(&o.ArrivedAt), asTime(&o.WithdrawnAt), &o.State, &o.Why, asTime(&o.AdmittedAt), &o.Handler, asTime(&o.AnswerDue), asDate(&o.AnswerOn), &o.Question, asTime(&o.AskedAt), asTime(&o.ReplyDue), asDate(&o.ReplyOn),
			&o.Reply, asTime(&o.RepliedAt), &o.Summary, &o.Finding, asTime(&o.FoundAt), &o.Sent, &o.Outcome, &o.Decision, &o.Answer, asTime(&o.AnsweredAt), &o.Version,
		}
	},
	version: func(o *objection.Objection) *int64 { return &o.Version },
}

var objectors = table[objection.Objector]{
	name:    "objectors",
	columns: []string{"objection", "unit", "name", "contact", "code_hash", "fingerprint"},
	fields: func(p *objection.Objector) []any {
		return []any{&p.Objection, &p.Unit, &p.Name, &p.Contact, &p.CodeHash, &p.Fingerprint}
	},
}

// Objection returns the objection with the given identifier, or fault.Missing. It
// does not ask who looks; ObjectionFor does.
func (tx *Tx) Objection(key id.Objection) (objection.Objection, error) {
	return objections.get(tx, string(key))
}

// ObjectionFor returns an objection as a viewer may see it, or fault.Missing. The
// office and the auditors of its programme see the case; the chair and the members
// see one that came before the committee, without the text that was sent in; the
// organisation concerned sees what it was asked, what it said and how it ended.
// Nobody sees here who objected.
func (tx *Tx) ObjectionFor(viewer stage.Actor, key id.Objection) (objection.Objection, error) {
	o, err := tx.Objection(key)
	if err != nil {
		return o, err
	}
	o, sees := seenObjection(viewer, o)
	if !sees {
		return objection.Objection{}, fault.Missing()
	}
	return o, nil
}

// beforeCommittee are the states of a case that the committee has or had.
var beforeCommittee = []stage.State{objection.Founded, objection.Upheld, objection.Overruled}

func seenObjection(viewer stage.Actor, o objection.Objection) (objection.Objection, bool) {
	if !within(viewer, o.Programme) {
		return objection.Objection{}, false
	}
	switch viewer.Role {
	case stage.Clerk, stage.Director:
		return o, true
	case stage.Auditor:
		o.Text = ""
		return o, true
	case stage.Chair, stage.Member:
		o.Text, o.Channel, o.Anonymous, o.WithdrawnAt, o.Answer, o.Sent = "", "", false, time.Time{}, "", ""
		return o, slices.Contains(beforeCommittee, o.State) || o.Decision != ""
	case stage.Applicant:
		concerned := viewer.Organisation != "" && viewer.Organisation == o.Organisation && !o.AskedAt.IsZero()
		return toldOrganisation(o), concerned
	default:
		return objection.Objection{}, false
	}
}

// toldOrganisation keeps of a case what the organisation concerned is told.
func toldOrganisation(o objection.Objection) objection.Objection {
	told := objection.Objection{
		ID: o.ID, Programme: o.Programme, Publicity: o.Publicity, Candidate: o.Candidate, Application: o.Application, Organisation: o.Organisation,
		Name: o.Name, Number: o.Number, State: o.State, Version: o.Version, ArrivedAt: o.AskedAt,
		Question: o.Question, AskedAt: o.AskedAt, ReplyDue: o.ReplyDue, ReplyOn: o.ReplyOn, Reply: o.Reply, RepliedAt: o.RepliedAt, Outcome: o.Outcome, Decision: o.Decision,
	}
	return told
}

// AddObjection adds an objection.
func (tx *Tx) AddObjection(o *objection.Objection) error { return objections.insert(tx, o) }

// PutObjection saves an objection, unless someone else saved it since it was read.
func (tx *Tx) PutObjection(o *objection.Objection) error { return objections.update(tx, o) }

// ObjectionFilter narrows a list of objections.
type ObjectionFilter struct {
	Publicity id.Publicity
	States    []stage.State
	After     id.Objection // the one that ended the page before
	Limit     int          // 0: 50
}

// Objections lists the objections that a viewer may see, the latest first, each
// as the viewer may see it.
func (tx *Tx) Objections(viewer stage.Actor, f ObjectionFilter) ([]objection.Objection, error) {
	var q where
	switch viewer.Role {
	case stage.Clerk, stage.Director, stage.Auditor:
	case stage.Chair, stage.Member:
		q.and("(state IN (?, ?, ?) OR decision <> ?)", string(objection.Founded), string(objection.Upheld), string(objection.Overruled), "")
	case stage.Applicant:
		q.and("organisation = ? AND asked_at > ?", string(viewer.Organisation), 0)
	default:
		return nil, nil
	}
	if viewer.Programme != "" {
		q.and("programme = ?", string(viewer.Programme))
	}
	if f.Publicity != "" {
		q.and("publicity = ?", string(f.Publicity))
	}
	if len(f.States) > 0 {
		q.in(f.States)
	}
	if f.After != "" {
		q.and("(arrived_at, id) < (SELECT arrived_at, id FROM objections WHERE id = ?)", string(f.After))
	}
	if f.Limit <= 0 {
		f.Limit = 50
	}
	all, err := objections.list(tx, q.String()+" ORDER BY arrived_at DESC, id DESC LIMIT "+q.mark(f.Limit), q.args...)
	seen := all[:0]
	for _, o := range all {
		if o, sees := seenObjection(viewer, o); sees {
			seen = append(seen, o)
		}
	}
	return seen, err
}

// ObjectionsAgainst lists the objections against a candidate in the order in which
// they arrived, for the rules.
func (tx *Tx) ObjectionsAgainst(key id.Candidate) ([]objection.Objection, error) {
	return objections.list(tx, "WHERE candidate = $1 ORDER BY number, id", string(key))
}

// ObjectionsAbout lists the objections against an application, on whatever list it
// stood, for the rules.
func (tx *Tx) ObjectionsAbout(key id.Application) ([]objection.Objection, error) {
	return objections.list(tx, "WHERE application = $1 ORDER BY arrived_at, id", string(key))
}

// ObjectionsWaiting lists the objections of a programme that wait for the
// committee, the first first, for the rules.
func (tx *Tx) ObjectionsWaiting(p id.Programme) ([]objection.Objection, error) {
	return objections.list(tx, "WHERE programme = $1 AND state = $2 ORDER BY arrived_at, id", string(p), string(objection.Founded))
}

// AddObjector keeps who objected.
func (tx *Tx) AddObjector(p *objection.Objector) error { return objectors.insert(tx, p) }

// Objector returns who objected, for the rules that keep it out of what others
// read. ObjectorFor shows it to people.
func (tx *Tx) Objector(key id.Objection) (objection.Objector, error) {
	return objectors.get(tx, string(key))
}

// ObjectorFor returns who objected, for those who handle the case: the clerk to
// whom it is assigned, and the director of its programme. For all others it is
// fault.Missing.
func (tx *Tx) ObjectorFor(viewer stage.Actor, key id.Objection) (objection.Objector, error) {
	o, err := tx.Objection(key)
	if err != nil {
		return objection.Objector{}, err
	}
	handles := viewer.Role == stage.Director || viewer.Role == stage.Clerk && o.Handler != "" && viewer.Account == o.Handler
	if !handles || !within(viewer, o.Programme) {
		return objection.Objector{}, fault.Missing()
	}
	return tx.Objector(key)
}

// ObjectionByCode returns the objection whose query code has a hash: what its
// objector may read with the code. Who objected and what the office thinks of it
// is not in it.
func (tx *Tx) ObjectionByCode(hash string) (objection.Objection, error) {
	p, err := only(objectors.list(tx, "WHERE code_hash = $1", hash))
	if err != nil {
		return objection.Objection{}, err
	}
	o, err := tx.Objection(p.Objection)
	o.Handler, o.Question, o.Reply, o.Summary, o.Finding, o.Sent = "", "", "", "", "", ""
	return o, err
}

// ObjectionLike returns the objection that was sent in before with the same
// fingerprint, or fault.Missing, for the rules.
func (tx *Tx) ObjectionLike(fingerprint string) (objection.Objection, error) {
	p, err := only(objectors.list(tx, "WHERE fingerprint = $1", fingerprint))
	if err != nil {
		return objection.Objection{}, err
	}
	return tx.Objection(p.Objection)
}
