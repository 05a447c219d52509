package artwork

import (
	"strings"

	"shifan/internal/paper"
	"shifan/internal/paper/font"
)

// Certificate is what a certificate says, on A4 across.
type Certificate struct {
	Title   string // 证书
	Name    string // of the holder
	Text    string // paragraphs, one a line
	Issuer  string
	Date    string
	Number  string
	Code    string // of verification, grouped; empty where no plaque was ordered
	Address string // what the QR code says
}

// A4 across, and the least size of the text of a certificate, in mm.
const (
	across, down = 297.0, 210.0
	readable     = 3.9 // 11 points
)

// Draw lays a certificate out. Its characters are text that machines read: it is kept and
// sent more often than it is printed.
func (c Certificate) Draw() (*Drawing, error) {
	d := &Drawing{Width: across, Height: down, real: true, title: c.Title + " " + c.Number}
	s, err := newSetter(d)
	if err != nil {
		return nil, err
	}
	d.frame(10, 1.1, red)
	d.frame(12.4, 0.3, red)
	d.corners(12.4, 7)
	s.set(spread(c.Title), place{what: "证书名称", x: 40, y: 24, wide: across - 80, high: 26, face: font.Title, most: 17, least: 8, leading: 1.2, ink: red, tag: "H1"})
	d.boxes = append(d.boxes, box{across/2 - 26, 53, 52, 0.3, red})
	const edge = 34.0
	s.body(c, edge, 62, across-2*edge, 84)
	if c.Address != "" {
		if err := s.code(c.Address, c.Code, edge, 157, 25); err != nil {
			return nil, err
		}
	}
	below := place{what: "核验码", x: edge - 8, y: 184, wide: 41, high: 3.4, face: font.Hei, most: 3.2, least: 2, leading: 1.2, ink: black, tag: "P"}
	s.set(c.Code, below)
	beside := place{what: "编号", x: edge + 32, y: 157, wide: 60, high: 5, face: font.Song, most: 4, least: 2.5, leading: 1.2, ink: black, left: true, tag: "P"}
	s.set("编号 "+c.Number, beside)
	if c.Address != "" {
		beside.y += 7
		s.set("扫码核验称号", beside)
	}
	middle := s.foot(c.Issuer, c.Date, place{x: edge + 70, wide: across - 2*edge - 70 - 8, face: font.Song, most: 6.4, least: readable, leading: 1.4, ink: black, tag: "P"}, 152, 184)
	d.rings = append(d.rings, ring{middle, 172, 20}) // where the seal goes: over the name and the date
	return s.done()
}

// corners draws a small square into each corner of a frame.
func (d *Drawing) corners(inset, side float64) {
	for _, x := range []float64{inset, d.Width - inset - side} {
		for _, y := range []float64{inset, d.Height - inset - side} {
			right, low := x+side, y+side // the inner edges
			if x > inset {
				right = x
			}
			if y > inset {
				low = y
			}
			const line, dot = 0.3, 1.8
			d.boxes = append(d.boxes, box{right - line/2, y, line, side, red}, box{x, low - line/2, side, line, red}, box{x + (side-dot)/2, y + (side-dot)/2, dot, dot, red})
		}
	}
}

// spread sets the characters of a short heading apart.
func spread(title string) string {
	if r := []rune(title); len(r) < 5 {
		return strings.Join(strings.Split(title, ""), "　")
	}
	return title
}

// body sets the holder's name and the paragraphs: as large as they fit.
func (s *setter) body(c Certificate, x, y, wide, high float64) {
	const leading = 1.75
	face := font.Kai
	var lines []string
	size := 8.2
	for ; ; size *= 0.97 {
		if size < readable {
			s.err = errLong.New("证书文字", len([]rune(c.Name+c.Text)), across, down, readable)
			return
		}
		width := s.width(face, 0)
		lines = paper.Fill(words(c.Name)+"：", width, wide/size, 0)
		for p := range strings.SplitSeq(c.Text, "\n") {
			if p = words(p); p == "" {
				continue
			}
			for i, l := range paper.Fill(p, width, wide/size, 2) {
				if i == 0 {
					l = "　　" + l
				}
				lines = append(lines, l)
			}
		}
		if float64(len(lines))*leading*size <= high {
			break
		}
	}
	s.drawing.Words = append(s.drawing.Words, c.Name, c.Text)
	y += (high - float64(len(lines))*leading*size) * 0.4
	for _, l := range lines {
		indent := 0.0
		if rest, ok := strings.CutPrefix(l, "　　"); ok {
			l, indent = rest, 2*size
		}
		signs := s.signs(face, l, size, 0)
		s.drawing.runs = append(s.drawing.runs, run{x + indent, y + 1.2*size, size, black, signs, "P"})
		y += leading * size
	}
}
