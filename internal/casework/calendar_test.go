package casework_test

import (
	"testing"

	"shifan/internal/calendar"
	"shifan/internal/casework"
	"shifan/internal/fault"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/testkit"
)

const year2027 = `{"year":2027,"title":"关于2027年部分节假日安排的通知","published_on":"2026-11-20",
	"off":["2027-01-01","2027-01-02","2027-01-03"],"work":["2026-12-27"]}`

// amended makes Monday 2021-07-12 a day off and Sunday 2021-07-11 worked.
const amended = `{"year":2021,"title":"关于调整2021年7月休息日的通知","published_on":"2021-06-25","amends":true,
	"off":["2021-07-12"],"work":["2021-07-11"]}`

func TestImportCalendar(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	v, err := w.Desk.CalendarYear(t.Context(), 2027)
	if err != nil || v.Known || len(v.Documents) != 0 {
		t.Errorf("2027 before: known %v, %v", v.Known, err)
	}
	rep, err := w.Desk.ImportCalendar(t.Context(), casework.Console, []byte(year2027))
	// Seven days: the one made up, and six that were guesses from the statute.
	if err != nil || len(rep.Changed) != 7 || rep.Changed[0].Becomes.Date.String() != "2026-12-27" || rep.Before == rep.After {
		t.Errorf("%+v %v", rep, err)
	}
	v, err = w.Desk.CalendarYear(t.Context(), 2027)
	if err != nil || !v.Known || len(v.Documents) != 1 || v.Months[0].Working != 20 || v.Working != 260 {
		t.Errorf("2027 after: known %v, January %d, all %d, %v", v.Known, v.Months[0].Working, v.Working, err)
	}
	if _, err := w.Desk.ImportCalendar(t.Context(), casework.Console, []byte(year2027)); fault.CodeOf(err) != "calendar.import.again" {
		t.Errorf("the same file twice: %v", err)
	}
	if _, err := w.Desk.ImportCalendar(t.Context(), casework.Console, []byte(`{"year":2027}`)); fault.KindOf(err) != fault.Invalid {
		t.Errorf("a bad file: %v", err)
	}
	for _, by := range []stage.Actor{w.Office().Clerk, w.Office().Director, stage.Anyone} {
		if _, err := w.Desk.ImportCalendar(t.Context(), by, []byte(amended)); fault.KindOf(err) != fault.NotFound {
			t.Errorf("%s imports: %v", by.Role, err)
		}
		if _, err := w.Desk.PreviewCalendar(t.Context(), by, []byte(amended)); fault.KindOf(err) != fault.NotFound {
			t.Errorf("%s previews: %v", by.Role, err)
		}
	}
}

// TestAChangedArrangementReportsAndShiftsNothing: a published deadline keeps its
// day and its calendar; the report names it (facts.md §2.1).
func TestAChangedArrangementReportsAndShiftsNothing(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	plan := testkit.Plan2021()
	plan.RestDay = calendar.RollForward
	office := w.Office()
	key, err := w.Desk.DraftRound(t.Context(), office.Clerk, w.Programme().Name, plan)
	if err != nil {
		t.Fatal(err)
	}
	w.At("2021-06-21 15:56:00")
	if err := w.Desk.PublishRound(t.Context(), office.Director, key, []string{"filing_days"}); err != nil {
		t.Fatal(err)
	}
	before, err := w.Desk.Round(t.Context(), office.Clerk, key)
	if err != nil || before.Round.LastDay.String() != "2021-07-12" {
		t.Fatal(before.Round.LastDay, err)
	}
	if effects, err := w.Desk.CalendarReport(t.Context(), office.Clerk); err != nil || len(effects) != 0 {
		t.Errorf("effects before: %v %v", effects, err)
	}
	preview, err := w.Desk.PreviewCalendar(t.Context(), casework.Console, []byte(amended))
	if err != nil || len(preview.Effects) != 1 || len(preview.Changed) != 2 {
		t.Errorf("preview: %+v %v", preview, err)
	}
	if _, err := w.Desk.ImportCalendar(t.Context(), casework.Console, []byte(amended)); err != nil {
		t.Fatal(err)
	}
	effects, err := w.Desk.CalendarReport(t.Context(), office.Clerk)
	if err != nil || len(effects) != 1 || effects[0].Thing != string(key) || effects[0].Would.String() != "2021-07-11" {
		t.Errorf("effects after: %v %v", effects, err)
	}
	if items, err := w.Desk.Work(t.Context(), office.Director); err != nil || len(items) != 1 || items[0].URL != "/calendar/report" {
		t.Errorf("the director's work: %+v %v", items, err)
	}
	after, err := w.Desk.Round(t.Context(), office.Clerk, key)
	if err != nil || !after.Round.Deadline.Equal(before.Round.Deadline) || after.Round.CalendarVersion != before.Round.CalendarVersion {
		t.Errorf("the published deadline moved: %v %v", after.Round.Deadline, err)
	}
	if _, err := w.Desk.CalendarReport(t.Context(), stage.Anyone); fault.KindOf(err) != fault.NotFound {
		t.Errorf("the public sees the report: %v", err)
	}
}
