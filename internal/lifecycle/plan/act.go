package plan

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"shifan/internal/calendar"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/designation"
	"shifan/internal/lifecycle/draw"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/recheck"
	"shifan/internal/lifecycle/review"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/lot"
)

var (
	errYear = fault.Define(fault.Invalid, "plan.draft.year",
		"计划的年度只能是%d年或者%d年。", "制度:年度复查计划")
	errNothing = fault.Define(fault.Refused, "plan.draft.nothing",
		"方案没有设定复查，也没有设定年度抽查，不用制定计划。先在方案里设定。", "方案设定")
	errNoSample = fault.Define(fault.Refused, "plan.freeze.none",
		"方案没有设定年度抽查，或者没有可以抽取的称号，不用冻结名单。可以直接批准计划。", "方案设定")
	errSampleFirst = fault.Define(fault.Refused, "plan.approve.sample",
		"方案设定了年度抽查，还没有抽取。先冻结名单，各方承诺、揭示，产生结果后再批准。", "方案设定")
	errFourEyes = fault.Define(fault.Refused, "plan.approve.same_person",
		"计划由本人草拟，批准须由另一人。", "五(二) 从严从实审核把关")
	errRevealBy = fault.Define(fault.Invalid, "plan.freeze.reveal_by",
		"揭示截止时间没有填写，或已经过去，或晚于计划年度。填今年以内、以后的时间，给各方留出承诺和揭示的时间。", "制度:规则事先公布")
	errRevealing = fault.Define(fault.Refused, "plan.commit.closed",
		"三方都已承诺，现在揭示。", fair)
	errFew = fault.Define(fault.Refused, "plan.reveal.few",
		"现在有%d方承诺，三方（办公室、委员会、监督方）都承诺以后才能揭示。", fair)
	errSecret = fault.Define(fault.Refused, "plan.draw.secret",
		"还没有全部揭示，不能产生结果。", fair)
	errCheck = fault.Define(fault.Refused, "plan.check.unknown",
		"计划里没有这个称号，或者它的复查已经开始。回到计划重新选。", "制度:年度复查计划")
	errDepth = fault.Define(fault.Invalid, "plan.check.depth",
		"复查方式只能是书面自查、书面复查或者实地复查；到期的复查至少是书面复查。", "制度:按风险确定复查方式")
	errEarly = fault.Define(fault.Refused, "plan.begin.early",
		"这次抽查定在%s，还没有到。", "制度:年度复查计划")
	errOver = fault.Define(fault.Refused, "plan.close.early",
		"计划年度还没有过。", "制度:年度复查计划")
)

// Drafted returns the plan of a year: this one or the next (S66).
func Drafted(by stage.Actor, key id.Plan, p *programme.Programme, year int, all []Known, now time.Time) (Plan, stage.Move, error) {
	m := stage.Move{Act: "list", By: by.Role, To: Draft, Basis: planned}
	if _, err := Kind.Step(Draft, "list", by.Role); err != nil {
		return Plan{}, m, err
	}
	today := calendar.DateOf(now)
	if year != today.Year && year != today.Year+1 {
		return Plan{}, m, errYear.At("year", today.Year, today.Year+1)
	}
	if p.Recheck.EveryYears == 0 && !SampleOf(p.Recheck).Asked() {
		return Plan{}, m, errNothing.New()
	}
	w := Plan{ID: key, Programme: p.Name, Year: year, State: Draft, DraftedAt: now}
	w.list(by, p, all)
	return w, m, nil
}

// List lists the titles anew, as they stand now.
func (p *Plan) List(by stage.Actor, rules *programme.Programme, all []Known) (stage.Move, error) {
	m, err := Kind.Step(p.State, "list", by.Role)
	if err == nil {
		p.list(by, rules, all)
	}
	return m, err
}

func (p *Plan) list(by stage.Actor, rules *programme.Programme, all []Known) {
	p.DraftedBy, p.Sample, p.NextOn = by.Account, SampleOf(rules.Recheck), p.over()
	p.Due = nil
	for _, k := range all {
		if k.DueIn(p.Year) {
			c := k.check(p.Year, true)
			c.OpensOn, c.DueOn = recheck.OpensOn(k.Title, k.Rules), k.Title.RecheckDue
			p.Due = append(p.Due, c)
		}
	}
	slices.SortFunc(p.Due, func(a, b Check) int {
		return cmp.Or(a.DueOn.Compare(b.DueOn), cmp.Compare(a.Number, b.Number), cmp.Compare(a.Designation, b.Designation))
	})
}

// over is the day on which the plan's year is over.
func (p *Plan) over() calendar.Date { return calendar.On(p.Year+1, time.January, 1) }

// stratum is what all titles of the pool stand in: each is as likely as any other.
const stratum = "titles"

// Freeze fixes the titles that may be drawn and the rule, in one act: how many, and until
// when secrets are revealed. After a draw that failed it is done again, with a pool of its
// own.
func (p *Plan) Freeze(by stage.Actor, all []Known, revealBy, now time.Time) (stage.Move, error) {
	m, err := Kind.Step(p.State, "freeze", by.Role)
	if err != nil {
		return m, err
	}
	if !revealBy.After(now) || !revealBy.Before(p.over().Start()) {
		return m, errRevealBy.At("reveal_by")
	}
	var pool []Pooled
	for _, k := range all {
		if k.Drawable(p.Year) {
			pool = append(pool, Pooled{Check: k.check(p.Year, false)})
		}
	}
	size := p.Sample.Size(len(pool))
	if size == 0 {
		return m, errNoSample.New()
	}
	slices.SortFunc(pool, func(a, b Pooled) int { return cmp.Compare(a.Designation, b.Designation) })
	was := p.Lot
	p.Lot = draw.Draw{
		ID: id.Draw(p.ID), Programme: p.Programme, State: draw.Ruled, Attempt: was.Attempt + 1, Edition: was.Edition + 1, OpenedAt: now,
		Pool: lot.Pool{ID: fmt.Sprintf("%s.%d", p.ID, was.Edition+1)},
		Rule: lot.Rule{Quotas: []lot.Quota{{Stratum: stratum, Seats: size}}, Lead: stratum, RevealBy: revealBy.Truncate(time.Second)},
	}
	if was.State == draw.Failed {
		p.Lot.Earlier = &lot.Earlier{Draw: string(p.ID), Pool: was.Pool.Digest(), Missing: missing(&was), Reason: was.Reason}
	}
	p.Lot.Pool.Cases = []string{lot.Key("case", p.Lot.Pool.ID, fmt.Sprint(p.Year))}
	for i := range pool {
		pool[i].Member = lot.Key("member", p.Lot.Pool.ID, string(pool[i].Designation))
		p.Lot.Pool.Members = append(p.Lot.Pool.Members, lot.Member{ID: pool[i].Member, Stratum: stratum})
	}
	p.State, p.Pool = m.To, pool
	return m, nil
}

// sides are those who have to take part, by whose secrets nobody can steer the draw alone.
var sides = []string{"office", "committee", "supervision"}

// missing lists the sides that did not commit, or committed and did not reveal.
func missing(d *draw.Draw) (all []string) {
	for _, s := range sides {
		if w := d.Party(s); w == nil || w.RevealedAt.IsZero() {
			all = append(all, s)
		}
	}
	return all
}

// Commit takes a side's commitment, one a side. With the third there are no more.
func (p *Plan) Commit(by stage.Actor, name string, c draw.Commitment, now time.Time) (stage.Move, error) {
	m, err := Kind.Step(p.State, "commit", by.Role)
	if err != nil {
		return m, err
	}
	if p.Lot.State != draw.Ruled {
		return m, errRevealing.New()
	}
	if _, err := p.Lot.Commit(by, name, c, now); err != nil {
		return m, err
	}
	if len(p.Lot.Parties) == len(sides) {
		p.Lot.State = draw.Committed
	}
	return m, nil
}

// Reveal takes what a side committed to, once all three did.
func (p *Plan) Reveal(by stage.Actor, r lot.Reveal, now time.Time) (stage.Move, error) {
	m, err := Kind.Step(p.State, "reveal", by.Role)
	if err != nil {
		return m, err
	}
	if p.Lot.State == draw.Ruled {
		return m, errFew.New(len(p.Lot.Parties))
	}
	_, err = p.Lot.Reveal(by, r, now)
	return m, err
}

// Draw comes to the sample: the first of the order, as many as the rule says.
func (p *Plan) Draw(by stage.Actor, now time.Time) (stage.Move, error) {
	m, err := Kind.Step(p.State, "draw", by.Role)
	if err != nil {
		return m, err
	}
	if p.Lot.State != draw.Revealed {
		return m, errSecret.New()
	}
	if _, err := p.Lot.Conclude(by, now); err != nil {
		return m, err
	}
	p.Drawn = nil
	for _, member := range lot.TeamFor(p.Lot.Rule, p.Lot.Ranking(), func(string) bool { return false }) {
		i := slices.IndexFunc(p.Pool, func(w Pooled) bool { return w.Member == member })
		p.Drawn = append(p.Drawn, p.Pool[i].Check)
	}
	p.State = m.To
	return m, nil
}

// Fail records who did not commit or reveal in time; the plan is a draft again, and what
// is frozen next says which draw failed before it.
func (p *Plan) Fail(by stage.Actor, reason string, now time.Time) (stage.Move, error) {
	m, err := Kind.Step(p.State, "fail", by.Role)
	if err != nil {
		return m, err
	}
	if _, err := p.Lot.Fail(by, reason, now); err != nil {
		return m, err
	}
	p.State = m.To
	return m, nil
}

// Deepen sets how deep a check goes, with the reason.
func (p *Plan) Deepen(by stage.Actor, key id.Designation, depth, reason string) (stage.Move, error) {
	m, err := Kind.Step(p.State, "deepen", by.Role)
	if err != nil {
		return m, err
	}
	c, due := p.Find(key)
	if c == nil || !c.Open() {
		return m, errCheck.New()
	}
	if recheck.Depths[depth] == "" || due && depth == recheck.Light {
		return m, errDepth.At("depth")
	}
	if err := fault.All(review.Written("reason", "调整的理由", reason)); err != nil {
		return m, err
	}
	c.Depth, c.Reasons, c.Set = depth, []string{reason}, true
	return m, nil
}

// Find returns the check of a title, and whether it is of the title's term; nil where the
// plan has none.
func (p *Plan) Find(key id.Designation) (c *Check, due bool) {
	for i := range p.Due {
		if p.Due[i].Designation == key {
			return &p.Due[i], true
		}
	}
	for i := range p.Drawn {
		if p.Drawn[i].Designation == key {
			return &p.Drawn[i], false
		}
	}
	return nil, false
}

// spread is how the sample is laid over the rest of the year: up to the end of November,
// so that the last has time before the year is over.
func (p *Plan) spread(now time.Time) {
	from, to := calendar.DateOf(now).AddDays(1), calendar.On(p.Year, time.November, 30)
	if first := calendar.On(p.Year, time.January, 1); from.Before(first) {
		from = first
	}
	if last := calendar.On(p.Year, time.December, 31); from.After(last) {
		from = last
	}
	span := max(0, from.DaysUntil(to))
	for n := range p.Drawn {
		p.Drawn[n].OpensOn = from.AddDays(n * span / len(p.Drawn))
	}
}

// Approve lets the checks open on their days: by somebody else than who drafted it.
func (p *Plan) Approve(by stage.Actor, drawable int, now time.Time) (stage.Move, error) {
	m, err := Kind.Step(p.State, "approve", by.Role)
	if err != nil {
		return m, err
	}
	switch {
	case by.Account == p.DraftedBy:
		return m, errFourEyes.New()
	case p.State == Draft && p.Sample.Size(drawable) > 0:
		return m, errSampleFirst.New()
	}
	p.State, p.Approved, p.DecidedAt = m.To, by.Account, now
	p.spread(now)
	p.next()
	return m, nil
}

// next is when the clock looks at the plan again: on the day of the next announced check,
// and when the year is over.
func (p *Plan) next() {
	p.NextOn = p.over()
	for _, c := range p.Drawn {
		if !p.Sample.Unannounced && c.Open() && c.OpensOn.Before(p.NextOn) {
			p.NextOn = c.OpensOn
		}
	}
}

// DueNow lists the titles of the sample whose check the clock opens now; those that are
// unannounced wait for somebody who begins them.
func (p *Plan) DueNow(today calendar.Date) (all []id.Designation) {
	for _, c := range p.Drawn {
		if p.State == Approved && !p.Sample.Unannounced && c.Open() && !c.OpensOn.After(today) {
			all = append(all, c.Designation)
		}
	}
	return all
}

// Waiting lists the unannounced checks that somebody may begin now, for the work page.
func (p *Plan) Waiting(today calendar.Date) (all []Check) {
	for _, c := range p.Drawn {
		if p.State == Approved && p.Sample.Unannounced && c.Open() && !c.OpensOn.After(today) {
			all = append(all, c)
		}
	}
	return all
}

// Start says what became of a check of the sample whose day has come: which recheck looks,
// or why none does. act is "open" by the clock, "begin" by the office.
func (p *Plan) Start(by stage.Actor, act string, key id.Designation, r id.Recheck, missed string, now time.Time) (stage.Move, error) {
	m, err := Kind.Step(p.State, act, by.Role)
	if err != nil {
		return m, err
	}
	c, due := p.Find(key)
	if c == nil || due || !c.Open() || (act == "begin") != p.Sample.Unannounced {
		return m, errCheck.New()
	}
	if c.OpensOn.After(calendar.DateOf(now)) {
		return m, errEarly.New(c.OpensOn.Chinese())
	}
	c.Recheck, c.Missed = r, missed
	p.next()
	return m, nil
}

// End closes the plan when its year is over, or lets one lapse that nobody approved.
func (p *Plan) End(by stage.Actor, now time.Time) (stage.Move, error) {
	act := "close"
	if p.State != Approved {
		act = "lapse"
	}
	m, err := Kind.Step(p.State, act, by.Role)
	if err != nil {
		return m, err
	}
	if calendar.DateOf(now).Before(p.over()) {
		return m, errOver.New()
	}
	for i := range p.Drawn {
		if act == "close" && p.Drawn[i].Open() {
			p.Drawn[i].Missed = "计划年度内没有开始"
		}
	}
	p.State, p.EndedAt, p.NextOn = m.To, now, calendar.Date{}
	return m, nil
}

// Public reports whether everybody may read the draw of the sample: of an announced one
// once the plan is approved; of an unannounced one when no check is to come, because the
// digests tell who looks for it which titles were drawn.
func (p *Plan) Public() bool {
	switch p.State {
	case Approved:
		return len(p.Drawn) > 0 && (!p.Sample.Unannounced || !slices.ContainsFunc(p.Drawn, Check.Open))
	case Closed:
		return len(p.Drawn) > 0
	}
	return false
}

// Published is what is published of the draw as it stands: docs/draw-format.md.
func (p *Plan) Published(title string) lot.Document {
	return p.Lot.Published(title, fmt.Sprintf("%d年度复查计划抽查", p.Year))
}

// Titles of the sample whose recheck may be taken for the plan's: a recheck that is open
// covers it, and a title that is gone or being put right needs none.
var (
	goneSays    = "称号已终止"
	mendingSays = "称号正在整改"
)

// Covered says whether a title of the sample needs a recheck of its own when its day has
// come: open is the one that looks already, missed why there will be none.
func Covered(t designation.Designation, all []recheck.Recheck) (open id.Recheck, missed string) {
	switch {
	case t.Ended():
		return "", goneSays
	case t.State != designation.Valid:
		return "", mendingSays
	}
	for _, r := range all {
		if _, over := recheck.Kind.Ends[r.State]; !over {
			return r.ID, ""
		}
	}
	return "", ""
}
