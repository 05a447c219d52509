package testkit

import (
	"fmt"
	"time"

	"shifan/internal/calendar"
	"shifan/internal/id"
	"shifan/internal/lifecycle/assessment"
	"shifan/internal/lifecycle/item"
	"shifan/internal/lifecycle/meeting"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/review"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/lifecycle/visit"
	"shifan/internal/store"
)

// Judgement is a review in which nothing is wrong: everything conforms, and the
// application is recommended.
func Judgement(indicators []programme.Indicator) review.Judgement {
	j := review.Judgement{Findings: map[string]review.Finding{}, Recommendation: "recommend", Opinion: "经初审，自评属实，建议提交会议审议。"}
	for _, i := range indicators {
		if review.Asked(i) {
			j.Findings[i.Code] = review.Finding{Verdict: "meets", Reason: "自评与台账一致。", Score: i.Points}
		}
	}
	return j
}

// Account is a report of a visit in which everything is as it should be.
func Account(indicators []programme.Indicator) assessment.Account {
	a := assessment.Account{
		Records: map[string]assessment.Record{
			"papers": {Text: "查阅会议记录和台账，齐全。"}, "premises": {Text: "查看活动阵地，标识规范。"},
			"interviews": {Text: "座谈党员和从业人员。", People: 12, Tallies: map[string]assessment.Tally{
				"leader": {Sample: 12, Content: 12}, "members": {Sample: 20, Content: 19}, "served": {Sample: 20, Content: 20},
			}},
		},
		Findings: map[string]assessment.Finding{}, Opinion: "meets", Text: "经实地考核，达到创建标准。",
	}
	for _, i := range indicators {
		a.Findings[i.Code] = assessment.Finding{Rating: "meets", Score: i.Points}
	}
	return a
}

// Team returns three assessors, made on the first call.
func (w *World) Team() []stage.Actor {
	w.Helper()
	for n := len(w.team); n < 3; n++ {
		w.team = append(w.team, w.Person(fmt.Sprintf("考核组员%d", n+1), stage.Assessor))
	}
	return w.team
}

// Members returns four members of the committee beside the chair, made on the
// first call.
func (w *World) Members() []stage.Actor {
	w.Helper()
	for n := len(w.members); n < 4; n++ {
		w.members = append(w.members, w.Person(fmt.Sprintf("委员%d", n+1), stage.Member))
	}
	return w.members
}

// ReviewOf returns the review of an application as it is kept, whoever may see it.
func (w *World) ReviewOf(key id.Application) review.Review {
	w.Helper()
	return kept(w, func(tx *store.Tx) (review.Review, error) { return tx.ReviewOf(key) })
}

// VisitOf returns the visit of an application as it is kept, whoever may see it.
func (w *World) VisitOf(key id.Application) visit.Visit {
	w.Helper()
	return kept(w, func(tx *store.Tx) (visit.Visit, error) { return tx.VisitOf(key) })
}

// Criteria returns the indicators that a round is judged by.
func (w *World) Criteria(key id.Round) []programme.Indicator {
	w.Helper()
	return kept(w, func(tx *store.Tx) ([]programme.Indicator, error) {
		r, err := tx.Round(key)
		if err != nil {
			return nil, err
		}
		p, err := tx.ProgrammeOf(key)
		if err != nil {
			return nil, err
		}
		return p.Indicators(r.Year), nil
	})
}

// kept reads something from the world's store.
func kept[T any](w *World, read func(*store.Tx) (T, error)) (v T) {
	w.Helper()
	if err := w.Desk.Store.View(w.Context(), func(tx *store.Tx) (err error) { v, err = read(tx); return err }); err != nil {
		w.Fatal(err)
	}
	return v
}

// do fails the test when an act of a verb did not succeed.
func (w *World) do(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

// ReviewDrafted brings an accepted application to a review that waits for the
// second person.
func (w *World) ReviewDrafted(key id.Application) id.Review {
	w.Helper()
	r := w.ReviewOf(key)
	w.do(w.Desk.DraftReview(w.Context(), w.Office().Clerk, r.ID, 0, Judgement(w.Criteria(r.Round))))
	return r.ID
}

// Reviewed brings an accepted application through its review, now.
func (w *World) Reviewed(key id.Application) {
	w.Helper()
	w.do(w.Desk.ConfirmReview(w.Context(), w.Office().Director, w.ReviewDrafted(key), 0))
}

// Visitable brings an application that was reviewed to a visit that is arranged,
// for the earliest day, and returns that day.
func (w *World) Visitable(key id.Application) (id.Visit, calendar.Date) {
	w.Helper()
	v, clerk, team := w.VisitOf(key), w.Office().Clerk, w.Team()
	w.do(w.Desk.ComposeTeam(w.Context(), clerk, v.ID, 0, []id.Account{team[0].Account, team[1].Account, team[2].Account}, team[0].Account, ""))
	view, err := w.Desk.Visit(w.Context(), clerk, v.ID)
	w.do(err)
	w.do(w.Desk.ScheduleVisit(w.Context(), clerk, v.ID, 0, visit.Slot{On: view.Earliest, At: "09:30", Place: "该单位会议室"}, ""))
	return v.ID, view.Earliest
}

// Visited brings an application that was reviewed through its visit: the clock
// stands on the day of the visit afterwards.
func (w *World) Visited(key id.Application) {
	w.Helper()
	v, on := w.Visitable(key)
	w.At(on.String() + " 15:00:00")
	w.do(w.Desk.ReportVisit(w.Context(), w.Team()[0], v, 0, Account(w.Criteria(w.VisitOf(key).Round))))
	for _, by := range w.Team() {
		w.do(w.Desk.SignVisit(w.Context(), by, v, 1, ""))
	}
}

// Convened convenes a meeting about applications of a round, at 9:00 of the first
// day that it may sit. Its agenda is empty.
func (w *World) Convened(round id.Round) id.Meeting {
	w.Helper()
	w.Members()
	p := w.Programme()
	on := calendar.DateOf(w.Now()).AddDays(p.Meeting.MaterialDays + 1)
	m, err := w.Desk.ConveneMeeting(w.Context(), w.Office().Clerk, p.Name, meeting.Plan{
		Round: round, Title: "全体委员会议", At: on.Start().Add(9 * time.Hour), Place: "三楼会议室", Presiding: w.Office().Chair.Account,
	})
	w.do(err)
	return m
}

// MeetingOn convenes a meeting about applications of a round, lists them and
// sends out the papers.
func (w *World) MeetingOn(round id.Round, keys ...id.Application) (id.Meeting, []id.Item) {
	w.Helper()
	m, clerk := w.Convened(round), w.Office().Clerk
	var items []id.Item
	for _, key := range keys {
		i, err := w.Desk.ListItem(w.Context(), clerk, m, item.Subject{Kind: "application", ID: string(key)})
		w.do(err)
		items = append(items, i)
	}
	w.do(w.Desk.CirculateMeeting(w.Context(), clerk, m))
	return m, items
}

// Sitting opens a meeting when its time has come, with everybody there.
func (w *World) Sitting(m id.Meeting) {
	w.Helper()
	chair := w.Office().Chair
	v, err := w.Desk.Meeting(w.Context(), chair, m)
	w.do(err)
	w.At(v.Meeting.At.In(calendar.Zone).Format("2006-01-02 15:04:05"))
	for _, s := range v.Meeting.Roster {
		w.do(w.Desk.SignIntoMeeting(w.Context(), w.Office().Clerk, m, s.Account))
	}
	w.do(w.Desk.OpenMeeting(w.Context(), chair, m))
}

// Voted puts an item to the vote: everybody who may votes alike, the chair last,
// and the result is declared. reason is needed where it departs from the review.
func (w *World) Voted(i id.Item, choice, reason string) {
	w.Helper()
	chair := w.Office().Chair
	w.do(w.Desk.OpenVote(w.Context(), chair, i))
	for _, by := range append(append([]stage.Actor{}, w.Members()...), chair) {
		v, err := w.Desk.Item(w.Context(), by, i)
		w.do(err)
		if v.May {
			w.do(w.Desk.Vote(w.Context(), by, i, choice))
		}
	}
	w.do(w.Desk.CloseVote(w.Context(), chair, i))
	w.do(w.Desk.Declare(w.Context(), chair, i, "", reason))
}

// Decided brings applications that were visited through a meeting that carries
// all of them. The clock stands on the day of the meeting afterwards.
func (w *World) Decided(round id.Round, keys ...id.Application) {
	w.Helper()
	m, items := w.MeetingOn(round, keys...)
	w.Sitting(m)
	for _, i := range items {
		w.Voted(i, "aye", "")
	}
	w.do(w.Desk.CloseMeeting(w.Context(), w.Office().Chair, m))
}
