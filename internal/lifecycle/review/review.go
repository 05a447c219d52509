package review

import (
	"time"

	"shifan/internal/calendar"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/application"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/score"
	"shifan/internal/lifecycle/stage"
)

// The states of a review.
const (
	Open      stage.State = "open"      // being examined, or waiting for a reviewer
	Drafted   stage.State = "drafted"   // the reviewer is done; a second person looks
	Confirmed stage.State = "confirmed" // confirmed; the application goes on with its opinion
	Ended     stage.State = "ended"     // the application left the stage without an opinion
)

// Kind is the review's machine.
var Kind = stage.Kind{
	Name: "review", Label: "初审", Start: Open,
	Moves: []stage.Move{
		{From: Open, Act: "assign", By: stage.Clerk, To: Open, Basis: "办法(二) 对申报材料进行初审"},
		{From: Open, Act: "assign", By: stage.Director, To: Open, Basis: "办法(二) 对申报材料进行初审"},
		{From: Open, Act: "save", By: stage.Clerk, To: Open, Basis: "办法(二) 对申报材料进行初审"},
		{From: Open, Act: "draft", By: stage.Clerk, To: Drafted, Basis: "办法(二) 对申报材料进行初审"},
		{From: Open, Act: "declare", By: stage.Clerk, To: Open, Basis: "制度:回避"},
		{From: Open, Act: "declare", By: stage.Director, To: Open, Basis: "制度:回避"},
		{From: Drafted, Act: "declare", By: stage.Clerk, To: Drafted, Basis: "制度:回避"},
		{From: Drafted, Act: "declare", By: stage.Director, To: Drafted, Basis: "制度:回避"},
		{From: Drafted, Act: "step_aside", By: stage.Clerk, To: Open, Basis: "制度:回避"},
		{From: Drafted, Act: "send_back", By: stage.Clerk, To: Open, Basis: "五(二) 从严从实审核把关"},
		{From: Drafted, Act: "send_back", By: stage.Director, To: Open, Basis: "五(二) 从严从实审核把关"},
		{From: Drafted, Act: "confirm", By: stage.Clerk, To: Confirmed, Basis: "办法(二) 提交初审情况；五(二) 从严从实审核把关"},
		{From: Drafted, Act: "confirm", By: stage.Director, To: Confirmed, Basis: "办法(二) 提交初审情况；五(二) 从严从实审核把关"},
		{From: Open, Act: "annotate", By: stage.Clerk, To: Open, Basis: "办法(二) 对申报材料进行初审"},
		{From: Open, Act: "annotate", By: stage.Director, To: Open, Basis: "五(二) 从严从实审核把关"},
		{From: Drafted, Act: "annotate", By: stage.Clerk, To: Drafted, Basis: "五(二) 从严从实审核把关"},
		{From: Drafted, Act: "annotate", By: stage.Director, To: Drafted, Basis: "五(二) 从严从实审核把关"},
		{From: Open, Act: "settle", By: stage.Clerk, To: Open, Basis: "办法(二) 对申报材料进行初审"},
		{From: Open, Act: "settle", By: stage.Director, To: Open, Basis: "五(二) 从严从实审核把关"},
		{From: Drafted, Act: "settle", By: stage.Clerk, To: Drafted, Basis: "五(二) 从严从实审核把关"},
		{From: Drafted, Act: "settle", By: stage.Director, To: Drafted, Basis: "五(二) 从严从实审核把关"},
		{From: Open, Act: "end", By: stage.Clock, To: Ended, Basis: "制度:申报终止的不再初审"},
		{From: Drafted, Act: "end", By: stage.Clock, To: Ended, Basis: "制度:申报终止的不再初审"},
	},
	Ends: map[stage.State]bool{Confirmed: true, Ended: false},
	Words: map[string]string{
		"open": "初审中", "drafted": "待复核", "confirmed": "已初审", "ended": "已终止",
		"begin": "转入初审", "assign": "指定初审人", "save": "暂存初审意见", "draft": "提交复核", "declare": "声明回避", "step_aside": "声明回避并退出初审", "send_back": "退回修改", "confirm": "确认初审意见", "annotate": "写批注", "settle": "办结批注", "end": "终止初审",
	},
}

// Review is the office's examination of one application.
type Review struct {
	ID              id.Review
	Programme       id.Programme
	Round           id.Round
	Application     id.Application
	Organisation    id.Organisation
	State           stage.State
	Reviewer        id.Account // empty until somebody takes it or is assigned
	DueOn           calendar.Date
	Provisional     bool               // DueOn touches a year without an arrangement
	CalendarVersion string             // the calendar that DueOn was computed with
	Findings        map[string]Finding // by indicator code
	Recommendation  string             // a key of Recommendations; empty while open
	Opinion         string             // the overall opinion
	Remark          string             // why the second person sent it back, the last time
	Returned        int                // how often it was sent back
	Confirmer       id.Account
	OpenedAt        time.Time
	DraftedAt       time.Time
	EndedAt         time.Time // confirmed or ended
	Version         int64
}

// Recommendations lists what a review may recommend, with how people read it.
// There is no rejection among them: all reach the committee (S46).
var Recommendations = map[string]string{"recommend": "建议列入", "not_recommend": "不建议列入", "doubtful": "存疑"}

var (
	errNotReviewer = fault.Define(fault.Refused, "review.draft.other",
		"这一件已指定由他人初审。需要换人的，由办公室重新指定。", "办法(二)")
	errSamePerson = fault.Define(fault.Refused, "review.confirm.same_person",
		"初审意见由本人提交，须由另一人复核。", "五(二) 从严从实审核把关")
	errAssignee = fault.Define(fault.Invalid, "review.assign.reviewer",
		"选一名办公室经办人。停用的账号和其他角色不能初审。", "办法(二)")
)

// Opened returns the review that begins when an application was accepted. It is
// due some working days after the round's deadline (办法(二)). Reviewer is the
// clerk chosen by Balanced, or nobody.
func Opened(a application.Application, s programme.Review, last calendar.Date, c *calendar.Calendar, reviewer id.Account, now time.Time) Review {
	r := Review{
		Programme: a.Programme, Round: a.Round, Application: a.ID, Organisation: a.Organisation, State: Open,
		Reviewer: reviewer, Findings: map[string]Finding{}, OpenedAt: now,
	}
	if p, err := c.AddWorkingDays(last, s.Days, false); err == nil {
		r.DueOn, r.Provisional, r.CalendarVersion = p.Last, p.Provisional, p.Version
	}
	return r
}

// Load is how much a clerk has to review already.
type Load struct {
	Account id.Account
	Open    int // not confirmed yet
	Ever    int
}

// Balanced chooses who reviews: of those without an interest the one with the
// fewest open reviews, then with the fewest ever, then the first. It returns ""
// when nobody is left.
func Balanced(clerks []Load, ties Interests) id.Account {
	best := Load{}
	for _, l := range clerks {
		if ties[l.Account] != "" {
			continue
		}
		if best.Account == "" || l.Open < best.Open || l.Open == best.Open && l.Ever < best.Ever {
			best = l
		}
	}
	return best.Account
}

// Assign gives the review to one of the office's clerks. What was written so far
// stays.
func (r *Review) Assign(by stage.Actor, who id.Account, clerks []Load, ties Interests) (stage.Move, error) {
	m, err := Kind.Step(r.State, "assign", by.Role)
	if err != nil {
		return m, err
	}
	if err := ties.Free(by.Account); err != nil {
		return m, err
	}
	for _, l := range clerks {
		if l.Account == who && who != "" {
			if err := ties.Free(who); err != nil {
				return m, err
			}
			r.Reviewer = who
			return m, nil
		}
	}
	return m, errAssignee.At("reviewer")
}

// Judgement is what a reviewer writes.
type Judgement struct {
	Findings       map[string]Finding
	Recommendation string
	Opinion        string
	Crossed        []string // titles of the conditions that are a red line and not met; of the facts, not of the reviewer
}

// Save keeps an unfinished judgement. Nothing in it is required; what cannot be
// kept at all is refused.
func (r *Review) Save(by stage.Actor, indicators []programme.Indicator, j Judgement, ties Interests) (stage.Move, error) {
	m, err := r.write("save", by, ties)
	if err != nil {
		return m, err
	}
	var wrong []*fault.Fault
	for _, i := range indicators {
		wrong = append(wrong, j.Findings[i.Code].keepable(i)...)
	}
	wrong = append(wrong, j.overall(false)...)
	if err := fault.All(wrong...); err != nil {
		return m, err
	}
	r.set(by, indicators, j)
	return m, nil
}

// Draft hands the finished judgement to the second person. Every indicator that
// the office looks at has a verdict; what does not conform, and what is a matter
// of judgement, has a reason (S11, S46).
func (r *Review) Draft(by stage.Actor, indicators []programme.Indicator, s score.Rule, j Judgement, ties Interests, now time.Time) (stage.Move, error) {
	m, err := r.write("draft", by, ties)
	if err != nil {
		return m, err
	}
	var wrong []*fault.Fault
	for _, i := range indicators {
		wrong = append(wrong, j.Findings[i.Code].complete(i)...)
	}
	wrong = append(wrong, j.overall(true)...)
	if err := fault.All(wrong...); err != nil {
		return m, err
	}
	if err := supported(indicators, s, j); err != nil {
		return m, err
	}
	r.set(by, indicators, j)
	r.State, r.DraftedAt = m.To, now
	return m, nil
}

// write checks that the actor is the reviewer, or takes a review that is nobody's.
func (r *Review) write(act string, by stage.Actor, ties Interests) (stage.Move, error) {
	m, err := Kind.Step(r.State, act, by.Role)
	if err != nil {
		return m, err
	}
	if r.Reviewer != "" && r.Reviewer != by.Account {
		return m, errNotReviewer.New()
	}
	return m, ties.Free(by.Account)
}

func (r *Review) set(by stage.Actor, indicators []programme.Indicator, j Judgement) {
	kept := map[string]Finding{}
	for _, i := range indicators {
		if f := j.Findings[i.Code]; f != (Finding{}) {
			kept[i.Code] = f
		}
	}
	r.Reviewer, r.Findings, r.Recommendation, r.Opinion = by.Account, kept, j.Recommendation, j.Opinion
}

// SendBack returns the draft to its reviewer with what is to be looked at again.
func (r *Review) SendBack(by stage.Actor, remark string, s programme.Review, ties Interests) (stage.Move, error) {
	m, err := r.second("send_back", by, s, ties)
	if err != nil {
		return m, err
	}
	if err := fault.All(Written("remark", "退回理由", remark)); err != nil {
		return m, err
	}
	r.State, r.Remark, r.DraftedAt = m.To, remark, time.Time{}
	r.Returned++
	return m, nil
}

// Confirm makes the draft the office's opinion. It is another person than the
// reviewer, unless the programme does without (S65).
func (r *Review) Confirm(by stage.Actor, s programme.Review, ties Interests, now time.Time) (stage.Move, error) {
	m, err := r.second("confirm", by, s, ties)
	if err != nil {
		return m, err
	}
	r.State, r.Confirmer, r.EndedAt = m.To, by.Account, now
	return m, nil
}

// second: who examined does not confirm (S65), nor does who has an interest.
func (r *Review) second(act string, by stage.Actor, s programme.Review, ties Interests) (stage.Move, error) {
	m, err := Kind.Step(r.State, act, by.Role)
	if err != nil {
		return m, err
	}
	if s.FourEyes && by.Account == r.Reviewer {
		return m, errSamePerson.New()
	}
	return m, ties.Free(by.Account)
}

// End closes a review whose application left the stage otherwise, such as by
// being disqualified. Nothing happens as long as the application is there.
func (r *Review) End(by stage.Actor, a application.Application, now time.Time) (stage.Move, error) {
	m, err := Kind.Step(r.State, "end", by.Role)
	if err != nil {
		return m, err
	}
	if a.State == application.Underway && a.Stage == Kind.Name {
		return m, errUnderway.New()
	}
	r.State, r.EndedAt = m.To, now
	return m, nil
}

var errUnderway = fault.Define(fault.Refused, "review.end.underway",
	"申报还在办理，初审不能终止。", "办法(二) 提交初审情况")

// Overdue reports whether the review is not confirmed although its day is over.
func (r *Review) Overdue(today calendar.Date) bool {
	return (r.State == Open || r.State == Drafted) && !r.DueOn.IsZero() && today.After(r.DueOn)
}
