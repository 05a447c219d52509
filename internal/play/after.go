package play

import (
	"time"

	"shifan/internal/calendar"
	"shifan/internal/casework"
	"shifan/internal/id"
	"shifan/internal/lifecycle/designation"
	"shifan/internal/lifecycle/item"
	"shifan/internal/lifecycle/recheck"
	"shifan/internal/lifecycle/rectification"
	"shifan/internal/lifecycle/revocation"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/store"
)

// after is what comes when the first titles are to be rechecked: one passes, one
// is put right, one is not and is withdrawn, one is given back; of fewer titles the
// first of these.
func (t *Theatre) after(l *lifeOf) {
	opens, ok := t.recheckOpens(l)
	if !ok {
		return
	}
	t.on(opens, 10)
	due := see(t, func(tx *store.Tx) ([]recheck.Recheck, error) { return tx.RechecksOf(l.titles[l.named[0]]) })[0].DueOn
	t.laterBefore(3, due)
	for n := range min(3, len(l.named)) {
		t.recheck(l.titles[l.named[n]], n > 0, due)
	}
	if len(l.named) > 3 {
		n := l.named[3]
		must(t.Desk.ReturnDesignation(t.ctx, t.Houses[n].By, l.titles[n], 0, "业务转型，自愿交回称号。"))
	}
	t.rectify(l)
	t.later(90)
}

// recheckOpens is the day on which the first title's recheck opens, if there is to
// be one.
func (t *Theatre) recheckOpens(l *lifeOf) (calendar.Date, bool) {
	if t.Programme.Recheck.EveryYears == 0 || len(l.named) == 0 {
		return calendar.Date{}, false
	}
	d := t.title(l, l.named[0])
	if d.State != designation.Valid {
		return calendar.Date{}, false
	}
	return recheck.OpensOn(d, t.Programme.Recheck), true
}

// laterBefore moves the clock by some days, unless that would reach a day.
func (t *Theatre) laterBefore(days int, day calendar.Date) {
	if t.today().AddDays(days).Before(day) {
		t.later(days)
	}
}

func (t *Theatre) title(l *lifeOf, n int) designation.Designation { return t.titled(l.titles[n]) }

func (t *Theatre) titled(key id.Designation) designation.Designation {
	return see(t, func(tx *store.Tx) (designation.Designation, error) { return tx.Designation(key) })
}

// holder acts for who holds a title.
func (t *Theatre) holder(key id.Designation) stage.Actor {
	return t.house(t.titled(key).Organisation).By
}

// lastRecheck is the latest recheck of a title; one without an identifier when there was
// none.
func (t *Theatre) lastRecheck(key id.Designation) (last recheck.Recheck) {
	for _, r := range see(t, func(tx *store.Tx) ([]recheck.Recheck, error) { return tx.RechecksOf(key) }) {
		last = r
	}
	return last
}

// recheck looks at a title again: it passes, or the standard has slipped.
func (t *Theatre) recheck(key id.Designation, slips bool, due calendar.Date) {
	r := t.lastRecheck(key)
	by := t.Cast.Assessors[3]
	must(t.Desk.BeginRecheck(t.ctx, t.Cast.Clerk, r.ID, []id.Account{by.Account}, 0))
	must(t.Desk.ReportSelf(t.ctx, t.holder(key), r.ID, "三年来坚持标准，各项工作有新进展。", 0))
	t.laterBefore(1, due)
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

// rectify orders the second and the third holder to put things right; the second
// does, the third files nothing until the time is over.
func (t *Theatre) rectify(l *lifeOf) {
	orders := map[int]id.Rectification{}
	for _, n := range l.named[min(1, len(l.named)):min(3, len(l.named))] {
		orders[n] = t.order(l.titles[n])
	}
	if len(l.named) > 1 {
		t.putRight(l.named[1], orders[l.named[1]])
	}
	if len(l.named) > 2 {
		t.to(see(t, func(tx *store.Tx) (rectification.Rectification, error) { return tx.Rectification(orders[l.named[2]]) }).Due)
		t.revoke(l.titles[l.named[2]], "第5次")
	}
}

// order orders the holder of a title to put things right, and serves the order.
func (t *Theatre) order(title id.Designation) id.Rectification {
	key := one(t.Desk.OrderRectification(t.ctx, t.Cast.Chair, casework.RectificationOrder{
		Recheck: t.lastRecheck(title).ID, Items: []string{"恢复每年的教育培训，补齐台账。", "明确专人负责。"},
	}))
	must(t.Desk.ServeRectification(t.ctx, t.Cast.Clerk, key, t.today(), 0))
	return key
}

// putRight answers an order, and lets it be verified and decided.
func (t *Theatre) putRight(n int, order id.Rectification) {
	due := see(t, func(tx *store.Tx) (rectification.Rectification, error) { return tx.Rectification(order) }).Due
	t.laterBefore(12, calendar.DateOf(due.Add(-time.Second)))
	at := func() stage.State {
		return see(t, func(tx *store.Tx) (rectification.Rectification, error) { return tx.Rectification(order) }).State
	}
	if at() != rectification.Running {
		return // the title's own time was up before
	}
	by := t.Houses[n].By
	for k := range 2 {
		must(t.Desk.AnswerRectification(t.ctx, by, order, k+1, "已完成整改。", "培训记录和照片", 0))
	}
	must(t.Desk.ReportRectification(t.ctx, by, order, 0))
	t.later(3)
	if at() != rectification.Reported {
		return
	}
	marks := []rectification.Item{{Evident: true, Note: "属实"}, {Evident: true, Note: "属实"}}
	must(t.Desk.VerifyRectification(t.ctx, t.Cast.Assessors[3], order, "site", marks, "整改到位。", 0))
	t.meet("", "第4次"+t.Programme.Meeting.Body+"（整改结论）", []ballot{{subject: item.Subject{Kind: "rectification", ID: string(order)}, ayes: -1}})
}

// revoke withdraws the title of who did not put things right, after it was heard;
// one that ended by itself meanwhile is not withdrawn. nth is which meeting it is.
func (t *Theatre) revoke(title id.Designation, nth string) {
	t.later(1)
	if _, ended := designation.Kind.Ends[t.titled(title).State]; ended {
		return
	}
	var key id.Revocation
	all := see(t, func(tx *store.Tx) ([]revocation.Revocation, error) { return tx.RevocationsOf(title) })
	if len(all) > 0 && all[len(all)-1].Open() {
		key = all[len(all)-1].ID
	} else {
		key = one(t.Desk.ProposeRevocation(t.ctx, t.Cast.Clerk, title, revocation.Rectification, "限期整改，逾期未报，效果不明显。"))
	}
	t.signs(casework.HearingPaper, string(key))
	must(t.Desk.NotifyRevocation(t.ctx, t.Cast.Clerk, key, t.today(), 0))
	t.later(1)
	must(t.Desk.StateAgainstRevocation(t.ctx, t.holder(title), key, "因人员变动耽误，希望延长时间。", 0))
	t.meet("", nth+t.Programme.Meeting.Body+"（撤销称号）", []ballot{{subject: item.Subject{Kind: "revocation", ID: string(key)}, ayes: -1}})
}
