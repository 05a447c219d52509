package page

import (
	"cmp"
	"net/url"
	"slices"
	"strings"

	"shifan/internal/casework"
	"shifan/internal/creditcode"
	"shifan/internal/lifecycle/directory"
	"shifan/internal/lifecycle/programme"
)

// distributionSums tell the distribution in four figures.
func distributionSums(v casework.DistributionView) []Tile {
	now := directory.Year{}
	if len(v.Years) > 0 {
		now = v.Years[0]
	}
	return []Tile{
		{Word: "现在在册", Value: count(v.Held), Unit: "家"},
		{Word: "累计命名", Value: count(v.Ever), Unit: "家"},
		{Word: "今年命名", Value: count(now.Named), Unit: "家"},
		{Word: "今年终止", Value: count(now.Ended), Unit: "家"},
	}
}

// programmeOfDistribution is the name of the programme that is counted.
func programmeOfDistribution(v casework.DistributionView) string {
	if v.Programme == nil {
		return ""
	}
	return string(v.Programme.Name)
}

// distributionChoices are the choices between programmes, and of all.
func distributionChoices(all []*programme.Programme) []Option {
	options := []Option{{Value: "", Word: "全部"}}
	for _, p := range all {
		options = append(options, Option{Value: string(p.Name), Word: p.Title})
	}
	return options
}

// distributionData is the address of the same figures as data.
func distributionData(v casework.DistributionView) string {
	if v.Programme == nil {
		return "/designations/map.json"
	}
	return "/designations/map.json?" + url.Values{"programme": {string(v.Programme.Name)}}.Encode()
}

// registerWord is what a register is called: by who keeps it, or by its code.
func registerWord(g directory.Register) string {
	return cmp.Or(g.Word, "区划代码"+g.Division)
}

// titlesAt is the list of titles behind a figure: pairs of a filter and its value.
func titlesAt(v casework.DistributionView, pairs ...string) string {
	q := url.Values{}
	if v.Programme != nil {
		q.Set("programme", string(v.Programme.Name))
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		q.Set(pairs[i], pairs[i+1])
	}
	if len(q) == 0 {
		return "/designations"
	}
	return "/designations?" + q.Encode()
}

// heldAt is the list of what was held at the end of a year, or is held now.
func heldAt(v casework.DistributionView, y directory.Year) string {
	if y.Year == v.Today.Year {
		return titlesAt(v)
	}
	return titlesAt(v, "on", count(y.Year)+"-12-31")
}

// tileOf says where the tile of a province stands, in columns and rows from the left top:
// neighbours stand beside one another as far as squares can, and nothing is drawn to scale.
var tileOf = map[string][2]int{
	"23": {8, 0},
	"65": {0, 1}, "15": {4, 1}, "11": {6, 1}, "22": {8, 1},
	"63": {1, 2}, "62": {2, 2}, "64": {3, 2}, "61": {4, 2}, "14": {5, 2}, "13": {6, 2}, "12": {7, 2}, "21": {8, 2},
	"54": {1, 3}, "51": {2, 3}, "50": {3, 3}, "42": {4, 3}, "41": {5, 3}, "37": {6, 3},
	"53": {2, 4}, "52": {3, 4}, "43": {4, 4}, "34": {5, 4}, "32": {6, 4}, "31": {7, 4},
	"45": {3, 5}, "44": {4, 5}, "36": {5, 5}, "33": {6, 5},
	"46": {3, 6}, "82": {4, 6}, "81": {5, 6}, "35": {6, 6}, "71": {7, 6},
	creditcode.Nation: {0, 6},
}

// The cartogram has tilesAcross columns and tilesDown rows, each tileHigh rem high.
const (
	tilesAcross = 9
	tilesDown   = 7
	tileHigh    = 3.4
)

// tile is a province on the cartogram.
type tile struct {
	directory.Region
	Fill, Ink          string
	X, Y, Middle, Wide string
	SignY, NumberY     string
}

// tiles places every province and says how it is painted: the more titles, the darker.
func tiles(regions []directory.Region) (all []tile) {
	most := 0
	for _, r := range regions {
		most = max(most, r.Held)
	}
	for _, a := range creditcode.Areas() {
		r := directory.Region{Area: a}
		if i := slices.IndexFunc(regions, func(r directory.Region) bool { return r.Code == a.Code }); i >= 0 {
			r = regions[i]
		} else if a.Code == creditcode.Nation {
			continue
		}
		at, each := tileOf[a.Code], 100.0/tilesAcross
		x, y := each*float64(at[0]), tileHigh*float64(at[1])+.05
		t := tile{
			Region: r, Fill: "none", Ink: "currentColor", X: percent(x + each*.03), Wide: percent(each * .94), Middle: percent(x + each/2),
			Y: rem(y), SignY: rem(y + 1.3), NumberY: rem(y + 2.7),
		}
		switch {
		case r.Held == 0:
		case 3*r.Held > 2*most:
			t.Fill, t.Ink = "#0052D9", "#FFF"
		case 3*r.Held > most:
			t.Fill, t.Ink = "#9DC0F5", "#1F2328"
		default:
			t.Fill, t.Ink = "#DCE8FB", "#1F2328"
		}
		all = append(all, t)
	}
	return all
}

// regionsDesc tells the distribution to those who do not see the picture.
func regionsDesc(regions []directory.Region) string {
	var all []string
	for _, r := range regions {
		if r.Held > 0 {
			all = append(all, r.Name+count(r.Held)+"家")
		}
	}
	if len(all) == 0 {
		return "没有在册的称号"
	}
	return strings.Join(all, "，")
}

// yearColumns are the columns of what was held at the end of each year, the oldest first,
// of the last dozen years.
func yearColumns(v casework.DistributionView) (all []ChartColumn) {
	for _, y := range v.Years[:min(len(v.Years), 12)] {
		all = append(all, ChartColumn{Word: count(y.Year % 100), N: y.Held, Mark: y.Year == v.Today.Year})
	}
	slices.Reverse(all)
	if len(all) > 0 {
		all[0].Word = count(v.Years[len(all)-1].Year)
	}
	return all
}

// yearsDesc tells the years to those who do not see the picture.
func yearsDesc(v casework.DistributionView) string {
	var all []string
	for _, y := range v.Years {
		all = append(all, count(y.Year)+"年"+count(y.Held)+"家")
	}
	return strings.Join(all, "，")
}
