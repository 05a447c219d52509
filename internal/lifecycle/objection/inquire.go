package objection

import (
	"time"

	"shifan/internal/calendar"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/inquiry"
	"shifan/internal/lifecycle/publicity"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/lifecycle/words"
)

var (
	errReport   = fault.Define(fault.Refused, "objection.admit.report", "这一件%s，按举报办理，不能作为异议立案。", "制度:逾期或者不署名的按举报办理")
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

// Assign gives the case to a handler without an interest; or to another one.
func (o *Objection) Assign(by stage.Actor, h inquiry.Handler) (stage.Move, error) {
	m, err := Kind.Step(o.State, "assign", by.Role)
	if err != nil {
		return m, err
	}
	if err := h.Take(o.Handler); err != nil {
		return m, err
	}
	o.State, o.Handler = m.To, h.Account
	return m, nil
}

// Ask asks the organisation for its word within so many working days. The text
// never tells who objected. h is the handler as known now.
func (o *Objection) Ask(by stage.Actor, h inquiry.Handler, who Objector, question string, days int, c *calendar.Calendar, now time.Time) (stage.Move, error) {
	m, err := Kind.Step(o.State, "ask", by.Role)
	if err != nil {
		return m, err
	}
	if err := h.Mine(by.Account, o.Handler); err != nil {
		return m, err
	}
	if o.replyOpen(now) {
		return m, errAsked.New()
	}
	faults := []*fault.Fault{words.Check("question", "请单位说明的事项", question, TextMax, true), who.Secret("异议人", "question", "请单位说明的事项", question)}
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
// organisation was heard, or let its time pass. h is the handler as known now.
func (o *Objection) Conclude(by stage.Actor, h inquiry.Handler, who Objector, f Conclusion, now time.Time) (stage.Move, error) {
	act := "conclude_unfounded"
	if f.Founded {
		act = "conclude_founded"
	}
	m, err := Kind.Step(o.State, act, by.Role)
	if err != nil {
		return m, err
	}
	if err := h.Mine(by.Account, o.Handler); err != nil {
		return m, err
	}
	switch {
	case f.Founded && o.AskedAt.IsZero():
		return m, errUnheard.New()
	case o.replyOpen(now):
		return m, errWaiting.New(o.ReplyOn.Chinese())
	}
	if err := fault.All(
		words.Check("summary", "反映的问题", f.Summary, TextMax, true), who.Secret("异议人", "summary", "反映的问题", f.Summary),
		words.Check("finding", "核查结论", f.Finding, TextMax, true), who.Secret("异议人", "finding", "核查结论", f.Finding),
	); err != nil {
		return m, err
	}
	o.State, o.Summary, o.Finding, o.FoundAt, o.Sent = m.To, f.Summary, f.Finding, now, ""
	return m, nil
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
