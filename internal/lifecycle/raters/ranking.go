package raters

import (
	"cmp"
	"math"
	"math/big"
	"slices"
)

// Standing is one thing that was scored, as it stands and as it would stand.
type Standing struct {
	Name   string
	Group  string   // within which places are given
	Places int      // of the group; 0: no bound
	Raw    *big.Rat // the score that counts
	Passes bool     // by the raw score
	Shift  float64  // what adjusting adds to it
	Passed bool     // by the adjusted score

	Rank, Adjusted int  // from 1 within all; equal scores share a rank
	Changes        bool // it passes or has a place in one of both and not in the other
}

// even is how near adjusted scores are taken for equal.
const even = 1e-9

// Would returns the adjusted score.
func (s Standing) Would() float64 {
	f, _ := s.Raw.Float64()
	return f + s.Shift
}

// Rank ranks things by both scores and says which outcomes differ. It orders them by the
// raw score, the best first: that is the one that counts.
func Rank(all []Standing) []Standing {
	all = slices.Clone(all)
	slices.SortStableFunc(all, func(a, b Standing) int { return cmp.Or(b.Raw.Cmp(a.Raw), cmp.Compare(a.Name, b.Name)) })
	for i := range all {
		all[i].Rank, all[i].Adjusted = 1, 1
		inRaw, inAdjusted := 1, 1 // its rank within the group
		for j := range all {
			same := all[i].Group == all[j].Group
			if all[j].Raw.Cmp(all[i].Raw) > 0 {
				all[i].Rank++
				if same {
					inRaw++
				}
			}
			if d := all[j].Would() - all[i].Would(); d > even && !math.IsNaN(d) {
				all[i].Adjusted++
				if same {
					inAdjusted++
				}
			}
		}
		n := all[i].Places
		was := all[i].Passes && (n == 0 || inRaw <= n)
		would := all[i].Passed && (n == 0 || inAdjusted <= n)
		all[i].Changes = was != would
	}
	return all
}
