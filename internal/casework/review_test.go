package casework_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"shifan/internal/calendar"
	"shifan/internal/casework"
	"shifan/internal/fault"
	"shifan/internal/lifecycle/application"
	"shifan/internal/lifecycle/fact"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/review"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/play"
	"shifan/internal/testkit"
)

func TestAReviewGoesThrough(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	office := w.Office()
	app := w.Accepted(w.OpenRound())
	r := w.ReviewOf(app)
	if r.State != review.Open || r.Reviewer != office.Clerk.Account || r.DueOn.String() != "2021-08-06" || r.Provisional {
		t.Fatalf("20 working days from the deadline: %+v", r)
	}
	w.At("2021-07-20")
	j := testkit.Judgement(w.Criteria(r.Round))
	half := review.Judgement{Opinion: "写到一半"}
	if err := w.Desk.SaveReview(t.Context(), office.Clerk, r.ID, r.Version, half); err != nil {
		t.Fatal(err)
	}
	if err := w.Desk.SaveReview(t.Context(), office.Clerk, r.ID, r.Version, half); fault.KindOf(err) != fault.Conflict {
		t.Errorf("two windows: %v", err)
	}
	w.Refused(w.Desk.DraftReview(t.Context(), office.Clerk, r.ID, 0, half), "input.several")
	if err := w.Desk.DraftReview(t.Context(), office.Clerk, r.ID, 0, j); err != nil {
		t.Fatal(err)
	}
	w.Refused(w.Desk.ConfirmReview(t.Context(), office.Clerk, r.ID, 0), "review.confirm.same_person")
	if err := w.Desk.SendBackReview(t.Context(), office.Director, r.ID, 0, "指标1-1的依据再核一次"); err != nil {
		t.Fatal(err)
	}
	if err := w.Desk.DraftReview(t.Context(), office.Clerk, r.ID, 0, j); err != nil {
		t.Fatal(err)
	}
	if err := w.Desk.ConfirmReview(t.Context(), office.Director, r.ID, 0); err != nil {
		t.Fatal(err)
	}
	want := []string{
		"review.begin →open clock", "review.save open→open clerk", "review.draft open→drafted clerk", "review.send_back drafted→open director",
		"review.draft open→drafted clerk", "review.confirm drafted→confirmed director",
	}
	if diff := cmp.Diff(want, w.Record(string(r.ID))); diff != "" {
		t.Error(diff)
	}
	if a := w.ApplicationOf(app); a.State != application.Underway || a.Stage != "visit" {
		t.Errorf("it goes on to the visit: %s %s", a.State, a.Stage)
	}
	for _, e := range w.Entries(string(r.ID)) {
		for k, v := range e.Facts {
			if v == "recommend" {
				t.Errorf("the record tells the recommendation in %s", k)
			}
		}
	}
}

// TestWhateverTheOfficeSaysItGoesOn is S46: the office recommends, the committee
// decides.
func TestWhateverTheOfficeSaysItGoesOn(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	round := w.OpenRound()
	for word := range review.Recommendations {
		app := w.Accepted(round)
		j := testkit.Judgement(w.Criteria(round))
		j.Recommendation = word
		if err := w.Desk.DraftReview(t.Context(), w.Office().Clerk, w.ReviewOf(app).ID, 0, j); err != nil {
			t.Fatal(err)
		}
		if err := w.Desk.ConfirmReview(t.Context(), w.Office().Director, w.ReviewOf(app).ID, 0); err != nil {
			t.Fatal(err)
		}
		if a := w.ApplicationOf(app); a.Stage != "visit" {
			t.Errorf("%s: %s", word, a.Stage)
		}
	}
}

func TestReviewsAreSharedOut(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	office, second := w.Office(), w.Person("经办人乙", stage.Clerk)
	round := w.OpenRound()
	count := map[string]int{}
	for range 4 {
		count[string(w.ReviewOf(w.Accepted(round)).Reviewer)]++
	}
	if count[string(office.Clerk.Account)] != 2 || count[string(second.Account)] != 2 {
		t.Errorf("%v", count)
	}
	app := w.Accepted(round)
	r := w.ReviewOf(app)
	mine, other := office.Clerk, second
	if r.Reviewer == second.Account {
		mine, other = second, office.Clerk
	}
	w.Refused(w.Desk.SaveReview(t.Context(), other, r.ID, 0, review.Judgement{}), "review.draft.other")
	w.Refused(w.Desk.AssignReview(t.Context(), office.Director, r.ID, office.Chair.Account), "review.assign.reviewer")
	if err := w.Desk.AssignReview(t.Context(), office.Director, r.ID, other.Account); err != nil {
		t.Fatal(err)
	}
	w.Refused(w.Desk.SaveReview(t.Context(), mine, r.ID, 0, review.Judgement{}), "review.draft.other")
}

// TestAnInterestHides: who declared an interest sees neither the review nor the
// application, in no list and no count (S48, S65).
func TestAnInterestHides(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	office := w.Office()
	app := w.Accepted(w.OpenRound())
	r := w.ReviewOf(app)
	if err := w.Desk.DeclareReviewInterest(t.Context(), office.Clerk, r.ID, "配偶在该单位任职"); err != nil {
		t.Fatal(err)
	}
	if r = w.ReviewOf(app); r.Reviewer != "" {
		t.Errorf("it still is theirs: %+v", r)
	}
	if _, err := w.Desk.Review(t.Context(), office.Clerk, r.ID); fault.KindOf(err) != fault.NotFound {
		t.Errorf("sees the review: %v", err)
	}
	if _, err := w.Desk.Application(t.Context(), office.Clerk, app); fault.KindOf(err) != fault.NotFound {
		t.Errorf("sees the application: %v", err)
	}
	list, err := w.Desk.Reviews(t.Context(), office.Clerk, casework.ReviewFilter{})
	if err != nil || len(list.Lines) != 0 || list.Total != 0 || list.States[review.Open] != 0 {
		t.Errorf("%+v %v", list, err)
	}
	summary, err := w.Desk.ReviewSummary(t.Context(), office.Clerk, r.Round)
	if err != nil || len(summary.Rows) != 0 || summary.Sums.Received != 0 || !summary.Partial {
		t.Errorf("%+v %v", summary, err)
	}
	work, err := w.Desk.Work(t.Context(), office.Clerk)
	for _, i := range work {
		if i.Stage == review.Kind.Label {
			t.Errorf("work about it: %+v %v", i, err)
		}
	}
	w.Refused(w.Desk.AssignReview(t.Context(), office.Director, r.ID, office.Clerk.Account), "review.interest")
	second := w.Person("经办人乙", stage.Clerk)
	if err := w.Desk.AssignReview(t.Context(), office.Director, r.ID, second.Account); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"review.begin →open clock", "review.declare open→open clerk", "review.assign open→open director"}, w.Record(string(r.ID))); diff != "" {
		t.Error(diff)
	}
}

// TestWhoSeesAReview: the applicant learns how far it is and by when; nobody
// outside the office and the committee learns what is thought.
func TestWhoSeesAReview(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	app := w.Accepted(w.OpenRound())
	r := w.ReviewOf(app)
	for _, by := range []stage.Actor{
		w.ApplicantOf(r.Organisation), w.Person("考核组员", stage.Assessor), w.Person("委员", stage.Member), w.Person("监票人", stage.Scrutineer),
		w.Person("管理员", stage.Operator), stage.Anyone,
	} {
		if _, err := w.Desk.Review(t.Context(), by, r.ID); fault.KindOf(err) != fault.NotFound {
			t.Errorf("%s sees the review: %v", by.Role, err)
		}
		if err := w.Desk.DraftReview(t.Context(), by, r.ID, 0, review.Judgement{}); err == nil {
			t.Errorf("%s drafts it", by.Role)
		}
		if list, err := w.Desk.Reviews(t.Context(), by, casework.ReviewFilter{}); err != nil || len(list.Lines) != 0 {
			t.Errorf("%s lists it: %v", by.Role, err)
		}
	}
	if _, err := w.Desk.Review(t.Context(), w.Person("审计员", stage.Auditor), r.ID); err != nil {
		t.Error(err)
	}
}

// TestTheReportReconciles is S47: the totals equal what was received, and the
// withdrawn are listed.
func TestTheReportReconciles(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	round := w.OpenRound()
	w.Drafted(round) // never filed: not received
	w.Submitted(round)
	withdrawn := w.Submitted(round)
	if err := w.Desk.WithdrawApplication(t.Context(), w.ApplicantOf(w.ApplicationOf(withdrawn).Organisation), withdrawn); err != nil {
		t.Fatal(err)
	}
	w.Accepted(round)
	w.Reviewed(w.Accepted(round))
	doubtful := w.Accepted(round)
	j := testkit.Judgement(w.Criteria(round))
	j.Recommendation = "doubtful"
	if err := w.Desk.DraftReview(t.Context(), w.Office().Clerk, w.ReviewOf(doubtful).ID, 0, j); err != nil {
		t.Fatal(err)
	}
	if err := w.Desk.ConfirmReview(t.Context(), w.Office().Director, w.ReviewOf(doubtful).ID, 0); err != nil {
		t.Fatal(err)
	}
	v, err := w.Desk.ReviewSummary(t.Context(), w.Office().Chair, round)
	if err != nil {
		t.Fatal(err)
	}
	want := casework.SummarySums{Received: 5, Waiting: 1, Withdrawn: 1, Reviewing: 1, Reviewed: 2, Recommended: 1, Doubtful: 1}
	if diff := cmp.Diff(want, v.Sums); diff != "" || len(v.Wrong) != 0 || v.Partial || len(v.Rows) != 5 {
		t.Errorf("%s %v %d rows", diff, v.Wrong, len(v.Rows))
	}
	found := false
	for n, row := range v.Rows {
		found = found || row.Application.ID == withdrawn
		if n > 0 && row.Application.Number < v.Rows[n-1].Application.Number {
			t.Error("not in the order of numbers")
		}
	}
	if !found {
		t.Error("the withdrawn one is not listed")
	}
	for _, by := range []stage.Actor{w.ApplicantOf(w.ApplicationOf(doubtful).Organisation), w.Person("委员", stage.Member), stage.Anyone} {
		if _, err := w.Desk.ReviewSummary(t.Context(), by, round); fault.KindOf(err) != fault.NotFound {
			t.Errorf("%s reads the report: %v", by.Role, err)
		}
	}
}

// TestARedLineIsNotRecommended: whom the facts keep out by a red line is not
// recommended, unless the director looked and found otherwise (四(四)).
func TestARedLineIsNotRecommended(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	office := w.Office()
	app := w.Accepted(w.OpenRound())
	r, o := w.ReviewOf(app), w.ApplicationOf(app).Organisation
	w.At("2021-07-20")
	f := play.EligibleFacts(2021)
	f.NoPenalty = fact.Source{}
	f.Penalties = []fact.Penalty{{Number: "某罚〔2020〕1号", Authority: "某市市场监督管理局", Kind: "warning", DecidedOn: calendar.MustDate("2020-05-06"), Source: fact.Source{On: calendar.MustDate("2021-01-01")}}}
	if err := w.Desk.EditFacts(t.Context(), office.Clerk, o, 0, f); err != nil {
		t.Fatal(err)
	}
	j := testkit.Judgement(w.Criteria(r.Round))
	w.Refused(w.Desk.DraftReview(t.Context(), office.Clerk, r.ID, 0, j), "review.draft.condition")
	v, err := w.Desk.CheckEligibility(t.Context(), office.Director, o, r.Programme)
	if err != nil || v.Round.ID != r.Round || v.Day.String() != "2021-07-10" {
		t.Fatalf("the review asks about its own round, not the next: %s %s, %v", v.Round.ID, v.Day, err)
	}
	found := casework.RulingOf{Programme: r.Programme, Rule: "penalties", Seen: programme.Fails, Verdict: programme.Meets, Reason: "该处罚已被行政复议决定撤销。"}
	if err := w.Desk.RuleEligibility(t.Context(), office.Director, o, found); err != nil {
		t.Fatal(err)
	}
	if err := w.Desk.DraftReview(t.Context(), office.Clerk, r.ID, 0, j); err != nil {
		t.Error(err)
	}
}
