package simulate

import (
	"slices"
	"time"

	"shifan/internal/calendar"
	"shifan/internal/id"
	"shifan/internal/lifecycle/designation"
	"shifan/internal/lifecycle/invariant"
	"shifan/internal/lifecycle/item"
	"shifan/internal/lifecycle/organisation"
	"shifan/internal/lifecycle/plaque"
	"shifan/internal/lifecycle/recheck"
	"shifan/internal/lifecycle/rectification"
	"shifan/internal/lifecycle/revocation"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/lifecycle/story"
	"shifan/internal/lifecycle/trigger"
)

// title is a designation with what watches over it.
type title struct {
	*designation.Designation
	org            *org
	file           *file // nil for a successor's
	plaque         *plaque.Plaque
	triggers       []*trigger.Trigger
	rechecks       []*recheck.Recheck
	rectifications []*rectification.Rectification
	revocations    []*revocation.Revocation
	stories        []*story.Story
	from           *title // whose title it was before a succession
	c              invariant.Case
}

func (t *title) due(l *life, note func(time.Time)) {
	if !t.Live() {
		return
	}
	if !t.ValidTo.IsZero() {
		note(t.ValidTo.End())
	}
	if on := recheck.OpensOn(*t.Designation, l.programme.Recheck); !on.IsZero() {
		note(on.Start())
	}
	for _, r := range t.rectifications {
		if r.State == rectification.Running {
			note(r.Due)
		}
	}
	for _, r := range t.revocations {
		note(r.HearingEnds)
		note(r.AppealEnds)
	}
}

func open[T any](all []*T, over func(*T) bool) *T {
	for _, one := range all {
		if !over(one) {
			return one
		}
	}
	return nil
}

func (t *title) recheck() *recheck.Recheck {
	return open(t.rechecks, func(r *recheck.Recheck) bool { _, over := recheck.Kind.Ends[r.State]; return over })
}

func (t *title) order() *rectification.Rectification {
	return open(t.rectifications, func(r *rectification.Rectification) bool {
		_, over := rectification.Kind.Ends[r.State]
		return over
	})
}

func (t *title) proceeding() *revocation.Revocation {
	return open(t.revocations, func(r *revocation.Revocation) bool { return !r.Open() })
}

// sync puts what there is into the case.
func (t *title) sync() {
	t.c.Triggers, t.c.Rechecks = t.triggers, t.rechecks
	t.c.Rectifications, t.c.Revocations, t.c.Stories = t.rectifications, t.revocations, t.stories
}

func (l *life) title(t *title, by stage.Actor, do func() (stage.Move, error)) bool {
	done := attempt(l, designation.Kind, t.Designation, string(t.ID), &t.c, by, do)
	if done {
		l.retold(t)
	}
	return done
}

// mayTitle is what may be done with a title.
func (l *life) mayTitle(t *title) {
	l.mayPlaque(t)
	l.mayTell(t)
	l.mayDivide(t)
	if !t.Live() && t.State != designation.Revoked {
		return
	}
	l.mayRecheck(t)
	if t.Live() && l.IntN(300) == 0 {
		l.may(2, func() { l.happens(t) })
	}
	l.mayOrder(t)
	l.mayRevoke(t)
	if t.Live() && (l.chance(5) || t.org.State != organisation.Registered) {
		l.may(1, func() { l.endOtherwise(t) })
	}
}

// mayPlaque hands over, loses, finds and returns.
func (l *life) mayPlaque(t *title) {
	q := t.plaque
	if q == nil || !l.chance(15) || !q.Current() && !l.chance(5) {
		return
	}
	l.may(1, func() {
		by := l.anyone(l.clerks)
		attempt(l, plaque.Kind, q, string(q.ID), &t.c, by, func() (stage.Move, error) {
			switch l.IntN(5) {
			case 0, 1:
				return q.HandOver(by, t.Designation, "秘书长", l.today().AddDays(-l.IntN(3)), l.now)
			case 2:
				return q.ReportLost(by, "搬迁时遗失", l.today(), l.now)
			case 3:
				return q.Find(by, t.Designation)
			}
			return q.HandBack(by, l.today(), l.now)
		})
	})
}

// endOtherwise ends a title in one of the other ways, rarely.
func (l *life) endOtherwise(t *title) {
	if t.org.State != organisation.Registered {
		by := l.anyone(l.clerks)
		h := l.holder(t)
		l.title(t, by, func() (stage.Move, error) { return t.Dissolve(by, h, "", l.now) })
		l.ended(t)
		return
	}
	if !l.chance(5) {
		return
	}
	by := t.org.by
	if l.chance(20) {
		by = pick(l, l.orgs).by
	}
	l.title(t, by, func() (stage.Move, error) { return t.Return(by, "自愿交回", l.now) })
	l.ended(t)
}

// mayRecheck looks whether the title is still deserved.
func (l *life) mayRecheck(t *title) {
	r := t.recheck()
	if r == nil {
		return
	}
	do := func(by stage.Actor, do func() (stage.Move, error)) bool {
		return attempt(l, recheck.Kind, r, string(r.ID), &t.c, by, do)
	}
	switch r.State {
	case recheck.Due:
		l.may(4, func() {
			by := l.anyone(l.clerks)
			chosen := []id.Account{pick(l, l.assessors).Account}
			do(by, func() (stage.Move, error) { return r.Begin(by, chosen, l.pool(), l.now) })
		})
	case recheck.Underway:
		l.may(1, func() {
			do(t.org.by, func() (stage.Move, error) { return r.ReportSelf(t.org.by, "三年来工作正常", l.now) })
		})
		l.may(4, func() { l.reportRecheck(r, do) })
		l.mayDeepen(r, do)
	case recheck.Reported:
		l.may(4, func() { l.concludeRecheck(t, r, do) })
	}
}

func (l *life) pool() (all []recheck.Candidate) {
	for _, a := range l.assessors {
		all = append(all, recheck.Candidate{Account: a.Account, Name: string(a.Account)})
	}
	return all
}

func (l *life) reportRecheck(r *recheck.Recheck, do doing) {
	by := l.anyone(l.assessors)
	if len(r.Assessors) > 0 && l.chance(85) {
		by = stage.Actor{Account: r.Assessors[0], Role: stage.Assessor}
	}
	indicators := l.asked(l.today().Year)
	findings := map[string]recheck.Finding{}
	for _, i := range indicators {
		findings[i.Code] = recheck.Finding{Then: r.Findings[i.Code].Then, Now: "meets"}
	}
	if l.chance(40) {
		f := findings[indicators[0].Code]
		f.Now, f.Note = "fails", "两年未开展"
		findings[indicators[0].Code] = f
	}
	do(by, func() (stage.Move, error) { return r.Report(by, indicators, findings, "总体情况", l.now) })
}

// concludeRecheck passes or finds the standard slipping, and carries it out.
func (l *life) concludeRecheck(t *title, r *recheck.Recheck, do doing) {
	by := l.anyone(l.chairs)
	if r.Failing() && l.chance(80) {
		do(by, func() (stage.Move, error) {
			return r.Slip(by, recheck.Conclusion{Reason: "教育培训中断"}, l.now)
		})
		return
	}
	before := *t.Designation
	if !do(by, func() (stage.Move, error) {
		return r.Pass(by, recheck.Conclusion{Reason: "总体达到标准"}, l.now)
	}) {
		return
	}
	if !l.title(t, by, func() (stage.Move, error) {
		if !r.OfTerm() {
			return t.Retain(by, l.now)
		}
		return t.Pass(by, r.ID, l.programme, l.now)
	}) {
		l.violate("a passed recheck is carried out", string(before.ID))
	}
}

// mayOrder orders, serves, extends, reports and verifies a rectification.
func (l *life) mayOrder(t *title) {
	r := t.order()
	if r == nil {
		if n := len(t.rechecks); n > 0 && t.rechecks[n-1].State == recheck.Slipped && t.State == designation.Valid && (!t.ordered(t.rechecks[n-1]) || l.rarely()) {
			l.may(5, func() { l.orderUp(t, t.rechecks[n-1]) })
		}
		return
	}
	do := func(by stage.Actor, do func() (stage.Move, error)) bool {
		return attempt(l, rectification.Kind, r, string(r.ID), &t.c, by, do)
	}
	switch r.State {
	case rectification.Ordered:
		l.may(5, func() {
			by := l.anyone(l.clerks)
			do(by, func() (stage.Move, error) { return r.Serve(by, l.today().AddDays(-l.IntN(3)), l.calendar, l.now) })
		})
	case rectification.Running:
		l.may(1, func() {
			by := l.anyone(l.directors)
			do(by, func() (stage.Move, error) {
				return r.Extend(by, r.DueOn.AddDays(l.IntN(40)), "场地装修", l.calendar, l.now)
			})
		})
		l.may(2, func() {
			for n := range r.Items {
				do(t.org.by, func() (stage.Move, error) { return r.Answer(t.org.by, n+1, "已整改", "照片", l.now) })
			}
			do(t.org.by, func() (stage.Move, error) { return r.Report(t.org.by, l.now) })
		})
	case rectification.Reported:
		l.may(4, func() { l.verify(r, do) })
	}
}

// ordered reports whether something was ordered on a recheck.
func (t *title) ordered(from *recheck.Recheck) bool {
	return slices.ContainsFunc(t.rectifications, func(r *rectification.Rectification) bool { return r.Recheck == from.ID })
}

func (l *life) orderUp(t *title, from *recheck.Recheck) {
	by := l.anyone(l.chairs)
	r, m, err := rectification.Order(by, id.Rectification(l.key("rct")), rectification.Grounds{Title: *t.Designation, Recheck: from, Ordered: t.ordered(from), Terms: l.programme.Rectification}, []string{"恢复教育培训", "补齐会议记录"}, l.now)
	if err != nil {
		l.refused(rectification.Kind, err)
		return
	}
	t.rectifications = append(t.rectifications, &r)
	l.did(rectification.Kind, string(r.ID), m, nil)
	if !l.title(t, by, func() (stage.Move, error) { return t.OrderRectification(by, l.now) }) {
		l.violate("an order marks its title", string(t.ID))
	}
	t.sync()
}

func (l *life) verify(r *rectification.Rectification, do doing) {
	by := l.anyone(l.assessors)
	if len(r.Assessors) > 0 && l.chance(85) {
		by = stage.Actor{Account: r.Assessors[0], Role: stage.Assessor}
	}
	var marks []rectification.Item
	for range r.Items {
		m := rectification.Item{Evident: l.chance(65), Note: "现场核查"}
		marks = append(marks, m)
	}
	do(by, func() (stage.Move, error) {
		return r.Verify(by, pick(l, []string{"site", "desk"}), marks, "验收意见", l.now)
	})
}

// mayRevoke proposes, notifies, hears and appeals.
func (l *life) mayRevoke(t *title) {
	r := t.proceeding()
	if r == nil {
		n := len(t.rectifications)
		failed := n > 0 && t.rectifications[n-1].State == rectification.Failed
		if failed && (t.Live() || l.rarely()) {
			l.may(4, func() { l.propose(t, revocation.Rectification, t.rectifications[n-1]) })
		}
		l.may(1, func() {
			if l.rarely() {
				l.propose(t, pick(l, []string{revocation.Untrue, revocation.Ineligible, revocation.Rectification, "whim"}), nil)
			}
		})
		return
	}
	do := func(by stage.Actor, do func() (stage.Move, error)) bool {
		return attempt(l, revocation.Kind, r, string(r.ID), &t.c, by, do)
	}
	switch r.State {
	case revocation.Proposed:
		l.may(4, func() {
			by := l.anyone(l.clerks)
			do(by, func() (stage.Move, error) {
				return r.Notify(by, l.today().AddDays(-l.IntN(3)), l.programme.Revocation, l.calendar, l.now)
			})
		})
	case revocation.Notified:
		l.may(2, func() {
			do(t.org.by, func() (stage.Move, error) { return r.Speak(t.org.by, "我们认为不应撤销", l.now) })
		})
	case revocation.Revoked:
		l.may(1, func() {
			do(t.org.by, func() (stage.Move, error) { return r.Contest(t.org.by, "事实有误", l.now) })
		})
	}
}

func (l *life) propose(t *title, ground string, from *rectification.Rectification) {
	by := l.anyone(l.clerks)
	c := revocation.Case{Title: *t.Designation, Ground: ground, Facts: "查实情况", Open: t.proceeding() != nil}
	if from != nil {
		c.Rectification, c.Failed = from.ID, from.State == rectification.Failed
	}
	r, m, err := revocation.Propose(by, id.Revocation(l.key("rvk")), c, l.now)
	if err != nil {
		l.refused(revocation.Kind, err)
		return
	}
	t.revocations = append(t.revocations, &r)
	t.sync()
	l.did(revocation.Kind, string(r.ID), m, &t.c)
}

// titlesWaiting are the matters of titles that wait for the committee.
func (l *life) titlesWaiting() (all []*matter) {
	for _, t := range l.titles {
		if r := t.order(); r != nil && r.State == rectification.Verified {
			all = l.wait(all, t, "rectification", string(r.ID), func() bool { return r.State == rectification.Verified }, func(i *item.Item, carried bool) { l.settleOrder(t, r, i, carried) })
		}
		if r := t.proceeding(); r != nil && r.State == revocation.Heard {
			all = l.wait(all, t, "revocation", string(r.ID), func() bool { return r.State == revocation.Heard }, func(i *item.Item, carried bool) { l.settleRevocation(t, r, i, carried) })
		}
		if r := t.proceeding(); r != nil && r.State == revocation.Appealed {
			all = l.wait(all, t, "appeal", string(r.ID), func() bool { return r.State == revocation.Appealed }, func(i *item.Item, carried bool) { l.settleAppeal(t, r, i, carried) })
		}
		all = append(all, l.successionsWaiting(t)...)
	}
	return all
}

func (l *life) wait(all []*matter, t *title, kind, key string, waiting func() bool, decided func(*item.Item, bool)) []*matter {
	w := l.matterOf(item.Subject{Kind: kind, ID: key}, t.Name, t.Organisation, &t.c)
	if w == nil {
		return all
	}
	w.waiting, w.decided = waiting, decided
	return append(all, w)
}

func (l *life) settleOrder(t *title, r *rectification.Rectification, i *item.Item, passed bool) {
	by := l.chairs[0]
	if t.Live() && attempt(l, rectification.Kind, r, string(r.ID), nil, by, func() (stage.Move, error) { return r.Decide(by, i.ID, passed, "会议认定", l.now) }) && passed {
		l.title(t, by, func() (stage.Move, error) { return t.Restore(by, l.now) })
	}
}

func (l *life) settleRevocation(t *title, r *revocation.Revocation, i *item.Item, revoke bool) {
	by := l.chairs[0]
	if !t.Live() {
		return
	}
	if !attempt(l, revocation.Kind, r, string(r.ID), nil, by, func() (stage.Move, error) {
		return r.Decide(by, i.ID, revoke, "会议认定", l.programme, l.calendar, l.now)
	}) {
		return
	}
	if revoke {
		l.title(t, by, func() (stage.Move, error) { return t.Revoke(by, "整改效果不明显", l.now) })
		l.ended(t)
		return
	}
	if t.State == designation.Rectifying && t.order() == nil {
		l.title(t, by, func() (stage.Move, error) { return t.Restore(by, l.now) })
	}
}

// lookAgain lets the recheck that ended with a title fall due anew.
func (l *life) lookAgain(t *title) {
	var taken []calendar.Date
	ended := false
	for _, r := range t.rechecks {
		taken = append(taken, r.DueOn)
		ended = ended || r.State == recheck.Ended && r.OfTerm() && r.DueOn == t.RecheckDue
	}
	if ended && t.Live() {
		t.RecheckDue = recheck.DueAnew(*t.Designation, l.programme.Recheck, taken, l.today())
		t.sync()
	}
}

func (l *life) settleAppeal(t *title, r *revocation.Revocation, i *item.Item, reinstate bool) {
	by := l.chairs[0]
	if attempt(l, revocation.Kind, r, string(r.ID), nil, by, func() (stage.Move, error) { return r.Settle(by, i.ID, reinstate, "会议认定", l.now) }) && reinstate {
		l.title(t, by, func() (stage.Move, error) { return t.Reinstate(by, l.now) })
		l.lookAgain(t)
		if q := t.plaque; q != nil {
			attempt(l, plaque.Kind, q, string(q.ID), &t.c, by, func() (stage.Move, error) { return q.Restore(by, t.Designation) })
		}
	}
}

// ended follows the end of a title: its plaque is recalled.
func (l *life) ended(t *title) {
	if t.Live() || t.plaque == nil {
		return
	}
	by, q := stage.Actor{Account: "acc_clerk1", Role: stage.Clerk}, t.plaque
	attempt(l, plaque.Kind, q, string(q.ID), &t.c, by, func() (stage.Move, error) {
		m, done, err := q.Withdraw(by, t.Designation, l.programme.Plaque.Recall, l.now)
		if !done && err == nil {
			return m, errNothing
		}
		return m, err
	})
}
