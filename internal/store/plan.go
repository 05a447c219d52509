package store

import (
	"slices"

	"shifan/internal/calendar"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/draw"
	"shifan/internal/lifecycle/plan"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/lot"
)

var plans = table[plan.Plan]{
	name: "plans",
	columns: []string{
		"id", "programme", "year", "state", "sample", "due", "pool", "lot", "drawn", "drafted_by", "approved", "drafted_at", "decided_at", "next_on", "ended_at", "version",
	},
	fields: func(p *plan.Plan) []any {
		return []any{
			&p.ID, &p.Programme, &p.Year, &p.State, asJSON(&p.Sample), asJSON(&p.Due), asJSON(&p.Pool), asJSON(&p.Lot), asJSON(&p.Drawn), &p.DraftedBy, &p.Approved,
			asTime(&p.DraftedAt), asTime(&p.DecidedAt), asDate(&p.NextOn), asTime(&p.EndedAt), &p.Version,
		}
	},
	version: func(p *plan.Plan) *int64 { return &p.Version },
}

// Plan returns a plan whole, for the rules: with secrets that nobody may see yet. PlanFor
// asks who looks.
func (tx *Tx) Plan(key id.Plan) (plan.Plan, error) { return plans.get(tx, string(key)) }

// AddPlan adds a plan. A programme has one for each year.
func (tx *Tx) AddPlan(p *plan.Plan) error { return plans.insert(tx, p) }

// PutPlan saves a plan, unless someone else saved it since it was read.
func (tx *Tx) PutPlan(p *plan.Plan) error { return plans.update(tx, p) }

// PlansDue lists the plans that the clock has to do with on a day.
func (tx *Tx) PlansDue(today calendar.Date) ([]plan.Plan, error) {
	return plans.list(tx, "WHERE next_on <> $1 AND next_on <= $2 ORDER BY next_on, id", "", today.String())
}

// PlanIn returns the plan of a programme and year, or fault.Missing.
func (tx *Tx) PlanIn(p id.Programme, year int) (plan.Plan, error) {
	return only(plans.list(tx, "WHERE programme = $1 AND year = $2", string(p), year))
}

// seesPlans lists the roles that read the plans of their programme. Nobody else learns
// which titles are to be looked at: for an unannounced check that is the point of it.
var seesPlans = []stage.Role{stage.Clerk, stage.Director, stage.Chair, stage.Auditor}

// membersSee lists the states in which the members of the committee read a plan.
var membersSee = []stage.State{plan.Approved, plan.Closed}

// PlanFor returns a plan as a viewer may see it: the office, the chair and the auditors of
// its programme read it; so do the members once it is approved, and of an unannounced
// sample the checks that have begun; who supervises the draw sees that, and not what it
// came to. Nobody sees a secret before all are revealed.
func (tx *Tx) PlanFor(viewer stage.Actor, key id.Plan) (plan.Plan, error) {
	p, err := tx.Plan(key)
	if err != nil {
		return p, err
	}
	reads := viewer.Role == stage.Scrutineer || slices.Contains(seesPlans, viewer.Role) || viewer.Role == stage.Member && slices.Contains(membersSee, p.State)
	if !reads || !inProgramme(viewer, p.Programme) {
		return plan.Plan{}, fault.Missing()
	}
	return tx.seenPlan(viewer, p)
}

func (tx *Tx) seenPlan(viewer stage.Actor, p plan.Plan) (plan.Plan, error) {
	whole := p.Lot
	seen, err := tx.seenDraw(viewer, whole)
	if err != nil {
		return plan.Plan{}, err
	}
	p.Lot = seen
	if viewer.Role == stage.Scrutineer {
		p.Due, p.Pool, p.Drawn = nil, nil, nil
		if !p.Public() && p.Sample.Unannounced {
			for i := range p.Lot.Parties {
				p.Lot.Parties[i].Reveal = lot.Reveal{}
			}
		}
	}
	if viewer.Role == stage.Member {
		p.Pool = nil
		if !p.Public() {
			p.Lot = draw.Draw{}
		}
		if p.State == plan.Approved && p.Sample.Unannounced {
			p.Drawn = slices.DeleteFunc(slices.Clone(p.Drawn), plan.Check.Open)
		}
	}
	ties, err := tx.TiesOf(viewer.Account)
	if err != nil || len(ties) == 0 {
		return p, err
	}
	// A holder that a viewer is tied to is named to them nowhere.
	hidden := func(key id.Designation) bool {
		d, err := tx.Designation(key)
		return err == nil && slices.Contains(ties, d.Organisation)
	}
	p.Due = slices.DeleteFunc(slices.Clone(p.Due), func(c plan.Check) bool { return hidden(c.Designation) })
	p.Drawn = slices.DeleteFunc(slices.Clone(p.Drawn), func(c plan.Check) bool { return hidden(c.Designation) })
	p.Pool = slices.DeleteFunc(slices.Clone(p.Pool), func(c plan.Pooled) bool { return hidden(c.Designation) })
	return p, nil
}

// PublicPlan returns the draw of a plan as anybody may read it, or fault.Missing: an
// announced one once it is approved, an unannounced one when all its checks have begun.
func (tx *Tx) PublicPlan(key id.Plan) (plan.Plan, error) {
	p, err := tx.Plan(key)
	if err == nil && !p.Public() {
		return plan.Plan{}, fault.Missing()
	}
	return p, err
}

// PlanFilter narrows a list of plans.
type PlanFilter struct {
	Programme id.Programme
	States    []stage.State
	After     id.Plan // the plan that ended the page before
	Limit     int     // 0: 50
}

// Plans lists the plans that a viewer may see, the latest year first.
func (tx *Tx) Plans(viewer stage.Actor, f PlanFilter) ([]plan.Plan, error) {
	var q where
	switch {
	case viewer.Role == stage.Scrutineer || slices.Contains(seesPlans, viewer.Role):
	case viewer.Role == stage.Member:
		q.states(membersSee)
	default:
		return nil, nil
	}
	if viewer.Programme != "" {
		q.and("programme = ?", string(viewer.Programme))
	}
	if f.Programme != "" {
		q.and("programme = ?", string(f.Programme))
	}
	q.states(f.States)
	if f.After != "" {
		q.and("(year, id) < (SELECT year, id FROM plans WHERE id = ?)", string(f.After))
	}
	if f.Limit <= 0 {
		f.Limit = 50
	}
	all, err := plans.list(tx, q.String()+" ORDER BY year DESC, id DESC LIMIT "+q.mark(f.Limit), q.args...)
	for i := range all {
		if all[i], err = tx.seenPlan(viewer, all[i]); err != nil {
			return nil, err
		}
	}
	return all, err
}
