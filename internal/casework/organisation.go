package casework

import (
	"context"
	"strconv"
	"time"

	"shifan/internal/calendar"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/fact"
	"shifan/internal/lifecycle/organisation"
	"shifan/internal/lifecycle/party"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/record"
	"shifan/internal/store"
)

// OrganisationFilter is the store's, so that the doors need not know the store.
type OrganisationFilter = store.OrganisationFilter

var errOrganisationTaken = fault.Define(fault.Invalid, "organisation.register.taken",
	"代码%s已经建档，单位是“%s”。代码终身不变，改名请办理名称变更。", "GB 32100-2015")

// RegisterOrganisation enters an organisation (S14).
func (d *Desk) RegisterOrganisation(ctx context.Context, by stage.Actor, in organisation.Registration) (key id.Organisation, err error) {
	defer fault.Wrap(&err, "casework.RegisterOrganisation")
	now := d.Now()
	err = d.Store.Change(ctx, func(tx *store.Tx) (record.Entry, error) {
		o, m, err := organisation.Register(by, in, now)
		if err != nil {
			return record.Entry{}, err
		}
		switch other, err := tx.OrganisationByCode(o.Code); {
		case err == nil:
			return record.Entry{}, errOrganisationTaken.At("code", o.Code, other.Name())
		case fault.KindOf(err) != fault.NotFound:
			return record.Entry{}, err
		}
		o.ID = id.New[id.Organisation](d.Rand)
		key = o.ID
		e := d.organisationEntry(by, o, m, now)
		if o.Override.Reason != "" {
			e.Facts["check_digit"] = "overridden"
		}
		return e, tx.AddOrganisation(o)
	})
	return key, err
}

// EditFacts replaces what is known of an organisation (S62). The version is the
// one that the writer saw; 0 when nobody else can have changed it.
func (d *Desk) EditFacts(ctx context.Context, by stage.Actor, key id.Organisation, version int64, f fact.Facts) error {
	return d.organisationAct(ctx, by, key, version, "edit", func(_ *store.Tx, o *organisation.Organisation, now time.Time) (stage.Move, error) {
		return o.Edit(by, f, now)
	})
}

// ConfirmOrganisation says that the office compared all that was declared, the
// Party organisations included, and found it so (S65).
func (d *Desk) ConfirmOrganisation(ctx context.Context, by stage.Actor, key id.Organisation, version int64) error {
	return d.organisationAct(ctx, by, key, version, "confirm", func(tx *store.Tx, o *organisation.Organisation, now time.Time) (stage.Move, error) {
		m, err := o.Confirm(by, now)
		if err != nil {
			return m, err
		}
		bodies, err := tx.BodiesOf(key)
		for _, b := range bodies {
			if b.Source.Confirmed {
				continue
			}
			b.Source = fact.Source{Confirmed: true, By: by.Account, On: calendar.DateOf(now)}
			if err := tx.PutPartyBody(&b); err != nil {
				return m, err
			}
		}
		return m, err
	})
}

// AddParty adds a Party organisation that covers an organisation (S17).
func (d *Desk) AddParty(ctx context.Context, by stage.Actor, key id.Organisation, b party.Body) (added id.PartyBody, err error) {
	err = d.organisationAct(ctx, by, key, 0, "edit", func(tx *store.Tx, o *organisation.Organisation, now time.Time) (stage.Move, error) {
		m, err := o.EditParty(by, &party.Body{}, &b, now)
		if err != nil {
			return m, err
		}
		b.ID = id.New[id.PartyBody](d.Rand)
		added = b.ID
		return m, tx.AddPartyBody(&b, key)
	})
	return added, err
}

// EditParty replaces what is known of a Party organisation that covers an
// organisation. Whom it covers stays.
func (d *Desk) EditParty(ctx context.Context, by stage.Actor, key id.Organisation, version int64, b party.Body) error {
	return d.organisationAct(ctx, by, key, 0, "edit", func(tx *store.Tx, o *organisation.Organisation, now time.Time) (stage.Move, error) {
		was, err := d.bodyOf(tx, by, key, b.ID)
		if err != nil {
			return stage.Move{}, err
		}
		if version != 0 && version != was.Version {
			return stage.Move{}, fault.Stale()
		}
		b.Version = was.Version
		m, err := o.EditParty(by, &was, &b, now)
		if err != nil {
			return m, err
		}
		return m, tx.PutPartyBody(&b)
	})
}

// bodyOf returns a Party organisation that covers an organisation.
func (d *Desk) bodyOf(tx *store.Tx, by stage.Actor, key id.Organisation, body id.PartyBody) (party.Body, error) {
	if _, err := tx.PartyBodyFor(by, body); err != nil {
		return party.Body{}, err
	}
	all, err := tx.BodiesOf(key)
	for _, b := range all {
		if b.ID == body {
			return b, nil
		}
	}
	if err == nil {
		err = fault.Missing()
	}
	return party.Body{}, err
}

// organisationAct runs one move of an organisation: it loads it as the actor may
// see it, lets do decide, and saves it with its line in the record.
func (d *Desk) organisationAct(ctx context.Context, by stage.Actor, key id.Organisation, version int64, act string, do func(*store.Tx, *organisation.Organisation, time.Time) (stage.Move, error)) (err error) {
	defer fault.Wrap(&err, "casework: organisation.%s(%s)", act, key)
	now := d.Now()
	return d.Store.Change(ctx, func(tx *store.Tx) (record.Entry, error) {
		o, err := tx.OrganisationFor(by, key)
		if err != nil {
			return record.Entry{}, err
		}
		if _, err := organisation.Kind.Step(o.State, act, by.Role); err != nil {
			return record.Entry{}, err // before all: an operator sees a part of it, which must not be saved
		}
		if version != 0 && version != o.Version {
			return record.Entry{}, fault.Stale()
		}
		m, err := do(tx, &o, now)
		if err != nil {
			return record.Entry{}, err
		}
		return d.organisationEntry(by, &o, m, now), tx.PutOrganisation(&o)
	})
}

// organisationEntry is the line of the record for a move of an organisation: its
// code and what of it is in a public register, and no person.
func (d *Desk) organisationEntry(by stage.Actor, o *organisation.Organisation, m stage.Move, now time.Time) record.Entry {
	e := d.entry(by, organisation.Kind, string(o.ID), m, now)
	e.Facts = map[string]string{"code": o.Code, "name": o.Name()}
	if n := o.Facts.Declared(); n > 0 {
		e.Facts["declared"] = strconv.Itoa(n)
	}
	return e
}
