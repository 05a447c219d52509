package casework_test

import (
	"fmt"
	"strings"
	"testing"

	"shifan/internal/casework"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/checklist"
	"shifan/internal/lifecycle/score"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/testkit"
)

// scoredPairs make of the shipped programme one in which the visit scores two
// indicators: 3 points worth 60, with a floor of the group, and 40 points by level.
var scoredPairs = []string{
	"\n  method: pass_fail\n", "\n  method: scored\n  pass_mark: 60\n",
	"\n  - code: \"3\"\n", "\n  - code: \"3\"\n    floor: 20\n",
	"使用方式；照片去掉位置信息。\n", "使用方式；照片去掉位置信息。\n        judged: scored\n        points: 3\n        weight: 60\n",
	"考核时发放问卷，只统计份数和结果。\n", "考核时发放问卷，只统计份数和结果。\n        judged: graded\n        points: 40\n" +
		"        levels: [{title: 优, points: 40, text: 九成以上满意}, {title: 良, points: 20, text: 七成以上满意}, {title: 差, points: 0, text: 不到七成}]\n",
}

// scoredOn brings an accepted application to a signed visit at which each of the team gave
// their own points, as listed, and the team jointly those of the first.
func scoredOn(w *testkit.World, app id.Application, n int, place, content [3]int) {
	w.Helper()
	round := w.ApplicationOf(app).Round
	w.Reviewed(app)
	v, on := w.Visitable(app)
	w.At(on.String() + " 10:00:00")
	criteria := w.Criteria(round)
	for m, by := range w.Team() {
		var edits []checklist.Edit
		say := func(field, value string) {
			edits = append(edits, checklist.Edit{ID: id.Edit(fmt.Sprintf("edit-%d-%d-%02d", n, m, len(edits))), Field: field, Value: value})
		}
		for _, i := range criteria {
			if i.At == "visit" {
				say("marks."+i.Code+".rating", "meets")
			}
		}
		say("marks.3-5.score", fmt.Sprint(place[m]))
		say("marks.4-7.score", fmt.Sprint(content[m]))
		if refused := syncing(w, by, v, edits...); len(refused) > 0 {
			w.Fatal(refused)
		}
	}
	a := testkit.Account(criteria)
	for code, points := range map[string]int{"3-5": place[0], "4-7": content[0]} {
		f := a.Findings[code]
		f.Score = points
		a.Findings[code] = f
	}
	for _, err := range []error{
		w.Desk.ReportVisit(w.Context(), w.Team()[0], v, 0, a), w.Desk.SignVisit(w.Context(), w.Team()[0], v, 1, ""),
		w.Desk.SignVisit(w.Context(), w.Team()[1], v, 1, ""), w.Desk.SignVisit(w.Context(), w.Team()[2], v, 1, ""),
	} {
		if err != nil {
			w.Fatal(err)
		}
	}
}

func TestScoresAndDryRun(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	w.Reconfigure(scoredPairs...)
	round := w.OpenRound()
	clerk := w.Office().Clerk
	v, err := w.Desk.Scores(t.Context(), clerk, round)
	if err != nil || len(v.Rows) != 0 || fault.CodeOf(v.Refused) != "score.adjust.raters" || v.Agreement.Known {
		t.Fatalf("nothing was scored: %+v %v", v, err)
	}
	var apps []id.Application
	for range 4 {
		apps = append(apps, w.Accepted(round))
	}
	w.At("2021-07-20")
	given := []struct{ place, content [3]int }{{[3]int{3, 2, 3}, [3]int{40, 20, 40}}, {[3]int{2, 1, 2}, [3]int{40, 20, 40}}, {[3]int{1, 0, 1}, [3]int{40, 20, 40}}, {[3]int{2, 2, 3}, [3]int{20, 20, 40}}}
	for n, g := range given {
		scoredOn(w, apps[n], n, g.place, g.content)
	}
	if v, err = w.Desk.Scores(t.Context(), clerk, round); err != nil || v.Refused != nil {
		t.Fatal(err, v.Refused)
	}
	// 60+40, 40+40, 20+40 and 40+20 of 100; the third stays at the floor of its group
	for i, want := range []string{"100", "80", "60", "60"} {
		r := v.Rows[i]
		if score.Said(r.Result.Total) != want || !r.Result.Passes() || r.Rank != []int{1, 2, 3, 3}[i] || r.Members.N != 3 {
			t.Errorf("row %d: %s, rank %d, %v, %s", i, score.Said(r.Result.Total), r.Rank, r.Result.Short, r.Members)
		}
	}
	counted, err := w.Desk.RoundStatistics(t.Context(), clerk, round)
	if s := counted.Scores; err != nil || s.N != 4 || s.Most != 100 || score.Said(s.Low) != "60" || score.Said(s.Highest) != "100" {
		t.Errorf("the round's statistics spread other totals: %+v %v", counted.Scores, err)
	}
	if len(v.Strict) != 3 || v.Strict[0].Name != "考核组员2" || v.Strict[0].Shift > -10 || !v.Agreement.Known || v.Agreement.Raters != 3 {
		t.Errorf("the second member is strict: %+v, %s", v.Strict, v.Agreement)
	}
	if v.Rows[0].Members.String() != "3人评分：60至100，中位数100，平均86又2/3" {
		t.Error(v.Rows[0].Members)
	}
	for _, by := range []stage.Actor{w.Team()[0], w.Members()[0], w.ApplicantOf(w.ApplicationOf(apps[0]).Organisation)} {
		if _, err := w.Desk.Scores(t.Context(), by, round); fault.KindOf(err) != fault.NotFound {
			t.Errorf("%s sees scores: %v", by.Role, err)
		}
	}
	dryRuns(t, w, round)
	if err := declare(w, clerk, casework.NewTie{Organisation: w.ApplicationOf(apps[0]).Name, Kind: "kin", Reason: "亲属任职"}); err != nil {
		t.Fatal(err)
	}
	v, err = w.Desk.Scores(t.Context(), clerk, round)
	if err != nil || len(v.Rows) != 3 || !v.Partial {
		t.Errorf("who has an interest sees %d rows: %v", len(v.Rows), err)
	}
}

func dryRuns(t *testing.T, w *testkit.World, round id.Round) {
	t.Helper()
	clerk := w.Office().Clerk
	old := loaded(w)
	before := w.Record(string(round))
	for name, tt := range map[string]struct {
		pairs []string
		diff  int
		code  string
	}{
		"nothing":              {nil, 0, ""},
		"a higher mark":        {[]string{"pass_mark: 60", "pass_mark: 61"}, 2, ""},
		"strictly":             {[]string{"pass_mark: 60", "pass_mark: 60\n  strictly: true"}, 2, ""},
		"a higher floor":       {[]string{"floor: 20", "floor: 21"}, 1, ""},
		"another weight":       {[]string{"weight: 60", "weight: 30"}, 2, ""}, // 70, 60, 50 and 40
		"an indicator of then": {[]string{"同一活动不在几项里重复计数。\n", "同一活动不在几项里重复计数。\n        judged: scored\n        points: 3\n"}, 0, "score.dry_run.unasked"},
		"a broken file":        {[]string{"pass_mark: 60", "pass_mark: 600"}, 0, "programme.load.file"},
		"another programme":    {[]string{"name: jilin-party-building-base", "name: other-base"}, 0, "score.dry_run.programme"},
	} {
		text := old
		for i := 0; i+1 < len(tt.pairs); i += 2 {
			if strings.Count(text, tt.pairs[i]) == 0 {
				t.Fatalf("%s: %q is not in the file", name, tt.pairs[i])
			}
			text = strings.Replace(text, tt.pairs[i], tt.pairs[i+1], 1)
		}
		r, err := w.Desk.TryProgramme(t.Context(), clerk, round, []byte(text))
		if tt.code != "" {
			if fault.CodeOf(err) != tt.code {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		if err != nil || r.Differing() != tt.diff || len(r.Lines) != 4 || (len(r.Changed) == 0) != (tt.pairs == nil) {
			t.Errorf("%s: %d differ, changed %v: %v", name, r.Differing(), r.Changed, err)
		}
	}
	if after := w.Record(string(round)); len(after) != len(before) {
		t.Error("a dry run writes")
	}
	if _, err := w.Desk.TryProgramme(t.Context(), w.Members()[0], round, []byte(old)); fault.KindOf(err) != fault.NotFound {
		t.Error(err)
	}
}

// loaded is the programme's file as it was loaded last.
func loaded(w *testkit.World) string {
	w.Helper()
	v, err := w.Desk.Programme(w.Context(), stage.Anyone, w.Programme().Name)
	if err != nil {
		w.Fatal(err)
	}
	return v.Versions[0].File
}
