package assessment

import (
	"strings"

	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/review"
	"shifan/internal/lifecycle/score"
)

// Methods lists how a team looks, with how people read it (S50).
var Methods = map[string]string{"papers": "查看资料", "premises": "实地检查", "interviews": "座谈走访"}

// MethodNames lists the methods in the order of the notice: what a programme asks
// for that names none.
var MethodNames = []string{"papers", "premises", "interviews"}

// Record is what one method found, or why it was not used.
type Record struct {
	Text    string           `json:"text,omitempty"`
	Skipped string           `json:"skipped,omitempty"` // why it was not used; empty: it was
	People  int              `json:"people,omitempty"`  // interviews: how many were talked to, never who
	Tallies map[string]Tally `json:"tallies,omitempty"` // interviews: by key of Surveys
}

// Tally counts anonymous answers: of Sample people asked, Content were content.
type Tally struct {
	Sample  int `json:"sample"`
	Content int `json:"content"`
}

// Surveys lists whom one asks about what: the standing of the one in charge
// (S22), and how content members and those served are (S41).
var Surveys = map[string]string{"leader": "对负责人的评价", "members": "成员满意度", "served": "服务对象满意度"}

// SurveyNames lists the surveys in the order of the form.
var SurveyNames = []string{"leader", "members", "served"}

// Most bounds every count of people.
const Most = 100000

// Finding is the team's rating of one indicator.
type Finding struct {
	Rating string `json:"rating,omitempty"` // a key of Ratings; empty while open
	Note   string `json:"note,omitempty"`
	Score  int    `json:"score,omitempty"` // for scored indicators, 0 to the indicator's points
}

// Ratings lists the ratings of an indicator, with how people read them.
var Ratings = map[string]string{"meets": "达到", "partly": "部分达到", "fails": "未达到"}

// Share is how much of an indicator a finding says was reached, from 0 to 100: of its
// points, or where none are given 达到 100, 部分达到 50 and 未达到 0. It is for comparing
// people, never for an outcome.
func Share(i programme.Indicator, f Finding) float64 {
	if i.Scored() && i.Points > 0 {
		return 100 * float64(f.Score) / float64(i.Points)
	}
	return map[string]float64{"meets": 100, "partly": 50}[f.Rating]
}

// Opinions lists what a team may conclude, with how people read it.
var Opinions = map[string]string{"meets": "达到标准", "partly": "部分达到", "fails": "未达到"}

// Account is what a team writes about its visit.
type Account struct {
	Records  map[string]Record
	Findings map[string]Finding
	Opinion  string
	Text     string
	Absent   map[id.Account]string // who was not there, and why
}

var (
	errMethod = fault.Define(fault.Invalid, "visit.report.method",
		"%s没有记录。写明看到的情况；没有采用的，写明原因。", "办法(三) 通过查看资料、实地检查、座谈走访等方式")
	errBoth = fault.Define(fault.Invalid, "visit.report.method_both",
		"%s既写了情况又写了没有采用的原因，只留一项。", "办法(三)")
	errNobody = fault.Define(fault.Invalid, "visit.report.people",
		"座谈走访的人数没有填写。填1到100000之间的整数，只填人数，不填姓名。", "办法(三) 座谈走访")
	errCount = fault.Define(fault.Invalid, "visit.record.count",
		"%s的人数不对。填0到100000之间的整数。", "办法(三) 座谈走访")
	errTally = fault.Define(fault.Invalid, "visit.record.tally",
		"%s：满意%d人，多于调查的%d人。核对后再填。", "四(四) 得到会员和服务对象的普遍认可")
	errRating = fault.Define(fault.Invalid, "visit.record.rating",
		"指标 %s 的意见只能是达到、部分达到或未达到。", "办法(三)")
	errUnrated = fault.Define(fault.Invalid, "visit.report.rating",
		"指标 %s 要现场考核，还没有意见。选达到、部分达到或未达到。", "办法(三)")
	errNote = fault.Define(fault.Invalid, "visit.report.note",
		"指标 %s 是%s，写明现场看到的情况。", "办法(三)")
	errScore = fault.Define(fault.Invalid, "visit.record.score",
		"指标 %s 的得分要是%s。", "方案设定的评分办法")
	errPassMark = fault.Define(fault.Invalid, "visit.report.pass_mark",
		"按初审和考核的打分，%s，考核意见不能写达到标准。核对得分，或改选部分达到、未达到，由会议审定。", "方案设定的评分办法")
	errVeto = fault.Define(fault.Invalid, "visit.report.red_line",
		"否决项 %s 未达到，考核意见不能写达到标准。改选部分达到或未达到，由会议审定。", "四(四)；方案设定的否决项")
	errOpinion = fault.Define(fault.Invalid, "visit.report.opinion",
		"选考核意见：达到标准、部分达到或未达到。", "办法(三) 提出考核意见")
)

// Criteria is what a visit judges by: the indicators of the round's year, how their
// points are added up, and what the review gave.
type Criteria struct {
	Indicators []programme.Indicator
	Rule       score.Rule
	Given      map[string]review.Finding
}

// Points returns what review and visit gave to an indicator, each to those that it
// looks at.
func (c Criteria) Points(a map[string]Finding) func(programme.Indicator) int {
	return func(i programme.Indicator) int {
		if review.Asked(i) {
			return c.Given[i.Code].Score
		}
		return a[i.Code].Score
	}
}

// supported refuses an opinion that the findings contradict: a red line is crossed, or
// the points, which are all known once the visit gave its own, do not suffice.
func (a Account) supported(c Criteria) []*fault.Fault {
	if a.Opinion != "meets" {
		return nil
	}
	for _, i := range c.Indicators {
		if i.Judged == "veto" && a.Findings[i.Code].Rating == "fails" {
			return []*fault.Fault{errVeto.At("opinion", i.Code)}
		}
	}
	if sum := c.Rule.Sum(c.Points(a.Findings)); !sum.Passes() {
		return []*fault.Fault{errPassMark.At("opinion", sum.Short[0])}
	}
	return nil
}

// Keepable lists what cannot even be kept in a draft.
func (a Account) Keepable(indicators []programme.Indicator) (wrong []*fault.Fault) {
	for _, name := range MethodNames {
		word := Methods[name]
		r := a.Records[name]
		path := "records." + name
		wrong = append(wrong, review.Kept(path+".text", word, r.Text), review.Kept(path+".skipped", word+"没有采用的原因", r.Skipped))
		if r.People < 0 || r.People > Most {
			wrong = append(wrong, errCount.At(path+".people", word))
		}
		for _, survey := range SurveyNames {
			wrong = append(wrong, r.Tallies[survey].check(path+".tallies."+survey, Surveys[survey]))
		}
	}
	for _, i := range indicators {
		f, path := a.Findings[i.Code], "findings."+i.Code
		wrong = append(wrong, review.Kept(path+".note", "指标 "+i.Code+" 的情况", f.Note))
		if f.Rating != "" && Ratings[f.Rating] == "" {
			wrong = append(wrong, errRating.At(path+".rating", i.Code))
		}
		if f.Score < 0 || i.Scored() && f.Score != 0 && !score.Takes(i, f.Score) {
			wrong = append(wrong, errScore.At(path+".score", i.Code, score.Range(i)))
		}
	}
	if a.Opinion != "" && Opinions[a.Opinion] == "" {
		wrong = append(wrong, errOpinion.At("opinion"))
	}
	return append(wrong, review.Kept("text", "考核意见", a.Text))
}

// check: no more are content than were asked (S41).
func (t Tally) check(path, what string) *fault.Fault {
	switch {
	case t.Sample < 0 || t.Content < 0 || t.Sample > Most:
		return errCount.At(path, what)
	case t.Content > t.Sample:
		return errTally.At(path, what, t.Content, t.Sample)
	}
	return nil
}

// Lacking lists what a report must have and has not.
func (a Account) Lacking(c Criteria, methods []string) (wrong []*fault.Fault) {
	if len(methods) == 0 {
		methods = MethodNames
	}
	for _, name := range methods {
		r, path := a.Records[name], "records."+name
		used, skipped := strings.TrimSpace(r.Text) != "", strings.TrimSpace(r.Skipped) != ""
		switch {
		case !used && !skipped:
			wrong = append(wrong, errMethod.At(path+".text", Methods[name]))
		case used && skipped:
			wrong = append(wrong, errBoth.At(path+".skipped", Methods[name]))
		case name == "interviews" && used && r.People == 0:
			wrong = append(wrong, errNobody.At(path+".people"))
		}
	}
	for _, i := range c.Indicators {
		f, path := a.Findings[i.Code], "findings."+i.Code
		switch {
		case f.Rating == "" && i.At == "visit":
			wrong = append(wrong, errUnrated.At(path+".rating", i.Code))
		case f.Score == 0 && i.At == "visit" && i.Scored() && !score.Takes(i, 0):
			wrong = append(wrong, errScore.At(path+".score", i.Code, score.Range(i)))
		case (f.Rating == "partly" || f.Rating == "fails") && strings.TrimSpace(f.Note) == "":
			wrong = append(wrong, errNote.At(path+".note", i.Code, Ratings[f.Rating]))
		}
	}
	if a.Opinion == "" {
		wrong = append(wrong, errOpinion.At("opinion"))
	}
	if strings.TrimSpace(a.Text) == "" {
		wrong = append(wrong, review.Written("text", "考核意见", a.Text))
	}
	return append(wrong, a.supported(c)...)
}
