package casework_test

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"shifan/internal/calendar"
	"shifan/internal/casework"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/application"
	"shifan/internal/lifecycle/item"
	"shifan/internal/lifecycle/meeting"
	"shifan/internal/lifecycle/objection"
	"shifan/internal/lifecycle/publicity"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/play"
	"shifan/internal/store"
	"shifan/internal/testkit"
)

func objectionOf(t *testing.T, w *testkit.World, key id.Objection) (o objection.Objection) {
	t.Helper()
	if err := w.Desk.Store.View(t.Context(), func(tx *store.Tx) (err error) {
		o, err = tx.Objection(key)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return o
}

// resolve has the committee decide a founded objection, eight days from now.
func resolve(t *testing.T, w *testkit.World, key id.Objection, upheld bool) {
	t.Helper()
	ctx, office := t.Context(), w.Office()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	voters := []stage.Actor{office.Chair, w.Person("委员甲", stage.Member), w.Person("委员乙", stage.Member)}
	on := w.Now().Add(8 * 24 * time.Hour)
	m, err := w.Desk.ConveneMeeting(ctx, office.Clerk, w.Programme().Name, meeting.Plan{Title: "复议会议", At: on, Place: "会议室", Presiding: office.Chair.Account})
	must(err)
	v, err := w.Desk.Meeting(ctx, office.Clerk, m)
	must(err)
	if !slices.ContainsFunc(v.Waiting, func(f item.Facts) bool { return f.Subject.ID == string(key) }) {
		t.Fatalf("the objection does not wait for the committee: %+v", v.Waiting)
	}
	i, err := w.Desk.ListItem(ctx, office.Clerk, m, item.Subject{Kind: "objection", ID: string(key)})
	must(err)
	must(w.Desk.CirculateMeeting(ctx, office.Clerk, m))
	w.At(on.Format("2006-01-02 15:04:05"))
	for _, by := range voters {
		must(w.Desk.SignIntoMeeting(ctx, by, m, by.Account))
	}
	must(w.Desk.OpenMeeting(ctx, office.Chair, m))
	must(w.Desk.OpenVote(ctx, office.Chair, i))
	for _, by := range voters[1:] {
		must(w.Desk.Vote(ctx, by, i, map[bool]string{true: "aye", false: "no"}[upheld]))
	}
	must(w.Desk.Vote(ctx, office.Chair, i, map[bool]string{true: "aye", false: "no"}[upheld]))
	must(w.Desk.CloseVote(ctx, office.Chair, i))
	must(w.Desk.Declare(ctx, office.Chair, i, "", ""))
	must(w.Desk.CloseMeeting(ctx, office.Chair, m))
}

// TestOneObjectionHoldsOnlyItsOwn: two others go on at the end of the period, and
// the one is cleared when the objection is answered as unfounded (S58).
func TestOneObjectionHoldsOnlyItsOwn(t *testing.T) {
	t.Parallel()
	w, apps, key := publicised(t, 3)
	w.At("2021-09-08 23:59:59") // the last second
	r := w.Objected(apps[1])
	if r.Objection.State != objection.Received || r.Objection.Number != 1 || len(r.Code) != 19 || r.AnswerIn != 10 {
		t.Errorf("%+v", r)
	}
	w.At("2021-09-09 00:00:00")
	for n, want := range []stage.State{application.Selected, application.Underway, application.Selected} {
		if got := appState(t, w, apps[n]).State; got != want {
			t.Errorf("application %d is %s, want %s", n, got, want)
		}
	}
	if v := publicityOf(t, w, key); v.Open != 1 || v.Funnel.Held != 1 || v.Funnel.Cleared != 2 {
		t.Errorf("%d open, %+v", v.Open, v.Funnel)
	}
	w.At("2021-09-09 09:00:00")
	w.Inquired(r.Objection.ID)
	ctx, office := t.Context(), w.Office()
	no := objection.Conclusion{Summary: "反映年报没有公开", Finding: "年报已按期公开"}
	if err := w.Desk.ConcludeObjection(ctx, office.Clerk, r.Objection.ID, no); err != nil {
		t.Fatal(err)
	}
	if appState(t, w, apps[1]).State != application.Underway {
		t.Error("the handler alone cleared it")
	}
	if err := w.Desk.AnswerObjection(ctx, office.Director, r.Objection.ID, "经查，年报已按期公开，异议不成立。"); err != nil {
		t.Fatal(err)
	}
	if appState(t, w, apps[1]).State != application.Selected || w.CandidateOf(apps[1]).State != publicity.Cleared {
		t.Error("an unfounded objection still holds its candidate")
	}
	want := []string{
		"objection.file →received public", "objection.admit received→admitted clerk", "objection.assign admitted→investigating director",
		"objection.ask investigating→investigating clerk", "objection.reply investigating→investigating applicant",
		"objection.conclude_unfounded investigating→unfounded clerk", "objection.answer unfounded→answered director",
	}
	if got := w.Record(string(r.Objection.ID)); !slices.Equal(got, want) {
		t.Errorf("the record: %q", got)
	}
	status, err := w.Desk.ObjectionStatus(ctx, strings.ToUpper(r.Code))
	if err != nil || status.Objection.Answer == "" || status.Objection.Finding != "" || status.Objection.Reply != "" {
		t.Errorf("the objector reads %+v, %v", status.Objection, err)
	}
}

// TestASecondLater: at 24:00 it is a report, and holds nobody up, whether or not
// the clock has been there.
func TestASecondLater(t *testing.T) {
	t.Parallel()
	w, apps, key := publicised(t, 1)
	w.At("2021-09-09 00:00:00")
	r := w.Objected(apps[0])
	if r.Objection.State != objection.Transferred || r.Objection.Why != objection.Late {
		t.Errorf("%+v", r.Objection)
	}
	if err := w.Desk.AdmitObjection(t.Context(), w.Office().Clerk, r.Objection.ID); fault.CodeOf(err) != "stage.not_allowed" {
		t.Errorf("a report becomes a case: %v", err)
	}
	if publicityOf(t, w, key).Open != 0 || appState(t, w, apps[0]).State != application.Selected {
		t.Error("a report holds its candidate up")
	}
	want := []string{"objection.file →received public", "objection.transfer received→transferred clock"}
	if got := w.Record(string(r.Objection.ID)); !slices.Equal(got, want) {
		t.Errorf("the record: %q", got)
	}
}

// TestAFoundedObjection goes back to the committee, which takes the candidate out
// or lets it go on (S58).
func TestAFoundedObjection(t *testing.T) {
	t.Parallel()
	for name, upheld := range map[string]bool{"upheld": true, "overruled": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, apps, key := publicised(t, 2)
			w.At("2021-09-06 09:00:00")
			r := w.Objected(apps[0])
			w.Inquired(r.Objection.ID)
			yes := objection.Conclusion{Founded: true, Summary: "反映年报没有公开", Finding: "2020年度年报至今没有公开"}
			if err := w.Desk.ConcludeObjection(t.Context(), w.Office().Clerk, r.Objection.ID, yes); err != nil {
				t.Fatal(err)
			}
			resolve(t, w, r.Objection.ID, upheld)
			app, c, o := appState(t, w, apps[0]), w.CandidateOf(apps[0]), objectionOf(t, w, r.Objection.ID)
			if upheld && (app.State != application.NotChosen || c.State != publicity.Upheld || o.State != objection.Upheld || o.Decision == "" || app.Reason == "") {
				t.Errorf("%s %s %s", app.State, c.State, o.State)
			}
			if !upheld && (app.State != application.Selected || c.State != publicity.Cleared || o.State != objection.Overruled) {
				t.Errorf("%s %s %s", app.State, c.State, o.State)
			}
			if appState(t, w, apps[1]).State != application.Selected {
				t.Error("the other candidate was held")
			}
			if err := w.Desk.AnswerObjection(t.Context(), w.Office().Director, r.Objection.ID, "会议已作出决定。"); err != nil {
				t.Error(err)
			}
			if v := publicityOf(t, w, key); v.Open != 0 || len(v.Funnel.Reconcile()) != 0 && v.Funnel.Publicised != v.Funnel.Cleared+v.Funnel.Upheld {
				t.Errorf("%+v", v.Funnel)
			}
		})
	}
}

// TestSentTwice: the same form is one case with one receipt, and the same words
// from the same person are refused with the number of the first.
func TestSentTwice(t *testing.T) {
	t.Parallel()
	w, apps, key := publicised(t, 1)
	w.At("2021-09-03 09:00:00")
	c, code := w.CandidateOf(apps[0]).ID, w.Desk.ObjectionCode()
	f := objection.Filing{Channel: objection.Web, Name: "柳树林", Contact: "0431-55550199", Text: "年报没有公开。"}
	first, err := w.Desk.FileObjection(t.Context(), stage.Anyone, c, f, code)
	if err != nil {
		t.Fatal(err)
	}
	second, err := w.Desk.FileObjection(t.Context(), stage.Anyone, c, f, code)
	if err != nil || second.Objection.ID != first.Objection.ID || second.Code != first.Code {
		t.Errorf("the same form: %+v %v", second.Objection, err)
	}
	if _, err := w.Desk.FileObjection(t.Context(), stage.Anyone, c, f, w.Desk.ObjectionCode()); fault.CodeOf(err) != "objection.file.twice" {
		t.Errorf("the same words: %v", err)
	}
	if v := publicityOf(t, w, key); v.Publicity.Objections != 1 || v.Open != 1 {
		t.Errorf("%d objections, %d open", v.Publicity.Objections, v.Open)
	}
	for _, typed := range []string{"", "abcd", strings.Repeat("z", 16), first.Code + "0", "\x00"} {
		if _, err := w.Desk.ObjectionStatus(t.Context(), typed); fault.CodeOf(err) != "objection.code.unknown" {
			t.Errorf("%q: %v", typed, err)
		}
	}
	wide := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r - '0' + '０'
		}
		return r
	}, first.Code)
	if _, err := w.Desk.ObjectionStatus(t.Context(), wide); err != nil {
		t.Errorf("full-width digits: %v", err)
	}
	if err := w.Desk.WithdrawObjection(t.Context(), first.Code); err != nil {
		t.Error(err)
	}
	if o := objectionOf(t, w, first.Objection.ID); !o.Open() || o.WithdrawnAt.IsZero() {
		t.Errorf("taking it back ended it: %+v", o)
	}
}

// TestHandlersHaveNoInterest: who acts for the organisation does not look into an
// objection against it.
func TestHandlersHaveNoInterest(t *testing.T) {
	t.Parallel()
	w, apps, _ := publicised(t, 1)
	w.At("2021-09-03 09:00:00")
	r := w.Objected(apps[0])
	tied := w.PersonWith("兼职经办人", casework.Grant{Role: stage.Clerk}, casework.Grant{Role: stage.Applicant, Organisation: r.Objection.Organisation})
	ctx, office := t.Context(), w.Office()
	if err := w.Desk.AdmitObjection(ctx, office.Clerk, r.Objection.ID); err != nil {
		t.Fatal(err)
	}
	if err := w.Desk.AssignObjection(ctx, office.Director, r.Objection.ID, tied.Account); fault.CodeOf(err) != "inquiry.assign.interest" {
		t.Errorf("one with a tie: %v", err)
	}
	if err := w.Desk.AssignObjection(ctx, office.Director, r.Objection.ID, office.Chair.Account); fault.CodeOf(err) != "inquiry.assign.nobody" {
		t.Errorf("no clerk: %v", err)
	}
	v, err := w.Desk.Objection(ctx, office.Director, r.Objection.ID)
	if err != nil || len(v.Handlers) != 2 || v.Objector == nil || v.Objector.Name != "柳树林" {
		t.Errorf("%+v %v", v, err)
	}
	if v, err = w.Desk.Objection(ctx, office.Clerk, r.Objection.ID); err != nil || v.Objector != nil {
		t.Errorf("a clerk without the case reads who objected: %+v %v", v.Objector, err)
	}
	if err := w.Desk.AssignObjection(ctx, office.Director, r.Objection.ID, office.Clerk.Account); err != nil {
		t.Fatal(err)
	}
	if v, err = w.Desk.Objection(ctx, office.Clerk, r.Objection.ID); err != nil || v.Objector == nil {
		t.Errorf("the handler does not: %v", err)
	}
}

// TestFilesOfAnObjection: what an objector sends along with the query code is kept once,
// its digest stands in the record, its handler and the director open it and nobody else
// does, and when the case is over nothing more is taken.
func TestFilesOfAnObjection(t *testing.T) {
	t.Parallel()
	w, apps, _ := publicised(t, 1)
	w.At("2021-09-03 09:00:00")
	r, ctx, office := w.Objected(apps[0]), t.Context(), w.Office()
	send := func(code, name string, b []byte) error {
		return w.Desk.AttachToObjection(ctx, code, name, bytes.NewReader(b))
	}
	scan := play.PDF("年报", "没有公开。")
	w.Refused(send("0000-0000-0000-0000", "年报.pdf", scan), "objection.code.unknown")
	w.Refused(send(r.Code, "年报.pdf", nil), "evidence.file.empty")
	ok(t, send(r.Code, "年报.pdf", scan))
	ok(t, send(strings.ToUpper(r.Code), "又一份.pdf", scan))
	status, err := w.Desk.ObjectionStatus(ctx, r.Code)
	if err != nil || len(status.Files) != 1 || status.Files[0].Name != "年报.pdf" || status.Files[0].SHA256 == "" {
		t.Fatalf("%+v %v", status.Files, err)
	}
	file, lines := status.Files[0], w.Entries(string(r.Objection.ID))
	if e := lines[len(lines)-1].Entry; e.Act != "objection.attach" || e.Facts["sha256"] != file.SHA256 {
		t.Errorf("the record says %+v", e)
	}
	ok(t, w.Desk.AdmitObjection(ctx, office.Clerk, r.Objection.ID))
	reads := func(by stage.Actor) bool {
		_, in, err := w.Desk.OpenAttachment(ctx, by, file.ID)
		if err == nil {
			ok(t, in.Close())
		} else if fault.KindOf(err) != fault.NotFound {
			t.Error(err)
		}
		v, _ := w.Desk.Objection(ctx, by, r.Objection.ID)
		if (len(v.Files) == 1) != (err == nil) {
			t.Errorf("%s opens it: %v, and sees %d in the list", by.Role, err, len(v.Files))
		}
		return err == nil
	}
	if !reads(office.Director) || reads(office.Clerk) {
		t.Error("before the case is given: the director alone")
	}
	ok(t, w.Desk.AssignObjection(ctx, office.Director, r.Objection.ID, office.Clerk.Account))
	if !reads(office.Clerk) || reads(w.ApplicantOf(r.Objection.Organisation)) || reads(testkit.TheAuditor) || reads(office.Chair) || reads(stage.Anyone) {
		t.Error("its handler, and nobody else")
	}
	ok(t, w.Desk.ConcludeObjection(ctx, office.Clerk, r.Objection.ID, objection.Conclusion{Summary: "反映年报。", Finding: "已公开。"}))
	w.Refused(send(r.Code, "第二份.pdf", play.PDF("年报", "二")), "stage.not_allowed")
}

// TestTheObjectorIsNowhereElse: neither the record nor any view of the
// organisation, the committee or the public holds the name or the contact.
func TestTheObjectorIsNowhereElse(t *testing.T) {
	t.Parallel()
	w, apps, key := publicised(t, 1)
	w.At("2021-09-03 09:00:00")
	r := w.Objected(apps[0])
	w.Inquired(r.Objection.ID)
	var seen []any
	for _, e := range w.Entries("") {
		seen = append(seen, e.Entry)
	}
	for _, by := range []stage.Actor{w.ApplicantOf(r.Objection.Organisation), w.Office().Chair, testkit.TheAuditor, w.Person("委员", stage.Member), stage.Anyone} {
		all, err := w.Desk.Objections(t.Context(), by, casework.ObjectionFilter{})
		if err != nil {
			t.Fatal(err)
		}
		p, err := w.Desk.Publicity(t.Context(), by, key)
		if err != nil {
			t.Fatal(err)
		}
		work, err := w.Desk.Work(t.Context(), by)
		if err != nil {
			t.Fatal(err)
		}
		seen = append(seen, all, p.Publicity, p.Candidates, work)
		if v, err := w.Desk.Objection(t.Context(), by, r.Objection.ID); err == nil {
			seen = append(seen, v)
		}
	}
	text, err := json.Marshal(seen)
	if err != nil {
		t.Fatal(err)
	}
	for _, canary := range []string{"柳树林", "0431-55550199", "2020年度的年报没有公开"} {
		if strings.Contains(string(text), canary) {
			t.Errorf("%q is told", canary)
		}
	}
}

// TestALetterCounts by its postmark, also when it comes after the end: then it
// stands against somebody who was cleared, and may still take them out.
func TestALetterCounts(t *testing.T) {
	t.Parallel()
	w, apps, _ := publicised(t, 1)
	w.At("2021-09-13 09:00:00")
	c := w.CandidateOf(apps[0])
	f := objection.Filing{Channel: objection.Letter, Name: "柳树林", Contact: "长春市某街", Text: "年报没有公开。", On: calendar.MustDate("2021-09-08")}
	r, err := w.Desk.FileObjection(t.Context(), w.Office().Clerk, c.ID, f, "")
	if err != nil || c.State != publicity.Cleared || r.Objection.State != objection.Received {
		t.Fatalf("%+v %v", r.Objection, err)
	}
	w.Inquired(r.Objection.ID)
	yes := objection.Conclusion{Founded: true, Summary: "反映年报没有公开", Finding: "属实"}
	if err := w.Desk.ConcludeObjection(t.Context(), w.Office().Clerk, r.Objection.ID, yes); err != nil {
		t.Fatal(err)
	}
	resolve(t, w, r.Objection.ID, true)
	if appState(t, w, apps[0]).State != application.Disqualified || w.CandidateOf(apps[0]).State != publicity.Upheld {
		t.Errorf("%s", appState(t, w, apps[0]).State)
	}
}
