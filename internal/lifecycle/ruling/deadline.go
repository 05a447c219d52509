package ruling

import (
	"shifan/internal/calendar"
	"shifan/internal/lifecycle/programme"
)

// NextDeadline returns the day that rules and rulings are about while no call is
// open, by which one would file in the next round: the programme's usual day in the first year, not past, in which the cycle has one
// (S5, S13). last is the year of the latest regular round that was called; 0 for
// none. It is a guess for those who look ahead (S61); the call decides. The zero
// Date means that the programme names no usual day.
func NextDeadline(p *programme.Programme, last int, today calendar.Date) calendar.Date {
	at := func(year int) calendar.Date {
		d, err := calendar.ParseDate(calendar.On(year, 1, 1).String()[:5] + p.Filing.Deadline)
		if err != nil {
			return calendar.Date{}
		}
		return d
	}
	year := today.Year
	if last > 0 {
		year = max(year, last+max(1, p.Cycle.EveryYears))
	}
	if d := at(year); !d.IsZero() && d.Before(today) {
		year++
	}
	return at(year)
}
