package page

import (
	"fmt"
	"slices"
	"strings"

	"shifan/internal/lifecycle/fact"
	"shifan/internal/lifecycle/organisation"
)

// nameFacts lists the names of an organisation with their days, the latest first.
func nameFacts(o organisation.Organisation) (all []Fact) {
	for i, n := range slices.Backward(o.Names) {
		until := "至今"
		if i+1 < len(o.Names) {
			until = "至" + o.Names[i+1].From.AddDays(-1).Chinese()
		}
		all = append(all, Fact{Word: n.Name, Value: n.From.Chinese() + until})
	}
	return all
}

func changeLabel(c fact.Change) string {
	if s, ok := SectionOf(c.Section, c.Now); ok {
		return s.Title
	}
	return "工作台账"
}

func changeBy(c fact.Change) string {
	if c.Office {
		return "办公室"
	}
	return "本单位"
}

// onlyIn says what stands in one state of a section and not in the other.
func onlyIn(c fact.Change, in, other fact.Facts) string {
	if c.Section == "ledgers" {
		return figuresOnlyIn(in, other)
	}
	there := lines(c.Section, other)
	var only []string
	for _, l := range lines(c.Section, in) {
		if !slices.Contains(there, l) {
			only = append(only, l)
		}
	}
	return strings.Join(only, "；")
}

// figuresOnlyIn says, year by year, the figures that are other in one state of the
// ledgers than in the other. A year that only one of them has is said in a few words.
func figuresOnlyIn(in, other fact.Facts) string {
	var years []string
	for _, l := range in.Ledgers {
		o, there := other.Ledger(l.Year)
		var only []string
		for _, g := range fact.Figures {
			if n := *g.Of(&l); there && n != *g.Of(&o) {
				only = append(only, fmt.Sprintf("%s%d%s", g.Label, n, g.Unit))
			}
		}
		switch {
		case !there:
			only = []string{fmt.Sprintf("整个年度，正式党员%d人，党员大会%d次，培训%d次", l.Members, ofYear(l.Meetings), l.Trainings)}
		case len(only) == 0 && l.Source == o.Source:
			continue
		case len(only) == 0:
			only = []string{sourceSay(l.Source)}
		}
		years = append(years, fmt.Sprintf("%d年度：%s", l.Year, strings.Join(only, "、")))
	}
	return strings.Join(years, "；")
}

// lines says a section line by line.
func lines(section string, f fact.Facts) (all []string) {
	s, ok := SectionOf(section, f)
	if !ok {
		return all
	}
	for i, row := range s.Rows {
		var words []string
		for j, c := range s.Columns {
			if w := c.said(row[j]); w != "" {
				words = append(words, w)
			}
		}
		all = append(all, strings.Join(words, "，")+"（"+sourceSay(s.Sources[i])+"）")
	}
	if s.Whole != "" && !s.Said.On.IsZero() {
		all = append(all, "这是全部（"+sourceSay(s.Said)+"）")
	}
	return all
}
