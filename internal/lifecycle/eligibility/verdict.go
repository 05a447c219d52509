package eligibility

import (
	"strings"

	"shifan/internal/calendar"
	"shifan/internal/id"
	"shifan/internal/lifecycle/organisation"
	"shifan/internal/lifecycle/party"
)

// Verdict is what a rule says of an organisation.
type Verdict string

// The verdicts. A rule never decides what is a matter of judgement: it doubts.
const (
	Meets    Verdict = "meets"    // 符合
	Doubtful Verdict = "doubtful" // 存疑: a person decides
	Unknown  Verdict = "unknown"  // 暂无结论: a fact is missing
	Fails    Verdict = "fails"    // 不符合
)

var verdictWords = map[Verdict]string{Meets: "符合", Doubtful: "存疑", Unknown: "暂无结论", Fails: "不符合"}

// Word returns the verdict as people read it.
func (v Verdict) Word() string { return verdictWords[v] }

// Finding is a rule applied to an organisation at a day: the verdict, what it
// rests on, and how to mend it.
type Finding struct {
	Rule    string // the rule's code
	Title   string
	Clause  string
	RedLine bool // 红线
	Verdict Verdict
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
	verdict Verdict
	why     []string
	mend    []string
}

var gravity = map[Verdict]int{Meets: 0, Doubtful: 1, Unknown: 2, Fails: 3}

func (f *findings) say(v Verdict, why, mend string) {
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
