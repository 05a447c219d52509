package invariant

import (
	"slices"

	"shifan/internal/lifecycle/designation"
	"shifan/internal/lifecycle/recheck"
	"shifan/internal/lifecycle/rectification"
	"shifan/internal/lifecycle/revocation"
)

// ofWatch are the promises of what comes after naming.
var ofWatch = []Invariant{
	{"recheck.concluded.four_eyes", "who reported a recheck does not conclude it, and it is concluded on a report", "五(二) 从严从实审核把关 (S65, S68)", each(theRechecks, func(_ *Case, r *recheck.Recheck) bool {
		return r.State != recheck.Passed && r.State != recheck.Slipped || r.ReportedBy != "" && r.Opinion != ""
	})},
	{"recheck.passed.in_time", "a recheck is passed before the title's last day is over", "三 有效期3年；五(二) (S68)", each(theRechecks, func(_ *Case, r *recheck.Recheck) bool {
		return r.State != recheck.Passed || r.ExpiresOn.IsZero() || r.ConcludedAt.Before(r.ExpiresOn.End())
	})},
	{"recheck.slipped.reasoned", "a recheck that found the standard slipping says where", "五(二) 工作退步、标准下降 (S69)", each(theRechecks, func(_ *Case, r *recheck.Recheck) bool { return r.State != recheck.Slipped || r.Reason != "" })},
	{"recheck.open.once", "a title has at most one recheck open", "五(二) 每三年复查 (S68)", each(theRechecks, func(c *Case, r *recheck.Recheck) bool {
		return over(r) || !slices.ContainsFunc(c.Rechecks, func(o *recheck.Recheck) bool { return o.ID != r.ID && !over(o) })
	})},
	{"rectification.failed.on_time", "who files no report fails after the due instant and not before", "五(二)；制度:逾期不报视为效果不明显 (S71)", each(theOrders, func(c *Case, r *rectification.Rectification) bool {
		return r.State != rectification.Failed || !r.ReportedAt.IsZero() || !r.ConcludedAt.Before(r.Due)
	})},
	{"rectification.reported.in_time", "a report counts only before the due instant", "五(二) 限期整改 (S70)", each(theOrders, func(_ *Case, r *rectification.Rectification) bool {
		return r.ReportedAt.IsZero() || r.ReportedAt.Before(r.Due)
	})},
	{"rectification.extended.once", "an order is extended no more often than the programme allows", "制度:整改期限可延长一次 (S70)", each(theOrders, func(_ *Case, r *rectification.Rectification) bool {
		return len(r.Extensions) <= r.Terms.Extensions
	})},
	{"rectification.served.first", "the time of an order runs from the day it was served", "五(二) 限期整改 (S70)", each(theOrders, func(_ *Case, r *rectification.Rectification) bool {
		return r.State == rectification.Ordered || r.State == rectification.Ended || !r.ServedOn.IsZero() && r.DueOn.After(r.ServedOn)
	})},
	{"rectification.running.marks_title", "while an order runs its title shows it", "五(二) 限期整改 (S70)", each(theOrders, func(c *Case, r *rectification.Rectification) bool {
		_, over := rectification.Kind.Ends[r.State]
		return over || c.Designation == nil || r.Designation != c.Designation.ID || c.Designation.State != designation.Valid
	})},
	{"revocation.decided.heard", "nothing is withdrawn before the holder spoke or its time to speak passed", "制度:撤销前告知并听取陈述申辩 (S72)", each(theRevocations, func(_ *Case, r *revocation.Revocation) bool {
		return r.Decision == "" || !r.NotifiedOn.IsZero() && (r.Statement != "" || !r.DecidedOn.Start().Before(r.HearingEnds))
	})},
	{"revocation.decided.by_committee", "a withdrawal has a decision of the committee", "五(二) 撤销称号 (S72)", each(theRevocations, func(_ *Case, r *revocation.Revocation) bool {
		return (r.State == revocation.Revoked || r.State == revocation.Final || r.State == revocation.Appealed) == (r.Decision != "" && r.State != revocation.Kept && r.State != revocation.Reinstated)
	})},
	{"revocation.revoked.title_gone", "a decided withdrawal has withdrawn the title, and one given back lives or has ended otherwise", "五(二) 撤销称号；制度:申诉成立恢复称号 (S72)", each(theRevocations, func(c *Case, r *revocation.Revocation) bool {
		return !r.Stands() || c.Designation == nil || r.Designation != c.Designation.ID || c.Designation.State == designation.Revoked
	})},
	{"designation.revoked.by_proceeding", "a title is withdrawn only by a proceeding that ended so", "五(二) 撤销称号 (S72)", one(theTitle, func(c *Case, d *designation.Designation) bool {
		return d.State != designation.Revoked || c.Revocations == nil || slices.ContainsFunc(c.Revocations, (*revocation.Revocation).Stands)
	})},
	{"revocation.final.after_appeal", "a withdrawal becomes final after the time to appeal or by a decision on the appeal", "制度:申诉 (S72)", each(theRevocations, func(_ *Case, r *revocation.Revocation) bool {
		return r.State != revocation.Final || r.AppealItem != "" || !r.ClosedAt.Before(r.AppealEnds)
	})},
}

func over(r *recheck.Recheck) bool {
	_, ended := recheck.Kind.Ends[r.State]
	return ended
}
