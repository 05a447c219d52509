// Package jobs is the door for the clock: it wakes the desk when something falls
// due. It knows no deadline of its own. What is due stands in the tables, so a wake
// that is lost, late or doubled loses and doubles nothing, and any number of servers
// may run it on one database. See docs/decisions/2026-11-29-no-queue.md.
package jobs

import (
	"context"
	"log/slog"
	"time"

	"shifan/internal/casework"
)

// How long the desk sleeps at most, and at least.
const (
	atMost  = time.Minute
	atLeast = time.Second
)

// Watch is told of each time the desk wakes, and what it returns, of what came of
// it: how many acts, and what failed.
type Watch func() func(acts int, err error)

// Run does what is due, until ctx is done: at the instant of the next milestone that
// was known when it fell asleep, and once a minute in any case. What fails is logged
// and tried again. watch may be nil.
func Run(ctx context.Context, desk *casework.Desk, log *slog.Logger, watch Watch) {
	for ctx.Err() == nil {
		done := func(int, error) {}
		if watch != nil {
			done = watch()
		}
		acts, err := desk.Tick(ctx)
		if done(acts, err); err != nil && ctx.Err() == nil {
			log.Error("tick", "error", err)
		} else if acts > 0 {
			log.Info("tick", "acts", acts)
		}
		asleep(ctx, desk, log)
	}
}

// asleep waits until the next thing falls due, or a minute.
func asleep(ctx context.Context, desk *casework.Desk, log *slog.Logger) {
	select {
	case <-ctx.Done():
		return
	case <-time.After(Next(ctx, desk, log)):
	}
}

// Next is how long the desk may sleep now.
func Next(ctx context.Context, desk *casework.Desk, log *slog.Logger) time.Duration {
	ahead, err := desk.Milestones(ctx)
	if err != nil {
		if ctx.Err() == nil {
			log.Error("milestones", "error", err)
		}
		return atMost
	}
	wait := atMost
	if len(ahead) > 0 {
		wait = min(wait, ahead[0].At.Sub(desk.Now()))
	}
	return max(wait, atLeast)
}
