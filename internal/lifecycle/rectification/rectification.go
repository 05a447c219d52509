package rectification

import (
	"time"

	"shifan/internal/calendar"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/designation"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/stage"
)

// The states of a rectification.
const (
	Ordered  stage.State = "ordered"  // decided, not served
	Running  stage.State = "running"  // the time runs
	Reported stage.State = "reported" // the holder says it is done
	Verified stage.State = "verified" // somebody looked; the committee has it
	Passed   stage.State = "passed"
	Failed   stage.State = "failed" // 整改效果不明显, or no report at all
	Ended    stage.State = "ended"  // the title ended in another way first
)

// Kind is the rectification's machine.
var Kind = stage.Kind{
	Name: "rectification", Label: "整改", Start: Ordered,
	Moves: []stage.Move{
		{From: Ordered, Act: "serve", By: stage.Clerk, To: Running, Basis: "五(二) 限期整改"},
		{From: Running, Act: "extend", By: stage.Director, To: Running, Basis: "制度:整改期限可延长一次"},
		{From: Running, Act: "report", By: stage.Applicant, To: Reported, Basis: "五(二) 限期整改"},
		{From: Running, Act: "miss", By: stage.Clock, To: Failed, Basis: "五(二)；制度:逾期不报视为效果不明显"},
		{From: Reported, Act: "verify", By: stage.Assessor, To: Verified, Basis: "五(二) 整改效果"},
		{From: Verified, Act: "pass", By: stage.Chair, To: Passed, Basis: "五(二) 整改效果"},
		{From: Verified, Act: "fail", By: stage.Chair, To: Failed, Basis: "五(二) 整改效果不明显"},
		{From: Ordered, Act: "end", By: stage.Clock, To: Ended, Basis: "制度:称号已因其他原因终止"},
		{From: Running, Act: "end", By: stage.Clock, To: Ended, Basis: "制度:称号已因其他原因终止"},
		{From: Reported, Act: "end", By: stage.Clock, To: Ended, Basis: "制度:称号已因其他原因终止"},
		{From: Verified, Act: "end", By: stage.Clock, To: Ended, Basis: "制度:称号已因其他原因终止"},
	},
	Ends: map[stage.State]bool{Passed: true, Failed: false, Ended: false},
	Words: map[string]string{
		"ordered": "已责令，待送达", "running": "整改中", "reported": "待验收", "verified": "待会议审定", "passed": "整改合格", "failed": "整改效果不明显", "ended": "已终止",
		"serve": "送达", "extend": "延长期限", "report": "提交整改报告", "miss": "逾期未报", "verify": "提交验收意见", "pass": "认定整改合格", "fail": "认定效果不明显", "end": "终止整改",
	},
}

// Rectification is one order to put things right.
type Rectification struct {
	ID           id.Rectification
	Programme    id.Programme
	Designation  id.Designation
	Organisation id.Organisation
	Recheck      id.Recheck // empty when another finding led to it
	State        stage.State
	Items        []Item
	OrderedAt    time.Time
	ServedOn     calendar.Date // starts the time
	Due          time.Time     // what is reported before this instant is in time
	DueOn        calendar.Date // its day, as the order prints it
	Extensions   []Extension
	ReportedAt   time.Time
	Evident      bool // what the verification says as a whole
	Opinion      string
	VerifiedBy   id.Account
	Reason       string // why it failed
	ConcludedAt  time.Time
	Version      int64
}

// Item is one thing to put right, what was done about it, and whether it shows.
type Item struct {
	Say     string `json:"say"`
	Done    string `json:"done,omitempty"`
	Evident bool   `json:"evident,omitempty"`
	Note    string `json:"note,omitempty"`
}

// Extension moves the due day, once by default.
type Extension struct {
	At     time.Time     `json:"at"`
	From   calendar.Date `json:"from"`
	To     calendar.Date `json:"to"`
	Reason string        `json:"reason"`
}

// Bounds: items of one order, and characters of one text.
const (
	mostItems = 50
	longest   = 5000
)

var (
	errItems = fault.Define(fault.Invalid, "rectification.order.items",
		"整改事项写1到50项，每项写明要改什么、改到什么程度。第%d项有误。", "五(二) 限期整改")
	errNotValid = fault.Define(fault.Refused, "rectification.order.not_valid",
		"只有有效的称号才能责令整改。", "五(二)")
	errServed = fault.Define(fault.Invalid, "rectification.serve.date",
		"送达日期不能早于作出日期%s，也不能晚于今天。", "五(二)")
	errExtended = fault.Define(fault.Refused, "rectification.extend.again",
		"期限最多延长%d次，已经用完。", "制度:整改期限可延长一次")
	errExtension = fault.Define(fault.Invalid, "rectification.extend.later",
		"新的截止日要晚于现在的截止日%s，最多再加一个整改期（不晚于%s）。", "制度:整改期限可延长一次")
	errReason = fault.Define(fault.Invalid, "rectification.reason",
		"写明理由，%d字以内。", "五(二)")
	errLate = fault.Define(fault.Refused, "rectification.report.late",
		"整改期限已在%s 24:00 届满，逾期不报视为整改效果不明显。", "五(二)")
	errDone = fault.Define(fault.Invalid, "rectification.report.item",
		"第%d项没有写整改情况，或超过5000字。逐项写明做了什么、证明在哪里。", "五(二)")
	errNotYet = fault.Define(fault.Refused, "rectification.miss.early",
		"整改期限到%s 24:00 才届满。", "五(二)")
	errOpinion = fault.Define(fault.Invalid, "rectification.verify.opinion",
		"验收意见没有填写，或超过5000字。写明看了什么、效果如何。", "五(二)")
	errMarks = fault.Define(fault.Invalid, "rectification.verify.items",
		"验收意见要逐项给出，共%d项；效果不明显的写明理由。", "五(二)")
	errUndecided = fault.Define(fault.Refused, "rectification.decide.no_decision",
		"整改是否合格由会议审定，请先列入会议并表决。", "五(二) 整改效果不明显的，撤销称号")
	errLives = fault.Define(fault.Refused, "rectification.end.still_valid",
		"称号仍然有效，整改不能终止。", "五(二)")
)

// Order returns a new order for a valid title.
func Order(rid id.Rectification, d designation.Designation, from id.Recheck, items []string, now time.Time) (Rectification, error) {
	if d.State != designation.Valid {
		return Rectification{}, errNotValid.New()
	}
	r := Rectification{
		ID: rid, Programme: d.Programme, Designation: d.ID, Organisation: d.Organisation,
		Recheck: from, State: Ordered, OrderedAt: now,
	}
	if len(items) == 0 || len(items) > mostItems {
		return Rectification{}, errItems.At("items", min(len(items)+1, mostItems+1))
	}
	for i, say := range items {
		if empty(say) || long(say) {
			return Rectification{}, errItems.At("items", i+1)
		}
		r.Items = append(r.Items, Item{Say: say})
	}
	return r, nil
}

// Term returns the last day of the time that starts when the order is served on
// a day. Natural days follow the Civil Code: the day of service does not count,
// and an end on a rest day moves to the next working day where the programme
// says so (facts.md §2.4, §2.5; art. 201, 203).
func Term(served calendar.Date, s programme.Rectification, c *calendar.Calendar) (last calendar.Date, provisional bool, err error) {
	if s.Working {
		p, err := c.AddWorkingDays(served, s.Days, false)
		return p.Last, p.Provisional, err
	}
	last = served.AddDays(s.Days)
	if !s.RollsOver {
		return last, false, nil
	}
	next, known := c.NextWorking(last)
	return next, !known, nil
}

// Serve starts the time on the day the holder received the order.
func (r *Rectification) Serve(by stage.Actor, on calendar.Date, s programme.Rectification, c *calendar.Calendar, now time.Time) (stage.Move, error) {
	m, err := Kind.Step(r.State, "serve", by.Role)
	if err != nil {
		return m, err
	}
	if ordered := calendar.DateOf(r.OrderedAt); on.Before(ordered) || on.After(calendar.DateOf(now)) {
		return m, errServed.At("served_on", ordered.Chinese())
	}
	last, _, err := Term(on, s, c)
	if err != nil {
		return m, err
	}
	r.State, r.ServedOn, r.DueOn, r.Due = m.To, on, last, last.End()
	return m, nil
}

// Extend moves the due day, as often as the programme allows, by at most one
// more term.
func (r *Rectification) Extend(by stage.Actor, to calendar.Date, reason string, s programme.Rectification, c *calendar.Calendar, now time.Time) (stage.Move, error) {
	m, err := Kind.Step(r.State, "extend", by.Role)
	if err != nil {
		return m, err
	}
	if len(r.Extensions) >= s.Extensions {
		return m, errExtended.New(s.Extensions)
	}
	if !now.Before(r.Due) {
		return m, errLate.New(r.DueOn.Chinese())
	}
	most, _, err := Term(r.DueOn, s, c)
	if err != nil {
		return m, err
	}
	if !to.After(r.DueOn) || to.After(most) {
		return m, errExtension.At("to", r.DueOn.Chinese(), most.Chinese())
	}
	if empty(reason) || long(reason) {
		return m, errReason.At("reason", longest)
	}
	r.Extensions = append(r.Extensions, Extension{At: now, From: r.DueOn, To: to, Reason: reason})
	r.State, r.DueOn, r.Due = m.To, to, to.End()
	return m, nil
}

// Report says item by item what was done. It comes before the due instant.
func (r *Rectification) Report(by stage.Actor, done []string, now time.Time) (stage.Move, error) {
	m, err := Kind.Step(r.State, "report", by.Role)
	if err != nil {
		return m, err
	}
	if by.Organisation != r.Organisation {
		return m, fault.Missing()
	}
	if !now.Before(r.Due) {
		return m, errLate.New(r.DueOn.Chinese())
	}
	items := append([]Item(nil), r.Items...)
	var wrong []*fault.Fault
	for i := range items {
		if i >= len(done) || empty(done[i]) || long(done[i]) {
			wrong = append(wrong, errDone.At(field(i), i+1))
			continue
		}
		items[i].Done = done[i]
	}
	if err := fault.All(wrong...); err != nil {
		return m, err
	}
	r.State, r.Items, r.ReportedAt = m.To, items, now
	return m, nil
}

// Miss fails a rectification whose time is over without a report (S71).
func (r *Rectification) Miss(by stage.Actor, now time.Time) (stage.Move, error) {
	m, err := Kind.Step(r.State, "miss", by.Role)
	if err != nil {
		return m, err
	}
	if now.Before(r.Due) {
		return m, errNotYet.New(r.DueOn.Chinese())
	}
	r.State, r.Reason, r.ConcludedAt = m.To, "逾期未提交整改报告", now
	return m, nil
}

// Verify says item by item whether the result shows. The whole is evident when
// every item is; what is not evident needs a note.
func (r *Rectification) Verify(by stage.Actor, marks []Item, opinion string, now time.Time) (stage.Move, error) {
	m, err := Kind.Step(r.State, "verify", by.Role)
	if err != nil {
		return m, err
	}
	if len(marks) != len(r.Items) {
		return m, errMarks.At("items", len(r.Items))
	}
	items, evident := append([]Item(nil), r.Items...), true
	var wrong []*fault.Fault
	for i, mark := range marks {
		if !mark.Evident && empty(mark.Note) || long(mark.Note) {
			wrong = append(wrong, errMarks.At(field(i), len(r.Items)))
		}
		items[i].Evident, items[i].Note = mark.Evident, mark.Note
		evident = evident && mark.Evident
	}
	if empty(opinion) || long(opinion) {
		wrong = append(wrong, errOpinion.At("opinion"))
	}
	if err := fault.All(wrong...); err != nil {
		return m, err
	}
	r.State, r.Items, r.Evident, r.Opinion, r.VerifiedBy = m.To, items, evident, opinion, by.Account
	return m, nil
}

// Decide carries out what the committee decided: passed, or failed with a
// reason. Without its decision there is none, because whether an effect shows
// is a judgement (S71).
func (r *Rectification) Decide(by stage.Actor, decision id.Item, passed bool, reason string, now time.Time) (stage.Move, error) {
	act := "pass"
	if !passed {
		act = "fail"
	}
	m, err := Kind.Step(r.State, act, by.Role)
	if err != nil {
		return m, err
	}
	if decision == "" {
		return m, errUndecided.New()
	}
	r.State, r.Reason, r.ConcludedAt = m.To, reason, now
	return m, nil
}

// End closes a rectification whose title ended in another way.
func (r *Rectification) End(by stage.Actor, d designation.Designation, now time.Time) (stage.Move, error) {
	m, err := Kind.Step(r.State, "end", by.Role)
	if err != nil {
		return m, err
	}
	if d.State == designation.Valid || d.State == designation.Rectifying {
		return m, errLives.New()
	}
	r.State, r.ConcludedAt = m.To, now
	return m, nil
}
