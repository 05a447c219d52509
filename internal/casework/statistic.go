package casework

import (
	"cmp"
	"context"
	"slices"
	"strconv"

	"shifan/internal/calendar"
	"shifan/internal/creditcode"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/horizon"
	"shifan/internal/lifecycle/meeting"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/round"
	"shifan/internal/lifecycle/score"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/lifecycle/statistic"
	"shifan/internal/lifecycle/visit"
	"shifan/internal/store"
)

// Groups are the applications of one or of several rounds, grouped in three ways.
type Groups struct {
	Categories, Regions, Levels []statistic.Line
	Total                       statistic.Line
}

// StatisticsView is what is counted of one round. Applications in which the viewer has
// an interest are in none of its figures.
type StatisticsView struct {
	Round     round.Round
	Programme *programme.Programme
	Today     calendar.Date
	Hidden    int // applications that are left out because of the viewer's interests
	Steps     []statistic.Step
	Wrong     []string // which steps do not come out; none when all do
	Groups
	Spans    []statistic.Span
	Criteria []statistic.Criterion
	Scores   statistic.Scores
}

// RoundStatistics counts a round for the office, the chair and the auditors.
func (d *Desk) RoundStatistics(ctx context.Context, by stage.Actor, key id.Round) (v StatisticsView, err error) {
	defer fault.Wrap(&err, "casework.RoundStatistics(%s)", key)
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		if v.Round, err = dryRound(tx, by, key); err != nil {
			return err
		}
		return d.countRound(tx, by, &v)
	})
	return v, err
}

// countRound fills in what is counted of a round.
func (d *Desk) countRound(tx *store.Tx, by stage.Actor, v *StatisticsView) (err error) {
	v.Today = calendar.DateOf(d.Now())
	if v.Programme, err = tx.ProgrammeOf(v.Round.ID); err != nil {
		return err
	}
	all, err := tx.CountedIn(by, []id.Round{v.Round.ID})
	if err != nil {
		return err
	}
	v.Hidden = all.Hidden
	v.Steps = statistic.Funnel(v.Programme.Procedure, all.Tallies)
	v.Wrong = statistic.Reconcile(v.Steps, stepsOnly(v.Programme.Procedure, all.Counts[v.Round.ID]))
	v.Groups = groupsOf(all, v.Programme)
	if err := d.countTimes(tx, by, v); err != nil {
		return err
	}
	marks, err := tx.MarksIn(by, v.Round.ID)
	if err != nil {
		return err
	}
	v.Criteria = statistic.Criteria(v.Programme.Indicators(v.Round.Year), marks)
	rule := score.RuleOf(v.Programme, v.Round.Year)
	if !rule.Scores() {
		return nil
	}
	totals, err := tx.TotalsIn(by, v.Round.ID, rule, slices.Contains(v.Programme.Procedure, visit.Kind.Name))
	v.Scores = statistic.Spread(totals, rule.Sum(func(programme.Indicator) int { return 0 }).Most)
	return err
}

// stepsOnly leaves of what the chapters counted that of the steps of a procedure.
func stepsOnly(procedure []string, c statistic.Counts) statistic.Counts {
	steps := statistic.Steps(procedure)
	for name := range c.Out {
		if !slices.Contains(steps, name) {
			delete(c.Out, name)
		}
	}
	return c
}

// countTimes adds how long the stages took.
func (d *Desk) countTimes(tx *store.Tx, by stage.Actor, v *StatisticsView) error {
	spells, err := tx.SpellsIn(by, v.Round.ID, beforeMeeting(v.Programme))
	if err != nil {
		return err
	}
	limit, err := acceptLimit(tx, v.Programme)
	if err != nil {
		return err
	}
	for i := range spells {
		limit(&spells[i])
	}
	stages := statistic.Steps(v.Programme.Procedure)[1:]
	stages = slices.Insert(stages, len(stages)-1, "objection")
	v.Spans = statistic.Spans(stages, spells, v.Today)
	return nil
}

// beforeMeeting is the table of the stage after which an application comes before the
// committee.
func beforeMeeting(p *programme.Programme) string {
	if at := slices.Index(p.Procedure, meeting.Kind.Name); at > 0 && p.Procedure[at-1] == visit.Kind.Name {
		return "visits"
	}
	return "reviews"
}

// acceptLimit returns what gives the spells before acceptance their last day: a number of
// working days that runs from the submission.
func acceptLimit(tx *store.Tx, p *programme.Programme) (func(*statistic.Spell), error) {
	c, err := tx.Calendar()
	due := map[calendar.Date]calendar.Date{}
	return func(s *statistic.Spell) {
		if s.Stage != statistic.Intake || p.Filing.AcceptIn == 0 {
			return
		}
		if _, known := due[s.From]; !known {
			if p, err := c.AddWorkingDays(s.From, p.Filing.AcceptIn, false); err == nil {
				due[s.From] = p.Last
			}
		}
		s.Due = due[s.From]
	}, err
}

// LimitSay says which limit a stage has by the programme; "" for none.
func (v StatisticsView) LimitSay(name string) string {
	days := 0
	switch name {
	case statistic.Intake:
		days = v.Programme.Filing.AcceptIn
	case "review":
		if days = v.Programme.Review.Days; days > 0 {
			return "截止后" + strconv.Itoa(days) + "个工作日"
		}
	case "objection":
		days = v.Programme.Publicity.AnswerDays
	}
	if days == 0 {
		return ""
	}
	return strconv.Itoa(days) + "个工作日"
}

// groupsOf groups what was counted by category, by the division of the register, and by
// its level.
func groupsOf(all store.Counted, p *programme.Programme) (g Groups) {
	titles := map[string]string{}
	for _, c := range p.Applicants.Categories {
		titles[c.Code] = c.Title
	}
	g.Categories = statistic.Lines(all.Tallies, func(t statistic.Tally) string { return t.Category }, func(k string) string {
		return cmp.Or(titles[k], k, "没有类别")
	})
	g.Regions = statistic.Lines(all.Tallies, func(t statistic.Tally) string { return t.Region }, func(k string) string {
		return cmp.Or(all.Regions[k], k, "没有代码")
	})
	g.Levels = statistic.Lines(all.Tallies, func(t statistic.Tally) string { return creditcode.LevelOf(t.Region) }, creditcode.LevelWord)
	g.Total = statistic.Total(g.Categories)
	return g
}

// YearLine is what came of one round, among others.
type YearLine struct {
	Round round.Round
	statistic.Line
	Wrong []string
}

// OverviewView is a programme over the years.
type OverviewView struct {
	Programme  *programme.Programme
	Programmes []*programme.Programme // that the viewer may choose from
	Today      calendar.Date
	Years      []YearLine // the latest first
	Earlier    id.Round   // the list goes on with those before this one; empty: it is all
	Hidden     int
	Groups     // of the rounds that are listed
	Ahead      horizon.Ahead
}

// YearsMost is how many rounds an overview has.
const YearsMost = 10

// Statistics counts the rounds of a programme for the office, the chair and the
// auditors: the latest, or those before a round. Without a name it is the viewer's own
// programme, or the first.
func (d *Desk) Statistics(ctx context.Context, by stage.Actor, name id.Programme, before id.Round) (v OverviewView, err error) {
	defer fault.Wrap(&err, "casework.Statistics(%s)", name)
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		v.Today = calendar.DateOf(d.Now())
		if v.Programme, v.Programmes, err = countable(tx, by, name); err != nil || v.Programme == nil {
			return err
		}
		return d.countYears(tx, by, &v, before)
	})
	return v, err
}

// countable returns the programme that a viewer counts, and those to choose from.
func countable(tx *store.Tx, by stage.Actor, name id.Programme) (p *programme.Programme, all []*programme.Programme, err error) {
	if !slices.Contains([]stage.Role{stage.Clerk, stage.Director, stage.Chair, stage.Auditor}, by.Role) {
		return nil, nil, fault.Missing()
	}
	standings, err := tx.Programmes()
	if err != nil {
		return nil, nil, err
	}
	for _, s := range standings {
		if by.Programme != "" && by.Programme != s.Name {
			continue
		}
		one, _, err := tx.ProgrammeNow(s.Name)
		if err != nil {
			return nil, nil, err
		}
		if all = append(all, one); p == nil && (name == "" || name == s.Name) {
			p = one
		}
	}
	if p == nil && name != "" {
		return nil, nil, fault.Missing()
	}
	return p, all, nil
}

func (d *Desk) countYears(tx *store.Tx, by stage.Actor, v *OverviewView, before id.Round) error {
	rounds, err := tx.RoundsOf(v.Programme.Name)
	if err != nil {
		return err
	}
	rounds = slices.DeleteFunc(rounds, func(r round.Round) bool { return !r.Published() })
	if i := slices.IndexFunc(rounds, func(r round.Round) bool { return r.ID == before }); i >= 0 {
		rounds = rounds[i+1:]
	} else if before != "" {
		return fault.Missing()
	}
	if len(rounds) > YearsMost {
		rounds = rounds[:YearsMost]
		v.Earlier = rounds[YearsMost-1].ID
	}
	keys := make([]id.Round, len(rounds))
	for i, r := range rounds {
		keys[i] = r.ID
	}
	all, err := tx.CountedIn(by, keys)
	if err != nil {
		return err
	}
	of := map[id.Round][]statistic.Tally{}
	for _, t := range all.Tallies {
		of[t.Round] = append(of[t.Round], t)
	}
	for _, r := range rounds {
		p, err := tx.ProgrammeOf(r.ID)
		if err != nil {
			return err
		}
		steps := statistic.Funnel(p.Procedure, of[r.ID])
		y := YearLine{Round: r, Wrong: statistic.Reconcile(steps, stepsOnly(p.Procedure, all.Counts[r.ID]))}
		y.Line = statistic.Total(statistic.Lines(of[r.ID], func(statistic.Tally) string { return "" }, func(string) string { return "" }))
		y.Word = roundWord(r)
		v.Years = append(v.Years, y)
	}
	v.Hidden, v.Groups = all.Hidden, groupsOf(all, v.Programme)
	expiries, err := tx.ExpiriesOf(v.Programme.Name)
	v.Ahead = horizon.Of(expiries, v.Today)
	return err
}

// roundWord names a round beside others: 2026年度, 2026年度（增设）.
func roundWord(r round.Round) string {
	w := strconv.Itoa(r.Year) + "年度"
	if r.Special {
		w += "（增设）"
	}
	return w
}
