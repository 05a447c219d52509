// Package team (考核组) is who goes on a visit: the seats, how the office appoints to
// them, and how they are taken from the order of a draw (办法(三), S48). The visit has
// it; this is its own chapter because a team can be made and made again without the
// rest of a visit.
package team

import (
	"slices"
	"strings"
	"time"

	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/draw"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/review"
)

// Least is how many a team has where the programme does not say (S48).
const Least = 3

var (
	errSize = fault.Define(fault.Invalid, "visit.team.size",
		"考核组至少%d人，现在选了%d人。再选%d人。", "办法(三) 组织考核组；方案设定的人数")
	errLeader = fault.Define(fault.Invalid, "visit.team.leader",
		"没有指定组长，或组长不在组里。从组员中选一名组长。", "办法(三) 组织考核组")
	errAssessor = fault.Define(fault.Invalid, "visit.team.assessor",
		"组员只能从考核组成员中选，同一人不能选两次。", "办法(三) 组织考核组")
	errTie = fault.Define(fault.Invalid, "visit.team.interest",
		"%s与申报单位有利害关系，不能参加考核。换一名组员。", "制度:回避")
	errAppoint = fault.Define(fault.Invalid, "visit.team.why",
		"方案规定考核组随机抽取，直接指定组员要写明理由。", "方案设定的考核组产生方式")
)

// Seat is one member of the team. The name is that of the day.
type Seat struct {
	Account id.Account `json:"account"`
	Name    string     `json:"name"`
	Leader  bool       `json:"leader,omitempty"`
	Absent  string     `json:"absent,omitempty"` // why they were not there on the day; empty: they were
	Drawn   id.Draw    `json:"drawn,omitempty"`  // the draw that put them here; empty: the office did
	Hand    id.Draw    `json:"hand,omitempty"`   // the draw whose lots were drawn by hand, where the office seated who came out
	Why     string     `json:"why,omitempty"`    // why the office did, where it has to say
}

// Replaced is somebody who left the team, and why.
type Replaced struct {
	Account id.Account `json:"account"`
	Name    string     `json:"name"`
	Why     string     `json:"why"`
	At      time.Time  `json:"at"`
}

// Of returns how many a team must have.
func Of(s programme.Visit) int {
	if s.TeamMin > 0 {
		return s.TeamMin
	}
	return Least
}

// Choice is whom the office appoints, and why where somebody leaves or the programme
// would have a draw.
type Choice struct {
	Members []id.Account
	Leader  id.Account
	Why     string
	Hand    id.Draw // the draw by hand that the visit's team comes from; empty: there was none
}

// Compose returns the team of those chosen: assessors without an interest, enough of
// them, one of whom leads (S48). Where the programme has teams drawn, whoever is
// appointed beside the draw needs a reason. Who was drawn stays drawn.
func Compose(old []Seat, c Choice, pool []Seat, s programme.Visit, ties review.Interests) ([]Seat, error) {
	team, wrong := seats(c.Members, c.Leader, pool, ties)
	if n := Of(s); len(team) < n && len(wrong) == 0 {
		wrong = append(wrong, errSize.At("team", n, len(team), n-len(team)))
	}
	if !slices.ContainsFunc(team, func(s Seat) bool { return s.Leader }) {
		wrong = append(wrong, errLeader.At("leader"))
	}
	reasoned := true
	for i := range team {
		team[i].Why, team[i].Hand = strings.TrimSpace(c.Why), c.Hand
		if len(old) > 0 {
			team[i].Hand = "" // who joins later was not among those who came out
		}
		if was := find(old, team[i].Account); was != nil {
			team[i].Drawn, team[i].Hand, team[i].Why = was.Drawn, was.Hand, was.Why
		}
		reasoned = reasoned && (s.Team != "draw" || team[i].Drawn != "" || team[i].Hand != "" || team[i].Why != "")
	}
	if !reasoned {
		wrong = append(wrong, errAppoint.At("why"))
	}
	if c.Why != "" {
		wrong = append(wrong, review.Kept("why", "换人的原因", c.Why))
	}
	return team, fault.All(wrong...)
}

func seats(members []id.Account, leader id.Account, pool []Seat, ties review.Interests) (team []Seat, wrong []*fault.Fault) {
	for n, who := range members {
		i := slices.IndexFunc(pool, func(s Seat) bool { return s.Account == who })
		switch {
		case i < 0 || slices.Contains(members[:n], who):
			wrong = append(wrong, errAssessor.At("team"))
		case ties[who] != "":
			wrong = append(wrong, errTie.At("team", pool[i].Name))
		default:
			team = append(team, Seat{Account: who, Name: pool[i].Name, Leader: who == leader})
		}
	}
	return team, wrong
}

func find(team []Seat, who id.Account) *Seat {
	for i := range team {
		if who != "" && team[i].Account == who {
			return &team[i]
		}
	}
	return nil
}

// Fill seats the next of a draw's order until the team has so many, leaving out who
// has an interest and who left. Without a leader the first of the order leads.
func Fill(team []Seat, gone []Replaced, d *draw.Draw, visit id.Visit, ties review.Interests, size int) []Seat {
	left := make([]id.Account, len(gone))
	for i, r := range gone {
		left[i] = r.Account
	}
	order := d.TeamOf(visit, ties, left)
	team = slices.Clone(team)
	for _, s := range order {
		if len(team) < size && find(team, s.Account) == nil {
			team = append(team, Seat{Account: s.Account, Name: s.Name, Drawn: d.ID})
		}
	}
	for _, s := range order {
		if seat := find(team, s.Account); seat != nil && !slices.ContainsFunc(team, func(s Seat) bool { return s.Leader }) {
			seat.Leader = true
		}
	}
	return team
}

// Origin is how a team came about.
type Origin struct {
	Drawn     id.Draw // the draw that put somebody there; empty: none
	Hand      id.Draw // the draw whose lots were drawn by hand; empty: none
	Appointed int     // how many the office chose itself
}

// By reports how a team came about.
func By(team []Seat) (o Origin) {
	for _, s := range team {
		switch {
		case s.Drawn != "":
			o.Drawn = s.Drawn
		case s.Hand != "":
			o.Hand = s.Hand
		default:
			o.Appointed++
		}
	}
	return o
}
