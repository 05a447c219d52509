package casework_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"shifan/internal/archive"
	"shifan/internal/casework"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/file"
	"shifan/internal/lifecycle/rectification"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/play"
	"shifan/internal/store"
	"shifan/internal/testkit"
)

// filesSeen lists the names of the files that a viewer sees under the items of an order.
func filesSeen(t *testing.T, w *testkit.World, by stage.Actor, key id.Rectification) (names []string) {
	t.Helper()
	v, err := w.Desk.Rectification(t.Context(), by, key)
	if err != nil {
		return []string{fault.CodeOf(err)}
	}
	for _, n := range slices.Sorted(maps.Keys(v.Files)) {
		for _, f := range v.Files[n] {
			names = append(names, f.Name)
		}
	}
	return names
}

// TestEvidenceAgainstItems: the holder uploads what shows that each item is put right, in
// time and for its own order only; the office opens the file, whoever verifies its copy,
// who has an interest nothing; it stays as long as it is named (S71).
func TestEvidenceAgainstItems(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	d, key, looks := running(t, w)
	ctx, office, holder := t.Context(), w.Office(), holderOf(w, d)
	attach := func(by stage.Actor, n int, name string, b []byte) (casework.File, error) {
		return w.Desk.AttachProof(ctx, by, key, n, name, bytes.NewReader(b))
	}
	for _, tt := range []struct {
		name string
		by   stage.Actor
		n    int
		b    []byte
		code string
	}{
		{"another organisation", w.ApplicantOf(w.Organisation()), 1, play.PDF("批复"), "thing.not_found"},
		{"the office", office.Clerk, 1, play.PDF("批复"), "stage.not_allowed"},
		{"an item that is not in the order", holder, 3, play.PDF("批复"), "rectification.answer.item"},
		{"a program", holder, 1, []byte("MZ\x90\x00"), "evidence.file.type"},
		{"nothing", holder, 1, nil, "evidence.file.empty"},
	} {
		if _, err := attach(tt.by, tt.n, "批复.pdf", tt.b); fault.CodeOf(err) != tt.code {
			t.Errorf("%s: got %v, want %s", tt.name, err, tt.code)
		}
	}
	f, err := attach(holder, 1, "换届批复.pdf", play.PDF("同意换届"))
	ok(t, err)
	again, err := attach(holder, 2, "改了名.pdf", play.PDF("同意换届"))
	if err != nil || again.ID != f.ID {
		t.Errorf("the same bytes: %s and %s, %v", f.ID, again.ID, err)
	}
	wrong, err := attach(holder, 2, "传错了.pdf", play.PDF("传错了"))
	ok(t, err)
	w.Refused(w.Desk.DetachProof(ctx, holder, key, 1, wrong.ID), "thing.not_found")
	w.Refused(w.Desk.DetachProof(ctx, w.ApplicantOf(w.Organisation()), key, 2, wrong.ID), "thing.not_found")
	ok(t, w.Desk.DetachProof(ctx, holder, key, 2, wrong.ID))
	ok(t, w.Desk.AnswerRectification(ctx, holder, key, 1, "6月30日完成换届。", "", 0))
	ok(t, w.Desk.AnswerRectification(ctx, holder, key, 2, "场所已恢复。", "", 0))

	w.At("2024-07-24 23:59:59")
	ok(t, w.Desk.ReportRectification(ctx, holder, key, 0))
	if _, err := attach(holder, 1, "晚了.pdf", play.PDF("晚了")); fault.CodeOf(err) != "stage.not_allowed" {
		t.Errorf("after the report: %v", err)
	}
	w.Refused(w.Desk.DetachProof(ctx, holder, key, 1, f.ID), "stage.not_allowed")
	if _, err := w.Desk.TendFiles(ctx); err != nil {
		t.Fatal(err)
	}
	if n, err := w.Desk.SweepBlobs(ctx, time.Now().Add(time.Hour)); n != 1 || err != nil { // what was uploaded by mistake
		t.Errorf("%d bytes went, %v", n, err)
	}

	kin := w.Person("考核组成员己", stage.Assessor)
	ok(t, w.Desk.AssignRectification(ctx, office.Clerk, key, []id.Account{looks.Account, kin.Account}, 0))
	org, err := w.Desk.Organisation(ctx, office.Clerk, d.Organisation)
	ok(t, err)
	tie := casework.NewTie{Organisation: org.Organisation.Name(), Kind: "kin", Reason: "配偶任副会长"}
	ok(t, declare(w, kin, tie))
	tied := w.Person("经办人戊", stage.Clerk)
	ok(t, declare(w, tied, tie))
	both := []string{"换届批复.pdf", "换届批复.pdf"}
	for _, tt := range []struct {
		name string
		by   stage.Actor
		want []string
		copy bool
		code string // of opening the file
	}{
		{"the holder", holder, both, false, ""},
		{"the office", office.Clerk, both, false, ""},
		{"the director", office.Director, both, false, ""},
		{"who verifies", looks, both, true, ""},
		{"who verifies with an interest", kin, nil, false, "thing.not_found"},
		{"the office with an interest", tied, nil, false, "thing.not_found"},
		{"an assessor of others", w.Person("考核组成员庚", stage.Assessor), []string{"thing.not_found"}, false, "thing.not_found"},
		{"a member", w.Person("委员辛", stage.Member), []string{"thing.not_found"}, false, "thing.not_found"},
		{"another organisation", w.ApplicantOf(w.Organisation()), []string{"thing.not_found"}, false, "thing.not_found"},
	} {
		if got := filesSeen(t, w, tt.by, key); !slices.Equal(got, tt.want) {
			t.Errorf("%s sees %q", tt.name, got)
		}
		_, given, r, err := w.Desk.OpenFile(ctx, tt.by, f.ID)
		if (err == nil) != (tt.code == "") || err != nil && fault.CodeOf(err) != tt.code || given.Copy != tt.copy {
			t.Errorf("%s opens it: %+v %v", tt.name, given, err)
		}
		if err == nil {
			ok(t, r.Close())
		}
	}
	ok(t, w.Desk.VerifyRectification(ctx, looks, key, rectification.AtDesk, []rectification.Item{{Evident: true}, {Note: "未见照片"}}, "一项未整改。", 0))
	if o := orderOf(t, w, key); o.Evident || len(o.Items[0].Files) != 1 {
		t.Errorf("%+v", o)
	}
	tells(t, w, key, "rectification.order →ordered chair", "rectification.serve ordered→running clerk", "rectification.attach running→running applicant",
		"rectification.attach running→running applicant", "rectification.attach running→running applicant", "rectification.detach running→running applicant",
		"rectification.answer running→running applicant", "rectification.answer running→running applicant", "rectification.report running→reported applicant",
		"rectification.assign reported→reported clerk", "rectification.verify reported→verified assessor")
	if all := read(t, w, func(tx *store.Tx) ([]file.File, error) { return tx.FilesOf("") }); len(all) != 0 {
		t.Errorf("%d files are of no application", len(all))
	}
}

// TestProofsAreArchived: the package of the round that gave the title holds what the holder
// uploaded against each item, once, with its digest and term; a byte that changes is found.
func TestProofsAreArchived(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	d, key, _ := running(t, w)
	holder, scan := holderOf(w, d), play.PDF("同意换届")
	for n := 1; n <= 2; n++ {
		if _, err := w.Desk.AttachProof(t.Context(), holder, key, n, "换届批复.pdf", bytes.NewReader(scan)); err != nil {
			t.Fatal(err)
		}
		ok(t, w.Desk.AnswerRectification(t.Context(), holder, key, n, "已经整改。", "", 0))
	}
	round := w.OpenRound() // that of the title, which came in without one
	w.Fill(1, func(tx *store.Tx, _ int) error {
		title, err := tx.Designation(d.ID)
		ok(t, err)
		title.Round = round
		return tx.PutDesignation(&title)
	})
	dir, done, err := packed(t, w, round)
	ok(t, err)
	var proofs []archive.File
	for _, f := range done.Manifest.Files {
		if strings.HasPrefix(f.Path, "08整改/") && strings.HasSuffix(f.Path, ".pdf") {
			proofs = append(proofs, f)
		}
	}
	sum := sha256.Sum256(scan)
	if len(proofs) != 1 || proofs[0].SHA256 != hex.EncodeToString(sum[:]) || proofs[0].Retention != "30年" || !strings.Contains(proofs[0].Path, "/佐证材料/第1项 换届批复.pdf") {
		t.Fatalf("%+v", proofs)
	}
	at := filepath.Join(dir, proofs[0].Path)
	text, err := os.ReadFile(filepath.Join(filepath.Dir(filepath.Dir(at)), "整改情况.txt"))
	if err != nil || strings.Count(string(text), proofs[0].SHA256) != 2 || !strings.Contains(string(text), "已经整改") {
		t.Errorf("%s %v", text, err)
	}
	whole, err := archive.Verify(dir)
	if err != nil || !whole.Holds() {
		t.Fatalf("%v %v", whole.Problems, err)
	}
	b, err := os.ReadFile(at)
	ok(t, err)
	b[len(b)/2] ^= 1
	ok(t, os.Chmod(at, 0o600))
	ok(t, os.WriteFile(at, b, 0o600))
	bad, err := archive.Verify(dir)
	if err != nil || bad.Holds() || !strings.Contains(fmt.Sprint(bad.Problems), "换届批复.pdf") {
		t.Errorf("a byte that changed: %v %v", bad.Problems, err)
	}
}
