package casework_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"shifan/internal/calendar"
	"shifan/internal/casework"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/designation"
	"shifan/internal/lifecycle/item"
	"shifan/internal/lifecycle/meeting"
	"shifan/internal/lifecycle/organisation"
	"shifan/internal/lifecycle/plaque"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/record"
	"shifan/internal/store"
	"shifan/internal/testkit"
)

// titleOf returns a title as the office sees it.
func titleOf(t *testing.T, w *testkit.World, key id.Designation) casework.DesignationView {
	t.Helper()
	v, err := w.Desk.Designation(t.Context(), w.Office().Clerk, key)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// endOrganisation ends an organisation's registration today.
func endOrganisation(t *testing.T, w *testkit.World, key id.Organisation, act string, successor id.Organisation, others ...id.Organisation) {
	t.Helper()
	if err := w.Desk.Store.Change(t.Context(), func(tx *store.Tx) (record.Entry, error) {
		o, err := tx.Organisation(key)
		if err != nil {
			return record.Entry{}, err
		}
		m, err := o.End(w.Office().Clerk, act, calendar.DateOf(w.Now()), successor, w.Now(), others...)
		if err != nil {
			return record.Entry{}, err
		}
		return record.Entry{
			At: w.Now(), By: w.Office().Clerk.Account, Role: string(stage.Clerk), Act: organisation.Kind.Name + "." + m.Act,
			Thing: string(key), From: string(m.From), To: string(m.To), Basis: m.Basis,
		}, tx.PutOrganisation(&o)
	}); err != nil {
		t.Fatal(err)
	}
}

// TestATitleExpires: at 24:00 of its last day, and its plaque stays on the wall as
// a thing of the past (S15, S66).
func TestATitleExpires(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	key := w.Designation()
	w.At("2024-06-01 23:59:59")
	if v := titleOf(t, w, key); v.Designation.State != designation.Valid || v.DaysLeft != 0 {
		t.Errorf("on its last day: %s, %d left", v.Designation.State, v.DaysLeft)
	}
	w.At("2024-06-02 00:00:00")
	v := titleOf(t, w, key)
	if v.Designation.State != designation.Expired || v.Designation.EndedOn.String() != "2024-06-01" || v.Plaque().State != plaque.HandedOver {
		t.Errorf("after it: %+v", v.Designation)
	}
	if acts, err := w.Desk.Tick(t.Context()); acts != 0 || err != nil {
		t.Errorf("a second tick does %d acts, %v", acts, err)
	}
	if diff := cmp.Diff([]string{"designation.name →valid director", "designation.expire valid→expired clock"}, w.Record(string(key))); diff != "" {
		t.Error(diff)
	}
}

// TestAHolderReturnsItsTitle: only its own, and the plaque is asked back (S73).
func TestAHolderReturnsItsTitle(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	key := w.Designation()
	v := titleOf(t, w, key)
	holder, other := w.ApplicantOf(v.Designation.Organisation), w.ApplicantOf(w.Organisation())
	w.At("2022-03-09")
	w.Refused(w.Desk.ReturnDesignation(t.Context(), other, key, 1, "不想要了"), "thing.not_found")
	w.Refused(w.Desk.ReturnDesignation(t.Context(), holder, key, 1, ""), "designation.reason")
	w.Refused(w.Desk.ReturnDesignation(t.Context(), holder, key, 9, "不再开展"), "thing.stale")
	w.Refused(w.Desk.ReturnDesignation(t.Context(), w.Office().Clerk, key, 1, "不再开展"), "stage.not_allowed")
	if err := w.Desk.ReturnDesignation(t.Context(), holder, key, 1, "不再开展创建活动"); err != nil {
		t.Fatal(err)
	}
	v = titleOf(t, w, key)
	if v.Designation.State != designation.Returned || v.Designation.EndedOn.String() != "2022-03-09" || v.Plaque().State != plaque.Recalled {
		t.Errorf("%+v %+v", v.Designation, v.Plaque())
	}
	seen, err := w.Desk.Designation(t.Context(), stage.Anyone, key)
	if err != nil || seen.Designation.Reason != "" || seen.Plaque().Receiver != "" || seen.Plaque().Code == "" {
		t.Errorf("the public reads the reason or the receiver, or not the code: %+v", seen)
	}
	if err := w.Desk.ReturnPlaque(t.Context(), w.Office().Clerk, v.Plaque().ID, 0, calendar.MustDate("2022-03-09")); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"plaque.hand_over →handed_over director", "plaque.recall handed_over→recalled applicant", "plaque.hand_back recalled→returned clerk"}, w.Record(string(v.Plaque().ID))); diff != "" {
		t.Error(diff)
	}
	words := []string{}
	for _, e := range titleOf(t, w, key).Timeline {
		words = append(words, e.On.String()+e.Word)
	}
	if diff := cmp.Diff([]string{"2021-06-01命名", "2021-06-01授牌", "2022-03-09交回", "2022-03-09牌匾交回"}, words); diff != "" {
		t.Error(diff)
	}
}

// TestATitleOfADeregisteredHolder stands on the clerk's desk until it is dissolved.
func TestATitleOfADeregisteredHolder(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	key := w.Designation()
	clerk := w.Office().Clerk
	w.Refused(w.Desk.DissolveDesignation(t.Context(), clerk, key, 1), "designation.dissolve.registered")
	w.At("2022-03-09")
	endOrganisation(t, w, titleOf(t, w, key).Designation.Organisation, "deregister", "")
	work, err := w.Desk.Work(t.Context(), clerk)
	if err != nil || len(work) != 1 || work[0].URL != "/designations/"+string(key) {
		t.Errorf("%+v %v", work, err)
	}
	if v := titleOf(t, w, key); !v.Waits || v.ForCommittee {
		t.Errorf("%+v", v)
	}
	if err := w.Desk.DissolveDesignation(t.Context(), clerk, key, 1); err != nil {
		t.Fatal(err)
	}
	v := titleOf(t, w, key)
	if v.Designation.State != designation.Dissolved || v.Waits {
		t.Errorf("%+v", v)
	}
	if work, err := w.Desk.Work(t.Context(), clerk); len(work) != 0 || err != nil {
		t.Errorf("%+v %v", work, err)
	}
}

// decide holds a meeting about one thing. The members' choice decides it.
func decide(t *testing.T, w *testkit.World, s item.Subject, choice string) {
	t.Helper()
	decideAll(t, w, []item.Subject{s}, []string{choice})
}

// decideAll lets a meeting decide about things in turn, each by one choice of all.
func decideAll(t *testing.T, w *testkit.World, about []item.Subject, choices []string) {
	t.Helper()
	ctx, office := t.Context(), w.Office()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	m1, m2 := w.Person("委员甲", stage.Member), w.Person("委员乙", stage.Member)
	at := w.Now().AddDate(0, 0, 7)
	key, err := w.Desk.ConveneMeeting(ctx, office.Clerk, w.Programme().Name, meeting.Plan{Title: "全体委员会议", At: at, Place: "会议室", Presiding: office.Chair.Account})
	must(err)
	var items []id.Item
	for _, s := range about {
		i, err := w.Desk.ListItem(ctx, office.Clerk, key, s)
		must(err)
		items = append(items, i)
	}
	must(w.Desk.CirculateMeeting(ctx, office.Clerk, key))
	w.At(at.In(calendar.Zone).Format("2006-01-02 15:04:05"))
	for _, by := range []stage.Actor{m1, m2, office.Chair} {
		must(w.Desk.SignIntoMeeting(ctx, by, key, by.Account))
	}
	must(w.Desk.OpenMeeting(ctx, office.Chair, key))
	for n, i := range items {
		must(w.Desk.OpenVote(ctx, office.Chair, i))
		for _, by := range []stage.Actor{m1, m2, office.Chair} {
			must(w.Desk.Vote(ctx, by, i, choices[n]))
		}
		must(w.Desk.CloseVote(ctx, office.Chair, i))
		must(w.Desk.Declare(ctx, office.Chair, i, "", ""))
	}
	must(w.Desk.CloseMeeting(ctx, office.Chair, key))
}

// TestASuccessorHoldsTheTitleByDecision: a merged holder's title waits for the
// committee; carried, the successor holds a new one for the time that remains;
// lost, it ends (S73).
func TestASuccessorHoldsTheTitleByDecision(t *testing.T) {
	t.Parallel()
	for choice, want := range map[string]stage.State{"aye": designation.Succeeded, "no": designation.Dissolved} {
		t.Run(choice, func(t *testing.T) {
			t.Parallel()
			w := testkit.New(t)
			key, next := w.Designation(), w.Organisation()
			w.At("2022-03-09")
			endOrganisation(t, w, titleOf(t, w, key).Designation.Organisation, "merge", next)
			w.Refused(w.Desk.DissolveDesignation(t.Context(), w.Office().Clerk, key, 0), "designation.dissolve.succession")
			decide(t, w, item.Subject{Kind: "succession", ID: string(key)}, choice)
			v := titleOf(t, w, key)
			if v.Designation.State != want {
				t.Fatalf("it is %s", v.Designation.State)
			}
			all, err := w.Desk.Designations(t.Context(), stage.Anyone, casework.DesignationFilter{Organisation: next})
			if err != nil || (len(all) == 1) != (want == designation.Succeeded) {
				t.Fatalf("%d titles, %v", len(all), err)
			}
			if want == designation.Dissolved {
				return
			}
			s := all[0].Designation
			if s.Predecessor != key || s.ValidTo != v.Designation.ValidTo || s.ValidFrom.String() != "2022-03-16" || s.Number != "2021-002" || v.Successor == nil || v.Successor.ID != s.ID {
				t.Errorf("%+v", s)
			}
			if w.PlaqueOf(s.ID).State != plaque.Ordered {
				t.Error("no plaque is ordered for it")
			}
			if diff := cmp.Diff([]string{"designation.inherit →valid chair"}, w.Record(string(s.ID))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestADividedHoldersTitle: each of those into which a holder was split up is decided about
// by itself; the first that is to hold the title ends the old one, and when none is it ends
// with its holder (S73).
func TestADividedHoldersTitle(t *testing.T) {
	t.Parallel()
	for choices, want := range map[string]stage.State{"aye aye": designation.Succeeded, "aye no": designation.Succeeded, "no aye": designation.Succeeded, "no no": designation.Dissolved} {
		t.Run(choices, func(t *testing.T) {
			t.Parallel()
			w := testkit.New(t)
			key, heirs := w.Designation(), []id.Organisation{w.Organisation(), w.Organisation()}
			w.At("2022-03-09")
			endOrganisation(t, w, titleOf(t, w, key).Designation.Organisation, "merge", heirs[0], heirs[1])
			w.Refused(w.Desk.DissolveDesignation(t.Context(), w.Office().Clerk, key, 0), "designation.dissolve.succession")
			if work := got(t, func() ([]casework.WorkItem, error) { return w.Desk.Work(t.Context(), w.Office().Clerk) }); !strings.Contains(titlesOf(work), "持有单位已分立，2个单位没有审定") {
				t.Error(titlesOf(work))
			}
			var subjects []item.Subject
			for _, o := range heirs {
				subjects = append(subjects, item.Subject{Kind: "succession", ID: string(key) + "." + string(o)})
			}
			each := strings.Fields(choices)
			decideAll(t, w, subjects, each)
			v := titleOf(t, w, key)
			if v.Designation.State != want || len(v.Heirs) != 2 {
				t.Fatalf("it is %s, heirs %+v", v.Designation.State, v.Heirs)
			}
			first := id.Designation("")
			for n, o := range heirs {
				held := got(t, func() ([]casework.DesignationView, error) {
					return w.Desk.Designations(t.Context(), stage.Anyone, casework.DesignationFilter{Organisation: o})
				})
				if holds := each[n] == "aye"; (len(held) == 1) != holds || v.Heirs[n].Waits || (v.Heirs[n].Title != nil) != holds {
					t.Fatalf("%s: %d titles, %+v", each[n], len(held), v.Heirs[n])
				}
				if len(held) == 0 {
					continue
				}
				s := held[0].Designation
				if first == "" {
					first = s.ID
				}
				if s.Predecessor != key || s.ValidTo != v.Designation.ValidTo || w.PlaqueOf(s.ID).State != plaque.Ordered {
					t.Errorf("%+v", s)
				}
				if got, err := w.Desk.Verify(t.Context(), w.PlaqueOf(s.ID).Code); err != nil || !got.Stands || got.Title.Predecessor == nil {
					t.Errorf("the new plaque: %+v %v", got, err)
				}
			}
			if v.Designation.Successor != first {
				t.Errorf("names %s as the first, not %s", v.Designation.Successor, first)
			}
			if got, err := w.Desk.Verify(t.Context(), w.PlaqueOf(key).Code); err != nil || got.Stands {
				t.Errorf("the old plaque stands: %v", err)
			}
			told := 0
			for _, e := range v.Timeline {
				if e.Note != "" && (e.Word == "承继" || e.Word == "一个单位不予承继") {
					told++
				}
			}
			if wanted := map[bool]int{true: 2, false: 1}[choices != "no no"]; told != wanted { // the last refusal ends it, and is told as that
				t.Errorf("%d decisions in the history: %+v", told, v.Timeline)
			}
			if work := got(t, func() ([]casework.WorkItem, error) { return w.Desk.Work(t.Context(), w.Office().Clerk) }); strings.Contains(titlesOf(work), "已分立") {
				t.Error("it still waits:", titlesOf(work))
			}
		})
	}
}

// TestDivisionRefuses: what an organisation was split up into is named once each.
func TestDivisionRefuses(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	key, next, third := w.Organisation(), w.Organisation(), w.Organisation()
	code := func(o id.Organisation) string {
		return got(t, func() (casework.OrganisationView, error) {
			return w.Desk.Organisation(t.Context(), w.Office().Clerk, o)
		}).Organisation.Code
	}
	end := func(successor string, others ...string) error {
		return w.Desk.EndOrganisation(t.Context(), w.Office().Clerk, key, 0, casework.Ending{Act: "merge", On: calendar.DateOf(w.Now()), Successor: successor, Others: others})
	}
	w.Refused(end(code(next), code(next)), "organisation.merge.others")
	w.Refused(end(code(next), code(key)), "organisation.merge.others")
	w.Refused(end(code(next), "51220000MJ0000157H"), "organisation.merge.unknown")
	if err := end(code(next), code(third)); err != nil {
		t.Fatal(err)
	}
	v := got(t, func() (casework.OrganisationView, error) {
		return w.Desk.Organisation(t.Context(), w.Office().Clerk, key)
	})
	if len(v.Successors) != 2 || !slices.Equal(v.Organisation.Successors(), []id.Organisation{next, third}) {
		t.Errorf("%v", v.Successors)
	}
	w.Refused(end(code(next)), "stage.not_allowed")
}

// TestPlaques: lost, replaced under a new code, handed over, each step for those
// who may (S16).
func TestPlaques(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	key := w.Designation()
	first, clerk := w.PlaqueOf(key), w.Office().Clerk
	holder, other := w.ApplicantOf(first.Organisation), w.ApplicantOf(w.Organisation())
	w.At("2021-08-02")
	day := calendar.MustDate("2021-08-01")
	w.Refused(w.Desk.ReportPlaqueLost(t.Context(), other, first.ID, 0, "搬迁遗失", day), "thing.not_found")
	w.Refused(w.Desk.ReportPlaqueLost(t.Context(), holder, first.ID, 7, "搬迁遗失", day), "thing.stale")
	w.Refused(w.Desk.RecallPlaque(t.Context(), clerk, first.ID, 0), "plaque.recall.title_lives")
	if err := w.Desk.ReportPlaqueLost(t.Context(), holder, first.ID, 1, "搬迁遗失", day); err != nil {
		t.Fatal(err)
	}
	if got, err := w.Desk.Verify(t.Context(), first.Code); err != nil || got.Stands || got.Plaque.State != plaque.Lost || got.Plaque.Reason != "" {
		t.Errorf("a lost plaque verifies: %+v %v", got, err)
	}
	second, err := w.Desk.ReissuePlaque(t.Context(), clerk, first.ID, 0, "遗失补发")
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Desk.HandOverPlaque(t.Context(), clerk, second, 0, "理事长", calendar.MustDate("2021-08-02")); err != nil {
		t.Fatal(err)
	}
	q := w.PlaqueOf(key)
	if q.ID != second || q.Code == first.Code || q.Number != "2021-001-2" {
		t.Errorf("%+v", q)
	}
	if got, err := w.Desk.Verify(t.Context(), first.Code); err != nil || got.Stands || got.Newer == nil || got.Newer.ID != second {
		t.Errorf("the old code passes for the new one: %+v %v", got, err)
	}
	if got, err := w.Desk.Verify(t.Context(), q.Code); err != nil || !got.Stands {
		t.Errorf("%+v %v", got, err)
	}
	if _, err := w.Desk.Verify(t.Context(), "0000000000"); fault.KindOf(err) != fault.NotFound {
		t.Error(err)
	}
	if diff := cmp.Diff([]string{"plaque.order →ordered clerk", "plaque.hand_over ordered→handed_over clerk"}, w.Record(string(second))); diff != "" {
		t.Error(diff)
	}
	for _, e := range w.Entries(string(second)) {
		for _, v := range e.Facts {
			if v == q.Code {
				t.Error("the record tells the code")
			}
		}
	}
	listed, err := w.Desk.Plaques(t.Context(), clerk, casework.PlaqueFilter{})
	if err != nil || len(listed) != 2 {
		t.Errorf("%d plaques, %v", len(listed), err)
	}
}

// TestTitlesAhead: the clock may jump to where a title ends.
func TestTitlesAhead(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	w.Designation()
	w.Designation()
	ahead, err := w.Desk.Milestones(t.Context())
	n := 0
	for _, m := range ahead {
		if m.Word == "称号到期" {
			n++
			if !m.At.Equal(calendar.MustDate("2024-06-01").End()) {
				t.Error(m)
			}
		}
	}
	if n != 1 || err != nil {
		t.Errorf("%v %v", ahead, err)
	}
}
