package casework

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"time"

	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/message"
	"shifan/internal/lifecycle/organisation"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/record"
	"shifan/internal/store"
)

// about is what a message says of a thing, and whom the thing concerns.
type about struct {
	programme id.Programme
	round     id.Round // whose frozen programme says it; empty: the programme as it is now
	url       string
	holders   []id.Organisation
	people    []id.Account                          // the team, or who sits
	roles     []stage.Role                          // of people
	addresses func(*organisation.Organisation) bool // whom a call is for
	fields    map[string]string
	sees      func(tx *store.Tx, viewer stage.Actor) error // whether a viewer may see the thing
}

// Told leaves the messages and the outbox's items that an act causes, in the act's own
// transaction. It is what store.Follow calls. The identifiers come from the act, so that
// a change that runs again leaves the same.
func Told(tx *store.Tx, e record.Entry) error {
	c, causes := message.CauseOf(e.Act)
	if !causes {
		return nil
	}
	chapter, _, _ := strings.Cut(e.Act, ".")
	a, err := abouts[chapter](tx, e.Thing)
	if err != nil {
		return err
	}
	rules, err := wordsFrom(tx, a)
	if err != nil {
		return err
	}
	a.fields["方案"] = string(a.programme)
	if rules != nil {
		a.fields["方案"] = rules.Title
	}
	subject, text, err := messageWords(rules, c.Kind, a.fields)
	if err != nil {
		return err
	}
	m := message.Message{Programme: a.programme, Kind: c.Kind, Chapter: chapter, Thing: e.Thing, URL: a.url, Subject: subject, Text: text, MadeAt: e.At}
	to, err := recipients(tx, c, a, e)
	if err != nil {
		return err
	}
	for _, who := range to {
		if err := leave(tx, m, who); err != nil {
			return err
		}
	}
	if slices.Contains(c.To, message.Objector) {
		if err := leaveObjector(tx, m); err != nil {
			return err
		}
	}
	if c.Silent {
		return nil
	}
	return leaveHooks(tx, m)
}

// wordsFrom is the programme whose words a message has: the version that the round of the
// thing froze, or the one that holds now; nil where none is kept here.
func wordsFrom(tx *store.Tx, a about) (p *programme.Programme, err error) {
	if a.round != "" {
		p, err = tx.ProgrammeOf(a.round)
	} else {
		p, _, err = tx.ProgrammeNow(a.programme)
	}
	if fault.KindOf(err) == fault.NotFound {
		return nil, nil //nolint:nilnil // there is none, which is said
	}
	return p, err
}

// recipients lists who gets a message, each in the role in which it concerns them. Who is
// disabled or may not see the thing, by a conflict of interest too, gets none.
func recipients(tx *store.Tx, c message.Cause, a about, e record.Entry) (to []stage.Actor, err error) {
	add := func(key id.Account, fits func(Grant) bool) error {
		acc, err := tx.Account(key)
		if fault.KindOf(err) == fault.NotFound || err == nil && acc.Disabled {
			return nil
		}
		if err != nil {
			return err
		}
		for _, g := range acc.Grants {
			actor := acc.Actor(g)
			if !fits(g) || g.Programme != "" && g.Programme != a.programme || slices.ContainsFunc(to, func(t stage.Actor) bool {
				return t.Account == actor.Account && t.Role == actor.Role && t.Organisation == actor.Organisation
			}) {
				continue
			}
			err := a.sees(tx, actor)
			if err == nil {
				to = append(to, actor)
			} else if fault.KindOf(err) != fault.NotFound {
				return err
			}
		}
		return nil
	}
	for _, group := range c.To {
		switch group {
		case message.Doer:
			err = add(e.By, func(g Grant) bool { return string(g.Role) == e.Role })
		case message.Addressed:
			err = addressed(tx, a, add)
		case message.Holder, message.Listed:
			for _, o := range a.holders {
				all, some := tx.AccountsFor(o)
				for _, acc := range all {
					some = firstOf(some, add(acc.ID, func(g Grant) bool { return g.Role == stage.Applicant && g.Organisation == o }))
				}
				err = firstOf(err, some)
			}
		case message.Team, message.Committee:
			for _, key := range a.people {
				err = firstOf(err, add(key, func(g Grant) bool { return slices.Contains(a.roles, g.Role) }))
			}
		case message.Objector:
		}
		if err != nil {
			return nil, err
		}
	}
	return to, nil
}

// addressed adds whoever acts for an organisation that a call is for.
func addressed(tx *store.Tx, a about, add func(id.Account, func(Grant) bool) error) error {
	all, err := tx.AccountsWith(stage.Applicant, a.programme)
	fits := map[id.Organisation]bool{}
	for _, acc := range all {
		for _, g := range acc.Grants {
			if _, asked := fits[g.Organisation]; asked || g.Role != stage.Applicant {
				continue
			}
			o, missing := tx.Organisation(g.Organisation)
			if missing != nil && fault.KindOf(missing) != fault.NotFound {
				return missing
			}
			fits[g.Organisation] = missing == nil && a.addresses(&o)
		}
		err = firstOf(err, add(acc.ID, func(g Grant) bool { return g.Role == stage.Applicant && fits[g.Organisation] }))
	}
	return err
}

func firstOf(a, b error) error {
	if a != nil {
		return a
	}
	return b
}

// madeOf derives an identifier from what it is of, so that the same act makes the same
// one, however often its change runs.
func madeOf[T ~string](prefix string, parts ...string) T {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return T(prefix + "_" + hex.EncodeToString(sum[:])[:24])
}

// leave puts a message into a person's inbox, and a letter into the outbox when the
// person wants each by itself.
func leave(tx *store.Tx, m message.Message, who stage.Actor) error {
	m.Account, m.Role, m.Organisation = who.Account, who.Role, who.Organisation
	m.ID = madeOf[id.Message]("msg", m.Kind, m.Chapter, m.Thing, string(m.Account), string(m.Role), string(m.Organisation), m.MadeAt.UTC().Format(time.RFC3339Nano))
	if _, err := tx.Message(m.ID); fault.KindOf(err) != fault.NotFound {
		return err // the act wrote the same line twice
	}
	b, err := tx.Mailbox(who.Account)
	if err != nil && fault.KindOf(err) != fault.NotFound {
		return err
	}
	if err != nil || !b.Letters() || b.Mode != message.Each {
		return tx.AddMessage(&m)
	}
	m.Letter = madeOf[id.Delivery]("dlv", string(m.ID), message.Mail)
	if err := tx.AddMessage(&m); err != nil {
		return err
	}
	l := message.Delivery{
		ID: m.Letter, Programme: m.Programme, Channel: message.Mail, Account: who.Account,
		Messages: []id.Message{m.ID}, Kind: m.Kind, Chapter: m.Chapter, Thing: m.Thing, URL: m.URL,
	}
	l.Queue(m.MadeAt, b.Quiet.After(m.MadeAt))
	return tx.AddDelivery(&l)
}

// leaveObjector puts a letter for who objected into the outbox, when an e-mail address
// was left. Neither the message nor the letter says whose it is.
func leaveObjector(tx *store.Tx, m message.Message) error {
	key := id.Objection(m.Thing)
	p, err := tx.Objector(key)
	if err != nil || message.CheckAddress(strings.TrimSpace(p.Contact)) != nil {
		if fault.KindOf(err) == fault.NotFound {
			return nil
		}
		return err
	}
	m.URL = "/objections/query"
	m.ID = madeOf[id.Message]("msg", m.Kind, m.Thing, "objector", m.MadeAt.UTC().Format(time.RFC3339Nano))
	if err := tx.AddMessage(&m); err != nil {
		return err
	}
	l := message.Delivery{
		ID: madeOf[id.Delivery]("dlv", string(m.ID), message.Mail), Programme: m.Programme, Channel: message.Mail, Objection: key,
		Messages: []id.Message{m.ID}, Kind: m.Kind, Chapter: m.Chapter, Thing: m.Thing, URL: m.URL,
	}
	l.Queue(m.MadeAt, message.Night.After(m.MadeAt))
	return tx.AddDelivery(&l)
}

// leaveHooks tells the programs and robots of a programme that something happened.
func leaveHooks(tx *store.Tx, m message.Message) error {
	all, err := tx.HooksOf(m.Programme)
	if err != nil {
		return err
	}
	for _, h := range all {
		if h.State != message.On || !slices.Contains(h.Kinds, m.Kind) {
			continue
		}
		l := message.Delivery{
			ID: madeOf[id.Delivery]("dlv", string(h.ID), m.Kind, m.Thing, m.MadeAt.UTC().Format(time.RFC3339Nano)), Programme: m.Programme, Channel: h.Channel, Hook: h.ID,
			Kind: m.Kind, Chapter: m.Chapter, Thing: m.Thing, URL: m.URL,
		}
		if _, err := tx.Delivery(l.ID); fault.KindOf(err) != fault.NotFound {
			if err != nil {
				return err
			}
			continue
		}
		due := m.MadeAt
		if h.Channel != message.Webhook {
			due = message.Night.After(due) // people read what robots say
		}
		l.Queue(m.MadeAt, due)
		if err := tx.AddDelivery(&l); err != nil {
			return err
		}
	}
	return nil
}

// Message, MessageFilter, Mailbox, Delivery, DeliveryFilter and Hook are those of the
// floors below, so that the doors need not know the store.
type (
	Message        = message.Message
	MessageFilter  = store.MessageFilter
	Mailbox        = message.Mailbox
	Delivery       = message.Delivery
	DeliveryFilter = store.DeliveryFilter
	Hook           = message.Hook
)

// Messages lists what a viewer was told in the role that they act in, the latest first.
// What somebody may not see any more is named and not shown.
func (d *Desk) Messages(ctx context.Context, by stage.Actor, f MessageFilter) (all []Message, err error) {
	defer fault.Wrap(&err, "casework.Messages")
	err = d.Store.View(ctx, func(tx *store.Tx) (err error) {
		all, err = tx.Messages(by, f)
		for i := range all {
			all[i], err = shown(tx, all[i], err)
		}
		return err
	})
	return all, err
}

// shown is a message without its words when its thing is hidden from its person now.
func shown(tx *store.Tx, m Message, err error) (Message, error) {
	if err != nil {
		return m, err
	}
	hidden, err := hiddenNow(tx, m)
	if hidden {
		m.Subject, m.Text, m.URL, m.Thing = "（不能再查看）", "", "", ""
	}
	return m, err
}

// hiddenNow reports whether the person of a message may not see its thing now.
func hiddenNow(tx *store.Tx, m Message) (bool, error) {
	load := abouts[m.Chapter]
	if load == nil || m.Account == "" {
		return false, nil
	}
	a, err := load(tx, m.Thing)
	if err == nil {
		err = a.sees(tx, m.To())
	}
	if fault.KindOf(err) == fault.NotFound {
		return true, nil
	}
	return false, err
}

// Message returns a message to its person.
func (d *Desk) Message(ctx context.Context, by stage.Actor, key id.Message) (m Message, err error) {
	defer fault.Wrap(&err, "casework.Message")
	err = d.Store.View(ctx, func(tx *store.Tx) (err error) {
		m, err = tx.MessageFor(by, key)
		m, err = shown(tx, m, err)
		return err
	})
	return m, err
}

// CountUnread counts what a viewer was told and has not read.
func (d *Desk) CountUnread(ctx context.Context, by stage.Actor) (n int, err error) {
	defer fault.Wrap(&err, "casework.CountUnread")
	err = d.Store.View(ctx, func(tx *store.Tx) (err error) {
		n, err = tx.CountUnread(by)
		return err
	})
	return n, err
}

// MarkMessage notes that a message was read. Once is enough.
func (d *Desk) MarkMessage(ctx context.Context, by stage.Actor, key id.Message) (err error) {
	defer fault.Wrap(&err, "casework.MarkMessage")
	m, err := d.Message(ctx, by, key)
	if err != nil || !m.ReadAt.IsZero() {
		return err
	}
	return d.Store.Change(ctx, func(tx *store.Tx) (record.Entry, error) {
		m, err := tx.MessageFor(by, key)
		if err != nil {
			return record.Entry{}, err
		}
		now := d.Now()
		mv, err := m.Mark(by, now)
		if err != nil {
			return record.Entry{}, err
		}
		return d.messageEntry(by, m, mv, now), tx.PutMessage(&m)
	})
}

// marksMost is how many messages are marked at once.
const marksMost = 500

// MarkMessages notes that all that a viewer was told was read.
func (d *Desk) MarkMessages(ctx context.Context, by stage.Actor) (marked int, err error) {
	defer fault.Wrap(&err, "casework.MarkMessages")
	n, err := d.CountUnread(ctx, by)
	if err != nil || n == 0 {
		return 0, err
	}
	err = d.Store.Change(ctx, func(tx *store.Tx) (record.Entry, error) {
		now := d.Now()
		all, err := tx.Messages(by, MessageFilter{Unread: true, Limit: marksMost})
		if err != nil {
			return record.Entry{}, err
		}
		if len(all) == 0 {
			return record.Entry{}, fault.Stale()
		}
		var mv stage.Move
		for i := range all {
			if mv, err = all[i].Mark(by, now); err != nil {
				return record.Entry{}, err
			}
			if err := tx.PutMessage(&all[i]); err != nil {
				return record.Entry{}, err
			}
		}
		marked = len(all)
		return d.messageEntry(by, all[0], mv, now), nil
	})
	return marked, err
}

// forgottenMost is how many messages and deliveries are forgotten at one tick.
const forgottenMost = 500

// forgetMessages forgets messages that were read long ago and deliveries that were long
// over, and says how many there are; remove says whether to.
func (d *Desk) forgetMessages(tx *store.Tx, remove bool) (n int, err error) {
	before := d.Now().Add(-message.Kept)
	all, err := tx.MessagesReadBefore(before, forgottenMost)
	if err != nil {
		return 0, err
	}
	over, err := tx.DeliveriesEndedBefore(before, forgottenMost)
	if err != nil || !remove {
		return len(all) + len(over), err
	}
	for i := range all {
		if all[i].Forgotten(d.Now()) {
			err = firstOf(err, tx.RemoveMessage(all[i].ID))
			n++
		}
	}
	for i := range over {
		if over[i].Forgotten(d.Now()) {
			err = firstOf(err, tx.RemoveDelivery(over[i].ID))
			n++
		}
	}
	return n, err
}

// messageEntry is the record's line for a message. It says nothing of what it was about.
func (d *Desk) messageEntry(by stage.Actor, m Message, mv stage.Move, now time.Time) record.Entry {
	e := d.entry(by, message.Kind, string(m.ID), mv, now)
	e.Programme = m.Programme
	return e
}
