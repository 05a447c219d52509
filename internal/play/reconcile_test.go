package play_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"shifan/internal/calendar"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/play"
	"shifan/internal/store"
)

// reconcile holds a summary against the timeline, and the timeline against the record:
// each line leaves a thing in the state in which the next one finds it, the states that
// things are left in are those of the summary, and the places of the lines are those of the
// record, none missing.
func reconcile(t *testing.T, w *play.Theatre, lines []play.Line, counts play.Counts) {
	t.Helper()
	state, kind, years, renewed := map[string]string{}, map[string]string{}, map[int]int{}, 0
	for n, l := range lines {
		if l.Entry != int64(n) {
			t.Fatalf("line %d stands in the record at %d", n, l.Entry)
		}
		of, act, _ := strings.Cut(l.Act, ".")
		if was, before := state[l.Thing]; before && l.From != was && kind[l.Thing] == of {
			t.Errorf("line %d: %s of %s goes on from %q, where it was %q", n, l.Act, l.Thing, l.From, was)
		}
		state[l.Thing], kind[l.Thing] = l.To, of
		years[l.At.In(calendar.Zone).Year()]++
		if of == "designation" && act == "renew" {
			renewed++
		}
	}
	left := map[string]map[string]int{}
	for thing, of := range kind {
		if left[of] == nil {
			left[of] = map[string]int{}
		}
		left[of][state[thing]]++
	}
	acted := map[int]int{}
	for _, y := range counts.Years {
		acted[y.Year] += y.Acts
	}
	for what, d := range map[string]string{
		"designations":   cmp.Diff(left["designation"], counts.Titles),
		"rechecks":       cmp.Diff(left["recheck"], counts.Rechecks),
		"rectifications": cmp.Diff(left["rectification"], counts.Rectifications),
		"revocations":    cmp.Diff(left["revocation"], counts.Revocations),
		"organisations":  cmp.Diff(left["organisation"], counts.Organisations),
		"programme":      cmp.Diff(left["programme"], map[string]int{counts.Programme: 1}),
		"renewals":       cmp.Diff(renewed, counts.Renewals),
		"years":          cmp.Diff(years, acted),
		"acts":           cmp.Diff(len(lines), counts.Acts),
	} {
		if d != "" {
			t.Errorf("%s: the summary is not the timeline's: %s", what, d)
		}
	}
	applications := map[string]int{}
	for _, r := range counts.Rounds {
		for s, n := range r.States {
			applications[s] += n
		}
	}
	if d := cmp.Diff(left["application"], applications); d != "" {
		t.Errorf("applications: %s", d)
	}
	if err := w.Desk.Store.View(t.Context(), func(tx *store.Tx) error {
		all, err := tx.Entries(stage.Actor{Role: stage.Auditor}, store.EntryFilter{Limit: 1})
		if err == nil && (len(all) != 1 || all[0].Position != int64(len(lines)-1) || all[0].Act != lines[len(lines)-1].Act) {
			t.Errorf("the record ends with %+v, the timeline with %+v", all, lines[len(lines)-1])
		}
		return err
	}); err != nil {
		t.Error(err)
	}
}

// nineYears looks for every ending that a title can come to, in the order of the years, and
// for a life that is nine years long.
func nineYears(t *testing.T, lines []play.Line, counts play.Counts, titles ...string) {
	t.Helper()
	at := 0
	for _, act := range append([]string{
		"designation.name", "recheck.pass", "rectification.miss", "designation.revoke", "revocation.finalise", // renewed or kept; not put right
		"revocation.propose", "revocation.close_hearing", "designation.revoke", "revocation.appeal", "designation.reinstate", "plaque.restore", // given back on appeal
		"organisation.merge", "designation.succeed", "designation.inherit", // gone into another organisation
		"recheck.pass", "programme.suspend", "programme.abolish",
	}, titles...) {
		n := slices.IndexFunc(lines[at:], func(l play.Line) bool { return l.Act == act })
		if n < 0 {
			t.Fatalf("no %s after entry %d", act, at)
		}
		at += n + 1
	}
	n := slices.IndexFunc(lines, func(l play.Line) bool { return l.Act == "programme.abolish" })
	if day := calendar.DateOf(lines[n].At); day != play.Begin.AddYears(play.Years) || counts.Programme != "abolished" {
		t.Errorf("it is abolished on %s, and %s", day, counts.Programme)
	}
	for _, key := range slices.Sorted(maps.Keys(counts.Revocations)) {
		if key != "final" && key != "reinstated" {
			t.Errorf("a withdrawal is left %s", key)
		}
	}
}
