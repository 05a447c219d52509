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

// WorkBeyond says that of one kind more waits than the work page lists.
type WorkBeyond struct {
	Stage string // the chapter's word: 初审
	URL   string // the list of all of them
	Total int    // how many wait, those listed too; 0: nobody counted, more than Least
	Least int    // how many are listed
}

// Waiting is the 工作台 as its page shows it: the most urgent of each kind, and of what
// kinds there is more. Nothing that waits is in neither.
type Waiting struct {
	Items  []WorkItem
	Beyond []WorkBeyond
	Now    time.Time
}

const (
	// waitingMost is how many things of one kind the work page lists.
	waitingMost = 50
	// worksMost is how many reminders and calendars read.
	worksMost = 200
)

// waits is how many things of one kind are to be listed, and gathers of what kinds there
// are more.
type waits struct {
	most   int
	beyond []WorkBeyond
}

// listing is how one kind of work is read. A list is asked for pages until as many of its
// rows as are wanted ask something of the viewer, so that rows that ask nothing hide none.
type listing[T any] struct {
	stage, url string
	list       func(after *T, limit int) ([]T, error) // after is nil for the first page
	item       func(*T) (WorkItem, error)             // without a title: nothing is asked
	count      func() (int, error)                    // of what would be listed; nil: nobody counts
}

func (l listing[T]) gather(w *waits) (items []WorkItem, err error) {
	var after *T
	for {
		rows, err := l.list(after, w.most+1)
		if err != nil || len(rows) == 0 {
			return items, err
		}
		for i := range rows {
			one, err := l.item(&rows[i])
			switch {
			case err != nil:
				return nil, err
			case one.Title == "":
			case len(items) == w.most:
				return items, l.more(w)
			default:
				items = append(items, one)
			}
		}
		after = &rows[len(rows)-1]
	}
}

func (l listing[T]) more(w *waits) (err error) {
	b := WorkBeyond{Stage: l.stage, URL: l.url, Least: w.most}
	if l.count != nil {
		b.Total, err = l.count()
	}
	w.beyond = append(w.beyond, b)
	return err
}

// Work lists what waits for an actor, the most urgent first; what has no time
// limit comes last. To add a chapter's items, write a function like the others
// in its casework file and give it a line in the list:
//
//	func (d *Desk) visitWork(tx *store.Tx, by stage.Actor, now time.Time, w *waits) ([]WorkItem, error)
//
// It must list through the store's reads that take the viewer, and only what
// this actor can act on now; what may be long, as a listing. Of a long kind Work
// lists the first worksMost; the page says of what there is more (Waiting).
func (d *Desk) Work(ctx context.Context, by stage.Actor) ([]WorkItem, error) {
	v, err := d.waiting(ctx, by, worksMost)
	return v.Items, err
}

// Waiting is Work for the page.
func (d *Desk) Waiting(ctx context.Context, by stage.Actor) (Waiting, error) {
	return d.waiting(ctx, by, waitingMost)
}

func (d *Desk) waiting(ctx context.Context, by stage.Actor, most int) (v Waiting, err error) {
	defer fault.Wrap(&err, "casework.Work")
	v.Now = d.Now()
	w := &waits{most: most}
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		for _, chapter := range d.works() {
			more, err := chapter.list(tx, by, v.Now, w)
			if err != nil {
				return err
			}
			v.Items = append(v.Items, more...)
		}
		return nil
	})
	v.Beyond = w.beyond
	sortWork(v.Items)
	return v, err
}

// work is what one chapter asks of somebody.
type work struct {
	of   string // the chapter
	list func(*store.Tx, stage.Actor, time.Time, *waits) ([]WorkItem, error)
}

// works has one line a chapter, in the order of the life.
func (d *Desk) works() []work {
	return []work{
		{"calendar", few(calendarWork)},
		{"round", few(roundWork)},
		{"organisation", few(organisationWork)},
		{"application", d.applicationWork},
		{"review", d.reviewWork},
		{"interest", few(d.interestWork)},
		{"draw", few(drawWork)},
		{"plan", few(planWork)},
		{"calibration", few(calibrationWork)},
		{"visit", d.visitWork},
		{"meeting", few(d.meetingWork)},
		{"naming", few(d.namingWork)},
		{"designation", d.designationWork},
		{"publicity", few(d.publicityWork)},
		{"objection", objectionWork},
		{"misuse", misuseWork},
		{"recheck", recheckWork},
		{"rectification", rectificationWork},
		{"revocation", revocationWork},
		{"story", storyWork},
	}
}

// few is for a chapter of which never much waits for one person.
func few(list func(*store.Tx, stage.Actor, time.Time) ([]WorkItem, error)) func(*store.Tx, stage.Actor, time.Time, *waits) ([]WorkItem, error) {
	return func(tx *store.Tx, by stage.Actor, now time.Time, _ *waits) ([]WorkItem, error) {
		return list(tx, by, now)
	}
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
