package casework_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"shifan/internal/calendar"
	"shifan/internal/casework"
	"shifan/internal/id"
	"shifan/internal/lifecycle/application"
	"shifan/internal/lifecycle/meeting"
	"shifan/internal/lifecycle/review"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/lifecycle/team"
	"shifan/internal/lifecycle/visit"
	"shifan/internal/store"
	"shifan/internal/testkit"
)

// TestTheWorkPageLosesNothing: of a kind of which much waits the page lists the most
// urgent and says of how many; what has an interest hides is in neither figure.
func TestTheWorkPageLosesNothing(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	key := w.OpenRound()
	w.ManyApplications(w.ApplicationOf(w.Submitted(key)), []id.Round{key}, 300)
	clerk := w.Office().Clerk
	counted := func() map[string][2]int { // by kind: those listed, those there are
		v, err := w.Desk.Waiting(t.Context(), clerk)
		if err != nil {
			t.Fatal(err)
		}
		got := map[string][2]int{}
		for _, i := range v.Items {
			n := got[i.Stage]
			got[i.Stage] = [2]int{n[0] + 1, n[1] + 1}
		}
		for _, b := range v.Beyond {
			got[b.Stage] = [2]int{got[b.Stage][0], b.Total}
			if b.Least != got[b.Stage][0] {
				t.Errorf("%s says it lists %d, and lists %d", b.Stage, b.Least, got[b.Stage][0])
			}
		}
		return got
	}
	applications, reviews, visits := application.Kind.Label, review.Kind.Label, visit.Kind.Label
	if diff := cmp.Diff(map[string][2]int{applications: {50, 61}, reviews: {50, 60}, visits: {50, 60}, meeting.Kind.Label: {1, 1}}, counted()); diff != "" {
		t.Error(diff)
	}
	all, err := w.Desk.Work(t.Context(), clerk)
	if err != nil || len(all) != 182 {
		t.Errorf("reminders and calendars read %d of 182: %v", len(all), err)
	}
	for i := range 15 { // an interest in five waiting applications, and in fewer reviews and visits than the page leaves out
		o := id.Organisation(fmt.Sprintf("org_bench%06d", i))
		w.Fill(1, func(tx *store.Tx, _ int) error {
			n := review.Tie(clerk.Account, o, "曾任职", w.Now())
			return tx.AddInterest(&n)
		})
	}
	if diff := cmp.Diff(map[string][2]int{applications: {50, 58}, reviews: {50, 57}, visits: {50, 57}, meeting.Kind.Label: {1, 1}}, counted()); diff != "" {
		t.Error(diff)
	}
}

// TestWhatWaitsIsWhatTheRuleSays: the queries that find what asks something of somebody
// agree with the rules, whatever the state, whoever has it.
func TestWhatWaitsIsWhatTheRuleSays(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	office, day := w.Office(), calendar.MustDate("2021-09-01")
	other := w.Person("经办人乙", stage.Clerk)
	var reviews []review.Review
	for _, state := range []stage.State{review.Open, review.Drafted, review.Confirmed, review.Ended} {
		for _, who := range []id.Account{"", office.Clerk.Account, office.Director.Account, other.Account} {
			r := review.Review{State: state, Reviewer: who, DueOn: day, Recommendation: "recommend", Opinion: "可以列入。", Confirmer: "acc_second", OpenedAt: w.Now()}
			reviews = append(reviews, r)
		}
	}
	led, leaderless := []team.Seat{{Name: "甲", Leader: true}}, []team.Seat{{Name: `乙"leader":true`}}
	var visits []visit.Visit
	for _, state := range []stage.State{visit.Planned, visit.Scheduled, visit.Reported, visit.Ended} {
		for _, seats := range [][]team.Seat{led, leaderless} {
			for _, answer := range []visit.Answer{{}, {Confirmed: true, Reason: `说"day":`}, {Day: day, Reason: "换届"}} {
				v := visit.Visit{State: state, Team: seats, Answer: answer, OpenedAt: w.Now()}
				if state != visit.Planned {
					v.On, v.At = day, "09:00"
				}
				visits = append(visits, v)
			}
		}
	}
	w.Fill(max(len(reviews), len(visits)), func(tx *store.Tx, i int) (err error) {
		key := fmt.Sprintf("%017d", i)
		if i < len(reviews) {
			r := reviews[i]
			r.ID, r.Programme, r.Application, r.Organisation = id.Review("rev"+key), "base", id.Application("app"+key), id.Organisation("org"+key)
			err = tx.AddReview(&r)
		}
		if i < len(visits) && err == nil {
			v := visits[i]
			v.ID, v.Programme, v.Application, v.Organisation = id.Visit("vis"+key), "base", id.Application("app"+key), id.Organisation("org"+key)
			err = tx.AddVisit(&v)
		}
		return err
	})
	for _, by := range []stage.Actor{office.Clerk, office.Director} {
		by.Programme = "base"
		waiting, err := w.Desk.Waiting(t.Context(), by)
		if err != nil {
			t.Fatal(err)
		}
		list, err := w.Desk.Reviews(t.Context(), by, casework.ReviewFilter{Limit: 100})
		if err != nil {
			t.Fatal(err)
		}
		want, got := map[string]bool{}, map[string]bool{}
		for _, l := range list.Lines {
			if l.Mine {
				want["/reviews/"+string(l.Review.ID)] = true
			}
		}
		places, err := w.Desk.Visits(t.Context(), by, casework.VisitFilter{Limit: 100})
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range places.Lines {
			if l.Task != "" {
				want["/visits/"+string(l.Visit.ID)] = true
			}
		}
		for _, i := range waiting.Items {
			got[i.URL] = true
		}
		if diff := cmp.Diff(want, got); diff != "" || len(got) < 4 {
			t.Errorf("%s: %s", by.Role, diff)
		}
	}
}
