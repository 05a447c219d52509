package likeness

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// sentences invents sentences of Chinese characters.
func sentences(r *rand.Rand, n int) (all []string) {
	for range n {
		var b strings.Builder
		for range 12 + r.IntN(24) {
			b.WriteRune(rune(0x4e00 + r.IntN(3000)))
		}
		all = append(all, b.String()+"。")
	}
	return all
}

// replaced puts a new sentence in the place of some, so many in a hundred.
func replaced(r *rand.Rand, all []string, percent int) []string {
	out := slices.Clone(all)
	for _, i := range r.Perm(len(out))[:len(out)*percent/100] {
		out[i] = sentences(r, 1)[0]
	}
	return out
}

func TestPercent(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 1))
	base := sentences(r, 40)
	text := strings.Join(base, "")
	of := func(s string) Sketch { return Of(s, nil) }
	for name, tt := range map[string]struct {
		other       string
		least, most int
	}{
		"the same":                           {text, 100, 100},
		"other blanks and punctuation":       {strings.ReplaceAll(text, "。", "；\n"), 100, 100},
		"a tenth of the sentences is new":    {strings.Join(replaced(r, base, 10), ""), 60, 99},
		"something else":                     {strings.Join(sentences(r, 40), ""), 0, 3},
		"the sentences in another order":     {strings.Join(append(base[20:], base[:20]...), ""), 95, 100},
		"half of the sentences":              {strings.Join(base[:20], ""), 35, 65},
		"too short to say anything about it": {string([]rune(text)[:33]), 0, 0},
	} {
		if got := of(text).Percent(of(tt.other)); got < tt.least || got > tt.most {
			t.Errorf("%s: %d%%, want %d to %d", name, got, tt.least, tt.most)
		}
	}
	year := "２０２０年共开展集中学习１２次，参加党员３６人次，撰写心得体会28篇，全部上墙公示并存档备查，接受群众监督评议。"
	next := "2021年共开展集中学习13次, 参加党员40人次, 撰写心得体会31篇, 全部上墙公示并存档备查, 接受群众监督评议."
	if got := of(year).Percent(of(next)); got != 100 {
		t.Errorf("the same text with other figures: %d%%", got)
	}
}

func TestTemplate(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(2, 2))
	asked := strings.Join(sentences(r, 10), "")
	template := NewTemplate(asked)
	a, b := asked+strings.Join(sentences(r, 10), ""), asked+strings.Join(sentences(r, 10), "")
	if with, without := Of(a, nil).Percent(Of(b, nil)), Of(a, template).Percent(Of(b, template)); with < 20 || without > 3 {
		t.Errorf("the programme's own words count: %d%% with them, %d%% without", with, without)
	}
	if s := Of(asked, template); !s.Empty() {
		t.Error("who only repeats the question wrote nothing")
	}
	if pieces, _ := Shared(asked+"其余都是本单位自己写的内容", asked, template); len(pieces) != 1 || pieces[0].Shared {
		t.Errorf("the question is marked: %v", pieces)
	}
}

// TestIndex plants near-duplicates among many texts, up to a fifth of the sentences
// replaced, and finds all of them and nothing else.
func TestIndex(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(3, 3))
	var x Index
	var sketches []Sketch
	originals := make([][]string, 50)
	for i := range 1000 {
		all := sentences(r, 30)
		if i < len(originals) {
			originals[i] = all
		}
		sketches = append(sketches, Of(strings.Join(all, ""), nil))
		x.Add(sketches[i], int32(i))
	}
	for i, all := range originals {
		s := Of(strings.Join(replaced(r, all, 20), ""), nil)
		found := false
		for _, n := range x.Near(s) {
			p := s.Percent(sketches[n])
			if int(n) == i {
				found = p >= 35
			} else if p >= 35 {
				t.Errorf("%d is like %d by %d%%", i, n, p)
			}
		}
		if !found {
			t.Errorf("%d was not found", i)
		}
	}
	if got := x.Near(Sketch{}); got != nil {
		t.Errorf("a text too short is like %v", got)
	}
}

func TestShared(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		a, b   string
		pieces []Piece
		others []Piece
	}{
		"a passage, its comma inside": {
			"开头不同。建立健全民主决策制度，按期召开会议。结尾", "另一个开头，建立健全民主决策制度按期召开会议！完",
			[]Piece{{"开头不同。", false}, {"建立健全民主决策制度，按期召开会议", true}, {"。结尾", false}},
			[]Piece{{"另一个开头，", false}, {"建立健全民主决策制度按期召开会议", true}, {"！完", false}},
		},
		"too short":          {"按期召开会议和活动", "按期召开会议和活动", []Piece{{"按期召开会议和活动", false}}, []Piece{{"按期召开会议和活动", false}}},
		"outside the plane":  {"𠮷林省养老服务业协会党支部", "𠮷林省养老服务业协会党支部", []Piece{{"𠮷林省养老服务业协会党支部", true}}, []Piece{{"𠮷林省养老服务业协会党支部", true}}},
		"one of them empty":  {"", "建立健全民主决策制度，按期召开会议", nil, []Piece{{"建立健全民主决策制度，按期召开会议", false}}},
		"twice in one of it": {"建立健全民主决策制度", "建立健全民主决策制度；建立健全民主决策制度", []Piece{{"建立健全民主决策制度", true}}, []Piece{{"建立健全民主决策制度；建立健全民主决策制度", true}}},
	} {
		pieces, others := Shared(tt.a, tt.b, nil)
		if d := cmp.Diff(tt.pieces, pieces) + cmp.Diff(tt.others, others); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
}

// FuzzShared: whatever the texts are, the pieces put together are the texts.
func FuzzShared(f *testing.F) {
	f.Add("建立健全民主决策制度，按期召开会议", "建立健全民主决策制度按期召开会议")
	f.Add("aaaaaaaaaaaaaaaaaaaaaaaaa", "aaaaaaaaaaaa")
	f.Fuzz(func(t *testing.T, a, b string) {
		whole := func(all []Piece) (s string) {
			for _, p := range all {
				s += p.Text
			}
			return s
		}
		pieces, others := Shared(a, b, nil)
		if whole(pieces) != string([]rune(a)) || whole(others) != string([]rune(b)) {
			t.Errorf("%q and %q became %v and %v", a, b, pieces, others)
		}
	})
}

// BenchmarkReports compares 10,000 reports of 3,000 characters with one another.
func BenchmarkReports(b *testing.B) {
	r := rand.New(rand.NewPCG(4, 4))
	texts := make([]string, 10_000)
	for i := range texts {
		var t strings.Builder
		for t.Len() < 9000 {
			t.WriteRune(rune(0x4e00 + r.IntN(3000)))
		}
		texts[i] = t.String()
	}
	for b.Loop() {
		var x Index
		sketches := make([]Sketch, len(texts))
		for i, t := range texts {
			sketches[i] = Of(t, nil)
			x.Add(sketches[i], int32(i))
		}
		pairs := 0
		for i, s := range sketches {
			for _, n := range x.Near(s) {
				if int(n) > i && s.Percent(sketches[n]) >= 35 {
					pairs++
				}
			}
		}
		if pairs > 0 {
			b.Fatal(fmt.Sprint(pairs, " pairs among random texts"))
		}
	}
	b.ReportMetric(float64(len(texts))*float64(b.N)/b.Elapsed().Seconds(), "reports/s")
}
