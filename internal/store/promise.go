package store

import (
	"fmt"
	"time"

	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/application"
	"shifan/internal/lifecycle/calibration"
	"shifan/internal/lifecycle/designation"
	"shifan/internal/lifecycle/document"
	"shifan/internal/lifecycle/invariant"
	"shifan/internal/lifecycle/item"
	"shifan/internal/lifecycle/meeting"
	"shifan/internal/lifecycle/naming"
	"shifan/internal/lifecycle/objection"
	"shifan/internal/lifecycle/plan"
	"shifan/internal/lifecycle/plaque"
	"shifan/internal/lifecycle/publicity"
	"shifan/internal/lifecycle/recheck"
	"shifan/internal/lifecycle/rectification"
	"shifan/internal/lifecycle/review"
	"shifan/internal/lifecycle/revocation"
	"shifan/internal/lifecycle/round"
	"shifan/internal/lifecycle/story"
	"shifan/internal/lifecycle/trigger"
	"shifan/internal/lifecycle/visit"
)

// Promises is the guard that keeps every promise of lifecycle/invariant and of the
// package together below it: what a
// change touched is loaded with what it stands with, as it would be after the
// commit, and checked. serve, demo and play have it on.
//
// It loads what a promise compares and no more: saving a draft costs one read of
// its round; a vote that of its meeting.
func Promises() Invariant {
	g := Invariant{Name: "lifecycle", Holds: (*Tx).keepsPromises}
	for _, w := range watched {
		g.Tables = append(g.Tables, w.table)
	}
	return g
}

// watched says for each table how the case around one of its rows is looked at.
var watched = []struct {
	table string
	look  func(*look, string) error
}{
	looking(rounds, (*look).round),
	lookingAt(applications.name, (*Tx).promised, (*look).application),
	looking(reviews, func(l *look, r *review.Review) error { return l.byApplication(r.Application) }),
	looking(visits, func(l *look, v *visit.Visit) error { return l.byApplication(v.Application) }),
	looking(meetings, (*look).meeting),
	looking(items, (*look).item),
	looking(publicities, (*look).publicity),
	looking(candidates, (*look).candidate),
	looking(objections, (*look).objection),
	looking(namings, (*look).naming),
	looking(designations, (*look).title),
	looking(plaques, (*look).plaque),
	looking(triggers, func(l *look, t *trigger.Trigger) error { return l.byTitle(t.Designation) }),
	looking(plans, func(l *look, p *plan.Plan) error { return l.check(invariant.Case{Plan: p}) }),
	looking(rechecks, func(l *look, r *recheck.Recheck) error { return l.byTitle(r.Designation) }),
	looking(rectifications, func(l *look, r *rectification.Rectification) error { return l.byTitle(r.Designation) }),
	looking(stories, (*look).story),
	looking(revocations, func(l *look, r *revocation.Revocation) error { return l.byTitle(r.Designation) }),
	looking(documents, (*look).document),
	looking(numbers, (*look).number),
	looking(deliveries, (*look).delivery),
	looking(draws, (*look).draw),
	looking(calibrations, (*look).sample),
	looking(markings, func(l *look, k *calibration.Marking) error { return l.sampleOf(k.Calibration) }),
}

// look is one checking of what a change touched.
type look struct {
	*Tx
	seen map[Touched]bool // applications and titles whose case was looked at
}

func looking[T any](tb table[T], see func(*look, *T) error) (w struct {
	table string
	look  func(*look, string) error
},
) {
	return lookingAt(tb.name, tb.get, see)
}

func lookingAt[T any](table string, get func(*Tx, string) (T, error), see func(*look, *T) error) (w struct {
	table string
	look  func(*look, string) error
},
) {
	w.table = table
	w.look = func(l *look, key string) error {
		v, err := there(get(l.Tx, key))
		if v == nil {
			return err // it is gone
		}
		return see(l, v)
	}
	return w
}

// keepsPromises checks the cases of the rows that a change touched.
func (tx *Tx) keepsPromises(touched []Touched) error {
	l := &look{Tx: tx, seen: map[Touched]bool{}}
	for _, at := range touched {
		for _, w := range watched {
			if w.table != at.Table {
				continue
			}
			if err := w.look(l, at.Key); err != nil {
				return fmt.Errorf("%s %s: %w", at.Table, at.Key, err)
			}
		}
	}
	return nil
}

// check holds a case against every promise, at the instant of the act.
func (l *look) check(c invariant.Case) error {
	c.Now = l.at
	return invariant.Check(&c)
}

// there returns nil for what is missing.
func there[T any](v T, err error) (*T, error) {
	if fault.KindOf(err) == fault.NotFound {
		return nil, nil
	}
	return &v, err
}

// pointers returns the things of a list; never nil, which would mean not looked at.
func pointers[T any](all []T, err error) ([]*T, error) {
	some := make([]*T, len(all))
	for n := range all {
		some[n] = &all[n]
	}
	return some, err
}

// gather runs reads one after the other until one fails.
func gather(reads ...func() error) error {
	for _, read := range reads {
		if err := read(); err != nil {
			return err
		}
	}
	return nil
}

// into makes a read that keeps what it finds.
func into[T any](at *T, read func() (T, error)) func() error {
	return func() (err error) {
		*at, err = read()
		return err
	}
}

// first reports whether a case was not looked at before in this change.
func (l *look) first(table, key string) bool {
	at := Touched{table, key}
	again := l.seen[at]
	l.seen[at] = true
	return !again
}

// round looks at a call with those of its applications that a change of it could
// wrong: the first and the last that were filed, and one that forfeited.
func (l *look) round(r *round.Round) error {
	if err := l.check(invariant.Case{Round: r}); err != nil || !r.Published() {
		return err
	}
	for _, which := range []string{
		"AND submitted_at > 0 ORDER BY submitted_at LIMIT 1",
		"AND submitted_at > 0 ORDER BY submitted_at DESC LIMIT 1",
		"AND state = 'forfeited' LIMIT 1",
	} {
		a, err := there(only(applications.list(l.Tx, "WHERE round = $1 "+which, string(r.ID))))
		if err == nil && a != nil {
			err = l.check(invariant.Case{Round: r, Application: a})
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (l *look) byApplication(key id.Application) error {
	a, err := there(l.promised(string(key)))
	if err != nil || a == nil {
		return err
	}
	return l.application(a)
}

// application looks at an application with what the office, the team, the
// committee and the public made of it. Before it is filed there is only its round.
func (l *look) application(a *application.Application) error {
	if !l.first(applications.name, string(a.ID)) {
		return nil
	}
	c := invariant.Case{Application: a}
	err := into(&c.Round, func() (*round.Round, error) { return there(l.Round(a.Round)) })()
	if err == nil && a.State != application.Draft && a.State != application.Submitted && a.State != application.Forfeited {
		err = gather(
			into(&c.Review, func() (*review.Review, error) { return there(l.ReviewOf(a.ID)) }),
			into(&c.Visit, func() (*visit.Visit, error) { return there(l.VisitOf(a.ID)) }),
			into(&c.Items, func() ([]*item.Item, error) {
				return pointers(l.ItemsAbout(item.Subject{Kind: "application", ID: string(a.ID)}))
			}),
			into(&c.Candidate, func() (*publicity.Candidate, error) { return there(l.CandidateOf(a.ID)) }),
			into(&c.Designation, func() (*designation.Designation, error) { return there(l.DesignationOf(a.ID)) }),
		)
		if err == nil {
			c.Programme, err = l.ProgrammeOf(a.Round)
		}
	}
	if err == nil && c.Candidate != nil {
		c.Publicity, err = there(l.Publicity(c.Candidate.Publicity))
	}
	if err != nil {
		return err
	}
	return l.check(c)
}

// meeting looks at a meeting with its whole agenda, once it has sat.
func (l *look) meeting(m *meeting.Meeting) (err error) {
	c := invariant.Case{Meetings: []*meeting.Meeting{m}}
	if m.State != meeting.Convened {
		c.Items, err = pointers(l.ItemsOf(m.ID))
	}
	if err != nil {
		return err
	}
	return l.check(c)
}

// item looks at an item with its meeting and with what is being voted on there,
// and at what the committee decided on.
func (l *look) item(i *item.Item) error {
	m, err := there(l.Meeting(i.Meeting))
	if err != nil || m == nil {
		return err
	}
	c := invariant.Case{Meetings: []*meeting.Meeting{m}}
	if i.State == item.Voting {
		c.Items, err = pointers(items.list(l.Tx, "WHERE meeting = $1 AND state = $2", string(m.ID), string(item.Voting)))
	} else {
		c.Items = []*item.Item{i}
	}
	if err == nil {
		err = l.check(c)
	}
	if err == nil && m.State != meeting.Sitting && i.Subject.Kind == "application" {
		err = l.byApplication(id.Application(i.Subject.ID))
	}
	return err
}

// publicity looks at a list with all who stand on it, and at the objections
// against them.
func (l *look) publicity(p *publicity.Publicity) error {
	c := invariant.Case{Publicity: p}
	all, err := pointers(l.CandidatesOf(p.ID))
	if err == nil && p.State == publicity.Served {
		c.Objections, err = pointers(objections.list(l.Tx, "WHERE candidate IN (SELECT id FROM candidates WHERE publicity = $1)", string(p.ID)))
	}
	if err == nil {
		err = l.check(c)
	}
	for _, k := range all {
		if err == nil {
			c.Candidate = k
			err = l.check(c)
		}
	}
	return err
}

// candidate looks at who stands on a list, with the application and what was
// raised against it.
func (l *look) candidate(k *publicity.Candidate) error {
	c := invariant.Case{Candidate: k}
	err := gather(
		into(&c.Publicity, func() (*publicity.Publicity, error) { return there(l.Publicity(k.Publicity)) }),
		into(&c.Objections, func() ([]*objection.Objection, error) { return pointers(l.ObjectionsAgainst(k.ID)) }),
	)
	if err == nil {
		err = l.check(c)
	}
	if err == nil {
		err = l.byApplication(k.Application)
	}
	return err
}

// objection looks at an objection with the list and the candidate that it is about.
func (l *look) objection(o *objection.Objection) error {
	c := invariant.Case{Objections: []*objection.Objection{o}}
	err := gather(
		into(&c.Publicity, func() (*publicity.Publicity, error) { return there(l.Publicity(o.Publicity)) }),
		into(&c.Candidate, func() (*publicity.Candidate, error) { return there(l.Candidate(o.Candidate)) }),
	)
	if err != nil {
		return err
	}
	return l.check(c)
}

// naming looks at a naming with the programme that its round froze.
func (l *look) naming(n *naming.Naming) (err error) {
	c := invariant.Case{Naming: n}
	if n.Round != "" {
		c.Programme, err = l.ProgrammeOf(n.Round)
	}
	if err != nil {
		return err
	}
	return l.check(c)
}

func (l *look) byTitle(key id.Designation) error {
	d, err := there(l.Designation(key))
	if err != nil || d == nil {
		return err
	}
	return l.title(d)
}

// title looks at a title with everything that it came from and that watches over it.
func (l *look) title(d *designation.Designation) error {
	if !l.first(designations.name, string(d.ID)) {
		return nil
	}
	c := invariant.Case{Designation: d}
	err := gather(
		into(&c.Plaque, func() (*plaque.Plaque, error) { return there(l.PlaqueOf(d.ID)) }),
		into(&c.Triggers, func() ([]*trigger.Trigger, error) { return pointers(l.TriggersOf(d.ID)) }),
		into(&c.Rechecks, func() ([]*recheck.Recheck, error) { return pointers(l.RechecksOf(d.ID)) }),
		into(&c.Rectifications, func() ([]*rectification.Rectification, error) { return pointers(l.RectificationsOf(d.ID)) }),
		into(&c.Revocations, func() ([]*revocation.Revocation, error) { return pointers(l.RevocationsOf(d.ID)) }),
		into(&c.Stories, func() ([]*story.Story, error) { return pointers(l.StoriesOf(d.ID)) }),
	)
	if err == nil && d.Application != "" {
		err = l.origin(&c, d)
	}
	if err == nil {
		err = l.check(c)
	}
	if err == nil && len(d.Heirs) > 0 {
		err = l.division(d)
	}
	return err
}

// origin adds the application that a title came from and its days in public.
func (l *look) origin(c *invariant.Case, d *designation.Designation) error {
	err := gather(
		into(&c.Application, func() (*application.Application, error) { return there(l.Application(d.Application)) }),
		into(&c.Candidate, func() (*publicity.Candidate, error) { return there(l.CandidateOf(d.Application)) }),
	)
	if err == nil && c.Candidate != nil {
		c.Publicity, err = there(l.Publicity(c.Candidate.Publicity))
	}
	return err
}

// plaque looks at a plaque with its title.
func (l *look) plaque(q *plaque.Plaque) error {
	d, err := there(l.Designation(q.Designation))
	if err != nil || d == nil {
		return err
	}
	return l.check(invariant.Case{Designation: d, Plaque: q})
}

// when is an instant as it is kept, so that it can be compared with what was kept.
func when(t time.Time) time.Time { return t.Truncate(time.Microsecond) }

// document looks at what was signed with all of its sort about the same thing.
func (l *look) document(d *document.Document) error {
	all, err := pointers(l.DocumentsAbout(d.Subject, d.Sort))
	if p, broken := document.Broken(all); err == nil && broken {
		err = invariant.Violation{Invariant: p.Name, Says: p.Says, What: string(d.ID)}
	}
	return err
}

// number looks at a number with all of its word and year.
func (l *look) number(n *document.Number) error {
	all, err := pointers(numbers.list(l.Tx, "WHERE word = $1 AND year = $2", n.Word, n.Year))
	if p, broken := n.Broken(all, l.at); err == nil && broken {
		err = invariant.Violation{Invariant: p.Name, Says: p.Says, What: n.Key}
	}
	return err
}
