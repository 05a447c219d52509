package store

import (
	"slices"

	"shifan/internal/id"
	"shifan/internal/lifecycle/draw"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/lot"
)

var draws = table[draw.Draw]{
	name: "draws",
	columns: []string{
		"id", "programme", "round", "state", "attempt", "earlier", "edition", "pool", "seats", "cases", "rules", "parties", "entered", "document", "reason", "opened_at", "ended_at", "version",
	},
	fields: func(d *draw.Draw) []any {
		return []any{
			&d.ID, &d.Programme, &d.Round, &d.State, &d.Attempt, asJSON(&d.Earlier), &d.Edition, asJSON(&d.Pool), asJSON(&d.Seats), asJSON(&d.Cases), asJSON(&d.Rule), asJSON(&d.Parties),
			asJSON(&d.Values), &d.Document, &d.Reason, asTime(&d.OpenedAt), asTime(&d.EndedAt), &d.Version,
		}
	},
	version: func(d *draw.Draw) *int64 { return &d.Version },
}

var places = table[draw.Place]{
	name:    "places",
	columns: []string{"id", "programme", "account", "stratum", "placed_at"},
	fields: func(p *draw.Place) []any {
		return []any{&p.Key, &p.Programme, &p.Account, &p.Stratum, asTime(&p.PlacedAt)}
	},
}

// Places lists who was placed in the pool of a programme.
func (tx *Tx) Places(p id.Programme) ([]draw.Place, error) {
	return places.list(tx, "WHERE programme = $1 ORDER BY account", string(p))
}

// PutPlace places somebody in a pool, or elsewhere in it.
func (tx *Tx) PutPlace(p *draw.Place) error {
	n, err := places.count(tx, "WHERE id = $1", p.Key)
	if err != nil {
		return err
	}
	if n == 0 {
		return places.insert(tx, p)
	}
	return places.update(tx, p)
}

// AddDraw adds a draw.
func (tx *Tx) AddDraw(d *draw.Draw) error { return draws.insert(tx, d) }

// PutDraw saves a draw, unless someone else saved it since it was read.
func (tx *Tx) PutDraw(d *draw.Draw) error { return draws.update(tx, d) }

// Draw returns a draw whole, for the rules: with secrets that nobody may see yet.
// DrawFor asks who looks.
func (tx *Tx) Draw(key id.Draw) (draw.Draw, error) { return draws.get(tx, string(key)) }

// DrawsOf lists the draws of a round whole, for the rules.
func (tx *Tx) DrawsOf(key id.Round) ([]draw.Draw, error) {
	return draws.list(tx, "WHERE round = $1 ORDER BY opened_at, id", string(key))
}

// DrawFor returns a draw as a viewer may see it. Everybody sees pool, rule,
// commitments and result. Nobody sees a secret before all are revealed, the office
// neither. Whom the pool's digests mean, who committed and who typed is told the
// office, the auditors and the scrutineers of the programme; an assessor is told which
// digest is theirs, an applicant which case. An organisation in which a viewer has an
// interest is named to them nowhere.
func (tx *Tx) DrawFor(viewer stage.Actor, key id.Draw) (draw.Draw, error) {
	d, err := tx.Draw(key)
	if err != nil {
		return d, err
	}
	return tx.seenDraw(viewer, d)
}

// namesDrawn lists the roles that are told the names.
var namesDrawn = []stage.Role{stage.Clerk, stage.Director, stage.Auditor, stage.Scrutineer}

func (tx *Tx) seenDraw(viewer stage.Actor, d draw.Draw) (draw.Draw, error) {
	ties, err := tx.TiesOf(viewer.Account)
	if err != nil {
		return draw.Draw{}, err
	}
	told := slices.Contains(namesDrawn, viewer.Role) && inProgramme(viewer, d.Programme)
	me := func(a id.Account) bool { return a != "" && a == viewer.Account }
	d.Seats, d.Cases, d.Parties, d.Values = slices.Clone(d.Seats), slices.Clone(d.Cases), slices.Clone(d.Parties), slices.Clone(d.Values)
	for i, s := range d.Seats {
		if !told && !me(s.Account) {
			d.Seats[i] = draw.Seat{Member: s.Member}
		}
	}
	for i, c := range d.Cases {
		if !holds(viewer, c.Organisation) && (!told || slices.Contains(ties, c.Organisation)) {
			d.Cases[i] = draw.Case{Case: c.Case}
		}
	}
	for i, p := range d.Parties {
		if d.State != draw.Revealed && d.State != draw.Concluded {
			d.Parties[i].Reveal = lot.Reveal{}
		}
		if !told && !me(p.Account) {
			d.Parties[i].Account, d.Parties[i].Name = "", ""
		}
		if slices.Contains(ties, p.For) || !told {
			d.Parties[i].For = ""
		}
	}
	for i, v := range d.Values {
		if !told && !me(v.Account) {
			d.Values[i].Account, d.Values[i].Name = "", ""
		}
	}
	return d, nil
}

// DrawFilter narrows a list of draws.
type DrawFilter struct {
	Round  id.Round
	States []stage.State // none: all
	After  id.Draw       // the one that ended the page before
	Limit  int           // 0: 50
}

// Draws lists the draws as a viewer may see them, the latest first.
func (tx *Tx) Draws(viewer stage.Actor, f DrawFilter) ([]draw.Draw, error) {
	var q where
	if viewer.Programme != "" {
		q.and("programme = ?", string(viewer.Programme))
	}
	if f.Round != "" {
		q.and("round = ?", string(f.Round))
	}
	q.states(f.States)
	if f.After != "" {
		q.and("(opened_at, id) < (SELECT opened_at, id FROM draws WHERE id = ?)", string(f.After))
	}
	if f.Limit <= 0 {
		f.Limit = 50
	}
	all, err := draws.list(tx, q.String()+" ORDER BY opened_at DESC, id DESC LIMIT "+q.mark(f.Limit), q.args...)
	for i := range all {
		if all[i], err = tx.seenDraw(viewer, all[i]); err != nil {
			return nil, err
		}
	}
	return all, err
}
