package archive

import (
	"archive/zip"
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"time"
)

// ErrNotEmpty says that the folder of a package is there already with something in it.
var ErrNotEmpty = errors.New("archive: the folder is not empty")

// Folder is a package that is written into a folder of the disk: into one beside it
// first, whose name ends in .part, so that a package is there whole or not at all.
type Folder struct {
	dir, part string
	root      *os.Root
	lock      sync.Mutex
	made      map[string]bool
}

// NewFolder begins a package in a folder that is absent or empty; otherwise it returns
// ErrNotEmpty. What an earlier run left beside it is removed.
func NewFolder(dir string) (*Folder, error) {
	dir = filepath.Clean(dir)
	all, err := os.ReadDir(dir)
	if err == nil && len(all) > 0 {
		return nil, ErrNotEmpty
	}
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	f := &Folder{dir: dir, part: dir + ".part", made: map[string]bool{".": true}}
	if err := os.RemoveAll(f.part); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(f.part, 0o755); err != nil {
		return nil, err
	}
	f.root, err = os.OpenRoot(f.part)
	return f, err
}

// Several says that as many files may be written at once as there are processors.
func (f *Folder) Several() int { return runtime.GOMAXPROCS(0) }

// Create begins a file and makes the folders that it needs.
func (f *Folder) Create(name string) (io.WriteCloser, error) {
	name = filepath.FromSlash(name)
	if err := f.folder(filepath.Dir(name)); err != nil {
		return nil, err
	}
	return f.root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
}

func (f *Folder) folder(dir string) error {
	f.lock.Lock()
	defer f.lock.Unlock()
	if f.made[dir] {
		return nil
	}
	if err := f.root.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	f.made[dir] = true
	return nil
}

// Done gives the folder its name. A folder that got something meanwhile stays as it is,
// with ErrNotEmpty.
func (f *Folder) Done() error {
	if err := f.root.Close(); err != nil {
		return err
	}
	os.Remove(f.dir) //nolint:errcheck // absent or empty; what is neither makes the next line fail
	if err := os.Rename(f.part, f.dir); err != nil {
		if all, read := os.ReadDir(f.dir); read == nil && len(all) > 0 {
			err = ErrNotEmpty
		}
		return errors.Join(err, os.RemoveAll(f.part))
	}
	return nil
}

// Drop gives the package up.
func (f *Folder) Drop() error { return errors.Join(f.root.Close(), os.RemoveAll(f.part)) }

// Zip is a package that is written as a ZIP, whose one folder has a name. It is written
// as it comes, so that a package of any size needs no place of its own.
type Zip struct {
	w      *zip.Writer
	folder string
}

// NewZip begins a package in a ZIP, in a folder with a name that Safe made.
func NewZip(out io.Writer, folder string) *Zip { return &Zip{zip.NewWriter(out), folder} }

// Several says that one file is written after another.
func (z *Zip) Several() int { return 1 }

// zipTime is the time of every file of a ZIP: the packages of one state are one.
var zipTime = time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)

// Create begins a file. Nothing is compressed: most of it is already.
func (z *Zip) Create(name string) (io.WriteCloser, error) {
	w, err := z.w.CreateHeader(&zip.FileHeader{Name: z.folder + "/" + name, Method: zip.Store, Modified: zipTime})
	return nopCloser{w}, err
}

type nopCloser struct{ io.Writer }

func (nopCloser) Close() error { return nil }

// Done ends the ZIP. One that was given up has no end, and nothing opens it.
func (z *Zip) Done() error { return z.w.Close() }
