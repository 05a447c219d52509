package store_test

import (
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"shifan/internal/id"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/record"
	"shifan/internal/store"
	"shifan/internal/testkit"
)

// BenchmarkActs measures whole changes, each with its row, seal and entry: in memory,
// and durable with 1, 16 and 64 writers.
func BenchmarkActs(b *testing.B) {
	for _, tt := range []struct {
		name    string
		place   func(*testing.B) string
		writers int
	}{
		{"memory", func(*testing.B) string { return store.Memory }, 1},
		{"durable-1", func(b *testing.B) string { return testkit.Place(b) }, 1},
		{"durable-16", func(b *testing.B) string { return testkit.Place(b) }, 16},
		{"durable-64", func(b *testing.B) string { return testkit.Place(b) }, 64},
	} {
		b.Run(tt.name, func(b *testing.B) {
			s, err := store.Open(b.Context(), tt.place(b))
			if err != nil {
				b.Fatal(err)
			}
			defer s.Close() //nolint:errcheck // it was only for this
			var n atomic.Int64
			b.SetParallelism(max(1, tt.writers/2)) // times the two processors
			b.ResetTimer()
			run := func(next func() bool) {
				for next() {
					if err := note(b.Context(), s, fmt.Sprint(n.Add(1)), fine); err != nil {
						b.Error(err)
						return
					}
				}
			}
			if tt.writers == 1 {
				run(b.Loop)
			} else {
				b.RunParallel(func(pb *testing.PB) { run(pb.Next) })
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "acts/s")
		})
	}
}

// BenchmarkListPage reads one page, half-way down a round of 10,000 applications.
func BenchmarkListPage(b *testing.B) {
	s := testkit.Store(b)
	for hundred := range 100 {
		if err := s.Change(b.Context(), func(tx *store.Tx) (record.Entry, error) {
			if r := fullRound("rnd_a"); hundred == 0 {
				if err := tx.AddRound(&r); err != nil {
					return record.Entry{}, err
				}
			}
			for i := range 100 {
				a := fullApplication(id.Application(fmt.Sprintf("app_%02d%02d", hundred, i)))
				if err := tx.AddApplication(&a); err != nil {
					return record.Entry{}, err
				}
			}
			return record.Entry{At: time.Unix(1, 0), Act: "application.start", Thing: fmt.Sprint(hundred)}, nil
		}); err != nil {
			b.Fatal(err)
		}
	}
	for b.Loop() {
		if err := s.View(b.Context(), func(tx *store.Tx) error {
			all, err := tx.Applications(stage.Actor{Role: stage.Clerk}, store.ApplicationFilter{Round: "rnd_a", After: "app_5000"})
			if len(all) != 50 {
				b.Fatal(len(all))
			}
			return err
		}); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkVerify verifies a record of 10,000 entries and as many rows.
func BenchmarkVerify(b *testing.B) {
	s := testkit.Store(b)
	for i := range 10000 {
		if err := note(b.Context(), s, fmt.Sprintf("%05d", i), fine); err != nil {
			b.Fatal(err)
		}
	}
	if err := s.Sequence(b.Context()); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if v, err := s.Verify(b.Context(), testkit.Verifier()); err != nil || !v.Holds() {
			b.Fatal(v, err)
		}
	}
}
