package casework_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"shifan/internal/calendar"
	"shifan/internal/id"
	"shifan/internal/lifecycle/application"
	"shifan/internal/lifecycle/designation"
	"shifan/internal/lifecycle/review"
	"shifan/internal/lifecycle/round"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/lifecycle/visit"
	"shifan/internal/record"
	"shifan/internal/store"
	"shifan/internal/testkit"
)

// fillIn puts n things into a world, a thousand a transaction, without the lives that
// would have led to them: into its store the promises are not kept.
func fillIn(w *testkit.World, n int, put func(tx *store.Tx, i int) error) {
	w.Helper()
	s := w.Node().Store
	for i := 0; i < n; i += 1000 {
		if err := s.Change(w.Context(), func(tx *store.Tx) (record.Entry, error) {
			for k := i; k < min(n, i+1000); k++ {
				if err := put(tx, k); err != nil {
					return record.Entry{}, err
				}
			}
			return record.Entry{At: w.Now(), Act: "test.fill", Thing: fmt.Sprint("fill_", i)}, nil
		}); err != nil {
			w.Fatal(err)
		}
	}
}

// manyApplications puts n applications like one into rounds in turn, each in the state and at
// the stage of its number, with what the chapters behind it hold.
func manyApplications(w *testkit.World, like application.Application, rounds []id.Round, n int) {
	w.Helper()
	states := []struct {
		state stage.State
		at    string
	}{{application.Submitted, ""}, {application.Underway, "review"}, {application.Underway, "visit"}, {application.Underway, "meeting"}, {application.Declined, ""}}
	indicators := w.Criteria(rounds[0])
	fillIn(w, n, func(tx *store.Tx, i int) error {
		a, at := like, states[i/len(rounds)%len(states)]
		a.ID, a.Organisation, a.Round = id.Application(fmt.Sprintf("app_bench%06d", i)), id.Organisation(fmt.Sprintf("org_bench%06d", i)), rounds[i%len(rounds)]
		a.Number, a.State, a.Stage, a.Version = fmt.Sprintf("B-%06d", i), at.state, at.at, 0
		if err := tx.AddApplication(&a); err != nil || at.at == "" {
			return err
		}
		r := review.Review{
			ID: id.Review(fmt.Sprintf("rev_bench%06d", i)), Programme: a.Programme, Round: a.Round, Application: a.ID, Organisation: a.Organisation, State: review.Open,
			DueOn: calendar.MustDate("2021-08-06"), OpenedAt: w.Now(),
		}
		if at.at != "review" {
			j := testkit.Judgement(indicators)
			r.State, r.Reviewer, r.Confirmer, r.Findings, r.Recommendation, r.Opinion = review.Confirmed, "acc_reviewer", "acc_confirmer", j.Findings, j.Recommendation, "建议列入。"
			r.DraftedAt, r.EndedAt = w.Now(), w.Now()
		}
		if err := tx.AddReview(&r); err != nil || at.at == "review" {
			return err
		}
		v := visit.Visit{
			ID: id.Visit(fmt.Sprintf("vis_bench%06d", i)), Programme: a.Programme, Round: a.Round, Application: a.ID, Organisation: a.Organisation, State: visit.Planned, OpenedAt: w.Now(),
		}
		if at.at == "meeting" {
			v.State, v.Findings, v.Opinion, v.Edition, v.EndedAt = visit.Signed, testkit.Account(indicators).Findings, "meets", 1, w.Now()
		}
		return tx.AddVisit(&v)
	})
}

// manyTitles puts n titles like one into a world, each given its terms by its number.
func manyTitles(w *testkit.World, like designation.Designation, key id.Round, n int, terms func(d *designation.Designation, i int)) {
	w.Helper()
	fillIn(w, n, func(tx *store.Tx, i int) error {
		d := like
		d.ID, d.Number, d.Round, d.Version = id.Designation(fmt.Sprintf("dsg_bench%06d", i)), fmt.Sprintf("B-%06d", i), key, 0
		d.Application = id.Application(fmt.Sprintf("app_title%06d", i))
		terms(&d, i)
		return tx.AddDesignation(&d)
	})
}

// medianOf reports the time in which half of what was measured was done.
func medianOf(b *testing.B, all []time.Duration) {
	b.Helper()
	slices.Sort(all)
	b.ReportMetric(float64(all[len(all)/2].Microseconds())/1000, "p50-ms")
}

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
	fillIn(w, 9, func(tx *store.Tx, i int) error {
		more := r
		more.ID, more.Year, more.DocNumber, more.Version = id.Round(fmt.Sprintf("rnd_bench%06d", i)), r.Year-1-i, fmt.Sprintf("第%d号", i), 0
		rounds = append(rounds, more.ID)
		return tx.AddRound(&more)
	})
	manyApplications(w, like, rounds, 10_000)
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

// BenchmarkWork asks for the page of what waits for a clerk who has 10,000 applications of
// a round and 3,000 titles before them.
func BenchmarkWork(b *testing.B) {
	w := testkit.New(b)
	title := w.TitleNamed("2021-06-02")
	key := w.OpenRound()
	manyApplications(w, w.ApplicationOf(w.Submitted(key)), []id.Round{key}, 10_000)
	manyTitles(w, title, key, 3_000, func(*designation.Designation, int) {})
	page := w.Browser(w.Office().Clerk)
	var all []time.Duration
	for b.Loop() {
		from := time.Now()
		if p := page.Get("/work"); p.Status != 200 {
			b.Fatal(p.Status)
		}
		all = append(all, time.Since(from))
	}
	medianOf(b, all)
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
	manyTitles(w, title, key, 100_000, func(d *designation.Designation, i int) {
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
