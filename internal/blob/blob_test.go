package blob_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"

	"shifan/internal/blob"
)

func sumOf(b []byte) string {
	s := sha256.Sum256(b)
	return hex.EncodeToString(s[:])
}

// TestFolder, TestMemory and TestS3 hold all stores to the same promises.
func TestFolder(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "blobs")
	s, err := blob.Open(t.Context(), "file://"+dir)
	if err != nil {
		t.Fatal(err)
	}
	grow := func(sum string) { aged(t, filepath.Join(dir, sum[:2], sum[2:])) }
	conforms(t, s, grow)
	if refused := meet(t, s, grow, 300); refused != 0 {
		t.Errorf("%d times it was not kept", refused)
	}
	left, err := os.ReadDir(filepath.Join(dir, "tmp"))
	if err != nil || len(left) != 0 {
		t.Errorf("%d files stayed in tmp: %v", len(left), err)
	}
	interrupted(t, s, dir, grow)
}

// interrupted leaves behind what processes leave that are killed while they keep a blob
// or take one away: the one goes, the other comes back.
func interrupted(t *testing.T, s blob.Store, dir string, grow func(string)) {
	t.Helper()
	small := []byte("示范基地")
	half, fresh, out := filepath.Join(dir, "tmp", "HALF"), filepath.Join(dir, "tmp", "FRESH"), filepath.Join(dir, "tmp", "leaving-"+sumOf(small)+"-X")
	for _, at := range []string{half, fresh} {
		if err := os.WriteFile(at, small[:3], 0o600); err != nil {
			t.Fatal(err)
		}
	}
	aged(t, half)
	grow(sumOf(small))
	if err := os.Rename(filepath.Join(dir, sumOf(small)[:2], sumOf(small)[2:]), out); err != nil {
		t.Fatal(err)
	}
	if err := s.Tidy(t.Context(), time.Now().Add(-blob.Grace)); err != nil {
		t.Error(err)
	}
	left, err := os.ReadDir(filepath.Join(dir, "tmp"))
	if err != nil || len(left) != 1 || left[0].Name() != "FRESH" {
		t.Errorf("%v stayed in tmp: %v", left, err)
	}
	if i, err := s.Stat(t.Context(), sumOf(small)); err != nil || time.Since(i.Since) > time.Minute {
		t.Errorf("what was on its way out is %+v: %v", i, err)
	}
}

// TestMemory: the store of worlds that are forgotten keeps the same promises.
func TestMemory(t *testing.T) {
	t.Parallel()
	s := blob.Memory(time.Now)
	grow := func(sum string) { blob.Age(s, sum, old()) }
	conforms(t, s, grow)
	if refused := meet(t, s, grow, 100); refused != 0 {
		t.Errorf("%d times it was not kept", refused)
	}
}

// old is long enough ago for an orphan.
func old() time.Time { return time.Now().Add(-3 * blob.Grace) }

// aged makes a file old.
func aged(t *testing.T, at string) {
	t.Helper()
	if err := os.Chtimes(at, old(), old()); err != nil {
		t.Fatal(err)
	}
}

// meet lets somebody keep an old blob while others take it away: who was told that it
// is kept finds it. It returns how often somebody was told to try again.
func meet(t *testing.T, s blob.Store, grow func(sum string), times int) (refused int) {
	t.Helper()
	b := []byte("谁也不要的文件")
	put := func() error { return s.Put(t.Context(), sumOf(b), int64(len(b)), bytes.NewReader(b)) }
	for n := range times {
		if err := put(); err != nil {
			refused++
			continue
		}
		grow(sumOf(b))
		var all sync.WaitGroup
		for range 2 {
			all.Go(func() {
				s.Remove(t.Context(), sumOf(b), time.Now().Add(-blob.Grace)) //nolint:errcheck // it may fail; what is kept is what counts
			})
		}
		time.Sleep(time.Duration(n%7) * 20 * time.Microsecond)
		kept := put()
		all.Wait()
		if kept != nil {
			refused++
			continue
		}
		if i, err := s.Stat(t.Context(), sumOf(b)); err != nil || time.Since(i.Since) > time.Minute {
			t.Fatalf("time %d: it was kept, and is %+v: %v", n, i, err)
		}
	}
	if err := put(); err != nil {
		t.Fatal(err)
	}
	grow(sumOf(b))
	if gone, err := s.Remove(t.Context(), sumOf(b), time.Now().Add(-blob.Grace)); !gone || err != nil {
		t.Error(gone, err)
	}
	return refused
}

func conforms(t *testing.T, s blob.Store, grow func(sum string)) {
	t.Helper()
	ctx := t.Context()
	put := func(b []byte) error { return s.Put(ctx, sumOf(b), int64(len(b)), bytes.NewReader(b)) }
	small, empty, large := []byte("示范基地"), []byte{}, bytes.Repeat([]byte("0123456789abcdef"), 20<<16) // 20 MiB
	for _, b := range [][]byte{small, empty, large, small} {
		if err := put(b); err != nil {
			t.Fatal(err)
		}
		f, err := s.Open(ctx, sumOf(b))
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(f)
		if err != nil || !bytes.Equal(got, b) {
			t.Errorf("%d bytes came back of %d: %v", len(got), len(b), err)
		}
		if len(b) > 10 {
			part := make([]byte, 10)
			if _, err := f.ReadAt(part, int64(len(b)-10)); err != nil && !errors.Is(err, io.EOF) || !bytes.Equal(part, b[len(b)-10:]) {
				t.Errorf("the end reads %q: %v", part, err)
			}
			if n, err := f.Seek(-4, io.SeekEnd); n != int64(len(b)-4) || err != nil {
				t.Error(n, err)
			}
		}
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	}
	// What is not what was said is not kept.
	other := []byte("另一个")
	for name, err := range map[string]error{
		"other bytes":    s.Put(ctx, sumOf(other), int64(len(other)), strings.NewReader("别一个")),
		"a byte fewer":   s.Put(ctx, sumOf(other), int64(len(other)), bytes.NewReader(other[1:])),
		"a byte more":    s.Put(ctx, sumOf(other), int64(len(other)), strings.NewReader("另一个!")),
		"known, changed": s.Put(ctx, sumOf(small), int64(len(small)), strings.NewReader("示范基也")),
	} {
		if !errors.Is(err, blob.ErrDiffers) {
			t.Errorf("%s: %v", name, err)
		}
	}
	broken := errors.New("the line broke")
	if err := s.Put(ctx, sumOf(other), int64(len(other)), iotest.ErrReader(broken)); !errors.Is(err, broken) {
		t.Error(err)
	}
	if _, err := s.Open(ctx, sumOf(other)); !errors.Is(err, blob.ErrAbsent) {
		t.Errorf("what was refused is there: %v", err)
	}
	// No name leads elsewhere.
	for _, bad := range []string{"", "../../etc/passwd", strings.Repeat("g", 64), strings.ToUpper(sumOf(small)), sumOf(small)[:62], "tmp/" + sumOf(small)[:60]} {
		if err := s.Put(ctx, bad, 0, bytes.NewReader(nil)); err == nil {
			t.Errorf("%q was kept", bad)
		}
		if _, err := s.Open(ctx, bad); err == nil {
			t.Errorf("%q was opened", bad)
		}
		if _, err := s.Stat(ctx, bad); err == nil {
			t.Errorf("%q was looked at", bad)
		}
		if _, err := s.Remove(ctx, bad, time.Now()); err == nil {
			t.Errorf("%q was removed", bad)
		}
	}
	// Many may keep the same at once.
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			if err := put(other); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	listed := map[string]int64{}
	if err := s.List(ctx, func(i blob.Info) error { listed[i.Sum] = i.Size; return nil }); err != nil {
		t.Error(err)
	}
	if len(listed) != 4 || listed[sumOf(large)] != int64(len(large)) {
		t.Errorf("listed %v", listed)
	}
	if err := s.List(ctx, func(blob.Info) error { return broken }); !errors.Is(err, broken) {
		t.Error(err)
	}
	// An orphan goes when nobody kept it for a while, and not before.
	before := time.Now().Add(-blob.Grace)
	removes := func(what string, want bool) {
		t.Helper()
		gone, err := s.Remove(ctx, sumOf(other), before)
		i, there := s.Stat(ctx, sumOf(other))
		if gone != want || err != nil || want != errors.Is(there, blob.ErrAbsent) && (want || there == nil && i.Size == int64(len(other)) && i.Sum == sumOf(other)) {
			t.Errorf("%s: gone %v (%v), and then %+v %v", what, gone, err, i, there)
		}
	}
	removes("kept just now", false)
	grow(sumOf(other))
	if i, err := s.Stat(ctx, sumOf(other)); err != nil || time.Since(i.Since) < 2*blob.Grace {
		t.Errorf("it does not grow old: %+v %v", i, err)
	}
	if err := put(other); err != nil {
		t.Error(err)
	}
	removes("kept again", false)
	grow(sumOf(other))
	removes("old", true)
	if gone, err := s.Remove(ctx, sumOf(other), before); gone || err != nil {
		t.Error("what is gone goes again:", gone, err)
	}
	if _, err := s.Open(ctx, sumOf(other)); !errors.Is(err, blob.ErrAbsent) {
		t.Error(err)
	}
	if err := s.Tidy(ctx, before); err != nil {
		t.Error(err)
	}
	apart(t, s)
}

// apart: a store within another is a store of its own, and what is old goes from it.
func apart(t *testing.T, s blob.Store) {
	t.Helper()
	ctx := t.Context()
	within, err := blob.Within(s, "parts")
	if err != nil {
		t.Fatal(err)
	}
	part := []byte("一段")
	if err := within.Put(ctx, sumOf(part), int64(len(part)), bytes.NewReader(part)); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Open(ctx, sumOf(part)); !errors.Is(err, blob.ErrAbsent) {
		t.Errorf("a part stands among the files: %v", err)
	}
	listed := func(s blob.Store) (there bool) {
		if err := s.List(ctx, func(i blob.Info) error { there = there || i.Sum == sumOf(part); return nil }); err != nil {
			t.Error(err)
		}
		return there
	}
	if listed(s) || !listed(within) {
		t.Error("a part is listed among the files, or nowhere")
	}
	if err := blob.Expire(ctx, within, time.Now().Add(-time.Hour)); err != nil || !listed(within) {
		t.Errorf("what is not old was taken away: %v", err)
	}
	if err := blob.Expire(ctx, within, time.Now().Add(time.Hour)); err != nil || listed(within) {
		t.Errorf("what is old stays: %v", err)
	}
}

// TestAddress: what is no address is refused, and the sentence holds no secret.
func TestAddress(t *testing.T) {
	t.Parallel()
	for _, a := range []string{"", "blobs", "ftp://h/b", "file://host/x", "file:", "s3://k:geheim@h", "s3://k:geheim@h:port/b", "s3:///b"} {
		if _, err := blob.Open(t.Context(), a); !errors.Is(err, blob.ErrPlace) || strings.Contains(err.Error(), "geheim") {
			t.Errorf("%q: %v", a, err)
		}
	}
}

// TestSymlinks: a link inside the folder leads nowhere outside it.
func TestSymlinks(t *testing.T) {
	t.Parallel()
	dir, b := t.TempDir(), []byte("secret")
	outside := filepath.Join(t.TempDir(), sumOf(b)[2:])
	if err := os.WriteFile(outside, b, 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := blob.Folder(dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(filepath.Dir(outside), filepath.Join(dir, sumOf(b)[:2])); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Open(t.Context(), sumOf(b)); err == nil {
		t.Error("a link led out of the folder")
	}
	if err := s.Put(t.Context(), sumOf(b), int64(len(b)), bytes.NewReader(b)); err == nil {
		t.Error("something was written outside the folder")
	}
}
