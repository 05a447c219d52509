package programme

import (
	"fmt"
	"slices"
	"strings"

	"shifan/internal/calendar"
	"shifan/internal/lifecycle/expression"
	"shifan/internal/lifecycle/programme/facts"
)

// Verdict is what a rule says about an organisation. It is for people to
// confirm: the office recommends, the committee decides.
type Verdict = expression.Verdict

// The verdicts, from good to bad.
const (
	Meets    = expression.Meets    // 符合
	Pending  = expression.Pending  // 暂无结论: what decides it is still to come
	Doubtful = expression.Doubtful // 存疑: a person has to judge
	Fails    = expression.Fails    // 不符合
)

// Resolve returns the days that the window means for one organisation: back from
// the filing deadline, and no further than its registration (facts.md §2.5). A
// rule that looks at no time gets the zero span, one that looks at the deadline
// that one day.
func (w Window) Resolve(deadline, registered calendar.Date) calendar.Span {
	switch w.Kind {
	case "months_back":
		return calendar.MonthsBack(deadline, w.Length).Since(registered)
	case "complete_years":
		return calendar.CompleteYears(deadline, w.Length).Since(registered)
	case "at_deadline":
		return calendar.Span{From: deadline, To: deadline}
	}
	return calendar.Span{}
}

// Finding is a rule applied to one organisation.
type Finding struct {
	Rule    Rule
	Verdict Verdict
	Window  calendar.Span // the days it looked at; zero when it looks at none
	Inputs  []Input       // what it read, in the order of the expressions
	Say     string        // the rule's message unless it is met; why nothing is known
}

// Input is one fact that a rule read.
type Input struct {
	Name string // 评估等级
	Said string // 3
}

// Judge applies the rule to the facts of its window. Expr says what must hold;
// when it does, Doubt may still ask for a person (存疑) and Wait may say that the
// conclusion is to come (暂无结论). Where a fact is unknown, and, or and not are
// decided by the other side when that suffices: a penalty too many fails whether
// the grade is known or not.
func (r Rule) Judge(f facts.Org, w calendar.Span) Finding {
	found := Finding{Rule: r, Verdict: Meets, Window: w}
	for _, part := range []struct {
		source string
		holds  Verdict // what follows when it holds
		not    Verdict // and when it does not
	}{{r.Expr, Meets, Fails}, {r.Doubt, Doubtful, Meets}, {r.Wait, Pending, Meets}} {
		if part.source == "" {
			continue
		}
		c, wrong := expression.Compile(part.source, facts.Environment{}, "org")
		if wrong != nil {
			return found.broken(wrong)
		}
		v, err := c.Decide(facts.Environment{Org: f}, func(name string) Verdict { return f.Unknown[name].Verdict })
		if err != nil {
			return found.broken(err)
		}
		switch v {
		case Meets:
			v = part.holds
		case Fails:
			v = part.not
		default: // what is not known stays so
		}
		found.Verdict = found.Verdict.Worse(v)
		found.add(f, c.Reads)
	}
	found.explain(f)
	return found
}

// broken leaves to a person what could not be computed, such as the first of a
// list that is empty.
func (f Finding) broken(err error) Finding {
	f.Verdict, f.Say = Doubtful, fmt.Sprintf("这一条算不出来（%s），须由人工核对。", strings.SplitN(err.Error(), "\n", 2)[0])
	return f
}

// add lists what was read, each fact once.
func (f *Finding) add(known facts.Org, names []string) {
	for _, n := range names {
		if slices.ContainsFunc(f.Inputs, func(i Input) bool { return i.Name == n }) {
			continue
		}
		said := expression.Said(known, n)
		if u, unknown := known.Unknown[n]; unknown {
			said = u.Verdict.Word()
		}
		f.Inputs = append(f.Inputs, Input{n, said})
	}
}

// explain gives the sentence that goes with the verdict.
func (f *Finding) explain(known facts.Org) {
	if f.Verdict == Meets {
		return
	}
	f.Say = f.Rule.Message
	for _, in := range f.Inputs {
		if u, unknown := known.Unknown[in.Name]; unknown && u.Verdict == f.Verdict && u.Why != "" {
			f.Say = u.Why
			return
		}
	}
}
