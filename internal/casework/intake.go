package casework

import (
	"context"
	"slices"
	"time"

	"shifan/internal/calendar"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/answer"
	"shifan/internal/lifecycle/application"
	"shifan/internal/lifecycle/party"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/round"
	"shifan/internal/lifecycle/ruling"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/store"
)

// Filed is an application with the criteria that it answers: what a reader
// reads. Other chapters embed it in their views.
type Filed struct {
	Application application.Application
	Programme   *programme.Programme
	Round       round.Round
	Groups      []programme.Group // with the indicators of the round's year
	Files       map[string][]File // by indicator: of a draft what stands there, otherwise what was submitted
}

// filed gathers an application for a viewer to read, who may.
func (d *Desk) filed(tx *store.Tx, by stage.Actor, a application.Application) (v Filed, err error) {
	v.Application = a
	if v.Round, err = tx.Round(a.Round); err != nil {
		return v, err
	}
	if v.Programme, err = tx.ProgrammeOf(a.Round); err != nil {
		return v, err
	}
	v.Groups = groupsIn(v.Programme, v.Round.Year)
	return v, v.takeFiles(tx, by)
}

// groupsIn are the groups of criteria with what counts in a round of that year.
func groupsIn(p *programme.Programme, year int) (all []programme.Group) {
	for _, g := range p.Criteria {
		g.Indicators = slices.DeleteFunc(slices.Clone(g.Indicators), func(i programme.Indicator) bool { return !i.CountsIn(year) })
		if len(g.Indicators) > 0 {
			all = append(all, g)
		}
	}
	return all
}

// takeFiles puts the files beside the answers; those of a draft stand in its
// answers only once it is submitted.
func (v *Filed) takeFiles(tx *store.Tx, by stage.Actor) error {
	all, err := tx.FilesUnder(&v.Application, v.Application.State == application.Draft)
	if err != nil || len(all) == 0 {
		return err
	}
	if v.Files, err = withPlaces(tx, by, v.Programme, all); err != nil {
		return err
	}
	if v.Application.State == application.Draft {
		briefs, err := briefsOf(tx, &v.Application)
		c := v.Application.Content()
		c.Attach(briefs)
		v.Application.Answers = c.Answers
		return err
	}
	return nil
}

// Filed returns an application with the criteria that it answers, as the viewer
// may see it: what a form is read by, without all that Application works out.
func (d *Desk) Filed(ctx context.Context, by stage.Actor, key id.Application) (v Filed, err error) {
	defer fault.Wrap(&err, "casework.Filed(%s)", key)
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		a, err := tx.ApplicationFor(by, key)
		if err != nil {
			return err
		}
		v, err = d.filed(tx, by, a)
		return err
	})
	return v, err
}

// ApplicationView is what the pages of one application show.
type ApplicationView struct {
	Filed
	Calendar  *calendar.Calendar
	Checks    []ruling.Check      // what eligibility finds now; shown beside
	Bodies    []party.Body        // the Party organisations to choose from; for the applicant
	Gaps      []*fault.Fault      // what is missing; of a draft
	Outside   []ruling.Check      // why it may be declined; empty when it may not
	AcceptBy  calendar.Date       // until when the office decides about accepting; zero: no limit now
	ReviewBy  calendar.Date       // until when the review is done; zero: the programme says nothing
	AnswerBy  calendar.Period     // how long a correction that is asked for now would run
	DaysLeft  int                 // working days until the deadline, or until the correction is due
	DaysKnown bool                // false: a year between has no arrangement yet
	Known     map[string][]string // what is known of the organisation anyway, by indicator
	Carry     int                 // answers that could be carried over from an earlier application; 0: none
	CarryYear int                 // the year of that application's round
	Acts      []string            // what the viewer may do with it now
	Now       time.Time

	Signed SignedPapers // its documents
}

// FilingOpen reports whether one may file in its round now.
func (v ApplicationView) FilingOpen() bool { return v.Round.FilingOpen(v.Now) }

// Application returns one application as the viewer may see it.
func (d *Desk) Application(ctx context.Context, by stage.Actor, key id.Application) (v ApplicationView, err error) {
	defer fault.Wrap(&err, "casework.Application(%s)", key)
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		a, err := tx.ApplicationFor(by, key)
		if err != nil {
			return err
		}
		if v, err = d.applicationView(tx, by, a); err != nil {
			return err
		}
		v.Signed, err = signedPapers(tx, by, string(key), a.Programme)
		return err
	})
	return v, err
}

func (d *Desk) applicationView(tx *store.Tx, by stage.Actor, a application.Application) (v ApplicationView, err error) {
	v.Now = d.Now()
	if v.Filed, err = d.filed(tx, by, a); err != nil {
		return v, err
	}
	if v.Calendar, err = tx.Calendar(); err != nil {
		return v, err
	}
	if v.Checks, err = d.eligibilityOf(tx, &a); err != nil {
		return v, err
	}
	if a.State == application.Draft {
		v.Gaps = v.Application.Gaps(v.Programme, v.Round.Year)
		if v.Bodies, err = tx.BodiesOf(a.Organisation); err != nil {
			return v, err
		}
		from, year, err := former(tx, &a)
		if err != nil {
			return v, err
		}
		v.Carry, v.CarryYear = len(v.Application.Content().Carriable(v.Programme, v.Round.Year, from.Answers)), year
	}
	if v.Known, err = d.known(tx, &v); err != nil {
		return v, err
	}
	v.Acts = application.Kind.May(a.State, by.Role)
	if !v.FilingOpen() {
		v.Acts = slices.DeleteFunc(v.Acts, func(act string) bool { return act == "withdraw" })
	}
	if by.Role == stage.Clerk {
		v.Outside = application.Outside(v.Checks)
	}
	v.limits(&a)
	return v, nil
}

// known gathers what stands in the organisation's facts and ledger about what the
// indicators ask, as of the deadline.
func (d *Desk) known(tx *store.Tx, v *ApplicationView) (map[string][]string, error) {
	profile, err := tx.ProfileOf(v.Application.Organisation)
	if err != nil {
		return nil, err
	}
	all := map[string][]string{}
	for _, i := range v.Programme.Indicators(v.Round.Year) {
		if say := answer.Known(v.Programme, profile, i.Known, v.Round.LastDay); len(say) > 0 {
			all[i.Code] = say
		}
	}
	return all, nil
}

// limits works out the time limits that run for an application.
func (v *ApplicationView) limits(a *application.Application) {
	if p, runs := a.AcceptBy(v.Programme, v.Calendar); runs {
		v.AcceptBy = p.Last
	}
	if p, err := v.Calendar.AddWorkingDays(v.Round.LastDay, v.Programme.Review.Days, false); err == nil {
		v.ReviewBy = p.Last
	}
	today := calendar.DateOf(v.Now)
	if p, err := v.Calendar.AddWorkingDays(today, application.CorrectionDays(v.Programme), false); err == nil {
		v.AnswerBy = p
	}
	last := v.Round.LastDay
	if a.State == application.Correcting {
		last = a.Correction.LastDay
	}
	v.DaysLeft, v.DaysKnown = v.Calendar.WorkingDaysBetween(today, last)
}

// ApplicationFilter is the store's, so that the doors need not know the store.
type ApplicationFilter = store.ApplicationFilter

// ApplicationLine is one line of a list of applications.
type ApplicationLine struct {
	Application application.Application
	Round       round.Round
	AcceptBy    calendar.Date // until when the office decides; zero: no limit runs
}

// Applications lists the applications that the viewer may see.
func (d *Desk) Applications(ctx context.Context, by stage.Actor, f store.ApplicationFilter) (all []ApplicationLine, err error) {
	defer fault.Wrap(&err, "casework.Applications")
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		all, err = applicationLines(tx, by, f)
		return err
	})
	return all, err
}

func applicationLines(tx *store.Tx, by stage.Actor, f store.ApplicationFilter) (lines []ApplicationLine, err error) {
	all, err := tx.Applications(by, f)
	if err != nil {
		return nil, err
	}
	c, err := tx.Calendar()
	if err != nil {
		return nil, err
	}
	rounds, programmes := map[id.Round]round.Round{}, map[id.Round]*programme.Programme{}
	for _, a := range all {
		if _, known := rounds[a.Round]; !known {
			if rounds[a.Round], err = tx.Round(a.Round); err != nil {
				return nil, err
			}
			if programmes[a.Round], err = tx.ProgrammeOf(a.Round); err != nil {
				return nil, err
			}
		}
		l := ApplicationLine{Application: a, Round: rounds[a.Round]}
		if p, runs := a.AcceptBy(programmes[a.Round], c); runs {
			l.AcceptBy = p.Last
		}
		lines = append(lines, l)
	}
	return lines, nil
}

// OpenCall is a round in which an organisation may begin an application, with
// what eligibility finds.
type OpenCall struct {
	RoundView
	Checks  []ruling.Check
	Bodies  []party.Body
	Mine    id.Application // the one it has there already; empty: none
	Blocked error          // why it cannot begin one now; nil: it can
}

// OpenCalls lists the rounds that take applications now, for an applicant.
func (d *Desk) OpenCalls(ctx context.Context, by stage.Actor) (all []OpenCall, err error) {
	defer fault.Wrap(&err, "casework.OpenCalls")
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		rounds, err := tx.Rounds(by, store.RoundFilter{Programme: by.Programme, States: []stage.State{round.Open}})
		if err != nil {
			return err
		}
		for _, r := range rounds {
			if !r.FilingOpen(d.Now()) {
				continue
			}
			c, err := d.openCall(tx, by, r)
			if err != nil {
				return err
			}
			all = append(all, c)
		}
		return nil
	})
	return all, err
}

// OpenCall returns one round that takes applications, or took them.
func (d *Desk) OpenCall(ctx context.Context, by stage.Actor, key id.Round) (c OpenCall, err error) {
	defer fault.Wrap(&err, "casework.OpenCall(%s)", key)
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		r, err := tx.RoundFor(by, key)
		if err != nil {
			return err
		}
		if !r.Published() || by.Organisation == "" || by.Programme != "" && by.Programme != r.Programme {
			return fault.Missing()
		}
		c, err = d.openCall(tx, by, r)
		return err
	})
	return c, err
}

func (d *Desk) openCall(tx *store.Tx, by stage.Actor, r round.Round) (c OpenCall, err error) {
	if c.RoundView, err = d.roundView(tx, by, r); err != nil {
		return c, err
	}
	f, err := filingFacts(tx, r, by.Organisation)
	if err != nil {
		return c, err
	}
	c.Bodies = f.Bodies
	for _, o := range f.Others {
		if o.Organisation == by.Organisation && o.Live() {
			c.Mine = o.ID
		}
	}
	body := id.PartyBody("")
	if len(f.Bodies) > 1 {
		body = f.Bodies[0].ID // which one is asked for on the page
	}
	_, _, c.Blocked = application.Start(by, f, body, c.Now)
	c.Checks, err = d.eligibilityOf(tx, &application.Application{Round: r.ID, Organisation: by.Organisation})
	return c, err
}

// applicationWork is what applications ask of somebody: a draft or a correction
// of its applicant, and of the office what waits to be accepted.
func (d *Desk) applicationWork(tx *store.Tx, by stage.Actor, _ time.Time, w *waits) ([]WorkItem, error) {
	f := store.ApplicationFilter{Heads: true}
	switch by.Role {
	case stage.Applicant:
		f.States = []stage.State{application.Draft, application.Correcting}
	case stage.Clerk:
		f.States = []stage.State{application.Submitted}
	default:
		return nil, nil
	}
	return listing[ApplicationLine]{
		stage: application.Kind.Label, url: "/applications?state=" + string(f.States[0]),
		count: func() (int, error) { return tx.CountApplications(by, f) },
		list: func(after *ApplicationLine, limit int) ([]ApplicationLine, error) {
			if f.Limit = limit; after != nil {
				f.After = after.Application.ID
			}
			return applicationLines(tx, by, f)
		},
		item: func(l *ApplicationLine) (WorkItem, error) {
			a := l.Application
			w := WorkItem{Thing: a.Number, URL: "/applications/" + string(a.ID), Stage: application.Kind.Label}
			switch {
			case a.State == application.Draft:
				w.Title, w.Due = "填写并提交 "+l.Round.Title, l.Round.Deadline
			case a.State == application.Correcting:
				w.Title, w.Due, w.URL = "补正 "+l.Round.Title, a.Correction.Due, w.URL+"/correction"
			default:
				w.Title = "受理 " + a.Name
				if !l.AcceptBy.IsZero() {
					w.Due = l.AcceptBy.End()
				}
			}
			return w, nil
		},
	}.gather(w)
}

// applicationsAhead lists the deadlines of filing and of corrections.
func applicationsAhead(tx *store.Tx, _ time.Time) (all []Milestone, err error) {
	rounds, err := tx.RunningRounds()
	if err != nil {
		return nil, err
	}
	for _, r := range rounds {
		all = append(all, Milestone{At: r.Deadline, Word: "申报截止", What: r.Title})
	}
	due, err := tx.CorrectionsAhead()
	for _, a := range due {
		all = append(all, Milestone{At: a.Correction.Due, Word: "补正截止", What: a.Number + " " + a.Name})
	}
	return all, err
}
