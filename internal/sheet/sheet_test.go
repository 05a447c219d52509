package sheet_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"iter"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"shifan/internal/fault"
	"shifan/internal/sheet"
)

// rows reads the first sheet of a file as "line: a|b|c".
func rows(data []byte) (all []string, err error) {
	b, err := sheet.Open(data)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, b.Close()) }()
	for r, err := range b.Sheets[0].Rows() {
		if err != nil {
			return all, err
		}
		all = append(all, fmt.Sprintf("%d: %s", r.Line, strings.Join(r.Cells, "|")))
	}
	return all, nil
}

// workbook makes a workbook by hand.
func workbook(t testing.TB, fill func(f *excelize.File)) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close() //nolint:errcheck // a test's
	fill(f)
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func set(t testing.TB, f *excelize.File, cell string, v any) {
	t.Helper()
	if err := f.SetCellValue("Sheet1", cell, v); err != nil {
		t.Fatal(err)
	}
}

func TestCSV(t *testing.T) {
	t.Parallel()
	const text = "名称,代码\r\n吉林省甲协会,51220000MJ0000018T\r\n\r\n\"乙,会\",x\r\n"
	want := []string{"1: 名称|代码", "2: 吉林省甲协会|51220000MJ0000018T", "4: 乙,会|x"}
	gb, err := simplifiedchinese.GB18030.NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	wide, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	rare, err := simplifiedchinese.GB18030.NewEncoder().String("名称,字\n𠮷,㐂\n")
	if err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		data string
		want []string
	}{
		"UTF-8":               {text, want},
		"UTF-8 with a mark":   {"\ufeff" + text, want},
		"GB18030":             {gb, want},
		"UTF-16":              {wide, want},
		"rare signs, GB18030": {rare, []string{"1: 名称|字", "2: 𠮷|㐂"}},
		"tabs":                {strings.ReplaceAll(strings.ReplaceAll(text, "\"乙,会\"", "乙会"), ",", "\t"), []string{want[0], want[1], "4: 乙会|x"}},
		"sep=;":               {"sep=;\na;b,c\n", []string{"2: a|b,c"}},
		"invisible signs":     {"a\u200b,\u3000b\u3000,\"c\nd\",,\n", []string{"1: a|b|cd"}},
		"a guarded formula":   {"'=1+1,'x,＝1\n", []string{"1: =1+1|'x|＝1"}},
		"a row over lines":    {"a,\"b\n\nc\"\nd\n", []string{"1: a|bc", "4: d"}},
	} {
		got, err := rows([]byte(tt.data))
		if diff := cmp.Diff(tt.want, got); diff != "" || err != nil {
			t.Errorf("%s: %v\n%s", name, err, diff)
		}
	}
}

func TestXLSX(t *testing.T) {
	t.Parallel()
	got, err := rows(workbook(t, func(f *excelize.File) {
		set(t, f, "A1", "名册")
		for _, m := range [][2]string{{"A1", "C1"}, {"A3", "A4"}, {"B4", "C5"}} {
			if err := f.MergeCell("Sheet1", m[0], m[1]); err != nil {
				t.Fatal(err)
			}
		}
		set(t, f, "A3", "吉林省甲协会")
		set(t, f, "B3", 512200000000000018)
		set(t, f, "C3", 40238)
		set(t, f, "B4", "b")
		set(t, f, "D5", "y")
	}))
	want := []string{"1: 名册|名册|名册", "3: 吉林省甲协会|512200000000000018|40238", "4: 吉林省甲协会|b|b", "5: |b|b|y"}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v\n%s", err, diff)
	}
}

func TestHiddenSheetsAreLeftOut(t *testing.T) {
	t.Parallel()
	b, err := sheet.Open(workbook(t, func(f *excelize.File) {
		for _, name := range []string{"二", "三"} {
			if _, err := f.NewSheet(name); err != nil {
				t.Fatal(err)
			}
		}
		if err := f.SetSheetVisible("二", false); err != nil {
			t.Fatal(err)
		}
	}))
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close() //nolint:errcheck // a test's
	if len(b.Sheets) != 2 || b.Sheets[1].Name != "三" {
		t.Errorf("got %v", b.Sheets)
	}
}

// packed makes a zip with a workbook and one more part.
func packed(t testing.TB, name string, size int) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for n, data := range map[string][]byte{"xl/workbook.xml": []byte("<workbook/>"), name: make([]byte, size)} {
		w, err := z.Create(n)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(data); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestBadFiles(t *testing.T) {
	t.Parallel()
	good := workbook(t, func(f *excelize.File) { set(t, f, "A1", "x") })
	for name, tt := range map[string]struct {
		data []byte
		code string
	}{
		"empty":             {nil, "sheet.empty"},
		"too big":           {make([]byte, sheet.BytesMost+1), "sheet.bytes"},
		"a picture":         {[]byte("\x89PNG\r\n\x1a\n\x00\x00"), "sheet.kind"},
		"an old workbook":   {[]byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest"), "sheet.old"},
		"half a workbook":   {good[:len(good)/2], "sheet.xlsx.broken"},
		"a zip of sorts":    {[]byte("PK\x03\x04"), "sheet.xlsx.broken"},
		"a bomb":            {packed(t, "xl/worksheets/sheet1.xml", 30<<20), "sheet.xlsx.bomb"},
		"another bomb":      {packed(t, "a", 49<<20), "sheet.xlsx.bomb"},
		"with macros":       {packed(t, "xl/vbaProject.bin", 10), "sheet.macro"},
		"no sheets":         {packed(t, "b", 10), "sheet.xlsx.broken"},
		"an open quote":     {[]byte("a,b\nc,\"d\ne,f\n"), "sheet.csv.quote"},
		"a quote inside":    {[]byte("a,b\nc,d\"e\n"), "sheet.csv.quote"},
		"no encoding":       {[]byte("a,b\n\xff\xff,\xc4\n"), "sheet.csv.encoding"},
		"too many rows":     {[]byte(strings.Repeat("a\n", sheet.RowsMost+1)), "sheet.rows"},
		"too many cells":    {[]byte(strings.Repeat("a,", 300) + "a\n"), "sheet.cells"},
		"a cell that is it": {[]byte(strings.Repeat("长", 2000) + "\n"), "sheet.cells"},
		"1904": {workbook(t, func(f *excelize.File) {
			yes := true
			if err := f.SetWorkbookProps(&excelize.WorkbookPropsOptions{Date1904: &yes}); err != nil {
				t.Fatal(err)
			}
		}), "sheet.xlsx.1904"},
	} {
		if _, err := rows(tt.data); fault.CodeOf(err) != tt.code || fault.KindOf(err) != fault.Invalid {
			t.Errorf("%s: got %v, want %s", name, err, tt.code)
		}
	}
	if all, err := rows([]byte(strings.Repeat("a\n\n", sheet.RowsMost))); err != nil || len(all) != sheet.RowsMost {
		t.Errorf("as many rows as there may be: %d, %v", len(all), err)
	}
}

func seq(rows ...[]string) iter.Seq2[[]string, error] {
	return func(yield func([]string, error) bool) {
		for _, r := range rows {
			if !yield(r, nil) {
				return
			}
		}
	}
}

// TestWhatIsWrittenIsReadBack, and no cell is a formula (trust.md 47).
func TestWhatIsWrittenIsReadBack(t *testing.T) {
	t.Parallel()
	head := []string{"名称", "代码"}
	table := [][]string{{"𠮷会", "51220000MJ0000018T"}, {"=cmd|'/c calc'!A1", "+1"}, {"-1", "@x"}, {"＝1", "'x"}, {"a,\"b\"", "100000000000000000"}}
	want := []string{"1: 名称|代码", "2: 𠮷会|51220000MJ0000018T", "3: =cmd|'/c calc'!A1|+1", "4: -1|@x", "5: ＝1|'x", "6: a,\"b\"|100000000000000000"}
	var c, x bytes.Buffer
	if err := sheet.WriteCSV(&c, head, seq(table...)); err != nil {
		t.Fatal(err)
	}
	if err := sheet.WriteXLSX(&x, "名册", head, seq(table...)); err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string][]byte{"CSV": c.Bytes(), "XLSX": x.Bytes()} {
		got, err := rows(data)
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("%s: %v\n%s", name, err, diff)
		}
	}
	for line := range strings.Lines(strings.TrimPrefix(c.String(), "\ufeff")) {
		for cell := range strings.SplitSeq(strings.TrimSpace(line), ",") {
			if strings.ContainsAny(strings.Trim(cell, `"`)[:1], "=+-@") {
				t.Errorf("a formula: %s", cell)
			}
		}
	}
	f, err := excelize.OpenReader(&x)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close() //nolint:errcheck // a test's
	for _, cell := range []string{"A3", "B3", "A4", "B4"} {
		formula, err := f.GetCellFormula("名册", cell)
		kind, err2 := f.GetCellType("名册", cell)
		if formula != "" || err != nil || err2 != nil || kind != excelize.CellTypeInlineString && kind != excelize.CellTypeSharedString {
			t.Errorf("%s: formula %q of type %v, %v, %v", cell, formula, kind, err, err2)
		}
	}
}

func FuzzOpen(f *testing.F) {
	f.Add([]byte("a,b\n"))
	f.Add([]byte("\xff\xfea\x00"))
	f.Add(workbook(f, func(b *excelize.File) { set(f, b, "A1", "x") }))
	f.Fuzz(func(t *testing.T, data []byte) {
		if _, err := rows(data); err != nil && fault.KindOf(err) != fault.Invalid {
			t.Errorf("%v", err)
		}
	})
}

// TestABookIsTheSameBytes: the same figures are the same file, and each sheet is read back.
func TestABookIsTheSameBytes(t *testing.T) {
	t.Parallel()
	tables := []sheet.Table{{Name: "甲", Head: []string{"项", "数"}, Rows: [][]any{{"=1+1", 1}, {"𠮷", 2}}}, {Name: "乙", Head: []string{"项"}}, {Name: "丙", Head: []string{"项"}}}
	var first []byte
	for range 20 {
		var b bytes.Buffer
		if err := sheet.WriteBook(&b, tables); err != nil {
			t.Fatal(err)
		}
		if first == nil {
			first = b.Bytes()
		} else if !bytes.Equal(first, b.Bytes()) {
			t.Fatal("two books of the same figures differ")
		}
	}
	book, err := sheet.Open(first)
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	if len(book.Sheets) != 3 {
		t.Errorf("%d sheets", len(book.Sheets))
	}
}
