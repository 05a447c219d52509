package evidence_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"shifan/internal/evidence"
	"shifan/internal/play"
)

// TestMain is also the process in which a Reader reads.
func TestMain(m *testing.M) {
	if len(os.Args) == 2 && os.Args[1] == "reader" {
		if err := reader.Serve(context.Background(), os.Stdin, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// lost is a file whose bytes cannot be read.
type lost struct{ *bytes.Reader }

var errLost = errors.New("the disk is gone")

func (lost) ReadAt([]byte, int64) (int, error) { return 0, errLost }

// TestApart: a process of its own says what this one would, whatever the file is; what is
// wrong with the process or with the reading is not the file's fault, and a process that
// was stopped is not missed by the next file.
func TestApart(t *testing.T) {
	t.Parallel()
	apart := &evidence.Reader{Apart: []string{os.Args[0], "reader"}}
	of := func(x *evidence.Reader, k evidence.Kind, b []byte) (string, []evidence.Drawing) {
		text, err := x.Text(t.Context(), k, bytes.NewReader(b), int64(len(b)))
		drawings, undrawn := x.Draw(t.Context(), k, bytes.NewReader(b), int64(len(b)), 2, 300)
		return fmt.Sprint(text, err, evidence.IsPicture(err), undrawn, evidence.IsUndrawn(undrawn)), drawings
	}
	long := play.PDF("协会章程", strings.Fields(strings.Repeat("本会坚持党的全面领导。 ", 400))...)
	end := bytes.LastIndex(long, []byte("startxref"))
	large := append(append(bytes.Clone(long[:end]), bytes.Repeat([]byte("\n"), 1<<20)...), long[end:]...)
	for name, f := range map[string]struct {
		kind evidence.Kind
		body []byte
	}{
		"pdf": {evidence.PDF, large}, "scan": {evidence.PDF, onePage("")}, "nothing": {evidence.PDF, []byte("%PDF-1.4 nothing")},
		"docx": {evidence.DOCX, office("docx", "word/document.xml", `<w:document xmlns:w="w"><w:p><w:t>第一条</w:t></w:p></w:document>`)}, "photo": {evidence.JPG, play.Photo(1)},
	} {
		want, drawings := of(reader, f.kind, f.body)
		got, again := of(apart, f.kind, f.body)
		if got != want || !cmp.Equal(drawings, again) {
			t.Errorf("%s: %s, here %s; %d drawings, here %d", name, got, want, len(again), len(drawings))
		}
	}
	if _, err := apart.Text(t.Context(), evidence.PDF, lost{bytes.NewReader(long)}, int64(len(long))); !errors.Is(err, evidence.ErrReader) || !errors.Is(err, errLost) {
		t.Errorf("unread: %v", err)
	}
	soon, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	many := play.PDF("x", strings.Fields(strings.Repeat("页 ", 60000))...)
	if _, err := apart.Text(soon, evidence.PDF, bytes.NewReader(many), int64(len(many))); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("too long: %v", err)
	}
	if _, err := apart.Text(soon, evidence.PDF, bytes.NewReader(long), int64(len(long))); !errors.Is(err, evidence.ErrReader) {
		t.Errorf("too late to begin: %v", err)
	}
	if text, err := apart.Text(t.Context(), evidence.PDF, bytes.NewReader(long), int64(len(long))); err != nil || !strings.Contains(text[0], "协会章程") {
		t.Errorf("the next file: %q %v", text, err)
	}
	for _, command := range [][]string{{"/no/such/program"}, {"true"}} {
		x := &evidence.Reader{Apart: command}
		if _, err := x.Text(t.Context(), evidence.PDF, bytes.NewReader(long), int64(len(long))); !errors.Is(err, evidence.ErrReader) {
			t.Errorf("%s: %v", command, err)
		}
	}
	var said bytes.Buffer
	if err := reader.Serve(t.Context(), io.LimitReader(bytes.NewReader([]byte("nothing that is understood")), 9), &said); err == nil {
		t.Error("a question that is none was taken")
	}
}
