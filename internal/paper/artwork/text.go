package artwork

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"shifan/internal/fault"
	"shifan/internal/paper"
	"shifan/internal/paper/font"
	"shifan/internal/paper/pdf"
)

var (
	errAbsent = fault.Define(fault.Unavailable, "artwork.fonts",
		"这个程序没有带字体，不能出牌匾和证书的图样。请管理员运行 make assets 后重新编译。", "")
	errMissing = fault.Define(fault.Unavailable, "artwork.characters",
		"字体里没有这些字，图样不能出：%s。请管理员配置有这些字的字体，或者改用通行的写法。", "")
	errLong = fault.Define(fault.Refused, "artwork.long",
		"%s有%d字，在%g×%g毫米上缩到%.1f毫米的字也放不下。用大一些的尺寸，或者写短一些。", "三 授牌确认")
)

// setter sets text and notes what no font has.
type setter struct {
	fonts   *font.Set
	missing []rune
	drawing *Drawing
	err     error
}

// newSetter begins a drawing with the fonts of the program.
func newSetter(d *Drawing) (*setter, error) {
	fonts, err := font.Embedded()
	if err != nil {
		return nil, errAbsent.New()
	}
	return &setter{fonts: fonts, drawing: d}, nil
}

// words is a text without what nobody sees.
func words(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Mn, r) && r >= 0xfe00:
			return -1
		case unicode.IsSpace(r):
			return ' '
		}
		return r
	}, strings.TrimSpace(text))
}

// signs gives every character its font; the size is that of an em in mm.
func (s *setter) signs(face font.Face, text string, size, apart float64) (all []sign) {
	for _, r := range words(text) {
		f := s.fonts.For(face, r)
		if f == nil {
			if !slices.Contains(s.missing, r) {
				s.missing = append(s.missing, r)
			}
			continue
		}
		all = append(all, sign{r, f, f.Width(r)/1000*size + apart*size})
	}
	return all
}

// width returns how wide characters of a face are, in ems.
func (s *setter) width(face font.Face, apart float64) func(rune) float64 {
	return func(r rune) float64 {
		if f := s.fonts.For(face, r); f != nil {
			return f.Width(r)/1000 + apart
		}
		return 1 + apart
	}
}

// long is how wide signs are together, without the room after the last.
func long(all []sign, apart float64) (w float64) {
	for _, g := range all {
		w += g.wide
	}
	return w - apart
}

// place is a rectangle in which a text stands in the middle, and how it is set there.
type place struct {
	what        string // for the refusal
	x, y        float64
	wide, high  float64
	face        font.Face
	most, least float64 // the size of an em, mm
	leading     float64 // from line to line, in ems
	apart       float64 // between characters, in ems
	ink         pdf.Ink
	left, right bool // flush instead of in the middle
	tag         string
}

// enough is by how much a text may be smaller so that it needs a line less.
const enough = 0.72

// set puts a text into its place: as large and in as few lines as looks well.
func (s *setter) set(text string, p place) {
	text = words(text)
	if text == "" || s.err != nil {
		return
	}
	s.drawing.Words = append(s.drawing.Words, strings.ReplaceAll(text, "|", ""))
	var lines []string
	size := 0.0
	for count := 1; count <= 12; count++ {
		l, v := s.largest(text, p, count)
		if v > size*1.05 {
			lines, size = l, v
		}
		if size >= enough*p.most {
			break
		}
	}
	if size < p.least {
		s.err = errLong.New(p.what, len([]rune(text)), s.drawing.Width, s.drawing.Height, p.least)
		return
	}
	high := float64(len(lines)-1)*p.leading*size + size
	y := p.y + (p.high-high)/2
	for _, l := range lines {
		s.line(l, p, size, y+0.86*size)
		y += p.leading * size
	}
}

// largest finds the largest size, in steps, at which a text fits its place in no more than
// so many lines; 0 when there is none.
func (s *setter) largest(text string, p place, count int) (lines []string, size float64) {
	width, all := s.width(p.face, p.apart), 0.0
	for _, r := range text {
		all += width(r)
	}
	for size = p.most; size >= p.least*0.999; size *= 0.97 {
		if float64(count-1)*p.leading*size+size > p.high || all*size > float64(count)*(p.wide+p.apart*size) {
			continue
		}
		lines = paper.Balance(text, width, p.wide/size+p.apart)
		if len(lines) > count {
			continue
		}
		if !slices.ContainsFunc(lines, func(l string) bool { return long(s.signs(p.face, l, size, p.apart), p.apart*size) > p.wide+0.01 }) {
			return lines, size
		}
	}
	return nil, 0
}

// line sets one line of a place; y is what its characters stand on.
func (s *setter) line(text string, p place, size, y float64) {
	signs := s.signs(p.face, text, size, p.apart)
	x := p.x
	if w := long(signs, p.apart*size); p.right {
		x += p.wide - w
	} else if !p.left {
		x += (p.wide - w) / 2
	}
	s.drawing.runs = append(s.drawing.runs, run{x, y, size, p.ink, signs, p.tag})
}

// done refuses a drawing with characters that no font has, or with a text too long.
func (s *setter) done() (*Drawing, error) {
	if len(s.missing) > 0 {
		var names []string
		for _, r := range s.missing {
			names = append(names, fmt.Sprintf("%c（U+%04X）", r, r))
		}
		return nil, errMissing.New(strings.Join(names, "、"))
	}
	if s.err != nil {
		return nil, s.err
	}
	return s.drawing, nil
}
