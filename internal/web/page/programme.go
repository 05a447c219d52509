package page

import (
	"fmt"
	"strings"

	"shifan/internal/casework"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/programme/words"
	"shifan/internal/lifecycle/stage"
)

// programmeTone is how a programme's state feels.
func programmeTone(s stage.State) Tone {
	switch s {
	case programme.Active:
		return Now
	case programme.Suspended:
		return Warn
	}
	return Ended
}

// programmeActURL is where an act on a programme begins.
func programmeActURL(v casework.ProgrammeView, act string) string {
	if act == "load" {
		return "/programmes/new?from=" + string(v.Standing.Name)
	}
	return "/programmes/" + string(v.Standing.Name) + "/" + act
}

var programmeActSay = map[string]string{
	"suspend": "暂停后不能发布新的一届。已发布的届次照常办完，称号不受影响。",
	"resume":  "恢复后可以再发布新的一届。",
	"merge":   "并入以后本方案终止，不能恢复。有效期内的称号照旧，由承接的方案另作决定。",
	"abolish": "废止以后不能恢复。有效期内的称号按方案“废止后的称号”一项处理。",
}

func programmeActAnswers(v casework.ProgrammeView, act string, d programme.Decision, into string) []Answer {
	all := []Answer{{Word: "方案", Value: v.Programme.Title}, {Word: "办理", Value: programme.Kind.Word(act)}}
	for _, o := range v.Others {
		if act == "merge" && string(o.Name) == into {
			all = append(all, Answer{Word: "并入", Value: o.Title})
		}
	}
	return append(all, Answer{Word: "依据的文件", Value: d.Document}, Answer{Word: "原因", Value: d.Reason})
}

func mergeOptions(v casework.ProgrammeView) []Option {
	all := []Option{{Word: "请选择"}}
	for _, o := range v.Others {
		all = append(all, Option{Value: string(o.Name), Word: o.Title})
	}
	return all
}

// standingSay says in a sentence what became of a programme that is not active.
func standingSay(v casework.ProgrammeView) string {
	s := "这个事项" + programme.Kind.Word(string(v.Standing.State)) + "，不再接受新的申报。"
	if v.Into != "" {
		s = "这个事项已并入“" + v.Into + "”。"
	}
	if v.Standing.Document != "" {
		s += "依据：" + v.Standing.Document + "。"
	}
	return s
}

func programmeFacts(v casework.ProgrammeView) []Fact {
	p := v.Programme
	facts := []Fact{
		{Word: "代号", Value: string(p.Name)},
		{Word: "称号", Value: p.Base},
		{Word: "主办单位", Value: p.Issuer.Name},
		{Word: "办公室", Value: p.Office.Name},
		{Word: "制定依据", Value: provisionsOf(p)},
		{Word: "开展批准", Value: words.Approval(p.Approval)},
		{Word: "申报单位", Value: words.Applicants(p)},
	}
	if v.Standing.Document != "" {
		facts = append(facts, Fact{Word: programme.Kind.Word(string(v.Standing.State)), Value: Minute(v.Standing.Since) + "，" + v.Standing.Document}, Fact{Word: "原因", Value: v.Standing.Reason})
	}
	if v.Into != "" {
		facts = append(facts, Fact{Word: "并入", Value: v.Into})
	}
	return facts
}

func provisionsOf(p *programme.Programme) string {
	var all []string
	for _, b := range p.Basis {
		s := "《" + strings.Trim(b.Title, "《》") + "》"
		if b.Number != "" {
			s += "（" + b.Number + "）"
		}
		all = append(all, s)
	}
	return strings.Join(all, "、")
}

func guideFacts(v casework.ProgrammeView) []Fact {
	p := v.Programme
	return []Fact{
		{Word: "事项名称", Value: p.Title},
		{Word: "办理结果", Value: "命名为“" + p.Base + "”，授牌"},
		{Word: "主办单位", Value: p.Issuer.Name},
		{Word: "受理机构", Value: p.Office.Name},
		{Word: "制定依据", Value: provisionsOf(p)},
		{Word: "开展批准", Value: words.Approval(p.Approval)},
	}
}

// guideSteps says the procedure, each step with its time limit.
func guideSteps(p *programme.Programme) []Fact {
	facts := []Fact{
		{Word: "自评申报", Value: fmt.Sprintf("在线填写，通常截止日%s %s，以每届通知为准。逾期申报的视为放弃", monthDay(p.Filing.Deadline), p.Filing.Time)},
		{Word: "受理", Value: fmt.Sprintf("收到后%d个工作日内", p.Filing.AcceptIn)},
	}
	for _, s := range p.Procedure {
		f := Fact{Word: words.Stage(s)}
		switch s {
		case "review":
			f.Value = fmt.Sprintf("截止后%d个工作日内；需要补正的一次告知，%d个工作日内补正", p.Review.Days, p.Review.CorrectionDays)
		case "visit":
			f.Value = fmt.Sprintf("考核组不少于%d人，提前%d个工作日通知", p.Visit.TeamMin, p.Visit.NoticeDays)
		case "meeting":
			f.Value = p.Meeting.Body
		case "publicity":
			f.Value = fmt.Sprintf("%d个工作日，异议%d个工作日内答复", p.Publicity.Days, p.Publicity.AnswerDays)
			if p.Publicity.Place != "" {
				f.Value = p.Publicity.Place + "，" + f.Value
			}
		}
		facts = append(facts, f)
	}
	last := "印发命名文件，授牌"
	if p.Validity.Years > 0 {
		last += fmt.Sprintf("，有效期%d年", p.Validity.Years)
	}
	return append(facts, Fact{Word: "命名授牌", Value: last})
}

// monthDay reads 07-10 as 7月10日.
func monthDay(s string) string {
	var m, d int
	if n, err := fmt.Sscanf(s, "%d-%d", &m, &d); n != 2 || err != nil {
		return s
	}
	return fmt.Sprintf("%d月%d日", m, d)
}

func guideContacts(v casework.ProgrammeView, contact string) []Fact {
	ask := v.Programme.Office.Contact
	if ask == "" {
		ask = contact
	}
	if ask == "" {
		ask = "见每届通知"
	}
	return []Fact{
		{Word: "收费", Value: "不收取任何费用，不要求购买服务或者参加收费培训"},
		{Word: "咨询", Value: v.Programme.Office.Name + "，" + ask},
		{Word: "监督", Value: "对公示名单有异议的，在公示期内向" + v.Programme.Office.Name + "提出；公示期后作为举报受理"},
	}
}

// guideMarks says what is special about an indicator.
func guideMarks(i programme.Indicator) string {
	s := words.Judged(i)
	if y := words.Years(i.Years); y != "" {
		s += "，限" + y
	}
	if i.At == "visit" {
		s += "，现场核对"
	}
	return s
}
