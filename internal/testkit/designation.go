package testkit

import (
	"shifan/internal/calendar"
	"shifan/internal/id"
	"shifan/internal/lifecycle/designation"
	"shifan/internal/lifecycle/document"
	"shifan/internal/lifecycle/naming"
	"shifan/internal/lifecycle/plaque"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/record"
	"shifan/internal/store"
)

// Designation names another eligible organisation today, outside any round, and
// hands its plaque over: the shortest way to a valid title. The naming document
// is issued as the programme's next number.
func (w *World) Designation() id.Designation {
	w.Helper()
	return w.DesignationOf(w.Organisation())
}

// DesignationOf gives an organisation a title today, as Designation does.
func (w *World) DesignationOf(holder id.Organisation) (key id.Designation) {
	w.Helper()
	office, p, now := w.Office(), w.Programme(), w.Now()
	today := calendar.DateOf(now)
	err := w.Desk.Store.Change(w.Context(), func(tx *store.Tx) (record.Entry, error) {
		taken, err := tx.TitleNumbers(p.Name, today.Year)
		if err != nil {
			return record.Entry{}, err
		}
		used, err := tx.NumbersOf(p.Naming.Numbers)
		if err != nil {
			return record.Entry{}, err
		}
		number, err := document.Next(p.Naming.Numbers, today.Year, used)
		if err != nil {
			return record.Entry{}, err
		}
		o, err := tx.Organisation(holder)
		if err != nil {
			return record.Entry{}, err
		}
		n := naming.Naming{
			ID: id.New[id.Naming](w.Desk.Rand), Programme: p.Name, State: naming.Issued, Title: "关于命名" + p.Base + "的通知", Addressees: "各有关单位",
			DatedOn: today, DocNumber: number.String(), PreparedBy: office.Clerk.Account, IssuedBy: office.Director.Account, IssuedAt: now,
			Releases: []naming.Release{{By: office.Director.Account, At: now}, {By: office.Chair.Account, At: now}},
		}
		d, m, err := designation.New(office.Director, designation.Award{
			ID: id.New[id.Designation](w.Desk.Rand), Organisation: holder, Naming: n.ID, Number: designation.NextNumber(today.Year, taken), Name: o.NameOn(today), NamedOn: today,
		}, p, now)
		if err != nil {
			return record.Entry{}, err
		}
		key = d.ID
		n.List = []naming.Entry{{Organisation: holder, Name: d.Name, Number: d.Number}}
		number.Use, number.Thing, number.Title, number.State, number.By, number.At = document.ForNaming, string(n.ID), n.Title, document.Taken, office.Director.Account, now
		q, _, err := plaque.Order(office.Director, id.New[id.Plaque](w.Desk.Rand), d, p, plaque.NewCode(w.Desk.Rand), now)
		if err != nil {
			return record.Entry{}, err
		}
		if _, err := q.HandOver(office.Clerk, d, "秘书长", today, now); err != nil {
			return record.Entry{}, err
		}
		for _, add := range []func() error{
			func() error { return tx.AddNaming(&n) },
			func() error { return tx.AddNumber(&number) },
			func() error { return tx.AddDesignation(d) },
			func() error { return tx.AddPlaque(q) },
		} {
			if err := add(); err != nil {
				return record.Entry{}, err
			}
		}
		line := func(act, thing, to, basis string) record.Entry {
			return record.Entry{At: now, By: office.Director.Account, Role: string(stage.Director), Programme: p.Name, Act: act, Thing: thing, To: to, Basis: basis}
		}
		tx.Also(line("naming.issue", string(n.ID), string(n.State), "办法(六)"))
		tx.Also(line("plaque.hand_over", string(q.ID), string(q.State), "办法(六)"))
		return line("designation."+m.Act, string(d.ID), string(m.To), m.Basis), nil
	})
	if err != nil {
		w.Fatal(err)
	}
	return key
}

// PlaqueOf returns the plaque that stands for a title.
func (w *World) PlaqueOf(d id.Designation) (q plaque.Plaque) {
	w.Helper()
	if err := w.Desk.Store.View(w.Context(), func(tx *store.Tx) (err error) {
		q, err = tx.PlaqueOf(d)
		return err
	}); err != nil {
		w.Fatal(err)
	}
	return q
}

// Named names the given applications, which must be of one round and wait for
// naming, today: drafted by the clerk, released by the director and the chair,
// issued by the director. It returns their titles in the same order.
func (w *World) Named(apps ...id.Application) (titles []id.Designation) {
	w.Helper()
	office, ctx := w.Office(), w.Context()
	key, err := w.Desk.DraftNaming(ctx, office.Clerk, w.ApplicationOf(apps[0]).Round, naming.Plan{
		Title: "关于命名" + w.Programme().Base + "的通知", Addressees: "各社会组织党组织", List: apps,
	})
	if err != nil {
		w.Fatal(err)
	}
	for _, by := range []stage.Actor{office.Director, office.Chair} {
		if err := w.Desk.ReleaseNaming(ctx, by, key, 0); err != nil {
			w.Fatal(err)
		}
	}
	if err := w.Desk.IssueNaming(ctx, office.Director, key, 0); err != nil {
		w.Fatal(err)
	}
	if err := w.Desk.Store.View(ctx, func(tx *store.Tx) error {
		for _, a := range apps {
			d, err := tx.DesignationOf(a)
			if err != nil {
				return err
			}
			titles = append(titles, d.ID)
		}
		return nil
	}); err != nil {
		w.Fatal(err)
	}
	return titles
}
