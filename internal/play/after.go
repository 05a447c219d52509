package play

import (
	"shifan/internal/casework"
	"shifan/internal/id"
	"shifan/internal/lifecycle/designation"
	"shifan/internal/lifecycle/item"
	"shifan/internal/lifecycle/recheck"
	"shifan/internal/lifecycle/rectification"
	"shifan/internal/lifecycle/revocation"
	"shifan/internal/store"
)

// after is what comes when the first titles are to be rechecked: one passes, one
// is put right, one is not and is withdrawn, one is given back.
func (t *Theatre) after(l *lifeOf) {
	if t.Programme.Recheck.EveryYears == 0 {
		return
	}
	d := t.title(l, 0)
	t.on(recheck.OpensOn(d, t.Programme.Recheck), 10)
	t.later(3)
	for n := range 3 {
		t.recheck(l, n, n > 0)
	}
	must(t.Desk.ReturnDesignation(t.ctx, t.Houses[4].By, l.titles[4], 0, "业务转型，自愿交回称号。"))
	t.rectify(l)
	t.revoke(l)
	t.later(90)
}

func (t *Theatre) title(l *lifeOf, n int) designation.Designation {
	return see(t, func(tx *store.Tx) (designation.Designation, error) { return tx.Designation(l.titles[n]) })
}

// recheck looks at a title again: it passes, or the standard has slipped.
func (t *Theatre) recheck(l *lifeOf, n int, slips bool) {
	all := see(t, func(tx *store.Tx) ([]recheck.Recheck, error) { return tx.RechecksOf(l.titles[n]) })
	r := all[len(all)-1]
	by := t.Cast.Assessors[3]
	must(t.Desk.BeginRecheck(t.ctx, t.Cast.Clerk, r.ID, []id.Account{by.Account}, 0))
	must(t.Desk.ReportSelf(t.ctx, t.Houses[n].By, r.ID, "三年来坚持标准，各项工作有新进展。", 0))
	t.later(1)
	findings := map[string]recheck.Finding{}
	for k, i := range t.Programme.Indicators(t.today().Year) {
		f := recheck.Finding{Then: r.Findings[i.Code].Then, Now: "meets"}
		if slips && k == 0 {
			f.Now, f.Note = "fails", "近两年没有开展，台账缺失。"
		}
		findings[i.Code] = f
	}
	must(t.Desk.ReportRecheck(t.ctx, by, r.ID, findings, "总体情况如上。", 0))
	if slips {
		must(t.Desk.SlipRecheck(t.ctx, t.Cast.Chair, r.ID, "教育培训中断，标准下降。", 0))
		return
	}
	must(t.Desk.PassRecheck(t.ctx, t.Cast.Chair, r.ID, "", 0))
}

// rectify orders two holders to put things right; the first does, the second files
// nothing until the time is over.
func (t *Theatre) rectify(l *lifeOf) {
	orders := map[int]id.Rectification{}
	for n := 1; n < 3; n++ {
		all := see(t, func(tx *store.Tx) ([]recheck.Recheck, error) { return tx.RechecksOf(l.titles[n]) })
		orders[n] = one(t.Desk.OrderRectification(t.ctx, t.Cast.Chair, casework.RectificationOrder{
			Recheck: all[len(all)-1].ID, Items: []string{"恢复每年的教育培训，补齐台账。", "明确专人负责。"},
		}))
		must(t.Desk.ServeRectification(t.ctx, t.Cast.Clerk, orders[n], t.today(), 0))
	}
	t.later(12)
	for k := range 2 {
		must(t.Desk.AnswerRectification(t.ctx, t.Houses[1].By, orders[1], k+1, "已完成整改。", "培训记录和照片", 0))
	}
	must(t.Desk.ReportRectification(t.ctx, t.Houses[1].By, orders[1], 0))
	t.later(3)
	marks := []rectification.Item{{Evident: true, Note: "属实"}, {Evident: true, Note: "属实"}}
	must(t.Desk.VerifyRectification(t.ctx, t.Cast.Assessors[3], orders[1], "site", marks, "整改到位。", 0))
	t.meet("", "第4次全体委员会议（整改结论）", []ballot{{subject: item.Subject{Kind: "rectification", ID: string(orders[1])}, ayes: -1}})
	due := see(t, func(tx *store.Tx) (rectification.Rectification, error) { return tx.Rectification(orders[2]) }).Due
	t.to(due)
}

// revoke withdraws the title of who did not put things right, after it was heard.
func (t *Theatre) revoke(l *lifeOf) {
	t.later(1)
	var key id.Revocation
	all := see(t, func(tx *store.Tx) ([]revocation.Revocation, error) { return tx.RevocationsOf(l.titles[2]) })
	if len(all) > 0 {
		key = all[0].ID
	} else {
		key = one(t.Desk.ProposeRevocation(t.ctx, t.Cast.Clerk, l.titles[2], revocation.Rectification, "限期整改，逾期未报，效果不明显。"))
	}
	must(t.Desk.NotifyRevocation(t.ctx, t.Cast.Clerk, key, t.today(), 0))
	t.later(1)
	must(t.Desk.StateAgainstRevocation(t.ctx, t.Houses[2].By, key, "因人员变动耽误，希望延长时间。", 0))
	t.meet("", "第5次全体委员会议（撤销称号）", []ballot{{subject: item.Subject{Kind: "revocation", ID: string(key)}, ayes: -1}})
}
