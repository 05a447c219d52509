package font

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"
	"sort"
)

// Font is one TrueType font. It is safe for concurrent use.
type Font struct {
	Name                  string // PostScript name, e.g. NotoSerifSC-Regular
	Em                    int    // units in one em
	CapHeight             int    // in units
	Box                   [4]int // what any glyph covers: left, bottom, right, top, in units
	glyphs                int
	src                   io.ReaderAt
	tables                map[string]span
	segments              []segment
	widths                []uint16 // advance of each glyph
	loca                  []uint32 // where each glyph's outline begins in glyf, and the end
	head, hhea, maxp, os2 []byte
}

type span struct{ at, size uint32 }

// segment maps the characters first..last to the glyphs from glyph on.
type segment struct {
	first, last rune
	glyph       uint32
}

var errFont = errors.New("no TrueType font with outlines of its own")

// Read reads what a document needs to know of a font; outlines are read from src
// when they are used.
func Read(src io.ReaderAt) (*Font, error) {
	f := &Font{src: src, tables: map[string]span{}}
	head, err := f.bytes(span{0, 12})
	if err != nil {
		return nil, err
	}
	if v := binary.BigEndian.Uint32(head); v != 0x00010000 && v != 0x74727565 {
		return nil, errFont
	}
	n := uint32(binary.BigEndian.Uint16(head[4:]))
	dir, err := f.bytes(span{12, 16 * n})
	if err != nil {
		return nil, err
	}
	for ; len(dir) >= 16; dir = dir[16:] {
		f.tables[string(dir[:4])] = span{binary.BigEndian.Uint32(dir[8:]), binary.BigEndian.Uint32(dir[12:])}
	}
	for _, read := range []func() error{f.readMeasures, f.readWidths, f.readPlaces, f.readCharacters, f.readName} {
		if err := read(); err != nil {
			return nil, err
		}
	}
	return f, nil
}

func (f *Font) bytes(s span) ([]byte, error) {
	if s.size > 1<<26 {
		return nil, errFont
	}
	b := make([]byte, s.size)
	if _, err := f.src.ReadAt(b, int64(s.at)); err != nil {
		return nil, fmt.Errorf("read font: %w", err)
	}
	return b, nil
}

// table reads a whole table of at least some bytes.
func (f *Font) table(name string, least int) ([]byte, error) {
	s, ok := f.tables[name]
	if !ok {
		return nil, fmt.Errorf("%w: no table %s", errFont, name)
	}
	b, err := f.bytes(s)
	if err == nil && len(b) < least {
		err = fmt.Errorf("%w: table %s is too short", errFont, name)
	}
	return b, err
}

func (f *Font) readMeasures() (err error) {
	if f.head, err = f.table("head", 54); err != nil {
		return err
	}
	if f.hhea, err = f.table("hhea", 36); err != nil {
		return err
	}
	if f.maxp, err = f.table("maxp", 32); err != nil {
		return err
	}
	f.Em = int(binary.BigEndian.Uint16(f.head[18:]))
	for i := range f.Box {
		f.Box[i] = signed(f.head[36+2*i:])
	}
	f.glyphs = int(binary.BigEndian.Uint16(f.maxp[4:]))
	f.CapHeight = f.Em * 7 / 10
	if f.os2, err = f.table("OS/2", 78); err == nil && len(f.os2) >= 90 {
		f.CapHeight = signed(f.os2[88:])
	}
	if f.Em == 0 || f.glyphs == 0 {
		return errFont
	}
	return nil
}

func signed(b []byte) int { return int(int16(binary.BigEndian.Uint16(b))) }

func (f *Font) readWidths() error {
	n := int(binary.BigEndian.Uint16(f.hhea[34:]))
	b, err := f.table("hmtx", 4*n)
	if err != nil || n == 0 {
		return errors.Join(err, errFont)
	}
	f.widths = make([]uint16, f.glyphs)
	for g := range f.widths {
		f.widths[g] = binary.BigEndian.Uint16(b[4*min(g, n-1):])
	}
	return nil
}

func (f *Font) readPlaces() error {
	long := binary.BigEndian.Uint16(f.head[50:]) == 1
	size := 2
	if long {
		size = 4
	}
	b, err := f.table("loca", size*(f.glyphs+1))
	if err != nil {
		return err
	}
	if _, ok := f.tables["glyf"]; !ok {
		return errFont
	}
	f.loca = make([]uint32, f.glyphs+1)
	for g := range f.loca {
		if long {
			f.loca[g] = binary.BigEndian.Uint32(b[4*g:])
		} else {
			f.loca[g] = 2 * uint32(binary.BigEndian.Uint16(b[2*g:]))
		}
		if g > 0 && f.loca[g] < f.loca[g-1] {
			return errFont
		}
	}
	return nil
}

// readCharacters reads the table that maps all of Unicode (format 12), or the
// one of its first plane (format 4).
func (f *Font) readCharacters() error {
	b, err := f.table("cmap", 4)
	if err != nil {
		return err
	}
	full, basic := 0, 0
	for i := 0; i < int(binary.BigEndian.Uint16(b[2:])) && 12+8*i <= len(b); i++ {
		at := int(binary.BigEndian.Uint32(b[4+8*i+4:]))
		if at+16 > len(b) {
			continue
		}
		switch binary.BigEndian.Uint16(b[at:]) {
		case 12:
			full = at
		case 4:
			basic = at
		default: // a table for other machines
		}
	}
	switch {
	case full > 0:
		n := int(binary.BigEndian.Uint32(b[full+12:]))
		for i := 0; i < n && full+16+12*i+12 <= len(b); i++ {
			g := b[full+16+12*i:]
			f.segments = append(f.segments, segment{rune(binary.BigEndian.Uint32(g)), rune(binary.BigEndian.Uint32(g[4:])), binary.BigEndian.Uint32(g[8:])})
		}
	case basic > 0:
		f.readBasic(b[basic:])
	}
	if len(f.segments) == 0 {
		return fmt.Errorf("%w: no characters", errFont)
	}
	slices.SortFunc(f.segments, func(a, b segment) int { return int(a.first - b.first) })
	return nil
}

func (f *Font) readBasic(b []byte) {
	n := int(binary.BigEndian.Uint16(b[6:])) / 2
	at := func(i int) int {
		if i+2 > len(b) {
			return 0
		}
		return int(binary.BigEndian.Uint16(b[i:]))
	}
	for i := range n {
		first, last := at(16+2*n+2*i), at(14+2*i)
		delta, offset := at(16+4*n+2*i), at(16+6*n+2*i)
		for c := first; c <= last && c != 0xffff; c++ {
			g := c
			if offset != 0 {
				if g = at(16 + 6*n + 2*i + offset + 2*(c-first)); g == 0 {
					continue
				}
			}
			f.segments = append(f.segments, segment{rune(c), rune(c), uint32(g+delta) & 0xffff})
		}
	}
}

func (f *Font) readName() error {
	b, err := f.table("name", 6)
	if err != nil {
		return err
	}
	text := int(binary.BigEndian.Uint16(b[4:]))
	for i := 0; i < int(binary.BigEndian.Uint16(b[2:])) && 6+12*i+12 <= len(b); i++ {
		r := b[6+12*i:]
		if binary.BigEndian.Uint16(r[6:]) != 6 { // the PostScript name
			continue
		}
		from := text + int(binary.BigEndian.Uint16(r[10:]))
		to := from + int(binary.BigEndian.Uint16(r[8:]))
		if to > len(b) {
			continue
		}
		for _, c := range b[from:to] {
			if c > ' ' && c < 0x7f && c != '/' && c != '(' && c != ')' {
				f.Name += string(rune(c))
			}
		}
		return nil
	}
	f.Name = "Font"
	return nil
}

// Glyph returns the glyph of a character, and whether the font has one.
func (f *Font) Glyph(r rune) (uint16, bool) {
	i := sort.Search(len(f.segments), func(i int) bool { return f.segments[i].last >= r })
	if i == len(f.segments) || r < f.segments[i].first {
		return 0, false
	}
	g := f.segments[i].glyph + uint32(r-f.segments[i].first)
	return uint16(g), g != 0 && int(g) < f.glyphs
}

// Width returns the advance of a character in thousandths of an em, and of one
// that is not there that of a whole em.
func (f *Font) Width(r rune) float64 {
	g, ok := f.Glyph(r)
	if !ok {
		return 1000
	}
	return f.Advance(g)
}

// Advance returns the advance of a glyph in thousandths of an em.
func (f *Font) Advance(glyph uint16) float64 {
	return float64(f.widths[glyph]) * 1000 / float64(f.Em)
}
