package store_test

import (
	"errors"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"shifan/internal/calendar"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/answer"
	"shifan/internal/lifecycle/application"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/record"
	"shifan/internal/store"
	"shifan/internal/testkit"
)

// fullApplication has something in every field.
func fullApplication(key id.Application) application.Application {
	at := time.Date(2021, 7, 1, 1, 2, 3, 4000, time.UTC)
	w := answer.Answer{Rating: answer.Meets, Score: 3, Statement: "𠮷林\n第二行", Evidence: []string{"一", "", "三"}}
	a := application.Application{
		ID: key, Programme: "base", Round: "rnd_a", Organisation: id.Organisation("org_" + key), State: application.Correcting, Stage: "review", Category: "service",
		Number: "2021-" + string(key), Name: "吉林省𠮷松协会", Body: "pty_1", PartyBody: "党支部", Answers: map[string]answer.Answer{"1-1": w}, Carried: map[string]int{"1-1": 2020}, Committed: true,
		Signatory: "书记甲", StartedAt: at, SavedAt: at.Add(time.Second), SubmittedAt: at.Add(time.Minute), Digest: "abc", Submission: "form",
		Correction: application.Correction{
			Defects: []application.Defect{{Field: "1-1", Say: "缺日期"}}, NotifiedAt: at.Add(time.Hour), LastDay: calendar.MustDate("2021-07-08"),
			Due: at.Add(2 * time.Hour), Calendar: "v", AnsweredAt: at.Add(3 * time.Hour), Lapsed: true,
		},
		Reason: "理由", History: []application.Event{{At: at, Act: "start"}, {At: at, Act: "enter", Stage: "review"}},
	}
	a.Original = a.Content()
	return a
}

func addApplication(t *testing.T, s *store.Store, a application.Application) error {
	t.Helper()
	return s.Change(t.Context(), func(tx *store.Tx) (record.Entry, error) {
		return record.Entry{At: time.Unix(1, 0), Act: "application.start", Thing: string(a.ID)}, tx.AddApplication(&a)
	})
}

func TestAnApplicationIsKeptWhole(t *testing.T) {
	t.Parallel()
	s := openStore(t)
	if err := add(t, s, fullRound("rnd_a")); err != nil {
		t.Fatal(err)
	}
	want := fullApplication("app_a")
	if err := addApplication(t, s, want); err != nil {
		t.Fatal(err)
	}
	want.Version = 1
	for name, tt := range map[string]struct {
		change func(*application.Application)
		kept   bool
	}{
		"a second one of the organisation": {func(a *application.Application) { a.Organisation = want.Organisation }, false},
		"after the first was withdrawn":    {func(a *application.Application) { a.Organisation, a.State = want.Organisation, application.Withdrawn }, true},
		"a number given twice":             {func(a *application.Application) { a.Number = want.Number }, false},
		"two without a number":             {func(a *application.Application) { a.Number = "" }, true},
		"an unknown state":                 {func(a *application.Application) { a.State = "nonsense" }, false},
		"a round that is not there":        {func(a *application.Application) { a.Round = "rnd_none" }, false},
	} {
		a := fullApplication(id.Application("app_" + name))
		tt.change(&a)
		if err := addApplication(t, s, a); (err == nil) != tt.kept {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := s.View(t.Context(), func(tx *store.Tx) error {
		got, err := tx.Application("app_a")
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
		for at, n := range map[time.Time]int{want.Correction.Due.Add(-time.Microsecond): 0, want.Correction.Due: 2} {
			if due, err := tx.CorrectionsDue(at); err != nil || len(due) != n {
				t.Errorf("at %s %d corrections are due, %v", at, len(due), err)
			}
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	want.Version = 7
	if err := s.Change(t.Context(), func(tx *store.Tx) (record.Entry, error) {
		return record.Entry{At: time.Unix(1, 0), Act: "application.save", Thing: "app_a"}, tx.PutApplication(&want)
	}); fault.KindOf(err) != fault.Conflict {
		t.Errorf("a stale save: %v", err)
	}
}

// TestAChangeReadsARowOnce: however often a change asks for a row, it is read once, is as
// the change wrote it, and is nobody else's to alter; what the promises read of an
// application is all of it but what it says.
func TestAChangeReadsARowOnce(t *testing.T) {
	t.Parallel()
	s := openStore(t)
	if err := add(t, s, fullRound("rnd_a")); err != nil {
		t.Fatal(err)
	}
	want := fullApplication("app_a")
	if err := addApplication(t, s, want); err != nil {
		t.Fatal(err)
	}
	want.Version = 1
	if err := s.Change(t.Context(), func(tx *store.Tx) (record.Entry, error) {
		a, err := tx.Application("app_a")
		if diff := cmp.Diff(want, a); diff != "" || err != nil {
			t.Error(diff, err)
		}
		a.Answers["1-1"], a.History[0].Act, a.Name = answer.Answer{Statement: "另写"}, "另有", "未存"
		if again, err := tx.Application("app_a"); err != nil || !cmp.Equal(want, again) {
			t.Error("an alteration that was not saved is seen", err)
		}
		a = want
		a.Name, a.Committed = "已存", false
		if err := tx.PutApplication(&a); err != nil {
			return record.Entry{}, err
		}
		again, err := tx.Application("app_a")
		if diff := cmp.Diff(a, again); diff != "" || err != nil || again.Version != 2 {
			t.Error("what was saved is not seen", diff, err)
		}
		for _, state := range []stage.State{application.Submitted, application.Draft} {
			if a.State = state; tx.PutApplication(&a) != nil {
				t.Error("not put")
			}
			want := a
			if state == application.Draft {
				want.Answers, want.Carried, want.Original = nil, nil, answer.Content{}
			}
			promised, err := tx.Promised("app_a")
			if diff := cmp.Diff(want, promised); diff != "" || err != nil {
				t.Error("the promises see another application:", state, diff, err)
			}
		}
		if _, err := tx.Application("app_none"); fault.KindOf(err) != fault.NotFound {
			t.Error(err)
		}
		return record.Entry{At: time.Unix(1, 0), Act: "application.save", Thing: "app_a"}, nil
	}); err != nil {
		t.Fatal(err)
	}
	if err := s.View(t.Context(), func(tx *store.Tx) error {
		got, err := tx.Application("app_a")
		if got.Name != "已存" || got.Committed || got.Version != 4 {
			t.Errorf("%+v", got)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
}

// TestWhatAnotherWrote: what changes remember of rows is no longer so when another server,
// or somebody behind the program's back, wrote them; nor is what a change wrote that
// failed.
func TestWhatAnotherWrote(t *testing.T) {
	t.Parallel()
	place := testkit.Place(t)
	var both [2]*store.Store
	for i := range both {
		s, err := store.Open(t.Context(), place)
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close() //nolint:errcheck // the test ends
		both[i] = s
	}
	if err := add(t, both[0], fullRound("rnd_a")); err != nil {
		t.Fatal(err)
	}
	refused := errors.New("refused")
	write := func(s *store.Store, was, is string, end error) error {
		return s.Change(t.Context(), func(tx *store.Tx) (record.Entry, error) {
			r, err := tx.Round("rnd_a")
			if err != nil || r.Contact != was {
				t.Errorf("%q, want %q; %v", r.Contact, was, err)
			}
			r.Contact = is
			if err := tx.PutRound(&r); err != nil {
				return record.Entry{}, err
			}
			return record.Entry{At: time.Unix(1, 0), Act: "round.amend", Thing: "rnd_a"}, end
		})
	}
	was := fullRound("rnd_a").Contact
	for i, s := range []int{0, 0, 1, 0, 1, 1, 0} {
		if err := write(both[s], was, "不算", refused); !errors.Is(err, refused) {
			t.Error(err)
		}
		is := strconv.Itoa(i)
		if err := write(both[s], was, is, nil); err != nil {
			t.Errorf("%d: %v", i, err)
		}
		was = is
	}
	if _, err := both[1].Raw().Exec("UPDATE rounds SET contact = '别人'"); err != nil {
		t.Fatal(err)
	}
	if err := write(both[0], "别人", "掩盖", nil); !errors.Is(err, store.ErrSeal) {
		t.Errorf("over a row that was changed behind the program's back: %v", err)
	}
}

// TestFunnelOfApplications: every application of a round stands in one line of
// each sum, and those of another round in none (S47).
func TestFunnelOfApplications(t *testing.T) {
	t.Parallel()
	s := openStore(t)
	for _, r := range []id.Round{"rnd_a", "rnd_b"} {
		if err := add(t, s, fullRound(r)); err != nil {
			t.Fatal(err)
		}
	}
	put := func(key id.Application, r id.Round, state stage.State, filed bool) {
		a := fullApplication(key)
		a.Round, a.State = r, state
		if !filed {
			a.SubmittedAt, a.Number = time.Time{}, ""
		}
		if err := addApplication(t, s, a); err != nil {
			t.Fatal(err)
		}
	}
	for n, state := range application.Kind.States() {
		filed := state != application.Draft && state != application.Forfeited
		put(id.Application([]string{"app_1", "app_2", "app_3", "app_4", "app_5", "app_6", "app_7", "app_8", "app_9", "app_10", "app_11"}[n]), "rnd_a", state, filed)
	}
	put("app_discarded", "rnd_a", application.Withdrawn, false)
	put("app_other", "rnd_b", application.Named, true)
	if err := s.View(t.Context(), func(tx *store.Tx) error {
		f, err := tx.FunnelOf("rnd_a")
		f.Designations = f.Named // the naming chapter counts them
		if wrong := f.Reconcile(); len(wrong) != 0 {
			t.Error(wrong)
		}
		if f.Started != 12 || f.Received != 9 || f.Discarded != 1 || f.Withdrawn != 1 || f.Waiting != 2 || f.Accepted != 5 || f.Unfinished() != 5 {
			t.Errorf("%+v", f)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
}
