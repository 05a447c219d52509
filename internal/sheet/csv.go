package sheet

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"

	"shifan/internal/fault"
)

var (
	errQuote = fault.Define(fault.Invalid, "sheet.csv.quote", "第%d行的引号不成对，后面的内容分不清是哪一列。请改好引号，或者另存为XLSX再导入。", "")
	errCoded = fault.Define(fault.Invalid, "sheet.csv.encoding", "第%d行有认不出的字符：文件既不是UTF-8也不是GB18030编码。请另存为“CSV UTF-8”或者XLSX再导入。", "")
)

// openCSV opens a text of rows. What has a NUL in it is no text.
func openCSV(data []byte) (*Book, error) {
	mark := func(s string) bool { return bytes.HasPrefix(data, []byte(s)) }
	var decode transform.Transformer
	switch {
	case mark("\xff\xfe"), mark("\xfe\xff"):
		decode = unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder()
	case bytes.IndexByte(data, 0) >= 0:
		return nil, errKind.New()
	case utf8.Valid(data):
		decode = unicode.UTF8BOM.NewDecoder()
	default:
		decode = simplifiedchinese.GB18030.NewDecoder()
	}
	open := func() io.Reader { return transform.NewReader(bytes.NewReader(data), decode) }
	decode.Reset()
	head := make([]byte, 4096)
	n, err := io.ReadFull(open(), head)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, errKind.New()
	}
	first, comma := separator(string(head[:n]))
	return &Book{Format: CSV, Sheets: []Sheet{{Name: "", read: func(yield func(Row, error) bool) {
		decode.Reset()
		readCSV(open(), comma, first, yield)
	}}}}, nil
}

// separator finds what parts the cells, and how many lines come before the first
// row: spreadsheets may begin a file with "sep=;".
func separator(head string) (skip int, comma rune) {
	first, _, _ := strings.Cut(head, "\n")
	if s, ok := strings.CutPrefix(strings.ToLower(strings.TrimSpace(first)), "sep="); ok && len(s) == 1 {
		return 1, rune(s[0])
	}
	comma, most := ',', strings.Count(head, ",")
	for _, c := range "\t;" {
		if n := strings.Count(head, string(c)); n > most {
			comma, most = c, n
		}
	}
	return 0, comma
}

func readCSV(in io.Reader, comma rune, skip int, yield func(Row, error) bool) {
	r := csv.NewReader(in)
	r.Comma, r.FieldsPerRecord, r.ReuseRecord = comma, -1, true
	for n := 0; ; n++ {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			return
		}
		if bad, ok := errors.AsType[*csv.ParseError](err); ok {
			yield(Row{}, errQuote.New(bad.StartLine))
			return
		}
		if err != nil {
			yield(Row{}, err)
			return
		}
		line, _ := r.FieldPos(0)
		for _, c := range cells {
			if strings.ContainsRune(c, utf8.RuneError) {
				yield(Row{}, errCoded.New(line))
				return
			}
		}
		if n >= skip && !yield(Row{Line: line, Cells: cells}, nil) {
			return
		}
	}
}
