package play

import (
	"slices"

	"shifan/internal/lifecycle/designation"
	"shifan/internal/lifecycle/fact"
	"shifan/internal/lifecycle/organisation"
	"shifan/internal/lifecycle/recheck"
	"shifan/internal/lifecycle/trigger"
	"shifan/internal/store"
)

// between is what comes between two rechecks: the year's plan, which a second person
// approves, and a penalty that the office enters and the clock opens a recheck for, which
// the holder passes.
func (t *Theatre) between(l *lifeOf) {
	if t.Programme.Recheck.EveryYears > 0 {
		key := one(t.Desk.DraftPlan(t.ctx, t.Cast.Clerk, t.Programme.Name, t.today().Year))
		if t.Programme.Recheck.SampleShare == 0 && t.Programme.Recheck.SampleNumber == 0 {
			must(t.Desk.ApprovePlan(t.ctx, t.Cast.Director, key, 0))
		}
		t.later(1)
	}
	n := slices.IndexFunc(l.named, func(n int) bool { return t.title(l, n).State == designation.Valid })
	if n < 0 || !slices.Contains(t.Programme.Recheck.Triggers, trigger.Penalty) {
		return
	}
	n = l.named[n]
	org := see(t, func(tx *store.Tx) (organisation.Organisation, error) { return tx.Organisation(t.Houses[n].ID) })
	known := org.Facts
	known.Penalties = append(slices.Clone(known.Penalties), fact.Penalty{
		Number: "吉民罚〔" + t.today().String()[:4] + "〕1号", Authority: "吉林省民政厅", Kind: "warning", DecidedOn: t.today(), Source: fact.Source{Of: "行政处罚决定书"},
	})
	must(t.Desk.EditFacts(t.ctx, t.Cast.Clerk, org.ID, org.Version, known))
	t.later(1)
	all := see(t, func(tx *store.Tx) ([]recheck.Recheck, error) { return tx.RechecksOf(l.titles[n]) })
	r := all[len(all)-1]
	if !r.TakesOn() {
		return // it waits for what is under way
	}
	t.recheck(l.titles[n], false, r.DueOn)
	t.later(1)
}
