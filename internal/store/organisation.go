package store

import (
	"database/sql/driver"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/eligibility"
	"shifan/internal/lifecycle/organisation"
	"shifan/internal/lifecycle/ruling"
	"shifan/internal/lifecycle/stage"
)

var organisations = table[organisation.Organisation]{
	name: "organisations",
	columns: []string{
		"id", "code", "override", "legacy_number", "name", "names", "sought", "kind", "registered_on", "registrar", "industry",
		"state", "ended_on", "successor", "others", "legal_head", "contact", "facts", "declared", "version",
	},
	fields: func(o *organisation.Organisation) []any {
		return []any{
			&o.ID, &o.Code, asJSON(&o.Override), &o.LegacyNumber, derived(func() any { return o.Name() }), asJSON(&o.Names),
			derived(func() any { return sought(o) }), &o.Kind, asDate(&o.RegisteredOn), &o.Registrar, &o.Industry,
			&o.State, asDate(&o.EndedOn), &o.Successor, asSome(&o.Others), &o.LegalHead, &o.Contact, asJSON(&o.Facts),
			derived(func() any { return o.Facts.Declared() > 0 }), &o.Version,
		}
	},
	version: func(o *organisation.Organisation) *int64 { return &o.Version },
}

var rulings = table[ruling.Ruling]{
	name:    "rulings",
	columns: []string{"id", "organisation", "programme", "rule", "day", "computed", "why", "verdict", "reason", "account", "at"},
	fields: func(r *ruling.Ruling) []any {
		return []any{&r.ID, &r.Organisation, &r.Programme, &r.Rule, asDate(&r.Day), &r.Computed, &r.Why, &r.Verdict, &r.Reason, &r.By, asTime(&r.At)}
	},
}

// derived keeps what follows from other fields, for searching and ordering. It
// is written and never read back.
func derived(value func() any) any {
	return column{write: func() (driver.Value, error) { return value(), nil }, read: func(any) error { return nil }}
}

// sought is everything an organisation is looked for by: its code, its old
// number, and every name it ever had.
func sought(o *organisation.Organisation) string {
	all := []string{o.Code, o.LegacyNumber}
	for _, n := range o.Names {
		all = append(all, n.Name)
	}
	return plain(strings.Join(all, "\n"))
}

// plain makes texts comparable: full-width signs become plain, capitals small,
// and blanks go.
func plain(s string) string {
	return strings.ToLower(strings.ReplaceAll(norm.NFKC.String(s), " ", ""))
}

// Organisation returns the organisation with the given identifier, or
// fault.Missing. It does not ask who looks; OrganisationFor does.
func (tx *Tx) Organisation(key id.Organisation) (organisation.Organisation, error) {
	return organisations.get(tx, string(key))
}

// named is what a draft asks of its organisation each time it is saved.
var named = organisations.some([]string{"id", "names", "kind"}, func(o *organisation.Organisation) []any {
	return []any{&o.ID, asJSON(&o.Names), &o.Kind}
})

// OrganisationNamed returns of an organisation its names and its kind, and nothing else of
// it, or fault.Missing. It does not ask who looks.
func (tx *Tx) OrganisationNamed(key id.Organisation) (organisation.Organisation, error) {
	return named.get(tx, string(key))
}

// OrganisationByCode returns the organisation with a normalised Unified Social
// Credit Code, or fault.Missing. It does not ask who looks.
func (tx *Tx) OrganisationByCode(code string) (organisation.Organisation, error) {
	if code == "" {
		return organisation.Organisation{}, fault.Missing()
	}
	return only(organisations.list(tx, "WHERE code = $1", code))
}

// seesOrganisations lists the roles that see every organisation with its facts.
// Applicants see their own. What the public sees of an organisation it sees on
// the pages of calls, publicities and titles.
var seesOrganisations = []stage.Role{stage.Clerk, stage.Director, stage.Chair, stage.Member, stage.Assessor, stage.Auditor}

// OrganisationFor returns an organisation as a viewer may see it: the office, the
// committee, the assessors and the auditors see all of it, an applicant its own;
// an operator sees who it is and nothing that is known of it.
func (tx *Tx) OrganisationFor(viewer stage.Actor, key id.Organisation) (organisation.Organisation, error) {
	o, err := tx.Organisation(key)
	if err != nil {
		return o, err
	}
	return asSeen(viewer, o)
}

// asSeen returns an organisation as a viewer may see it, or fault.Missing.
func asSeen(viewer stage.Actor, o organisation.Organisation) (organisation.Organisation, error) {
	switch {
	case slices.Contains(seesOrganisations, viewer.Role), viewer.Role == stage.Applicant && viewer.Organisation == o.ID:
		return o, nil
	case viewer.Role == stage.Operator:
		return organisation.Organisation{
			ID: o.ID, Code: o.Code, LegacyNumber: o.LegacyNumber, Names: o.Names, Kind: o.Kind, RegisteredOn: o.RegisteredOn,
			Registrar: o.Registrar, State: o.State, EndedOn: o.EndedOn, Successor: o.Successor, Others: o.Others, Version: o.Version,
		}, nil
	}
	return organisation.Organisation{}, fault.Missing()
}

// OrganisationByCodeFor is OrganisationByCode for a viewer.
func (tx *Tx) OrganisationByCodeFor(viewer stage.Actor, code string) (organisation.Organisation, error) {
	o, err := tx.OrganisationByCode(code)
	if err != nil {
		return o, err
	}
	return asSeen(viewer, o)
}

// AddOrganisation adds an organisation. Its code must be free.
func (tx *Tx) AddOrganisation(o *organisation.Organisation) error { return organisations.insert(tx, o) }

// PutOrganisation saves an organisation, unless someone else saved it since it
// was read.
func (tx *Tx) PutOrganisation(o *organisation.Organisation) error { return organisations.update(tx, o) }

// OrganisationFilter narrows a list of organisations.
type OrganisationFilter struct {
	Query    string // part of the code, of the old number, or of a name of today or before
	Kind     string
	State    stage.State
	Declared bool            // only those with something that the office has not confirmed
	After    id.Organisation // the organisation that ended the page before
	Limit    int             // 0: 50
}

// where turns the filter into conditions.
func (f OrganisationFilter) where() (q where) {
	if f.Query != "" {
		q.and("sought LIKE ? ESCAPE '!'", "%"+escapeLike(plain(f.Query))+"%")
	}
	if f.Kind != "" {
		q.and("kind = ?", f.Kind)
	}
	if f.State != "" {
		q.and("state = ?", string(f.State))
	}
	if f.Declared {
		q.and("state = ?", string(organisation.Registered))
		q.and("(declared OR id IN (SELECT organisation FROM party_covers WHERE body IN (SELECT id FROM party_bodies WHERE declared)))")
	}
	return q
}

// Organisations lists the organisations that a viewer may see, by name.
func (tx *Tx) Organisations(viewer stage.Actor, f OrganisationFilter) ([]organisation.Organisation, error) {
	q := f.where()
	switch {
	case viewer.Role == stage.Applicant:
		q.and("id = ?", string(viewer.Organisation))
	case !slices.Contains(seesOrganisations, viewer.Role) && viewer.Role != stage.Operator:
		return nil, nil
	}
	if f.After != "" {
		q.and("(name, id) > (SELECT name, id FROM organisations WHERE id = ?)", string(f.After))
	}
	if f.Limit <= 0 {
		f.Limit = 50
	}
	all, err := organisations.list(tx, q.String()+" ORDER BY name, id LIMIT "+q.mark(f.Limit), q.args...)
	for i := range all {
		if all[i], err = asSeen(viewer, all[i]); err != nil {
			return nil, err
		}
	}
	return all, err
}

// CountOrganisations counts what a filter selects, for the office's work list
// and for figures.
func (tx *Tx) CountOrganisations(f OrganisationFilter) (int, error) {
	q := f.where()
	return organisations.count(tx, q.String(), q.args...)
}

// ProfileOf gathers what the rules of eligibility read about an organisation: it
// and the Party organisations that cover it. It does not ask who looks.
func (tx *Tx) ProfileOf(key id.Organisation) (p eligibility.Profile, err error) {
	o, err := tx.Organisation(key)
	if err != nil {
		return p, err
	}
	p.Organisation, p.Covers = &o, map[id.PartyBody]int{}
	if p.Bodies, err = tx.BodiesOf(key); err != nil {
		return p, err
	}
	for _, b := range p.Bodies {
		covered, err := tx.CoveredBy(b.ID)
		if err != nil {
			return p, err
		}
		p.Covers[b.ID] = len(covered)
	}
	return p, nil
}

// AddRuling keeps what the office found of a rule.
func (tx *Tx) AddRuling(r *ruling.Ruling) error { return rulings.insert(tx, r) }

// RulingsOf lists what the office found of an organisation's rules in a
// programme, the earliest first. It does not ask who looks.
func (tx *Tx) RulingsOf(key id.Organisation, programme id.Programme) ([]ruling.Ruling, error) {
	return rulings.list(tx, "WHERE organisation = $1 AND programme = $2 ORDER BY at, id", string(key), string(programme))
}
