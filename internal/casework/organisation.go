package casework

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"
	"time"

	"shifan/internal/calendar"
	"shifan/internal/chars"
	"shifan/internal/creditcode"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/designation"
	"shifan/internal/lifecycle/fact"
	"shifan/internal/lifecycle/organisation"
	"shifan/internal/lifecycle/roster"
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
		var err error
		if in.Admitted, err = admitted(tx, creditcode.Normalise(in.Code)); err != nil {
			return record.Entry{}, err
		}
		o, m, err := organisation.Register(by, in, now)
		if err != nil {
			return record.Entry{}, err
		}
		if err := codeFree(tx, o); err != nil {
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

// admitted reports whether a programme lets organisations with such a code apply:
// by the kind that it tells, or by its first signs.
func admitted(tx *store.Tx, code string) (bool, error) {
	all, err := tx.ProgrammesNow()
	for _, p := range all {
		if slices.Contains(p.Applicants.Kinds, creditcode.KindOf(code)) || slices.ContainsFunc(p.Applicants.Prefixes, func(s string) bool { return s != "" && strings.HasPrefix(code, s) }) {
			return true, err
		}
	}
	return false, err
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

// RenameOrganisation gives an organisation another name from a day on (S59). Its
// code stays.
func (d *Desk) RenameOrganisation(ctx context.Context, by stage.Actor, key id.Organisation, version int64, name string, from calendar.Date) error {
	return d.organisationAct(ctx, by, key, version, "rename", func(_ *store.Tx, o *organisation.Organisation, now time.Time) (stage.Move, error) {
		return o.Rename(by, name, from, now)
	})
}

// CheckRename says whether a change of name could be recorded as it is: the look
// before the last step.
func (d *Desk) CheckRename(ctx context.Context, by stage.Actor, key id.Organisation, name string, from calendar.Date) (err error) {
	defer fault.Wrap(&err, "casework.CheckRename(%s)", key)
	return d.Store.View(ctx, func(tx *store.Tx) error {
		o, err := tx.OrganisationFor(by, key)
		if err == nil {
			_, err = o.Rename(by, name, from, d.Now())
		}
		return err
	})
}

// AmendOrganisation puts a registration right.
func (d *Desk) AmendOrganisation(ctx context.Context, by stage.Actor, key id.Organisation, version int64, in organisation.Amendment) error {
	return d.organisationAct(ctx, by, key, version, "amend", func(_ *store.Tx, o *organisation.Organisation, now time.Time) (stage.Move, error) {
		return o.Amend(by, in, now)
	})
}

// EnterCode adds the code of an organisation that had only an old number.
func (d *Desk) EnterCode(ctx context.Context, by stage.Actor, key id.Organisation, version int64, code string, override organisation.Override) error {
	return d.organisationAct(ctx, by, key, version, "enter_code", func(tx *store.Tx, o *organisation.Organisation, now time.Time) (stage.Move, error) {
		m, err := o.EnterCode(by, code, override, now)
		if err != nil {
			return m, err
		}
		return m, codeFree(tx, o)
	})
}

// codeFree refuses a code that another organisation has.
func codeFree(tx *store.Tx, o *organisation.Organisation) error {
	switch other, err := tx.OrganisationByCode(o.Code); {
	case fault.KindOf(err) == fault.NotFound:
		return nil
	case err != nil:
		return err
	default:
		return errOrganisationTaken.At("code", o.Code, other.Name())
	}
}

// endings are the acts that end a registration.
var endings = []string{"deregister", "strike_off", "merge"}

// Ending is how the registration of an organisation ended.
type Ending struct {
	Act       string // deregister, strike_off or merge
	On        calendar.Date
	Successor string   // the code of the organisation it went into; for merge only
	Others    []string // the codes of the others it was split up into
}

var (
	errEnding    = fault.Define(fault.Invalid, "organisation.end.act", "选择注销、撤销或者吊销登记、合并或者分立中的一种。", "")
	errSuccessor = fault.Define(fault.Invalid, "organisation.merge.unknown", "没有找到代码为“%s”的单位。核对代码，还没有建档的先建档。", "制度:合并分立")
	errEnded     = fault.Define(fault.Invalid, "organisation.merge.ended", "“%s”现在是“%s”，不能作为承继单位。", "制度:合并分立")
)

// EndOrganisation ends an organisation's registration (S73). The titles it holds
// wait for the clerk, or for the committee when it was merged: see the chapter
// designation.
func (d *Desk) EndOrganisation(ctx context.Context, by stage.Actor, key id.Organisation, version int64, in Ending) error {
	if !slices.Contains(endings, in.Act) {
		return errEnding.At("act")
	}
	return d.organisationAct(ctx, by, key, version, in.Act, func(tx *store.Tx, o *organisation.Organisation, now time.Time) (stage.Move, error) {
		m, err := ending(tx, by, o, in, now)
		return m, err
	})
}

// ending ends an organisation's registration.
func ending(tx *store.Tx, by stage.Actor, o *organisation.Organisation, in Ending, now time.Time) (m stage.Move, err error) {
	if !slices.Contains(endings, in.Act) {
		return m, errEnding.At("act")
	}
	var into id.Organisation
	var others []id.Organisation
	if in.Act == "merge" {
		for _, code := range append([]string{in.Successor}, in.Others...) {
			next, err := successor(tx, by, code)
			if err != nil {
				return m, err
			}
			others = append(others, next.ID)
		}
		into, others = others[0], others[1:]
	}
	return o.End(by, in.Act, in.On, into, now, others...)
}

// successor finds the organisation that another goes into.
func successor(tx *store.Tx, by stage.Actor, typed string) (o organisation.Organisation, err error) {
	o, err = tx.OrganisationByCodeFor(by, creditcode.Normalise(typed))
	switch {
	case fault.KindOf(err) == fault.NotFound:
		err = errSuccessor.At("successor", chars.Cut(typed, 20))
	case err == nil && o.State != organisation.Registered:
		err = errEnded.At("successor", o.Name(), organisation.Kind.Word(string(o.State)))
	}
	return o, err
}

// CheckEnding says whether an ending could be recorded as it is, and names the
// successors: the look before the last step.
func (d *Desk) CheckEnding(ctx context.Context, by stage.Actor, key id.Organisation, in Ending) (names []string, err error) {
	defer fault.Wrap(&err, "casework.CheckEnding(%s)", key)
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		o, err := tx.OrganisationFor(by, key)
		if err != nil {
			return err
		}
		if _, err := ending(tx, by, &o, in, d.Now()); err != nil {
			return err
		}
		names, err = successorNames(tx, &o)
		return err
	})
	return names, err
}

// successorNames names what an organisation went into.
func successorNames(tx *store.Tx, o *organisation.Organisation) (names []string, err error) {
	for _, key := range o.Successors() {
		next, err := tx.Organisation(key)
		if err != nil {
			return nil, err
		}
		names = append(names, next.Name())
	}
	return names, nil
}

// RestoreOrganisation takes back a striking-off that was itself quashed.
func (d *Desk) RestoreOrganisation(ctx context.Context, by stage.Actor, key id.Organisation, version int64) error {
	return d.organisationAct(ctx, by, key, version, "restore", func(_ *store.Tx, o *organisation.Organisation, _ time.Time) (stage.Move, error) {
		return o.Restore(by)
	})
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
		was, name, code := o.Facts, o.Name(), o.Code
		m, err := do(tx, &o, now)
		if err != nil {
			return record.Entry{}, err
		}
		if err := d.factsChanged(tx, by, &o, was, now); err != nil {
			return record.Entry{}, err
		}
		if o.Name() != name || o.Code != code {
			if err := d.followHolder(tx, by, &o, now); err != nil {
				return record.Entry{}, err
			}
		}
		return d.organisationEntry(by, &o, m, now), tx.PutOrganisation(&o)
	})
}

// factsChanged keeps how the facts of an organisation changed, and raises what of it
// asks for a recheck.
func (d *Desk) factsChanged(tx *store.Tx, by stage.Actor, o *organisation.Organisation, was fact.Facts, now time.Time) error {
	changes := fact.Changes(was, o.Facts)
	for _, c := range changes {
		c.ID, c.Organisation, c.By, c.Office, c.At = id.New[id.FactChange](d.Rand), o.ID, by.Account, by.Role != stage.Applicant, now
		if err := tx.AddFactChange(&c); err != nil {
			return err
		}
	}
	if len(changes) == 0 {
		return nil
	}
	return d.raiseTriggers(tx, by, o, was, now)
}

// ExportOrganisations gives every organisation that a filter selects, with the columns of
// their roster, so that they can be read back.
func (d *Desk) ExportOrganisations(ctx context.Context, by stage.Actor, f OrganisationFilter) iter.Seq2[[]string, error] {
	f.After, f.Limit = "", 500
	return func(yield func([]string, error) bool) {
		for {
			all, err := d.Organisations(ctx, by, f)
			if err != nil {
				yield(nil, err)
				return
			}
			for i := range all {
				if !yield(roster.Export(&all[i]), nil) {
					return
				}
			}
			if len(all) < f.Limit {
				return
			}
			f.After = all[len(all)-1].ID
		}
	}
}

// FactChanges lists how what is known of an organisation changed, the latest first.
func (d *Desk) FactChanges(ctx context.Context, by stage.Actor, key id.Organisation) (all []fact.Change, err error) {
	defer fault.Wrap(&err, "casework.FactChanges(%s)", key)
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		all, err = tx.FactChangesFor(by, key)
		return err
	})
	return all, err
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

// OrganisationView is what the pages of one organisation show.
type OrganisationView struct {
	Organisation organisation.Organisation
	Bodies       []PartyView
	Successors   []string // the names of what it went into; several when it was split up
	Declared     int      // facts and Party organisations that the office has not confirmed
	Titles       []designation.Designation
	Proofs       map[string][]File // by fact.Sections, what proves them
	Clerks       []Account         // those who act for it; for an operator only
	Today        calendar.Date
	Acts         []string // what the viewer may do with it now
}

// Organisation returns one organisation as the viewer may see it.
func (d *Desk) Organisation(ctx context.Context, by stage.Actor, key id.Organisation) (v OrganisationView, err error) {
	defer fault.Wrap(&err, "casework.Organisation(%s)", key)
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		if v.Organisation, err = tx.OrganisationFor(by, key); err != nil {
			return err
		}
		v.Today, v.Declared = calendar.DateOf(d.Now()), v.Organisation.Facts.Declared()
		v.Acts = organisation.Kind.May(v.Organisation.State, by.Role)
		if v.Successors, err = successorNames(tx, &v.Organisation); err != nil {
			return err
		}
		if by.Role == stage.Operator {
			v.Clerks, err = tx.AccountsFor(key)
			return err
		}
		if v.Titles, err = tx.DesignationsOf(key); err != nil {
			return err
		}
		if v.Proofs, err = factProofs(tx, by, key); err != nil {
			return err
		}
		bodies, err := tx.BodiesOf(key)
		if err != nil {
			return err
		}
		for _, b := range bodies {
			p, err := d.partyView(tx, by, b)
			if err != nil {
				return err
			}
			v.Bodies = append(v.Bodies, p)
			if !b.Source.Confirmed {
				v.Declared++
			}
		}
		return nil
	})
	return v, err
}

// Organisations lists the organisations that the viewer may see, by name.
func (d *Desk) Organisations(ctx context.Context, by stage.Actor, f OrganisationFilter) (all []organisation.Organisation, err error) {
	defer fault.Wrap(&err, "casework.Organisations")
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		all, err = tx.Organisations(by, f)
		return err
	})
	return all, err
}

// FindOrganisation returns the organisation with a code as somebody typed it, for
// the operator who grants and the clerk who names a successor.
func (d *Desk) FindOrganisation(ctx context.Context, by stage.Actor, typed string) (o organisation.Organisation, err error) {
	defer fault.Wrap(&err, "casework.FindOrganisation")
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		o, err = tx.OrganisationByCodeFor(by, creditcode.Normalise(typed))
		return err
	})
	return o, err
}

// Places are the organisations that grants are for, as far as a viewer sees them.
type Places map[id.Organisation]organisation.Organisation

// PlacesOf finds the organisations that grants are for.
func (d *Desk) PlacesOf(ctx context.Context, by stage.Actor, grants ...Grant) (all Places, err error) {
	defer fault.Wrap(&err, "casework.PlacesOf")
	all = Places{}
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		for _, g := range grants {
			if g.Organisation == "" {
				continue
			}
			o, err := tx.OrganisationFor(by, g.Organisation)
			if err != nil && fault.KindOf(err) != fault.NotFound {
				return err
			}
			if err == nil {
				all[o.ID] = o
			}
		}
		return nil
	})
	return all, err
}

// organisationWork is what organisations ask of somebody: facts that wait to be
// confirmed, in one line, however many organisations there are.
func organisationWork(tx *store.Tx, by stage.Actor, _ time.Time) (items []WorkItem, err error) {
	if !organisation.Kind.Takes("confirm", by.Role) {
		return nil, nil
	}
	n, err := tx.CountOrganisations(store.OrganisationFilter{Declared: true})
	if n > 0 {
		items = append(items, WorkItem{Title: fmt.Sprintf("核实单位自报的信息（%d个单位）", n), URL: "/organisations?declared=1", Stage: organisation.Kind.Label})
	}
	return items, err
}
