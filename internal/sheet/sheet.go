// Package sheet reads tables from the files that offices have, XLSX and CSV, and
// writes them. It knows rows of cells and nothing of what they mean.
//
// A file is given as bytes and judged by them, not by its name. XLSX is a zip:
// what unpacks to more than it may is refused before it is unpacked. CSV is UTF-8,
// with or without a mark, UTF-16 with one, or GB18030. Rows are read one after
// another, so that memory does not grow with their number.
package sheet

import (
	"bytes"
	"iter"
	"strings"
	"unicode"

	"shifan/internal/fault"
)

// The bounds of a file.
const (
	BytesMost = 8 << 20 // as it is sent
	RowsMost  = 20_000  // rows with something in them
	cellsMost = 200     // cells of a row
	cellMost  = 4_000   // bytes of a cell
	skipMost  = 100_000 // rows with nothing in them
)

var (
	errEmpty = fault.Define(fault.Invalid, "sheet.empty", "文件是空的。请选择填好的表格文件。", "")
	errBytes = fault.Define(fault.Invalid, "sheet.bytes", "文件有%.1f MB，最多%d MB。请删去图片和无关的工作表，或者分几个文件导入。", "")
	errOld   = fault.Define(fault.Invalid, "sheet.old", "这是旧的XLS格式，或者加了密码的表格。请去掉密码，另存为XLSX或者CSV再导入。", "")
	errKind  = fault.Define(fault.Invalid, "sheet.kind", "这不是XLSX或者CSV表格文件。请另存为其中一种再导入。", "")
	errMacro = fault.Define(fault.Invalid, "sheet.macro", "表格里有宏。请另存为不带宏的XLSX再导入。", "")
	errRows  = fault.Define(fault.Invalid, "sheet.rows", "表格超过%d行。请分几个文件导入。", "")
	errCells = fault.Define(fault.Invalid, "sheet.cells", "第%d行的单元格太多或者太长。请只保留需要的列。", "")
)

// Row is one row with something in it.
type Row struct {
	Line  int // as the spreadsheet numbers it; in CSV the line on which it begins
	Cells []string
}

// Sheet is one table of a file.
type Sheet struct {
	Name string
	read func(yield func(Row, error) bool)
}

// Rows reads the rows one after another. An error is the last thing it gives.
func (s Sheet) Rows() iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		n := 0
		s.read(func(r Row, err error) bool {
			if err == nil {
				err = tidy(&r)
			}
			if err != nil {
				yield(Row{}, err)
				return false
			}
			if len(r.Cells) == 0 {
				return true
			}
			if n++; n > RowsMost {
				yield(Row{}, errRows.New(RowsMost))
				return false
			}
			return yield(r, nil)
		})
	}
}

// tidy cleans the cells of a row and cuts off the empty ones at its end.
func tidy(r *Row) error {
	last := 0
	for i, c := range r.Cells {
		c = clean(c)
		r.Cells[i] = c
		if c != "" {
			last = i + 1
		}
		if len(c) > cellMost {
			return errCells.New(r.Line)
		}
	}
	if r.Cells = r.Cells[:last]; last > cellsMost {
		return errCells.New(r.Line)
	}
	return nil
}

// clean takes from a cell what nobody typed on purpose: blanks around it, signs
// that nobody sees, line breaks, and the mark that Guard put before a formula.
func clean(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Cf, r) || r == '\n' || r == '\r' {
			return -1
		}
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, s)
	s = strings.TrimSpace(s)
	if rest, ok := strings.CutPrefix(s, "'"); ok && dangerous(rest) {
		return rest
	}
	return s
}

// Book is an opened file.
type Book struct {
	Format string // XLSX or CSV
	Sheets []Sheet
	close  func() error
}

// The formats.
const (
	XLSX = "xlsx"
	CSV  = "csv"
)

// Close lets go of what the book holds.
func (b *Book) Close() error {
	if b.close == nil {
		return nil
	}
	return b.close()
}

// Open opens a file. The bytes must stay as they are until Close.
func Open(data []byte) (*Book, error) {
	switch {
	case len(data) == 0:
		return nil, errEmpty.New()
	case len(data) > BytesMost:
		return nil, errBytes.New(float64(len(data))/(1<<20), BytesMost>>20)
	case bytes.HasPrefix(data, []byte("PK\x03\x04")), bytes.HasPrefix(data, []byte("PK\x05\x06")):
		return openXLSX(data)
	case bytes.HasPrefix(data, []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")):
		return nil, errOld.New()
	}
	return openCSV(data)
}
