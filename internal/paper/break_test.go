package paper

import (
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"shifan/internal/paper/font"
)

// testSetter sets nothing in particular.
func testSetter(t interface{ Helper() }, fonts *font.Set) *setter {
	t.Helper()
	return newSetter(&Document{}, fonts)
}

func runes(l line) string {
	var b strings.Builder
	for _, g := range l.glyphs {
		b.WriteRune(g.r)
	}
	return b.String()
}

// TestBreakLines holds for any text: nothing is lost, full lines fill the width, no
// line begins or ends with a mark that may not, no number is parted.
func TestBreakLines(t *testing.T) {
	t.Parallel()
	s := testSetter(t, Fonts(t))
	alphabet := []rune("党建工作示范社会组织的一是了在，。、；：？！）》”（《“〔〕123456789年月日%％Aabc —…")
	rapid.Check(t, func(rt *rapid.T) {
		text := strings.TrimSpace(string(rapid.SliceOfN(rapid.SampledFrom(alphabet), 1, 200).Draw(rt, "text")))
		if strings.Contains(text, "  ") || text == "" {
			return
		}
		first := rapid.SampledFrom([]float64{0, 2 * cell}).Draw(rt, "indent")
		lines := breakLines(s.glyphs(text, style{face: font.Fang, size: three, grid: true}), textWidth, first, 0)
		var back strings.Builder
		for i, l := range lines {
			words := runes(l)
			back.WriteString(words)
			if strings.HasSuffix(strings.TrimSpace(strings.TrimPrefix(text, back.String())), "") && strings.HasPrefix(text[back.Len():], " ") {
				back.WriteString(" ")
			}
			judgeLine(rt, lines, i, words)
		}
		if back.String() != text {
			rt.Errorf("%q became %q", text, back.String())
		}
	})
}

func judgeLine(t *rapid.T, lines []line, i int, words string) {
	l := lines[i]
	if over := l.indent + width(l.glyphs) - textWidth; over > 0.05 {
		t.Errorf("line %d %q is %.2f mm too wide", i, words, over)
	}
	r := []rune(words)
	if i == 0 {
		return
	}
	before := []rune(runes(lines[i-1]))
	if mayBreak(before[len(before)-1], r[0]) {
		return
	}
	// A break that is not allowed is right only where the line before has no
	// other: it is one word.
	for k := 1; k < len(before); k++ {
		if mayBreak(before[k-1], before[k]) {
			t.Errorf("%q and %q are parted where they may not be", string(before), words)
			return
		}
	}
}

// TestFullLines wants text without long words to fill its lines to a hair.
func TestFullLines(t *testing.T) {
	t.Parallel()
	s := testSetter(t, Fonts(t))
	text := strings.Repeat("坚持政治引领，把学习贯彻作为首要任务；落实“第一议题”制度（每年至少开展12次）。", 9)
	lines := breakLines(s.glyphs(text, style{face: font.Fang, size: three, grid: true}), textWidth, 2*cell, 0)
	if len(lines) < 10 {
		t.Fatalf("%d lines", len(lines))
	}
	for i, l := range lines[:len(lines)-1] {
		if off := l.indent + width(l.glyphs) - textWidth; math.Abs(off) > 0.02 {
			t.Errorf("line %d %q ends %.2f mm beside the edge", i, runes(l), off)
		}
	}
}

func TestBreaks(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		a, b rune
		may  bool
		why  string
	}{
		{'党', '建', true, "between two words"},
		{'建', '，', false, "a comma does not begin a line"},
		{'（', '一', false, "a bracket does not end a line"},
		{'》', '和', true, "a closing bracket may end one"},
		{'和', '《', true, "an opening one may begin one"},
		{'2', '0', false, "a number is not parted (7.3.3)"},
		{'6', '年', false, "nor a year"},
		{'8', '%', false, "nor a share"},
		{'6', '个', true, "but what is counted may follow"},
		{'…', '…', false, "nor an ellipsis"},
		{'—', '—', false, "nor a dash"},
	} {
		if got := mayBreak(row.a, row.b); got != row.may {
			t.Errorf("%s: between %c and %c: %v", row.why, row.a, row.b, got)
		}
	}
}

func TestTitle(t *testing.T) {
	t.Parallel()
	s := testSetter(t, Fonts(t))
	for _, row := range []struct{ title, want string }{
		{"申报提交回执", "申报提交回执"},
		{"中共松原省社会组织联合委员会|关于命名第三批全省社会组织|党建工作示范点的通知", "中共松原省社会组织联合委员会/关于命名第三批全省社会组织/党建工作示范点的通知"},
		{"关于开展全省社会组织党建工作示范点创建活动的通知", "关于开展全省社会组织/党建工作示范点创建活动的通知"},
		{strings.Repeat("长", 60), ""},
	} {
		var got []string
		for _, l := range s.title(row.title, style{face: font.Title, size: two}, textWidth-2*cell) {
			if w := width(l); w > textWidth {
				t.Errorf("%s: a line of %.0f mm", row.title, w)
			}
			got = append(got, runes(line{glyphs: l}))
		}
		if joined := strings.Join(got, "/"); row.want != "" && joined != row.want {
			t.Errorf("got %s, want %s", joined, row.want)
		}
		if strings.Join(got, "") != strings.ReplaceAll(row.title, "|", "") {
			t.Errorf("%s lost something: %v", row.title, got)
		}
	}
}
