package casework

import (
	"context"
	"slices"
	"time"

	"shifan/internal/calendar"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/application"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/lifecycle/visit"
	"shifan/internal/store"
)

// VisitLine is one line of the list of visits.
type VisitLine struct {
	Visit       visit.Visit
	Application application.Application // only its name and number for the organisation and the list
	Task        string                  // what the viewer is to do now; empty: nothing
}

// VisitFilter is the store's, so that the doors need not know the store.
type VisitFilter = store.VisitFilter

// VisitList is a list of visits.
type VisitList struct {
	Lines  []VisitLine
	Total  int                 // on all pages
	States map[stage.State]int // how many of each state the viewer sees, whatever the filter's states are
	Now    time.Time
}

// Visits lists the visits that the viewer may see.
func (d *Desk) Visits(ctx context.Context, by stage.Actor, f VisitFilter) (v VisitList, err error) {
	defer fault.Wrap(&err, "casework.Visits")
	v.Now, v.States = d.Now(), map[stage.State]int{}
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		if v.Lines, err = visitLines(tx, by, f, v.Now); err != nil {
			return err
		}
		if v.Total, err = tx.CountVisits(by, f); err != nil {
			return err
		}
		for _, s := range visit.Kind.States() {
			if v.States[s], err = tx.CountVisits(by, VisitFilter{Round: f.Round, States: []stage.State{s}}); err != nil {
				return err
			}
		}
		return nil
	})
	return v, err
}

func visitLines(tx *store.Tx, by stage.Actor, f VisitFilter, now time.Time) (lines []VisitLine, err error) {
	all, err := tx.Visits(by, f)
	if err != nil {
		return nil, err
	}
	keys := make([]id.Application, len(all))
	for i, v := range all {
		keys[i] = v.Application
	}
	heads, err := tx.ApplicationHeads(keys)
	if err != nil {
		return nil, err
	}
	for _, v := range all {
		a := heads[v.Application]
		lines = append(lines, VisitLine{Visit: v, Application: application.Application{ID: a.ID, Name: a.Name, Number: a.Number}, Task: visitTask(by, &v, now)})
	}
	return lines, nil
}

// visitTask says what somebody is to do about a visit, or "".
func visitTask(by stage.Actor, v *visit.Visit, now time.Time) string {
	come := !v.On.IsZero() && !calendar.DateOf(now).Before(v.On)
	switch by.Role {
	case stage.Clerk:
		switch {
		case v.State == visit.Planned && v.Leader() == nil:
			return "组织考核组"
		case v.State == visit.Planned:
			return "安排考核时间"
		case v.State == visit.Scheduled && v.Answer.Proposed():
			return "答复改期提议"
		case v.State == visit.Scheduled && v.Leader() == nil:
			return "补齐考核组"
		}
	case stage.Applicant:
		if v.State == visit.Scheduled && !come && !v.Answer.Confirmed && !v.Answer.Proposed() {
			return "确认考核时间"
		}
	case stage.Assessor:
		return assessorTask(by, v, come)
	default: // the others have nothing to do about it
	}
	return ""
}

func assessorTask(by stage.Actor, v *visit.Visit, come bool) string {
	s := v.Seat(by.Account)
	switch {
	case s == nil:
		return ""
	case v.State == visit.Scheduled && come && s.Leader:
		return "填写考核情况并提交意见"
	case v.State == visit.Scheduled && come:
		return "填写考核情况"
	case v.State == visit.Scheduled:
		return "准备实地考核"
	case v.State == visit.Reported && s.Absent == "" && !v.SignedBy(by.Account):
		return "签署考核意见"
	}
	return ""
}

// visitWork is what visits ask of somebody.
func (d *Desk) visitWork(tx *store.Tx, by stage.Actor, now time.Time, w *waits) ([]WorkItem, error) {
	every := []VisitFilter{{States: []stage.State{visit.Scheduled, visit.Reported}}}
	if by.Role == stage.Clerk { // what is stuck before what is to be arranged
		every = []VisitFilter{{States: []stage.State{visit.Scheduled}, Stuck: true}, {States: []stage.State{visit.Planned}}}
	} else if by.Role != stage.Applicant && by.Role != stage.Assessor {
		return nil, nil
	}
	var all []WorkItem
	for _, f := range every {
		f.Heads = true
		items, err := listing[VisitLine]{
			stage: visit.Kind.Label, url: "/visits?state=" + string(f.States[0]),
			count: func() (int, error) { return tx.CountVisits(by, f) },
			list: func(after *VisitLine, limit int) ([]VisitLine, error) {
				if f.Limit = limit; after != nil {
					f.After = after.Visit.ID
				}
				return visitLines(tx, by, f, now)
			},
			item: func(l *VisitLine) (w WorkItem, err error) {
				if l.Task != "" {
					w = WorkItem{
						Title: l.Task + " " + l.Application.Name, Thing: l.Application.Number, URL: "/visits/" + string(l.Visit.ID), Due: l.Visit.Begins(), Stage: visit.Kind.Label,
					}
				}
				return w, nil
			},
		}.gather(w)
		if err != nil {
			return nil, err
		}
		all = append(all, items...)
	}
	return all, nil
}

// visitAhead lists the days of visits that are arranged.
func visitAhead(tx *store.Tx, _ time.Time) (all []Milestone, err error) {
	visits, err := tx.VisitsAhead()
	for _, v := range visits {
		a, err := tx.Application(v.Application)
		if err != nil {
			return nil, err
		}
		all = append(all, Milestone{At: v.Begins(), Word: "实地考核", What: a.Name})
	}
	return all, err
}

// VisitView is what the pages of one visit show.
type VisitView struct {
	Dossier              // the application and its criteria; only name, number and round for the organisation
	Visit    visit.Visit // as the viewer may see it
	Task     string      // what the viewer is to do now; empty: nothing
	Acts     []string    // what the viewer may do with it now, as far as the table says
	Pool     []Assessor  // who may be on the team; for the office
	Earliest calendar.Date
	Day      calendar.Day // of the visit
	Mine     *visit.Seat  // the viewer's seat on the team
	Come     bool         // the day has come
	Now      time.Time
	Unready  error // why this assessor may not score or sign yet: the calibration exercise; nil: may

	Signed SignedPapers // its documents
}

// Assessor is somebody who may be on a team.
type Assessor struct {
	Account id.Account
	Name    string
	Tied    bool // has an interest, and may not
}

// Visit returns one visit as the viewer may see it.
func (d *Desk) Visit(ctx context.Context, by stage.Actor, key id.Visit) (v VisitView, err error) {
	defer fault.Wrap(&err, "casework.Visit(%s)", key)
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		w, err := tx.VisitFor(by, key)
		if err != nil {
			return err
		}
		if v, err = d.visitView(tx, by, w); err != nil {
			return err
		}
		v.Signed, err = signedPapers(tx, by, string(key), v.Programme.Name)
		return err
	})
	return v, err
}

func (d *Desk) visitView(tx *store.Tx, by stage.Actor, w visit.Visit) (v VisitView, err error) {
	v.Now, v.Visit = d.Now(), w
	if v.Dossier, err = d.dossier(tx, by, w.Application); err != nil {
		return v, err
	}
	if by.Role == stage.Applicant {
		a := v.Application
		v.Application = application.Application{ID: a.ID, Name: a.Name, Number: a.Number, Round: a.Round, State: a.State, Stage: a.Stage}
		v.Groups, v.Checks = nil, nil
	}
	c, err := tx.Calendar()
	if err != nil {
		return v, err
	}
	today := calendar.DateOf(v.Now)
	v.Earliest = visit.Earliest(today, v.Programme.Visit, c)
	if !w.On.IsZero() {
		v.Day, v.Come = c.Day(w.On), !today.Before(w.On)
	}
	v.Mine = v.Visit.Seat(by.Account)
	asked := visiting{tx: tx, visit: &w, programme: v.Programme, indicators: v.Indicators()}
	if v.Unready = asked.ready(by, "sign"); v.Unready != nil && fault.KindOf(v.Unready) != fault.Refused {
		return v, v.Unready
	}
	v.Task, v.Acts = visitTask(by, &w, v.Now), visit.Kind.May(w.State, by.Role)
	if by.Role == stage.Director && v.Programme.Visit.Scope != "chosen" {
		v.Acts = slices.DeleteFunc(v.Acts, func(act string) bool { return act == "waive" })
	}
	if by.Role == stage.Clerk {
		err = v.pool(tx)
	}
	return v, err
}

// pool lists who may be on the team, and who of them may not.
func (v *VisitView) pool(tx *store.Tx) error {
	all, err := assessors(tx, v.Visit.Programme)
	if err != nil {
		return err
	}
	ties, err := tiesOn(tx, v.Programme, v.Visit.Organisation, calendar.DateOf(v.Now))
	for _, s := range all {
		v.Pool = append(v.Pool, Assessor{s.Account, s.Name, ties[s.Account] != ""})
	}
	return err
}
