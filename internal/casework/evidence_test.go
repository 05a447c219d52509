package casework_test

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"shifan/internal/blob"
	"shifan/internal/casework"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/answer"
	"shifan/internal/lifecycle/application"
	"shifan/internal/lifecycle/file"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/play"
	"shifan/internal/record"
	"shifan/internal/store"
	"shifan/internal/testkit"
)

// last is the last line of the record about an application.
func last(w *testkit.World, key id.Application) store.Recorded {
	w.Helper()
	all := w.Entries(string(key))
	return all[len(all)-1]
}

// TestUpload: what is uploaded is kept, is known again, stands under several
// indicators, enters what is submitted, and goes when it stands nowhere.
func TestUpload(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	key := w.Drafted(w.OpenRound())
	by := w.ApplicantOf(w.ApplicationOf(key).Organisation)
	pdf, png := play.PDF("章程", "坚持党的全面领导"), play.Photo(1)
	charter := w.Uploaded(key, "0-1", "../章程.pdf", pdf)
	if charter.Name != "章程.pdf" || charter.Kind != "pdf" || charter.Pages != 1 || charter.State != file.Unscanned || charter.Size != int64(len(pdf)) {
		t.Errorf("%+v", charter)
	}
	if e := last(w, key); e.Act != "application.attach" || e.Facts["indicator"] != "0-1" || e.Facts["sha256"] != charter.SHA256 || len(e.Facts) != 4 {
		t.Errorf("%+v", e)
	}

	// The same bytes under another name and indicator are the same file.
	again := w.Uploaded(key, "1-1", "另一个名字.pdf", pdf)
	if again.ID != charter.ID || again.Name != "章程.pdf" || strings.Join(again.Under, " ") != "0-1 1-1" {
		t.Errorf("%+v", again)
	}
	_, err := w.Desk.Upload(t.Context(), by, key, "0-1", "章程.pdf", bytes.NewReader(pdf))
	w.Refused(err, "file.put.twice")
	photo := w.Uploaded(key, "1-1", "照片.png", png)

	// What is there already is put under one more without being sent again.
	placed, err := w.Desk.PlaceEvidence(t.Context(), by, key, "1-2", photo.ID)
	if e := last(w, key); err != nil || placed.ID != photo.ID || strings.Join(placed.Under, " ") != "1-1 1-2" || e.Act != "application.attach" || e.Facts["indicator"] != "1-2" {
		t.Errorf("%+v %v %+v", placed, err, e)
	}
	_, err = w.Desk.PlaceEvidence(t.Context(), by, key, "1-2", photo.ID)
	w.Refused(err, "file.put.twice")
	foreign := w.Uploaded(w.Drafted(w.ApplicationOf(key).Round), "1-1", "别家的.pdf", play.PDF("别家的"))
	_, err = w.Desk.PlaceEvidence(t.Context(), by, key, "1-2", foreign.ID)
	w.Refused(err, "thing.not_found")
	if err := w.Desk.RemoveEvidence(t.Context(), by, key, "1-2", photo.ID); err != nil {
		t.Fatal(err)
	}

	under, err := w.Desk.EvidenceOf(t.Context(), by, key)
	if err != nil || len(under["0-1"]) != 1 || len(under["1-1"]) != 2 {
		t.Fatalf("%v %+v", err, under)
	}
	f, _, r, err := w.Desk.OpenFile(t.Context(), by, photo.ID)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(r); err != nil || !bytes.Equal(got, png) || f.Name != "照片.png" || r.Close() != nil {
		t.Errorf("%d bytes came back: %v", len(got), err)
	}
	// What stands nowhere is forgotten; what stands elsewhere too is not.
	if err := w.Desk.RemoveEvidence(t.Context(), by, key, "1-1", photo.ID); err != nil {
		t.Fatal(err)
	}
	if err := w.Desk.RemoveEvidence(t.Context(), by, key, "1-1", charter.ID); err != nil {
		t.Fatal(err)
	}
	if e := last(w, key); e.Act != "application.detach" || e.Facts["indicator"] != "1-1" || e.Facts["sha256"] != charter.SHA256 {
		t.Errorf("%+v", e)
	}
	if _, _, _, err := w.Desk.OpenFile(t.Context(), by, photo.ID); fault.KindOf(err) != fault.NotFound {
		t.Error(err)
	}
	w.Refused(w.Desk.RemoveEvidence(t.Context(), by, key, "1-1", charter.ID), "thing.not_found")
	// What is submitted names the bytes, and its digest covers them.
	if err := w.Desk.SubmitApplication(t.Context(), by, key, 0, w.Desk.SubmissionKey()); err != nil {
		t.Fatal(err)
	}
	a := w.ApplicationOf(key)
	brief := answer.File{Name: "章程.pdf", SHA256: charter.SHA256, Size: int64(len(pdf))}
	if got := a.Answers["0-1"].Files; len(got) != 1 || got[0] != brief || a.Digest != a.Content().Digest() || !strings.Contains(string(a.Original.Canonical()), charter.SHA256) {
		t.Errorf("%+v", got)
	}
	_, err = w.Desk.Upload(t.Context(), by, key, "0-1", "b.png", bytes.NewReader(png))
	w.Refused(err, "stage.not_allowed")
	w.Refused(w.Desk.RemoveEvidence(t.Context(), by, key, "0-1", charter.ID), "stage.not_allowed")
}

// TestUploadRefused: what is not taken leaves nothing behind.
func TestUploadRefused(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	w.Desk.Files.Room = file.Room{File: 2000, Application: 4000, Files: 3}
	key := w.Drafted(w.OpenRound())
	by := w.ApplicantOf(w.ApplicationOf(key).Organisation)
	upload := func(indicator, name string, b []byte) error {
		_, err := w.Desk.Upload(t.Context(), by, key, indicator, name, bytes.NewReader(b))
		return err
	}
	sized := func(n int) []byte { // a PDF of exactly so many bytes
		b := play.PDF("x")
		return append(b, bytes.Repeat([]byte("\n"), n-len(b))...)
	}
	w.Refused(upload("0-1", "a.pdf", sized(2001)), "file.put.big")
	w.Refused(upload("0-1", "a.pdf", nil), "evidence.file.empty")
	w.Refused(upload("0-1", "a.pdf", []byte("<html>")), "evidence.file.type")
	w.Refused(upload("9-9", "a.pdf", sized(1900)), "file.attach.indicator")
	broken := io.MultiReader(bytes.NewReader(sized(1900)), iotest.ErrReader(errors.New("reset by peer")))
	_, err := w.Desk.Upload(t.Context(), by, key, "0-1", "a.pdf", broken)
	w.Refused(err, "evidence.upload.broken")
	for n, code := range []string{"", "", "file.put.full"} {
		if err := upload("0-1", "a.pdf", sized(2000-n)); fault.CodeOf(err) != code && (code != "" || err != nil) {
			t.Errorf("file %d: %v, want %q", n+1, err, code)
		}
	}
	// Bytes that are there already take no room; a fourth file has none either.
	if err := upload("1-1", "b.pdf", sized(2000)); err != nil {
		t.Error(err)
	}
	w.Desk.Files.Room.Files = 2
	w.Refused(upload("0-1", "c.pdf", sized(1500)), "file.put.many")
	under, err := w.Desk.EvidenceOf(t.Context(), by, key)
	if err != nil || len(under["0-1"]) != 2 || len(under["1-1"]) != 1 {
		t.Errorf("%v %+v", err, under)
	}
	w.Desk.Files.Blobs = nil
	w.Refused(upload("1-1", "d.pdf", sized(1400)), "evidence.upload.off")
	w.At("2021-07-10 23:59:59")
	w.Jump(w.Now().Add(2e9))
	w.Desk.Files = casework.Files{Blobs: w.Node().Files.Blobs}
	if err := upload("1-1", "d.pdf", sized(1400)); err == nil {
		t.Error("a file came after the deadline")
	}
}

// TestWhoSeesFiles: the applicant its own; those who review what was submitted;
// nobody else anything (checklist 3, 10, 45).
func TestWhoSeesFiles(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	round := w.OpenRound()
	key := w.Drafted(round)
	mine := w.ApplicantOf(w.ApplicationOf(key).Organisation)
	other := w.ApplicantOf(w.Organisation())
	f := w.Uploaded(key, "0-1", "章程.pdf", play.PDF("章程"))
	if acts, err := w.Desk.TendFiles(t.Context()); acts != 1 || err != nil { // its copy
		t.Fatal(acts, err)
	}
	office, auditor := w.Office(), w.Person("审计员", stage.Auditor)
	team, committee := w.Team(), w.Members()
	sees := func(by stage.Actor, want bool) {
		t.Helper()
		_, _, r, err := w.Desk.OpenFile(t.Context(), by, f.ID)
		if err == nil {
			err = r.Close()
		}
		if want != (err == nil) || err != nil && fault.KindOf(err) != fault.NotFound {
			t.Errorf("%s: %v, want to see it: %v", by.Role, err, want)
		}
		under, err := w.Desk.EvidenceOf(t.Context(), by, key)
		if want != (err == nil && len(under["0-1"]) == 1) {
			t.Errorf("%s lists %v: %v", by.Role, under, err)
		}
	}
	all := func(want map[stage.Role]bool) {
		t.Helper()
		sees(mine, true)
		sees(other, false)
		sees(stage.Anyone, false)
		sees(testkit.TheOperator, false)
		for _, by := range []stage.Actor{office.Clerk, office.Director, office.Chair, auditor, team[0], committee[0]} {
			sees(by, want[by.Role])
		}
	}
	all(nil)
	if err := w.Desk.SubmitApplication(t.Context(), mine, key, 0, w.Desk.SubmissionKey()); err != nil {
		t.Fatal(err)
	}
	filed := map[stage.Role]bool{stage.Clerk: true, stage.Director: true, stage.Chair: true, stage.Auditor: true}
	all(filed)
	if err := w.Desk.AcceptApplication(t.Context(), office.Clerk, key); err != nil {
		t.Fatal(err)
	}
	w.Reviewed(key)
	w.Visitable(key)
	filed[stage.Assessor] = true
	all(filed)
}

// TestCorrectionWithFiles: files of a correction are the applicant's until it is
// answered; what they replaced stays with what was first submitted.
func TestCorrectionWithFiles(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	key := w.Drafted(w.OpenRound())
	by, clerk := w.ApplicantOf(w.ApplicationOf(key).Organisation), w.Office().Clerk
	old := w.Uploaded(key, "0-1", "旧章程.pdf", play.PDF("旧章程"))
	if err := w.Desk.SubmitApplication(t.Context(), by, key, 0, w.Desk.SubmissionKey()); err != nil {
		t.Fatal(err)
	}
	w.At("2021-07-12")
	if err := w.Desk.RequestCorrection(t.Context(), clerk, key, []application.Defect{{Field: "0-1", Say: "章程不是现行的。"}}); err != nil {
		t.Fatal(err)
	}
	fresh := w.Uploaded(key, "0-1", "新章程.pdf", play.PDF("新章程"))
	_, err := w.Desk.Upload(t.Context(), by, key, "1-1", "新章程.pdf", bytes.NewReader(play.PDF("新章程")))
	w.Refused(err, "file.attach.other")
	if err := w.Desk.RemoveEvidence(t.Context(), by, key, "0-1", old.ID); err != nil {
		t.Fatal(err)
	}
	listed := func() string {
		under, err := w.Desk.EvidenceOf(t.Context(), clerk, key)
		if err != nil || len(under["0-1"]) != 1 {
			t.Fatalf("%v %v", err, under)
		}
		return under["0-1"][0].Name
	}
	opens := func(key id.File) bool {
		_, _, r, err := w.Desk.OpenFile(t.Context(), clerk, key)
		return err == nil && r.Close() == nil
	}
	if listed() != "旧章程.pdf" || opens(fresh.ID) || !opens(old.ID) {
		t.Error("the office sees a correction before it is answered")
	}
	a := w.ApplicationOf(key)
	if err := w.Desk.CorrectApplication(t.Context(), by, key, 0, answer.Part{Answers: map[string]answer.Answer{"0-1": a.Answers["0-1"]}}); err != nil {
		t.Fatal(err)
	}
	a = w.ApplicationOf(key)
	if listed() != "新章程.pdf" || !opens(fresh.ID) || !opens(old.ID) || len(a.Changes()) != 1 || a.Digest == a.Original.Digest() {
		t.Errorf("after the correction: %s, %+v", listed(), a.Changes())
	}
}

// TestCarriedFiles: the files of an earlier application come over with its answers: the
// same bytes, kept once, marked until somebody confirms; one with a virus stays behind.
func TestCarriedFiles(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	round := w.OpenRound()
	old := w.Drafted(round)
	by := w.ApplicantOf(w.ApplicationOf(old).Organisation)
	charter := w.Uploaded(old, "0-1", "章程.pdf", play.PDF("章程"))
	bad := w.Uploaded(old, "0-1", "带毒.png", play.Photo(1))
	if err := w.Desk.Store.Change(t.Context(), func(tx *store.Tx) (record.Entry, error) {
		f, err := tx.File(bad.ID)
		f.State = file.Infected
		return record.Entry{At: w.Now(), Act: "file.condemn", Thing: string(f.ID)}, errors.Join(err, tx.PutFile(&f))
	}); err != nil {
		t.Fatal(err)
	}
	if err := w.Desk.DiscardApplication(t.Context(), by, old); err != nil {
		t.Fatal(err)
	}
	key, err := w.Desk.StartApplication(t.Context(), by, round, "")
	if err != nil {
		t.Fatal(err)
	}
	left, err := w.Desk.CarryApplication(t.Context(), by, key)
	if err != nil || len(left) != 1 || left[0] != "带毒.png" {
		t.Fatalf("%v: %v stayed behind", err, left)
	}
	under, err := w.Desk.EvidenceOf(t.Context(), by, key)
	if err != nil || len(under["0-1"]) != 1 {
		t.Fatalf("%v %+v", err, under)
	}
	f := under["0-1"][0]
	if f.ID == charter.ID || f.SHA256 != charter.SHA256 || f.Application != key || f.From != 2021 || f.State != file.Unscanned {
		t.Errorf("%+v", f)
	}
	blobs := 0
	if err := w.Desk.Files.Blobs.List(t.Context(), func(blob.Info) error { blobs++; return nil }); err != nil || blobs != 2 {
		t.Errorf("%d blobs of two files: %v", blobs, err)
	}
	open := func() (n int) {
		v, err := w.Desk.Application(t.Context(), by, key)
		if err != nil {
			t.Fatal(err)
		}
		for _, g := range v.Gaps {
			if g.Code == "answer.complete.carried" && g.Fields[0].Path == "0-1.sure" {
				n++
			}
		}
		return n
	}
	if open() != 1 {
		t.Error("what nobody confirmed is no gap")
	}
	if err := w.Desk.SaveApplication(t.Context(), by, key, 0, answer.Part{Sure: []string{"0-1"}}); err != nil || open() != 0 {
		t.Error("confirmed:", err)
	}
	// It goes like every other; the earlier application keeps its own.
	if err := w.Desk.RemoveEvidence(t.Context(), by, key, "0-1", f.ID); err != nil {
		t.Fatal(err)
	}
	if _, _, r, err := w.Desk.OpenFile(t.Context(), by, charter.ID); err != nil || r.Close() != nil {
		t.Error("the earlier application lost its file:", err)
	}
}
