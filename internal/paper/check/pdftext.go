package check

import (
	"fmt"
	"math"
	"strings"
)

// titleAndText checks the title, the addressees, the headings and the text.
func (f *pdfFile) titleAndText() {
	if f.title >= 0 {
		t := f.text[f.title]
		f.size("7.3.1", "标题字号", "2号", 22, t.size)
		f.face("7.3.1", "标题字体", mark, t.font)
		off := math.Abs(t.middle() - left - wide/2)
		f.want("7.3.1", "标题居中", "距版心中线不超过2 mm", mm(off), off <= 2)
	} else if f.mark >= 0 {
		f.want("7.3.1", "标题", "2号小标宋，居中", "没有找到", false)
	}
	f.size("5.2.2", "正文字号", "3号", 16, f.body)
	fonts := map[string]int{}
	seen := [2]bool{}
	for i, r := range f.text {
		if i <= f.title || r.red || math.Abs(r.size-16) > 2 {
			continue
		}
		if strings.HasSuffix(r.text, "：") && r.page == 1 && r.x0 < f.left+1 && len(fonts) == 0 {
			f.addresseeRule(r.text)
		}
		heading := false
		for k, level := range levels {
			if heading = heading || level.MatchString(r.text); level.MatchString(r.text) && !seen[k] {
				seen[k] = true
				f.face("7.3.3", levelWords[k]+"字体", levelFaces[k], r.headFont)
				f.length("7.3.3", levelWords[k]+"左空二字", 2*cell, 2, r.x0-f.edge(r.page))
			}
		}
		if !heading && !annexWord.MatchString(r.text) {
			fonts[r.font] += len(r.glyphs)
		}
	}
	if len(fonts) > 0 {
		f.face("5.2.2", "正文字体", fang, most(fonts))
	}
	if f.mark >= 0 {
		shows := false
		for i, r := range f.text {
			shows = shows || i > f.title && f.title >= 0 && r.page == 1 && !r.red && r.x1-r.x0 > 60 && !strings.HasSuffix(r.text, "：")
		}
		f.want("7.3.3", "首页显示正文", "有", map[bool]string{true: "有", false: "没有"}[shows], shows)
	}
}

// textSize is the size of the text, that of most characters outside of tables: what stands
// in tables is set smaller.
func (f *pdfFile) textSize() float64 {
	sizes := map[float64]int{}
	for i, r := range f.text {
		if i > f.title && !r.red && !f.inTable(r) && !printed.MatchString(r.text) {
			sizes[r.size] += len(r.glyphs)
		}
	}
	if len(sizes) == 0 {
		return f.body
	}
	return most(sizes)
}

// inTable reports whether rules stand left and right of a line.
func (f *pdfFile) inTable(r row) bool {
	before, after := false, false
	for _, s := range f.Sheets[r.page-1].Strokes {
		if s.High > 2 && s.Wide < 1 && s.Y <= r.base && s.Y+s.High >= r.base-r.size*point {
			before, after = before || s.X <= r.x0, after || s.X >= r.x1-1
		}
	}
	return before && after
}

// edge is where the text of a page begins: pages that are printed on both sides mirror
// one another.
func (f *pdfFile) edge(page int) float64 {
	if page%2 == 1 {
		return f.left
	}
	least := math.Inf(1)
	for _, r := range f.text {
		if r.page == page && math.Abs(r.size-f.body) < 0.5 {
			least = min(least, r.x0)
		}
	}
	if mirrored := 210 - wide - f.left; math.Abs(least-mirrored) < 1.5 {
		return mirrored
	}
	return f.left
}

// ending checks the date, the imprint and the annexes.
func (f *pdfFile) ending() {
	for i, r := range f.text {
		switch {
		case likeDay.MatchString(r.text) && !f.inTable(r) && r.size > 15:
			f.dayRule(r.text)
			f.dated(i)
		case annexWord.MatchString(r.text) && r.x0 < f.edge(r.page)+1 && r.size > 13:
			f.face("7.3.7", "“"+r.text+"”字体", hei, r.font)
			first := true
			for _, o := range f.text {
				first = first && (o.page != r.page || o.top >= r.top-1)
			}
			f.want("7.3.7", "“"+r.text+"”位置", "另面编排，版心左上角第一行", fmt.Sprintf("第%d页，%s", r.page, mm(r.top)), first)
		case printed.MatchString(r.text) && r.size > 10:
			f.imprint(r)
		case strings.HasPrefix(r.text, "抄送：") || strings.HasPrefix(r.text, "抄送:"):
			f.size("7.4.2", "抄送机关字号", "4号", 14, r.size)
		}
	}
}

// dated checks where the date stands: four characters from the right with a seal, two
// characters further in than the name without.
func (f *pdfFile) dated(i int) {
	r := f.text[i]
	right := f.edge(r.page) + wide - r.x1
	result, expected := Warn, "右空四字（加盖印章），或者比署名首字右移二字（不加盖印章）"
	if math.Abs(right-4*cell) <= 3 {
		result = Pass
	}
	if i > 0 && math.Abs(r.x0-f.text[i-1].x0-2*cell) <= 2 {
		result = Pass
	}
	f.add("7.3.5", "成文日期位置", expected, fmt.Sprintf("右空%.1f字", right/cell), result)
}

// imprint checks the 版记 by its last line.
func (f *pdfFile) imprint(r row) {
	f.size("7.4.3", "印发机关和印发日期字号", "4号", 14, r.size)
	last := 0.0
	for _, s := range f.Sheets[r.page-1].Strokes {
		if s.Wide > 140 && s.High < 2 {
			last = max(last, s.Y+s.High/2)
		}
	}
	f.want("7.4.1", "版记末条分隔线", "与版心下边缘重合（262±2 mm）", mm(last), math.Abs(last-bottom) <= 2)
	f.want("7.4", "版记所在页", "最后一页，双面印制时为偶数页", fmt.Sprintf("第%d页，共%d页", r.page, len(f.Sheets)), r.page == len(f.Sheets) && r.page%2 == 0)
}

// pageNumbers checks the numbers of the pages.
func (f *pdfFile) pageNumbers() {
	if len(f.numbers) == 0 {
		if len(f.Sheets) > 1 {
			f.want("7.5", "页码", "每页都有", "没有", false)
		}
		return
	}
	n := f.numbers[0]
	f.pageNumberRule(n.text)
	f.size("7.5", "页码字号", "4号", 14, n.size)
	f.length("7.5", "页码一字线在版心下边缘之下", 7, 2, n.base-0.38*n.size*point-bottom)
	em := 14 * point
	for _, side := range []int{1, 0} {
		for _, n := range f.numbers {
			if n.page%2 != side {
				continue
			}
			ok, expected, got := math.Abs(f.edge(n.page)+wide-n.x1-em) <= 2.5, "居右空一字", fmt.Sprintf("右空%.1f mm", f.edge(n.page)+wide-n.x1)
			if side == 0 {
				ok, expected, got = math.Abs(n.x0-f.edge(n.page)-em) <= 2.5, "居左空一字", fmt.Sprintf("左空%.1f mm", n.x0-f.edge(n.page))
			}
			result := Fail
			switch {
			case ok:
				result = Pass
			case side == 0 && f.mark < 0: // a page that is printed on one side
				result = Warn
			}
			f.add("7.5", map[int]string{1: "单页码位置", 0: "双页码位置"}[side], expected, got, result)
			break
		}
	}
}

// fonts checks that the file shows the same everywhere.
func (f *pdfFile) fonts() {
	if len(f.Loose) > 0 {
		f.want("字体", "字体嵌入", "全部嵌入", "没有嵌入："+strings.Join(f.Loose, "、"), false)
	} else {
		f.want("字体", "字体嵌入", "全部嵌入", "全部嵌入", true)
	}
	f.want("字体", "Type 3字体", "没有", fmt.Sprintf("%d个", f.Drawn), f.Drawn == 0)
}
