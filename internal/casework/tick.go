package casework

import (
	"context"
	"errors"
	"time"

	"shifan/internal/fault"
	"shifan/internal/store"
)

// Tick does everything whose time has come: deadlines that passed, periods that
// ended, titles that expired. The jobs call it when a deadline falls due and
// once a minute; a lost call loses nothing, because what is due stands in the
// tables. Each chapter's part is safe to run twice and on two nodes at once.
func (d *Desk) Tick(ctx context.Context) (acts int, err error) {
	return d.each(ctx, []due{
		// One line a chapter, in the order of the life.
		d.discardRosters,
		d.closeRounds,
		d.expireTitles,
		d.abolishTitles,
		d.dissolveTitles,
		d.issueCredentials,
		d.expireUploads,
		d.forfeitDrafts,
		d.lapseCorrections,
		d.servePublicities,
		d.endReviews,
		d.lapseInterests,
		d.outliveInterests,
		d.endVisits,
		d.endRechecks,
		d.openRechecks,
		d.answerTriggers,
		d.runPlans,
		d.endRectifications,
		d.missRectifications,
		d.endRevocations,
		d.proposeRevocations,
		d.closeHearings,
		d.finaliseRevocations,
		d.expire,
		d.mornings,
		d.shutHooks,
	})
}

// due is a chapter's part of Tick.
type due func(context.Context, time.Time) (int, error)

// each does every part, whatever becomes of the others: a thing that cannot be done
// holds up no other chapter's deadlines.
func (d *Desk) each(ctx context.Context, parts []due) (acts int, failed error) {
	for _, part := range parts {
		n, err := part(ctx, d.Now())
		acts += n
		failed = errors.Join(failed, err)
		if ctx.Err() != nil {
			break
		}
	}
	return acts, failed
}

// beaten reports whether an act of the clock was refused because somebody else
// did it, or undid its ground, in the same moment: nothing is left to do.
func beaten(err error) bool {
	k := fault.KindOf(err)
	return err != nil && (k == fault.Refused || k == fault.Conflict)
}

// failuresMost is how many things of one part may fail before the rest of it waits for
// the next time: so many mean that something else is wrong than the things.
const failuresMost = 10

// dueActs does each of the things that are due as an act of its own, whatever becomes
// of the others. What another node did meanwhile refuses, and is passed over.
func dueActs[T any](ctx context.Context, d *Desk, read func(*store.Tx) ([]T, error), do func(T) error) (acts int, failed error) {
	var due []T
	if err := d.Store.View(ctx, func(tx *store.Tx) (err error) {
		due, err = read(tx)
		return err
	}); err != nil {
		return 0, err
	}
	failures := 0
	for _, t := range due {
		err := do(t)
		switch {
		case err == nil:
			acts++
		case !beaten(err):
			failed = errors.Join(failed, err)
			failures++
		}
		if ctx.Err() != nil || failures == failuresMost {
			break
		}
	}
	return acts, failed
}
