package casework

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"

	"shifan/internal/blob"
	"shifan/internal/evidence"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/file"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/store"
)

// copyFile makes the copy of a file for those who judge it.
func (d *Desk) copyFile(ctx context.Context, f file.File) error {
	made, err := d.copied(ctx, f)
	if err != nil {
		return err
	}
	return d.tended(ctx, f, func(tx *store.Tx, now *file.File) (stage.Move, error) {
		c, m, err := now.Copy(stage.TheClock, made.Outcome, made.SHA256, made.Size)
		if err == nil {
			err = tx.AddCopy(&c)
		}
		return m, err
	})
}

// copied strips a file of what it says of persons, places and machines, and keeps what
// stays. A file that cannot be stripped is no error: those who would be given the copy
// hear so.
func (d *Desk) copied(ctx context.Context, f file.File) (c file.Copy, err error) {
	r, err := d.Files.Blobs.Open(ctx, f.SHA256)
	if err != nil {
		return c, err
	}
	defer r.Close()
	out, err := d.stripped(evidence.Kind(f.Kind), r, f.Size)
	if evidence.IsUnstripped(err) {
		return file.Copy{Outcome: file.Uncopied}, nil
	}
	if err != nil {
		return c, err
	}
	defer out.forget()
	c = file.Copy{Outcome: file.Copied, SHA256: out.sum, Size: out.size}
	return c, d.Files.Blobs.Put(ctx, c.SHA256, c.Size, out.disk)
}

// stripped writes a file anew without what it says of persons, places and machines. The
// error is one of evidence.IsUnstripped where that cannot be done.
func (d *Desk) stripped(kind evidence.Kind, r io.ReaderAt, size int64) (out incoming, err error) {
	if out.disk, err = os.CreateTemp(d.Files.Folder, "upload-*"); err != nil {
		return out, err
	}
	os.Remove(out.disk.Name()) //nolint:errcheck // see receive
	h := sha256.New()
	if err = evidence.Strip(kind, r, size, io.MultiWriter(out.disk, h)); err == nil {
		if out.size, err = out.disk.Seek(0, io.SeekCurrent); err == nil {
			_, err = out.disk.Seek(0, io.SeekStart)
		}
	}
	if err != nil {
		out.forget()
		return out, err
	}
	out.sum = hex.EncodeToString(h.Sum(nil))
	return out, nil
}

// copiesIn says what became of the copies of some files of one application, where the
// viewer is given copies.
func copiesIn(tx *store.Tx, by stage.Actor, all map[string][]file.File) (map[id.File]string, error) {
	became := map[id.File]string{}
	key, some := applicationOf(all)
	if !some || !file.TakesCopy(by.Role) {
		return became, nil
	}
	for _, list := range all {
		for _, f := range list {
			became[f.ID] = file.Uncertain
		}
	}
	copies, err := tx.CopiesOf(key)
	for _, c := range copies {
		became[c.File] = c.Outcome
	}
	return became, err
}

// OpenFile opens a file for reading, as far as the viewer may open it: itself, or its
// copy. A copy whose bytes are lost is made again.
func (d *Desk) OpenFile(ctx context.Context, by stage.Actor, key id.File) (f File, given file.Given, r blob.File, err error) {
	defer fault.Wrap(&err, "casework.OpenFile(%s)", key)
	look := func() error {
		return d.Store.View(ctx, func(tx *store.Tx) (err error) {
			f.File, given, err = tx.FileFor(by, key)
			return err
		})
	}
	if err := look(); err != nil {
		return f, given, nil, err
	}
	if d.Files.Blobs == nil {
		return f, given, nil, errNoFiles.New()
	}
	r, err = d.Files.Blobs.Open(ctx, given.SHA256)
	if given.Copy && errors.Is(err, blob.ErrAbsent) {
		if err := d.copyAgain(ctx, f.File, given); err != nil {
			return f, given, nil, err
		}
		if err := look(); err != nil {
			return f, given, nil, err
		}
		r, err = d.Files.Blobs.Open(ctx, given.SHA256)
	}
	return f, given, r, err
}

// copyAgain makes a copy anew whose bytes are lost. Mostly they come out the same; where a
// newer program makes others, the row says so.
func (d *Desk) copyAgain(ctx context.Context, f file.File, lost file.Given) error {
	made, err := d.copied(ctx, f)
	if err != nil || made.SHA256 == lost.SHA256 {
		return err
	}
	return d.tended(ctx, f, func(tx *store.Tx, now *file.File) (stage.Move, error) {
		c, m, err := now.Copy(stage.TheClock, made.Outcome, made.SHA256, made.Size)
		if err == nil {
			err = tx.PutCopy(&c)
		}
		return m, err
	})
}
