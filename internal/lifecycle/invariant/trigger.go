package invariant

import (
	"slices"

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
	{"recheck.event.no_term", "a recheck that something opened renews no title", "五(二) 每三年复查 (S68)", each(theRechecks, func(c *Case, r *recheck.Recheck) bool {
		if r.Origin != recheck.OfEvent || c.Designation == nil {
			return true
		}
		for _, n := range c.Designation.Renewals {
			if n.Recheck == r.ID {
				return false
			}
		}
		return true
	})},
}
