package check

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

const mmPerTwip = 25.4 / 1440

// measure checks a DOCX by what its parts say.
func (f *docxFile) measure() {
	mark, num, title := f.find()
	f.sheet()
	f.head(mark, num)
	f.titleAndText(mark, title)
	f.ending(title)
	f.pageNumbers(mark)
}

// find returns where the name of the office, the number and the title stand; -1: nowhere.
// The name of a letter stands in the head of its first page and is put before the text.
func (f *docxFile) find() (mark, num, title int) {
	mark, num, title = -1, -1, -1
	f.Form = "普通页面"
	for _, p := range f.ofPart("headerReference", "first") {
		if p.red() && p.text != "" {
			f.Form = "信函格式"
			f.text = append([]passage{p}, f.text...)
			mark = 0
			break
		}
	}
	for i, p := range f.text {
		if i > 25 || p.inTable {
			break
		}
		switch {
		case mark < 0 && p.red() && p.size() >= 18:
			mark, f.Form = i, "通用格式"
			if strings.HasSuffix(p.text, "纪要") {
				f.Form = "纪要格式"
			}
		case num < 0 && likeNumber.MatchString(p.text):
			num = i
		case title < 0 && i > mark && p.text != "" && !p.red() && p.centred():
			title = i
		}
	}
	return mark, num, title
}

// ofPart reads the paragraphs of a head or foot of the first section.
func (f *docxFile) ofPart(kind, use string) (all []passage) {
	for _, k := range f.sections[0].Kids {
		if k.XMLName.Local == kind && k.attr("type") == use {
			if part := f.parts[f.links[k.attr("id")]]; part != nil {
				f.passages(part, false, &all)
			}
		}
	}
	return all
}

// sheet checks the paper, the margins and the grid.
func (f *docxFile) sheet() {
	s := f.sections[0]
	length := func(of, name string) float64 {
		n := s.kid(of)
		if n == nil {
			return 0
		}
		v, err := strconv.ParseFloat(n.attr(name), 64)
		if err != nil {
			return 0
		}
		return v * mmPerTwip
	}
	w, h := length("pgSz", "w"), length("pgSz", "h")
	f.want("5.1", "纸张", "A4（210×297 mm，±2 mm）", fmt.Sprintf("%.0f×%.0f mm", w, h), math.Abs(w-210) <= 2 && math.Abs(h-297) <= 2)
	t, b, l, r := length("pgMar", "top"), length("pgMar", "bottom"), length("pgMar", "left")+length("pgMar", "gutter"), length("pgMar", "right")
	f.length("5.2.1", "天头（上边距）", top, 1, t)
	f.length("5.2.1", "订口（左边距）", left, 1, l)
	f.length("5.2.1", "版心宽", wide, 1.5, w-l-r)
	f.length("5.2.1", "版心高", high, 1.5, h-t-b)
	lines, cells := map[float64]int{}, map[float64]int{}
	for _, p := range f.text {
		if p.inTable || p.red() || len([]rune(p.text)) < 8 || math.Abs(p.size()-16) > 3 {
			continue
		}
		line := f.line(p, s)
		lines[line] += len([]rune(p.text))
		cells[p.size()+p.runs[len(p.runs)-1].number("spacing.val")/20+gridSpace(s, p)] += len([]rune(p.text))
	}
	if len(lines) == 0 {
		return
	}
	if line := most(lines); line > 0 {
		f.count("每页行数", 22, math.Floor((h-t-b)/point/line*10)/10)
	}
	f.count("每行字数", 28, math.Floor((w-l-r)/point/most(cells)*10)/10)
}

// line is how high a line of a paragraph is, in points; 0 when only a word processor
// with the fonts knows.
func (f *docxFile) line(p passage, section *node) float64 {
	if p.format["spacing.lineRule"] == "exact" || p.format["spacing.lineRule"] == "atLeast" {
		return p.format.number("spacing.line") / 20
	}
	multiple := 1.0
	if v := p.format.number("spacing.line"); v > 0 {
		multiple = v / 240
	}
	if g := section.kid("docGrid"); g != nil && (g.attr("type") == "lines" || g.attr("type") == "linesAndChars") && p.format["snapToGrid"] != "0" {
		if v, err := strconv.ParseFloat(g.attr("linePitch"), 64); err == nil && v > 0 {
			return v / 20 * math.Ceil(p.size()*1.15*multiple*20/v)
		}
	}
	return p.size() * 1.3 * multiple
}

// gridSpace is what the grid of a section adds to each character, in points.
func gridSpace(section *node, p passage) float64 {
	g := section.kid("docGrid")
	if g == nil || g.attr("type") != "linesAndChars" || p.format["snapToGrid"] == "0" {
		return 0
	}
	v, err := strconv.ParseFloat(g.attr("charSpace"), 64)
	if err != nil {
		return 0
	}
	return v / 4096
}

// head checks the name of the office, the number and the red line.
func (f *docxFile) head(named, num int) {
	if num >= 0 {
		f.numberRule(f.text[num].text)
		f.size("7.2.5", "发文字号字号", "3号", 16, f.text[num].size())
	}
	if named < 0 {
		return
	}
	m := f.text[named]
	clause := map[string]string{"通用格式": "7.2.4", "纪要格式": "10.3", "信函格式": "10.1"}[f.Form]
	f.face(clause, "发文机关标志字体", mark, m.font())
	f.want(clause, "发文机关标志居中", "居中", map[bool]string{true: "居中", false: "不居中"}[m.centred()], m.centred())
	if f.Form == "信函格式" {
		double := 0
		for _, part := range [][]passage{f.ofPart("headerReference", "first"), f.ofPart("footerReference", "first")} {
			for _, p := range part {
				for _, edge := range []string{"rule", "ruleAbove"} {
					if strings.HasPrefix(p.format[edge], "thi") && redHex(p.format[edge+".colour"]) {
						double++
					}
				}
			}
		}
		f.want("10.1", "红色双线", "首页上下各一条", fmt.Sprintf("%d条", double), double == 2)
		if v, err := strconv.ParseFloat(f.sections[0].kid("pgMar").attr("header"), 64); err == nil {
			f.length("10.1", "发文机关标志上边缘至上页边", 30, 3, v*mmPerTwip)
		}
		return
	}
	above := m.format.number("spacing.before") * mmPerTwip
	for _, p := range f.text[:named] {
		above += f.line(p, f.sections[0])*point + p.format.number("spacing.before")*mmPerTwip
	}
	f.length(clause, "发文机关标志上边缘至版心上边缘", 35, 5, above)
	ruled := "没有"
	for _, p := range f.text[named:min(max(named, num)+3, len(f.text))] {
		if redHex(p.format["rule.colour"]) || redHex(p.format["ruleAbove.colour"]) {
			ruled = "有"
		}
	}
	if ruled == "有" || !f.drawn() {
		f.want("7.2.7", "红色分隔线", "有", ruled, ruled == "有")
	} else {
		f.add("7.2.7", "红色分隔线", "有", "可能是图形，量不出来", Warn)
	}
}

// drawn reports whether the text holds drawings, which may be lines.
func (f *docxFile) drawn() bool {
	var has func(n *node) bool
	has = func(n *node) bool {
		for i := range n.Kids {
			k := &n.Kids[i]
			if name := k.XMLName.Local; name == "pict" || name == "line" || name == "cxnSp" || k.XMLName.Local == "prstGeom" && k.attr("prst") == "line" || has(k) {
				return true
			}
		}
		return false
	}
	return has(f.parts["word/document.xml"])
}

// titleAndText checks the title, the addressees, the headings and the text.
func (f *docxFile) titleAndText(named, title int) {
	if title >= 0 {
		t := f.text[title]
		f.size("7.3.1", "标题字号", "2号", 22, t.size())
		f.face("7.3.1", "标题字体", mark, t.font())
	} else if named >= 0 {
		f.want("7.3.1", "标题", "2号小标宋，居中", "没有找到", false)
	}
	sizes, fonts := map[float64]int{}, map[string]int{}
	seen := [2]bool{}
	addressed := false
	for i, p := range f.text {
		if i <= title || i <= named || p.inTable || p.text == "" || p.red() || likeNumber.MatchString(p.text) {
			continue
		}
		if !addressed && len(fonts) == 0 && strings.HasSuffix(p.text, "：") {
			addressed = true
			f.addresseeRule(p.text)
		}
		heading := false
		for k, level := range levels {
			if heading = heading || level.MatchString(p.text); level.MatchString(p.text) && !seen[k] {
				seen[k] = true
				f.face("7.3.3", levelWords[k]+"字体", levelFaces[k], p.first)
				f.indented(levelWords[k], p)
			}
		}
		if heading || p.centred() || annexWord.MatchString(p.text) || printed.MatchString(p.text) || strings.HasPrefix(p.text, "抄送") {
			continue
		}
		for size, n := range p.sizes {
			sizes[size] += n
		}
		for font, n := range p.fonts {
			fonts[font] += n
		}
	}
	if len(fonts) > 0 {
		f.size("5.2.2", "正文字号", "3号", 16, most(sizes))
		f.face("5.2.2", "正文字体", fang, most(fonts))
	}
}

// indented checks that a paragraph begins two characters in.
func (f *docxFile) indented(what string, p passage) {
	chars := p.format.number("ind.firstLineChars") / 100
	if chars == 0 {
		chars = (p.format.number("ind.firstLine") + p.format.number("ind.left")) / 20 / p.size()
	}
	f.want("7.3.3", what+"左空二字", "2字", fmt.Sprintf("%.1f字", chars), math.Abs(chars-2) <= 0.3)
}

// ending checks the date, the annexes and the imprint.
func (f *docxFile) ending(title int) {
	for i, p := range f.text {
		switch {
		case p.inTable && !printed.MatchString(p.text) && !strings.HasPrefix(p.text, "抄送"):
		case likeDay.MatchString(p.text) && i > title:
			f.dayRule(p.text)
		case annexWord.MatchString(p.text):
			f.face("7.3.7", "“"+p.text+"”字体", hei, p.font())
			f.want("7.3.7", "“"+p.text+"”位置", "另面编排", map[bool]string{true: "另面", false: "没有另面"}[p.breaks || f.brokenBefore(i)], p.breaks || f.brokenBefore(i))
		case strings.HasPrefix(p.text, "抄送"):
			f.size("7.4.2", "抄送机关字号", "4号", 14, p.size())
		case printed.MatchString(p.text) && i > title:
			f.size("7.4.3", "印发机关和印发日期字号", "4号", 14, p.size())
		}
	}
}

// brokenBefore reports whether a page or a section ends before a paragraph.
func (f *docxFile) brokenBefore(i int) bool {
	for i--; i >= 0 && f.text[i].text == ""; i-- {
		if f.text[i].breaks || f.text[i].format["sectPr"] != "" {
			return true
		}
	}
	return i >= 0 && f.text[i].format["sectPr"] != ""
}

// pageNumbers checks the feet.
func (f *docxFile) pageNumbers(named int) {
	feet := map[string]string{"default": "right"}
	words := map[string]string{"default": "单页码位置", "even": "双页码位置"}
	if f.facing {
		feet["even"] = "left"
	}
	for _, use := range []string{"default", "even"} {
		if feet[use] == "" {
			continue
		}
		found := false
		for _, p := range f.ofPart("footerReference", use) {
			if p.page && !found { // the first: others may say it in a sentence
				found = true
				f.foot(p, use, feet[use], words[use], named)
			}
		}
		if !found {
			f.want("7.5", "页码", "页脚有页码域", "没有", false)
		}
	}
	if !f.facing && named >= 0 {
		f.add("7.5", "双页码位置", "居左空一字", "没有区分单双页", Fail)
	}
}

// foot checks one number of a page.
func (f *docxFile) foot(p passage, use, side, word string, named int) {
	if use == "default" {
		f.pageNumberRule(strings.ReplaceAll(p.text, " ", ""))
		f.size("7.5", "页码字号", "4号", 14, p.size())
	}
	align, other := p.format["jc"], map[string]string{"right": "end", "left": "start"}[side]
	if align == "" {
		align = "left"
	}
	chars := p.format.number("ind."+side) / 20 / 14
	result := Fail
	if (align == side || align == other) && math.Abs(chars-1) <= 0.3 {
		result = Pass
	} else if named < 0 && use == "default" && align == "center" {
		result = Warn
	}
	f.add("7.5", word, map[string]string{"right": "居右空一字", "left": "居左空一字"}[side], fmt.Sprintf("%s，空%.1f字", align, chars), result)
}
