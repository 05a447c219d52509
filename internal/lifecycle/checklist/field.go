package checklist

import (
	"maps"
	"strconv"
	"strings"

	"shifan/internal/chars"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/assessment"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/visit"
)

// Arrival is the field in which a member says that they came (S49).
const Arrival = "arrival"

// What a member may say of it.
const (
	Here = "here"
	Away = "away" // withdrawn: it was a slip of the finger
)

var (
	errField = fault.Define(fault.Invalid, "checklist.edit.field",
		"考核单里没有“%s”这一项。重新打开考核单再填。", "办法(三)")
	errNumber = fault.Define(fault.Invalid, "checklist.edit.number",
		"%s要填0到%d之间的整数。", "办法(三)")
	errHere = fault.Define(fault.Invalid, "checklist.edit.arrival",
		"签到只有到场和未到场两种。", "办法(三) 深入实地考核")
)

// own reports whether a field is each member's own.
func own(field string) bool { return field == Arrival || strings.HasPrefix(field, "marks.") }

// plain is a value as it is kept: digits as ASCII has them, no blanks around.
func plain(field, value string) string {
	value = strings.TrimSpace(value)
	if isCount(field) {
		value = strings.Map(func(r rune) rune {
			if r >= '０' && r <= '９' {
				return r - '０' + '0'
			}
			return r
		}, value)
	}
	return value
}

func isCount(field string) bool {
	return strings.HasSuffix(field, ".people") || strings.Contains(field, ".tallies.") || strings.HasPrefix(field, "marks.") && strings.HasSuffix(field, ".score")
}

// TeamFields lists the fields that the whole team writes, by their names in the form
// of the visit.
func TeamFields() (all []string) {
	for _, m := range assessment.MethodNames {
		at := "records." + m
		all = append(all, at+".text")
		if m == "interviews" {
			all = append(all, at+".people")
			for _, s := range assessment.SurveyNames {
				all = append(all, at+".tallies."+s, at+".tallies."+s+".content")
			}
		}
		all = append(all, at+".skipped")
	}
	return all
}

// OwnFields lists the fields that each member has for themselves.
func OwnFields(indicators []programme.Indicator) []string {
	all := []string{Arrival}
	for _, i := range indicators {
		at := "marks." + i.Code
		all = append(all, at+".rating", at+".note")
		if i.Scored() {
			all = append(all, at+".score")
		}
	}
	return all
}

// Check refuses a field that is not on the checklist and a value that cannot be kept.
// An empty one can.
func Check(field, value string, indicators []programme.Indicator) *fault.Fault {
	if field == Arrival {
		return fault.Unless(value == "" || value == Here || value == Away, errHere.At(field))
	}
	if value != "" && isCount(field) {
		if n, err := strconv.Atoi(value); err != nil || n < 0 || n > assessment.Most {
			return errNumber.At(field, "人数和得分", assessment.Most)
		}
	}
	a, ok := assessment.Account{}, true
	if code, part, mark := markOf(field); mark {
		ok = false
		for _, i := range indicators {
			if i.Code == code && (part != "score" || i.Scored()) {
				f := assessment.Finding{}
				ok = setMark(&f, part, value)
				a.Findings = map[string]assessment.Finding{code: f}
			}
		}
	} else {
		ok = set(&a, field, value)
		if r := a.Records["interviews"]; len(r.Tallies) > 0 { // who is content is held against who was asked when all is there
			for s, t := range r.Tallies {
				r.Tallies[s] = assessment.Tally{Sample: max(t.Sample, t.Content), Content: t.Content}
			}
		}
	}
	if !ok {
		return errField.At(field, chars.Cut(strings.ToValidUTF8(field, ""), 40))
	}
	for _, f := range a.Keepable(indicators) {
		if f != nil {
			return &fault.Fault{Kind: f.Kind, Code: f.Code, Say: f.Say, Basis: f.Basis, Fields: []fault.Field{{Path: field, Say: f.Say}}}
		}
	}
	return nil
}

// set puts the value of one of the team's fields into an account. It reports whether
// there is such a field.
func set(a *assessment.Account, field, value string) bool {
	p := strings.Split(field, ".")
	if len(p) < 3 || p[0] != "records" || assessment.Methods[p[1]] == "" {
		return false
	}
	r, n := a.Records[p[1]], number(value)
	switch {
	case len(p) == 3 && p[2] == "text":
		r.Text = value
	case len(p) == 3 && p[2] == "skipped":
		r.Skipped = value
	case len(p) == 3 && p[2] == "people" && p[1] == "interviews":
		r.People = n
	case len(p) > 3 && len(p) < 6 && p[2] == "tallies" && p[1] == "interviews" && assessment.Surveys[p[3]] != "" && (len(p) == 4 || p[4] == "content"):
		t := r.Tallies[p[3]]
		if len(p) == 4 {
			t.Sample = n
		} else {
			t.Content = n
		}
		r.Tallies = maps.Clone(r.Tallies)
		if r.Tallies == nil {
			r.Tallies = map[string]assessment.Tally{}
		}
		if r.Tallies[p[3]] = t; t == (assessment.Tally{}) {
			delete(r.Tallies, p[3])
		}
	default:
		return false
	}
	if a.Records == nil {
		a.Records = map[string]assessment.Record{}
	}
	a.Records[p[1]] = r
	return true
}

func number(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0
	}
	return n
}

// Read returns what an account says in one of the team's fields, as the field keeps it.
func Read(a assessment.Account, field string) string {
	p := strings.Split(field, ".")
	r := a.Records[p[1]]
	n := r.People
	switch {
	case p[2] == "text":
		return strings.TrimSpace(r.Text)
	case p[2] == "skipped":
		return strings.TrimSpace(r.Skipped)
	case len(p) == 4:
		n = r.Tallies[p[3]].Sample
	case len(p) == 5:
		n = r.Tallies[p[3]].Content
	}
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// Onto puts what the team's fields say into an account. Fields that nobody wrote stay
// as they are.
func (all Fields) Onto(a assessment.Account) assessment.Account {
	a.Records = maps.Clone(a.Records)
	for _, field := range TeamFields() {
		if f := all[Key{Field: field}]; len(f.Heads) > 0 {
			set(&a, field, f.Value())
		}
	}
	return a
}

// Changed lists the team's fields in which two accounts differ, for those who write by
// a form what others write on telephones.
func Changed(before, after assessment.Account) (fields []string) {
	for _, field := range TeamFields() {
		if Read(before, field) != Read(after, field) {
			fields = append(fields, field)
		}
	}
	return fields
}

// Shown returns what a field of the checklist says to its member: what was written, or
// for the team's fields what the account of the visit says where nobody wrote.
func (all Fields) Shown(v *visit.Visit, field string, viewer id.Account) string {
	if own(field) {
		return all[Key{field, viewer}].Value()
	}
	if f := all[Key{Field: field}]; len(f.Heads) > 0 {
		return f.Value()
	}
	return Read(v.Account(), field)
}

// Mine names a field as one member writes it.
func Mine(field string, who id.Account) Key {
	if own(field) {
		return Key{field, who}
	}
	return Key{Field: field}
}
