package casework

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"shifan/internal/calendar"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/message"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/lifecycle/template"
	"shifan/internal/record"
	"shifan/internal/store"
)

// Outgoing is something that a server took out of the outbox to send.
type Outgoing struct {
	Delivery Delivery
	To       string // an e-mail address, or a URL
	Subject  string
	Text     string
	Secret   string // signs what a program or a robot is sent
	Body     []byte // what a program is sent
}

// takenMost is how much is taken out of the outbox at once for one receiver.
const takenMost = 50

// DeliveriesDue lists what may be sent now, of each receiver at most takenMost.
func (d *Desk) DeliveriesDue(ctx context.Context) (all []Delivery, err error) {
	defer fault.Wrap(&err, "casework.DeliveriesDue")
	err = d.Store.View(ctx, func(tx *store.Tx) (err error) {
		all, err = tx.DeliveriesDue(d.Now(), takenMost)
		return err
	})
	return all, err
}

// Why a delivery ends without having been sent, as the log says it.
const (
	noAddress = "没有可用的地址"
	noReader  = "收件人不能再查看这件事"
	noHook    = "推送已停用"
	noSecret  = "推送的密钥打不开：数据文件夹里的 record.key 不是保存时的那一把。更换密钥，或者移除后重新添加"
)

// TakeDelivery takes a delivery out of the outbox for the time of a lease, with what is
// to be sent. base is the address of this site. Another server that has it, or sent it,
// makes it a fault of kind Refused or Conflict. Whoever may not see what it is about any
// more gets nothing: then out is nil.
func (d *Desk) TakeDelivery(ctx context.Context, key id.Delivery, base string) (out *Outgoing, err error) {
	defer fault.Wrap(&err, "casework.TakeDelivery(%s)", key)
	err = d.Store.Change(ctx, func(tx *store.Tx) (record.Entry, error) {
		now := d.Now()
		out = nil
		v, err := tx.Delivery(key)
		if err != nil {
			return record.Entry{}, err
		}
		m, err := v.Take(now)
		if err != nil {
			return record.Entry{}, err
		}
		o, why, err := d.outgoing(tx, v, strings.TrimSuffix(base, "/"))
		if err != nil {
			return record.Entry{}, err
		}
		if why != "" {
			if m, err = v.Drop(why, now); err != nil {
				return record.Entry{}, err
			}
		}
		if err := tx.PutDelivery(&v); err != nil {
			return record.Entry{}, err
		}
		if why == "" {
			o.Delivery = v
			out = &o
		}
		return d.deliveryEntry(stage.TheClock, v, m, now), nil
	})
	return out, err
}

// outgoing says what is sent, or why nothing is.
func (d *Desk) outgoing(tx *store.Tx, v Delivery, base string) (o Outgoing, why string, err error) {
	switch {
	case v.Channel != message.Mail:
		return d.hookOutgoing(tx, v, base)
	case v.Objection != "":
		p, err := tx.Objector(v.Objection)
		if err != nil {
			return o, noAddress, onlyMissing(err)
		}
		o.To = strings.TrimSpace(p.Contact)
		if message.CheckAddress(o.To) != nil {
			return o, noAddress, nil
		}
		m, err := tx.Message(v.Messages[0])
		o.Subject, o.Text = m.Subject, m.Text+"\n\n"+base+m.URL+"\n\n"+letterEnd
		return o, "", err
	}
	a, err := tx.Account(v.Account)
	if err != nil {
		return o, noAddress, onlyMissing(err)
	}
	b, err := tx.Mailbox(v.Account)
	if err != nil {
		return o, noAddress, onlyMissing(err)
	}
	if v.Kind == message.VerifyKind {
		o.To, o.Subject = b.Wanted, "验证邮箱地址"
		o.Text = "请登录以后打开下面的链接，确认这个邮箱用来接收消息。链接" + number(message.LinkDays) + "天内有效。没有申请过的，不必理会。\n\n" + base + "/account/mail/" + b.Code
		if b.Wanted == "" || a.Disabled {
			why = noAddress
		}
		return o, why, nil
	}
	o.To = b.Address
	if !b.Letters() || a.Disabled {
		return o, noAddress, nil
	}
	return letterOf(tx, o, a, v, base)
}

// letterEnd ends every letter.
const letterEnd = "本邮件由系统发出，请勿回复。"

// letterOf writes what a person is written of messages: of one, or a digest of several. Of
// each the person must still hold the role, and be allowed to see the thing.
func letterOf(tx *store.Tx, o Outgoing, a Account, v Delivery, base string) (Outgoing, string, error) {
	var parts []string
	for _, key := range v.Messages {
		m, err := tx.Message(key)
		if fault.KindOf(err) == fault.NotFound {
			continue // read long ago, and forgotten
		}
		if err != nil {
			return o, "", err
		}
		holds := slices.ContainsFunc(a.Grants, func(g Grant) bool { return g.Role == m.Role && g.Organisation == m.Organisation })
		hidden, err := hiddenNow(tx, m)
		if err != nil {
			return o, "", err
		}
		if hidden || !holds {
			continue
		}
		part := m.Text + "\n" + base + m.URL
		o.Subject = m.Subject
		if len(v.Messages) > 1 {
			part = m.Subject + "\n" + part
		}
		parts = append(parts, part)
	}
	if len(parts) == 0 {
		return o, noReader, nil
	}
	if len(v.Messages) > 1 {
		o.Subject = "消息汇总：" + number(len(parts)) + "条"
	}
	o.Text = strings.Join(parts, "\n\n") + "\n\n" + letterEnd + "接收方式在“消息设置”里改：" + base + "/account/mail"
	return o, "", nil
}

func onlyMissing(err error) error {
	if fault.KindOf(err) == fault.NotFound {
		return nil
	}
	return err
}

// Event is what a program is told: that something happened, and where to look. No name,
// no text.
type Event struct {
	ID        string    `json:"id"`
	Kind      string    `json:"kind"`
	Programme string    `json:"programme"`
	Chapter   string    `json:"chapter,omitempty"`
	Thing     string    `json:"thing,omitempty"`
	URL       string    `json:"url"`
	At        time.Time `json:"at"`
}

// hookOutgoing writes what a program or a robot is told.
func (d *Desk) hookOutgoing(tx *store.Tx, v Delivery, base string) (o Outgoing, why string, err error) {
	h, err := tx.Hook(v.Hook)
	if err != nil {
		return o, noHook, onlyMissing(err)
	}
	if h.State != message.On {
		return o, noHook, nil
	}
	if h, err = d.opened(h); err != nil {
		return o, noSecret, nil //nolint:nilerr // the log of what was sent says so
	}
	o.To, o.Secret = h.Address, h.Secret
	label := "试发"
	if k, known := template.Message(v.Kind); known {
		label = k.Label
	}
	o.Text = label + "（" + calendar.DateOf(v.MadeAt).Chinese() + "）。登录后查看：" + base + v.URL
	o.Body, err = json.Marshal(Event{
		ID: string(v.ID), Kind: v.Kind, Programme: string(v.Programme), Chapter: v.Chapter, Thing: v.Thing, URL: base + v.URL, At: v.MadeAt,
	})
	return o, "", err
}

// CloseDelivery notes what came of an attempt. It is refused when the lease ended and
// another server has taken the delivery since.
func (d *Desk) CloseDelivery(ctx context.Context, taken Delivery, outcome message.Outcome) (err error) {
	defer fault.Wrap(&err, "casework.CloseDelivery(%s)", taken.ID)
	return d.Store.Change(ctx, func(tx *store.Tx) (record.Entry, error) {
		v, err := tx.Delivery(taken.ID)
		if err != nil {
			return record.Entry{}, err
		}
		if v.Version != taken.Version {
			return record.Entry{}, fault.Stale()
		}
		quiet, err := quietOf(tx, v)
		if err != nil {
			return record.Entry{}, err
		}
		now := d.Now()
		m, err := v.Close(outcome, quiet, now)
		if err != nil {
			return record.Entry{}, err
		}
		return d.deliveryEntry(stage.TheClock, v, m, now), tx.PutDelivery(&v)
	})
}

// quietOf returns the hours in which a delivery waits.
func quietOf(tx *store.Tx, v Delivery) (message.Quiet, error) {
	if v.Channel == message.Webhook || v.Kind == message.VerifyKind || v.Kind == message.TestKind {
		return message.Quiet{}, nil
	}
	if v.Account == "" {
		return message.Night, nil
	}
	b, err := tx.Mailbox(v.Account)
	return b.Quiet, onlyMissing(err)
}

// RetryDelivery has a delivery that failed tried once more.
func (d *Desk) RetryDelivery(ctx context.Context, by stage.Actor, key id.Delivery) (err error) {
	defer fault.Wrap(&err, "casework.RetryDelivery(%s)", key)
	return d.Store.Change(ctx, func(tx *store.Tx) (record.Entry, error) {
		v, err := tx.DeliveryFor(by, key)
		if err != nil {
			return record.Entry{}, err
		}
		now := d.Now()
		m, err := v.Retry(by, now)
		if err != nil {
			return record.Entry{}, err
		}
		return d.deliveryEntry(by, v, m, now), tx.PutDelivery(&v)
	})
}

// DeliveryLine is a line of the log of what was sent.
type DeliveryLine struct {
	Delivery Delivery
	To       string // whom, by the name the office knows them by; never an address
	What     string
}

// Deliveries lists what was sent or is to be, the latest first.
func (d *Desk) Deliveries(ctx context.Context, by stage.Actor, f DeliveryFilter) (lines []DeliveryLine, err error) {
	defer fault.Wrap(&err, "casework.Deliveries")
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		all, err := tx.Deliveries(by, f)
		if err != nil {
			return err
		}
		for _, v := range all {
			l, err := deliveryLine(tx, v)
			if err != nil {
				return err
			}
			lines = append(lines, l)
		}
		return nil
	})
	return lines, err
}

// Delivery returns a line of the log.
func (d *Desk) Delivery(ctx context.Context, by stage.Actor, key id.Delivery) (l DeliveryLine, err error) {
	defer fault.Wrap(&err, "casework.Delivery")
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		v, err := tx.DeliveryFor(by, key)
		if err == nil {
			l, err = deliveryLine(tx, v)
		}
		return err
	})
	return l, err
}

func deliveryLine(tx *store.Tx, v Delivery) (DeliveryLine, error) {
	l := DeliveryLine{Delivery: v, To: "异议人", What: map[string]string{message.VerifyKind: "验证邮箱", message.TestKind: "试发", message.Free: "通知"}[v.Kind]}
	if k, known := template.Message(v.Kind); known {
		l.What = k.Label
	}
	if len(v.Messages) > 1 {
		l.What = "消息汇总"
	}
	switch {
	case v.Hook != "":
		h, err := tx.Hook(v.Hook)
		l.To = cmp.Or(h.Name, "已移除的推送")
		return l, onlyMissing(err)
	case v.Account != "":
		a, err := tx.Account(v.Account)
		l.To = a.Name
		return l, onlyMissing(err)
	}
	return l, nil
}

// deliveryEntry is the record's line for a delivery: how, and which attempt; not to whom.
func (d *Desk) deliveryEntry(by stage.Actor, v Delivery, m stage.Move, now time.Time) record.Entry {
	e := d.entry(by, message.DeliveryKind, string(v.ID), m, now)
	e.Programme = v.Programme
	e.Facts = map[string]string{"channel": v.Channel, "tries": number(v.Tries)}
	return e
}
