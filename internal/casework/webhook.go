package casework

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/message"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/record"
	"shifan/internal/store"
)

// Hooks lists the programs and robots that a viewer sets. Their secrets are left out.
func (d *Desk) Hooks(ctx context.Context, by stage.Actor) (all []Hook, err error) {
	defer fault.Wrap(&err, "casework.Hooks")
	err = d.Store.View(ctx, func(tx *store.Tx) (err error) {
		all, err = tx.Hooks(by)
		return err
	})
	for i := range all {
		all[i] = masked(all[i])
	}
	return all, err
}

// HookView is a hook with the latest of what it was told.
type HookView struct {
	Hook  Hook
	Acts  []string
	Lines []DeliveryLine
}

// Hook returns a hook without its secret.
func (d *Desk) Hook(ctx context.Context, by stage.Actor, key id.Hook) (v HookView, err error) {
	defer fault.Wrap(&err, "casework.Hook")
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		h, err := tx.HookFor(by, key)
		if err != nil {
			return err
		}
		v = HookView{Hook: masked(h), Acts: message.HookKind.May(h.State, by.Role)}
		if h.Channel == message.WeCom { // its key is in its address
			v.Acts = slices.DeleteFunc(v.Acts, func(act string) bool { return act == "rotate" })
		}
		all, err := tx.Deliveries(by, DeliveryFilter{Hook: key, Limit: 20})
		for _, l := range all {
			line, failed := deliveryLine(tx, l)
			v.Lines, err = append(v.Lines, line), firstOf(err, failed)
		}
		return err
	})
	return v, err
}

// masked is a hook as pages show it: what opens the door at the receiver's is left out.
func masked(h Hook) Hook {
	h.Secret = ""
	if i := strings.IndexByte(h.Address, '?'); i >= 0 {
		h.Address = h.Address[:i] + "?…"
	}
	return h
}

// HookProgrammes lists the programmes for which a viewer may add hooks, by name.
func (d *Desk) HookProgrammes(ctx context.Context, by stage.Actor) (all []id.Programme, err error) {
	defer fault.Wrap(&err, "casework.HookProgrammes")
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		some, err := tx.Programmes()
		for _, p := range some {
			if by.Programme == "" || by.Programme == p.Name {
				all = append(all, p.Name)
			}
		}
		return err
	})
	return all, err
}

var errHookProgramme = fault.Define(fault.Invalid, "webhook.programme", "没有这个方案，或者您不管理它。请从列出的方案里选。", "")

// AddHook adds a program or a robot that a programme tells of what happens. The secret
// by which a program knows that it is told by this site is made here and returned once;
// that of a robot comes from its group.
func (d *Desk) AddHook(ctx context.Context, by stage.Actor, h Hook) (key id.Hook, secret string, err error) {
	defer fault.Wrap(&err, "casework.AddHook")
	h.ID, h.Name, h.Address, h.Secret = id.New[id.Hook](d.Rand), strings.TrimSpace(h.Name), strings.TrimSpace(h.Address), strings.TrimSpace(h.Secret)
	if h.Channel == message.Webhook {
		secret = "shw_" + d.token()
		h.Secret = secret
	}
	slices.Sort(h.Kinds)
	h.Kinds = slices.Compact(h.Kinds)
	err = d.Store.Change(ctx, func(tx *store.Tx) (record.Entry, error) {
		now := d.Now()
		if _, err := tx.Programme(h.Programme); err != nil || by.Programme != "" && by.Programme != h.Programme {
			if err == nil || fault.KindOf(err) == fault.NotFound {
				err = errHookProgramme.At("programme")
			}
			return record.Entry{}, err
		}
		others, err := tx.HooksOf(h.Programme)
		if err != nil {
			return record.Entry{}, err
		}
		m, err := h.Add(by, len(others), d.HookHosts, now)
		if err != nil {
			return record.Entry{}, err
		}
		if err := d.shut(&h); err != nil {
			return record.Entry{}, err
		}
		return d.hookEntry(by, h, m), tx.AddHook(&h)
	})
	return h.ID, secret, err
}

// hookSecrets is what of a hook is kept shut: what signs, and what follows the question
// mark of its address, which is the key of a robot.
type hookSecrets struct {
	Secret string `json:"secret"`
	Query  string `json:"query,omitempty"`
}

// shut shuts the secrets of a hook for the database: its Secret becomes the shut text, and
// its Address ends with the question mark.
func (d *Desk) shut(h *Hook) error {
	in := hookSecrets{Secret: h.Secret}
	if i := strings.IndexByte(h.Address, '?'); i >= 0 {
		in.Query, h.Address = h.Address[i+1:], h.Address[:i+1]
	}
	text, err := json.Marshal(in)
	if err == nil {
		h.Secret, err = d.Store.Shut(d.Rand, string(h.ID), string(text))
	}
	return err
}

// opened returns a hook with its secrets as they are.
func (d *Desk) opened(h Hook) (Hook, error) {
	if !store.IsShut(h.Secret) {
		return h, nil
	}
	text, err := d.Store.Open(string(h.ID), h.Secret)
	if err != nil {
		return h, err
	}
	var in hookSecrets
	err = json.Unmarshal([]byte(text), &in)
	h.Secret, h.Address = in.Secret, h.Address+in.Query
	return h, err
}

var errHookLost = fault.Define(fault.Refused, "webhook.rotate.lost", "推送地址里的密钥打不开：数据文件夹里的 record.key 不是保存时的那一把。移除本推送，重新添加。", "")

// RotateHook gives a hook another secret: one that is made here and returned once, or of a
// DingTalk robot the one that is given.
func (d *Desk) RotateHook(ctx context.Context, by stage.Actor, key id.Hook, given string) (h Hook, secret string, err error) {
	defer fault.Wrap(&err, "casework.RotateHook(%s)", key)
	fresh := "shw_" + d.token()
	err = d.Store.Change(ctx, func(tx *store.Tx) (record.Entry, error) {
		kept, err := tx.HookFor(by, key)
		if err != nil {
			return record.Entry{}, err
		}
		if h, err = d.opened(kept); err != nil {
			if strings.HasSuffix(kept.Address, "?") {
				return record.Entry{}, errHookLost.New()
			}
			h = kept // the old secret is lost, and a new one mends it
		}
		use := strings.TrimSpace(given)
		if secret = ""; h.Channel == message.Webhook {
			secret, use = fresh, fresh
		}
		m, err := h.Rotate(by, use, d.Now())
		if err != nil {
			return record.Entry{}, err
		}
		put := h
		if err := d.shut(&put); err != nil {
			return record.Entry{}, err
		}
		h = masked(h)
		return d.hookEntry(by, put, m), tx.PutHook(&put)
	})
	return h, secret, err
}

// shutHooks shuts the secrets that an older version of the program left open.
func (d *Desk) shutHooks(ctx context.Context, _ time.Time) (int, error) {
	return dueActs(ctx, d, (*store.Tx).HooksOpen, func(old Hook) error {
		return d.Store.Change(ctx, func(tx *store.Tx) (record.Entry, error) {
			h, err := tx.Hook(old.ID)
			if err != nil {
				return record.Entry{}, err
			}
			if h.Version != old.Version {
				return record.Entry{}, fault.Stale()
			}
			m, err := h.Act(stage.TheClock, "shut")
			if err != nil {
				return record.Entry{}, err
			}
			if err := d.shut(&h); err != nil {
				return record.Entry{}, err
			}
			return d.hookEntry(stage.TheClock, h, m), tx.PutHook(&h)
		})
	})
}

// ActOnHook stops, starts, tests or removes a hook.
func (d *Desk) ActOnHook(ctx context.Context, by stage.Actor, key id.Hook, act string) (err error) {
	defer fault.Wrap(&err, "casework.ActOnHook")
	letter := id.New[id.Delivery](d.Rand)
	return d.Store.Change(ctx, func(tx *store.Tx) (record.Entry, error) {
		h, err := tx.HookFor(by, key)
		if err != nil {
			return record.Entry{}, err
		}
		m, err := h.Act(by, act)
		if err != nil {
			return record.Entry{}, err
		}
		if act == "test" {
			now := d.Now()
			l := Delivery{ID: letter, Programme: h.Programme, Channel: h.Channel, Hook: h.ID, Messages: []id.Message{}, Kind: message.TestKind, URL: "/webhooks/" + string(h.ID)}
			l.Queue(now, now)
			if err := tx.AddDelivery(&l); err != nil {
				return record.Entry{}, err
			}
			return d.hookEntry(by, h, m), nil
		}
		if act == "remove" {
			return d.hookEntry(by, h, m), tx.RemoveHook(h.ID)
		}
		return d.hookEntry(by, h, m), tx.PutHook(&h)
	})
}

// hookEntry is the record's line for a hook: by which way, and neither address nor secret.
func (d *Desk) hookEntry(by stage.Actor, h Hook, m stage.Move) record.Entry {
	e := d.entry(by, message.HookKind, string(h.ID), m, d.Now())
	e.Programme, e.Facts = h.Programme, map[string]string{"channel": h.Channel}
	return e
}
