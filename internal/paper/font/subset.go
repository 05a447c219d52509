package font

import (
	"encoding/binary"
	"fmt"
	"slices"
)

// Subset is a copy of a font with some of its glyphs, numbered anew.
type Subset struct {
	Font   *Font
	glyphs []uint16          // of the font, in the order of their new numbers
	parts  map[uint16]uint16 // the new number of a glyph that others are made of
	number map[rune]uint16   // the new number of a character
	signs  []rune            // what the glyph of a new number shows; 0: only a part
}

// NewSubset begins a copy that holds only the sign for what is missing.
func (f *Font) NewSubset() *Subset {
	s := &Subset{Font: f, parts: map[uint16]uint16{}, number: map[rune]uint16{}}
	s.part(0)
	return s
}

func (s *Subset) add(glyph uint16, sign rune) uint16 {
	s.glyphs, s.signs = append(s.glyphs, glyph), append(s.signs, sign)
	return uint16(len(s.glyphs) - 1)
}

func (s *Subset) part(glyph uint16) uint16 {
	n, ok := s.parts[glyph]
	if !ok {
		n = s.add(glyph, 0)
		s.parts[glyph] = n
	}
	return n
}

// Use adds a character and returns its new number; false when the font has none.
// Two characters that look alike get two numbers, so that a reader finds each.
func (s *Subset) Use(r rune) (uint16, bool) {
	if n, ok := s.number[r]; ok {
		return n, true
	}
	g, ok := s.Font.Glyph(r)
	if !ok {
		return 0, false
	}
	n := s.add(g, r)
	s.number[r] = n
	return n, true
}

// Len returns how many glyphs the copy has so far.
func (s *Subset) Len() int { return len(s.glyphs) }

// Sign returns the character that the glyph of a new number shows; 0 for one that
// is only a part of another.
func (s *Subset) Sign(n uint16) rune { return s.signs[n] }

// Advance returns the advance of the glyph of a new number in thousandths of an em.
func (s *Subset) Advance(n uint16) float64 { return s.Font.Advance(s.glyphs[n]) }

// parts of a composite glyph, OpenType glyf.
const (
	wordArguments = 1 << 0
	oneScale      = 1 << 3
	morePart      = 1 << 5
	twoScales     = 1 << 6
	fourScales    = 1 << 7
)

// Bytes returns the copy as a font file for a PDF: outlines, widths and measures,
// without names or characters, which the PDF itself holds. It ends the copy: the
// parts of composite glyphs are added to it.
func (s *Subset) Bytes() ([]byte, error) {
	outlines := []byte{}
	places := []uint32{0}
	base := s.Font.tables["glyf"].at
	for i := 0; i < len(s.glyphs); i++ { // grows while composite glyphs name their parts
		g := s.glyphs[i]
		from, to := s.Font.loca[g], s.Font.loca[g+1]
		b, err := s.Font.bytes(span{base + from, to - from})
		if err != nil {
			return nil, err
		}
		if err := s.renumber(b); err != nil {
			return nil, err
		}
		outlines = append(outlines, b...)
		for len(outlines)%4 != 0 {
			outlines = append(outlines, 0)
		}
		places = append(places, uint32(len(outlines)))
	}
	head, hhea, maxp := slices.Clone(s.Font.head), slices.Clone(s.Font.hhea), slices.Clone(s.Font.maxp)
	binary.BigEndian.PutUint32(head[8:], 0)
	binary.BigEndian.PutUint16(head[50:], 1)
	binary.BigEndian.PutUint16(hhea[34:], uint16(len(s.glyphs)))
	binary.BigEndian.PutUint16(maxp[4:], uint16(len(s.glyphs)))
	var hmtx, loca []byte
	for _, g := range s.glyphs {
		hmtx = binary.BigEndian.AppendUint16(hmtx, s.Font.widths[g])
		hmtx = binary.BigEndian.AppendUint16(hmtx, uint16(s.leftBearing(g)))
	}
	for _, at := range places {
		loca = binary.BigEndian.AppendUint32(loca, at)
	}
	tables := map[string][]byte{"glyf": outlines, "head": head, "hhea": hhea, "hmtx": hmtx, "loca": loca, "maxp": maxp}
	for _, name := range []string{"cvt ", "fpgm", "prep"} {
		if _, ok := s.Font.tables[name]; !ok {
			continue
		}
		b, err := s.Font.table(name, 0)
		if err != nil {
			return nil, err
		}
		tables[name] = b
	}
	return assemble(tables), nil
}

// leftBearing is where the outline of a glyph begins, which is what the table of
// widths says for fonts whose outlines begin where they say.
func (s *Subset) leftBearing(g uint16) int {
	from, to := s.Font.loca[g], s.Font.loca[g+1]
	if to-from < 10 {
		return 0
	}
	b, err := s.Font.bytes(span{s.Font.tables["glyf"].at + from, 10})
	if err != nil {
		return 0
	}
	return signed(b[2:])
}

// renumber gives the parts of a composite glyph their new numbers.
func (s *Subset) renumber(b []byte) error {
	if len(b) < 10 || signed(b) >= 0 {
		return nil
	}
	for at := 10; ; {
		if at+4 > len(b) {
			return fmt.Errorf("%w: a composite glyph breaks off", errFont)
		}
		flags, part := binary.BigEndian.Uint16(b[at:]), binary.BigEndian.Uint16(b[at+2:])
		if int(part) >= s.Font.glyphs {
			return fmt.Errorf("%w: a composite glyph of a part that is not there", errFont)
		}
		binary.BigEndian.PutUint16(b[at+2:], s.part(part))
		at += 6
		if flags&wordArguments != 0 {
			at += 2
		}
		switch {
		case flags&oneScale != 0:
			at += 2
		case flags&twoScales != 0:
			at += 4
		case flags&fourScales != 0:
			at += 8
		}
		if flags&morePart == 0 {
			return nil
		}
	}
}

// assemble makes a font file of tables.
func assemble(tables map[string][]byte) []byte {
	names := make([]string, 0, len(tables))
	for name := range tables {
		names = append(names, name)
	}
	slices.Sort(names)
	n, power, log := len(names), 1, 0
	for power*2 <= n {
		power, log = power*2, log+1
	}
	out := binary.BigEndian.AppendUint32(nil, 0x00010000)
	for _, v := range []int{n, 16 * power, log, 16 * (n - power)} {
		out = binary.BigEndian.AppendUint16(out, uint16(v))
	}
	at := 12 + 16*n
	var body []byte
	headAt := 0
	for _, name := range names {
		t := tables[name]
		if name == "head" {
			headAt = at
		}
		out = append(out, name...)
		out = binary.BigEndian.AppendUint32(out, sum(t))
		out = binary.BigEndian.AppendUint32(out, uint32(at))
		out = binary.BigEndian.AppendUint32(out, uint32(len(t)))
		body = append(body, t...)
		for len(body)%4 != 0 {
			body = append(body, 0)
		}
		at = 12 + 16*n + len(body)
	}
	out = append(out, body...)
	binary.BigEndian.PutUint32(out[headAt+8:], 0xB1B0AFBA-sum(out))
	return out
}

func sum(b []byte) (s uint32) {
	for ; len(b) >= 4; b = b[4:] {
		s += binary.BigEndian.Uint32(b)
	}
	if len(b) > 0 {
		var last [4]byte
		copy(last[:], b)
		s += binary.BigEndian.Uint32(last[:])
	}
	return s
}
