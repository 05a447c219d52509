package invariant

import (
	"slices"

	"shifan/internal/lifecycle/plan"
	"shifan/internal/lifecycle/recheck"
	"shifan/internal/lot"
)

// ofPlans are the promises of the yearly plan of checks and of how deep they look.
var ofPlans = []Invariant{
	{"plan.approved.four_eyes", "who drafted a plan does not approve it", "五(二) 从严从实审核把关 (S65, S66)", one(thePlan, func(_ *Case, p *plan.Plan) bool {
		return p.Approved == "" || p.Approved != p.DraftedBy
	})},
	{"plan.sample.by_lot", "the sample is what the published draw comes to", "制度:抽查名单先冻结，各方承诺、揭示后得出 (S66)", one(thePlan, func(_ *Case, p *plan.Plan) bool {
		ranking := p.Lot.Ranking()
		if len(p.Drawn) == 0 || ranking == nil {
			return len(p.Drawn) == 0
		}
		team := lot.TeamFor(p.Lot.Rule, ranking, func(string) bool { return false })
		return slices.EqualFunc(p.Drawn, team, func(c plan.Check, member string) bool {
			return lot.Key("member", p.Lot.Pool.ID, string(c.Designation)) == member
		})
	})},
	{"plan.check.on_its_day", "no check of a sample begins before its day", "制度:年度复查计划 (S66)", one(thePlan, func(c *Case, p *plan.Plan) bool {
		return !slices.ContainsFunc(p.Drawn, func(w plan.Check) bool {
			return w.Recheck != "" && (w.OpensOn.IsZero() || c.Now.Before(w.OpensOn.Start()))
		})
	})},
	{"recheck.sample.no_term", "a recheck of a sample renews no title", "五(二) 每三年复查 (S68)", each(theRechecks, func(c *Case, r *recheck.Recheck) bool {
		if r.Plan == "" || c.Designation == nil {
			return true
		}
		for _, n := range c.Designation.Renewals {
			if n.Recheck == r.ID {
				return false
			}
		}
		return true
	})},
	{"recheck.light.on_account", "a light recheck is concluded on the holder's own account only", "制度:书面自查 (S68)", each(theRechecks, func(_ *Case, r *recheck.Recheck) bool {
		return r.Depth != recheck.Light || r.ReportedAt.IsZero() || r.SelfReport != ""
	})},
	{"recheck.site.visited", "a recheck at the place is reported after somebody was there", "制度:实地复查 (S68)", each(theRechecks, func(_ *Case, r *recheck.Recheck) bool {
		return r.Depth != recheck.Site || r.ReportedAt.IsZero() || !r.VisitedOn.IsZero()
	})},
}
