package jobs_test

import (
	"context"
	"log/slog"
	"slices"
	"testing"
	"time"

	"shifan/internal/calendar"
	"shifan/internal/jobs"
	"shifan/internal/testkit"
)

// TestTheDeskWakesWhenSomethingFallsDue: a title's recheck falls due; the desk sleeps
// a minute while that is far, and to the instant when it is near.
func TestTheDeskWakesWhenSomethingFallsDue(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	log := slog.New(slog.DiscardHandler)
	if got := jobs.Next(t.Context(), w.Desk, log); got != time.Minute {
		t.Errorf("with nothing ahead it sleeps %v", got)
	}
	w.Designation()
	ahead, err := w.Desk.Milestones(t.Context())
	if err != nil || len(ahead) == 0 {
		t.Fatalf("nothing ahead: %v", err)
	}
	for before, want := range map[time.Duration]time.Duration{
		time.Hour: time.Minute, 61 * time.Second: time.Minute, 20 * time.Second: 20 * time.Second, time.Millisecond: time.Second,
	} {
		w.Jump(ahead[0].At.Add(-before))
		if got := jobs.Next(t.Context(), w.Desk, log); got != want {
			t.Errorf("%v before: it sleeps %v, want %v", before, got, want)
		}
	}
}

// TestRunDoesWhatIsDue: started after a deadline, as after an outage, it makes good
// what was missed at once, and ends with its context.
func TestRunDoesWhatIsDue(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	r := w.OpenRound()
	w.Jump(calendar.MustDate("2021-07-11").Start())
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		jobs.Run(ctx, w.Desk, slog.New(slog.DiscardHandler), nil)
	}()
	closed := func() bool {
		return slices.Contains(w.Record(string(r)), "round.close open→closed clock")
	}
	for i := 0; i < 500 && !closed(); i++ {
		time.Sleep(20 * time.Millisecond)
	}
	stop()
	<-ended
	if !closed() {
		t.Errorf("the round was not closed: %v", w.Record(string(r)))
	}
}
