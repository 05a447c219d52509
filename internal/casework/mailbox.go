package casework

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"shifan/internal/calendar"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/message"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/record"
	"shifan/internal/store"
)

func number(n int) string { return strconv.Itoa(n) }

// OwnMailbox returns where and how the person who is signed in is written to.
func (d *Desk) OwnMailbox(ctx context.Context, who SignedIn) (b Mailbox, err error) {
	defer fault.Wrap(&err, "casework.OwnMailbox")
	err = d.Store.View(ctx, func(tx *store.Tx) (err error) {
		b, _, err = mailboxOf(tx, who.Account.ID)
		return err
	})
	return b, err
}

// mailboxOf returns an account's mailbox, or one with the usual settings.
func mailboxOf(tx *store.Tx, key id.Account) (b Mailbox, there bool, err error) {
	b, err = tx.Mailbox(key)
	if fault.KindOf(err) == fault.NotFound {
		return Mailbox{Account: key, Mode: message.Each, Quiet: message.Night}, false, nil
	}
	return b, err == nil, err
}

// SetMailbox is what a person says of how to be written to.
type SetMailbox struct {
	Address string // a new one is written to with a link that verifies it; empty: none
	Mode    string
	Quiet   message.Quiet
}

// SetMailbox sets where and how the person who is signed in is written to. asked reports
// whether a link was sent.
func (d *Desk) SetMailbox(ctx context.Context, who SignedIn, in SetMailbox) (asked bool, err error) {
	defer fault.Wrap(&err, "casework.SetMailbox")
	code, letter := d.token(), id.New[id.Delivery](d.Rand)
	in.Address = strings.TrimSpace(in.Address)
	err = d.changeMailbox(ctx, who, "set_mail", func(tx *store.Tx, b *Mailbox, now time.Time) error {
		if err := b.Choose(in.Mode, in.Quiet, now); err != nil {
			return err
		}
		if asked = in.Address != b.Address && in.Address != ""; !asked && in.Address != "" {
			b.Wanted, b.Code = "", ""
			return nil
		}
		if err := b.Ask(in.Address, code, now); err != nil || !asked {
			return err
		}
		l := Delivery{ID: letter, Channel: message.Mail, Account: b.Account, Messages: []id.Message{}, Kind: message.VerifyKind, URL: "/account/mail"}
		l.Queue(now, now)
		return tx.AddDelivery(&l)
	})
	return asked, err
}

// VerifyMailbox makes an address the person's own, by the code in the link that was sent
// there.
func (d *Desk) VerifyMailbox(ctx context.Context, who SignedIn, code string) (err error) {
	defer fault.Wrap(&err, "casework.VerifyMailbox")
	return d.changeMailbox(ctx, who, "verify_mail", func(_ *store.Tx, b *Mailbox, now time.Time) error { return b.Verify(code, now) })
}

func (d *Desk) changeMailbox(ctx context.Context, who SignedIn, act string, do func(*store.Tx, *Mailbox, time.Time) error) error {
	return d.Store.Change(ctx, func(tx *store.Tx) (record.Entry, error) {
		a, err := tx.Account(who.Account.ID)
		if err != nil {
			return record.Entry{}, err
		}
		b, there, err := mailboxOf(tx, a.ID)
		if err != nil {
			return record.Entry{}, err
		}
		now := d.Now()
		if err := do(tx, &b, now); err != nil {
			return record.Entry{}, err
		}
		if there {
			err = tx.PutMailbox(&b)
		} else {
			b.RemindOn = message.Mornings(now)
			err = tx.AddMailbox(&b)
		}
		return d.accountEntry(who.Actor(), act, a, AccountState(a)), err
	})
}

const (
	morningsMost = 200                // mailboxes at one tick
	digestMost   = 100                // messages in one digest
	digestBack   = 7 * 24 * time.Hour // how old they are at most
	remindMost   = 20                 // lines of a reminder
)

// mornings reminds those who are written to of what falls due soon, and makes the digests
// of those who want one a day. Each mailbox is an act of its own, once a day.
func (d *Desk) mornings(ctx context.Context, now time.Time) (acts int, err error) {
	today := message.Mornings(now)
	return dueActs(ctx, d, func(tx *store.Tx) ([]Mailbox, error) { return tx.MailboxesBefore(today, morningsMost) }, func(b Mailbox) error {
		return d.morning(ctx, b, today, now)
	})
}

// reminder is what falls due soon for somebody in one role.
type reminder struct {
	to    stage.Actor
	items []WorkItem
}

// remindersOf lists what falls due soon for an account, role by role.
func (d *Desk) remindersOf(ctx context.Context, key id.Account, now time.Time) (all []reminder, err error) {
	var a Account
	if err := d.Store.View(ctx, func(tx *store.Tx) (err error) {
		a, err = tx.Account(key)
		return err
	}); err != nil || a.Disabled {
		return nil, err
	}
	for _, g := range a.Grants {
		work, err := d.Work(ctx, a.Actor(g))
		if err != nil {
			return nil, err
		}
		r := reminder{to: a.Actor(g)}
		for _, w := range work {
			if w.Due.After(now) && w.Due.Before(now.Add(message.Soon)) {
				r.items = append(r.items, w)
			}
		}
		if len(r.items) > 0 {
			all = append(all, r)
		}
	}
	return all, nil
}

func (d *Desk) morning(ctx context.Context, b Mailbox, today calendar.Date, now time.Time) error {
	var due []reminder
	if b.Letters() {
		var err error
		if due, err = d.remindersOf(ctx, b.Account, now); err != nil {
			return err
		}
	}
	return d.Store.Change(ctx, func(tx *store.Tx) (record.Entry, error) {
		b, err := tx.Mailbox(b.Account)
		if err != nil {
			return record.Entry{}, err
		}
		if !b.RemindOn.Before(today) {
			return record.Entry{}, fault.Stale() // another server did it
		}
		b.RemindOn = today
		for _, r := range due {
			err = errors.Join(err, remind(tx, r, now))
		}
		if err == nil && b.Letters() && b.Mode == message.Daily {
			err = digest(tx, b, now)
		}
		if err != nil {
			return record.Entry{}, err
		}
		e := d.entry(stage.TheClock, message.DeliveryKind, string(b.Account), stage.Move{Act: "queue", To: message.Queued, Basis: "制度:到期前提醒；每天汇总一次"}, now)
		return e, tx.PutMailbox(&b)
	})
}

// remind leaves a reminder for somebody.
func remind(tx *store.Tx, r reminder, now time.Time) error {
	var lines []string
	for i, w := range r.items {
		if i == remindMost {
			lines = append(lines, "……")
			break
		}
		lines = append(lines, calendar.DateOf(w.Due.Add(-time.Microsecond)).Chinese()+"止："+w.Title)
	}
	subject, text, err := messageWords(nil, "deadline", map[string]string{"件数": number(len(r.items)), "事项": strings.Join(lines, "\n")})
	if err != nil {
		return err
	}
	return leave(tx, Message{Programme: r.to.Programme, Kind: "deadline", URL: "/work", Subject: subject, Text: text, MadeAt: now}, r.to)
}

// digest puts into one letter what somebody was told and has not read.
func digest(tx *store.Tx, b Mailbox, now time.Time) error {
	all, err := tx.MessagesTo(b.Account, now.Add(-digestBack), digestMost)
	if err != nil || len(all) == 0 {
		return err
	}
	l := Delivery{ID: madeOf[id.Delivery]("dlv", string(b.Account), "digest", b.RemindOn.String()), Channel: message.Mail, Account: b.Account, Kind: all[0].Kind, URL: "/messages"}
	for i := range all {
		all[i].Letter = l.ID
		l.Messages = append(l.Messages, all[i].ID)
		if err := tx.PutMessage(&all[i]); err != nil {
			return err
		}
	}
	l.Queue(now, b.Quiet.After(now))
	return tx.AddDelivery(&l)
}

// Addressee is somebody to whom the office writes.
type Addressee struct {
	Actor  stage.Actor
	Name   string // the account's
	Of     string // the organisation's
	Letter bool   // gets a letter too
}

// Circular is what the office is about to send to the applicants of a round.
type Circular struct {
	Round string // its title
	To    []Addressee
	Seen  string // digest of the list, so that what is sent goes to those who were shown
}

// Circular lists who would get what the office writes to the applicants of a round: all
// that act for an organisation whose application there was submitted and is not over.
func (d *Desk) Circular(ctx context.Context, by stage.Actor, key id.Round) (c Circular, err error) {
	defer fault.Wrap(&err, "casework.Circular(%s)", key)
	err = d.Store.View(ctx, func(tx *store.Tx) (err error) {
		c, err = circular(tx, by, key)
		return err
	})
	return c, err
}

// PreviewCircular lists who would get what the office wrote, once its words fit.
func (d *Desk) PreviewCircular(ctx context.Context, by stage.Actor, key id.Round, subject, text string) (c Circular, err error) {
	defer fault.Wrap(&err, "casework.PreviewCircular(%s)", key)
	if c, err = d.Circular(ctx, by, key); err != nil {
		return c, err
	}
	return c, message.CheckWords(subject, text)
}

// addresseesMost is how many applications of a round are written to at once.
const addresseesMost = 5000

func circular(tx *store.Tx, by stage.Actor, key id.Round) (c Circular, err error) {
	r, err := tx.RoundFor(by, key)
	if err == nil && (by.Role != stage.Clerk && by.Role != stage.Director || by.Programme != "" && by.Programme != r.Programme) {
		err = fault.Missing()
	}
	if err != nil {
		return c, err
	}
	c.Round = r.Title
	apps, err := tx.Applications(by, store.ApplicationFilter{Round: key, Limit: addresseesMost})
	if err != nil {
		return c, err
	}
	sum, once := sha256.New(), map[id.Organisation]bool{}
	for _, app := range apps {
		if app.SubmittedAt.IsZero() || app.Ended() || once[app.Organisation] {
			continue
		}
		once[app.Organisation] = true
		accounts, err := tx.AccountsFor(app.Organisation)
		if err != nil {
			return c, err
		}
		for _, a := range accounts {
			to := stage.Actor{Account: a.ID, Role: stage.Applicant, Organisation: app.Organisation, Programme: r.Programme}
			acts := slices.ContainsFunc(a.Grants, func(g Grant) bool {
				return g.Role == stage.Applicant && g.Organisation == app.Organisation && (g.Programme == "" || g.Programme == r.Programme)
			})
			if a.Disabled || !acts {
				continue
			}
			b, _, err := mailboxOf(tx, a.ID)
			if err != nil {
				return c, err
			}
			c.To = append(c.To, Addressee{Actor: to, Name: a.Name, Of: app.Name, Letter: b.Letters()})
			sum.Write([]byte(string(a.ID) + "\x00" + string(app.Organisation) + "\n"))
		}
	}
	c.Seen = hex.EncodeToString(sum.Sum(nil))[:16]
	return c, nil
}

// WriteCircular sends what the office wrote to those whom it was shown.
func (d *Desk) WriteCircular(ctx context.Context, by stage.Actor, key id.Round, subject, text, seen string) (people int, err error) {
	defer fault.Wrap(&err, "casework.WriteCircular(%s)", key)
	err = d.Store.Change(ctx, func(tx *store.Tx) (record.Entry, error) {
		c, err := circular(tx, by, key)
		if err != nil {
			return record.Entry{}, err
		}
		r, err := tx.Round(key)
		if err != nil {
			return record.Entry{}, err
		}
		mv, err := message.Write(by, subject, text, len(c.To), seen, c.Seen)
		if err != nil {
			return record.Entry{}, err
		}
		now := d.Now()
		m := Message{Programme: r.Programme, Kind: message.Free, Chapter: "round", Thing: string(key), URL: "/calls/" + string(key), Subject: subject, Text: text, MadeAt: now}
		for _, to := range c.To {
			if err := leave(tx, m, to.Actor); err != nil {
				return record.Entry{}, err
			}
		}
		people = len(c.To)
		e := d.entry(by, message.Kind, string(key), mv, now)
		e.Programme, e.Facts = r.Programme, map[string]string{"people": number(people)}
		return e, nil
	})
	return people, err
}
