package likeness

// shortest is how many letters a passage has at least: fewer are common by
// chance, or a name.
const shortest = 10

// Piece is a part of a text that the other text has too, or that only it has.
type Piece struct {
	Text   string
	Shared bool
}

// Shared cuts two texts into pieces and marks the passages that both have, ten
// letters or longer, whatever stands in the programme's own words left out. Each
// passage of the first text is marked wherever the second has it.
func Shared(a, b string, t Template) (pieces, others []Piece) {
	x, atX := plain(a)
	y, atY := plain(b)
	inX, inY := make([]bool, len(x)), make([]bool, len(y))
	mark(x, y, inY, t)
	mark(y, x, inX, t)
	return cut(a, atX, inX), cut(b, atY, inY)
}

// nearest bounds at how many places a run is followed further.
const nearest = 16

// mark marks the letters of y that stand in a passage of x.
func mark(x, y []rune, in []bool, t Template) {
	where := map[uint64][]int{}
	for i := 0; i+run <= len(x); i++ {
		h := hash(x[i : i+run])
		if len(where[h]) < nearest {
			where[h] = append(where[h], i)
		}
	}
	for j := 0; j+run <= len(y); {
		most := 0
		for _, i := range where[hash(y[j:j+run])] {
			n := 0
			for i+n < len(x) && j+n < len(y) && x[i+n] == y[j+n] {
				n++
			}
			most = max(most, n)
		}
		if most < shortest {
			j++
			continue
		}
		if t.has(y[j : j+most]) {
			j += most - run + 1 // a passage may begin with its last runs
			continue
		}
		for k := range most {
			in[j+k] = true
		}
		j += most
	}
}

// has reports whether all runs of some letters stand in the template.
func (t Template) has(letters []rune) bool {
	for i := 0; i+run <= len(letters); i++ {
		if !t[hash(letters[i:i+run])] {
			return false
		}
	}
	return true
}

// cut cuts a text where marking begins and ends. What stands between two marked
// letters, a comma or a blank, belongs to their passage.
func cut(text string, at []int, in []bool) (all []Piece) {
	runes := []rune(text)
	shared := make([]bool, len(runes))
	for k := range at {
		if !in[k] {
			continue
		}
		shared[at[k]] = true
		if k > 0 && in[k-1] {
			for between := at[k-1]; between < at[k]; between++ {
				shared[between] = true
			}
		}
	}
	for from := 0; from < len(runes); {
		to := from
		for to < len(runes) && shared[to] == shared[from] {
			to++
		}
		all = append(all, Piece{Text: string(runes[from:to]), Shared: shared[from]})
		from = to
	}
	return all
}
