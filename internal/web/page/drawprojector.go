package page

import (
	"strconv"
	"time"

	"shifan/internal/casework"
	"shifan/internal/lifecycle/draw"
)

// DrawRefresh is how often the projector of a draw shows itself anew, and how long each
// row of its result waits for the one before.
const DrawRefresh = 5 * time.Second

// drawRow is one seat of a result.
type drawRow struct{ Case, Seat, Who string }

// drawRows are the rows of a result that are shown by now: one at the end of the draw, and
// one more after every DrawRefresh. Before the result there are none.
func drawRows(v casework.DrawView) (rows []drawRow) {
	if v.Draw.State != draw.Concluded {
		return nil
	}
	for _, team := range v.Teams {
		for n, m := range team.Members {
			r := drawRow{Case: caseSay(v, team.Case), Seat: strconv.Itoa(n + 1), Who: memberSay(v, m)}
			if n == 0 {
				r.Seat += "（组长）"
			}
			rows = append(rows, r)
		}
	}
	return rows[:min(len(rows), 1+max(0, int(v.Now.Sub(v.Draw.EndedAt)/DrawRefresh)))]
}

func drawRevealed(v casework.DrawView) (n int) {
	for _, p := range v.Draw.Parties {
		if !p.RevealedAt.IsZero() {
			n++
		}
	}
	return n
}
