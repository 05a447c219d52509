package simulate

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"shifan/internal/casework"
	"shifan/internal/id"
	"shifan/internal/lifecycle/message"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/store"
)

// subscribe gives an account an address that was verified, to which every message is sent
// by itself.
func (at *premises) subscribe(ctx context.Context, d *casework.Desk, key id.Account) error {
	who := casework.SignedIn{Account: casework.Account{ID: key}}
	if _, err := d.SetMailbox(ctx, who, casework.SetMailbox{Address: strings.ToLower(string(key)) + "@mail.example", Mode: message.Each, Quiet: message.Night}); err != nil {
		return err
	}
	b, err := d.OwnMailbox(ctx, who)
	return errors.Join(err, d.VerifyMailbox(ctx, who, b.Code))
}

// maySend is what the sender does with what waits in the outbox: it takes it and sends it,
// or fails, or is stopped between the two; now and then it says twice what came of it.
func (k *kept) maySend() {
	due, err := k.desk.DeliveriesDue(k.ctx)
	if err != nil {
		k.violate("what is to be sent can be told", err.Error())
	}
	if len(due) > 0 {
		k.may(6, func() {
			for _, d := range due[:min(len(due), 1+k.IntN(6))] {
				k.send(d.ID)
			}
		})
	}
}

func (k *kept) send(key id.Delivery) {
	out, err := k.desk.TakeDelivery(k.ctx, key, "https://example.org")
	if !k.try("delivery.take", err) || out == nil {
		return
	}
	if _, again := k.desk.TakeDelivery(k.ctx, key, "https://example.org"); again == nil {
		k.violate("one server sends a letter at a time", string(key))
	}
	if k.chance(3) {
		return // stopped in the midst of it: the lease ends
	}
	k.tickle()
	o := message.Outcome{Sent: k.chance(80), Final: k.chance(10), Hangs: k.chance(10), Say: "邮件服务器没有应答"}
	k.try("delivery.close", k.desk.CloseDelivery(k.ctx, out.Delivery, o))
	if k.chance(4) {
		k.try("delivery.close", k.desk.CloseDelivery(k.ctx, out.Delivery, o))
	}
}

// holding is the organisation that a message of a chapter is about, for those that are
// about one; and who goes there, or sits.
func holding(tx *store.Tx, chapter, thing string) (o id.Organisation, people []id.Account, err error) {
	switch chapter {
	case "application":
		a, err := tx.Application(id.Application(thing))
		return a.Organisation, nil, err
	case "visit":
		v, err := tx.Visit(id.Visit(thing))
		for _, s := range v.Team {
			people = append(people, s.Account)
		}
		return v.Organisation, people, err
	case "meeting":
		m, err := tx.Meeting(id.Meeting(thing))
		for _, s := range m.Roster {
			people = append(people, s.Account)
		}
		return "", people, err
	case "objection":
		v, err := tx.Objection(id.Objection(thing))
		return v.Organisation, nil, err
	case "designation":
		d, err := tx.Designation(id.Designation(thing))
		return d.Organisation, nil, err
	case "recheck":
		r, err := tx.Recheck(id.Recheck(thing))
		return r.Organisation, r.Assessors, err
	case "rectification":
		r, err := tx.Rectification(id.Rectification(thing))
		return r.Organisation, nil, err
	case "revocation":
		r, err := tx.Revocation(id.Revocation(thing))
		return r.Organisation, nil, err
	}
	return "", nil, nil
}

// everybody lists all who may be told something.
func (k *kept) everybody() (all []stage.Actor) {
	for _, some := range [][]stage.Actor{k.clerks, k.directors, k.chairs, k.members, k.assessors, k.scrutineers} {
		all = append(all, some...)
	}
	for _, h := range append(slices.Clone(k.houses), k.spare...) {
		all = append(all, h.By)
	}
	return all
}

// delivered looks at the messages of an act: whom it promises one got one and no second,
// and nobody got one about an organisation in which they have an interest.
func (k *kept) delivered(e store.Recorded) {
	c, causes := message.CauseOf(e.Act)
	if !causes {
		return
	}
	chapter, _, _ := strings.Cut(e.Act, ".")
	if wrong := read(k, func(tx *store.Tx) (string, error) {
		o, people, err := holding(tx, chapter, e.Thing)
		if err != nil {
			return "", err
		}
		ties, err := tx.InterestsIn(o)
		for _, who := range k.everybody() {
			if err != nil {
				return "", err
			}
			n, some := told(tx, who, c.Kind, e.Thing, e.At)
			a, more := tx.Account(who.Account)
			tied := o != "" && who.Role != stage.Applicant && ties[who.Account] != ""
			due := slices.Contains(c.To, message.Doer) && who.Account == e.By && string(who.Role) == e.Role ||
				slices.Contains(c.To, message.Holder) && who.Organisation == o && o != "" ||
				slices.Contains(people, who.Account) && (slices.Contains(c.To, message.Team) || slices.Contains(c.To, message.Committee))
			switch err = errors.Join(some, more); {
			case n > 1:
				return fmt.Sprintf("%s was told %d times of %s %s", who.Account, n, e.Act, e.Thing), nil
			case n > 0 && tied:
				return fmt.Sprintf("%s, who has an interest, was told of %s %s", who.Account, e.Act, e.Thing), nil
			case n == 0 && due && !tied && !a.Disabled:
				return fmt.Sprintf("%s was not told of %s %s", who.Account, e.Act, e.Thing), nil
			}
		}
		return "", err
	}); wrong != "" {
		k.violate("an act tells whom it promises, once", wrong)
	}
}

// told counts what somebody was told of a thing by an act.
func told(tx *store.Tx, who stage.Actor, kind, thing string, at time.Time) (n int, err error) {
	all, err := tx.Messages(who, store.MessageFilter{Limit: 20})
	for _, m := range all {
		if m.Kind == kind && m.Thing == thing && m.MadeAt.Equal(at) {
			n++
		}
	}
	return n, err
}
