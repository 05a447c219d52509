package casework_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"shifan/internal/calendar"
	"shifan/internal/casework"
	"shifan/internal/id"
	"shifan/internal/lifecycle/fact"
	"shifan/internal/lifecycle/item"
	"shifan/internal/lifecycle/meeting"
	"shifan/internal/lifecycle/plaque"
	"shifan/internal/lifecycle/rectification"
	"shifan/internal/store"
	"shifan/internal/testkit"
)

// elsewhere are the chapters that ask something of a clerk only where a programme is set so,
// or nothing, each with the test that shows it. Every other one is in TestAwayForAMonth.
var elsewhere = map[string]string{
	"calendar":    "asks the director and the chair: TestAChangedArrangementReportsAndShiftsNothing",
	"interest":    "TestNobodyWorksUndeclared: where a programme asks for it",
	"draw":        "TestTeamsAreDrawn, TestDrawFails",
	"plan":        "TestAnUnannouncedCheck",
	"calibration": "TestCalibrationBeforeTheVisit: where a programme asks for it",
}

// TestAwayForAMonth: a clerk who was away for a month finds on one page what is to be done,
// first what is longest overdue, last what has no limit, and nothing that any chapter asks is
// missing there. A chapter that is new fails until this world has something of it.
func TestAwayForAMonth(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	f, ctx, office := w.Furnish(), t.Context(), w.Office()
	w.StoryOffered(f.Titles[0])
	ok(t, w.Desk.AssignMisuse(ctx, office.Director, f.Misuse.Report.ID, office.Clerk.Account))
	declares := w.ApplicantOf(w.Organisation())
	org, err := w.Desk.Organisation(ctx, declares, declares.Organisation)
	ok(t, err)
	facts := org.Organisation.Facts
	facts.Metrics = append(slices.Clone(facts.Metrics), fact.Metric{Name: "会员数", Unit: "家", Year: 2020, Values: [3]int{30, 35, 40}})
	ok(t, w.Desk.EditFacts(ctx, declares, declares.Organisation, 0, facts))
	read, reviewed, waits := w.Accepted(f.Round), w.Accepted(f.Round), w.Accepted(f.Round) // a review, a visit and a meeting to be held
	w.Reviewed(reviewed)
	w.Reviewed(waits)
	w.Visited(waits)
	w.Carried(f.Round, 1) // to be publicised
	title := w.TitleOf(w.Designation())
	w.Fill(1, func(tx *store.Tx, _ int) error {
		return tx.AddRectification(&rectification.Rectification{
			ID: id.New[id.Rectification](w.Desk.Rand), Programme: title.Programme, Designation: title.ID, Organisation: title.Organisation,
			State: rectification.Ordered, Items: []rectification.Item{{Say: "恢复活动场所"}}, OrderedAt: w.Now(),
		})
	})
	w.Fill(1, func(tx *store.Tx, _ int) error { // a second plaque, to be handed over
		q := w.PlaqueOf(title.ID)
		q.ID, q.Number, q.Code, q.Copy, q.Replaces, q.State = id.New[id.Plaque](w.Desk.Rand), q.Number+"-2", plaque.NewCode(w.Desk.Rand), 2, q.ID, plaque.Ordered
		return tx.AddPlaque(&q)
	})
	w.At(calendar.DateOf(w.Now()).AddDays(31).String())

	v, err := w.Desk.Waiting(ctx, office.Clerk)
	ok(t, err)
	asked, chapters, err := w.Desk.Asked(ctx, office.Clerk)
	ok(t, err)
	for _, c := range chapters {
		if len(asked[c]) == 0 && elsewhere[c] == "" {
			t.Errorf("nothing of %s waits in this world: let it have something, or say where it is shown", c)
		}
		for _, i := range asked[c] {
			if !slices.Contains(v.Items, i) {
				t.Errorf("%s asks for %q, which is not on the page", c, i.Title)
			}
			if i.Title == "" || i.URL == "" || i.Stage == "" {
				t.Errorf("%s: %+v does not say what to do, or where", c, i)
			}
		}
	}
	overdue, urgent := 0, time.Time{}
	for n, i := range v.Items {
		switch {
		case i.Due.IsZero():
			urgent = w.Now().AddDate(99, 0, 0) // nothing that has a limit comes after it
		case i.Due.Before(urgent):
			t.Errorf("line %d, %q, is due on %s and stands below what has more time", n+1, i.Title, i.Due)
		default:
			if urgent = i.Due; i.Due.Before(w.Now()) {
				overdue++
			}
		}
	}
	if overdue < 3 || len(v.Beyond) > 0 {
		t.Errorf("%d things are overdue, of %d kinds there is more: %+v", overdue, len(v.Beyond), v.Items)
	}
	var decided id.Meeting
	for _, i := range v.Items {
		if i.Title == "写会议记录，出具纪要" {
			decided = id.Meeting(strings.TrimPrefix(i.URL, "/meetings/"))
		}
	}
	for what, url := range map[string]string{
		"a review": "/reviews/" + string(w.ReviewOf(read).ID), "a visit": "/visits/" + string(w.VisitOf(reviewed).ID),
		"an application to accept": "/applications/" + string(f.Submitted), "a meeting to call": "/meetings/new",
		"a meeting to write down": "/meetings/" + string(decided),
	} {
		if !slices.ContainsFunc(v.Items, func(i casework.WorkItem) bool { return i.URL == url }) {
			t.Errorf("%s is not on the page", what)
		}
	}
	ok(t, w.Desk.MinuteMeeting(ctx, office.Clerk, decided, 0, "会议听取了初审和考核情况汇报。"))
	m, err := w.Desk.ConveneMeeting(ctx, office.Clerk, w.Programme().Name, meeting.Plan{
		Round: f.Round, Title: "第二次会议", At: w.Now().AddDate(0, 0, 9), Place: "三楼会议室", Presiding: office.Chair.Account,
	})
	ok(t, err)
	work, err := w.Desk.Work(ctx, office.Clerk)
	ok(t, err)
	for _, i := range work {
		if i.URL == "/meetings/"+string(decided) || i.URL == "/meetings/new" {
			t.Errorf("%q is done", i.Title)
		}
	}
	if !slices.ContainsFunc(work, func(i casework.WorkItem) bool {
		return i.URL == "/meetings/"+string(m) && i.Title == "列入会议：1件申报待审定"
	}) {
		t.Error("nobody says which meeting what waits is to be put before")
	}
	_, err = w.Desk.ListItem(ctx, office.Clerk, m, item.Subject{Kind: "application", ID: string(waits)})
	ok(t, err)
	if work, err = w.Desk.Work(ctx, office.Clerk); err != nil || slices.ContainsFunc(work, func(i casework.WorkItem) bool { return strings.HasPrefix(i.Title, "列入会议") }) {
		t.Errorf("it is on the agenda: %v", err)
	}
}
