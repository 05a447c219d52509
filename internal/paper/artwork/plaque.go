package artwork

import (
	"fmt"
	"strings"

	"shifan/internal/credential"
	"shifan/internal/paper/font"
	"shifan/internal/paper/pdf"
)

// Plaque is what a plaque says and how large it is.
type Plaque struct {
	Width, Height float64  // to the trim, mm
	Title         string   // what the holder is called
	Name          string   // of the holder
	Lines         []string // below the name
	Issuer, Date  string
	Number        string
	Code          string // of verification, grouped, for people
	Address       string // what the QR code says
	Material      string
	Ground        string // a printed ground, #RRGGBB; empty: the material itself
}

// Small is the least size of characters of a plaque in mm: read from two steps away.
const small = 6.5

// Draw lays a plaque out. It refuses a text that does not fit and a character that no font
// has.
func (p Plaque) Draw() (*Drawing, error) {
	d := &Drawing{Width: p.Width, Height: p.Height, cut: true, title: p.Title + " " + p.Number}
	d.slug = strings.TrimSpace(fmt.Sprintf("牌匾%s　成品%g×%g毫米　出血%g毫米　%s", p.Number, p.Width, p.Height, Bleed, p.Material))
	s, err := newSetter(d)
	if err != nil {
		return nil, err
	}
	if p.Ground != "" {
		d.ground = inkOf(p.Ground)
	}
	u := min(p.Width/600, p.Height/400)
	least := max(small*min(u, 1), 4)
	d.frame(13*u, 1.6*u, red)
	d.frame(17*u, 0.5*u, red)
	side := max(60*u, 25)
	foot := p.Height - 38*u // what stands at the foot ends here
	label := max(7*u, 2.8)
	quiet := side / credential.QRModules * 4
	top := foot - side - quiet - label
	edge := 48 * u
	wide := p.Width - 2*edge
	first, rest := 44*u, top-8*u
	share := (rest - first) * 0.56
	if len(p.Lines) > 0 {
		share = (rest - first) * 0.50
	}
	s.set(p.Title, place{what: "牌匾文字", x: edge, y: first, wide: wide, high: share, face: font.Title, most: 50 * u, least: least * 1.5, leading: 1.28, apart: 0.04, ink: red, tag: "H1"})
	names := rest - first - share
	if n := len(p.Lines); n > 0 {
		each := max(15*u, 5)
		names -= float64(n) * each
		for i, l := range p.Lines {
			s.set(l, place{what: "牌匾附注", x: edge, y: rest - float64(n-i)*each, wide: wide, high: each, face: font.Song, most: 11 * u, least: min(least, 11*u), leading: 1.3, ink: black, tag: "P"})
		}
	}
	s.set(p.Name, place{what: "单位名称", x: edge, y: first + share, wide: wide, high: names, face: font.Hei, most: 31 * u, least: min(least, names/1.01), leading: 1.34, apart: 0.02, ink: black, tag: "P"})
	if err := s.code(p.Address, p.Code, edge, top, side); err != nil {
		return nil, err
	}
	below := place{what: "核验码", x: edge - side, y: top + side + quiet, wide: 3 * side, high: label, face: font.Hei, most: label, least: label * 0.8, leading: 1.2, apart: 0.03, ink: black, tag: "P"}
	s.set(p.Code, below)
	right := edge + side + 26*u
	sign := place{x: right, wide: p.Width - edge - right, face: font.Song, most: 16.5 * u, least: min(least, 16.5*u), leading: 1.35, ink: black, tag: "P"}
	beside := place{what: "编号", x: right - 14*u, y: top + side - 2.7*label, wide: side * 1.4, high: label, face: font.Song, most: label, least: label * 0.7, leading: 1.2, ink: black, left: true, tag: "P"}
	s.set("扫码核验称号", beside)
	beside.y += 1.6 * label
	s.set("编号 "+p.Number, beside)
	s.foot(p.Issuer, p.Date, sign, top, foot)
	return s.done()
}

// foot sets the issuer over the date at the right of a place, each in the middle of the
// other, between top and foot, and returns where that middle is.
func (s *setter) foot(issuer, date string, p place, top, foot float64) (middle float64) {
	p.what, p.high = "命名单位", foot-top-1.7*p.most
	lines, size := s.largest(words(issuer), p, 1)
	if size < p.most*enough {
		if l, v := s.largest(words(issuer), p, 3); v > size {
			lines, size = l, v
		}
	}
	size = max(size, p.least)
	wide := 0.0
	for _, l := range append(lines, date) {
		wide = max(wide, long(s.signs(p.face, l, size, 0), 0))
	}
	wide = min(wide*1.01, p.wide)
	p.x, p.wide, p.most = p.x+p.wide-wide, wide, size
	when := p
	when.what, when.y, when.high = "日期", foot-1.1*size, 1.1*size
	p.high = float64(max(len(lines)-1, 0))*p.leading*size + 1.05*size
	p.y = when.y - p.high - 0.45*size
	s.set(issuer, p)
	s.set(date, when)
	return p.x + p.wide/2
}

// code places a QR code.
func (s *setter) code(text, shown string, x, y, side float64) error {
	dark, err := credential.QRModulesOf(text)
	if err != nil {
		return err
	}
	s.drawing.code = &code{x, y, side, dark, text, "二维码，核验码" + shown}
	if s.drawing.ground != nil {
		quiet := side / credential.QRModules * 4
		s.drawing.boxes = append(s.drawing.boxes, box{x - quiet, y - quiet, side + 2*quiet, side + 2*quiet, white})
	}
	return nil
}

// inkOf mixes a colour of a screen.
func inkOf(hex string) *pdf.Ink {
	var r, g, b int
	if _, err := fmt.Sscanf(hex, "#%02x%02x%02x", &r, &g, &b); err != nil {
		return nil
	}
	i := pdf.Ink{1 - float64(r)/255, 1 - float64(g)/255, 1 - float64(b)/255}
	k := min(i[0], i[1], i[2])
	for n := range 3 {
		if k < 1 {
			i[n] = (i[n] - k) / (1 - k)
		}
	}
	i[3] = k
	return &i
}
