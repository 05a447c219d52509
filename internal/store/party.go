package store

import (
	"slices"

	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/party"
	"shifan/internal/lifecycle/stage"
)

var bodies = table[party.Body]{
	name: "party_bodies",
	columns: []string{
		"id", "name", "form", "founded_on", "superior", "members", "functional", "head", "approved_form", "transition_term",
		"elections", "source", "declared", "version",
	},
	fields: func(b *party.Body) []any {
		return []any{
			&b.ID, &b.Name, &b.Form, asDate(&b.FoundedOn), &b.Superior, &b.Members, &b.Functional, &b.Head, &b.ApprovedForm, &b.TransitionTerm,
			asJSON(&b.Elections), asJSON(&b.Source), derived(func() any { return !b.Source.Confirmed }), &b.Version,
		}
	},
	version: func(b *party.Body) *int64 { return &b.Version },
}

// cover says that a Party organisation covers an organisation.
type cover struct {
	key          string
	body         id.PartyBody
	organisation id.Organisation
}

func newCover(body id.PartyBody, organisation id.Organisation) cover {
	return cover{string(body) + " " + string(organisation), body, organisation}
}

var covers = table[cover]{
	name:    "party_covers",
	columns: []string{"id", "body", "organisation"},
	fields:  func(c *cover) []any { return []any{&c.key, &c.body, &c.organisation} },
}

// PartyBody returns the Party organisation with the given identifier, or
// fault.Missing. It does not ask who looks; PartyBodyFor does.
func (tx *Tx) PartyBody(key id.PartyBody) (party.Body, error) { return bodies.get(tx, string(key)) }

// PartyBodyFor returns a Party organisation as a viewer may see it: an applicant
// sees those that cover its own organisation, the others as organisations.
func (tx *Tx) PartyBodyFor(viewer stage.Actor, key id.PartyBody) (party.Body, error) {
	b, err := tx.PartyBody(key)
	if err != nil {
		return b, err
	}
	if slices.Contains(seesOrganisations, viewer.Role) {
		return b, nil
	}
	covered, err := tx.CoveredBy(key)
	if err != nil {
		return party.Body{}, err
	}
	if viewer.Role != stage.Applicant || !slices.Contains(covered, viewer.Organisation) {
		return party.Body{}, fault.Missing()
	}
	return b, nil
}

// BodiesOf lists the Party organisations that cover an organisation, the oldest
// first. It does not ask who looks.
func (tx *Tx) BodiesOf(key id.Organisation) ([]party.Body, error) {
	return bodies.list(tx, "WHERE id IN (SELECT body FROM party_covers WHERE organisation = $1) ORDER BY founded_on, id", string(key))
}

// CoveredBy lists the organisations that a Party organisation covers.
func (tx *Tx) CoveredBy(key id.PartyBody) (all []id.Organisation, err error) {
	some, err := covers.list(tx, "WHERE body = $1 ORDER BY organisation", string(key))
	for _, c := range some {
		all = append(all, c.organisation)
	}
	return all, err
}

// AddPartyBody adds a Party organisation that covers an organisation.
func (tx *Tx) AddPartyBody(b *party.Body, organisation id.Organisation) error {
	if err := bodies.insert(tx, b); err != nil {
		return err
	}
	return tx.Cover(b.ID, organisation)
}

// PutPartyBody saves a Party organisation, unless someone else saved it since it
// was read.
func (tx *Tx) PutPartyBody(b *party.Body) error { return bodies.update(tx, b) }

// Cover says that a Party organisation covers one organisation more.
func (tx *Tx) Cover(key id.PartyBody, organisation id.Organisation) error {
	c := newCover(key, organisation)
	return covers.insert(tx, &c)
}

// Uncover says that a Party organisation covers an organisation no more.
func (tx *Tx) Uncover(key id.PartyBody, organisation id.Organisation) error {
	return covers.remove(tx, newCover(key, organisation).key)
}
