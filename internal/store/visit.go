package store

import (
	"slices"

	"shifan/internal/calendar"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/application"
	"shifan/internal/lifecycle/checklist"
	"shifan/internal/lifecycle/item"
	"shifan/internal/lifecycle/round"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/lifecycle/visit"
)

var visits = table[visit.Visit]{
	name: "visits",
	columns: []string{
		"id", "programme", "round", "application", "organisation", "state", "team", "replaced", "on_day", "at_time", "place", "noticed_on", "answer",
		"records", "findings", "opinion", "words", "edition", "signatures", "reason", "opened_at", "reported_at", "ended_at", "version",
	},
	fields: func(v *visit.Visit) []any {
		return []any{
			&v.ID, &v.Programme, &v.Round, &v.Application, &v.Organisation, &v.State, asJSON(&v.Team), asJSON(&v.Replaced), asDate(&v.On), &v.At, &v.Place, asDate(&v.NoticedOn), asJSON(&v.Answer),
			asJSON(&v.Records), asJSON(&v.Findings), &v.Opinion, &v.Text, &v.Edition, asJSON(&v.Signatures), &v.Reason, asTime(&v.OpenedAt), asTime(&v.ReportedAt), asTime(&v.EndedAt), &v.Version,
		}
	},
	version: func(v *visit.Visit) *int64 { return &v.Version },
}

// Visit returns the visit with the given identifier, or fault.Missing. It does
// not ask who looks; VisitFor does.
func (tx *Tx) Visit(key id.Visit) (visit.Visit, error) { return visits.get(tx, string(key)) }

// VisitOf returns the visit of an application, or fault.Missing, for the rules.
func (tx *Tx) VisitOf(key id.Application) (visit.Visit, error) {
	return only(visits.list(tx, "WHERE application = $1", string(key)))
}

// seesVisits lists the roles that see every visit of their programme, unless they
// have an interest.
var seesVisits = []stage.Role{stage.Clerk, stage.Director, stage.Chair, stage.Auditor}

// VisitFor returns a visit as a viewer may see it. The office, the chair and the
// auditors see all of it; assessors see the visits whose team they are on;
// without the team's ratings of what they have not marked themselves yet; members
// before whom the application comes see a visit that is over; the
// organisation sees who comes, when and where, and nothing of what they find.
// Who has an interest sees nothing.
func (tx *Tx) VisitFor(viewer stage.Actor, key id.Visit) (visit.Visit, error) {
	v, err := tx.Visit(key)
	if err != nil {
		return v, err
	}
	return tx.seenVisit(viewer, v)
}

// VisitOfFor is VisitOf as a viewer may see it.
func (tx *Tx) VisitOfFor(viewer stage.Actor, key id.Application) (visit.Visit, error) {
	v, err := tx.VisitOf(key)
	if err != nil {
		return v, err
	}
	return tx.seenVisit(viewer, v)
}

func (tx *Tx) seenVisit(viewer stage.Actor, v visit.Visit) (visit.Visit, error) {
	hidden, err := tx.tied(viewer, v.Organisation, v.Application)
	if err != nil {
		return visit.Visit{}, err
	}
	switch {
	case hidden || !inProgramme(viewer, v.Programme):
	case slices.Contains(seesVisits, viewer.Role):
		return v, nil
	case viewer.Role == stage.Assessor && v.Seat(viewer.Account) != nil:
		err := tx.veil(viewer, &v)
		return v, err
	case holds(viewer, v.Organisation):
		return ofHost(v), nil
	case v.State == visit.Signed || v.State == visit.Waived:
		sits, err := tx.onAgendaOf(viewer, item.Subject{Kind: "application", ID: string(v.Application)})
		if err != nil {
			return visit.Visit{}, err
		}
		if sits {
			return v, nil
		}
	}
	return visit.Visit{}, fault.Missing()
}

// ofHost is what the organisation sees of a visit to it: nothing before it is
// told of the day, then who comes, when and where.
func ofHost(v visit.Visit) visit.Visit {
	seen := visit.Visit{
		ID: v.ID, Programme: v.Programme, Round: v.Round, Application: v.Application, Organisation: v.Organisation, State: v.State,
		On: v.On, At: v.At, Place: v.Place, NoticedOn: v.NoticedOn, Answer: v.Answer, OpenedAt: v.OpenedAt, EndedAt: v.EndedAt, Version: v.Version,
	}
	if !v.NoticedOn.IsZero() {
		for _, s := range v.Team {
			seen.Team = append(seen.Team, visit.Seat{Name: s.Name, Leader: s.Leader, Drawn: s.Drawn})
		}
	}
	return seen
}

// AddVisit adds a visit. An application has one.
func (tx *Tx) AddVisit(v *visit.Visit) error { return visits.insert(tx, v) }

// PutVisit saves a visit, unless someone else saved it since it was read.
func (tx *Tx) PutVisit(v *visit.Visit) error { return visits.update(tx, v) }

// VisitFilter narrows a list of visits.
type VisitFilter struct {
	Round  id.Round
	States []stage.State
	From   calendar.Date // only those arranged for this day or later
	Query  string        // part of the applicant's name or of the application's number
	Stuck  bool          // only those arranged without a leader, or whose organisation proposes another day
	Heads  bool          // what a list of work shows of each: who goes and when, and nothing of what they find
	After  id.Visit      // the visit that ended the page before
	Limit  int           // 0: 50
}

func (f VisitFilter) where() (q where) {
	if f.Round != "" {
		q.and("round = ?", string(f.Round))
	}
	q.states(f.States)
	if f.Stuck {
		q.and(`(answer LIKE '%"day":%' OR team NOT LIKE '%"leader":true%')`)
	}
	if !f.From.IsZero() {
		q.and("on_day >= ?", f.From.String())
	}
	if f.Query != "" {
		like := "%" + escapeLike(f.Query) + "%"
		q.and("application IN (SELECT id FROM applications WHERE name LIKE ? ESCAPE '!' OR number LIKE ? ESCAPE '!')", like, like)
	}
	return q
}

// visitsSeen is the part of every list and count that asks who looks; ok is false
// when the viewer sees no list at all.
func (tx *Tx) visitsSeen(viewer stage.Actor, q *where) (ok bool, err error) {
	switch {
	case slices.Contains(seesVisits, viewer.Role):
	case viewer.Role == stage.Assessor:
		q.and("team LIKE ? ESCAPE '!'", `%"account":"`+escapeLike(string(viewer.Account))+`"%`)
	case viewer.Role == stage.Applicant && viewer.Organisation != "":
		q.and("organisation = ?", string(viewer.Organisation))
	default:
		return false, nil
	}
	if viewer.Programme != "" {
		q.and("programme = ?", string(viewer.Programme))
	}
	return true, q.untied(tx, viewer, "application")
}

// Visits lists the visits that a viewer may see, those that came to this stage
// first first.
func (tx *Tx) Visits(viewer stage.Actor, f VisitFilter) ([]visit.Visit, error) {
	q := f.where()
	if ok, err := tx.visitsSeen(viewer, &q); !ok || err != nil {
		return nil, err
	}
	if f.After != "" {
		q.and("(opened_at, id) > (SELECT opened_at, id FROM visits WHERE id = ?)", string(f.After))
	}
	if f.Limit <= 0 {
		f.Limit = 50
	}
	list := visits.list
	if f.Heads {
		list = visitHeads.list
	}
	all, err := list(tx, q.String()+" ORDER BY opened_at, id LIMIT "+q.mark(f.Limit), q.args...)
	for i := range all {
		if holds(viewer, all[i].Organisation) {
			all[i] = ofHost(all[i])
		}
		if err := tx.veil(viewer, &all[i]); err != nil {
			return nil, err
		}
	}
	return all, err
}

// visitHeads is what a list of work shows of visits.
var visitHeads = visits.some(
	[]string{"id", "programme", "round", "application", "organisation", "state", "team", "on_day", "at_time", "place", "noticed_on", "answer", "edition", "signatures", "opened_at", "ended_at", "version"},
	func(v *visit.Visit) []any {
		return []any{
			&v.ID, &v.Programme, &v.Round, &v.Application, &v.Organisation, &v.State, asJSON(&v.Team), asDate(&v.On), &v.At, &v.Place, asDate(&v.NoticedOn), asJSON(&v.Answer),
			&v.Edition, asJSON(&v.Signatures), asTime(&v.OpenedAt), asTime(&v.EndedAt), &v.Version,
		}
	},
)

// veil hides from a member of the team what they may not see yet (S51).
func (tx *Tx) veil(viewer stage.Actor, v *visit.Visit) error {
	if viewer.Role != stage.Assessor || v.State != visit.Scheduled || len(v.Findings) == 0 {
		return nil
	}
	all, err := tx.EditsOf(v)
	if err == nil {
		checklist.Veil(v, checklist.Merge(all), viewer.Account)
	}
	return err
}

// CountVisits counts what Visits would list on all its pages.
func (tx *Tx) CountVisits(viewer stage.Actor, f VisitFilter) (int, error) {
	q := f.where()
	if ok, err := tx.visitsSeen(viewer, &q); !ok || err != nil {
		return 0, err
	}
	return visits.count(tx, q.String(), q.args...)
}

// VisitsOf lists every visit of a round, for the rules and figures.
func (tx *Tx) VisitsOf(key id.Round) ([]visit.Visit, error) {
	return visits.list(tx, "WHERE round = $1 ORDER BY opened_at, id", string(key))
}

// VisitsAhead lists the visits that are arranged, for the milestones.
func (tx *Tx) VisitsAhead() ([]visit.Visit, error) {
	return visits.list(tx, "WHERE state = $1 ORDER BY on_day, id", string(visit.Scheduled))
}

// VisitsLeft lists the visits that are not over although their application left
// the stage.
func (tx *Tx) VisitsLeft() ([]visit.Visit, error) {
	return visits.list(tx, "WHERE state IN ($1, $2, $3) AND application IN (SELECT id FROM applications WHERE state <> $4 OR stage <> $5) ORDER BY id",
		string(visit.Planned), string(visit.Scheduled), string(visit.Reported), string(application.Underway), visit.Kind.Name)
}

func (tx *Tx) funnelOfVisits(key id.Round, f *round.Funnel) (err error) {
	f.Visited, err = visits.count(tx, "WHERE round = $1 AND state IN ($2, $3)", string(key), string(visit.Signed), string(visit.Waived))
	return err
}
