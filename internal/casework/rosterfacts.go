package casework

import (
	"shifan/internal/id"
	"shifan/internal/lifecycle/fact"
	"shifan/internal/lifecycle/organisation"
	"shifan/internal/lifecycle/party"
	"shifan/internal/lifecycle/roster"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/store"
)

// factsJudge judges the rows of a list of facts. Several rows may be about one
// organisation, which is saved once, at the end.
type factsJudge struct {
	desk    *Desk
	tx      *store.Tx
	planner *roster.Planner
	from    fact.Source
	about   map[id.Organisation]*factsOf
	order   []*factsOf
}

// factsOf is one organisation that a list is about.
type factsOf struct {
	o       organisation.Organisation
	was     fact.Facts
	bodies  []party.Body
	changed map[int]bool // which of the bodies
	move    *stage.Move  // what is done with it; nil: nothing
}

func (j *factsJudge) judge(rows []roster.Row) (all []roster.Outcome, err error) {
	known, err := knownOf(j.tx, rows)
	if err != nil {
		return nil, err
	}
	for _, row := range rows {
		var of *factsOf
		if o, ok := known.Of(row); ok {
			if of, err = j.of(o); err != nil {
				return all, err
			}
		}
		var o *organisation.Organisation
		if of != nil {
			o = &of.o
		}
		out, bad := j.planner.Whom(row, o)
		if bad == nil {
			out = j.one(row, out, of)
		}
		all = append(all, out)
	}
	return all, nil
}

// of returns what is known of an organisation, with what rows above changed.
func (j *factsJudge) of(o organisation.Organisation) (*factsOf, error) {
	if of := j.about[o.ID]; of != nil {
		return of, nil
	}
	bodies, err := j.tx.BodiesOf(o.ID)
	of := &factsOf{o: o, was: o.Facts, bodies: bodies, changed: map[int]bool{}}
	j.about[o.ID] = of
	j.order = append(j.order, of)
	return of, err
}

func (j *factsJudge) one(row roster.Row, out roster.Outcome, of *factsOf) roster.Outcome {
	if row.List.Name == roster.Elections.Name {
		out, i, m := j.planner.Election(row, out, &of.o, of.bodies, j.from)
		if i >= 0 {
			of.changed[i], of.move = true, &m
		}
		return out
	}
	out, m := j.planner.Fact(row, out, &of.o, j.from)
	if m != nil {
		of.move = m
	}
	return out
}

// finish saves what the rows changed.
func (j *factsJudge) finish() error {
	for _, of := range j.order {
		if of.move == nil {
			continue
		}
		for i := range of.changed {
			if err := j.tx.PutPartyBody(&of.bodies[i]); err != nil {
				return err
			}
		}
		if err := j.desk.factsChanged(j.tx, j.planner.By, &of.o, of.was, j.planner.Now); err != nil {
			return err
		}
		if err := j.tx.PutOrganisation(&of.o); err != nil {
			return err
		}
		j.tx.Also(j.desk.organisationEntry(j.planner.By, &of.o, *of.move, j.planner.Now))
	}
	return nil
}
