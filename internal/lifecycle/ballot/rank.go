package ballot

import (
	"slices"

	"shifan/internal/id"
)

// Ranked is one carried item with the ayes of each ballot that carried it.
type Ranked struct {
	Item id.Item
	Ayes []int
}

// Cut says what becomes of the carried items of a category that has fewer
// places (S54).
type Cut struct {
	Carried int       // how many were carried
	Stay    []id.Item // within the places
	Out     []id.Item // beyond them
	Again   []id.Item // to be voted on again before one can say
}

// Settled reports whether there is nothing left to do.
func (c Cut) Settled() bool { return len(c.Out) == 0 && len(c.Again) == 0 }

// Rank applies a category's places to its carried items. Fewer than there are
// places, and none at all, are always fine (S7). Otherwise the ayes decide, or
// where rule is "second_ballot", Marks or Ranks those of a further ballot among all; equal ones
// at the edge are voted on again among themselves, as often as it takes.
func Rank(rule string, places int, carried []Ranked) Cut {
	c := Cut{Carried: len(carried)}
	switch {
	case len(carried) <= places:
		c.Stay = ids(carried)
	case places <= 0:
		c.Out = ids(carried)
	case rule == "second_ballot" || rule == Marks || rule == Ranks:
		c.split(places, 1, carried)
	default:
		c.split(places, 0, carried)
	}
	return c
}

// split tells apart those that were equal in every ballot before the nth.
func (c *Cut) split(places, n int, group []Ranked) {
	var ahead, level, behind []Ranked
	for _, i := range group {
		if len(i.Ayes) <= n {
			c.Again = append(c.Again, i.Item)
		}
	}
	if len(c.Again) > 0 {
		return
	}
	ranked := slices.Clone(group)
	slices.SortStableFunc(ranked, func(a, b Ranked) int { return b.Ayes[n] - a.Ayes[n] })
	edge := ranked[places-1].Ayes[n]
	for _, i := range ranked {
		switch {
		case i.Ayes[n] > edge:
			ahead = append(ahead, i)
		case i.Ayes[n] == edge:
			level = append(level, i)
		default:
			behind = append(behind, i)
		}
	}
	c.Stay, c.Out = append(c.Stay, ids(ahead)...), append(c.Out, ids(behind)...)
	if left := places - len(ahead); len(level) > left {
		c.split(left, n+1, level)
		return
	}
	c.Stay = append(c.Stay, ids(level)...)
}

func ids(items []Ranked) (all []id.Item) {
	for _, i := range items {
		all = append(all, i.Item)
	}
	return all
}
