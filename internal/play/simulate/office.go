package simulate

import (
	"slices"

	"shifan/internal/id"
	"shifan/internal/lifecycle"
	"shifan/internal/lifecycle/application"
	"shifan/internal/lifecycle/assessment"
	"shifan/internal/lifecycle/draw"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/review"
	"shifan/internal/lifecycle/score"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/lifecycle/team"
	"shifan/internal/lifecycle/visit"
)

// enter opens a stage for an application.
func (l *life) enter(f *file, name string) {
	f.Enter(name, l.now)
	switch name {
	case "review":
		r := review.Opened(*f.Application, l.programme.Review, f.edition.LastDay, l.calendar, review.Balanced(l.loads(), f.ties), l.now)
		r.ID = id.Review(l.key("rev"))
		f.review = &r
		f.c.Review = f.review
	case "visit":
		v := visit.Opened(*f.Application, l.now)
		v.ID = id.Visit(l.key("vis"))
		f.visit = &v
		f.c.Visit = f.visit
	}
}

// advance moves an application on when a stage ended.
func (l *life) advance(f *file, ended stage.State) {
	if next, on := lifecycle.Procedure(l.programme.Procedure).After(f.Stage, ended); on && f.State == application.Underway {
		l.enter(f, next)
	}
}

func (l *life) loads() (all []review.Load) {
	for _, c := range l.clerks {
		all = append(all, review.Load{Account: c.Account})
	}
	return all
}

// endStages closes reviews and visits whose application is gone.
func (l *life) endStages(f *file) {
	if f.State == application.Underway || f.review == nil {
		return
	}
	if r := f.review; r.State == review.Open || r.State == review.Drafted {
		attempt(l, review.Kind, r, string(r.ID), &f.c, clock, func() (stage.Move, error) { return r.End(clock, *f.Application, l.now) })
	}
	if v := f.visit; v != nil && (v.State == visit.Planned || v.State == visit.Scheduled || v.State == visit.Reported) {
		attempt(l, visit.Kind, v, string(v.ID), &f.c, clock, func() (stage.Move, error) { return v.End(clock, *f.Application, l.now) })
	}
}

// mayReview examines, confirms, sends back.
func (l *life) mayReview(f *file) {
	r := f.review
	if r == nil || f.Stage != "review" {
		return
	}
	do := func(by stage.Actor, do func() (stage.Move, error)) bool {
		return attempt(l, review.Kind, r, string(r.ID), &f.c, by, do)
	}
	office := append(append([]stage.Actor{}, l.clerks...), l.directors...)
	switch r.State {
	case review.Open:
		free := slices.DeleteFunc(slices.Clone(l.clerks), func(a stage.Actor) bool { return f.ties[a.Account] != "" })
		if r.Reviewer == "" || f.ties[r.Reviewer] != "" {
			if len(free) == 0 {
				return // everybody is tied: nobody of this office can examine it
			}
			l.may(5, func() {
				by := pick(l, free)
				do(by, func() (stage.Move, error) { return r.Assign(by, pick(l, free).Account, l.loads(), f.ties) })
			})
			return
		}
		l.may(5, func() {
			by := l.anyone(l.clerks)
			if l.chance(80) {
				by = stage.Actor{Account: r.Reviewer, Role: stage.Clerk}
			}
			do(by, func() (stage.Move, error) {
				return r.Draft(by, l.asked(f.edition.Year), score.RuleOf(l.programme, f.edition.Year), l.judgement(f), f.ties, l.now)
			})
		})
		l.may(1, func() {
			by := l.anyone(office)
			if !l.chance(20) {
				return
			}
			do(by, func() (stage.Move, error) { return r.Assign(by, pick(l, l.clerks).Account, l.loads(), f.ties) })
		})
	case review.Drafted:
		l.may(6, func() {
			by := l.anyone(office)
			if do(by, func() (stage.Move, error) { return r.Confirm(by, l.programme.Review, f.ties, l.now) }) {
				l.advance(f, r.State)
			}
		})
		l.may(1, func() {
			by := l.anyone(office)
			do(by, func() (stage.Move, error) { return r.SendBack(by, "第1-2项理由不足", l.programme.Review, f.ties) })
		})
		l.may(1, func() {
			by := pick(l, office)
			if !l.chance(20) {
				return
			}
			do(by, func() (stage.Move, error) {
				tie, m, err := r.Declare(by, "曾在该单位工作", l.now)
				if err == nil {
					f.ties[tie.Account] = tie.Reason
				}
				return m, err
			})
		})
	}
}

// judgement is what a reviewer writes, with a gap now and then.
func (l *life) judgement(f *file) review.Judgement {
	j := review.Judgement{Findings: map[string]review.Finding{}, Recommendation: pick(l, []string{"recommend", "recommend", "recommend", "not_recommend", "doubtful"}), Opinion: "材料齐全"}
	for _, i := range l.asked(f.edition.Year) {
		j.Findings[i.Code] = review.Finding{Verdict: "meets", Reason: "有材料", Score: i.Points}
	}
	if l.chance(15) {
		code := l.asked(f.edition.Year)[0].Code
		j.Findings[code] = review.Finding{Verdict: "fails", Reason: "没有材料"}
	}
	if l.chance(6) {
		j.Opinion = ""
	}
	return j
}

// mayVisit finds a team, goes, reports and signs.
func (l *life) mayVisit(f *file) {
	v := f.visit
	if v == nil || f.Stage != "visit" {
		return
	}
	do := func(by stage.Actor, do func() (stage.Move, error)) bool {
		return attempt(l, visit.Kind, v, string(v.ID), &f.c, by, do)
	}
	switch v.State {
	case visit.Planned:
		manned := v.Leader() != nil && len(v.Team) >= team.Of(l.programme.Visit)
		if !manned && !(l.draws && v.Waits() && f.handDrawn() == "") || l.chance(5) {
			l.may(6, func() { l.compose(f, v, do) })
		}
		if manned || l.chance(3) {
			l.may(6, func() { l.schedule(v, do) })
		}
		l.may(1, func() {
			by := l.anyone(l.chairs)
			if l.chance(15) && do(by, func() (stage.Move, error) {
				return v.Waive(by, l.programme.Visit.Scope, "上年已考核", f.ties, l.now)
			}) {
				l.advance(f, v.State)
			}
		})
	case visit.Scheduled:
		if v.Leader() == nil || len(v.Team) < team.Of(l.programme.Visit) {
			l.may(6, func() { l.compose(f, v, do) })
			return
		}
		if !l.now.Before(v.Begins()) || l.chance(3) {
			l.may(8, func() { l.report(f, v, do) })
		}
		if !v.Answer.Confirmed && !v.Answer.Proposed() && l.now.Before(v.Begins()) {
			l.may(1, func() { l.reply(f, v, do) })
		}
		if l.chance(15) {
			l.may(1, func() { l.schedule(v, do) })
			l.may(1, func() { l.drop(f, v, do) })
		}
	case visit.Reported:
		l.may(8, func() { l.sign(f, v, do) })
		if l.chance(10) {
			l.may(1, func() { l.redo(f, v, do) })
		}
	}
}

// reply is the organisation's word on the day.
func (l *life) reply(f *file, v *visit.Visit, do doing) {
	by := f.org.by
	do(by, func() (stage.Move, error) {
		if l.chance(60) {
			return v.Confirm(by, l.now)
		}
		return v.Propose(by, l.today().AddDays(l.IntN(20)), "10:00", "当日有会", l.now)
	})
}

type doing func(by stage.Actor, do func() (stage.Move, error)) bool

func (l *life) compose(f *file, v *visit.Visit, do doing) {
	by := l.anyone(l.clerks)
	var pool []visit.Seat
	var members []id.Account
	if len(f.ties) > 6 && l.chance(90) {
		return // too many are tied for a team
	}
	for _, a := range l.assessors {
		pool = append(pool, visit.Seat{Account: a.Account, Name: string(a.Account)})
		if f.ties[a.Account] == "" && l.chance(85) || l.chance(2) {
			members = append(members, a.Account)
		}
	}
	leader := id.Account("")
	if len(members) > 0 {
		leader = pick(l, members)
	}
	if do(by, func() (stage.Move, error) {
		return v.Compose(by, team.Choice{Members: members, Leader: leader, Why: "工作安排", Hand: f.handDrawn()}, pool, l.programme.Visit, f.ties, l.now)
	}) {
		l.gone(f)
	}
}

func (l *life) schedule(v *visit.Visit, do doing) {
	by := l.anyone(l.clerks)
	slot := visit.Slot{On: visit.Earliest(l.today(), l.programme.Visit, l.calendar).AddDays(l.IntN(12) - 2), At: "09:30", Place: "单位会议室"}
	do(by, func() (stage.Move, error) {
		return v.Schedule(by, slot, "路途安排", l.programme.Visit, l.calendar, l.now)
	})
}

// account is what a team writes.
func (l *life) account(f *file) assessment.Account {
	a := assessment.Account{
		Records: map[string]assessment.Record{
			"papers": {Text: "查看三年会议记录"}, "premises": {Text: "活动室六十平方米"},
			"interviews": {Text: "座谈", People: 6 + l.IntN(20), Tallies: map[string]assessment.Tally{"members": {Sample: 20, Content: 12 + l.IntN(12)}}},
		},
		Findings: map[string]assessment.Finding{}, Opinion: pick(l, []string{"meets", "meets", "partly", "fails"}), Text: "总体情况",
		Absent: map[id.Account]string{},
	}
	for _, i := range l.asked(f.edition.Year) {
		a.Findings[i.Code] = assessment.Finding{Rating: pick(l, []string{"meets", "meets", "partly"}), Note: "现场核实", Score: i.Points}
	}
	if l.chance(8) {
		delete(a.Records, "premises")
	}
	if l.chance(10) {
		a.Absent[pick(l, l.assessors).Account] = "因病"
	}
	return a
}

func (l *life) report(f *file, v *visit.Visit, do doing) {
	by := l.anyone(l.assessors)
	if s := v.Leader(); s != nil && l.chance(80) {
		by = stage.Actor{Account: s.Account, Role: stage.Assessor}
	}
	do(by, func() (stage.Move, error) {
		if err := l.ready(f.edition, by); err != nil {
			return stage.Move{}, err
		}
		asked := l.asked(f.edition.Year)
		c := assessment.Criteria{Indicators: asked, Rule: score.RuleOf(l.programme, f.edition.Year), Given: f.review.Findings}
		return v.Report(by, c, l.programme.Visit, l.account(f), l.now)
	})
}

func (l *life) sign(f *file, v *visit.Visit, do doing) {
	by := l.anyone(l.assessors)
	if open := v.Unsigned(); len(open) > 0 && l.chance(85) {
		by = stage.Actor{Account: pick(l, open).Account, Role: stage.Assessor}
	}
	edition, dissent := v.Edition, ""
	if l.chance(6) {
		edition--
	}
	if l.chance(15) {
		dissent = "场所面积与材料不一致"
	}
	if !do(by, func() (stage.Move, error) {
		if err := l.ready(f.edition, by); err != nil {
			return stage.Move{}, err
		}
		return v.Sign(by, edition, dissent, f.ties, l.now)
	}) {
		return
	}
	l.practised(f)
	if v.State == visit.Signed {
		l.gone(f)
		l.advance(f, v.State)
	}
}

// drop lets a member of the team find an interest.
func (l *life) drop(f *file, v *visit.Visit, do doing) {
	by := l.anyone(l.assessors)
	left, size := seatOf(v, by.Account), len(v.Team)
	if do(by, func() (stage.Move, error) {
		tie, m, err := v.Declare(by, "亲属在该单位任职", l.now)
		if err == nil {
			f.ties[tie.Account] = tie.Reason
		}
		return m, err
	}) {
		l.refill(f, left, size)
	}
}

// seatOf is somebody's seat on a team as it is, or none.
func seatOf(v *visit.Visit, who id.Account) team.Seat {
	if s := v.Seat(who); s != nil {
		return *s
	}
	return team.Seat{}
}

// redo voids a visit whose team had an interest.
func (l *life) redo(f *file, v *visit.Visit, do doing) {
	if len(v.Team) == 0 {
		return
	}
	by, out, size := l.anyone(l.directors), pick(l, v.Team), len(v.Team)
	if do(by, func() (stage.Move, error) {
		tie, m, err := v.Redo(by, out.Account, "与该单位有业务往来", f.ties, l.now)
		if err == nil {
			f.ties[tie.Account] = tie.Reason
		}
		return m, err
	}) {
		l.refill(f, out, size)
	}
}

// strata is what the pool of assessors is parted into.
func (l *life) strata() []programme.Stratum {
	return draw.Strata(l.programme.Visit, team.Of(l.programme.Visit))
}
