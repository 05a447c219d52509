package simulate

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"shifan/internal/id"
	"shifan/internal/lifecycle/draw"
	"shifan/internal/lifecycle/round"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/lifecycle/visit"
	"shifan/internal/lot"
	"shifan/internal/store"
)

// said is what a side committed to, made up, or what it did; the same side of the same draw
// gets the same.
func (k *kept) said(of, side string) (r lot.Reveal, before bool) {
	key := of + " " + side
	if r, before = k.secrets[key]; !before {
		r = lot.Reveal{Secret: fmt.Sprintf("秘密%08d", k.IntN(1e8)), Nonce: strings.Repeat(fmt.Sprintf("%08x", k.Uint32()), 4)}
	}
	return r, before
}

// mayDraw is what may be done about the teams of rounds that are drawn by lot.
func (k *kept) mayDraw() {
	if !k.draws {
		return
	}
	for _, r := range k.running() {
		all := read(k, func(tx *store.Tx) ([]draw.Draw, error) { return tx.DrawsOf(r.ID) })
		open := slices.ContainsFunc(all, func(w draw.Draw) bool { return w.Live() && w.State != draw.Concluded })
		for _, w := range all {
			switch w.State {
			case draw.Frozen, draw.Ruled, draw.Committed, draw.Revealed:
				k.may(40, func() { k.carryOn(w) })
			case draw.Failed:
				k.may(20, func() { k.again(w) })
			}
		}
		if cases := k.undrawn(r, all); !open && len(cases) > 0 || k.chance(1) {
			k.may(12, func() {
				_, err := k.desk.OpenDraw(k.ctx, k.anyone(k.clerks), r.ID, cases)
				k.try("draw.freeze", err)
			})
		}
	}
}

// undrawn lists the visits of a round that wait for a team and are in no draw.
func (k *kept) undrawn(r round.Round, draws []draw.Draw) (cases []id.Visit) {
	for _, v := range read(k, func(tx *store.Tx) ([]visit.Visit, error) { return tx.VisitsOf(r.ID) }) {
		taken := slices.ContainsFunc(draws, func(w draw.Draw) bool {
			return (w.Live() || w.State == draw.Manual) && w.Case(v.ID) != nil
		})
		if v.Waits() && !taken {
			cases = append(cases, v.ID)
		}
	}
	return cases
}

// byHand reports whether lots were drawn by hand for a visit.
func (k *kept) byHand(v visit.Visit) bool {
	return slices.ContainsFunc(read(k, func(tx *store.Tx) ([]draw.Draw, error) { return tx.DrawsOf(v.Round) }), func(w draw.Draw) bool {
		return w.State == draw.Manual && w.Case(v.ID) != nil
	})
}

// carryOn takes a draw on: the rule, the commitments, the reveals, the result; now and
// then something that may not be done any more.
func (k *kept) carryOn(w draw.Draw) {
	if k.chance(5) {
		k.meddle(w)
		return
	}
	switch {
	case w.State == draw.Frozen:
		until := k.now.Add(time.Duration(4*24+k.IntN(30*24)) * time.Hour)
		external := ""
		if k.chance(25) {
			external = "福利彩票3D当日开奖号码"
		}
		k.try("draw.rule", k.desk.RuleDraw(k.ctx, k.anyone(k.directors), w.ID, until, external))
	case w.Over(k.now) && (w.State == draw.Ruled || w.State == draw.Committed):
		k.try("draw.fail", k.desk.FailDraw(k.ctx, k.anyone(k.directors), w.ID, "有一方没有揭示"))
	case w.State == draw.Ruled && len(w.Parties) >= lot.LeastParties && k.chance(70):
		k.try("draw.close", k.desk.CloseDraw(k.ctx, k.anyone(k.directors), w.ID))
	case w.State == draw.Ruled || w.State == draw.Committed:
		for range 1 + k.IntN(4) {
			k.takeSide(read(k, func(tx *store.Tx) (draw.Draw, error) { return tx.Draw(w.ID) }))
			k.tickle()
		}
	default:
		k.concludeDraw(w)
	}
}

// party is somebody who takes a side in a draw, with the side: most of the time one that
// has something left to do.
func (k *kept) party(w draw.Draw) (by stage.Actor, side string) {
	for range 6 {
		by = pick(k, []stage.Actor{k.clerks[0], k.scrutineers[0], k.chairs[0], k.hostOf(w)})
		side = draw.SideOf(by.Role)
		p := w.Party(side)
		if w.State == draw.Ruled && p == nil || w.State == draw.Committed && p != nil && p.RevealedAt.IsZero() || k.chance(3) {
			break
		}
	}
	return by, side
}

// hostOf acts for an organisation that is visited, or now and then for another.
func (k *kept) hostOf(w draw.Draw) stage.Actor {
	return k.applicant(w.Cases[0].Organisation)
}

// takeSide has a side commit or reveal.
func (k *kept) takeSide(w draw.Draw) {
	switch w.State {
	case draw.Ruled:
		k.commit(w)
	case draw.Committed:
		k.reveal(w)
	}
}

func (k *kept) commit(w draw.Draw) {
	by, side := k.party(w)
	if k.chance(4) {
		by = pick(k, k.assessors) // who may be drawn takes no side
	}
	r, _ := k.said(string(w.ID), side)
	c := draw.Commitment{Digest: r.Commitment()}
	if k.chance(30) {
		c = draw.Commitment{Reveal: r}
	}
	if k.try("draw.commit", k.desk.CommitToDraw(k.ctx, by, w.ID, c)) {
		k.secrets[string(w.ID)+" "+side] = r
	}
}

// reveal shows what a side committed to; one in ten sides never does.
func (k *kept) reveal(w draw.Draw) {
	by, side := k.party(w)
	r, _ := k.said(string(w.ID), side)
	if p := w.Party(side); r.Secret[len(r.Secret)-1] == '7' && p != nil && p.RevealedAt.IsZero() {
		return
	}
	if k.chance(5) {
		r.Secret += "？"
	}
	k.try("draw.reveal", k.desk.RevealToDraw(k.ctx, by, w.ID, r))
}

// concludeDraw has the value from outside typed, and comes to the order.
func (k *kept) concludeDraw(w draw.Draw) {
	if _, agreed := w.Value(); w.Rule.External != "" && !agreed && k.chance(95) {
		by := pick(k, append(slices.Clone(k.clerks), k.directors...))
		k.try("draw.value", k.desk.EnterDrawValue(k.ctx, by, w.ID, pick(k, []string{"3 5 7", "3 5 7", "3 5 1"})))
		return
	}
	k.try("draw.conclude", k.desk.ConcludeDraw(k.ctx, k.anyone(k.clerks), w.ID))
}

// meddle tries what would let somebody choose: another pool, no draw at all, a failure
// before the time, too few sides.
func (k *kept) meddle(w draw.Draw) {
	by := pick(k, pick(k, [][]stage.Actor{k.clerks, k.directors}))
	switch k.IntN(4) {
	case 0:
		k.try("draw.freeze", k.desk.RefreezeDraw(k.ctx, by, w.ID))
	case 1:
		k.try("draw.cancel", k.desk.CancelDraw(k.ctx, by, w.ID, "不用抽取"))
	case 2:
		k.try("draw.fail", k.desk.FailDraw(k.ctx, by, w.ID, "有一方没有揭示"))
	default:
		k.try("draw.close", k.desk.CloseDraw(k.ctx, by, w.ID))
	}
}

// again lets a draw that failed begin once more, and after two has lots drawn by hand.
func (k *kept) again(w draw.Draw) {
	if w.Attempt > 1 || k.chance(5) {
		k.try("draw.manual", k.desk.DrawByHand(k.ctx, k.anyone(k.scrutineers), w.ID, "监督方主持，现场抽签"))
		return
	}
	_, err := k.desk.RestartDraw(k.ctx, k.anyone(k.clerks), w.ID)
	k.try("draw.restart", err)
}
