package score_test

import (
	"math/big"
	"strings"
	"testing"

	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/score"
)

// rule has points of their own, a weight that does not divide, a floor, and what is not
// scored at all.
func rule(mark int, strictly bool, floor int, floorStrictly bool) score.Rule {
	return score.Rule{
		Scoring: programme.Scoring{Method: "scored", PassMark: mark, Strictly: strictly},
		Groups: []programme.Group{
			{Title: "甲", Floor: floor, Strictly: floorStrictly, Indicators: []programme.Indicator{
				{Code: "a", Judged: "scored", Points: 40}, {Code: "v", Judged: "veto"},
			}},
			{Title: "乙", Indicators: []programme.Indicator{
				{Code: "b", Judged: "graded", Points: 3, Weight: 60, Levels: []programme.Anchor{{Points: 3}, {Points: 2}, {Points: 1}}},
				{Code: "c", Judged: "scored", Points: 3, Weight: 20},
			}},
		},
	}
}

func give(points map[string]int) func(programme.Indicator) int {
	return func(i programme.Indicator) int { return points[i.Code] }
}

func TestSum(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		rule   score.Rule
		points map[string]int
		total  string
		short  string
	}{
		"weights":                        {rule(86, false, 0, false), map[string]int{"a": 40, "b": 2, "c": 1}, "86又2/3", ""},
		"a third too little":             {rule(87, false, 0, false), map[string]int{"a": 40, "b": 2, "c": 1}, "86又2/3", "合计86又2/3分，合格线是87分"},
		"three thirds are whole":         {rule(60, true, 0, false), map[string]int{"b": 2, "c": 3}, "60", "合计60分，须超过60分"},
		"exactly the mark":               {rule(60, false, 0, false), map[string]int{"b": 2, "c": 3}, "60", ""},
		"floor reached":                  {rule(60, false, 20, false), map[string]int{"a": 20, "b": 3}, "80", ""},
		"floor to be exceeded":           {rule(60, false, 20, true), map[string]int{"a": 20, "b": 3}, "80", "“甲”20分，须超过20分"},
		"floor missed, total high":       {rule(60, false, 20, false), map[string]int{"a": 19, "b": 3, "c": 3}, "99", "“甲”19分，最低20分"},
		"the total is told first":        {rule(90, false, 20, false), map[string]int{"a": 19}, "19", "合计19分，合格线是90分"},
		"nothing given":                  {rule(1, false, 0, false), nil, "0", "合计0分，合格线是1分"},
		"points of a veto are no points": {rule(1, false, 0, false), map[string]int{"v": 50}, "0", "合计0分，合格线是1分"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			res := tt.rule.Sum(give(tt.points))
			if score.Said(res.Total) != tt.total || res.Most != 120 || res.Passes() != (tt.short == "") {
				t.Errorf("total %s of %d, passes %v", score.Said(res.Total), res.Most, res.Passes())
			}
			if tt.short != "" && res.Short[0].String() != tt.short {
				t.Errorf("says %q, want %q", res.Short[0], tt.short)
			}
		})
	}
	plain := score.Rule{Groups: rule(0, false, 0, false).Groups}
	if !plain.Sum(give(nil)).Passes() {
		t.Error("where nothing is scored, points keep nobody out")
	}
}

// TestNoFloat: a sum that floats get wrong. Ten times a tenth is one.
func TestNoFloat(t *testing.T) {
	t.Parallel()
	r := score.Rule{Scoring: programme.Scoring{Method: "scored", PassMark: 1}, Groups: []programme.Group{{}}}
	for range 10 {
		r.Groups[0].Indicators = append(r.Groups[0].Indicators, programme.Indicator{Judged: "scored", Points: 10, Weight: 1})
	}
	if res := r.Sum(func(programme.Indicator) int { return 1 }); !res.Passes() || score.Said(res.Total) != "1" {
		t.Errorf("%s", score.Said(res.Total))
	}
}

func TestSaid(t *testing.T) {
	t.Parallel()
	for want, r := range map[string]*big.Rat{
		"70": big.NewRat(70, 1), "70.5": big.NewRat(141, 2), "70.25": big.NewRat(281, 4), "1/8": big.NewRat(1, 8),
		"66又2/3": big.NewRat(200, 3), "-1又1/3": big.NewRat(-4, 3), "0": new(big.Rat),
	} {
		if got := score.Said(r); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}

func TestSpread(t *testing.T) {
	t.Parallel()
	for want, all := range map[string][]int64{
		"还没有人评分":                nil,
		"只有1人评分（7），没有可比较的":      {7},
		"2人评分：60至72，中位数66，平均66": {72, 60},
		"3人评分：1至9，中位数2，平均4":     {9, 1, 2},
		"4人评分：1至4，中位数2.5，平均2.5": {4, 1, 3, 2},
		"3人评分：0至1，中位数0，平均1/3":   {0, 1, 0},
	} {
		var r []*big.Rat
		for _, n := range all {
			r = append(r, big.NewRat(n, 1))
		}
		if got := score.SpreadOf(r).String(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if strings.Contains(score.SpreadOf(nil).String(), "<nil>") || score.SpreadOf(nil).Gap().Sign() != 0 {
		t.Error("nobody's scores have a spread")
	}
}
