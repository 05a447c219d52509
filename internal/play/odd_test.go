package play_test

import (
	"slices"
	"testing"

	"shifan/internal/lifecycle/programme/cite"
	"shifan/internal/play"
)

// smallest is a programme of its own with as few settings as there are; what a row
// of TestOtherProgrammes says comes after it.
const smallest = `name: small-example
title: 示范单位创建活动
base: 示范单位
issuer: {name: 示范单位创建工作委员会}
office: {name: 工作委员会办公室}
approval: {override: 内部活动}
criteria:
  - code: a
    title: 规范运行
    clause: 第四条
    indicators:
      - {code: a-1, title: 内部制度, text: 财务和人事制度齐全。, clause: 第四条, words: 1, at: visit}
`

// TestOtherProgrammes lives programmes that the script was not written for: places
// for one, many who release, long and short limits, other cycles, a red line that
// nobody meets. Whatever their settings, the script finds its way through.
func TestOtherProgrammes(t *testing.T) {
	t.Parallel()
	const numbers = "naming: {numbers: 示创委}\n"
	for name, tt := range map[string]struct {
		settings string
		acts     []string // that happen
		never    []string // that do not
	}{
		"as few settings as there are": {"version: 1\n" + numbers, []string{"rectification.pass", "designation.revoke", "designation.return"}, []string{"item.second_ballot"}},
		"one place, one assessor": {
			"version: 3\nquota: {kind: fixed, max: 1}\nnaming: {numbers: 示创委, releases: 1}\nvisit: {team_min: 1, methods: [papers]}\n",
			[]string{"item.second_ballot", "designation.name", "recheck.pass"},
			[]string{"objection.uphold", "rectification.order"},
		},
		"three places, voted on again; a large team; five release": {
			"version: 1\nquota: {kind: fixed, max: 3}\nmeeting: {over_quota: second_ballot, ballot: paper, tie: again}\nvisit: {team_min: 8, calibration: required}\nnaming: {numbers: 示创委, releases: 5}\n",
			[]string{"calibration.issue", "calibration.mark", "item.second_ballot", "item.count", "item.attach_sheet", "objection.uphold", "rectification.pass"},
			nil,
		},
		"a year's validity, a day to put right, every three years": {
			"version: 1\nvalidity: {years: 1}\nrecheck: {every_years: 1, lead_days: 1}\nrectification: {days: 1}\ncycle: {every_years: 3}\n" + numbers,
			[]string{"recheck.pass", "rectification.report", "designation.expire"},
			[]string{"rectification.verify", "revocation.state"},
		},
		"no end, two years to put right, every nine years": {
			"version: 1\nvalidity: {years: 0}\nrecheck: {every_years: 2, effect: keep}\nrectification: {months: 24}\ncycle: {every_years: 9}\napplicants: {holder_may: never}\n" + numbers,
			[]string{"recheck.pass", "rectification.pass", "designation.revoke"},
			nil,
		},
		"a red line that nobody meets; foundations of another place": {
			"version: 1\napplicants: {kinds: [foundation], prefixes: [\"531101\"]}\neligibility:\n  - {code: old, title: 成立三百年, expr: org.年限 >= 300, clause: 第三条, message: 年限不够。, red_line: true}\n" + numbers,
			[]string{"organisation.rule", "designation.name"},
			nil,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, lines, _, err := play.Play(t.Context(), fresh(t), []byte(smallest+tt.settings))
			if err != nil {
				t.Fatal(err)
			}
			for _, l := range lines {
				if clauses := cite.Heads(l.Basis); len(clauses) > 0 {
					t.Errorf("%s rests on %s of a notice that is not this programme's", l.Act, clauses)
				}
			}
			happened := func(act string) bool {
				return slices.ContainsFunc(lines, func(l play.Line) bool { return l.Act == act })
			}
			for _, act := range tt.acts {
				if !happened(act) {
					t.Errorf("no %s", act)
				}
			}
			for _, act := range tt.never {
				if happened(act) {
					t.Errorf("there is %s", act)
				}
			}
		})
	}
}
