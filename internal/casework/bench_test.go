package casework_test

import (
	"fmt"
	"testing"
	"time"

	"shifan/internal/calendar"
	"shifan/internal/casework"
	"shifan/internal/id"
	"shifan/internal/lifecycle/designation"
	"shifan/internal/lifecycle/draw"
	"shifan/internal/lifecycle/review"
	"shifan/internal/lifecycle/round"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/store"
	"shifan/internal/testkit"
)

// BenchmarkStatistics counts ten rounds of a thousand applications each, for the overview
// of the years, and one of them with everything that is told of a round.
func BenchmarkStatistics(b *testing.B) {
	w := testkit.New(b)
	first := w.OpenRound()
	like := w.ApplicationOf(w.Submitted(first))
	rounds := []id.Round{first}
	var r round.Round
	if err := w.Desk.Store.View(b.Context(), func(tx *store.Tx) (err error) { r, err = tx.Round(first); return err }); err != nil {
		b.Fatal(err)
	}
	w.Fill(9, func(tx *store.Tx, i int) error {
		more := r
		more.ID, more.Year, more.DocNumber, more.Version = id.Round(fmt.Sprintf("rnd_bench%06d", i)), r.Year-1-i, fmt.Sprintf("第%d号", i), 0
		rounds = append(rounds, more.ID)
		return tx.AddRound(&more)
	})
	w.ManyApplications(like, rounds, 10_000)
	auditor := w.Person("审计员", stage.Auditor)
	b.Run("ten rounds", func(b *testing.B) {
		for b.Loop() {
			if v, err := w.Desk.Statistics(b.Context(), auditor, "", ""); err != nil || len(v.Years) != 10 || v.Total.Started != 10_001 {
				b.Fatal(v.Years, err)
			}
		}
	})
	b.Run("one round", func(b *testing.B) {
		for b.Loop() {
			if v, err := w.Desk.RoundStatistics(b.Context(), auditor, first); err != nil || v.Total.Started != 1_001 {
				b.Fatal(v.Total, err)
			}
		}
	})
}

// BenchmarkTick lives a day with 100,000 titles, of which as many end and are to be
// rechecked as do on a usual day of three years. Each round is one more day.
func BenchmarkTick(b *testing.B) {
	const days = 1095
	w := testkit.New(b)
	title := w.TitleNamed("2021-06-02")
	key := w.OpenRound()
	today := calendar.DateOf(w.Now())
	lead := w.Programme().Recheck.LeadDays
	w.ManyTitles(title, key, 100_000, func(d *designation.Designation, i int) {
		d.RecheckDue, d.ValidTo = today.AddDays(lead+1+i%days), today.AddDays(lead+2+i%days)
		if i < 10*100_000/days { // these were rechecked, and end in the ten days to come
			d.RecheckDue, d.ValidTo = calendar.Date{}, today.AddDays(i%10)
		}
	})
	if _, err := w.Desk.Tick(b.Context()); err != nil {
		b.Fatal(err)
	}
	acts := 0
	for b.Loop() {
		today = today.AddDays(1)
		w.Jump(today.Start().Add(9 * time.Hour))
		n, err := w.Desk.Tick(b.Context())
		if err != nil {
			b.Fatal(err)
		}
		acts += n
	}
	b.ReportMetric(float64(acts)/float64(b.N), "acts/day")
}

// BenchmarkAssignment gives 1,000 applications to 60 people who have a tie to every twentieth
// of the applicants each: reviews to clerks one after another, each to whoever has the
// least, with what each has read anew; and one draw that fills the teams of 1,000 visits
// with assessors.
func BenchmarkAssignment(b *testing.B) {
	const things, people = 1000, 60
	w := testkit.New(b)
	round := w.OpenRound()
	like := w.ApplicationOf(w.Submitted(round))
	w.ManyApplications(like, []id.Round{round}, 5*things) // a fifth waits for review, a fifth for a visit
	for n := range people {
		who := w.PersonWith(fmt.Sprintf("经办%d", n), casework.Grant{Role: stage.Clerk, Programme: like.Programme}, casework.Grant{Role: stage.Assessor, Programme: like.Programme})
		w.Fill(5*things/20, func(tx *store.Tx, i int) error {
			o := id.Organisation(fmt.Sprintf("org_bench%06d", i*20+n%20))
			return tx.AddInterest(&review.Interest{Key: string(who.Account) + "." + string(o), Account: who.Account, Organisation: o, Kind: "kin", Reason: "亲属任职", DeclaredAt: w.Now()})
		})
	}
	b.Run("reviews", func(b *testing.B) {
		for b.Loop() {
			if err := w.Desk.Store.View(b.Context(), func(tx *store.Tx) error {
				for i := range things {
					loads, err := tx.ReviewLoads(like.Programme)
					if err != nil {
						return err
					}
					ties, err := tx.InterestsIn(id.Organisation(fmt.Sprintf("org_bench%06d", i*5+1)))
					if err != nil {
						return err
					}
					if who := review.Balanced(loads, ties); who == "" || ties[who] != "" {
						b.Fatal(who)
					}
				}
				return nil
			}); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("draw", func(b *testing.B) {
		var visits []id.Visit
		for i := range things {
			visits = append(visits, id.Visit(fmt.Sprintf("vis_bench%06d", i*5+2)))
		}
		parties := []stage.Actor{w.Office().Clerk, w.Person("监督员", stage.Scrutineer), w.ApplicantOf("org_bench000002")}
		for b.Loop() {
			b.StopTimer()
			key, err := w.Desk.OpenDraw(b.Context(), w.Office().Clerk, round, visits)
			done := func(err error) {
				if err != nil {
					b.Fatal(err)
				}
			}
			done(err)
			done(w.Desk.RuleDraw(b.Context(), w.Office().Director, key, w.Now().Add(24*time.Hour), ""))
			for _, by := range parties {
				done(w.Desk.CommitToDraw(b.Context(), by, key, draw.Commitment{Digest: reveal(by).Commitment()}))
			}
			done(w.Desk.CloseDraw(b.Context(), w.Office().Director, key))
			for _, by := range parties {
				done(w.Desk.RevealToDraw(b.Context(), by, key, reveal(by)))
			}
			b.StartTimer()
			done(w.Desk.ConcludeDraw(b.Context(), w.Office().Clerk, key))
		}
	})
}
