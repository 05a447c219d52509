package play

import (
	"fmt"

	"shifan/internal/creditcode"
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
