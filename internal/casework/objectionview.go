package casework

import (
	"context"
	"time"

	"shifan/internal/lifecycle/inquiry"

	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/objection"
	"shifan/internal/lifecycle/publicity"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/store"
)

// ObjectionFilter is the store's, so that the doors need not know the store.
type ObjectionFilter = store.ObjectionFilter

// ObjectionView is what the pages of one case show.
type ObjectionView struct {
	Objection objection.Objection  // as the viewer may see it
	Objector  *objection.Objector  // for those who handle it
	Files     []inquiry.Attachment // sent along; for those who handle it
	Publicity publicity.Publicity
	Handler   string            // by name; for the office
	Handlers  []inquiry.Handler // to whom it may be given; for the director
	Mine      bool              // the viewer handles it
	Report    bool              // it would be a report, not an objection
	Now       time.Time
	Acts      []string // what the viewer may do with it now
}

// Objection returns one case as the viewer may see it.
func (d *Desk) Objection(ctx context.Context, by stage.Actor, key id.Objection) (v ObjectionView, err error) {
	defer fault.Wrap(&err, "casework.Objection(%s)", key)
	v.Now = d.Now()
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		if v.Objection, err = tx.ObjectionFor(by, key); err != nil {
			return err
		}
		o := &v.Objection
		if v.Publicity, err = tx.Publicity(o.Publicity); err != nil {
			return err
		}
		who, err := tx.ObjectorFor(by, key)
		switch fault.KindOf(err) {
		case fault.NotFound:
		default:
			if err != nil {
				return err
			}
			v.Objector = &who
		}
		if v.Files, err = tx.AttachmentsFor(by, key, ""); err != nil {
			return err
		}
		v.Mine = o.Handler != "" && o.Handler == by.Account
		v.Acts = objection.Kind.May(o.State, by.Role)
		return v.forOffice(tx, by)
	})
	return v, err
}

// forOffice adds who handles the case and who might.
func (v *ObjectionView) forOffice(tx *store.Tx, by stage.Actor) error {
	o := &v.Objection
	if by.Role != stage.Clerk && by.Role != stage.Director {
		return nil
	}
	c, err := tx.Calendar()
	if err != nil {
		return err
	}
	v.Report = o.State == objection.Received && o.Report(&v.Publicity, c) != ""
	if o.Handler != "" {
		a, err := tx.Account(o.Handler)
		if err != nil {
			return err
		}
		v.Handler = a.Name
	}
	if by.Role == stage.Director && (o.State == objection.Admitted || o.State == objection.Investigating) {
		v.Handlers, err = handlersOf(tx, o)
	}
	return err
}

// Objections lists the cases that the viewer may see, the latest first.
func (d *Desk) Objections(ctx context.Context, by stage.Actor, f ObjectionFilter) (all []objection.Objection, err error) {
	defer fault.Wrap(&err, "casework.Objections")
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		all, err = tx.Objections(by, f)
		return err
	})
	return all, err
}

// objectionTask says what somebody is to do about a case now, and until when.
func objectionTask(by stage.Actor, o *objection.Objection, now time.Time) (title string, due time.Time) {
	switch {
	case by.Role == stage.Clerk && o.State == objection.Received:
		return "登记立案", time.Time{}
	case by.Role == stage.Director && o.State == objection.Admitted:
		return "分派核查", o.AnswerDue
	case by.Role == stage.Clerk && o.State == objection.Investigating && o.Handler == by.Account && !o.ReplyOpen(now):
		return "核查", o.AnswerDue
	case by.Role == stage.Clerk && o.State == objection.Founded && o.Handler == by.Account:
		return "列入会议复议", o.AnswerDue
	case by.Role == stage.Director && (o.State == objection.Unfounded || o.State == objection.Upheld || o.State == objection.Overruled) && o.Handler != by.Account:
		return "审核并答复", o.AnswerDue
	case by.Role == stage.Applicant && o.ReplyOpen(now):
		return "就公示期间的反映提交说明", o.ReplyDue
	}
	return "", time.Time{}
}

// objectionWork lists what waits for somebody about objections.
func objectionWork(tx *store.Tx, by stage.Actor, now time.Time) (work []WorkItem, err error) {
	if by.Role != stage.Clerk && by.Role != stage.Director && by.Role != stage.Applicant {
		return nil, nil
	}
	all, err := tx.Objections(by, store.ObjectionFilter{States: []stage.State{
		objection.Received, objection.Admitted, objection.Investigating, objection.Unfounded, objection.Founded, objection.Upheld, objection.Overruled,
	}, Limit: 200})
	for _, o := range all {
		if title, due := objectionTask(by, &o, now); title != "" {
			work = append(work, WorkItem{Title: title + " " + o.Name, Thing: o.Label(), URL: "/objections/" + string(o.ID), Due: due, Stage: objection.Kind.Label})
		}
	}
	return work, err
}

// objectionsAhead lists the days by which objections are to be answered, without
// saying whom they are about.
func objectionsAhead(tx *store.Tx, now time.Time) (all []Milestone, err error) {
	open, err := tx.Objections(stage.Actor{Role: stage.Director}, store.ObjectionFilter{States: []stage.State{
		objection.Admitted, objection.Investigating, objection.Unfounded, objection.Founded, objection.Upheld, objection.Overruled,
	}, Limit: 200})
	for _, o := range open {
		if !o.AnswerDue.IsZero() {
			all = append(all, Milestone{At: o.AnswerDue, Word: "异议答复期满", What: o.Label()})
		}
		if o.ReplyOpen(now) {
			all = append(all, Milestone{At: o.ReplyDue, Word: "单位说明期满", What: o.Label()})
		}
	}
	return all, err
}
