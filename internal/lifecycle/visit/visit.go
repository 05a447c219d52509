package visit

import (
	"time"

	"shifan/internal/calendar"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/application"
	"shifan/internal/lifecycle/assessment"
	"shifan/internal/lifecycle/review"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/lifecycle/team"
)

// The states of a visit.
const (
	Planned   stage.State = "planned"   // a team and a day are to be found
	Scheduled stage.State = "scheduled" // the organisation was told; the team goes on that day
	Reported  stage.State = "reported"  // the opinion is written; the members sign
	Signed    stage.State = "signed"    // everybody who was there signed
	Waived    stage.State = "waived"    // there is none, with a reason
	Ended     stage.State = "ended"     // the application left the stage without one
)

// Kind is the visit's machine.
var Kind = stage.Kind{
	Name: "visit", Label: "实地考核", Start: Planned,
	Moves: []stage.Move{
		{From: Planned, Act: "team", By: stage.Clerk, To: Planned, Basis: "办法(三) 组织考核组"},
		{From: Planned, Act: "draw", By: stage.Clerk, To: Planned, Basis: "办法(三) 组织考核组；制度:按抽取的排序"},
		{From: Planned, Act: "draw", By: stage.Director, To: Planned, Basis: "办法(三) 组织考核组；制度:按抽取的排序"},
		{From: Planned, Act: "schedule", By: stage.Clerk, To: Scheduled, Basis: "办法(三) 深入实地考核"},
		{From: Planned, Act: "waive", By: stage.Chair, To: Waived, Basis: "制度:免予考核须说明理由"},
		{From: Planned, Act: "waive", By: stage.Director, To: Waived, Basis: "方案设定的考核范围"},
		{From: Planned, Act: "declare", By: stage.Assessor, To: Planned, Basis: "制度:回避"},
		{From: Scheduled, Act: "team", By: stage.Clerk, To: Scheduled, Basis: "办法(三) 组织考核组"},
		{From: Scheduled, Act: "reschedule", By: stage.Clerk, To: Scheduled, Basis: "办法(三) 深入实地考核"},
		{From: Scheduled, Act: "confirm", By: stage.Applicant, To: Scheduled, Basis: "办法(三) 深入实地考核"},
		{From: Scheduled, Act: "propose", By: stage.Applicant, To: Scheduled, Basis: "办法(三) 深入实地考核"},
		{From: Scheduled, Act: "waive", By: stage.Chair, To: Waived, Basis: "制度:免予考核须说明理由"},
		{From: Scheduled, Act: "declare", By: stage.Assessor, To: Scheduled, Basis: "制度:回避"},
		{From: Scheduled, Act: "record", By: stage.Assessor, To: Scheduled, Basis: "办法(三) 查看资料、实地检查、座谈走访"},
		{From: Scheduled, Act: "record", By: stage.Clerk, To: Scheduled, Basis: "办法(三)；制度:纸质考核单由办公室录入"},
		{From: Scheduled, Act: "report", By: stage.Assessor, To: Reported, Basis: "办法(三) 提出考核意见"},
		{From: Reported, Act: "amend", By: stage.Assessor, To: Reported, Basis: "办法(三)；制度:修改后重新签署"},
		{From: Reported, Act: "sign", By: stage.Assessor, To: Reported, Basis: "办法(三) 提出考核意见"},
		{From: Reported, Act: "dissent", By: stage.Assessor, To: Reported, Basis: "办法(三)；制度:不同意见一并记录"},
		{From: Reported, Act: "conclude", By: stage.Assessor, To: Signed, Basis: "办法(三) 提出考核意见"},
		{From: Reported, Act: "send_back", By: stage.Clerk, To: Scheduled, Basis: "办法(三)；制度:退回须附意见，改后全组重新签署"},
		{From: Reported, Act: "send_back", By: stage.Director, To: Scheduled, Basis: "办法(三)；制度:退回须附意见，改后全组重新签署"},
		{From: Reported, Act: "redo", By: stage.Clerk, To: Planned, Basis: "制度:应回避未回避的考核无效，重新考核"},
		{From: Reported, Act: "redo", By: stage.Director, To: Planned, Basis: "制度:应回避未回避的考核无效，重新考核"},
		{From: Signed, Act: "redo", By: stage.Director, To: Planned, Basis: "制度:应回避未回避的考核无效，重新考核"},
		{From: Planned, Act: "end", By: stage.Clock, To: Ended, Basis: "制度:申报终止的不再考核"},
		{From: Scheduled, Act: "end", By: stage.Clock, To: Ended, Basis: "制度:申报终止的不再考核"},
		{From: Reported, Act: "end", By: stage.Clock, To: Ended, Basis: "制度:申报终止的不再考核"},
	},
	Ends: map[stage.State]bool{Signed: true, Waived: true, Ended: false},
	Words: map[string]string{
		"planned": "待安排", "scheduled": "已安排", "reported": "待签署", "signed": "已签署", "waived": "免予考核", "ended": "已终止",
		"begin": "转入实地考核", "team": "组织考核组", "draw": "抽取考核组", "schedule": "安排考核", "reschedule": "改期", "confirm": "确认时间", "propose": "提议改期", "waive": "免予考核",
		"declare": "声明回避", "record": "记录考核情况", "report": "提交考核意见", "amend": "修改考核意见", "sign": "签署", "dissent": "签署并保留不同意见", "conclude": "签署完毕",
		"send_back": "退回考核意见", "redo": "重新考核", "end": "终止考核",
	},
}

// Visit is one team's look at one applicant.
type Visit struct {
	ID           id.Visit
	Programme    id.Programme
	Round        id.Round
	Application  id.Application
	Organisation id.Organisation
	State        stage.State
	Team         []Seat
	Replaced     []Replaced // who was on the team and is not any more
	On           calendar.Date
	At           string // 09:30 of that day
	Place        string
	NoticedOn    calendar.Date // when the organisation was told of this day
	Answer       Answer        // the organisation's
	Records      map[string]assessment.Record
	Findings     map[string]assessment.Finding // by indicator code
	Opinion      string                        // a key of assessment.Opinions
	Text         string                        // the opinion in words
	Edition      int                           // of the report: counts up with every edit after it was handed in
	Signatures   []Signature                   // of this edition
	Reason       string                        // why it was waived, moved or done again
	OpenedAt     time.Time
	ReportedAt   time.Time
	EndedAt      time.Time // signed, waived or ended
	Version      int64
}

// Seat is one member of the team; Replaced is somebody who left it.
type (
	Seat     = team.Seat
	Replaced = team.Replaced
)

// Answer is what the organisation says to the day.
type Answer struct {
	Confirmed bool          `json:"confirmed,omitempty"`
	Day       calendar.Date `json:"day,omitzero"` // the day it proposes instead
	Time      string        `json:"time,omitempty"`
	Reason    string        `json:"reason,omitempty"`
	At        time.Time     `json:"at,omitzero"`
}

// Proposed reports whether the organisation proposed another day.
func (a Answer) Proposed() bool { return !a.Day.IsZero() }

// Signature is one member's name under one edition of the report.
type Signature struct {
	Account id.Account `json:"account"`
	Edition int        `json:"edition"`
	Dissent string     `json:"dissent,omitempty"` // where the member disagrees
	At      time.Time  `json:"at"`
}

// Opened returns the visit that begins when an application comes to this stage.
func Opened(a application.Application, now time.Time) Visit {
	return Visit{
		Programme: a.Programme, Round: a.Round, Application: a.ID, Organisation: a.Organisation, State: Planned,
		Records: map[string]assessment.Record{}, Findings: map[string]assessment.Finding{}, OpenedAt: now,
	}
}

// Seat returns the seat of an account, or nil.
func (v *Visit) Seat(who id.Account) *Seat {
	for i := range v.Team {
		if who != "" && v.Team[i].Account == who {
			return &v.Team[i]
		}
	}
	return nil
}

// Leader returns the leader's seat, or nil.
func (v *Visit) Leader() *Seat {
	for i := range v.Team {
		if v.Team[i].Leader {
			return &v.Team[i]
		}
	}
	return nil
}

// Begins returns the instant for which the visit is arranged; zero before.
func (v *Visit) Begins() time.Time {
	if v.On.IsZero() {
		return time.Time{}
	}
	t, err := time.ParseInLocation("15:04", v.At, calendar.Zone)
	if err != nil {
		return v.On.Start()
	}
	return v.On.Start().Add(time.Duration(t.Hour())*time.Hour + time.Duration(t.Minute())*time.Minute)
}

var errUnderway = fault.Define(fault.Refused, "visit.end.underway",
	"申报还在办理，考核不能终止。", "办法(三)")

// End closes a visit whose application left the stage otherwise.
func (v *Visit) End(by stage.Actor, a application.Application, now time.Time) (stage.Move, error) {
	m, err := Kind.Step(v.State, "end", by.Role)
	if err != nil {
		return m, err
	}
	if a.State == application.Underway && a.Stage == Kind.Name {
		return m, errUnderway.New()
	}
	v.State, v.EndedAt = m.To, now
	return m, nil
}

var errNotChosen = fault.Define(fault.Refused, "visit.waive.all",
	"方案规定全部实地考核，免予考核由主任委员决定。", "方案设定的考核范围")

// Waive does without the visit. The chair may, with a reason; where the
// programme visits only chosen applicants the director says who is not among
// them (S49).
func (v *Visit) Waive(by stage.Actor, scope, reason string, ties review.Interests, now time.Time) (stage.Move, error) {
	m, err := Kind.Step(v.State, "waive", by.Role)
	if err != nil {
		return m, err
	}
	if by.Role == stage.Director && scope != "chosen" {
		return m, errNotChosen.New()
	}
	if err := ties.Free(by.Account); err != nil {
		return m, err
	}
	if err := fault.All(review.Written("reason", "免予考核的理由", reason)); err != nil {
		return m, err
	}
	v.State, v.Reason, v.EndedAt = m.To, reason, now
	return m, nil
}
