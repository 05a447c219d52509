// Package likeness finds texts that were written from one another: statements of
// two applicants, or of one applicant and somebody's of a former year. What it
// finds is a hint for a person who then reads both; it is never a verdict.
//
// A text is reduced to the set of its runs of five characters (shingles), blanks,
// punctuation and the difference between digits left out, because "2020年12次" and
// "2021年13次" are the usual way to adapt a text. Runs that stand in the programme's
// own words (Template) do not count. The set is kept as a Sketch of 128 minima, one
// in each of 128 parts of the hash's range (one permutation hashing: Li, Owen and
// Zhang, NIPS 2012; parts that stay empty borrow as in Shrivastava, ICML 2017), and
// the share of equal minima estimates how much of both sets is common (Broder 1997).
// An Index finds the sketches that agree in all three rows of one of 42 bands, so
// that not every pair is looked at: of pairs that share half it misses four in a
// thousand, of those that share two fifths six in a hundred.
package likeness

import (
	"unicode"
)

const (
	run    = 5   // characters of a shingle
	parts  = 128 // minima of a sketch
	rows   = 3
	bands  = parts / rows // the last two minima are in none
	fewest = 30           // shingles; a shorter text says nothing about who wrote it
)

// Template is what every text may hold: the programme's own wording.
type Template map[uint64]bool

// NewTemplate returns the shingles of the given texts.
func NewTemplate(texts ...string) Template {
	t := Template{}
	for _, text := range texts {
		letters, _ := plain(text)
		for i := 0; i+run <= len(letters); i++ {
			t[hash(letters[i:i+run])] = true
		}
	}
	return t
}

// Sketch stands for a text. The zero Sketch is like nothing.
type Sketch struct {
	minima [parts]uint32
	full   bool
}

// Of returns the sketch of a text, without what the template has. A text of fewer
// than thirty runs beside the template has the zero Sketch.
func Of(text string, t Template) (s Sketch) {
	letters, _ := plain(text)
	var taken [parts]bool
	n := 0
	for i := 0; i+run <= len(letters); i++ {
		h := hash(letters[i : i+run])
		if t[h] {
			continue
		}
		n++
		part, value := h>>57, uint32(h)
		if !taken[part] || value < s.minima[part] {
			s.minima[part], taken[part] = value, true
		}
	}
	if n < fewest {
		return Sketch{}
	}
	own := s.minima
	for i := range parts {
		for at, try := uint64(i), uint64(1); !taken[at]; try++ {
			at = mix(uint64(i)<<32|try) % parts
			s.minima[i] = own[at]
		}
	}
	s.full = true
	return s
}

// Empty reports whether a text was too short to be compared.
func (s Sketch) Empty() bool { return !s.full }

// Percent estimates how many in a hundred of the runs of both texts are common.
func (s Sketch) Percent(o Sketch) int {
	if s.Empty() || o.Empty() {
		return 0
	}
	same := 0
	for i := range parts {
		if s.minima[i] == o.minima[i] {
			same++
		}
	}
	return same * 100 / parts
}

// Index finds sketches that are like a given one.
type Index struct {
	bands [bands]map[uint64][]int32
}

// Add puts a sketch in, under a number that Near returns.
func (x *Index) Add(s Sketch, n int32) {
	if s.Empty() {
		return
	}
	for b := range bands {
		if x.bands[b] == nil {
			x.bands[b] = map[uint64][]int32{}
		}
		key := s.band(b)
		x.bands[b][key] = append(x.bands[b][key], n)
	}
}

// Near returns the numbers of the sketches that share a band with the given one,
// each once, its own among them if it is in.
func (x *Index) Near(s Sketch) (all []int32) {
	if s.Empty() {
		return nil
	}
	seen := map[int32]bool{}
	for b := range bands {
		for _, n := range x.bands[b][s.band(b)] {
			if !seen[n] {
				seen[n] = true
				all = append(all, n)
			}
		}
	}
	return all
}

func (s Sketch) band(b int) uint64 {
	h := uint64(b)
	for _, v := range s.minima[b*rows : (b+1)*rows] {
		h = mix(h ^ uint64(v))
	}
	return h
}

// plain returns the letters of a text as they are compared, and where in its runes
// each stands: full-width forms made plain, capitals small, every digit the same.
func plain(text string) (letters []rune, at []int) {
	letters, at = make([]rune, 0, len(text)/2), make([]int, 0, len(text)/2)
	n := 0
	for _, r := range text {
		if r = letter(r); r != 0 {
			letters, at = append(letters, r), append(at, n)
		}
		n++
	}
	return letters, at
}

// letter returns a character as it is compared; 0 for one that does not count.
func letter(r rune) rune {
	if r >= 0x4e00 && r <= 0x9fff { // most of what is written
		return r
	}
	if r >= '！' && r <= '～' {
		r -= '！' - '!'
	}
	switch {
	case unicode.IsDigit(r):
		return '0'
	case unicode.IsLetter(r):
		return unicode.ToLower(r)
	}
	return 0
}

// hash returns the hash of a few letters.
func hash(letters []rune) uint64 {
	h := uint64(0)
	for _, r := range letters {
		h = h*0x100000001b3 + uint64(r)
	}
	return mix(h)
}

// mix spreads a number over all bits (the finalizer of SplitMix64).
func mix(h uint64) uint64 {
	h += 0x9e3779b97f4a7c15
	h = (h ^ h>>30) * 0xbf58476d1ce4e5b9
	h = (h ^ h>>27) * 0x94d049bb133111eb
	return h ^ h>>31
}
