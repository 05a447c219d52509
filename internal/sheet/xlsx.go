package sheet

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"path"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"

	"shifan/internal/fault"
)

// The bounds of what an XLSX unpacks to.
const (
	unpackedMost = 48 << 20 // bytes in all
	ratioMost    = 150      // times its packed size, for a part of more than a megabyte
	partsMost    = 500
	mergesMost   = 20_000
)

var (
	errBomb   = fault.Define(fault.Invalid, "sheet.xlsx.bomb", "表格解压后太大。请删去图片和无关的工作表，另存后再导入。", "")
	errBroken = fault.Define(fault.Invalid, "sheet.xlsx.broken", "表格文件损坏，或者不是XLSX。请用表格软件打开，另存为XLSX再导入。", "")
	err1904   = fault.Define(fault.Invalid, "sheet.xlsx.1904", "这个表格用1904年起算的日期，读出的日期会差四年。请把日期列改为文本，或者另存为CSV再导入。", "")
)

// openXLSX opens a workbook after looking at what it would unpack to. Hidden
// sheets are left out.
func openXLSX(data []byte) (*Book, error) {
	packed, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, errBroken.New()
	}
	if err := bounded(packed); err != nil {
		return nil, err
	}
	f, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{RawCellValue: true, UnzipSizeLimit: unpackedMost, UnzipXMLSizeLimit: unpackedMost})
	if err != nil {
		return nil, errBroken.New()
	}
	b := &Book{Format: XLSX, close: f.Close}
	if props, err := f.GetWorkbookProps(); err == nil && props.Date1904 != nil && *props.Date1904 {
		return nil, errors.Join(err1904.New(), f.Close())
	}
	parts := sheetParts(packed)
	for _, name := range f.GetSheetList() {
		if seen, err := f.GetSheetVisible(name); err != nil || !seen {
			continue
		}
		b.Sheets = append(b.Sheets, Sheet{Name: name, read: func(yield func(Row, error) bool) {
			readXLSX(f, name, mergesOf(packed, parts[name]), yield)
		}})
	}
	if len(b.Sheets) == 0 {
		return nil, errors.Join(errBroken.New(), f.Close())
	}
	return b, nil
}

// bounded refuses what unpacks to more than it may. A size that is lied about is
// found when the part is read: the reader of zips stops there.
func bounded(z *zip.Reader) error {
	if len(z.File) > partsMost {
		return errBomb.New()
	}
	var all uint64
	for _, p := range z.File {
		if all += p.UncompressedSize64; all > unpackedMost || p.UncompressedSize64 > unpackedMost {
			return errBomb.New()
		}
		if p.UncompressedSize64 > 1<<20 && p.UncompressedSize64/ratioMost > p.CompressedSize64 {
			return errBomb.New()
		}
		switch name := strings.ToLower(p.Name); {
		case strings.HasSuffix(name, "vbaproject.bin"):
			return errMacro.New()
		case p.Flags&1 != 0:
			return errOld.New()
		}
	}
	if !slices.ContainsFunc(z.File, func(p *zip.File) bool { return strings.HasSuffix(p.Name, "workbook.xml") }) {
		return errKind.New()
	}
	return nil
}

// readXLSX reads a sheet's rows. A merged cell's value belongs to every cell that
// was merged.
func readXLSX(f *excelize.File, name string, merges []merge, yield func(Row, error) bool) {
	rows, err := f.Rows(name)
	if err != nil {
		yield(Row{}, errBroken.New())
		return
	}
	defer rows.Close() //nolint:errcheck // nothing was written
	empty := 0
	for line := 1; rows.Next(); line++ {
		cells, err := rows.Columns()
		if err != nil {
			yield(Row{}, errBroken.New())
			return
		}
		if len(cells) > cellsMost {
			cells = cells[:cellsMost+1] // tidy refuses the row when something stands so far out
		}
		cells = spread(merges, line, cells)
		if len(cells) == 0 {
			if empty++; empty > skipMost {
				return
			}
			continue
		}
		if !yield(Row{Line: line, Cells: cells}, nil) {
			return
		}
	}
	if rows.Error() != nil {
		yield(Row{}, errBroken.New())
	}
}

// merge is one range of merged cells, counted from 1, with the value of its first
// cell once that was read.
type merge struct {
	fromCol, fromRow, toCol, toRow int
	value                          string
}

// spread gives the cells of a row the values of the merged ranges over them.
func spread(merges []merge, line int, cells []string) []string {
	for i := range merges {
		m := &merges[i]
		if line < m.fromRow || line > m.toRow {
			continue
		}
		if line == m.fromRow {
			m.value = ""
			if m.fromCol <= len(cells) {
				m.value = cells[m.fromCol-1]
			}
		}
		if m.value == "" {
			continue
		}
		for len(cells) < m.toCol {
			cells = append(cells, "")
		}
		for c := m.fromCol; c <= m.toCol; c++ {
			cells[c-1] = m.value
		}
	}
	return cells
}

// sheetParts finds the part of the zip that each sheet is in.
func sheetParts(z *zip.Reader) map[string]string {
	var book struct {
		Sheets []struct {
			Name string `xml:"name,attr"`
			ID   string `xml:"http://schemas.openxmlformats.org/officeDocument/2006/relationships id,attr"`
		} `xml:"sheets>sheet"`
	}
	var rels struct {
		All []struct {
			ID     string `xml:"Id,attr"`
			Target string `xml:"Target,attr"`
		} `xml:"Relationship"`
	}
	if decodePart(z, "xl/workbook.xml", &book) != nil || decodePart(z, "xl/_rels/workbook.xml.rels", &rels) != nil {
		return nil
	}
	parts := map[string]string{}
	for _, s := range book.Sheets {
		for _, r := range rels.All {
			if r.ID == s.ID {
				parts[s.Name] = strings.TrimPrefix(path.Join("xl", r.Target), "/")
				if strings.HasPrefix(r.Target, "/") {
					parts[s.Name] = strings.TrimPrefix(r.Target, "/")
				}
			}
		}
	}
	return parts
}

func decodePart(z *zip.Reader, name string, into any) error {
	in, err := z.Open(name)
	if err != nil {
		return err
	}
	defer in.Close() //nolint:errcheck // it was read only
	return xml.NewDecoder(io.LimitReader(in, 4<<20)).Decode(into)
}

// mergesOf lists the merged ranges of a sheet. They stand behind its rows, so the
// part is read once more, and only for them.
func mergesOf(z *zip.Reader, part string) (all []merge) {
	in, err := z.Open(part)
	if err != nil {
		return nil
	}
	defer in.Close() //nolint:errcheck // it was read only
	buf := make([]byte, 0, 64<<10)
	chunk := make([]byte, 32<<10)
	for {
		n, err := in.Read(chunk)
		buf = append(buf, chunk[:n]...)
		for {
			i := bytes.Index(buf, []byte("mergeCell "))
			if i < 0 {
				break
			}
			end := bytes.IndexByte(buf[i:], '>')
			if end < 0 {
				break
			}
			if m, ok := mergeAt(string(buf[i : i+end])); ok && len(all) < mergesMost {
				all = append(all, m)
			}
			buf = append(buf[:0], buf[i+end:]...)
		}
		if len(buf) > 4096 {
			buf = append(buf[:0], buf[len(buf)-512:]...)
		}
		if err != nil {
			return all
		}
	}
}

// mergeAt reads ref="A1:B2" of a merged range, within the columns that are read.
func mergeAt(tag string) (m merge, ok bool) {
	_, ref, _ := strings.Cut(tag, `ref="`)
	ref, _, _ = strings.Cut(ref, `"`)
	from, to, _ := strings.Cut(strings.ReplaceAll(ref, "$", ""), ":")
	var err, err2 error
	m.fromCol, m.fromRow, err = excelize.CellNameToCoordinates(from)
	m.toCol, m.toRow, err2 = excelize.CellNameToCoordinates(to)
	m.toCol = min(m.toCol, cellsMost)
	return m, err == nil && err2 == nil && m.fromCol <= m.toCol && m.fromRow <= m.toRow
}
