package format_test

import (
	"strings"
	"testing"

	"shifan/internal/lifecycle/programme/format"
	"shifan/programmes"
)

// dimensions are those that a configurable programme must cover (facts.md §9): a
// setting of the shipped file, values that the program acts on, and values that it
// does not act on yet and therefore refuses. None of them is taken and ignored.
var dimensions = []struct {
	word, old       string
	honours, refuse []string
}{
	{"cycle", "  every_years: 1\nfiling:", []string{"  every_years: 2\nfiling:"}, []string{"  every_years: 1\n  phases: [{stages: [meeting], year: 1}]\nfiling:"}},
	{"quota", "quota:\n  kind: none", []string{"quota:\n  kind: fixed\n  max: 10"}, []string{"quota:\n  kind: tree", "quota:\n  kind: percent\n  percent: 30"}},
	{"recommendation levels", "sanctions: [rectify, revoke]", nil, []string{"recommendation: [{title: 县级}]\nsanctions: [rectify, revoke]"}},
	{"prerequisite titles", "sanctions: [rectify, revoke]", nil, []string{"prerequisites: [{title: 市级示范社}]\nsanctions: [rectify, revoke]"}},
	{"consultation", "sanctions: [rectify, revoke]", nil, []string{"consultation: {bodies: [税务局]}\nsanctions: [rectify, revoke]", "consultation: {silence: remind}\nsanctions: [rectify, revoke]"}},
	{"publicity: length", "  days: 5\n  count_first_day", []string{"  days: 7\n  count_first_day", "  days: 10\n  count_first_day"}, nil},
	{"publicity: counting", "  count_first_day: false", []string{"  count_first_day: true"}, nil},
	{"publicity: place", "  place: 吉林省民政厅网站", []string{"  place: 另一家网站"}, nil},
	{"publicity: number", "  answered_by: office", nil, []string{"  answered_by: office\n  before: [{level: 本单位, days: 5}]"}},
	{"publicity: a correction", "  on_correction: restart", []string{"  on_correction: extend"}, nil},
	{"objections: who", "  answered_by: office", nil, []string{"  answered_by: supervisor", "  answered_by: committee"}},
	{"objections: by when", "  answer_days: 10", []string{"  answer_days: 15"}, nil},
	{"objections: signed", "  real_name: false", []string{"  real_name: true"}, nil},
	{"scoring", "scoring:\n  method: pass_fail", nil, []string{"scoring:\n  method: graded"}},
	{"decision: denominator", "  of: entitled", []string{"  of: present"}, nil},
	{"decision: fractions", "  majority: {of: [1, 2], strictly: true}", []string{"  majority: {of: [2, 3], strictly: false}"}, nil},
	{"decision: ballot", "  ballot: named", []string{"  ballot: paper", "  ballot: secret"}, nil},
	{"decision: tie", "  tie: lost", []string{"  tie: again", "  tie: chair"}, nil},
	{"decision: recused", "  recused_count: false", []string{"  recused_count: true"}, nil},
	{"interests", "  four_eyes: true", []string{"  four_eyes: true\ninterests: {yearly: true}", "  four_eyes: true\ninterests: {assessed_vote: true}"}, nil},
	{"decision: written", "  written_count: false", []string{"  written_count: true"}, nil},
	{"decision: too many", "  over_quota: ayes", []string{"  over_quota: second_ballot", "  over_quota: marks", "  over_quota: ranks"}, nil},
	{"paper filings", "  paper: receipt", nil, []string{"  paper: postmark"}},
	{"naming together", "  split: true", []string{"  split: false"}, nil},
	{"co-signing", "  releases: 2", []string{"  releases: 3"}, []string{"  releases: 2\n  cosigned: [省财政厅]"}},
	{"validity", "  from: naming", []string{"  from: plaque", "  from: january"}, nil},
	{"validity: calendar years", "  policy: anniversary", []string{"  policy: calendar_year"}, nil},
	{"recheck: effect", "  effect: renew", []string{"  effect: keep", "  effect: expire_and_reapply"}, nil},
	{"recheck: sample", "  sample: 100", nil, []string{"  sample: 30"}},
	{"recheck: not filed", "  unfiled: fails", []string{"  unfiled: remind"}, nil},
	{"recheck: standard", "  standard: current", []string{"  standard: naming"}, nil},
	{"recheck: anchor", "  anchor: designation", []string{"  anchor: programme"}, nil},
	{"duties", "sanctions: [rectify, revoke]", nil, []string{"duties: [{code: y, title: 年报, every_years: 1, by: 03-31, missed: remind}]\nsanctions: [rectify, revoke]"}},
	{"events", "sanctions: [rectify, revoke]", nil, []string{"events: [{code: e, title: 更名, days: 90, leads: record}]\nsanctions: [rectify, revoke]"}},
	{"sanction ladder", "sanctions: [rectify, revoke]", nil, []string{"sanctions: [revoke]", "sanctions: [rectify]"}},
	{"rectification: days", "  working: false", []string{"  working: true"}, nil},
	{"rectification: months", "rectification:\n  days: 30", []string{"rectification:\n  days: 0\n  months: 1"}, nil},
	{"ban", "  bar_months: 36", []string{"  bar_months: 0", "  bar_months: 24"}, nil},
	{"revocation: publicity", "  hearing_days: 5\n  publicity: false", nil, []string{"  hearing_days: 5\n  publicity: true"}},
	{"revocation: appeal", "  appeal_days: 60", []string{"  appeal_days: 30"}, nil},
	{"abolition", "abolition: keep_until_expiry", []string{"abolition: end_at_once"}, nil},
	{"plaque recall", "  recall: true", []string{"  recall: false"}, nil},
}

// TestDimensions: each dimension is acted on or refused, in a sentence that says so.
func TestDimensions(t *testing.T) {
	t.Parallel()
	shipped, _ := programmes.Text("jilin-party-building-base")
	read := func(old, with string) (problems []format.Problem) {
		if n := strings.Count(string(shipped), old); n != 1 {
			t.Fatalf("%q stands %d times in the file", old, n)
		}
		_, problems = format.Read([]byte(strings.Replace(string(shipped), old, with, 1)))
		return problems
	}
	for _, d := range dimensions {
		for _, with := range d.honours {
			for _, p := range read(d.old, with) {
				t.Errorf("%s: %q: %d:%d: %s", d.word, with, p.Line, p.Column, p.Say)
			}
		}
		for _, with := range d.refuse {
			if all := read(d.old, with); len(all) == 0 || !strings.Contains(all[0].Say, "不能装作执行") {
				t.Errorf("%s: %q is not refused: %+v", d.word, with, all)
			}
		}
	}
}
