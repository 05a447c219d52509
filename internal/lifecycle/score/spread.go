package score

import (
	"math/big"
	"slices"
)

// Spread is how far apart several people's scores of one thing lie.
type Spread struct {
	N                       int
	Low, High, Median, Mean *big.Rat // nil when N is 0
}

// SpreadOf measures scores. The median of an even number is the middle of the two in
// the middle; all is exact.
func SpreadOf(scores []*big.Rat) (s Spread) {
	if s.N = len(scores); s.N == 0 {
		return s
	}
	all := slices.Clone(scores)
	slices.SortFunc(all, func(a, b *big.Rat) int { return a.Cmp(b) })
	s.Low, s.High, s.Mean = all[0], all[s.N-1], new(big.Rat)
	for _, x := range all {
		s.Mean.Add(s.Mean, x)
	}
	s.Mean.Quo(s.Mean, big.NewRat(int64(s.N), 1))
	s.Median = new(big.Rat).Add(all[(s.N-1)/2], all[s.N/2])
	s.Median.Quo(s.Median, big.NewRat(2, 1))
	return s
}

// String says it in one line: 3人评分：60至72，中位数66，平均66.
func (s Spread) String() string {
	switch s.N {
	case 0:
		return "还没有人评分"
	case 1:
		return "只有1人评分（" + Said(s.Low) + "），没有可比较的"
	}
	n := big.NewRat(int64(s.N), 1)
	return Said(n) + "人评分：" + Said(s.Low) + "至" + Said(s.High) + "，中位数" + Said(s.Median) + "，平均" + Said(s.Mean)
}

// Gap is the highest less the lowest; 0 with fewer than two.
func (s Spread) Gap() *big.Rat {
	if s.N < 2 {
		return new(big.Rat)
	}
	return new(big.Rat).Sub(s.High, s.Low)
}
