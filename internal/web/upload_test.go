package web_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"shifan/internal/calendar"
	"shifan/internal/lifecycle/file"
	"shifan/internal/play"
	"shifan/internal/testkit"
	"shifan/internal/web"
)

// client speaks the tus protocol 1.0 as its text says and no more, so that the door is
// held to the protocol and not to one script.
type client struct {
	*testing.T
	base, cookie string
}

// tusAt is somebody who is signed in at a server.
func tusAt(t *testing.T, base string, b *testkit.Browser) client {
	return client{t, base, b.Cookie("session")}
}

func (c client) do(method, path string, body io.Reader, pairs ...string) (*http.Response, string) {
	c.Helper()
	r, err := http.NewRequestWithContext(c.Context(), method, c.base+path, body)
	if err != nil {
		c.Fatal(err)
	}
	r.AddCookie(&http.Cookie{Name: "session", Value: c.cookie})
	r.Header.Set("Tus-Resumable", "1.0.0")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	for i := 0; i+1 < len(pairs); i += 2 {
		r.Header.Set(pairs[i], pairs[i+1])
	}
	res, err := (&http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}).Do(r)
	if err != nil {
		c.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		c.Fatal(err)
	}
	return res, string(b)
}

// wants fails the test unless an answer has the status and says the texts.
func (c client) wants(status int, texts ...string) func(*http.Response, string) *http.Response {
	c.Helper()
	return func(res *http.Response, body string) *http.Response {
		c.Helper()
		if res.StatusCode != status {
			c.Errorf("%s %s: %d, want %d: %s", res.Request.Method, res.Request.URL.Path, res.StatusCode, status, body)
		}
		for _, s := range texts {
			if !strings.Contains(body, s) {
				c.Errorf("%s %s does not say %s: %s", res.Request.Method, res.Request.URL.Path, s, body)
			}
		}
		return res
	}
}

func (c client) create(at, name string, size int) (*http.Response, string) {
	c.Helper()
	return c.do(http.MethodPost, at+"/uploads", nil, "Upload-Length", strconv.Itoa(size), "Upload-Metadata", "filename "+base64.StdEncoding.EncodeToString([]byte(name)))
}

func (c client) begin(at, name string, size int) (url string) {
	c.Helper()
	url = c.wants(201)(c.create(at, name, size)).Header.Get("Location")
	if !strings.HasPrefix(url, "/uploads/upl_") {
		c.Fatalf("an upload begins at %q", url)
	}
	return url
}

func (c client) patch(url string, offset int, b []byte, pairs ...string) (*http.Response, string) {
	c.Helper()
	return c.do(http.MethodPatch, url, bytes.NewReader(b), append([]string{"Content-Type", "application/offset+octet-stream", "Upload-Offset", strconv.Itoa(offset)}, pairs...)...)
}

// offset is how much the server has.
func (c client) offset(url string) int {
	c.Helper()
	n, err := strconv.Atoi(c.wants(200)(c.do(http.MethodHead, url, nil)).Header.Get("Upload-Offset"))
	if err != nil {
		c.Error(err)
	}
	return n
}

// became is what the page's script is told of an upload.
func (c client) became(url string) (told struct{ State, Say string }) {
	c.Helper()
	res, body := c.do(http.MethodGet, url, nil, "Accept", "application/json")
	if err := json.Unmarshal([]byte(body), &told); err != nil || res.StatusCode != http.StatusOK {
		c.Errorf("%d %v: %s", res.StatusCode, err, body)
	}
	return told
}

// cut sends part of a piece and hangs up.
func (c client) cut(url string, offset, said int, b []byte) {
	c.Helper()
	ctx, hang := context.WithCancel(c.Context())
	defer hang()
	r, w := io.Pipe()
	req, err := http.NewRequestWithContext(ctx, http.MethodPatch, c.base+url, r)
	if err != nil {
		c.Fatal(err)
	}
	req.ContentLength = int64(said)
	req.AddCookie(&http.Cookie{Name: "session", Value: c.cookie})
	for name, v := range map[string]string{"Tus-Resumable": "1.0.0", "Content-Type": "application/offset+octet-stream", "Upload-Offset": strconv.Itoa(offset), "Sec-Fetch-Site": "same-origin"} {
		req.Header.Set(name, v)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		if res, err := http.DefaultClient.Do(req); err == nil {
			res.Body.Close()
			c.Errorf("an answer to half a piece: %d", res.StatusCode)
		}
	}()
	if _, err := w.Write(b); err != nil {
		c.Error(err)
	}
	w.CloseWithError(io.ErrUnexpectedEOF) //nolint:errcheck // it returns none
	<-done
}

// TestTus: a file goes on where its line broke, at another server too, and becomes a
// file of the application; only its sender finds it.
func TestTus(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	key := w.Drafted(w.OpenRound())
	by := w.ApplicantOf(w.ApplicationOf(key).Organisation)
	b := w.Browser(by)
	at := "/applications/" + string(key) + "/evidence/0-1"
	mine := tusAt(t, w.Server(), b)
	res := mine.wants(200)(mine.do(http.MethodOptions, at+"/uploads", nil))
	if h := res.Header; h.Get("Tus-Version") != "1.0.0" || h.Get("Tus-Max-Size") != "20971520" || !strings.Contains(h.Get("Tus-Extension"), "termination") {
		t.Errorf("what the server offers: %v", h)
	}
	body := play.PDF("章程", "第一条 坚持党的全面领导")
	end := body[bytes.LastIndex(body, []byte("startxref")):]
	body = slices.Concat(body, bytes.Repeat([]byte("\n"), 300_000), end)
	url := mine.begin(at, "章程（现行）.pdf", len(body))
	mine.wants(204)(mine.patch(url, 0, body[:100_000]))
	// Asking for the offset ends a piece that is still being read, so on a busy machine it may
	// have come to nothing: then its sender tries again, as one does whose line broke.
	half := 100_000
	for tries := 0; half == 100_000; tries++ {
		if tries == 20 {
			t.Fatalf("what came before the line broke is lost: %d bytes are there", half)
		}
		mine.cut(url, half, len(body)-half, body[half:200_000])
		time.Sleep(time.Duration(10<<min(tries, 7)) * time.Millisecond)
		half = mine.offset(url)
	}
	b.Get(at).Want(200, "没有传完的文件", "章程（现行）.pdf", "已传"+file.Size(int64(half)), "放弃“章程（现行）.pdf”")

	// The rest comes by another server on the same database and the same files.
	other := httptest.NewServer(web.New(w.Node(), web.Options{Log: slog.New(slog.DiscardHandler)}))
	defer other.Close()
	there := tusAt(t, other.URL, b)
	if n := there.offset(url); n != half {
		t.Errorf("the other server has %d of %d", n, half)
	}
	there.wants(409)(there.patch(url, half+1, body[half+1:]))
	there.wants(403)(there.patch(url, half, body[half:], "Sec-Fetch-Site", "cross-site"))
	res = there.wants(204)(there.patch(url, half, body[half:]))
	if got := res.Header.Get("Upload-Offset"); got != strconv.Itoa(len(body)) {
		t.Errorf("the end is at %s", got)
	}
	if told := mine.became(url); told.State != "kept" || told.Say != "" || mine.offset(url) != len(body) {
		t.Errorf("%+v", told)
	}
	b.Get(at).Want(200, "章程（现行）.pdf", "未扫描")
	under, err := w.Desk.EvidenceOf(t.Context(), by, key)
	if err != nil || len(under["0-1"]) != 1 || under["0-1"][0].Size != int64(len(body)) {
		t.Errorf("%v %+v", err, under)
	}
	// The same again, in one piece and by POST, stands elsewhere and takes no room.
	again := mine.begin("/applications/"+string(key)+"/evidence/0-2", "又一份.pdf", len(body))
	mine.wants(404)(mine.do(http.MethodPost, again, bytes.NewReader(body)))
	mine.wants(204)(mine.do(http.MethodPost, again, bytes.NewReader(body), "X-HTTP-Method-Override", "PATCH", "Content-Type", "application/offset+octet-stream", "Upload-Offset", "0"))
	if told := mine.became(again); told.State != "kept" || !strings.Contains(told.Say, "与指标0-1里的文件内容相同") {
		t.Errorf("%+v", told)
	}
	if log := w.Troubles(); log != "" {
		t.Errorf("the log: %s", log)
	}
}

// TestTusRefused: each refusal is a sentence in an answer that scripts read, and comes
// as early as it can.
func TestTusRefused(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	key := w.Drafted(w.OpenRound())
	w.At("2021-07-10 20:00:00")
	by := w.ApplicantOf(w.ApplicationOf(key).Organisation)
	b := w.Browser(by)
	at := "/applications/" + string(key) + "/evidence/0-1"
	mine := tusAt(t, w.Server(), b)
	mine.wants(413, "“大.pdf”超过20 MB")(mine.create(at, "大.pdf", 20<<20+1))
	mine.wants(422, "本届没有指标")(mine.create("/applications/"+string(key)+"/evidence/9-9", "a.pdf", 10))
	mine.wants(422, "空文件")(mine.create(at, "空.pdf", 0))
	page := mine.begin(at, "网页.pdf", 12)
	mine.wants(422, "“网页.pdf”是网页", `"code":"evidence.file.type"`)(mine.patch(page, 0, []byte("<html><body>")))
	if told := mine.became(page); told.State != "refused" || !strings.Contains(told.Say, "“网页.pdf”是网页") {
		t.Errorf("%+v", told)
	}
	// Nobody else finds an upload, or ends it.
	late := mine.begin(at, "迟到.pdf", 100)
	mine.wants(204)(mine.patch(late, 0, make([]byte, 50)))
	for _, o := range []*testkit.Browser{w.Browser(w.Applicant("另一位经办人", by.Organisation)), w.Browser(w.ApplicantOf(w.Organisation()))} {
		other := tusAt(t, w.Server(), o)
		other.wants(404)(other.do(http.MethodHead, late, nil))
		other.wants(404)(other.do(http.MethodGet, late, nil))
		other.wants(404)(other.patch(late, 50, make([]byte, 50)))
		other.wants(404)(other.do(http.MethodDelete, late, nil))
		o.Post(late + "/give-up").Want(404)
	}
	stranger := tusAt(t, w.Server(), w.Browser(w.ApplicantOf(w.Organisation())))
	stranger.wants(404)(stranger.create(at, "a.pdf", 10))
	nobody := client{t, w.Server(), ""}
	nobody.wants(401, `"code":"web.session"`)(nobody.patch(late, 50, make([]byte, 50)))
	// What its sender does not want any more goes, by the protocol or by a button.
	given := mine.begin(at, "甲.pdf", 10)
	mine.wants(204)(mine.do(http.MethodDelete, given, nil))
	mine.wants(404)(mine.do(http.MethodHead, given, nil))
	given = mine.begin(at, "乙.pdf", 10)
	b.Follow(b.Post(given+"/give-up").Want(303)).Want(200, "没有传完的文件已放弃", "迟到.pdf")
	// At the deadline nothing comes any more.
	w.Jump(calendar.MustDate("2021-07-10").End())
	mine = tusAt(t, w.Server(), w.Browser(by)) // the session was not used for hours
	mine.wants(409, "申报已于2021年7月10日", "24:00截止")(mine.patch(late, 50, make([]byte, 50)))
	mine.wants(409, "截止")(mine.create(at, "a.pdf", 10))
	if log := w.Troubles(); strings.Contains(log, "ERROR") {
		t.Errorf("the log: %s", log)
	}
}
