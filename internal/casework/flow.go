package casework

import (
	"context"
	"fmt"
	"time"

	"shifan/internal/lifecycle"
	"shifan/internal/lifecycle/application"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/store"
)

// advance takes an application to the stage that its round's procedure puts
// after the one that just ended, and opens it. Nothing happens when the ended
// state does not lead on.
func (d *Desk) advance(tx *store.Tx, a *application.Application, p lifecycle.Procedure, ended stage.State, now time.Time) error {
	next, goes := p.After(a.Stage, ended)
	if !goes {
		return nil
	}
	return d.begin(tx, a, next, now)
}

// begin opens a stage for an application. The meeting and the publicity have
// nothing to open: an application waits there until somebody puts it on an
// agenda or on a list.
func (d *Desk) begin(_ *store.Tx, a *application.Application, next string, _ time.Time) error {
	a.Stage = next
	switch next {
	case "meeting", "publicity":
		return nil
	}
	return fmt.Errorf("casework: no stage %q", next)
}

// Tick does everything whose time has come: deadlines that passed, periods that
// ended, titles that expired. The jobs call it when a deadline falls due and
// once a minute; a lost call loses nothing, because what is due stands in the
// tables. Each chapter's part is safe to run twice and on two nodes at once.
func (d *Desk) Tick(ctx context.Context) (acts int, err error) {
	for _, due := range []func(context.Context, time.Time) (int, error){
		// One line a chapter, in the order of the life.
		d.closeRounds,
		d.expire,
	} {
		n, err := due(ctx, d.Now())
		acts += n
		if err != nil {
			return acts, err
		}
	}
	return acts, nil
}
