package web_test

import (
	"testing"
	"time"

	"shifan/internal/id"
	"shifan/internal/lifecycle/designation"
	"shifan/internal/testkit"
)

// BenchmarkWork asks for the page of what waits for a clerk who has 10,000 applications of
// a round and 3,000 titles before them.
func BenchmarkWork(b *testing.B) {
	w := testkit.New(b)
	title := w.TitleNamed("2021-06-02")
	key := w.OpenRound()
	w.ManyApplications(w.ApplicationOf(w.Submitted(key)), []id.Round{key}, 10_000)
	w.ManyTitles(title, key, 3_000, func(*designation.Designation, int) {})
	page := w.Browser(w.Office().Clerk)
	var all []time.Duration
	for b.Loop() {
		from := time.Now()
		if p := page.Get("/work"); p.Status != 200 {
			b.Fatal(p.Status)
		}
		all = append(all, time.Since(from))
	}
	testkit.Median(b, all)
}
