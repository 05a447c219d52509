package testkit

import (
	"fmt"
	"time"

	"shifan/internal/calendar"
	"shifan/internal/id"
	"shifan/internal/lifecycle/designation"
	"shifan/internal/lifecycle/item"
	"shifan/internal/lifecycle/meeting"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/record"
	"shifan/internal/store"
)

// TitleNamed gives a new organisation a valid title, named on a day that has come,
// and moves the clock there. It puts the row there without the life before it.
func (w *World) TitleNamed(day string) designation.Designation {
	w.Helper()
	w.At(day)
	w.titles++
	return w.TitleFor(w.Office().Director, w.Organisation(), fmt.Sprintf("%s-%03d", day[:4], w.titles), calendar.MustDate(day))
}

// TitleFor puts a valid title of an organisation there, named by a director on a day that
// has come.
func (w *World) TitleFor(director stage.Actor, o id.Organisation, number string, named calendar.Date) designation.Designation {
	w.Helper()
	p := w.Programme()
	var d *designation.Designation
	if err := w.Desk.Store.Change(w.Context(), func(tx *store.Tx) (record.Entry, error) {
		org, err := tx.Organisation(o)
		if err != nil {
			return record.Entry{}, err
		}
		a := designation.Award{ID: id.New[id.Designation](w.Desk.Rand), Organisation: o, Number: number, Name: org.Name(), NamedOn: named}
		var m stage.Move
		d, m, err = designation.New(stage.Actor{Account: director.Account, Role: stage.Director}, a, p, w.Now())
		if err != nil {
			return record.Entry{}, err
		}
		e := record.Entry{At: w.Now(), Role: string(stage.Director), Programme: p.Name, Act: "designation." + m.Act, Thing: string(d.ID), To: string(m.To), Basis: m.Basis}
		return e, tx.AddDesignation(d)
	}); err != nil {
		w.Fatal(err)
	}
	return *d
}

// Committee returns two members who sit with the office's chair, made on the first
// call.
func (w *World) Committee() []stage.Actor {
	w.Helper()
	if w.committee == nil {
		w.committee = []stage.Actor{w.Person("委员甲", stage.Member), w.Person("委员乙", stage.Member)}
	}
	return w.committee
}

// Resolve holds a meeting of the committee on matters that belong to no round, a
// week from now, in which everybody votes for all of them, or against. It leaves
// the clock at the meeting's close.
func (w *World) Resolve(carried bool, subjects ...item.Subject) {
	w.Helper()
	office, ctx := w.Office(), w.Context()
	members := append(w.Committee(), office.Chair)
	key := w.ConvenedOnTitles()
	must := func(err error) {
		w.Helper()
		if err != nil {
			w.Fatal(err)
		}
	}
	var items []id.Item
	for _, s := range subjects {
		i, err := w.Desk.ListItem(ctx, office.Clerk, key, s)
		must(err)
		items = append(items, i)
	}
	must(w.Desk.CirculateMeeting(ctx, office.Clerk, key))
	w.At(w.Now().Add(7 * 24 * time.Hour).In(calendar.Zone).Format("2006-01-02 15:04:05"))
	for _, m := range members {
		must(w.Desk.SignIntoMeeting(ctx, m, key, m.Account))
	}
	must(w.Desk.OpenMeeting(ctx, office.Chair, key))
	choice := map[bool]string{true: "aye", false: "no"}[carried]
	for _, i := range items {
		must(w.Desk.OpenVote(ctx, office.Chair, i))
		for _, m := range members {
			must(w.Desk.Vote(ctx, m, i, choice))
		}
		must(w.Desk.CloseVote(ctx, office.Chair, i))
		must(w.Desk.Declare(ctx, office.Chair, i, "", ""))
	}
	must(w.Desk.CloseMeeting(ctx, office.Chair, key))
	_, err := w.Desk.Tick(ctx)
	must(err)
}

// ConvenedOnTitles calls a meeting of the committee on matters that belong to no round, a
// week from now.
func (w *World) ConvenedOnTitles() id.Meeting {
	w.Helper()
	office := w.Office()
	w.Committee()
	key, err := w.Desk.ConveneMeeting(w.Context(), office.Clerk, w.Programme().Name, meeting.Plan{
		Title: "全体委员会议", At: w.Now().Add(7 * 24 * time.Hour), Place: "会议室", Presiding: office.Chair.Account,
	})
	if err != nil {
		w.Fatal(err)
	}
	return key
}
