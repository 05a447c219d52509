package plan

import (
	"slices"
	"time"

	"shifan/internal/calendar"
	"shifan/internal/id"
	"shifan/internal/lifecycle/draw"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/lot"
)

// The states of a plan.
const (
	Draft    stage.State = "draft"    // listed; may be listed again
	Frozen   stage.State = "frozen"   // the sides commit and reveal
	Drawn    stage.State = "drawn"    // the sample stands; the second person approves
	Approved stage.State = "approved" // checks open on their days
	Closed   stage.State = "closed"   // the year is over
	Lapsed   stage.State = "lapsed"   // the year was over before anybody approved it
)

const (
	planned = "五(二) 每三年复查；制度:年度复查计划"
	fair    = "制度:抽查名单先冻结，各方承诺、揭示后得出"
)

// Kind is the plan's machine.
var Kind = stage.Kind{
	Name: "plan", Label: "年度复查计划", Start: Draft,
	Moves: slices.Concat([]stage.Move{
		{From: Draft, Act: "list", By: stage.Clerk, To: Draft, Basis: planned},
		{From: Draft, Act: "freeze", By: stage.Clerk, To: Frozen, Basis: fair},
		{From: Draft, Act: "deepen", By: stage.Clerk, To: Draft, Basis: "制度:按风险确定复查方式"},
		{From: Frozen, Act: "draw", By: stage.Clerk, To: Drawn, Basis: fair},
		{From: Frozen, Act: "draw", By: stage.Director, To: Drawn, Basis: fair},
		{From: Frozen, Act: "fail", By: stage.Director, To: Draft, Basis: "制度:逾期没有承诺或揭示的记录在案，名单另行冻结"},
		{From: Drawn, Act: "deepen", By: stage.Clerk, To: Drawn, Basis: "制度:按风险确定复查方式"},
		{From: Approved, Act: "open", By: stage.Clock, To: Approved, Basis: planned},
		{From: Approved, Act: "begin", By: stage.Clerk, To: Approved, Basis: planned},
		{From: Approved, Act: "close", By: stage.Clock, To: Closed, Basis: "制度:计划年度已过"},
		{From: Draft, Act: "lapse", By: stage.Clock, To: Lapsed, Basis: "制度:计划年度已过"},
		{From: Frozen, Act: "lapse", By: stage.Clock, To: Lapsed, Basis: "制度:计划年度已过"},
		{From: Drawn, Act: "lapse", By: stage.Clock, To: Lapsed, Basis: "制度:计划年度已过"},
	},
		by(Draft, "approve", Approved, []stage.Role{stage.Director, stage.Chair}, "五(二) 从严从实审核把关"),
		by(Drawn, "approve", Approved, []stage.Role{stage.Director, stage.Chair}, "五(二) 从严从实审核把关"),
		by(Frozen, "commit", Frozen, Parties, fair),
		by(Frozen, "reveal", Frozen, Parties, fair),
	),
	Ends: map[stage.State]bool{Closed: true, Lapsed: false},
	Words: map[string]string{
		"draft": "草拟", "frozen": "抽查名单已冻结", "drawn": "已抽取，待批准", "approved": "已批准", "closed": "已结束", "lapsed": "逾期未批准",
		"list": "列出称号", "freeze": "冻结抽查名单", "deepen": "调整复查方式", "commit": "承诺", "reveal": "揭示", "draw": "产生抽查结果",
		"fail": "登记没有完成", "approve": "批准计划", "open": "启动抽查", "begin": "开始不预告的抽查", "close": "结束计划", "lapse": "计划失效",
	},
}

// Parties are the roles that may commit to a secret, one person a side: the office, the
// committee and those who supervise.
var Parties = []stage.Role{stage.Clerk, stage.Director, stage.Chair, stage.Scrutineer}

func by(from stage.State, act string, to stage.State, roles []stage.Role, basis string) (all []stage.Move) {
	for _, r := range roles {
		all = append(all, stage.Move{From: from, Act: act, By: r, To: to, Basis: basis})
	}
	return all
}

// Plan is the checks of one programme in one year.
type Plan struct {
	ID        id.Plan
	Programme id.Programme
	Year      int
	State     stage.State
	Sample    Sample
	Due       []Check   // rechecks of the titles' terms
	Pool      []Pooled  // the titles that may be drawn, once frozen
	Lot       draw.Draw // the draw of the sample; without a state before it was frozen
	Drawn     []Check   // the sample, in the order of the lot
	DraftedBy id.Account
	Approved  id.Account
	DraftedAt time.Time
	DecidedAt time.Time     // when it was approved
	NextOn    calendar.Date // on which the clock looks at it next; zero when it ended
	EndedAt   time.Time
	Version   int64
}

// Sample is what the programme asks for when the plan is drafted.
type Sample struct {
	Share       int  `json:"share"`  // per cent of the pool, rounded up; 0: none
	Number      int  `json:"number"` // of titles, where there is no share; 0: none
	Unannounced bool `json:"unannounced"`
}

// SampleOf reads a programme's setting.
func SampleOf(s programme.Recheck) Sample {
	return Sample{Share: s.SampleShare, Number: s.SampleNumber, Unannounced: s.SampleSilent}
}

// Asked reports whether there is to be a sample at all.
func (s Sample) Asked() bool { return s.Share > 0 || s.Number > 0 }

// Size is how many of n titles are drawn.
func (s Sample) Size(n int) int {
	if s.Share > 0 {
		return (n*s.Share + 99) / 100
	}
	return min(n, s.Number)
}

// Check is one title to be looked at.
type Check struct {
	Designation id.Designation `json:"designation"`
	Number      string         `json:"number"`
	Name        string         `json:"name"`     // the holder's, when it was listed
	OpensOn     calendar.Date  `json:"opens_on"` // zero before the plan is approved, for a sample
	DueOn       calendar.Date  `json:"due_on,omitzero"`
	Depth       string         `json:"depth"`   // a key of recheck.Depths
	Reasons     []string       `json:"reasons"` // what the rule, or somebody, rests it on
	Set         bool           `json:"set"`     // somebody set the depth
	Recheck     id.Recheck     `json:"recheck"` // that looks; empty: none yet
	Missed      string         `json:"missed"`  // why there will be none
}

// Open reports whether the check is still to come.
func (c Check) Open() bool { return c.Recheck == "" && c.Missed == "" }

// Pooled is a title that may be drawn. Its facts are those of the day of the freezing.
type Pooled struct {
	Check
	Member string `json:"member"` // its digest in the pool
}

// ByLot reports whether the sample is what the draw comes to: a promise.
func (p *Plan) ByLot() bool {
	var members []string
	if ranking := p.Lot.Ranking(); ranking != nil {
		members = lot.TeamFor(p.Lot.Rule, ranking, func(string) bool { return false })
	}
	return p.State != Drawn && p.State != Approved && p.State != Closed || slices.EqualFunc(p.Drawn, members, func(c Check, member string) bool {
		return lot.Key("member", p.Lot.Pool.ID, string(c.Designation)) == member
	})
}

// OnTime reports whether no check of the sample began before its day: a promise.
func (p *Plan) OnTime(now time.Time) bool {
	return !slices.ContainsFunc(p.Drawn, func(c Check) bool { return c.Recheck != "" && (c.OpensOn.IsZero() || now.Before(c.OpensOn.Start())) })
}
