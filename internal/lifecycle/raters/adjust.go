package raters

import (
	"cmp"
	"maps"
	"slices"

	"shifan/internal/fault"
)

// commonLeast is how many things a rater must have rated together with others before
// anything can be said of how strict they are.
const commonLeast = 3

var (
	errAlone = fault.Define(fault.Refused, "score.adjust.raters",
		"评分的只有%d人，至少%d人才能比较宽严。只看原始分。", "制度:调整后的排序只供参考，数据不足的不算")
	errApart = fault.Define(fault.Refused, "score.adjust.apart",
		"评分人分成%d组，组与组之间没有共同评过的申报，宽严无从比较。只看原始分；以后安排考核组时交叉搭配，或请全体先评同一个校准案例。", "制度:调整后的排序只供参考，数据不足的不算")
	errCommon = fault.Define(fault.Refused, "score.adjust.common",
		"有%d名评分人与他人共同评过的不足%d件，看不出宽严。只看原始分。", "制度:调整后的排序只供参考，数据不足的不算")
)

// Strictness is how far a rater's scores lie from what others give to the same things.
type Strictness struct {
	Rater string
	Shift float64 // below 0: strict; above: lenient; after shrinking, they add up to 0
	Error float64 // standard error of Shift
	N     int     // things rated
}

// Thing is what was rated, with what its score would be of raters of middle strictness.
type Thing struct {
	Name     string
	Mean     float64 // of the scores as they were given
	Adjusted float64
	Error    float64 // standard error of Adjusted
	N        int
}

// Model is what the scores say of things and of raters.
type Model struct {
	Raters []Strictness // in the order of their names
	Things []Thing      // in the order of their names
	Chance float64      // variance of one score, things and raters taken out
	Spread float64      // variance of strictness
}

// Adjust fits the model, or refuses when raters have too little in common. The order of
// the ratings makes no difference.
func Adjust(all []Rating) (*Model, error) {
	f := tabulate(all)
	if err := f.sufficient(); err != nil {
		return nil, err
	}
	f.reduce()
	f.estimate()
	return f.model(), nil
}

// fit is the model being fitted. a·s = b are the equations of strictness with the
// things taken out: a is the Laplacian of the raters, joined by what they rated both.
type fit struct {
	raters, things []string
	r, t           []int     // of each rating: its rater and thing
	y              []float64 // and value, less the mean of all
	perThing       []float64
	perRater       []float64
	level          float64
	a              [][]float64
	b              []float64
	values         []float64   // eigenvalues of a
	vectors        [][]float64 // column k belongs to values[k]
	chance, spread float64
	free           int // degrees of freedom left for chance
	yy             float64
}

func tabulate(all []Rating) *fit {
	all = slices.Clone(all)
	slices.SortFunc(all, func(x, y Rating) int {
		return cmp.Or(cmp.Compare(x.Thing, y.Thing), cmp.Compare(x.Rater, y.Rater), cmp.Compare(x.Value, y.Value))
	})
	m, raters, things := &fit{}, map[string]int{}, map[string]int{}
	for _, x := range all {
		raters[x.Rater], things[x.Thing] = 0, 0
	}
	number := func(in map[string]int) []string {
		names := slices.Sorted(maps.Keys(in))
		for i, n := range names {
			in[n] = i
		}
		return names
	}
	m.raters, m.things = number(raters), number(things)
	m.perThing, m.perRater = make([]float64, len(things)), make([]float64, len(raters))
	for _, x := range all {
		m.r, m.t, m.y = append(m.r, raters[x.Rater]), append(m.t, things[x.Thing]), append(m.y, x.Value)
		m.perThing[things[x.Thing]]++
		m.perRater[raters[x.Rater]]++
		m.level += x.Value / float64(len(all))
	}
	for i := range m.y {
		m.y[i] -= m.level
	}
	return m
}
