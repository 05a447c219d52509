package casework_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"image"
	"image/jpeg"
	"io"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"shifan/internal/calendar"
	"shifan/internal/casework"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/checklist"
	"shifan/internal/lifecycle/file"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/lifecycle/visit"
	"shifan/internal/store"
	"shifan/internal/testkit"
)

// onSite returns a world on the day of a visit.
func onSite(t *testing.T) (*testkit.World, id.Visit, []stage.Actor) {
	t.Helper()
	w, _, key, on := visitable(t)
	w.At(on.String() + " 10:00:00")
	return w, key, w.Team()
}

// sync brings edits, given as field, value and what they replace.
func syncing(w *testkit.World, by stage.Actor, key id.Visit, edits ...checklist.Edit) map[id.Edit]error {
	w.Helper()
	refused, err := w.Desk.SyncVisit(w.Context(), by, key, casework.Sync{Device: "手机", Clock: w.Now(), Edits: edits})
	if err != nil {
		w.Fatal(err)
	}
	return refused
}

func TestTwoDevicesOfOneTeam(t *testing.T) {
	t.Parallel()
	w, key, team := onSite(t)
	papers := checklist.Edit{ID: "edit-a-01", Field: "records.papers.text", Value: "会议记录齐全"}
	if refused := syncing(w, team[0], key, papers, checklist.Edit{ID: "edit-a-02", Field: "opinion", Value: "meets"}); fault.CodeOf(refused["edit-a-02"]) != "checklist.edit.field" || len(refused) != 1 {
		t.Errorf("%v", refused)
	}
	before := w.Record(string(key))
	syncing(w, team[0], key, papers) // its answer was lost
	if diff := cmp.Diff(before, w.Record(string(key))); diff != "" {
		t.Errorf("the same edit again does something: %s", diff)
	}
	syncing(w, team[1], key, checklist.Edit{ID: "edit-b-01", Field: "records.papers.text", Value: "缺两次会议记录"}, checklist.Edit{ID: "edit-b-02", Field: "records.premises.text", Value: "标识规范"})
	v, err := w.Desk.Checklist(t.Context(), team[2], key)
	if err != nil || len(v.Fields.Conflicts()) != 1 || v.Visit.Records["papers"].Text != "会议记录齐全" || v.Visit.Records["premises"].Text != "标识规范" {
		t.Fatalf("%+v %+v %v", v.Fields.Conflicts(), v.Visit.Records, err)
	}
	heads := v.Fields[checklist.Key{Field: "records.papers.text"}]
	if len(heads.Heads) != 2 || v.NameOf(heads.Heads[1].By) != "考核组员2" {
		t.Errorf("%+v", heads)
	}
	a := testkit.Account(w.Criteria(v.Visit.Round))
	a.Records["papers"] = v.Visit.Records["papers"] // as the form shows it: the leader changed nothing of it
	w.Refused(w.Desk.ReportVisit(t.Context(), team[0], key, 0, a), "checklist.report.unsettled")
	syncing(w, team[0], key, checklist.Edit{ID: "edit-a-03", Field: "records.papers.text", Value: "缺两次会议记录", Over: heads.IDs()})
	a.Records["papers"] = w.VisitOf(v.Visit.Application).Records["papers"]
	if err := w.Desk.ReportVisit(t.Context(), team[0], key, 0, a); err != nil {
		t.Fatal(err)
	}
	_, err = w.Desk.SyncVisit(t.Context(), team[1], key, casework.Sync{Edits: []checklist.Edit{{ID: "edit-b-03", Field: "records.papers.text", Value: "迟到的"}}})
	w.Refused(err, "checklist.write.closed")
	if got := w.VisitOf(v.Visit.Application).Records["papers"].Text; got != "缺两次会议记录" {
		t.Error(got)
	}
}

// TestAFormAndADevice: what the form of the visit wrote is not overwritten by a device
// that did not see it.
func TestAFormAndADevice(t *testing.T) {
	t.Parallel()
	w, key, team := onSite(t)
	a := testkit.Account(nil)
	if err := w.Desk.RecordVisit(t.Context(), team[0], key, 0, a); err != nil {
		t.Fatal(err)
	}
	w.At(w.Now().In(calendar.Zone).Format("2006-01-02") + " 10:00:01")
	syncing(w, team[1], key, checklist.Edit{ID: "edit-b-01", Field: "records.interviews.people", Value: "9"})
	v, err := w.Desk.Checklist(t.Context(), team[0], key)
	if err != nil || len(v.Fields.Conflicts()) != 1 || v.Visit.Records["interviews"].People != 12 {
		t.Errorf("%v %+v %v", v.Fields.Conflicts(), v.Visit.Records, err)
	}
}

// TestMarksOfOthers: a member sees the others' marks, and the team's ratings, after
// their own.
func TestMarksOfOthers(t *testing.T) {
	t.Parallel()
	w, key, team := onSite(t)
	clerk := w.Office().Clerk
	code := w.Criteria(kept(t, w, key).Round)[0].Code
	rating := "marks." + code + ".rating"
	syncing(w, team[0], key, checklist.Edit{ID: "edit-a-01", Field: rating, Value: "meets"})
	if err := w.Desk.RecordVisit(t.Context(), team[0], key, 0, testkit.Account(w.Criteria(kept(t, w, key).Round))); err != nil {
		t.Fatal(err)
	}
	given := func(by stage.Actor) (marks int, veiled bool) {
		v, err := w.Desk.Checklist(t.Context(), by, key)
		if err != nil {
			t.Fatal(err)
		}
		return checklist.GapOf(v.Fields.Marks(&v.Visit, code)).Given, v.Visit.Findings[code].Rating == ""
	}
	for _, tt := range []struct {
		by     stage.Actor
		marks  int
		veiled bool
	}{{team[0], 1, false}, {team[1], 0, true}, {clerk, 0, false}} {
		if n, veiled := given(tt.by); n != tt.marks || veiled != tt.veiled {
			t.Errorf("%s sees %d marks, the team's rating veiled: %v", tt.by.Account, n, veiled)
		}
	}
	a := testkit.Account(nil)
	a.Opinion, a.Text = "", ""
	if err := w.Desk.RecordVisit(t.Context(), team[1], key, 0, a); err != nil { // who does not see the ratings does not clear them
		t.Fatal(err)
	}
	if v := kept(t, w, key); v.Findings[code].Rating != "meets" || v.Opinion != "meets" {
		t.Errorf("%+v", v)
	}
	syncing(w, team[1], key, checklist.Edit{ID: "edit-b-01", Field: rating, Value: "fails"})
	if n, veiled := given(team[1]); n != 2 || veiled {
		t.Errorf("after their own: %d marks, veiled %v", n, veiled)
	}
	for _, by := range []stage.Actor{w.ApplicantOf(kept(t, w, key).Organisation), w.Person("组外考核员", stage.Assessor), w.Person("委员", stage.Member)} {
		if _, err := w.Desk.Checklist(t.Context(), by, key); fault.KindOf(err) != fault.NotFound {
			t.Errorf("%s reads the checklist: %v", by.Role, err)
		}
	}
}

func TestTheOfficeSendsAnOpinionBack(t *testing.T) {
	t.Parallel()
	w, key, team := onSite(t)
	clerk, round := w.Office().Clerk, kept(t, w, key).Round
	w.Refused(w.Desk.SendVisitBack(t.Context(), clerk, key, "写清"), "stage.not_allowed")
	for n := range 2 {
		if err := w.Desk.ReportVisit(t.Context(), team[0], key, 0, testkit.Account(w.Criteria(round))); err != nil {
			t.Fatal(err)
		}
		if n == 0 {
			if err := w.Desk.SignVisit(t.Context(), team[1], key, 1, ""); err != nil {
				t.Fatal(err)
			}
			if err := w.Desk.SendVisitBack(t.Context(), clerk, key, "指标1-1写清依据"); err != nil {
				t.Fatal(err)
			}
		}
	}
	if v := kept(t, w, key); v.Edition != 2 || len(v.Unsigned()) != 3 {
		t.Errorf("%+v", v)
	}
	lines := w.Record(string(key))
	if got := lines[len(lines)-2]; got != "visit.send_back reported→scheduled clerk" {
		t.Error(got)
	}
}

// shot is a photo as a camera makes it, with where it was taken.
func shot(t *testing.T, grey uint8) []byte {
	t.Helper()
	img := image.NewGray(image.Rect(0, 0, 8, 8))
	for i := range img.Pix {
		img.Pix[i] = grey
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, nil); err != nil {
		t.Fatal(err)
	}
	exif := "Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x01\x01\x0f\x00\x02\x00\x00\x00\x08\x00\x00\x00\x1a\x00\x00\x00\x00GPS43.9N"
	head := append([]byte{0xff, 0xd8, 0xff, 0xe1, 0, byte(len(exif) + 2)}, exif...)
	return append(head, b.Bytes()[2:]...)
}

func TestPhotosOfTheTeam(t *testing.T) {
	t.Parallel()
	w, key, team := onSite(t)
	w.Desk.Files.Room = file.Room{File: 2000}
	b := shot(t, 90)
	sum := sha256.Sum256(b)
	s := casework.Shot{ID: "photo-0001", Name: "阵地.jpg", SHA256: hex.EncodeToString(sum[:]), TakenAt: w.Now().AddDate(0, 0, 1), Clock: w.Now().AddDate(0, 0, 1)}
	take := func(by stage.Actor, s casework.Shot, b []byte) error {
		return w.Desk.TakePhoto(t.Context(), by, key, s, bytes.NewReader(b))
	}
	for range 2 { // the second time its answer was lost
		if err := take(team[1], s, b); err != nil {
			t.Fatal(err)
		}
	}
	big, wrong, text, anew := s, s, s, s
	big.ID, wrong.ID, text.ID, anew.ID, anew.Sitting = "photo-0002", "photo-0003", "photo-0004", "photo-0005", 1
	wrong.SHA256 = hex.EncodeToString(make([]byte, 32))
	w.Refused(take(team[1], big, append(b, make([]byte, 2000)...)), "file.put.big")
	w.Refused(take(team[1], wrong, b), "checklist.photo.digest")
	w.Refused(take(team[1], text, []byte("no picture")), "evidence.file.type")
	w.Refused(take(team[1], anew, b), "checklist.write.redone")
	v, err := w.Desk.Checklist(t.Context(), team[0], key)
	if err != nil || len(v.Photos) != 1 || v.Photos[0].SHA256 != s.SHA256 || v.Photos[0].Ahead != 24*time.Hour || !checklist.Off(v.Photos[0].Ahead) || v.Photos[0].Name != "考核组员2" {
		t.Fatalf("%+v %v", v.Photos, err)
	}
	f := v.Photos[0].File
	_, _, r, err := w.Desk.OpenFile(t.Context(), w.Office().Clerk, f.ID)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if got, err := io.ReadAll(r); err != nil || bytes.Contains(got, []byte("GPS")) || len(got) == 0 {
		t.Errorf("what is kept says where it was taken: %v", err)
	}
	for _, by := range []stage.Actor{w.ApplicantOf(v.Visit.Organisation), w.Person("组外考核员", stage.Assessor)} {
		if _, _, _, err := w.Desk.OpenFile(t.Context(), by, f.ID); fault.KindOf(err) != fault.NotFound {
			t.Errorf("%s opens a photo of the team: %v", by.Role, err)
		}
	}
	if under, err := w.Desk.EvidenceOf(t.Context(), w.Office().Clerk, v.Visit.Application); err != nil || len(under) > 0 {
		t.Errorf("a photo of the team passes for evidence of the applicant: %v %v", under, err)
	}
}

// kept is a visit as it is kept, whoever may see it.
func kept(t *testing.T, w *testkit.World, key id.Visit) (v visit.Visit) {
	t.Helper()
	if err := w.Desk.Store.View(t.Context(), func(tx *store.Tx) (err error) { v, err = tx.Visit(key); return err }); err != nil {
		t.Fatal(err)
	}
	return v
}
