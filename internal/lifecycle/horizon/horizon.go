// Package horizon (有效期到期) says when the titles that hold now run out, by quarters of a
// year (S61: a title is valid for so many years).
package horizon

import (
	"fmt"
	"strconv"

	"shifan/internal/calendar"
)

// Expiry is how many titles that hold now run out in one month.
type Expiry struct {
	Month string // 2027-09; empty: they have no end
	N     int
}

// Quarter is how many titles run out in a quarter of a year.
type Quarter struct {
	Year, Quarter int
	N             int
}

// Word says it: 2027年第3季度.
func (q Quarter) Word() string { return fmt.Sprintf("%d年第%d季度", q.Year, q.Quarter) }

// quartersMost is how far ahead quarters are told one by one: five years.
const quartersMost = 20

// Ahead is the horizon of validity: when the titles that hold now run out.
type Ahead struct {
	Quarters []Quarter // from this one to the last in which one runs out, none left out
	Later    int       // beyond them
	Endless  int       // with no end
	Past     int       // in a month that is over, and not told expired yet
}

// All counts the titles of a horizon.
func (a Ahead) All() int {
	n := a.Later + a.Endless + a.Past
	for _, q := range a.Quarters {
		n += q.N
	}
	return n
}

// Of puts titles in the quarters in which they run out.
func Of(all []Expiry, today calendar.Date) (a Ahead) {
	first := today.Year*4 + (int(today.Month)-1)/3
	var by [quartersMost]int
	last := -1
	for _, e := range all {
		year, month, ok := monthOf(e.Month)
		at := year*4 + (month-1)/3 - first
		switch {
		case !ok:
			a.Endless += e.N
		case year < today.Year || year == today.Year && month < int(today.Month):
			a.Past += e.N
		case at >= quartersMost:
			a.Later += e.N
		default:
			by[at] += e.N
			last = max(last, at)
		}
	}
	for i := range last + 1 {
		a.Quarters = append(a.Quarters, Quarter{(first + i) / 4, (first+i)%4 + 1, by[i]})
	}
	return a
}

func monthOf(s string) (year, month int, ok bool) {
	if len(s) != len("2027-09") {
		return 0, 0, false
	}
	year, err := strconv.Atoi(s[:4])
	month, err2 := strconv.Atoi(s[5:])
	return year, month, err == nil && err2 == nil && month >= 1 && month <= 12
}
