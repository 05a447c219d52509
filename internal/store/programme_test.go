package store_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"shifan/internal/fault"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/round"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/record"
	"shifan/internal/store"
	"shifan/programmes"
)

// loadTwo keeps a programme in two versions: the second has a longer publicity.
func loadTwo(t *testing.T, s *store.Store) {
	t.Helper()
	shipped, _ := programmes.Text("jilin-party-building-base")
	text := strings.Replace(string(shipped), "\nversion: 2\n", "\nversion: 1\n", 1)
	second := strings.NewReplacer("\nversion: 1\n", "\nversion: 2\n", "  days: 5\n  count_first_day", "  days: 7\n  count_first_day").Replace(text)
	at := time.Date(2021, 6, 1, 1, 0, 0, 0, time.UTC)
	if err := s.Change(t.Context(), func(tx *store.Tx) (record.Entry, error) {
		p := programme.Standing{Name: "jilin-party-building-base", State: programme.Active, Current: 2, Since: at}
		if err := tx.AddProgramme(&p); err != nil {
			return record.Entry{}, err
		}
		for i, file := range []string{text, second} {
			v := store.ProgrammeFile{Programme: p.Name, Number: i + 1, File: file, LoadedAt: at, LoadedBy: "acc_op"}
			if err := tx.AddProgrammeFile(&v); err != nil {
				return record.Entry{}, err
			}
		}
		return record.Entry{At: at, Act: "programme.load", Thing: string(p.Name)}, nil
	}); err != nil {
		t.Fatal(err)
	}
}

func TestAProgrammeIsKeptWhole(t *testing.T) {
	t.Parallel()
	s := openStore(t)
	want := programme.Standing{
		Name: "base", State: programme.Merged, Current: 3, Into: "other", Document: "关于清理的通知（𠮷）", Reason: "合并",
		Since: time.Date(2021, 6, 1, 1, 0, 0, 123456000, time.UTC),
	}
	if err := s.Change(t.Context(), func(tx *store.Tx) (record.Entry, error) {
		return record.Entry{At: want.Since, Act: "programme.adopt"}, tx.AddProgramme(&want)
	}); err != nil {
		t.Fatal(err)
	}
	if err := s.View(t.Context(), func(tx *store.Tx) error {
		got, err := tx.Programme("base")
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
		if _, err := tx.Programme("none"); fault.KindOf(err) != fault.NotFound {
			t.Errorf("a programme that is not there: %v", err)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	want.Version = 0
	if err := s.Change(t.Context(), func(tx *store.Tx) (record.Entry, error) {
		return record.Entry{At: want.Since, Act: "programme.adopt"}, tx.PutProgramme(&want)
	}); fault.KindOf(err) != fault.Conflict {
		t.Errorf("a stale save: %v", err)
	}
}

func TestVersionsOfAProgramme(t *testing.T) {
	t.Parallel()
	s := openStore(t)
	loadTwo(t, s)
	drafted, frozen := fullRound("rnd_drafted"), fullRound("rnd_frozen")
	drafted.Programme, drafted.ProgrammeVersion, drafted.Year, drafted.State = "jilin-party-building-base", 0, 2022, "drafted"
	frozen.Programme, frozen.ProgrammeVersion = "jilin-party-building-base", 1
	for _, r := range []round.Round{drafted, frozen} {
		if err := add(t, s, r); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.View(t.Context(), func(tx *store.Tx) error {
		if _, err := tx.ProgrammeOf("rnd_none"); fault.KindOf(err) != fault.NotFound {
			t.Errorf("a round that is not there: %v", err)
		}
		if p, err := tx.ProgrammeOf("rnd_frozen"); err != nil || p.Publicity.Days != 5 {
			t.Errorf("the round that froze version 1 (S4): %v, %v", p, err)
		}
		if p, err := tx.ProgrammeOf("rnd_drafted"); err != nil || p.Publicity.Days != 7 {
			t.Errorf("the drafted round: %v, %v", p, err)
		}
		if p, state, err := tx.ProgrammeNow("jilin-party-building-base"); err != nil || p.Version != 2 || state != programme.Active {
			t.Errorf("now: %v, %s, %v", p, state, err)
		}
		if _, err := tx.ProgrammeVersion("jilin-party-building-base", 3); fault.KindOf(err) != fault.NotFound {
			t.Errorf("version 3: %v", err)
		}
		files, err := tx.ProgrammeFiles("jilin-party-building-base")
		if len(files) != 2 || files[0].Number != 2 || files[1].Digest != store.ProgrammeDigest(files[1].File) || files[0].Digest == files[1].Digest {
			t.Errorf("files: %d, %v", len(files), err)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
}

// TestOneNumberIsLoadedOnce: the database itself keeps a version from being
// loaded twice, whatever two operators do at once.
func TestOneNumberIsLoadedOnce(t *testing.T) {
	t.Parallel()
	s := openStore(t)
	loadTwo(t, s)
	if err := s.Change(t.Context(), func(tx *store.Tx) (record.Entry, error) {
		return record.Entry{At: time.Unix(1, 0), Act: "programme.adopt"}, tx.AddProgrammeFile(&store.ProgrammeFile{Programme: "jilin-party-building-base", Number: 2, File: "x"})
	}); err == nil {
		t.Error("version 2 was loaded twice")
	}
}

func TestOnlyActiveProgrammesCall(t *testing.T) {
	t.Parallel()
	s := openStore(t)
	loadTwo(t, s)
	for state, want := range map[stage.State]int{programme.Active: 1, programme.Suspended: 0, programme.Merged: 0, programme.Abolished: 0} {
		if err := s.Change(t.Context(), func(tx *store.Tx) (record.Entry, error) {
			p, err := tx.Programme("jilin-party-building-base")
			if err != nil {
				return record.Entry{}, err
			}
			p.State = state
			if err := tx.PutProgramme(&p); err != nil {
				return record.Entry{}, err
			}
			all, err := tx.ProgrammesNow()
			if len(all) != want {
				t.Errorf("%s: %d programmes call", state, len(all))
			}
			return record.Entry{At: time.Unix(1, 0), Act: "programme.adopt"}, err
		}); err != nil {
			t.Fatal(err)
		}
	}
}

// TestVersionsAreParsedOnce: many readers at once share one parsed version.
func TestVersionsAreParsedOnce(t *testing.T) {
	t.Parallel()
	s := openStore(t)
	loadTwo(t, s)
	got := make([]*programme.Programme, 8)
	var all sync.WaitGroup
	for i := range got {
		all.Go(func() {
			if err := s.View(t.Context(), func(tx *store.Tx) (err error) {
				got[i], err = tx.ProgrammeVersion("jilin-party-building-base", 1)
				return err
			}); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	for _, p := range got {
		if p != got[0] {
			t.Error("two readers got two copies")
		}
	}
}
