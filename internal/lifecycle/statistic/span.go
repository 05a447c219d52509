package statistic

import (
	"cmp"
	"slices"

	"shifan/internal/calendar"
)

// Spell is how many things were in a stage from one day to another.
type Spell struct {
	Stage string
	From  calendar.Date
	To    calendar.Date // zero: they are still there
	Due   calendar.Date // the last day of the limit; zero: none runs
	N     int
}

// over reports whether the limit was or is passed.
func (s Spell) over(today calendar.Date) bool {
	last := s.To
	if last.IsZero() {
		last = today
	}
	return !s.Due.IsZero() && last.After(s.Due)
}

// days are the natural days from the first to the last; 0 when both are one.
func (s Spell) days(today calendar.Date) int {
	if s.To.IsZero() {
		return max(0, s.From.DaysUntil(today))
	}
	return max(0, s.From.DaysUntil(s.To))
}

// Span is how long a stage took, in natural days, and what waits in it. Median and P90
// are those of a thing that was really there (nearest rank): half of all were done
// within Median days, nine of ten within P90.
type Span struct {
	Stage, Word          string
	Done                 int
	Median, P90, Longest int
	Limited              int // of those done, with a limit
	Late                 int // of those, after it
	Waiting              int
	Oldest               int // for how many days the one that waits longest has waited
	Overdue              int // of those that wait, after their limit
}

// LatePermille is the share of those with a limit that were late.
func (s Span) LatePermille() int { return permille(s.Late, s.Limited) }

// Spans says of each of the stages, in their order, how long it took. A stage in which
// nothing was yet is left out.
func Spans(stages []string, all []Spell, today calendar.Date) (spans []Span) {
	for _, name := range stages {
		s := Span{Stage: name, Word: Word(name)}
		var took []weight
		for _, l := range all {
			if l.Stage != name {
				continue
			}
			if l.To.IsZero() {
				s.Waiting += l.N
				s.Oldest = max(s.Oldest, l.days(today))
				if l.over(today) {
					s.Overdue += l.N
				}
				continue
			}
			s.Done += l.N
			took = append(took, weight{l.days(today), l.N})
			if !l.Due.IsZero() {
				s.Limited += l.N
			}
			if l.over(today) {
				s.Late += l.N
			}
		}
		if s.Done+s.Waiting == 0 {
			continue
		}
		s.Median, s.P90, s.Longest = quantile(took, 500), quantile(took, 900), quantile(took, 1000)
		spans = append(spans, s)
	}
	return spans
}

// Slowest returns the span in which most wait now after their limit, or where the
// limit tells nothing, the one that has kept something waiting longest; ok is false
// when nothing waits.
func Slowest(all []Span) (s Span, ok bool) {
	for _, x := range all {
		if x.Waiting > 0 && (!ok || cmp.Or(cmp.Compare(x.Overdue, s.Overdue), cmp.Compare(x.Oldest, s.Oldest)) > 0) {
			s, ok = x, true
		}
	}
	return s, ok
}

// weight is a value that several things have.
type weight struct{ value, n int }

// quantile is the smallest value that at least so many thousandths of all do not
// exceed: the nearest rank. It is 0 for nothing.
func quantile(all []weight, thousandths int) int {
	total := 0
	for _, w := range all {
		total += w.n
	}
	slices.SortFunc(all, func(a, b weight) int { return a.value - b.value })
	rank, seen := (total*thousandths+999)/1000, 0
	for _, w := range all {
		if seen += w.n; seen >= max(1, rank) {
			return w.value
		}
	}
	return 0
}
