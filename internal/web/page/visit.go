package page

import (
	"fmt"
	"strings"

	"github.com/a-h/templ"

	"shifan/internal/casework"
	"shifan/internal/id"
	"shifan/internal/lifecycle/assessment"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/lifecycle/team"
	"shifan/internal/lifecycle/visit"
)

// VisitQuery is the filter of the list of visits, as it stands in the address.
type VisitQuery struct{ Query, State string }

func visitURL(key id.Visit) string { return "/visits/" + string(key) }

func visitStateOptions() []Option {
	return inHandFirst(visit.Kind)
}

var (
	visitRatings   = []Option{{Value: "meets", Word: "达到"}, {Value: "partly", Word: "部分达到"}, {Value: "fails", Word: "未达到"}}
	opinionOptions = []Option{{Value: "meets", Word: "达到标准"}, {Value: "partly", Word: "部分达到"}, {Value: "fails", Word: "未达到"}}
)

func visitTone(s stage.State) Tone {
	switch s {
	case visit.Signed, visit.Waived:
		return Plain
	case visit.Ended:
		return Locked
	case visit.Planned:
		return Open
	}
	return Now
}

func ratingTone(r string) Tone {
	return map[string]Tone{"meets": OK, "partly": Warn, "fails": Bad, "": Open}[r]
}

func ratingHint(i programme.Indicator) string {
	if i.At == "visit" {
		return "这一项由实地考核看，必填。"
	}
	return "现场看了的填，没看的可以不选。"
}

func noVisits(who stage.Actor) string {
	switch who.Role {
	case stage.Assessor:
		return "现在没有参加的考核。编入考核组后会列在这里。"
	case stage.Applicant:
		return "还没有考核安排。安排后会列在这里。"
	default:
		return "没有符合条件的考核。初审确认后会列在这里。"
	}
}

func slotWord(v visit.Visit) string {
	if v.On.IsZero() {
		return ""
	}
	return Day(v.On) + " " + v.At
}

func slotDay(v visit.Visit) string {
	if v.Answer.Proposed() {
		return v.Answer.Day.String()
	}
	return v.On.String()
}

func slotTime(v visit.Visit) string {
	if v.Answer.Proposed() {
		return v.Answer.Time
	}
	return v.At
}

func seatName(v visit.Visit, who id.Account) string {
	if s := v.Seat(who); s != nil {
		return s.Name
	}
	return "组员"
}

func leaderOf(v visit.Visit) string {
	if l := v.Leader(); l != nil {
		return string(l.Account)
	}
	return ""
}

func leaderName(v visit.Visit) string {
	if l := v.Leader(); l != nil {
		return l.Name
	}
	return "（未定）"
}

func memberNames(v visit.Visit) string {
	var all []string
	for _, s := range v.Team {
		if !s.Leader {
			all = append(all, s.Name)
		}
	}
	return orWord(strings.Join(all, "、"), "（未定）")
}

func teamChosen(v visit.Visit) []string {
	all := []string{}
	for _, s := range v.Team {
		all = append(all, string(s.Account))
	}
	return all
}

func poolOptions(v casework.VisitView) (all []Option) {
	for _, a := range v.Pool {
		if !a.Tied {
			all = append(all, Option{Value: string(a.Account), Word: a.Name})
		}
	}
	return all
}

func redoOptions(v visit.Visit) []Option {
	all := []Option{{Value: "", Word: "选一名组员"}}
	for _, s := range v.Team {
		all = append(all, Option{Value: string(s.Account), Word: s.Name})
	}
	return all
}

func replacedWords(v visit.Visit) string {
	var all []string
	for _, r := range v.Replaced {
		all = append(all, r.Name+"（"+orWord(r.Why, "调整")+"）")
	}
	return strings.Join(all, "、")
}

func reasonWord(v visit.Visit) string {
	switch v.State {
	case visit.Waived:
		return "免予考核"
	case visit.Planned:
		return "重新考核"
	}
	if v.Edition > 0 {
		return "退回意见"
	}
	return "改期"
}

func visitFacts(v casework.VisitView) []Fact {
	w := v.Visit
	all := []Fact{{Word: "日期时间", Value: slotWord(w)}, {Word: "地点", Value: w.Place}}
	if len(w.Team) > 0 {
		all = append(all, Fact{Word: "组长", Value: leaderName(w)}, Fact{Word: "组员", Value: memberNames(w)}, Fact{Word: "产生方式", Value: chosenSay(w)})
	}
	if !w.NoticedOn.IsZero() {
		answer := "还没有答复"
		switch {
		case w.Answer.Confirmed:
			answer = "已确认"
		case w.Answer.Proposed():
			answer = "提议改到" + Day(w.Answer.Day) + " " + w.Answer.Time
		}
		all = append(all, Fact{Word: "通知日期", Value: Day(w.NoticedOn)}, Fact{Word: "申报单位", Value: answer})
	}
	if v.Day.Why != "" {
		all = append(all, Fact{Word: "当天", Value: v.Day.Why})
	}
	return all
}

// chosenSay says how the team came about: by lot, by lots drawn by hand, or by
// appointment and why.
func chosenSay(v visit.Visit) string {
	o := team.By(v.Team)
	say := ""
	switch {
	case o.Drawn != "":
		say = "随机抽取（" + string(o.Drawn) + "）"
	case o.Hand != "":
		say = "人工抽取（" + string(o.Hand) + "）"
	default:
		return "办公室指定" + whySay(v)
	}
	if o.Appointed == 0 {
		return say
	}
	return fmt.Sprintf("%s，其中%d人由办公室指定", say, o.Appointed) + whySay(v)
}

func whySay(v visit.Visit) string {
	for _, s := range v.Team {
		if s.Drawn == "" && s.Hand == "" && s.Why != "" {
			return "：" + s.Why
		}
	}
	return ""
}

func findingFacts(v visit.Visit) []Fact {
	all := []Fact{{Word: "结论", Value: assessment.Opinions[v.Opinion]}, {Word: "考核意见", Value: v.Text}}
	for _, name := range assessment.MethodNames {
		r := v.Records[name]
		s := r.Text
		if r.Skipped != "" {
			s = "没有采用：" + r.Skipped
		}
		if r.People > 0 {
			s += fmt.Sprintf("（共%d人）", r.People)
		}
		all = append(all, Fact{Word: assessment.Methods[name], Value: s})
		for _, survey := range assessment.SurveyNames {
			if t := r.Tallies[survey]; t.Sample > 0 {
				all = append(all, Fact{Word: assessment.Surveys[survey], Value: fmt.Sprintf("调查%d人，满意%d人", t.Sample, t.Content)})
			}
		}
	}
	for _, s := range v.Team {
		if s.Absent != "" {
			all = append(all, Fact{Word: "缺席", Value: s.Name + "：" + s.Absent})
		}
	}
	return all
}

func visitStrip(v casework.VisitView, who stage.Actor) Strip {
	w := v.Visit
	s := Strip{Stage: visit.Kind.Word(string(w.State)), Due: slotWord(w), DueNote: w.Place, Who: "办公室"}
	switch w.State {
	case visit.Scheduled:
		s.Who, s.WhoNote = "考核组", "组长 "+leaderName(w)
	case visit.Reported:
		s.Who, s.Due, s.DueNote = "考核组签署", "全组签署后转入下一环节", ""
		if who.Role != stage.Applicant {
			s.WhoNote = fmt.Sprintf("还有%d人没有签署", len(w.Unsigned()))
		}
	case visit.Signed, visit.Waived, visit.Ended:
		s.Who, s.Due, s.DueNote = Over, Minute(w.EndedAt), ""
	}
	if v.Task != "" {
		s.More = []StripFact{{Word: "待办", Value: v.Task}}
	}
	return s
}

// SignDone says that a member has signed the team's opinion.
func SignDone(f Frame, v casework.VisitView) templ.Component {
	next := fmt.Sprintf("还有%d人没有签署。全组签署后申报转入下一环节。", len(v.Visit.Unsigned()))
	if len(v.Visit.Unsigned()) == 0 {
		next = "全组已签署，申报转入下一环节。"
	}
	return visitDone(f, v, []Fact{{Word: "签署的稿次", Value: fmt.Sprintf("第%d稿", v.Visit.Edition)}, {Word: "下一步", Value: next}})
}

// WaiveDone says that there is no visit.
func WaiveDone(f Frame, v casework.VisitView) templ.Component {
	return visitDone(f, v, []Fact{
		{Word: "理由", Value: v.Visit.Reason}, {Word: "时间", Value: Moment(v.Visit.EndedAt)}, {Word: "下一步", Value: "申报不经考核转入下一环节。理由随申报提交会议。"},
	})
}

func visitDone(f Frame, v casework.VisitView, more []Fact) templ.Component {
	facts := append([]Fact{{Word: "申报编号", Value: v.Application.Number, Code: true}, {Word: "单位", Value: v.Application.Name}}, more...)
	return Done(f, facts, Link{Word: "查看考核", URL: visitURL(v.Visit.ID)})
}
