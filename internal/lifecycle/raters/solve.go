package raters

import (
	"math"
	"slices"
)

// sufficient refuses scores of which nothing can be said.
func (f *fit) sufficient() error {
	if n := len(f.raters); n < 2 {
		return errAlone.New(n, 2)
	}
	if n := f.parts(); n > 1 {
		return errApart.New(n)
	}
	common := make([]int, len(f.raters))
	for i, t := range f.t {
		if f.perThing[t] > 1 {
			common[f.r[i]]++
		}
	}
	few := 0
	for _, n := range common {
		if n < commonLeast {
			few++
		}
	}
	if few > 0 {
		return errCommon.New(few, commonLeast)
	}
	// Every rater shares three things with others, so there are half as many scores again
	// as raters beyond one a thing: enough to tell strictness from chance.
	f.free = len(f.y) - len(f.things)
	return nil
}

// parts counts into how many parts raters and things fall that nothing joins.
func (f *fit) parts() int {
	of := make([]int, len(f.raters)+len(f.things))
	for i := range of {
		of[i] = i
	}
	var find func(int) int
	find = func(i int) int {
		if of[i] != i {
			of[i] = find(of[i])
		}
		return of[i]
	}
	n := len(of)
	for i := range f.y {
		if a, b := find(f.r[i]), find(len(f.raters)+f.t[i]); a != b {
			of[a] = b
			n--
		}
	}
	return n
}

// reduce takes the things out of the equations.
func (f *fit) reduce() {
	n := len(f.raters)
	f.a, f.b = make([][]float64, n), make([]float64, n)
	for i := range f.a {
		f.a[i] = make([]float64, n)
		f.a[i][i] = f.perRater[i]
	}
	sums, by := make([]float64, len(f.things)), make([][]int, len(f.things))
	for i, t := range f.t {
		sums[t] += f.y[i]
		by[t] = append(by[t], f.r[i])
	}
	for i, t := range f.t {
		f.b[f.r[i]] += f.y[i] - sums[t]/f.perThing[t]
		f.yy += f.y[i] * (f.y[i] - sums[t]/f.perThing[t])
		for _, other := range by[t] {
			f.a[f.r[i]][other] -= 1 / f.perThing[t]
		}
	}
	f.values, f.vectors = eigen(f.a)
}

// dull is an eigenvalue that counts as none: the direction in which all raters are
// equally strict, of which scores say nothing.
const dull = 1e-9

// estimate finds both variances by EM: each round takes the strictness that the last
// variances give, and the variances that this strictness gives.
func (f *fit) estimate() {
	g := make([]float64, len(f.b)) // b in the directions of the eigenvectors
	for k := range g {
		for i := range f.b {
			g[k] += f.vectors[i][k] * f.b[i]
		}
	}
	n := float64(len(f.raters) - 1)
	f.chance = math.Max(f.yy/float64(f.free), 1e-12)
	f.spread = f.chance
	least := f.chance * 1e-9
	for range 2000 {
		l := f.chance / f.spread
		fits, size, doubt := 0.0, 0.0, 0.0
		for k, v := range f.values {
			if v < dull {
				continue
			}
			fits += g[k] * g[k] / (v + l)
			size += g[k] * g[k] / ((v + l) * (v + l))
			doubt += 1 / (v + l)
		}
		spread := math.Max((size+f.chance*doubt)/n, least)
		chance := math.Max((f.yy-fits)/float64(f.free), least)
		still := math.Abs(spread-f.spread) < 1e-12*f.spread && math.Abs(chance-f.chance) < 1e-12*f.chance
		f.spread, f.chance = spread, chance
		if still {
			break
		}
	}
}

// inverse returns the strictness that one unit of each equation gives, shrunk.
func (f *fit) inverse() [][]float64 {
	l, n := f.chance/f.spread, len(f.raters)
	c := make([][]float64, n)
	for i := range c {
		c[i] = make([]float64, n)
		for j := range c[i] {
			for k, v := range f.values {
				if v >= dull {
					c[i][j] += f.vectors[i][k] * f.vectors[j][k] / (v + l)
				}
			}
		}
	}
	return c
}

func (f *fit) model() *Model {
	c := f.inverse()
	m := &Model{Chance: f.chance, Spread: f.spread}
	for i, name := range f.raters {
		s := Strictness{Rater: name, N: int(f.perRater[i]), Error: math.Sqrt(f.chance * c[i][i])}
		for j := range f.b {
			s.Shift += c[i][j] * f.b[j]
		}
		m.Raters = append(m.Raters, s)
	}
	by := make([][]int, len(f.things))
	for i, t := range f.t {
		by[t] = append(by[t], i)
	}
	for t, name := range f.things {
		x, n, doubt := Thing{Name: name, N: len(by[t])}, f.perThing[t], 0.0
		for _, i := range by[t] {
			x.Mean += (f.level + f.y[i]) / n
			x.Adjusted -= m.Raters[f.r[i]].Shift / n
			for _, j := range by[t] {
				doubt += c[f.r[i]][f.r[j]] / (n * n)
			}
		}
		x.Adjusted += x.Mean
		x.Error = math.Sqrt(f.chance * (1/n + doubt))
		m.Things = append(m.Things, x)
	}
	return m
}

// eigen returns the eigenvalues of a symmetric matrix and its eigenvectors as columns,
// by Jacobi's rotations (Golub and Van Loan, Matrix Computations, 4th ed., §8.5).
func eigen(m [][]float64) (values []float64, vectors [][]float64) {
	n := len(m)
	a, v := make([][]float64, n), make([][]float64, n)
	for i := range m {
		a[i], v[i] = slices.Clone(m[i]), make([]float64, n)
		v[i][i] = 1
	}
	for range 60 {
		off, size := 0.0, 0.0
		for i := range n {
			size += a[i][i] * a[i][i]
			for j := range i {
				off += a[i][j] * a[i][j]
			}
		}
		if off <= 1e-26*size {
			break
		}
		for p := range n {
			for q := range p {
				rotate(a, v, q, p)
			}
		}
	}
	values = make([]float64, n)
	for i := range values {
		values[i] = a[i][i]
	}
	return values, v
}

// rotate makes one entry off the diagonal nothing.
func rotate(a, v [][]float64, p, q int) {
	if a[p][q] == 0 {
		return
	}
	theta := (a[q][q] - a[p][p]) / (2 * a[p][q])
	t := 1 / (math.Abs(theta) + math.Hypot(theta, 1))
	if theta < 0 {
		t = -t
	}
	c := 1 / math.Hypot(t, 1)
	s := t * c
	for k := range a {
		x, y := a[k][p], a[k][q]
		a[k][p], a[k][q] = c*x-s*y, s*x+c*y
	}
	for k := range a {
		x, y := a[p][k], a[q][k]
		a[p][k], a[q][k] = c*x-s*y, s*x+c*y
	}
	for k := range v {
		x, y := v[k][p], v[k][q]
		v[k][p], v[k][q] = c*x-s*y, s*x+c*y
	}
}
