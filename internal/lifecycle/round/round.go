package round

import (
	"time"

	"shifan/internal/calendar"
	"shifan/internal/id"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/stage"
)

// The states of a round.
const (
	Drafted   stage.State = "drafted"   // being prepared; only the office sees it
	Open      stage.State = "open"      // published; one may file until the deadline
	Closed    stage.State = "closed"    // the deadline passed; the stages are at work
	Concluded stage.State = "concluded" // every application came to its end
	Cancelled stage.State = "cancelled" // given up before it was published
)

// Kind is the round's machine.
var Kind = stage.Kind{
	Name: "round", Label: "届次", Start: Drafted,
	Moves: []stage.Move{
		{From: Drafted, Act: "edit", By: stage.Clerk, To: Drafted, Basis: "办法(一)"},
		{From: Drafted, Act: "publish", By: stage.Director, To: Open, Basis: "三 每年选树一批；办法(一)"},
		{From: Drafted, Act: "publish", By: stage.Chair, To: Open, Basis: "三 每年选树一批；办法(一)"},
		{From: Drafted, Act: "cancel", By: stage.Clerk, To: Cancelled, Basis: "制度:未发布的可以取消"},
		{From: Drafted, Act: "cancel", By: stage.Director, To: Cancelled, Basis: "制度:未发布的可以取消"},
		{From: Open, Act: "extend", By: stage.Director, To: Open, Basis: "制度:系统故障整届顺延，不个别放宽"},
		{From: Open, Act: "extend", By: stage.Chair, To: Open, Basis: "制度:系统故障整届顺延，不个别放宽"},
		{From: Open, Act: "close", By: stage.Clock, To: Closed, Basis: "办法(一) 逾期申报的视为放弃"},
		{From: Closed, Act: "conclude", By: stage.Director, To: Concluded, Basis: "制度:各环节数字相符方可办结"},
	},
	Ends: map[stage.State]bool{Concluded: false, Cancelled: false},
	Words: map[string]string{
		"drafted": "起草中", "open": "正在申报", "closed": "申报截止", "concluded": "已办结", "cancelled": "已取消",
		"draft": "起草", "edit": "修改", "publish": "发布通知", "cancel": "取消", "extend": "顺延截止时间", "close": "截止申报", "conclude": "办结", "archive": "归档",
	},
}

// Round is one year's call of a programme.
type Round struct {
	ID               id.Round
	Programme        id.Programme
	ProgrammeVersion int // frozen when the call is published (S4); 0 before
	Year             int
	Special          bool   // beside the regular round of its year (S13)
	Reason           string // why a special round is held
	Title            string // of the call
	DocNumber        string // 文号
	Addressees       string // 主送: whom the call addresses (S3)
	DatedOn          calendar.Date
	IssuedOn         calendar.Date  // 印发日期; the day of publication when left open
	PublishedAt      time.Time      // 发布时间; zero before (S2: the three are kept apart)
	DeadlineDate     calendar.Date  // the day that the call names
	DeadlineTime     string         // 24:00, or a time of that day
	RestDay          string         // calendar.Strict or RollForward; empty until chosen
	Deadline         time.Time      // what arrives before this instant is in time; zero before publication
	LastDay          calendar.Date  // the day on which it ends; differs from DeadlineDate when it rolled
	CalendarVersion  string         // the calendar that the deadline was computed with
	Quota            map[string]int // by category; see Places
	Contact          string         // the office, never a person (S6)
	Acknowledged     []string       // codes of the warnings that the publisher took note of
	Extensions       []Extension    // in order
	State            stage.State
	PreparedBy       id.Account
	PublishedBy      id.Account
	EndReason        string // why it was cancelled
	Version          int64
}

// Extension is one round-wide extension of the deadline (S45).
type Extension struct {
	At     time.Time     `json:"at"`     // when it was published
	From   time.Time     `json:"from"`   // the deadline before
	To     time.Time     `json:"to"`     // the deadline after
	Date   calendar.Date `json:"date"`   // the day of the new deadline
	Time   string        `json:"time"`   // and its time
	Reason string        `json:"reason"` // printed beside the deadline
}

// Plan is what the office writes about a round before it is published. Anything
// but the year and the title may still be open.
type Plan struct {
	Year         int
	Special      bool
	Reason       string
	Title        string
	DocNumber    string
	Addressees   string
	DatedOn      calendar.Date
	IssuedOn     calendar.Date
	DeadlineDate calendar.Date
	DeadlineTime string // empty: 24:00
	RestDay      string // empty: not chosen yet
	Quota        map[string]int
	Contact      string
}

// Plan returns what was written about the round, for its form.
func (r *Round) Plan() Plan {
	return Plan{
		Year: r.Year, Special: r.Special, Reason: r.Reason, Title: r.Title, DocNumber: r.DocNumber, Addressees: r.Addressees,
		DatedOn: r.DatedOn, IssuedOn: r.IssuedOn, DeadlineDate: r.DeadlineDate, DeadlineTime: r.DeadlineTime, RestDay: r.RestDay,
		Quota: r.Quota, Contact: r.Contact,
	}
}

func (r *Round) set(p Plan) {
	r.Year, r.Special, r.Reason, r.Title, r.DocNumber, r.Addressees = p.Year, p.Special, p.Reason, p.Title, p.DocNumber, p.Addressees
	r.DatedOn, r.IssuedOn, r.DeadlineDate, r.DeadlineTime, r.RestDay = p.DatedOn, p.IssuedOn, p.DeadlineDate, p.DeadlineTime, p.RestDay
	r.Quota, r.Contact = p.Quota, p.Contact
}

// Published reports whether the call was ever published.
func (r *Round) Published() bool { return !r.PublishedAt.IsZero() }

// FilingOpen reports whether an application that arrives now is in time: after
// publication and before the deadline's instant. At 24:00:00 it is late (办法(一)
// 逾期申报的视为放弃), whether or not the clock has closed the round already.
func (r *Round) FilingOpen(now time.Time) bool {
	return r.State == Open && !now.Before(r.PublishedAt) && now.Before(r.Deadline)
}

// Places returns how many may be chosen of a category, or of all together for
// the empty code: what the round says, or else the programme. 0 means no bound;
// fewer are always allowed (S7, S8).
func (r *Round) Places(p *programme.Programme, category string) int {
	most := p.Quota.Max
	for _, c := range p.Applicants.Categories {
		if c.Code == category {
			most = c.Quota.Max
		}
	}
	if n := r.Quota[category]; n > 0 {
		return n
	}
	return most
}

// Commitment is the published deadline, which no change of the calendar moves.
func (r *Round) Commitment() calendar.Commitment {
	return calendar.Commitment{
		Thing: string(r.ID), Label: r.Title + " 申报截止", From: r.DeadlineDate, RestDay: r.RestDay,
		Last: r.LastDay, Version: r.CalendarVersion,
	}
}
