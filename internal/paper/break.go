package paper

import (
	"strings"
	"unicode"

	"shifan/internal/paper/font"
)

// glyph is a character with its font and what it takes of its line, in mm.
type glyph struct {
	r    rune
	font *font.Font
	face font.Face
	size float64 // points
	wide float64 // how far the next one stands from it
}

// style is how a text is set.
type style struct {
	face font.Face
	size float64
	grid bool // a Chinese character takes one cell of the grid
}

// What may not stand at the beginning of a line, and at its end (避头尾).
const (
	notFirst = "，。、；：？！）》〉】〕」』”’…—～％‰℃·,.;:?!)]}%"
	notLast  = "（《〈【〔「『“‘([{№￥"
	bound    = "年月日号％%" // goes with the number before it (7.3.3: years and numbers are not broken)
)

// glyphs gives every character of a text its font. What no font has is noted.
func (s *setter) glyphs(text string, st style) []glyph {
	all := make([]glyph, 0, len(text)/3+1)
	em := st.size * point
	for _, r := range text {
		switch {
		case unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Mn, r) && r >= 0xfe00: // joiners, marks of direction, variants: nothing to see
			continue
		case r == '\n' || r == '\t' || r == 0xa0:
			r = ' '
		}
		f := s.fonts.For(st.face, r)
		if f == nil {
			s.missing[r] = true
			continue
		}
		if f != s.fonts.Of(st.face) {
			s.stood(st.face, f, r)
		}
		g := glyph{r: r, font: f, face: st.face, size: st.size, wide: f.Width(r) / 1000 * em}
		if st.grid && g.wide > 0.9*em {
			g.wide = cell * st.size / three
		}
		all = append(all, g)
	}
	return all
}

func word(r rune) bool {
	return r < 0x2e80 && (unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("'./:@_&=+#", r))
}

// mayBreak reports whether a line may end between two characters.
func mayBreak(a, b rune) bool {
	switch {
	case b == ' ':
		return false
	case word(a) && word(b), strings.ContainsRune(notLast, a), strings.ContainsRune(notFirst, b):
		return false
	case unicode.IsDigit(a) && strings.ContainsRune(bound, b):
		return false
	}
	return true
}

// line is what stands on a line; it is full when the text goes on below it.
type line struct {
	glyphs []glyph
	indent float64 // mm
	full   bool
	blanks int // that stood at its end and are not shown
}

func width(all []glyph) (w float64) {
	for _, g := range all {
		w += g.wide
	}
	return w
}

// breakLines sets characters into lines. The first line begins first mm in, the
// others rest mm in. Full lines fill the width: blank in punctuation is squeezed so
// that a mark which may not begin a line stands at the end of the one before, and
// where that is not enough the characters stand a little apart.
func breakLines(all []glyph, wide, first, rest float64) (lines []line) {
	indent := first
	for len(all) > 0 {
		n := fit(all, wide-indent)
		l := line{glyphs: append([]glyph(nil), all[:n]...), indent: indent, full: n < len(all)}
		all = all[n:]
		for len(all) > 0 && all[0].r == ' ' {
			all = all[1:]
			l.blanks++
		}
		l.full = l.full && len(all) > 0
		over := width(l.glyphs) - (wide - indent)
		if over > 0 {
			squeeze(l.glyphs, over)
		} else if l.full {
			stretch(l.glyphs, -over)
		}
		lines = append(lines, l)
		indent = rest
	}
	return lines
}

const slack = 0.01 // mm that rounding may cost

// fit returns how many characters go on a line.
func fit(all []glyph, wide float64) int {
	w, n := 0.0, 0
	for n < len(all) && w+all[n].wide <= wide+slack {
		w += all[n].wide
		n++
	}
	if n == len(all) {
		return n
	}
	// A mark that may not begin the next line stays when the blank in the marks of
	// this line gives it room.
	for more := n + 1; more <= min(n+2, len(all)); more++ {
		if more < len(all) && !mayBreak(all[more-1].r, all[more].r) {
			continue
		}
		if strings.ContainsRune(notFirst, all[more-1].r) && width(all[:more])-wide <= blank(all[:more])+slack {
			return more
		}
		break
	}
	for k := n; k > 0; k-- {
		if all[k].r == ' ' || mayBreak(all[k-1].r, all[k].r) {
			return k
		}
	}
	return max(n, 1) // one word longer than a line
}

// half of these marks is blank: on the right of the first, on the left of the second.
const (
	blankRight = "，。、；：？！）》〉】〕」』”’"
	blankLeft  = "（《〈【〔「『“‘"
)

func spare(g glyph) float64 {
	em := g.size * point
	if g.wide > 0.9*em && (strings.ContainsRune(blankRight, g.r) || strings.ContainsRune(blankLeft, g.r)) {
		return g.wide - em/2
	}
	return 0
}

// blank is how much a line can be squeezed.
func blank(all []glyph) (w float64) {
	for i, g := range all {
		if i > 0 || !strings.ContainsRune(blankLeft, g.r) {
			w += spare(g)
		}
	}
	return w
}

// squeeze takes blank out of marks: of the last first, of the others alike.
func squeeze(all []glyph, over float64) {
	last := len(all) - 1
	if s := min(over, spare(all[last])); s > 0 && !strings.ContainsRune(blankLeft, all[last].r) {
		all[last].wide -= s
		over -= s
	}
	whole := blank(all[:last])
	if over < slack || whole == 0 {
		return
	}
	share := min(over/whole, 1)
	for i := range all[:last] {
		s := spare(all[i]) * share
		switch {
		case strings.ContainsRune(blankRight, all[i].r):
			all[i].wide -= s
		case i > 0 && s > 0:
			all[i-1].wide -= s // the mark itself moves left
		}
	}
}

// stretch sets the characters of a line apart, words of Latin letters kept whole.
func stretch(all []glyph, room float64) {
	if len(all) < 2 || room < slack || room > 6*cell {
		return
	}
	gaps := 0
	for i := range all[:len(all)-1] {
		if !(word(all[i].r) && word(all[i+1].r)) {
			gaps++
		}
	}
	if gaps == 0 {
		return
	}
	for i := range all[:len(all)-1] {
		if !(word(all[i].r) && word(all[i+1].r)) {
			all[i].wide += room / float64(gaps)
		}
	}
}

// title breaks a title into lines that look well: words whole, no line much
// shorter than another, none that begins with 的 (7.3.1: 词意完整, 梯形或菱形).
// A bar is where a line may best end.
func (s *setter) title(text string, st style, wide float64) [][]glyph {
	clean := strings.ReplaceAll(text, "|", "")
	best := map[int]bool{}
	n := 0
	for _, r := range text {
		if r == '|' {
			best[n] = true
			continue
		}
		n++
	}
	all := s.glyphs(clean, st)
	if len(all) != n { // a character is missing: nothing will be issued
		best = nil
	}
	count := int(width(all)/wide) + 1
	if count == 1 {
		return [][]glyph{all}
	}
	within := inside([]rune(clean))
	var chosen []int
	lowest := 1e18
	for ; ; count++ {
		cuts, cost := titleCuts(all, best, within, wide, count)
		if cost < lowest {
			chosen, lowest = cuts, cost
		}
		if cost < 1e17 || count > len(all) {
			break
		}
	}
	var lines [][]glyph
	from := 0
	for _, to := range append(chosen, len(all)) {
		lines = append(lines, all[from:to])
		from = to
	}
	return lines
}

// titleCuts finds where to end the lines of a title that has a number of them:
// the dearest thing is a break inside a word, then lines of very different length.
func titleCuts(all []glyph, best, within map[int]bool, wide float64, count int) (cuts []int, cost float64) {
	n := len(all)
	aim := width(all) / float64(count)
	const never = 1e18
	costs := make([][]float64, count+1)
	from := make([][]int, count+1)
	for k := range costs {
		costs[k], from[k] = make([]float64, n+1), make([]int, n+1)
		for i := range costs[k] {
			costs[k][i] = never
		}
	}
	costs[0][0] = 0
	for k := 1; k <= count; k++ {
		for i := range n {
			if costs[k-1][i] >= never {
				continue
			}
			w := 0.0
			for j := i + 1; j <= n; j++ {
				if w += all[j-1].wide; w > wide+slack {
					break
				}
				c := costs[k-1][i] + (w-aim)*(w-aim)/(cell*cell)
				if j < n {
					c += breakCost(all[j-1].r, all[j].r, best[j], len(best) > 0)
					if within[j] && !best[j] {
						c += 500
					}
				}
				if c < costs[k][j] {
					costs[k][j], from[k][j] = c, i
				}
			}
		}
	}
	at := n
	for k := count; k > 1; k-- {
		at = from[k][at]
		cuts = append([]int{at}, cuts...)
	}
	return cuts, costs[count][n]
}

func breakCost(a, b rune, best, known bool) float64 {
	switch {
	case !mayBreak(a, b):
		return 1e6
	case best:
		return 0
	case strings.ContainsRune("的和与、及或等了", b):
		return 400
	case strings.ContainsRune("的、", a):
		return 5
	case known:
		return 300
	}
	return 20
}

// whole are words that a title does not part (7.3.1, 词意完整).
var whole = []string{
	"社会组织", "党组织", "党支部", "委员会", "党建工作", "党建", "示范点", "示范创建", "通知书", "通知", "决定", "公示", "名单", "申报", "命名", "复查", "整改", "撤销",
	"称号", "工作", "活动", "创建", "开展", "全省", "关于", "材料", "补正", "受理", "回执",
}

// inside returns the places in a text that are inside a word.
func inside(clean []rune) map[int]bool {
	in := map[int]bool{}
	for _, w := range whole {
		word := []rune(w)
		for i := 0; i+len(word) <= len(clean); i++ {
			if string(clean[i:i+len(word)]) == w {
				for k := 1; k < len(word); k++ {
					in[i+k] = true
				}
			}
		}
	}
	return in
}
