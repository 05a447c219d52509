package archive_test

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"shifan/internal/archive"
	"shifan/internal/record"
)

// log is a small record with a key.
type log struct {
	key    record.Key
	leaves []string
	hashes []tlog.Hash
}

func newLog(t testing.TB, seed byte) *log {
	t.Helper()
	key, err := record.NewKey(bytes.NewReader(bytes.Repeat([]byte{seed}, 64)), "archive.example")
	if err != nil {
		t.Fatal(err)
	}
	return &log{key: key}
}

func (l *log) ReadHashes(at []int64) (all []tlog.Hash, err error) {
	for _, i := range at {
		all = append(all, l.hashes[i])
	}
	return all, nil
}

// add writes an entry and proves it.
func (l *log) add(t testing.TB, act, thing string, facts map[string]string) record.Proof {
	t.Helper()
	n := int64(len(l.leaves))
	leaf, err := record.LineOf(n, record.Entry{At: time.Date(2021, 9, 15, 1, 0, 0, 0, time.UTC), Role: "operator", Act: act, Thing: thing, Facts: facts}, "salt", "").Leaf()
	if err != nil {
		t.Fatal(err)
	}
	more, err := tlog.StoredHashesForRecordHash(n, record.Hash(leaf), l)
	if err != nil {
		t.Fatal(err)
	}
	l.leaves, l.hashes = append(l.leaves, leaf), append(l.hashes, more...)
	root, err := tlog.TreeHash(n+1, l)
	if err != nil {
		t.Fatal(err)
	}
	signed, err := l.key.Sign(n+1, root)
	if err != nil {
		t.Fatal(err)
	}
	hashes, err := tlog.ProveRecord(n+1, n, l)
	if err != nil {
		t.Fatal(err)
	}
	return record.Proof{Leaf: leaf, Index: n, Hashes: hashes, Checkpoint: signed}
}

// contents of the small package of these tests.
const list = "一、甲协会\n"

// pack writes a small package into a target: a list that the record spoke of, its proof,
// and a scan.
func pack(t testing.TB, to archive.Target, l *log) string {
	t.Helper()
	w := archive.NewWriter(to, archive.Manifest{Round: "rnd_a", Title: "2021年度", Programme: "base", Year: 2021, State: "concluded", Verifier: l.key.Verifier})
	var n archive.Names
	add := func(f archive.File, text string) archive.File {
		if err := w.Add(f, strings.NewReader(text)); err != nil {
			t.Fatal(err)
		}
		return f
	}
	digest := "5e5c0c2e4a2c0b7a" // replaced below by what the writer computed
	folder := n.In("", "04公示")
	proof := n.In(n.In("", "07存证"), "公示.tlog-proof")
	text := add(archive.File{Path: n.In(folder, "名单.txt"), Title: "公示名单", Retention: "永久", Proven: &archive.Claim{Proof: proof, Fact: "digest"}}, list)
	for _, f := range w.Files() {
		if f.Path == text.Path {
			digest = f.SHA256
		}
	}
	l.add(t, "round.publish", "rnd_a", nil)
	add(archive.File{Path: proof, Title: "存证证明", Retention: "永久"}, l.add(t, "publicity.publish", "pub_a", map[string]string{"digest": digest}).String())
	add(archive.File{Path: n.In(n.In("", "01申报单位"), "空.pdf"), Title: "空文件", Retention: "10年"}, "")
	m, err := archive.Metadata(archive.Agency{Name: "办公室", Year: 2021}, w.Files(), map[string]archive.About{text.Path: {Number: "吉社联党发〔2021〕1号", Date: "2021-09-15"}})
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Add(archive.File{Path: archive.MetadataFile, Title: "元数据"}, m); err != nil {
		t.Fatal(err)
	}
	sum, _, err := w.Finish()
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Prove(l.add(t, archive.Act, "rnd_a", map[string]string{archive.FactManifest: digest})); err == nil {
		t.Error("a proof of another manifest was taken")
	}
	if err := w.Prove(l.add(t, archive.Act, "rnd_a", map[string]string{archive.FactManifest: sum})); err != nil {
		t.Fatal(err)
	}
	return sum
}

// packed returns the folder of a small package.
func packed(t testing.TB) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "归档包")
	f, err := archive.NewFolder(dir)
	if err != nil {
		t.Fatal(err)
	}
	pack(t, f, newLog(t, 1))
	if err := f.Done(); err != nil {
		t.Fatal(err)
	}
	return dir
}

func verify(t testing.TB, dir string) *archive.Report {
	t.Helper()
	r, err := archive.Verify(dir)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// files reads all files below a folder.
func files(t testing.TB, dir string) map[string][]byte {
	t.Helper()
	all := map[string][]byte{}
	err := filepath.WalkDir(dir, func(p string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		b, err := os.ReadFile(p)
		rel, _ := filepath.Rel(dir, p) //nolint:errcheck // it lies below
		all[filepath.ToSlash(rel)] = b
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func put(t testing.TB, name string, b []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, b, 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestAPackageHolds(t *testing.T) {
	t.Parallel()
	dir := packed(t)
	r := verify(t, dir)
	if !r.Holds() || r.Proofs != 1 || len(r.Manifest.Files) != 4 || r.Head.Size != 4 || r.At.IsZero() || len(r.Digest) != 64 {
		t.Errorf("%+v", r)
	}
	if _, err := os.Stat(dir + ".part"); !errors.Is(err, os.ErrNotExist) {
		t.Error("the part is left")
	}
	if _, err := archive.NewFolder(dir); !errors.Is(err, archive.ErrNotEmpty) {
		t.Errorf("packed over another package: %v", err)
	}
	again := packed(t)
	for p, b := range files(t, dir) {
		if !bytes.Equal(b, files(t, again)[p]) {
			t.Errorf("%s differs the second time", p)
		}
	}
	if _, err := archive.Verify(filepath.Join(dir, "nowhere")); err == nil {
		t.Error("a folder that is not there was looked at")
	}
	var x struct {
		Entities []struct {
			Term  string `xml:"档号>保管期限"`
			Title string `xml:"内容描述>题名"`
		} `xml:"文件实体"`
	}
	if err := xml.Unmarshal(files(t, dir)[archive.MetadataFile], &x); err != nil || len(x.Entities) != 3 || x.Entities[1].Term != "永久" || x.Entities[1].Title != "公示名单" {
		t.Errorf("%+v %v", x, err)
	}
}

// TestEveryByte changes one bit of every byte of a small package, and every change is
// found, in the file that it was made in. Without SHIFAN_TEST_EVERY_BYTE every thirteenth
// byte is changed.
func TestEveryByte(t *testing.T) {
	t.Parallel()
	dir := packed(t)
	step := 13
	if os.Getenv("SHIFAN_TEST_EVERY_BYTE") != "" {
		step = 1
	}
	for p, b := range files(t, dir) {
		for i := 0; i < len(b); i += step {
			bits := []byte{1 << (i % 8)}
			if step == 1 {
				bits = []byte{1, 2, 4, 8, 16, 32, 64, 128}
			}
			for _, bit := range bits {
				c := bytes.Clone(b)
				c[i] ^= bit
				put(t, filepath.Join(dir, p), c)
				r := verify(t, dir)
				if r.Holds() {
					t.Errorf("%s: bit %d of byte %d changed and nothing was found", p, bit, i)
				} else if p != archive.ManifestFile && (len(r.Problems) != 1 || r.Problems[0].Path != p) {
					t.Errorf("%s: byte %d: it blames %+v", p, i, r.Problems)
				}
			}
		}
		for name, c := range map[string][]byte{"cut": b[:max(len(b)-1, 0)], "longer": append(bytes.Clone(b), '\n'), "twice": append(bytes.Clone(b), b...), "empty": nil} {
			if bytes.Equal(b, c) {
				continue
			}
			put(t, filepath.Join(dir, p), c)
			if verify(t, dir).Holds() {
				t.Errorf("%s, %s: nothing was found", p, name)
			}
		}
		put(t, filepath.Join(dir, p), b)
	}
	if r := verify(t, dir); !r.Holds() {
		t.Errorf("put back as it was: %+v", r.Problems)
	}
}

// TestComeAndGo: what is missing, added, renamed, linked or emptied is found, by name.
func TestComeAndGo(t *testing.T) {
	t.Parallel()
	const text = "04公示/名单.txt"
	for name, tt := range map[string]struct {
		do   func(dir string) error
		path string
		say  string
	}{
		"missing": {func(d string) error { return os.Remove(filepath.Join(d, text)) }, text, "缺少"},
		"added":   {func(d string) error { return os.WriteFile(filepath.Join(d, "04公示/又一个.txt"), nil, 0o600) }, "04公示/又一个.txt", "清单里没有"},
		"hidden":  {func(d string) error { return os.WriteFile(filepath.Join(d, ".DS_Store"), []byte("x"), 0o600) }, ".DS_Store", "清单里没有"},
		"renamed": {func(d string) error {
			return os.Rename(filepath.Join(d, text), filepath.Join(d, "04公示/名册.txt"))
		}, text, "改了名，现在叫 04公示/名册.txt"},
		"in another case": {func(d string) error {
			return os.Rename(filepath.Join(d, text), filepath.Join(d, "04公示/名单.TXT"))
		}, text, "改了名，现在叫 04公示/名单.TXT"},
		"in another folder":    {func(d string) error { return os.Rename(filepath.Join(d, text), filepath.Join(d, "名单.txt")) }, text, "改了名，现在叫 名单.txt"},
		"a folder renamed":     {func(d string) error { return os.Rename(filepath.Join(d, "04公示"), filepath.Join(d, "公示")) }, "04公示/名单.txt", "改了名，现在叫 公示/名单.txt"},
		"an empty folder":      {func(d string) error { return os.Mkdir(filepath.Join(d, "08其他"), 0o755) }, "08其他", "没有这个文件夹"},
		"an empty folder deep": {func(d string) error { return os.MkdirAll(filepath.Join(d, "04公示/a/b"), 0o755) }, "04公示/a", "没有这个文件夹"},
		"a link to itself": {func(d string) error {
			p := filepath.Join(d, text)
			return errors.Join(os.Rename(p, d+".txt"), os.Symlink(d+".txt", p))
		}, text, "不是普通文件"},
		"a link to a folder": {func(d string) error { return os.Symlink("/", filepath.Join(d, "更多")) }, "更多", "不是普通文件"},
		"a file in its place": {func(d string) error {
			return errors.Join(os.Remove(filepath.Join(d, text)), os.Mkdir(filepath.Join(d, text), 0o755))
		}, text, "没有这个文件夹"},
		"no manifest": {func(d string) error { return os.Remove(filepath.Join(d, archive.ManifestFile)) }, archive.ManifestFile, "缺少"},
		"no proof":    {func(d string) error { return os.Remove(filepath.Join(d, archive.ProofFile)) }, archive.ProofFile, "缺少"},
		"the manifest is a link": {func(d string) error {
			p := filepath.Join(d, archive.ManifestFile)
			return errors.Join(os.Rename(p, d+".json"), os.Symlink(d+".json", p))
		}, archive.ManifestFile, "不是普通文件"},
		"another proof": {func(d string) error {
			b, err := os.ReadFile(filepath.Join(d, "07存证/公示.tlog-proof"))
			return errors.Join(err, os.WriteFile(filepath.Join(d, archive.ProofFile), b, 0o600))
		}, archive.ProofFile, "证明不成立"},
		"a manifest that is not in its form": {func(d string) error {
			p := filepath.Join(d, archive.ManifestFile)
			b, err := os.ReadFile(p)
			return errors.Join(err, os.WriteFile(p, bytes.Replace(b, []byte(`"year": 2021`), []byte(`"year":  2021`), 1), 0o600))
		}, archive.ManifestFile, "改动过"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := packed(t)
			if err := tt.do(dir); err != nil {
				t.Fatal(err)
			}
			r := verify(t, dir)
			found := false
			for _, p := range r.Problems {
				found = found || p.Path == tt.path && strings.Contains(p.Say, tt.say)
			}
			if !found {
				t.Errorf("%+v", r.Problems)
			}
		})
	}
}

// TestAForgedPackage: a package that somebody writes anew with a key of their own holds
// in itself; its key and its digest are others, which is why both are told.
func TestAForgedPackage(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "a")
	f, err := archive.NewFolder(dir)
	if err != nil {
		t.Fatal(err)
	}
	pack(t, f, newLog(t, 2))
	if err := f.Done(); err != nil {
		t.Fatal(err)
	}
	mine, theirs := verify(t, packed(t)), verify(t, dir)
	if !theirs.Holds() || mine.Digest == theirs.Digest || mine.Manifest.Verifier == theirs.Manifest.Verifier {
		t.Errorf("%+v", theirs)
	}
	// A file that is not what the record spoke of is found even then.
	dir = filepath.Join(t.TempDir(), "b")
	if f, err = archive.NewFolder(dir); err != nil {
		t.Fatal(err)
	}
	l := newLog(t, 3)
	w := archive.NewWriter(f, archive.Manifest{Round: "rnd_a", Verifier: l.key.Verifier})
	for _, err := range []error{
		w.Add(archive.File{Path: "a.tlog-proof"}, strings.NewReader(l.add(t, "publicity.publish", "pub_a", map[string]string{"digest": strings.Repeat("0", 64)}).String())),
		w.Add(archive.File{Path: "b.txt", Proven: &archive.Claim{Proof: "a.tlog-proof", Fact: "digest"}}, strings.NewReader(list)),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	sum, _, err := w.Finish()
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(w.Prove(l.add(t, archive.Act, "rnd_a", map[string]string{archive.FactManifest: sum})), f.Done()); err != nil {
		t.Fatal(err)
	}
	if r := verify(t, dir); len(r.Problems) != 1 || r.Problems[0].Path != "b.txt" || !strings.Contains(r.Problems[0].Say, "不是存证日志里记的那一份") {
		t.Errorf("%+v", r.Problems)
	}
}

// TestWhichEntryNamesAPackage: the manifest of a round is named by that round's entry, and
// that of titles without a round by the programme's; neither stands for the other.
func TestWhichEntryNamesAPackage(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		round, act, thing string
		holds             bool
	}{
		{"rnd_a", archive.Act, "rnd_a", true},
		{"", archive.ActFormer, "base", true},
		{"rnd_a", archive.ActFormer, "base", false},
		{"", archive.Act, "rnd_a", false},
		{"", archive.Act, "", false},
		{"", archive.ActFormer, "other", false},
		{"rnd_a", archive.Act, "rnd_b", false},
	} {
		f, err := archive.NewFolder(filepath.Join(t.TempDir(), "a"))
		if err != nil {
			t.Fatal(err)
		}
		l := newLog(t, 1)
		w := archive.NewWriter(f, archive.Manifest{Round: tt.round, Programme: "base", Verifier: l.key.Verifier})
		sum, _, err := w.Finish()
		if err != nil {
			t.Fatal(err)
		}
		if err := w.Prove(l.add(t, tt.act, tt.thing, map[string]string{archive.FactManifest: sum})); (err == nil) != tt.holds {
			t.Errorf("round %q, %s of %q: %v", tt.round, tt.act, tt.thing, err)
		}
	}
}

// TestFolder: a folder that got something meanwhile stays, and what was given up leaves
// nothing.
func TestFolder(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "deep", "a")
	f, err := archive.NewFolder(dir)
	if err != nil {
		t.Fatal(err)
	}
	pack(t, f, newLog(t, 1))
	put(t, filepath.Join(dir, "mine.txt"), []byte("x"))
	if err := f.Done(); !errors.Is(err, archive.ErrNotEmpty) {
		t.Errorf("%v", err)
	}
	if all := files(t, filepath.Dir(dir)); len(all) != 1 {
		t.Errorf("%d files are left", len(all))
	}
	other := filepath.Join(t.TempDir(), "b")
	if f, err = archive.NewFolder(other); err != nil {
		t.Fatal(err)
	}
	if err := archive.NewWriter(f, archive.Manifest{}).Add(archive.File{Path: "a.txt", SHA256: strings.Repeat("0", 64)}, strings.NewReader(list)); !errors.Is(err, archive.ErrDiffers) {
		t.Errorf("other bytes than were announced: %v", err)
	}
	if _, err := f.Create("../c"); err == nil {
		t.Error("a file outside was made")
	}
	if err := f.Drop(); err != nil {
		t.Fatal(err)
	}
	if all, err := os.ReadDir(filepath.Dir(other)); err != nil || len(all) > 0 {
		t.Errorf("%v %v", all, err)
	}
}

// TestZip: unpacked it is the same package.
func TestZip(t *testing.T) {
	t.Parallel()
	var b, again bytes.Buffer
	for _, out := range []*bytes.Buffer{&b, &again} {
		z := archive.NewZip(out, "归档包")
		pack(t, z, newLog(t, 1))
		if err := z.Done(); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(b.Bytes(), again.Bytes()) {
		t.Error("the same package makes another ZIP")
	}
	r, err := zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for _, f := range r.File {
		in, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(in)
		if err != nil {
			t.Fatal(err)
		}
		put(t, filepath.Join(dir, filepath.FromSlash(f.Name)), text)
	}
	if r := verify(t, filepath.Join(dir, "归档包")); !r.Holds() {
		t.Error(r.Problems)
	}
}
