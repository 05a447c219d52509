package casework_test

import (
	"slices"
	"strings"
	"testing"

	"shifan/internal/calendar"
	"shifan/internal/casework"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/answer"
	"shifan/internal/lifecycle/application"
	"shifan/internal/lifecycle/organisation"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/record"
	"shifan/internal/store"
	"shifan/internal/testkit"
)

func one(code, statement string) answer.Part {
	return answer.Part{Answers: map[string]answer.Answer{code: {Rating: answer.Meets, Statement: statement, Evidence: []string{"一", "二", "三", "四"}}}}
}

// TestAnApplicationIsFiled: begun, saved, submitted, accepted, with a line in the
// record for each.
func TestAnApplicationIsFiled(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	r := w.OpenRound()
	key := w.Submitted(r)
	a := w.ApplicationOf(key)
	if a.State != application.Submitted || a.Number != "2021-001" || len(a.Digest) != 64 || !a.SubmittedAt.Equal(w.Now()) {
		t.Errorf("%+v", a)
	}
	if err := w.Desk.AcceptApplication(t.Context(), w.Office().Clerk, key); err != nil {
		t.Fatal(err)
	}
	if a = w.ApplicationOf(key); a.State != application.Underway || a.Stage != "review" {
		t.Errorf("accepted: %s in %q", a.State, a.Stage)
	}
	want := []string{
		"application.start →draft applicant", "application.save draft→draft applicant",
		"application.submit draft→submitted applicant", "application.accept submitted→underway clerk",
	}
	if got := w.Record(string(key)); !slices.Equal(got, want) {
		t.Error(got)
	}
	e := w.Entries(string(key))[2].Entry
	if e.Facts["number"] != "2021-001" || e.Facts["digest"] != a.Digest || e.Programme != a.Programme || e.Basis != "办法(一)" {
		t.Errorf("%+v", e)
	}
	if second := w.ApplicationOf(w.Submitted(r)); second.Number != "2021-002" {
		t.Error(second.Number)
	}
}

// TestTheSameFormTwice: a form sent twice is one submission, and the second time
// says the same.
func TestTheSameFormTwice(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	key := w.Drafted(w.OpenRound())
	by, form := w.ApplicantOf(w.ApplicationOf(key).Organisation), w.Desk.SubmissionKey()
	for range 3 {
		if err := w.Desk.SubmitApplication(t.Context(), by, key, 0, form); err != nil {
			t.Fatal(err)
		}
	}
	w.Refused(w.Desk.SubmitApplication(t.Context(), by, key, 0, w.Desk.SubmissionKey()), "stage.not_allowed")
	n := 0
	for _, line := range w.Record(string(key)) {
		if strings.HasPrefix(line, "application.submit") {
			n++
		}
	}
	if n != 1 {
		t.Errorf("%d submissions in the record", n)
	}
	w.Refused(w.Desk.SubmitApplication(t.Context(), w.ApplicantOf(w.Organisation()), key, 0, form), "thing.not_found")
}

// TestTheDeadline: in the last second it is in time; at the instant drafts are
// forfeited, and late is late (S45).
func TestTheDeadline(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	r := w.OpenRound()
	inTime, late := w.Drafted(r), w.Drafted(r)
	by := func(key id.Application) stage.Actor { return w.ApplicantOf(w.ApplicationOf(key).Organisation) }
	w.At("2021-07-10 23:59:59")
	if err := w.Desk.SubmitApplication(t.Context(), by(inTime), inTime, 0, "form"); err != nil {
		t.Error("in the last second:", err)
	}
	w.At("2021-07-11 00:00:00")
	if a := w.ApplicationOf(late); a.State != application.Forfeited {
		t.Error("at the deadline:", a.State)
	}
	if lines := w.Record(string(late)); lines[len(lines)-1] != "application.forfeit draft→forfeited clock" {
		t.Error(lines)
	}
	w.Refused(w.Desk.SubmitApplication(t.Context(), by(late), late, 0, "form"), "application.submit.late")
	w.Refused(w.Desk.SaveApplication(t.Context(), by(late), late, 0, one("0-1", "补写")), "application.submit.late")
	if _, err := w.Desk.StartApplication(t.Context(), w.ApplicantOf(w.Organisation()), r, ""); fault.CodeOf(err) != "application.submit.late" {
		t.Error("begun after the deadline:", err)
	}
	if acts, err := w.Desk.Tick(t.Context()); acts != 0 || err != nil {
		t.Errorf("a second tick does %d acts, %v", acts, err)
	}
}

// TestAnExtensionSavesDrafts: a round-wide extension keeps every draft alive.
func TestAnExtensionSavesDrafts(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	r := w.OpenRound()
	key := w.Drafted(r)
	w.At("2021-07-10 22:00:00")
	if err := w.Desk.ExtendRound(t.Context(), w.Office().Director, r, calendar.MustDate("2021-07-12"), "", "系统故障"); err != nil {
		t.Fatal(err)
	}
	w.At("2021-07-11 00:00:01")
	if a := w.ApplicationOf(key); a.State != application.Draft {
		t.Fatal(a.State)
	}
	if err := w.Desk.SubmitApplication(t.Context(), w.ApplicantOf(w.ApplicationOf(key).Organisation), key, 0, "form"); err != nil {
		t.Error(err)
	}
}

func TestOneApplicationARound(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	r := w.OpenRound()
	o := w.Organisation()
	by := w.ApplicantOf(o)
	key, err := w.Desk.StartApplication(t.Context(), by, r, "")
	if err != nil {
		t.Fatal(err)
	}
	_, err = w.Desk.StartApplication(t.Context(), by, r, "")
	w.Refused(err, "application.start.twice")
	if err := w.Desk.DiscardApplication(t.Context(), by, key); err != nil {
		t.Fatal(err)
	}
	again := w.DraftedBy(r, o)
	if err := w.Desk.SubmitApplication(t.Context(), by, again, 0, "form"); err != nil {
		t.Fatal(err)
	}
	if err := w.Desk.WithdrawApplication(t.Context(), by, again); err != nil {
		t.Fatal(err)
	}
	third := w.DraftedBy(r, o)
	if err := w.Desk.SubmitApplication(t.Context(), by, third, 0, "form"); err != nil {
		t.Fatal(err)
	}
	if got := w.ApplicationOf(third).Number; got != "2021-002" {
		t.Error("the number of what was withdrawn is given again:", got)
	}
	f := funnel(t, w, r)
	if f.Started != 3 || f.Discarded != 1 || f.Received != 2 || f.Withdrawn != 1 || f.Waiting != 1 || len(f.wrong) != 0 {
		t.Errorf("%+v", f)
	}
}

type numbers struct {
	Started, Drafts, Discarded, Forfeited, Received, Waiting, Withdrawn, Declined, Accepted int
	wrong                                                                                   []string
}

func funnel(t *testing.T, w *testkit.World, r id.Round) numbers {
	t.Helper()
	v, err := w.Desk.Round(t.Context(), w.Office().Clerk, r)
	if err != nil {
		t.Fatal(err)
	}
	f := v.Funnel
	return numbers{f.Started, f.Drafts, f.Discarded, f.Forfeited, f.Received, f.Waiting, f.Withdrawn, f.Declined, f.Accepted, v.Wrong}
}

// TestOneJointBranchOneApplication: the branch that covers two organisations
// applies once, for one of them (S44).
func TestOneJointBranchOneApplication(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	r := w.OpenRound()
	first, second := w.Organisation(), w.Organisation()
	mine := w.DraftedBy(r, first)
	body := w.ApplicationOf(mine).Body
	if err := w.Desk.Store.Change(t.Context(), func(tx *store.Tx) (record.Entry, error) {
		return record.Entry{At: w.Now(), Act: "organisation.edit", Thing: string(second)}, tx.Cover(body, second)
	}); err != nil {
		t.Fatal(err)
	}
	_, err := w.Desk.StartApplication(t.Context(), w.ApplicantOf(second), r, "")
	w.Refused(err, "application.party.choose")
	_, err = w.Desk.StartApplication(t.Context(), w.ApplicantOf(second), r, body)
	w.Refused(err, "application.party.twice")
}

// TestACorrection: told once, answered in time with what was there kept beside
// it; or lapsed.
func TestACorrection(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	r := w.OpenRound()
	answered, lapsed := w.Submitted(r), w.Submitted(r)
	clerk := w.Office().Clerk
	w.At("2021-07-12 10:00:00")
	for _, key := range []id.Application{answered, lapsed} {
		if err := w.Desk.RequestCorrection(t.Context(), clerk, key, []application.Defect{{Field: "0-1", Say: "看不出核准日期，请写明。"}}); err != nil {
			t.Fatal(err)
		}
	}
	w.Refused(w.Desk.RequestCorrection(t.Context(), clerk, answered, []application.Defect{{Field: "0-2", Say: "x"}}), "stage.not_allowed")
	by := w.ApplicantOf(w.ApplicationOf(answered).Organisation)
	work, err := w.Desk.Work(t.Context(), by)
	if err != nil || len(work) != 1 || !strings.HasPrefix(work[0].Title, "补正 ") || !work[0].Due.Equal(calendar.MustDate("2021-07-19").End()) {
		t.Error(work, err)
	}
	w.At("2021-07-14")
	w.Refused(w.Desk.CorrectApplication(t.Context(), by, answered, 0, one("0-2", "新的内容")), "application.correct.other")
	if err := w.Desk.CorrectApplication(t.Context(), by, answered, 0, one("0-1", "章程2019年6月30日核准。")); err != nil {
		t.Fatal(err)
	}
	a := w.ApplicationOf(answered)
	if changes := a.Changes(); len(changes) != 1 || changes[0].Field != "0-1" || changes[0].Now.Statement != "章程2019年6月30日核准。" {
		t.Errorf("%+v", changes)
	}
	w.Refused(w.Desk.RequestCorrection(t.Context(), clerk, answered, []application.Defect{{Field: "0-2", Say: "x"}}), "application.request_correction.once")
	w.At("2021-07-19 23:59:59")
	if a := w.ApplicationOf(lapsed); a.State != application.Correcting {
		t.Error("a second early:", a.State)
	}
	w.At("2021-07-20 00:00:00")
	if a := w.ApplicationOf(lapsed); a.State != application.Submitted || !a.Correction.Lapsed {
		t.Error("at the end:", a.State)
	}
	if lines := w.Record(string(lapsed)); lines[len(lines)-1] != "application.lapse correcting→submitted clock" {
		t.Error(lines)
	}
	e := w.Entries(string(answered))
	if e[3].Facts["due"] != "2021-07-19T16:00:00Z" || e[4].Facts["digest"] != a.Digest {
		t.Errorf("%+v", e[3:])
	}
}

// TestDecliningNeedsAGround: only what is not within the programme at all.
func TestDecliningNeedsAGround(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	r := w.OpenRound()
	key := w.Submitted(r)
	clerk := w.Office().Clerk
	w.Refused(w.Desk.DeclineApplication(t.Context(), clerk, key, "不够好"), "application.decline.within")
	v, err := w.Desk.Application(t.Context(), clerk, key)
	if err != nil || len(v.Outside) != 0 || !slices.Contains(v.Acts, "accept") {
		t.Error(v.Outside, v.Acts, err)
	}
	o := w.ApplicationOf(key).Organisation
	if err := w.Desk.Store.Change(t.Context(), func(tx *store.Tx) (record.Entry, error) {
		org, err := tx.Organisation(o)
		org.State = organisation.StruckOff
		if err != nil {
			return record.Entry{}, err
		}
		return record.Entry{At: w.Now(), Act: "organisation.strike_off", Thing: string(o)}, tx.PutOrganisation(&org)
	}); err != nil {
		t.Fatal(err)
	}
	if err := w.Desk.DeclineApplication(t.Context(), clerk, key, "登记已被撤销"); err != nil {
		t.Fatal(err)
	}
	if a := w.ApplicationOf(key); a.State != application.Declined || a.Reason != "登记已被撤销" {
		t.Errorf("%+v", a)
	}
}

// TestTwoTabs: who saves what somebody else changed meanwhile is told so.
func TestTwoTabs(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	key := w.Drafted(w.OpenRound())
	a := w.ApplicationOf(key)
	by := w.ApplicantOf(a.Organisation)
	if err := w.Desk.SaveApplication(t.Context(), by, key, a.Version, one("0-1", "第一个窗口")); err != nil {
		t.Fatal(err)
	}
	if err := w.Desk.SaveApplication(t.Context(), by, key, a.Version, one("0-1", "第二个窗口")); fault.KindOf(err) != fault.Conflict {
		t.Error(err)
	}
	if err := w.Desk.SubmitApplication(t.Context(), by, key, a.Version, "form"); fault.KindOf(err) != fault.Conflict {
		t.Error("submitted without having seen the last change:", err)
	}
	if got := w.ApplicationOf(key).Answers["0-1"].Statement; got != "第一个窗口" {
		t.Error(got)
	}
}

// TestWhoSeesApplications: a draft is its applicant's alone; what was filed is
// also the office's, the chair's and the auditors' of its programme.
func TestWhoSeesApplications(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	r := w.OpenRound()
	draft, filed := w.Drafted(r), w.Submitted(r)
	mine := func(key id.Application) stage.Actor { return w.ApplicantOf(w.ApplicationOf(key).Organisation) }
	name := w.Programme().Name
	for label, tt := range map[string]struct {
		viewer       stage.Actor
		draft, filed bool
	}{
		"the draft's applicant":      {mine(draft), true, false},
		"the filed one's applicant":  {mine(filed), false, true},
		"a clerk":                    {stage.Actor{Role: stage.Clerk, Programme: name}, false, true},
		"another programme's clerk":  {stage.Actor{Role: stage.Clerk, Programme: "other"}, false, false},
		"a director":                 {stage.Actor{Role: stage.Director}, false, true},
		"the chair":                  {stage.Actor{Role: stage.Chair}, false, true},
		"an auditor":                 {stage.Actor{Role: stage.Auditor}, false, true},
		"a member":                   {stage.Actor{Role: stage.Member}, false, false},
		"an assessor":                {stage.Actor{Role: stage.Assessor}, false, false},
		"a scrutineer":               {stage.Actor{Role: stage.Scrutineer}, false, false},
		"an operator":                {stage.Actor{Role: stage.Operator}, false, false},
		"an applicant of no one":     {stage.Actor{Role: stage.Applicant}, false, false},
		"the public":                 {stage.Anyone, false, false},
		"a clerk with their org set": {stage.Actor{Role: stage.Operator, Organisation: w.ApplicationOf(draft).Organisation}, false, false},
	} {
		lines, err := w.Desk.Applications(t.Context(), tt.viewer, casework.ApplicationFilter{})
		if err != nil {
			t.Fatal(err)
		}
		for key, sees := range map[id.Application]bool{draft: tt.draft, filed: tt.filed} {
			if listed := slices.ContainsFunc(lines, func(l casework.ApplicationLine) bool { return l.Application.ID == key }); listed != sees {
				t.Errorf("%s lists %s: %v", label, w.ApplicationOf(key).State, listed)
			}
			if _, err := w.Desk.Application(t.Context(), tt.viewer, key); (err == nil) != sees || err != nil && fault.KindOf(err) != fault.NotFound {
				t.Errorf("%s: %v", label, err)
			}
		}
	}
	other := mine(filed)
	w.Refused(w.Desk.SaveApplication(t.Context(), other, draft, 0, one("0-1", "x")), "thing.not_found")
	w.Refused(w.Desk.AcceptApplication(t.Context(), stage.Actor{Account: "acc_f", Role: stage.Clerk, Programme: "other"}, filed), "thing.not_found")
	w.Refused(w.Desk.AcceptApplication(t.Context(), w.Office().Director, filed), "stage.not_allowed")
}

func TestApplicationsByPage(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	r := w.OpenRound()
	for range 5 {
		w.Submitted(r)
	}
	var numbers []string
	f := casework.ApplicationFilter{Round: r, Limit: 2, States: []stage.State{application.Submitted, application.Underway}}
	for {
		page, err := w.Desk.Applications(t.Context(), w.Office().Clerk, f)
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range page {
			numbers = append(numbers, l.Application.Number)
			f.After = l.Application.ID
		}
		if len(page) < 2 {
			break
		}
	}
	slices.Sort(numbers)
	if !slices.Equal(numbers, []string{"2021-001", "2021-002", "2021-003", "2021-004", "2021-005"}) {
		t.Error(numbers)
	}
	for query, want := range map[string]int{"2021-003": 1, "%": 0, "_": 0, "": 5, "没有": 0} {
		all, err := w.Desk.Applications(t.Context(), w.Office().Clerk, casework.ApplicationFilter{Query: query})
		if err != nil || len(all) != want {
			t.Errorf("%q: %d, %v", query, len(all), err)
		}
	}
}

// TestOpenCalls: an applicant sees where it may apply, what eligibility finds,
// and why it may not begin.
func TestOpenCalls(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	r := w.OpenRound()
	by := w.ApplicantOf(w.Organisation())
	calls, err := w.Desk.OpenCalls(t.Context(), by)
	if err != nil || len(calls) != 1 || calls[0].Blocked != nil || calls[0].Mine != "" || len(calls[0].Checks) < 10 {
		t.Fatalf("%+v %v", calls, err)
	}
	key, err := w.Desk.StartApplication(t.Context(), by, r, "")
	if err != nil {
		t.Fatal(err)
	}
	c, err := w.Desk.OpenCall(t.Context(), by, r)
	if err != nil || c.Mine != key || fault.CodeOf(c.Blocked) != "application.start.twice" {
		t.Errorf("%+v %v", c.Blocked, err)
	}
	ahead, err := w.Desk.Milestones(t.Context())
	if err != nil || len(ahead) == 0 || ahead[0].Word != "申报截止" {
		t.Error(ahead, err)
	}
	w.At("2021-07-11")
	if calls, err := w.Desk.OpenCalls(t.Context(), by); err != nil || len(calls) != 0 {
		t.Error(calls, err)
	}
	if _, err := w.Desk.OpenCall(t.Context(), stage.Actor{Role: stage.Applicant}, r); fault.KindOf(err) != fault.NotFound {
		t.Error(err)
	}
}

// TestARoundIsConcluded: not while applications are under way.
func TestARoundIsConcluded(t *testing.T) {
	t.Parallel()
	for _, withdrawn := range []bool{true, false} {
		w := testkit.New(t)
		r := w.OpenRound()
		w.Drafted(r)
		key := w.Submitted(r)
		by := w.ApplicantOf(w.ApplicationOf(key).Organisation)
		w.At("2021-07-10 23:59:59")
		if withdrawn {
			if err := w.Desk.WithdrawApplication(t.Context(), by, key); err != nil {
				t.Fatal(err)
			}
		}
		w.At("2021-07-12")
		if !withdrawn {
			w.Refused(w.Desk.ConcludeRound(t.Context(), w.Office().Director, r), "round.conclude.unfinished")
			continue
		}
		w.Refused(w.Desk.ConcludeRound(t.Context(), w.Office().Clerk, r), "stage.not_allowed")
		if err := w.Desk.ConcludeRound(t.Context(), w.Office().Director, r); err != nil {
			t.Error(err)
		}
		if f := funnel(t, w, r); f.Forfeited != 1 || f.Withdrawn != 1 || f.Received != 1 {
			t.Errorf("%+v", f)
		}
	}
}

// TestTheProofOfASubmission: whoever may read an application gets the proof of its
// submission, a moment after it and when more was done since.
func TestTheProofOfASubmission(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	key := w.Submitted(w.OpenRound())
	by := w.ApplicantOf(w.ApplicationOf(key).Organisation)
	prove := func(by stage.Actor) (record.Line, error) {
		p, err := w.Desk.ProveApplication(t.Context(), by, key)
		if err != nil {
			return record.Line{}, err
		}
		l, _, err := p.Verify(testkit.Verifier())
		return l, err
	}
	first, err := prove(by)
	if err != nil || first.Act != "application.submit" || first.Facts["digest"] != w.ApplicationOf(key).Digest {
		t.Fatalf("%+v %v", first, err)
	}
	if err := w.Desk.AcceptApplication(t.Context(), w.Office().Clerk, key); err != nil {
		t.Fatal(err)
	}
	if again, err := prove(w.Office().Clerk); err != nil || again.Act != "application.submit" {
		t.Errorf("%+v %v", again, err)
	}
	_, err = prove(w.ApplicantOf(w.Organisation()))
	w.Refused(err, "thing.not_found")
}
