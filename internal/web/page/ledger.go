package page

import (
	"strconv"

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
