package store

import (
	"slices"
	"strings"

	"shifan/internal/creditcode"
	"shifan/internal/id"
	"shifan/internal/lifecycle/application"
	"shifan/internal/lifecycle/designation"
	"shifan/internal/lifecycle/item"
	"shifan/internal/lifecycle/meeting"
	"shifan/internal/lifecycle/organisation"
	"shifan/internal/lifecycle/review"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/lifecycle/statistic"
	"shifan/internal/lifecycle/tabulation"
	"shifan/internal/lifecycle/visit"
)

var tabulations = table[tabulation.View]{
	name:    "tabulations",
	columns: []string{"id", "account", "programme", "name", "shown", "filter", "made_at", "version"},
	fields: func(v *tabulation.View) []any {
		return []any{&v.ID, &v.Account, &v.Programme, &v.Name, asJSON(&v.Shown), asJSON(&v.Filter), asTime(&v.MadeAt), &v.Version}
	},
	version: func(v *tabulation.View) *int64 { return &v.Version },
}

// Tabulation returns the saved view with the given identifier, or fault.Missing.
func (tx *Tx) Tabulation(key id.Tabulation) (tabulation.View, error) {
	return tabulations.get(tx, string(key))
}

// TabulationsOf lists the views that an account saved in a programme, by name.
func (tx *Tx) TabulationsOf(a id.Account, p id.Programme) ([]tabulation.View, error) {
	return tabulations.list(tx, "WHERE account = $1 AND programme = $2 ORDER BY name", string(a), string(p))
}

// AddTabulation adds a view.
func (tx *Tx) AddTabulation(v *tabulation.View) error { return tabulations.insert(tx, v) }

// PutTabulation saves a view, unless someone else saved it since it was read.
func (tx *Tx) PutTabulation(v *tabulation.View) error { return tabulations.update(tx, v) }

// RemoveTabulation removes a view.
func (tx *Tx) RemoveTabulation(key id.Tabulation) error { return tabulations.remove(tx, string(key)) }

// Tabulated is one application with what the chapters know of it, for a row of a table.
// What is not there yet is zero.
type Tabulated struct {
	Application  application.Application // without its answers and history
	Organisation organisation.Organisation
	Review       review.Review // confirmed ones only
	Visit        visit.Visit   // signed and waived ones only
	Decision     stage.State   // item.Carried or item.Lost, once the meeting is over
	Title        designation.Designation
}

// listed is what a table needs of an application; its answers, by far the most of a row,
// stay where they are.
var listed = applications.some(
	[]string{"id", "programme", "round", "organisation", "state", "stage", "category", "number", "name", "party_body", "submitted_at", "correction"},
	func(a *application.Application) []any {
		return []any{&a.ID, &a.Programme, &a.Round, &a.Organisation, &a.State, &a.Stage, &a.Category, &a.Number, &a.Name, &a.PartyBody, asTime(&a.SubmittedAt), asJSON(&a.Correction)}
	},
)

// ApplicationHeads returns what a list shows of some applications, without what they say:
// that is by far the most of them.
func (tx *Tx) ApplicationHeads(keys []id.Application) (map[id.Application]application.Application, error) {
	all, values := map[id.Application]application.Application{}, make([]string, len(keys))
	for i, k := range keys {
		values[i] = string(k)
	}
	for part := range slices.Chunk(values, 200) {
		if err := among(tx, listed, "id", part, "", func(a application.Application) { all[a.ID] = a }); err != nil {
			return nil, err
		}
	}
	return all, nil
}

var (
	registered = organisations.some([]string{"id", "code", "registrar", "legal_head"}, func(o *organisation.Organisation) []any {
		return []any{&o.ID, &o.Code, &o.Registrar, &o.LegalHead}
	})
	recommended = reviews.some([]string{"application", "reviewer", "recommendation", "findings"}, func(r *review.Review) []any {
		return []any{&r.Application, &r.Reviewer, &r.Recommendation, asJSON(&r.Findings)}
	})
	looked = visits.some([]string{"application", "state", "opinion", "findings"}, func(v *visit.Visit) []any {
		return []any{&v.Application, &v.State, &v.Opinion, asJSON(&v.Findings)}
	})
	outcomes = items.some([]string{"subject_id", "state"}, func(i *item.Item) []any { return []any{&i.Subject.ID, &i.State} })
	titled   = designations.some([]string{"application", "number", "named_on", "valid_to", "state"}, func(d *designation.Designation) []any {
		return []any{&d.Application, &d.Number, asDate(&d.NamedOn), asDate(&d.ValidTo), &d.State}
	})
)

// levels says by level which divisions are at it.
var levels = map[string]string{
	creditcode.National:  "SUBSTR(code, 3, 6) = '100000'",
	creditcode.Province:  "SUBSTR(code, 5, 4) = '0000' AND SUBSTR(code, 3, 6) <> '100000'",
	creditcode.City:      "SUBSTR(code, 7, 2) = '00' AND SUBSTR(code, 5, 4) <> '0000'",
	creditcode.County:    "SUBSTR(code, 7, 2) <> '00' AND code <> ''",
	creditcode.Levelless: "code = ''",
}

// narrowed are the conditions of a filter.
func narrowed(f tabulation.Filter) where {
	own := ApplicationFilter{Round: f.Round, Category: f.Category, Query: f.Query}
	if f.State != "" {
		own.States = []stage.State{stage.State(f.State)}
	}
	switch f.At {
	case "":
	case statistic.Intake:
		own.States = []stage.State{application.Submitted, application.Correcting}
	case statistic.Naming:
		own.States = []stage.State{application.Selected}
	default:
		own.States, own.Stage = []stage.State{application.Underway}, f.At
	}
	q := own.where()
	if f.Region != "" {
		q.and("organisation IN (SELECT id FROM organisations WHERE SUBSTR(code, 3, 6) = ?)", f.Region)
	}
	if l, known := levels[f.Level]; known && f.Level != "" {
		q.and("organisation IN (SELECT id FROM organisations WHERE " + l + ")")
	}
	return q
}

// Tabulate lists a page of the applications of a programme that a viewer may see, those
// that were filed, in the order of filing, each with what the chapters know of it. A page
// costs the same few statements however long it is.
func (tx *Tx) Tabulate(viewer stage.Actor, p id.Programme, f tabulation.Filter, after id.Application, limit int) (rows []Tabulated, err error) {
	if !slices.Contains(seesFiled, viewer.Role) || !inProgramme(viewer, p) {
		return nil, nil
	}
	q := narrowed(f)
	q.and("submitted_at > ?", 0)
	q.and("programme = ?", string(p))
	if err := q.untied(tx, viewer, "id"); err != nil {
		return nil, err
	}
	if after != "" {
		q.and("(submitted_at, id) > (SELECT submitted_at, id FROM applications WHERE id = ?)", string(after))
	}
	all, err := listed.list(tx, q.String()+" ORDER BY submitted_at, id LIMIT "+q.mark(limit), q.args...)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	at := map[id.Application]int{}
	holders := map[id.Organisation][]int{}
	var keys, organisations []string
	for i, a := range all {
		rows = append(rows, Tabulated{Application: a})
		at[a.ID] = i
		keys = append(keys, string(a.ID))
		if len(holders[a.Organisation]) == 0 {
			organisations = append(organisations, string(a.Organisation))
		}
		holders[a.Organisation] = append(holders[a.Organisation], i)
	}
	return rows, tx.gather(rows, at, holders, keys, organisations)
}

// gather puts what the chapters know into the rows of a table.
func (tx *Tx) gather(rows []Tabulated, at map[id.Application]int, holders map[id.Organisation][]int, keys, of []string) error {
	if err := among(tx, registered, "id", of, "", func(o organisation.Organisation) {
		for _, i := range holders[o.ID] {
			rows[i].Organisation = o
		}
	}); err != nil {
		return err
	}
	if err := among(tx, recommended, "application", keys, "AND state = '"+string(review.Confirmed)+"'", func(r review.Review) { rows[at[r.Application]].Review = r }); err != nil {
		return err
	}
	if err := among(tx, looked, "application", keys, "AND state IN ('"+string(visit.Signed)+"', '"+string(visit.Waived)+"')", func(v visit.Visit) { rows[at[v.Application]].Visit = v }); err != nil {
		return err
	}
	if err := among(tx, outcomes, "subject_id", keys, "AND subject_kind = 'application' AND state IN ('"+string(item.Carried)+"', '"+string(item.Lost)+"') AND meeting IN (SELECT id FROM meetings WHERE state IN ('"+
		string(meeting.Closed)+"', '"+string(meeting.Adjourned)+"')) ORDER BY decided_at, id", func(i item.Item) { rows[at[id.Application(i.Subject.ID)]].Decision = i.State }); err != nil {
		return err
	}
	return among(tx, titled, "application", keys, "ORDER BY named_on, id", func(d designation.Designation) { rows[at[d.Application]].Title = d })
}

// among reads the things whose column is one of some values.
func among[T any](tx *Tx, from columnsOf[T], column string, values []string, rest string, read func(T)) error {
	var q where
	q.among(column, false, values)
	all, err := from.list(tx, strings.TrimSpace(q.String()+" "+rest), q.args...)
	for _, v := range all {
		read(v)
	}
	return err
}
