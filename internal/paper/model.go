package paper

import (
	"time"

	"shifan/internal/calendar"
)

// Form is the kind of sheet that a document is written on.
type Form int

const (
	// Plain is a sheet without a head: receipts, lists, print editions, a publicity.
	Plain Form = iota
	// Red is the general form (通用格式) with the name of the office in red (7.2).
	Red
	// Letter is the letter form (信函格式, 10.1).
	Letter
	// Minutes is the form of minutes (纪要格式, 10.3).
	Minutes
)

// Document is what a document says, before it is set. A zero field is left out.
type Document struct {
	Form    Form
	Issuer  string // 发文机关标志, in red; with 文件 where the office writes it
	Number  string // 发文字号, as 吉社联党发〔2021〕1号
	Title   string // a bar | where a line may best end; none is needed
	To      string // 主送机关, without its colon
	Body    []Block
	Annexes []Annex
	Signers []string      // 署名
	Date    calendar.Date // 成文日期
	Undated bool          // room for a date that is written by hand, where Date is zero
	Seal    bool          // room for a seal over signature and date
	Note    string        // 附注, without its brackets
	Imprint *Imprint      // 版记
	Foot    *Foot         // below the text of every page
	About   string        // what the file says of itself, for catalogues
	Created time.Time     // when it was made, in the programme's zone

	// Files go into the PDF, so that a machine finds what the page shows.
	Files []File
}

// File is a file inside a PDF.
type File struct {
	Name, Media, About string
	Content            []byte
}

// Imprint is what stands at the foot of the last page of an even number of pages.
type Imprint struct {
	Copies    string // 抄送, without the label and the full stop
	PrintedBy string // 印发机关
	PrintedOn calendar.Date
}

// Foot is what every page says below its text: a code that machines read and
// lines that people read. Code and Lines take the number of the page and how many
// there are.
type Foot struct {
	Code  func(page, pages int) string
	Lines func(page, pages int) []string
}

// Annex is a 附件: it begins a page of its own and is named after the text.
type Annex struct {
	Title string
	Body  []Block
}

// Block is a piece of text. The blocks are Heading, Paragraph, Table, Facts,
// Blank and Break.
type Block interface{ block() }

// Heading is a heading of one of four levels (7.3.3): 一、 in 黑体, （一） in 楷体,
// 1. and （1） in the face of the text. Its numeral is part of its text.
type Heading struct {
	Level int // 1 to 4
	Text  string
	Then  string // text that goes on in the same line
}

// Paragraph is text, two characters in; Flush begins it at the margin, Centred
// stands it in the middle.
type Paragraph struct {
	Text           string
	Flush, Centred bool
	Hold           bool // stays on the page of what follows
}

// Table has ruled cells; its head comes again on every page.
type Table struct {
	Title   string // above it, centred; may be empty
	Columns []Column
	Rows    [][]string
}

// Column is a column of a table. Widths are shares of the whole.
type Column struct {
	Head   string
	Width  float64
	Centre bool
}

// Facts is a table of two columns, the word and what it is.
type Facts []Fact

// Fact is a line of Facts.
type Fact struct {
	Word, Value string
	Plain       bool // in the face for codes: a digest
}

// Blank is an empty line.
type Blank struct{}

// Break begins a new page.
type Break struct{}

func (Heading) block()   {}
func (Paragraph) block() {}
func (Table) block()     {}
func (Facts) block()     {}
func (Blank) block()     {}
func (Break) block()     {}
