// Package ruling (认定) is where the office finds otherwise than the facts say:
// one rule of eligibility, one organisation, one deadline, with a reason that is
// kept beside what was computed.
package ruling

import (
	"strings"
	"time"

	"shifan/internal/calendar"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/eligibility"
	"shifan/internal/lifecycle/fact"
	"shifan/internal/lifecycle/organisation"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/stage"
)

// Ruling (认定) is what the office found of one rule for one organisation and one
// deadline, against what was computed from the facts. The latest one of a rule
// holds; the earlier ones are kept.
type Ruling struct {
	ID           id.Ruling
	Organisation id.Organisation
	Programme    id.Programme
	Rule         string            // the rule's code
	Day          calendar.Date     // the deadline it was made for, and no other
	Computed     programme.Verdict // what the facts said then
	Why          string            // and in which words: what was looked at
	Verdict      programme.Verdict // what the office found: Meets or Fails
	Reason       string            // at most fact.TextMax 字
	By           id.Account
	At           time.Time
}

var (
	errSame    = fault.Define(fault.Refused, "ruling.make.same", "现在的结论已经是“%s”，不必另行认定。", "五(二) 从严从实审核把关")
	errRedLine = fault.Define(fault.Refused, "ruling.make.red_line", "“%s”是红线条件，系统算出不符合的，由办公室负责人认定。", "制度:红线条件由办公室负责人认定")
	errVerdict = fault.Define(fault.Invalid, "ruling.make.verdict", "认定结论只能是“符合”或者“不符合”。", "")
	errChanged = fault.Define(fault.Conflict, "ruling.make.changed",
		"这一条的结论刚才变为“%s”。请看过最新依据再认定。", "五(二) 从严从实审核把关")
)

// Check is a check of eligibility with what the office found of it.
type Check struct {
	eligibility.Check         // its verdict is the ruling's where there is one
	Ruling            *Ruling // what the office found instead; nil for none
}

// Make lets the office find otherwise than the facts say, with a reason that is
// kept. c is the check with the rulings made so far, seen the verdict that the
// office had before it (S35 to S38: what is a matter of judgement is for a
// person). Against a red line that the facts cross, only the director finds. To
// find what the facts say takes an earlier ruling back, with a reason as well.
func Make(by stage.Actor, o *organisation.Organisation, c Check, seen, verdict programme.Verdict, reason string, now time.Time) (Ruling, stage.Move, error) {
	m, err := organisation.Kind.Step(o.State, "rule", by.Role)
	if err != nil {
		return Ruling{}, m, err
	}
	if seen != c.Verdict {
		return Ruling{}, m, errChanged.New(c.Verdict.Word())
	}
	var odd *fault.Fault
	undo := c.Ruling != nil && verdict == c.Computed()
	if verdict != eligibility.Meets && verdict != eligibility.Fails && !undo {
		odd = errVerdict.At("verdict")
	}
	if err := fault.All(odd, fact.Text("reason", "认定理由", reason, fact.TextMax, true)); err != nil {
		return Ruling{}, m, err
	}
	switch {
	case verdict == c.Verdict:
		return Ruling{}, m, errSame.New(verdict.Word())
	case c.Rule.RedLine && c.Computed() == eligibility.Fails && by.Role != stage.Director:
		return Ruling{}, m, errRedLine.New(c.Rule.Title)
	}
	if c.Ruling != nil && !now.After(c.Ruling.At) {
		now = c.Ruling.At.Add(time.Microsecond) // the order of rulings is that of their time, also on a clock that stands
	}
	return Ruling{
		Organisation: o.ID, Rule: c.Rule.Code, Computed: c.Computed(), Why: why(c.Check), Verdict: verdict, Reason: reason, By: by.Account, At: now,
	}, m, nil
}

// Computed is the verdict that the facts say, whatever the office found.
func (c Check) Computed() programme.Verdict {
	if c.Ruling != nil {
		return c.Ruling.Computed
	}
	return c.Verdict
}

// why is what stands in the facts that a rule reads.
func why(c eligibility.Check) string { return strings.Join(c.Why, "") }

// Ruled puts what the office found over what was computed for a deadline. A
// ruling holds only while the facts say what they said when it was made: a second
// penalty is not covered by what was found of the first. The rulings are in the
// order of their time.
func Ruled(checks []eligibility.Check, rulings []Ruling, day calendar.Date) []Check {
	all := make([]Check, len(checks))
	for i, c := range checks {
		all[i] = Check{Check: c}
		for _, r := range rulings {
			if r.Rule == c.Rule.Code && r.Day == day && r.Computed == c.Verdict && r.Why == why(c) {
				all[i].Ruling, all[i].Verdict = &r, r.Verdict
				if r.Verdict == r.Computed { // the ruling before it was taken back
					all[i].Ruling = nil
				}
			}
		}
	}
	return all
}

// Overall is the gravest verdict of all checks.
func Overall(checks []Check) programme.Verdict {
	worst := eligibility.Meets
	for _, c := range checks {
		worst = worst.Worse(c.Verdict)
	}
	return worst
}
