package invariant

import (
	"slices"

	"shifan/internal/lifecycle/designation"
	"shifan/internal/lifecycle/plan"
	"shifan/internal/lifecycle/recheck"
	"shifan/internal/lifecycle/trigger"
)

// ofTriggers are the promises of what happens to holders between rechecks.
var ofTriggers = []Invariant{
	{"trigger.fact.once", "a fact asks for a recheck of a title once", "五(二) 动态管理 (S66)", each(theTriggers, func(c *Case, t *trigger.Trigger) bool {
		return !slices.ContainsFunc(c.Triggers, func(o *trigger.Trigger) bool {
			return o.ID != t.ID && o.Designation == t.Designation && o.Fact == t.Fact
		})
	})},
	{"trigger.answered.by_recheck", "what was answered names a recheck of its own title, and nothing else does", "五(二) 动态管理 (S66, S69)", each(theTriggers, func(c *Case, t *trigger.Trigger) bool {
		if (t.State == trigger.Answered) != (t.Recheck != "") {
			return false
		}
		return t.Recheck == "" || c.Rechecks == nil || slices.ContainsFunc(c.Rechecks, func(r *recheck.Recheck) bool { return r.ID == t.Recheck && r.Designation == t.Designation })
	})},
	{"trigger.since_naming", "nothing from before the naming asks for a recheck", "五(二) 动态管理；五(一) 实事求是 (S64, S66)", each(theTriggers, func(c *Case, t *trigger.Trigger) bool {
		return t.On.IsZero() || c.Designation == nil || t.Designation != c.Designation.ID || !t.On.Before(c.Designation.NamedOn)
	})},
	{"recheck.event.caused", "a recheck that something opened names what", "五(二) 动态管理 (S66, S69)", each(theRechecks, func(c *Case, r *recheck.Recheck) bool {
		return r.Origin != recheck.OfEvent || c.Triggers == nil || slices.ContainsFunc(c.Triggers, func(t *trigger.Trigger) bool { return t.Recheck == r.ID })
	})},
	{"recheck.event.no_term", "only a recheck of its term renews a title, none that something opened or that the lot drew", "五(二) 每三年复查 (S68)", each(theRechecks, func(c *Case, r *recheck.Recheck) bool {
		return r.OfTerm() || c.Designation == nil || !slices.ContainsFunc(c.Designation.Renewals, func(n designation.Renewal) bool { return n.Recheck == r.ID })
	})},
	{"recheck.light.on_account", "a light recheck is concluded on the holder's own account only", "制度:书面自查 (S68)", each(theRechecks, func(_ *Case, r *recheck.Recheck) bool {
		return r.Depth != recheck.Light || r.ReportedAt.IsZero() || r.SelfReport != ""
	})},
	{"recheck.site.visited", "a recheck at the place is reported after somebody was there", "制度:实地复查 (S68)", each(theRechecks, func(_ *Case, r *recheck.Recheck) bool {
		return r.Depth != recheck.Site || r.ReportedAt.IsZero() || !r.VisitedOn.IsZero()
	})},
	{"plan.approved.four_eyes", "who drafted a plan does not approve it", "五(二) 从严从实审核把关 (S65, S66)", one(thePlan, func(_ *Case, p *plan.Plan) bool { return p.Approved == "" || p.Approved != p.DraftedBy })},
	{"plan.sample.by_lot", "the sample is what the published draw comes to", "制度:抽查名单先冻结，各方承诺、揭示后得出 (S66)", one(thePlan, func(_ *Case, p *plan.Plan) bool { return p.ByLot() })},
	{"plan.check.on_its_day", "no check of a sample begins before its day", "制度:年度复查计划 (S66)", one(thePlan, func(c *Case, p *plan.Plan) bool { return p.OnTime(c.Now) })},
}
