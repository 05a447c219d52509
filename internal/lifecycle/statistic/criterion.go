package statistic

import (
	"cmp"
	"math/big"
	"slices"

	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/review"
)

// Mark is how often an indicator got the same judgement.
type Mark struct {
	By        string // "review" or "visit"
	Indicator string
	Verdict   string // meets, partly, doubtful or fails
	Score     int    // where points are given
	N         int
}

// Criterion is how an indicator was judged in a round, by whoever looks at it.
type Criterion struct {
	Code, Title        string
	Judged             int
	Met, Partly, Unmet int // where points are given: all of them, some, none
	Doubtful           int
	Points             int // where they are given: the most
	Low, Median, High  int // of the points given
	ShortPermille      int // what was missing on average: 1000 all of it, 0 nothing
	lost, lostOf       int
}

// Criteria says how each indicator was judged, the one that was most often unmet
// first. Those that nobody judged are left out.
func Criteria(indicators []programme.Indicator, marks []Mark) (all []Criterion) {
	for _, i := range indicators {
		c := Criterion{Code: i.Code, Title: i.Title}
		if i.Scored() {
			c.Points = i.Points
		}
		var points []weight
		for _, m := range marks {
			if m.Indicator != i.Code || !judges(i, m) {
				continue
			}
			c.Judged += m.N
			c.count(i, m)
			points = append(points, weight{m.Score, m.N})
		}
		if c.Judged == 0 {
			continue
		}
		if i.Scored() {
			c.Low, c.Median, c.High = quantile(points, 0), quantile(points, 500), quantile(points, 1000)
		}
		c.ShortPermille = permille(c.lost, c.lostOf)
		all = append(all, c)
	}
	slices.SortStableFunc(all, func(a, b Criterion) int {
		return cmp.Or(cmp.Compare(b.ShortPermille, a.ShortPermille), cmp.Compare(b.Unmet+b.Doubtful, a.Unmet+a.Doubtful))
	})
	return all
}

// judges reports whether a mark of an indicator is by whoever looks at it, and says
// something.
func judges(i programme.Indicator, m Mark) bool {
	by := "visit"
	if review.Asked(i) {
		by = "review"
	}
	return m.By == by && (m.Verdict != "" || i.Scored())
}

// judged says what a mark found: met, partly, doubtful or unmet; empty for nothing known.
func judged(i programme.Indicator, m Mark) string {
	if i.Scored() {
		switch m.Score {
		case i.Points:
			return "met"
		case 0:
			return "unmet"
		}
		return "partly"
	}
	return map[string]string{"meets": "met", "fails": "unmet", "partly": "partly", "doubtful": "doubtful"}[m.Verdict]
}

// count adds a mark: what of the indicator was missing, in halves or in points.
func (c *Criterion) count(i programme.Indicator, m Mark) {
	found := judged(i, m)
	switch found {
	case "met":
		c.Met += m.N
	case "unmet":
		c.Unmet += m.N
	case "partly":
		c.Partly += m.N
	case "doubtful":
		c.Doubtful += m.N
	}
	if i.Scored() {
		c.lost, c.lostOf = c.lost+(i.Points-m.Score)*m.N, c.lostOf+i.Points*m.N
		return
	}
	c.lost += map[string]int{"unmet": 2, "partly": 1, "doubtful": 1}[found] * m.N
	c.lostOf += 2 * m.N
}

// Band is how many totals lie from one number of points up to another, which belongs
// to the next band; in the last one it belongs to it.
type Band struct{ From, To, N int }

// Scores is how far the totals of a round lie apart. Quartiles are those of totals that
// were really given (nearest rank), exact.
type Scores struct {
	N                                    int
	Low, Quarter, Median, Upper, Highest *big.Rat // nil when N is 0
	Most                                 int
	Bands                                []Band
}

// bands is into how many a total is parted.
const bands = 10

// Spread measures totals that go from 0 to most.
func Spread(totals []*big.Rat, most int) (s Scores) {
	s.N, s.Most = len(totals), most
	if s.N == 0 || most <= 0 {
		return Scores{}
	}
	all := slices.Clone(totals)
	slices.SortFunc(all, func(a, b *big.Rat) int { return a.Cmp(b) })
	rank := func(thousandths int) *big.Rat { return all[max(1, (s.N*thousandths+999)/1000)-1] }
	s.Low, s.Quarter, s.Median, s.Upper, s.Highest = all[0], rank(250), rank(500), rank(750), all[s.N-1]
	width := (most + bands - 1) / bands
	for from := 0; from < most; from += width {
		s.Bands = append(s.Bands, Band{From: from, To: min(most, from+width)})
	}
	for _, t := range all {
		whole := new(big.Int).Quo(t.Num(), t.Denom())
		at := min(len(s.Bands)-1, max(0, int(whole.Int64())/width))
		s.Bands[at].N++
	}
	return s
}
