package casework_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"shifan/internal/calendar"
	"shifan/internal/casework"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/application"
	"shifan/internal/lifecycle/item"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/lifecycle/visit"
	"shifan/internal/testkit"
)

// visitable returns a world with a visit arranged for the day returned.
func visitable(t *testing.T) (*testkit.World, id.Application, id.Visit, calendar.Date) {
	t.Helper()
	w := testkit.New(t)
	app := w.Accepted(w.OpenRound())
	w.At("2021-07-20")
	w.Reviewed(app)
	v, on := w.Visitable(app)
	return w, app, v, on
}

func TestAVisitGoesThrough(t *testing.T) {
	t.Parallel()
	w, app, key, on := visitable(t)
	team, org := w.Team(), w.ApplicantOf(w.ApplicationOf(app).Organisation)
	if on.String() != "2021-07-23" {
		t.Errorf("three working days from the 20th: %s", on)
	}
	if err := w.Desk.ConfirmVisit(t.Context(), org, key); err != nil {
		t.Fatal(err)
	}
	a := testkit.Account(w.Criteria(w.VisitOf(app).Round))
	w.Refused(w.Desk.ReportVisit(t.Context(), team[0], key, 0, a), "visit.report.early")
	w.At("2021-07-22 23:59:59")
	w.Refused(w.Desk.RecordVisit(t.Context(), team[1], key, 0, a), "visit.report.early")
	w.At("2021-07-23 00:00:00")
	if err := w.Desk.RecordVisit(t.Context(), team[1], key, 0, a); err != nil {
		t.Fatal(err)
	}
	if err := w.Desk.ReportVisit(t.Context(), team[0], key, 0, a); err != nil {
		t.Fatal(err)
	}
	if err := w.Desk.SignVisit(t.Context(), team[1], key, 1, "指标1-1只是部分达到"); err != nil {
		t.Fatal(err)
	}
	a.Opinion = "partly"
	if err := w.Desk.AmendVisit(t.Context(), team[0], key, 0, a); err != nil {
		t.Fatal(err)
	}
	w.Refused(w.Desk.SignVisit(t.Context(), team[2], key, 1, ""), "visit.sign.edition")
	for n, by := range team {
		if s := w.ApplicationOf(app).Stage; s != "visit" {
			t.Errorf("after %d signatures it is at %s", n, s)
		}
		if err := w.Desk.SignVisit(t.Context(), by, key, 2, map[int]string{1: "保留意见"}[n]); err != nil {
			t.Fatal(err)
		}
	}
	want := []string{
		"visit.begin →planned clock", "visit.team planned→planned clerk", "visit.schedule planned→scheduled clerk", "visit.confirm scheduled→scheduled applicant",
		"visit.record scheduled→scheduled assessor", "visit.report scheduled→reported assessor", "visit.dissent reported→reported assessor",
		"visit.amend reported→reported assessor", "visit.sign reported→reported assessor", "visit.dissent reported→reported assessor", "visit.conclude reported→signed assessor",
	}
	if diff := cmp.Diff(want, w.Record(string(key))); diff != "" {
		t.Error(diff)
	}
	if a := w.ApplicationOf(app); a.Stage != "meeting" {
		t.Errorf("it waits for the committee: %s", a.Stage)
	}
}

func TestWhoSeesAVisit(t *testing.T) {
	t.Parallel()
	w, app, key, on := visitable(t)
	org := w.ApplicantOf(w.ApplicationOf(app).Organisation)
	w.At(on.String())
	if err := w.Desk.ReportVisit(t.Context(), w.Team()[0], key, 0, testkit.Account(w.Criteria(w.VisitOf(app).Round))); err != nil {
		t.Fatal(err)
	}
	v, err := w.Desk.Visit(t.Context(), org, key)
	if err != nil || len(v.Visit.Team) != 3 || v.Visit.Team[0].Account != "" || v.Visit.Opinion != "" || v.Visit.Records != nil || v.Groups != nil || v.Checks != nil {
		t.Errorf("the organisation sees %+v %v", v.Visit, err)
	}
	stranger := w.Person("组外考核员", stage.Assessor)
	for _, by := range []stage.Actor{stranger, w.Person("委员", stage.Member), w.ApplicantOf(w.Organisation()), w.Person("管理员", stage.Operator), stage.Anyone} {
		if _, err := w.Desk.Visit(t.Context(), by, key); fault.KindOf(err) != fault.NotFound {
			t.Errorf("%s sees it: %v", by.Role, err)
		}
		if list, err := w.Desk.Visits(t.Context(), by, casework.VisitFilter{}); err != nil || len(list.Lines) != 0 || list.Total != 0 {
			t.Errorf("%s lists it: %v", by.Role, err)
		}
	}
	if v, err := w.Desk.Visit(t.Context(), w.Team()[2], key); err != nil || len(v.Groups) == 0 || v.Task != "签署考核意见" {
		t.Errorf("a member of the team: %q %v", v.Task, err)
	}
}

func TestAMemberWithAnInterestIsReplaced(t *testing.T) {
	t.Parallel()
	w, app, key, on := visitable(t)
	team, clerk := w.Team(), w.Office().Clerk
	if err := w.Desk.DeclareVisitInterest(t.Context(), team[0], key, "亲属任职"); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Desk.Visit(t.Context(), team[0], key); fault.KindOf(err) != fault.NotFound {
		t.Errorf("still sees it: %v", err)
	}
	w.At(on.String())
	a := testkit.Account(w.Criteria(w.VisitOf(app).Round))
	w.Refused(w.Desk.ReportVisit(t.Context(), team[1], key, 0, a), "visit.team.short")
	fourth := w.Person("考核组员4", stage.Assessor)
	w.Refused(w.Desk.ComposeTeam(t.Context(), clerk, key, 0, []id.Account{team[0].Account, team[1].Account, team[2].Account}, team[1].Account, ""), "visit.team.interest")
	if err := w.Desk.ComposeTeam(t.Context(), clerk, key, 0, []id.Account{team[1].Account, team[2].Account, fourth.Account}, team[1].Account, "原组长回避"); err != nil {
		t.Fatal(err)
	}
	if err := w.Desk.ReportVisit(t.Context(), team[1], key, 0, a); err != nil {
		t.Fatal(err)
	}
}

// TestAnInterestFoundLater is S48: the visit is done again, even when the
// application waits for the committee already.
func TestAnInterestFoundLater(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	round := w.OpenRound()
	app := w.Accepted(round)
	w.Reviewed(app)
	w.Visited(app)
	key, director := w.VisitOf(app).ID, w.Office().Director
	m, items := w.MeetingOn(round, app)
	if err := w.Desk.RedoVisit(t.Context(), director, key, w.Team()[2].Account, "曾在该单位任职"); err != nil {
		t.Fatal(err)
	}
	if a, v := w.ApplicationOf(app), w.VisitOf(app); a.Stage != "visit" || v.State != visit.Planned || v.Opinion != "" || len(v.Team) != 2 {
		t.Errorf("%s %+v", a.Stage, v)
	}
	w.Sitting(m)
	w.Refused(w.Desk.OpenVote(t.Context(), w.Office().Chair, items[0]), "item.opinions.missing")
	if _, err := w.Desk.Visit(t.Context(), w.Team()[2], key); fault.KindOf(err) != fault.NotFound {
		t.Errorf("who should have been recused still sees it: %v", err)
	}
}

func TestADecidedVisitIsNotDoneAgain(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	round := w.OpenRound()
	app := w.Accepted(round)
	w.Reviewed(app)
	w.Visited(app)
	w.Decided(round, app)
	w.Refused(w.Desk.RedoVisit(t.Context(), w.Office().Director, w.VisitOf(app).ID, w.Team()[2].Account, "曾在该单位任职"), "visit.redo.decided")
}

func TestTheOrganisationProposesAnotherDay(t *testing.T) {
	t.Parallel()
	w, app, key, _ := visitable(t)
	org := w.ApplicantOf(w.ApplicationOf(app).Organisation)
	if err := w.Desk.ProposeVisit(t.Context(), org, key, calendar.MustDate("2021-07-21"), "14:00", "23日换届"); err != nil {
		t.Fatal(err)
	}
	work, err := w.Desk.Work(t.Context(), w.Office().Clerk)
	if err != nil || len(work) != 1 || work[0].URL != "/visits/"+string(key) {
		t.Errorf("%+v %v", work, err)
	}
	slot := visit.Slot{On: calendar.MustDate("2021-07-21"), At: "14:00", Place: "该单位会议室"}
	if err := w.Desk.ScheduleVisit(t.Context(), w.Office().Clerk, key, 0, slot, "按对方提议"); err != nil {
		t.Fatal(err)
	}
	if v := w.VisitOf(app); v.On.String() != "2021-07-21" || !v.Answer.Confirmed {
		t.Errorf("%+v", v)
	}
}

func TestAVisitIsWaived(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	app := w.Accepted(w.OpenRound())
	w.Reviewed(app)
	key := w.VisitOf(app).ID
	w.Refused(w.Desk.WaiveVisit(t.Context(), w.Office().Director, key, "路远"), "visit.waive.all")
	w.Refused(w.Desk.WaiveVisit(t.Context(), w.Office().Chair, key, ""), "review.text")
	if err := w.Desk.WaiveVisit(t.Context(), w.Office().Chair, key, "上月刚由省里考核"); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"visit.begin →planned clock", "visit.waive planned→waived chair"}, w.Record(string(key))); diff != "" {
		t.Error(diff)
	}
	if a := w.ApplicationOf(app); a.Stage != "meeting" {
		t.Error(a.Stage)
	}
}

// TestTheCommitteeDecides leads applications through a real meeting (S52–S54).
func TestTheCommitteeDecides(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	round := w.OpenRound()
	yes, no, early := w.Accepted(round), w.Accepted(round), w.Accepted(round)
	for _, app := range []id.Application{yes, no} {
		w.Reviewed(app)
		w.Visited(app)
	}
	w.Reviewed(early) // not visited yet
	clerk, chair := w.Office().Clerk, w.Office().Chair
	w.Grant(w.Team()[2], stage.Member) // who visited does not decide on it
	member := w.Members()[0]
	draft := w.Convened(round)
	_, err := w.Desk.ListItem(t.Context(), clerk, draft, item.Subject{Kind: "application", ID: string(early)})
	w.Refused(err, "item.opinions.missing")
	v, err := w.Desk.Meeting(t.Context(), clerk, draft)
	waits := func(key id.Application) bool {
		return slices.ContainsFunc(v.Waiting, func(f item.Facts) bool { return f.Subject.ID == string(key) })
	}
	if err != nil || len(v.Waiting) != 2 || !waits(yes) || !waits(no) {
		t.Errorf("what waits for the committee: %+v %v", v.Waiting, err)
	}
	m, items := w.MeetingOn(round, yes)
	w.Refused(w.Desk.CloseMeeting(t.Context(), chair, m), "stage.not_allowed")
	v, err = w.Desk.Meeting(t.Context(), clerk, m)
	if err != nil || len(v.Waiting) != 0 {
		t.Errorf("an agenda that went out takes nothing more: %v %v", v.Waiting, err)
	}
	if got := v.Items[0]; got.Recommendation != "recommend" || got.Opinion != "meets" || !got.Recused(w.Team()[2].Account) || got.Recused(member.Account) {
		t.Errorf("%+v", got)
	}
	w.Sitting(m)
	w.Voted(items[0], "aye", "")
	if a := w.ApplicationOf(yes); a.Stage != "meeting" {
		t.Errorf("a decision takes effect when the meeting closes: %s", a.Stage)
	}
	if err := w.Desk.CloseMeeting(t.Context(), chair, m); err != nil {
		t.Fatal(err)
	}
	if a := w.ApplicationOf(yes); a.State != application.Underway || a.Stage != "publicity" {
		t.Errorf("carried: %s %s", a.State, a.Stage)
	}

	m2, items := w.MeetingOn(round, no)
	w.Sitting(m2)
	w.Voted(items[0], "no", "规模尚小，明年再议")
	if err := w.Desk.CloseMeeting(t.Context(), chair, m2); err != nil {
		t.Fatal(err)
	}
	if a := w.ApplicationOf(no); a.State != application.NotChosen || a.Reason != "规模尚小，明年再议" {
		t.Errorf("lost: %s %q", a.State, a.Reason)
	}
	lines := w.Record(string(no))
	if last := lines[len(lines)-1]; last != "application.pass_over underway→not_chosen chair" {
		t.Errorf("%v", lines)
	}
	all, err := w.Desk.Applications(t.Context(), clerk, casework.ApplicationFilter{Stage: "publicity"})
	if err != nil || len(all) != 1 {
		t.Errorf("%d wait for the publicity, %v", len(all), err)
	}
}
