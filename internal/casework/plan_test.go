package casework_test

import (
	"strings"
	"testing"
	"time"

	"shifan/internal/calendar"
	"shifan/internal/casework"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/designation"
	"shifan/internal/lifecycle/draw"
	"shifan/internal/lifecycle/message"
	"shifan/internal/lifecycle/plan"
	"shifan/internal/lifecycle/recheck"
	"shifan/internal/lifecycle/rectification"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/lot"
	"shifan/internal/store"
	"shifan/internal/testkit"
)

// sampling loads a version of the world's programme that asks for a sample.
func sampling(w *testkit.World, setting string) {
	w.Reconfigure("  lead_days: 90\n", "  lead_days: 90\n"+setting)
}

// planned drafts the plan of a year and takes its sample through the draw and the
// approval.
func planned(t *testing.T, w *testkit.World, year int) id.Plan {
	t.Helper()
	o := w.Office()
	key := got(t, func() (id.Plan, error) { return w.Desk.DraftPlan(t.Context(), o.Clerk, w.Programme().Name, year) })
	ok(t, w.Desk.FreezePlan(t.Context(), o.Clerk, key, w.Now().Add(24*time.Hour), 0))
	scrutineer := w.Person("监票人丙", stage.Scrutineer)
	secrets := map[stage.Role]lot.Reveal{}
	for _, by := range []stage.Actor{o.Clerk, o.Chair, scrutineer} {
		secrets[by.Role] = lot.Reveal{Secret: "开会时想到的一句话" + string(by.Role), Nonce: strings.Repeat("0e", 16)}
		ok(t, w.Desk.CommitToPlan(t.Context(), by, key, draw.Commitment{Digest: secrets[by.Role].Commitment()}))
	}
	for _, by := range []stage.Actor{o.Clerk, o.Chair, scrutineer} {
		ok(t, w.Desk.RevealToPlan(t.Context(), by, key, secrets[by.Role]))
	}
	ok(t, w.Desk.DrawPlan(t.Context(), o.Clerk, key))
	ok(t, w.Desk.ApprovePlan(t.Context(), o.Director, key, 0))
	return key
}

func got[T any](t *testing.T, do func() (T, error)) T {
	t.Helper()
	v, err := do()
	ok(t, err)
	return v
}

func planIs(t *testing.T, w *testkit.World, key id.Plan) plan.Plan {
	t.Helper()
	return read(t, w, func(tx *store.Tx) (plan.Plan, error) { return tx.Plan(key) })
}

// TestAYearIsPlanned: a sample is drawn that anybody recomputes; the clock opens its
// checks on their days; passed, they move neither term nor recheck; the plan ends with
// the year (S66, S68).
func TestAYearIsPlanned(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	sampling(w, "  sample_number: 2\n")
	var titles []designation.Designation
	for range 4 {
		titles = append(titles, w.TitleNamed("2021-09-15"))
	}
	w.At("2022-02-01")
	o := w.Office()
	key := planned(t, w, 2022)
	_, err := w.Desk.DraftPlan(t.Context(), o.Clerk, w.Programme().Name, 2022)
	w.Refused(err, "plan.draft.again")
	next := got(t, func() (id.Plan, error) { return w.Desk.DraftPlan(t.Context(), o.Clerk, w.Programme().Name, 2023) })
	if all := got(t, func() ([]casework.PlanView, error) {
		return w.Desk.Plans(t.Context(), w.Members()[0], casework.PlanFilter{})
	}); len(all) != 1 || all[0].Plan.ID != key {
		t.Errorf("a member lists %d plans", len(all))
	}
	_, err = w.Desk.Plan(t.Context(), w.Members()[0], next)
	w.Refused(err, "thing.not_found")
	document := got(t, func() ([]byte, error) { return w.Desk.PlanDocument(t.Context(), stage.Anyone, key) })
	if report, err := lot.Verify(document); err != nil || len(report.Teams[0].Members) != 2 {
		t.Fatalf("%v %+v", err, report)
	}
	p := planIs(t, w, key)
	member := w.Members()[0]
	if v := got(t, func() (casework.PlanView, error) { return w.Desk.Plan(t.Context(), member, key) }); len(v.Plan.Drawn) != 2 || len(v.Plan.Due) != len(p.Due) || len(v.Acts) != 0 || v.Document() == nil {
		t.Errorf("a member reads %+v", v.Plan)
	}
	w.Refused(w.Desk.ListPlan(t.Context(), member, key, 0), "stage.not_allowed")
	first := p.Drawn[0]
	w.Jump(first.OpensOn.Start().Add(-time.Second))
	tick(t, w)
	if n := len(rechecksOf(t, w, first.Designation)); n != 0 {
		t.Errorf("%d rechecks a second before the day", n)
	}
	w.Jump(first.OpensOn.Start())
	tick(t, w)
	tick(t, w)
	all := rechecksOf(t, w, first.Designation)
	if len(all) != 1 || all[0].Plan != key || all[0].State != recheck.Due || all[0].Depth != first.Depth {
		t.Fatalf("%+v", all)
	}
	r := all[0]
	holder := w.ApplicantOf(r.Organisation)
	if work := got(t, func() ([]casework.WorkItem, error) { return w.Desk.Work(t.Context(), o.Clerk) }); !strings.Contains(titlesOf(work), "年度抽查·"+recheck.Depths[r.Depth]) {
		t.Errorf("the clerk's day does not say it: %s", titlesOf(work))
	}
	ok(t, w.Desk.BeginRecheck(t.Context(), o.Clerk, r.ID, []id.Account{w.Team()[0].Account}, 0))
	ok(t, w.Desk.ReportSelf(t.Context(), holder, r.ID, "一切照常。", 0))
	found := map[string]recheck.Finding{}
	for _, i := range w.Programme().Indicators(r.DueOn.Year) {
		found[i.Code] = recheck.Finding{Now: "meets"}
	}
	ok(t, w.Desk.ReportRecheck(t.Context(), w.Team()[0], r.ID, found, "好。", 0))
	ok(t, w.Desk.PassRecheck(t.Context(), o.Chair, r.ID, "", 0))
	was := titles[0]
	for _, d := range titles {
		if d.ID == r.Designation {
			was = d
		}
	}
	now := w.TitleOf(r.Designation)
	if now.ValidTo != was.ValidTo || now.RecheckDue != was.RecheckDue || len(now.Renewals) != 0 {
		t.Errorf("a sample renewed the title: %+v", now)
	}
	w.At("2023-01-01")
	tick(t, w)
	if p := planIs(t, w, key); p.State != plan.Closed {
		t.Errorf("the year is over: %s", p.State)
	}
}

func titlesOf(work []casework.WorkItem) string {
	var all []string
	for _, i := range work {
		all = append(all, i.Title)
	}
	return strings.Join(all, "\n")
}

// TestAnUnannouncedCheck: until the office begins it, neither its holder nor the public
// finds a recheck, a message, a line of the record or the draw; then the holder does.
func TestAnUnannouncedCheck(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	sampling(w, "  sample_share: 50\n  sample_silent: true\n")
	for range 3 {
		w.TitleNamed("2021-09-15")
	}
	w.At("2022-02-01")
	o := w.Office()
	key := planned(t, w, 2022)
	check := planIs(t, w, key).Drawn[0]
	d := w.TitleOf(check.Designation)
	holder, member := w.ApplicantOf(d.Organisation), w.Members()[0]
	elsewhere := w.PersonWith("别处的委员", casework.Grant{Role: stage.Member, Programme: "another"})
	if v, err := w.Desk.Plan(t.Context(), member, key); err != nil || len(v.Plan.Drawn)+len(v.Plan.Pool)+len(v.Plan.Lot.Parties) != 0 || v.Plan.Lot.State != "" || len(v.Acts) != 0 {
		t.Errorf("a member learns which titles were drawn: %+v, %v", v.Plan, err)
	}
	if _, err := w.Desk.PlanDocument(t.Context(), member, key); fault.KindOf(err) != fault.NotFound {
		t.Errorf("a member reads the draw: %v", err)
	}
	w.Jump(check.OpensOn.Start().Add(9 * time.Hour))
	tick(t, w)
	for name, by := range map[string]stage.Actor{"the holder": holder, "anybody": stage.Anyone, "an assessor": w.Team()[0], "a member elsewhere": elsewhere} {
		if _, err := w.Desk.Plan(t.Context(), by, key); fault.KindOf(err) != fault.NotFound {
			t.Errorf("%s reads the plan: %v", name, err)
		}
		if _, err := w.Desk.PlanDocument(t.Context(), by, key); fault.KindOf(err) != fault.NotFound {
			t.Errorf("%s reads the draw: %v", name, err)
		}
		if all := got(t, func() ([]casework.PlanView, error) { return w.Desk.Plans(t.Context(), by, casework.PlanFilter{}) }); len(all) != 0 {
			t.Errorf("%s lists %d plans", name, len(all))
		}
	}
	if all := rechecksOf(t, w, d.ID); len(all) != 0 {
		t.Errorf("there is a recheck before it began: %+v", all)
	}
	for _, line := range w.Record(string(key)) {
		if strings.Contains(line, string(d.ID)) || strings.Contains(line, d.Number) {
			t.Errorf("the record names the title: %s", line)
		}
	}
	if work := got(t, func() ([]casework.WorkItem, error) { return w.Desk.Work(t.Context(), o.Clerk) }); !strings.Contains(titlesOf(work), "开始不预告的抽查 "+d.Name) {
		t.Errorf("the clerk is not told: %s", titlesOf(work))
	}
	_, err := w.Desk.BeginPlanned(t.Context(), w.PersonWith("别处的经办人", casework.Grant{Role: stage.Clerk, Programme: "another"}), key, d.ID, nil)
	if fault.KindOf(err) != fault.NotFound {
		t.Errorf("another programme's clerk: %v", err)
	}
	r := got(t, func() (id.Recheck, error) {
		return w.Desk.BeginPlanned(t.Context(), o.Clerk, key, d.ID, []id.Account{w.Team()[0].Account})
	})
	if v := got(t, func() (casework.PlanView, error) { return w.Desk.Plan(t.Context(), member, key) }); len(v.Plan.Drawn) != 1 || v.Plan.Drawn[0].Recheck != r {
		t.Errorf("a member sees of what has begun %+v", v.Plan.Drawn)
	}
	v := got(t, func() (casework.RecheckView, error) { return w.Desk.Recheck(t.Context(), holder, r) })
	if v.Recheck.State != recheck.Underway || v.Recheck.Plan != key {
		t.Errorf("%+v", v.Recheck)
	}
	if work := got(t, func() ([]casework.WorkItem, error) { return w.Desk.Work(t.Context(), holder) }); !strings.Contains(titlesOf(work), "提交复查自查情况") {
		t.Errorf("the holder is not told: %s", titlesOf(work))
	}
	_, err = w.Desk.BeginPlanned(t.Context(), o.Clerk, key, d.ID, nil)
	w.Refused(err, "plan.check.unknown")
}

// TestAPlanSaysHowDeep: an approved plan has the recheck of a title's term look as deep as
// it says; a light one is accepted by the office and concluded by somebody else.
func TestAPlanSaysHowDeep(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	d := w.TitleNamed("2021-09-15")
	w.At("2024-02-01")
	o := w.Office()
	key := got(t, func() (id.Plan, error) { return w.Desk.DraftPlan(t.Context(), o.Clerk, d.Programme, 2024) })
	w.Refused(w.Desk.DeepenPlan(t.Context(), o.Clerk, key, d.ID, recheck.Light, "很好。", 0), "plan.check.depth")
	ok(t, w.Desk.DeepenPlan(t.Context(), o.Clerk, key, d.ID, recheck.Site, "换了负责人。", 0))
	w.Refused(w.Desk.FreezePlan(t.Context(), o.Clerk, key, w.Now().Add(time.Hour), 0), "plan.freeze.none")
	ok(t, w.Desk.ApprovePlan(t.Context(), o.Director, key, 0))
	w.Jump(planIs(t, w, key).Due[0].OpensOn.Start())
	tick(t, w)
	r := rechecksOf(t, w, d.ID)[0]
	if r.Depth != recheck.Site || !r.OfTerm() {
		t.Errorf("%+v", r)
	}
	v := got(t, func() (casework.PlanView, error) { return w.Desk.Plan(t.Context(), o.Director, key) })
	if v.Plan.Due[0].Recheck != r.ID || v.Progress(v.Plan.Due[0]) != "待复查" {
		t.Errorf("the plan does not know its recheck: %+v", v.Plan.Due[0])
	}
	rows := 0
	for row := range v.Rows() {
		rows++
		if len(row) != len(casework.PlanHead) || row[5] != "实地复查" || row[6] != "换了负责人。" {
			t.Errorf("%q", row)
		}
	}
	if rows != 1 {
		t.Errorf("%d rows", rows)
	}
	looks := w.Team()[0]
	ok(t, w.Desk.BeginRecheck(t.Context(), o.Clerk, r.ID, []id.Account{looks.Account}, 0))
	found := map[string]recheck.Finding{}
	for _, i := range w.Programme().Indicators(r.DueOn.Year) {
		found[i.Code] = recheck.Finding{Now: "meets"}
	}
	w.Refused(w.Desk.ReportRecheck(t.Context(), looks, r.ID, found, "好。", 0), "recheck.report.not_visited")
	ok(t, w.Desk.VisitRecheck(t.Context(), looks, r.ID, calendar.DateOf(w.Now()), 0))
	ok(t, w.Desk.ReportRecheck(t.Context(), looks, r.ID, found, "好。", 0))
}

// TestAnOrderIsRemembered: a holder that has not reported what it put right is reminded
// three days before the time is over, in the morning, and not before; one that has, not at
// all (S70).
func TestAnOrderIsRemembered(t *testing.T) {
	t.Parallel()
	for _, reports := range []bool{false, true} {
		w := testkit.New(t)
		d := w.TitleNamed("2021-09-15")
		holder := w.ApplicantOf(d.Organisation)
		addressed(t, w, holder, message.Each)
		key := got(t, func() (id.Rectification, error) {
			return w.Desk.OrderRectification(t.Context(), w.Office().Chair, casework.RectificationOrder{Designation: d.ID, Items: []string{"补齐台账。"}})
		})
		ok(t, w.Desk.ServeRectification(t.Context(), w.Office().Clerk, key, calendar.DateOf(w.Now()), 0))
		if reports {
			ok(t, w.Desk.AnswerRectification(t.Context(), holder, key, 1, "已补齐。", "照片", 0))
			ok(t, w.Desk.ReportRectification(t.Context(), holder, key, 0))
		}
		due := read(t, w, func(tx *store.Tx) (rectification.Rectification, error) { return tx.Rectification(key) }).Due
		morning := calendar.DateOf(due.Add(-message.Soon)).Start().Add(8 * time.Hour)
		w.Jump(morning.AddDate(0, 0, -1))
		tick(t, w)
		before := len(inbox(t, w, holder))
		w.Jump(morning.Add(-time.Second))
		tick(t, w)
		if n := len(inbox(t, w, holder)); n != before {
			t.Errorf("%d messages a second before the morning", n-before)
		}
		w.Jump(morning)
		tick(t, w)
		all := inbox(t, w, holder)
		if told := len(all) > before && all[0] == "deadline"; told == reports {
			t.Errorf("reported %v: %v", reports, all)
		}
	}
}
