package plan

import (
	"fmt"
	"time"

	"shifan/internal/calendar"
	"shifan/internal/lifecycle/designation"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/recheck"
	"shifan/internal/lifecycle/rectification"
	"shifan/internal/lifecycle/trigger"
)

// Known is what a plan rests on about one title.
type Known struct {
	Title    designation.Designation
	Rules    programme.Recheck // those that the title lives under
	Triggers []trigger.Trigger
	Rechecks []recheck.Recheck             // of the title, the first first
	AtNaming map[string]recheck.Finding    // what was found at the naming; Then
	Orders   []rectification.Rectification // to put things right
}

// DueIn reports whether the recheck of the title's term falls due in a year (S68).
func (k Known) DueIn(year int) bool {
	return k.Rules.EveryYears > 0 && k.Title.Live() && k.Title.RecheckDue.Year == year
}

// Drawable reports whether a title may be drawn in a year's sample: it is in force, was
// named before the year began and does not end in it, and its own recheck falls in another
// year.
func (k Known) Drawable(year int) bool {
	t := k.Title
	lasts := t.ValidTo.IsZero() || !t.ValidTo.Before(calendar.On(year, time.December, 31))
	return t.State == designation.Valid && t.NamedOn.Year < year && lasts && !k.DueIn(year) &&
		(t.RecheckDue.IsZero() || t.RecheckDue.Year > year)
}

// check is the title as a line of the plan.
func (k Known) check(year int, due bool) Check {
	depth, reasons := k.Risk(year)
	if due && depth == recheck.Light {
		depth, reasons = recheck.Desk, append(reasons, "到期的复查决定称号是否延续，至少书面复查")
	}
	return Check{Designation: k.Title.ID, Number: k.Title.Number, Name: k.Title.Name, Depth: depth, Reasons: reasons}
}

// Risk says how deep a look the stated facts ask for, and which they are: the deepest that
// any of them asks for. Events of the year before and of the year itself, indicators that
// were not met, and an order to put things right ask for a look at the place; indicators
// that were met in part, and a title of which nothing was found before, for one at the
// desk; nothing of it for the holder's own account.
func (k Known) Risk(year int) (depth string, reasons []string) {
	depth = recheck.Light
	say := func(asks, reason string) {
		reasons = append(reasons, reason)
		if asks == recheck.Site || depth == recheck.Light {
			depth = asks
		}
	}
	for _, t := range k.Triggers {
		if y := calendar.DateOf(t.RaisedAt).Year; t.State != trigger.Lapsed && (y == year || y == year-1) {
			say(recheck.Site, t.Say)
		}
	}
	when, found := k.former()
	failing, partly := 0, 0
	for _, rating := range found {
		switch rating {
		case "fails":
			failing++
		case "partly":
			partly++
		}
	}
	if failing > 0 {
		say(recheck.Site, fmt.Sprintf("%s有%d项指标未达到", when, failing))
	}
	if partly > 0 {
		say(recheck.Desk, fmt.Sprintf("%s有%d项指标部分达到", when, partly))
	}
	if len(found) == 0 {
		say(recheck.Desk, "以前没有可以比较的考核记录")
	}
	for _, o := range k.Orders {
		if o.State != rectification.Ended {
			say(recheck.Site, calendar.DateOf(o.OrderedAt).Chinese()+"曾责令限期整改")
		}
	}
	if len(reasons) == 0 {
		reasons = []string{"上一年度以来没有复查事由，以前的考核没有问题"}
	}
	return depth, reasons
}

// former returns what was found last, by indicator, and when that was: at the last recheck
// that looked at the indicators, or at the naming.
func (k Known) former() (when string, found map[string]string) {
	for n := len(k.Rechecks) - 1; n >= 0; n-- {
		r := k.Rechecks[n]
		if r.State != recheck.Passed && r.State != recheck.Slipped {
			continue
		}
		found = map[string]string{}
		for code, f := range r.Findings {
			if f.Now != "" {
				found[code] = f.Now
			}
		}
		if len(found) > 0 {
			return calendar.DateOf(r.ConcludedAt).Chinese() + "的复查", found
		}
	}
	found = map[string]string{}
	for code, f := range k.AtNaming {
		if f.Then != "" {
			found[code] = f.Then
		}
	}
	return "命名时", found
}
