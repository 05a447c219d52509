package play

import (
	"context"
	"slices"

	"shifan/internal/casework"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/application"
	"shifan/internal/lifecycle/designation"
	"shifan/internal/lifecycle/item"
	"shifan/internal/lifecycle/meeting"
	"shifan/internal/lifecycle/recheck"
	"shifan/internal/lifecycle/rectification"
	"shifan/internal/lifecycle/review"
	"shifan/internal/lifecycle/round"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/lifecycle/visit"
	"shifan/internal/store"
)

var (
	errScene = fault.Define(fault.Invalid, "demo.scene.unknown", "没有这一幕。从列表里选一幕。", "")
	errStage = fault.Define(fault.Refused, "demo.scene.none",
		"现在没有适合演这一幕的称号，或者方案没有这一环节。先把时钟拨到下一次复查，或者换一幕。", "")
)

// scene is something that comes of a title, which the cast of a demonstration plays by
// itself: it moves the clock to where it begins, and on to its end. It returns the title
// that shows it afterwards.
type scene struct {
	casework.DemoScene
	play func(*Theatre, *lifeOf) (id.Designation, bool)
}

// scenes are what comes of titles in nine years, in the order in which play lives them.
var scenes = []scene{
	{casework.DemoScene{Key: "renew", Name: "复查合格，续期", Note: "拨到下一次复查开始，单位自查、复查人员比对、作出结论。"}, (*Theatre).playRenewal},
	{casework.DemoScene{Key: "miss", Name: "整改不力，撤销", Note: "复查发现标准下降，责令整改，到期没有报告，听取陈述申辩后撤销。"}, (*Theatre).playMissed},
	{casework.DemoScene{Key: "appeal", Name: "撤销后申诉，恢复", Note: "因申报不实撤销，单位申诉，会议复议后恢复称号。"}, func(t *Theatre, l *lifeOf) (id.Designation, bool) {
		key, ok := t.contestable(l)
		if ok {
			t.contest(key, "")
		}
		return key, ok
	}},
	{casework.DemoScene{Key: "merge", Name: "单位合并，承继", Note: "持有单位并入另一家单位，会议审定由它承继称号。"}, func(t *Theatre, l *lifeOf) (id.Designation, bool) {
		key, ok := t.mergeable(l)
		if !ok {
			return "", false
		}
		t.merge(l, key, "")
		made := t.titled(key).Successor
		return made, made != ""
	}},
	{casework.DemoScene{Key: "abolish", Name: "方案废止", Note: "本届的申报审定完毕、不再命名，办结以后方案废止；称号按方案的设定保留到期满，或者随之终止。"}, (*Theatre).playAbolition},
}

// Scenes lists what the cast plays by itself.
func (d *Demo) Scenes() (all []casework.DemoScene) {
	for _, s := range scenes {
		all = append(all, s.DemoScene)
	}
	return all
}

// Play lets the cast play a scene, and returns the page that shows what became of it. It
// stops at the first act that is refused, with the refusal; what was done until then stays.
func (d *Demo) Play(_ context.Context, key string) (page string, err error) {
	d.playing.Lock()
	defer d.playing.Unlock()
	n := slices.IndexFunc(scenes, func(s scene) bool { return s.Key == key })
	if n < 0 {
		return "", errScene.At("scene")
	}
	wrong := run(func() {
		title, ok := scenes[n].play(d.Theatre, d.lived())
		switch {
		case !ok:
			err = errStage.New()
		case title == "":
			page = "/designations"
		default:
			page = "/designations/" + string(title)
		}
	})
	if wrong != nil {
		return "", wrong
	}
	return page, err
}

// lived gathers the titles that are held, by house.
func (t *Theatre) lived() *lifeOf {
	l := newLife()
	for n, h := range t.Houses {
		for _, d := range see(t, func(tx *store.Tx) ([]designation.Designation, error) {
			return tx.Designations(reader, store.DesignationFilter{Programme: t.Programme.Name, Organisation: h.ID, States: []stage.State{designation.Valid}, Limit: 1})
		}) {
			l.titles[n] = d.ID
			l.named = append(l.named, n)
		}
	}
	return l
}

// rechecked finds a title whose recheck nobody has begun, and moves the clock to where it is
// open. Of those whose rechecks open at once it is the last, where asked for.
func (t *Theatre) rechecked(l *lifeOf, last bool) (id.Designation, recheck.Recheck, bool) {
	all := t.held(l)
	slices.SortStableFunc(all, func(a, b designation.Designation) int { return a.RecheckDue.Compare(b.RecheckDue) })
	var found []designation.Designation
	for _, d := range all {
		on, r := recheck.OpensOn(d, t.Programme.Recheck), t.lastRecheck(d.ID)
		if on.IsZero() || r.DueOn == d.RecheckDue && r.State != recheck.Due || len(found) > 0 && found[0].RecheckDue != d.RecheckDue {
			continue
		}
		found = append(found, d)
	}
	if len(found) == 0 {
		return "", recheck.Recheck{}, false
	}
	d := found[0]
	if last {
		d = found[len(found)-1]
	}
	t.on(recheck.OpensOn(d, t.Programme.Recheck), 10)
	r := t.lastRecheck(d.ID)
	return d.ID, r, r.State == recheck.Due
}

func (t *Theatre) playRenewal(l *lifeOf) (id.Designation, bool) {
	key, r, ok := t.rechecked(l, false)
	if ok {
		t.recheck(key, false, r.DueOn)
	}
	return key, ok
}

func (t *Theatre) playMissed(l *lifeOf) (id.Designation, bool) {
	key, r, ok := t.rechecked(l, true)
	if !ok {
		return key, false
	}
	t.recheck(key, true, r.DueOn)
	order := t.order(key)
	t.to(see(t, func(tx *store.Tx) (rectification.Rectification, error) { return tx.Rectification(order) }).Due)
	t.revoke(key, "")
	return key, true
}

// playAbolition brings what still runs to its end first.
func (t *Theatre) playAbolition(l *lifeOf) (id.Designation, bool) {
	for _, r := range see(t, func(tx *store.Tx) ([]round.Round, error) { return tx.RoundsOf(t.Programme.Name) }) {
		if r.State == round.Open || r.State == round.Closed {
			t.finish(r)
		}
	}
	t.abolish(l)
	return "", true
}

// finish takes every application of a round to the committee, which chooses none any more,
// and concludes the round.
func (t *Theatre) finish(r round.Round) {
	t.to(r.Deadline)
	t.later(1)
	in := func(name string) (keys []id.Application) {
		for _, a := range see(t, func(tx *store.Tx) ([]application.Application, error) { return tx.ApplicationsOf(r.ID) }) {
			if a.State == stage.State(name) || a.State == application.Underway && a.Stage == name {
				keys = append(keys, a.ID)
			}
		}
		return keys
	}
	for _, key := range in(string(application.Submitted)) {
		must(t.Desk.AcceptApplication(t.ctx, t.Cast.Clerk, key))
	}
	for _, key := range in(review.Kind.Name) {
		t.review(key, "recommend")
	}
	if waiting := in(visit.Kind.Name); len(waiting) > 0 {
		t.visits(waiting, nil, false)
	}
	var ballots []ballot
	for _, key := range in(meeting.Kind.Name) {
		ballots = append(ballots, ballot{subject: item.Subject{Kind: application.Kind.Name, ID: string(key)}, reason: "方案将废止，本届不再命名。"})
	}
	if len(ballots) > 0 {
		t.meet(r.ID, t.Programme.Meeting.Body+"（末届）", ballots)
	}
	t.later(1)
	must(t.Desk.ConcludeRound(t.ctx, t.Cast.Director, r.ID))
}
