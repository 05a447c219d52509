package casework_test

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/iotest"

	"shifan/internal/blob"
	"shifan/internal/calendar"
	"shifan/internal/casework"
	"shifan/internal/fault"
	"shifan/internal/lifecycle/file"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/lifecycle/upload"
	"shifan/internal/play"
	"shifan/internal/testkit"
)

// sized is a PDF of exactly so many bytes.
func sized(n int) []byte {
	b := play.PDF("章程")
	end := b[bytes.LastIndex(b, []byte("startxref")):]
	return slices.Concat(b, bytes.Repeat([]byte("\n"), n-len(b)-len(end)), end)
}

// partsOf counts the parts that are kept.
func partsOf(w *testkit.World) (n int) {
	w.Helper()
	if err := w.Desk.Files.Parts.List(w.Context(), func(blob.Info) error { n++; return nil }); err != nil {
		w.Fatal(err)
	}
	return n
}

// TestUploadInParts: a file that comes piece by piece over lines that break, by two
// servers, is looked at, kept and recorded as one that comes at once; of what comes
// twice one is taken; what is left over goes.
func TestUploadInParts(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	key := w.Drafted(w.OpenRound())
	by := w.ApplicantOf(w.ApplicationOf(key).Organisation)
	here, there := w.Desk, w.Node()
	body := sized(upload.PartMost + 2000)
	u, err := here.BeginUpload(t.Context(), by, key, "0-1", casework.Offer{Name: "../章程.pdf", Size: int64(len(body)), Modified: 7})
	if err != nil {
		t.Fatal(err)
	}
	// The line breaks: what came is kept.
	broken := io.MultiReader(bytes.NewReader(body[:500]), iotest.ErrReader(errors.New("reset by peer")))
	if n, err := here.ReceiveUpload(t.Context(), by, u.ID, 0, lastWords{broken}); n != 500 || err != nil {
		t.Fatal(n, err)
	}
	if open, err := there.Uploads(t.Context(), by, key); err != nil || len(open["0-1"]) != 1 || open["0-1"][0].Received() != 500 || open["0-1"][0].Modified != 7 {
		t.Fatalf("%v %+v", err, open)
	}
	// Both servers get the next piece at the same time.
	var both sync.WaitGroup
	var got [2]int64
	var errs [2]error
	for i, d := range []*casework.Desk{here, there} {
		both.Go(func() { got[i], errs[i] = d.ReceiveUpload(t.Context(), by, u.ID, 500, bytes.NewReader(body[500:1000])) })
	}
	both.Wait()
	for i := range errs {
		if errs[i] != nil && fault.KindOf(errs[i]) != fault.Conflict {
			t.Error(errs[i])
		}
	}
	if got[0]+got[1] != 500 {
		t.Errorf("%d and %d bytes were taken of 500", got[0], got[1])
	}
	w.Refused(there.FinishUpload(t.Context(), by, u.ID), "upload.offset")
	if n, err := there.ReceiveUpload(t.Context(), by, u.ID, 1000, bytes.NewReader(body[1000:])); n != int64(len(body)-1000) || err != nil {
		t.Fatal(n, err)
	}
	// The server is killed before it looks at the whole: whoever asks next makes it good.
	v, err := here.UploadState(t.Context(), by, u.ID)
	if err != nil || v.State != upload.Kept || v.Received() != v.Size || strings.Join(v.Under, " ") != "0-1" {
		t.Fatalf("%v %+v", err, v)
	}
	f, _, r, err := there.OpenFile(t.Context(), by, v.File)
	if err != nil || f.Name != "章程.pdf" || f.State != file.Unscanned {
		t.Fatal(f, err)
	}
	if b, err := io.ReadAll(r); err != nil || !bytes.Equal(b, body) || r.Close() != nil {
		t.Errorf("%d bytes came back: %v", len(b), err)
	}
	if e := last(w, key); e.Act != "application.attach" || e.Facts["sha256"] != f.SHA256 {
		t.Errorf("%+v", e)
	}
	if got, want := strings.Join(w.Record(string(u.ID)), "\n"), strings.Join([]string{
		"upload.begin →coming applicant", "upload.receive coming→coming applicant", "upload.receive coming→coming applicant",
		"upload.receive coming→coming applicant", "upload.receive coming→coming applicant", "upload.keep coming→kept applicant",
	}, "\n"); got != want {
		t.Errorf("the record:\n%s\nwant:\n%s", got, want)
	}
	if err := there.FinishUpload(t.Context(), by, u.ID); err != nil {
		t.Error("it is finished already:", err)
	}
	w.At("2021-07-05")
	_, err = here.SentUpload(t.Context(), by, u.ID)
	w.Refused(err, "thing.not_found")
	if n := partsOf(w); n > 1 { // one of those that came twice: it is swept when a server starts
		t.Errorf("%d parts stay", n)
	}
}

// lastWords hides what ended a reader, as a server does that answers over the line.
type lastWords struct{ io.Reader }

// Read implements io.Reader.
func (r lastWords) Read(p []byte) (int, error) {
	n, err := r.Reader.Read(p)
	if err != nil {
		err = io.EOF
	}
	return n, err
}

// TestUploadInPartsRefused: what is wrong with a file is said when it is whole, and
// told again; a stranger finds nothing; time and room are asked with every piece.
func TestUploadInPartsRefused(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	w.Desk.Files.Room = file.Room{File: 2000, Application: 5000, Files: 3}
	round := w.OpenRound()
	key := w.Drafted(round)
	by := w.ApplicantOf(w.ApplicationOf(key).Organisation)
	colleague := w.Applicant("另一位经办人", by.Organisation)
	begin := func(name string, size int) upload.Upload {
		t.Helper()
		u, err := w.Desk.BeginUpload(t.Context(), by, key, "0-1", casework.Offer{Name: name, Size: int64(size)})
		if err != nil {
			t.Fatal(err)
		}
		return u
	}
	send := func(by stage.Actor, u upload.Upload, offset int, b []byte) error {
		_, err := w.Desk.ReceiveUpload(t.Context(), by, u.ID, int64(offset), bytes.NewReader(b))
		return err
	}
	page := begin("网页.pdf", 600)
	for what, err := range map[string]error{
		"send on": send(colleague, page, 0, []byte("x")), "finish": w.Desk.FinishUpload(t.Context(), colleague, page.ID), "give up": w.Desk.GiveUpUpload(t.Context(), colleague, page.ID),
	} {
		if fault.CodeOf(err) != "thing.not_found" {
			t.Errorf("a colleague may %s: %v", what, err)
		}
	}
	if open, err := w.Desk.Uploads(t.Context(), colleague, key); err != nil || len(open) != 0 {
		t.Errorf("a colleague sees %v: %v", open, err)
	}
	if err := send(by, page, 0, bytes.Repeat([]byte("<html>"), 100)); err != nil {
		t.Fatal(err)
	}
	err := w.Desk.FinishUpload(t.Context(), by, page.ID)
	w.Refused(err, "evidence.file.type")
	if v, err := w.Desk.UploadState(t.Context(), by, page.ID); err != nil || v.State != upload.Refused || !strings.Contains(v.Say, "“网页.pdf”") || v.Code != "evidence.file.type" {
		t.Errorf("%v %+v", err, v)
	}
	if n := partsOf(w); n != 0 {
		t.Errorf("%d parts stay of what was refused", n)
	}
	// What is on its way takes room until it is given up.
	a, b := begin("甲.pdf", 2000), begin("乙.pdf", 2000)
	_, err = w.Desk.BeginUpload(t.Context(), by, key, "1-1", casework.Offer{Name: "丙.pdf", Size: 1001})
	w.Refused(err, "file.put.full")
	if err := w.Desk.GiveUpUpload(t.Context(), by, a.ID); err != nil {
		t.Fatal(err)
	}
	w.Refused(send(by, a, 0, []byte("x")), "thing.not_found")
	if err := w.Desk.GiveUpUpload(t.Context(), by, b.ID); err != nil {
		t.Fatal(err)
	}
	// The deadline passes while two are on their way: one half, one whole.
	w.At("2021-07-10 20:00:00")
	half, whole := begin("乙.pdf", 2000), begin("丙.pdf", 2000)
	if err := errors.Join(send(by, half, 0, sized(2000)[:1000]), send(by, whole, 0, sized(2000))); err != nil {
		t.Fatal(err)
	}
	w.Jump(calendar.MustDate("2021-07-10").End())
	w.Refused(send(by, half, 1000, sized(2000)[1000:]), "file.attach.late")
	w.Refused(w.Desk.FinishUpload(t.Context(), by, whole.ID), "file.attach.late")
	if v, err := w.Desk.SentUpload(t.Context(), by, whole.ID); err != nil || v.State != upload.Refused || !strings.Contains(v.Say, "截止") {
		t.Errorf("%v %+v", err, v)
	}
	_, err = w.Desk.BeginUpload(t.Context(), by, key, "0-1", casework.Offer{Name: "a.pdf", Size: 1})
	w.Refused(err, "file.attach.late")
	w.At("2021-07-13 19:59:59")
	w.Refused(send(by, half, 1000, sized(2000)[1000:]), "file.attach.late")
	w.At("2021-07-13 20:00:00")
	w.Refused(send(by, half, 1000, sized(2000)[1000:]), "thing.not_found")
	if got := w.Record(string(half.ID)); got[len(got)-1] != "upload.expire coming→gone clock" {
		t.Error(got)
	}
	if got := w.Record(string(whole.ID)); got[len(got)-1] != "upload.forget refused→gone clock" {
		t.Error(got)
	}
	if n := partsOf(w); n != 0 {
		t.Errorf("%d parts stay", n)
	}
}
