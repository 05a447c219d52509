package archive

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/emmansun/gmsm/sm3"

	"shifan/internal/record"
)

// Problem is one thing that is not as the package says.
type Problem struct {
	Path string `json:"path"` // which file or folder
	Say  string `json:"say"`  // what is wrong with it
}

// Report is what verifying found.
type Report struct {
	Manifest Manifest          // as it stands there; empty when it cannot be read
	Digest   string            // its SHA-256, to compare
	Bytes    int64             // of all files that it lists
	At       time.Time         // when the record named the manifest, as the record says
	Head     record.Checkpoint // what the record's key signed
	Proofs   int               // of other entries, all of which hold
	Problems []Problem         // none when the package holds
}

// Holds reports whether the package is as it was made.
func (r *Report) Holds() bool { return len(r.Problems) == 0 }

func (r *Report) say(path, format string, args ...any) {
	r.Problems = append(r.Problems, Problem{path, fmt.Sprintf(format, args...)})
}

// Verify looks at every file of a package. The error says only that it could not look;
// what it found stands in the report, by path.
func Verify(dir string) (*Report, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	defer root.Close() //nolint:errcheck // it was read only
	r := &Report{}
	there, folders, err := r.walk(root)
	if err != nil {
		return nil, err
	}
	if r.manifest(root, there) {
		r.compare(root, there, folders)
		if r.Holds() { // of what is not as it was nothing else is worth saying
			r.proofs(root)
		}
	}
	slices.SortStableFunc(r.Problems, func(a, b Problem) int { return strings.Compare(a.Path, b.Path) })
	return r, nil
}

// walk lists the files and the folders that are there. What is neither is a problem.
func (r *Report) walk(root *os.Root) (files map[string]int64, folders map[string]bool, err error) {
	files, folders = map[string]int64{}, map[string]bool{}
	err = fs.WalkDir(root.FS(), ".", func(p string, e fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case p == ".":
		case e.IsDir():
			folders[p] = true
		case !e.Type().IsRegular():
			r.say(p, "不是普通文件（链接或者设备）。归档包里只有普通文件。")
		default:
			i, err := e.Info()
			if err != nil {
				return err
			}
			files[p] = i.Size()
		}
		return nil
	})
	return files, folders, err
}

// manifest reads the manifest and its proof. It reports whether there is one to go by.
func (r *Report) manifest(root *os.Root, there map[string]int64) bool {
	for _, name := range []string{ManifestFile, ProofFile} {
		if _, ok := there[name]; !ok {
			r.say(name, "缺少。没有它不能核验。")
		}
	}
	if len(r.Problems) > 0 && (!has(there, ManifestFile) || !has(there, ProofFile)) {
		return false
	}
	text, err := read(root, ManifestFile, ManifestMost)
	if err != nil {
		r.say(ManifestFile, "读不出来：%v。", err)
		return false
	}
	s := sha256.Sum256(text)
	r.Digest = hex.EncodeToString(s[:])
	proof, err := read(root, ProofFile, 1<<20)
	if err != nil {
		r.say(ProofFile, "读不出来：%v。", err)
		return false
	}
	m, bad := ParseManifest(text)
	l, head, err := proves(proof, m, r.Digest)
	switch {
	case errors.Is(err, errOtherManifest):
		r.say(ManifestFile, "被改动过：存证日志里记的清单摘要不是它的。")
	case err != nil && bad == nil:
		r.say(ProofFile, "证明不成立（%v）。", err)
	case bad != nil:
		r.say(ManifestFile, "读不懂：%v。", bad)
	default:
		r.At, r.Head = l.Time(), head
	}
	r.Manifest = m
	return bad == nil
}

func has(there map[string]int64, name string) bool { _, ok := there[name]; return ok }

// compare holds the files that are there against the manifest.
func (r *Report) compare(root *os.Root, there map[string]int64, folders map[string]bool) {
	wanted := map[string]bool{}
	for _, f := range r.Manifest.Files {
		for dir := path.Dir(f.Path); dir != "."; dir = path.Dir(dir) {
			wanted[dir] = true
		}
	}
	for dir := range folders {
		if !wanted[dir] {
			r.say(dir, "清单里没有这个文件夹。")
		}
	}
	delete(there, ManifestFile)
	delete(there, ProofFile)
	var missing []File
	var check []File
	for _, f := range r.Manifest.Files {
		r.Bytes += f.Size
		size, ok := there[f.Path]
		switch {
		case !ok:
			missing = append(missing, f)
		case size != f.Size:
			r.say(f.Path, "内容被改动过：有%d字节，应为%d字节。", size, f.Size)
		default:
			check = append(check, f)
		}
		delete(there, f.Path)
	}
	r.digests(root, check)
	r.strangers(root, missing, there)
}

// strangers tells files that are missing and files that are too many: the same bytes
// under another name were renamed.
func (r *Report) strangers(root *os.Root, missing []File, more map[string]int64) {
	sizes := map[int64]bool{}
	for _, f := range missing {
		sizes[f.Size] = true
	}
	named := map[string][]string{} // by digest, of those that may be missing ones
	for p, size := range more {
		if !sizes[size] {
			continue
		}
		if a, _, err := digestsOf(root, p); err == nil {
			named[a] = append(named[a], p)
		}
	}
	for _, f := range missing {
		all := named[f.SHA256]
		if len(all) == 0 {
			r.say(f.Path, "缺少。")
			continue
		}
		slices.Sort(all)
		r.say(f.Path, "改了名，现在叫 %s。", all[0])
		delete(more, all[0])
		named[f.SHA256] = all[1:]
	}
	for p := range more {
		r.say(p, "清单里没有这个文件。")
	}
}

// digests recomputes the digests of files, several at once.
func (r *Report) digests(root *os.Root, files []File) {
	var lock sync.Mutex
	var wait sync.WaitGroup
	next := make(chan File)
	for range runtime.GOMAXPROCS(0) {
		wait.Go(func() {
			for f := range next {
				a, b, err := digestsOf(root, f.Path)
				if err == nil && a == f.SHA256 && b == f.SM3 {
					continue
				}
				lock.Lock()
				if err != nil {
					r.say(f.Path, "读不出来：%v。", err)
				} else {
					r.say(f.Path, "内容被改动过。")
				}
				lock.Unlock()
			}
		})
	}
	for _, f := range files {
		next <- f
	}
	close(next)
	wait.Wait()
}

func digestsOf(root *os.Root, name string) (a, b string, err error) {
	f, err := root.Open(name)
	if err != nil {
		return "", "", err
	}
	defer f.Close() //nolint:errcheck // it was read only
	two := [2]io.Writer{sha256.New(), sm3.New()}
	buffer := buffers.Get().(*[]byte)
	defer buffers.Put(buffer)
	_, err = io.CopyBuffer(onlyWriter{io.MultiWriter(two[0], two[1])}, onlyReader{f}, *buffer)
	return sum(two[0]), sum(two[1]), err
}

// proofs verifies every other proof of the package, and what files are said to be proved
// by them.
func (r *Report) proofs(root *os.Root) {
	lines := map[string]record.Line{}
	for _, f := range r.Manifest.Files {
		if path.Ext(f.Path) != path.Ext(ProofFile) {
			continue
		}
		text, err := read(root, f.Path, 1<<20)
		if err != nil {
			r.say(f.Path, "读不出来：%v。", err)
			continue
		}
		l, _, err := opened(text, r.Manifest.Verifier)
		if err != nil {
			r.say(f.Path, "证明不成立（%v）。", err)
			continue
		}
		lines[f.Path] = l
	}
	r.Proofs = len(lines)
	for _, f := range r.Manifest.Files {
		if f.Proven == nil {
			continue
		}
		if l, there := lines[f.Proven.Proof]; !there || l.Facts[f.Proven.Fact] != f.SHA256 {
			r.say(f.Path, "不是存证日志里记的那一份（%s）。", f.Proven.Proof)
		}
	}
}

func read(root *os.Root, name string, most int64) ([]byte, error) {
	f, err := root.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close() //nolint:errcheck // it was read only
	text, err := io.ReadAll(io.LimitReader(f, most+1))
	if err == nil && int64(len(text)) > most {
		err = fmt.Errorf("more than %d bytes", most)
	}
	return text, err
}

var errOtherManifest = errors.New("archive: the record names another manifest")

// proves checks that a proof's entry names a manifest with a digest.
func proves(text []byte, m Manifest, digest string) (l record.Line, c record.Checkpoint, err error) {
	verifier := m.Verifier
	if verifier == "" {
		return l, c, errOtherManifest // it cannot be read, and no key says which record
	}
	if l, c, err = opened(text, verifier); err != nil {
		return l, c, err
	}
	act, thing := m.named()
	switch {
	case l.Act != act || l.Thing != thing:
		return l, c, fmt.Errorf("the entry is %s of %s", l.Act, l.Thing)
	case l.Facts[FactManifest] != digest:
		return l, c, errOtherManifest
	}
	return l, c, nil
}

// opened reads a proof that is in its one form, to the last bit, and verifies it.
func opened(text []byte, verifier string) (l record.Line, c record.Checkpoint, err error) {
	p, err := record.ParseProof(string(text))
	if err != nil {
		return l, c, err
	}
	if !bytes.Equal([]byte(p.String()), text) || !oneSignature(p.Checkpoint) {
		return l, c, errors.New("a proof that is not in its one form")
	}
	return p.Verify(verifier)
}

// oneSignature reports whether a signed checkpoint ends with one signature and nothing
// else, in the one form that base64 has for it: a verifier of notes overlooks other
// lines and the bits that base64 leaves over.
func oneSignature(signed string) bool {
	_, signatures, ok := strings.Cut(signed, "\n\n")
	line, rest, ended := strings.Cut(signatures, "\n")
	_, encoded, named := strings.Cut(strings.TrimPrefix(line, "— "), " ")
	b, err := base64.StdEncoding.Strict().DecodeString(encoded)
	return ok && ended && named && rest == "" && err == nil && base64.StdEncoding.EncodeToString(b) == encoded
}
