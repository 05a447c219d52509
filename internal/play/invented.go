package play

import (
	"fmt"
	"slices"

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
	prefixes = map[string]string{creditcode.Association: "51220000", creditcode.Service: "52220000", creditcode.Foundation: "53220000"}
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
// kinds, and with codes that begin as it says.
func organisationsFor(p *programme.Programme, n int) []Invented {
	all := Organisations(n)
	for i, o := range all {
		if want := p.Applicants.Kinds; len(want) > 0 && !slices.Contains(want, o.Kind) {
			o.Kind = want[i%len(want)]
		}
		prefix := beginsWith(o, p.Applicants.Prefixes)
		if prefix == o.Code[:8] {
			continue
		}
		all[i].Kind, all[i].Code = o.Kind, code(prefix, i+1)
	}
	return all
}

// beginsWith returns the eight signs that the code of an invented organisation
// begins with: one of the programme's beginnings that fits its kind, filled up.
func beginsWith(o Invented, wanted []string) string {
	own := prefixes[o.Kind]
	if own == "" {
		own = o.Code[:8]
	}
	for _, w := range wanted {
		switch {
		case len(w) < 2 || w[:2] != own[:2]:
		case len(w) >= 8:
			return w[:8]
		default:
			return w + own[len(w):]
		}
	}
	return own
}

// code completes a credit code with both of its check signs, by trying them.
func code(prefix string, serial int) string {
	const signs = "0123456789ABCDEFGHJKLMNPQRTUWXY"
	for _, inner := range signs {
		for _, outer := range signs {
			c := fmt.Sprintf("%sMJ%06d%c%c", prefix, serial, inner, outer)
			if got := creditcode.Check(c); got.Result == creditcode.OK && got.Reason == "" {
				return c
			}
		}
	}
	panic("play: no check signs for " + prefix)
}
