package calibration

import (
	"cmp"
	"slices"

	"shifan/internal/lifecycle/assessment"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/raters"
)

// Severity is who is milder or harsher than the rest, in points of a hundred.
type Severity struct {
	Raters    []raters.Strictness // the harshest first
	Modelled  bool                // by the additive model; false: plain means, and Why says why
	Why       error
	Agreement raters.Agreement
}

// Judge compares what people gave to the same samples. Where the additive model refuses,
// everybody's mean distance from the mean of a sample's indicator takes its place, over
// what at least two people marked; it has no error of its own.
func Judge(marks []Marking, indicators []programme.Indicator) (s Severity) {
	var all []raters.Rating
	scale := raters.Ordinal
	for _, i := range Asked(indicators) {
		if i.Scored() {
			scale = raters.Interval
		}
		for _, k := range marks {
			if f, ok := k.Findings[i.Code]; ok {
				all = append(all, raters.Rating{Rater: string(k.Account), Thing: string(k.Calibration) + " " + i.Code, Value: assessment.Share(i, f)})
			}
		}
	}
	s.Agreement = raters.Agree(all, scale)
	if m, err := raters.Adjust(all); err == nil {
		s.Raters, s.Modelled = m.Raters, true
	} else {
		s.Raters, s.Why = plain(all), err
	}
	slices.SortStableFunc(s.Raters, func(a, b raters.Strictness) int {
		return cmp.Or(cmp.Compare(a.Shift, b.Shift), cmp.Compare(a.Rater, b.Rater))
	})
	return s
}

// plain is everybody's mean distance from the mean of what at least two marked.
func plain(all []raters.Rating) (list []raters.Strictness) {
	sum, n := map[string]float64{}, map[string]int{}
	for _, r := range all {
		sum[r.Thing] += r.Value
		n[r.Thing]++
	}
	at := map[string]int{}
	for _, r := range all {
		if n[r.Thing] < 2 {
			continue
		}
		k, ok := at[r.Rater]
		if !ok {
			k = len(list)
			at[r.Rater], list = k, append(list, raters.Strictness{Rater: r.Rater})
		}
		list[k].Shift += r.Value - sum[r.Thing]/float64(n[r.Thing])
		list[k].N++
	}
	for k := range list {
		list[k].Shift /= float64(list[k].N)
	}
	return list
}
