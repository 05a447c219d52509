package casework

import (
	"time"

	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/designation"
	"shifan/internal/lifecycle/plaque"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/record"
	"shifan/internal/store"
)

// moveTitle saves a title that a chapter moved, with a line of its own in the
// record, and lets its credential and its plaque follow: one that the title no longer carries is
// cancelled or recalled, one that was recalled comes back with a title given
// back. Recheck, rectification and revocation call it with what Pass, Revoke,
// Reinstate … returned.
func (d *Desk) moveTitle(tx *store.Tx, by stage.Actor, t *designation.Designation, m stage.Move, now time.Time) error {
	tx.Also(d.titleEntry(by, t, m, now))
	return d.keepTitle(tx, by, t, now)
}

// keepTitle saves a title and lets its credential and plaque follow, for acts whose own line is
// the title's.
func (d *Desk) keepTitle(tx *store.Tx, by stage.Actor, t *designation.Designation, now time.Time) error {
	if err := tx.PutDesignation(t); err != nil {
		return err
	}
	if err := d.followCredential(tx, by, t, now); err != nil {
		return err
	}
	q, err := tx.PlaqueOf(t.ID)
	if fault.KindOf(err) == fault.NotFound {
		return nil
	}
	if err != nil {
		return err
	}
	var m stage.Move
	switch {
	case t.Live() && q.State == plaque.Recalled:
		m, err = q.Restore(by, t)
	case t.Live():
		return nil
	default:
		var p *programme.Programme
		if p, err = programmeOfTitle(tx, t); err != nil {
			return err
		}
		wanted := p.Plaque.Recall && (t.State == designation.Revoked || t.State == designation.Returned)
		var done bool
		if m, done, err = q.Withdraw(by, t, wanted, now); err == nil && !done {
			return nil
		}
	}
	if err != nil {
		return err
	}
	tx.Also(d.plaqueEntry(by, &q, m, now))
	return tx.PutPlaque(&q)
}

// programmeOfTitle returns the version that the title's round froze, or the
// current one for a title from before the system.
func programmeOfTitle(tx *store.Tx, t *designation.Designation) (*programme.Programme, error) {
	if t.Round != "" {
		return tx.ProgrammeOf(t.Round)
	}
	p, _, err := tx.ProgrammeNow(t.Programme)
	return p, err
}

// rulesIn returns what looks up the programme that a title follows, each once for all
// titles of a round.
func rulesIn(tx *store.Tx) func(*designation.Designation) (*programme.Programme, error) {
	known := map[store.Ruled]*programme.Programme{}
	return func(t *designation.Designation) (*programme.Programme, error) {
		key := store.Ruled{Programme: t.Programme, Round: t.Round}
		if p := known[key]; p != nil {
			return p, nil
		}
		p, err := programmeOfTitle(tx, t)
		if err == nil {
			known[key] = p
		}
		return p, err
	}
}

// titleEntry is the line of the record for a move of a title, with its term.
func (d *Desk) titleEntry(by stage.Actor, t *designation.Designation, m stage.Move, now time.Time) record.Entry {
	e := d.entry(by, designation.Kind, string(t.ID), m, now)
	e.Programme = t.Programme
	e.Facts = map[string]string{"number": t.Number, "organisation": string(t.Organisation), "valid_from": t.ValidFrom.String(), "valid_to": t.ValidTo.String()}
	for k, v := range map[string]id.Designation{"successor": t.Successor, "predecessor": t.Predecessor} {
		if v != "" {
			e.Facts[k] = string(v)
		}
	}
	if n := len(t.Heirs); n > 0 { // about whom the last decision was
		e.Facts["heir"] = string(t.Heirs[n-1].Organisation)
		if got := t.Heirs[n-1].Title; got != "" {
			e.Facts["successor"] = string(got)
		}
	}
	return e
}

// plaqueEntry is the line of the record for a move of a plaque. The verification
// code is not in it: it proves that somebody stood before the plaque.
func (d *Desk) plaqueEntry(by stage.Actor, q *plaque.Plaque, m stage.Move, now time.Time) record.Entry {
	e := d.entry(by, plaque.Kind, string(q.ID), m, now)
	e.Programme = q.Programme
	e.Facts = map[string]string{"designation": string(q.Designation), "number": q.Number}
	return e
}
