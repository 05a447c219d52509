package pdf

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"time"

	"shifan/internal/paper/font"
)

// Info is what a file says of itself.
type Info struct {
	Title, Author, Subject string
	Created                time.Time // also the time zone that it is written in
}

// File is a PDF in the making. Create one with New.
type File struct {
	Root *Element // the structure; add elements to it

	info  Info
	pages []*Page
	fonts []*face
	marks []bookmark
	files []attachment
}

type face struct {
	name   string
	subset *font.Subset
}

type bookmark struct {
	level int
	title string
	page  int
	y     float64
}

type attachment struct {
	name, media, about string
	content            []byte
}

// New begins a file in simplified Chinese.
func New(info Info) *File {
	return &File{info: info, Root: &Element{tag: "Document"}}
}

// Element is a piece of the structure: what a reading machine announces.
type Element struct {
	tag    string
	parent *Element
	kids   []*Element
	marked []content
	alt    string
	number int // of its object
}

type content struct{ page, id int }

// Add adds an element of a standard type (H1, P, Table, TR, TH, TD, …) below
// another.
func (e *Element) Add(tag string) *Element {
	k := &Element{tag: tag, parent: e}
	e.kids = append(e.kids, k)
	return k
}

// Alt says in words what an element shows that is no text.
func (e *Element) Alt(words string) { e.alt = words }

// Page is one page. What is drawn later lies above.
type Page struct {
	file          *File
	width, height float64
	out           bytes.Buffer
	owners        []*Element // of the marked contents, by their numbers
	used          map[*face]bool
	colour        string
	trim, bleed   *[4]float64 // left, bottom, right, top; nil for a page that is not cut
}

// Page adds a page.
func (f *File) Page(width, height float64) *Page {
	p := &Page{file: f, width: width, height: height, used: map[*face]bool{}}
	f.pages = append(f.pages, p)
	return p
}

// Bookmark adds a line to the outline that leads to a place of the last page.
// level begins at 1 and grows by one at most.
func (f *File) Bookmark(level int, title string, y float64) {
	f.marks = append(f.marks, bookmark{level, title, len(f.pages) - 1, y})
}

// Attach puts a file into the file.
func (f *File) Attach(name, media, about string, content []byte) {
	f.files = append(f.files, attachment{name, media, about, content})
}

// Begin opens a piece that belongs to an element; nil is for what is not part of
// the text, as page numbers. End closes it.
func (p *Page) Begin(e *Element) {
	if e == nil {
		p.out.WriteString("/Artifact BMC\n")
		return
	}
	n := len(p.owners)
	p.owners = append(p.owners, e)
	e.marked = append(e.marked, content{len(p.file.pages) - 1, n})
	fmt.Fprintf(&p.out, "/%s<</MCID %d>>BDC\n", e.tag, n)
}

// End closes what Begin opened.
func (p *Page) End() { p.out.WriteString("EMC\n") }

// Colour is red, green and blue, each from 0 to 1.
type Colour [3]float64

// Black is the colour of text.
var Black = Colour{}

func (p *Page) paint(c Colour) {
	if s := number(c[0]) + " " + number(c[1]) + " " + number(c[2]) + " rg\n"; s != p.colour {
		p.colour = s
		p.out.WriteString(s)
	}
}

// Glyph is a character and how far the next one stands from it, in points.
type Glyph struct {
	Rune    rune
	Advance float64
}

// Text draws characters of one font on a line. The font must have them all.
func (p *Page) Text(f *font.Font, size, x, y float64, c Colour, text []Glyph) {
	if len(text) == 0 {
		return
	}
	t := p.file.face(f)
	p.used[t] = true
	p.paint(c)
	fmt.Fprintf(&p.out, "BT /%s %s Tf %s %s Td [<", t.name, number(size), number(x), number(y))
	for i, g := range text {
		n, _ := t.subset.Use(g.Rune)
		fmt.Fprintf(&p.out, "%04X", n)
		over := (t.subset.Advance(n) - g.Advance*1000/size)
		if i+1 < len(text) && (over > 0.05 || over < -0.05) {
			fmt.Fprintf(&p.out, ">%s<", number(over))
		}
	}
	p.out.WriteString(">]TJ ET\n")
}

func (f *File) face(of *font.Font) *face {
	for _, t := range f.fonts {
		if t.subset.Font == of {
			return t
		}
	}
	t := &face{"F" + strconv.Itoa(len(f.fonts)+1), of.NewSubset()}
	f.fonts = append(f.fonts, t)
	return t
}

// Box fills a rectangle; a line is a thin one.
func (p *Page) Box(x, y, width, height float64, c Colour) {
	p.paint(c)
	fmt.Fprintf(&p.out, "%s %s %s %s re f\n", number(x), number(y), number(width), number(height))
}

// Squares fills a grid of squares, as of a QR code, with its upper left corner at
// x, y.
func (p *Page) Squares(x, y, side float64, dark [][]bool) {
	p.paint(Black)
	step := side / float64(len(dark))
	for i, row := range dark {
		for j := 0; j < len(row); j++ {
			n := 0
			for j+n < len(row) && row[j+n] {
				n++
			}
			if n > 0 {
				fmt.Fprintf(&p.out, "%s %s %s %s re\n", number(x+float64(j)*step), number(y-float64(i+1)*step), number(float64(n)*step), number(step))
				j += n
			}
		}
	}
	p.out.WriteString("f\n")
}

// Cut says where a printer cuts the page and how far its colour goes beyond: each left,
// bottom, right and top.
func (p *Page) Cut(trim, bleed [4]float64) { p.trim, p.bleed = &trim, &bleed }

// Ink is cyan, magenta, yellow and black as printers have them, each from 0 to 1.
type Ink [4]float64

// Path is a shape: lines, and curves with two control points, to be filled by the
// non-zero rule.
type Path struct{ out bytes.Buffer }

// Move begins a contour.
func (p *Path) Move(x, y float64) { fmt.Fprintf(&p.out, "%s %s m\n", number(x), number(y)) }

// Line goes straight to a point.
func (p *Path) Line(x, y float64) { fmt.Fprintf(&p.out, "%s %s l\n", number(x), number(y)) }

// Curve goes to x, y by two control points.
func (p *Path) Curve(ax, ay, bx, by, x, y float64) {
	fmt.Fprintf(&p.out, "%s %s %s %s %s %s c\n", number(ax), number(ay), number(bx), number(by), number(x), number(y))
}

// Close ends a contour.
func (p *Path) Close() { p.out.WriteString("h\n") }

// Fill fills a path.
func (p *Page) Fill(path *Path, ink Ink) {
	if path.out.Len() == 0 {
		return
	}
	s := number(ink[0]) + " " + number(ink[1]) + " " + number(ink[2]) + " " + number(ink[3]) + " k\n"
	if s != p.colour {
		p.colour = s
		p.out.WriteString(s)
	}
	p.out.Write(path.out.Bytes())
	p.out.WriteString("f\n")
}

// Circle draws the outline of a circle with a dashed line.
func (p *Page) Circle(x, y, radius, line float64, c Colour) {
	const k = 0.5523
	r, q := radius, radius*k
	fmt.Fprintf(&p.out, "q %s %s %s RG %s w [3 3] 0 d\n%s %s m\n", number(c[0]), number(c[1]), number(c[2]), number(line), number(x+r), number(y))
	for _, d := range [][6]float64{{r, q, q, r, 0, r}, {-q, r, -r, q, -r, 0}, {-r, -q, -q, -r, 0, -r}, {q, -r, r, -q, r, 0}} {
		for i, v := range d {
			at := x
			if i%2 == 1 {
				at = y
			}
			p.out.WriteString(number(at+v) + " ")
		}
		p.out.WriteString("c\n")
	}
	p.out.WriteString("s Q\n")
}

// number writes a number as short as a thousandth of a point allows.
func number(v float64) string {
	s := strconv.FormatFloat(v, 'f', 3, 64)
	s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	if s == "-0" || s == "" {
		return "0"
	}
	return s
}
