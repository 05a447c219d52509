package page

import (
	"time"

	"github.com/a-h/templ"

	"shifan/internal/casework"
	"shifan/internal/lifecycle/revocation"
	"shifan/internal/lifecycle/stage"
)

func revocationTone(s stage.State) Tone {
	switch s {
	case revocation.Proposed:
		return Open
	case revocation.Notified, revocation.Heard, revocation.Appealed:
		return Now
	case revocation.Kept, revocation.Reinstated:
		return OK
	}
	return Ended
}

var revocationSteps = []string{"告知", "陈述申辩", "会议审定", "申诉期"}

func revocationStrip(v casework.RevocationView) Strip {
	r := v.Proceeding
	s := Strip{Steps: revocationSteps, Stage: revocation.Kind.Word(string(r.State))}
	switch r.State {
	case revocation.Proposed:
		s.Step, s.Who = 1, "办公室经办人"
	case revocation.Notified:
		s.Step, s.Who, s.Due, s.DueNote = 2, "持有单位", Until(r.HearingEnds), leftSays(v.TitleCase, r.HearingLast)
	case revocation.Heard:
		s.Step, s.Who = 3, "委员会全体会议"
	case revocation.Revoked:
		s.Step, s.Who, s.Due, s.DueNote = 4, "持有单位", Until(r.AppealEnds), leftSays(v.TitleCase, r.AppealLast)
	case revocation.Appealed:
		s.Step, s.Who = 4, "委员会全体会议"
	default:
		s.Steps, s.Who, s.Due = nil, Over, Minute(r.ClosedAt)
	}
	if v.Listed {
		s.WhoNote = "已列入会议议程"
	}
	return s
}

func groundOptions() (all []Option) {
	return []Option{
		{Value: revocation.Untrue, Word: revocation.Grounds[revocation.Untrue], Hint: "命名后查实申报材料虚假"},
		{Value: revocation.Ineligible, Word: revocation.Grounds[revocation.Ineligible], Hint: "持有称号期间出现方案列明的红线情形"},
	}
}

func revocationFacts(v casework.RevocationView) []Fact {
	r := v.Proceeding
	all := []Fact{
		{Word: "单位", Value: v.Title.Name},
		{Word: "称号编号", Value: v.Title.Number, Code: true, Link: "/designations/" + string(v.Title.ID)},
		{Word: "理由", Value: revocation.Grounds[r.Ground]},
		{Word: "提出", Value: Minute(r.ProposedAt)},
	}
	if w := v.Names[r.ProposedBy]; w != "" {
		all = append(all, Fact{Word: "提出人", Value: w})
	}
	if !r.NotifiedOn.IsZero() {
		all = append(all, Fact{Word: "告知日期", Value: Day(r.NotifiedOn)}, Fact{Word: "陈述申辩期", Value: v.Hearing.Chinese()})
	}
	if !r.DecidedOn.IsZero() {
		all = append(all, Fact{Word: "决定日期", Value: Day(r.DecidedOn)}, Fact{Word: "决定理由", Value: r.Reason})
	}
	if r.Stands() && v.Rules.Plaque.Recall {
		all = append(all, Fact{Word: "牌匾", Value: "交回办公室，不得再悬挂，不得再用称号宣传"})
	}
	if !r.AppealLast.IsZero() {
		all = append(all, Fact{Word: "申诉期限", Value: Until(r.AppealEnds)})
	}
	if !r.BarredUntil.IsZero() {
		all = append(all, Fact{Word: "不得再次申报", Value: "至" + r.BarredUntil.Chinese()})
	}
	if r.AppealItem != "" {
		all = append(all, Fact{Word: "申诉决定", Value: revocation.Kind.Word(string(r.State))}, Fact{Word: "申诉决定理由", Value: r.AppealReason})
	}
	return all
}

// ProceedingDone says that the holder's word or appeal has arrived.
func ProceedingDone(f Frame, v casework.RevocationView, at time.Time, next string) templ.Component {
	return Done(f, []Fact{
		{Word: "办理编号", Value: string(v.Proceeding.ID), Code: true},
		{Word: "单位", Value: v.Title.Name},
		{Word: "称号编号", Value: v.Title.Number, Code: true},
		{Word: "提交时间", Value: Moment(at)},
		{Word: "下一步", Value: next},
	}, Link{Word: "查看办理情况", URL: revocationURL(v.Proceeding.ID)})
}
