package paper_test

import (
	"bytes"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"shifan/internal/fault"
	"shifan/internal/paper"
)

// typeset sets a document and writes it to a file.
func typeset(t *testing.T, d *paper.Document) (p *paper.Pages, file string) {
	t.Helper()
	p, err := paper.TypesetIn(d, paper.Fonts(t))
	if err != nil {
		t.Fatal(err)
	}
	b, err := p.PDF()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if keep := os.Getenv("SHIFAN_KEEP"); keep != "" {
		dir = keep
	}
	file = filepath.Join(dir, strings.ReplaceAll(t.Name(), "/", "-")+".pdf")
	if err := os.WriteFile(file, b, 0o666); err != nil {
		t.Fatal(err)
	}
	return p, file
}

// word is a word of a page and its box, in mm from the upper left corner.
type word struct {
	page                    int
	text                    string
	left, top, right, under float64
}

var boxes = regexp.MustCompile(`<page |<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*?)</word>`)

// words asks pdftotext where everything stands.
func words(t *testing.T, file string) (all []word) {
	t.Helper()
	out := paper.Judge(t, "pdftotext", "-bbox", file, "-")
	page := 0
	for _, m := range boxes.FindAllStringSubmatch(out, -1) {
		if m[5] == "" {
			page++
			continue
		}
		var v [4]float64
		for i := range v {
			n, err := strconv.ParseFloat(m[i+1], 64)
			if err != nil {
				t.Fatal(err)
			}
			v[i] = n * 25.4 / 72
		}
		all = append(all, word{page, m[5], v[0], v[1], v[2], v[3]})
	}
	return all
}

func find(t *testing.T, all []word, text string) word {
	t.Helper()
	for _, w := range all {
		if strings.Contains(w.text, text) {
			return w
		}
	}
	t.Fatalf("no %q on the pages", text)
	return word{}
}

func near(t *testing.T, what string, got, want, within float64) {
	t.Helper()
	if math.Abs(got-want) > within {
		t.Errorf("%s: %.2f mm, want %.2f ± %.1f", what, got, want, within)
	}
}

// TestMeasures lets poppler measure the notice by the clauses of GB/T 9704-2012.
func TestMeasures(t *testing.T) {
	t.Parallel()
	p, file := typeset(t, notice(60))
	all := words(t, file)
	const left, right, top, under, pitch, cell = 28.0, 184.0, 37.0, 262.0, 225.0 / 22, 156.0 / 28
	mark := find(t, all, "委员会文件")
	near(t, "7.2.4 upper edge of the mark", mark.top, top+35, 1)
	near(t, "7.2.4 the mark is in the middle", (mark.left+mark.right)/2, (left+right)/2, 1)
	number := find(t, all, "松社联党发")
	near(t, "7.2.5 two lines from the mark to the number", number.top-mark.under, 2*pitch, 1)
	line := p.RedLine()
	if len(line) != 1 {
		t.Fatalf("red lines: %v", line)
	}
	near(t, "7.2.7 the red line below the number", line[0][1]-number.under, 4, 1)
	near(t, "7.2.7 the red line begins", line[0][0], left, 0.1)
	near(t, "7.2.7 the red line is as wide as the text", line[0][2], 156, 0.1)
	title := find(t, all, "联合委员会")
	for _, w := range all { // the second: the first is the mark
		if w.page == 1 && w.text == "中共松原省社会组织联合委员会" {
			title = w
		}
	}
	near(t, "7.3.1 two lines from the red line to the title", title.top-line[0][1]-0.5, 2*pitch, 1)
	near(t, "7.3.1 二号", title.under-title.top, 22*25.4/72, 0.2)
	to := find(t, all, "各社会组织党组织：")
	near(t, "7.3.2 the addressee begins at the margin", to.left, left, 1)
	text := find(t, all, "根据《关于")
	near(t, "7.3.3 two characters in", text.left, left+2*cell, 1)
	near(t, "5.2.2 三号", text.under-text.top, 16*25.4/72, 0.2)
	near(t, "5.2.3 pitch", text.top-to.top, pitch, 0.2)
	second := find(t, all, "思想建设、组织建设")
	near(t, "5.2.1 upper edge of the text", second.top, top, 1)
	near(t, "5.2.1 left edge of a page at the back", second.left, 210-right, 1)
	near(t, "5.2.1 right edge of a page at the back", find(t, all, "会主义思想作为首要").right, 210-left, 1)
	date := find(t, all, "2026年9月8日")
	for _, w := range all {
		if w.page == 2 && w.text == "2026年9月8日" {
			date = w
		}
	}
	near(t, "7.3.5.1 the date stands four characters from the right", 210-left-date.right, 4*cell, 1)
	signer := date
	for _, w := range all {
		if w.page == 2 && w.text == "中共松原省社会组织联合委员会" {
			signer = w
		}
	}
	near(t, "7.3.5.1 the name in the middle over the date", (signer.left+signer.right)/2, (date.left+date.right)/2, 1)
	annex := find(t, all, "附件")
	for _, w := range all {
		if w.page == 3 && w.text == "附件" {
			annex = w
		}
	}
	near(t, "7.3.7 附件 on the first line", annex.top, top, 1)
	near(t, "7.3.7 附件 at the margin", annex.left, left, 1)
	heading := find(t, all, "第三批全省社会组织党建工作示范点名单")
	for _, w := range all {
		if w.page == 3 && strings.Contains(w.text, "示范点名单") {
			heading = w
		}
	}
	near(t, "7.3.7 its title on the third line", heading.top, top+2*pitch, 1)
	near(t, "7.4.1 the last rule is the lower edge of the text", p.LastRule(), under, 1)
	numbers(t, all, p.Len())
}

// numbers measures the numbers of the pages: 7 mm below the text, one character in,
// at the right on odd pages and at the left on even ones (7.5).
func numbers(t *testing.T, all []word, pages int) {
	t.Helper()
	em := 14 * 25.4 / 72
	for n := 1; n <= pages; n++ {
		var dashes []word
		for _, w := range all {
			if w.page == n && w.text == "—" {
				dashes = append(dashes, w)
			}
		}
		if len(dashes) != 2 {
			if n == pages { // a page of the imprint alone
				continue
			}
			t.Errorf("page %d has %d dashes", n, len(dashes))
			continue
		}
		near(t, fmt.Sprintf("7.5 dash of page %d", n), (dashes[0].top+dashes[0].under)/2, 262+7, 1)
		if n%2 == 1 {
			near(t, fmt.Sprintf("7.5 page %d from the right", n), 184-dashes[1].right, em, 1)
		} else {
			near(t, fmt.Sprintf("7.5 page %d from the left", n), dashes[0].left-26, em, 1)
		}
	}
	if pages%2 != 0 {
		t.Errorf("7.4 a document with an imprint has %d pages", pages)
	}
}

// TestPDF lets qpdf and poppler judge the files, and asks for the same bytes twice.
func TestPDF(t *testing.T) {
	t.Parallel()
	for name, d := range map[string]func() *paper.Document{
		"notice":  func() *paper.Document { return notice(60) },
		"receipt": receipt,
		"empty":   func() *paper.Document { return &paper.Document{} },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, file := typeset(t, d())
			if out := paper.Judge(t, "qpdf", "--check", file); strings.Contains(out, "WARNING") {
				t.Errorf("qpdf: %s", out)
			}
			for i, l := range strings.Split(strings.TrimSpace(paper.Judge(t, "pdffonts", file)), "\n") {
				if i > 1 && (!strings.Contains(l, "CID TrueType") || !strings.Contains(l, "yes yes yes")) {
					t.Errorf("a font that is not embedded, whole, or without characters: %s", l)
				}
			}
			info := paper.Judge(t, "pdfinfo", file)
			if !strings.Contains(info, "Tagged:          yes") || !strings.Contains(info, "(A4)") {
				t.Errorf("pdfinfo: %s", info)
			}
			first, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			_, again := typeset(t, d())
			second, err := os.ReadFile(again)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(first, second) {
				t.Error("the same document gives other bytes")
			}
			if !bytes.Contains(first, []byte("/Lang(zh-CN)")) {
				t.Error("it does not say its language")
			}
		})
	}
}

// TestReadingOrder wants the text back in the order in which it was written, marks
// and rare characters included.
func TestReadingOrder(t *testing.T) {
	t.Parallel()
	d := notice(3)
	d.Body = append([]paper.Block{paper.Paragraph{Text: "秘书长𠮷垚、㛃淏旻、䶮先生：“请于8月1日前报送”。"}}, d.Body...)
	_, file := typeset(t, d)
	got := strings.Join(strings.Fields(paper.Judge(t, "pdftotext", "-raw", file, "-")), "")
	at := 0
	for _, want := range []string{
		"中共松原省社会组织联合委员会文件", "松社联党发〔2026〕8号", "关于命名第三批", "各社会组织党组织：", "秘书长𠮷垚、㛃淏旻、䶮先生：“请于8月1日前报送”。", "根据《关于开展",
		"一、珍惜荣誉", "（一）坚持政治引领。把学习", "1.规范组织生活。", "（1）健全工作台账。", "附件：第三批", "2026年9月8日", "（此件公开发布）",
		"附件第三批", "序号", "SY-2026-001", "2029年9月7日", "SY-2026-003", "抄送：省委组织部", "2026年9月8日印发",
	} {
		i := strings.Index(got[at:], want)
		if i < 0 {
			t.Fatalf("%s is not there after %.60s", want, got[max(at-60, 0):])
		}
		at += i
	}
}

// TestSeveralLines sets each line of a text as a paragraph, and leaves out what
// nobody sees: joiners, marks of direction, variants.
func TestSeveralLines(t *testing.T) {
	t.Parallel()
	d := receipt()
	d.Body = []paper.Block{paper.Paragraph{Text: "第一段。\n\n  第二段，\u202e不反转\u200b。\ufe0f\n第三段\t完"}, paper.Facts{{Word: "甲", Value: "一\n二"}}}
	_, file := typeset(t, d)
	all := words(t, file)
	first, second := find(t, all, "第一段。"), find(t, all, "第二段，不反转。")
	near(t, "the second begins like the first", second.left, first.left, 0.1)
	near(t, "on the next line", second.top-first.top, 225.0/22, 0.2)
	find(t, all, "第三段")
}

// TestMissingCharacter stops a document whose characters no font has, and names
// them; it never shows a blank.
func TestMissingCharacter(t *testing.T) {
	t.Parallel()
	d := receipt()
	d.Body = append(d.Body, paper.Paragraph{Text: "名称：\U0003FFFD某某\uE123协会"})
	_, err := paper.TypesetIn(d, paper.Fonts(t))
	if fault.KindOf(err) != fault.Unavailable || !strings.Contains(err.Error(), "U+3FFFD") || !strings.Contains(err.Error(), "U+E123") {
		t.Errorf("got %v", err)
	}
}

// TestSubstitutes reports which font stood in, for a face and for a character.
func TestSubstitutes(t *testing.T) {
	t.Parallel()
	d := receipt()
	d.Title = "𠮷字示范点"
	p, err := paper.TypesetIn(d, paper.Fonts(t))
	if err != nil {
		t.Fatal(err)
	}
	got := fmt.Sprint(p.Substitutes)
	for _, want := range []string{"{方正小标宋简体 NotoSerifSC-Black }", "{方正小标宋简体 LXGWWenKai-Regular 𠮷}", "{仿宋_GB2312 NotoSerifSC-Regular }"} {
		if !strings.Contains(got, want) {
			t.Errorf("%s is not reported: %s", want, got)
		}
	}
}

// TestNoSignatureAlone tries every length of the text: the signature never stands on
// a page without two lines of it (7.3.5).
func TestNoSignatureAlone(t *testing.T) {
	t.Parallel()
	fonts := paper.Fonts(t)
	for _, annexes := range []int{0, 1} {
		for n := range 50 {
			d := notice(1)
			d.Annexes = d.Annexes[:annexes]
			d.Body = nil
			for i := range n + 2 {
				d.Body = append(d.Body, paper.Paragraph{Text: fmt.Sprintf("第%d项工作要抓实抓好。", i+1)})
			}
			p, err := paper.TypesetIn(d, fonts)
			if err != nil {
				t.Fatal(err)
			}
			if alone := p.Alone(d.Signers[0]); len(alone) > 0 {
				t.Errorf("with %d lines and %d annexes the signature is alone on page %v", n+2, annexes, alone)
			}
			if p.Len()%2 != 0 {
				t.Errorf("with %d lines there are %d pages", n+2, p.Len())
			}
		}
	}
}

// TestFirstPageShowsText moves a list of addressees that would fill the first page
// to the imprint (7.3.3).
func TestFirstPageShowsText(t *testing.T) {
	t.Parallel()
	d := notice(1)
	d.To = strings.Repeat("各市（州）社会组织综合党委，", 24) + "各社会组织党组织"
	_, file := typeset(t, d)
	all := words(t, file)
	if w := find(t, all, "根据《关于"); w.page != 1 {
		t.Errorf("the text begins on page %d", w.page)
	}
	if w := find(t, all, "主送："); w.page == 1 {
		t.Error("the addressees stand on the first page")
	}
}

// TestForms sets the letter and the minutes.
func TestForms(t *testing.T) {
	t.Parallel()
	d := notice(1)
	d.Form, d.Annexes, d.Imprint, d.Issuer = paper.Letter, nil, nil, "中共松原省社会组织联合委员会"
	p, file := typeset(t, d)
	all := words(t, file)
	near(t, "10.1 upper edge of the name", find(t, all, "联合委员会").top, 30, 1)
	lines := p.RedLine()
	if len(lines) != 4 {
		t.Fatalf("10.1 red lines: %v", lines)
	}
	near(t, "10.1 the second double line", lines[2][1], 297-20, 1)
	near(t, "10.1 its width", lines[0][2], 170, 0.1)
	near(t, "10.1 the first 4 mm below the name", lines[0][1]-find(t, all, "联合委员会").under, 4, 1)
	for _, w := range all {
		if w.page == 1 && w.text == "—" {
			t.Error("10.1 the first page has a number")
		}
	}
}

// BenchmarkNotice sets a naming notice with an annex of 60 rows and writes it as PDF and
// as DOCX.
func BenchmarkNotice(b *testing.B) {
	for b.Loop() {
		p, err := paper.Typeset(notice(60))
		if err != nil {
			b.Fatal(err)
		}
		if _, err := p.PDF(); err != nil {
			b.Fatal(err)
		}
		if _, err := p.DOCX(); err != nil {
			b.Fatal(err)
		}
	}
}
