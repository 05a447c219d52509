package casework

import (
	"context"
	"time"

	"shifan/internal/lifecycle/stage"
	"shifan/internal/store"
)

// Each does parts of a tick, as Tick does its own.
func (d *Desk) Each(ctx context.Context, parts ...func(context.Context, time.Time) (int, error)) (int, error) {
	var all []due
	for _, p := range parts {
		all = append(all, p)
	}
	return d.each(ctx, all)
}

// DueActs does things that are due, as the parts of a tick do theirs.
func (d *Desk) DueActs(ctx context.Context, due []string, do func(string) error) (int, error) {
	return dueActs(ctx, d, func(*store.Tx) ([]string, error) { return due, nil }, do)
}

// FailuresMost is how many of them may fail.
const FailuresMost = failuresMost

// ReportOf writes down a report that a test made up.
func ReportOf(v SummaryView) (Paper, error) {
	doc, err := v.paper()
	if err != nil {
		return Paper{}, err
	}
	return issue("初审情况报告", doc)
}

// Asked returns what each chapter asks of somebody, by its name, and the names of all that
// may ask.
func (d *Desk) Asked(ctx context.Context, by stage.Actor) (asked map[string][]WorkItem, all []string, err error) {
	asked = map[string][]WorkItem{}
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		for _, c := range d.works() {
			items, err := c.list(tx, by, d.Now(), &waits{most: 1000})
			if err != nil {
				return err
			}
			asked[c.of], all = items, append(all, c.of)
		}
		return nil
	})
	return asked, all, err
}
