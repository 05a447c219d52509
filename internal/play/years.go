package play

import (
	"slices"

	"shifan/internal/calendar"
	"shifan/internal/casework"
	"shifan/internal/id"
	"shifan/internal/lifecycle/designation"
	"shifan/internal/lifecycle/item"
	"shifan/internal/lifecycle/organisation"
	"shifan/internal/lifecycle/plaque"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/recheck"
	"shifan/internal/lifecycle/revocation"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/store"
)

// Years is how long a programme lives in a script, from Begin to the day on which it is
// abolished.
const Years = 9

// years is what comes of the titles until the programme is abolished: one is withdrawn
// and given back on appeal, the holder of one goes into another organisation, the others
// are rechecked and renewed whenever that falls due. In the last year the programme takes
// no more rounds, and then it ends. What becomes of its titles follows from its own
// setting: they end with it, or run out by themselves, of which the first is waited for.
func (t *Theatre) years(l *lifeOf) {
	if key, ok := t.contestable(l); ok {
		t.contest(key, "第7次")
	}
	if key, ok := t.mergeable(l); ok {
		t.merge(l, key, "第8次")
	}
	end := Begin.AddYears(Years)
	t.renew(l, end.AddYears(-1))
	t.on(end.AddYears(-1), 9)
	must(t.Desk.SuspendProgramme(t.ctx, t.Cast.Chair, t.Programme.Name, 0, programme.Decision{Document: "关于暂停新一届申报的决定", Reason: "活动是否继续，正在评估。"}))
	t.renew(l, end)
	t.on(end, 9)
	t.abolish(l)
}

// abolish ends the programme. Where its titles are kept, the first to run out does.
func (t *Theatre) abolish(l *lifeOf) {
	must(t.Desk.AbolishProgramme(t.ctx, t.Cast.Chair, t.Programme.Name, 0, programme.Decision{Document: "关于废止创建活动的决定", Reason: "批准期满，不再开展。"}))
	t.later(1)
	var first calendar.Date
	for _, d := range t.held(l) {
		if first.IsZero() || !d.ValidTo.IsZero() && d.ValidTo.Before(first) {
			first = d.ValidTo
		}
	}
	if !first.IsZero() {
		t.on(first.AddDays(1), 9)
	}
}

// held lists the titles of a script that are valid, in the order of the houses that got
// them.
func (t *Theatre) held(l *lifeOf) (all []designation.Designation) {
	for n := range t.Houses {
		if l.titles[n] == "" {
			continue
		}
		if d := t.title(l, n); d.State == designation.Valid {
			all = append(all, d)
		}
	}
	return all
}

// lasts reports whether a title is valid for some days more.
func (t *Theatre) lasts(d designation.Designation, days int) bool {
	return d.ValidTo.IsZero() || t.today().AddDays(days).Before(d.ValidTo)
}

// contestable finds a title that can be withdrawn and given back: not the first, and with
// enough time left for both. None where the programme knows no appeal.
func (t *Theatre) contestable(l *lifeOf) (id.Designation, bool) {
	if all := t.held(l); t.Programme.Revocation.AppealDays > 0 && len(all) > 1 && t.lasts(all[1], 90) {
		return all[1].ID, true
	}
	return "", false
}

// contest withdraws a title for something that the office found untrue. Its holder says
// nothing until the clock closes the hearing, appeals against the decision, and gets the
// title back.
func (t *Theatre) contest(title id.Designation, nth string) {
	key := one(t.Desk.ProposeRevocation(t.ctx, t.Cast.Clerk, title, revocation.Untrue, "申报材料中的培训记录与单位台账不一致。"))
	t.signs(casework.HearingPaper, string(key))
	must(t.Desk.NotifyRevocation(t.ctx, t.Cast.Clerk, key, t.today(), 0))
	at := func() revocation.Revocation {
		return see(t, func(tx *store.Tx) (revocation.Revocation, error) { return tx.Revocation(key) })
	}
	t.to(at().HearingEnds)
	body := nth + t.Programme.Meeting.Body
	t.meet("", body+"（撤销称号）", []ballot{{subject: item.Subject{Kind: "revocation", ID: string(key)}, ayes: -1}})
	t.later(1)
	t.appeal(title, key, body)
}

// appeal contests a withdrawal, and the committee gives the title back.
func (t *Theatre) appeal(title id.Designation, key id.Revocation, body string) {
	must(t.Desk.AppealRevocation(t.ctx, t.holder(title), key, "两份记录是同一次培训的签到和照片登记，原件附后。", 0))
	t.meet("", body+"（申诉复议）", []ballot{{subject: item.Subject{Kind: "appeal", ID: string(key)}, ayes: -1}})
	t.deliver(title)
}

// deliver hands over the plaque of a title that waits for it.
func (t *Theatre) deliver(title id.Designation) {
	t.later(7)
	d, q := t.titled(title), see(t, func(tx *store.Tx) (plaque.Plaque, error) { return tx.PlaqueOf(title) })
	if _, err := plaque.Kind.Step(q.State, "hand_over", stage.Clerk); err == nil && d.Live() {
		must(t.Desk.HandOverPlaque(t.ctx, t.Cast.Clerk, q.ID, 0, "负责人", t.today()))
	}
}

// mergeable finds the last title whose holder may go into another organisation.
func (t *Theatre) mergeable(l *lifeOf) (id.Designation, bool) {
	all := t.held(l)
	slices.Reverse(all)
	for _, d := range all[:max(len(all)-1, 0)] {
		if d.Predecessor == "" && t.lasts(d, 60) {
			return d.ID, true
		}
	}
	return "", false
}

// merge lets the holder of a title go into an organisation that has none, and the
// committee decide that this one holds it from then on.
func (t *Theatre) merge(l *lifeOf, title id.Designation, nth string) {
	heir := slices.IndexFunc(t.Houses, func(h House) bool {
		o := see(t, func(tx *store.Tx) (organisation.Organisation, error) { return tx.Organisation(h.ID) })
		held := see(t, func(tx *store.Tx) ([]designation.Designation, error) {
			return tx.Designations(reader, store.DesignationFilter{Organisation: h.ID, Limit: 1})
		})
		return o.State == organisation.Registered && len(held) == 0
	})
	if heir < 0 {
		return
	}
	must(t.Desk.EndOrganisation(t.ctx, t.Cast.Clerk, t.titled(title).Organisation, 0, casework.Ending{Act: "merge", On: t.today(), Successor: t.Houses[heir].Code}))
	t.meet("", nth+t.Programme.Meeting.Body+"（合并后的承继）", []ballot{{subject: item.Subject{Kind: "succession", ID: string(title)}, ayes: -1}})
	if made := t.titled(title).Successor; made != "" {
		l.titles[heir] = made
		t.deliver(made)
	}
}

// renew lives all rechecks that open before a day: each passes.
func (t *Theatre) renew(l *lifeOf, until calendar.Date) {
	left := map[id.Recheck]bool{} // that somebody has begun, or that cannot pass any more
	for {
		var next designation.Designation
		var opens calendar.Date
		for _, d := range t.held(l) {
			on := recheck.OpensOn(d, t.Programme.Recheck)
			if on.IsZero() || !on.Before(until) || left[t.lastRecheck(d.ID).ID] && !on.After(t.today()) {
				continue
			}
			if opens.IsZero() || on.Before(opens) {
				next, opens = d, on
			}
		}
		if opens.IsZero() {
			return
		}
		t.on(opens, 10)
		r := t.lastRecheck(next.ID)
		if left[r.ID] = true; r.State == recheck.Due && r.OfTerm() {
			t.recheck(next.ID, false, r.DueOn)
		}
	}
}
