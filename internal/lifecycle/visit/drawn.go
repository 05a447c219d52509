package visit

import (
	"shifan/internal/fault"
	"shifan/internal/lifecycle/draw"
	"shifan/internal/lifecycle/review"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/lifecycle/team"
)

var errHasTeam = fault.Define(fault.Refused, "visit.draw.team",
	"考核组已经组织，抽取的结果不能用。", "办法(三) 组织考核组")

// Waits reports whether a visit waits for a team, so that one may be drawn.
func (v *Visit) Waits() bool { return v.State == Planned && len(v.Team) == 0 }

// Draw seats the team that a draw came to: the first of its order who may, the
// leader first (S48).
func (v *Visit) Draw(by stage.Actor, d *draw.Draw, ties review.Interests) (stage.Move, error) {
	m, err := Kind.Step(v.State, "draw", by.Role)
	if err != nil {
		return m, err
	}
	if !v.Waits() {
		return m, errHasTeam.New()
	}
	v.Refill(d, ties, len(d.Pool.Members))
	return m, nil
}

// Refill seats the next of the draw's order for whoever left the team, so that it
// has as many as it had.
func (v *Visit) Refill(d *draw.Draw, ties review.Interests, size int) {
	v.Team = team.Fill(v.Team, v.Replaced, d, v.ID, ties, size)
}
