package simulate

import (
	"fmt"

	"shifan/internal/id"
	"shifan/internal/lifecycle/answer"
	"shifan/internal/lifecycle/application"
	"shifan/internal/lifecycle/eligibility"
	"shifan/internal/lifecycle/invariant"
	"shifan/internal/lifecycle/item"
	"shifan/internal/lifecycle/objection"
	"shifan/internal/lifecycle/party"
	"shifan/internal/lifecycle/publicity"
	"shifan/internal/lifecycle/review"
	"shifan/internal/lifecycle/ruling"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/lifecycle/visit"
)

// file is an application with everything that grew out of it.
type file struct {
	*application.Application
	edition    *edition
	org        *org
	ties       review.Interests
	review     *review.Review
	visit      *visit.Visit
	items      []*item.Item
	list       *list
	candidate  *publicity.Candidate
	objections []*objection.Objection
	title      *title
	c          invariant.Case
}

func (f *file) id() string { return string(f.ID) }

// facts is what an application rests on.
func (l *life) facts(e *edition, o *org) application.Facts {
	f := application.Facts{Programme: l.programme, Round: e.Round, Organisation: o.Organisation, Bodies: []party.Body{o.body}}
	for _, other := range e.files {
		f.Others = append(f.Others, *other.Application)
		if other.Filed() {
			f.Filed++
		}
	}
	return f
}

// mayFile lets organisations begin, write and file.
func (l *life) mayFile(e *edition) {
	l.may(4, func() {
		o := pick(l, l.orgs)
		by := o.by
		if l.chance(3) {
			by = pick(l, l.orgs).by
		}
		a, m, err := application.Start(by, l.facts(e, o), o.body.ID, l.now)
		if err != nil {
			l.refused(application.Kind, err)
			return
		}
		a.ID = id.Application(l.key("app"))
		f := &file{Application: a, edition: e, org: o, ties: review.Interests{}}
		f.c = invariant.Case{Round: e.Round, Application: a}
		if l.chance(25) {
			f.ties[pick(l, l.members).Account] = "兼任顾问"
		}
		if l.chance(15) {
			f.ties[pick(l, l.assessors).Account] = "曾在该单位工作"
		}
		e.files = append(e.files, f)
		l.did(application.Kind, f.id(), m, &f.c)
	})
}

// mayHandle is what may be done with one application.
func (l *life) mayHandle(e *edition, f *file) {
	switch f.State {
	case application.Draft:
		l.may(5, func() { l.write(f) })
		l.may(4, func() { l.submit(f) })
		l.may(1, func() {
			if l.chance(8) {
				l.file(f, f.org.by, func(by stage.Actor) (stage.Move, error) { return f.Discard(by, l.now) })
			}
		})
	case application.Submitted:
		l.may(6, func() { l.accept(f) })
		l.may(1, func() { l.intake(e, f) })
	case application.Correcting:
		l.may(3, func() { l.correct(e, f) })
	case application.Underway:
		l.mayReview(f)
		l.mayVisit(f)
		if l.chance(5) {
			l.may(1, func() { l.overstep(e, f) })
		}
	case application.Selected, application.Named:
		l.mayObject(f)
	}
	if f.State == application.Underway && f.Stage == "publicity" {
		l.mayObject(f)
	}
}

// file tries an act on an application, most of the time by the right person.
func (l *life) file(f *file, by stage.Actor, do func(by stage.Actor) (stage.Move, error)) {
	attempt(l, application.Kind, f.Application, f.id(), &f.c, by, func() (stage.Move, error) { return do(by) })
}

// write saves a part of a draft: everything, or something that cannot be kept.
func (l *life) write(f *file) {
	part := answer.Part{Answers: map[string]answer.Answer{}}
	for _, i := range l.asked(f.edition.Year) {
		if i.Scored() {
			part.Answers[i.Code] = answer.Answer{Rating: answer.Meets, Score: i.Points, Statement: "已落实", Evidence: i.Evidence}
			continue
		}
		part.Answers[i.Code] = answer.Answer{Rating: pick(l, []string{answer.Meets, answer.Meets, answer.Partly}), Statement: "已落实", Evidence: i.Evidence}
	}
	who, yes := "党组织书记", true
	part.Signatory, part.Committed = &who, &yes
	if l.chance(8) {
		part.Answers["9-9"] = answer.Answer{Rating: "perfect"}
	}
	if l.chance(8) {
		part.Committed = nil
	}
	l.file(f, f.org.by, func(by stage.Actor) (stage.Move, error) { return f.Save(by, l.facts(f.edition, f.org), part, l.now) })
}

func (l *life) submit(f *file) {
	l.file(f, f.org.by, func(by stage.Actor) (stage.Move, error) {
		return f.Submit(by, l.facts(f.edition, f.org), fmt.Sprintf("form%d", l.serial), l.now)
	})
}

// accept takes an application in and opens the first stage of the procedure, in
// one act.
func (l *life) accept(f *file) {
	l.file(f, l.anyone(l.clerks), func(by stage.Actor) (stage.Move, error) {
		m, err := f.Accept(by, l.now)
		if err == nil {
			l.enter(f, l.programme.Procedure[0])
		}
		return m, err
	})
}

// intake is what else the office, or the applicant, may do before acceptance.
func (l *life) intake(e *edition, f *file) {
	switch l.IntN(3) {
	case 0:
		l.file(f, f.org.by, func(by stage.Actor) (stage.Move, error) { return f.Withdraw(by, e.Round, l.now) })
	case 1:
		code := l.asked(e.Year)[0].Code
		l.file(f, l.anyone(l.clerks), func(by stage.Actor) (stage.Move, error) {
			return f.RequestCorrection(by, l.programme, e.Round, l.calendar, []application.Defect{{Field: code, Say: "说明与材料不符，请更正"}}, l.now)
		})
	default:
		profile := eligibility.Profile{Organisation: f.org.Organisation, Bodies: []party.Body{f.org.body}}
		outside := application.Outside(ruling.Ruled(eligibility.SelfCheck(l.programme, profile, eligibility.Titles{}, e.LastDay), nil, e.LastDay))
		l.file(f, l.anyone(l.clerks), func(by stage.Actor) (stage.Move, error) { return f.Decline(by, outside, "不在申报范围", l.now) })
	}
}

func (l *life) correct(e *edition, f *file) {
	code := l.asked(e.Year)[l.IntN(2)].Code
	in := answer.Part{Answers: map[string]answer.Answer{code: f.Answers[code]}}
	a := in.Answers[code]
	a.Statement += "，更正如下"
	in.Answers[code] = a
	l.file(f, f.org.by, func(by stage.Actor) (stage.Move, error) { return f.Correct(by, l.programme, e.Round, in, l.now) })
}

// overstep is what nobody may do: the office rejects, an applicant withdraws what
// is under way, a clerk names.
func (l *life) overstep(e *edition, f *file) {
	switch l.IntN(4) {
	case 0:
		l.file(f, pick(l, l.clerks), func(by stage.Actor) (stage.Move, error) { return f.PassOver(by, "办公室认为不行", l.now) })
	case 1:
		l.file(f, f.org.by, func(by stage.Actor) (stage.Move, error) { return f.Withdraw(by, e.Round, l.now) })
	case 2:
		l.file(f, pick(l, l.clerks), func(by stage.Actor) (stage.Move, error) { return f.BeNamed(by, l.now) })
	default:
		l.file(f, pick(l, l.members), func(by stage.Actor) (stage.Move, error) { return f.Select(by, l.now) })
	}
}

// closeFiles forfeits drafts and lets corrections lapse.
func (l *life) closeFiles(e *edition) {
	for _, f := range e.files {
		switch {
		case f.State == application.Draft && !l.now.Before(e.Deadline):
			l.file(f, clock, func(by stage.Actor) (stage.Move, error) { return f.Forfeit(by, e.Round, l.now) })
		case f.State == application.Correcting && !l.now.Before(f.Correction.Due):
			l.file(f, clock, func(by stage.Actor) (stage.Move, error) { return f.Lapse(by, l.now) })
		}
		l.endStages(f)
	}
}
