package testkit

import (
	"errors"
	"fmt"
	"time"

	"shifan/internal/calendar"
	"shifan/internal/casework"
	"shifan/internal/id"
	"shifan/internal/lifecycle/answer"
	"shifan/internal/lifecycle/application"
	"shifan/internal/lifecycle/item"
	"shifan/internal/lifecycle/meeting"
	"shifan/internal/lifecycle/misuse"
	"shifan/internal/lifecycle/objection"
	"shifan/internal/lifecycle/publicity"
	"shifan/internal/lifecycle/round"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/record"
	"shifan/internal/store"
)

// read runs one look at the store.
func (w *World) read(do func(tx *store.Tx) error) {
	w.Helper()
	if err := w.Desk.Store.View(w.Context(), do); err != nil {
		w.Fatal(err)
	}
}

// Carried puts n applications of n organisations straight into the stage of
// publicity, each with the committee's yes but without the sitting that gave it: for
// tests that begin there.
func (w *World) Carried(key id.Round, n int) (all []id.Application) {
	w.Helper()
	m := meeting.Meeting{
		ID: id.New[id.Meeting](w.Desk.Rand), Programme: w.Programme().Name, Round: key, Title: "全体委员会议", At: w.Now(), EndedAt: w.Now(), State: meeting.Closed,
	}
	for k := range n {
		o := w.Organisation()
		a := application.Application{
			ID: id.New[id.Application](w.Desk.Rand), Programme: m.Programme, Round: key, Organisation: o,
			State: application.Underway, Stage: publicity.Kind.Name, Number: fmt.Sprintf("2021-9%02d", w.organisations), SubmittedAt: w.Now(),
		}
		if r := kept(w, func(tx *store.Tx) (round.Round, error) { return tx.Round(key) }); !a.SubmittedAt.Before(r.Deadline) {
			a.SubmittedAt = r.Deadline.Add(-time.Hour)
		}
		a.Original = answer.Content{Committed: true}
		a.Digest = a.Original.Digest()
		i := item.Item{
			ID: id.New[id.Item](w.Desk.Rand), Meeting: m.ID, Programme: m.Programme, Round: key, Organisation: o, Position: k + 1,
			Subject: item.Subject{Kind: application.Kind.Name, ID: string(a.ID)}, State: item.Carried, ListedAt: w.Now(), DecidedAt: w.Now(),
		}
		if err := w.Desk.Store.Change(w.Context(), func(tx *store.Tx) (record.Entry, error) {
			org, err := tx.Organisation(o)
			if err != nil {
				return record.Entry{}, err
			}
			if a.Name = org.Name(); k == 0 {
				err = tx.AddMeeting(&m)
			}
			i.Title = a.Name
			return record.Entry{At: w.Now(), By: "test", Role: "clerk", Act: "application.test", Thing: string(a.ID)}, errors.Join(err, tx.AddApplication(&a), tx.AddItem(&i))
		}); err != nil {
			w.Fatal(err)
		}
		all = append(all, a.ID)
	}
	return all
}

// DraftedPublicity drafts the list of those who wait in a round.
func (w *World) DraftedPublicity(key id.Round) id.Publicity {
	w.Helper()
	choices, err := w.Desk.PublicityChoices(w.Context(), w.Office().Clerk)
	if err != nil {
		w.Fatal(err)
	}
	for _, c := range choices {
		if c.Round.ID != key {
			continue
		}
		p, err := w.Desk.DraftPublicity(w.Context(), w.Office().Clerk, key, c.Plan())
		if err != nil {
			w.Fatal(err)
		}
		return p
	}
	w.Fatal("nobody of the round waits for publicity")
	return ""
}

// Publicised makes public the list of everybody who waits in the round of the
// given applications, now, and records that it was posted at once.
func (w *World) Publicised(apps ...id.Application) id.Publicity {
	w.Helper()
	var key id.Round
	w.read(func(tx *store.Tx) error {
		a, err := tx.Application(apps[0])
		key = a.Round
		return err
	})
	p := w.DraftedPublicity(key)
	if err := w.Desk.PublishPublicity(w.Context(), w.Office().Director, p, 0, calendar.DateOf(w.Now()), true); err != nil {
		w.Fatal(err)
	}
	if err := w.Desk.PostPublicity(w.Context(), w.Office().Clerk, p, publicity.Posting{URL: "https://example.org/gongshi/1.html", At: w.Now()}, true); err != nil {
		w.Fatal(err)
	}
	return p
}

// Cleared makes applications public, unless they are, and lets the full days
// pass: they wait for naming afterwards. The clock stands at the end.
func (w *World) Cleared(apps ...id.Application) {
	w.Helper()
	var ends time.Time
	w.read(func(tx *store.Tx) error {
		c, err := tx.CandidateOf(apps[0])
		if err != nil {
			return nil //nolint:nilerr // on no list yet
		}
		p, err := tx.Publicity(c.Publicity)
		ends = p.Ends
		return err
	})
	if ends.IsZero() {
		p := w.Publicised(apps...)
		w.read(func(tx *store.Tx) error {
			v, err := tx.Publicity(p)
			ends = v.Ends
			return err
		})
	}
	w.At(ends.In(calendar.Zone).Format("2006-01-02 15:04:05"))
}

// CandidateOf returns the candidate that stands for an application.
func (w *World) CandidateOf(key id.Application) (c publicity.Candidate) {
	w.Helper()
	w.read(func(tx *store.Tx) (err error) {
		c, err = tx.CandidateOf(key)
		return err
	})
	return c
}

// Objected files an objection against an application's candidate from the public
// page, now.
func (w *World) Objected(key id.Application) casework.Receipt {
	w.Helper()
	r, err := w.Desk.FileObjection(w.Context(), stage.Anyone, w.CandidateOf(key).ID, objection.Filing{
		Channel: objection.Web, Name: "柳树林", Contact: "0431-55550199", Text: "2020年度的年报没有公开。",
	}, "")
	if err != nil {
		w.Fatal(err)
	}
	return r
}

// MisuseReported files a report of misuse of a title from the public page, now.
func (w *World) MisuseReported(key id.Designation) casework.MisuseReceipt {
	w.Helper()
	r, err := w.Desk.FileMisuse(w.Context(), w.PlaqueOf(key).Code, misuse.Filing{
		About: "profit", Place: "某街某号", Text: "挂着牌匾向会员收取挂靠费。", Name: "白桦林", Contact: "0431-55550177",
	}, "")
	if err != nil {
		w.Fatal(err)
	}
	return r
}

// Inquired brings an objection to a handler who asked the organisation and had
// its reply, now.
func (w *World) Inquired(key id.Objection) {
	w.Helper()
	ctx, office := w.Context(), w.Office()
	if err := w.Desk.AdmitObjection(ctx, office.Clerk, key); err != nil {
		w.Fatal(err)
	}
	if err := w.Desk.AssignObjection(ctx, office.Director, key, office.Clerk.Account); err != nil {
		w.Fatal(err)
	}
	if err := w.Desk.AskObjection(ctx, office.Clerk, key, "请说明2020年度年报的公开情况。", 3); err != nil {
		w.Fatal(err)
	}
	var o objection.Objection
	w.read(func(tx *store.Tx) (err error) {
		o, err = tx.Objection(key)
		return err
	})
	if err := w.Desk.ReplyObjection(ctx, w.ApplicantOf(o.Organisation), key, "年报已在网站公开。"); err != nil {
		w.Fatal(err)
	}
}
