package casework_test

import (
	"strings"
	"testing"

	"shifan/internal/calendar"
	"shifan/internal/casework"
	"shifan/internal/id"
	"shifan/internal/lifecycle/designation"
	"shifan/internal/lifecycle/fact"
	"shifan/internal/lifecycle/item"
	"shifan/internal/lifecycle/recheck"
	"shifan/internal/lifecycle/rectification"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/lifecycle/trigger"
	"shifan/internal/store"
	"shifan/internal/testkit"
)

// knows lets the office enter what is known of a title's holder, beside what is known.
func knows(t *testing.T, w *testkit.World, by stage.Actor, o id.Organisation, add func(*fact.Facts)) {
	t.Helper()
	org := orgOf(t, w, o)
	add(&org)
	ok(t, w.Desk.EditFacts(t.Context(), by, o, 0, org))
}

func orgOf(t *testing.T, w *testkit.World, key id.Organisation) fact.Facts {
	t.Helper()
	return read(t, w, func(tx *store.Tx) (fact.Facts, error) {
		o, err := tx.Organisation(key)
		return o.Facts, err
	})
}

func rechecksOf(t *testing.T, w *testkit.World, key id.Designation) []recheck.Recheck {
	t.Helper()
	return read(t, w, func(tx *store.Tx) ([]recheck.Recheck, error) { return tx.RechecksOf(key) })
}

func raisedOf(t *testing.T, w *testkit.World, key id.Designation) []trigger.Trigger {
	t.Helper()
	return read(t, w, func(tx *store.Tx) ([]trigger.Trigger, error) { return tx.TriggersOf(key) })
}

func tick(t *testing.T, w *testkit.World) int {
	t.Helper()
	n, err := w.Desk.Tick(t.Context())
	ok(t, err)
	return n
}

// TestWhatHappensOpensARecheck: a confirmed penalty opens a recheck by itself, once; what
// comes while it is looked into joins it; passed, the title's term and its next recheck
// stay (S66, S69).
func TestWhatHappensOpensARecheck(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	d := w.TitleNamed("2021-09-15")
	office, ctx := w.Office(), t.Context()
	w.At("2022-05-10")
	penalty := fact.Penalty{Number: "某民罚〔2022〕3号", Authority: "某市民政局", Kind: "warning", DecidedOn: calendar.MustDate("2022-05-09")}

	// What it declares of itself raises nothing; what the office does not name in its
	// programme neither.
	knows(t, w, holderOf(w, d), d.Organisation, func(f *fact.Facts) { f.Penalties = append(f.Penalties, penalty) })
	knows(t, w, office.Clerk, d.Organisation, func(f *fact.Facts) {
		f.Listings = append(f.Listings, fact.Listing{List: fact.Abnormal, From: calendar.MustDate("2022-05-01"), Why: "未报年报"})
	})
	if n := tick(t, w); n != 0 || len(raisedOf(t, w, d.ID)) != 0 {
		t.Fatal("raised before anybody confirmed it")
	}
	ok(t, w.Desk.ConfirmOrganisation(ctx, office.Clerk, d.Organisation, 0))
	tick(t, w)
	r := recheckOf(t, w, d.ID)
	if r.Origin != recheck.OfEvent || r.State != recheck.Due || r.DueOn.String() != "2022-08-08" {
		t.Errorf("%+v", r)
	}
	all := raisedOf(t, w, d.ID)
	if len(all) != 1 || all[0].State != trigger.Answered || all[0].Recheck != r.ID || all[0].Say != "2022年5月9日某市民政局作出行政处罚（警告）某民罚〔2022〕3号" {
		t.Fatalf("%+v", all)
	}
	tells(t, w, all[0].ID, "trigger.raise →raised clerk", "trigger.answer raised→answered clock")
	tells(t, w, r.ID, "recheck.open →due clock")

	// Once a fact: the same penalty written anew opens nothing.
	knows(t, w, office.Clerk, d.Organisation, func(f *fact.Facts) { f.Penalties[0].Performed = calendar.MustDate("2022-05-10") })
	// A failed inspection joins the recheck that is open.
	knows(t, w, office.Clerk, d.Organisation, func(f *fact.Facts) {
		f.Inspections = append(f.Inspections, fact.Inspection{Year: 2021, Conclusion: fact.Failed})
	})
	if n := tick(t, w); n != 1 || len(rechecksOf(t, w, d.ID)) != 1 || len(raisedOf(t, w, d.ID)) != 2 {
		t.Errorf("%d acts, %+v", n, raisedOf(t, w, d.ID))
	}
	work, err := w.Desk.Work(ctx, office.Clerk)
	ok(t, err)
	if len(work) != 1 || work[0].Title != "指定人员，开始随时复查（受到行政处罚、年检不合格） "+d.Name {
		t.Errorf("%+v", work)
	}
	if v, err := w.Desk.Recheck(ctx, holderOf(w, d), r.ID); err != nil || len(v.Causes) != 2 {
		t.Errorf("the holder reads %v %v", v.Causes, err)
	}
	passEvent(t, w, r.ID)
	kept := titleKept(t, w, d.ID)
	if kept.ValidTo != d.ValidTo || kept.RecheckDue != d.RecheckDue || len(kept.Renewals) != 0 {
		t.Errorf("the term moved: %+v", kept)
	}

	// The next fact opens another, and the one of the term still comes.
	knows(t, w, office.Clerk, d.Organisation, func(f *fact.Facts) {
		f.Penalties = append(f.Penalties, fact.Penalty{Number: "4号", Authority: "某市民政局", Kind: "fine", DecidedOn: calendar.DateOf(w.Now())})
	})
	tick(t, w)
	if all := rechecksOf(t, w, d.ID); len(all) != 2 || all[1].Origin != recheck.OfEvent || all[1].DueOn == r.DueOn {
		t.Fatalf("%+v", all)
	}
	passEvent(t, w, rechecksOf(t, w, d.ID)[1].ID)
	w.At("2024-06-16 00:00:00")
	if all := rechecksOf(t, w, d.ID); len(all) != 3 || all[2].Origin != "" || all[2].DueOn != d.RecheckDue {
		t.Errorf("%+v", all)
	}
}

// passEvent takes a recheck to its end: passed.
func passEvent(t *testing.T, w *testkit.World, key id.Recheck) {
	t.Helper()
	ctx, office, looks := t.Context(), w.Office(), w.Person("考核组成员", stage.Assessor)
	ok(t, w.Desk.BeginRecheck(ctx, office.Clerk, key, []id.Account{looks.Account}, 0))
	year := read(t, w, func(tx *store.Tx) (recheck.Recheck, error) { return tx.Recheck(key) }).DueOn.Year
	ok(t, w.Desk.ReportRecheck(ctx, looks, key, allNow(w, year, "meets"), "情形属实，已经改正。", 0))
	ok(t, w.Desk.PassRecheck(ctx, office.Chair, key, "情节轻微，已经改正。", 0))
}

// TestATriggerWaitsOrLapses: it waits while a report waits for its conclusion and while
// an order runs; taken back, it opens nothing; put right, no term moves.
func TestATriggerWaitsOrLapses(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	d := w.TitleNamed("2021-09-15")
	office, ctx := w.Office(), t.Context()
	w.At("2022-05-10")
	failed := func(year int) func(*fact.Facts) {
		return func(f *fact.Facts) {
			f.Inspections = append(f.Inspections, fact.Inspection{Year: year, Conclusion: fact.Failed})
		}
	}
	knows(t, w, office.Clerk, d.Organisation, failed(2021))
	// Taken back within the minute.
	knows(t, w, office.Clerk, d.Organisation, func(f *fact.Facts) { f.Inspections = nil })
	tick(t, w)
	if all := raisedOf(t, w, d.ID); len(all) != 1 || all[0].State != trigger.Lapsed || len(rechecksOf(t, w, d.ID)) != 0 {
		t.Fatalf("%+v", all)
	}
	knows(t, w, office.Clerk, d.Organisation, func(f *fact.Facts) {
		f.Grades = append(f.Grades, fact.Grade{Rank: 4, AnnouncedOn: calendar.MustDate("2020-01-01"), RevokedOn: calendar.MustDate("2022-05-01")})
	})
	tick(t, w)
	r := recheckOf(t, w, d.ID)
	looks := w.Person("考核组成员", stage.Assessor)
	ok(t, w.Desk.BeginRecheck(ctx, office.Clerk, r.ID, []id.Account{looks.Account}, 0))
	ok(t, w.Desk.ReportRecheck(ctx, looks, r.ID, allNow(w, 2022, "fails"), "等级被取消。", 0))
	w.At("2023-01-10")
	knows(t, w, office.Clerk, d.Organisation, failed(2022))
	waits := func(when string) {
		t.Helper()
		tick(t, w)
		if all := raisedOf(t, w, d.ID); all[len(all)-1].State != trigger.Raised || len(rechecksOf(t, w, d.ID)) != 1 {
			t.Errorf("%s: %+v", when, all[len(all)-1])
		}
	}
	waits("before the conclusion")
	ok(t, w.Desk.SlipRecheck(ctx, office.Chair, r.ID, "等级被取消，标准下降。", 0))
	waits("before the order")
	order, err := w.Desk.OrderRectification(ctx, office.Chair, casework.RectificationOrder{Recheck: r.ID, Items: []string{"重新参加评估。"}})
	ok(t, err)
	waits("under the order")
	ok(t, w.Desk.ServeRectification(ctx, office.Clerk, order, calendar.DateOf(w.Now()), 0))
	ok(t, w.Desk.AnswerRectification(ctx, holderOf(w, d), order, 1, "已重新评估。", "证书", 0))
	ok(t, w.Desk.ReportRectification(ctx, holderOf(w, d), order, 0))
	ok(t, w.Desk.VerifyRectification(ctx, looks, order, "desk", []rectification.Item{{Evident: true}}, "已改正。", 0))
	w.Resolve(true, item.Subject{Kind: "rectification", ID: string(order)})
	kept := titleKept(t, w, d.ID)
	if kept.State != designation.Valid || kept.ValidTo != d.ValidTo || kept.RecheckDue != d.RecheckDue {
		t.Errorf("%+v", kept)
	}
	tick(t, w)
	if all := rechecksOf(t, w, d.ID); len(all) != 2 || all[1].State != recheck.Due {
		t.Errorf("the one that waited: %+v", all)
	}
}

// TestADeregisteredHoldersTitleEnds: by the clock, where the programme says so; one that
// was merged waits for the committee (S73).
func TestADeregisteredHoldersTitleEnds(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	d, merged, heir := w.TitleNamed("2021-09-15"), w.TitleNamed("2021-09-15"), w.Organisation()
	w.At("2022-03-09")
	endOrganisation(t, w, d.Organisation, "deregister", "")
	endOrganisation(t, w, merged.Organisation, "merge", heir)
	if n := tick(t, w); n != 1 || tick(t, w) != 0 {
		t.Errorf("%d acts", n)
	}
	if got := titleKept(t, w, d.ID); got.State != designation.Dissolved || got.EndedOn.IsZero() || !strings.Contains(got.Reason, "注销") {
		t.Errorf("%+v", got)
	}
	if got := titleKept(t, w, merged.ID); got.State != designation.Valid {
		t.Errorf("%+v", got)
	}
	tells(t, w, d.ID, "designation.name →valid director", "designation.dissolve valid→dissolved clock")
}
