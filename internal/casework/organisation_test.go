package casework_test

import (
	"slices"
	"strings"
	"testing"

	"shifan/internal/calendar"
	"shifan/internal/casework"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/eligibility"
	"shifan/internal/lifecycle/fact"
	"shifan/internal/lifecycle/organisation"
	"shifan/internal/lifecycle/party"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/play"
	"shifan/internal/store"
	"shifan/internal/testkit"
)

// profileOf reads an organisation as the rules do.
func profileOf(t *testing.T, w *testkit.World, do func(eligibility.Profile), key string) {
	t.Helper()
	if err := w.Desk.Store.View(t.Context(), func(tx *store.Tx) error {
		all, err := tx.Organisations(stage.Actor{Role: stage.Clerk}, store.OrganisationFilter{Query: key})
		if err != nil || len(all) != 1 {
			t.Fatalf("%d organisations for %q, %v", len(all), key, err)
		}
		p, err := tx.ProfileOf(all[0].ID)
		do(p)
		return err
	}); err != nil {
		t.Error(err)
	}
}

// TestTheKitsOrganisationIsEligible: every test that begins with w.Organisation
// rests on this.
func TestTheKitsOrganisationIsEligible(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	for range 2 {
		w.Organisation()
	}
	profileOf(t, w, func(p eligibility.Profile) {
		for _, c := range eligibility.SelfCheck(w.Programme(), p, eligibility.Titles{}, testkit.Plan2021().DeadlineDate) {
			if c.Verdict != eligibility.Meets {
				t.Errorf("%s: %s %v", c.Rule.Title, c.Verdict, c.Why)
			}
		}
		if n := p.Organisation.Facts.Declared(); n != 0 || !p.Bodies[0].Source.Confirmed {
			t.Errorf("%d facts are only declared", n)
		}
	}, "51220000")
}

func TestFactsAreDeclaredAndConfirmed(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	key := w.Organisation()
	applicant, other := w.ApplicantOf(key), w.ApplicantOf(w.Organisation())
	f := play.EligibleFacts(2021)
	f.Ledgers[2].Trainings = 3
	w.Refused(w.Desk.EditFacts(t.Context(), applicant, key, 0, f), "organisation.edit.confirmed")
	w.Refused(w.Desk.EditFacts(t.Context(), other, key, 0, f), "thing.not_found")
	w.Refused(w.Desk.EditFacts(t.Context(), w.Person("系统管理员", stage.Operator), key, 0, fact.Facts{}), "stage.not_allowed")
	f = play.EligibleFacts(2021)
	f.Regulations = append(f.Regulations, fact.Regulation{Title: "议事规则", AdoptedOn: f.Regulations[0].AdoptedOn})
	w.Refused(w.Desk.EditFacts(t.Context(), applicant, key, 1, f), "thing.stale")
	if err := w.Desk.EditFacts(t.Context(), applicant, key, 3, f); err != nil {
		t.Fatal(err)
	}
	if err := w.Desk.ConfirmOrganisation(t.Context(), w.Office().Clerk, key, 3); fault.KindOf(err) != fault.Conflict {
		t.Errorf("the clerk confirms what changed meanwhile: %v", err)
	}
	if err := w.Desk.ConfirmOrganisation(t.Context(), w.Office().Clerk, key, 4); err != nil {
		t.Fatal(err)
	}
}

// recorded fails the test unless the record's last line about an organisation is
// an act with the given facts, written name=value.
func recorded(w *testkit.World, key id.Organisation, act string, facts ...string) {
	w.Helper()
	all := w.Entries(string(key))
	if len(all) == 0 || all[len(all)-1].Act != act {
		w.Fatalf("the record's last line is not %s: %v", act, w.Record(string(key)))
	}
	e := all[len(all)-1]
	for _, f := range facts {
		if name, want, _ := strings.Cut(f, "="); e.Facts[name] != want {
			w.Errorf("%s: the record says %s=%s, want %s", act, name, e.Facts[name], want)
		}
	}
	for _, said := range e.Facts {
		if strings.Contains(said, "负责人") || strings.Contains(said, "书记") {
			w.Errorf("%s: the record names a person: %s", act, said)
		}
	}
}

// registration is what a clerk enters.
func registration(code, name string) organisation.Registration {
	return organisation.Registration{Code: code, Name: name, Registrar: "吉林省民政厅", RegisteredOn: calendar.MustDate("2010-03-01"), LegalHead: "负责人甲", Contact: "办公室电话"}
}

func TestRegisterOrganisation(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	clerk := w.Office().Clerk
	key, err := w.Desk.RegisterOrganisation(t.Context(), clerk, registration("５１２２００００mj0000018t", "吉林省𠮷林行业协会"))
	if err != nil {
		t.Fatal(err)
	}
	v, err := w.Desk.Organisation(t.Context(), clerk, key)
	if err != nil || v.Organisation.Code != "51220000MJ0000018T" || v.Organisation.Kind != "association" || v.Organisation.Name() != "吉林省𠮷林行业协会" {
		t.Errorf("got %+v, %v", v.Organisation, err)
	}
	_, err = w.Desk.RegisterOrganisation(t.Context(), clerk, registration("51220000MJ0000018T", "另一个单位"))
	w.Refused(err, "organisation.register.taken")
	_, err = w.Desk.RegisterOrganisation(t.Context(), w.ApplicantOf(key), registration("52220000MJ0000026J", "另一个单位"))
	w.Refused(err, "organisation.register.role")
	_, err = w.Desk.RegisterOrganisation(t.Context(), clerk, registration("51220000MJ0000081T", "早年赋码的单位"))
	w.Refused(err, "organisation.register.code")
	in := registration("51220000MJ0000081T", "早年赋码的单位")
	in.Override = organisation.Override{Reason: "早年赋码，证书如此", Evidence: "登记证书正本"}
	old, err := w.Desk.RegisterOrganisation(t.Context(), clerk, in)
	if err != nil {
		t.Fatal(err)
	}
	if v, err = w.Desk.Organisation(t.Context(), clerk, old); err != nil || v.Organisation.Override.By != clerk.Account {
		t.Errorf("the override is kept with who made it: %+v %v", v.Organisation.Override, err)
	}
	recorded(w, old, "organisation.register", "check_digit=overridden", "code=51220000MJ0000081T")
}

func TestAnOrganisationGetsItsCodeLater(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	taken := w.Organisation()
	clerk := w.Office().Clerk
	in := registration("", "吉林省老证协会")
	in.LegacyNumber = "吉社证字第0123号"
	key, err := w.Desk.RegisterOrganisation(t.Context(), clerk, in)
	if err != nil {
		t.Fatal(err)
	}
	other, err := w.Desk.Organisation(t.Context(), clerk, taken)
	if err != nil {
		t.Fatal(err)
	}
	none := organisation.Override{}
	w.Refused(w.Desk.EnterCode(t.Context(), clerk, key, 1, other.Organisation.Code, none), "organisation.register.taken")
	if err := w.Desk.EnterCode(t.Context(), clerk, key, 1, "51220000MJ0000122Y", none); err != nil {
		t.Fatal(err)
	}
	w.Refused(w.Desk.EnterCode(t.Context(), clerk, key, 2, "51220000MJ0000157H", none), "organisation.enter_code.known")
	in.Code = "51220000MJ0000122Y"
	_, err = w.Desk.RegisterOrganisation(t.Context(), clerk, in)
	w.Refused(err, "organisation.register.taken")
}

func TestRenameAmendEndRestore(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	a, b := w.Organisation(), w.Organisation()
	clerk := w.Office().Clerk
	of := func(key id.Organisation) organisation.Organisation {
		v, err := w.Desk.Organisation(t.Context(), clerk, key)
		if err != nil {
			t.Fatal(err)
		}
		return v.Organisation
	}
	day := calendar.MustDate("2021-05-20")
	was := of(a)
	w.Refused(w.Desk.RenameOrganisation(t.Context(), clerk, a, was.Version+1, "新名", day), "thing.stale")
	if err := w.Desk.RenameOrganisation(t.Context(), clerk, a, was.Version, "吉林省白桦行业协会", day); err != nil {
		t.Fatal(err)
	}
	if now := of(a); now.Code != was.Code || now.NameOn(day.AddDays(-1)) != was.Name() || now.NameOn(day) != "吉林省白桦行业协会" {
		t.Errorf("after renaming: %+v", now.Names)
	}
	recorded(w, a, "organisation.rename", "name=吉林省白桦行业协会", "code="+was.Code)

	now := of(a)
	amended := now.Amendment()
	amended.LegalHead = "负责人乙"
	if err := w.Desk.AmendOrganisation(t.Context(), clerk, a, 0, amended); err != nil || of(a).LegalHead != "负责人乙" {
		t.Errorf("amended: %v", err)
	}
	for code, in := range map[string]casework.Ending{
		"organisation.end.act":         {Act: "vanish", On: day},
		"organisation.merge.unknown":   {Act: "merge", On: day, Successor: "51220000MJ0000157H"},
		"organisation.merge.successor": {Act: "merge", On: day, Successor: was.Code},
		"fact.date.future":             {Act: "deregister", On: calendar.MustDate("2021-06-02")},
	} {
		w.Refused(w.Desk.EndOrganisation(t.Context(), clerk, a, 0, in), code)
	}
	if err := w.Desk.EndOrganisation(t.Context(), clerk, b, 0, casework.Ending{Act: "strike_off", On: day}); err != nil {
		t.Fatal(err)
	}
	w.Refused(w.Desk.EndOrganisation(t.Context(), clerk, a, 0, casework.Ending{Act: "merge", On: day, Successor: of(b).Code}), "organisation.merge.ended")
	if err := w.Desk.RestoreOrganisation(t.Context(), clerk, b, 0); err != nil || of(b).State != organisation.Registered {
		t.Fatalf("restored: %v", err)
	}
	if err := w.Desk.EndOrganisation(t.Context(), clerk, a, 0, casework.Ending{Act: "merge", On: day, Successor: of(b).Code}); err != nil {
		t.Fatal(err)
	}
	recorded(w, a, "organisation.merge", "code="+was.Code)
	v, err := w.Desk.Organisation(t.Context(), w.ApplicantOf(a), a)
	into := of(b)
	if err != nil || strings.Join(v.Successors, "") != into.Name() || len(v.Acts) != 0 {
		t.Errorf("its clerk still sees what became of it: %+v %v", v, err)
	}
	w.Refused(w.Desk.EditFacts(t.Context(), w.ApplicantOf(a), a, 0, play.EligibleFacts(2021)), "stage.not_allowed")
}

func TestAPartyBodyOfSeveralOrganisations(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	a, b := w.Organisation(), w.Organisation()
	clerk := w.Office().Clerk
	v, err := w.Desk.Organisation(t.Context(), clerk, b)
	if err != nil {
		t.Fatal(err)
	}
	code := v.Organisation.Code
	joint := play.EligibleBody("联合党支部", 2021)
	joint.Form = party.JointBranch
	key, err := w.Desk.AddParty(t.Context(), w.ApplicantOf(a), a, joint)
	if err != nil {
		t.Fatal(err)
	}
	w.Refused(w.Desk.CoverOrganisation(t.Context(), w.ApplicantOf(a), a, key, code), "stage.not_allowed")
	w.Refused(w.Desk.CoverOrganisation(t.Context(), clerk, a, key, "51220000MJ0000157H"), "party.cover.unknown")
	if err := w.Desk.CoverOrganisation(t.Context(), clerk, a, key, code); err != nil {
		t.Fatal(err)
	}
	w.Refused(w.Desk.CoverOrganisation(t.Context(), clerk, a, key, code), "party.cover.twice")

	// Each of both may say what it knows of it, and neither learns more of the other than that there is one.
	v, err = w.Desk.Organisation(t.Context(), w.ApplicantOf(b), b)
	if err != nil || len(v.Bodies) != 2 {
		t.Fatalf("got %+v, %v", v.Bodies, err)
	}
	seen := v.Bodies[slices.IndexFunc(v.Bodies, func(p casework.PartyView) bool { return p.Body.ID == key })]
	if seen.Others != 1 || len(seen.Covers) != 1 || seen.Tenure.Status != party.NotDue {
		t.Errorf("got %+v", seen)
	}
	changed := seen.Body
	changed.Members = 14
	if err := w.Desk.EditParty(t.Context(), w.ApplicantOf(b), b, seen.Body.Version, changed); err != nil {
		t.Fatal(err)
	}
	w.Refused(w.Desk.EditParty(t.Context(), w.ApplicantOf(a), a, seen.Body.Version, changed), "thing.stale")
	w.Refused(w.Desk.EditParty(t.Context(), w.ApplicantOf(w.Organisation()), a, 0, changed), "thing.not_found")
	if err := w.Desk.ConfirmOrganisation(t.Context(), clerk, a, 0); err != nil {
		t.Fatal(err)
	}
	w.Refused(w.Desk.EditParty(t.Context(), w.ApplicantOf(a), a, 0, changed), "organisation.edit.confirmed")
	if err := w.Desk.UncoverOrganisation(t.Context(), clerk, a, key); err != nil {
		t.Fatal(err)
	}
	w.Refused(w.Desk.UncoverOrganisation(t.Context(), clerk, b, key), "party.cover.last")
	w.Refused(w.Desk.EditParty(t.Context(), clerk, a, 0, changed), "thing.not_found")
}

// TestEligibilityAtAnyTime: before any call, while one is open, and after (S61).
func TestEligibilityAtAnyTime(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	key := w.Organisation()
	name := w.Programme().Name
	day := func(by stage.Actor) string {
		v, err := w.Desk.CheckEligibility(t.Context(), by, key, name)
		if err != nil {
			t.Fatal(err)
		}
		want := eligibility.Meets
		if v.Day.Year == 2022 {
			want = eligibility.Pending // the year 2021 is not over: its inspection and its ledger are to come
		}
		if v.Overall != want || len(v.Checks) < 3 {
			t.Errorf("%s: %s", v.Day, v.Overall)
		}
		return v.Day.String()
	}
	if got := day(w.ApplicantOf(key)); got != "2021-07-10" {
		t.Errorf("before any call: %s", got)
	}
	w.OpenRound()
	if got := day(w.Office().Clerk); got != "2021-07-10" {
		t.Errorf("while it is open: %s", got)
	}
	w.At("2021-07-11 00:00:00")
	if got := day(w.ApplicantOf(key)); got != "2022-07-10" {
		t.Errorf("after the deadline: %s", got)
	}
	for who, by := range map[string]stage.Actor{
		"another applicant": w.ApplicantOf(w.Organisation()), "an operator": w.Person("系统管理员", stage.Operator), "the public": stage.Anyone,
		"a clerk of another programme": w.PersonWith("经办人乙", casework.Grant{Role: stage.Clerk, Programme: "other"}),
	} {
		if _, err := w.Desk.CheckEligibility(t.Context(), by, key, name); fault.KindOf(err) != fault.NotFound {
			t.Errorf("%s: %v", who, err)
		}
	}
	all, err := w.Desk.Eligible(t.Context(), w.ApplicantOf(key), key)
	if err != nil || len(all) == 0 {
		t.Errorf("what one may apply for: %d, %v", len(all), err)
	}
}

// TestTheOfficeFindsOtherwise: a red line that the facts cross is for the
// director; a ruling is recorded, and falls when the facts change.
func TestTheOfficeFindsOtherwise(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	key := w.Organisation()
	office, name := w.Office(), w.Programme().Name
	v, err := w.Desk.Organisation(t.Context(), office.Clerk, key)
	if err != nil {
		t.Fatal(err)
	}
	body := v.Bodies[0].Body
	body.Members = 2 // as a rule too few for a branch: a doubt
	if err := w.Desk.EditParty(t.Context(), office.Clerk, key, 0, body); err != nil {
		t.Fatal(err)
	}
	verdict := func() programme.Verdict {
		v, err := w.Desk.CheckEligibility(t.Context(), w.ApplicantOf(key), key, name)
		if err != nil {
			t.Fatal(err)
		}
		return v.Overall
	}
	if got := verdict(); got != eligibility.Doubtful {
		t.Fatalf("got %s", got)
	}
	in := casework.RulingOf{Programme: name, Rule: "applicants.party", Seen: eligibility.Doubtful, Verdict: eligibility.Meets, Reason: "上级党组织已批复"}
	w.Refused(w.Desk.RuleEligibility(t.Context(), w.ApplicantOf(key), key, in), "stage.not_allowed")
	if err := w.Desk.RuleEligibility(t.Context(), office.Clerk, key, in); err != nil {
		t.Fatal(err)
	}
	recorded(w, key, "organisation.rule", "rule=applicants.party", "computed=doubtful", "found=meets", "deadline=2021-07-10")
	if got := verdict(); got != eligibility.Meets {
		t.Errorf("after the ruling: %s", got)
	}
	body.Members = 1
	if err := w.Desk.EditParty(t.Context(), office.Clerk, key, 0, body); err != nil {
		t.Fatal(err)
	}
	if got := verdict(); got != eligibility.Doubtful {
		t.Errorf("the facts changed under the ruling: %s", got)
	}
	if err := w.Desk.EndOrganisation(t.Context(), office.Clerk, key, 0, casework.Ending{Act: "strike_off", On: calendar.MustDate("2021-05-01")}); err != nil {
		t.Fatal(err)
	}
	in.Rule, in.Seen = "applicants.code", eligibility.Fails
	w.Refused(w.Desk.RuleEligibility(t.Context(), office.Director, key, in), "stage.not_allowed")
}

func TestTheOfficeIsAskedToConfirm(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	key := w.Organisation()
	asked := func(by stage.Actor) int {
		items, err := w.Desk.Work(t.Context(), by)
		if err != nil {
			t.Fatal(err)
		}
		return len(items)
	}
	if n := asked(w.Office().Clerk); n != 0 {
		t.Errorf("%d things wait though all is confirmed", n)
	}
	f := play.EligibleFacts(2021)
	f.Regulations = append(f.Regulations, fact.Regulation{Title: "议事规则", AdoptedOn: calendar.MustDate("2020-01-01")})
	if err := w.Desk.EditFacts(t.Context(), w.ApplicantOf(key), key, 0, f); err != nil {
		t.Fatal(err)
	}
	if n := asked(w.Office().Clerk); n != 1 {
		t.Errorf("%d things wait, want 1", n)
	}
	if n := asked(w.Office().Chair) + asked(w.ApplicantOf(key)); n != 0 {
		t.Errorf("%d things wait for those who do not confirm", n)
	}
}
