package backup_test

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"filippo.io/age"

	"shifan/internal/backup"
	"shifan/internal/blob"
	"shifan/internal/fault"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/play"
	"shifan/internal/store"
	"shifan/internal/testkit"
)

const passphrase = "七个字的口令呀"

// source is a world as it is backed up.
func source(s *store.Store, b backup.Blobs) backup.Source {
	return backup.Source{
		Store: s, Blobs: b, Now: time.Date(2021, 6, 1, 1, 0, 0, 0, time.UTC), Work: 1,
		Folder: fstest.MapFS{"record.key": {Data: []byte("key")}, "deep/er": {Data: []byte("x")}, "shifan.db": {Data: []byte("not as a file")}, "record.checkpoint": {Data: []byte("of another time")}},
		Leave:  func(name string, _ fs.DirEntry) bool { return name == "shifan.db" },
		Named:  func(context.Context, string) bool { return true },
	}
}

// kept is a backup in memory.
func kept(t *testing.T, from backup.Source) ([]byte, backup.Manifest) {
	t.Helper()
	var b bytes.Buffer
	m, err := backup.Write(t.Context(), &b, from, passphrase)
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes(), m
}

// target restores to a place and a folder.
func target(place, dir string, blobs blob.Store) backup.Target {
	return backup.Target{
		Open: func(ctx context.Context, schema int64) (*store.Store, error) {
			return store.OpenEmpty(ctx, place, schema)
		},
		Blobs:  func(context.Context) (backup.Blobs, error) { return backup.Blobs{Files: blobs}, nil },
		Folder: func() (*os.Root, error) { return os.OpenRoot(dir) },
	}
}

// busy lets a world act until it is told to stop, and counts the acts that were
// answered for.
func busy(w *testkit.World) (acts *atomic.Int64, stop func()) {
	ctx, cancel := context.WithCancel(w.Context())
	acts = &atomic.Int64{}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for ctx.Err() == nil {
			w.Organisation()
			acts.Add(1)
		}
	}()
	return acts, func() { cancel(); <-done }
}

// TestDrill: a backup that is made while the world goes on holds whatever was answered
// for before it began, each row as it was, and the record holds; on this engine, on the
// other one, and with files in S3.
func TestDrill(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	draft := w.Drafted(w.OpenRound())
	f := w.Uploaded(draft, w.Programme().Indicators(2021)[0].Code, "年检.pdf", play.PDF("年检合格"))
	if err := w.Desk.Store.Sequence(t.Context()); err != nil {
		t.Fatal(err)
	}
	from := source(w.Desk.Store, backup.Blobs{Files: w.Desk.Files.Blobs, Parts: w.Desk.Files.Parts})
	acts, stop := busy(w)
	for acts.Load() < 3 {
		time.Sleep(time.Millisecond)
	}
	before := testkit.Rows(t, w.Desk.Store)
	text, m := kept(t, from)
	stop()
	place, dir := testkit.Bare(t), t.TempDir()
	s3, _ := testkit.S3(t, "restored")
	back := restored(t, text, place, dir, s3)
	rows := testkit.Rows(t, back)
	all := strings.Join(rows, "\n")
	for _, line := range before {
		if key, _, _ := strings.Cut(line, `",`); strings.HasPrefix(key, "organisations") && !strings.Contains(all, key) {
			t.Errorf("%.80s was answered for and is lost", line)
		}
	}
	if int64(len(rows)) != m.Rows || len(m.Missing) != 0 || m.Files != 1 {
		t.Errorf("%d rows of %d, %d files, missing %v", len(rows), m.Rows, m.Files, m.Missing)
	}
	if i, err := s3.Stat(t.Context(), f.SHA256); err != nil || i.Size != f.Size {
		t.Errorf("the file: %+v %v", i, err)
	}
	for name, want := range map[string]string{"record.key": "key", "deep/er": "x", "record.checkpoint": m.Checkpoint} {
		if has, err := os.ReadFile(filepath.Join(dir, name)); err != nil || string(has) != want {
			t.Errorf("%s is %q: %v", name, has, err)
		}
	}
	if _, err := os.Stat(filepath.Join(dir, "shifan.db")); err == nil {
		t.Error("what is left out came back")
	}
	goesOn(t, back, filepath.Join(t.TempDir(), "shifan.db"))
}

// restored restores a backup and opens what came of it.
func restored(t *testing.T, text []byte, place, dir string, blobs blob.Store) *store.Store {
	t.Helper()
	_, v, err := backup.Read(t.Context(), bytes.NewReader(text), passphrase, target(place, dir, blobs))
	if err != nil || !v.Holds() || v.Rows == 0 {
		t.Fatalf("%v: %+v", err, v)
	}
	s, err := store.Open(t.Context(), place)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() }) //nolint:errcheck // the test ends
	return s
}

// goesOn: what was restored is an installation: it can be written, and be backed up to
// SQLite, whatever engine it is on, and each row is the same there.
func goesOn(t *testing.T, s *store.Store, place string) {
	t.Helper()
	text, _ := kept(t, source(s, backup.Blobs{}))
	again, err := store.OpenEmpty(t.Context(), place, store.Newest())
	if err == nil {
		err = again.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	other := restored(t, text, place, t.TempDir(), nil)
	if a, b := testkit.Rows(t, s), testkit.Rows(t, other); !slices.Equal(a, b) {
		t.Errorf("%d rows on %s, %d on %s, and they differ", len(a), s.Engine(), len(b), other.Engine())
	}
}

// TestRefused: a backup that is not what was written, or that this program cannot know,
// changes nothing where it should go.
func TestRefused(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	w.Person("经办人01", stage.Clerk)
	if err := w.Desk.Store.Sequence(t.Context()); err != nil {
		t.Fatal(err)
	}
	text, _ := kept(t, source(w.Desk.Store, backup.Blobs{Files: w.Desk.Files.Blobs}))
	place := testkit.Place(t)
	refused := func(what, code, with string, text []byte) {
		t.Helper()
		into := target(place, t.TempDir(), nil)
		_, _, err := backup.Read(t.Context(), bytes.NewReader(text), with, into)
		f, ok := errors.AsType[*fault.Fault](err)
		if !ok || !slices.Contains(strings.Fields(code), f.Code) {
			t.Errorf("%s: %v", what, err)
		}
		s, err := store.OpenEmpty(t.Context(), place, store.Newest())
		if err != nil {
			t.Fatalf("%s: something is in the database: %v", what, err)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
	refused("another passphrase", "backup.passphrase", "别的口令", text)
	refused("no passphrase", "backup.passphrase", "", text)
	refused("another file", "backup.foreign", passphrase, []byte("%PDF-1.7\n"))
	refused("nothing", "backup.foreign", passphrase, nil)
	const any = "backup.damaged backup.foreign backup.passphrase"
	for n := 0; n < len(text); n += len(text)/12 + 1 {
		flipped := bytes.Clone(text)
		flipped[n] ^= 1
		refused("a flipped bit", any, passphrase, flipped)
		refused("its beginning", any, passphrase, text[:n])
	}
	refused("without its end", "backup.damaged", passphrase, text[:len(text)-1])
	refused("a byte more", "backup.damaged", passphrase, append(bytes.Clone(text), 0))
	edited := func(edit func(name string, text []byte) []byte) []byte { return rewritten(t, text, edit) }
	refused("a newer schema", "backup.newer", passphrase, edited(func(name string, text []byte) []byte {
		return set(t, name, "backup.json", text, "schema", store.Newest()+1)
	}))
	refused("a newer format", "backup.newer", passphrase, edited(func(name string, text []byte) []byte {
		return set(t, name, "backup.json", text, "format", backup.Format+1)
	}))
	refused("a row too many", "backup.damaged", passphrase, edited(func(name string, text []byte) []byte {
		return set(t, name, "manifest.json", text, "rows", 1)
	}))
	refused("without the manifest", "backup.damaged", passphrase, edited(func(name string, text []byte) []byte {
		if name == "manifest.json" {
			return nil
		}
		return text
	}))
	refused("a key that was changed", "backup.damaged", passphrase, edited(func(name string, text []byte) []byte {
		if name == "folder/record.key" {
			return []byte("kex")
		}
		return text
	}))
}

// set changes a member of a JSON document.
func set(t *testing.T, name, of string, text []byte, member string, to any) []byte {
	t.Helper()
	if name != of {
		return text
	}
	var v map[string]any
	if err := json.Unmarshal(text, &v); err != nil {
		t.Fatal(err)
	}
	v[member] = to
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// rewritten edits the files of a backup and seals it again, as its owner could.
func rewritten(t *testing.T, text []byte, edit func(name string, text []byte) []byte) []byte {
	t.Helper()
	identity, err := age.NewScryptIdentity(passphrase)
	if err != nil {
		t.Fatal(err)
	}
	plain, err := age.Decrypt(bytes.NewReader(text), identity)
	if err != nil {
		t.Fatal(err)
	}
	recipient, err := age.NewScryptRecipient(passphrase)
	if err != nil {
		t.Fatal(err)
	}
	recipient.SetWorkFactor(1)
	var b bytes.Buffer
	sealed, err := age.Encrypt(&b, recipient)
	if err != nil {
		t.Fatal(err)
	}
	from, to := tar.NewReader(plain), tar.NewWriter(sealed)
	for {
		h, err := from.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(from)
		if err != nil {
			t.Fatal(err)
		}
		if text = edit(h.Name, text); text == nil {
			continue
		}
		h.Size = int64(len(text))
		if err := to.WriteHeader(h); err != nil {
			t.Fatal(err)
		}
		if _, err := to.Write(text); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(to.Close(), sealed.Close()); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestOccupied: nothing is restored over what is there.
func TestOccupied(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	w.Person("经办人01", stage.Clerk)
	text, _ := kept(t, source(w.Desk.Store, backup.Blobs{}))
	before := testkit.Rows(t, w.Desk.Store)
	_, _, err := backup.Read(t.Context(), bytes.NewReader(text), passphrase, target(w.Where(), t.TempDir(), nil))
	w.Refused(err, "backup.occupied")
	if !slices.Equal(before, testkit.Rows(t, w.Desk.Store)) {
		t.Error("it was changed")
	}
}

// TestWrongRecord: what the record says is not so is restored only when that is asked
// for.
func TestWrongRecord(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	w.Person("经办人01", stage.Clerk)
	if err := w.Desk.Store.Sequence(t.Context()); err != nil {
		t.Fatal(err)
	}
	text, _ := kept(t, source(w.Desk.Store, backup.Blobs{}))
	place := testkit.Place(t)
	text = tampered(t, text)
	into := target(place, t.TempDir(), nil)
	_, v, err := backup.Read(t.Context(), bytes.NewReader(text), passphrase, into)
	w.Refused(err, "backup.record")
	if v.Holds() {
		t.Error("it holds")
	}
	into.Unverified = true
	into.Folder = func() (*os.Root, error) { return os.OpenRoot(t.TempDir()) }
	if _, v, err = backup.Read(t.Context(), bytes.NewReader(text), passphrase, into); err != nil || v.Holds() {
		t.Errorf("%v %+v", err, v)
	}
}

// TestMissing: a file that a row names and that is not there, or is other bytes, is
// told, and keeps nothing else from being backed up and restored.
func TestMissing(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	draft := w.Drafted(w.OpenRound())
	code := w.Programme().Indicators(2021)[0].Code
	gone := w.Uploaded(draft, code, "甲.pdf", play.PDF("不见了的"))
	whole := w.Uploaded(draft, code, "乙.pdf", play.PDF("还在的"))
	other := w.Uploaded(draft, code, "丙.pdf", play.PDF("被改了的"))
	dir := t.TempDir()
	files, err := blob.Folder(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range [][]byte{play.PDF("还在的"), play.PDF("被改了的")} {
		if err := files.Put(t.Context(), sumOf(b), int64(len(b)), bytes.NewReader(b)); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, other.SHA256[:2], other.SHA256[2:]), []byte("别的东西"), 0o600); err != nil {
		t.Fatal(err)
	}
	from := source(w.Desk.Store, backup.Blobs{Files: files})
	text, m := kept(t, from)
	want := []string{gone.SHA256, other.SHA256}
	slices.Sort(want)
	if !slices.Equal(m.Missing, want) || m.Files != 1 {
		t.Errorf("missing %v, %d files", m.Missing, m.Files)
	}
	from.Named = func(context.Context, string) bool { return false } // their rows went meanwhile
	if _, m := kept(t, from); len(m.Missing) != 0 {
		t.Errorf("missing %v", m.Missing)
	}
	into := blob.Memory(w.Now)
	restored(t, text, testkit.Place(t), t.TempDir(), into)
	if _, err := into.Stat(t.Context(), whole.SHA256); err != nil {
		t.Error(err)
	}
	if _, err := into.Stat(t.Context(), other.SHA256); !errors.Is(err, blob.ErrAbsent) {
		t.Errorf("other bytes were kept: %v", err)
	}
}

// tampered changes a person's name in a backup, as its owner could.
func tampered(t *testing.T, text []byte) []byte {
	t.Helper()
	var was, now string
	return rewritten(t, text, func(name string, text []byte) []byte {
		switch {
		case strings.HasPrefix(name, "tables/accounts/"):
			lines := unzipped(t, text)
			was = sumOf(lines)
			lines = bytes.ReplaceAll(lines, []byte("经办人01"), []byte("经办人99"))
			now = sumOf(lines)
			return zipped(t, lines)
		case name == "manifest.json":
			return bytes.ReplaceAll(text, []byte(was), []byte(now))
		}
		return text
	})
}

func sumOf(b []byte) string {
	s := sha256.Sum256(b)
	return hex.EncodeToString(s[:])
}

func unzipped(t *testing.T, b []byte) []byte {
	t.Helper()
	gz, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(gz)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func zipped(t *testing.T, text []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	gz := gzip.NewWriter(&b)
	if _, err := gz.Write(text); err != nil {
		t.Fatal(err)
	}
	if err := gz.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
