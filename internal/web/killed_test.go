package web_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"shifan/internal/blob"
	"shifan/internal/casework"
	"shifan/internal/id"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/play"
	"shifan/internal/store"
	"shifan/internal/testkit"
	"shifan/internal/web"
)

// asUploader makes the test's own binary a process that takes files, and can be killed.
const asUploader = "SHIFAN_TEST_UPLOADS"

func TestMain(m *testing.M) {
	testkit.Errands(m, map[string]func(context.Context, []byte) error{asUploader: uploads})
}

// sending is what such a process is sent: the same files each time, to one application.
type sending struct {
	Dir         string // of the database and the files
	Now         time.Time
	Cookie      string
	Application id.Application
}

// What is sent: two files in one form, and one in pieces.
var (
	inForm  = [][]byte{play.PDF("章程", "第一条"), play.PDF("年检报告", "合格")}
	inParts = play.PDF("台账", strings.Split(strings.Repeat("三会一课。", 60), "。")...)
)

// half is where the one in pieces is cut.
var half = len(inParts) / 2

// filesIn opens where files are kept, as the server does.
func filesIn(dir string) (f casework.Files, err error) {
	f.Folder = filepath.Join(dir, "uploads")
	if err := os.MkdirAll(f.Folder, 0o700); err != nil {
		return f, err
	}
	if f.Blobs, err = blob.Folder(filepath.Join(dir, "files")); err == nil {
		f.Parts, err = blob.Within(f.Blobs, "parts")
	}
	return f, err
}

// uploads sends the files to a door of its own and says what is acknowledged.
func uploads(ctx context.Context, todo []byte) error {
	var e sending
	if err := json.Unmarshal(todo, &e); err != nil {
		return err
	}
	s, err := store.Open(ctx, filepath.Join(e.Dir, "shifan.db"))
	if err != nil {
		return err
	}
	s.Guard(store.Promises())
	files, err := filesIn(e.Dir)
	if err != nil {
		return err
	}
	d := &casework.Desk{Store: s, Now: func() time.Time { return e.Now }, Rand: rand.Reader, Files: files}
	if err := e.send(ctx, d, nil, func(what string) { fmt.Println(what) }); err != nil {
		return err
	}
	return s.Close()
}

// send sends what was not acknowledged yet, and tells each answer.
func (e sending) send(ctx context.Context, d *casework.Desk, acknowledged []string, tell func(string)) error {
	c := caller{ctx, web.New(d, web.Options{Log: slog.New(slog.DiscardHandler)}), e.Cookie}
	at, begun := "/applications/"+string(e.Application)+"/evidence/", ""
	for _, a := range acknowledged {
		if strings.HasPrefix(a, "/uploads/") {
			begun = a
		}
	}
	if len(acknowledged) == 0 {
		body, kind, err := form(inForm)
		if err != nil {
			return err
		}
		if _, err := c.call(http.StatusSeeOther, http.MethodPost, at+"0-1", body, "Content-Type", kind); err != nil && !strings.Contains(err.Error(), "内容相同") {
			return err // but for files that were kept before the answer was lost, which the clerk is told
		}
		tell("form")
	}
	if begun == "" {
		h, err := c.call(http.StatusCreated, http.MethodPost, at+"0-2/uploads", nil, "Upload-Length", strconv.Itoa(len(inParts)),
			"Upload-Metadata", "filename "+base64.StdEncoding.EncodeToString([]byte("台账.pdf")))
		if err != nil {
			return err
		}
		begun = h.Get("Location")
		tell(begun)
	}
	h, err := c.call(http.StatusOK, http.MethodHead, begun, nil)
	if err != nil {
		return err
	}
	from, err := strconv.Atoi(h.Get("Upload-Offset"))
	if err != nil {
		return err
	}
	for _, to := range []int{half, len(inParts)} {
		if from >= to {
			continue
		}
		if _, err := c.call(http.StatusNoContent, http.MethodPatch, begun, inParts[from:to], "Content-Type", "application/offset+octet-stream", "Upload-Offset", strconv.Itoa(from)); err != nil {
			return err
		}
		from = to
		tell(strconv.Itoa(to))
	}
	return nil
}

// form is some files as a page without script sends them.
func form(files [][]byte) (body []byte, kind string, err error) {
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	for n, f := range files {
		p, failed := m.CreateFormFile("file", fmt.Sprintf("文件%d.pdf", n))
		if failed == nil {
			_, failed = p.Write(f)
		}
		err = errors.Join(err, failed)
	}
	err = errors.Join(err, m.Close())
	return b.Bytes(), m.FormDataContentType(), err
}

// caller calls a door without a line between, so that a process that is killed is
// killed in what it does and not in what it says.
type caller struct {
	ctx    context.Context
	door   http.Handler
	cookie string
}

func (c caller) call(want int, method, path string, body []byte, pairs ...string) (http.Header, error) {
	r := httptest.NewRequestWithContext(c.ctx, method, path, bytes.NewReader(body))
	r.AddCookie(&http.Cookie{Name: "session", Value: c.cookie})
	r.Header.Set("Tus-Resumable", "1.0.0")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	for i := 0; i+1 < len(pairs); i += 2 {
		r.Header.Set(pairs[i], pairs[i+1])
	}
	w := httptest.NewRecorder()
	c.door.ServeHTTP(w, r)
	if w.Code != want {
		return nil, fmt.Errorf("%s %s: %d, want %d: %s", method, path, w.Code, want, w.Body)
	}
	return w.Header(), nil
}

// TestKilledWhileUploading kills a server at its writes, renames and each time that
// it waits for the disk, while it takes two files by a form and one in pieces. What it
// acknowledged is there, to the byte; every row has its bytes and every byte that
// stays has its row; and whoever sends the rest has in the end three files, each once
// (trust.md §8).
func TestKilledWhileUploading(t *testing.T) {
	t.Parallel()
	if testkit.Engine() != "sqlite" {
		return // the database that writes is another process then
	}
	w := testkit.New(t)
	e := sending{Now: w.Now(), Application: w.Drafted(w.OpenRound())}
	by := w.ApplicantOf(w.ApplicationOf(e.Application).Organisation)
	var err error
	if e.Cookie, err = w.Desk.OpenSession(t.Context(), by.Account, casework.Grant{Role: by.Role, Organisation: by.Organisation}); err != nil {
		t.Fatal(err)
	}
	e.Now = w.Now()
	testkit.Errand{
		Name: asUploader, Copy: w.CopyTo,
		Todo: func(dir string) string {
			e.Dir = dir
			todo, err := json.Marshal(e)
			if err != nil {
				t.Fatal(err)
			}
			return string(todo)
		},
	}.Killed(t, map[string]int{"pwrite64": 41, "fsync": 5, "write": 9, "renameat": 2, "mkdirat": 9, "unlinkat": 19}, func(t *testing.T, dir, said string, killed bool) {
		e.survives(t, dir, by, strings.Fields(said), killed)
	})
}

// survives looks at what a killed server left, and has the rest sent.
func (e sending) survives(t *testing.T, dir string, by stage.Actor, said []string, killed bool) {
	t.Helper()
	left := testkit.On(t, filepath.Join(dir, "shifan.db"), e.Now)
	var err error
	if left.Desk.Files, err = filesIn(dir); err != nil {
		t.Fatal(err)
	}
	last := ""
	if len(said) > 0 {
		last = said[len(said)-1]
	}
	if !killed && last != strconv.Itoa(len(inParts)) {
		t.Errorf("unharmed, it said %v", said)
	}
	kept := e.kept(left, by)
	for n, b := range inForm {
		if len(said) > 0 && kept[sumOf(b)] != 1 {
			t.Errorf("file %d of the form was acknowledged and is there %d times", n, kept[sumOf(b)])
		}
	}
	if last == strconv.Itoa(len(inParts)) && kept[sumOf(inParts)] != 1 {
		t.Errorf("what came in pieces was acknowledged and is there %d times", kept[sumOf(inParts)])
	}
	if last == strconv.Itoa(half) {
		u, err := left.Desk.SentUpload(t.Context(), by, id.Upload(strings.TrimPrefix(said[1], "/uploads/")))
		if err != nil || u.Received() < int64(half) {
			t.Errorf("a piece was acknowledged and is lost: %+v %v", u, err)
		}
	}
	if err := e.send(t.Context(), left.Desk, said, func(string) {}); err != nil {
		t.Fatal(err)
	}
	kept = e.kept(left, by)
	if len(kept) != 3 || kept[sumOf(inForm[0])]+kept[sumOf(inForm[1])]+kept[sumOf(inParts)] != 3 {
		t.Errorf("in the end there is %v", kept)
	}
	e.swept(left, dir, kept)
}

// kept lists the files that the applicant sees, by what they hold when they are
// downloaded, and how often each stands.
func (e sending) kept(left *testkit.World, by stage.Actor) map[string]int {
	left.Helper()
	all := map[string]int{}
	b := left.Browser(by)
	under, err := left.Desk.EvidenceOf(left.Context(), by, e.Application)
	if err != nil {
		left.Fatal(err)
	}
	attached := 0
	for _, code := range []string{"0-1", "0-2"} {
		for _, f := range under[code] {
			page := b.Get("/files/" + string(f.ID))
			if page.Status != http.StatusOK || sumOf([]byte(page.Body)) != f.SHA256 {
				left.Errorf("%s is %d with %d bytes, which are not those of its row", f.Name, page.Status, len(page.Body))
			}
			all[sumOf([]byte(page.Body))]++
			attached++
		}
	}
	for _, l := range left.Record(string(e.Application)) {
		if strings.HasPrefix(l, "application.attach ") {
			attached--
		}
	}
	if attached != 0 {
		left.Errorf("the record tells %d files fewer than there are", attached)
	}
	return all
}

// swept sweeps, as the server does in time, and looks at what is on the disk: the files,
// and what a part of an upload that nobody knows of may be.
func (e sending) swept(left *testkit.World, dir string, kept map[string]int) {
	left.Helper()
	later := time.Now().Add(time.Hour)
	if _, err := left.Desk.SweepBlobs(left.Context(), later); err != nil {
		left.Error(err)
	}
	if err := blob.Expire(left.Context(), left.Desk.Files.Parts, later); err != nil {
		left.Error(err)
	}
	if err := left.Desk.Files.Blobs.List(left.Context(), func(i blob.Info) error {
		f, err := left.Desk.Files.Blobs.Open(left.Context(), i.Sum)
		if err != nil {
			return err
		}
		defer f.Close()
		b, err := io.ReadAll(f)
		if kept[sumOf(b)] != 1 || i.Sum != sumOf(b) {
			left.Errorf("%s is kept and nobody's, or not itself", i.Sum)
		}
		delete(kept, i.Sum)
		return err
	}); err != nil || len(kept) != 0 {
		left.Errorf("%v; no bytes of %v", err, kept)
	}
	// Between its making and the loss of its name a file on its way in can stay behind;
	// the server that starts a day later takes it away.
	for at, most := range map[string]int{"uploads": 1, "files/tmp": 0, "files/parts/tmp": 0} {
		if entries, err := os.ReadDir(filepath.Join(dir, at)); err != nil || len(entries) > most {
			left.Errorf("in %s there stays %v (%v)", at, entries, err)
		}
	}
}

func sumOf(b []byte) string {
	s := sha256.Sum256(b)
	return hex.EncodeToString(s[:])
}
