package play

import (
	"shifan/internal/id"
	tally "shifan/internal/lifecycle/ballot"
)

// rank holds a ranking in which all choose the first on the agenda.
func (t *Theatre) rank(m id.Meeting, category string) {
	must(t.Desk.OpenRanking(t.ctx, t.Cast.Chair, m, category))
	r := *one(t.Desk.Meeting(t.ctx, t.Cast.Chair, m)).Ranking()
	ahead := r.Candidates[:min(r.Places, len(r.Candidates))]
	for _, by := range t.committee() {
		if one(t.Desk.Meeting(t.ctx, by, m)).Ranks {
			must(t.Desk.Rank(t.ctx, by, m, ahead))
		}
	}
	must(t.Desk.CloseRanking(t.ctx, t.Cast.Chair, m))
	if r.Paper {
		n := one(t.Desk.Meeting(t.ctx, t.Cast.Chair, m)).Ranking().Present
		c := tally.RankingCount{Issued: n, Collected: n, Points: map[id.Item]int{}}
		for place, i := range ahead {
			c.Points[i] = n
			if r.Rule == tally.Ranks {
				c.Points[i] = n * (len(r.Candidates) - place)
			}
		}
		for _, by := range t.Cast.Scrutineers[:2] {
			must(t.Desk.CountRanking(t.ctx, by, m, c))
		}
	}
	must(t.Desk.SettleRanking(t.ctx, t.Cast.Chair, m))
}
