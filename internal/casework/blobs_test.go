package casework_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"shifan/internal/blob"
	"shifan/internal/casework"
	"shifan/internal/play"
	"shifan/internal/testkit"
)

// orphan keeps bytes that no row names.
func orphan(w *testkit.World, b []byte) (sum string) {
	w.Helper()
	h := sha256.Sum256(b)
	sum = hex.EncodeToString(h[:])
	if err := w.Desk.Files.Blobs.Put(w.Context(), sum, int64(len(b)), bytes.NewReader(b)); err != nil {
		w.Fatal(err)
	}
	return sum
}

// sweeps sweeps what was kept before an instant, on two nodes at once.
func sweeps(w *testkit.World, before time.Time, want int) {
	w.Helper()
	other := make(chan int)
	go func() {
		n, err := w.Node().SweepBlobs(w.Context(), before)
		if err != nil {
			w.Error(err)
		}
		other <- n
	}()
	n, err := w.Desk.SweepBlobs(w.Context(), before)
	if n += <-other; n != want || err != nil {
		w.Errorf("%d went, want %d: %v", n, want, err)
	}
}

// TestOrphans: bytes that no row names go after the grace period; what a row names
// stays, and goes once the row did.
func TestOrphans(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	key := w.Drafted(w.OpenRound())
	by := w.ApplicantOf(w.ApplicationOf(key).Organisation)
	f := w.Uploaded(key, "0-1", "章程.pdf", play.PDF("章程"))
	for n := range 450 {
		orphan(w, fmt.Appendf(nil, "没有登记的文件%d", n))
	}
	sweeps(w, w.Now().Add(-blob.Grace), 0)
	later := w.Now().Add(time.Hour)
	sweeps(w, later, 450)
	if _, _, r, err := w.Desk.OpenFile(t.Context(), by, f.ID); err != nil || r.Close() != nil {
		t.Fatal("the sweep took what a row names:", err)
	}
	if err := w.Desk.RemoveEvidence(t.Context(), by, key, "0-1", f.ID); err != nil {
		t.Fatal(err)
	}
	sweeps(w, later, 1)
	sweeps(w, later, 0)
}

// sweepingInBetween is a store that is swept just after it kept something.
type sweepingInBetween struct {
	blob.Store
	sweep func()
}

// Put implements blob.Store.
func (s sweepingInBetween) Put(ctx context.Context, sum string, size int64, r io.Reader) error {
	s.sweep()
	err := s.Store.Put(ctx, sum, size, r)
	s.sweep()
	return err
}

// TestUploadOfAnOrphan: the bytes of an upload that broke off lie there and are old;
// uploaded again, and swept before and between their keeping and their row, they are
// there.
func TestUploadOfAnOrphan(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	dir := t.TempDir()
	folder, err := blob.Folder(dir)
	if err != nil {
		t.Fatal(err)
	}
	w.Desk.Files.Blobs = folder
	key, pdf := w.Drafted(w.OpenRound()), play.PDF("章程")
	sum := orphan(w, pdf)
	ago := time.Now().Add(-2 * blob.Grace)
	if err := os.Chtimes(filepath.Join(dir, sum[:2], sum[2:]), ago, ago); err != nil {
		t.Fatal(err)
	}
	swept := 0
	w.Desk.Files.Blobs = sweepingInBetween{folder, func() {
		node := casework.Desk{Store: w.Desk.Store, Now: w.Now, Files: casework.Files{Blobs: folder}}
		n, err := node.SweepBlobs(t.Context(), time.Now().Add(-blob.Grace))
		if err != nil {
			t.Error(err)
		}
		swept += n
	}}
	f := w.Uploaded(key, "0-1", "章程.pdf", pdf)
	if swept != 1 || f.SHA256 != sum {
		t.Errorf("swept %d times, kept %s", swept, f.SHA256)
	}
	if err := w.Desk.CheckBlobs(t.Context(), 10); err != nil {
		t.Error(err)
	}
	// What is lost or cut short is said, with the way it may have come about.
	for _, harm := range []func() error{
		func() error { return os.Truncate(filepath.Join(dir, sum[:2], sum[2:]), 10) },
		func() error { return os.RemoveAll(filepath.Join(dir, sum[:2])) },
	} {
		if err := harm(); err != nil {
			t.Fatal(err)
		}
		if err := w.Desk.CheckBlobs(t.Context(), 10); err == nil || !strings.Contains(err.Error(), "缺少1个") || !strings.Contains(err.Error(), sum) {
			t.Errorf("%v", err)
		}
	}
}
