package casework_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"shifan/internal/calendar"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/application"
	"shifan/internal/lifecycle/naming"
	"shifan/internal/lifecycle/objection"
	"shifan/internal/lifecycle/plaque"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/store"
	"shifan/internal/testkit"
)

// cleared brings n applications of the round of 2021 to where they wait for
// naming.
func cleared(w *testkit.World, n int) (round id.Round, apps []id.Application) {
	w.Helper()
	round = w.OpenRound()
	for range n {
		apps = append(apps, w.Accepted(round))
	}
	for _, a := range apps {
		w.Reviewed(a)
	}
	for _, a := range apps {
		w.Visited(a)
	}
	w.Decided(round, apps...)
	w.Publicised(apps...)
	w.Cleared(apps...)
	return round, apps
}

// TestNaming: from the cleared list to titles, plaques and named applications in
// one change, by two persons who are not the drafter (S58–S60).
func TestNaming(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	round, apps := cleared(w, 2)
	ctx, office := t.Context(), w.Office()
	plan := naming.Plan{Title: "关于命名2021年度示范基地的通知", Addressees: "各社会组织党组织", List: apps}
	w.Refused(func() error { _, err := w.Desk.DraftNaming(ctx, office.Director, round, plan); return err }(), "naming.draft.role")
	choices, err := w.Desk.NamingChoices(ctx, office.Clerk, round)
	if err != nil || len(choices.Candidates) != 2 || len(choices.Plan.List) != 2 {
		t.Fatalf("%+v %v", choices, err)
	}
	key, err := w.Desk.DraftNaming(ctx, office.Clerk, round, plan)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Desk.Naming(ctx, stage.Anyone, key); fault.KindOf(err) != fault.NotFound {
		t.Errorf("the public sees a draft: %v", err)
	}
	w.Refused(w.Desk.ReleaseNaming(ctx, office.Clerk, key, 1), "stage.not_allowed")
	w.Refused(w.Desk.ReleaseNaming(ctx, office.Director, key, 9), "thing.stale")
	w.Refused(w.Desk.IssueNaming(ctx, office.Director, key, 1), "stage.not_allowed")
	if err := w.Desk.ReleaseNaming(ctx, office.Director, key, 1); err != nil {
		t.Fatal(err)
	}
	w.Refused(w.Desk.ReleaseNaming(ctx, office.Director, key, 2), "naming.release.twice")
	w.Refused(w.Desk.IssueNaming(ctx, office.Director, key, 2), "naming.issue.releases")
	if err := w.Desk.ReleaseNaming(ctx, office.Chair, key, 2); err != nil {
		t.Fatal(err)
	}
	v, err := w.Desk.Naming(ctx, office.Director, key)
	if err != nil || v.Left != nil || v.Next != "吉社联党发〔2021〕5号" {
		t.Errorf("before it is issued: %q %v %v", v.Next, v.Left, err)
	}
	if err := w.Desk.IssueNaming(ctx, office.Director, key, 3); err != nil {
		t.Fatal(err)
	}
	v, err = w.Desk.Naming(ctx, stage.Anyone, key)
	if err != nil || v.Naming.DocNumber != "吉社联党发〔2021〕5号" || len(v.Titles) != 2 || v.Naming.PreparedBy != "" {
		t.Fatalf("%+v %v", v.Naming, err)
	}
	for i, d := range v.Titles {
		if d.Number != []string{"2021-001", "2021-002"}[i] || d.ValidTo != d.NamedOn.AddYears(3) || w.PlaqueOf(d.ID).State != plaque.Ordered {
			t.Errorf("%+v", d)
		}
	}
	for _, a := range apps {
		if got := w.ApplicationOf(a).State; got != application.Named {
			t.Errorf("%s is %s", a, got)
		}
	}
	want := []string{"naming.draft →drafted clerk", "naming.release drafted→released director", "naming.release released→released chair", "naming.issue released→issued director"}
	if diff := cmp.Diff(want, w.Record(string(key))); diff != "" {
		t.Error(diff)
	}
	register, err := w.Desk.Register(ctx, office.Clerk, w.Programme().Name, 2021)
	if err != nil || len(register.Lines) != 5 || register.Lines[1].Title != testkit.Plan2021().Title {
		t.Errorf("the register has a gap or forgets the call: %+v %v", register.Lines, err)
	}
	if err := w.Desk.Store.View(ctx, func(tx *store.Tx) error {
		f, err := tx.FunnelOf(round)
		if f.Named != 2 || f.Designations != 2 {
			t.Errorf("%+v", f)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Desk.DraftNaming(ctx, office.Clerk, round, plan); fault.CodeOf(err) != "naming.list.unknown" {
		t.Errorf("named twice: %v", err)
	}
}

// TestANamingSentBackIsReleasedAnew: what was released counts no more.
func TestANamingSentBackIsReleasedAnew(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	round, apps := cleared(w, 1)
	ctx, office := t.Context(), w.Office()
	plan := naming.Plan{Title: "关于命名的通知", Addressees: "各单位", List: apps}
	key, err := w.Desk.DraftNaming(ctx, office.Clerk, round, plan)
	if err != nil {
		t.Fatal(err)
	}
	for _, do := range []func() error{
		func() error { return w.Desk.ReleaseNaming(ctx, office.Director, key, 0) },
		func() error { return w.Desk.SendBackNaming(ctx, office.Chair, key, 0, "标题漏了年度") },
		func() error {
			plan.Title = "关于命名2021年度的通知"
			return w.Desk.EditNaming(ctx, office.Clerk, key, 0, plan)
		},
		func() error { return w.Desk.ReleaseNaming(ctx, office.Director, key, 0) },
	} {
		if err := do(); err != nil {
			t.Fatal(err)
		}
	}
	w.Refused(w.Desk.IssueNaming(ctx, office.Director, key, 0), "naming.issue.releases")
	foreign := stage.Actor{Account: "acc_foreign", Role: stage.Director, Programme: "another"}
	w.Refused(w.Desk.CancelNaming(ctx, foreign, key, 0, "x"), "thing.not_found")
	if err := w.Desk.CancelNaming(ctx, office.Director, key, 0, "改期"); err != nil {
		t.Fatal(err)
	}
	if w.ApplicationOf(apps[0]).State != application.Selected {
		t.Error("it no longer waits for naming")
	}
	w.Named(apps...)
}

// TestTheRegister: outside numbers are entered without a gap; a void one stays.
func TestTheRegister(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	ctx, office, p := t.Context(), w.Office(), w.Programme()
	if err := w.Desk.EnterNumbers(ctx, office.Clerk, p.Name, 2021, 3, "印章启用通知"); err != nil {
		t.Fatal(err)
	}
	key := p.Naming.Numbers + "〔2021〕2号"
	w.Refused(w.Desk.VoidNumber(ctx, office.Clerk, p.Name, key, "未发"), "stage.not_allowed")
	w.Refused(w.Desk.VoidNumber(ctx, office.Director, p.Name, "吉社联党发〔2021〕9号", "未发"), "thing.not_found")
	if err := w.Desk.VoidNumber(ctx, office.Director, p.Name, key, "未发"); err != nil {
		t.Fatal(err)
	}
	if err := w.Desk.DescribeNumber(ctx, office.Clerk, p.Name, p.Naming.Numbers+"〔2021〕1号", "会议通知"); err != nil {
		t.Fatal(err)
	}
	title := w.Designation()
	if v := titleOf(t, w, title); v.Naming.DocNumber != p.Naming.Numbers+"〔2021〕4号" {
		t.Error(v.Naming.DocNumber)
	}
	if diff := cmp.Diff([]string{"number.enter →taken clerk", "number.void taken→void director"}, w.Record(key)); diff != "" {
		t.Error(diff)
	}
}

// TestAnObjectionHoldsOnALaterList: what was objected while a list was public holds
// the candidate although that list was withdrawn and another one served; so does a
// letter that was posted in time and reached the office after the days (S58).
func TestAnObjectionHoldsOnALaterList(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	round := w.OpenRound()
	w.At("2021-09-10 09:00:00")
	apps := w.Carried(round, 2)
	first := w.Publicised(apps...)
	w.Objected(apps[0])
	ctx, office := t.Context(), w.Office()
	if err := w.Desk.WithdrawPublicity(ctx, office.Director, first, "名单有误"); err != nil {
		t.Fatal(err)
	}
	second := w.Publicised(apps...)
	open := func() (n int, held []id.Application) {
		t.Helper()
		v, err := w.Desk.NamingChoices(ctx, office.Clerk, round)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range v.Candidates {
			n += c.Open
			if !c.Ready() {
				held = append(held, c.Application)
			}
		}
		return n, held
	}
	w.Cleared(apps...)
	if n, held := open(); n != 1 || len(held) != 1 || held[0] != apps[0] {
		t.Errorf("after the second list: %d open, held %v", n, held)
	}
	v, err := w.Desk.Publicity(ctx, office.Director, second)
	if err != nil || v.Open != 1 {
		t.Errorf("the office is told of %d open: %v", v.Open, err)
	}
	letter := objection.Filing{Channel: "letter", On: calendar.MustDate("2021-09-14"), Name: "柳树林", Contact: "0431-55550199", Text: "场所已经转租。"}
	if _, err := w.Desk.FileObjection(ctx, office.Clerk, w.CandidateOf(apps[1]).ID, letter, ""); err != nil {
		t.Fatal(err)
	}
	if n, held := open(); n != 2 || len(held) != 2 {
		t.Errorf("after the letter: %d open, held %v", n, held)
	}
}
