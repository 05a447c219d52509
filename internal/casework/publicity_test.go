package casework_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"shifan/internal/calendar"
	"shifan/internal/casework"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/application"
	"shifan/internal/lifecycle/publicity"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/store"
	"shifan/internal/testkit"
)

// publicised is a world in which n applications were made public on 2021-09-01:
// until 2021-09-08 24:00.
func publicised(t *testing.T, n int, settings ...string) (*testkit.World, []id.Application, id.Publicity) {
	t.Helper()
	w := testkit.New(t)
	if len(settings) > 0 {
		w.Reconfigure(settings...)
	}
	apps := w.Carried(w.OpenRound(), n)
	w.At("2021-09-01 10:00:00")
	return w, apps, w.Publicised(apps...)
}

func appState(t *testing.T, w *testkit.World, key id.Application) (a application.Application) {
	t.Helper()
	if err := w.Desk.Store.View(t.Context(), func(tx *store.Tx) (err error) {
		a, err = tx.Application(key)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return a
}

func publicityOf(t *testing.T, w *testkit.World, key id.Publicity) casework.PublicityView {
	t.Helper()
	v, err := w.Desk.Publicity(t.Context(), w.Office().Director, key)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// TestTheListIsServed: nothing happens in the last second, and at 24:00 the clock
// clears everybody and selects their applications (S56, S58).
func TestTheListIsServed(t *testing.T) {
	t.Parallel()
	w, apps, key := publicised(t, 3)
	w.At("2021-09-08 23:59:59")
	if v := publicityOf(t, w, key); v.Publicity.State != publicity.Running || appState(t, w, apps[0]).State != application.Underway || v.Left != 0 || v.Served != 5 {
		t.Errorf("a second early: %s, %d left, day %d", v.Publicity.State, v.Left, v.Served)
	}
	w.At("2021-09-09 00:00:00")
	if v := publicityOf(t, w, key); v.Publicity.State != publicity.Served || v.Funnel.Cleared != 3 || v.Funnel.Publicised != 3 || v.Funnel.Held != 0 {
		t.Errorf("at 24:00: %+v", v.Publicity.State)
	}
	for _, a := range apps {
		if appState(t, w, a).State != application.Selected {
			t.Errorf("%s is not selected", a)
		}
	}
	want := []string{"publicity.draft →drafted clerk", "publicity.publish drafted→running director", "publicity.post running→running clerk", "publicity.serve running→served clock"}
	if got := w.Record(string(key)); !slices.Equal(got, want) {
		t.Errorf("the record: %q", got)
	}
	if got := w.Record(string(apps[0])); !strings.Contains(got[len(got)-1], "application.select underway→selected clock") {
		t.Errorf("the record: %q", got)
	}
	acts, err := w.Desk.Tick(t.Context())
	if err != nil || acts != 0 {
		t.Errorf("twice: %d %v", acts, err)
	}
}

// TestUnpostedIsNotServed: a list of which nobody knows that it was really posted
// has not been public (S55).
func TestUnpostedIsNotServed(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	round := w.OpenRound()
	apps := w.Carried(round, 1)
	w.At("2021-09-01 10:00:00")
	key := w.DraftedPublicity(round)
	if err := w.Desk.PublishPublicity(t.Context(), w.Office().Director, key, 0, calendar.DateOf(w.Now()), false); err != nil {
		t.Fatal(err)
	}
	w.At("2021-09-13 09:00:00")
	v := publicityOf(t, w, key)
	if v.Publicity.State != publicity.Running || fault.CodeOf(v.Blocked) != "publicity.serve.unposted" || !v.ObjectionsOpen() {
		t.Errorf("%s %v", v.Publicity.State, v.Blocked)
	}
	items, err := w.Desk.Work(t.Context(), w.Office().Clerk)
	if err != nil || !slices.ContainsFunc(items, func(i casework.WorkItem) bool { return strings.HasSuffix(i.URL, "/post") }) {
		t.Errorf("the clerk is not asked: %+v %v", items, err)
	}
	// It was on the site from the 2nd: one day later.
	posted := calendar.MustDate("2021-09-02").Start().Add(9 * time.Hour)
	if err := w.Desk.PostPublicity(t.Context(), w.Office().Clerk, key, publicity.Posting{URL: "https://example.org/1", At: posted}, false); err != nil {
		t.Fatal(err)
	}
	if v = publicityOf(t, w, key); v.Publicity.Last.String() != "2021-09-09" {
		t.Errorf("the last day is %s", v.Publicity.Last)
	}
	w.At("2021-09-13 09:01:00")
	if appState(t, w, apps[0]).State != application.Selected {
		t.Error("served by now, and not selected")
	}
}

func TestTheListIsWhatTheCommitteeCarried(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	round, office := w.OpenRound(), w.Office()
	if _, err := w.Desk.DraftPublicity(t.Context(), office.Clerk, round, publicity.Plan{Title: "公示"}); fault.CodeOf(err) != "publicity.draft.nobody" {
		t.Errorf("nobody waits: %v", err)
	}
	w.Carried(round, 1)
	key := w.DraftedPublicity(round)
	if _, err := w.Desk.DraftPublicity(t.Context(), office.Clerk, round, publicity.Plan{Title: "公示"}); fault.CodeOf(err) != "publicity.draft.nobody" {
		t.Errorf("two lists of the same: %v", err)
	}
	w.Carried(round, 1)
	today := calendar.DateOf(w.Now())
	if err := w.Desk.PublishPublicity(t.Context(), office.Director, key, 0, today, false); fault.CodeOf(err) != "publicity.publish.stale" {
		t.Errorf("a list that lacks one: %v", err)
	}
	v := publicityOf(t, w, key)
	if !v.Stale || v.Other.Last == v.Period.Last {
		t.Errorf("stale %v, %s and %s", v.Stale, v.Period.Last, v.Other.Last)
	}
	if err := w.Desk.EditPublicity(t.Context(), office.Clerk, key, v.Publicity.Version+1, v.Publicity.Plan()); fault.KindOf(err) != fault.Conflict {
		t.Errorf("an old version: %v", err)
	}
	if err := w.Desk.EditPublicity(t.Context(), office.Clerk, key, v.Publicity.Version, v.Publicity.Plan()); err != nil {
		t.Fatal(err)
	}
	if err := w.Desk.PublishPublicity(t.Context(), office.Director, key, 0, today.AddDays(-1), false); fault.CodeOf(err) != "publicity.publish.before_real" {
		t.Errorf("checked for yesterday: %v", err)
	}
	if err := w.Desk.PublishPublicity(t.Context(), office.Director, key, 0, today, false); err != nil {
		t.Fatal(err)
	}
	if v = publicityOf(t, w, key); len(v.Candidates) != 2 || !strings.Contains(v.Publicity.Snapshot, v.Candidates[1].Name) {
		t.Errorf("%+v", v.Candidates)
	}
	// Cancelled drafts give their names back.
	w.Carried(round, 1)
	second := w.DraftedPublicity(round)
	if err := w.Desk.CancelPublicity(t.Context(), office.Clerk, second, "合并公示"); err != nil {
		t.Fatal(err)
	}
	w.DraftedPublicity(round)
	foreign := stage.Actor{Account: "acc_x", Role: stage.Director, Programme: "another"}
	if err := w.Desk.WithdrawPublicity(t.Context(), foreign, key, "x"); fault.KindOf(err) != fault.NotFound {
		t.Errorf("another programme's director: %v", err)
	}
}

// TestACorrectionRestarts: on 3 September all five days begin anew, for everybody
// to see; with the other setting one is added.
func TestACorrectionRestarts(t *testing.T) {
	t.Parallel()
	for setting, last := range map[string]string{"restart": "2021-09-10", "extend": "2021-09-09"} {
		t.Run(setting, func(t *testing.T) {
			t.Parallel()
			var w *testkit.World
			var key id.Publicity
			var apps []id.Application
			if setting == "restart" {
				w, apps, key = publicised(t, 2)
			} else {
				w, apps, key = publicised(t, 2, "on_correction: restart", "on_correction: extend")
			}
			w.At("2021-09-03 09:00:00")
			v := publicityOf(t, w, key)
			change := casework.Correction{Plan: v.Publicity.Plan(), Names: map[id.Candidate]string{v.Candidates[0].ID: "吉林省𠮷田协会"}, Reason: "名称有误"}
			if err := w.Desk.CorrectPublicity(t.Context(), w.Office().Director, key, v.Publicity.Version, change); err != nil {
				t.Fatal(err)
			}
			if err := w.Desk.CorrectPublicity(t.Context(), w.Office().Director, key, v.Publicity.Version, change); fault.KindOf(err) != fault.Conflict {
				t.Errorf("an old version: %v", err)
			}
			v = publicityOf(t, w, key)
			if v.Publicity.Last.String() != last || v.Candidates[0].Name != "吉林省𠮷田协会" || len(v.Publicity.Changes) != 2 {
				t.Errorf("%s %+v", v.Publicity.Last, v.Publicity.Changes)
			}
			w.At("2021-09-09 00:00:00")
			if appState(t, w, apps[0]).State != application.Underway {
				t.Error("selected after the first five days")
			}
			w.At(v.Publicity.Last.AddDays(1).String() + " 00:00:00")
			if appState(t, w, apps[0]).State != application.Selected || w.CandidateOf(apps[0]).State != publicity.Cleared {
				t.Error("not selected at the end")
			}
		})
	}
}

func TestAnOutageRestarts(t *testing.T) {
	t.Parallel()
	w, _, key := publicised(t, 1)
	w.At("2021-09-07 09:00:00")
	at := func(s string) time.Time { return calendar.MustDate(s).Start() }
	if err := w.Desk.InterruptPublicity(t.Context(), w.Office().Clerk, key, at("2021-09-06"), at("2021-09-07").Add(8*time.Hour), "网站检修", false); err != nil {
		t.Fatal(err)
	}
	if v := publicityOf(t, w, key); v.Publicity.Last.String() != "2021-09-14" {
		t.Errorf("%s", v.Publicity.Last)
	}
}

// TestTheChangedArrangementIsReported: a day off decreed while the list is public
// makes a report and moves nothing; the end waits for the director.
func TestTheChangedArrangementIsReported(t *testing.T) {
	t.Parallel()
	w, apps, key := publicised(t, 1)
	w.At("2021-09-03 09:00:00")
	const decreed = `{"year":2021,"title":"关于2021年9月8日放假的通知","published_on":"2021-09-03","amends":true,"off":["2021-09-08"],"work":[]}`
	if _, err := w.Desk.ImportCalendar(t.Context(), casework.Console, []byte(decreed)); err != nil {
		t.Fatal(err)
	}
	effects, err := w.Desk.CalendarReport(t.Context(), w.Office().Clerk)
	if err != nil || !slices.ContainsFunc(effects, func(e calendar.Effect) bool { return e.Thing == string(key) && e.Would.String() == "2021-09-09" }) {
		t.Errorf("the report: %+v %v", effects, err)
	}
	v := publicityOf(t, w, key)
	if v.Publicity.Last.String() != "2021-09-08" || v.Period.Last.String() != "2021-09-08" || fault.CodeOf(v.Blocked) != "publicity.serve.short" {
		t.Errorf("it moved: %s %s %v", v.Publicity.Last, v.Period.Last, v.Blocked)
	}
	w.At("2021-09-09 09:00:00")
	if appState(t, w, apps[0]).State != application.Underway {
		t.Error("selected a day short")
	}
	if err := w.Desk.RecountPublicity(t.Context(), w.Office().Director, key); err != nil {
		t.Fatal(err)
	}
	w.At("2021-09-10 00:00:00")
	if appState(t, w, apps[0]).State != application.Selected {
		t.Error("not selected after the full days")
	}
}

// TestTheYearIsNotLoaded: the end is a guess; it has to be acknowledged and waits
// for the arrangement (facts.md §2.4).
func TestTheYearIsNotLoaded(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	round := w.OpenRound()
	apps := w.Carried(round, 1)
	w.At("2026-12-28 10:00:00")
	key := w.DraftedPublicity(round)
	publish := func(acknowledged bool) error {
		return w.Desk.PublishPublicity(t.Context(), w.Office().Director, key, 0, calendar.DateOf(w.Now()), acknowledged)
	}
	if err := publish(false); fault.CodeOf(err) != "publicity.publish.provisional" {
		t.Errorf("unacknowledged: %v", err)
	}
	if err := publish(true); err != nil {
		t.Fatal(err)
	}
	if err := w.Desk.PostPublicity(t.Context(), w.Office().Clerk, key, publicity.Posting{URL: "https://example.org/1", At: w.Now()}, false); err != nil {
		t.Fatal(err)
	}
	v := publicityOf(t, w, key)
	if !v.Period.Provisional || v.Publicity.Last.String() != "2027-01-05" || !strings.Contains(v.Period.Chinese(), "暂算") {
		t.Errorf("%+v", v.Period)
	}
	w.At("2027-01-06 09:00:00")
	if v = publicityOf(t, w, key); v.Publicity.State != publicity.Running || fault.CodeOf(v.Blocked) != "publicity.serve.provisional" {
		t.Errorf("%s %v", v.Publicity.State, v.Blocked)
	}
	// The arrangement makes 27 December worked, so that the guess was long enough.
	if _, err := w.Desk.ImportCalendar(t.Context(), casework.Console, []byte(year2027)); err != nil {
		t.Fatal(err)
	}
	w.At("2027-01-06 09:01:00")
	if appState(t, w, apps[0]).State != application.Selected {
		t.Error("not selected once the year is known")
	}
}

func TestWithdrawnListsCountForNothing(t *testing.T) {
	t.Parallel()
	w, apps, key := publicised(t, 2)
	w.At("2021-09-06 09:00:00")
	if err := w.Desk.WithdrawPublicity(t.Context(), w.Office().Director, key, "名单有误，另行公示"); err != nil {
		t.Fatal(err)
	}
	w.At("2021-09-10 09:00:00")
	if appState(t, w, apps[0]).State != application.Underway {
		t.Error("selected by a list that was taken back")
	}
	if v, err := w.Desk.Publicity(t.Context(), stage.Anyone, key); err != nil || v.Publicity.State != publicity.Withdrawn {
		t.Errorf("the public no longer sees that it was taken back: %v", err)
	}
	again := w.Publicised(apps...)
	w.Cleared(apps...)
	if v := publicityOf(t, w, again); v.Publicity.State != publicity.Served || v.Funnel.Publicised != 2 || appState(t, w, apps[1]).State != application.Selected {
		t.Errorf("%+v", v.Funnel)
	}
	if err := w.Desk.TakeDownPublicity(t.Context(), w.Office().Clerk, again, w.Now()); err != nil {
		t.Error(err)
	}
}

func TestHomeAndMilestones(t *testing.T) {
	t.Parallel()
	w, _, key := publicised(t, 2)
	w.At("2021-09-03 09:00:00")
	home, err := w.Desk.Home(t.Context())
	if err != nil || len(home.Publicities) != 1 || home.Publicities[0].Left != 3 || home.Publicities[0].Served != 2 || home.Publicities[0].Candidates != 2 || home.Publicities[0].Objection == "" {
		t.Errorf("%+v %v", home.Publicities, err)
	}
	ahead, err := w.Desk.Milestones(t.Context())
	if err != nil || !slices.ContainsFunc(ahead, func(m casework.Milestone) bool {
		return m.Word == "公示结束" && m.At.Equal(calendar.MustDate("2021-09-09").Start())
	}) {
		t.Errorf("%+v %v", ahead, err)
	}
	if _, err := w.Desk.Publicity(t.Context(), stage.Anyone, key); err != nil {
		t.Error(err)
	}
	draft := stage.Actor{Role: stage.Clerk}
	w.Carried(publicityOf(t, w, key).Publicity.Round, 1)
	items, err := w.Desk.Work(t.Context(), draft)
	if err != nil || !slices.ContainsFunc(items, func(i casework.WorkItem) bool { return strings.HasPrefix(i.URL, "/publicities/new") }) {
		t.Errorf("%+v %v", items, err)
	}
}
