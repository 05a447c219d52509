package casework

import (
	"context"
	"slices"
	"time"

	"shifan/internal/calendar"
	"shifan/internal/creditcode"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/application"
	"shifan/internal/lifecycle/objection"
	"shifan/internal/lifecycle/publicity"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/record"
	"shifan/internal/store"
)

var (
	errNoneWaiting = fault.Define(fault.Refused, "publicity.draft.nobody", "这一届现在没有等待公示的申报。会议审定通过以后再起草。", "办法(四)(五)")
	errListStale   = fault.Define(fault.Refused, "publicity.publish.stale", "名单和会议审定的结果不一致：有申报在起草以后通过或者终止。重新保存草稿，名单会随之更新。", "办法(四) 审议确定拟授牌对象")
)

// DraftPublicity drafts the list of those of a round whom the committee carried
// and who stand on no list yet (S54, S55).
func (d *Desk) DraftPublicity(ctx context.Context, by stage.Actor, key id.Round, plan publicity.Plan) (drafted id.Publicity, err error) {
	defer fault.Wrap(&err, "casework.DraftPublicity(%s)", key)
	now := d.Now()
	err = d.Store.Change(ctx, func(tx *store.Tx) (record.Entry, error) {
		r, err := tx.RoundFor(by, key)
		if err != nil {
			return record.Entry{}, err
		}
		if by.Programme != "" && by.Programme != r.Programme {
			return record.Entry{}, fault.Missing()
		}
		prog, err := tx.ProgrammeOf(key)
		if err != nil {
			return record.Entry{}, err
		}
		p, m, err := publicity.Draft(by, prog, key, publicity.Naming, plan)
		if err != nil {
			return record.Entry{}, err
		}
		p.ID = id.New[id.Publicity](d.Rand)
		drafted = p.ID
		if err := tx.AddPublicity(p); err != nil {
			return record.Entry{}, err
		}
		return d.publicityEntry(by, p, m, now), d.enlist(tx, p)
	})
	return drafted, err
}

// enlist puts everybody of a round who waits for publicity on a list that is not
// published yet, in place of those who were on it.
func (d *Desk) enlist(tx *store.Tx, p *publicity.Publicity) error {
	before, err := tx.CandidatesOf(p.ID)
	if err != nil {
		return err
	}
	for _, c := range before {
		if err := tx.RemoveCandidate(c.ID); err != nil {
			return err
		}
	}
	waiting, err := waitingForPublicity(tx, p.Programme, p.Round, "")
	if err != nil {
		return err
	}
	if len(waiting) == 0 {
		return errNoneWaiting.New()
	}
	var list []publicity.Candidate
	for _, a := range waiting {
		o, err := tx.Organisation(a.Organisation)
		if err != nil {
			return err
		}
		c := candidateFrom(p, &a, o.Code, creditcode.KindWord(o.Kind))
		c.ID = id.New[id.Candidate](d.Rand)
		list = append(list, c)
	}
	publicity.Order(list)
	for i := range list {
		if err := tx.AddCandidate(&list[i]); err != nil {
			return err
		}
	}
	return nil
}

// candidateFrom is an application as a name on a list.
func candidateFrom(p *publicity.Publicity, a *application.Application, code, category string) publicity.Candidate {
	return publicity.Candidate{
		Publicity: p.ID, Programme: p.Programme, Round: p.Round, Application: a.ID, Organisation: a.Organisation,
		Name: a.Name, PartyBody: a.PartyBody, Code: code, Category: category, State: publicity.Listed,
	}
}

// waitingForPublicity lists the applications of a round that wait in this stage
// and stand on no list, but perhaps on the given one.
func waitingForPublicity(tx *store.Tx, p id.Programme, r id.Round, on id.Publicity) ([]application.Application, error) {
	all, err := tx.ApplicationsIn(p, r, publicity.Kind.Name)
	var waiting []application.Application
	for _, a := range all {
		c, err := tx.CandidateOf(a.ID)
		if err != nil && fault.KindOf(err) != fault.NotFound {
			return nil, err
		}
		if err != nil || c.State == publicity.Removed || c.Publicity == on {
			waiting = append(waiting, a)
		}
	}
	return waiting, err
}

// EditPublicity changes a draft; its list becomes that of now.
func (d *Desk) EditPublicity(ctx context.Context, by stage.Actor, key id.Publicity, version int64, plan publicity.Plan) error {
	return d.publicityAct(ctx, by, key, version, "edit", func(c *publicising) (stage.Move, error) {
		m, err := c.publicity.Edit(by, plan)
		if err != nil {
			return m, err
		}
		return m, d.enlist(c.tx, c.publicity)
	})
}

// PublishPublicity makes a list public. from is the day for which the publisher
// checked the dates; acknowledged says that an end that is a guess was noticed.
func (d *Desk) PublishPublicity(ctx context.Context, by stage.Actor, key id.Publicity, version int64, from calendar.Date, acknowledged bool) error {
	return d.publicityAct(ctx, by, key, version, "publish", func(c *publicising) (stage.Move, error) {
		f, err := c.facts(acknowledged)
		if err != nil {
			return stage.Move{}, err
		}
		if stale, err := listStale(c.tx, c.publicity, f.Candidates); err != nil {
			return stage.Move{}, err
		} else if stale && c.publicity.State == publicity.Drafted {
			return stage.Move{}, errListStale.New()
		}
		return c.publicity.Publish(by, from, f, c.now)
	})
}

// listStale reports whether a draft's list is not what the committee carried.
func listStale(tx *store.Tx, p *publicity.Publicity, list []publicity.Candidate) (bool, error) {
	waiting, err := waitingForPublicity(tx, p.Programme, p.Round, p.ID)
	if err != nil || len(waiting) != len(list) {
		return true, err
	}
	for _, a := range waiting {
		if !slices.ContainsFunc(list, func(c publicity.Candidate) bool { return c.Application == a.ID }) {
			return true, nil
		}
	}
	return false, nil
}

// CancelPublicity gives up a draft; those on it may be put on another list.
func (d *Desk) CancelPublicity(ctx context.Context, by stage.Actor, key id.Publicity, reason string) error {
	return d.publicityAct(ctx, by, key, 0, "cancel", func(c *publicising) (stage.Move, error) {
		m, err := c.publicity.Cancel(by, reason)
		if err != nil {
			return m, err
		}
		list, err := c.tx.CandidatesOf(key)
		for _, on := range list {
			if err == nil {
				err = c.tx.RemoveCandidate(on.ID)
			}
		}
		return m, err
	})
}

// PostPublicity keeps where and when a list was really posted (S55).
func (d *Desk) PostPublicity(ctx context.Context, by stage.Actor, key id.Publicity, on publicity.Posting, acknowledged bool) error {
	return d.publicityAct(ctx, by, key, 0, "post", func(c *publicising) (stage.Move, error) {
		f, err := c.facts(acknowledged)
		if err != nil {
			return stage.Move{}, err
		}
		return c.publicity.Post(by, on, f, c.now)
	})
}

// InterruptPublicity records that a list could not be read for a while.
func (d *Desk) InterruptPublicity(ctx context.Context, by stage.Actor, key id.Publicity, from, to time.Time, reason string, acknowledged bool) error {
	return d.publicityAct(ctx, by, key, 0, "interrupt", func(c *publicising) (stage.Move, error) {
		f, err := c.facts(acknowledged)
		if err != nil {
			return stage.Move{}, err
		}
		return c.publicity.Interrupt(by, from, to, reason, f, c.now)
	})
}

// Correction is what a running publicity is changed to.
type Correction struct {
	Plan         publicity.Plan
	Names        map[id.Candidate]string // as they should read; those that stay may be left out
	Remove       []id.Candidate
	Reason       string
	Acknowledged bool
}

// CorrectPublicity changes what is public, visibly; the days start anew or are
// extended, as the programme says.
func (d *Desk) CorrectPublicity(ctx context.Context, by stage.Actor, key id.Publicity, version int64, change Correction) error {
	return d.publicityAct(ctx, by, key, version, "correct", func(c *publicising) (stage.Move, error) {
		f, err := c.facts(change.Acknowledged)
		if err != nil {
			return stage.Move{}, err
		}
		for i := range f.Candidates {
			if err := d.correctCandidate(c, by, &f.Candidates[i], change); err != nil {
				return stage.Move{}, err
			}
		}
		return c.publicity.Correct(by, change.Plan, change.Reason, f, c.now)
	})
}

func (d *Desk) correctCandidate(c *publicising, by stage.Actor, on *publicity.Candidate, change Correction) error {
	var m stage.Move
	var err error
	name, named := change.Names[on.ID]
	switch {
	case slices.Contains(change.Remove, on.ID):
		m, err = on.Remove(by, change.Reason, c.now)
	case named && name != on.Name:
		m, err = on.Rename(by, name)
	default:
		return nil
	}
	if err != nil {
		return err
	}
	c.tx.Also(d.candidateEntry(by, on, m, c.now))
	return c.tx.PutCandidate(on)
}

// RecountPublicity computes a period anew after the arrangement of a year was
// published or amended.
func (d *Desk) RecountPublicity(ctx context.Context, by stage.Actor, key id.Publicity) error {
	return d.publicityAct(ctx, by, key, 0, "recount", func(c *publicising) (stage.Move, error) {
		cal, err := c.tx.Calendar()
		if err != nil {
			return stage.Move{}, err
		}
		return c.publicity.Recount(by, cal, c.now)
	})
}

// WithdrawPublicity takes a running publicity back; those on it wait for another.
// What was objected is looked into all the same.
func (d *Desk) WithdrawPublicity(ctx context.Context, by stage.Actor, key id.Publicity, reason string) error {
	return d.publicityAct(ctx, by, key, 0, "withdraw", func(c *publicising) (stage.Move, error) {
		m, err := c.publicity.Withdraw(by, reason)
		if err != nil {
			return m, err
		}
		list, err := c.tx.CandidatesOf(key)
		for i := range list {
			on := &list[i]
			if err != nil || on.State != publicity.Listed {
				continue
			}
			var mv stage.Move
			if mv, err = on.Remove(by, reason, c.now); err == nil {
				c.tx.Also(d.candidateEntry(by, on, mv, c.now))
				err = c.tx.PutCandidate(on)
			}
		}
		return m, err
	})
}

// TakeDownPublicity records when the host's page was taken down.
func (d *Desk) TakeDownPublicity(ctx context.Context, by stage.Actor, key id.Publicity, at time.Time) error {
	return d.publicityAct(ctx, by, key, 0, "take_down", func(c *publicising) (stage.Move, error) {
		return c.publicity.TakeDown(by, at, c.now)
	})
}

// servePublicities ends the publicities whose full days were served, and clears
// those on them against whom no objection is open, at the same instant (S56, S58).
func (d *Desk) servePublicities(ctx context.Context, now time.Time) (int, error) {
	// What is refused was done by another node, or misses something that the office has
	// to mend.
	return dueActs(ctx, d, func(tx *store.Tx) ([]publicity.Publicity, error) { return tx.PublicitiesDue(now) }, func(p publicity.Publicity) error {
		return d.publicityAct(ctx, stage.TheClock, p.ID, 0, "serve", func(c *publicising) (stage.Move, error) {
			cal, err := c.tx.Calendar()
			if err != nil {
				return stage.Move{}, err
			}
			m, err := c.publicity.Serve(stage.TheClock, cal, c.now)
			if err != nil {
				return m, err
			}
			list, err := c.tx.CandidatesOf(p.ID)
			for i := range list {
				if err == nil {
					err = d.clear(c.tx, c.publicity, &list[i], c.now)
				}
			}
			return m, err
		})
	})
}

// clear lets a candidate go on to naming when its publicity was served and no
// objection against it is open; otherwise it does nothing. The clock acts, also
// when what was missing is the answer to an objection.
func (d *Desk) clear(tx *store.Tx, p *publicity.Publicity, c *publicity.Candidate, now time.Time) error {
	if p.State != publicity.Served || c.State != publicity.Listed {
		return nil
	}
	against, err := tx.ObjectionsAbout(c.Application)
	if err != nil || objection.OpenOf(against) > 0 {
		return err
	}
	a, err := tx.Application(c.Application)
	if err != nil {
		return err
	}
	if a.State != application.Underway {
		m, err := c.Remove(stage.TheClock, "申报"+application.Kind.Word(string(a.State)), now)
		if err != nil {
			return err
		}
		tx.Also(d.candidateEntry(stage.TheClock, c, m, now))
		return tx.PutCandidate(c)
	}
	m, err := c.Clear(stage.TheClock, p, objection.OpenOf(against), now)
	if err != nil {
		return err
	}
	tx.Also(d.candidateEntry(stage.TheClock, c, m, now))
	if err := tx.PutCandidate(c); err != nil {
		return err
	}
	if m, err = a.Select(stage.TheClock, now); err != nil {
		return err
	}
	e := d.entry(stage.TheClock, application.Kind, string(a.ID), m, now)
	e.Programme = a.Programme
	tx.Also(e)
	return tx.PutApplication(&a)
}

// publicising is what an act on a publicity gets.
type publicising struct {
	tx        *store.Tx
	publicity *publicity.Publicity
	now       time.Time
}

// facts gathers what publishing and changing depend on.
func (c *publicising) facts(acknowledged bool) (f publicity.Facts, err error) {
	f.Acknowledged = acknowledged
	if f.Calendar, err = c.tx.Calendar(); err != nil {
		return f, err
	}
	f.Candidates, err = c.tx.CandidatesOf(c.publicity.ID)
	return f, err
}

// publicityAct runs one move of a publicity as the actor may see it. The version
// is the one that the actor saw; 0 when it does not matter.
func (d *Desk) publicityAct(ctx context.Context, by stage.Actor, key id.Publicity, version int64, act string, do func(*publicising) (stage.Move, error)) (err error) {
	defer fault.Wrap(&err, "casework: publicity.%s(%s)", act, key)
	now := d.Now()
	return d.Store.Change(ctx, func(tx *store.Tx) (record.Entry, error) {
		p, err := tx.PublicityFor(by, key)
		if err != nil {
			return record.Entry{}, err
		}
		switch {
		case by.Programme != "" && by.Programme != p.Programme:
			return record.Entry{}, fault.Missing()
		case version != 0 && version != p.Version:
			return record.Entry{}, fault.Stale()
		}
		m, err := do(&publicising{tx, &p, now})
		if err != nil {
			return record.Entry{}, err
		}
		return d.publicityEntry(by, &p, m, now), tx.PutPublicity(&p)
	})
}

// publicityEntry is the line of the record for a move of a publicity: what was
// public, word for word by its digest, and the days as they were counted.
func (d *Desk) publicityEntry(by stage.Actor, p *publicity.Publicity, m stage.Move, now time.Time) record.Entry {
	e := d.entry(by, publicity.Kind, string(p.ID), m, now)
	e.Programme = p.Programme
	if p.Published() {
		e.Facts = map[string]string{"first": p.First.String(), "last": p.Last.String(), "calendar": p.CalendarVersion, "digest": p.Digest}
		if p.Posting.URL != "" {
			e.Facts["url"], e.Facts["posted"] = p.Posting.URL, p.Posting.At.UTC().Format(time.RFC3339)
		}
		if p.Posting.SHA256 != "" {
			e.Facts["posted_sha256"] = p.Posting.SHA256
		}
	}
	return e
}

func (d *Desk) candidateEntry(by stage.Actor, c *publicity.Candidate, m stage.Move, now time.Time) record.Entry {
	e := d.entry(by, publicity.CandidateKind, string(c.ID), m, now)
	e.Programme = c.Programme
	e.Facts = map[string]string{"publicity": string(c.Publicity), "application": string(c.Application)}
	return e
}
