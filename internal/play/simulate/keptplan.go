package simulate

import (
	"fmt"
	"slices"
	"time"

	"shifan/internal/id"
	"shifan/internal/lifecycle/designation"
	"shifan/internal/lifecycle/draw"
	"shifan/internal/lifecycle/fact"
	"shifan/internal/lifecycle/organisation"
	"shifan/internal/lifecycle/plan"
	"shifan/internal/lifecycle/recheck"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/store"
)

// mayPlan is what may be done with the plan of the year's rechecks.
func (k *kept) mayPlan() {
	if len(k.living()) == 0 {
		return
	}
	p := read(k, func(tx *store.Tx) (plan.Plan, error) { return tx.PlanIn(k.programme.Name, k.today().Year) })
	if p.ID == "" {
		if k.chance(20) {
			k.may(1, func() {
				_, err := k.desk.DraftPlan(k.ctx, k.anyone(k.clerks), k.programme.Name, k.today().Year+k.IntN(2))
				k.try("plan.list", err)
			})
		}
		return
	}
	switch p.State {
	case plan.Draft:
		if k.chance(20) {
			k.may(1, func() {
				k.try("plan.list", k.desk.ListPlan(k.ctx, k.anyone(k.clerks), p.ID, k.seen(p.Version)))
			})
		}
		k.may(2, func() {
			until := k.now.Add(time.Duration(k.IntN(60*24)) * time.Hour)
			if !k.try("plan.freeze", k.desk.FreezePlan(k.ctx, k.anyone(k.clerks), p.ID, until, k.seen(p.Version))) && k.chance(50) {
				k.approvePlan(p) // there is nothing to draw
			}
		})
	case plan.Frozen:
		k.may(12, func() { k.drawPlan(p) })
	case plan.Drawn:
		k.may(4, func() { k.approvePlan(p) })
		if len(p.Drawn) > 0 && k.chance(20) {
			k.may(1, func() {
				k.try("plan.deepen", k.desk.DeepenPlan(k.ctx, k.anyone(k.clerks), p.ID, pick(k, p.Drawn).Designation, pick(k, []string{recheck.Light, recheck.Desk, recheck.Site}), "有群众反映", k.seen(p.Version)))
			})
		}
	case plan.Approved:
		for _, c := range p.Waiting(k.today()) {
			k.may(6, func() {
				_, err := k.desk.BeginPlanned(k.ctx, k.anyone(k.clerks), p.ID, c.Designation, []id.Account{pick(k, k.assessors).Account})
				k.try("plan.begin", err)
			})
		}
	}
}

func (k *kept) approvePlan(p plan.Plan) {
	k.try("plan.approve", k.desk.ApprovePlan(k.ctx, k.anyone(append(slices.Clone(k.directors), k.chairs...)), p.ID, k.seen(p.Version)))
}

// drawPlan has the sides commit and reveal, now and then in the wrong order or another's
// secret, and comes to the sample.
func (k *kept) drawPlan(p plan.Plan) {
	actor := pick(k, []stage.Actor{k.clerks[0], k.chairs[0], k.scrutineers[0]})
	key := fmt.Sprintf("%s@%d", p.ID, p.Lot.OpenedAt.UnixMicro())
	side := draw.SideOf(actor.Role)
	r, before := k.said(key, side)
	switch {
	case p.Lot.State == draw.Revealed:
		k.try("plan.draw", k.desk.DrawPlan(k.ctx, k.anyone(k.clerks), p.ID))
	case p.Lot.Over(k.now):
		k.try("plan.fail", k.desk.FailPlan(k.ctx, k.anyone(k.directors), p.ID, "有一方没有揭示"))
	case !before || k.chance(3):
		if k.try("plan.commit", k.desk.CommitToPlan(k.ctx, actor, p.ID, draw.Commitment{Digest: r.Commitment()})) {
			k.secrets[key+" "+side] = r
		}
	default:
		if k.chance(5) {
			r.Secret += "？"
		}
		k.try("plan.reveal", k.desk.RevealToPlan(k.ctx, actor, p.ID, r))
	}
}

// penalise lets a holder be penalised: it raises what asks for a recheck.
func (k *kept) penalise(d designation.Designation, o organisation.Organisation) {
	f := o.Facts
	f.Penalties = append(slices.Clone(f.Penalties), fact.Penalty{
		Number: fmt.Sprintf("罚%d", k.last), Authority: "民政厅", Kind: "warning", DecidedOn: k.today(), Source: fact.Source{Confirmed: true, On: k.today()},
	})
	k.try("organisation.edit_facts", k.desk.EditFacts(k.ctx, k.anyone(k.clerks), d.Organisation, k.seen(o.Version), f))
}
