package blob

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"
	"time"
)

// folder keeps each blob as a file: ab/cdef…. Everything happens through os.Root,
// so no name and no symbolic link leads out of it.
type folder struct{ root *os.Root }

// staging is where files are until they are whole.
const staging = "tmp"

// Folder opens the store in a folder, which is made when absent.
func Folder(dir string) (Store, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	if err := root.MkdirAll(staging, 0o700); err != nil {
		return nil, errors.Join(err, root.Close())
	}
	return folder{root}, nil
}

// Sweep takes away what interrupted writes left before an instant. A store that
// leaves nothing needs none.
func Sweep(s Store, before time.Time) error {
	f, ok := s.(folder)
	if !ok {
		return nil
	}
	entries, err := fs.ReadDir(f.root.FS(), staging)
	for _, e := range entries {
		if i, err := e.Info(); err == nil && i.ModTime().Before(before) {
			if err := f.root.Remove(path.Join(staging, e.Name())); err != nil {
				return err
			}
		}
	}
	return err
}

// within implements Within.
func (f folder) within(part string) (Store, error) {
	if err := f.root.MkdirAll(path.Join(part, staging), 0o700); err != nil {
		return nil, err
	}
	root, err := f.root.OpenRoot(part)
	return folder{root}, err
}

// Put implements Store: temporary file, fsync, rename, fsync of the folder.
func (f folder) Put(ctx context.Context, sum string, size int64, r io.Reader) (err error) {
	dir, file, err := name(sum)
	if err != nil {
		return err
	}
	at := path.Join(dir, file)
	if s, err := f.root.Stat(at); err == nil && s.Size() == size {
		// It is there; perhaps another Put has not yet waited for its name.
		if err := same(sum, size, r); err != nil {
			return err
		}
		return f.sync(dir)
	}
	temporary := path.Join(staging, rand.Text())
	w, err := f.root.OpenFile(temporary, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, w.Close(), f.root.Remove(temporary))
		}
	}()
	if err := same(sum, size, io.TeeReader(r, w)); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := w.Sync(); err != nil {
		return err
	}
	if err := f.makeDir(dir); err != nil {
		return err
	}
	if err := f.root.Rename(temporary, at); err != nil {
		return err
	}
	return errors.Join(w.Close(), f.sync(dir))
}

// same reads r to its end and checks what it was.
func same(sum string, size int64, r io.Reader) error {
	h := sha256.New()
	n, err := io.Copy(h, io.LimitReader(r, size+1))
	if err != nil {
		return err
	}
	if n != size || hex.EncodeToString(h.Sum(nil)) != sum {
		return ErrDiffers
	}
	return nil
}

// makeDir makes a folder that outlives a loss of power.
func (f folder) makeDir(dir string) error {
	err := f.root.Mkdir(dir, 0o700)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return f.sync(".")
}

// sync waits until the names in a folder are on the disk.
func (f folder) sync(dir string) error {
	d, err := f.root.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// Open implements Store.
func (f folder) Open(_ context.Context, sum string) (File, error) {
	dir, file, err := name(sum)
	if err != nil {
		return nil, err
	}
	r, err := f.root.Open(path.Join(dir, file))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, ErrAbsent
	}
	if err != nil {
		return nil, err
	}
	return r, nil
}

// Remove implements Store.
func (f folder) Remove(_ context.Context, sum string) error {
	dir, file, err := name(sum)
	if err != nil {
		return err
	}
	err = f.root.Remove(path.Join(dir, file))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// List implements Store.
func (f folder) List(ctx context.Context, tell func(Info) error) error {
	return fs.WalkDir(f.root.FS(), ".", func(at string, e fs.DirEntry, err error) error {
		if err != nil || ctx.Err() != nil {
			return errors.Join(err, ctx.Err())
		}
		sum := strings.ReplaceAll(at, "/", "")
		if _, _, err := name(sum); err != nil || !e.Type().IsRegular() {
			return nil
		}
		i, err := e.Info()
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return err
		}
		return tell(Info{Sum: sum, Size: i.Size(), Since: i.ModTime()})
	})
}
