package casework

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"

	"shifan/internal/calendar"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/draw"
	"shifan/internal/lifecycle/plan"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/recheck"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/store"
)

// PlanFilter is the store's, so that the doors need not know the store.
type PlanFilter = store.PlanFilter

// PlanView is a plan as its viewer may see it.
type PlanView struct {
	Plan      plan.Plan
	Programme *programme.Programme
	Acts      []string // what the viewer may do with it now
	Mine      *draw.Party
	States    map[id.Recheck]stage.State // of the rechecks that look for it
	Drafted   string                     // by whom
	Approved  string
	Now       time.Time
}

// Title is how a plan is called.
func (v PlanView) Title() string {
	return fmt.Sprintf("%d年度复查计划", v.Plan.Year)
}

// Document is what is published of the draw of its sample; nil where there is none.
func (v PlanView) Document() []byte {
	if v.Plan.Lot.State == "" {
		return nil
	}
	return v.Plan.Published(v.Programme.Title).Bytes()
}

// Plan returns one plan as the viewer may see it.
func (d *Desk) Plan(ctx context.Context, by stage.Actor, key id.Plan) (v PlanView, err error) {
	defer fault.Wrap(&err, "casework.Plan(%s)", key)
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		p, err := tx.PlanFor(by, key)
		if err != nil {
			return err
		}
		v, err = d.planView(tx, by, p)
		return err
	})
	return v, err
}

// PlanDocument returns the published draw of a plan's sample: the office reads its own at
// any time, everybody when it is public.
func (d *Desk) PlanDocument(ctx context.Context, by stage.Actor, key id.Plan) (b []byte, err error) {
	defer fault.Wrap(&err, "casework.PlanDocument(%s)", key)
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		p, err := tx.PublicPlan(key)
		if fault.KindOf(err) == fault.NotFound && by.Role != stage.Scrutineer {
			p, err = tx.PlanFor(by, key)
		}
		if err != nil {
			return err
		}
		v, err := d.planView(tx, by, p)
		if err == nil && v.Document() == nil {
			err = fault.Missing()
		}
		b = v.Document()
		return err
	})
	return b, err
}

// Plans lists the plans that the viewer may see, the latest first.
func (d *Desk) Plans(ctx context.Context, by stage.Actor, f PlanFilter) (all []PlanView, err error) {
	defer fault.Wrap(&err, "casework.Plans")
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		plans, err := tx.Plans(by, f)
		for _, p := range plans {
			v, err := d.planView(tx, by, p)
			if err != nil {
				return err
			}
			all = append(all, v)
		}
		return err
	})
	return all, err
}

// PlanChoice is a programme that a plan may be drafted for.
type PlanChoice struct {
	Programme id.Programme
	Title     string
	Sample    plan.Sample
}

// PlanChoices lists the programmes that the viewer may draft a plan for, and the years.
func (d *Desk) PlanChoices(ctx context.Context, by stage.Actor) (all []PlanChoice, years []int, err error) {
	defer fault.Wrap(&err, "casework.PlanChoices")
	year := calendar.DateOf(d.Now()).Year
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		standings, err := tx.Programmes()
		for _, s := range standings {
			p, _, err := tx.ProgrammeNow(s.Name)
			if err != nil {
				return err
			}
			if sample := plan.SampleOf(p.Recheck); mayIn(by, s.Name) && (p.Recheck.EveryYears > 0 || sample.Asked()) {
				all = append(all, PlanChoice{s.Name, p.Title, sample})
			}
		}
		return err
	})
	return all, []int{year, year + 1}, err
}

func (d *Desk) planView(tx *store.Tx, by stage.Actor, p plan.Plan) (v PlanView, err error) {
	v = PlanView{Plan: p, Now: d.Now(), States: map[id.Recheck]stage.State{}}
	if v.Programme, _, err = tx.ProgrammeNow(p.Programme); err != nil {
		return v, err
	}
	for _, c := range slices.Concat(p.Due, p.Drawn) {
		if c.Recheck == "" {
			continue
		}
		r, err := tx.Recheck(c.Recheck)
		if err != nil {
			return v, err
		}
		v.States[c.Recheck] = r.State
	}
	// A recheck of a title's term is found by its day: the clock opened it whatever the plan says.
	for i := range v.Plan.Due {
		c := &v.Plan.Due[i]
		all, err := tx.RechecksOf(c.Designation)
		if err != nil {
			return v, err
		}
		for _, r := range all {
			if r.OfTerm() && r.DueOn == c.DueOn {
				c.Recheck, v.States[r.ID] = r.ID, r.State
			}
		}
	}
	v.Mine = v.Plan.Lot.Party(draw.SideOf(by.Role))
	v.Acts = planActs(by, &v.Plan, v.Now)
	if by.Role == stage.Scrutineer {
		return v, nil
	}
	for who, into := range map[id.Account]*string{p.DraftedBy: &v.Drafted, p.Approved: &v.Approved} {
		if who != "" {
			a, err := tx.Account(who)
			if err != nil {
				return v, err
			}
			*into = a.Name
		}
	}
	return v, nil
}

// planActs lists what a viewer may do now: what the table says, without what the rules
// would refuse.
func planActs(by stage.Actor, p *plan.Plan, now time.Time) []string {
	mine := p.Lot.Party(draw.SideOf(by.Role))
	return slices.DeleteFunc(plan.Kind.May(p.State, by.Role), func(act string) bool {
		switch act {
		case "freeze":
			return !p.Sample.Asked()
		case "commit":
			return mine != nil || p.Lot.State != draw.Ruled || p.Lot.Over(now)
		case "reveal":
			return mine == nil || mine.Account != by.Account || !mine.RevealedAt.IsZero() || p.Lot.State != draw.Committed
		case "draw":
			return p.Lot.State != draw.Revealed
		case "fail":
			return !p.Lot.Over(now) || p.Lot.State == draw.Revealed
		case "approve":
			return by.Account == p.DraftedBy
		case "begin":
			return len(p.Waiting(calendar.DateOf(now))) == 0
		}
		return false
	})
}

// planWork is what plans ask of somebody: the parties to commit and reveal, the second
// person to approve, the office to begin an unannounced check whose day has come.
func planWork(tx *store.Tx, by stage.Actor, now time.Time) (work []WorkItem, err error) {
	all, err := tx.Plans(by, PlanFilter{States: []stage.State{plan.Draft, plan.Frozen, plan.Drawn, plan.Approved}})
	for _, p := range all {
		at := "/plans/" + string(p.ID)
		name := fmt.Sprintf("%d年度复查计划", p.Year)
		for _, act := range planActs(by, &p, now) {
			w := WorkItem{URL: at, Thing: string(p.ID), Stage: plan.Kind.Label}
			switch {
			case act == "commit" || act == "reveal":
				w.Title, w.URL, w.Due = name+"抽查："+plan.Kind.Word(act), at+"/"+act, p.Lot.Rule.RevealBy
			case act == "draw" && by.Role == stage.Clerk:
				w.Title = name + "：产生抽查结果"
			case act == "approve" && (p.State == plan.Drawn || !p.Sample.Asked()):
				w.Title = "批准" + name
			case act == "begin":
				for _, c := range p.Waiting(calendar.DateOf(now)) {
					work = append(work, WorkItem{Title: "开始不预告的抽查 " + c.Name, Thing: c.Number, URL: at + "/begin?title=" + string(c.Designation), Due: calendar.On(p.Year, time.December, 31).End(), Stage: plan.Kind.Label})
				}
			}
			if w.Title != "" {
				work = append(work, w)
			}
		}
	}
	return work, err
}

// BeginChoice is what the form that begins an unannounced check shows.
type BeginChoice struct {
	PlanView
	Check plan.Check
	Pool  []recheck.Candidate
}

// BeginChoice gathers who may look at a title that a plan drew and whose day has come.
func (d *Desk) BeginChoice(ctx context.Context, by stage.Actor, key id.Plan, title id.Designation) (v BeginChoice, err error) {
	defer fault.Wrap(&err, "casework.BeginChoice(%s)", title)
	if v.PlanView, err = d.Plan(ctx, by, key); err != nil {
		return v, err
	}
	all := v.Plan.Waiting(calendar.DateOf(v.Now))
	i := slices.IndexFunc(all, func(c plan.Check) bool { return c.Designation == title })
	if i < 0 || !slices.Contains(v.Acts, "begin") {
		return v, fault.Missing()
	}
	v.Check = all[i]
	return v, d.Store.View(ctx, func(tx *store.Tx) error {
		t, err := tx.Designation(title)
		if err != nil {
			return err
		}
		v.Pool, err = lookers(tx, t.Programme, t.Organisation)
		return err
	})
}

// PlanHead are the columns of a plan as a table.
var PlanHead = []string{"事由", "编号", "单位", "开始", "应完成", "复查方式", "理由", "进展"}

// Rows are the checks of a plan as a table: those of the term, then the sample.
func (v PlanView) Rows() iter.Seq2[[]string, error] {
	return func(yield func([]string, error) bool) {
		for n, checks := range [][]plan.Check{v.Plan.Due, v.Plan.Drawn} {
			for _, c := range checks {
				row := []string{[]string{"到期复查", "年度抽查"}[n], c.Number, c.Name, orBlank(c.OpensOn), orBlank(c.DueOn), recheck.Depths[c.Depth], strings.Join(c.Reasons, "；"), v.Progress(c)}
				if !yield(row, nil) {
					return
				}
			}
		}
	}
}

func orBlank(d calendar.Date) string {
	if d.IsZero() {
		return ""
	}
	return d.String()
}

// Progress says how far a check is, in words.
func (v PlanView) Progress(c plan.Check) string {
	switch {
	case c.Missed != "":
		return "没有进行：" + c.Missed
	case c.Recheck != "":
		return recheck.Kind.Word(string(v.States[c.Recheck]))
	case c.OpensOn.IsZero():
		return "批准后排定日期"
	case calendar.DateOf(v.Now).Before(c.OpensOn):
		return "未到日期"
	}
	return "待开始"
}
