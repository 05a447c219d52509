package ballot

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/programme"
)

// The programme's rules by which a ranking chooses n of m.
const (
	Marks = "marks" // each marks at most n candidates; the most marks are in
	Ranks = "ranks" // each puts candidates in order: of m the first gets m points, the next m-1; the most points are in
)

// The states of a ranking.
const (
	RankingOpen    = "open"    // votes are given, on paper or here
	RankingCounted = "counted" // no vote comes any more; the result is to be counted or declared
	RankingSettled = "settled" // declared: it counts among the places
	RankingVoid    = "void"    // decides nothing
)

// Ranking (差额表决) is one vote among the m carried items of a category for which there
// are only n places (S54). What it gave each is one more figure for Rank.
type Ranking struct {
	Number     int             `json:"number"` // in the meeting, from 1
	Category   string          `json:"category,omitempty"`
	Rule       string          `json:"rule"` // Marks or Ranks
	Paper      bool            `json:"paper,omitempty"`
	Places     int             `json:"places"`     // n
	Candidates []id.Item       `json:"candidates"` // m, in the order of the agenda
	State      string          `json:"state"`
	Cast       int             `json:"cast,omitempty"`
	Choices    []Choice        `json:"choices,omitempty"` // of a named one
	Counts     []RankingCount  `json:"counts,omitempty"`  // of paper ones, at most one a scrutineer
	Entitled   int             `json:"entitled,omitempty"`
	Present    int             `json:"present,omitempty"` // once it is closed
	Points     map[id.Item]int `json:"points,omitempty"`  // once they are known
	Reason     string          `json:"reason,omitempty"`
	OpenedAt   time.Time       `json:"opened_at"`
	EndedAt    time.Time       `json:"ended_at,omitzero"`
}

// Choice is what one member chose: under Ranks in their order.
type Choice struct {
	Account id.Account `json:"account"`
	Items   []id.Item  `json:"items"` // none: an abstention
	At      time.Time  `json:"at"`
}

// RankingCount is one scrutineer's count of the paper ballots of a ranking.
type RankingCount struct {
	By        id.Account      `json:"by"`
	Issued    int             `json:"issued"`
	Collected int             `json:"collected"`
	Invalid   int             `json:"invalid"`
	Points    map[id.Item]int `json:"points"`
}

var (
	errForeign = fault.Define(fault.Invalid, "ballot.ranking.candidate",
		"选了不在候选里的项，或者同一项选了两次。从列出的候选里选，每项一次。", "方案设定的超额办法")
	errMost = fault.Define(fault.Invalid, "ballot.ranking.most",
		"选了%d项，最多选%d项。去掉多选的再提交。", "方案设定的超额办法:名额几个，最多选几个")
	errMore = fault.Define(fault.Invalid, "ballot.ranking.points",
		"“得票”一栏合起来超过有效票能给出的数（有效%d张，一项最多%d，合计最多%d）。重新清点。", "制度:计票相符")
)

// Allows refuses a choice that the rule does not allow: what is no candidate, one twice, or
// under Marks more than there are places. To choose fewer, or nothing, is allowed.
func (r *Ranking) Allows(chosen []id.Item) error {
	seen := map[id.Item]bool{}
	for _, i := range chosen {
		if seen[i] || !slices.Contains(r.Candidates, i) {
			return errForeign.At("choice")
		}
		seen[i] = true
	}
	if r.Rule == Marks && len(chosen) > r.Places {
		return errMost.At("choice", len(chosen), r.Places)
	}
	return nil
}

// worth is what a place in somebody's order gives, from 0.
func (r *Ranking) worth(place int) int {
	if r.Rule == Ranks {
		return len(r.Candidates) - place
	}
	return 1
}

// Count adds up what members chose. Who is not chosen has 0.
func (r *Ranking) Count() map[id.Item]int {
	points := map[id.Item]int{}
	for _, i := range r.Candidates {
		points[i] = 0
	}
	for _, c := range r.Choices {
		for place, i := range c.Items {
			points[i] += r.worth(place)
		}
	}
	return points
}

// Check: paper ballots are no more than members present; what the candidates have is no
// more than the valid ones can give.
func (r *Ranking) Check(c RankingCount) error {
	m, whole := len(r.Candidates), min(r.Places, len(r.Candidates))
	if r.Rule == Ranks {
		whole = m * (m + 1) / 2
	}
	t := Tally{Issued: c.Issued, Collected: c.Collected, Invalid: c.Invalid, Abstentions: c.Collected - c.Invalid}
	if err := t.Check(r.Present); err != nil {
		return err
	}
	valid, sum := t.Abstentions, 0
	for _, i := range r.Candidates {
		p := c.Points[i]
		if sum += p; p < 0 || p > valid*r.worth(0) {
			return errMore.At("points-"+string(i), valid, valid*r.worth(0), valid*whole)
		}
	}
	if sum > valid*whole {
		return errMore.At("points-"+string(r.Candidates[0]), valid, valid*r.worth(0), valid*whole)
	}
	return nil
}

// Agreed returns the count at which two scrutineers arrived alike.
func (r *Ranking) Agreed() (RankingCount, bool) {
	for n, c := range r.Counts {
		for _, d := range r.Counts[n+1:] {
			if c.By != d.By && c.Issued == d.Issued && c.Collected == d.Collected && c.Invalid == d.Invalid && maps.Equal(c.Points, d.Points) {
				return c, true
			}
		}
	}
	return RankingCount{}, false
}

// Chosen is one line of the result of a ranking.
type Chosen struct {
	Item   id.Item
	Points int
	Sum    string // how the points come about, where the single votes are known: 3×2 + 2×1 = 8
	Fate   string // in, out, or again: level at the edge
}

// Result says what the points give: the most first; those level at the edge of the places
// are voted on again.
func (r *Ranking) Result() (all []Chosen) {
	if r.Points == nil {
		return nil
	}
	var ranked []Ranked
	for _, i := range r.Candidates {
		ranked = append(ranked, Ranked{Item: i, Ayes: []int{r.Points[i]}})
	}
	cut := Rank("", r.Places, ranked)
	for _, i := range r.Candidates {
		fate := "in"
		switch {
		case slices.Contains(cut.Out, i):
			fate = "out"
		case slices.Contains(cut.Again, i):
			fate = "again"
		}
		all = append(all, Chosen{i, r.Points[i], r.sum(i), fate})
	}
	slices.SortStableFunc(all, func(a, b Chosen) int { return b.Points - a.Points })
	return all
}

func (r *Ranking) sum(i id.Item) string {
	if r.Paper || r.Rule == Marks || len(r.Choices) == 0 {
		return ""
	}
	times := make([]int, len(r.Candidates))
	for _, c := range r.Choices {
		if place := slices.Index(c.Items, i); place >= 0 {
			times[place]++
		}
	}
	var parts []string
	for place, n := range times {
		if n > 0 {
			parts = append(parts, fmt.Sprintf("%d×%d", r.worth(place), n))
		}
	}
	if len(parts) == 0 {
		return "0"
	}
	return fmt.Sprintf("%s = %d", strings.Join(parts, " + "), r.Points[i])
}

// Chooses reports whether a programme tells what is beyond its places apart by rankings.
func Chooses(rules programme.Meeting) bool {
	return rules.OverQuota == Marks || rules.OverQuota == Ranks
}
