package store_test

import (
	"reflect"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"shifan/internal/calendar"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/designation"
	"shifan/internal/lifecycle/item"
	"shifan/internal/lifecycle/meeting"
	"shifan/internal/lifecycle/recheck"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/record"
	"shifan/internal/store"
)

// someInstant is an instant with microseconds, as the store keeps it.
var someInstant = time.Date(2024, 9, 1, 4, 0, 0, 123456000, time.UTC)

// whole fails unless every field of a thing holds something, so that a test that
// keeps it notices a column that was forgotten.
func whole(t *testing.T, thing any) {
	t.Helper()
	v := reflect.ValueOf(thing)
	for i := range v.NumField() {
		if name := v.Type().Field(i).Name; name != "Version" && v.Field(i).IsZero() {
			t.Errorf("%T.%s is empty", thing, name)
		}
	}
}

// written runs one write in a change of its own.
func written(t *testing.T, s *store.Store, do func(*store.Tx) error) error {
	t.Helper()
	return s.Change(t.Context(), func(tx *store.Tx) (record.Entry, error) {
		return record.Entry{At: time.Unix(1, 0), Act: "test.write", Thing: "x"}, do(tx)
	})
}

// title adds a valid title of org_1 in the programme "base" whose recheck is due
// on 2024-09-14.
func title(t *testing.T, s *store.Store, key id.Designation) designation.Designation {
	t.Helper()
	d := fullDesignation(key)
	d.State = designation.Valid
	if err := addDesignation(t, s, d); err != nil {
		t.Fatal(err)
	}
	d.Version = 1
	return d
}

func fullRecheck(key id.Recheck, d id.Designation) recheck.Recheck {
	return recheck.Recheck{
		ID: key, Programme: "base", Designation: d, Organisation: "org_1", State: recheck.Reported, Origin: recheck.OfEvent, Plan: "pln_1", Depth: recheck.Site, VisitedOn: calendar.MustDate("2024-07-01"),
		DueOn: calendar.MustDate("2024-09-14"), ExpiresOn: calendar.MustDate("2024-09-15"), StandardVersion: 2, NamingVersion: 1,
		Assessors: []id.Account{"acc_one", "acc_two"}, SelfReport: "一切照常，𠮷。", SelfReportedAt: someInstant,
		Findings: map[string]recheck.Finding{"1-1": {Then: "meets", Now: "partly", Note: "活动减少。"}}, Opinion: "总体保持。", ReportedBy: "acc_one",
		Decision: "itm_1", Reason: "理由", OpenedAt: someInstant, BegunAt: someInstant, ReportedAt: someInstant, ConcludedAt: someInstant,
	}
}

func TestARecheckIsKeptWhole(t *testing.T) {
	t.Parallel()
	s := openStore(t)
	title(t, s, "dsg_a")
	want := fullRecheck("rck_a", "dsg_a")
	whole(t, want)
	if err := written(t, s, func(tx *store.Tx) error { r := want; return tx.AddRecheck(&r) }); err != nil {
		t.Fatal(err)
	}
	if err := written(t, s, func(tx *store.Tx) error { r := fullRecheck("rck_b", "dsg_a"); return tx.AddRecheck(&r) }); err == nil {
		t.Error("a second recheck of the same day is kept")
	}
	want.Version = 1
	got := viewed(t, s, func(tx *store.Tx) (recheck.Recheck, error) { return tx.Recheck("rck_a") })
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// viewed reads something.
func viewed[T any](t *testing.T, s *store.Store, read func(*store.Tx) (T, error)) (v T) {
	t.Helper()
	if err := s.View(t.Context(), func(tx *store.Tx) (err error) { v, err = read(tx); return err }); err != nil {
		t.Fatal(err)
	}
	return v
}

// sitting adds a meeting of acc_member and acc_recused with an item about a
// subject, from which acc_recused is recused.
func sitting(t *testing.T, s *store.Store, about item.Subject) {
	t.Helper()
	seats := []meeting.Seat{{Account: "acc_member", Post: meeting.Member}, {Account: "acc_recused", Post: meeting.Member}}
	m := meeting.Meeting{ID: "mtg_1", Programme: "base", Title: "会议", State: meeting.Convened, Roster: seats}
	i := item.Item{
		ID: "itm_1", Meeting: "mtg_1", Programme: "base", Title: "议题", State: item.Listed, Subject: about,
		Recusals: map[id.Account]string{"acc_recused": "亲属"},
	}
	if err := written(t, s, func(tx *store.Tx) error {
		if err := tx.AddMeeting(&m); err != nil {
			return err
		}
		return tx.AddItem(&i)
	}); err != nil {
		t.Fatal(err)
	}
}

// onlooker is somebody who asks, and whether they see the thing at all.
type onlooker struct {
	name   string
	viewer stage.Actor
	sees   bool
	lists  bool
}

// onlookers are those of every chapter about titles; the assessors are acc_one
// and acc_two, the organisation org_1.
func onlookers(assessors bool) []onlooker {
	return []onlooker{
		{"the office", stage.Actor{Role: stage.Clerk}, true, true},
		{"the office of the programme", stage.Actor{Role: stage.Director, Programme: "base"}, true, true},
		{"the office of another programme", stage.Actor{Role: stage.Clerk, Programme: "other"}, false, false},
		{"the chair", stage.Actor{Role: stage.Chair}, true, true},
		{"an auditor", stage.Actor{Role: stage.Auditor}, true, true},
		{"who looks", stage.Actor{Account: "acc_two", Role: stage.Assessor}, assessors, assessors},
		{"another assessor", stage.Actor{Account: "acc_tw", Role: stage.Assessor}, false, false},
		{"who looks, in another role", stage.Actor{Account: "acc_two", Role: stage.Scrutineer}, false, false},
		{"a member before whom it comes", stage.Actor{Account: "acc_member", Role: stage.Member}, true, false},
		{"a recused member", stage.Actor{Account: "acc_recused", Role: stage.Member}, false, false},
		{"a member who does not sit", stage.Actor{Account: "acc_other", Role: stage.Member}, false, false},
		{"the holder", stage.Actor{Role: stage.Applicant, Organisation: "org_1"}, true, true},
		{"another organisation", stage.Actor{Role: stage.Applicant, Organisation: "org_2"}, false, false},
		{"an applicant of nobody", stage.Actor{Role: stage.Applicant}, false, false},
		{"the operator", stage.Actor{Role: stage.Operator}, false, false},
		{"the public", stage.Anyone, false, false},
	}
}

// seen asks as every onlooker.
func seen(t *testing.T, s *store.Store, all []onlooker, one func(*store.Tx, stage.Actor) error, list func(*store.Tx, stage.Actor) (int, error)) {
	t.Helper()
	for _, o := range all {
		if err := s.View(t.Context(), func(tx *store.Tx) error {
			if err := one(tx, o.viewer); (err == nil) != o.sees || err != nil && fault.KindOf(err) != fault.NotFound {
				t.Errorf("%s: sees %v, got %v", o.name, o.sees, err)
			}
			n, err := list(tx, o.viewer)
			if (n == 1) != o.lists {
				t.Errorf("%s lists %d", o.name, n)
			}
			return err
		}); err != nil {
			t.Errorf("%s: %v", o.name, err)
		}
	}
}

func TestWhoSeesRechecks(t *testing.T) {
	t.Parallel()
	s := openStore(t)
	title(t, s, "dsg_a")
	r := fullRecheck("rck_a", "dsg_a")
	if err := written(t, s, func(tx *store.Tx) error { return tx.AddRecheck(&r) }); err != nil {
		t.Fatal(err)
	}
	sitting(t, s, item.Subject{Kind: "recheck", ID: "rck_a"})
	seen(t, s, onlookers(true), func(tx *store.Tx, v stage.Actor) error { _, err := tx.RecheckFor(v, "rck_a"); return err },
		func(tx *store.Tx, v stage.Actor) (int, error) {
			all, err := tx.Rechecks(v, store.RecheckFilter{})
			return len(all), err
		})

	holder := stage.Actor{Role: stage.Applicant, Organisation: "org_1"}
	for state, reads := range map[stage.State]bool{recheck.Underway: false, recheck.Reported: false, recheck.Ended: false, recheck.Passed: true, recheck.Slipped: true} {
		r.State = state
		if err := written(t, s, func(tx *store.Tx) error { return tx.PutRecheck(&r) }); err != nil {
			t.Fatal(err)
		}
		got := viewed(t, s, func(tx *store.Tx) (recheck.Recheck, error) { return tx.RecheckFor(holder, "rck_a") })
		if got.Assessors != nil || got.ReportedBy != "" || got.SelfReport == "" {
			t.Errorf("%s: the holder reads %+v", state, got)
		}
		if (got.Opinion != "") != reads || (got.Findings != nil) != reads {
			t.Errorf("%s: the holder reads the opinion %q", state, got.Opinion)
		}
	}
}

func TestRechecksByPageAndFilter(t *testing.T) {
	t.Parallel()
	s := openStore(t)
	for n, key := range []string{"a", "b", "c"} {
		title(t, s, id.Designation("dsg_"+key))
		r := fullRecheck(id.Recheck("rck_"+key), id.Designation("dsg_"+key))
		r.DueOn = calendar.MustDate("2024-09-14").AddDays(n)
		if n == 2 {
			r.State = recheck.Due
		}
		if err := written(t, s, func(tx *store.Tx) error { return tx.AddRecheck(&r) }); err != nil {
			t.Fatal(err)
		}
	}
	office := stage.Actor{Role: stage.Clerk}
	for _, tt := range []struct {
		name string
		f    store.RecheckFilter
		want []id.Recheck
	}{
		{"all, the next due first", store.RecheckFilter{}, []id.Recheck{"rck_a", "rck_b", "rck_c"}},
		{"a page", store.RecheckFilter{Limit: 2}, []id.Recheck{"rck_a", "rck_b"}},
		{"the next page", store.RecheckFilter{Limit: 2, After: "rck_b"}, []id.Recheck{"rck_c"}},
		{"by state", store.RecheckFilter{States: []stage.State{recheck.Due, recheck.Underway}}, []id.Recheck{"rck_c"}},
		{"due by a day", store.RecheckFilter{DueBy: calendar.MustDate("2024-09-15")}, []id.Recheck{"rck_a", "rck_b"}},
		{"by number", store.RecheckFilter{Query: "2021-dsg_b"}, []id.Recheck{"rck_b"}},
		{"by name", store.RecheckFilter{Query: "𠮷松"}, []id.Recheck{"rck_a", "rck_b", "rck_c"}},
		{"a wildcard is plain", store.RecheckFilter{Query: "%"}, nil},
		{"another programme", store.RecheckFilter{Programme: "other"}, nil},
	} {
		var got []id.Recheck
		for _, r := range viewed(t, s, func(tx *store.Tx) ([]recheck.Recheck, error) { return tx.Rechecks(office, tt.f) }) {
			got = append(got, r.ID)
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s: %s", tt.name, diff)
		}
	}
}

// TestTitlesToRecheck: a title is in the plan until its recheck of that day is
// there, and only while it is valid.
func TestTitlesToRecheck(t *testing.T) {
	t.Parallel()
	s := openStore(t)
	d := title(t, s, "dsg_a")
	due := func(by string) int {
		return len(viewed(t, s, func(tx *store.Tx) ([]designation.Designation, error) {
			return tx.TitlesToRecheck(calendar.MustDate(by))
		}))
	}
	if due("2024-09-13") != 0 || due("2024-09-14") != 1 {
		t.Error("a title is in the plan from the day on which its recheck is due")
	}
	under := func(by string) []store.Ruled {
		return viewed(t, s, func(tx *store.Tx) ([]store.Ruled, error) { return tx.RecheckedUnder(calendar.MustDate(by)) })
	}
	title(t, s, "dsg_b")
	if before, on := under("2024-09-13"), under("2024-09-14"); len(before) != 0 || len(on) != 1 || on[0] != (store.Ruled{Programme: "base", Round: "rnd_1"}) {
		t.Errorf("they stand under the rules of %v, the day before %v", on, before)
	}
	if err := written(t, s, func(tx *store.Tx) error { r := fullRecheck("rck_b", "dsg_b"); return tx.AddRecheck(&r) }); err != nil {
		t.Fatal(err)
	}
	r := fullRecheck("rck_a", "dsg_a")
	if err := written(t, s, func(tx *store.Tx) error { return tx.AddRecheck(&r) }); err != nil {
		t.Fatal(err)
	}
	if due("2025-01-01") != 0 {
		t.Error("what is opened stays in the plan")
	}
	outlived := func() int {
		return len(viewed(t, s, func(tx *store.Tx) ([]recheck.Recheck, error) { return tx.RechecksOutlived() }))
	}
	if outlived() != 0 {
		t.Error("the title is held, and its recheck is said to be outlived")
	}
	d.State = designation.Returned
	if err := written(t, s, func(tx *store.Tx) error { return tx.PutDesignation(&d) }); err != nil {
		t.Fatal(err)
	}
	if outlived() != 1 {
		t.Error("the title was returned, and its recheck goes on")
	}
	r.State, d.State, d.RecheckDue = recheck.Slipped, designation.Valid, calendar.MustDate("2027-09-14")
	if err := written(t, s, func(tx *store.Tx) error {
		if err := tx.PutRecheck(&r); err != nil {
			return err
		}
		return tx.PutDesignation(&d)
	}); err != nil {
		t.Fatal(err)
	}
	if due("2027-09-14") != 1 || outlived() != 0 {
		t.Error("the next recheck is not in the plan")
	}
}
