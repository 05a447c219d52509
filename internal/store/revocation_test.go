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
	"shifan/internal/lifecycle/revocation"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/store"
)

func fullRevocation(key id.Revocation, d id.Designation) revocation.Revocation {
	day := calendar.MustDate
	return revocation.Revocation{
		ID: key, Programme: "base", Designation: d, Organisation: "org_1", Rectification: id.Rectification("rct_" + key), State: revocation.Revoked,
		Ground: revocation.Untrue, Facts: "年检结论系伪造，𠮷。", ProposedAt: someInstant, ProposedBy: "acc_clerk", NotifiedOn: day("2024-09-13"),
		HearingEnds: day("2024-09-23").End().UTC(), HearingLast: day("2024-09-23"), Provisional: true, CalendarVersion: "v", Statement: "无", HeardAt: someInstant,
		Decision: "itm_1", Reason: "属实", DecidedOn: day("2024-10-10"), AppealEnds: day("2024-12-09").End().UTC(), AppealLast: day("2024-12-09"),
		Appeal: "有新证据", AppealedAt: someInstant, AppealItem: "itm_2", AppealReason: "不成立", BarredUntil: day("2027-10-10"), ClosedAt: someInstant,
	}
}

func TestARevocationIsKeptWhole(t *testing.T) {
	t.Parallel()
	s := openStore(t)
	title(t, s, "dsg_a")
	want := fullRevocation("rvk_a", "dsg_a")
	whole(t, want)
	if err := written(t, s, func(tx *store.Tx) error { r := want; return tx.AddRevocation(&r) }); err != nil {
		t.Fatal(err)
	}
	if err := written(t, s, func(tx *store.Tx) error { r := fullRevocation("rvk_b", "dsg_a"); return tx.AddRevocation(&r) }); err == nil {
		t.Error("a second open proceeding about a title is kept")
	}
	closed := fullRevocation("rvk_c", "dsg_a")
	closed.State = revocation.Kept
	if err := written(t, s, func(tx *store.Tx) error { return tx.AddRevocation(&closed) }); err != nil {
		t.Errorf("one that is over does not stand in the way: %v", err)
	}
	want.Version = 1
	got := viewed(t, s, func(tx *store.Tx) (revocation.Revocation, error) { return tx.Revocation("rvk_a") })
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestWhoSeesRevocations(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"revocation", "appeal"} {
		s := openStore(t)
		title(t, s, "dsg_a")
		r := fullRevocation("rvk_a", "dsg_a")
		if err := written(t, s, func(tx *store.Tx) error { return tx.AddRevocation(&r) }); err != nil {
			t.Fatal(err)
		}
		sitting(t, s, item.Subject{Kind: kind, ID: "rvk_a"})
		seen(t, s, onlookers(false), func(tx *store.Tx, v stage.Actor) error { _, err := tx.RevocationFor(v, "rvk_a"); return err },
			func(tx *store.Tx, v stage.Actor) (int, error) {
				all, err := tx.Revocations(v, store.RevocationFilter{Query: "𠮷松", States: []stage.State{revocation.Revoked}})
				return len(all), err
			})

		holder := stage.Actor{Role: stage.Applicant, Organisation: "org_1"}
		got := viewed(t, s, func(tx *store.Tx) (revocation.Revocation, error) { return tx.RevocationFor(holder, "rvk_a") })
		if got.ProposedBy != "" || got.Facts == "" || got.Reason == "" {
			t.Errorf("the holder reads %+v", got)
		}
		r.State, r.NotifiedOn = revocation.Proposed, calendar.Date{}
		if err := written(t, s, func(tx *store.Tx) error { return tx.PutRevocation(&r) }); err != nil {
			t.Fatal(err)
		}
		if err := s.View(t.Context(), func(tx *store.Tx) error {
			if _, err := tx.RevocationFor(holder, "rvk_a"); fault.KindOf(err) != fault.NotFound {
				t.Errorf("the holder sees a proposal that was not announced: %v", err)
			}
			all, err := tx.Revocations(holder, store.RevocationFilter{})
			if len(all) != 0 {
				t.Error("the holder lists a proposal that was not announced")
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
	}
}

// TestRevocationsDue: what the clock reads, on both sides of each boundary.
func TestRevocationsDue(t *testing.T) {
	t.Parallel()
	s := openStore(t)
	d := title(t, s, "dsg_a")
	r := fullRevocation("rvk_a", "dsg_a")
	if err := written(t, s, func(tx *store.Tx) error { return tx.AddRevocation(&r) }); err != nil {
		t.Fatal(err)
	}
	count := func(read func(*store.Tx) ([]revocation.Revocation, error)) int { return len(viewed(t, s, read)) }
	unappealed := func(at time.Time) int {
		return count(func(tx *store.Tx) ([]revocation.Revocation, error) { return tx.RevocationsUnappealed(at) })
	}
	unheard := func(at time.Time) int {
		return count(func(tx *store.Tx) ([]revocation.Revocation, error) { return tx.RevocationsUnheard(at) })
	}
	outlived := func() int {
		return count(func(tx *store.Tx) ([]revocation.Revocation, error) { return tx.RevocationsOutlived() })
	}
	if unappealed(r.AppealEnds.Add(-time.Microsecond)) != 0 || unappealed(r.AppealEnds) != 1 || unheard(r.AppealEnds) != 0 {
		t.Error("a decision is unappealed from the end of its period on")
	}
	r.State, d.State = revocation.Notified, designation.Dissolved
	if err := written(t, s, func(tx *store.Tx) error {
		if err := tx.PutRevocation(&r); err != nil {
			return err
		}
		return tx.PutDesignation(&d)
	}); err != nil {
		t.Fatal(err)
	}
	if unheard(r.HearingEnds.Add(-time.Microsecond)) != 0 || unheard(r.HearingEnds) != 1 || unappealed(r.AppealEnds) != 0 || outlived() != 1 {
		t.Error("a hearing is over from the end of its period on, and a title that is gone ends it")
	}
}

// TestFraudOn: an untruth counts while the decision about it stands (S64).
func TestFraudOn(t *testing.T) {
	t.Parallel()
	for state, counts := range map[stage.State]bool{
		revocation.Heard: false, revocation.Kept: false, revocation.Revoked: true, revocation.Appealed: true, revocation.Final: true, revocation.Reinstated: false,
	} {
		s := openStore(t)
		title(t, s, "dsg_a")
		r := fullRevocation("rvk_a", "dsg_a")
		r.State = state
		if err := written(t, s, func(tx *store.Tx) error { return tx.AddRevocation(&r) }); err != nil {
			t.Fatal(err)
		}
		got := viewed(t, s, func(tx *store.Tx) (calendar.Date, error) { return tx.FraudOn("org_1", "base") })
		if (got == r.DecidedOn) != counts {
			t.Errorf("%s: %s", state, got)
		}
		if got := viewed(t, s, func(tx *store.Tx) (calendar.Date, error) { return tx.FraudOn("org_1", "other") }); !got.IsZero() {
			t.Errorf("in another programme: %s", got)
		}
	}
}
