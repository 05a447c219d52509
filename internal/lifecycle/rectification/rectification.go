package rectification

import (
	"slices"
	"time"

	"shifan/internal/calendar"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/designation"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/recheck"
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
		{From: Ordered, Act: "assign", By: stage.Clerk, To: Ordered, Basis: "五(二) 整改效果；制度:验收人员由办公室指定"},
		{From: Running, Act: "assign", By: stage.Clerk, To: Running, Basis: "五(二) 整改效果；制度:验收人员由办公室指定"},
		{From: Reported, Act: "assign", By: stage.Clerk, To: Reported, Basis: "五(二) 整改效果；制度:验收人员由办公室指定"},
		{From: Running, Act: "extend", By: stage.Director, To: Running, Basis: "制度:整改期限可延长一次"},
		{From: Running, Act: "answer", By: stage.Applicant, To: Running, Basis: "五(二) 限期整改"},
		{From: Running, Act: "attach", By: stage.Applicant, To: Running, Basis: "五(二) 限期整改"},
		{From: Running, Act: "detach", By: stage.Applicant, To: Running, Basis: "五(二) 限期整改"},
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
		"order": "责令整改", "serve": "送达", "assign": "指定验收人员", "answer": "填写整改情况", "attach": "上传佐证文件", "detach": "移除佐证文件", "extend": "延长期限", "report": "提交整改报告", "miss": "逾期未报", "verify": "提交验收意见", "pass": "认定整改合格", "fail": "认定效果不明显", "end": "终止整改",
	},
}

// Rectification is one order to put things right.
type Rectification struct {
	ID              id.Rectification
	Programme       id.Programme
	Designation     id.Designation
	Organisation    id.Organisation
	Recheck         id.Recheck // empty when another finding led to it
	State           stage.State
	Terms           programme.Rectification // the programme's settings when it was ordered
	Items           []Item
	Assessors       []id.Account // who verifies; those of the recheck unless the office names others
	OrderedAt       time.Time
	ServedOn        calendar.Date // starts the time
	Due             time.Time     // what is reported before this instant is in time
	DueOn           calendar.Date // its day, as the order prints it
	Provisional     bool          // the year of DueOn had no arrangement yet
	CalendarVersion string        // that DueOn was computed with
	Extensions      []Extension
	ReportedAt      time.Time
	Method          string // site or desk: how it was verified
	Evident         bool   // what the verification says as a whole
	Opinion         string
	VerifiedBy      id.Account
	VerifiedAt      time.Time
	Decision        id.Item // of the committee; empty when the time passed without a report
	Reason          string  // why it failed
	ConcludedAt     time.Time
	Version         int64
}

// Item is one thing to put right, what was done about it, and whether it shows.
type Item struct {
	Say      string    `json:"say"`
	Done     string    `json:"done,omitempty"`
	Evidence string    `json:"evidence,omitempty"` // what shows it, described; may be empty where files do
	Files    []id.File `json:"files,omitempty"`    // what shows it, uploaded, the first put there first
	Evident  bool      `json:"evident,omitempty"`  // put right (已整改), says whoever verified
	Note     string    `json:"note,omitempty"`
}

// The ways in which a rectification is verified.
const (
	OnSite = "site"
	AtDesk = "desk"
)

// Methods lists them with how people read them.
var Methods = map[string]string{OnSite: "现场验收", AtDesk: "书面验收"}

// Extension moves the due day, once by default.
type Extension struct {
	At     time.Time     `json:"at"`
	From   calendar.Date `json:"from"`
	To     calendar.Date `json:"to"`
	Reason string        `json:"reason"`
}

// Bounds: items of one order, and 字 of one text.
const (
	MostItems = 50
	Longest   = 5000
)

var (
	errItems = fault.Define(fault.Invalid, "rectification.order.items",
		"整改事项写1到50项，每项写明要改什么、改到什么程度。第%d项有误。", "五(二) 限期整改")
	errOrderer = fault.Define(fault.Forbidden, "rectification.order.role",
		"责令整改由主任委员作出，%s不能作出。", "五(二) 限期整改")
	errNotSlipped = fault.Define(fault.Refused, "rectification.order.recheck",
		"这次复查没有认定标准下降，不能据此责令整改。", "五(二) 工作退步、标准下降")
	errOrdered = fault.Define(fault.Refused, "rectification.order.twice",
		"已经根据这次复查责令过整改。", "五(二) 限期整改")
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
		"第%d项的整改情况没有写，或超过5000字。写明做了什么、结果怎样。", "五(二)")
	errEvidence = fault.Define(fault.Invalid, "rectification.report.evidence",
		"第%d项没有上传佐证文件，也没有写佐证材料，或写的超过5000字。上传文件，或者写明有哪些材料能够证明，没有的写“无”。", "五(二)")
	errNoItem = fault.Define(fault.Invalid, "rectification.answer.item",
		"没有第%d项，整改事项共%d项。", "五(二)")
	errNotAssigned = fault.Define(fault.Refused, "rectification.verify.not_assigned",
		"这次整改没有指定由本人验收，验收意见应由指定的验收人员提交。", "五(二)")
	errMethod = fault.Define(fault.Invalid, "rectification.verify.method",
		"没有选验收方式。选现场验收或书面验收。", "五(二)")
	errNotYet = fault.Define(fault.Refused, "rectification.miss.early",
		"整改期限到%s 24:00 才届满。", "五(二)")
	errOpinion = fault.Define(fault.Invalid, "rectification.verify.opinion",
		"验收意见没有填写，或超过5000字。写明看了什么、效果如何。", "五(二)")
	errMarks = fault.Define(fault.Invalid, "rectification.verify.items",
		"验收意见要逐项给出，共%d项；未整改的写明理由。", "五(二)")
	errUndecided = fault.Define(fault.Refused, "rectification.decide.no_decision",
		"整改是否合格由会议审定，请先列入会议并表决。", "五(二) 整改效果不明显的，撤销称号")
	errLives = fault.Define(fault.Refused, "rectification.end.still_valid",
		"称号仍然有效，整改不能终止。", "五(二)")
)

// Grounds is what an order rests on: a recheck that found the standard slipped,
// or nothing but the title where another finding led to it.
type Grounds struct {
	Title   designation.Designation
	Recheck *recheck.Recheck // nil when another finding led to it
	Ordered bool             // an order rests on that recheck already
	Terms   programme.Rectification
}

// Order returns a new order for a valid title (S70).
func Order(by stage.Actor, rid id.Rectification, g Grounds, items []string, now time.Time) (Rectification, stage.Move, error) {
	m := stage.Move{Act: "order", By: by.Role, To: Ordered, Basis: "五(二) 限期整改"}
	switch {
	case by.Role != stage.Chair:
		return Rectification{}, m, errOrderer.New(by.Role.Word())
	case g.Title.State != designation.Valid:
		return Rectification{}, m, errNotValid.New()
	case g.Recheck != nil && (g.Recheck.State != recheck.Slipped || g.Recheck.Designation != g.Title.ID):
		return Rectification{}, m, errNotSlipped.New()
	case g.Ordered:
		return Rectification{}, m, errOrdered.New()
	}
	r := Rectification{
		ID: rid, Programme: g.Title.Programme, Designation: g.Title.ID, Organisation: g.Title.Organisation,
		State: Ordered, Terms: g.Terms, OrderedAt: now,
	}
	if g.Recheck != nil {
		r.Recheck, r.Assessors = g.Recheck.ID, slices.Clone(g.Recheck.Assessors)
	}
	if len(items) == 0 || len(items) > MostItems {
		return Rectification{}, m, errItems.At("items", min(len(items)+1, MostItems+1))
	}
	for i, say := range items {
		if empty(say) || long(say) {
			return Rectification{}, m, errItems.At("items", i+1)
		}
		r.Items = append(r.Items, Item{Say: say})
	}
	return r, m, nil
}

// Limit is a time to put right, counted out.
type Limit struct {
	From        calendar.Date  // the day of service, which does not count
	Counted     calendar.Date  // where the days or months end
	Last        calendar.Date  // the last day; later than Counted when that is a rest day and the end rolls over
	Days        []calendar.Day // of a limit in working days: every day of it
	Provisional bool           // a year in it has no arrangement yet
	Version     string         // of the calendar
}

// Term counts the time that starts when the order is served on a day. Natural
// days and months follow the Civil Code: the day of service does not count, and
// an end on a rest day moves to the next working day where the programme says so
// (facts.md §2.4, §2.5; art. 201 to 203).
func Term(served calendar.Date, s programme.Rectification, c *calendar.Calendar) (Limit, error) {
	l := Limit{From: served, Version: c.Version()}
	switch {
	case s.Months > 0:
		l.Counted = served.AddMonths(s.Months)
	case s.Working:
		p, err := c.AddWorkingDays(served, s.Days, false)
		l.Counted, l.Last, l.Days, l.Provisional = p.Last, p.Last, p.Days, p.Provisional
		return l, err
	default:
		l.Counted = served.AddDays(s.Days)
	}
	l.Last = l.Counted
	if s.RollsOver {
		next, known := c.NextWorking(l.Counted)
		l.Last, l.Provisional = next, !known
	}
	return l, nil
}

// Assign names who verifies.
func (r *Rectification) Assign(by stage.Actor, chosen []id.Account, pool []recheck.Candidate) (stage.Move, error) {
	m, err := Kind.Step(r.State, "assign", by.Role)
	if err != nil {
		return m, err
	}
	who, err := recheck.Choose(chosen, pool)
	if err != nil {
		return m, err
	}
	r.State, r.Assessors = m.To, who
	return m, nil
}

// Serve starts the time on the day the holder received the order.
func (r *Rectification) Serve(by stage.Actor, on calendar.Date, c *calendar.Calendar, now time.Time) (stage.Move, error) {
	m, err := Kind.Step(r.State, "serve", by.Role)
	if err != nil {
		return m, err
	}
	if ordered := calendar.DateOf(r.OrderedAt); on.Before(ordered) || on.After(calendar.DateOf(now)) {
		return m, errServed.At("served_on", ordered.Chinese())
	}
	l, err := Term(on, r.Terms, c)
	if err != nil {
		return m, err
	}
	r.State, r.ServedOn, r.DueOn, r.Due = m.To, on, l.Last, l.Last.End()
	r.Provisional, r.CalendarVersion = l.Provisional, l.Version
	return m, nil
}

// Extend moves the due day, as often as the programme allows, by at most one
// more term.
func (r *Rectification) Extend(by stage.Actor, to calendar.Date, reason string, c *calendar.Calendar, now time.Time) (stage.Move, error) {
	m, err := Kind.Step(r.State, "extend", by.Role)
	if err != nil {
		return m, err
	}
	if len(r.Extensions) >= r.Terms.Extensions {
		return m, errExtended.New(r.Terms.Extensions)
	}
	if !now.Before(r.Due) {
		return m, errLate.New(r.DueOn.Chinese())
	}
	most, err := Term(r.DueOn, r.Terms, c)
	if err != nil {
		return m, err
	}
	var wrong []*fault.Fault
	if !to.After(r.DueOn) || to.After(most.Last) {
		wrong = append(wrong, errExtension.At("to", r.DueOn.Chinese(), most.Last.Chinese()))
	}
	if empty(reason) || long(reason) {
		wrong = append(wrong, errReason.At("reason", Longest))
	}
	if err := fault.All(wrong...); err != nil {
		return m, err
	}
	r.Extensions = append(r.Extensions, Extension{At: now, From: r.DueOn, To: to, Reason: reason})
	r.State, r.DueOn, r.Due, r.Provisional = m.To, to, to.End(), most.Provisional
	return m, nil
}

// Answer keeps what was done about the n-th item, counted from 1, and what shows
// it. It may be given again until the report is in. What shows it may be left to
// files; Report asks for one or the other.
func (r *Rectification) Answer(by stage.Actor, n int, done, evidence string, now time.Time) (stage.Move, error) {
	m, err := r.files("answer", by, now)
	if err != nil {
		return m, err
	}
	if n < 1 || n > len(r.Items) {
		return m, errNoItem.New(n, len(r.Items))
	}
	i := r.Items[n-1]
	i.Done, i.Evidence = done, evidence
	var wrong []*fault.Fault
	if empty(done) || long(done) {
		wrong = append(wrong, errDone.At("done", n))
	}
	if long(evidence) {
		wrong = append(wrong, errEvidence.At("evidence", n))
	}
	if err := fault.All(wrong...); err != nil {
		return m, err
	}
	r.Items = slices.Clone(r.Items)
	r.State, r.Items[n-1] = m.To, i
	return m, nil
}

// Report sends the answers to all items. It comes before the due instant.
func (r *Rectification) Report(by stage.Actor, now time.Time) (stage.Move, error) {
	m, err := r.files("report", by, now)
	if err != nil {
		return m, err
	}
	var wrong []*fault.Fault
	for n, i := range r.Items {
		switch {
		case empty(i.Done):
			wrong = append(wrong, errDone.At(field(n), n+1))
		case !i.Answered():
			wrong = append(wrong, errEvidence.At(field(n), n+1))
		}
	}
	if err := fault.All(wrong...); err != nil {
		return m, err
	}
	r.State, r.ReportedAt = m.To, now
	return m, nil
}

// files asks whether the actor may still file something.
func (r *Rectification) files(act string, by stage.Actor, now time.Time) (stage.Move, error) {
	m, err := Kind.Step(r.State, act, by.Role)
	switch {
	case by.Role == stage.Applicant && by.Organisation != r.Organisation:
		return m, fault.Missing()
	case err != nil:
		return m, err
	case !now.Before(r.Due):
		return m, errLate.New(r.DueOn.Chinese())
	}
	return m, nil
}

// Answered reports whether the holder has answered the item: what was done, and what
// shows it.
func (i Item) Answered() bool { return !empty(i.Done) && (!empty(i.Evidence) || len(i.Files) > 0) }

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
func (r *Rectification) Verify(by stage.Actor, method string, marks []Item, opinion string, now time.Time) (stage.Move, error) {
	m, err := Kind.Step(r.State, "verify", by.Role)
	if err != nil {
		return m, err
	}
	if !slices.Contains(r.Assessors, by.Account) {
		return m, errNotAssigned.New()
	}
	if len(marks) != len(r.Items) {
		return m, errMarks.At("items", len(r.Items))
	}
	items, evident := slices.Clone(r.Items), true
	var wrong []*fault.Fault
	if Methods[method] == "" {
		wrong = append(wrong, errMethod.At("method"))
	}
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
	r.State, r.Items, r.Method, r.Evident = m.To, items, method, evident
	r.Opinion, r.VerifiedBy, r.VerifiedAt = opinion, by.Account, now
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
	r.State, r.Decision, r.Reason, r.ConcludedAt = m.To, decision, reason, now
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
