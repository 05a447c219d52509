package casework

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"shifan/internal/calendar"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/application"
	"shifan/internal/lifecycle/designation"
	"shifan/internal/lifecycle/document"
	"shifan/internal/lifecycle/item"
	"shifan/internal/lifecycle/naming"
	"shifan/internal/lifecycle/objection"
	"shifan/internal/lifecycle/organisation"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/publicity"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/record"
	"shifan/internal/store"
)

// NamingFilter is the store's, so that the doors need not know the store.
type NamingFilter = store.NamingFilter

// DraftNaming begins the naming of those of a round who may be named (S58).
func (d *Desk) DraftNaming(ctx context.Context, by stage.Actor, round id.Round, plan naming.Plan) (key id.Naming, err error) {
	defer fault.Wrap(&err, "casework.DraftNaming(%s)", round)
	now := d.Now()
	err = d.Store.Change(ctx, func(tx *store.Tx) (record.Entry, error) {
		f, err := namingFacts(tx, round, "", now)
		if err != nil {
			return record.Entry{}, err
		}
		if by.Programme != "" && by.Programme != f.Programme.Name {
			return record.Entry{}, fault.Missing()
		}
		n, m, err := naming.Draft(by, round, plan, f, now)
		if err != nil {
			return record.Entry{}, err
		}
		n.ID = id.New[id.Naming](d.Rand)
		key = n.ID
		return d.namingEntry(by, n, m, now), tx.AddNaming(n)
	})
	return key, err
}

// EditNaming changes a naming that nobody released yet. The version is the one
// that the writer saw.
func (d *Desk) EditNaming(ctx context.Context, by stage.Actor, key id.Naming, version int64, plan naming.Plan) error {
	return d.namingAct(ctx, by, key, version, "edit", func(tx *store.Tx, n *naming.Naming, now time.Time) (stage.Move, error) {
		f, err := namingFacts(tx, n.Round, n.ID, now)
		if err != nil {
			return stage.Move{}, err
		}
		return n.Edit(by, plan, f, now)
	})
}

// ReleaseNaming is one person's yes to the list. The version is the one that this
// person read, so that nobody releases what they have not seen.
func (d *Desk) ReleaseNaming(ctx context.Context, by stage.Actor, key id.Naming, version int64) error {
	return d.namingAct(ctx, by, key, version, "release", func(tx *store.Tx, n *naming.Naming, now time.Time) (stage.Move, error) {
		f, err := namingFacts(tx, n.Round, n.ID, now)
		if err != nil {
			return stage.Move{}, err
		}
		return n.Release(by, f, now)
	})
}

// SendBackNaming returns a list to be changed.
func (d *Desk) SendBackNaming(ctx context.Context, by stage.Actor, key id.Naming, version int64, reason string) error {
	return d.namingAct(ctx, by, key, version, "send_back", func(_ *store.Tx, n *naming.Naming, _ time.Time) (stage.Move, error) {
		return n.SendBack(by, reason)
	})
}

// CancelNaming gives a naming up before it is issued.
func (d *Desk) CancelNaming(ctx context.Context, by stage.Actor, key id.Naming, version int64, reason string) error {
	return d.namingAct(ctx, by, key, version, "cancel", func(_ *store.Tx, n *naming.Naming, _ time.Time) (stage.Move, error) {
		return n.Cancel(by, reason)
	})
}

// IssueNaming issues the document: it takes the next number, makes a title of
// every line, ends the applications by it and orders the plaques, all in one
// change (S59, S60).
func (d *Desk) IssueNaming(ctx context.Context, by stage.Actor, key id.Naming, version int64) error {
	return d.namingAct(ctx, by, key, version, "issue", func(tx *store.Tx, n *naming.Naming, now time.Time) (stage.Move, error) {
		f, err := namingFacts(tx, n.Round, n.ID, now)
		if err != nil {
			return stage.Move{}, err
		}
		if f.Register, err = d.registerPrinted(tx, by, f.Programme, now); err != nil {
			return stage.Move{}, err
		}
		number, m, err := n.Issue(by, f, now)
		if err != nil {
			return m, err
		}
		if err := tx.AddNumber(&number); err != nil {
			return m, err
		}
		tx.Also(d.numberEntry(by, n.Programme, number, stage.Move{Act: "take", By: by.Role, To: document.Taken, Basis: m.Basis}, now))
		for _, e := range n.List {
			if err := d.award(tx, by, n, e, f.Programme, now); err != nil {
				return m, err
			}
		}
		return m, nil
	})
}

// award makes a title of one line of the list.
func (d *Desk) award(tx *store.Tx, by stage.Actor, n *naming.Naming, e naming.Entry, p *programme.Programme, now time.Time) error {
	a, err := tx.Application(e.Application)
	if err != nil {
		return err
	}
	m, err := a.BeNamed(by, now)
	if err != nil {
		return err
	}
	line := d.entry(by, application.Kind, string(a.ID), m, now)
	line.Programme = a.Programme
	tx.Also(line)
	if err := tx.PutApplication(&a); err != nil {
		return err
	}
	t, m, err := designation.New(by, designation.Award{
		ID: id.New[id.Designation](d.Rand), Round: n.Round, Application: e.Application, Organisation: e.Organisation, Naming: n.ID,
		Number: e.Number, Name: e.Name, Category: e.Category, NamedOn: n.DatedOn,
	}, p, now)
	if err != nil {
		return err
	}
	tx.Also(d.titleEntry(by, t, m, now))
	if err := tx.AddDesignation(t); err != nil {
		return err
	}
	if err := d.followCredential(tx, by, t, now); err != nil {
		return err
	}
	return d.orderPlaque(tx, by, t, now)
}

// namingAct runs one move of a naming: it loads it as the actor may see it, lets
// do decide, and saves it with its line in the record.
func (d *Desk) namingAct(ctx context.Context, by stage.Actor, key id.Naming, version int64, act string, do func(*store.Tx, *naming.Naming, time.Time) (stage.Move, error)) (err error) {
	defer fault.Wrap(&err, "casework: naming.%s(%s)", act, key)
	now := d.Now()
	return d.Store.Change(ctx, func(tx *store.Tx) (record.Entry, error) {
		seen, err := tx.NamingFor(by, key)
		if err != nil {
			return record.Entry{}, err
		}
		if by.Programme != "" && by.Programme != seen.Programme {
			return record.Entry{}, fault.Missing()
		}
		if _, err := naming.Kind.Step(seen.State, act, by.Role); err != nil {
			return record.Entry{}, err // before all: not everybody sees all of it
		}
		n, err := tx.Naming(key)
		if err != nil {
			return record.Entry{}, err
		}
		if version != 0 && version != n.Version {
			return record.Entry{}, fault.Stale()
		}
		m, err := do(tx, &n, now)
		if err != nil {
			return record.Entry{}, err
		}
		return d.namingEntry(by, &n, m, now), tx.PutNaming(&n)
	})
}

// namingEntry is the line of the record for a move of a naming.
func (d *Desk) namingEntry(by stage.Actor, n *naming.Naming, m stage.Move, now time.Time) record.Entry {
	e := d.entry(by, naming.Kind, string(n.ID), m, now)
	e.Programme = n.Programme
	e.Facts = map[string]string{"round": string(n.Round), "count": strconv.Itoa(len(n.List))}
	if n.DocNumber != "" {
		e.Facts["doc_number"], e.Facts["dated_on"] = n.DocNumber, n.DatedOn.String()
	}
	return e
}

// namingFacts gathers what a naming of a round rests on now: everybody who waits
// for naming or may still come to it. Those on another naming that is under way
// are left out.
func namingFacts(tx *store.Tx, key id.Round, mine id.Naming, now time.Time) (f naming.Facts, err error) {
	r, err := tx.Round(key)
	if err != nil {
		return f, err
	}
	f.Year = r.Year
	if f.Programme, err = tx.ProgrammeOf(key); err != nil {
		return f, err
	}
	if f.Taken, err = tx.TitleNumbers(f.Programme.Name, r.Year); err != nil {
		return f, err
	}
	c, err := tx.Calendar()
	if err != nil {
		return f, err
	}
	elsewhere := map[id.Application]bool{}
	others, err := tx.NamingsOf(key)
	if err != nil {
		return f, err
	}
	for _, n := range others {
		if n.ID == mine || n.State == naming.Cancelled {
			continue
		}
		for _, e := range n.List {
			elsewhere[e.Application] = true
		}
	}
	all, err := tx.ApplicationsOf(key)
	if err != nil {
		return f, err
	}
	for _, a := range all {
		waits := a.State == application.Selected || a.State == application.Underway && a.Stage == "publicity"
		if !waits || elsewhere[a.ID] {
			continue
		}
		k, err := namingCandidate(tx, &a, c, now)
		if err != nil {
			return f, err
		}
		f.Candidates = append(f.Candidates, k)
	}
	slices.SortStableFunc(f.Candidates, func(a, b naming.Candidate) int { return strings.Compare(a.Number, b.Number) })
	return f, nil
}

// namingCandidate gathers what the gate asks about one application.
func namingCandidate(tx *store.Tx, a *application.Application, c *calendar.Calendar, now time.Time) (k naming.Candidate, err error) {
	o, err := tx.Organisation(a.Organisation)
	if err != nil {
		return k, err
	}
	k = naming.Candidate{
		Application: a.ID, Organisation: a.Organisation, Name: a.Name, Present: o.Name(), Category: a.Category, Number: a.Number,
		Selected: a.State == application.Selected, Registered: o.State == organisation.Registered,
	}
	items, err := tx.ItemsAbout(item.Subject{Kind: "application", ID: string(a.ID)})
	if err != nil {
		return k, err
	}
	for _, i := range items {
		switch i.State {
		case item.Carried:
			k.Decision, k.DecidedOn = i.ID, calendar.DateOf(i.DecidedAt)
			k.Name = o.NameOn(k.DecidedOn)
		case item.Lost:
			k.Decision, k.DecidedOn = "", calendar.Date{}
		}
	}
	listed, err := tx.CandidateOf(a.ID)
	if fault.KindOf(err) == fault.NotFound {
		return k, nil // not on any list yet
	}
	if err != nil {
		return k, err
	}
	p, err := tx.Publicity(listed.Publicity)
	if err != nil {
		return k, err
	}
	k.Name = listed.Name
	k.Upheld = listed.State == publicity.Upheld || listed.State == publicity.Removed
	k.Required, k.ServedTo = p.Days, p.Last
	if p.Published() {
		k.Served, k.Known = c.Served(p.StartedAt, p.CountFirst, now)
		today := calendar.DateOf(now)
		for _, day := range p.Lost {
			if working, _ := c.Working(day); working && day.Before(today) {
				k.Served--
			}
		}
	}
	against, err := tx.ObjectionsAbout(a.ID) // on an earlier list too
	k.Open = objection.OpenOf(against)
	return k, err
}
