package publicity

import (
	"time"

	"shifan/internal/calendar"
	"shifan/internal/id"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/lifecycle/words"
)

// The states of a publicity.
const (
	Drafted   stage.State = "drafted"   // being prepared; only the office sees it
	Running   stage.State = "running"   // public; the days are being served
	Served    stage.State = "served"    // the full working days were served
	Withdrawn stage.State = "withdrawn" // taken back; it counts for nothing
	Cancelled stage.State = "cancelled" // given up before it was published
)

// Kind is the publicity's machine.
var Kind = stage.Kind{
	Name: "publicity", Label: "公示", Start: Drafted,
	Moves: []stage.Move{
		{From: Drafted, Act: "edit", By: stage.Clerk, To: Drafted, Basis: "办法(五)"},
		{From: Drafted, Act: "publish", By: stage.Director, To: Running, Basis: "办法(五) 公示5个工作日"},
		{From: Drafted, Act: "cancel", By: stage.Clerk, To: Cancelled, Basis: "制度:未发布的可以取消"},
		{From: Drafted, Act: "cancel", By: stage.Director, To: Cancelled, Basis: "制度:未发布的可以取消"},
		{From: Running, Act: "post", By: stage.Clerk, To: Running, Basis: "办法(五) 在省民政厅网站公示"},
		{From: Running, Act: "post", By: stage.Director, To: Running, Basis: "办法(五) 在省民政厅网站公示"},
		{From: Running, Act: "correct", By: stage.Director, To: Running, Basis: "制度:公示更正公开并按方案重计或者顺延"},
		{From: Running, Act: "interrupt", By: stage.Clerk, To: Running, Basis: "制度:公示中断按方案重计或者顺延"},
		{From: Running, Act: "interrupt", By: stage.Director, To: Running, Basis: "制度:公示中断按方案重计或者顺延"},
		{From: Running, Act: "recount", By: stage.Director, To: Running, Basis: "制度:放假安排变动由负责人决定是否重算"},
		{From: Running, Act: "probe", By: stage.Clock, To: Running, Basis: "制度:公示期内定时访问公示网页，记录能否打开"},
		{From: Running, Act: "withdraw", By: stage.Director, To: Withdrawn, Basis: "制度:公示有误可以撤回，撤回的不算公示"},
		{From: Running, Act: "serve", By: stage.Clock, To: Served, Basis: "办法(五) 公示5个工作日；民法典 第二百零一条"},
		{From: Served, Act: "take_down", By: stage.Clerk, To: Served, Basis: "制度:公示期满方可撤下"},
	},
	Ends: map[stage.State]bool{Served: true, Withdrawn: false, Cancelled: false},
	Words: map[string]string{
		"drafted": "起草中", "running": "公示中", "served": "公示期满", "withdrawn": "已撤回", "cancelled": "已取消",
		"draft": "起草公示", "edit": "修改", "publish": "发布公示", "cancel": "取消", "post": "登记网站发布", "correct": "更正", "interrupt": "登记中断",
		"recount": "重算公示期", "probe": "访问公示网页", "withdraw": "撤回公示", "serve": "公示期满", "take_down": "登记撤下",
	},
}

// What a publicity is about.
const (
	Naming     = "naming"     // 拟命名名单
	Revocation = "revocation" // 拟撤销名单, where a programme publicises revocations
)

// Publicity is one list made public.
type Publicity struct {
	ID        id.Publicity
	Programme id.Programme
	Round     id.Round // empty for a revocation
	About     string   // Naming or Revocation
	Title     string
	Text      string // the paragraph before the list
	Contact   string // where letters and calls with objections go: an office, never a person

	Place        string // the site that carries it (S55); empty: this one
	Days         int    // working days (S56)
	CountFirst   bool   // the day of publication counts
	RealName     bool   // an objection must be signed
	OnChange     string // Restart or Extend: what a correction or an outage does
	AnswerDays   int    // working days to answer an objection
	Acknowledged bool   // the publisher took note that the end is a guess

	PublishedAt     time.Time // zero before
	Posting         Posting   // on the site that carries it
	StartedAt       time.Time // what the days count from: the latest of publication, posting and restart
	First           calendar.Date
	Last            calendar.Date
	Ends            time.Time       // 24:00 of Last: an objection before this instant is in time
	Lost            []calendar.Date // days that do not count, though they are worked
	CalendarVersion string          // the calendar that the period was computed with
	Provisional     bool            // a year in it had no arrangement then
	ServedAt        time.Time
	TakenDownAt     time.Time

	Changes    []Change // everything that happened to it while it ran, in order
	Snapshot   string   // word for word what was published, as corrected
	Digest     string   // SHA-256 of Snapshot, in hex
	Objections int      // how many arrived; the last one's number
	State      stage.State
	PreparedBy id.Account
	Reason     string // why it was withdrawn or cancelled
	Version    int64
}

// Posting is where and when the list was really posted on the site that carries
// it.
type Posting struct {
	URL    string    `json:"url,omitempty"`
	At     time.Time `json:"at,omitzero"`
	SHA256 string    `json:"sha256,omitempty"` // of the page there, in hex, as the office reckoned it; empty: it did not
}

// What a correction or an outage does to the days (programme.Publicity).
const (
	Restart = "restart" // all days anew
	Extend  = "extend"  // the days that were lost are added
)

// Change is what happened to a publicity while it ran; everybody may read it.
type Change struct {
	At     time.Time     `json:"at"`
	Act    string        `json:"act"` // post, correct, interrupt or recount
	From   time.Time     `json:"from,omitzero"`
	To     time.Time     `json:"to,omitzero"` // of an outage
	Say    string        `json:"say"`         // what changed, and why
	Before calendar.Date `json:"before"`      // the last day before
	After  calendar.Date `json:"after"`       // and after
	Digest string        `json:"digest"`      // of what was public before
}

// Draft begins a publicity of a round under the programme that it froze. About
// is Naming or Revocation.
func Draft(by stage.Actor, p *programme.Programme, round id.Round, about string, plan Plan) (*Publicity, stage.Move, error) {
	m := stage.Move{Act: "draft", By: by.Role, To: Drafted, Basis: "办法(五)"}
	if !Kind.Takes("edit", by.Role) {
		return nil, m, errDrafter.New(by.Role.Word())
	}
	v := &Publicity{
		Programme: p.Name, Round: round, About: about, State: Drafted, PreparedBy: by.Account,
		Place: p.Publicity.Place, Days: p.Publicity.Days, CountFirst: p.Publicity.CountFirstDay, RealName: p.Publicity.RealName,
		OnChange: p.Publicity.OnCorrection, AnswerDays: p.Publicity.AnswerDays,
	}
	if v.OnChange == "" {
		v.OnChange = Restart
	}
	if err := plan.check(); err != nil {
		return nil, m, err
	}
	v.Title, v.Text, v.Contact = plan.Title, plan.Text, plan.Contact
	return v, m, nil
}

// Edit changes what is written about a publicity before it is published.
func (p *Publicity) Edit(by stage.Actor, plan Plan) (stage.Move, error) {
	m, err := Kind.Step(p.State, "edit", by.Role)
	if err != nil {
		return m, err
	}
	if err := plan.check(); err != nil {
		return m, err
	}
	p.Title, p.Text, p.Contact = plan.Title, plan.Text, plan.Contact
	return m, nil
}

// Cancel gives up a publicity that was never published.
func (p *Publicity) Cancel(by stage.Actor, reason string) (stage.Move, error) {
	m, err := Kind.Step(p.State, "cancel", by.Role)
	if err != nil {
		return m, err
	}
	if f := words.Check("reason", "理由", reason, shortMax, true); f != nil {
		return m, f
	}
	p.State, p.Reason = m.To, reason
	return m, nil
}

// Published reports whether it was ever public.
func (p *Publicity) Published() bool { return !p.PublishedAt.IsZero() }

// Elsewhere reports whether another site carries the list, so that the office
// must say where and when it was posted there (S55).
func (p *Publicity) Elsewhere() bool { return p.Place != "" }

// Commitment is the published end, which no change of the calendar moves.
func (p *Publicity) Commitment() calendar.Commitment {
	n := p.Days
	for _, d := range p.Lost {
		if !d.Before(p.First) && !d.After(p.Last) {
			n++
		}
	}
	return calendar.Commitment{
		Thing: string(p.ID), Label: p.Title + " 公示期满", From: calendar.DateOf(p.StartedAt), Days: n, CountFirst: p.CountFirst,
		Last: p.Last, Version: p.CalendarVersion,
	}
}
