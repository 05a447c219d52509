package jobs

import (
	"context"
	"log/slog"
	"time"

	"shifan/internal/casework"
)

// Files does what uploaded files wait for, until ctx is done. It runs beside Run, so that a large file holds up
// no deadline.
func Files(ctx context.Context, desk *casework.Desk, log *slog.Logger) {
	for ctx.Err() == nil {
		acts, err := desk.TendFiles(ctx)
		if err != nil && ctx.Err() == nil {
			log.Error("files", "error", err)
		}
		wait := filesEvery
		if acts > 0 && err == nil {
			wait = 0 // there may be more
		}
		select {
		case <-ctx.Done():
		case <-time.After(wait):
		}
	}
}

// filesEvery is how long a file waits at most before it is looked at.
const filesEvery = 3 * time.Second

// Orphans takes away the bytes that no row names any more, or never did because a
// process ended, once they are older than grace, until ctx is done. now is the clock of
// the machine, wherever the desk's stands.
func Orphans(ctx context.Context, desk *casework.Desk, grace time.Duration, now func() time.Time, log *slog.Logger) {
	for ctx.Err() == nil {
		gone, err := desk.SweepBlobs(ctx, now().Add(-grace))
		if err != nil && ctx.Err() == nil {
			log.Error("orphans", "error", err)
		}
		if gone > 0 {
			log.Info("orphans", "gone", gone)
		}
		select {
		case <-ctx.Done():
		case <-time.After(orphansEvery):
		}
	}
}

// orphansEvery is how often orphans are looked for.
const orphansEvery = time.Hour
