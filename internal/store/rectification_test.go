package store_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"shifan/internal/calendar"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/designation"
	"shifan/internal/lifecycle/item"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/rectification"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/store"
)

func fullRectification(key id.Rectification, d id.Designation) rectification.Rectification {
	day := calendar.MustDate("2024-10-08")
	return rectification.Rectification{
		ID: key, Programme: "base", Designation: d, Organisation: "org_1", Recheck: id.Recheck("rck_" + key), State: rectification.Verified,
		Terms: programme.Rectification{Days: 30, Working: true, Extensions: 1, RollsOver: true},
		Items: []rectification.Item{{Say: "补齐会议记录", Done: "已补齐", Evidence: "记录12份", Evident: true, Note: "𠮷"}}, Assessors: []id.Account{"acc_one", "acc_two"},
		OrderedAt: someInstant, ServedOn: calendar.MustDate("2024-09-02"), Due: day.End().UTC(), DueOn: day, Provisional: true, CalendarVersion: "v",
		Extensions: []rectification.Extension{{At: someInstant, From: day, To: day.AddDays(1), Reason: "台风"}}, ReportedAt: someInstant,
		Method: rectification.OnSite, Evident: true, Opinion: "已见效果。", VerifiedBy: "acc_one", VerifiedAt: someInstant, Decision: "itm_1", Reason: "理由", ConcludedAt: someInstant,
	}
}

func addRectification(t *testing.T, s *store.Store, r rectification.Rectification) error {
	t.Helper()
	return written(t, s, func(tx *store.Tx) error { return tx.AddRectification(&r) })
}

func TestARectificationIsKeptWhole(t *testing.T) {
	t.Parallel()
	s := openStore(t)
	title(t, s, "dsg_a")
	want := fullRectification("rct_a", "dsg_a")
	whole(t, want)
	if err := addRectification(t, s, want); err != nil {
		t.Fatal(err)
	}
	if err := addRectification(t, s, fullRectification("rct_b", "dsg_a")); err == nil {
		t.Error("a second open order about a title is kept")
	}
	again := fullRectification("rct_c", "dsg_a")
	again.State, again.Recheck = rectification.Failed, want.Recheck
	if err := addRectification(t, s, again); err == nil {
		t.Error("a second order after one recheck is kept")
	}
	want.Version = 1
	got := viewed(t, s, func(tx *store.Tx) (rectification.Rectification, error) { return tx.Rectification("rct_a") })
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestWhoSeesRectifications(t *testing.T) {
	t.Parallel()
	s := openStore(t)
	title(t, s, "dsg_a")
	r := fullRectification("rct_a", "dsg_a")
	if err := addRectification(t, s, r); err != nil {
		t.Fatal(err)
	}
	r.Version = 1
	sitting(t, s, item.Subject{Kind: "rectification", ID: "rct_a"})
	seen(t, s, onlookers(true), func(tx *store.Tx, v stage.Actor) error { _, err := tx.RectificationFor(v, "rct_a"); return err },
		func(tx *store.Tx, v stage.Actor) (int, error) {
			all, err := tx.Rectifications(v, store.RectificationFilter{Query: "2021-dsg_a", Programme: "base"})
			return len(all), err
		})

	holder := stage.Actor{Role: stage.Applicant, Organisation: "org_1"}
	for state, reads := range map[stage.State]bool{rectification.Verified: false, rectification.Ended: false, rectification.Passed: true, rectification.Failed: true} {
		r.State = state
		if err := written(t, s, func(tx *store.Tx) error { return tx.PutRectification(&r) }); err != nil {
			t.Fatal(err)
		}
		got := viewed(t, s, func(tx *store.Tx) (rectification.Rectification, error) { return tx.RectificationFor(holder, "rct_a") })
		if got.Assessors != nil || got.VerifiedBy != "" || got.Items[0].Done == "" {
			t.Errorf("%s: the holder reads %+v", state, got)
		}
		if (got.Opinion != "") != reads || got.Evident != reads || got.Items[0].Evident != reads || (got.Items[0].Note != "") != reads || (got.Method != "") != reads {
			t.Errorf("%s: the holder reads the verification: %+v", state, got)
		}
	}
	r.State, r.ServedOn = rectification.Ordered, calendar.Date{}
	if err := written(t, s, func(tx *store.Tx) error { return tx.PutRectification(&r) }); err != nil {
		t.Fatal(err)
	}
	if err := s.View(t.Context(), func(tx *store.Tx) error {
		if _, err := tx.RectificationFor(holder, "rct_a"); fault.KindOf(err) != fault.NotFound {
			t.Errorf("the holder sees an order that was not served: %v", err)
		}
		all, err := tx.Rectifications(holder, store.RectificationFilter{})
		if len(all) != 0 {
			t.Error("the holder lists an order that was not served")
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
}

// TestRectificationsDue: what the clock reads, on both sides of each boundary.
func TestRectificationsDue(t *testing.T) {
	t.Parallel()
	s := openStore(t)
	d := title(t, s, "dsg_a")
	r := fullRectification("rct_a", "dsg_a")
	r.State = rectification.Running
	if err := addRectification(t, s, r); err != nil {
		t.Fatal(err)
	}
	r.Version = 1
	count := func(read func(*store.Tx) ([]rectification.Rectification, error)) int { return len(viewed(t, s, read)) }
	missed := func(at time.Time) int {
		return count(func(tx *store.Tx) ([]rectification.Rectification, error) { return tx.RectificationsMissed(at) })
	}
	failed := func() int {
		return count(func(tx *store.Tx) ([]rectification.Rectification, error) { return tx.RectificationsFailed() })
	}
	outlived := func() int {
		return count(func(tx *store.Tx) ([]rectification.Rectification, error) { return tx.RectificationsOutlived() })
	}
	if missed(r.Due.Add(-time.Microsecond)) != 0 || missed(r.Due) != 1 {
		t.Error("an order is missed from its due instant on")
	}
	put := func(state, of stage.State) {
		t.Helper()
		r.State, d.State = state, of
		if err := written(t, s, func(tx *store.Tx) error {
			if err := tx.PutRectification(&r); err != nil {
				return err
			}
			return tx.PutDesignation(&d)
		}); err != nil {
			t.Fatal(err)
		}
	}
	put(rectification.Running, designation.Rectifying)
	if failed() != 0 || outlived() != 0 {
		t.Error("what runs has neither failed nor been outlived")
	}
	put(rectification.Failed, designation.Rectifying)
	if failed() != 1 {
		t.Error("a failed order leads nowhere")
	}
	v := fullRevocation("rvk_a", "dsg_a")
	v.Rectification = "rct_other"
	if err := written(t, s, func(tx *store.Tx) error { return tx.AddRevocation(&v) }); err != nil {
		t.Fatal(err)
	}
	if failed() != 0 {
		t.Error("a second proceeding would be opened")
	}
	put(rectification.Failed, designation.Expired)
	if failed() != 0 {
		t.Error("an expired title would be revoked")
	}
	put(rectification.Reported, designation.Expired)
	if outlived() != 1 {
		t.Error("an order about an expired title goes on")
	}
}
