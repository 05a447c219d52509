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

// leaving begins the name of a blob that is on its way out, in the staging folder.
const leaving = "leaving-"

// Tidy implements Store. What a Remove was taking away when its process ended comes
// back, young: somebody may have kept it meanwhile.
func (f folder) Tidy(ctx context.Context, before time.Time) error {
	entries, err := fs.ReadDir(f.root.FS(), staging)
	for _, e := range entries {
		i, gone := e.Info()
		if gone != nil || !i.ModTime().Before(before) || ctx.Err() != nil {
			continue
		}
		at := path.Join(staging, e.Name())
		sum, left := strings.CutPrefix(e.Name(), leaving)
		if left {
			sum, _, _ = strings.Cut(sum, "-")
			err = errors.Join(err, f.back(at, sum))
		} else {
			err = errors.Join(err, absent(f.root.Remove(at)))
		}
	}
	return errors.Join(err, ctx.Err())
}

// absent takes what is not there for gone.
func absent(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// back puts a blob that was on its way out into its place, as kept now. What stands
// there meanwhile is the same.
func (f folder) back(from, sum string) error {
	dir, file, err := name(sum)
	if err != nil {
		return err
	}
	if err := f.renew(from); err != nil {
		return absent(err)
	}
	if err := f.root.Rename(from, path.Join(dir, file)); err != nil {
		return absent(err)
	}
	return f.sync(dir)
}

// within opens a folder of its own in this one.
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
		// It is there. Made young, it stays; if that fails, it was taken away just now.
		if f.renewed(at) {
			if err := same(sum, size, r); err != nil {
				return err
			}
			return f.sync(dir) // perhaps another Put has not yet waited for its name
		}
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

// renew makes a file young by the clock of the disk, which may be another machine's: as
// young as one that is made now.
func (f folder) renew(at string) error {
	temporary := path.Join(staging, rand.Text())
	w, err := f.root.OpenFile(temporary, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	i, err := w.Stat()
	if err = errors.Join(err, w.Close(), f.root.Remove(temporary)); err != nil {
		return err
	}
	return f.root.Chtimes(at, i.ModTime(), i.ModTime())
}

// renewed makes a blob young and tells whether it is in its place afterwards. Between
// finding the name and setting the time a Remove can take the file away, and then it is
// a file without a name that became young: only what is seen young in its place was
// young for whoever moves it later.
func (f folder) renewed(at string) bool {
	was, err := f.root.Stat(at)
	if err != nil || f.renew(at) != nil {
		return false
	}
	is, err := f.root.Stat(at)
	return err == nil && os.SameFile(was, is)
}

// Stat implements Store.
func (f folder) Stat(_ context.Context, sum string) (Info, error) {
	dir, file, err := name(sum)
	if err != nil {
		return Info{}, err
	}
	i, err := f.root.Stat(path.Join(dir, file))
	if errors.Is(err, fs.ErrNotExist) {
		return Info{}, ErrAbsent
	}
	if err != nil {
		return Info{}, err
	}
	return Info{Sum: sum, Size: i.Size(), Since: i.ModTime()}, nil
}

// Remove implements Store. A file that is old is moved out of the way first and looked
// at again there, where no Put makes it young any more: one that became young before
// it was moved goes back.
func (f folder) Remove(ctx context.Context, sum string, before time.Time) (gone bool, err error) {
	i, err := f.Stat(ctx, sum)
	if errors.Is(err, ErrAbsent) || err == nil && !i.Since.Before(before) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	at, out := path.Join(sum[:2], sum[2:]), path.Join(staging, leaving+sum+"-"+rand.Text())
	if err := f.root.Rename(at, out); err != nil {
		return false, absent(err)
	}
	moved, err := f.root.Stat(out)
	if err != nil {
		return false, absent(err)
	}
	if !moved.ModTime().Before(before) {
		return false, f.back(out, sum)
	}
	if err := f.root.Remove(out); err != nil {
		return false, absent(err)
	}
	return true, f.sync(sum[:2])
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
