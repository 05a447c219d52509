package objection

import (
	"time"

	"shifan/internal/calendar"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/publicity"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/lifecycle/words"
)

var (
	errReport   = fault.Define(fault.Refused, "objection.admit.report", "这一件%s，按举报办理，不能作为异议立案。", "制度:逾期或者不署名的按举报办理")
	errInterest = fault.Define(fault.Refused, "objection.assign.interest", "%s%s，不能核查这一件。请另派一人。", "制度:由没有利害关系的人核查")
	errNobody   = fault.Define(fault.Invalid, "objection.assign.nobody", "没有选由谁核查，或者选的不是办公室经办人。", "制度:由没有利害关系的人核查")
	errSame     = fault.Define(fault.Refused, "objection.assign.same", "已经由这位经办人核查。", "")
	errHandler  = fault.Define(fault.Forbidden, "objection.handler", "这一件由指定的经办人核查，别人不能办理这一步。", "制度:由没有利害关系的人核查")
	errLeak     = fault.Define(fault.Invalid, "objection.leak", "%s里出现了异议人的姓名或者联系方式。删掉再提交。", "制度:异议人身份保密")
	errAsked    = fault.Define(fault.Refused, "objection.ask.again", "已经请单位说明，要等它答复或者期满。", "制度:听取被反映单位说明，不告知异议人")
	errDays     = fault.Define(fault.Invalid, "objection.ask.days", "说明期限写1到%d个工作日。", "制度:听取被反映单位说明，不告知异议人")
	errNoAsk    = fault.Define(fault.Refused, "objection.reply.not_asked", "现在没有要求说明的事项，或者已经提交过说明。", "制度:听取被反映单位说明，不告知异议人")
	errReplyEnd = fault.Define(fault.Refused, "objection.reply.late", "说明期限到%s 24:00为止，已经过了。", "制度:听取被反映单位说明，不告知异议人")
	errUnheard  = fault.Define(fault.Refused, "objection.conclude.unheard", "还没有听取单位的说明，不能认定异议成立。先请单位说明，等它答复或者期满。", "制度:当事人有权陈述")
	errWaiting  = fault.Define(fault.Refused, "objection.conclude.waiting", "单位的说明期限到%s 24:00，还没有期满，也没有答复。", "制度:当事人有权陈述")
	errTwo      = fault.Define(fault.Refused, "objection.answer.same_person", "核查和答复不能是同一个人。", "五(二) 从严从实审核把关")
	errDecision = fault.Define(fault.Refused, "objection.decide.undecided", "异议是否成立由会议审定，先列入会议并表决。", "办法(四)")
)

// askMost bounds the working days that an organisation has for its word.
const askMost = 15

// reportWords says in words why something is a report.
var reportWords = map[string]string{Late: "在公示期满以后才提出", Unsigned: "没有署名"}

// ReportWord returns in words why the case is a report.
func (o *Objection) ReportWord() string { return reportWords[o.Why] }

// Admit opens a case and sets the day by which it is answered: so many working
// days, the day of admission not counted.
func (o *Objection) Admit(by stage.Actor, p *publicity.Publicity, c *calendar.Calendar, now time.Time) (stage.Move, error) {
	m, err := Kind.Step(o.State, "admit", by.Role)
	if err != nil {
		return m, err
	}
	if why := o.Report(p, c); why != "" {
		return m, errReport.New(reportWords[why])
	}
	if p.AnswerDays > 0 {
		due, err := c.AddWorkingDays(calendar.DateOf(now), p.AnswerDays, false)
		if err != nil {
			return m, err
		}
		o.AnswerOn, o.AnswerDue = due.Last, due.End()
	}
	o.State, o.AdmittedAt = m.To, now
	return m, nil
}

// Handler is somebody who might look into a case.
type Handler struct {
	Account  id.Account
	Name     string
	Interest string // why they may not: 兼任该单位经办人; empty: no interest is known
}

// Assign gives the case to a handler without an interest; or to another one.
func (o *Objection) Assign(by stage.Actor, h Handler) (stage.Move, error) {
	m, err := Kind.Step(o.State, "assign", by.Role)
	switch {
	case err != nil:
		return m, err
	case h.Account == "":
		return m, errNobody.At("handler")
	case h.Interest != "":
		return m, errInterest.At("handler", h.Name, h.Interest)
	case h.Account == o.Handler:
		return m, errSame.New()
	}
	o.State, o.Handler = m.To, h.Account
	return m, nil
}

// mine: the case is its handler's.
func (o *Objection) mine(by stage.Actor) *fault.Fault {
	if by.Account != o.Handler {
		return errHandler.New()
	}
	return nil
}

// Ask asks the organisation for its word within so many working days. The text
// never tells who objected.
func (o *Objection) Ask(by stage.Actor, who Objector, question string, days int, c *calendar.Calendar, now time.Time) (stage.Move, error) {
	m, err := Kind.Step(o.State, "ask", by.Role)
	if err != nil {
		return m, err
	}
	if f := o.mine(by); f != nil {
		return m, f
	}
	if o.replyOpen(now) {
		return m, errAsked.New()
	}
	faults := []*fault.Fault{words.Check("question", "请单位说明的事项", question, TextMax, true), o.secret(who, "question", "请单位说明的事项", question)}
	if days < 1 || days > askMost {
		faults = append(faults, errDays.At("days", askMost))
	}
	if err := fault.All(faults...); err != nil {
		return m, err
	}
	due, err := c.AddWorkingDays(calendar.DateOf(now), days, false)
	if err != nil {
		return m, err
	}
	o.Question, o.AskedAt, o.Reply, o.RepliedAt = question, now, "", time.Time{}
	o.ReplyOn, o.ReplyDue = due.Last, due.End()
	return m, nil
}

// replyOpen reports whether the organisation may still give its word.
func (o *Objection) replyOpen(now time.Time) bool {
	return !o.AskedAt.IsZero() && o.RepliedAt.IsZero() && now.Before(o.ReplyDue)
}

// ReplyOpen reports whether the organisation may give its word now.
func (o *Objection) ReplyOpen(now time.Time) bool {
	return o.State == Investigating && o.replyOpen(now)
}

// GiveReply is the organisation's word on what it was asked.
func (o *Objection) GiveReply(by stage.Actor, text string, now time.Time) (stage.Move, error) {
	m, err := Kind.Step(o.State, "reply", by.Role)
	switch {
	case err != nil:
		return m, err
	case by.Organisation != o.Organisation:
		return m, fault.Missing()
	case o.AskedAt.IsZero() || !o.RepliedAt.IsZero():
		return m, errNoAsk.New()
	case !now.Before(o.ReplyDue):
		return m, errReplyEnd.New(o.ReplyOn.Chinese())
	}
	if f := words.Check("reply", "说明", text, TextMax, true); f != nil {
		return m, f
	}
	o.Reply, o.RepliedAt = text, now
	return m, nil
}

// Conclusion is what the handler makes of a case.
type Conclusion struct {
	Founded bool
	Summary string // what is raised, in the handler's own words
	Finding string // what was looked into, and what it shows
}

// Conclude says whether the objection holds. That it does is said only after the
// organisation was heard, or let its time pass.
func (o *Objection) Conclude(by stage.Actor, who Objector, f Conclusion, now time.Time) (stage.Move, error) {
	act := "conclude_unfounded"
	if f.Founded {
		act = "conclude_founded"
	}
	m, err := Kind.Step(o.State, act, by.Role)
	if err != nil {
		return m, err
	}
	if f := o.mine(by); f != nil {
		return m, f
	}
	switch {
	case f.Founded && o.AskedAt.IsZero():
		return m, errUnheard.New()
	case o.replyOpen(now):
		return m, errWaiting.New(o.ReplyOn.Chinese())
	}
	if err := fault.All(
		words.Check("summary", "反映的问题", f.Summary, TextMax, true), o.secret(who, "summary", "反映的问题", f.Summary),
		words.Check("finding", "核查结论", f.Finding, TextMax, true), o.secret(who, "finding", "核查结论", f.Finding),
	); err != nil {
		return m, err
	}
	o.State, o.Summary, o.Finding, o.FoundAt, o.Sent = m.To, f.Summary, f.Finding, now, ""
	return m, nil
}

// secret: what others read does not tell who objected.
func (o *Objection) secret(who Objector, path, label, text string) *fault.Fault {
	if who.Tells(text) {
		return errLeak.At(path, label)
	}
	return nil
}

// SendBack has a case that was concluded unfounded looked into again.
func (o *Objection) SendBack(by stage.Actor, reason string) (stage.Move, error) {
	m, err := Kind.Step(o.State, "send_back", by.Role)
	if err != nil {
		return m, err
	}
	if f := words.Check("reason", "退回理由", reason, 300, true); f != nil {
		return m, f
	}
	o.State, o.Sent = m.To, reason
	return m, nil
}

// Decide carries out what the committee decided about a founded objection.
func (o *Objection) Decide(by stage.Actor, decision id.Item, upheld bool) (stage.Move, error) {
	act := "overrule"
	if upheld {
		act = "uphold"
	}
	m, err := Kind.Step(o.State, act, by.Role)
	switch {
	case err != nil:
		return m, err
	case decision == "":
		return m, errDecision.New()
	}
	o.State, o.Outcome, o.Decision = m.To, m.To, decision
	return m, nil
}

// GiveAnswer tells the objector how it ended. The answer to an unfounded one
// settles it, so another person gives it than who concluded so (S65).
func (o *Objection) GiveAnswer(by stage.Actor, text string, now time.Time) (stage.Move, error) {
	m, err := Kind.Step(o.State, "answer", by.Role)
	switch {
	case err != nil:
		return m, err
	case by.Account == o.Handler:
		return m, errTwo.New()
	}
	if f := words.Check("answer", "答复", text, TextMax, true); f != nil {
		return m, f
	}
	if o.State == Unfounded {
		o.Outcome = Unfounded
	}
	o.State, o.Answer, o.AnsweredAt = m.To, text, now
	return m, nil
}
