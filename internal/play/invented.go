package play

import (
	"fmt"
	"slices"
	"strings"

	"shifan/internal/creditcode"
	"shifan/internal/lifecycle/programme"
)

// Invented is an organisation that does not exist.
type Invented struct {
	Name  string
	Code  string
	Kind  string // creditcode.Association, Service or Foundation
	Party string // the name of its Party organisation
}

// trees and trades make the names: none of the combinations is taken from a
// register.
var (
	trees  = []string{"云杉", "白桦", "冷杉", "青杄", "黄檗", "赤松", "水曲柳", "紫椴", "胡桃楸", "蒙古栎", "红皮云杉", "长白落叶松", "山杨", "钻天柳", "花楷槭"}
	trades = []struct{ kind, trade, form string }{
		{creditcode.Association, "物流行业", "协会"},
		{creditcode.Service, "社会工作", "服务中心"},
		{creditcode.Foundation, "助学", "基金会"},
		{creditcode.Association, "软件行业", "协会"},
		{creditcode.Association, "中医药产业", "商会"},
		{creditcode.Service, "养老", "服务中心"},
	}
	prefixes = map[string]string{creditcode.Association: "51220000", creditcode.Service: "52220000", creditcode.Foundation: "53220000", creditcode.Cooperative: "93220000"}
)

// Organisations returns the first n invented organisations, at most 900. The
// same n gives the same list.
func Organisations(n int) []Invented {
	all := make([]Invented, 0, n)
	for i := range n {
		t := trades[i%len(trades)]
		name := "吉林省" + trees[i%len(trees)] + t.trade + t.form
		if i >= 30 { // trees and trades repeat after thirty
			name = fmt.Sprintf("吉林省%s%s第%d%s", trees[i%len(trees)], t.trade, i/30+1, t.form)
		}
		all = append(all, Invented{
			Name: name, Code: code(prefixes[t.kind], i+1), Kind: t.kind,
			Party: "中共" + name + "支部委员会",
		})
	}
	return all
}

// organisationsFor is Organisations for those who may apply to a programme: of its
// kinds, called as it calls them, and with codes that begin as it says. Only a
// programme for those registered in Jilin has them called after the province.
func organisationsFor(p *programme.Programme, n int) []Invented {
	all := Organisations(n)
	for i, o := range all {
		own := o.Kind
		if want := p.Applicants.Kinds; len(want) > 0 && !slices.Contains(want, o.Kind) {
			o.Kind = want[i%len(want)]
		}
		if prefix := beginsWith(o, p.Applicants); prefix != o.Code[:8] {
			o.Code = code(prefix, i+1)
			o.Kind = creditcode.KindOf(o.Code)
		}
		word := p.Applicants.Word
		if word == "" && o.Kind != own {
			word = creditcode.KindWord(o.Kind)
		}
		switch {
		case word != "":
			o.Name = trees[i%len(trees)] + word
			if i >= len(trees) {
				o.Name = fmt.Sprintf("%s第%d%s", trees[i%len(trees)], i/len(trees)+1, word)
			}
		case !ofJilin(p):
			o.Name = strings.TrimPrefix(o.Name, "吉林省")
		}
		o.Party = "中共" + o.Name + "支部委员会"
		all[i] = o
	}
	return all
}

// ofJilin reports whether a programme is for those who are registered in Jilin.
func ofJilin(p *programme.Programme) bool {
	return slices.ContainsFunc(p.Applicants.Prefixes, func(s string) bool { return len(s) > 3 && s[2:4] == "22" })
}

// registrar is where the invented organisations of a programme are registered.
func registrar(p *programme.Programme) string {
	if ofJilin(p) {
		return "吉林省民政厅"
	}
	return "登记管理机关"
}

// beginsWith returns the eight signs that the code of an invented organisation
// begins with: one of the programme's beginnings that fits its kind, filled up. Where
// the programme names no kinds, any of its beginnings will do.
func beginsWith(o Invented, a programme.Applicants) string {
	own := prefixes[o.Kind]
	if own == "" {
		own = o.Code[:8]
	}
	filled := func(w string) string { return w[:min(len(w), 8)] + own[min(len(w), 8):] }
	for _, w := range a.Prefixes {
		if len(w) > 1 && w[:2] == own[:2] {
			return filled(w)
		}
	}
	if len(a.Kinds) == 0 && len(a.Prefixes) > 0 && !strings.HasPrefix(own, a.Prefixes[0]) {
		return filled(a.Prefixes[0])
	}
	return own
}

// code completes a credit code with both of its check signs, by trying them.
func code(prefix string, serial int) string {
	const signs = "0123456789ABCDEFGHJKLMNPQRTUWXY"
	for _, inner := range signs {
		for _, outer := range signs {
			c := fmt.Sprintf("%sMJ%06d%c%c", prefix, serial, inner, outer)
			if got := creditcode.Check(c); got.Result == creditcode.OK && !strings.Contains(got.Reason, "第17位") {
				return c
			}
		}
	}
	panic("play: no check signs for " + prefix)
}
