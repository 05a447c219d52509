package casework

import (
	"context"
	"slices"
	"time"

	"shifan/internal/calendar"
	"shifan/internal/creditcode"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/organisation"
	"shifan/internal/lifecycle/party"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/store"
)

// AddParty adds a Party organisation that covers an organisation (S17).
func (d *Desk) AddParty(ctx context.Context, by stage.Actor, key id.Organisation, b party.Body) (added id.PartyBody, err error) {
	err = d.organisationAct(ctx, by, key, 0, "edit", func(tx *store.Tx, o *organisation.Organisation, now time.Time) (stage.Move, error) {
		m, err := o.EditParty(by, &party.Body{}, &b, now)
		if err != nil {
			return m, err
		}
		b.ID = id.New[id.PartyBody](d.Rand)
		added = b.ID
		makes(ctx, string(added))
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

// CoverOrganisation says that a Party organisation covers one organisation more,
// named by its code: a joint branch (facts.md §1.3). Only the office does.
func (d *Desk) CoverOrganisation(ctx context.Context, by stage.Actor, key id.Organisation, body id.PartyBody, typed string) error {
	return d.organisationAct(ctx, by, key, 0, "cover", func(tx *store.Tx, o *organisation.Organisation, _ time.Time) (stage.Move, error) {
		m, err := organisation.Kind.Step(o.State, "cover", by.Role)
		if err != nil {
			return m, err
		}
		if _, err := d.bodyOf(tx, by, key, body); err != nil {
			return m, err
		}
		other, err := tx.OrganisationByCodeFor(by, creditcode.Normalise(typed))
		if fault.KindOf(err) == fault.NotFound {
			err = errCoverUnknown.At("code")
		}
		if err != nil {
			return m, err
		}
		covered, err := tx.CoveredBy(body)
		if err == nil && slices.Contains(covered, other.ID) {
			err = errCoverTwice.At("code", other.Name())
		}
		if err != nil {
			return m, err
		}
		return m, tx.Cover(body, other.ID)
	})
}

// UncoverOrganisation says that a Party organisation covers an organisation no
// more. One that covers nobody else stays: what it was is edited, not lost.
func (d *Desk) UncoverOrganisation(ctx context.Context, by stage.Actor, key id.Organisation, body id.PartyBody) error {
	return d.organisationAct(ctx, by, key, 0, "cover", func(tx *store.Tx, o *organisation.Organisation, _ time.Time) (stage.Move, error) {
		m, err := organisation.Kind.Step(o.State, "cover", by.Role)
		if err != nil {
			return m, err
		}
		if _, err := d.bodyOf(tx, by, key, body); err != nil {
			return m, err
		}
		covered, err := tx.CoveredBy(body)
		if err == nil && len(covered) < 2 {
			err = errCoverLast.New()
		}
		if err != nil {
			return m, err
		}
		return m, tx.Uncover(body, key)
	})
}

var (
	errCoverUnknown = fault.Define(fault.Invalid, "party.cover.unknown", "没有找到这个代码的单位。核对代码，还没有建档的先建档。", "")
	errCoverTwice   = fault.Define(fault.Invalid, "party.cover.twice", "已经覆盖“%s”。", "")
	errCoverLast    = fault.Define(fault.Refused, "party.cover.last", "党组织至少要覆盖一个单位。", "制度:党组织至少覆盖一个单位")
)

// PartyView is a Party organisation with what follows from it today.
type PartyView struct {
	Body    party.Body
	Covers  []string // the names of the organisations it covers; for an applicant only how many others
	Others  int      // how many it covers beside the one looked at
	Tenure  party.Tenure
	Elected bool   // false: no election is known, or none applies
	Warning string // when the form and the member count disagree (S17)
}

func (d *Desk) partyView(tx *store.Tx, by stage.Actor, b party.Body) (v PartyView, err error) {
	v = PartyView{Body: b, Warning: b.FormWarning()}
	v.Tenure, v.Elected = b.TenureAt(calendar.DateOf(d.Now()))
	covered, err := tx.CoveredBy(b.ID)
	v.Others = len(covered) - 1
	for _, key := range covered {
		o, err := tx.OrganisationFor(by, key)
		switch {
		case err == nil:
			v.Covers = append(v.Covers, o.Name())
		case fault.KindOf(err) != fault.NotFound:
			return v, err
		}
	}
	return v, err
}
