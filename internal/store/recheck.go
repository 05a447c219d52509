package store

import (
	"slices"
	"strings"

	"shifan/internal/calendar"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/designation"
	"shifan/internal/lifecycle/item"
	"shifan/internal/lifecycle/recheck"
	"shifan/internal/lifecycle/stage"
)

var rechecks = table[recheck.Recheck]{
	name: "rechecks",
	columns: []string{
		"id", "programme", "designation", "organisation", "state", "origin", "due_on", "expires_on", "standard_version", "naming_version",
		"assessors", "self_report", "self_reported_at", "findings", "opinion", "reported_by", "decision", "reason",
		"opened_at", "begun_at", "reported_at", "concluded_at", "plan", "depth", "visited_on", "version",
	},
	fields: func(r *recheck.Recheck) []any {
		return []any{
			&r.ID, &r.Programme, &r.Designation, &r.Organisation, &r.State, &r.Origin, asDate(&r.DueOn), asDate(&r.ExpiresOn), &r.StandardVersion, &r.NamingVersion,
			asJSON(&r.Assessors), &r.SelfReport, asTime(&r.SelfReportedAt), asJSON(&r.Findings), &r.Opinion, &r.ReportedBy, &r.Decision, &r.Reason,
			asTime(&r.OpenedAt), asTime(&r.BegunAt), asTime(&r.ReportedAt), asTime(&r.ConcludedAt), &r.Plan, &r.Depth, asDate(&r.VisitedOn), &r.Version,
		}
	},
	version: func(r *recheck.Recheck) *int64 { return &r.Version },
}

// Recheck returns the recheck with the given identifier, or fault.Missing. It does
// not ask who looks; RecheckFor does.
func (tx *Tx) Recheck(key id.Recheck) (recheck.Recheck, error) { return rechecks.get(tx, string(key)) }

// AddRecheck adds a recheck. A title has one for each day on which one is due.
func (tx *Tx) AddRecheck(r *recheck.Recheck) error { return rechecks.insert(tx, r) }

// PutRecheck saves a recheck, unless someone else saved it since it was read.
func (tx *Tx) PutRecheck(r *recheck.Recheck) error { return rechecks.update(tx, r) }

// seesTitleCases lists the roles that see every recheck, rectification and
// revocation of their programme.
var seesTitleCases = []stage.Role{stage.Clerk, stage.Director, stage.Chair, stage.Auditor}

// inProgramme reports whether a viewer's grant reaches a programme.
func inProgramme(viewer stage.Actor, p id.Programme) bool {
	return viewer.Programme == "" || viewer.Programme == p
}

// holds reports whether a viewer acts for the organisation.
func holds(viewer stage.Actor, o id.Organisation) bool {
	return viewer.Role == stage.Applicant && viewer.Organisation != "" && viewer.Organisation == o
}

// onAgendaOf reports whether a member sits in a meeting that has, or had, one of
// the subjects on its agenda, and is not recused from it.
func (tx *Tx) onAgendaOf(viewer stage.Actor, subjects ...item.Subject) (bool, error) {
	if viewer.Role != stage.Member {
		return false, nil
	}
	for _, s := range subjects {
		items, err := tx.ItemsAbout(s)
		if err != nil {
			return false, err
		}
		for _, i := range items {
			m, err := tx.Meeting(i.Meeting)
			if err != nil {
				return false, err
			}
			if m.Seat(viewer.Account) != nil && !i.Recused(viewer.Account) {
				return true, nil
			}
		}
	}
	return false, nil
}

// RecheckFor returns a recheck as a viewer may see it: the office, the chair and
// the auditors of its programme; those who look; members before whom it comes;
// and its holder, who reads what was found once it is concluded, and never who
// looked.
func (tx *Tx) RecheckFor(viewer stage.Actor, key id.Recheck) (recheck.Recheck, error) {
	r, err := tx.Recheck(key)
	if err != nil {
		return r, err
	}
	sees := slices.Contains(seesTitleCases, viewer.Role) || holds(viewer, r.Organisation) ||
		viewer.Role == stage.Assessor && slices.Contains(r.Assessors, viewer.Account)
	if !sees {
		if sees, err = tx.onAgendaOf(viewer, item.Subject{Kind: "recheck", ID: string(key)}); err != nil {
			return recheck.Recheck{}, err
		}
	}
	if !sees || !inProgramme(viewer, r.Programme) {
		return recheck.Recheck{}, fault.Missing()
	}
	return seenRecheck(viewer, r), nil
}

func seenRecheck(viewer stage.Actor, r recheck.Recheck) recheck.Recheck {
	if viewer.Role != stage.Applicant {
		return r
	}
	r.Assessors, r.ReportedBy = nil, ""
	if r.State != recheck.Passed && r.State != recheck.Slipped {
		r.Findings, r.Opinion = nil, ""
	}
	return r
}

// RecheckFilter narrows a list of rechecks.
type RecheckFilter struct {
	Programme id.Programme
	States    []stage.State
	DueBy     calendar.Date // due on this day or before; zero: whenever
	Query     string        // part of the title's number or of the holder's name at the naming
	After     id.Recheck    // the recheck that ended the page before
	Limit     int           // 0: 50
}

// Rechecks lists the rechecks that a viewer may see, the next due first: the
// office sees all of its programme, an assessor those where they look, a holder
// its own.
func (tx *Tx) Rechecks(viewer stage.Actor, f RecheckFilter) ([]recheck.Recheck, error) {
	var q where
	switch {
	case slices.Contains(seesTitleCases, viewer.Role):
	case viewer.Role == stage.Assessor:
		q.and("assessors LIKE ? ESCAPE '!'", `%"`+escapeLike(string(viewer.Account))+`"%`)
	case viewer.Role == stage.Applicant && viewer.Organisation != "":
		q.and("organisation = ?", string(viewer.Organisation))
	default:
		return nil, nil
	}
	aboutTitles(&q, viewer, f.Programme, f.States, f.Query)
	if !f.DueBy.IsZero() {
		q.and("due_on <= ?", f.DueBy.String())
	}
	if f.After != "" {
		q.and("(due_on, id) > (SELECT due_on, id FROM rechecks WHERE id = ?)", string(f.After))
	}
	if f.Limit <= 0 {
		f.Limit = 50
	}
	all, err := rechecks.list(tx, q.String()+" ORDER BY due_on, id LIMIT "+q.mark(f.Limit), q.args...)
	for n := range all {
		all[n] = seenRecheck(viewer, all[n])
	}
	return all, err
}

// aboutTitles adds what the lists of rechecks, rectifications and revocations have
// in common.
func aboutTitles(q *where, viewer stage.Actor, p id.Programme, states []stage.State, query string) {
	if viewer.Programme != "" {
		q.and("programme = ?", string(viewer.Programme))
	}
	if p != "" {
		q.and("programme = ?", string(p))
	}
	if len(states) > 0 {
		all := make([]any, len(states))
		for n, s := range states {
			all[n] = string(s)
		}
		q.and("state IN (?"+strings.Repeat(", ?", len(all)-1)+")", all...)
	}
	if query != "" {
		like := "%" + escapeLike(query) + "%"
		q.and("designation IN (SELECT id FROM designations WHERE name LIKE ? ESCAPE '!' OR number LIKE ? ESCAPE '!')", like, like)
	}
}

// RechecksOf lists every recheck of a title, the first first, for the rules.
func (tx *Tx) RechecksOf(key id.Designation) ([]recheck.Recheck, error) {
	return rechecks.list(tx, "WHERE designation = $1 ORDER BY opened_at, id", string(key))
}

// RechecksReported lists the rechecks of a programme that wait for a conclusion.
func (tx *Tx) RechecksReported(p id.Programme) ([]recheck.Recheck, error) {
	return rechecks.list(tx, "WHERE state = $1 AND programme = $2 ORDER BY due_on, id", string(recheck.Reported), string(p))
}

// titleEnded selects what is about a title that is no longer held.
const titleEnded = "designation IN (SELECT id FROM designations WHERE state NOT IN ('valid', 'rectifying'))"

// RechecksOutlived lists the open rechecks whose title ended in another way.
func (tx *Tx) RechecksOutlived() ([]recheck.Recheck, error) {
	return rechecks.list(tx, "WHERE state IN ($1, $2, $3) AND "+titleEnded+" ORDER BY id",
		string(recheck.Due), string(recheck.Underway), string(recheck.Reported))
}

// Ruled says whose rules a title follows: those that its round froze, or where it came
// from none, the programme's of today.
type Ruled struct {
	Programme id.Programme
	Round     id.Round
}

// RecheckedUnder lists under whose rules the valid titles stand whose recheck is due on a
// day or before: a few, however many titles there are.
func (tx *Tx) RecheckedUnder(by calendar.Date) (all []Ruled, err error) {
	rows, err := tx.query("SELECT DISTINCT programme, round FROM designations WHERE state = $1 AND recheck_due <> $2 AND recheck_due <= $3",
		string(designation.Valid), "", by.String())
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var r Ruled
		if err := rows.Scan(&r.Programme, &r.Round); err != nil {
			return nil, err
		}
		all = append(all, r)
	}
	return all, rows.Err()
}

// TitlesToRecheck lists the valid titles whose recheck is due on a day or before
// and has not been opened, the next due first: the plan, and what the clock opens
// from.
func (tx *Tx) TitlesToRecheck(by calendar.Date) ([]designation.Designation, error) {
	return designations.list(tx, `WHERE state = $1 AND recheck_due <> $2 AND recheck_due <= $3
		AND NOT EXISTS (SELECT 1 FROM rechecks WHERE rechecks.designation = designations.id
			AND (rechecks.due_on = designations.recheck_due OR rechecks.state IN ('due', 'underway', 'reported')))
		ORDER BY recheck_due, id`, string(designation.Valid), "", by.String())
}
