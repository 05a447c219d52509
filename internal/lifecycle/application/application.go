package application

import (
	"time"

	"shifan/internal/calendar"
	"shifan/internal/id"
	"shifan/internal/lifecycle/answer"
	"shifan/internal/lifecycle/notice"
	"shifan/internal/lifecycle/stage"
)

// The states of an application.
const (
	Draft        stage.State = "draft"        // being written; never validated
	Submitted    stage.State = "submitted"    // filed in time, waiting for the office to accept it
	Correcting   stage.State = "correcting"   // the applicant was told once what is missing
	Underway     stage.State = "underway"     // accepted; Stage says which stage has it
	Selected     stage.State = "selected"     // decided and publicised without objection; waits for naming
	Named        stage.State = "named"        // it became a designation
	NotChosen    stage.State = "not_chosen"   // the committee decided against it, or a founded objection did
	Withdrawn    stage.State = "withdrawn"    // by the applicant
	Forfeited    stage.State = "forfeited"    // still a draft at the deadline: 视为放弃
	Declined     stage.State = "declined"     // 不予受理: not within this programme at all
	Disqualified stage.State = "disqualified" // found untrue (S64)
)

// Kind is the application's machine.
var Kind = stage.Kind{
	Name: "application", Label: "申报", Start: Draft,
	Moves: []stage.Move{
		{From: Draft, Act: "save", By: stage.Applicant, To: Draft, Basis: "办法(一) 书面自评报告"},
		{From: Draft, Act: "attach", By: stage.Applicant, To: Draft, Basis: "办法(一) 含佐证材料"},
		{From: Draft, Act: "detach", By: stage.Applicant, To: Draft, Basis: "办法(一) 含佐证材料"},
		{From: Draft, Act: "carry", By: stage.Applicant, To: Draft, Basis: "五(一) 自查自评"},
		{From: Draft, Act: "submit", By: stage.Applicant, To: Submitted, Basis: "办法(一)"},
		{From: Draft, Act: "discard", By: stage.Applicant, To: Withdrawn, Basis: "办法(一)"},
		{From: Draft, Act: "forfeit", By: stage.Clock, To: Forfeited, Basis: "办法(一) 逾期申报的视为放弃"},
		{From: Submitted, Act: "withdraw", By: stage.Applicant, To: Withdrawn, Basis: "办法(一)"},
		{From: Submitted, Act: "accept", By: stage.Clerk, To: Underway, Basis: "办法(二)"},
		{From: Submitted, Act: "decline", By: stage.Clerk, To: Declined, Basis: "三 符合条件的省级社会组织"},
		{From: Submitted, Act: "request_correction", By: stage.Clerk, To: Correcting, Basis: "办法(二)；制度:一次性告知"},
		{From: Correcting, Act: "attach", By: stage.Applicant, To: Correcting, Basis: "办法(二)；制度:一次性告知"},
		{From: Correcting, Act: "detach", By: stage.Applicant, To: Correcting, Basis: "办法(二)；制度:一次性告知"},
		{From: Correcting, Act: "correct", By: stage.Applicant, To: Submitted, Basis: "办法(二)；制度:一次性告知"},
		{From: Correcting, Act: "withdraw", By: stage.Applicant, To: Withdrawn, Basis: "办法(一)"},
		{From: Correcting, Act: "lapse", By: stage.Clock, To: Submitted, Basis: "制度:补正逾期的按原材料初审"},
		{From: Underway, Act: "select", By: stage.Clock, To: Selected, Basis: "办法(五)(六) 公示无异议"},
		{From: Underway, Act: "pass_over", By: stage.Chair, To: NotChosen, Basis: "办法(四)"},
		{From: Underway, Act: "disqualify", By: stage.Chair, To: Disqualified, Basis: "五(一) 实事求是"},
		{From: Selected, Act: "name", By: stage.Director, To: Named, Basis: "办法(六)"},
		{From: Selected, Act: "disqualify", By: stage.Chair, To: Disqualified, Basis: "五(一) 实事求是"},
	},
	Ends: map[stage.State]bool{Named: true, NotChosen: false, Withdrawn: false, Forfeited: false, Declined: false, Disqualified: false},
	Words: map[string]string{
		"draft": "草稿", "submitted": "已提交", "correcting": "补正中", "underway": "办理中", "selected": "待命名",
		"named": "已命名", "not_chosen": "未入选", "withdrawn": "已撤回", "forfeited": "视为放弃", "declined": "不予受理", "disqualified": "取消资格",
		"start": "开始申报", "save": "暂存", "carry": "带入以前填写的内容", "attach": "上传佐证文件", "detach": "移除佐证文件", "enter": "进入下一环节",
		"submit": "提交申报", "discard": "放弃草稿", "forfeit": "视为放弃", "withdraw": "撤回申报", "accept": "受理", "decline": "不予受理",
		"request_correction": "告知补正", "correct": "提交补正", "lapse": "补正逾期", "select": "列为待命名", "pass_over": "不予入选", "disqualify": "取消资格", "name": "命名",
	},
}

// Application is one applicant's file in one round.
type Application struct {
	ID           id.Application
	Programme    id.Programme
	Round        id.Round
	Organisation id.Organisation
	State        stage.State
	Stage        string                   // the stage that has it while Underway: "review", "visit", …; empty otherwise
	Category     string                   // one of the programme's categories (S8); empty when it has none, or none that fits
	Number       string                   // 2026-018, given at submission; empty before
	Name         string                   // the organisation's name; as documents print it from submission on (S59)
	Body         id.PartyBody             // the Party organisation that applies, where the programme wants one (S44)
	PartyBody    string                   // its name; fixed at submission
	Answers      map[string]answer.Answer // by indicator code, "1-2"
	Carried      map[string]int           // indicators answered from an earlier application and not confirmed yet, with its year
	Committed    bool                     // the commitment to truthfulness was given (S64)
	Signatory    string                   // who signs: a name and a post, never more
	StartedAt    time.Time
	SavedAt      time.Time      // when the draft was last saved
	SubmittedAt  time.Time      // the one clock reading that decided the deadline; zero before
	Digest       string         // SHA-256 of what holds as submitted or corrected, in hex; empty before
	Submission   string         // the form that was sent, so that the same form sent twice is one submission
	Original     answer.Content // what was first submitted, kept beside a correction; its Round is empty while nothing was
	Correction   Correction     // the one notice of defects, if any
	Reason       string         // why it was declined, passed over or disqualified
	History      []Event        // what happened to it, the first first; saving is left out
	Version      int64
}

// Event is one thing that happened to an application: a line of its timeline.
// It names nobody.
type Event struct {
	At    time.Time `json:"at"`
	Act   string    `json:"act"`
	Stage string    `json:"stage,omitempty"` // the stage that it entered
}

// Correction is the single notice of defects (一次性告知) and its answer.
type Correction struct {
	Defects    []Defect      `json:"defects,omitempty"`
	NotifiedAt time.Time     `json:"notified_at,omitzero"`
	LastDay    calendar.Date `json:"last_day,omitzero"`  // the last working day
	Due        time.Time     `json:"due,omitzero"`       // 24:00 of it: the first instant that is too late
	Calendar   string        `json:"calendar,omitempty"` // the version it was computed with
	AnsweredAt time.Time     `json:"answered_at,omitzero"`
	Lapsed     bool          `json:"lapsed,omitempty"`
}

// Defect is one thing to mend; see the package notice.
type Defect = notice.Defect

// Filed reports whether it was ever submitted.
func (a *Application) Filed() bool { return !a.SubmittedAt.IsZero() }

// Ended reports whether it came to an end.
func (a *Application) Ended() bool {
	_, ends := Kind.Ends[a.State]
	return ends
}

// Live reports whether it stands in the way of another application of the same
// applicant in the round: all but what was withdrawn or discarded.
func (a *Application) Live() bool { return a.State != Withdrawn }

// Enter puts an application that is under way into a stage.
func (a *Application) Enter(name string, now time.Time) {
	a.Stage = name
	a.History = append(a.History, Event{At: now, Act: "enter", Stage: name})
}

// move carries a move out.
func (a *Application) move(m stage.Move, now time.Time) {
	a.State = m.To
	if m.To != Underway {
		a.Stage = ""
	}
	a.History = append(a.History, Event{At: now, Act: m.Act})
}
