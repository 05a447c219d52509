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
