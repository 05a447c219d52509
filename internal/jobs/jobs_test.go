package jobs_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"shifan/internal/blob"
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

// TestOrphansGo: what lies in the folder since before the grace period goes when the
// server starts, and what is younger stays.
func TestOrphansGo(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	dir := t.TempDir()
	folder, err := blob.Folder(dir)
	if err != nil {
		t.Fatal(err)
	}
	w.Desk.Files.Blobs = folder
	sums := make([]string, 2)
	for n := range sums {
		sum := sha256.Sum256([]byte{byte(n)})
		sums[n] = hex.EncodeToString(sum[:])
		if err := folder.Put(t.Context(), sums[n], 1, bytes.NewReader([]byte{byte(n)})); err != nil {
			t.Fatal(err)
		}
	}
	ago := time.Now().Add(-4 * time.Hour)
	if err := os.Chtimes(filepath.Join(dir, sums[0][:2], sums[0][2:]), ago, ago); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		jobs.Orphans(ctx, w.Desk, 3*time.Hour, time.Now, slog.New(slog.DiscardHandler))
	}()
	for range 500 {
		if _, err := folder.Stat(t.Context(), sums[0]); errors.Is(err, blob.ErrAbsent) {
			break
		}
		time.Sleep(20 * time.Millisecond)
	}
	stop()
	<-ended
	if _, err := folder.Stat(t.Context(), sums[0]); !errors.Is(err, blob.ErrAbsent) {
		t.Error("the orphan stays:", err)
	}
	if _, err := folder.Stat(t.Context(), sums[1]); err != nil {
		t.Error("what is young is gone:", err)
	}
}
