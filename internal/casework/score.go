package casework

import (
	"cmp"
	"context"
	"math/big"
	"slices"

	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/application"
	"shifan/internal/lifecycle/assessment"
	"shifan/internal/lifecycle/checklist"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/raters"
	"shifan/internal/lifecycle/review"
	"shifan/internal/lifecycle/round"
	"shifan/internal/lifecycle/score"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/lifecycle/visit"
	"shifan/internal/store"
)

// ScoresView is what a round's applications were given, how far those who gave it agree,
// and the second opinion on who of them is strict. Applications in which the viewer has
// an interest are in none of its figures.
type ScoresView struct {
	Round     round.Round
	Programme *programme.Programme
	Rows      []ScoreRow // the best first; those without a whole score after them
	Partial   bool       // some are left out because of the viewer's interests
	Agreement raters.Agreement
	Strict    []StrictLine // the strictest first; empty when Refused
	Refused   error        // why there is no second opinion
	Changed   int          // rows whose outcome the second opinion would change
}

// ScoreRow is one application.
type ScoreRow struct {
	Application application.Application
	Visit       id.Visit
	Scored      bool // review and visit have both said what they give
	Result      score.Result
	Members     score.Spread // of the members' own totals of what the visit scores
	raters.Standing
}

// StrictLine is how strict somebody is, by name.
type StrictLine struct {
	raters.Strictness
	Name string
}

// Scores returns what the applications of a round were given, for the office, the chair
// and the auditors.
func (d *Desk) Scores(ctx context.Context, by stage.Actor, key id.Round) (v ScoresView, err error) {
	defer fault.Wrap(&err, "casework.Scores(%s)", key)
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		if v.Round, err = tx.RoundFor(by, key); err != nil {
			return err
		}
		if ok, err := reportsOn(tx, by, v.Round); err != nil || !ok || by.Role == stage.Member {
			return cmp.Or(err, error(fault.Missing()))
		}
		if v.Programme, err = tx.ProgrammeOf(key); err != nil {
			return err
		}
		all, hidden, err := tx.ReceivedIn(by, key)
		if err != nil {
			return err
		}
		v.Partial = hidden
		c := scoring{tx: tx, by: by, rule: score.RuleOf(v.Programme, v.Round.Year), visited: slices.Contains(v.Programme.Procedure, visit.Kind.Name)}
		for _, a := range all {
			row, err := c.row(a)
			if err != nil {
				return err
			}
			v.Rows = append(v.Rows, row)
		}
		v.judge(&c)
		names := namesIn(tx)
		for i := range v.Strict {
			if v.Strict[i].Name, err = names(id.Account(v.Strict[i].Rater)); err != nil {
				return err
			}
		}
		return nil
	})
	return v, err
}

// scoring gathers what was given in a round.
type scoring struct {
	tx      *store.Tx
	by      stage.Actor
	rule    score.Rule
	visited bool
	marks   []raters.Rating // of single indicators, as shares of what they take
	totals  []raters.Rating // of whole applications
}

func (c *scoring) row(a application.Application) (row ScoreRow, err error) {
	row.Application = a
	r, err := c.tx.ReviewOf(a.ID)
	if fault.KindOf(err) == fault.NotFound || err == nil && r.State != review.Confirmed {
		return row, nil
	}
	if err != nil {
		return row, err
	}
	var v visit.Visit
	if c.visited {
		if v, err = c.tx.VisitOf(a.ID); err != nil && fault.KindOf(err) != fault.NotFound {
			return row, err
		}
		if v.State != visit.Reported && v.State != visit.Signed {
			return row, nil
		}
		if err := c.members(&row, v.ID); err != nil {
			return row, err
		}
	}
	row.Visit, row.Scored = v.ID, c.rule.Scores()
	row.Result = c.rule.Sum(assessment.Criteria{Given: r.Findings}.Points(v.Findings))
	return row, nil
}

// members reads what each member of a team gave, as the viewer may see it.
func (c *scoring) members(row *ScoreRow, key id.Visit) error {
	v, edits, err := c.tx.ChecklistFor(c.by, key)
	if err != nil {
		return err
	}
	totals, gaps := map[id.Account]*big.Rat{}, map[id.Account]bool{}
	fields := checklist.Merge(edits)
	for _, g := range c.rule.Groups {
		for _, i := range g.Indicators {
			if i.At != "visit" {
				continue
			}
			for _, m := range fields.Marks(&v, i.Code) {
				who := m.Seat.Account
				if !m.Given {
					gaps[who] = true
					continue
				}
				c.marks = append(c.marks, raters.Rating{Rater: string(who), Thing: string(key) + " " + i.Code, Value: assessment.Share(i, m.Finding)})
				if i.Scored() {
					totals[who] = new(big.Rat).Add(score.Part(i, m.Score), cmp.Or(totals[who], new(big.Rat)))
				}
			}
		}
	}
	var all []*big.Rat
	for _, s := range v.Team {
		if t := totals[s.Account]; t != nil && !gaps[s.Account] {
			all = append(all, t)
			f, _ := t.Float64()
			c.totals = append(c.totals, raters.Rating{Rater: string(s.Account), Thing: string(row.Application.ID), Value: f})
		}
	}
	row.Members = score.SpreadOf(all)
	return nil
}

var errUnscored = fault.Define(fault.Refused, "score.adjust.unscored",
	"本方案没有现场打分的指标，没有可以比较宽严的总分。", "方案设定的评分办法")

// judge adds what everybody's scores say together.
func (v *ScoresView) judge(c *scoring) {
	scale := raters.Ordinal
	if c.rule.Scores() {
		scale = raters.Interval
	}
	v.Agreement = raters.Agree(c.marks, scale)
	shift := map[string]float64{}
	if len(c.totals) == 0 && len(c.marks) > 0 {
		v.Refused = errUnscored.New()
	} else if m, err := raters.Adjust(c.totals); err != nil {
		v.Refused = err
	} else {
		for _, t := range m.Things {
			shift[t.Name] = t.Adjusted - t.Mean
		}
		for _, s := range m.Raters {
			v.Strict = append(v.Strict, StrictLine{Strictness: s})
		}
		slices.SortStableFunc(v.Strict, func(a, b StrictLine) int { return cmp.Compare(a.Shift, b.Shift) })
	}
	var standing []raters.Standing
	for _, r := range v.Rows {
		if !r.Scored {
			continue
		}
		s := raters.Standing{
			Name: string(r.Application.ID), Group: r.Application.Category, Places: v.Round.Places(v.Programme, r.Application.Category),
			Raw: r.Result.Total, Passes: r.Result.Passes(), Shift: shift[string(r.Application.ID)],
		}
		if s.Passed = s.Passes; s.Shift != 0 {
			s.Passed = r.passesWith(c.rule, s.Would())
		}
		standing = append(standing, s)
	}
	byID := map[string]raters.Standing{}
	for _, s := range raters.Rank(standing) {
		byID[s.Name] = s
		if s.Changes {
			v.Changed++
		}
	}
	for i := range v.Rows {
		v.Rows[i].Standing = byID[string(v.Rows[i].Application.ID)]
	}
	slices.SortStableFunc(v.Rows, func(a, b ScoreRow) int {
		last := func(r ScoreRow) int { return cmp.Or(r.Rank, len(v.Rows)+1) }
		return cmp.Or(last(a)-last(b), cmp.Compare(a.Application.Number, b.Application.Number))
	})
}

// passesWith reports whether the application would pass with another total. Floors are
// left as they are: nobody knows into which group strictness went.
func (r ScoreRow) passesWith(rule score.Rule, total float64) bool {
	for _, s := range r.Result.Short {
		if s.Group != "" {
			return false
		}
	}
	t := new(big.Rat)
	if t.SetFloat64(total) == nil {
		return r.Result.Passes()
	}
	return rule.Reaches(t)
}
