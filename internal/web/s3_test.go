package web_test

import (
	"bytes"
	"log/slog"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"shifan/internal/blob"
	"shifan/internal/play"
	"shifan/internal/testkit"
	"shifan/internal/web"
)

// TestTusOnS3: the same protocol where files and their parts lie in a bucket: pieces, a
// line that breaks, another server that goes on, and the file as it was sent; of one that
// was left nothing stays, neither its row nor its parts nor what nobody names.
func TestTusOnS3(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	files, _ := testkit.S3(t, "files")
	parts, err := blob.Within(files, "parts")
	if err != nil {
		t.Fatal(err)
	}
	w.Desk.Files.Blobs, w.Desk.Files.Parts = files, parts
	key := w.Drafted(w.OpenRound())
	by := w.ApplicantOf(w.ApplicationOf(key).Organisation)
	b := w.Browser(by)
	at := "/applications/" + string(key) + "/evidence/0-1"
	here := tusAt(t, w.Server(), b)
	body := play.PDF("章程")
	end := body[bytes.LastIndex(body, []byte("startxref")):]
	body = bytes.Join([][]byte{body, bytes.Repeat([]byte("\n"), 4<<20), end}, nil) // more than one part holds (upload.PartMost)
	url := here.begin(at, "章程.pdf", len(body))
	here.wants(204)(here.patch(url, 0, body[:100_000]))
	// Who asks how far a piece is while it comes interrupts it, and then nothing of it may
	// have been read yet: the line breaks again, and the question waits longer.
	half := 100_000
	for i := 1; half == 100_000; i++ {
		here.cut(url, 100_000, len(body)-100_000, body[100_000:150_000])
		time.Sleep(time.Duration(i) * 100 * time.Millisecond)
		if half = here.offset(url); i == 10 {
			t.Fatalf("what came before the line broke is lost: %d bytes are there", half)
		}
	}
	left := here.begin(at, "没传完.pdf", 1000)
	here.wants(204)(here.patch(left, 0, make([]byte, 500)))

	other := httptest.NewServer(web.New(w.Node(), web.Options{Log: slog.New(slog.DiscardHandler)}))
	defer other.Close()
	there := tusAt(t, other.URL, b)
	if n := there.offset(url); n != half {
		t.Errorf("the other server has %d of %d", n, half)
	}
	there.wants(204)(there.patch(url, half, body[half:]))
	if told := here.became(url); told.State != "kept" {
		t.Fatalf("%+v", told)
	}
	under, err := w.Desk.EvidenceOf(t.Context(), by, key)
	if err != nil || len(under["0-1"]) != 1 {
		t.Fatalf("%v %+v", err, under)
	}
	f := under["0-1"][0]
	if page := b.Get("/files/" + string(f.ID)); page.Status != 200 || sumOf([]byte(page.Body)) != sumOf(body) || f.SHA256 != sumOf(body) {
		t.Errorf("%d with %d bytes of %d", page.Status, len(page.Body), len(body))
	}
	// What was left expires, and its parts go with it; what no row names is swept.
	w.At("2021-07-05")
	if got := w.Record(strings.TrimPrefix(left, "/uploads/")); got[len(got)-1] != "upload.expire coming→gone clock" {
		t.Error(got)
	}
	nobodys := []byte("谁也不要的文件")
	if err := files.Put(t.Context(), sumOf(nobodys), int64(len(nobodys)), bytes.NewReader(nobodys)); err != nil {
		t.Fatal(err)
	}
	if gone, err := w.Desk.SweepBlobs(t.Context(), time.Now().Add(time.Hour)); gone != 1 || err != nil {
		t.Errorf("%d blobs were swept: %v", gone, err)
	}
	for what, s := range map[string]blob.Store{"parts": parts, "files": files} {
		var sums []string
		if err := s.List(t.Context(), func(i blob.Info) error { sums = append(sums, i.Sum); return nil }); err != nil {
			t.Error(err)
		}
		if got := strings.Join(sums, " "); got != map[string]string{"parts": "", "files": f.SHA256}[what] {
			t.Errorf("of %s there stays %q", what, got)
		}
	}
	if log := w.Troubles(); log != "" {
		t.Errorf("the log: %s", log)
	}
}
