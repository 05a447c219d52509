package casework

import (
	"context"
	"slices"
	"strings"
	"time"

	"shifan/internal/fault"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/store"
)

// WorkItem is one thing that waits for somebody: a line of the 工作台.
type WorkItem struct {
	Title string    // what to do with what: 初审 吉林省云杉物流行业协会
	Thing string    // its number or identifier, for people to compare
	URL   string    // the page where it is done
	Due   time.Time // the first instant that is too late; zero: no time limit
	Stage string    // the chapter's word: 初审
}

// Work lists what waits for an actor, the most urgent first; what has no time
// limit comes last. To add a chapter's items, write a function like the others
// in its casework file and give it a line in the list:
//
//	func (d *Desk) visitWork(tx *store.Tx, by stage.Actor, now time.Time) ([]WorkItem, error)
//
// It must list through the store's reads that take the viewer, and only what
// this actor can act on now.
func (d *Desk) Work(ctx context.Context, by stage.Actor) (items []WorkItem, err error) {
	defer fault.Wrap(&err, "casework.Work")
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		for _, waiting := range []func(*store.Tx, stage.Actor, time.Time) ([]WorkItem, error){
			// One line a chapter, in the order of the life.
			calendarWork,
			roundWork,
			organisationWork,
			d.applicationWork,
			d.reviewWork,
			d.visitWork,
			d.meetingWork,
			d.namingWork,
			d.designationWork,
			d.publicityWork,
			objectionWork,
			recheckWork,
			rectificationWork,
			revocationWork,
		} {
			more, err := waiting(tx, by, d.Now())
			if err != nil {
				return err
			}
			items = append(items, more...)
		}
		return nil
	})
	slices.SortStableFunc(items, func(a, b WorkItem) int {
		if a.Due.IsZero() != b.Due.IsZero() {
			if a.Due.IsZero() {
				return 1
			}
			return -1
		}
		if c := a.Due.Compare(b.Due); c != 0 {
			return c
		}
		return strings.Compare(a.Title, b.Title)
	})
	return items, err
}
