package invariant

import (
	"slices"

	"shifan/internal/lifecycle/designation"
	"shifan/internal/lifecycle/recheck"
	"shifan/internal/lifecycle/rectification"
)

// ofTitle are the promises of a title.
var ofTitle = []Invariant{
	{"designation.valid.order", "a title begins on or after its naming and ends on or after its beginning", "三 有效期3年 (S15)", one(theTitle, func(_ *Case, d *designation.Designation) bool {
		return !d.NamedOn.IsZero() && !d.ValidFrom.Before(d.NamedOn) && (d.ValidTo.IsZero() || !d.ValidTo.Before(d.ValidFrom))
	})},
	{"designation.live.in_force", "a title that lives has not passed its last day by more than the clock needs", "三 有效期3年 (S15)", one(theTitle, func(c *Case, d *designation.Designation) bool {
		return !d.Live() || d.ValidTo.IsZero() || c.Now.Before(d.ValidTo.AddDays(2).End()) || d.ChangedAt.After(d.ValidTo.End()) && c.Now.Before(d.ChangedAt.AddDate(0, 0, 2))
	})},
	{"designation.expired.on_its_day", "a title expires after 24:00 of its last valid day and not before", "三 有效期3年 (S15)", one(theTitle, func(c *Case, d *designation.Designation) bool {
		return d.State != designation.Expired || !c.Now.Before(d.ValidTo.End()) && d.EndedOn == d.ValidTo
	})},
	{"designation.ended.dated", "an ended title has the day and the reason of its end; a living one has neither", "五(二) 动态管理 (S66)", one(theTitle, func(_ *Case, d *designation.Designation) bool {
		return d.Live() == d.EndedOn.IsZero() && d.Live() == (d.Reason == "")
	})},
	{"designation.history.last", "the last line of a title's history is its state, and the first its beginning", "五(二) 动态管理、能上能下 (S66)", one(theTitle, func(_ *Case, d *designation.Designation) bool {
		return len(d.History) > 0 && d.History[len(d.History)-1].To == d.State && d.History[0].To == designation.Valid
	})},
	{"designation.history.in_order", "a title's history is in the order of its days", "五(二) 动态管理 (S66)", one(theTitle, func(_ *Case, d *designation.Designation) bool {
		for n := 1; n < len(d.History); n++ {
			if d.History[n].On.Before(d.History[0].On) {
				return false
			}
		}
		return true
	})},
	{"designation.recheck.before_end", "a recheck falls due before the title's last day", "五(二) 每三年复查 (S68)", one(theTitle, func(_ *Case, d *designation.Designation) bool {
		return d.RecheckDue.IsZero() || d.ValidTo.IsZero() || d.RecheckDue.Before(d.ValidTo) || d.RecheckDue == d.ValidFrom
	})},
	{"designation.renewed.seamless", "renewals follow one another with no day between and none twice", "五(二)；方案设定 (S68)", one(theTitle, func(_ *Case, d *designation.Designation) bool {
		for n, r := range d.Renewals {
			if r.To.Before(r.From) || n > 0 && r.From != d.Renewals[n-1].To.AddDays(1) {
				return false
			}
		}
		return len(d.Renewals) == 0 || d.Renewals[len(d.Renewals)-1].To == d.ValidTo
	})},
	{"designation.renewed.by_recheck", "a title is renewed only by a recheck that was passed, or whose shortcomings were put right", "五(二) 每三年复查、限期整改 (S68, S70)", one(theTitle, func(c *Case, d *designation.Designation) bool {
		return c.Rechecks == nil || !slices.ContainsFunc(d.Renewals, func(r designation.Renewal) bool { return !c.earned(r) })
	})},
	{"designation.succeeded.named", "a title that passed to a successor names the successor's", "制度:合并分立经决定承继 (S73)", one(theTitle, func(_ *Case, d *designation.Designation) bool {
		return (d.State == designation.Succeeded) == (d.Successor != "")
	})},
}

// earned reports whether a renewal follows from a recheck that was passed, or from
// an order of one that slipped and that was met.
func (c *Case) earned(r designation.Renewal) bool {
	return slices.ContainsFunc(c.Rechecks, func(k *recheck.Recheck) bool {
		return k.ID == r.Recheck && (k.State == recheck.Passed || k.State == recheck.Slipped && (c.Rectifications == nil || c.putRight(k)))
	})
}

func (c *Case) putRight(k *recheck.Recheck) bool {
	return slices.ContainsFunc(c.Rectifications, func(o *rectification.Rectification) bool {
		return o.Recheck == k.ID && o.State == rectification.Passed
	})
}
