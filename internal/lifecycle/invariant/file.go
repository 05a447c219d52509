package invariant

import (
	"slices"

	"shifan/internal/lifecycle/application"
	"shifan/internal/lifecycle/item"
	"shifan/internal/lifecycle/review"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/lifecycle/team"
	"shifan/internal/lifecycle/visit"
)

// filed are the states of an application that was submitted and not taken back.
var filed = []stage.State{
	application.Submitted, application.Correcting, application.Underway, application.Selected, application.Named,
	application.NotChosen, application.Declined, application.Disqualified,
}

// ofFile are the promises of an application and of what the office and the team
// make of it.
var ofFile = []Invariant{
	{"application.submitted.in_time", "what was filed arrived before the deadline's instant, while the round was open", "办法(一) 逾期申报的视为放弃 (S45)", one(theApplication, func(c *Case, a *application.Application) bool {
		return a.SubmittedAt.IsZero() || c.Round == nil || a.SubmittedAt.Before(c.Round.Deadline) && !a.SubmittedAt.Before(c.Round.PublishedAt)
	})},
	{"application.submitted.whole", "what was filed has its number, its digest and the commitment", "办法(一)；五(一) 实事求是 (S43, S64)", one(theApplication, func(_ *Case, a *application.Application) bool {
		return !slices.Contains(filed, a.State) || a.Number != "" && len(a.Digest) == 64 && a.Original.Committed && !a.SubmittedAt.IsZero()
	})},
	{"application.forfeited.was_draft", "who forfeited had filed nothing, and the deadline had passed", "办法(一) 逾期申报的视为放弃 (S45)", one(theApplication, func(c *Case, a *application.Application) bool {
		return a.State != application.Forfeited || a.SubmittedAt.IsZero() && (c.Round == nil || !c.Now.Before(c.Round.Deadline))
	})},
	{"application.stage.only_underway", "an application is in a stage while it is under way, and only then", "办法(二)至(五)", one(theApplication, func(_ *Case, a *application.Application) bool {
		return (a.State == application.Underway) == (a.Stage != "")
	})},
	{"application.corrected.once", "defects are told once, and within the time", "制度:一次性告知 (S46)", one(theApplication, func(_ *Case, a *application.Application) bool {
		told := func(e application.Event) bool { return e.Act == "request_correction" }
		// Without a notice the index is -1, and the whole history is looked at for nothing.
		return !slices.ContainsFunc(a.History[slices.IndexFunc(a.History, told)+1:], told) && (a.Correction.AnsweredAt.IsZero() || a.Correction.AnsweredAt.Before(a.Correction.Due))
	})},
	{"application.not_chosen.by_committee", "nobody but the committee turns an application down: the office only recommends", "办法(二)(四) (S46, S54)", one(theApplication, func(c *Case, a *application.Application) bool {
		return a.State != application.NotChosen || c.Items == nil || slices.ContainsFunc(c.Items, func(i *item.Item) bool { return i.State == item.Lost || i.State == item.Carried })
	})},
	{"application.chosen.reviewed_and_visited", "what the committee decided had a confirmed review and a signed or waived visit", "办法(四) 根据初审、考察情况 (S53)", one(theApplication, func(c *Case, a *application.Application) bool {
		return !chosen(a) || (c.Review == nil || c.Review.State == review.Confirmed) && (c.Visit == nil || c.Visit.State == visit.Signed || c.Visit.State == visit.Waived)
	})},
	{"application.chosen.carried", "what goes on to publicity was carried", "办法(四) 审议确定拟授牌对象 (S54)", one(theApplication, func(c *Case, a *application.Application) bool {
		return !chosen(a) || c.Items == nil || slices.ContainsFunc(c.Items, func(i *item.Item) bool { return i.Subject.Kind == "application" && i.State == item.Carried })
	})},
	{"review.confirmed.four_eyes", "who examined does not confirm", "五(二) 从严从实审核把关 (S65)", one(theReview, func(c *Case, r *review.Review) bool {
		return r.State != review.Confirmed || c.Programme == nil || !c.Programme.Review.FourEyes || r.Confirmer != "" && r.Confirmer != r.Reviewer
	})},
	{"review.confirmed.recommends", "a confirmed review recommends, and says why", "办法(二) 提交初审情况 (S46)", one(theReview, func(_ *Case, r *review.Review) bool {
		return r.State != review.Confirmed || r.Opinion != "" && review.Recommendations[r.Recommendation] != ""
	})},
	{"visit.signed.team", "a signed visit had enough people, one of whom led", "办法(三) 组织考核组 (S48)", signed(func(c *Case, v *visit.Visit) bool {
		there := 0
		for _, s := range v.Team {
			if s.Absent == "" {
				there++
			}
		}
		least := team.Least
		if c.Programme != nil {
			least = team.Of(c.Programme.Visit)
		}
		return there >= least && v.Leader() != nil
	})},
	{"visit.signed.by_all", "everybody who was there signed the edition that holds", "办法(三) 提出考核意见 (S51)", signed(func(_ *Case, v *visit.Visit) bool { return len(v.Unsigned()) == 0 })},
	{"visit.reported.after_its_day", "nothing is reported before one was there", "办法(三) 深入实地考核 (S49)", one(theVisit, func(_ *Case, v *visit.Visit) bool {
		return v.State != visit.Reported && v.State != visit.Signed || !v.ReportedAt.Before(v.On.Start())
	})},
}

// chosen reports whether the committee's yes has taken an application on.
func chosen(a *application.Application) bool {
	return a.Stage == "publicity" || a.State == application.Selected || a.State == application.Named
}

func signed(holds func(*Case, *visit.Visit) bool) func(*Case) string {
	return one(theVisit, func(c *Case, v *visit.Visit) bool { return v.State != visit.Signed || holds(c, v) })
}
