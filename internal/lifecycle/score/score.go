package score

import (
	"fmt"
	"math/big"
	"slices"

	"shifan/internal/lifecycle/programme"
)

// Rule is what a round is scored by.
type Rule struct {
	Scoring programme.Scoring
	Groups  []programme.Group // with the indicators of the round's year
}

// RuleOf returns the rule of a programme for a round of the given year.
func RuleOf(p *programme.Programme, year int) Rule { return Rule{p.Scoring, Groups(p, year)} }

// Groups lists the groups of a programme with those of their indicators that count in the
// given round's year; a group with none is left out.
func Groups(p *programme.Programme, year int) (all []programme.Group) {
	for _, g := range p.Criteria {
		g.Indicators = slices.DeleteFunc(slices.Clone(g.Indicators), func(i programme.Indicator) bool { return !i.CountsIn(year) })
		if len(g.Indicators) > 0 {
			all = append(all, g)
		}
	}
	return all
}

// Scores reports whether the rule has a total at all.
func (r Rule) Scores() bool { return r.Scoring.Method == "scored" }

// Section is what one group came to.
type Section struct {
	Group programme.Group
	Sum   *big.Rat
	Most  int // that it can come to; 0: nothing is scored in it
}

// Short is one bound that was not reached.
type Short struct {
	Group string   // title of the group; empty: the total
	Got   *big.Rat // what was reached
	Needs string   // 合格线是70分
}

// String says it: 合计66又2/3分，合格线是70分.
func (s Short) String() string {
	if s.Group == "" {
		return fmt.Sprintf("合计%s分，%s", Said(s.Got), s.Needs)
	}
	return fmt.Sprintf("“%s”%s分，%s", s.Group, Said(s.Got), s.Needs)
}

// Result is what points come to.
type Result struct {
	Total    *big.Rat
	Most     int
	Sections []Section
	Short    []Short // the bounds that were not reached, the total first; empty: it passes
}

// Passes reports whether every bound was reached.
func (r Result) Passes() bool { return len(r.Short) == 0 }

// Part is what an indicator adds to the total for the points given: the points
// themselves, or their share of its weight.
func Part(i programme.Indicator, points int) *big.Rat {
	switch {
	case !i.Scored():
		return new(big.Rat)
	case i.Weight == 0 || i.Points == 0:
		return big.NewRat(int64(points), 1)
	}
	return big.NewRat(int64(points)*int64(i.Weight), int64(i.Points))
}

// Sum adds up the points that give says of each indicator on which points are given,
// and holds them against the bounds. Where nothing is scored everything passes.
func (r Rule) Sum(give func(programme.Indicator) int) Result {
	res := Result{Total: new(big.Rat)}
	var short []Short
	for _, g := range r.Groups {
		s := Section{Group: g, Sum: new(big.Rat)}
		for _, i := range g.Indicators {
			if i.Scored() {
				s.Sum.Add(s.Sum, Part(i, give(i)))
				s.Most += Worth(i)
			}
		}
		res.Total.Add(res.Total, s.Sum)
		res.Most += s.Most
		res.Sections = append(res.Sections, s)
		if g.Floor > 0 && s.Most > 0 && !reaches(s.Sum, g.Floor, g.Strictly) {
			short = append(short, Short{g.Title, s.Sum, needs("最低", g.Floor, g.Strictly)})
		}
	}
	if !r.Scores() {
		return res
	}
	if !r.Reaches(res.Total) {
		res.Short = append(res.Short, Short{"", res.Total, needs("合格线是", r.Scoring.PassMark, r.Scoring.Strictly)})
	}
	res.Short = append(res.Short, short...)
	return res
}

// Reaches reports whether a total alone is enough.
func (r Rule) Reaches(total *big.Rat) bool {
	return reaches(total, r.Scoring.PassMark, r.Scoring.Strictly)
}

// reaches holds a sum against a bound: at least it, or more than it (Civil Code
// art. 1259: 以上 includes the number, 超过 does not).
func reaches(sum *big.Rat, bound int, strictly bool) bool {
	c := sum.Cmp(big.NewRat(int64(bound), 1))
	return c > 0 || c == 0 && !strictly
}

func needs(word string, bound int, strictly bool) string {
	if strictly {
		return fmt.Sprintf("须超过%d分", bound)
	}
	return fmt.Sprintf("%s%d分", word, bound)
}

// Said writes a number exactly: 70, 70.5, 66又2/3. Decimals stand where two places
// are enough, a fraction otherwise; nothing is rounded.
func Said(r *big.Rat) string {
	if r.IsInt() {
		return r.Num().String()
	}
	for places := 1; places <= 2; places++ {
		s := r.FloatString(places)
		if back, ok := new(big.Rat).SetString(s); ok && back.Cmp(r) == 0 {
			return s
		}
	}
	whole, rest := new(big.Int).QuoRem(new(big.Int).Abs(r.Num()), r.Denom(), new(big.Int))
	sign := ""
	if r.Sign() < 0 {
		sign = "-"
	}
	if whole.Sign() == 0 {
		return fmt.Sprintf("%s%s/%s", sign, rest, r.Denom())
	}
	return fmt.Sprintf("%s%s又%s/%s", sign, whole, rest, r.Denom())
}
