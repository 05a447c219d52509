package casework

import (
	"context"
	"slices"
	"time"

	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/message"
	"shifan/internal/lifecycle/organisation"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/record"
	"shifan/internal/store"
)

// CallReceipt says how far the call of a round got to one organisation that it is for (S3).
type CallReceipt struct {
	Organisation organisation.Organisation
	People       int         // who act for it and were told
	Accounts     int         // who act for it now
	ReadAt       time.Time   // when the first of them read it; zero: nobody
	Letter       stage.State // of the e-mail that went furthest; empty: none was wanted
	Bodies       int         // Party organisations that cover it
}

// CallReceipts is a page of the organisations that a call is for, by name, with figures of
// all of them.
type CallReceipts struct {
	Rows              []CallReceipt
	Next              id.Organisation // ends this page; empty: it is the last
	For               int             // organisations that the call is for now
	Told, Read        int             // of them, where somebody was told; where somebody read it
	People, PeopleWho int             // who were told; who of them read it
}

// CallReceiptFilter narrows the list.
type CallReceiptFilter struct {
	Query string // part of a name or a code
	Only  string // "unread": told and not read; "untold": nobody was told; empty: all
	After id.Organisation
	Limit int // 0: 50
}

// CallReceipts lists whom a call is for, who of them was told and who read it.
func (d *Desk) CallReceipts(ctx context.Context, by stage.Actor, key id.Round, f CallReceiptFilter) (v CallReceipts, err error) {
	defer fault.Wrap(&err, "casework.CallReceipts(%s)", key)
	if f.Limit <= 0 {
		f.Limit = 50
	}
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		left, err := tx.MessagesOfCall(by, key, "call")
		if err != nil {
			return err
		}
		p, err := tx.ProgrammeOf(key)
		if err != nil {
			return err
		}
		told := map[id.Organisation][]message.Message{}
		for _, m := range left {
			told[m.Organisation] = append(told[m.Organisation], m)
			if v.People++; !m.ReadAt.IsZero() {
				v.PeopleWho++
			}
		}
		past := f.After == ""
		return eachOrganisation(tx, by, store.OrganisationFilter{State: organisation.Registered, Query: f.Query}, func(o organisation.Organisation) error {
			if !o.AddressedBy(&p.Applicants) {
				return nil
			}
			read := slices.ContainsFunc(told[o.ID], func(m message.Message) bool { return !m.ReadAt.IsZero() })
			v.count(len(told[o.ID]) > 0, read)
			if !past {
				past = o.ID == f.After
				return nil
			}
			if f.Only == "unread" && (read || len(told[o.ID]) == 0) || f.Only == "untold" && len(told[o.ID]) > 0 {
				return nil
			}
			if len(v.Rows) == f.Limit {
				v.Next = v.Rows[f.Limit-1].Organisation.ID
				return nil
			}
			row, err := callReceipt(tx, o, told[o.ID])
			v.Rows = append(v.Rows, row)
			return err
		})
	})
	return v, err
}

func (v *CallReceipts) count(told, read bool) {
	v.For++
	if told {
		v.Told++
	}
	if read {
		v.Read++
	}
}

// callReceipt says how far a call got to an organisation.
func callReceipt(tx *store.Tx, o organisation.Organisation, told []message.Message) (r CallReceipt, err error) {
	r = CallReceipt{Organisation: o, People: len(told)}
	for _, m := range told {
		if !m.ReadAt.IsZero() && (r.ReadAt.IsZero() || m.ReadAt.Before(r.ReadAt)) {
			r.ReadAt = m.ReadAt
		}
		if m.Letter == "" {
			continue
		}
		l, err := tx.Delivery(m.Letter)
		switch {
		case fault.KindOf(err) == fault.NotFound: // it was over long ago, and went
		case err != nil:
			return r, err
		case r.Letter != message.Sent:
			r.Letter = l.State
		}
	}
	accounts, err := tx.AccountsFor(o.ID)
	if err != nil {
		return r, err
	}
	for _, a := range accounts {
		if !a.Disabled {
			r.Accounts++
		}
	}
	bodies, err := tx.BodiesOf(o.ID)
	r.Bodies = len(bodies)
	return r, err
}

// CallAudience counts the organisations that a call is for and who would be told of it now.
type CallAudience struct {
	For    int // organisations
	Told   int // of them, for which somebody acts
	People int // who act for them
}

// CallAudience counts who is told when the call of a round is published or extended now.
func (d *Desk) CallAudience(ctx context.Context, by stage.Actor, key id.Round) (v CallAudience, err error) {
	defer fault.Wrap(&err, "casework.CallAudience(%s)", key)
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		if _, err := tx.MessagesOfCall(by, key, "call"); err != nil {
			return err
		}
		a, err := aboutRound(tx, string(key))
		if err != nil {
			return err
		}
		a.sees = func(*store.Tx, stage.Actor) error { return nil } // once it is published everybody does
		to, err := recipients(tx, message.Cause{To: []message.Audience{message.Addressed}}, a, record.Entry{})
		if err != nil {
			return err
		}
		some := map[id.Organisation]bool{}
		for _, who := range to {
			some[who.Organisation] = true
		}
		v.People, v.Told = len(to), len(some)
		return eachOrganisation(tx, by, store.OrganisationFilter{State: organisation.Registered}, func(o organisation.Organisation) error {
			if a.addresses(&o) {
				v.For++
			}
			return nil
		})
	})
	return v, err
}

// eachOrganisation calls fn for every organisation that a filter selects, by name.
func eachOrganisation(tx *store.Tx, by stage.Actor, f store.OrganisationFilter, fn func(organisation.Organisation) error) error {
	for f.Limit = 500; ; {
		all, err := tx.Organisations(by, f)
		if err != nil {
			return err
		}
		for _, o := range all {
			if err := fn(o); err != nil {
				return err
			}
		}
		if len(all) < f.Limit {
			return nil
		}
		f.After = all[len(all)-1].ID
	}
}
