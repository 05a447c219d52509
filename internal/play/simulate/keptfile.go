package simulate

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"shifan/internal/calendar"
	"shifan/internal/id"
	"shifan/internal/lifecycle/answer"
	"shifan/internal/lifecycle/application"
	"shifan/internal/lifecycle/assessment"
	"shifan/internal/lifecycle/review"
	"shifan/internal/lifecycle/round"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/lifecycle/team"
	"shifan/internal/lifecycle/visit"
	"shifan/internal/store"
)

// mostRounds is how many calls a life has: it is to be short.
const mostRounds = 2

func (k *kept) rounds() []round.Round {
	return read(k, func(tx *store.Tx) ([]round.Round, error) { return tx.RoundsOf(k.programme.Name) })
}

// running lists the rounds in which something may be done.
func (k *kept) running() []round.Round {
	return slices.DeleteFunc(k.rounds(), func(r round.Round) bool { return r.State != round.Open && r.State != round.Closed })
}

func (k *kept) applications(r id.Round) []application.Application {
	return read(k, func(tx *store.Tx) ([]application.Application, error) { return tx.ApplicationsOf(r) })
}

// mayRound drafts a call, publishes it, extends and concludes it.
func (k *kept) mayRound() {
	all := k.rounds()
	live := !k.chance(2) && slices.ContainsFunc(all, func(r round.Round) bool { return r.Year == k.today().Year && r.State != round.Cancelled })
	for _, r := range all {
		switch r.State {
		case round.Drafted:
			live = true
			if !r.DeadlineDate.After(k.today().AddDays(k.IntN(4))) {
				k.may(30, func() {
					k.try("round.edit", k.desk.EditRound(k.ctx, k.anyone(k.clerks), r.ID, k.seen(r.Version), k.plan(r.Year, r.DocNumber)))
				})
			}
			k.may(8, func() { k.publishRound(r.ID) })
			if k.chance(2) || r.Year < k.today().Year {
				k.may(1, func() { k.try("round.cancel", k.desk.CancelRound(k.ctx, k.anyone(k.directors), r.ID, "暂不开展")) })
			}
		case round.Open:
			live = true
			if k.chance(4) {
				k.may(1, func() {
					to, at := r.LastDay.AddDays(k.IntN(8)-2), pick(k, []string{"", "17:30", "25:00"})
					k.try("round.extend", k.desk.ExtendRound(k.ctx, k.anyone(k.directors), r.ID, to, at, "系统故障"))
				})
			}
		case round.Closed:
			live = true
			if k.chance(4) {
				k.may(1, func() { k.try("round.conclude", k.desk.ConcludeRound(k.ctx, k.anyone(k.directors), r.ID)) })
			}
		}
	}
	if !live && len(all) < mostRounds && k.today().Month < time.November {
		k.may(4, func() { k.draftRound(len(all)) })
	}
}

func (k *kept) draftRound(n int) {
	year := k.today().Year
	_, err := k.desk.DraftRound(k.ctx, k.anyone(k.clerks), k.programme.Name, k.plan(year, fmt.Sprintf("%s〔%d〕%d号", k.programme.Naming.Numbers, year, n+1)))
	k.try("round.draft", err)
}

// plan is what a clerk writes, with a slip now and then.
func (k *kept) plan(year int, number string) round.Plan {
	plan := round.Plan{
		Year: year, Title: fmt.Sprintf("关于开展%d年度%s的通知", year, k.programme.Title), DocNumber: number,
		Addressees: "各有关单位", DatedOn: k.today().AddDays(-k.IntN(4)), DeadlineDate: k.today().AddDays(max(k.programme.Filing.MinDays, 15) + k.IntN(25)),
		DeadlineTime: k.programme.Filing.Time, RestDay: pick(k, []string{calendar.Strict, calendar.RollForward}), Contact: "办公室",
	}
	switch k.IntN(12) {
	case 0:
		plan.Title = ""
	case 1:
		plan.DeadlineDate = plan.DatedOn
	case 2:
		plan.Quota = map[string]int{"": 1}
	}
	return plan
}

func (k *kept) publishRound(key id.Round) {
	by := k.anyone(k.directors)
	var noted []string
	if v, err := k.desk.Round(k.ctx, k.directors[0], key); err == nil && !k.chance(8) {
		for _, w := range v.Warnings {
			noted = append(noted, w.Code)
		}
	}
	k.try("round.publish", k.desk.PublishRound(k.ctx, by, key, noted))
}

// mayFile lets organisations begin, write and file, and the office take in.
func (k *kept) mayFile() {
	for _, r := range k.running() {
		all := k.applications(r.ID)
		if r.State == round.Open {
			for _, h := range k.houses {
				if !slices.ContainsFunc(all, func(a application.Application) bool { return a.Organisation == h.ID }) || k.chance(1) {
					k.may(6, func() { k.apply(r, h) })
				}
			}
		}
		for _, a := range all {
			k.mayHandle(r, a)
		}
	}
}

// apply begins an application, fills it in, and most of the time files it.
func (k *kept) apply(r round.Round, h house) {
	key, err := k.desk.StartApplication(k.ctx, h.By, r.ID, "")
	if !k.try("application.start", err) {
		return
	}
	k.tickle()
	if k.try("application.save", k.desk.SaveApplication(k.ctx, h.By, key, 0, k.answers(r))) && k.chance(70) {
		k.try("application.submit", k.desk.SubmitApplication(k.ctx, h.By, key, 0, k.desk.SubmissionKey()))
	}
}

func (k *kept) mayHandle(r round.Round, a application.Application) {
	by := k.applicant(a.Organisation)
	switch a.State {
	case application.Draft:
		if !a.Committed || k.chance(10) {
			k.may(6, func() {
				k.try("application.save", k.desk.SaveApplication(k.ctx, by, a.ID, k.seen(a.Version), k.answers(r)))
			})
		}
		k.may(4, func() {
			k.try("application.submit", k.desk.SubmitApplication(k.ctx, by, a.ID, k.seen(a.Version), k.desk.SubmissionKey()))
		})
		if k.chance(2) {
			k.may(1, func() { k.try("application.discard", k.desk.DiscardApplication(k.ctx, by, a.ID)) })
		}
	case application.Submitted:
		k.may(8, func() { k.try("application.accept", k.desk.AcceptApplication(k.ctx, k.anyone(k.clerks), a.ID)) })
		k.may(2, func() { k.intake(r, a, by) })
	case application.Correcting:
		k.may(4, func() {
			code := k.programme.Indicators(r.Year)[0].Code
			w := a.Answers[code]
			w.Statement += "补充如下。"
			k.try("application.correct", k.desk.CorrectApplication(k.ctx, by, a.ID, k.seen(a.Version), answer.Part{Answers: map[string]answer.Answer{code: w}}))
		})
	}
}

// seen is the version that a writer saw: now and then one that is no more.
func (k *kept) seen(version int64) int64 {
	if k.chance(2) {
		return version - 1
	}
	return version
}

// answers is a whole draft, or one with a gap.
func (k *kept) answers(r round.Round) answer.Part {
	yes, who := !k.chance(6), "党组织书记"
	in := answer.Part{Answers: map[string]answer.Answer{}, Committed: &yes, Signatory: &who}
	for _, i := range k.programme.Indicators(r.Year) {
		in.Answers[i.Code] = answer.Answer{Rating: answer.Meets, Score: i.Points, Statement: "已落实", Evidence: i.Evidence}
	}
	if k.chance(5) {
		in.Answers["9-9"] = answer.Answer{Rating: "perfect"}
	}
	return in
}

func (k *kept) intake(r round.Round, a application.Application, by stage.Actor) {
	switch k.IntN(6) {
	case 0:
		k.try("application.withdraw", k.desk.WithdrawApplication(k.ctx, by, a.ID))
	case 1:
		k.try("application.decline", k.desk.DeclineApplication(k.ctx, k.anyone(k.clerks), a.ID, "不在申报范围"))
	default:
		code := k.programme.Indicators(r.Year)[0].Code
		k.try("application.request_correction", k.desk.RequestCorrection(k.ctx, k.anyone(k.clerks), a.ID, []application.Defect{{Field: code, Say: "请补充说明"}}))
	}
}

// mayReview examines, confirms and sends back.
func (k *kept) mayReview() {
	for _, r := range k.running() {
		for _, v := range read(k, func(tx *store.Tx) ([]review.Review, error) { return tx.ReviewsOf(r.ID) }) {
			office := append(slices.Clone(k.clerks), k.directors...)
			switch v.State {
			case review.Open:
				by := as(v.Reviewer, stage.Clerk)
				if v.Reviewer == "" || k.chance(6) {
					k.may(3, func() {
						k.try("review.assign", k.desk.AssignReview(k.ctx, k.anyone(office), v.ID, pick(k, k.clerks).Account))
					})
				}
				if k.chance(10) {
					by = k.anyone(k.clerks)
				}
				k.may(6, func() { k.try("review.draft", k.desk.DraftReview(k.ctx, by, v.ID, k.seen(v.Version), k.judged(r))) })
			case review.Drafted:
				k.may(8, func() {
					k.try("review.confirm", k.desk.ConfirmReview(k.ctx, k.anyone(office), v.ID, k.seen(v.Version)))
				})
				k.may(1, func() {
					k.try("review.send_back", k.desk.SendBackReview(k.ctx, k.anyone(office), v.ID, 0, "理由不足"))
				})
				if k.chance(6) {
					k.may(1, func() {
						k.try("review.declare", k.desk.DeclareReviewInterest(k.ctx, pick(k, office), v.ID, "曾在该单位工作"))
					})
				}
			}
		}
	}
}

func (k *kept) judged(r round.Round) review.Judgement {
	j := review.Judgement{Findings: map[string]review.Finding{}, Recommendation: pick(k, []string{"recommend", "recommend", "recommend", "not_recommend", "doubtful"}), Opinion: "材料齐全"}
	for _, i := range k.programme.Indicators(r.Year) {
		if review.Asked(i) {
			j.Findings[i.Code] = review.Finding{Verdict: "meets", Reason: "有材料", Score: i.Points}
		}
	}
	if k.chance(6) {
		j.Opinion = ""
	}
	return j
}

// mayVisit finds a team, goes, reports and signs.
func (k *kept) mayVisit() {
	for _, r := range k.running() {
		for _, v := range read(k, func(tx *store.Tx) ([]visit.Visit, error) { return tx.VisitsOf(r.ID) }) {
			switch v.State {
			case visit.Planned:
				if !(k.draws && v.Waits() && !k.byHand(v)) || k.chance(2) {
					k.may(6, func() { k.arrange(v) })
				}
				if k.chance(4) {
					k.may(1, func() { k.try("visit.waive", k.desk.WaiveVisit(k.ctx, k.anyone(k.chairs), v.ID, "上年已考核")) })
				}
			case visit.Scheduled:
				k.mayGo(r, v)
			case visit.Reported:
				k.may(8, func() { k.signVisit(v) })
				if k.chance(3) {
					k.may(1, func() {
						k.try("visit.redo", k.desk.RedoVisit(k.ctx, k.anyone(k.directors), v.ID, pick(k, v.Team).Account, "与该单位有业务往来"))
					})
				}
			}
		}
	}
}

// arrange composes the team and calls on the organisation for a day.
func (k *kept) arrange(v visit.Visit) {
	if v.Leader() == nil || k.chance(5) {
		var team []id.Account
		for _, n := range k.Perm(len(k.assessors))[:3+k.IntN(2)] {
			if !k.chance(3) {
				team = append(team, k.assessors[n].Account)
			}
		}
		if len(team) == 0 || !k.try("visit.compose", k.desk.ComposeTeam(k.ctx, k.anyone(k.clerks), v.ID, k.seen(v.Version), team, team[0], "")) {
			return
		}
	}
	view, err := k.desk.Visit(k.ctx, k.clerks[0], v.ID)
	if err != nil {
		return // the clerk has an interest in it
	}
	slot := visit.Slot{On: view.Earliest.AddDays(k.IntN(6) - 1), At: "09:30", Place: "单位会议室"}
	k.try("visit.schedule", k.desk.ScheduleVisit(k.ctx, k.anyone(k.clerks), v.ID, 0, slot, ""))
}

func (k *kept) mayGo(r round.Round, v visit.Visit) {
	if k.now.Before(v.Begins()) {
		if !v.Answer.Confirmed && !v.Answer.Proposed() {
			k.may(1, func() {
				by := k.applicant(v.Organisation)
				if k.chance(70) {
					k.try("visit.confirm", k.desk.ConfirmVisit(k.ctx, by, v.ID))
					return
				}
				k.try("visit.propose", k.desk.ProposeVisit(k.ctx, by, v.ID, v.On.AddDays(k.IntN(5)), "10:00", "当日有会"))
			})
		}
		if !k.chance(3) {
			return // a report before the day is tried now and then
		}
	}
	if len(v.Team) < team.Of(k.programme.Visit) || v.Leader() == nil {
		k.may(6, func() { k.arrange(v) })
		return
	}
	k.may(8, func() {
		by := as(v.Leader().Account, stage.Assessor)
		if k.chance(8) {
			by = k.anyone(k.assessors)
		}
		k.try("visit.report", k.desk.ReportVisit(k.ctx, by, v.ID, k.seen(v.Version), k.found(r)))
	})
	if k.chance(3) {
		k.may(1, func() {
			k.try("visit.declare", k.desk.DeclareVisitInterest(k.ctx, k.anyone(k.assessors), v.ID, "亲属在该单位任职"))
		})
	}
}

// found is what a team writes.
func (k *kept) found(r round.Round) assessment.Account {
	a := assessment.Account{
		Records: map[string]assessment.Record{
			"papers": {Text: "查阅三年会议记录"}, "premises": {Text: "查看活动场所"},
			"interviews": {Text: "座谈", People: 12, Tallies: map[string]assessment.Tally{
				"leader": {Sample: 12, Content: 11}, "members": {Sample: 20, Content: 18}, "served": {Sample: 20, Content: 10 + k.IntN(12)},
			}},
		},
		Findings: map[string]assessment.Finding{}, Opinion: pick(k, []string{"meets", "meets", "meets", "partly", "fails"}), Text: strings.Repeat("总体情况。", 1+k.IntN(2)),
	}
	for _, i := range k.programme.Indicators(r.Year) {
		a.Findings[i.Code] = assessment.Finding{Rating: "meets", Note: "现场核实", Score: i.Points}
	}
	return a
}

// signVisit lets those sign who have not, and now and then somebody else.
func (k *kept) signVisit(v visit.Visit) {
	for _, s := range v.Unsigned() {
		by, edition := as(s.Account, stage.Assessor), v.Edition
		if k.chance(4) {
			by = k.anyone(k.assessors)
		}
		if k.chance(3) {
			edition--
		}
		dissent := ""
		if k.chance(8) {
			dissent = "场所面积与材料不一致"
		}
		k.try("visit.sign", k.desk.SignVisit(k.ctx, by, v.ID, edition, dissent))
	}
}
