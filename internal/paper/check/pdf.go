package check

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode"

	"shifan/internal/evidence"
)

// row is characters on one line of a page, without wide gaps between them. Lengths are in
// mm.
type row struct {
	page           int // from 1
	text           string
	x0, x1         float64
	top, base      float64
	size           float64 // points, of most characters
	font, headFont string  // of most characters, and of the first
	red            bool
	glyphs         []evidence.Glyph
}

func (r row) middle() float64 { return (r.x0 + r.x1) / 2 }

func advance(g evidence.Glyph) float64 {
	em := g.Size * point
	if g.Rune < 0x2000 {
		return em / 2
	}
	return em
}

// rows puts the characters of a page on lines.
func rows(page int, all []evidence.Glyph) (lines []row) {
	all = slices.Clone(all)
	slices.SortStableFunc(all, func(a, b evidence.Glyph) int {
		if d := a.Y - b.Y; math.Abs(d) > 1 {
			return int(math.Copysign(1, d))
		}
		return 0
	})
	for len(all) > 0 {
		n := 1
		for n < len(all) && math.Abs(all[n].Y-all[0].Y) <= 1 {
			n++
		}
		same := slices.Clone(all[:n])
		all = all[n:]
		slices.SortStableFunc(same, func(a, b evidence.Glyph) int { return int(math.Copysign(1, a.X-b.X)) })
		from := 0
		for i := 1; i <= len(same); i++ {
			if i == len(same) || same[i].X-same[i-1].X-advance(same[i-1]) > 1.2*same[i].Size*point {
				lines = append(lines, rowOf(page, same[from:i]))
				from = i
			}
		}
	}
	return lines
}

func rowOf(page int, all []evidence.Glyph) row {
	r := row{page: page, glyphs: all, x0: all[0].X, headFont: all[0].Font}
	last := all[len(all)-1]
	r.x1 = last.X + advance(last)
	if strings.ContainsRune("，。、；：？！）》”", last.Rune) { // its right half is blank and may be squeezed
		r.x1 = last.X + advance(last)/2
	}
	sizes, fonts, red := map[float64]int{}, map[string]int{}, 0
	var b strings.Builder
	for _, g := range all {
		b.WriteRune(g.Rune)
		sizes[math.Round(g.Size*10)/10]++
		fonts[g.Font]++
		if g.Red {
			red++
		}
	}
	r.text, r.size, r.font, r.red = b.String(), most(sizes), most(fonts), red*2 > len(all)
	r.base = all[0].Y
	r.top = r.base - 0.88*r.size*point
	return r
}

// most is what occurs most often; of several the least.
func most[K float64 | string](of map[K]int) (best K) {
	n := 0
	for k, c := range of {
		if c > n || c == n && k < best {
			best, n = k, c
		}
	}
	return best
}

func median(all []float64) float64 {
	all = slices.Sorted(slices.Values(all))
	return all[len(all)/2]
}

// pdfFile is a PDF taken to pieces.
type pdfFile struct {
	evidence.Layout
	Report
	text    []row   // lines of text, without numbers of pages and what is below them
	numbers []row   // of pages
	body    float64 // size of the text
	left    float64 // where the text begins, on right pages
	mark    int     // index of the name of the office in text; -1: none
	number  int     // of the number
	title   int     // of the first line of the title
}

func measurePDF(l evidence.Layout) *Report {
	f := &pdfFile{Layout: l, Report: Report{Format: "pdf", Pages: len(l.Sheets)}, mark: -1, number: -1, title: -1}
	f.read()
	f.paper()
	f.grid()
	f.head()
	f.titleAndText()
	f.ending()
	f.pageNumbers()
	f.fonts()
	return &f.Report
}

// read finds the parts of the document.
func (f *pdfFile) read() {
	for i, s := range f.Sheets {
		for _, r := range rows(i+1, s.Glyphs) {
			switch {
			case r.base > bottom && pageNumber.MatchString(r.text):
				f.numbers = append(f.numbers, r)
				continue
			case r.base > bottom+3 && r.size < 12: // what every page says
				continue
			}
			f.text = append(f.text, r)
		}
	}
	f.body = f.textSize()
	f.Form = "普通页面"
	titled := false
	for i, r := range f.text {
		if r.page == 1 && r.red && r.size >= 18 && f.mark < 0 {
			f.mark = i
			switch {
			case r.top < top+10:
				f.Form = "信函格式"
			case strings.HasSuffix(r.text, "纪要"):
				f.Form = "纪要格式"
			default:
				f.Form = "通用格式"
			}
		}
		titled = titled || r.page > 1 || !r.red && r.size >= f.body+3
		if !titled && f.number < 0 && likeNumber.MatchString(r.text) { // below the title it is another's number
			f.number = i
		}
	}
	f.left = math.Inf(1)
	for _, r := range f.text {
		if r.page%2 == 1 && !r.red && math.Abs(r.size-f.body) < 0.5 {
			f.left = min(f.left, r.x0)
		}
	}
	for i, s := range f.Sheets {
		for _, b := range s.Strokes {
			if i%2 == 0 && !b.Red && b.X > 5 && b.High < high && (b.Wide > 50 || b.High > 4) {
				f.left = min(f.left, b.X)
			}
		}
	}
	for i, r := range f.text {
		if r.page == 1 && i > max(f.mark, f.number) && !r.red && math.Abs(r.middle()-left-wide/2) < 3 && r.x0 > f.left+1 {
			f.title = i
			break
		}
		if r.page > 1 || strings.HasSuffix(r.text, "：") {
			break
		}
	}
}

// paper checks the sheets.
func (f *pdfFile) paper() {
	s := f.Sheets[0]
	for _, other := range f.Sheets {
		if math.Abs(other.Width-210) > math.Abs(s.Width-210) {
			s = other
		}
	}
	f.want("5.1", "纸张", "A4（210×297 mm，±2 mm）", fmt.Sprintf("%.0f×%.0f mm", s.Width, s.Height), math.Abs(s.Width-210) <= 2 && math.Abs(s.Height-297) <= 2)
}

// grid checks the margins, the lines of a page and the characters of a line.
func (f *pdfFile) grid() {
	f.topMargin()
	if !math.IsInf(f.left, 1) {
		f.length("5.2.1", "订口（左边距）", left, 1, f.left)
	}
	var pitches, cells, ends []float64
	low := 0.0
	for i, r := range f.text {
		low = max(low, r.base+0.12*r.size*point)
		if math.Abs(r.size-f.body) > 0.3 || r.red {
			continue
		}
		if i > 0 && f.text[i-1].page == r.page && math.Abs(f.text[i-1].size-r.size) < 0.3 && r.size > 13 {
			if d := r.base - f.text[i-1].base; d > 5.5 && d < 15 {
				pitches = append(pitches, d)
			}
		}
		if len(r.glyphs) < 20 || r.size < 13 {
			continue
		}
		ends = append(ends, r.x1-f.edge(r.page))
		for k := 1; k < len(r.glyphs); k++ {
			if unicode.Is(unicode.Han, r.glyphs[k].Rune) && unicode.Is(unicode.Han, r.glyphs[k-1].Rune) {
				cells = append(cells, r.glyphs[k].X-r.glyphs[k-1].X)
			}
		}
	}
	f.width(ends)
	f.want("5.2.1", "版心下边（天头37 mm、版心高225 mm）", "文字不低于262 mm", mm(low), low <= bottom+1)
	if len(pitches) > 0 {
		f.count("每页行数", 22, high/median(pitches))
	}
	if len(cells) > 10 {
		f.count("每行字数", 28, wide/median(cells))
	}
}

// width checks how far lines of text reach. Lines that merely happen to be short tell
// nothing of the measure: below it three have to end together.
func (f *pdfFile) width(ends []float64) {
	if len(ends) == 0 {
		return
	}
	most, together := slices.Max(ends), 0
	for _, e := range ends {
		if most-e < cell {
			together++
		}
	}
	if most > wide-2 || together > 2 {
		f.length("5.2.1", "版心宽", wide, 2, most)
	}
}

// topMargin measures where the text begins on pages that have no head.
func (f *pdfFile) topMargin() {
	for page := 1; page <= len(f.Sheets); page++ {
		if page == 1 && f.mark >= 0 {
			continue
		}
		first := math.Inf(1)
		for _, r := range f.text {
			if r.page == page {
				first = min(first, r.top)
			}
		}
		for _, s := range f.Sheets[page-1].Strokes {
			if s.Wide > 20 || s.High > 4 {
				first = min(first, s.Y)
			}
		}
		if first > 150 { // the imprint alone
			continue
		}
		result := Fail
		switch over := first - top; {
		case math.Abs(over) <= 1.05:
			result = Pass
		case over > 0 && over <= 4: // a word processor set it into a line of exact height
			result = Warn
		}
		f.add("5.2.1", fmt.Sprintf("天头（第%d页首行字顶）", page), "37±1 mm", mm(first), result)
		return
	}
}

// head checks the name of the office, the number and the red line.
func (f *pdfFile) head() {
	if f.number >= 0 {
		n := f.text[f.number]
		f.numberRule(n.text)
		f.size("7.2.5", "发文字号字号", "3号", 16, n.size)
	}
	if f.mark < 0 {
		return
	}
	m := f.text[f.mark]
	var lines []evidence.Stroke
	for _, s := range f.Sheets[0].Strokes {
		if s.Red && s.Wide > 100 && s.High < 5 {
			lines = append(lines, s)
		}
	}
	slices.SortFunc(lines, func(a, b evidence.Stroke) int { return int(math.Copysign(1, a.Y-b.Y)) })
	clause := map[string]string{"通用格式": "7.2.4", "纪要格式": "10.3", "信函格式": "10.1"}[f.Form]
	f.face(clause, "发文机关标志字体", mark, m.font)
	f.want(clause, "发文机关标志居中", "距版心中线不超过2 mm", mm(math.Abs(m.middle()-left-wide/2)), math.Abs(m.middle()-left-wide/2) <= 2)
	if f.Form == "信函格式" {
		f.length("10.1", "发文机关标志上边缘至上页边", 30, 3, m.top)
		f.letter(m, lines)
		return
	}
	f.length(clause, "发文机关标志上边缘至版心上边缘", 35, 3, m.top-top)
	if f.number >= 0 {
		n := f.text[f.number]
		gap := n.top - (m.base + 0.12*m.size*point)
		f.length("7.2.5", "发文字号在发文机关标志下空二行", 2*pitch, 5, gap)
		if len(lines) > 0 {
			f.length("7.2.7", "红色分隔线在发文字号之下", 4, 1.5, lines[0].Y-(n.base+0.12*n.size*point))
		}
	}
	if len(lines) == 0 {
		f.want("7.2.7", "红色分隔线", "有", "没有", false)
		return
	}
	f.length("7.2.7", "红色分隔线宽", wide, 2, lines[0].Wide)
}

// letter checks the double lines of a letter.
func (f *pdfFile) letter(m row, lines []evidence.Stroke) {
	if len(lines) < 2 {
		f.want("10.1", "红色双线", "首页两条", fmt.Sprintf("%d条", len(lines)), false)
		return
	}
	first, last := lines[0], lines[len(lines)-1]
	f.length("10.1", "第一条红色双线在发文机关标志之下", 4, 1.5, first.Y-(m.base+0.12*m.size*point))
	f.length("10.1", "红色双线宽", 170, 1, first.Wide)
	f.length("10.1", "第二条红色双线至下页边", 20, 2, f.Sheets[0].Height-last.Y)
}
