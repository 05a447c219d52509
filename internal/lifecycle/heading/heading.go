// Package heading reads tables whose columns people name in their own way: where
// the line of the heads is, and which cell of a row stands in which column.
package heading

import (
	"crypto/sha256"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"shifan/internal/chars"
	"shifan/internal/fault"
)

// Column is one column of a list.
type Column struct {
	Name    string   // as in forms, faults and files of machines
	Label   string   // as it is written, and as exports head it
	Aliases []string // other names people give it
	Must    bool     // the list cannot be read without it
}

// List is a kind of roster: which columns it has.
type List struct {
	Name    string // "organisations", "inspections" …
	Label   string
	Columns []Column
}

// headLines is how far down a header is looked for.
const headLines = 20

// Header says which cell of a row holds which column of a list.
type Header struct {
	List    List
	Line    int
	cells   []int    // the cell of each column of the list; -1 for none
	Unknown []string // heads that mean no column; they are not read
}

// head makes names of columns comparable: no blanks, no marks, nothing in
// brackets.
func head(s string) string {
	s = norm.NFKC.String(s)
	if i := strings.IndexByte(s, '('); i > 0 {
		s = s[:i]
	}
	return Flat(s)
}

// Flat makes words comparable: no blanks and no marks.
func Flat(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, norm.NFKC.String(s))
}

// HeaderOf reads a row as the header of a list, and counts the columns in it.
func (l List) HeaderOf(line int, cells []string) (h Header, n int) {
	h = Header{List: l, Line: line, cells: slices.Repeat([]int{-1}, len(l.Columns))}
	for at, cell := range cells {
		name := head(cell)
		if name == "" || at > 0 && cell == cells[at-1] { // a merged head names its first column
			continue
		}
		i := slices.IndexFunc(l.Columns, func(c Column) bool {
			return name == head(c.Label) || name == head(c.Name) || slices.ContainsFunc(c.Aliases, func(a string) bool { return name == head(a) })
		})
		switch {
		case i >= 0 && h.cells[i] < 0:
			h.cells[i] = at
			n++
		case len(h.Unknown) < 20:
			h.Unknown = append(h.Unknown, chars.Cut(cell, 20))
		}
	}
	return h, n
}

var (
	errNoHead = fault.Define(fault.Invalid, "heading.missing",
		"前%d行里没有找到列名。第一行写列名，至少有%s。", "")
	errNoColumn = fault.Define(fault.Invalid, "heading.column", "第%d行是列名，但没有“%s”一列。请加上这一列，或者改用模板里的列名。", "")
)

// Finder looks for the header in the first rows of a sheet: the row that names
// the most columns, and of several the last, since a head may be merged over rows.
type Finder struct {
	List List
	best Header
	n    int
}

// See looks at one of the first rows. It reports whether rows further down may
// still hold the header.
func (f *Finder) See(line int, cells []string) bool {
	if h, n := f.List.HeaderOf(line, cells); n >= 2 && n >= f.n {
		f.best, f.n = h, n
	}
	return line < headLines
}

// Found returns the header, or what is missing of it.
func (f *Finder) Found() (Header, error) {
	var must []string
	for i, c := range f.List.Columns {
		if !c.Must {
			continue
		}
		must = append(must, "“"+c.Label+"”")
		if f.n > 0 && f.best.cells[i] < 0 {
			return f.best, errNoColumn.New(f.best.Line, c.Label)
		}
	}
	if f.n == 0 {
		return f.best, errNoHead.New(headLines, strings.Join(must, "和"))
	}
	return f.best, nil
}

// Row is one row of a list, its cells in the order of the list's columns.
type Row struct {
	List  List
	Line  int
	cells []string
}

// Row reads the cells of a row. It is empty when nothing stands in the columns of
// the list.
func (h Header) Row(line int, cells []string) (r Row, empty bool) {
	r, empty = Row{h.List, line, make([]string, len(h.cells))}, true
	for i, at := range h.cells {
		if at >= 0 && at < len(cells) && cells[at] != "" {
			r.cells[i], empty = cells[at], false
		}
	}
	return r, empty
}

// Text returns a cell as it was typed; "" for a column that the file has not.
func (r Row) Text(name string) string {
	if i := slices.IndexFunc(r.List.Columns, func(c Column) bool { return c.Name == name }); i >= 0 {
		return r.cells[i]
	}
	return ""
}

// Cells returns the cells in the order of the list's columns.
func (r Row) Cells() []string { return r.cells }

// Above knows the rows above one by what they are called: of each where it stands and a
// digest of what it says, so that a long list takes little memory.
type Above struct{ rows map[string]above }

type above struct {
	line int
	says [sha256.Size]byte
}

// See looks whether a row above is called the same: in which line the first of them
// stands, 0 for none, and whether it says the same.
func (a *Above) See(key string, r Row) (line int, same bool) {
	if a.rows == nil {
		a.rows = map[string]above{}
	}
	h := sha256.New()
	for _, c := range r.cells {
		h.Write([]byte(strconv.Itoa(len(c)) + ":" + c))
	}
	says := [sha256.Size]byte(h.Sum(nil))
	before, there := a.rows[key]
	if !there {
		a.rows[key] = above{r.Line, says}
		return 0, false
	}
	return before.line, before.says == says
}

// HeadOf returns a column's name as people read it.
func (l List) HeadOf(name string) string {
	if i := slices.IndexFunc(l.Columns, func(c Column) bool { return c.Name == name }); i >= 0 {
		return l.Columns[i].Label
	}
	return ""
}

// Labels lists the heads of the columns, for templates and exports.
func (l List) Labels() (all []string) {
	for _, c := range l.Columns {
		all = append(all, c.Label)
	}
	return all
}
