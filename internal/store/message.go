package store

import (
	"slices"
	"time"

	"shifan/internal/calendar"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/message"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/record"
)

var messages = table[message.Message]{
	name:    "messages",
	columns: []string{"id", "programme", "kind", "chapter", "thing", "url", "account", "role", "organisation", "subject", "body", "made_at", "read_at", "letter"},
	fields: func(m *message.Message) []any {
		return []any{
			&m.ID, &m.Programme, &m.Kind, &m.Chapter, &m.Thing, &m.URL, &m.Account, &m.Role, &m.Organisation, &m.Subject, &m.Text, asTime(&m.MadeAt), asTime(&m.ReadAt), &m.Letter,
		}
	},
}

var deliveries = table[message.Delivery]{
	name: "deliveries",
	columns: []string{
		"id", "programme", "channel", "account", "objection", "hook", "messages", "kind", "chapter", "thing", "url", "made_at", "state", "tries", "due", "say", "ended_at", "version",
	},
	fields: func(d *message.Delivery) []any {
		return []any{
			&d.ID, &d.Programme, &d.Channel, &d.Account, &d.Objection, &d.Hook, asJSON(&d.Messages), &d.Kind, &d.Chapter, &d.Thing, &d.URL, asTime(&d.MadeAt),
			&d.State, &d.Tries, asTime(&d.Due), &d.Say, asTime(&d.EndedAt), &d.Version,
		}
	},
	version: func(d *message.Delivery) *int64 { return &d.Version },
}

var mailboxes = table[message.Mailbox]{
	name:    "mailboxes",
	columns: []string{"account", "address", "wanted", "code", "asked_at", "mode", "quiet", "remind_on", "changed_at", "version"},
	fields: func(b *message.Mailbox) []any {
		return []any{
			&b.Account, &b.Address, &b.Wanted, &b.Code, asTime(&b.AskedAt), &b.Mode, asJSON(&b.Quiet), asDate(&b.RemindOn), asTime(&b.ChangedAt), &b.Version,
		}
	},
	version: func(b *message.Mailbox) *int64 { return &b.Version },
}

var hooks = table[message.Hook]{
	name:    "webhooks",
	columns: []string{"id", "programme", "name", "channel", "address", "secret", "kinds", "state", "made_at", "secret_at", "version"},
	fields: func(h *message.Hook) []any {
		return []any{&h.ID, &h.Programme, &h.Name, &h.Channel, &h.Address, &h.Secret, asJSON(&h.Kinds), &h.State, asTime(&h.MadeAt), asTime(&h.SecretAt), &h.Version}
	},
	version: func(h *message.Hook) *int64 { return &h.Version },
}

// Feed is a calendar that somebody subscribed to, of what one grant has to do.
type Feed struct {
	ID      id.Feed
	Account id.Account
	Hash    string // SHA-256 of the token in its address, in hex
	Grant   Grant
	MadeAt  time.Time
}

var feeds = table[Feed]{
	name:    "feeds",
	columns: []string{"id", "account", "hash", "acts_in", "made_at"},
	fields: func(f *Feed) []any {
		return []any{&f.ID, &f.Account, &f.Hash, asJSON(&f.Grant), asTime(&f.MadeAt)}
	},
}

// Follow has fn called for each entry of a change, in its transaction and before it is
// written down: what follows from an act, whatever part of the program it is of. What
// fn writes is sealed by the entry. Call it before the store is shared.
func (s *Store) Follow(fn func(*Tx, record.Entry) error) { s.follow = fn }

// followed calls who follows.
func (tx *Tx) followed(fn func(*Tx, record.Entry) error, all []record.Entry) error {
	if fn == nil {
		return nil
	}
	for _, e := range all {
		if err := fn(tx, e); err != nil {
			return err
		}
	}
	return nil
}

// Message returns the message with the given identifier, or fault.Missing. It does not
// ask who looks; MessageFor does.
func (tx *Tx) Message(key id.Message) (message.Message, error) { return messages.get(tx, string(key)) }

// MessageFor returns a message to its person in the role in which it was sent. For all
// others it is fault.Missing.
func (tx *Tx) MessageFor(viewer stage.Actor, key id.Message) (message.Message, error) {
	m, err := tx.Message(key)
	if err == nil && (viewer.Account == "" || m.Account != viewer.Account || m.Role != viewer.Role || m.Organisation != viewer.Organisation || !reaches(viewer, m.Programme)) {
		err = fault.Missing()
	}
	if err != nil {
		return message.Message{}, err
	}
	return m, nil
}

// MessagesOfCall lists what the acts of a round left for those whom its call addresses, for
// those of the programme who may see how far it got: the office, the chair and the
// auditors. For all others the round has none and is fault.Missing.
func (tx *Tx) MessagesOfCall(viewer stage.Actor, key id.Round, kind string) ([]message.Message, error) {
	r, err := tx.RoundFor(viewer, key)
	if err == nil && (!inProgramme(viewer, r.Programme) || !slices.Contains([]stage.Role{stage.Clerk, stage.Director, stage.Chair, stage.Auditor}, viewer.Role)) {
		err = fault.Missing()
	}
	if err != nil {
		return nil, err
	}
	return messages.list(tx, "WHERE chapter = 'round' AND thing = $1 AND kind = $2 ORDER BY organisation, account", string(key), kind)
}

// reaches reports whether a viewer's grant reaches a programme, or it is about none.
func reaches(viewer stage.Actor, p id.Programme) bool {
	return p == "" || inProgramme(viewer, p)
}

// MessageFilter narrows a list of messages.
type MessageFilter struct {
	Unread bool
	After  id.Message // the message that ended the page before
	Limit  int        // 0: 50
}

// Messages lists what a viewer was told in the role that they act in, the latest first.
func (tx *Tx) Messages(viewer stage.Actor, f MessageFilter) ([]message.Message, error) {
	if viewer.Account == "" {
		return nil, nil
	}
	q := inbox(viewer)
	if f.Unread {
		q.and("read_at = ?", 0)
	}
	if f.After != "" {
		last, err := tx.MessageFor(viewer, f.After)
		if err != nil {
			return nil, err
		}
		at := last.MadeAt.UnixMicro()
		q.and("(made_at < ? OR made_at = ? AND id < ?)", at, at, string(f.After))
	}
	limit := f.Limit
	if limit <= 0 {
		limit = 50
	}
	return messages.list(tx, q.String()+" ORDER BY made_at DESC, id DESC LIMIT "+q.mark(limit), q.args...)
}

// CountUnread counts what a viewer was told and has not read, in the role that they act in.
func (tx *Tx) CountUnread(viewer stage.Actor) (int, error) {
	if viewer.Account == "" {
		return 0, nil
	}
	q := inbox(viewer)
	q.and("read_at = ?", 0)
	return messages.count(tx, q.String(), q.args...)
}

func inbox(viewer stage.Actor) (q where) {
	q.and("account = ? AND role = ? AND organisation = ?", string(viewer.Account), string(viewer.Role), string(viewer.Organisation))
	if viewer.Programme != "" {
		q.and("(programme = ? OR programme = ?)", string(viewer.Programme), "")
	}
	return q
}

// MessagesTo lists what an account was told since an instant, has not read, and had no
// letter about, in any of its roles, the first first.
func (tx *Tx) MessagesTo(account id.Account, since time.Time, limit int) ([]message.Message, error) {
	return messages.list(tx, "WHERE account = $1 AND made_at >= $2 AND read_at = 0 AND letter = '' ORDER BY made_at, id LIMIT $3", string(account), since.UnixMicro(), limit)
}

// AddMessage adds a message.
func (tx *Tx) AddMessage(m *message.Message) error { return messages.insert(tx, m) }

// PutMessage saves a message.
func (tx *Tx) PutMessage(m *message.Message) error { return messages.update(tx, m) }

// MessagesReadBefore lists messages that were read before an instant, the first first.
func (tx *Tx) MessagesReadBefore(t time.Time, limit int) ([]message.Message, error) {
	return messages.list(tx, "WHERE read_at > 0 AND read_at < $1 ORDER BY read_at, id LIMIT $2", t.UnixMicro(), limit)
}

// RemoveMessage forgets a message.
func (tx *Tx) RemoveMessage(key id.Message) error { return messages.remove(tx, string(key)) }

// Delivery returns the delivery with the given identifier, or fault.Missing.
func (tx *Tx) Delivery(key id.Delivery) (message.Delivery, error) {
	return deliveries.get(tx, string(key))
}

// DeliveriesDue lists what may be sent at an instant, by receiver, which is the mail server
// or one hook, and the longest due first: for each at most so many, so that none crowds out
// the others.
func (tx *Tx) DeliveriesDue(now time.Time, each int) (all []message.Delivery, err error) {
	for to, more := "", true; more; {
		some, err := deliveries.list(tx, "WHERE hook = $1 AND due > 0 AND due <= $2 ORDER BY due, id LIMIT $3", to, now.UnixMicro(), each)
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
		next, err := deliveries.list(tx, "WHERE hook > $1 AND due > 0 ORDER BY hook, due, id LIMIT 1", to)
		if err != nil {
			return nil, err
		}
		if more = len(next) > 0; more {
			to = next[0].Receiver()
		}
	}
	return all, nil
}

// DeliveryFor returns a delivery to those who may read the log of what was sent: the
// operators, the auditors, and the office of its programme. The office of a case does
// not learn by it who objected; nothing in it says so.
func (tx *Tx) DeliveryFor(viewer stage.Actor, key id.Delivery) (message.Delivery, error) {
	d, err := tx.Delivery(key)
	if err == nil && !seesDelivery(viewer, d.Programme) {
		err = fault.Missing()
	}
	if err != nil {
		return message.Delivery{}, err
	}
	return d, nil
}

func seesDelivery(viewer stage.Actor, p id.Programme) bool {
	switch viewer.Role {
	case stage.Operator, stage.Auditor:
		return viewer.Programme == "" || p == viewer.Programme
	case stage.Clerk, stage.Director:
		return p != "" && inProgramme(viewer, p) // what is of no programme is between a person and the machine
	default:
		return false
	}
}

// DeliveryFilter narrows the log of what was sent.
type DeliveryFilter struct {
	States []stage.State
	Hook   id.Hook
	After  id.Delivery // the one that ended the page before
	Limit  int         // 0: 50
}

// Deliveries lists what was sent or is to be, the latest first, for those who may read
// the log.
func (tx *Tx) Deliveries(viewer stage.Actor, f DeliveryFilter) ([]message.Delivery, error) {
	var q where
	switch {
	case viewer.Role != stage.Operator && viewer.Role != stage.Auditor && viewer.Role != stage.Clerk && viewer.Role != stage.Director:
		return nil, nil
	case viewer.Programme != "":
		q.and("programme = ?", string(viewer.Programme))
	case viewer.Role == stage.Clerk || viewer.Role == stage.Director:
		q.and("programme <> ?", "")
	}
	q.states(f.States)
	if f.Hook != "" {
		q.and("hook = ?", string(f.Hook))
	}
	if f.After != "" {
		last, err := tx.DeliveryFor(viewer, f.After)
		if err != nil {
			return nil, err
		}
		at := last.MadeAt.UnixMicro()
		q.and("(made_at < ? OR made_at = ? AND id < ?)", at, at, string(f.After))
	}
	limit := f.Limit
	if limit <= 0 {
		limit = 50
	}
	return deliveries.list(tx, q.String()+" ORDER BY made_at DESC, id DESC LIMIT "+q.mark(limit), q.args...)
}

// AddDelivery adds a delivery to the outbox.
func (tx *Tx) AddDelivery(d *message.Delivery) error { return deliveries.insert(tx, d) }

// PutDelivery saves a delivery, unless another server saved it since it was read.
func (tx *Tx) PutDelivery(d *message.Delivery) error { return deliveries.update(tx, d) }

// DeliveriesEndedBefore lists deliveries that were over before an instant, the first first.
func (tx *Tx) DeliveriesEndedBefore(t time.Time, limit int) ([]message.Delivery, error) {
	return deliveries.list(tx, "WHERE ended_at > 0 AND ended_at < $1 ORDER BY ended_at, id LIMIT $2", t.UnixMicro(), limit)
}

// RemoveDelivery forgets a delivery.
func (tx *Tx) RemoveDelivery(key id.Delivery) error { return deliveries.remove(tx, string(key)) }

// Mailbox returns where an account is written to, or fault.Missing.
func (tx *Tx) Mailbox(key id.Account) (message.Mailbox, error) {
	return mailboxes.get(tx, string(key))
}

// MailboxesBefore lists mailboxes whose deadlines were not looked for on a day or later.
func (tx *Tx) MailboxesBefore(day calendar.Date, limit int) ([]message.Mailbox, error) {
	return mailboxes.list(tx, "WHERE remind_on < $1 ORDER BY remind_on, account LIMIT $2", day.String(), limit)
}

// AddMailbox adds a mailbox.
func (tx *Tx) AddMailbox(b *message.Mailbox) error { return mailboxes.insert(tx, b) }

// PutMailbox saves a mailbox, unless someone else saved it since it was read.
func (tx *Tx) PutMailbox(b *message.Mailbox) error { return mailboxes.update(tx, b) }

// Hook returns the hook with the given identifier, or fault.Missing. It does not ask who
// looks; HookFor does.
func (tx *Tx) Hook(key id.Hook) (message.Hook, error) { return hooks.get(tx, string(key)) }

// HookFor returns a hook to those who set it: operators, and directors of its programme.
func (tx *Tx) HookFor(viewer stage.Actor, key id.Hook) (message.Hook, error) {
	h, err := tx.Hook(key)
	if err == nil && !setsHooks(viewer, h.Programme) {
		err = fault.Missing()
	}
	if err != nil {
		return message.Hook{}, err
	}
	return h, nil
}

func setsHooks(viewer stage.Actor, p id.Programme) bool {
	return viewer.Role == stage.Operator || viewer.Role == stage.Director && inProgramme(viewer, p)
}

// HooksOf lists the hooks of a programme, the first first, for what is to be sent.
func (tx *Tx) HooksOf(p id.Programme) ([]message.Hook, error) {
	return hooks.list(tx, "WHERE programme = $1 ORDER BY id", string(p))
}

// Hooks lists the hooks that a viewer sets, by programme. There are few.
func (tx *Tx) Hooks(viewer stage.Actor) ([]message.Hook, error) {
	if !setsHooks(viewer, viewer.Programme) {
		return nil, nil
	}
	if viewer.Programme != "" {
		return tx.HooksOf(viewer.Programme)
	}
	return hooks.list(tx, "WHERE programme > $1 ORDER BY programme, id LIMIT 500", "")
}

// HooksOpen lists hooks whose secret is kept as it is, as older versions of the program
// kept it.
func (tx *Tx) HooksOpen() ([]message.Hook, error) {
	all, err := hooks.list(tx, "WHERE programme > $1 ORDER BY programme, id", "")
	return slices.DeleteFunc(all, func(h message.Hook) bool { return IsShut(h.Secret) }), err
}

// AddHook adds a hook.
func (tx *Tx) AddHook(h *message.Hook) error { return hooks.insert(tx, h) }

// PutHook saves a hook, unless someone else saved it since it was read.
func (tx *Tx) PutHook(h *message.Hook) error { return hooks.update(tx, h) }

// RemoveHook forgets a hook with its address and its secret.
func (tx *Tx) RemoveHook(key id.Hook) error { return hooks.remove(tx, string(key)) }

// FeedByHash returns the calendar whose token has a hash, or fault.Missing.
func (tx *Tx) FeedByHash(hash string) (Feed, error) {
	return only(feeds.list(tx, "WHERE hash = $1", hash))
}

// FeedsOf lists the calendars of an account, the first first.
func (tx *Tx) FeedsOf(account id.Account) ([]Feed, error) {
	return feeds.list(tx, "WHERE account = $1 ORDER BY made_at, id", string(account))
}

// AddFeed adds a calendar.
func (tx *Tx) AddFeed(f *Feed) error { return feeds.insert(tx, f) }

// RemoveFeed makes the address of a calendar worthless.
func (tx *Tx) RemoveFeed(key id.Feed) error { return feeds.remove(tx, string(key)) }
