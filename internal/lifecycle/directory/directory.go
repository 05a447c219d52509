// Package directory (名单) says what the public list of titles comes to: by the place
// where the holders are registered, and by year (S75: the list is public, with what ended).
//
// A place is the administrative division of the register that the holder is in, as its
// credit code has it (places 3 to 8); nothing is said of where its rooms are. A title is
// held from the day of its naming document; what ended it counts from the end of that day,
// so that of two days one after another the later one's list is the earlier one's, and what
// was named, without what ended. One that was taken away and given back ended never.
package directory

import (
	"cmp"
	"slices"

	"shifan/internal/creditcode"
)

// Count is how many titles are of holders in one register.
type Count struct {
	Division  string // six digits; empty: the holder has no code
	Registrar string // who keeps the register, where a holder says so
	Held      bool   // they are held now
	N         int
}

// Region is a province, or the nation for what is registered with the ministry, and how
// many titles are of holders that are registered in it.
type Region struct {
	creditcode.Area
	Held, Ever int // now; and with those that ended
	Registers  []Register
}

// Register is one register of a region.
type Register struct {
	Division, Word string
	Held, Ever     int
}

// Regions puts titles in the regions in which their holders are registered, in the order of
// the codes, the registers too; the last is of those with no code, or one that is in no
// province. Only regions with titles are there.
func Regions(all []Count) (regions []Region) {
	for _, c := range all {
		p, known := creditcode.AreaOf(c.Division)
		if !known {
			p, c.Division = creditcode.Area{Name: "没有代码"}, ""
		}
		i := slices.IndexFunc(regions, func(r Region) bool { return r.Code == p.Code })
		if i < 0 {
			i, regions = len(regions), append(regions, Region{Area: p})
		}
		regions[i].add(c)
	}
	last := func(code string) string { return cmp.Or(code, "~") }
	for i := range regions {
		slices.SortFunc(regions[i].Registers, func(a, b Register) int { return cmp.Compare(a.Division, b.Division) })
	}
	slices.SortFunc(regions, func(a, b Region) int { return cmp.Compare(last(a.Code), last(b.Code)) })
	return regions
}

// add counts titles of one register.
func (r *Region) add(c Count) {
	i := slices.IndexFunc(r.Registers, func(g Register) bool { return g.Division == c.Division })
	if i < 0 {
		i, r.Registers = len(r.Registers), append(r.Registers, Register{Division: c.Division})
	}
	g := &r.Registers[i]
	if g.Word == "" {
		g.Word = c.Registrar
	}
	r.Ever, g.Ever = r.Ever+c.N, g.Ever+c.N
	if c.Held {
		r.Held, g.Held = r.Held+c.N, g.Held+c.N
	}
}

// Span is how many titles were named in one year and ended in one.
type Span struct {
	Named, Ended int // Ended 0: they are held
	N            int
}

// Year is a year of the list: Held are the titles held at its end, those of the year
// before and Named without Ended.
type Year struct{ Year, Named, Ended, Held int }

// Years tells the list from the year of the first naming to a last one, the latest first,
// without leaving one out.
func Years(all []Span, last int) (years []Year) {
	first := last + 1
	for _, s := range all {
		first = min(first, s.Named)
	}
	held := 0
	for y := first; y <= last; y++ {
		year := Year{Year: y}
		for _, s := range all {
			if s.Named == y {
				year.Named += s.N
			}
			if s.Ended == y {
				year.Ended += s.N
			}
		}
		held += year.Named - year.Ended
		year.Held = held
		years = append(years, year)
	}
	slices.Reverse(years)
	return years
}
