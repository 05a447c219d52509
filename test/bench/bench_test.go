package bench_test

import (
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"
	_ "github.com/pocketbase/pocketbase/migrations" // its own tables

	"shifan/internal/id"
	"shifan/internal/lifecycle/answer"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/testkit"
)

// clients is how many act at once.
var clients = []int{1, 16, 64}

// text is what each act writes: one answer.
var text = strings.Repeat("三年来每年都有安排、有记录、有检查。", 18)

// share runs one act b.N times, by so many hands at once. It reports also what they took of
// the processors: on a machine with other work to do the rate says less.
func share(b *testing.B, hands int, act func(hand, n int) error) {
	b.Helper()
	b.ResetTimer()
	before := used(b)
	var next atomic.Int64
	var all sync.WaitGroup
	for hand := range hands {
		all.Go(func() {
			for n := int(next.Add(1)) - 1; n < b.N; n = int(next.Add(1)) - 1 {
				if err := act(hand, n); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	all.Wait()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "acts/s")
	b.ReportMetric(float64((used(b)-before).Microseconds())/float64(b.N), "cpu-µs/act")
	b.StopTimer()
}

// used is the time of processors that this process took so far.
func used(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// drafts makes drafts of as many applicants.
func drafts(w *testkit.World, r id.Round, n int) (files []id.Application, by []stage.Actor) {
	for range n {
		key := w.Drafted(r)
		files, by = append(files, key), append(by, w.ApplicantOf(w.ApplicationOf(key).Organisation))
	}
	return files, by
}

// BenchmarkAutosave saves one answer of a draft: durable, and told in the record.
func BenchmarkAutosave(b *testing.B) {
	for _, hands := range clients {
		b.Run(fmt.Sprint(hands), func(b *testing.B) {
			w := testkit.New(b)
			r := w.OpenRound()
			files, by := drafts(w, r, hands)
			share(b, hands, func(hand, n int) error {
				part := answer.Part{Answers: map[string]answer.Answer{"1-1": {Rating: answer.Meets, Statement: fmt.Sprint(n) + text}}}
				return w.Desk.SaveApplication(b.Context(), by[hand], files[hand], 0, part)
			})
		})
	}
}

// BenchmarkSubmit submits whole applications.
func BenchmarkSubmit(b *testing.B) {
	for _, hands := range clients {
		b.Run(fmt.Sprint(hands), func(b *testing.B) {
			w := testkit.New(b)
			r := w.OpenRound()
			files, by := drafts(w, r, b.N)
			share(b, hands, func(_, n int) error {
				return w.Desk.SubmitApplication(b.Context(), by[n], files[n], 0, fmt.Sprint("form", n))
			})
		})
	}
}

// BenchmarkPocketBase creates a record with the same text.
func BenchmarkPocketBase(b *testing.B) {
	for _, hands := range clients {
		b.Run(fmt.Sprint(hands), func(b *testing.B) {
			app := core.NewBaseApp(core.BaseAppConfig{DataDir: b.TempDir()})
			if err := app.Bootstrap(); err != nil {
				b.Fatal(err)
			}
			defer app.ResetBootstrapState() //nolint:errcheck // it was only for this
			if err := app.RunAllMigrations(); err != nil {
				b.Fatal(err)
			}
			answers := core.NewBaseCollection("answers")
			answers.Fields.Add(&core.TextField{Name: "statement"})
			if err := app.Save(answers); err != nil {
				b.Fatal(err)
			}
			share(b, hands, func(_, n int) error {
				r := core.NewRecord(answers)
				r.Set("statement", fmt.Sprint(n)+text)
				return app.Save(r)
			})
		})
	}
}
