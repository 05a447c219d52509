package page

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"shifan/internal/calendar"
	"shifan/internal/casework"
	"shifan/internal/fault"
	"shifan/internal/lifecycle/objection"
	"shifan/internal/lifecycle/programme/words"
	"shifan/internal/lifecycle/publicity"
	"shifan/internal/lifecycle/stage"
)

func publicityURL(v casework.PublicityView) string { return "/publicities/" + string(v.Publicity.ID) }

// publicityTone is how a publicity's state feels.
func publicityTone(s stage.State) Tone {
	switch s {
	case publicity.Running:
		return Now
	case publicity.Drafted:
		return Open
	case publicity.Withdrawn, publicity.Cancelled:
		return Ended
	}
	return Plain
}

// candidateTone is how a candidate's state feels.
func candidateTone(s stage.State) Tone {
	switch s {
	case publicity.Cleared:
		return OK
	case publicity.Listed:
		return Now
	}
	return Ended
}

// leftSay says how long a publicity still runs: 还剩2个工作日.
func leftSay(v casework.PublicityView) string {
	switch {
	case v.Publicity.State != publicity.Running:
		return publicity.Kind.Word(string(v.Publicity.State))
	case !v.ObjectionsOpen():
		return "公示期满，等待确认"
	case v.Left == 0:
		return "公示中，最后一天"
	}
	return fmt.Sprintf("公示中，还剩%d个工作日", v.Left)
}

// periodSay says the days with both dates and their number, the end at 24:00.
func periodSay(p calendar.Period) string {
	if p.Last.IsZero() {
		return ""
	}
	s := fmt.Sprintf("%s（%s）至%s（%s）24:00，共%d个工作日", p.First.Chinese(), p.First.ChineseWeekday(), p.Last.Chinese(), p.Last.ChineseWeekday(), p.Count())
	if p.Provisional {
		s += "（暂算）"
	}
	return s
}

// countSay says by which rule the days are counted.
func countSay(countFirst bool) string {
	if countFirst {
		return "发布当日是工作日的计为第1日"
	}
	return "发布当日不计入，自次一工作日起算"
}

// changeSay says what a correction, an outage, a posting or a recount was.
func changeSay(c publicity.Change) string {
	word := publicity.Kind.Word(c.Act)
	if c.Act == "interrupt" {
		return fmt.Sprintf("%s（%s至%s）：%s", word, Minute(c.From), Minute(c.To), c.Say)
	}
	if c.Act == "post" {
		return fmt.Sprintf("%s：%s（%s）", word, c.Say, Minute(c.From))
	}
	return word + "：" + c.Say
}

// changed lists what happened to a list while it ran, without a posting that
// changed nothing.
func changed(p publicity.Publicity) (all []publicity.Change) {
	for _, c := range p.Changes {
		if c.Act != "post" || c.Before != c.After {
			all = append(all, c)
		}
	}
	return all
}

// onChangeSay says what a correction or an outage does to the days.
func onChangeSay(policy string) string {
	if policy == publicity.Extend {
		return "未足的工作日顺延补足"
	}
	return "公示期重新起算"
}

// signSay says how an objection is to be signed.
func signSay(p publicity.Publicity) string {
	if p.RealName {
		return "以真实姓名或者单位名义提出；不署名的按举报线索办理，不影响公示结果"
	}
	return "提倡以真实姓名或者单位名义提出；不署名的也受理"
}

// publicityEvents tells the life of a round up to its list, and what comes.
func publicityEvents(v casework.PublicityView) []Event {
	p := v.Publicity
	events := []Event{
		{When: ShortDay(v.Round.LastDay), What: "申报截止", Note: fmt.Sprintf("收到申报%d件", v.Funnel.Received), Next: v.Now.Before(v.Round.Deadline)},
		{When: "其后", What: "初审、实地考核", Note: fmt.Sprintf("受理%d件", v.Funnel.Accepted)},
		{When: ShortDay(calendar.DateOf(p.PublishedAt)), What: "发布公示", Note: fmt.Sprintf("会议审定通过，列入名单%d家", len(v.Candidates))},
	}
	end := Event{When: ShortDay(p.Last) + " 24:00", What: "公示期满", Note: fmt.Sprintf("收到异议%d件", p.Objections)}
	end.Here, end.Next = p.State == publicity.Running, p.State == publicity.Running
	return append(events, end, Event{When: "公示期满后", What: "命名授牌", Next: true})
}

// publicityStrip is the strip of a publicity's work page.
func publicityStrip(v casework.PublicityView) Strip {
	p := v.Publicity
	s := Strip{Stage: publicity.Kind.Word(string(p.State)), Who: "办公室"}
	if v.Programme != nil {
		s.Steps, s.Step = Steps(v.Programme.Procedure), StepOf(v.Programme.Procedure, "publicity")
	}
	switch p.State {
	case publicity.Drafted:
		s.Who, s.WhoNote = "办公室负责人", "核对起止日期后发布"
	case publicity.Running:
		s.Due, s.DueNote = p.Last.Chinese()+" 24:00", leftSay(v)
		s.Who, s.WhoNote = "系统时钟", "满"+fmt.Sprint(p.Days)+"个工作日自动确认"
	case publicity.Served:
		s.Due, s.Who = p.Last.Chinese()+" 24:00", "办公室"
		s.WhoNote = "没有未办结异议的进入命名"
	}
	return s
}

// objectionTone is how a case's state feels.
func objectionTone(s stage.State) Tone {
	switch s {
	case objection.Received, objection.Admitted, objection.Investigating:
		return Now
	case objection.Unfounded, objection.Founded, objection.Upheld, objection.Overruled:
		return Warn
	case objection.Transferred:
		return Ended
	}
	return Plain
}

func channelSay(code string) string {
	for _, c := range objection.Channels {
		if c.Code == code {
			return c.Word
		}
	}
	return ""
}

func channelOptions() (all []Option) {
	for _, c := range objection.Channels[1:] {
		all = append(all, Option{Value: c.Code, Word: c.Word})
	}
	return all
}

func onListOptions(all []publicity.Candidate) []Option {
	options := []Option{{Word: "请选择"}}
	for _, c := range all {
		if c.State == publicity.Listed || c.State == publicity.Cleared {
			options = append(options, Option{Value: string(c.ID), Word: c.Name})
		}
	}
	return options
}

// CandidateOptions lists those on a list who may be objected to.
func CandidateOptions(v casework.PublicityView) []Option { return onListOptions(v.Candidates) }

// signers are the ways to sign an objection.
var signers = []Option{
	{Value: "person", Word: "以个人真实姓名"},
	{Value: "unit", Word: "以单位名义", Hint: "来信的加盖公章"},
	{Value: "anonymous", Word: "不署名", Hint: "不写姓名和联系方式，只能凭查询码看进度"},
}

func signerWord(value string) string {
	for _, o := range signers {
		if o.Value == value {
			return o.Word
		}
	}
	return ""
}

// objectionStrip is the strip of a case's page.
func objectionStrip(v casework.ObjectionView) Strip {
	o := v.Objection
	s := Strip{Stage: objection.Kind.Word(string(o.State)), Who: "办公室"}
	if !o.AnswerDue.IsZero() {
		s.Due, s.DueNote = Until(o.AnswerDue), "书面答复"
	}
	switch o.State {
	case objection.Received:
		s.Who, s.WhoNote = "办公室经办人", "登记立案"
	case objection.Admitted:
		s.Who, s.WhoNote = "办公室负责人", "分派给没有利害关系的人"
	case objection.Investigating:
		s.Who, s.WhoNote = "办公室经办人", v.Handler
		if o.ReplyOpen(v.Now) {
			s.Who, s.WhoNote = "被反映单位", "说明期限到"+Until(o.ReplyDue)
		}
	case objection.Founded:
		s.Who, s.WhoNote = "联合党委全体会议", "复议"
	case objection.Unfounded, objection.Upheld, objection.Overruled:
		s.Who, s.WhoNote = "办公室负责人", "答复异议人"
	}
	return s
}

func objectionFacts(v casework.ObjectionView) []Fact {
	o := v.Objection
	facts := []Fact{{Word: "编号", Value: o.Label()}, {Word: "被反映单位", Value: o.Name}, {Word: "公示", Value: v.Publicity.Title, Link: "/publicities/" + string(o.Publicity)}}
	for _, f := range []Fact{
		{Word: "来件", Value: strings.Join([]string{channelSay(o.Channel), Minute(o.ArrivedAt)}, "，")},
		{Word: "撤回", Value: Minute(o.WithdrawnAt)},
		{Word: "立案", Value: Minute(o.AdmittedAt)},
		{Word: "核查人", Value: v.Handler},
		{Word: "退回补查", Value: o.Sent},
		{Word: "结论", Value: objection.Kind.Words[string(o.Outcome)]},
	} {
		if f.Value != "" && (f.Word != "来件" || o.Channel != "") {
			facts = append(facts, f)
		}
	}
	return facts
}

// published is when a list was published, or now for a draft.
func published(v casework.PublicityView) time.Time {
	if v.Publicity.Published() {
		return v.Publicity.PublishedAt
	}
	return v.Now
}

func provisionalSay(v casework.PublicityView) string {
	if len(v.Period.MissingYears) == 0 {
		return "放假安排还没有导入，截止日是暂算的。"
	}
	return fmt.Sprintf("%d年的放假安排还没有导入，截止日%s是暂算的，安排公布后才能确认。", v.Period.MissingYears[0], v.Period.Last.Chinese())
}

// blockedSay says why a publicity cannot end.
func blockedSay(v casework.PublicityView) string {
	if f, ok := errors.AsType[*fault.Fault](v.Blocked); ok {
		return f.Say
	}
	return ""
}

func nextAfterPublish(v casework.PublicityView) string {
	if v.Publicity.Elsewhere() {
		return "在" + v.Publicity.Place + "发布同样的名单，登记网址和时间"
	}
	return "公示期满由系统自动确认"
}

// objectionWays says how to object.
func objectionWays(v casework.PublicityView) []Fact {
	ways := []Fact{{Word: "网上", Value: "公示期已满，不再接受异议"}}
	if v.ObjectionsOpen() {
		ways = []Fact{{Word: "网上", Value: "在线提出异议，提交后立即取得回执", Link: publicityURL(v) + "/objections/new"}}
	} else if !v.Publicity.Published() {
		ways = []Fact{{Word: "网上", Value: "在线提出异议，提交后立即取得回执"}}
	}
	ways = append(ways, Fact{Word: "来信、来电", Value: v.Publicity.Contact}, Fact{Word: "来信日期", Value: "以邮戳日期为准"})
	if n := v.Publicity.AnswerDays; n > 0 {
		ways = append(ways, Fact{Word: "答复", Value: fmt.Sprintf("立案后%d个工作日内书面答复", n)})
	}
	return ways
}

// candidatesHead heads the column of names: what applicants are called, with their Party
// organisations where these apply.
func candidatesHead(v casework.PublicityView) string {
	if v.Programme == nil {
		return "单位"
	}
	s := words.Applicant(v.Programme.Applicants)
	if v.Programme.Applicants.Party {
		s += "及申报党组织"
	}
	return s
}
