package sheet

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"io"
	"iter"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
)

// dangerous reports whether a spreadsheet would take a text for a formula (OWASP,
// CSV injection).
func dangerous(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return s != "" && strings.ContainsRune("=+-@\t\r\n＝＋－＠", r)
}

// Guard keeps a spreadsheet from taking a cell of a CSV for a formula. Open takes
// the mark away again.
func Guard(s string) string {
	if dangerous(s) {
		return "'" + s
	}
	return s
}

// WriteCSV writes a table as UTF-8 with a mark, so that spreadsheets read the
// characters right, and with no formula in it.
func WriteCSV(out io.Writer, head []string, rows iter.Seq2[[]string, error]) error {
	if _, err := io.WriteString(out, "\ufeff"); err != nil {
		return err
	}
	w := csv.NewWriter(out)
	w.UseCRLF = true
	if err := w.Write(guarded(head)); err != nil {
		return err
	}
	for row, err := range rows {
		if err != nil {
			return err
		}
		if err := w.Write(guarded(row)); err != nil {
			return err
		}
	}
	w.Flush()
	return w.Error()
}

func guarded(row []string) []string {
	safe := make([]string, len(row))
	for i, c := range row {
		safe[i] = Guard(c)
	}
	return safe
}

// WriteXLSX writes a table as a workbook of one sheet. Every cell is text, so that
// a code keeps its digits and nothing is a formula.
func WriteXLSX(out io.Writer, name string, head []string, rows iter.Seq2[[]string, error]) (err error) {
	f := excelize.NewFile()
	defer func() {
		if e := f.Close(); err == nil {
			err = e
		}
	}()
	if err := f.SetSheetName("Sheet1", name); err != nil {
		return err
	}
	w, err := f.NewStreamWriter(name)
	if err != nil {
		return err
	}
	asText, err := f.NewStyle(&excelize.Style{NumFmt: 49})
	if err != nil {
		return err
	}
	bold, err := f.NewStyle(&excelize.Style{NumFmt: 49, Font: &excelize.Font{Bold: true}, Alignment: &excelize.Alignment{WrapText: true, Vertical: "center"}})
	if err != nil {
		return err
	}
	if err := w.SetColWidth(1, max(1, len(head)), 22); err != nil {
		return err
	}
	if err := w.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	line := 1
	put := func(style int, row []string) error {
		cells := make([]any, len(row))
		for i, c := range row {
			cells[i] = excelize.Cell{StyleID: style, Value: c}
		}
		at, err := excelize.CoordinatesToCellName(1, line)
		line++
		if err != nil {
			return err
		}
		return w.SetRow(at, cells)
	}
	if err := put(bold, head); err != nil {
		return err
	}
	for row, err := range rows {
		if err != nil {
			return err
		}
		if err := put(asText, row); err != nil {
			return err
		}
	}
	if err := w.Flush(); err != nil {
		return err
	}
	return f.Write(out)
}

// Table is one sheet of a book that WriteBook writes. Cells are text, or int: a number
// that can be reckoned with.
type Table struct {
	Name string // of the sheet: at most 31 signs, none of []:*?/\
	Head []string
	Rows [][]any
}

// WriteBook writes a workbook of several sheets. Text stays text, so that nothing is a
// formula; only whole numbers are numbers.
func WriteBook(out io.Writer, tables []Table) (err error) {
	f := excelize.NewFile()
	defer func() {
		if e := f.Close(); err == nil {
			err = e
		}
	}()
	asText, err := f.NewStyle(&excelize.Style{NumFmt: 49})
	if err != nil {
		return err
	}
	bold, err := f.NewStyle(&excelize.Style{NumFmt: 49, Font: &excelize.Font{Bold: true}, Alignment: &excelize.Alignment{WrapText: true, Vertical: "center"}})
	if err != nil {
		return err
	}
	for i, t := range tables {
		if i == 0 {
			err = f.SetSheetName("Sheet1", t.Name)
		} else {
			_, err = f.NewSheet(t.Name)
		}
		if err == nil {
			err = fillSheet(f, t, asText, bold)
		}
		if err != nil {
			return err
		}
	}
	return inOrder(out, f)
}

// inOrder writes a workbook with its parts in the order of their names: the library takes
// the sheets from a map, and the same figures would be other bytes each time.
func inOrder(out io.Writer, f *excelize.File) error {
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		return err
	}
	in, err := zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		return err
	}
	slices.SortFunc(in.File, func(a, b *zip.File) int { return strings.Compare(a.Name, b.Name) })
	w := zip.NewWriter(out)
	for _, part := range in.File {
		if err := w.Copy(part); err != nil {
			return err
		}
	}
	return w.Close()
}

func fillSheet(f *excelize.File, t Table, asText, bold int) error {
	w, err := f.NewStreamWriter(t.Name)
	if err != nil {
		return err
	}
	if err := w.SetColWidth(1, max(1, len(t.Head)), 18); err != nil {
		return err
	}
	if err := w.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	head := make([]any, len(t.Head))
	for i, h := range t.Head {
		head[i] = excelize.Cell{StyleID: bold, Value: h}
	}
	for n, row := range append([][]any{head}, t.Rows...) {
		cells := make([]any, len(row))
		for i, c := range row {
			if s, ok := c.(string); ok {
				c = excelize.Cell{StyleID: asText, Value: s}
			}
			cells[i] = c
		}
		at, err := excelize.CoordinatesToCellName(1, n+1)
		if err != nil {
			return err
		}
		if err := w.SetRow(at, cells); err != nil {
			return err
		}
	}
	return w.Flush()
}
