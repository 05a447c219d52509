package casework_test

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"shifan/internal/id"
	"shifan/internal/lifecycle/file"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/play"
	"shifan/internal/testkit"
)

// signed puts into a PNG who made it.
func signed(b []byte) []byte {
	chunk := append([]byte{0, 0, 0, 11}, "tEXtAuthor\x00甲"...)
	chunk[3] = byte(len(chunk) - 8)
	chunk = binary.BigEndian.AppendUint32(chunk, crc32.ChecksumIEEE(chunk[4:]))
	return slices.Concat(b[:33], chunk, b[33:])
}

// uncopied is a document with a picture in it that nothing here can free of what it says.
func uncopied(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, part := range [][2]string{
		{"[Content_Types].xml", `<Types><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`},
		{"word/document.xml", "<w:document><w:t>章程</w:t></w:document>"},
		{"word/media/image1.tiff", "II*\x00"},
	} {
		w, err := z.Create(part[0])
		if err == nil {
			_, err = io.WriteString(w, part[1])
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// opened is what somebody is given of a file.
func opened(w *testkit.World, by stage.Actor, key id.File) (file.Given, []byte, error) {
	w.Helper()
	_, given, r, err := w.Desk.OpenFile(w.Context(), by, key)
	if err != nil {
		return given, nil, err
	}
	defer r.Close()
	b, err := io.ReadAll(r)
	if err != nil || int64(len(b)) != given.Size {
		w.Errorf("%d bytes of %d: %v", len(b), given.Size, err)
	}
	return given, b, nil
}

// TestCopies: those who judge a file are given its copy, which says nothing of its
// author, and never the original in its place; the office gets what was uploaded, and
// the record keeps its digest.
func TestCopies(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	key := w.Drafted(w.OpenRound())
	by, clerk := w.ApplicantOf(w.ApplicationOf(key).Organisation), w.Office().Clerk
	photo := signed(play.Photo(1))
	f := w.Uploaded(key, "0-1", "会场.png", photo)
	odd := w.Uploaded(key, "0-1", "带图.docx", uncopied(t))
	if _, err := w.Desk.PlaceEvidence(t.Context(), by, key, "1-1", f.ID); err != nil {
		t.Fatal(err)
	}
	if err := w.Desk.SubmitApplication(t.Context(), by, key, 0, w.Desk.SubmissionKey()); err != nil {
		t.Fatal(err)
	}
	if err := w.Desk.AcceptApplication(t.Context(), clerk, key); err != nil {
		t.Fatal(err)
	}
	assessor := w.Team()[0]
	w.Reviewed(key)
	visit, _ := w.Visitable(key)
	lists := func(f, odd string) {
		t.Helper()
		v, err := w.Desk.Visit(t.Context(), assessor, visit)
		if err != nil || len(v.Files["0-1"]) != 2 || v.Files["0-1"][0].Copy != f || v.Files["0-1"][1].Copy != odd || v.Files["1-1"][0].Copy != f {
			t.Errorf("%+v %v", v.Files, err)
		}
	}
	lists(file.Uncertain, file.Uncertain)
	_, _, err := opened(w, assessor, f.ID)
	w.Refused(err, "file.open.copying")
	if acts, err := w.Desk.TendFiles(t.Context()); acts != 2 || err != nil {
		t.Fatal(acts, err)
	}
	if acts, err := w.Desk.TendFiles(t.Context()); acts != 0 || err != nil {
		t.Error("copied twice:", acts, err)
	}
	lists(file.Copied, file.Uncopied)
	_, _, err = opened(w, assessor, odd.ID)
	w.Refused(err, "file.open.uncopied")
	given, b, err := opened(w, assessor, f.ID)
	if err != nil || !given.Copy || bytes.Contains(b, []byte("Author")) || !bytes.HasPrefix(b, photo[:33]) {
		t.Errorf("the assessor is given %+v, %q: %v", given, b[:40], err)
	}
	for _, who := range []stage.Actor{by, clerk} {
		if given, b, err := opened(w, who, f.ID); err != nil || given.Copy || !bytes.Equal(b, photo) {
			t.Errorf("%s is given %+v: %v", who.Role, given, err)
		}
	}
	if a := w.ApplicationOf(key); a.Answers["0-1"].Files[0].SHA256 != f.SHA256 || f.SHA256 == given.SHA256 {
		t.Error("the digest that was submitted is not the original's")
	}
	if got := strings.Join(w.Record(string(f.ID)), ";"); got != "file.copy unscanned→unscanned clock" {
		t.Error(got)
	}
	// A row names the copy, so it stays; one that is lost all the same is made again.
	later := w.Now().Add(time.Hour)
	sweeps(w, later, 0)
	if gone, err := w.Desk.Files.Blobs.Remove(t.Context(), given.SHA256, later); !gone || err != nil {
		t.Fatal(gone, err)
	}
	if again, b, err := opened(w, assessor, f.ID); err != nil || again != given || len(b) != int(given.Size) {
		t.Errorf("after its loss: %+v %v", again, err)
	}
}

// TestCopyOfACarriedFile: a file that comes over gets a row of its own for its copy, of
// the same bytes. They stay while a row names them, and go with the last.
func TestCopyOfACarriedFile(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	round := w.OpenRound()
	old := w.Drafted(round)
	by := w.ApplicantOf(w.ApplicationOf(old).Organisation)
	first := w.Uploaded(old, "0-1", "会场.png", signed(play.Photo(1)))
	if _, err := w.Desk.TendFiles(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := w.Desk.DiscardApplication(t.Context(), by, old); err != nil {
		t.Fatal(err)
	}
	key, err := w.Desk.StartApplication(t.Context(), by, round, "")
	if err == nil {
		_, err = w.Desk.CarryApplication(t.Context(), by, key)
	}
	if err != nil {
		t.Fatal(err)
	}
	if acts, err := w.Desk.TendFiles(t.Context()); acts != 1 || err != nil {
		t.Error(acts, err)
	}
	under, err := w.Desk.EvidenceOf(t.Context(), by, key)
	if err != nil || len(under["0-1"]) != 1 || under["0-1"][0].Copy != "" {
		t.Fatalf("%+v %v", under, err)
	}
	later := w.Now().Add(time.Hour)
	if err := w.Desk.RemoveEvidence(t.Context(), by, key, "0-1", under["0-1"][0].ID); err != nil {
		t.Fatal(err)
	}
	sweeps(w, later, 0) // the discarded application's rows name both
	if _, _, err := opened(w, by, first.ID); err != nil {
		t.Error(err)
	}
	last := w.Uploaded(key, "0-1", "活动室.png", signed(play.Photo(2)))
	if acts, err := w.Desk.TendFiles(t.Context()); acts != 1 || err != nil {
		t.Error(acts, err)
	}
	if err := w.Desk.RemoveEvidence(t.Context(), by, key, "0-1", last.ID); err != nil {
		t.Fatal(err)
	}
	sweeps(w, later, 2) // the file and its copy
}
