package casework_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"shifan/internal/archive"
	"shifan/internal/blob"
	"shifan/internal/casework"
	"shifan/internal/id"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/play"
	"shifan/internal/testkit"
)

func packed(t *testing.T, w *testkit.World, key id.Round) (string, casework.Archived, error) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "包")
	f, err := archive.NewFolder(dir)
	if err != nil {
		t.Fatal(err)
	}
	done, err := w.Desk.ArchiveRound(t.Context(), casework.Console, key, f)
	if err != nil {
		return dir, done, errors.Join(err, f.Drop())
	}
	return dir, done, f.Done()
}

// TestARoundIsArchived: the package holds, the record names it, and packing the same again
// gives the same files but for the proofs of a record that has grown by that line.
func TestARoundIsArchived(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	key := w.OpenRound()
	a := w.Submitted(key)
	dir, done, err := packed(t, w, key)
	if err != nil {
		t.Fatal(err)
	}
	r, err := archive.Verify(dir)
	if err != nil || !r.Holds() || r.Digest != done.Digest || r.Manifest.Round != string(key) {
		t.Fatalf("%+v %v", r, err)
	}
	lines := w.Entries(string(key))
	if last := lines[len(lines)-1]; last.Act != archive.Act || last.Facts[archive.FactManifest] != done.Digest || last.From != last.To {
		t.Errorf("%+v", last)
	}
	again, _, err := packed(t, w, key)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range done.Manifest.Files {
		one, err := os.ReadFile(filepath.Join(dir, f.Path))
		two, other := os.ReadFile(filepath.Join(again, f.Path))
		if grown := strings.HasPrefix(f.Path, "07") || f.Path == archive.IndexFile || f.Path == archive.MetadataFile || strings.HasSuffix(f.Path, "回执.pdf"); err != nil || other != nil || string(one) != string(two) && !grown {
			t.Errorf("%s differs the second time, %v %v", f.Path, err, other)
		}
	}
	// A draft has no folder, and the first page tells of it.
	if text, err := os.ReadFile(filepath.Join(dir, archive.IndexFile)); err != nil || !strings.Contains(string(text), "还没有办结") || !strings.Contains(string(text), w.ApplicationOf(a).Number) {
		t.Errorf("%s %v", text, err)
	}
}

// TestWhoArchives: the director once it is concluded and without a tie to an applicant,
// the machine's operator before, nobody else; what is refused leaves no line.
func TestWhoArchives(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	key := w.OpenRound()
	w.Submitted(key)
	before := len(w.Entries(string(key)))
	for name, tt := range map[string]struct {
		by   stage.Actor
		code string
	}{
		"director":         {w.Office().Director, "round.archive.running"},
		"clerk":            {w.Office().Clerk, "round.archive.role"},
		"another's office": {stage.Actor{Role: stage.Director, Programme: "other"}, "thing.not_found"},
	} {
		if _, err := w.Desk.MayArchive(t.Context(), tt.by, key); err == nil {
			t.Errorf("%s may", name)
		} else {
			w.Refused(err, tt.code)
		}
		f, err := archive.NewFolder(filepath.Join(t.TempDir(), "a"))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Desk.ArchiveRound(t.Context(), tt.by, key, f); err == nil {
			t.Errorf("%s did", name)
		}
	}
	tied := w.Office().Clerk
	v := w.ReviewOf(w.Accepted(key))
	if err := w.Desk.DeclareReviewInterest(t.Context(), tied, v.ID, "亲属在该会任职"); err != nil {
		t.Fatal(err)
	}
	_, err := w.Desk.MayArchive(t.Context(), stage.Actor{Account: tied.Account, Role: stage.Operator}, key)
	w.Refused(err, "round.archive.tied")
	if after := w.Entries(string(key)); len(after) != before {
		t.Errorf("%d lines more", len(after)-before)
	}
}

// TestALostFile: bytes that are gone, or not what they were, end the packing with nothing
// left behind.
func TestALostFile(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	key := w.OpenRound()
	a := w.Drafted(key)
	scan := play.PDF("章程", "第二条 本会坚持党的全面领导。")
	f := w.Uploaded(a, "0-1", "章程.pdf", scan)
	if err := w.Desk.SubmitApplication(t.Context(), w.ApplicantOf(w.ApplicationOf(a).Organisation), a, 0, w.Desk.SubmissionKey()); err != nil {
		t.Fatal(err)
	}
	if dir, _, err := packed(t, w, key); err != nil {
		t.Fatal(err)
	} else if b, err := os.ReadFile(filepath.Join(dir, "01申报单位", w.ApplicationOf(a).Number+" "+w.ApplicationOf(a).Name, "佐证材料", "0-1 章程.pdf")); err != nil || !cmp.Equal(b, scan) {
		t.Errorf("%d bytes, %v", len(b), err)
	}
	if _, err := w.Desk.Files.Blobs.Remove(t.Context(), f.SHA256, blob.Whenever); err != nil {
		t.Fatal(err)
	}
	dir, _, err := packed(t, w, key)
	if !errors.Is(err, blob.ErrAbsent) {
		t.Errorf("%v", err)
	}
	if all, err := os.ReadDir(filepath.Dir(dir)); err != nil || len(all) > 0 {
		t.Errorf("%v %v", all, err)
	}
}
