package testkit

import (
	"fmt"
	"time"

	"shifan/internal/calendar"
	"shifan/internal/casework"
	"shifan/internal/id"
	"shifan/internal/lifecycle/application"
	"shifan/internal/lifecycle/designation"
	"shifan/internal/lifecycle/recheck"
	"shifan/internal/lifecycle/revocation"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/paper/font"
	"shifan/internal/store"
)

// Furnishing is what a furnished world holds, for tests that go everywhere in it.
type Furnishing struct {
	Round, Next       id.Round               // the open call; a draft of next year's
	Draft, Submitted  id.Application         // of the open call
	Correcting        id.Application         // the office asked for a correction
	Reviewing         id.Application         // accepted, its review drafted
	Visiting          id.Application         // its visit is arranged
	Sitting, Convened id.Meeting             // one under way, a vote open; one to come
	Voting            id.Item                // the vote that is open
	Publicity         id.Publicity           // running
	Listed            id.Application         // the first of its candidates, against whom nobody objects
	Objection         casework.Receipt       // against the second of its candidates
	Misuse            casework.MisuseReceipt // about the last of Titles
	Naming            id.Naming              // drafted, of those cleared before
	Told, Telling     id.Story               // published, of the first of Titles; drafted, of the last
	Titles            []id.Designation       // rechecked, rectifying, up for withdrawal, valid
	Applicants        []stage.Actor          // of Draft, Submitted, Correcting, Visiting, Objection's, Titles'
}

// Furnish lives a world to 2021 in which there is something at every stage: titles
// of 2018 in recheck, rectification and proceedings to withdraw them, an open call
// with applications everywhere between draft and naming, and meetings.
func (w *World) Furnish() (f Furnishing) {
	w.Helper()
	w.Signing()
	w.At("2018-09-15")
	for range 4 {
		f.Titles = append(f.Titles, w.Designation())
	}
	w.At("2021-06-21")
	f.Round, f.Next = w.callUntil(2021, "2021-09-30"), w.callUntil(2022, "")
	first, second, later := w.Accepted(f.Round), w.Accepted(f.Round), w.Accepted(f.Round)
	for _, key := range []id.Application{first, second, later} {
		w.Reviewed(key)
		w.Visited(key)
	}
	w.Decided(f.Round, first)
	w.Cleared(first)
	w.naming(&f)
	w.Decided(f.Round, second, later)
	f.Publicity, f.Listed = w.Publicised(second, later), second
	f.Objection = w.Objected(later)
	f.Misuse = w.MisuseReported(f.Titles[3])
	w.desks(&f, later)
	w.after(&f)
	f.Told, f.Telling = w.StoryPublished(f.Titles[0]), w.StoryDrafted(f.Titles[3])
	return f
}

// callUntil drafts the call of a year, and publishes it when it has a deadline.
func (w *World) callUntil(year int, deadline string) id.Round {
	w.Helper()
	plan, p := Plan2021(), w.Programme()
	plan.Year, plan.DocNumber = year, fmt.Sprintf("吉社联党发〔%d〕4号", year)
	plan.DatedOn, plan.DeadlineDate = calendar.DateOf(w.Now()), calendar.On(year, time.December, 1)
	if deadline != "" {
		plan.DeadlineDate = calendar.MustDate(deadline)
	}
	key, err := w.Desk.DraftRound(w.Context(), w.Office().Clerk, p.Name, plan)
	w.do(err)
	if deadline == "" {
		return key
	}
	v, err := w.Desk.Round(w.Context(), w.Office().Director, key)
	w.do(err)
	var noted []string
	for _, n := range v.Warnings {
		noted = append(noted, n.Code)
	}
	w.do(w.Desk.PublishRound(w.Context(), w.Office().Director, key, noted))
	return key
}

// naming drafts the naming of whoever waits.
func (w *World) naming(f *Furnishing) {
	w.Helper()
	choices, err := w.Desk.NamingChoices(w.Context(), w.Office().Clerk, f.Round)
	w.do(err)
	f.Naming, err = w.Desk.DraftNaming(w.Context(), w.Office().Clerk, f.Round, choices.Plan)
	w.do(err)
}

// desks leaves an application on every desk of the office, and two meetings.
func (w *World) desks(f *Furnishing, objected id.Application) {
	w.Helper()
	third := w.Accepted(f.Round)
	w.Reviewed(third)
	w.Visited(third)
	var items []id.Item
	f.Sitting, items = w.MeetingOn(f.Round, third)
	w.Sitting(f.Sitting)
	f.Voting = items[0]
	w.do(w.Desk.OpenVote(w.Context(), w.Office().Chair, f.Voting))
	f.Visiting, f.Reviewing, f.Correcting = w.Accepted(f.Round), w.Accepted(f.Round), w.Submitted(f.Round)
	w.Reviewed(f.Visiting)
	w.Visitable(f.Visiting)
	w.ReviewDrafted(f.Reviewing)
	w.do(w.Desk.RequestCorrection(w.Context(), w.Office().Clerk, f.Correcting, []application.Defect{{Field: "0-1", Say: "缺核准日期。"}}))
	f.Submitted, f.Draft = w.Submitted(f.Round), w.Drafted(f.Round)
	for _, key := range []id.Application{f.Draft, f.Submitted, f.Correcting, f.Visiting, objected} {
		f.Applicants = append(f.Applicants, w.ApplicantOf(w.ApplicationOf(key).Organisation))
	}
}

// after opens what comes after naming: the first title's recheck has begun, the
// second is being put right, the third is to be withdrawn.
func (w *World) after(f *Furnishing) {
	w.Helper()
	ctx, office, looks := w.Context(), w.Office(), w.Team()[0]
	for n, key := range f.Titles {
		d := kept(w, func(tx *store.Tx) (designation.Designation, error) { return tx.Designation(key) })
		holder := w.ApplicantOf(d.Organisation)
		f.Applicants = append(f.Applicants, holder)
		if n > 1 {
			continue
		}
		all := kept(w, func(tx *store.Tx) ([]recheck.Recheck, error) { return tx.RechecksOf(key) })
		r := all[len(all)-1]
		w.do(w.Desk.BeginRecheck(ctx, office.Clerk, r.ID, []id.Account{looks.Account}, 0))
		if n == 0 {
			continue
		}
		w.do(w.Desk.ReportSelf(ctx, holder, r.ID, "三年来坚持标准。", 0))
		found := map[string]recheck.Finding{}
		for k, i := range w.Programme().Indicators(calendar.DateOf(w.Now()).Year) {
			found[i.Code] = recheck.Finding{Then: r.Findings[i.Code].Then, Now: "meets"}
			if k == 0 {
				found[i.Code] = recheck.Finding{Then: r.Findings[i.Code].Then, Now: "fails", Note: "台账缺失。"}
			}
		}
		w.do(w.Desk.ReportRecheck(ctx, looks, r.ID, found, "总体情况如上。", 0))
		w.do(w.Desk.SlipRecheck(ctx, office.Chair, r.ID, "两年没有换届。", 0))
		order, err := w.Desk.OrderRectification(ctx, office.Chair, casework.RectificationOrder{Recheck: r.ID, Items: []string{"按期换届", "恢复活动场所"}})
		w.do(err)
		if _, err := font.Embedded(); err == nil {
			_, err := w.Desk.SignDocument(ctx, office.Chair, "rectification", string(order))
			w.do(err)
		}
		w.do(w.Desk.ServeRectification(ctx, office.Clerk, order, calendar.DateOf(w.Now()), 0))
	}
	_, err := w.Desk.ProposeRevocation(ctx, office.Clerk, f.Titles[2], revocation.Untrue, "年检结论与登记不符。")
	w.do(err)
	_, err = w.Desk.DraftPlan(ctx, office.Clerk, w.Programme().Name, calendar.DateOf(w.Now()).Year)
	w.do(err)
	f.Convened = w.ConvenedOnTitles()
}
