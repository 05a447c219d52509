package font

import (
	"encoding/binary"
	"fmt"
)

// Point is a point of an outline, in units of the font; On is false for one that only
// bends the curve (a quadratic control point).
type Point struct {
	X, Y float64
	On   bool
}

// Outline is what a glyph looks like: closed contours, to be filled by the non-zero
// rule. A blank has none.
type Outline [][]Point

// deepest is how far composite glyphs may lie in one another.
const deepest = 6

// Outline returns the outline of a glyph with its parts put together.
func (f *Font) Outline(glyph uint16) (Outline, error) { return f.outline(glyph, 0) }

func (f *Font) outline(glyph uint16, depth int) (Outline, error) {
	if depth > deepest || int(glyph) >= f.glyphs {
		return nil, fmt.Errorf("%w: a glyph of a part that is not there", errFont)
	}
	from, to := f.loca[glyph], f.loca[glyph+1]
	if from == to {
		return nil, nil
	}
	b, err := f.bytes(span{f.tables["glyf"].at + from, to - from})
	if err != nil {
		return nil, err
	}
	r := &reader{b: b}
	contours := r.signed()
	r.skip(8) // its box
	if contours < 0 {
		return f.composite(r, depth)
	}
	return r.simple(contours)
}

// reader reads a glyph and remembers that it broke off.
type reader struct {
	b     []byte
	at    int
	short bool
}

func (r *reader) skip(n int) { r.at += n }

func (r *reader) byte() int {
	if r.at < 0 || r.at+1 > len(r.b) {
		r.short = true
		return 0
	}
	r.at++
	return int(r.b[r.at-1])
}

func (r *reader) word() int {
	if r.at < 0 || r.at+2 > len(r.b) {
		r.short = true
		return 0
	}
	r.at += 2
	return int(binary.BigEndian.Uint16(r.b[r.at-2:]))
}

func (r *reader) signed() int { return int(int16(r.word())) } //nolint:gosec // a 16-bit word

// flags of a point, OpenType glyf.
const (
	onCurve = 1 << 0
	xShort  = 1 << 1
	yShort  = 1 << 2
	repeats = 1 << 3
	xSame   = 1 << 4
	ySame   = 1 << 5
)

// simple reads the contours of a glyph that is not made of others.
func (r *reader) simple(contours int) (Outline, error) {
	ends := make([]int, contours)
	for i := range ends {
		ends[i] = r.word()
	}
	r.skip(r.word()) // instructions
	n := 0
	if contours > 0 {
		n = ends[contours-1] + 1
	}
	flags := make([]int, 0, n)
	for len(flags) < n && !r.short {
		flag, times := r.byte(), 1
		if flag&repeats != 0 {
			times += r.byte()
		}
		for range min(times, n-len(flags)) {
			flags = append(flags, flag)
		}
	}
	points := make([]Point, len(flags))
	for i, x := range r.places(flags, xShort, xSame) {
		points[i] = Point{X: x, On: flags[i]&onCurve != 0}
	}
	for i, y := range r.places(flags, yShort, ySame) {
		points[i].Y = y
	}
	if r.short {
		return nil, fmt.Errorf("%w: a glyph breaks off", errFont)
	}
	var o Outline
	from := 0
	for _, end := range ends {
		if end < from || end >= len(points) {
			return nil, fmt.Errorf("%w: a contour out of order", errFont)
		}
		o = append(o, points[from:end+1])
		from = end + 1
	}
	return o, nil
}

// places reads the distances from point to point along one axis.
func (r *reader) places(flags []int, short, same int) []float64 {
	all, v := make([]float64, len(flags)), 0
	for i, flag := range flags {
		switch {
		case flag&short != 0 && flag&same != 0:
			v += r.byte()
		case flag&short != 0:
			v -= r.byte()
		case flag&same == 0:
			v += r.signed()
		}
		all[i] = float64(v)
	}
	return all
}

// argumentsAreOffsets says that the two arguments of a part are distances.
const argumentsAreOffsets = 1 << 1

// composite puts together the parts of a glyph that is made of others.
func (f *Font) composite(r *reader, depth int) (Outline, error) {
	var all Outline
	for more := true; more; {
		flags, part := r.word(), r.word()
		var dx, dy float64
		if flags&wordArguments != 0 {
			dx, dy = float64(r.signed()), float64(r.signed())
		} else {
			dx, dy = float64(int8(r.byte())), float64(int8(r.byte())) //nolint:gosec // a byte
		}
		if flags&argumentsAreOffsets == 0 {
			return nil, fmt.Errorf("%w: a composite glyph joined by points", errFont)
		}
		m := r.matrix(flags)
		if r.short {
			return nil, fmt.Errorf("%w: a composite glyph breaks off", errFont)
		}
		o, err := f.outline(uint16(part), depth+1) //nolint:gosec // a 16-bit word
		if err != nil {
			return nil, err
		}
		for _, contour := range o {
			moved := make([]Point, len(contour))
			for i, p := range contour {
				moved[i] = Point{p.X*m[0] + p.Y*m[2] + dx, p.X*m[1] + p.Y*m[3] + dy, p.On}
			}
			all = append(all, moved)
		}
		more = flags&morePart != 0
	}
	return all, nil
}

// matrix reads how a part is scaled.
func (r *reader) matrix(flags int) [4]float64 {
	fraction := func() float64 { return float64(r.signed()) / (1 << 14) }
	switch {
	case flags&oneScale != 0:
		s := fraction()
		return [4]float64{s, 0, 0, s}
	case flags&twoScales != 0:
		return [4]float64{fraction(), 0, 0, fraction()}
	case flags&fourScales != 0:
		return [4]float64{fraction(), fraction(), fraction(), fraction()}
	}
	return [4]float64{1, 0, 0, 1}
}
