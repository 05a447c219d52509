package docx

import (
	"strings"
	"time"
)

// Lengths are in twips, twentieths of a point, unless their names say otherwise.

// Twips is how many twips a length in mm has.
func Twips(mm float64) int {
	v := mm * 1440 / 25.4
	if v < 0 {
		return -int(-v + 0.5)
	}
	return int(v + 0.5)
}

// Info is what a file says of itself.
type Info struct {
	Title, Author, Subject string
	Created                time.Time
}

// File is a document in the making. Create one with New.
type File struct {
	info    Info
	styles  []Style
	body    strings.Builder
	parts   []part // heads and feet
	shapes  int
	mirrors bool
	facing  bool
}

type part struct{ name, kind, content string }

// New begins a file in simplified Chinese whose text is in one font of one size in
// points; the spacing of every character grows by so many twips.
func New(info Info, base Style) *File {
	return &File{info: info, styles: []Style{base}}
}

// Facing says that pages are printed on both sides: the margins of left pages are the
// mirror of right ones, and a section's Even foot is theirs.
func (f *File) Facing() { f.mirrors, f.facing = true, true }

// Align is where the lines of a paragraph stand.
type Align string

// The places of lines; the zero value is that of the style.
const (
	Both   Align = "both" // full lines fill the width
	Left   Align = "left"
	Centre Align = "center"
	Right  Align = "right"
)

// Style is a named style of paragraphs. The first of a file is that of all text.
type Style struct {
	ID, Name string // the identity, and what a word processor shows or knows by its English name
	Next     string // the identity of the style of the paragraph after it; empty: its own
	Outline  int    // level in the outline, from 1; 0: none
	Font     string // for all scripts
	Size     float64
	Colour   string // RRGGBB
	Spacing  int    // between characters
	Tight    bool   // Spacing holds although it is 0
	Format
}

// Format is how a paragraph is set; zero fields are those of its style.
type Format struct {
	Align             Align
	Left, Right       int // indents
	First             int // of the first line, beyond Left; less than 0: it hangs
	Before, After     int // blank above and below
	Line              int // exact height of a line
	Top               bool
	KeepNext          bool
	BreakBefore       bool // begins a page
	RuleAbove, Rule   *Rule
	End               int  // of a tabulator that text ends at; 0: none
	Baseline, NoFirst bool // undo Top, and the style's First
}

// Rule is a line along the edge of a paragraph or a cell.
type Rule struct {
	Kind   string // single, thickThinSmallGap, thinThickSmallGap, …
	Size   int    // eighths of a point
	Space  int    // points between it and the text
	Colour string // RRGGBB
}

// Run is text in one dress. A zero field is that of the style.
type Run struct {
	Text    string
	Field   string // PAGE or NUMPAGES instead of text
	Font    string
	Size    float64 // points
	Spacing int
	Tight   bool // Spacing holds although it is 0
	Break   bool // a new line begins before it
	Tab     bool // a tabulator stands before it
}

// Paragraph is a paragraph.
type Paragraph struct {
	Style string
	Format
	Runs   []Run
	Circle *Circle
}

// Circle is the dashed outline of a circle, at a place from the margin and the upper
// edge of its paragraph.
type Circle struct {
	X, Y, Diameter int
	About          string // what it stands for
}

// Cell is a cell of a table.
type Cell struct {
	Text   []Paragraph
	Middle bool // half way between the upper and the lower edge
	Side   int  // blank left and right, where it is not that of the table
}

// Row is a row of a table.
type Row struct {
	Height int  // at least
	Head   bool // comes again on every page
	Whole  bool // is not parted between pages
	Above  Rule // where the table has no rule
	Cells  []Cell
}

// Table is a table with a rule around every cell; or, where Rule is the zero value, with
// those above its rows and the last one.
type Table struct {
	Widths []int
	Rows   []Row
	Rule   Rule
	Last   Rule
	Side   int // blank left and right of what stands in a cell
	Above  int // blank above it
	Below  int // blank below it
}

// Section is a run of pages alike. Heads and feet are paragraphs; nil means none.
type Section struct {
	Width, Height            int
	Top, Bottom, Left, Right int
	Header, Footer           int // from the edge of the paper
	Lines                    int // height of a line of the grid
	Head                     []Paragraph
	Odd, Even                []Paragraph
	First                    bool // the first page has the Head and the FirstFoot, others no head
	FirstFoot                []Paragraph
}
