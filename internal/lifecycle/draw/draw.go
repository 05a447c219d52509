package draw

import (
	"slices"
	"time"

	"shifan/internal/id"
	"shifan/internal/lifecycle/review"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/lot"
)

// The states of a draw. Their words are those of the published document.
const (
	Frozen    stage.State = "frozen"      // the pool is published; there is time to object
	Ruled     stage.State = "ruled"       // the rule is published; the parties commit
	Committed stage.State = "committed"   // no more commitments; the parties reveal
	Revealed  stage.State = "revealed"    // everything is there; a value from outside may be awaited
	Concluded stage.State = lot.Concluded // the order is published
	Failed    stage.State = "failed"      // somebody did not commit or reveal
	Restarted stage.State = "restarted"   // another draw took its place
	Manual    stage.State = "manual"      // lots were drawn by hand under supervision
	Cancelled stage.State = "cancelled"   // given up before there was a commitment
)

// Kind is the draw's machine.
var Kind = stage.Kind{
	Name: "draw", Label: "抽取", Start: Frozen,
	Moves: slices.Concat([]stage.Move{
		{From: Frozen, Act: "freeze", By: stage.Clerk, To: Frozen, Basis: "制度:承诺以前名单有误的重新冻结"},
		{From: Frozen, Act: "rule", By: stage.Director, To: Ruled, Basis: "制度:先公布名单和规则，后承诺"},
		{From: Frozen, Act: "cancel", By: stage.Director, To: Cancelled, Basis: "制度:承诺以前可以取消"},
		{From: Ruled, Act: "freeze", By: stage.Clerk, To: Frozen, Basis: "制度:承诺以前名单有误的重新冻结"},
		{From: Ruled, Act: "cancel", By: stage.Director, To: Cancelled, Basis: "制度:承诺以前可以取消"},
		{From: Ruled, Act: "close", By: stage.Director, To: Committed, Basis: "制度:至少三方承诺后开始揭示"},
		{From: Ruled, Act: "fail", By: stage.Director, To: Failed, Basis: "制度:逾期没有承诺或揭示的记录在案"},
		{From: Committed, Act: "fail", By: stage.Director, To: Failed, Basis: "制度:逾期没有承诺或揭示的记录在案"},
		{From: Revealed, Act: "value", By: stage.Clerk, To: Revealed, Basis: "制度:外部数值由两人分别录入"},
		{From: Revealed, Act: "value", By: stage.Director, To: Revealed, Basis: "制度:外部数值由两人分别录入"},
		{From: Revealed, Act: "value", By: stage.Scrutineer, To: Revealed, Basis: "制度:外部数值由两人分别录入"},
		{From: Revealed, Act: "conclude", By: stage.Clerk, To: Concluded, Basis: "办法(三) 组织考核组；制度:按公布的规则得出"},
		{From: Revealed, Act: "conclude", By: stage.Director, To: Concluded, Basis: "办法(三) 组织考核组；制度:按公布的规则得出"},
		{From: Failed, Act: "restart", By: stage.Clerk, To: Restarted, Basis: "制度:没有完成的抽取以新名单重来一次"},
		{From: Failed, Act: "manual", By: stage.Scrutineer, To: Manual, Basis: "制度:两次没有完成的，监督下人工抽取"},
	},
		parties(Ruled, "commit", Ruled, "制度:利益不同的各方承诺"),
		parties(Committed, "reveal", Committed, "制度:承诺的各方揭示"),
		parties(Committed, "complete", Revealed, "制度:全部揭示后公开"),
	),
	Ends: map[stage.State]bool{Concluded: true, Restarted: false, Manual: false, Cancelled: false},
	Words: map[string]string{
		"frozen": "名单已冻结", "ruled": "规则已公布", "committed": "等待揭示", "revealed": "已揭示", "concluded": "已产生结果", "failed": "没有完成", "restarted": "已重新抽取", "manual": "人工抽取", "cancelled": "已取消",
		"freeze": "冻结名单", "rule": "公布规则", "cancel": "取消", "commit": "承诺", "close": "结束承诺", "reveal": "揭示", "complete": "全部揭示", "value": "录入外部数值",
		"conclude": "产生结果", "fail": "登记没有完成", "restart": "重新抽取",
	},
}

// parties lists the moves of those who may be a party.
func parties(from stage.State, act string, to stage.State, basis string) (all []stage.Move) {
	for _, by := range []stage.Role{stage.Applicant, stage.Clerk, stage.Director, stage.Member, stage.Chair, stage.Scrutineer} {
		all = append(all, stage.Move{From: from, Act: act, By: by, To: to, Basis: basis})
	}
	return all
}

// SideOf returns the side that a role takes in a draw; "" for none. An assessor
// takes none, being drawn; an operator none, having the machine.
func SideOf(r stage.Role) string {
	switch r {
	case stage.Clerk, stage.Director:
		return "office"
	case stage.Scrutineer:
		return "supervision"
	case stage.Applicant:
		return "applicants"
	case stage.Member, stage.Chair:
		return "committee"
	default:
		return ""
	}
}

// Draw is one draw: for one or several visits of a round, one order.
type Draw struct {
	ID        id.Draw
	Programme id.Programme
	Round     id.Round
	State     stage.State
	Attempt   int          // 1, or 2 after one that failed
	Earlier   *lot.Earlier // the one that failed
	Edition   int          // how often the pool was frozen
	Pool      lot.Pool
	Seats     []Seat // whom the pool's digests mean
	Cases     []Case // and its cases
	Rule      lot.Rule
	Parties   []Party
	Values    []Value       // what was typed of the value from outside
	Order     []lot.Ranking // what Ranking came to, so that it is not come to again; not kept
	Document  string        // as it was published at the end; empty before
	Reason    string        // why it failed or was cancelled, how it was drawn by hand
	OpenedAt  time.Time
	EndedAt   time.Time
	Version   int64
}

// Seat is one of the pool with their account. The name is that of the day.
type Seat struct {
	Account id.Account `json:"account"`
	Name    string     `json:"name"`
	Member  string     `json:"member"` // the digest in the pool
}

// Case is a visit that a team is drawn for.
type Case struct {
	Visit        id.Visit        `json:"visit"`
	Organisation id.Organisation `json:"organisation"`
	Name         string          `json:"name"`
	Case         string          `json:"case"` // the digest in the pool
}

// Party is who committed for a side.
type Party struct {
	Side        string          `json:"side"`
	Account     id.Account      `json:"account"`
	Name        string          `json:"name"`
	For         id.Organisation `json:"for,omitempty"` // whom an applicant acts for
	Commitment  string          `json:"commitment"`
	HashedBy    string          `json:"hashed_by"`
	CommittedAt time.Time       `json:"committed_at"`
	Reveal      lot.Reveal      `json:"reveal,omitzero"`
	RevealedAt  time.Time       `json:"revealed_at,omitzero"`
}

// Value is what one person typed of the value from outside.
type Value struct {
	Account id.Account `json:"account"`
	Name    string     `json:"name"`
	Text    string     `json:"text"`
	At      time.Time  `json:"at"`
}

// Ruled reports whether the rule is published.
func (d *Draw) Ruled() bool { return len(d.Rule.Quotas) > 0 }

// Live reports whether a result may still come, or came.
func (d *Draw) Live() bool { return d.State != Restarted && d.State != Manual && d.State != Cancelled }

// Party returns the party of a side, or nil.
func (d *Draw) Party(side string) *Party {
	for i := range d.Parties {
		if side != "" && d.Parties[i].Side == side {
			return &d.Parties[i]
		}
	}
	return nil
}

// Case returns the case of a visit, or nil.
func (d *Draw) Case(v id.Visit) *Case {
	if i := slices.IndexFunc(d.Cases, func(c Case) bool { return c.Visit == v }); i >= 0 {
		return &d.Cases[i]
	}
	return nil
}

// Seated reports whether an account is in the pool: who may be drawn is no party.
func (d *Draw) Seated(who id.Account) bool {
	return slices.ContainsFunc(d.Seats, func(s Seat) bool { return s.Account == who && who != "" })
}

// Name returns who is meant by a digest of the pool.
func (d *Draw) Name(member string) Seat {
	if i := slices.IndexFunc(d.Seats, func(s Seat) bool { return s.Member == member }); i >= 0 {
		return d.Seats[i]
	}
	return Seat{Member: member}
}

// Missing lists the sides that committed and did not reveal.
func (d *Draw) Missing() (sides []string) {
	for _, p := range d.Parties {
		if p.RevealedAt.IsZero() {
			sides = append(sides, p.Side)
		}
	}
	return sides
}

// Value returns the value from outside once two people typed the same.
func (d *Draw) Value() (string, bool) {
	for i, v := range d.Values {
		for _, w := range d.Values[:i] {
			if v.Text == w.Text && v.Account != w.Account {
				return v.Text, true
			}
		}
	}
	return "", false
}

// Ranking is the order that the draw came to; nil before. A thousand teams are read from
// one order, which is come to once.
func (d *Draw) Ranking() []lot.Ranking {
	if d.State == Concluded && d.Order == nil {
		d.Order = lot.Rank(d.seed(), d.Pool, d.Rule)
	}
	return d.Order
}

func (d *Draw) seed() [32]byte {
	reveals := make([]lot.Reveal, len(d.Parties))
	for i, p := range d.Parties {
		reveals[i] = p.Reveal
	}
	value, _ := d.Value()
	return lot.Seed(d.Pool.Text(), d.Rule.Text(), reveals, value)
}

// TeamOf is who the draw says goes on a visit, the leader first: the first of the
// published order, without those who were recused when the pool was frozen, those
// who have an interest now, and those who left the team since. So a replacement is
// always the next of the order (S48).
func (d *Draw) TeamOf(v id.Visit, ties review.Interests, gone []id.Account) (team []Seat) {
	c := d.Case(v)
	if c == nil || d.State != Concluded {
		return nil
	}
	for _, m := range lot.TeamFor(d.Rule, d.Ranking(), func(member string) bool {
		i := slices.IndexFunc(d.Pool.Members, func(m lot.Member) bool { return m.ID == member })
		who := d.Name(member).Account
		return i < 0 || who == "" || slices.Contains(d.Pool.Members[i].Recusals, c.Case) || ties[who] != "" || slices.Contains(gone, who)
	}) {
		team = append(team, d.Name(m))
	}
	return team
}

// Published is what is published of the draw as it stands.
func (d *Draw) Published(programme, round string) lot.Document {
	doc := lot.Document{
		Format: lot.Format, Draw: string(d.ID), Programme: programme, Round: round, State: string(d.State), Attempt: d.Attempt, Earlier: d.Earlier, Reason: d.Reason,
		Pool: d.Pool.Text(), PoolDigest: d.Pool.Digest(), Parties: []lot.Published{}, Ranking: []lot.Ranking{}, Teams: []lot.Team{},
	}
	if d.Ruled() {
		doc.Rule, doc.RuleDigest = d.Rule.Text(), d.Rule.Digest()
	}
	for _, p := range d.Parties {
		w := lot.Published{Side: p.Side, Commitment: p.Commitment, HashedBy: p.HashedBy, CommittedAt: lot.Instant(p.CommittedAt), RevealedAt: lot.Instant(p.RevealedAt)}
		if d.State == Revealed || d.State == Concluded {
			w.Reveal = p.Reveal
		}
		doc.Parties = append(doc.Parties, w)
	}
	if d.State == Concluded {
		if value, typed := d.Value(); typed {
			doc.External = &lot.External{Value: value, Typed: 2}
		}
		doc = doc.Drawn(d.seed(), d.Pool, d.Rule)
	}
	return doc
}
