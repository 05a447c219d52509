package archive

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"

	"github.com/emmansun/gmsm/sm3"

	"shifan/internal/record"
)

// Target takes the files of a package: a Folder or a Zip.
type Target interface {
	// Create begins a file. It is closed before Create is called again, unless the
	// target says that several may be written at once.
	Create(path string) (io.WriteCloser, error)
	// Several says how many files may be written at once.
	Several() int
}

// Writer writes a package. Add may be called from several goroutines, as many as its
// target takes.
type Writer struct {
	target   Target
	manifest Manifest
	digest   string // of the manifest, once it is written
	lock     sync.Mutex
}

// NewWriter begins a package. Of the manifest the files and the form are left out.
func NewWriter(t Target, m Manifest) *Writer {
	m.Format, m.Version, m.Files = Format, Version, nil
	return &Writer{target: t, manifest: m}
}

// buffers are what files are copied by.
var buffers = sync.Pool{New: func() any { b := make([]byte, 256<<10); return &b }}

// ErrDiffers says that a file does not hold the bytes that were announced.
var ErrDiffers = errors.New("archive: the bytes are not those that were announced")

// Add writes a file with what r gives; its size and digests are computed from that. Its
// path comes from Names. Where the file says its SHA-256 already it must be that, or
// ErrDiffers is returned.
func (w *Writer) Add(f File, r io.Reader) error {
	if err := checkPath(f.Path); err != nil {
		return err
	}
	out, err := w.target.Create(f.Path)
	if err != nil {
		return err
	}
	want := f.SHA256
	two := [2]io.Writer{sha256.New(), sm3.New()}
	buffer := buffers.Get().(*[]byte)
	defer buffers.Put(buffer)
	f.Size, err = io.CopyBuffer(onlyWriter{io.MultiWriter(out, two[0], two[1])}, onlyReader{r}, *buffer)
	if err = errors.Join(err, out.Close()); err != nil {
		return fmt.Errorf("archive: %s: %w", f.Path, err)
	}
	f.SHA256, f.SM3 = sum(two[0]), sum(two[1])
	if want != "" && want != f.SHA256 {
		return fmt.Errorf("%w: %s", ErrDiffers, f.Path)
	}
	w.lock.Lock()
	defer w.lock.Unlock()
	w.manifest.Files = append(w.manifest.Files, f)
	return nil
}

// onlyWriter and onlyReader keep io.Copy from going round the buffer.
type (
	onlyWriter struct{ io.Writer }
	onlyReader struct{ io.Reader }
)

func sum(h io.Writer) string { return hex.EncodeToString(h.(interface{ Sum([]byte) []byte }).Sum(nil)) }

// Files lists what was written so far, in the order of the paths.
func (w *Writer) Files() []File {
	w.lock.Lock()
	defer w.lock.Unlock()
	slices.SortFunc(w.manifest.Files, func(a, b File) int { return strings.Compare(a.Path, b.Path) })
	return slices.Clone(w.manifest.Files)
}

// Finish writes the manifest and returns its SHA-256, which the record is to name. Then
// nothing may be added.
func (w *Writer) Finish() (digest string, m Manifest, err error) {
	w.manifest.Files = w.Files()
	text, err := w.manifest.Text()
	if err != nil {
		return "", w.manifest, err
	}
	if _, err := ParseManifest(text); err != nil {
		return "", w.manifest, err
	}
	s := sha256.Sum256(text)
	w.digest = hex.EncodeToString(s[:])
	return w.digest, w.manifest, w.put(ManifestFile, text)
}

// Prove writes the proof that the record names the manifest, after looking whether it
// does.
func (w *Writer) Prove(p record.Proof) error {
	if _, _, err := proves([]byte(p.String()), w.manifest, w.digest); err != nil {
		return err
	}
	return w.put(ProofFile, []byte(p.String()))
}

func (w *Writer) put(name string, text []byte) error {
	out, err := w.target.Create(name)
	if err != nil {
		return err
	}
	_, err = out.Write(text)
	return errors.Join(err, out.Close())
}
