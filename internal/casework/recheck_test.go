package casework_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"shifan/internal/calendar"
	"shifan/internal/casework"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/designation"
	"shifan/internal/lifecycle/item"
	"shifan/internal/lifecycle/recheck"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/record"
	"shifan/internal/store"
	"shifan/internal/testkit"
)

// read reads something from a world's database.
func read[T any](t *testing.T, w *testkit.World, get func(*store.Tx) (T, error)) (v T) {
	t.Helper()
	if err := w.Desk.Store.View(t.Context(), func(tx *store.Tx) (err error) { v, err = get(tx); return err }); err != nil {
		t.Fatal(err)
	}
	return v
}

// titleKept returns a title as it is kept.
func titleKept(t *testing.T, w *testkit.World, key id.Designation) designation.Designation {
	t.Helper()
	return read(t, w, func(tx *store.Tx) (designation.Designation, error) { return tx.Designation(key) })
}

// recheckOf returns the only recheck of a title.
func recheckOf(t *testing.T, w *testkit.World, key id.Designation) recheck.Recheck {
	t.Helper()
	all := read(t, w, func(tx *store.Tx) ([]recheck.Recheck, error) { return tx.RechecksOf(key) })
	if len(all) != 1 {
		t.Fatalf("%d rechecks of %s", len(all), key)
	}
	return all[0]
}

// tells compares what the record says about a thing.
func tells[K ~string](t *testing.T, w *testkit.World, thing K, want ...string) {
	t.Helper()
	if diff := cmp.Diff(want, w.Record(string(thing))); diff != "" {
		t.Errorf("the record of %s: %s", thing, diff)
	}
}

// ok fails the test at once when an act is refused.
func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// endTitle ends a title in another way than by revocation.
func endTitle(t *testing.T, w *testkit.World, key id.Designation, act string, end func(*designation.Designation) (stage.Move, error)) {
	t.Helper()
	ok(t, w.Desk.Store.Change(t.Context(), func(tx *store.Tx) (record.Entry, error) {
		d, err := tx.Designation(key)
		if err != nil {
			return record.Entry{}, err
		}
		m, err := end(&d)
		if err != nil {
			return record.Entry{}, err
		}
		return record.Entry{At: w.Now(), Role: string(m.By), Act: "designation." + act, Thing: string(key), From: string(m.From), To: string(m.To)}, tx.PutDesignation(&d)
	}))
}

// holderOf acts for the organisation that holds a title.
func holderOf(w *testkit.World, d designation.Designation) stage.Actor {
	return w.ApplicantOf(d.Organisation)
}

// allNow rates every indicator of the world's programme the same.
func allNow(w *testkit.World, year int, now string) map[string]recheck.Finding {
	all := map[string]recheck.Finding{}
	for _, i := range w.Programme().Indicators(year) {
		all[i.Code] = recheck.Finding{Now: now, Note: "看了会议记录和活动场所。"}
	}
	return all
}

// reportedRecheck takes the recheck of a title named on 2021-09-15 to its report.
func reportedRecheck(t *testing.T, w *testkit.World) (designation.Designation, id.Recheck, stage.Actor) {
	t.Helper()
	d := w.TitleNamed("2021-09-15")
	w.At("2024-06-16 00:00:00")
	r := recheckOf(t, w, d.ID)
	looks := w.Person("考核组成员甲", stage.Assessor)
	ok(t, w.Desk.BeginRecheck(t.Context(), w.Office().Clerk, r.ID, []id.Account{looks.Account}, r.Version))
	w.At("2024-06-20")
	ok(t, w.Desk.ReportRecheck(t.Context(), looks, r.ID, allNow(w, 2024, "meets"), "总体保持。", 0))
	return d, r.ID, looks
}

// TestARecheckPassedRenews: the clock opens it 90 days before it is due; who
// reported does not conclude; passed before the last day, the title lasts three
// more years from that day on (S68).
func TestARecheckPassedRenews(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	d := w.TitleNamed("2021-09-15")
	if d.RecheckDue.String() != "2024-09-14" {
		t.Fatalf("due %s", d.RecheckDue)
	}
	w.At("2024-06-15 23:59:59")
	if all := read(t, w, func(tx *store.Tx) ([]recheck.Recheck, error) { return tx.RechecksOf(d.ID) }); len(all) != 0 {
		t.Fatal("opened a second early")
	}
	w.At("2024-06-16 00:00:00")
	r := recheckOf(t, w, d.ID)
	if r.State != recheck.Due || r.DueOn != d.RecheckDue || r.StandardVersion != 2 {
		t.Errorf("%+v", r)
	}
	if acts, err := w.Desk.Tick(t.Context()); acts != 0 || err != nil {
		t.Errorf("a second tick does %d acts, %v", acts, err)
	}
	recheckOf(t, w, d.ID)

	office, holder, ctx := w.Office(), holderOf(w, d), t.Context()
	looks := w.Person("考核组成员甲", stage.Assessor)
	kin := w.PersonWith("考核组成员乙", casework.Grant{Role: stage.Assessor}, casework.Grant{Role: stage.Applicant, Organisation: d.Organisation})
	w.Refused(w.Desk.BeginRecheck(ctx, office.Clerk, r.ID, []id.Account{looks.Account, kin.Account}, 0), "recheck.begin.interest")
	w.Refused(w.Desk.BeginRecheck(ctx, office.Clerk, r.ID, []id.Account{office.Chair.Account}, 0), "recheck.begin.unknown")
	w.Refused(w.Desk.BeginRecheck(ctx, office.Director, r.ID, []id.Account{looks.Account}, 0), "stage.not_allowed")
	ok(t, w.Desk.BeginRecheck(ctx, office.Clerk, r.ID, []id.Account{looks.Account}, r.Version))
	w.Refused(w.Desk.BeginRecheck(ctx, office.Clerk, r.ID, []id.Account{looks.Account}, r.Version), "thing.stale")

	other := w.ApplicantOf(w.Organisation())
	w.Refused(w.Desk.ReportSelf(ctx, other, r.ID, "一切照常。", 0), "thing.not_found")
	ok(t, w.Desk.ReportSelf(ctx, holder, r.ID, "三年来开展主题党日36次，比命名时增加6次。", 0))
	unasked := w.Person("考核组成员丙", stage.Assessor)
	w.Refused(w.Desk.ReportRecheck(ctx, unasked, r.ID, allNow(w, 2024, "meets"), "好。", 0), "thing.not_found")
	w.Refused(w.Desk.ReportRecheck(ctx, looks, r.ID, nil, "好。", 0), "input.several")
	ok(t, w.Desk.NoteRecheck(ctx, looks, r.ID, map[string]recheck.Finding{"1-1": {Now: "meets"}}, "", 0))
	ok(t, w.Desk.ReportRecheck(ctx, looks, r.ID, allNow(w, 2024, "meets"), "总体保持。", 0))
	w.Refused(w.Desk.ReportSelf(ctx, holder, r.ID, "再补充。", 0), "stage.not_allowed")

	both := w.Grant(looks, stage.Chair)
	w.Refused(w.Desk.PassRecheck(ctx, both, r.ID, "", 0), "recheck.conclude.same_person")
	w.Refused(w.Desk.PassRecheck(ctx, office.Director, r.ID, "", 0), "stage.not_allowed")
	w.At("2024-09-15 23:59:59")
	ok(t, w.Desk.PassRecheck(ctx, office.Chair, r.ID, "", 0))
	d = titleKept(t, w, d.ID)
	if d.State != designation.Valid || d.ValidTo.String() != "2027-09-15" || len(d.Renewals) != 1 || d.Renewals[0].Recheck != r.ID || d.RecheckDue.String() != "2027-09-14" {
		t.Errorf("renewed: %+v", d)
	}
	tells(t, w, r.ID, "recheck.open →due clock", "recheck.begin due→underway clerk", "recheck.self_report underway→underway applicant",
		"recheck.note underway→underway assessor", "recheck.report underway→reported assessor", "recheck.pass reported→passed chair")
	tells(t, w, d.ID, "designation.name →valid director", "designation.renew valid→valid chair")
	w.At("2024-09-16 00:00:00")
	if got := titleKept(t, w, d.ID); got.State != designation.Valid {
		t.Errorf("after the first term it is %s", got.State)
	}
}

// TestARecheckConcludedTooLate: after the last day nothing can be renewed.
func TestARecheckConcludedTooLate(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	d, key, _ := reportedRecheck(t, w)
	w.At("2024-09-16 00:00:00")
	err := w.Desk.PassRecheck(t.Context(), w.Office().Chair, key, "", 0)
	if c := fault.CodeOf(err); c != "recheck.pass.expired" && c != "stage.not_allowed" {
		t.Errorf("got %v", err)
	}
	if got := titleKept(t, w, d.ID); got.ValidTo.String() != "2024-09-15" {
		t.Errorf("valid to %s", got.ValidTo)
	}
}

// TestExpiryEndsARecheck: a title that ends in another way ends what is open about
// it.
func TestExpiryEndsARecheck(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	d, key, _ := reportedRecheck(t, w)
	w.At("2024-09-15 23:59:59")
	if got := recheckOf(t, w, d.ID); got.State != recheck.Reported {
		t.Fatalf("in the last second it is %s", got.State)
	}
	w.At("2024-09-16 00:00:00")
	if got := titleKept(t, w, d.ID); got.State != designation.Expired {
		endTitle(t, w, d.ID, "expire", func(d *designation.Designation) (stage.Move, error) { return d.Expire(stage.TheClock, w.Now()) })
		w.At("2024-09-16 00:00:01")
	}
	if got := recheckOf(t, w, d.ID); got.State != recheck.Ended {
		t.Errorf("it is %s", got.State)
	}
	tells(t, w, key, "recheck.open →due clock", "recheck.begin due→underway clerk", "recheck.report underway→reported assessor", "recheck.end reported→ended clock")
}

// TestARecheckByTheCommittee: a meeting has it, so the chair does not conclude
// alone; carried passes, lost finds that the standard slipped.
func TestARecheckByTheCommittee(t *testing.T) {
	t.Parallel()
	for _, carried := range []bool{true, false} {
		w := testkit.New(t)
		d, key, _ := reportedRecheck(t, w)
		w.At("2024-07-01")
		w.Resolve(carried, item.Subject{Kind: "recheck", ID: string(key)})
		r, d := recheckOf(t, w, d.ID), titleKept(t, w, d.ID)
		if carried && (r.State != recheck.Passed || d.ValidTo.String() != "2027-09-15") || !carried && (r.State != recheck.Slipped || d.ValidTo.String() != "2024-09-15") {
			t.Errorf("carried %v: %s, valid to %s", carried, r.State, d.ValidTo)
		}
		if r.Decision == "" {
			t.Error("the decision is not kept")
		}
	}
}

// TestNobodyConcludesBesideAMeeting: not while it is on an agenda, and not by who
// acts for the holder.
func TestNobodyConcludesBesideAMeeting(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	d, key, _ := reportedRecheck(t, w)
	ctx, office := t.Context(), w.Office()
	interested := w.PersonWith("主任委员乙", casework.Grant{Role: stage.Chair}, casework.Grant{Role: stage.Applicant, Organisation: d.Organisation})
	w.Refused(w.Desk.PassRecheck(ctx, interested, key, "", 0), "recheck.conclude.interest")
	m := w.ConvenedOnTitles()
	if _, err := w.Desk.ListItem(ctx, office.Clerk, m, item.Subject{Kind: "recheck", ID: string(key)}); err != nil {
		t.Fatal(err)
	}
	w.Refused(w.Desk.PassRecheck(ctx, office.Chair, key, "", 0), "recheck.conclude.on_agenda")
	w.Refused(w.Desk.SlipRecheck(ctx, office.Chair, key, "退步", 0), "recheck.conclude.on_agenda")
	ok(t, w.Desk.CancelMeeting(ctx, office.Clerk, m, "改期"))
	w.Refused(w.Desk.SlipRecheck(ctx, office.Chair, key, strings.Repeat("𠮷", 5001), 0), "recheck.text.too_long")
	ok(t, w.Desk.SlipRecheck(ctx, office.Chair, key, "两年没有开展活动。", 0))
}

// TestAProgrammeThatKeeps: where a recheck does not renew, the title keeps its last
// day; one without an end is looked at again in three years.
func TestAProgrammeThatKeeps(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	d := w.TitleNamed("2021-09-15")
	ok(t, w.Desk.Store.Change(t.Context(), func(tx *store.Tx) (record.Entry, error) {
		d, err := tx.Designation(d.ID)
		if err != nil {
			return record.Entry{}, err
		}
		d.ValidTo, d.RecheckDue = calendar.Date{}, calendar.MustDate("2024-09-15")
		return record.Entry{At: w.Now(), Act: "test.endless", Thing: string(d.ID)}, tx.PutDesignation(&d)
	}))
	w.At("2024-06-17")
	r := recheckOf(t, w, d.ID)
	looks := w.Person("考核组成员甲", stage.Assessor)
	ok(t, w.Desk.BeginRecheck(t.Context(), w.Office().Clerk, r.ID, []id.Account{looks.Account}, 0))
	ok(t, w.Desk.ReportRecheck(t.Context(), looks, r.ID, allNow(w, 2024, "fails"), "有退步。", 0))
	w.Refused(w.Desk.PassRecheck(t.Context(), w.Office().Chair, r.ID, " ", 0), "recheck.conclude.reason")
	ok(t, w.Desk.PassRecheck(t.Context(), w.Office().Chair, r.ID, "场地翻修，十月恢复。", 0))
	if got := titleKept(t, w, d.ID); !got.ValidTo.IsZero() || got.RecheckDue.String() != "2027-09-15" {
		t.Errorf("valid to %s, next recheck %s", got.ValidTo, got.RecheckDue)
	}
}
