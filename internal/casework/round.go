package casework

import (
	"context"
	"slices"
	"strconv"
	"time"

	"shifan/internal/calendar"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/application"
	archiving "shifan/internal/lifecycle/archive"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/round"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/record"
	"shifan/internal/store"
)

// DraftRound begins a round of a programme (S1).
func (d *Desk) DraftRound(ctx context.Context, by stage.Actor, name id.Programme, plan round.Plan) (key id.Round, err error) {
	defer fault.Wrap(&err, "casework.DraftRound(%s)", name)
	now := d.Now()
	err = d.Store.Change(ctx, func(tx *store.Tx) (record.Entry, error) {
		if by.Programme != "" && by.Programme != name {
			return record.Entry{}, fault.Missing()
		}
		p, _, err := tx.ProgrammeNow(name)
		if err != nil {
			return record.Entry{}, err
		}
		r, m, err := round.Draft(by, p, plan)
		if err != nil {
			return record.Entry{}, err
		}
		r.ID = id.New[id.Round](d.Rand)
		key = r.ID
		return d.roundEntry(by, r, m, now), tx.AddRound(r)
	})
	return key, err
}

// EditRound changes what is written about a round before it is published. The
// version is the one that the writer saw; 0 when nobody else can have changed it.
func (d *Desk) EditRound(ctx context.Context, by stage.Actor, key id.Round, version int64, plan round.Plan) error {
	return d.roundAct(ctx, by, key, "edit", func(tx *store.Tx, r *round.Round, _ time.Time) (stage.Move, error) {
		if version != 0 && version != r.Version {
			return stage.Move{}, fault.Stale()
		}
		p, err := tx.ProgrammeOf(key)
		if err != nil {
			return stage.Move{}, err
		}
		return r.Edit(by, p, plan)
	})
}

// PublishRound publishes the call and opens the filing. acknowledged are the
// codes of the warnings that the publisher took note of.
func (d *Desk) PublishRound(ctx context.Context, by stage.Actor, key id.Round, acknowledged []string) error {
	return d.roundAct(ctx, by, key, "publish", func(tx *store.Tx, r *round.Round, now time.Time) (m stage.Move, err error) {
		f := round.Facts{Acknowledged: acknowledged}
		if f.Programme, f.State, err = tx.ProgrammeNow(r.Programme); err != nil {
			return m, err
		}
		if f.Others, err = tx.RoundsOf(r.Programme); err != nil {
			return m, err
		}
		if f.Calendar, err = tx.Calendar(); err != nil {
			return m, err
		}
		return r.Publish(by, f, now)
	})
}

// ExtendRound moves the deadline of a whole round to a later one (S45).
func (d *Desk) ExtendRound(ctx context.Context, by stage.Actor, key id.Round, to calendar.Date, at, reason string) error {
	return d.roundAct(ctx, by, key, "extend", func(tx *store.Tx, r *round.Round, now time.Time) (stage.Move, error) {
		c, err := tx.Calendar()
		if err != nil {
			return stage.Move{}, err
		}
		return r.Extend(by, to, at, reason, c, now)
	})
}

// CancelRound gives up a round that was never published.
func (d *Desk) CancelRound(ctx context.Context, by stage.Actor, key id.Round, reason string) error {
	return d.roundAct(ctx, by, key, "cancel", func(_ *store.Tx, r *round.Round, _ time.Time) (stage.Move, error) {
		return r.Cancel(by, reason)
	})
}

// ConcludeRound ends a round whose applications all came to their end and whose
// numbers add up (S47, S76).
func (d *Desk) ConcludeRound(ctx context.Context, by stage.Actor, key id.Round) error {
	return d.roundAct(ctx, by, key, "conclude", func(tx *store.Tx, r *round.Round, _ time.Time) (stage.Move, error) {
		f, err := tx.FunnelOf(key)
		if err != nil {
			return stage.Move{}, err
		}
		return r.Conclude(by, f)
	})
}

// closeRounds closes the rounds whose deadline has come. What is still a draft
// then is forfeited by the application chapter's part of Tick.
func (d *Desk) closeRounds(ctx context.Context, now time.Time) (int, error) {
	return dueActs(ctx, d, func(tx *store.Tx) ([]round.Round, error) { return tx.RoundsDue(now) }, func(r round.Round) error {
		return d.roundAct(ctx, stage.TheClock, r.ID, "close", func(_ *store.Tx, r *round.Round, now time.Time) (stage.Move, error) {
			return r.Close(stage.TheClock, now)
		})
	})
}

// roundAct runs one move of a round: it loads the round as the actor may see
// it, lets do decide, and saves it with its line in the record.
func (d *Desk) roundAct(ctx context.Context, by stage.Actor, key id.Round, act string, do func(*store.Tx, *round.Round, time.Time) (stage.Move, error)) (err error) {
	defer fault.Wrap(&err, "casework: round.%s(%s)", act, key)
	now := d.Now()
	return d.Store.Change(ctx, func(tx *store.Tx) (record.Entry, error) {
		r, err := tx.RoundFor(by, key)
		if err != nil {
			return record.Entry{}, err
		}
		if by.Programme != "" && by.Programme != r.Programme {
			return record.Entry{}, fault.Missing()
		}
		m, err := do(tx, &r, now)
		if err != nil {
			return record.Entry{}, err
		}
		return d.roundEntry(by, &r, m, now), tx.PutRound(&r)
	})
}

// roundEntry is the line of the record for a move of a round. What a published
// round has frozen stands in it.
func (d *Desk) roundEntry(by stage.Actor, r *round.Round, m stage.Move, now time.Time) record.Entry {
	e := d.entry(by, round.Kind, string(r.ID), m, now)
	e.Programme = r.Programme
	if r.Published() {
		e.Facts = map[string]string{
			"deadline": r.Deadline.UTC().Format(time.RFC3339), "calendar": r.CalendarVersion,
			"programme_version": strconv.Itoa(r.ProgrammeVersion), "year": strconv.Itoa(r.Year),
		}
	}
	return e
}

// RoundView is what the pages of one round show.
type RoundView struct {
	Round     round.Round
	Programme *programme.Programme // the frozen version; the current one before publication
	Calendar  *calendar.Calendar
	Deadline  calendar.Deadline // as published; as computed now before
	Now       time.Time
	DaysLeft  int  // working days until the deadline
	DaysKnown bool // false: a year between has no arrangement yet
	Filing    int  // natural days for filing, if it were published now
	Warnings  []round.Warning
	Acts      []string     // what the viewer may do with it now
	Funnel    round.Funnel // how many came how far; for the office, of a published round
	Wrong     []string     // which of its numbers do not add up

	Archivable bool // the viewer may take its archive package with them

	Signed SignedPapers // its documents
}

// FilingOpen reports whether one may file now.
func (v RoundView) FilingOpen() bool { return v.Round.FilingOpen(v.Now) }

// Round returns one round as the viewer may see it.
func (d *Desk) Round(ctx context.Context, by stage.Actor, key id.Round) (v RoundView, err error) {
	defer fault.Wrap(&err, "casework.Round(%s)", key)
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		r, err := tx.RoundFor(by, key)
		if err != nil {
			return err
		}
		if v, err = d.roundView(tx, by, r); err != nil {
			return err
		}
		v.Signed, err = signedPapers(tx, by, string(key), r.Programme)
		return err
	})
	return v, err
}

// Rounds lists the rounds that the viewer may see, the latest year first.
func (d *Desk) Rounds(ctx context.Context, by stage.Actor, f store.RoundFilter) (all []RoundView, err error) {
	defer fault.Wrap(&err, "casework.Rounds")
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		rounds, err := tx.Rounds(by, f)
		for _, r := range rounds {
			v, err := d.roundView(tx, by, r)
			if err != nil {
				return err
			}
			all = append(all, v)
		}
		return err
	})
	return all, err
}

func (d *Desk) roundView(tx *store.Tx, by stage.Actor, r round.Round) (v RoundView, err error) {
	v = RoundView{Round: r, Now: d.Now()}
	if v.Programme, err = tx.ProgrammeOf(r.ID); err != nil {
		return v, err
	}
	if v.Calendar, err = tx.Calendar(); err != nil {
		return v, err
	}
	today := calendar.DateOf(v.Now)
	if r.Published() {
		v.Deadline = calendar.Deadline{
			Asked: r.DeadlineDate, Date: r.LastDay, Time: r.DeadlineTime, At: r.Deadline,
			RestDay: r.LastDay != r.DeadlineDate, Version: r.CalendarVersion,
		}
	} else {
		if v.Deadline, err = r.Computed(v.Calendar); err != nil {
			return v, err
		}
		v.Filing = r.FilingDays(v.Calendar, v.Now)
		v.Warnings = r.Warnings(v.Programme, v.Calendar, v.Now)
	}
	if !v.Deadline.Asked.IsZero() {
		v.DaysLeft, v.DaysKnown = v.Calendar.WorkingDaysBetween(today, v.Deadline.Date)
	}
	if by.Programme == "" || by.Programme == r.Programme {
		v.Acts = round.Kind.May(r.State, by.Role)
		_, refused := archiving.Pack(by, &r)
		v.Archivable = refused == nil
	}
	if r.Published() && slices.Contains([]stage.Role{stage.Clerk, stage.Director, stage.Chair, stage.Auditor}, by.Role) {
		v.Funnel, err = tx.FunnelOf(r.ID)
		v.Wrong = v.Funnel.Reconcile()
	}
	return v, err
}

// RoundFilter is the store's, so that the doors need not know the store.
type RoundFilter = store.RoundFilter

// DraftableProgrammes lists the programmes for which an actor may draft a round.
func (d *Desk) DraftableProgrammes(ctx context.Context, by stage.Actor) (all []*programme.Programme, err error) {
	defer fault.Wrap(&err, "casework.DraftableProgrammes")
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		every, err := tx.ProgrammesNow()
		for _, p := range every {
			if by.Programme == "" || by.Programme == p.Name {
				all = append(all, p)
			}
		}
		return err
	})
	return all, err
}

// going are the states in which an application has no end yet.
var going = []stage.State{application.Draft, application.Submitted, application.Correcting, application.Underway, application.Selected}

// roundWork is what rounds ask of somebody: a draft that waits to be published, and of the
// director a round in which everybody has an answer, to be concluded.
func roundWork(tx *store.Tx, by stage.Actor, _ time.Time) (items []WorkItem, err error) {
	if by.Role != stage.Director && by.Role != stage.Chair && by.Role != stage.Clerk {
		return nil, nil
	}
	drafts, err := tx.Rounds(by, store.RoundFilter{Programme: by.Programme, States: []stage.State{round.Drafted}})
	if err != nil {
		return nil, err
	}
	for _, r := range drafts {
		title := "核对并发布 " + r.Title
		if by.Role == stage.Clerk {
			title = "起草 " + r.Title
		}
		items = append(items, WorkItem{Title: title, URL: "/rounds/" + string(r.ID), Stage: "通知"})
	}
	if by.Role != stage.Director {
		return items, nil
	}
	closed, err := tx.Rounds(by, store.RoundFilter{Programme: by.Programme, States: []stage.State{round.Closed}})
	for _, r := range closed {
		live, err := tx.CountApplications(stage.Actor{Role: stage.Director}, store.ApplicationFilter{Round: r.ID, States: going})
		if err != nil {
			return nil, err
		}
		if live == 0 {
			items = append(items, WorkItem{Title: "办结 " + r.Title, URL: "/rounds/" + string(r.ID), Stage: "通知"})
		}
	}
	return items, err
}

// callsAhead lists the days that drafted calls are dated, before which they are not
// published.
func callsAhead(tx *store.Tx, _ time.Time) (all []Milestone, err error) {
	drafted, err := tx.Rounds(stage.Actor{Role: stage.Clerk}, RoundFilter{States: []stage.State{round.Drafted}})
	for _, r := range drafted {
		if day := max(r.DatedOn.String(), r.IssuedOn.String()); day != "" {
			all = append(all, Milestone{At: calendar.MustDate(day).Start(), Word: "可以发布通知", What: r.Title})
		}
	}
	return all, err
}
