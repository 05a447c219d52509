package page

import (
	"strconv"
	"strings"

	"shifan/internal/casework"
	"shifan/internal/lifecycle/fact"
)

// ledgerYears are the years that the list of ledgers offers.
func ledgerYears(latest int) (all []Option) {
	for y := latest; y > latest-6 && y >= LedgerFrom; y-- {
		all = append(all, Option{Value: strconv.Itoa(y), Word: strconv.Itoa(y) + "年"})
	}
	return all
}

func ofYear(q [4]int) int { return q[0] + q[1] + q[2] + q[3] }

func ledgerCount(r casework.LedgerRow, n int) string {
	if !r.There {
		return "—"
	}
	return strconv.Itoa(n)
}

func reportBefore(v casework.LedgerView) *fact.Ledger {
	if !v.Compared {
		return nil
	}
	return &v.Before
}

func reportFacts(v casework.LedgerView) []Fact {
	all := []Fact{{Word: "统一社会信用代码", Value: codeOr(v.Organisation), Code: true}}
	for _, b := range v.Bodies {
		all = append(all, Fact{Word: "党组织", Value: b.Body.Name}, Fact{Word: "换届", Value: tenureSay(b)})
	}
	return all
}

func chineseNumber(i int) string { return string([]rune("一二三四五六七八九")[i]) }

// figureGroup is a heading of the ledger's form with the figures under it.
type figureGroup struct {
	Title   string
	Figures []fact.Figure
}

// lines breaks the figures of a group into lines: the quarters of one thing, which say it
// before a colon, stand on a line of their own.
func (g figureGroup) lines() (all [][]fact.Figure) {
	last := "none"
	for _, f := range g.Figures {
		of := ""
		if before, _, ok := strings.Cut(f.Label, "："); ok {
			of = before
		}
		if of != last {
			all = append(all, nil)
		}
		all[len(all)-1], last = append(all[len(all)-1], f), of
	}
	return all
}

// figureSaved is what a figure's field shows: nothing before there is a ledger, so that
// nobody takes a nought for an answer.
func figureSaved(f fact.Figure, l fact.Ledger, there bool) string {
	if !there {
		return ""
	}
	return strconv.Itoa(*f.Of(&l))
}

// figureGroups orders the figures by the clause they answer.
func figureGroups() (groups []figureGroup) {
	titles := map[string]string{"四(一)": "党组织建设", "四(二)": "党员队伍", "四(三)": "组织活动", "四(四)": "社会责任"}
	for _, clause := range []string{"四(一)", "四(二)", "四(三)", "四(四)"} {
		g := figureGroup{Title: titles[clause]}
		for _, f := range fact.Figures {
			if f.Clause == clause {
				g.Figures = append(g.Figures, f)
			}
		}
		groups = append(groups, g)
	}
	return groups
}
