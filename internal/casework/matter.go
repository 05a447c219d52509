package casework

import (
	"slices"
	"time"

	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/application"
	"shifan/internal/lifecycle/item"
	"shifan/internal/lifecycle/meeting"
	"shifan/internal/lifecycle/review"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/lifecycle/visit"
	"shifan/internal/store"
)

// applicationMatter is how an application comes before the committee (S53, S54).
func (d *Desk) applicationMatter() matter {
	return matter{facts: d.applicationFacts, waiting: d.applicationsWaiting, decided: d.applicationDecided}
}

// applicationFacts says what the committee would decide an application on: the
// confirmed review and the visit that is over, where its procedure has them.
func (d *Desk) applicationFacts(tx *store.Tx, key string) (f item.Facts, err error) {
	a, err := tx.Application(id.Application(key))
	if err != nil {
		return f, err
	}
	p, err := tx.ProgrammeOf(a.Round)
	if err != nil {
		return f, err
	}
	f = item.Facts{
		Programme: a.Programme, Round: a.Round, Organisation: a.Organisation, Title: a.Name, Category: a.Category,
		Waiting:  a.State == application.Underway && a.Stage == meeting.Kind.Name,
		Reviewed: !slices.Contains(p.Procedure, review.Kind.Name), Visited: !slices.Contains(p.Procedure, visit.Kind.Name),
		Interested: map[id.Account]string{},
	}
	r, err := tx.ReviewOf(a.ID)
	switch {
	case err == nil && r.State == review.Confirmed:
		f.Reviewed, f.Recommendation = true, r.Recommendation
		if !p.Interests.AssessedVote {
			f.Interested[r.Reviewer], f.Interested[r.Confirmer] = "参加了本件初审", "参加了本件初审"
		}
	case err != nil && fault.KindOf(err) != fault.NotFound:
		return f, err
	}
	v, err := tx.VisitOf(a.ID)
	switch {
	case err == nil && v.State == visit.Signed:
		f.Visited, f.Opinion = true, v.Opinion
		for _, s := range v.Team {
			if !p.Interests.AssessedVote {
				f.Interested[s.Account] = "参加了本件考核"
			}
		}
	case err == nil && v.State == visit.Waived:
		f.Visited = true
	case err != nil && fault.KindOf(err) != fault.NotFound:
		return f, err
	}
	return f, nil
}

// applicationsWaiting lists the applications of a round that wait for the
// committee, in the order of filing.
func (d *Desk) applicationsWaiting(tx *store.Tx, p id.Programme, r id.Round) (all []item.Facts, err error) {
	if r == "" {
		return nil, nil
	}
	waiting, err := tx.ApplicationsIn(p, r, meeting.Kind.Name)
	for _, a := range waiting {
		f, err := d.applicationFacts(tx, string(a.ID))
		if err != nil {
			return nil, err
		}
		f.Subject.ID = string(a.ID)
		all = append(all, f)
	}
	return all, err
}

// applicationDecided takes an application on to the publicity, or ends it with
// the committee's reason (S54).
func (d *Desk) applicationDecided(tx *store.Tx, by stage.Actor, i item.Item, carried bool, now time.Time) error {
	if carried {
		return d.goOn(tx, id.Application(i.Subject.ID), item.Carried, now)
	}
	a, err := tx.Application(id.Application(i.Subject.ID))
	if err != nil {
		return err
	}
	reason := i.Reason
	if reason == "" {
		reason = "会议审定未通过"
	}
	m, err := a.PassOver(by, reason, now)
	if err != nil {
		return err
	}
	e := d.entry(by, application.Kind, string(a.ID), m, now)
	e.Programme = a.Programme
	tx.Also(e)
	return tx.PutApplication(&a)
}
