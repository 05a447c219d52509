package store_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"shifan/internal/calendar"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/round"
	"shifan/internal/record"
	"shifan/internal/store"
)

// add adds a round in a change of its own.
func add(t *testing.T, s *store.Store, r round.Round) error {
	t.Helper()
	return s.Change(t.Context(), func(tx *store.Tx) (record.Entry, error) {
		return record.Entry{At: time.Unix(1, 0), Act: "round.draft", Thing: string(r.ID)}, tx.AddRound(&r)
	})
}

// fullRound has something in every field.
func fullRound(key id.Round) round.Round {
	at := time.Date(2021, 6, 21, 7, 56, 0, 123456000, time.UTC)
	day := calendar.MustDate("2021-07-10")
	return round.Round{
		ID: key, Programme: "base", ProgrammeVersion: 2, Year: 2021, Special: true, Reason: "𠮷", Title: "通知", DocNumber: "4号", Addressees: "各单位",
		DatedOn: calendar.MustDate("2021-06-04"), IssuedOn: calendar.MustDate("2021-06-05"), PublishedAt: at, DeadlineDate: day, DeadlineTime: "24:00",
		RestDay: "strict", Deadline: day.End().UTC(), LastDay: day, CalendarVersion: "v", Quota: map[string]int{"service": 3}, Contact: "办公室",
		Acknowledged: []string{"filing_days"}, Extensions: []round.Extension{{At: at, From: at, To: at.Add(time.Hour), Date: day, Time: "24:00", Reason: "故障"}},
		State: round.Open, PreparedBy: "acc_a", PublishedBy: "acc_b", EndReason: "r",
	}
}

func TestARoundIsKeptWhole(t *testing.T) {
	t.Parallel()
	s := openStore(t)
	want := fullRound("rnd_a")
	if err := add(t, s, want); err != nil {
		t.Fatal(err)
	}
	want.Version = 1
	if err := s.View(t.Context(), func(tx *store.Tx) error {
		got, err := tx.Round("rnd_a")
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
		if due, err := tx.RoundsDue(want.Deadline.Add(-time.Microsecond)); err != nil || len(due) != 0 {
			t.Errorf("due a moment early: %d, %v", len(due), err)
		}
		if due, err := tx.RoundsDue(want.Deadline); err != nil || len(due) != 1 {
			t.Errorf("due at the instant: %d, %v", len(due), err)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if err := s.Change(t.Context(), func(tx *store.Tx) (record.Entry, error) {
		want.Version = 0
		return record.Entry{At: time.Unix(1, 0)}, tx.PutRound(&want)
	}); fault.KindOf(err) != fault.Conflict {
		t.Errorf("a stale save: %v", err)
	}
}

// TestOneRegularRoundIsKept: the database itself keeps a programme from two
// regular rounds a year, whatever two offices do at once (S13).
func TestOneRegularRoundIsKept(t *testing.T) {
	t.Parallel()
	s := openStore(t)
	first := fullRound("rnd_a")
	first.Special = false
	if err := add(t, s, first); err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		change func(*round.Round)
		kept   bool
	}{
		"a second regular round": {func(r *round.Round) { r.ID = "rnd_b" }, false},
		"a draft of one":         {func(r *round.Round) { r.ID, r.State = "rnd_c", round.Drafted }, true},
		"a special one":          {func(r *round.Round) { r.ID, r.Special = "rnd_d", true }, true},
		"another year":           {func(r *round.Round) { r.ID, r.Year = "rnd_e", 2022 }, true},
		"another programme":      {func(r *round.Round) { r.ID, r.Programme = "rnd_f", "other" }, true},
		"an unknown state":       {func(r *round.Round) { r.ID, r.State, r.Year = "rnd_g", "nonsense", 2030 }, false},
	} {
		r := first
		tt.change(&r)
		if err := add(t, s, r); (err == nil) != tt.kept {
			t.Errorf("%s: %v", name, err)
		}
	}
}
