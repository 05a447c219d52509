package store

import (
	"database/sql"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"shifan/internal/calendar"
	"shifan/internal/id"
	"shifan/internal/lifecycle/designation"
	"shifan/internal/lifecycle/directory"
	"shifan/internal/lifecycle/eligibility"
	"shifan/internal/lifecycle/organisation"
	"shifan/internal/lifecycle/round"
	"shifan/internal/lifecycle/stage"
)

var designations = table[designation.Designation]{
	name: "designations",
	columns: []string{
		"id", "programme", "round", "application", "organisation", "naming", "state", "number", "name", "category", "named_on",
		"valid_from", "valid_to", "recheck_due", "successor", "heirs", "predecessor", "ended_on", "reason", "note", "basis",
		"renewals", "history", "changed_at", "version",
	},
	fields: func(d *designation.Designation) []any {
		return []any{
			&d.ID, &d.Programme, &d.Round, &d.Application, &d.Organisation, &d.Naming, &d.State, &d.Number, &d.Name, &d.Category, asDate(&d.NamedOn),
			asDate(&d.ValidFrom), asDate(&d.ValidTo), asDate(&d.RecheckDue), &d.Successor, asSome(&d.Heirs), &d.Predecessor, asDate(&d.EndedOn), &d.Reason, &d.Note, &d.Basis,
			asJSON(&d.Renewals), asJSON(&d.History), asTime(&d.ChangedAt), &d.Version,
		}
	},
	version: func(d *designation.Designation) *int64 { return &d.Version },
}

// Designation returns the title with the given identifier, or fault.Missing. It
// does not ask who looks; DesignationFor does.
func (tx *Tx) Designation(key id.Designation) (designation.Designation, error) {
	return designations.get(tx, string(key))
}

// DesignationFor returns a title as a viewer may see it. Titles are public, valid
// or past (S75); why one ended is for the office and its holder, and the office's
// own note for the office.
func (tx *Tx) DesignationFor(viewer stage.Actor, key id.Designation) (designation.Designation, error) {
	d, err := tx.Designation(key)
	if err != nil {
		return d, err
	}
	return seenDesignation(viewer, d), nil
}

// seesNotes lists the roles that read the office's notes about their programme's
// titles.
var seesNotes = []stage.Role{stage.Clerk, stage.Director, stage.Chair, stage.Auditor}

// seenDesignation leaves out what a viewer may not read.
func seenDesignation(viewer stage.Actor, d designation.Designation) designation.Designation {
	office := slices.Contains(seesNotes, viewer.Role) && (viewer.Programme == "" || viewer.Programme == d.Programme)
	holder := viewer.Role == stage.Applicant && viewer.Organisation != "" && viewer.Organisation == d.Organisation
	if !office {
		d.Note = ""
	}
	if !office && !holder {
		d.Reason = ""
	}
	return d
}

// AddDesignation adds a title.
func (tx *Tx) AddDesignation(d *designation.Designation) error { return designations.insert(tx, d) }

// PutDesignation saves a title, unless someone else saved it since it was read.
func (tx *Tx) PutDesignation(d *designation.Designation) error { return designations.update(tx, d) }

// DesignationFilter narrows a list of titles.
type DesignationFilter struct {
	Programme    id.Programme
	Round        id.Round
	Organisation id.Organisation
	States       []stage.State
	Year         int           // of the naming document; 0: every year
	Category     string        // of the programme (S8); empty: every one
	Kind         string        // of the organisation: association, service, foundation; empty: every one
	Region       string        // division of the holder's register, or its first two or four digits; anything else filters nothing
	On           calendar.Date // held at the end of this day; zero: whenever
	Ended        int           // year in which they ended; 0: whenever, or not at all
	DueBy        calendar.Date // expires, or its recheck is due, on this day or before; zero: whenever
	Query        string        // part of the number, the code, or of any name the holder has or had
	After        id.Designation
	Limit        int // 0: 50
}

// Designations lists titles as a viewer may see them, the latest naming first and
// within it by number.
func (tx *Tx) Designations(viewer stage.Actor, f DesignationFilter) ([]designation.Designation, error) {
	var q where
	if f.Programme != "" {
		q.and("programme = ?", string(f.Programme))
	}
	if f.Round != "" {
		q.and("round = ?", string(f.Round))
	}
	if f.Organisation != "" {
		q.and("organisation = ?", string(f.Organisation))
	}
	if len(f.States) > 0 {
		states := make([]any, len(f.States))
		for i, s := range f.States {
			states[i] = string(s)
		}
		q.and("state IN (?"+strings.Repeat(", ?", len(states)-1)+")", states...)
	}
	if f.Year != 0 {
		q.and("named_on LIKE ?", strconv.Itoa(f.Year)+"-%")
	}
	if f.Category != "" {
		q.and("category = ?", f.Category)
	}
	if f.Kind != "" {
		q.and("organisation IN (SELECT id FROM organisations WHERE kind = ?)", f.Kind)
	}
	if divisionPart.MatchString(f.Region) {
		q.and("organisation IN (SELECT id FROM organisations WHERE SUBSTR(code, 3, "+strconv.Itoa(len(f.Region))+") = ?)", f.Region)
	}
	if !f.On.IsZero() {
		q.and("named_on <= ? AND (ended_on = ? OR ended_on > ?)", f.On.String(), "", f.On.String())
	}
	if f.Ended != 0 {
		q.and("ended_on LIKE ?", strconv.Itoa(f.Ended)+"-%")
	}
	if !f.DueBy.IsZero() {
		q.and("(valid_to <> ? AND valid_to <= ? OR recheck_due <> ? AND recheck_due <= ?)", "", f.DueBy.String(), "", f.DueBy.String())
	}
	if f.Query != "" {
		like := "%" + escapeLike(f.Query) + "%"
		holder := "%" + escapeLike(plain(f.Query)) + "%"
		q.and("(name LIKE ? ESCAPE '!' OR number LIKE ? ESCAPE '!' OR organisation IN (SELECT id FROM organisations WHERE sought LIKE ? ESCAPE '!'))", like, like, holder)
	}
	if f.After != "" {
		const last = "(SELECT %s FROM designations WHERE id = ?)"
		named, number := strings.ReplaceAll(last, "%s", "named_on"), strings.ReplaceAll(last, "%s", "number")
		key := string(f.After)
		q.and("(named_on < "+named+" OR named_on = "+named+" AND (number > "+number+" OR number = "+number+" AND id > ?))", key, key, key, key, key)
	}
	if f.Limit <= 0 {
		f.Limit = 50
	}
	all, err := designations.list(tx, q.String()+" ORDER BY named_on DESC, number, id LIMIT "+q.mark(f.Limit), q.args...)
	for i := range all {
		all[i] = seenDesignation(viewer, all[i])
	}
	return all, err
}

// divisionPart is the code of an administrative division, or of the city or province it is in.
var divisionPart = regexp.MustCompile(`^\d{2}(\d{2}){0,2}$`)

// TitlesByRegister counts the titles of a programme, of every one when it is empty, by the
// register their holders are in, and by whether they are held. Everybody may know.
func (tx *Tx) TitlesByRegister(p id.Programme) (all []directory.Count, err error) {
	live := quoted([]stage.State{designation.Valid, designation.Rectifying})
	err = tx.spread(`SELECT division, MAX(registrar), held, COUNT(*) FROM (
	SELECT COALESCE(SUBSTR(o.code, 3, 6), '') AS division, o.registrar AS registrar, CASE WHEN d.state IN (`+live+`) THEN 1 ELSE 0 END AS held
	FROM designations d JOIN organisations o ON o.id = d.organisation %s) held
	GROUP BY division, held ORDER BY division, held`, p, func(r *sql.Rows) error {
		var c directory.Count
		err := r.Scan(&c.Division, &c.Registrar, &c.Held, &c.N)
		all = append(all, c)
		return err
	})
	return all, err
}

// TitlesByYear counts the titles of a programme, of every one when it is empty, by the years
// in which they were named and ended. Everybody may know.
func (tx *Tx) TitlesByYear(p id.Programme) (all []directory.Span, err error) {
	err = tx.spread(`SELECT named, ended, COUNT(*) FROM (
	SELECT CAST(SUBSTR(d.named_on, 1, 4) AS INTEGER) AS named, CAST(SUBSTR(CASE WHEN d.ended_on = '' THEN '0000' ELSE d.ended_on END, 1, 4) AS INTEGER) AS ended
	FROM designations d %s) spans
	GROUP BY named, ended ORDER BY named, ended`, p, func(r *sql.Rows) error {
		var s directory.Span
		err := r.Scan(&s.Named, &s.Ended, &s.N)
		all = append(all, s)
		return err
	})
	return all, err
}

// spread runs a count of titles d, in which %s stands for its condition.
func (tx *Tx) spread(query string, p id.Programme, read func(*sql.Rows) error) error {
	var q where
	if p != "" {
		q.and("d.programme = ?", string(p))
	}
	rows, err := tx.query(strings.Replace(query, "%s", q.String(), 1), q.args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := read(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// CountDesignations counts the titles of a programme in some states; of every
// programme when it is empty. Everybody may know.
func (tx *Tx) CountDesignations(p id.Programme, states ...stage.State) (int, error) {
	var q where
	if p != "" {
		q.and("programme = ?", string(p))
	}
	if len(states) > 0 {
		all := make([]any, len(states))
		for i, s := range states {
			all[i] = string(s)
		}
		q.and("state IN (?"+strings.Repeat(", ?", len(all)-1)+")", all...)
	}
	return designations.count(tx, q.String(), q.args...)
}

// DesignationsOf lists every title of an organisation, the oldest first, for the
// rules; it does not ask who looks.
func (tx *Tx) DesignationsOf(o id.Organisation) ([]designation.Designation, error) {
	return designations.list(tx, "WHERE organisation = $1 ORDER BY named_on, id", string(o))
}

// DesignationsIn lists every title that a round brought into being, by number.
func (tx *Tx) DesignationsIn(r id.Round) ([]designation.Designation, error) {
	return designations.list(tx, "WHERE round = $1 ORDER BY number, id", string(r))
}

// TitlesWithoutRound lists every title of a programme that no round brought into being:
// those that were given outside the system and those that passed on from them, by number.
func (tx *Tx) TitlesWithoutRound(p id.Programme) ([]designation.Designation, error) {
	return designations.list(tx, "WHERE programme = $1 AND round = $2 ORDER BY number, id", string(p), "")
}

// DesignationOf returns the title that an application became, or fault.Missing.
func (tx *Tx) DesignationOf(a id.Application) (designation.Designation, error) {
	return only(designations.list(tx, "WHERE application = $1", string(a)))
}

// HoldersOf lists the titles of a programme that are held now, by number.
func (tx *Tx) HoldersOf(p id.Programme) ([]designation.Designation, error) {
	return designations.list(tx, "WHERE programme = $1 AND state IN ($2, $3) ORDER BY number, id",
		string(p), string(designation.Valid), string(designation.Rectifying))
}

// DesignationsExpiring lists the titles whose last valid day is over at an
// instant, for the clock.
func (tx *Tx) DesignationsExpiring(now time.Time) ([]designation.Designation, error) {
	return designations.list(tx, "WHERE state IN ($1, $2) AND valid_to <> $3 AND valid_to < $4 ORDER BY valid_to, id",
		string(designation.Valid), string(designation.Rectifying), "", calendar.DateOf(now).String())
}

// TitlesOf says what a programme's register knows of an organisation: whether it
// holds a title, until when, and when one was last withdrawn (S67, S72). An
// untruth counts while the revocation that found it stands (S64).
func (tx *Tx) TitlesOf(o id.Organisation, p id.Programme) (t eligibility.Titles, err error) {
	all, err := tx.DesignationsOf(o)
	for _, d := range all {
		if d.Programme != p {
			continue
		}
		switch {
		case d.Live() && (!t.Holds || d.ValidTo.IsZero() || !t.ValidTo.IsZero() && d.ValidTo.After(t.ValidTo)):
			t.Holds, t.ValidTo = true, d.ValidTo
		case d.State == designation.Revoked && d.EndedOn.After(t.RevokedOn):
			t.RevokedOn = d.EndedOn
		}
	}
	if err != nil {
		return t, err
	}
	t.FraudOn, err = tx.FraudOn(o, p)
	return t, err
}

// TitleNumbered returns the title that has a number in a programme, or fault.Missing. It
// does not ask who looks.
func (tx *Tx) TitleNumbered(p id.Programme, number string) (designation.Designation, error) {
	return only(designations.list(tx, "WHERE programme = $1 AND number = $2", string(p), number))
}

// TitleNumbers lists the numbers that a programme has given to titles of a year,
// for the next one.
func (tx *Tx) TitleNumbers(p id.Programme, year int) (taken []string, err error) {
	all, err := designations.list(tx, "WHERE programme = $1 AND number LIKE $2 ORDER BY number", string(p), strconv.Itoa(year)+"-%")
	for _, d := range all {
		taken = append(taken, d.Number)
	}
	return taken, err
}

// TitlesWithoutHolder lists the titles that are held by an organisation whose
// registration ended, in a programme or in all when p is empty (S73).
func (tx *Tx) TitlesWithoutHolder(p id.Programme) ([]designation.Designation, error) {
	var q where
	q.and("state IN (?, ?)", string(designation.Valid), string(designation.Rectifying))
	q.and("organisation IN (SELECT id FROM organisations WHERE state IN (?, ?, ?))", string(organisation.Deregistered), string(organisation.StruckOff), string(organisation.Merged))
	if p != "" {
		q.and("programme = ?", string(p))
	}
	return designations.list(tx, q.String()+" ORDER BY number, id", q.args...)
}

// TitlesDivided lists the titles that passed to some of the organisations their holder was
// split up into, those too of which every one was decided about, the lowest number first.
func (tx *Tx) TitlesDivided(p id.Programme) ([]designation.Designation, error) {
	var q where
	q.and("state = ? AND heirs <> ?", string(designation.Succeeded), "")
	if p != "" {
		q.and("programme = ?", string(p))
	}
	return designations.list(tx, q.String()+" ORDER BY number, id", q.args...)
}

// TitlesEndingBy lists the titles held now that expire on a day or before, the
// next to expire first.
func (tx *Tx) TitlesEndingBy(p id.Programme, by calendar.Date) ([]designation.Designation, error) {
	var q where
	q.and("state IN (?, ?)", string(designation.Valid), string(designation.Rectifying))
	q.and("valid_to <> ? AND valid_to <= ?", "", by.String())
	if p != "" {
		q.and("programme = ?", string(p))
	}
	return designations.list(tx, q.String()+" ORDER BY valid_to, number, id", q.args...)
}

// funnelOfDesignations counts the titles that the applications of a round became.
// A successor's title came from no application and is not counted.
func (tx *Tx) funnelOfDesignations(key id.Round, f *round.Funnel) (err error) {
	f.Designations, err = designations.count(tx, "WHERE round = $1 AND application <> ''", string(key))
	return err
}

// DesignationsBy lists the titles that a naming made, by number. They are public.
func (tx *Tx) DesignationsBy(n id.Naming) ([]designation.Designation, error) {
	all, err := designations.list(tx, "WHERE naming = $1 AND predecessor = $2 ORDER BY number, id", string(n), "")
	for i := range all {
		all[i] = seenDesignation(stage.Anyone, all[i])
	}
	return all, err
}
