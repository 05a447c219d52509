package casework

import (
	"context"
	"fmt"
	"time"

	"shifan/internal/calendar"
	"shifan/internal/creditcode"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/application"
	"shifan/internal/lifecycle/objection"
	"shifan/internal/lifecycle/probe"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/programme/words"
	"shifan/internal/lifecycle/publicity"
	"shifan/internal/lifecycle/round"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/store"
)

// PublicityFilter is the store's, so that the doors need not know the store.
type PublicityFilter = store.PublicityFilter

// publicityCommitments are the ends of the publicities that run.
func publicityCommitments(tx *store.Tx) (all []calendar.Commitment, err error) {
	running, err := tx.RunningPublicities()
	for _, p := range running {
		all = append(all, p.Commitment())
	}
	return all, err
}

// PublicityView is what the pages of one publicity show.
type PublicityView struct {
	Publicity  publicity.Publicity
	Programme  *programme.Programme
	Round      round.Round
	Calendar   *calendar.Calendar
	Candidates []publicity.Candidate // on the list, as the viewer may see it
	Period     calendar.Period       // every day of it, as published; of a draft, if it were published now
	Other      calendar.Period       // counted the other way
	Now        time.Time
	Served     int   // which working day today is; 0 before the first
	Left       int   // working days after today, while it runs
	Blocked    error // why it could not end now; for the office
	Stale      bool  // a draft's list is not what the committee carried; for the office
	Open       int   // objections that are not settled; for the office
	Funnel     round.Funnel
	Acts       []string      // what the viewer may do with it now
	Visited    probe.Summary // of the visits to its public address, for everybody
	Probes     []probe.Probe // the latest visits to its public address, the first first; for the office

	Signed SignedPapers // its documents
}

// ObjectionsOpen reports whether an objection would be in time now.
func (v PublicityView) ObjectionsOpen() bool {
	return v.Publicity.State == publicity.Running && v.Publicity.InTime(v.Calendar, v.Now)
}

// Publicity returns one publicity as the viewer may see it.
func (d *Desk) Publicity(ctx context.Context, by stage.Actor, key id.Publicity) (v PublicityView, err error) {
	defer fault.Wrap(&err, "casework.Publicity(%s)", key)
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		p, err := tx.PublicityFor(by, key)
		if err != nil {
			return err
		}
		if v, err = d.publicityView(tx, by, p); err != nil {
			return err
		}
		if v.Funnel, err = tx.FunnelOf(p.Round); err != nil {
			return err
		}
		visits, err := tx.ProbesOf(key)
		if err != nil {
			return err
		}
		v.Visited = probe.Sum(visits)
		v.Signed, err = signedPapers(tx, by, string(key), p.Programme)
		return err
	})
	return v, err
}

// Publicities lists the publicities that the viewer may see, the latest first.
func (d *Desk) Publicities(ctx context.Context, by stage.Actor, f PublicityFilter) (all []PublicityView, err error) {
	defer fault.Wrap(&err, "casework.Publicities")
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		found, err := tx.Publicities(by, f)
		for _, p := range found {
			v, err := d.publicityView(tx, by, p)
			if err != nil {
				return err
			}
			all = append(all, v)
		}
		return err
	})
	return all, err
}

func (d *Desk) publicityView(tx *store.Tx, by stage.Actor, p publicity.Publicity) (v PublicityView, err error) {
	v = PublicityView{Publicity: p, Now: d.Now()}
	if v.Calendar, err = tx.Calendar(); err != nil {
		return v, err
	}
	if p.Round != "" {
		if v.Round, err = tx.Round(p.Round); err != nil {
			return v, err
		}
		if v.Programme, err = tx.ProgrammeOf(p.Round); err != nil {
			return v, err
		}
	}
	if v.Candidates, err = tx.CandidatesOf(p.ID); err != nil {
		return v, err
	}
	if err := v.count(); err != nil {
		return v, err
	}
	if !within(by, p) {
		return v, nil
	}
	v.Acts = publicity.Kind.May(p.State, by.Role)
	if by.Role == stage.Clerk || by.Role == stage.Director || by.Role == stage.Auditor {
		err = v.forOffice(tx)
	}
	return v, err
}

func within(by stage.Actor, p publicity.Publicity) bool {
	return by.Programme == "" || by.Programme == p.Programme
}

// count draws the days. What was published stands, whatever the calendar says
// now: the drawn days end on the published last day.
func (v *PublicityView) count() (err error) {
	p, today := &v.Publicity, calendar.DateOf(v.Now)
	if v.Period, err = p.Period(v.Calendar, v.Now); err != nil {
		return err
	}
	other := *p
	other.CountFirst = !p.CountFirst
	if v.Other, err = other.Period(v.Calendar, v.Now); err != nil {
		return err
	}
	if !p.Published() {
		return nil
	}
	if v.Period.Last != p.Last || v.Period.First != p.First {
		v.Period.First, v.Period.Last, v.Period.Version, v.Period.Provisional = p.First, p.Last, p.CalendarVersion, p.Provisional
		v.Period.Days = nil
		for day, n := p.First, 0; !day.After(p.Last); day = day.AddDays(1) {
			as := v.Calendar.Day(day)
			if as.Working {
				n++
				as.Number = n
			}
			v.Period.Days = append(v.Period.Days, as)
		}
	}
	for _, day := range v.Period.Days {
		switch {
		case day.Number > 0 && !day.Date.After(today):
			v.Served = day.Number
		case day.Number > 0 && p.State == publicity.Running:
			v.Left++
		}
	}
	return nil
}

// forOffice adds what only those who run the publicity need to know.
func (v *PublicityView) forOffice(tx *store.Tx) (err error) {
	p := &v.Publicity
	if v.Probes, err = tx.ProbesOf(p.ID); err != nil {
		return err
	}
	switch p.State {
	case publicity.Running:
		v.Blocked = p.Blocked(v.Calendar)
	case publicity.Drafted:
		if v.Stale, err = listStale(tx, p, v.Candidates); err != nil {
			return err
		}
	}
	for _, c := range v.Candidates {
		against, err := tx.ObjectionsAbout(c.Application) // on an earlier list too
		if err != nil {
			return err
		}
		v.Open += objection.OpenOf(against)
	}
	return nil
}

// PublicityChoice is a round of which a list may be drafted.
type PublicityChoice struct {
	Round     round.Round
	Programme *programme.Programme
	Waiting   []application.Application
}

// PublicityChoices lists the rounds in which somebody waits to be made public.
func (d *Desk) PublicityChoices(ctx context.Context, by stage.Actor) (all []PublicityChoice, err error) {
	defer fault.Wrap(&err, "casework.PublicityChoices")
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		all, err = publicityChoices(tx, by)
		return err
	})
	return all, err
}

func publicityChoices(tx *store.Tx, by stage.Actor) (all []PublicityChoice, err error) {
	if by.Role != stage.Clerk {
		return nil, nil
	}
	rounds, err := tx.Rounds(by, store.RoundFilter{Programme: by.Programme, States: []stage.State{round.Open, round.Closed}})
	for _, r := range rounds {
		c := PublicityChoice{Round: r}
		if c.Waiting, err = waitingForPublicity(tx, r.Programme, r.ID, ""); err != nil {
			return nil, err
		}
		if len(c.Waiting) == 0 {
			continue
		}
		if c.Programme, err = tx.ProgrammeOf(r.ID); err != nil {
			return nil, err
		}
		all = append(all, c)
	}
	return all, err
}

// Plan returns what a draft begins with: the words that such lists have.
func (c PublicityChoice) Plan() publicity.Plan {
	return publicity.Plan{
		Title: fmt.Sprintf("%d年度%s拟命名名单公示", c.Round.Year, c.Programme.Base),
		Text: fmt.Sprintf("根据《%s》和%d年度创建通知，经%s，拟命名%s为%d年度%s。现将名单予以公示，接受社会监督。",
			c.Programme.Title, c.Round.Year, words.Series(words.Examined(c.Programme)), c.proposed(), c.Round.Year, c.Programme.Base),
		Contact: c.Round.Contact,
	}
}

// proposed says who is proposed: 甲等3家社会组织, or the one by its name.
func (c PublicityChoice) proposed() string {
	if len(c.Waiting) == 1 {
		return c.Waiting[0].Name
	}
	return fmt.Sprintf("%s等%d家%s", c.Waiting[0].Name, len(c.Waiting), words.Applicant(c.Programme.Applicants))
}

// homePublicities shows what is public now, and what was.
func (d *Desk) homePublicities(tx *store.Tx, _ *calendar.Calendar, v *HomeView) error {
	found, err := tx.Publicities(stage.Anyone, store.PublicityFilter{Limit: 12})
	for _, p := range found {
		url := "/publicities/" + string(p.ID)
		if p.State != publicity.Withdrawn {
			v.Notices = append(v.Notices, HomeNotice{URL: url, Title: p.Title, At: p.PublishedAt})
		}
		if p.State != publicity.Running {
			continue
		}
		view, err := d.publicityView(tx, stage.Anyone, p)
		if err != nil {
			return err
		}
		h := HomePublicity{URL: url, Title: p.Title, Period: view.Period, Served: view.Served, Left: view.Left}
		if view.ObjectionsOpen() {
			h.Objection = url + "/objections/new"
		}
		for _, c := range view.Candidates {
			if c.State != publicity.Removed {
				h.Candidates++
			}
		}
		v.Publicities = append([]HomePublicity{h}, v.Publicities...)
	}
	return err
}

// publicityWork lists what waits for somebody about publicities.
func (d *Desk) publicityWork(tx *store.Tx, by stage.Actor, now time.Time) (work []WorkItem, err error) {
	choices, err := publicityChoices(tx, by)
	if err != nil {
		return nil, err
	}
	add := func(title, url string, due time.Time) {
		work = append(work, WorkItem{Title: title, URL: url, Due: due, Stage: publicity.Kind.Label})
	}
	for _, c := range choices {
		add(fmt.Sprintf("起草公示：%d年度%s，%d家待公示", c.Round.Year, c.Programme.Base, len(c.Waiting)), "/publicities/new?round="+string(c.Round.ID), time.Time{})
	}
	if by.Role != stage.Clerk && by.Role != stage.Director {
		return work, nil
	}
	c, err := tx.Calendar()
	if err != nil {
		return nil, err
	}
	found, err := tx.Publicities(by, store.PublicityFilter{Programme: by.Programme, States: []stage.State{publicity.Drafted, publicity.Running}})
	for _, p := range found {
		url := "/publicities/" + string(p.ID)
		gone, err := down(tx, p.ID)
		if err != nil {
			return nil, err
		}
		switch {
		case p.State == publicity.Running && by.Role == stage.Clerk && gone:
			add("公示网页打不开，核实后登记中断："+p.Title, url+"/interrupt", time.Time{})
		case p.State == publicity.Drafted && by.Role == stage.Director && by.Account != p.PreparedBy:
			add("核对并发布 "+p.Title, url+"/manage", time.Time{})
		case p.State == publicity.Drafted:
		case by.Role == stage.Clerk && p.Elsewhere() && p.Posting.At.IsZero():
			add("在"+p.Place+"发布并登记 "+p.Title, url+"/post", p.First.Start())
		case by.Role == stage.Director && !now.Before(p.Ends) && p.Blocked(c) != nil:
			add("公示期满不能确认 "+p.Title, url+"/manage", p.Ends)
		}
	}
	return work, err
}

// publicitiesAhead lists when publicities end.
func publicitiesAhead(tx *store.Tx, _ time.Time) (all []Milestone, err error) {
	running, err := tx.RunningPublicities()
	for _, p := range running {
		all = append(all, Milestone{At: p.Ends, Word: "公示结束", What: p.Title})
	}
	return all, err
}

// PublicityPreview shows what a list would be if it were drafted and published
// now, and keeps nothing.
func (d *Desk) PublicityPreview(ctx context.Context, by stage.Actor, c PublicityChoice) (v PublicityView, err error) {
	defer fault.Wrap(&err, "casework.PublicityPreview")
	p, _, err := publicity.Draft(by, c.Programme, c.Round.ID, publicity.Naming, c.Plan())
	if err != nil {
		return v, err
	}
	v = PublicityView{Publicity: *p, Programme: c.Programme, Round: c.Round, Now: d.Now()}
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		if v.Calendar, err = tx.Calendar(); err != nil {
			return err
		}
		for _, a := range c.Waiting {
			o, err := tx.Organisation(a.Organisation)
			if err != nil {
				return err
			}
			v.Candidates = append(v.Candidates, candidateFrom(p, &a, o.Code, creditcode.KindWord(o.Kind)))
		}
		publicity.Order(v.Candidates)
		return v.count()
	})
	return v, err
}
