package casework_test

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"image"
	_ "image/jpeg" // what previews are
	"io"
	"net"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"shifan/internal/evidence"
	"shifan/internal/fault"
	"shifan/internal/lifecycle/file"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/play"
	"shifan/internal/testkit"
)

// scanner is a scanner that says what the test wants.
func scanner(t *testing.T, says *atomic.Value) *evidence.Scanner {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() }) //nolint:errcheck // it was only for this
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			r := bufio.NewReader(c)
			_, err = r.ReadString(0) // the command
			for piece := uint32(1); err == nil && piece > 0; {
				if err = binary.Read(r, binary.BigEndian, &piece); err == nil {
					_, err = io.CopyN(io.Discard, r, int64(piece))
				}
			}
			io.WriteString(c, says.Load().(string)) //nolint:errcheck // the other side says what came
			c.Close()                               //nolint:errcheck // it was only for this
		}
	}()
	return &evidence.Scanner{Address: l.Addr().String()}
}

// TestScannerOfUploads: a virus is refused at once; without a verdict a file waits
// and no reviewer gets it; the verdict comes later and stands in the record.
func TestScannerOfUploads(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	var says atomic.Value
	says.Store("stream: OK\x00")
	w.Desk.Files.Scanner = scanner(t, &says)
	key := w.Drafted(w.OpenRound())
	by, clerk := w.ApplicantOf(w.ApplicationOf(key).Organisation), w.Office().Clerk
	if f := w.Uploaded(key, "0-1", "a.png", play.Photo(1)); f.State != file.Clean {
		t.Errorf("%+v", f)
	}
	says.Store("stream: Eicar FOUND\x00")
	_, err := w.Desk.Upload(t.Context(), by, key, "0-1", "b.png", bytes.NewReader(play.Photo(2)))
	w.Refused(err, "file.put.virus")
	says.Store("ERROR\x00")
	waits, sick := w.Uploaded(key, "0-1", "c.png", play.Photo(3)), w.Uploaded(key, "1-1", "d.png", play.Photo(4))
	if waits.State != file.Waiting {
		t.Errorf("%+v", waits)
	}
	if err := w.Desk.SubmitApplication(t.Context(), by, key, 0, w.Desk.SubmissionKey()); err != nil {
		t.Fatal(err)
	}
	_, _, _, err = w.Desk.OpenFile(t.Context(), clerk, waits.ID)
	w.Refused(err, "file.open.waiting")
	if _, _, r, err := w.Desk.OpenFile(t.Context(), by, waits.ID); err != nil || r.Close() != nil {
		t.Error("its applicant does not get it back:", err)
	}
	if acts, err := w.Desk.TendFiles(t.Context()); acts != 1 || !errors.Is(err, evidence.ErrScanner) { // the clean one is copied
		t.Error(acts, err)
	}
	says.Store("stream: OK\x00")
	f := w.FileOf(waits.ID)
	if err := w.Desk.ScanAgain(t.Context(), f); err != nil {
		t.Fatal(err)
	}
	if err := w.Desk.ScanAgain(t.Context(), f); fault.KindOf(err) != fault.Conflict {
		t.Error("another node did it twice:", err)
	}
	says.Store("stream: Late FOUND\x00")
	if acts, err := w.Desk.TendFiles(t.Context()); acts != 2 || err != nil {
		t.Error(acts, err)
	}
	if _, _, r, err := w.Desk.OpenFile(t.Context(), clerk, waits.ID); err != nil || r.Close() != nil {
		t.Error(err)
	}
	for _, who := range []string{"clerk", "applicant"} {
		actor := clerk
		if who == "applicant" {
			actor = by
		}
		_, _, _, err = w.Desk.OpenFile(t.Context(), actor, sick.ID)
		w.Refused(err, "file.open.infected")
	}
	if got := strings.Join(w.Record(string(sick.ID)), ";"); got != "file.condemn waiting→infected clock" {
		t.Error(got)
	}
}

// TestAScannerComes: once there is a scanner, what came before waits for it, and no
// reviewer gets it meanwhile.
func TestAScannerComes(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	key := w.Drafted(w.OpenRound())
	by, clerk := w.ApplicantOf(w.ApplicationOf(key).Organisation), w.Office().Clerk
	f := w.Uploaded(key, "0-1", "a.png", play.Photo(1))
	if err := w.Desk.SubmitApplication(t.Context(), by, key, 0, w.Desk.SubmissionKey()); err != nil {
		t.Fatal(err)
	}
	opens := func() error {
		_, _, r, err := w.Desk.OpenFile(t.Context(), clerk, f.ID)
		if err == nil {
			err = r.Close()
		}
		return err
	}
	if err := opens(); err != nil {
		t.Error(err)
	}
	var says atomic.Value
	says.Store("ERROR\x00")
	w.Desk.Files.Scanner = scanner(t, &says)
	if acts, err := w.Desk.TendFiles(t.Context()); acts != 1 || !errors.Is(err, evidence.ErrScanner) {
		t.Error(acts, err)
	}
	w.Refused(opens(), "file.open.waiting")
	says.Store("stream: OK\x00")
	if acts, err := w.Desk.TendFiles(t.Context()); acts != 2 || err != nil { // judged and copied
		t.Error(acts, err)
	}
	if err := opens(); err != nil {
		t.Error(err)
	}
	if got := strings.Join(w.Record(string(f.ID)), ";"); got != "file.queue unscanned→waiting clock;file.clear waiting→clean clock;file.copy clean→clean clock" {
		t.Error(got)
	}
}

// TestReadingFiles: what a charter says is found with its page and sentence (S9),
// numbers of persons are hinted at, a scan says that it holds no text.
func TestReadingFiles(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	w.Desk.Files.Reader = &evidence.Reader{Cache: evidence.UserCache()}
	key := w.Drafted(w.OpenRound())
	by := w.ApplicantOf(w.ApplicationOf(key).Organisation)
	w.Uploaded(key, "0-1", "章程.pdf", play.PDF("章程", "第二条 本会坚持党的全面领导，设立党的组织。"))
	w.Uploaded(key, "0-1", "别的写法.pdf", play.PDF("章程", "第二条 本会坚持中国共产党的全面领导。"))
	w.Uploaded(key, "0-1", "没有.pdf", play.PDF("章程", "联系人手机13812345678。"))
	w.Uploaded(key, "0-1", "照片.png", play.Photo(1))
	if acts, err := w.Desk.TendFiles(t.Context()); acts != 12 || err != nil { // each is copied, read and drawn
		t.Fatal(acts, err)
	}
	if acts, err := w.Desk.TendFiles(t.Context()); acts != 0 || err != nil {
		t.Error("read twice:", acts, err)
	}
	under, err := w.Desk.EvidenceOf(t.Context(), by, key)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range under["0-1"] {
		switch f.Name {
		case "章程.pdf":
			if f.Says == nil || *f.Says != (file.Finding{Verdict: file.Stated, Page: 1, Sentence: "章程第二条本会坚持党的全面领导，设立党的组织。"}) {
				t.Errorf("%+v", f.Says)
			}
		case "别的写法.pdf":
			if f.Says == nil || f.Says.Verdict != file.Differing {
				t.Errorf("%+v", f.Says)
			}
		case "没有.pdf":
			if f.Says == nil || f.Says.Verdict != file.Absent || len(f.Hints) != 1 || f.Hints[0].Kind != "手机号码" || strings.Contains(f.Hints[0].Masked, "13812345678") {
				t.Errorf("%+v %+v", f.Says, f.Hints)
			}
			if got := strings.Join(w.Record(string(f.ID)), ";"); got != "file.copy unscanned→unscanned clock;file.read unscanned→unscanned clock;file.draw unscanned→unscanned clock" {
				t.Error(got)
			}
		case "照片.png":
			if f.Says != nil || f.Reading != file.Picture || f.Drawing != file.Drawn {
				t.Errorf("%+v", f)
			}
		}
	}
	// What is removed is forgotten with its text.
	if err := w.Desk.RemoveEvidence(t.Context(), by, key, "0-1", under["0-1"][0].ID); err != nil {
		t.Error(err)
	}
}

// TestPreviews: the pages of a file are drawn once; whoever sees the file sees them, as
// long as it is released; and they go with it.
func TestPreviews(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	w.Desk.Files.Reader = &evidence.Reader{}
	key := w.Drafted(w.OpenRound())
	by, clerk := w.ApplicantOf(w.ApplicationOf(key).Organisation), w.Office().Clerk
	f := w.Uploaded(key, "0-1", "照片.png", play.Photo(1))
	gone := w.Uploaded(key, "0-1", "另一张.png", play.Photo(2))
	if acts, err := w.Desk.TendFiles(t.Context()); acts != 6 || err != nil {
		t.Fatal(acts, err)
	}
	sees := func(by stage.Actor, page int) error {
		p, r, err := w.Desk.OpenPreview(t.Context(), by, f.ID, page)
		if err != nil {
			return err
		}
		defer r.Close()
		m, kind, err := image.Decode(r)
		if err != nil || kind != "jpeg" || m.Bounds().Dx() != 160 || p.Width != 160 || p.Height != 120 {
			t.Errorf("%s %+v %v", kind, p, err)
		}
		return nil
	}
	under, err := w.Desk.EvidenceOf(t.Context(), by, key)
	if err != nil || len(under["0-1"]) != 2 || len(under["0-1"][0].Drawn) != 1 || sees(by, 1) != nil {
		t.Errorf("%+v %v", under, err)
	}
	for _, who := range []stage.Actor{clerk, w.ApplicantOf(w.Organisation()), stage.Anyone} {
		w.Refused(sees(who, 1), "thing.not_found")
	}
	w.Refused(sees(by, 2), "thing.not_found")
	if err := w.Desk.RemoveEvidence(t.Context(), by, key, "0-1", gone.ID); err != nil {
		t.Fatal(err)
	}
	if n, err := w.Desk.SweepBlobs(t.Context(), w.Now().Add(time.Hour)); n != 2 || err != nil {
		t.Errorf("%d went of the file and its picture: %v", n, err)
	}
	if err := w.Desk.SubmitApplication(t.Context(), by, key, 0, w.Desk.SubmissionKey()); err != nil {
		t.Fatal(err)
	}
	if err := sees(clerk, 1); err != nil {
		t.Error(err)
	}
	// A scanner that comes later may find something: nobody sees it meanwhile, or then.
	var says atomic.Value
	says.Store("ERROR\x00")
	w.Desk.Files.Scanner = scanner(t, &says)
	if _, err := w.Desk.TendFiles(t.Context()); !errors.Is(err, evidence.ErrScanner) {
		t.Error(err)
	}
	w.Refused(sees(clerk, 1), "file.open.waiting")
	says.Store("stream: X FOUND\x00")
	if _, err := w.Desk.TendFiles(t.Context()); err != nil {
		t.Error(err)
	}
	w.Refused(sees(by, 1), "file.open.infected")
	if under, err := w.Desk.EvidenceOf(t.Context(), clerk, key); err != nil || len(under["0-1"]) != 1 || under["0-1"][0].Drawn != nil {
		t.Errorf("%+v %v", under, err)
	}
}
