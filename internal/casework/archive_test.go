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
	"shifan/internal/calendar"
	"shifan/internal/casework"
	"shifan/internal/id"
	"shifan/internal/lifecycle/item"
	"shifan/internal/lifecycle/revocation"
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

// TestFormerTitlesAreArchived: the titles that no round has, with the order, the
// withdrawal and the appeal that followed one, in a package that holds; the titles of
// rounds are in none of it, and what was decided is told with the other matters of that
// meeting left out.
func TestFormerTitlesAreArchived(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	ctx, office := t.Context(), w.Office()
	name := w.Programme().Name
	former := func(by stage.Actor) (string, casework.Archived, error) {
		dir := filepath.Join(t.TempDir(), "包")
		f, err := archive.NewFolder(dir)
		if err != nil {
			t.Fatal(err)
		}
		done, err := w.Desk.ArchiveFormer(ctx, by, name, f)
		if err != nil {
			return dir, done, errors.Join(err, f.Drop())
		}
		return dir, done, f.Done()
	}
	w.Refused(w.Desk.MayArchiveFormer(ctx, office.Director, name), "programme.archive.none")
	other := w.TitleNamed("2024-01-05")
	d, order, _ := running(t, w)
	w.At("2024-07-25 00:00:00") // no report
	r := proceedingOf(t, w, d.ID)
	ok(t, w.Desk.NotifyRevocation(ctx, office.Clerk, r.ID, calendar.MustDate("2024-07-25"), 0))
	ok(t, w.Desk.StateAgainstRevocation(ctx, holderOf(w, d), r.ID, "活动场所在建。", 0))
	second, err := w.Desk.ProposeRevocation(ctx, office.Clerk, other.ID, revocation.Untrue, "年检结论系伪造。")
	ok(t, err)
	ok(t, w.Desk.NotifyRevocation(ctx, office.Clerk, second, calendar.MustDate("2024-07-25"), 0))
	ok(t, w.Desk.StateAgainstRevocation(ctx, holderOf(w, other), second, "无。", 0))
	w.Resolve(true, item.Subject{Kind: "revocation", ID: string(r.ID)}, item.Subject{Kind: "revocation", ID: string(second)})
	ok(t, w.Desk.AppealRevocation(ctx, holderOf(w, d), r.ID, "场所已经恢复。", 0))
	w.Resolve(true, item.Subject{Kind: "appeal", ID: string(r.ID)})

	for by, code := range map[stage.Actor]string{
		office.Clerk: "round.archive.role", {Role: stage.Director, Programme: "other"}: "thing.not_found", holderOf(w, d): "round.archive.role",
	} {
		w.Refused(w.Desk.MayArchiveFormer(ctx, by, name), code)
		_, _, err := former(by)
		w.Refused(err, code)
	}
	if lines := w.Entries(string(name)); lines[len(lines)-1].Act == archive.ActFormer {
		t.Error("what was refused is in the record")
	}
	dir, done, err := former(office.Director)
	if err != nil {
		t.Fatal(err)
	}
	v, err := archive.Verify(dir)
	if err != nil || !v.Holds() || v.Digest != done.Digest || v.Manifest.Round != "" || v.Manifest.Programme != string(name) || v.Proofs < 6 {
		t.Fatalf("%+v %v", v, err)
	}
	lines := w.Entries(string(name))
	if last := lines[len(lines)-1]; last.Act != archive.ActFormer || last.Facts[archive.FactManifest] != done.Digest || last.From != last.To {
		t.Errorf("%+v", last)
	}
	read := func(parts ...string) string {
		b, err := os.ReadFile(filepath.Join(append([]string{dir}, parts...)...))
		if err != nil {
			t.Error(err)
		}
		return string(b)
	}
	one := d.Number + " " + d.Name + " 第1次"
	wants := func(text string, all ...string) {
		t.Helper()
		for _, s := range all {
			if !strings.Contains(text, s) {
				t.Errorf("%q is not in\n%s", s, text)
			}
		}
	}
	wants(read("08整改", one, "整改情况.txt"), "恢复活动场所", "逾期")
	wants(read("09撤销", one, "办理情况.txt"), "整改效果不明显", "活动场所在建。", "撤销称号", "场所已经恢复。", "申诉成立，恢复称号")
	wants(read("09撤销", other.Number+" "+other.Name+" 第1次", "办理情况.txt"), "年检结论系伪造。")
	excerpt := read("09撤销", one, "撤销审议（会议纪要摘录）.txt")
	if wants(excerpt, d.Name, "同意3"); strings.Contains(excerpt, other.Name) {
		t.Errorf("another matter is told: %s", excerpt)
	}
	wants(read("09撤销", one, "申诉审议（会议纪要摘录）.txt"), d.Name)
	wants(read("06命名", "系统外命名的称号名册.csv"), d.Number, other.Number, "恢复称号")
	wants(read(archive.IndexFile), "共2个", d.Name)
	found := map[string]bool{}
	for _, f := range v.Manifest.Files {
		found[f.Thing] = true
		if strings.HasPrefix(f.Path, "09") && f.Retention != "永久" {
			t.Errorf("%s is kept %q", f.Path, f.Retention)
		}
	}
	for _, thing := range []string{string(d.ID), string(other.ID), string(order), string(r.ID), string(second)} {
		if !found[thing] {
			t.Errorf("nothing of %s", thing)
		}
	}
	// The register alone tells of a title of a round no more than its round does.
	key := w.OpenRound()
	if in, _, err := packed(t, w, key); err != nil {
		t.Error(err)
	} else if _, err := os.Stat(filepath.Join(in, "09撤销")); err == nil {
		t.Error("a round's package has what followed titles of none")
	}
	tied := w.PersonWith("兼任经办", casework.Grant{Role: stage.Director}, casework.Grant{Role: stage.Applicant, Organisation: d.Organisation})
	w.Refused(w.Desk.MayArchiveFormer(ctx, stage.Actor{Account: tied.Account, Role: stage.Director}, name), "programme.archive.tied")
}
