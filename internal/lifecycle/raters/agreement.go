package raters

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
)

// Rating is what one rater said of one thing.
type Rating struct {
	Rater string
	Thing string
	Value float64
}

// Scale says how values are compared.
type Scale bool

// Values are numbers of which differences mean something (points), or places in an
// order (达到, 部分达到, 未达到).
const (
	Interval Scale = false
	Ordinal  Scale = true
)

// Agreement is Krippendorff's alpha over things that several people rated.
type Agreement struct {
	Alpha  float64
	Known  bool   // false: Why says what is lacking
	Why    string // a sentence
	Raters int
	Things int // that two or more rated
}

// Useful and Tentative are the bounds that Krippendorff gives: from the first on one
// may draw conclusions, from the second on tentative ones.
const (
	Useful    = 0.800
	Tentative = 0.667
)

// thingsLeast is how many things two people must have rated for a coefficient to say
// anything.
const thingsLeast = 2

// Agree computes the agreement. Things that one person rated say nothing of it and
// are left out.
func Agree(all []Rating, scale Scale) (a Agreement) {
	things, raters := map[string][]float64{}, map[string]bool{}
	for _, r := range all {
		things[r.Thing] = append(things[r.Thing], r.Value)
		raters[r.Rater] = true
	}
	a.Raters = len(raters)
	maps.DeleteFunc(things, func(_ string, v []float64) bool { return len(v) < 2 })
	a.Things = len(things)
	switch {
	case a.Raters < 2:
		a.Why = "不足两人评分，谈不上一致。"
		return a
	case a.Things < thingsLeast:
		a.Why = fmt.Sprintf("两人以上都评过的只有%d项，至少%d项才能算。", a.Things, thingsLeast)
		return a
	}
	within, between := disagreement(things, distances(things, scale))
	if between == 0 {
		a.Why = "所有评分都是同一个值，分不出是一致还是没有区分。"
		return a
	}
	a.Alpha, a.Known = 1-within/between, true
	return a
}

// disagreement returns what is observed within things, and what chance would give.
// Sums run in the order of the names, so that the same ratings give the same figure
// to the last bit.
func disagreement(things map[string][]float64, d func(a, b float64) float64) (within, between float64) {
	var pool []float64
	for _, name := range slices.Sorted(maps.Keys(things)) {
		v := slices.Sorted(slices.Values(things[name]))
		pool = append(pool, v...)
		sum := 0.0
		for i := range v {
			for j := range i {
				sum += 2 * d(v[i], v[j])
			}
		}
		within += sum / float64(len(v)-1)
	}
	n := float64(len(pool))
	counts := map[float64]float64{}
	for _, v := range pool {
		counts[v]++
	}
	values := slices.Sorted(maps.Keys(counts))
	for i, a := range values {
		for _, b := range values[:i] {
			between += 2 * counts[a] * counts[b] * d(a, b)
		}
	}
	return within / n, between / (n * (n - 1))
}

// distances returns the squared difference: of numbers, or of ranks as Krippendorff has
// it, all values between two of them counted.
func distances(things map[string][]float64, scale Scale) func(a, b float64) float64 {
	if scale == Interval {
		return func(a, b float64) float64 { return (a - b) * (a - b) }
	}
	counts := map[float64]float64{}
	for _, v := range things {
		for _, x := range v {
			counts[x]++
		}
	}
	values := slices.Sorted(maps.Keys(counts))
	return func(a, b float64) float64 {
		lo, hi := min(a, b), max(a, b)
		sum := 0.0
		for _, v := range values {
			if cmp.Compare(v, lo) >= 0 && cmp.Compare(v, hi) <= 0 {
				sum += counts[v]
			}
		}
		sum -= (counts[lo] + counts[hi]) / 2
		return sum * sum
	}
}

// String says the agreement in a sentence: 一致性系数0.82（3人，9项），一致性好。
func (a Agreement) String() string {
	if !a.Known {
		return "一致性系数算不出来：" + a.Why
	}
	word := "一致性低，结论要谨慎，先合议或复核"
	switch {
	case a.Alpha >= Useful:
		word = "一致性好"
	case a.Alpha >= Tentative:
		word = "一致性尚可，结论有保留"
	}
	return fmt.Sprintf("一致性系数%s（%d人，%d项），%s。", Two(a.Alpha), a.Raters, a.Things, word)
}

// Two writes a figure of this package with two decimals, and never as -0.00.
func Two(x float64) string {
	if x = math.Round(x*100) / 100; x == 0 {
		x = 0
	}
	return fmt.Sprintf("%.2f", x)
}
