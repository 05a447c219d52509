package api

import (
	"shifan/internal/id"
	"shifan/internal/lifecycle/ballot"
	"shifan/internal/lifecycle/stage"
)

// rankingRoutes choose among what a meeting carried beyond the places.
func rankingRoutes() []route {
	chair := []stage.Role{stage.Chair}
	key := func(c *call) id.Meeting { return id.Meeting(c.PathValue("id")) }
	return []route{
		act("/meetings/{id}/rankings/open", "openRanking", "Begin the vote that chooses among what was carried beyond the places.", "POST /meetings/{id}/rankings/open", chair, func(c *call, in rankingOf) error {
			return c.desk.OpenRanking(c.Context(), c.Actor, key(c), in.Category)
		}),
		act("/meetings/{id}/rankings/vote", "rank", "Choose among the candidates, in one's own order.", "POST /meetings/{id}/rankings/vote", []stage.Role{stage.Member, stage.Chair}, func(c *call, in rankingChoice) error {
			var chosen []id.Item
			for _, i := range in.Items {
				chosen = append(chosen, id.Item(i))
			}
			return c.desk.Rank(c.Context(), c.Actor, key(c), chosen)
		}),
		act("/meetings/{id}/rankings/close", "closeRanking", "End the voting in a ranking.", "POST /meetings/{id}/rankings/close", chair, func(c *call, _ none) error {
			return c.desk.CloseRanking(c.Context(), c.Actor, key(c))
		}),
		act("/meetings/{id}/rankings/count", "countRanking", "Enter a scrutineer's count of the paper ballots of a ranking.", "POST /meetings/{id}/rankings/count", []stage.Role{stage.Scrutineer}, func(c *call, in rankingCount) error {
			points := map[id.Item]int{}
			for i, n := range in.Points {
				points[id.Item(i)] = n
			}
			return c.desk.CountRanking(c.Context(), c.Actor, key(c), ballot.RankingCount{Issued: in.Issued, Collected: in.Collected, Invalid: in.Invalid, Points: points})
		}),
		act("/meetings/{id}/rankings/settle", "settleRanking", "Declare the result of a ranking.", "POST /meetings/{id}/rankings/settle", chair, func(c *call, _ none) error {
			return c.desk.SettleRanking(c.Context(), c.Actor, key(c))
		}),
		act("/meetings/{id}/rankings/void", "voidRanking", "Declare a ranking void.", "POST /meetings/{id}/rankings/void", chair, func(c *call, in reasoned) error {
			return c.desk.VoidRanking(c.Context(), c.Actor, key(c), in.Reason)
		}),
	}
}

// rankingData is one vote that chooses n of m.
type rankingData struct {
	Number     int            `json:"number" doc:"in the meeting, from 1"`
	Category   string         `json:"category,omitempty"`
	Rule       string         `json:"rule" doc:"marks or ranks"`
	Paper      bool           `json:"paper,omitempty"`
	Places     int            `json:"places"`
	Candidates []string       `json:"candidates" doc:"items"`
	State      string         `json:"state" doc:"open, counted, settled or void"`
	Cast       int            `json:"cast"`
	Points     map[string]int `json:"points,omitempty" doc:"by item, once they may be known"`
	Reason     string         `json:"reason,omitempty"`
}

func rankingDataOf(r ballot.Ranking) rankingData {
	d := rankingData{Number: r.Number, Category: r.Category, Rule: r.Rule, Paper: r.Paper, Places: r.Places, State: r.State, Cast: r.Cast, Reason: r.Reason}
	for _, i := range r.Candidates {
		d.Candidates = append(d.Candidates, string(i))
	}
	for i, n := range r.Points {
		if d.Points == nil {
			d.Points = map[string]int{}
		}
		d.Points[string(i)] = n
	}
	return d
}

// rankingOf says among what a ranking chooses.
type rankingOf struct {
	Category string `json:"category,omitempty" doc:"the category that has more than its places; empty where one bound holds for all"`
}

// rankingChoice is what a member chooses.
type rankingChoice struct {
	Items []string `json:"items" doc:"the items that are chosen, the first place first; none is an abstention"`
}

// rankingCount is what a scrutineer counted.
type rankingCount struct {
	Issued    int            `json:"issued"`
	Collected int            `json:"collected"`
	Invalid   int            `json:"invalid"`
	Points    map[string]int `json:"points" doc:"by item: how many marks, or the points that its places give"`
}
