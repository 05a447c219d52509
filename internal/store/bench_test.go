package store_test

import (
	"fmt"
	"sync/atomic"
	"testing"

	"shifan/internal/lifecycle/stage"
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

// BenchmarkListPage reads one page, half-way down a list of 10,000.
func BenchmarkListPage(b *testing.B) {
	s := testkit.Store(b)
	for i := range 10000 {
		if err := note(b.Context(), s, fmt.Sprintf("%05d", i), fine); err != nil {
			b.Fatal(err)
		}
	}
	for b.Loop() {
		if err := s.View(b.Context(), func(tx *store.Tx) error {
			all, err := tx.Accounts(stage.Actor{Role: stage.Operator}, store.AccountFilter{After: "05000"})
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
