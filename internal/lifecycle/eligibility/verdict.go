package eligibility

import (
	"strings"

	"shifan/internal/calendar"
	"shifan/internal/id"
	"shifan/internal/lifecycle/organisation"
	"shifan/internal/lifecycle/party"
	"shifan/internal/lifecycle/programme"
)

// The verdicts of a rule are the programme's. A rule never decides what is a
// matter of judgement: it doubts.
const (
	Meets    = programme.Meets
	Pending  = programme.Pending // also when a fact is not filled in
	Doubtful = programme.Doubtful
	Fails    = programme.Fails
)

// Finding is what one rule of this package says: the verdict, what it rests on,
// and how to mend it.
type Finding struct {
	Clause  string
	Verdict programme.Verdict
	Why     string        // the inputs, in a sentence
	Mend    string        // what to do about it; empty when nothing
	Span    calendar.Span // the time looked at; zero when the rule looks at none
}

// Profile is everything that rules read: the organisation and the Party
// organisations that cover it.
type Profile struct {
	Organisation *organisation.Organisation
	Bodies       []party.Body
	Covers       map[id.PartyBody]int // how many organisations each of them covers
}

// findings gathers what a rule found out, one observation after another: the
// gravest verdict holds, and every observation is told.
type findings struct {
	verdict programme.Verdict
	why     []string
	mend    []string
}

var gravity = map[programme.Verdict]int{Meets: 0, Pending: 1, Doubtful: 2, Fails: 3}

func (f *findings) say(v programme.Verdict, why, mend string) {
	if f.verdict == "" || gravity[v] > gravity[f.verdict] {
		f.verdict = v
	}
	f.why = append(f.why, why)
	if mend != "" {
		f.mend = append(f.mend, mend)
	}
}

// finding closes the gathering for a rule that looked over a span.
func (f *findings) finding(clause string, span calendar.Span) Finding {
	return Finding{Clause: clause, Verdict: f.verdict, Why: strings.Join(f.why, ""), Mend: strings.Join(f.mend, ""), Span: span}
}
