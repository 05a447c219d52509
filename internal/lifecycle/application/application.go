package application

import (
	"time"

	"shifan/internal/id"
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
		{From: Draft, Act: "submit", By: stage.Applicant, To: Submitted, Basis: "办法(一)"},
		{From: Draft, Act: "discard", By: stage.Applicant, To: Withdrawn, Basis: "办法(一)"},
		{From: Draft, Act: "forfeit", By: stage.Clock, To: Forfeited, Basis: "办法(一) 逾期申报的视为放弃"},
		{From: Submitted, Act: "withdraw", By: stage.Applicant, To: Withdrawn, Basis: "办法(一)"},
		{From: Submitted, Act: "accept", By: stage.Clerk, To: Underway, Basis: "办法(二)"},
		{From: Submitted, Act: "decline", By: stage.Clerk, To: Declined, Basis: "三 符合条件的省级社会组织"},
		{From: Submitted, Act: "request_correction", By: stage.Clerk, To: Correcting, Basis: "办法(二)；制度:一次性告知"},
		{From: Correcting, Act: "correct", By: stage.Applicant, To: Submitted, Basis: "办法(二)；制度:一次性告知"},
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
	Stage        string            // the stage that has it while Underway: "review", "visit", …; empty otherwise
	Category     string            // one of the programme's categories at filing (S8)
	Number       string            // 2026-018, given at submission; empty before
	Name         string            // the organisation's name at submission, as documents print it (S59)
	PartyBody    string            // the Party organisation that applies, where the programme has one (S44)
	Answers      map[string]Answer // by indicator code, "1-2"
	Committed    bool              // the commitment to truthfulness was given (S64)
	Signatory    string            // the post of who signs, never more than a name and a post
	SubmittedAt  time.Time         // the one clock reading that decided the deadline
	Digest       string            // SHA-256 of what was submitted, in hex
	Correction   Correction        // the one notice of defects, if any
	Reason       string            // why it was declined, passed over or disqualified
	Version      int64
}

// Answer is the self-assessment against one indicator (S43).
type Answer struct {
	Rating    string   `json:"rating"`    // meets, partly or fails; "" while open
	Score     int      `json:"score"`     // for scored indicators, 0 to the indicator's points
	Statement string   `json:"statement"` // 自评说明
	Evidence  []string `json:"evidence"`  // descriptions of evidence offered; files come with evidence storage
}

// Correction is the single notice of defects (一次性告知) and its answer.
type Correction struct {
	Defects    []Defect  `json:"defects,omitempty"`
	NotifiedAt time.Time `json:"notified_at,omitzero"`
	Due        time.Time `json:"due,omitzero"` // 24:00 of the last working day
	AnsweredAt time.Time `json:"answered_at,omitzero"`
	Lapsed     bool      `json:"lapsed,omitempty"`
}

// Defect is one thing to mend, anchored to an indicator or a part of the form.
type Defect struct {
	Field string `json:"field"` // indicator code, or a part such as "signatory"
	Say   string `json:"say"`   // what is missing and how to mend it
}
