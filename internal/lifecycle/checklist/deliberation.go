package checklist

import (
	"maps"
	"slices"
	"strings"
	"time"

	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/assessment"
	"shifan/internal/lifecycle/review"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/lifecycle/visit"
)

// markOf takes the name of a mark's field apart.
func markOf(field string) (code, part string, ok bool) {
	rest, ok := strings.CutPrefix(field, "marks.")
	i := strings.LastIndexByte(rest, '.')
	if !ok || i < 0 {
		return "", "", false
	}
	return rest[:i], rest[i+1:], true
}

func setMark(f *assessment.Finding, part, value string) bool {
	switch part {
	case "rating":
		f.Rating = value
	case "note":
		f.Note = value
	case "score":
		f.Score = number(value)
	default:
		return false
	}
	return true
}

// Given reports whether a member has given their own mark on an indicator.
func (all Fields) Given(who id.Account, code string) bool {
	return all[Key{"marks." + code + ".rating", who}].Value() != ""
}

// Seen leaves of the edits of a visit what a viewer may see. A member of the team sees
// another's marks on an indicator once they have given their own on it; the office and
// those above it see marks once the opinion is handed in, so that nobody is told by
// them how others judge; auditors see all.
func Seen(all []Edit, v *visit.Visit, viewer stage.Actor) []Edit {
	fields := Merge(all)
	return slices.DeleteFunc(slices.Clone(all), func(e Edit) bool {
		code, _, mark := markOf(e.Field)
		if !mark || e.Owner == viewer.Account || viewer.Role == stage.Auditor {
			return false
		}
		if viewer.Role == stage.Assessor && v.Seat(viewer.Account) != nil {
			return !fields.Given(viewer.Account, code)
		}
		return v.State != visit.Reported && v.State != visit.Signed
	})
}

// Veil takes out of a visit, while its opinion is being written, the team's ratings of
// indicators on which a member has not given their own mark, and with them the opinion.
// The leader, who writes them, sees them.
func Veil(v *visit.Visit, all Fields, viewer id.Account) {
	hidden := veiled(v, all, viewer)
	if len(hidden) == 0 {
		return
	}
	v.Findings, v.Opinion, v.Text = maps.Clone(v.Findings), "", ""
	for _, code := range hidden {
		delete(v.Findings, code)
	}
}

// veiled lists the indicators whose rating by the team a member does not see yet.
func veiled(v *visit.Visit, all Fields, viewer id.Account) (codes []string) {
	s := v.Seat(viewer)
	if v.State != visit.Scheduled || s == nil || s.Leader {
		return nil
	}
	for code := range v.Findings {
		if !all.Given(viewer, code) {
			codes = append(codes, code)
		}
	}
	return codes
}

// Joint is what somebody writes about the visit, with what they do not see yet as it
// stands: nobody changes what they are not shown.
func Joint(v *visit.Visit, all Fields, by stage.Actor, a assessment.Account) assessment.Account {
	hidden := veiled(v, all, by.Account)
	if len(hidden) == 0 {
		return a
	}
	a.Findings, a.Opinion, a.Text = maps.Clone(a.Findings), v.Opinion, v.Text
	if a.Findings == nil {
		a.Findings = map[string]assessment.Finding{}
	}
	for _, code := range hidden {
		a.Findings[code] = v.Findings[code]
	}
	return a
}

// Mark is one member's own judgement of one indicator.
type Mark struct {
	Seat  visit.Seat
	Given bool // false: not given, or not to be seen yet
	assessment.Finding
	Changed int // how often it was changed after it was first given
}

// Marks lists the team's marks on an indicator as the edits that are seen say them, in
// the order of the team.
func (all Fields) Marks(v *visit.Visit, code string) (marks []Mark) {
	for _, s := range v.Team {
		m := Mark{Seat: s, Given: all.Given(s.Account, code)}
		for _, part := range []string{"rating", "note", "score"} {
			f := all[Key{"marks." + code + "." + part, s.Account}]
			setMark(&m.Finding, part, f.Value())
			if part != "note" {
				m.Changed += len(f.Past)
			}
		}
		marks = append(marks, m)
	}
	return marks
}

// Gap says how far the marks of one indicator that are seen lie apart.
type Gap struct {
	Given  int  // how many marks are seen
	Differ bool // their ratings are not the same
	Score  int  // the highest score less the lowest
}

// GapOf measures the marks of one indicator.
func GapOf(marks []Mark) (g Gap) {
	low, high, rating := 0, 0, ""
	for _, m := range marks {
		if !m.Given {
			continue
		}
		if g.Given == 0 {
			low, high, rating = m.Score, m.Score, m.Rating
		}
		g.Given++
		low, high = min(low, m.Score), max(high, m.Score)
		g.Differ = g.Differ || m.Rating != rating
	}
	g.Score = high - low
	return g
}

// Write puts what the team's fields say into the account of the visit. What is wrong
// with the whole of it is said when the opinion is handed in.
func (all Fields) Write(v *visit.Visit) { v.Records = all.Onto(v.Account()).Records }

// ArrivedAt says when a member said that they came, and what their device's clock said;
// the zero Edit when they did not.
func (all Fields) ArrivedAt(who id.Account) Edit {
	f := all[Key{Arrival, who}]
	if len(f.Heads) == 0 || f.Value() != Here {
		return Edit{}
	}
	return f.Heads[0]
}

// SendBack returns an opinion that the team handed in, with what the office finds
// lacking. Who signed it signs again what comes after it (S51). The office asks and
// does not write: what the team found stays as it is.
func SendBack(v *visit.Visit, by stage.Actor, comment string, ties review.Interests) (stage.Move, error) {
	m, err := visit.Kind.Step(v.State, "send_back", by.Role)
	if err != nil {
		return m, err
	}
	if err := ties.Free(by.Account); err != nil {
		return m, err
	}
	if err := fault.All(review.Written("reason", "退回的意见", comment)); err != nil {
		return m, err
	}
	v.State, v.Reason, v.Signatures, v.ReportedAt = m.To, strings.TrimSpace(comment), nil, time.Time{}
	return m, nil
}
