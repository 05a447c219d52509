package casework_test

import (
	"strings"
	"testing"

	"shifan/internal/casework"

	"shifan/internal/id"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/testkit"
	"shifan/programmes"
)

const base = id.Programme("jilin-party-building-base")

// jilin returns the shipped file with pairs of texts replaced.
func jilin(pairs ...string) []byte {
	text, _ := programmes.Text(string(base))
	return []byte(strings.NewReplacer(pairs...).Replace(string(text)))
}

func TestLoadProgramme(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	load := func(by stage.Actor, file []byte) error {
		_, err := w.Desk.LoadProgramme(t.Context(), by, file)
		return err
	}
	w.Refused(load(w.Office().Chair, jilin()), "thing.not_found")
	w.Refused(load(testkit.TheOperator, jilin("  days: 5\n  count", "  days: 0\n  count")), "programme.load.file")
	w.Refused(load(testkit.TheOperator, []byte("\x00")), "programme.load.file")
	if err := load(testkit.TheOperator, jilin()); err != nil {
		t.Fatal(err)
	}
	w.Refused(load(testkit.TheOperator, jilin()), "programme.load.same")
	w.Refused(load(testkit.TheOperator, jilin("  days: 5\n  count", "  days: 7\n  count")), "programme.load.frozen")
	w.Refused(load(testkit.TheOperator, jilin("\nversion: 2\n", "\nversion: 4\n")), "programme.load.version")

	// A round that is published keeps its version; what comes later does not
	// reach it (S4).
	frozen := w.OpenRound()
	if err := load(testkit.TheOperator, jilin("\nversion: 2\n", "\nversion: 3\n", "  days: 5\n  count", "  days: 7\n  count")); err != nil {
		t.Fatal(err)
	}
	r, err := w.Desk.Round(t.Context(), stage.Anyone, frozen)
	if err != nil || r.Programme.Version != 2 || r.Programme.Publicity.Days != 5 {
		t.Errorf("the open round has version %d, %v", r.Programme.Version, err)
	}
	v, err := w.Desk.Programme(t.Context(), stage.Anyone, base)
	if err != nil || v.Standing.Current != 3 || v.Programme.Publicity.Days != 7 || len(v.Versions) != 2 || v.Versions[0].By != "" || len(v.Rounds) != 1 || !v.Latest {
		t.Errorf("%+v, %v", v.Standing, err)
	}
	old, err := w.Desk.ProgrammeVersion(t.Context(), w.Office().Clerk, base, 2)
	if err != nil || old.Latest || old.Programme.Publicity.Days != 5 || old.Versions[0].By != "命令行" {
		t.Errorf("version 2: %+v, %v", old.Standing, err)
	}
	_, err = w.Desk.ProgrammeVersion(t.Context(), stage.Anyone, base, 9)
	w.Refused(err, "thing.not_found")
	_, err = w.Desk.Programme(t.Context(), stage.Anyone, "none")
	w.Refused(err, "thing.not_found")
}

func TestAProgrammeIsSuspendedAndResumed(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	drafted := w.DraftedRound()
	chair, why := w.Office().Chair, programme.Decision{Document: "关于清理的通知（吉办发〔2021〕9号）", Reason: "按要求清理"}
	w.Refused(w.Desk.SuspendProgramme(t.Context(), w.Office().Director, base, 0, why), "stage.not_allowed")
	w.Refused(w.Desk.SuspendProgramme(t.Context(), chair, base, 9, why), "thing.stale")
	w.Refused(w.Desk.SuspendProgramme(t.Context(), chair, "none", 0, why), "thing.not_found")
	elsewhere := w.PersonWith("别处的主任委员", casework.Grant{Role: stage.Chair, Programme: "another-programme"})
	w.Refused(w.Desk.SuspendProgramme(t.Context(), elsewhere, base, 0, why), "thing.not_found")
	if err := w.Desk.SuspendProgramme(t.Context(), chair, base, 1, why); err != nil {
		t.Fatal(err)
	}
	w.Refused(w.Desk.PublishRound(t.Context(), w.Office().Director, drafted, []string{"filing_days"}), "round.publish.programme")
	// A new version may be made ready while it is suspended.
	w.Reconfigure("  days: 5\n  count", "  days: 7\n  count")
	if err := w.Desk.ResumeProgramme(t.Context(), chair, base, 0, why); err != nil {
		t.Fatal(err)
	}
	w.At("2021-06-21")
	if err := w.Desk.PublishRound(t.Context(), w.Office().Director, drafted, []string{"filing_days"}); err != nil {
		t.Error(err)
	}
}

func TestAProgrammeEnds(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	w.OpenRound()
	chair, why := w.Office().Chair, programme.Decision{Document: "关于清理的通知（吉办发〔2021〕9号）", Reason: "按要求清理"}
	w.Refused(w.Desk.AbolishProgramme(t.Context(), chair, base, 0, why), "programme.end.round")
	other := w.LoadProgramme(string(jilin("name: "+string(base), "name: other-base")))
	w.Refused(w.Desk.MergeProgramme(t.Context(), chair, base, other, 0, why), "programme.end.round")
	w.Refused(w.Desk.MergeProgramme(t.Context(), chair, other, other, 0, why), "programme.merge.into")
	w.Refused(w.Desk.MergeProgramme(t.Context(), chair, other, "none", 0, why), "programme.merge.into")
	v, err := w.Desk.Programme(t.Context(), chair, other)
	if err != nil || len(v.Others) != 1 || v.Others[0].Name != base || len(v.Acts) != 3 {
		t.Errorf("others %v, acts %v, %v", v.Others, v.Acts, err)
	}
	if err := w.Desk.MergeProgramme(t.Context(), chair, other, base, 0, why); err != nil {
		t.Fatal(err)
	}
	v, err = w.Desk.Programme(t.Context(), chair, other)
	if err != nil || v.Standing.State != programme.Merged || v.Into != v.Programme.Title || len(v.Acts) != 0 {
		t.Errorf("%+v into %q, %v", v.Standing, v.Into, err)
	}
	w.Refused(w.Desk.AbolishProgramme(t.Context(), chair, other, 0, why), "stage.not_allowed")
	_, err = w.Desk.LoadProgramme(t.Context(), testkit.TheOperator, jilin("name: "+string(base), "name: other-base", "\nversion: 2\n", "\nversion: 3\n"))
	w.Refused(err, "stage.not_allowed")
}

func TestShippedProgrammes(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	w.Programme()
	_, err := w.Desk.ShippedProgrammes(t.Context(), w.Office().Chair)
	w.Refused(err, "thing.not_found")
	all, err := w.Desk.ShippedProgrammes(t.Context(), testkit.TheOperator)
	if err != nil || len(all) != len(programmes.Names()) {
		t.Fatal(all, err)
	}
	for _, s := range all {
		if s.Loaded != (s.Name == base) || s.Title == "" {
			t.Errorf("%s: loaded %v", s.Name, s.Loaded)
		}
	}
}
