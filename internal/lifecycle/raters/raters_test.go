package raters_test

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"shifan/internal/fault"
	"shifan/internal/lifecycle/raters"
)

// krippendorff is the example of his paper of 2011, section E ("nominal or higher data,
// any number of observers, missing data"): four observers, twelve units.
var krippendorff = [4][12]float64{
	{1, 2, 3, 3, 2, 1, 4, 1, 2, 0, 0, 0},
	{1, 2, 3, 3, 2, 2, 4, 1, 2, 5, 0, 3},
	{0, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, 0},
	{1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, 0},
}

func TestAlpha(t *testing.T) {
	t.Parallel()
	var all []raters.Rating
	for o, row := range krippendorff {
		for u, v := range row {
			if v > 0 {
				all = append(all, raters.Rating{Rater: fmt.Sprint("o", o), Thing: fmt.Sprint("u", u), Value: v})
			}
		}
	}
	for scale, want := range map[raters.Scale]float64{raters.Interval: 0.849, raters.Ordinal: 0.815} { // as published
		a := raters.Agree(all, scale)
		if !a.Known || math.Abs(a.Alpha-want) > 0.0005 || a.Raters != 4 || a.Things != 11 {
			t.Errorf("scale %v: %+v, want %v", scale, a, want)
		}
	}
}

func TestAlphaBounds(t *testing.T) {
	t.Parallel()
	r := func(who, what string, v float64) raters.Rating {
		return raters.Rating{Rater: who, Thing: what, Value: v}
	}
	for name, tt := range map[string]struct {
		all   []raters.Rating
		known bool
		alpha float64
	}{
		"agreed":       {[]raters.Rating{r("a", "1", 1), r("b", "1", 1), r("a", "2", 9), r("b", "2", 9)}, true, 1},
		"crossed":      {[]raters.Rating{r("a", "1", 1), r("b", "1", 9), r("a", "2", 9), r("b", "2", 1)}, true, -0.5},
		"one rater":    {[]raters.Rating{r("a", "1", 1), r("a", "2", 9)}, false, 0},
		"one thing":    {[]raters.Rating{r("a", "1", 1), r("b", "1", 9), r("a", "2", 9)}, false, 0},
		"all the same": {[]raters.Rating{r("a", "1", 5), r("b", "1", 5), r("a", "2", 5), r("b", "2", 5)}, false, 0},
		"nothing":      {nil, false, 0},
	} {
		for _, scale := range []raters.Scale{raters.Interval, raters.Ordinal} {
			a := raters.Agree(tt.all, scale)
			if a.Known != tt.known || a.Known && math.Abs(a.Alpha-tt.alpha) > 1e-9 || !a.Known && a.Why == "" {
				t.Errorf("%s: %+v", name, a)
			}
		}
	}
}

// world plants what things are worth and how strict raters are: every rater scores
// per things in a row around a ring, with some noise.
func world(n, people, per int, shift []float64, noise float64, seed uint64) []raters.Rating {
	r := rand.New(rand.NewPCG(seed, 1))
	var all []raters.Rating
	worth := make([]float64, n)
	for i := range worth {
		worth[i] = 60 + 30*r.Float64()
	}
	for j := range people {
		for k := range per {
			i := (j*n/people + k) % n
			all = append(all, raters.Rating{Rater: fmt.Sprintf("r%02d", j), Thing: fmt.Sprintf("t%03d", i), Value: worth[i] + shift[j] + noise*r.NormFloat64()})
		}
	}
	return all
}

var planted = []float64{-8, -4, -1, 0, 2, 3, 3, 5} // adds up to 0

// TestPlanted: strictness that was planted is found, shrunk a little.
func TestPlanted(t *testing.T) {
	t.Parallel()
	m, err := raters.Adjust(world(40, 8, 15, planted, 1, 7))
	if err != nil {
		t.Fatal(err)
	}
	sum, off, raw := 0.0, 0.0, 0.0
	for j, s := range m.Raters {
		if math.Abs(s.Shift-planted[j]) > 3*s.Error+0.2 {
			t.Errorf("%s: %.2f ± %.2f, planted %.0f", s.Rater, s.Shift, s.Error, planted[j])
		}
		sum += s.Shift
	}
	if math.Abs(sum) > 1e-9 {
		t.Errorf("strictness adds up to %g", sum)
	}
	exact, err := raters.Adjust(world(40, 8, 15, make([]float64, 8), 0.0001, 7)) // what they are worth
	if err != nil {
		t.Fatal(err)
	}
	for i, x := range m.Things {
		off += math.Abs(x.Adjusted - exact.Things[i].Mean)
		raw += math.Abs(x.Mean - exact.Things[i].Mean)
	}
	if off*2 > raw {
		t.Errorf("adjusted scores are off by %.1f in all, raw ones by %.1f", off, raw)
	}
	if m.Chance < 0.5 || m.Chance > 2 || m.Spread < 5 || m.Spread > 60 {
		t.Errorf("variances %.2f and %.2f, planted 1 and 18", m.Chance, m.Spread)
	}
}

// TestNobodyIsStrict: noise alone is hardly taken for strictness.
func TestNobodyIsStrict(t *testing.T) {
	t.Parallel()
	m, err := raters.Adjust(world(40, 8, 15, make([]float64, 8), 3, 11))
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range m.Raters {
		if math.Abs(s.Shift) > 1.5 {
			t.Errorf("%s is said to be off by %.2f", s.Rater, s.Shift)
		}
	}
}

// TestOrder: neither the order of the ratings nor what raters are called matters.
func TestOrder(t *testing.T) {
	t.Parallel()
	all := world(30, 8, 12, planted, 2, 3)
	one, err := raters.Adjust(all)
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(5, 5))
	mixed := slices.Clone(all)
	r.Shuffle(len(mixed), func(i, j int) { mixed[i], mixed[j] = mixed[j], mixed[i] })
	two, err := raters.Adjust(mixed)
	if err != nil {
		t.Fatal(err)
	}
	for i := range one.Things {
		if one.Things[i] != two.Things[i] {
			t.Errorf("%+v, mixed %+v", one.Things[i], two.Things[i])
		}
	}
	perm := r.Perm(8)
	for i := range mixed {
		var j int
		if _, err := fmt.Sscanf(mixed[i].Rater, "r%d", &j); err != nil {
			t.Fatal(err)
		}
		mixed[i].Rater = fmt.Sprint("p", perm[j])
	}
	named, err := raters.Adjust(mixed)
	if err != nil {
		t.Fatal(err)
	}
	for i := range one.Things {
		if math.Abs(one.Things[i].Adjusted-named.Things[i].Adjusted) > 1e-6 {
			t.Errorf("%s: %g, renamed %g", one.Things[i].Name, one.Things[i].Adjusted, named.Things[i].Adjusted)
		}
	}
}

// TestConstant: whatever is added to all scores of one rater is taken for strictness.
// With everybody scoring everything the ranking cannot change; where not, no two things
// move apart further than shrinking leaves: 2·c·λ/(λ+μ), with μ the least eigenvalue but
// one of the raters' graph; here every two raters meet in two things, and μ is r·J/2.
func TestConstant(t *testing.T) {
	t.Parallel()
	const people, times = 5, 4
	var pairs []raters.Rating
	r, n := rand.New(rand.NewPCG(9, 9)), 0
	for a := range people {
		for b := range a {
			for range times {
				worth := 50 + 40*r.Float64()
				for _, j := range []int{a, b} {
					pairs = append(pairs, raters.Rating{Rater: fmt.Sprint("r", j), Thing: fmt.Sprintf("t%03d", n), Value: worth + float64(2*j) + r.NormFloat64()})
				}
				n++
			}
		}
	}
	for name, all := range map[string][]raters.Rating{"pairs": pairs, "everybody everything": world(20, 8, 20, planted, 2, 13)} {
		for _, c := range []float64{-20, -3, 1, 15} {
			moved := slices.Clone(all)
			for i := range moved {
				if moved[i].Rater == all[0].Rater {
					moved[i].Value += c
				}
			}
			one, err := raters.Adjust(all)
			if err != nil {
				t.Fatal(err)
			}
			two, err := raters.Adjust(moved)
			if err != nil {
				t.Fatal(err)
			}
			if name == "everybody everything" {
				if !slices.Equal(ranking(one), ranking(two)) {
					t.Errorf("%s, %+v: the ranking changed", name, c)
				}
				continue
			}
			l := max(one.Chance/one.Spread, two.Chance/two.Spread)
			// λ is estimated anew, which moves what was shrunk before as well
			bound := 2 * (math.Abs(c) + 10) * l / (l + times*people/2)
			low, high := math.Inf(1), math.Inf(-1)
			for i := range one.Things {
				d := two.Things[i].Adjusted - one.Things[i].Adjusted
				low, high = min(low, d), max(high, d)
			}
			if high-low > bound || bound > math.Abs(c)+1 {
				t.Errorf("%s, %+v: things move apart by %g, at most %g", name, c, high-low, bound)
			}
		}
	}
}

func ranking(m *raters.Model) (names []string) {
	things := slices.Clone(m.Things)
	slices.SortStableFunc(things, func(a, b raters.Thing) int { return cmp.Compare(b.Adjusted, a.Adjusted) })
	for _, x := range things {
		names = append(names, x.Name)
	}
	return names
}

func TestRefused(t *testing.T) {
	t.Parallel()
	whole := world(12, 4, 12, planted[:4], 1, 1)
	apart := slices.Clone(whole)
	for i := range apart { // raters 2 and 3 score other things
		if apart[i].Rater >= "r02" {
			apart[i].Thing += "x"
		}
	}
	few := append(slices.Clone(whole), raters.Rating{Rater: "s", Thing: "t000", Value: 1}, raters.Rating{Rater: "s", Thing: "t001", Value: 2})
	chain := []raters.Rating{}
	for j, who := range []string{"a", "b", "c"} { // a and b meet in three things, b and c too: no more scores than unknowns
		for k := range 3 {
			if j > 0 {
				chain = append(chain, raters.Rating{Rater: who, Thing: fmt.Sprint(j-1, k), Value: float64(k)})
			}
			if j < 2 {
				chain = append(chain, raters.Rating{Rater: who, Thing: fmt.Sprint(j, k), Value: float64(k * k)})
			}
		}
	}
	short := []raters.Rating{}
	for _, x := range chain {
		if x.Rater != "b" || x.Thing != "1 2" && x.Thing != "0 2" {
			short = append(short, x)
		}
	}
	for name, tt := range map[string]struct {
		all  []raters.Rating
		code string
	}{
		"whole":           {whole, ""},
		"nobody":          {nil, "score.adjust.raters"},
		"one rater":       {whole[:12], "score.adjust.raters"},
		"two parts":       {apart, "score.adjust.apart"},
		"two things only": {few, "score.adjust.common"},
		"chain":           {chain, ""},
		"chain with gaps": {short, "score.adjust.common"},
	} {
		m, err := raters.Adjust(tt.all)
		if tt.code == "" && (err != nil || m == nil) || tt.code != "" && fault.CodeOf(err) != tt.code {
			t.Errorf("%s: %v, want %q", name, err, tt.code)
		}
	}
}

func TestSayings(t *testing.T) {
	t.Parallel()
	for want, a := range map[string]raters.Agreement{
		"一致性系数0.80（3人，9项），一致性好。":               {Alpha: 0.8, Known: true, Raters: 3, Things: 9},
		"一致性系数0.67（3人，9项），一致性尚可，结论有保留。":        {Alpha: 0.667, Known: true, Raters: 3, Things: 9},
		"一致性系数-0.20（3人，9项），一致性低，结论要谨慎，先合议或复核。": {Alpha: -0.2, Known: true, Raters: 3, Things: 9},
		"一致性系数算不出来：不足两人评分，谈不上一致。":              raters.Agree(nil, raters.Interval),
	} {
		if a.String() != want {
			t.Errorf("%q, want %q", a, want)
		}
	}
	if raters.Two(-0.001) != "0.00" {
		t.Error(raters.Two(-0.001))
	}
}
