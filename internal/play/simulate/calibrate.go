package simulate

import (
	"fmt"
	"slices"

	"shifan/internal/id"
	"shifan/internal/lifecycle/application"
	"shifan/internal/lifecycle/assessment"
	"shifan/internal/lifecycle/calibration"
	"shifan/internal/lifecycle/invariant/together"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/lifecycle/visit"
)

// exercise is a sample of a round with everybody's marks of it.
type exercise struct {
	*calibration.Calibration
	of    *edition
	marks []calibration.Marking
}

// mayCalibrate is what may be done about the exercise before the visits of a round.
func (l *life) mayCalibrate(e *edition) {
	if l.programme.Visit.Calibration == "" || !slices.ContainsFunc(e.files, func(f *file) bool { return f.State == application.Underway }) {
		return
	}
	live := 0
	for _, x := range e.samples {
		if x.State == calibration.Withdrawn {
			continue
		}
		live++
		switch x.State {
		case calibration.Prepared:
			l.may(6, func() { l.writeSample(x) })
		default:
			if left := l.left(x); len(left) > 0 {
				l.may(12, func() { l.markSample(x, pick(l, left)) })
			}
		}
		if l.rarely() {
			l.may(1, func() {
				by := l.anyone(l.clerks)
				l.sampleAct(x, by, func() (stage.Move, error) { return x.Withdraw(by, pick(l, []string{"样本有误", ""}), l.now) })
			})
		}
	}
	if live < 1 && (len(calibration.Asked(l.asked(e.Year))) > 0 || l.rarely()) || live < 2 && l.rarely() {
		l.may(4, func() { l.prepareSample(e) })
	}
}

func (l *life) prepareSample(e *edition) {
	by := l.anyone(l.clerks)
	c, m, err := calibration.Prepare(by, l.programme.Name, e.ID, e.over(), fmt.Sprintf("样本%d", len(e.samples)+1), l.asked(e.Year), l.now)
	if err != nil {
		l.refused(calibration.Kind, err)
		return
	}
	c.ID = id.Calibration(l.key("cal"))
	x := &exercise{Calibration: &c, of: e}
	e.samples = append(e.samples, x)
	l.did(calibration.Kind, string(c.ID), m, nil)
	l.looked(x, m)
}

// marksOf is a mark of everything that a visit looks at, with a gap now and then.
func (l *life) marksOf(e *edition) map[string]assessment.Finding {
	all := map[string]assessment.Finding{}
	for _, i := range calibration.Asked(l.asked(e.Year)) {
		all[i.Code] = assessment.Finding{Rating: pick(l, []string{"meets", "partly", "fails"}), Score: i.Points}
	}
	if l.chance(4) && len(all) > 0 {
		delete(all, calibration.Asked(l.asked(e.Year))[0].Code)
	}
	return all
}

// writeSample writes a sample and gives it out.
func (l *life) writeSample(x *exercise) {
	by := l.anyone(l.clerks)
	s := calibration.Sample{Title: x.Title, Answers: map[string]string{}, Reference: l.marksOf(x.of)}
	for _, i := range calibration.Asked(l.asked(x.of.Year)) {
		s.Answers[i.Code] = "制度上墙，记录齐全"
	}
	if l.sampleAct(x, by, func() (stage.Move, error) { return x.Edit(by, s, l.asked(x.of.Year)) }) {
		l.sampleAct(x, by, func() (stage.Move, error) { return x.Issue(by, l.asked(x.of.Year), l.now) })
	}
}

// left lists the assessors who have not marked a sample.
func (l *life) left(x *exercise) (all []stage.Actor) {
	for _, a := range l.assessors {
		if !calibration.Shows(x.marks, a.Account) {
			all = append(all, a)
		}
	}
	return all
}

// markSample has an assessor mark a sample, now and then a second time, and whoever
// wrote it.
func (l *life) markSample(x *exercise, by stage.Actor) {
	switch l.IntN(40) {
	case 0:
		by = pick(l, l.assessors)
	case 1:
		by = stage.Actor{Account: x.PreparedBy, Role: stage.Assessor}
	}
	l.sampleAct(x, by, func() (stage.Move, error) {
		k, m, err := x.Mark(by, l.marksOf(x.of), calibration.Shows(x.marks, by.Account), l.asked(x.of.Year), l.now)
		if err == nil {
			x.marks = append(x.marks, k)
		}
		return m, err
	})
}

func (l *life) sampleAct(x *exercise, by stage.Actor, do func() (stage.Move, error)) bool {
	var m stage.Move
	ok := attempt(l, calibration.Kind, x.Calibration, string(x.ID), nil, by, func() (was stage.Move, err error) {
		m, err = do()
		return m, err
	})
	if ok {
		l.looked(x, m)
	}
	return ok
}

// looked looks at a sample with everybody's marks.
func (l *life) looked(x *exercise, m stage.Move) {
	l.together("calibration."+m.Act, &together.Case{Sample: &together.Sample{Calibration: x.Calibration, Marks: x.marks, Indicators: l.asked(x.of.Year)}})
}

// ready refuses an assessor who scores or signs before the exercise where it is required.
func (l *life) ready(e *edition, by stage.Actor) error {
	if l.programme.Visit.Calibration != "required" || by.Role != stage.Assessor {
		return nil
	}
	var s calibration.Standing
	for _, x := range e.samples {
		if x.State == calibration.Open {
			s.Open++
			if x.PreparedBy != by.Account && !calibration.Shows(x.marks, by.Account) {
				s.Left++
			}
		}
	}
	return calibration.Ready(l.programme.Visit, l.asked(e.Year), s)
}

// practised looks whether everybody who signed a visit had done the exercise.
func (l *life) practised(f *file) {
	if l.programme.Visit.Calibration != "required" {
		return
	}
	for _, x := range f.edition.samples {
		l.together("visit.sign", &together.Case{Sample: &together.Sample{
			Calibration: x.Calibration, Marks: slices.Clone(x.marks), Indicators: l.asked(f.edition.Year), Scored: []*visit.Visit{f.visit},
		}})
	}
}
