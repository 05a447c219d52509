package store

import (
	"slices"
	"strings"
	"time"

	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/application"
	"shifan/internal/lifecycle/party"
	"shifan/internal/lifecycle/round"
	"shifan/internal/lifecycle/stage"
)

var applications = table[application.Application]{
	name: "applications",
	columns: []string{
		"id", "programme", "round", "organisation", "state", "stage", "category", "number", "name", "body", "party_body",
		"answers", "carried", "committed", "signatory", "started_at", "saved_at", "submitted_at", "digest", "submission",
		"original", "correction", "due", "reason", "history", "version",
	},
	fields: func(a *application.Application) []any {
		return []any{
			&a.ID, &a.Programme, &a.Round, &a.Organisation, &a.State, &a.Stage, &a.Category, &a.Number, &a.Name, &a.Body, &a.PartyBody,
			asAnswers(&a.Answers), asJSON(&a.Carried), &a.Committed, &a.Signatory, asTime(&a.StartedAt), asTime(&a.SavedAt), asTime(&a.SubmittedAt), &a.Digest, &a.Submission,
			asJSON(&a.Original), asJSON(&a.Correction), derived(func() any { return micros(a.Correction.Due) }), &a.Reason, asJSON(&a.History), &a.Version,
		}
	},
	version: func(a *application.Application) *int64 { return &a.Version },
}

// micros returns an instant as asTime keeps it.
func micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

// Application returns the application with the given identifier, or
// fault.Missing. It does not ask who looks; ApplicationFor does. Chapters that
// show an application to those who review, visit or decide it ask first whether
// their viewer does.
func (tx *Tx) Application(key id.Application) (application.Application, error) {
	return applications.get(tx, string(key))
}

// seesFiled lists the roles that see what was filed in their programme. Drafts
// are their applicant's alone.
var seesFiled = []stage.Role{stage.Clerk, stage.Director, stage.Chair, stage.Auditor}

// ApplicationFor returns an application as a viewer may see it: an applicant its
// own; the office, the chair and the auditors what was ever filed in their
// programme, unless they have an interest. The public reads names from publicity on, in its own chapter.
func (tx *Tx) ApplicationFor(viewer stage.Actor, key id.Application) (application.Application, error) {
	a, err := tx.Application(key)
	if err != nil {
		return a, err
	}
	sees := holds(viewer, a.Organisation) || a.Filed() && slices.Contains(seesFiled, viewer.Role)
	if !sees || !inProgramme(viewer, a.Programme) {
		return application.Application{}, fault.Missing()
	}
	hidden, err := tx.tied(viewer, a.Organisation, a.ID)
	if err == nil && hidden {
		err = fault.Missing()
	}
	if err != nil {
		return application.Application{}, err
	}
	return a, nil
}

// AddApplication adds an application.
func (tx *Tx) AddApplication(a *application.Application) error { return applications.insert(tx, a) }

// PutApplication saves an application, unless someone else saved it since it was
// read.
func (tx *Tx) PutApplication(a *application.Application) error { return applications.update(tx, a) }

// ApplicationFilter narrows a list of applications.
type ApplicationFilter struct {
	Round        id.Round
	Organisation id.Organisation
	States       []stage.State
	Stage        string // the stage that has it
	Category     string
	Query        string         // part of the name or of the number
	After        id.Application // the application that ended the page before
	Limit        int            // 0: 50
	Heads        bool           // what a list shows of each, without what it says
}

func (f ApplicationFilter) where() (q where) {
	if f.Round != "" {
		q.and("round = ?", string(f.Round))
	}
	if f.Organisation != "" {
		q.and("organisation = ?", string(f.Organisation))
	}
	if len(f.States) == 1 && f.States[0] == application.Submitted {
		q.and("state = 'submitted'") // in words, so that the index of what waits to be accepted serves
	} else if len(f.States) > 0 {
		states := make([]any, len(f.States))
		for i, s := range f.States {
			states[i] = string(s)
		}
		q.and("state IN (?"+strings.Repeat(", ?", len(states)-1)+")", states...)
	}
	if f.Stage != "" {
		q.and("stage = ?", f.Stage)
	}
	if f.Category != "" {
		q.and("category = ?", f.Category)
	}
	if f.Query != "" {
		like := "%" + escapeLike(f.Query) + "%"
		q.and("(name LIKE ? ESCAPE '!' OR number LIKE ? ESCAPE '!')", like, like)
	}
	return q
}

// Applications lists the applications that a viewer may see: an applicant its
// own, the latest first; the office, the chair and the auditors those that were
// filed, in the order of filing.
func (tx *Tx) Applications(viewer stage.Actor, f ApplicationFilter) ([]application.Application, error) {
	q := f.where()
	if ok, err := tx.applicationsSeen(viewer, &q); !ok || err != nil {
		return nil, err
	}
	column, later, order := "submitted_at", ">", " ORDER BY submitted_at, id LIMIT "
	if viewer.Role == stage.Applicant {
		column, later, order = "started_at", "<", " ORDER BY started_at DESC, id DESC LIMIT "
	}
	if f.After != "" {
		q.and("("+column+", id) "+later+" (SELECT "+column+", id FROM applications WHERE id = ?)", string(f.After))
	}
	if f.Limit <= 0 {
		f.Limit = 50
	}
	if f.Heads {
		return listed.list(tx, q.String()+order+q.mark(f.Limit), q.args...)
	}
	return applications.list(tx, q.String()+order+q.mark(f.Limit), q.args...)
}

// applicationsSeen is the part of every list and count that asks who looks; ok is false
// when the viewer sees no list at all.
func (tx *Tx) applicationsSeen(viewer stage.Actor, q *where) (ok bool, err error) {
	switch {
	case viewer.Role == stage.Applicant && viewer.Organisation != "":
		q.and("organisation = ?", string(viewer.Organisation))
	case slices.Contains(seesFiled, viewer.Role):
		q.and("submitted_at > ?", 0)
	default:
		return false, nil
	}
	if viewer.Programme != "" {
		q.and("programme = ?", string(viewer.Programme))
	}
	return true, q.untied(tx, viewer, "id")
}

// CountApplications counts what Applications would list on all its pages.
func (tx *Tx) CountApplications(viewer stage.Actor, f ApplicationFilter) (int, error) {
	q := f.where()
	if ok, err := tx.applicationsSeen(viewer, &q); !ok || err != nil {
		return 0, err
	}
	return applications.count(tx, q.String(), q.args...)
}

// SelectedIn counts the applications of a round that wait to be named, for the office's
// work.
func (tx *Tx) SelectedIn(key id.Round) (int, error) {
	return applications.count(tx, "WHERE round = $1 AND state = $2", string(key), string(application.Selected))
}

// ApplicationsOf lists every application of a round, the first begun first, for
// the rules.
func (tx *Tx) ApplicationsOf(key id.Round) ([]application.Application, error) {
	return applications.list(tx, "WHERE round = $1 ORDER BY started_at, id", string(key))
}

// rivals is what the rules of filing ask of other applications of a round.
// Their answers, by far the most of a row, stay where they are.
var rivals = applications.some(
	[]string{"id", "organisation", "state", "number", "name", "body", "submitted_at"},
	func(a *application.Application) []any {
		return []any{&a.ID, &a.Organisation, &a.State, &a.Number, &a.Name, &a.Body, asTime(&a.SubmittedAt)}
	},
)

// drafted is all of a draft but what it says, which is long and changes with every save,
// and about which nothing is promised before it is filed (invariant.Case).
var drafted = applications.some(
	[]string{
		"id", "programme", "round", "organisation", "state", "stage", "category", "number", "name", "body", "party_body",
		"committed", "signatory", "started_at", "saved_at", "submitted_at", "digest", "submission", "correction", "reason", "history", "version",
	},
	func(a *application.Application) []any {
		return []any{
			&a.ID, &a.Programme, &a.Round, &a.Organisation, &a.State, &a.Stage, &a.Category, &a.Number, &a.Name, &a.Body, &a.PartyBody,
			&a.Committed, &a.Signatory, asTime(&a.StartedAt), asTime(&a.SavedAt), asTime(&a.SubmittedAt), &a.Digest, &a.Submission, asJSON(&a.Correction), &a.Reason, asJSON(&a.History), &a.Version,
		}
	},
)

// promised returns what the promises ask of an application.
func (tx *Tx) promised(key string) (application.Application, error) {
	a, err := drafted.get(tx, key)
	if err != nil || a.State == application.Draft {
		return a, err
	}
	return applications.get(tx, key)
}

// RivalsOf lists what stands in the way of an organisation's application in a round: its
// own, and those of the Party organisations that may apply for it, with what filing asks
// of them: whose each is, its state, number and name, which Party organisation applies,
// and when it was submitted. Nothing else is read.
func (tx *Tx) RivalsOf(key id.Round, o id.Organisation, bodies []party.Body) ([]application.Application, error) {
	var q where
	q.and("round = ?", string(key))
	either, args := "organisation = ?", []any{string(o)}
	for _, b := range bodies {
		either += " OR body = ?"
		args = append(args, string(b.ID))
	}
	q.and("("+either+")", args...)
	return rivals.list(tx, q.String()+" ORDER BY started_at, id", q.args...)
}

// FiledIn counts the applications of a round that were ever filed.
func (tx *Tx) FiledIn(key id.Round) (int, error) {
	return applications.count(tx, "WHERE round = $1 AND submitted_at > 0", string(key))
}

// ApplicationsBy lists the applications of an organisation in a programme, the
// latest begun first, for the rules.
func (tx *Tx) ApplicationsBy(o id.Organisation, p id.Programme) ([]application.Application, error) {
	return applications.list(tx, "WHERE organisation = $1 AND programme = $2 ORDER BY started_at DESC, id DESC LIMIT 20", string(o), string(p))
}

// ApplicationsIn lists the applications of a round that a stage has, in the order
// of filing, for the rules. For the empty round it lists those of a programme.
func (tx *Tx) ApplicationsIn(p id.Programme, key id.Round, name string) ([]application.Application, error) {
	var q where
	q.and("state = ?", string(application.Underway))
	q.and("stage = ?", name)
	q.and("programme = ?", string(p))
	if key != "" {
		q.and("round = ?", string(key))
	}
	return applications.list(tx, q.String()+" ORDER BY submitted_at, id", q.args...)
}

// FiledOf returns the round in which an organisation's application in a programme
// was filed and is under way; "" when there is none. For the rules.
func (tx *Tx) FiledOf(o id.Organisation, p id.Programme) (id.Round, error) {
	all, err := applications.list(tx, "WHERE organisation = $1 AND programme = $2 AND state IN ($3, $4, $5) ORDER BY started_at DESC, id DESC LIMIT 1",
		string(o), string(p), string(application.Submitted), string(application.Correcting), string(application.Underway))
	if err != nil || len(all) == 0 {
		return "", err
	}
	return all[0].Round, nil
}

// DraftsDue lists the drafts of rounds whose deadline has come.
func (tx *Tx) DraftsDue(now time.Time) ([]application.Application, error) {
	return applications.list(tx, "WHERE state = $1 AND round IN (SELECT id FROM rounds WHERE published_at > 0 AND deadline <= $2) ORDER BY round, id",
		string(application.Draft), now.UnixMicro())
}

// CorrectionsDue lists the corrections whose time is over.
func (tx *Tx) CorrectionsDue(now time.Time) ([]application.Application, error) {
	return applications.list(tx, "WHERE state = $1 AND due <= $2 ORDER BY due, id", string(application.Correcting), now.UnixMicro())
}

// CorrectionsAhead lists the corrections whose time runs.
func (tx *Tx) CorrectionsAhead() ([]application.Application, error) {
	return applications.list(tx, "WHERE state = $1 ORDER BY due, id", string(application.Correcting))
}

// FunnelOf counts how many applications of a round came how far, each chapter
// its own numbers.
func (tx *Tx) FunnelOf(key id.Round) (f round.Funnel, err error) {
	for _, part := range []func(*Tx, id.Round, *round.Funnel) error{
		// One line a chapter, in the order of the life.
		(*Tx).funnelOfApplications,
		(*Tx).funnelOfReviews,
		(*Tx).funnelOfVisits,
		(*Tx).funnelOfMeetings,
		(*Tx).funnelOfDesignations,
		(*Tx).funnelOfCandidates,
	} {
		if err := part(tx, key, &f); err != nil {
			return f, err
		}
	}
	return f, nil
}

// funnelOfApplications counts by state in one reading of the index that has all of it.
func (tx *Tx) funnelOfApplications(key id.Round, f *round.Funnel) error {
	into := map[stage.State]*int{
		application.Draft: &f.Drafts, application.Forfeited: &f.Forfeited, application.Submitted: &f.Waiting, application.Correcting: &f.Waiting,
		application.Declined: &f.Declined, application.Underway: &f.Underway, application.Selected: &f.Selected, application.Named: &f.Named,
		application.NotChosen: &f.NotChosen, application.Disqualified: &f.Disqualified,
	}
	rows, err := tx.query("SELECT state, CASE WHEN submitted_at > 0 THEN 1 ELSE 0 END, COUNT(*) FROM applications WHERE round = $1 GROUP BY 1, 2", string(key))
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var state stage.State
		var filed bool
		var n int
		if err := rows.Scan(&state, asFlag(&filed), &n); err != nil {
			return err
		}
		f.Started += n
		if filed {
			f.Received += n
		}
		switch {
		case into[state] != nil:
			*into[state] += n
		case filed: // withdrawn, and discarded when it was never filed
			f.Withdrawn += n
		default:
			f.Discarded += n
		}
	}
	f.Accepted = f.Underway + f.Selected + f.Named + f.NotChosen + f.Disqualified
	return rows.Err()
}
