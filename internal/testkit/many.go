package testkit

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
	"shifan/internal/lifecycle/stage"
	"shifan/internal/lifecycle/visit"
	"shifan/internal/record"
	"shifan/internal/store"
)

// Fill puts n things into a world, a thousand a transaction, without the lives that
// would have led to them: into its store the promises are not kept.
func (w *World) Fill(n int, put func(tx *store.Tx, i int) error) {
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

// ManyApplications puts n applications like one into rounds in turn, each in the state and at
// the stage of its number, with what the chapters behind it hold.
func (w *World) ManyApplications(like application.Application, rounds []id.Round, n int) {
	w.Helper()
	states := []struct {
		state stage.State
		at    string
	}{{application.Submitted, ""}, {application.Underway, "review"}, {application.Underway, "visit"}, {application.Underway, "meeting"}, {application.Declined, ""}}
	indicators, office := w.Criteria(rounds[0]), w.Office()
	w.Fill(n, func(tx *store.Tx, i int) error {
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
			j := Judgement(indicators)
			r.State, r.Reviewer, r.Confirmer, r.Findings, r.Recommendation, r.Opinion = review.Confirmed, office.Clerk.Account, office.Director.Account, j.Findings, j.Recommendation, "建议列入。"
			r.DraftedAt, r.EndedAt = w.Now(), w.Now()
		}
		if err := tx.AddReview(&r); err != nil || at.at == "review" {
			return err
		}
		v := visit.Visit{
			ID: id.Visit(fmt.Sprintf("vis_bench%06d", i)), Programme: a.Programme, Round: a.Round, Application: a.ID, Organisation: a.Organisation, State: visit.Planned, OpenedAt: w.Now(),
		}
		if at.at == "meeting" {
			v.State, v.Findings, v.Opinion, v.Edition, v.EndedAt = visit.Signed, Account(indicators).Findings, "meets", 1, w.Now()
		}
		return tx.AddVisit(&v)
	})
}

// ManyTitles puts n titles like one into a world, each given its terms by its number.
func (w *World) ManyTitles(like designation.Designation, key id.Round, n int, terms func(d *designation.Designation, i int)) {
	w.Helper()
	w.Fill(n, func(tx *store.Tx, i int) error {
		d := like
		d.ID, d.Number, d.Round, d.Version = id.Designation(fmt.Sprintf("dsg_bench%06d", i)), fmt.Sprintf("B-%06d", i), key, 0
		d.Application = id.Application(fmt.Sprintf("app_title%06d", i))
		terms(&d, i)
		return tx.AddDesignation(&d)
	})
}

// Median reports the time in which half of what was measured was done.
func Median(b *testing.B, all []time.Duration) {
	b.Helper()
	slices.Sort(all)
	b.ReportMetric(float64(all[len(all)/2].Microseconds())/1000, "p50-ms")
}
