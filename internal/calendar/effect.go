package calendar

// Commitment is a date that was computed and published, and that must not move
// by itself when the calendar changes: the deadline of a call, the end of a
// publicity.
type Commitment struct {
	Thing      string // identifier
	Label      string // what people call it
	From       Date   // the day from which Days are counted; or, with Days 0, the day of the deadline
	Days       int    // working days; 0 for a deadline on a day
	CountFirst bool
	RestDay    string // policy of a deadline: Strict or RollForward
	Last       Date   // the last day as published
	Version    string // of the calendar it was computed with
}

// Effect is what a calendar would make of a commitment: a report to a person,
// never a shift (facts.md §2.1).
type Effect struct {
	Commitment
	Would       Date // the last day by this calendar
	Provisional bool
}

// Effects lists the commitments whose last day would be another one by this
// calendar. A commitment that cannot be computed is left out.
func (c *Calendar) Effects(all []Commitment) []Effect {
	var effects []Effect
	for _, m := range all {
		e := Effect{Commitment: m}
		if m.Days == 0 {
			l, err := c.Deadline(m.From, "", m.RestDay)
			if err != nil {
				continue
			}
			e.Would, e.Provisional = l.Date, l.Provisional
		} else {
			p, err := c.AddWorkingDays(m.From, m.Days, m.CountFirst)
			if err != nil {
				continue
			}
			e.Would, e.Provisional = p.Last, p.Provisional
		}
		if e.Would != m.Last {
			effects = append(effects, e)
		}
	}
	return effects
}
