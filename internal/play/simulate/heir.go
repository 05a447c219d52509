package simulate

import (
	"slices"

	"shifan/internal/id"
	"shifan/internal/lifecycle/designation"
	"shifan/internal/lifecycle/invariant/together"
	"shifan/internal/lifecycle/item"
	"shifan/internal/lifecycle/organisation"
	"shifan/internal/lifecycle/stage"
)

// mayDivide lets the holder of a title be merged, or split up into several, rarely. Those
// it is split up into are new, or there already, or the one another's successor.
func (l *life) mayDivide(t *title) {
	if !t.Live() || t.org.State != organisation.Registered || l.IntN(100) > 0 {
		return
	}
	l.may(4, func() {
		var into []id.Organisation
		for range 1 + l.IntN(3) {
			into = append(into, l.successor().ID)
		}
		if l.chance(10) {
			into = append(into, into[0])
		}
		by := l.anyone(l.clerks)
		attempt(l, organisation.Kind, t.org.Organisation, string(t.org.ID), nil, by, func() (stage.Move, error) {
			return t.org.End(by, "merge", l.today(), into[0], l.now, into[1:]...)
		})
	})
}

// successor is an organisation that another may go into: a new one while there are any,
// or one of those that are there.
func (l *life) successor() *org {
	if l.chance(70) && len(l.spare) > 0 {
		l.found(l.spare[:1])
		l.spare = l.spare[1:]
		return l.orgs[len(l.orgs)-1]
	}
	return pick(l, l.orgs)
}

func (l *life) byID(key id.Organisation) *org {
	if n := slices.IndexFunc(l.orgs, func(o *org) bool { return o.ID == key }); n >= 0 {
		return l.orgs[n]
	}
	return nil
}

// holder is what is known of who holds a title.
func (l *life) holder(t *title) designation.Holder {
	h := designation.Holder{
		Registered: t.org.State == organisation.Registered, EndedOn: t.org.EndedOn,
		Word: organisation.Kind.Word(string(t.org.State)), Successor: t.org.Successor,
	}
	if len(t.org.Others) == 0 {
		return h
	}
	h.Successor = ""
	open := t.Open(t.org.Successors())
	for _, key := range t.org.Successors() {
		next := l.byID(key)
		waits := slices.Contains(open, key)
		if waits && (next == nil || next.State != organisation.Registered) {
			continue
		}
		if h.Heirs = append(h.Heirs, key); waits && h.Successor == "" {
			h.Successor = key
		}
	}
	return h
}

// successionsWaiting are the titles whose holder was merged, or split up: of the latter
// each that might hold it waits by itself.
func (l *life) successionsWaiting(t *title) (all []*matter) {
	if t.org.State != organisation.Merged || !t.Live() && (t.State != designation.Succeeded || len(t.Heirs) == 0) {
		return nil
	}
	h := l.holder(t)
	if len(h.Heirs) == 0 {
		return l.wait(nil, t, "succession", string(t.ID), func() bool { return t.Live() && t.org.State == organisation.Merged }, func(i *item.Item, carried bool) { l.succeed(t, "", i, carried) })
	}
	for _, heir := range t.Open(h.Heirs) {
		waiting := func() bool {
			return (t.Live() || t.State == designation.Succeeded) && slices.Contains(t.Open(l.holder(t).Heirs), heir)
		}
		all = l.wait(all, t, "succession", string(t.ID)+"."+string(heir), waiting, func(i *item.Item, carried bool) { l.succeed(t, heir, i, carried) })
	}
	return all
}

// succeed hands a title to a successor of its holder, or says that it does not get it.
func (l *life) succeed(t *title, heir id.Organisation, i *item.Item, carried bool) {
	by, h := l.chairs[0], l.holder(t)
	if heir != "" {
		h.Successor = heir
	}
	if !carried {
		l.title(t, by, func() (stage.Move, error) { return t.Refuse(by, h, i.ID, l.now) })
		l.inherited(t)
		l.ended(t)
		return
	}
	o := l.byID(h.Successor)
	if o == nil || o.State != organisation.Registered {
		return
	}
	key := id.Designation(l.key("dsg"))
	var next *designation.Designation
	if l.title(t, by, func() (m stage.Move, err error) {
		next, m, err = t.Succeed(by, h, designation.Award{ID: key, Number: t.Number + "-" + string(key), Name: o.Name()}, i.ID, l.now)
		return m, err
	}) {
		to := &title{Designation: next, org: o, from: t}
		to.c.Designation = next
		l.titles = append(l.titles, to)
		l.did(designation.Kind, string(next.ID), designation.Inherited(by), &to.c)
		l.inherited(t)
		l.ended(t)
	}
}

// inherited looks at a title with those of its heirs.
func (l *life) inherited(t *title) {
	if len(t.Heirs) == 0 {
		return
	}
	c := together.Division{Designation: t.Designation, Into: t.org.Successors()}
	for _, o := range l.titles {
		if o.from == t {
			c.Held = append(c.Held, o.Designation)
		}
	}
	l.together("designation.succeed", &together.Case{Division: &c})
}
