package casework

import (
	"context"
	"slices"
	"strings"
	"time"

	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle"
	"shifan/internal/lifecycle/application"
	"shifan/internal/lifecycle/designation"
	"shifan/internal/lifecycle/round"
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
			d.interestWork,
			drawWork,
			planWork,
			calibrationWork,
			d.visitWork,
			d.meetingWork,
			d.namingWork,
			d.designationWork,
			d.publicityWork,
			objectionWork,
			misuseWork,
			recheckWork,
			rectificationWork,
			revocationWork,
			storyWork,
		} {
			more, err := waiting(tx, by, d.Now())
			if err != nil {
				return err
			}
			items = append(items, more...)
		}
		return nil
	})
	sortWork(items)
	return items, err
}

// sortWork puts what is most urgent first.
func sortWork(items []WorkItem) {
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
}

// Standing tells an applicant what it has beside its work: the calls that it may answer,
// its applications that others have in hand, and its titles with their last day. Other
// roles have none.
func (d *Desk) Standing(ctx context.Context, by stage.Actor) (items []WorkItem, err error) {
	defer fault.Wrap(&err, "casework.Standing")
	if by.Role != stage.Applicant || by.Organisation == "" {
		return nil, nil
	}
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		mine, err := tx.Applications(by, store.ApplicationFilter{Limit: 200})
		if err != nil {
			return err
		}
		begun := map[id.Round]bool{}
		for _, a := range mine {
			begun[a.Round] = begun[a.Round] || a.Live()
			if a.Ended() || a.State == application.Draft || a.State == application.Correcting {
				continue // over, or it waits for the applicant and stands among its work
			}
			w := WorkItem{Title: "申报 " + a.Name, Thing: a.Number, URL: "/applications/" + string(a.ID), Stage: application.Kind.Word(string(a.State))}
			if k := lifecycle.Named(a.Stage); a.State == application.Underway && k.Label != "" {
				w.Stage = k.Label
			}
			items = append(items, w)
		}
		if items, err = d.callsFor(tx, by, begun, items); err != nil {
			return err
		}
		titles, err := tx.Designations(by, store.DesignationFilter{Organisation: by.Organisation, States: []stage.State{designation.Valid, designation.Rectifying}})
		for _, t := range titles {
			w := WorkItem{Title: "称号 " + t.Name, Thing: t.Number, URL: "/certificates", Stage: designation.Kind.Word(string(t.State))}
			if !t.ValidTo.IsZero() {
				w.Due = t.ValidTo.End()
			}
			items = append(items, w)
		}
		return err
	})
	sortWork(items)
	return items, err
}

// callsFor adds the rounds that take applications and that an applicant has not begun with.
func (d *Desk) callsFor(tx *store.Tx, by stage.Actor, begun map[id.Round]bool, items []WorkItem) ([]WorkItem, error) {
	rounds, err := tx.Rounds(by, store.RoundFilter{Programme: by.Programme, States: []stage.State{round.Open}})
	for _, r := range rounds {
		if r.FilingOpen(d.Now()) && !begun[r.ID] {
			items = append(items, WorkItem{Title: "申报 " + r.Title, URL: "/applications/new?round=" + string(r.ID), Stage: "可以申报", Due: r.Deadline})
		}
	}
	return items, err
}
