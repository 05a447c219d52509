package revocation

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"shifan/internal/calendar"
	"shifan/internal/chars"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/designation"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/stage"
)

// The states of a revocation.
const (
	Proposed   stage.State = "proposed"   // a ground is stated
	Notified   stage.State = "notified"   // the holder knows and may speak
	Heard      stage.State = "heard"      // it spoke, or its time passed
	Revoked    stage.State = "revoked"    // decided; an appeal is open
	Kept       stage.State = "kept"       // decided not to revoke
	Appealed   stage.State = "appealed"   // the holder appealed in time
	Reinstated stage.State = "reinstated" // the appeal succeeded
	Final      stage.State = "final"      // no appeal came, or it failed
	Ended      stage.State = "ended"      // the title ended in another way first
)

// Kind is the revocation's machine.
var Kind = stage.Kind{
	Name: "revocation", Label: "撤销", Start: Proposed,
	Moves: []stage.Move{
		{From: Proposed, Act: "notify", By: stage.Clerk, To: Notified, Basis: "制度:撤销前告知并听取陈述申辩"},
		{From: Notified, Act: "state", By: stage.Applicant, To: Heard, Basis: "制度:陈述申辩"},
		{From: Notified, Act: "close_hearing", By: stage.Clock, To: Heard, Basis: "制度:陈述申辩期满"},
		{From: Heard, Act: "revoke", By: stage.Chair, To: Revoked, Basis: "五(二) 整改效果不明显的，撤销称号；五(一) 实事求是"},
		{From: Heard, Act: "keep", By: stage.Chair, To: Kept, Basis: "五(二) 从严从实审核把关"},
		{From: Revoked, Act: "appeal", By: stage.Applicant, To: Appealed, Basis: "制度:申诉"},
		{From: Revoked, Act: "finalise", By: stage.Clock, To: Final, Basis: "制度:申诉期满"},
		{From: Appealed, Act: "reinstate", By: stage.Chair, To: Reinstated, Basis: "制度:申诉成立恢复称号"},
		{From: Appealed, Act: "uphold", By: stage.Chair, To: Final, Basis: "制度:申诉不成立"},
		{From: Proposed, Act: "end", By: stage.Clock, To: Ended, Basis: "制度:称号已因其他原因终止"},
		{From: Notified, Act: "end", By: stage.Clock, To: Ended, Basis: "制度:称号已因其他原因终止"},
		{From: Heard, Act: "end", By: stage.Clock, To: Ended, Basis: "制度:称号已因其他原因终止"},
	},
	Ends: map[stage.State]bool{Kept: true, Reinstated: true, Final: false, Ended: false},
	Words: map[string]string{
		"proposed": "拟撤销", "notified": "已告知，听取陈述申辩", "heard": "待会议审定", "revoked": "已撤销，可申诉", "kept": "不予撤销",
		"appealed": "申诉中", "reinstated": "已恢复称号", "final": "撤销生效", "ended": "已终止",
		"propose": "拟撤销称号", "notify": "告知", "state": "陈述申辩", "close_hearing": "陈述申辩期满", "revoke": "决定撤销", "keep": "决定不予撤销", "appeal": "提出申诉",
		"finalise": "申诉期满", "reinstate": "恢复称号", "uphold": "维持撤销", "end": "终止",
	},
}

// The grounds on which a title may be withdrawn.
const (
	Rectification = "rectification" // 整改效果不明显 (S71)
	Untrue        = "untrue"        // what was stated was found untrue (S64)
	Ineligible    = "ineligible"    // a red line was crossed while holding the title (S66)
)

// Grounds lists the grounds with how people read them.
var Grounds = map[string]string{
	Rectification: "整改效果不明显", Untrue: "申报材料不实", Ineligible: "出现红线情形",
}

// Revocation is one proceeding to withdraw a title.
type Revocation struct {
	ID              id.Revocation
	Programme       id.Programme
	Designation     id.Designation
	Organisation    id.Organisation
	Rectification   id.Rectification // for the ground of that name
	State           stage.State
	Ground          string
	Facts           string // what was found, as the notice prints it
	ProposedAt      time.Time
	ProposedBy      id.Account
	NotifiedOn      calendar.Date
	HearingEnds     time.Time
	HearingLast     calendar.Date
	Provisional     bool   // the year of HearingLast had no arrangement yet
	CalendarVersion string // that HearingLast was computed with
	Statement       string // what the holder says; empty when it let the time pass
	HeardAt         time.Time
	Decision        id.Item
	Reason          string // why it was decided so
	DecidedOn       calendar.Date
	AppealEnds      time.Time
	AppealLast      calendar.Date
	Appeal          string
	AppealedAt      time.Time
	AppealItem      id.Item
	AppealReason    string        // why the appeal was decided so
	BarredUntil     calendar.Date // may not apply again before; zero: no bar, or not revoked
	ClosedAt        time.Time
	Version         int64
}

// Longest is the longest text of a proceeding, in 字.
const Longest = 5000

var (
	errNotLive = fault.Define(fault.Refused, "revocation.propose.not_valid",
		"称号已不在有效或整改状态，没有可撤销的称号。", "五(二) 撤销称号")
	errProposer = fault.Define(fault.Forbidden, "revocation.propose.role",
		"撤销由办公室经办人提出，%s不能提出。", "五(二) 撤销称号")
	errOpenAlready = fault.Define(fault.Refused, "revocation.propose.open",
		"对这个称号已有一件撤销正在办理，不能再提出。", "五(二) 撤销称号")
	errGround = fault.Define(fault.Invalid, "revocation.propose.ground",
		"选定撤销的理由：整改效果不明显、申报材料不实或出现红线情形。", "五(二)；五(一)")
	errFacts = fault.Define(fault.Invalid, "revocation.propose.facts",
		"写明查实的情况，5000字以内。告知书会原样写出。", "五(二)")
	errNotFailed = fault.Define(fault.Refused, "revocation.propose.not_failed",
		"整改还没有认定为效果不明显，不能以此为由撤销。", "五(二) 整改效果不明显的，撤销称号")
	errServed = fault.Define(fault.Invalid, "revocation.notify.date",
		"告知日期不能早于提出日期，也不能晚于今天。", "制度:撤销前告知并听取陈述申辩")
	errStatement = fault.Define(fault.Invalid, "revocation.statement",
		"陈述申辩没有填写，或超过5000字。没有意见可以写“无”。", "制度:陈述申辩")
	errClosed = fault.Define(fault.Refused, "revocation.state.late",
		"陈述申辩期已在%s 24:00 届满。", "制度:陈述申辩")
	errOpen = fault.Define(fault.Refused, "revocation.close_hearing.early",
		"陈述申辩期到%s 24:00 才届满。", "制度:陈述申辩")
	errUndecided = fault.Define(fault.Refused, "revocation.decide.no_decision",
		"撤销称号由会议审定，请先列入会议并表决。", "五(二)；办法(四)")
	errAppeal = fault.Define(fault.Invalid, "revocation.appeal.text",
		"申诉理由没有填写，或超过5000字。", "制度:申诉")
	errNoAppeal = fault.Define(fault.Refused, "revocation.appeal.none",
		"方案没有设申诉，撤销决定作出即生效。不服决定的，依法另行寻求救济。", "方案设定的申诉期限")
	errAppealLate = fault.Define(fault.Refused, "revocation.appeal.late",
		"申诉期已在%s 24:00 届满，撤销决定已生效。", "制度:申诉")
	errAppealOpen = fault.Define(fault.Refused, "revocation.finalise.early",
		"申诉期到%s 24:00 才届满。", "制度:申诉")
	errLives = fault.Define(fault.Refused, "revocation.end.still_valid",
		"称号仍然有效，撤销程序不能终止。", "五(二)")
)

// live reports whether a title is there to be withdrawn.
func live(d designation.Designation) bool {
	return d.State == designation.Valid || d.State == designation.Rectifying
}

// Case is what a proposal rests on.
type Case struct {
	Title         designation.Designation
	Ground        string           // a key of Grounds
	Facts         string           // what was found, as the notice prints it
	Rectification id.Rectification // for the ground of that name
	Failed        bool             // that rectification failed
	Open          bool             // another proceeding about the title is open
}

// Propose returns a new proceeding. The clock proposes it when a rectification
// failed (S71), the office for every ground.
func Propose(by stage.Actor, rid id.Revocation, c Case, now time.Time) (Revocation, stage.Move, error) {
	m := stage.Move{Act: "propose", By: by.Role, To: Proposed, Basis: "五(二) 整改效果不明显的，撤销称号"}
	if c.Ground == Untrue {
		m.Basis = "五(一) 实事求是"
	}
	switch {
	case by.Role != stage.Clerk && (by.Role != stage.Clock || c.Ground != Rectification):
		return Revocation{}, m, errProposer.New(by.Role.Word())
	case !live(c.Title):
		return Revocation{}, m, errNotLive.New()
	case c.Open:
		return Revocation{}, m, errOpenAlready.New()
	}
	var faults []*fault.Fault
	if Grounds[c.Ground] == "" {
		faults = append(faults, errGround.At("ground"))
	}
	if wrong(c.Facts) {
		faults = append(faults, errFacts.At("facts"))
	}
	if err := fault.All(faults...); err != nil {
		return Revocation{}, m, err
	}
	if c.Ground == Rectification && !c.Failed {
		return Revocation{}, m, errNotFailed.New()
	}
	return Revocation{
		ID: rid, Programme: c.Title.Programme, Designation: c.Title.ID, Organisation: c.Title.Organisation, Rectification: c.Rectification,
		State: Proposed, Ground: c.Ground, Facts: c.Facts, ProposedAt: now, ProposedBy: by.Account,
	}, m, nil
}

// Open reports whether the proceeding is not over.
func (r *Revocation) Open() bool {
	_, over := Kind.Ends[r.State]
	return !over
}

// Stands reports whether the proceeding took the title away, final or not.
func (r *Revocation) Stands() bool {
	return slices.Contains([]stage.State{Revoked, Appealed, Final}, r.State)
}

// Notify records that the notice was served, and opens the time to be heard in
// working days.
func (r *Revocation) Notify(by stage.Actor, on calendar.Date, s programme.Revocation, c *calendar.Calendar, now time.Time) (stage.Move, error) {
	m, err := Kind.Step(r.State, "notify", by.Role)
	if err != nil {
		return m, err
	}
	if on.Before(calendar.DateOf(r.ProposedAt)) || on.After(calendar.DateOf(now)) {
		return m, errServed.At("notified_on")
	}
	p, err := c.AddWorkingDays(on, s.HearingDays, false)
	if err != nil {
		return m, err
	}
	r.State, r.NotifiedOn, r.HearingLast, r.HearingEnds = m.To, on, p.Last, p.Last.End()
	r.Provisional, r.CalendarVersion = p.Provisional, p.Version
	return m, nil
}

// Speak gives the holder's statement. It closes the hearing.
func (r *Revocation) Speak(by stage.Actor, statement string, now time.Time) (stage.Move, error) {
	m, err := Kind.Step(r.State, "state", by.Role)
	if err != nil {
		return m, err
	}
	if by.Organisation != r.Organisation {
		return m, fault.Missing()
	}
	if !now.Before(r.HearingEnds) {
		return m, errClosed.New(r.HearingLast.Chinese())
	}
	if wrong(statement) {
		return m, errStatement.At("statement")
	}
	r.State, r.Statement, r.HeardAt = m.To, statement, now
	return m, nil
}

// CloseHearing ends a hearing whose time passed.
func (r *Revocation) CloseHearing(by stage.Actor, now time.Time) (stage.Move, error) {
	m, err := Kind.Step(r.State, "close_hearing", by.Role)
	if err != nil {
		return m, err
	}
	if now.Before(r.HearingEnds) {
		return m, errOpen.New(r.HearingLast.Chinese())
	}
	r.State, r.HeardAt = m.To, now
	return m, nil
}

// Decide carries out the committee's decision. A revocation opens the time to
// appeal and bars the holder from applying for the months that the programme says
// (S72). The time to appeal is natural days; an end on a rest day moves to the next
// working day (Civil Code art. 203).
func (r *Revocation) Decide(by stage.Actor, decision id.Item, revoke bool, reason string, p *programme.Programme, c *calendar.Calendar, now time.Time) (stage.Move, error) {
	act := "revoke"
	if !revoke {
		act = "keep"
	}
	m, err := Kind.Step(r.State, act, by.Role)
	if err != nil {
		return m, err
	}
	if decision == "" {
		return m, errUndecided.New()
	}
	today := calendar.DateOf(now)
	r.State, r.Decision, r.Reason, r.DecidedOn = m.To, decision, reason, today
	if !revoke {
		r.ClosedAt = now
		return m, nil
	}
	r.AppealEnds = now // where the programme knows no appeal
	if p.Revocation.AppealDays > 0 {
		r.AppealLast, _ = c.NextWorking(today.AddDays(p.Revocation.AppealDays))
		r.AppealEnds = r.AppealLast.End()
	}
	if p.Applicants.BarMonths > 0 {
		r.BarredUntil = today.AddMonths(p.Applicants.BarMonths)
	}
	return m, nil
}

// Contest appeals against the decision, before the time to appeal ends.
func (r *Revocation) Contest(by stage.Actor, grounds string, now time.Time) (stage.Move, error) {
	m, err := Kind.Step(r.State, "appeal", by.Role)
	if err != nil {
		return m, err
	}
	if by.Organisation != r.Organisation {
		return m, fault.Missing()
	}
	if r.AppealLast.IsZero() {
		return m, errNoAppeal.New()
	}
	if !now.Before(r.AppealEnds) {
		return m, errAppealLate.New(r.AppealLast.Chinese())
	}
	if wrong(grounds) {
		return m, errAppeal.At("appeal")
	}
	r.State, r.Appeal, r.AppealedAt = m.To, grounds, now
	return m, nil
}

// Finalise makes a decision final when no appeal came.
func (r *Revocation) Finalise(by stage.Actor, now time.Time) (stage.Move, error) {
	m, err := Kind.Step(r.State, "finalise", by.Role)
	if err != nil {
		return m, err
	}
	if now.Before(r.AppealEnds) {
		return m, errAppealOpen.New(r.AppealLast.Chinese())
	}
	r.State, r.ClosedAt = m.To, now
	return m, nil
}

// Settle carries out the committee's decision on the appeal. A title that is
// given back knows no bar.
func (r *Revocation) Settle(by stage.Actor, decision id.Item, reinstate bool, reason string, now time.Time) (stage.Move, error) {
	act := "reinstate"
	if !reinstate {
		act = "uphold"
	}
	m, err := Kind.Step(r.State, act, by.Role)
	if err != nil {
		return m, err
	}
	if decision == "" {
		return m, errUndecided.New()
	}
	r.State, r.AppealItem, r.AppealReason, r.ClosedAt = m.To, decision, reason, now
	if reinstate {
		r.BarredUntil = calendar.Date{}
	}
	return m, nil
}

// End closes a proceeding whose title ended in another way before it was
// decided.
func (r *Revocation) End(by stage.Actor, d designation.Designation, now time.Time) (stage.Move, error) {
	m, err := Kind.Step(r.State, "end", by.Role)
	if err != nil {
		return m, err
	}
	if live(d) {
		return m, errLives.New()
	}
	r.State, r.ClosedAt = m.To, now
	return m, nil
}

// wrong reports whether a text that must be there is missing, too long, or cannot
// be kept at all.
func wrong(text string) bool {
	return strings.TrimSpace(text) == "" || chars.Count(text) > Longest || len(text) > 20*Longest ||
		!utf8.ValidString(text) || strings.ContainsRune(text, 0)
}
