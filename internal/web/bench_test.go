package web_test

import (
	"testing"
	"time"

	"shifan/internal/casework"
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

// BenchmarkReviews asks for pages of the list of 10,000 reviews (30,000 things with their
// applications and visits): the first, filtered in each way, sorted in each way, and one
// half-way down.
func BenchmarkReviews(b *testing.B) {
	w := testkit.New(b)
	key := w.OpenRound()
	w.ManyApplications(w.ApplicationOf(w.Submitted(key)), []id.Round{key}, 16_667)
	w.Settle()
	clerk := w.Office().Clerk
	page := w.Browser(clerk)
	var half id.Review
	for range 100 {
		v, err := w.Desk.Reviews(b.Context(), clerk, casework.ReviewFilter{After: half, Limit: 50})
		if err != nil || len(v.Lines) != 50 {
			b.Fatal(len(v.Lines), err)
		}
		half = v.Lines[49].Review.ID
	}
	for name, query := range map[string]string{
		"first":            "?state=all",
		"half-way":         "?state=all&after=" + string(half),
		"in hand":          "",
		"confirmed":        "?state=confirmed",
		"late":             "?due=late&state=all",
		"nobody's":         "?mine=nobody",
		"by number":        "?state=all&query=B-0123",
		"by name":          "?state=all&query=%E5%90%89%E6%9E%97",
		"by name, in hand": "?query=%E5%90%89%E6%9E%97",
		"none":             "?state=all&query=%E6%B2%88%E9%98%B3",
		"newest":           "?state=all&sort=newest",
		"newest half":      "?state=all&sort=newest&after=" + string(half),
	} {
		b.Run(name, func(b *testing.B) {
			var all []time.Duration
			for b.Loop() {
				from := time.Now()
				if p := page.Get("/reviews" + query); p.Status != 200 {
					b.Fatal(p.Status)
				}
				all = append(all, time.Since(from))
			}
			testkit.Median(b, all)
		})
	}
}
