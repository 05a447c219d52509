package casework_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"shifan/internal/archive"
	"shifan/internal/casework"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/assessment"
	"shifan/internal/lifecycle/calibration"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/testkit"
)

// requiring makes of the world's programme one that asks for the exercise.
func requiring(w *testkit.World) {
	w.Reconfigure("\n  team_min: 3\n", "\n  team_min: 3\n  calibration: required\n")
}

// sampleOf writes a whole sample about a round.
func sampleOf(w *testkit.World, of id.Round, title string) calibration.Sample {
	s := calibration.Sample{Title: title, Answers: map[string]string{}, Reference: map[string]assessment.Finding{}}
	for _, i := range calibration.Asked(w.Criteria(of)) {
		s.Answers[i.Code], s.Reference[i.Code] = "样本写明的情况。", assessment.Finding{Rating: "meets", Score: i.Points}
	}
	return s
}

// issued gives a sample out.
func issued(w *testkit.World, of id.Round, title string) id.Calibration {
	w.Helper()
	clerk := w.Office().Clerk
	key, err := w.Desk.PrepareCalibration(w.Context(), clerk, of, title)
	if err == nil {
		err = w.Desk.IssueCalibration(w.Context(), clerk, key, 1, sampleOf(w, of, title))
	}
	if err != nil {
		w.Fatal(err)
	}
	return key
}

// marksOf are marks of which every one is the same.
func marksOf(w *testkit.World, of id.Round, rating string) map[string]assessment.Finding {
	all := map[string]assessment.Finding{}
	for _, i := range calibration.Asked(w.Criteria(of)) {
		all[i.Code] = assessment.Finding{Rating: rating, Score: i.Points}
	}
	return all
}

func worksOn(w *testkit.World, by stage.Actor) (n int) {
	w.Helper()
	items, err := w.Desk.Work(w.Context(), by)
	if err != nil {
		w.Fatal(err)
	}
	for _, i := range items {
		if i.Stage == calibration.Kind.Label {
			n++
		}
	}
	return n
}

// TestCalibrationBeforeTheVisit: where it is required nobody scores or signs before it is
// done; nothing that was found is lost, and nothing of the exercise is in a result.
func TestCalibrationBeforeTheVisit(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	requiring(w)
	round := w.OpenRound()
	app := w.Accepted(round)
	w.At("2021-07-20")
	w.Reviewed(app)
	v, on := w.Visitable(app)
	w.At(on.String() + " 10:00:00")
	team, account := w.Team(), testkit.Account(w.Criteria(round))
	report := func() error { return w.Desk.ReportVisit(t.Context(), team[0], v, 0, account) }
	if err := report(); fault.CodeOf(err) != "calibration.required.none" || worksOn(w, w.Office().Clerk) != 1 {
		t.Errorf("no sample was given out: %v", err)
	}
	key := issued(w, round, "样本一")
	if err := report(); fault.CodeOf(err) != "calibration.required.unfinished" {
		t.Errorf("the sample is not marked: %v", err)
	}
	if _, err := w.Desk.SyncVisit(t.Context(), team[0], v, casework.Sync{}); fault.CodeOf(err) != "calibration.required.unfinished" {
		t.Errorf("a device scores before: %v", err)
	}
	if err := w.Desk.RecordVisit(t.Context(), w.Office().Clerk, v, 0, assessment.Account{}); err != nil {
		t.Errorf("the office types in what is on paper: %v", err)
	}
	if seen, err := w.Desk.Visit(t.Context(), team[0], v); err != nil || fault.CodeOf(seen.Unready) != "calibration.required.unfinished" {
		t.Errorf("the visit's page does not say so: %v %v", seen.Unready, err)
	}
	if worksOn(w, w.Office().Clerk) != 0 || worksOn(w, team[0]) != 1 {
		t.Error("the sample waits for the assessor on the work page, and nothing for the clerk")
	}
	for _, by := range team[:2] {
		if err := w.Desk.MarkCalibration(t.Context(), by, key, marksOf(w, round, "partly")); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Desk.MarkCalibration(t.Context(), team[0], key, marksOf(w, round, "meets")); fault.CodeOf(err) != "calibration.mark.twice" {
		t.Error(err)
	}
	if err := report(); err != nil || worksOn(w, team[0]) != 0 {
		t.Fatalf("who is done may report: %v", err)
	}
	sign := func(n int) error { return w.Desk.SignVisit(t.Context(), team[n], v, 1, "") }
	if err := sign(2); fault.CodeOf(err) != "calibration.required.unfinished" {
		t.Errorf("the third signs before the exercise: %v", err)
	}
	if err := w.Desk.WithdrawCalibration(t.Context(), w.Office().Clerk, key, "样本有误"); err != nil {
		t.Fatal(err)
	}
	second := issued(w, round, "样本二")
	for _, by := range team {
		if err := w.Desk.MarkCalibration(t.Context(), by, second, marksOf(w, round, "fails")); err != nil {
			t.Fatal(err)
		}
	}
	for n := range team {
		if err := sign(n); err != nil {
			t.Fatal(err)
		}
	}
	scores, err := w.Desk.Scores(t.Context(), w.Office().Clerk, round)
	if err != nil || len(scores.Rows) != 1 || scores.Agreement.Raters != 0 {
		t.Errorf("marks of the exercise are in the scores: %+v %v", scores, err)
	}
	if got := w.VisitOf(app).Findings; got[calibration.Asked(w.Criteria(round))[0].Code].Rating != "meets" {
		t.Errorf("the visit found %+v", got)
	}
}

// TestCalibrationIsOffered: where it is not required, nothing waits for it.
func TestCalibrationIsOffered(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	round := w.OpenRound()
	app := w.Accepted(round)
	issued(w, round, "样本一")
	w.At("2021-07-20")
	w.Reviewed(app)
	w.Visited(app)
	if worksOn(w, w.Team()[0]) != 1 {
		t.Error("the offer stands on the work page")
	}
}

// TestCalibrationIsMarkedAlone: who sees which marks, and who none.
func TestCalibrationIsMarkedAlone(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	round := w.OpenRound()
	clerk, team := w.Office().Clerk, w.Team()
	key := issued(w, round, "样本一")
	sees := func(by stage.Actor, marks int, reference bool) {
		t.Helper()
		v, err := w.Desk.Calibration(t.Context(), by, key)
		if err != nil || len(v.Marks) != marks || (v.Reference != nil) != reference {
			t.Errorf("%s sees %d marks, reference %v: %v", by.Role, len(v.Marks), v.Reference != nil, err)
		}
	}
	sees(team[0], 0, false)
	for _, by := range team[:2] {
		if err := w.Desk.MarkCalibration(t.Context(), by, key, marksOf(w, round, map[bool]string{true: "meets", false: "fails"}[by == team[0]])); err != nil {
			t.Fatal(err)
		}
	}
	sees(team[0], 2, true)
	sees(team[2], 0, false)
	sees(clerk, 2, true)
	sees(w.Office().Chair, 2, true)
	if v, err := w.Desk.Calibrations(t.Context(), team[2], round); err != nil || len(v.Strict) != 0 || v.Lines[0].Marked != 0 || v.Assessors != nil {
		t.Errorf("who has not marked learns something from the chart: %+v %v", v, err)
	}
	v, err := w.Desk.Calibrations(t.Context(), clerk, round)
	if err != nil || len(v.Strict) != 2 || v.Strict[0].Name != "考核组员2" || v.Strict[0].Shift >= 0 || len(v.Assessors) != 3 || v.Assessors[2].Done != 0 {
		t.Errorf("%+v %v", v, err)
	}
	draft, err := w.Desk.PrepareCalibration(t.Context(), clerk, round, "没有发出的")
	if err != nil {
		t.Fatal(err)
	}
	foreign := w.PersonWith("别处的经办人", casework.Grant{Role: stage.Clerk, Programme: "another-programme"})
	for _, by := range []stage.Actor{foreign, w.Members()[0], stage.Anyone, team[0]} {
		of := key
		if by == team[0] {
			of = draft
		}
		if _, err := w.Desk.Calibration(t.Context(), by, of); fault.KindOf(err) != fault.NotFound {
			t.Errorf("%s: %v", by.Role, err)
		}
		if err := w.Desk.WithdrawCalibration(t.Context(), by, of, "撤"); fault.KindOf(err) != fault.NotFound {
			t.Errorf("%s: %v", by.Role, err)
		}
	}
	if _, err := w.Desk.Calibrations(t.Context(), foreign, round); fault.KindOf(err) != fault.NotFound {
		t.Error(err)
	}
	if err := w.Desk.EditCalibration(t.Context(), clerk, key, 0, calibration.Sample{Title: "改"}); fault.KindOf(err) != fault.Refused {
		t.Errorf("a sample that is out is changed: %v", err)
	}
}

// TestCalibrationInTheArchive: the package says the sample, the reference and what each
// gave, and nobody's name; a sample that nobody was given is not there.
func TestCalibrationInTheArchive(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	requiring(w)
	round := w.OpenRound()
	key, team := issued(w, round, "样本一"), w.Team()
	for n, rating := range []string{"meets", "partly"} {
		if err := w.Desk.MarkCalibration(t.Context(), team[n], key, marksOf(w, round, rating)); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := w.Desk.PrepareCalibration(t.Context(), w.Office().Clerk, round, "没有发出的样本"); err != nil {
		t.Fatal(err)
	}
	dir, done, err := packed(t, w, round)
	if err != nil {
		t.Fatal(err)
	}
	if r, err := archive.Verify(dir); err != nil || !r.Holds() {
		t.Fatalf("%+v %v", r, err)
	}
	n := 0
	for _, f := range done.Manifest.Files {
		if !strings.Contains(f.Path, "校准练习") || !strings.HasSuffix(f.Path, ".txt") {
			continue
		}
		n++
		b, err := os.ReadFile(filepath.Join(dir, f.Path))
		if err != nil {
			t.Fatal(err)
		}
		text := string(b)
		for _, want := range []string{"样本一", "参考：达到", "评分人1：", "评分人2：", "部分达到", "【宽严】", "不计入结果"} {
			if !strings.Contains(text, want) {
				t.Errorf("it does not say %q: %s", want, text)
			}
		}
		if strings.Contains(text, "考核组员") || strings.Contains(text, "没有发出") {
			t.Errorf("it says who marked, or what nobody was given: %s", text)
		}
	}
	if n != 1 {
		t.Errorf("%d samples", n)
	}
}
