package casework

import (
	"context"
	"time"
)

// Each does parts of a tick, as Tick does its own.
func (d *Desk) Each(ctx context.Context, parts ...func(context.Context, time.Time) (int, error)) (int, error) {
	var all []due
	for _, p := range parts {
		all = append(all, p)
	}
	return d.each(ctx, all)
}
