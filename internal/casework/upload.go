package casework

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"strconv"
	"time"

	"shifan/internal/blob"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/lifecycle/upload"
	"shifan/internal/record"
	"shifan/internal/store"
)

// Offer is a file that somebody begins to send.
type Offer struct {
	Name     string
	Size     int64 // bytes
	Modified int64 // when it was last changed, in ms since 1970; 0: nobody knows
}

// UploadView is an upload as its sender sees it.
type UploadView struct {
	upload.Upload
	Under []string // the indicators that the file stands under, once it is kept
}

// placeOf gathers what decides whether a file may be put under an indicator.
func (d *Desk) placeOf(tx *store.Tx, by stage.Actor, key id.Application, indicator string) (at upload.Place, err error) {
	a, err := tx.ApplicationFor(by, key)
	if err != nil {
		return at, err
	}
	p, r, err := rulesOf(tx, &a)
	if err != nil {
		return at, err
	}
	at = upload.Place{Application: &a, Programme: p, Round: &r, Indicator: indicator, Room: d.Files.Room}
	if at.Kept, err = tx.FilesOf(key); err != nil {
		return at, err
	}
	if at.Standing, err = tx.EvidenceOf(key); err != nil {
		return at, err
	}
	at.Others, err = tx.UploadsOf(key)
	return at, err
}

// BeginUpload begins to take a file piece by piece as evidence for an indicator of an
// application (S43). Its sender is told at once what the whole file would be told.
func (d *Desk) BeginUpload(ctx context.Context, by stage.Actor, key id.Application, indicator string, o Offer) (u upload.Upload, err error) {
	defer fault.Wrap(&err, "casework.BeginUpload(%s, %s)", key, indicator)
	if d.Files.Blobs == nil || d.Files.Parts == nil {
		return u, errNoFiles.New()
	}
	now, fresh := d.Now(), id.New[id.Upload](d.Rand)
	err = d.Store.Change(ctx, func(tx *store.Tx) (record.Entry, error) {
		at, err := d.placeOf(tx, by, key, indicator)
		if err != nil {
			return record.Entry{}, err
		}
		var m stage.Move
		u, m, err = upload.Begin(upload.Upload{ID: fresh, Name: o.Name, Size: o.Size, Modified: o.Modified}, by, at, now)
		if err != nil {
			return record.Entry{}, err
		}
		return d.uploadEntry(by, &u, m, now, "size", strconv.FormatInt(u.Size, 10)), tx.AddUpload(&u)
	})
	return u, err
}

// uploadEntry is the line of the record for an upload; not its name, which may name
// somebody.
func (d *Desk) uploadEntry(by stage.Actor, u *upload.Upload, m stage.Move, now time.Time, pairs ...string) record.Entry {
	e := d.entry(by, upload.Kind, string(u.ID), m, now)
	e.Programme = u.Programme
	e.Facts = map[string]string{"application": string(u.Application), "indicator": u.Indicator}
	for i := 0; i+1 < len(pairs); i += 2 {
		e.Facts[pairs[i]] = pairs[i+1]
	}
	return e
}

// UploadState returns an upload as its sender sees it. One that is whole and was not looked
// at yet, because the server that had the last of it was killed, is looked at now.
func (d *Desk) UploadState(ctx context.Context, by stage.Actor, key id.Upload) (v UploadView, err error) {
	defer fault.Wrap(&err, "casework.UploadState(%s)", key)
	if v, err = d.uploadView(ctx, by, key); err != nil {
		return v, err
	}
	if v.State == upload.Coming && v.Whole() && d.Now().Before(v.Expires) {
		if err := d.FinishUpload(ctx, by, key); err != nil && !refusal(err) {
			return v, err
		}
		return d.uploadView(ctx, by, key)
	}
	return v, nil
}

// SentUpload returns an upload as its sender sees it, as it stands.
func (d *Desk) SentUpload(ctx context.Context, by stage.Actor, key id.Upload) (v UploadView, err error) {
	defer fault.Wrap(&err, "casework.SentUpload(%s)", key)
	return d.uploadView(ctx, by, key)
}

func (d *Desk) uploadView(ctx context.Context, by stage.Actor, key id.Upload) (v UploadView, err error) {
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		if v.Upload, err = tx.UploadFor(by, key); err != nil || v.File == "" {
			return err
		}
		standing, err := tx.EvidenceOf(v.Application)
		for _, p := range standing {
			if p.File == v.File {
				v.Under = append(v.Under, p.Indicator)
			}
		}
		return err
	})
	return v, err
}

// Uploads lists what a sender has not sent to the end for an application, by indicator.
func (d *Desk) Uploads(ctx context.Context, by stage.Actor, key id.Application) (all map[string][]upload.Upload, err error) {
	defer fault.Wrap(&err, "casework.Uploads(%s)", key)
	now := d.Now()
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		some, err := tx.UploadsFor(by, key)
		all = map[string][]upload.Upload{}
		for _, u := range some {
			if u.State == upload.Coming && now.Before(u.Expires) {
				all[u.Indicator] = append(all[u.Indicator], u)
			}
		}
		return err
	})
	return all, err
}

// ReceiveUpload takes more of a file from r, which holds what follows the offset, and
// returns how much of it is kept. What came before the line broke is kept too. Each
// part is kept for good before the next is read, so that little is sent again and the
// server's memory stays as it is.
func (d *Desk) ReceiveUpload(ctx context.Context, by stage.Actor, key id.Upload, offset int64, r io.Reader) (kept int64, err error) {
	defer fault.Wrap(&err, "casework.ReceiveUpload(%s, %d)", key, offset)
	if d.Files.Blobs == nil || d.Files.Parts == nil {
		return 0, errNoFiles.New()
	}
	now := d.Now()
	if err := d.Store.View(ctx, func(tx *store.Tx) error {
		u, at, err := d.uploadAt(tx, by, key)
		if err == nil {
			_, err = u.Goes(by, at, offset, now)
		}
		return err
	}); err != nil {
		return 0, err
	}
	for {
		n, err := d.receivePart(ctx, by, key, offset+kept, r)
		kept += n
		if err != nil || n < upload.PartMost {
			return kept, err
		}
	}
}

func (d *Desk) uploadAt(tx *store.Tx, by stage.Actor, key id.Upload) (u upload.Upload, at upload.Place, err error) {
	if u, err = tx.UploadFor(by, key); err != nil {
		return u, at, err
	}
	at, err = d.placeOf(tx, by, u.Application, u.Indicator)
	return u, at, err
}

// receivePart keeps one part and then says so in the upload's row. A part begins with
// the upload's identifier: so no two uploads share one, and what an upload leaves
// behind can be taken away.
func (d *Desk) receivePart(ctx context.Context, by stage.Actor, key id.Upload, offset int64, r io.Reader) (n int64, err error) {
	disk, err := os.CreateTemp(d.Files.Folder, "part-*")
	if err != nil {
		return 0, err
	}
	part := incoming{disk: disk}
	defer part.forget()
	os.Remove(disk.Name()) //nolint:errcheck // see receive
	h := sha256.New()
	to := io.MultiWriter(disk, h)
	if _, err := io.WriteString(to, string(key)); err != nil {
		return 0, err
	}
	n, err = io.Copy(to, io.LimitReader(r, upload.PartMost))
	if err != nil || n == 0 {
		return 0, err
	}
	if _, err := disk.Seek(0, io.SeekStart); err != nil {
		return 0, err
	}
	p := upload.Part{SHA256: hex.EncodeToString(h.Sum(nil)), Size: n}
	if err := d.Files.Parts.Put(ctx, p.SHA256, n+int64(len(key)), disk); err != nil {
		return 0, err
	}
	now := d.Now()
	err = d.Store.Change(ctx, func(tx *store.Tx) (record.Entry, error) {
		u, at, err := d.uploadAt(tx, by, key)
		if err != nil {
			return record.Entry{}, err
		}
		m, err := u.Receive(by, at, offset, p, now)
		if err != nil {
			return record.Entry{}, err
		}
		return d.uploadEntry(by, &u, m, now, "offset", strconv.FormatInt(offset, 10), "size", strconv.FormatInt(n, 10)), tx.PutUpload(&u)
	})
	if err != nil {
		return 0, err
	}
	return n, nil
}

// FinishUpload puts an upload that is whole together and takes it as Upload takes a
// file: the same look into it, the same rules, the same rows. Why it is refused is
// kept for its sender, who may not hear the answer, and returned.
func (d *Desk) FinishUpload(ctx context.Context, by stage.Actor, key id.Upload) (err error) {
	defer fault.Wrap(&err, "casework.FinishUpload(%s)", key)
	v, err := d.uploadView(ctx, by, key)
	if err != nil || v.State != upload.Coming {
		return err
	}
	err = d.finish(ctx, by, &v.Upload)
	switch {
	case fault.KindOf(err) == fault.Conflict:
		now, seen := d.uploadView(ctx, by, key)
		if seen == nil && now.State != upload.Coming {
			return nil // another request finished it
		}
		return err
	case refusal(err):
		if e := d.refuseUpload(ctx, by, key, err); e != nil {
			return e
		}
	case err != nil:
		return err
	}
	d.forgetParts(ctx, v.Parts)
	return err
}

// refusal reports whether an error is the end of a file: it says what is wrong with
// it, or why it comes too late.
func refusal(err error) bool {
	k := fault.KindOf(err)
	return err != nil && (k == fault.Invalid || k == fault.Refused)
}

func (d *Desk) finish(ctx context.Context, by stage.Actor, u *upload.Upload) error {
	r := &parts{ctx: ctx, from: d.Files.Parts, skip: int64(len(u.ID)), left: u.Parts}
	defer r.close() //nolint:errcheck // it was only read
	in, err := d.receive(r, u.Name)
	if err != nil && r.err != nil && !errors.Is(r.err, blob.ErrAbsent) {
		return r.err
	}
	if err != nil {
		return err
	}
	defer in.forget()
	fresh, err := d.examined(ctx, in, u.Name)
	if err != nil {
		return err
	}
	_, err = d.attach(ctx, by, u.Application, u.Indicator, fresh, func(tx *store.Tx, f File, now time.Time) error {
		u, err := tx.UploadFor(by, u.ID)
		if err != nil {
			return err
		}
		m, err := u.Keep(by, f.ID, now)
		if err != nil {
			return err
		}
		tx.Also(d.uploadEntry(by, &u, m, now, "file", string(f.ID)))
		return tx.PutUpload(&u)
	})
	return err
}

// parts reads an upload from its parts, one after another.
type parts struct {
	ctx  context.Context //nolint:containedctx // it lives as long as one call
	from blob.Store
	skip int64
	left []upload.Part
	open blob.File
	err  error // why reading broke off
}

// Read implements io.Reader.
func (r *parts) Read(p []byte) (n int, err error) {
	for {
		if r.open == nil {
			if len(r.left) == 0 {
				return 0, io.EOF
			}
			if r.open, r.err = r.from.Open(r.ctx, r.left[0].SHA256); r.err != nil {
				return 0, r.err
			}
			if _, r.err = r.open.Seek(r.skip, io.SeekStart); r.err != nil {
				return 0, r.err
			}
			r.left = r.left[1:]
		}
		n, err = r.open.Read(p)
		if errors.Is(err, io.EOF) {
			err = r.close()
		}
		if n > 0 || err != nil {
			r.err = err
			return n, err
		}
	}
}

func (r *parts) close() error {
	if r.open == nil {
		return nil
	}
	err := r.open.Close()
	r.open = nil
	return err
}

// refuseUpload keeps why an upload was not taken.
func (d *Desk) refuseUpload(ctx context.Context, by stage.Actor, key id.Upload, why error) error {
	f, _ := errors.AsType[*fault.Fault](why)
	now := d.Now()
	return d.Store.Change(ctx, func(tx *store.Tx) (record.Entry, error) {
		u, err := tx.UploadFor(by, key)
		if err != nil {
			return record.Entry{}, err
		}
		m, err := u.Refuse(by, f, now)
		if err != nil {
			return record.Entry{}, err
		}
		return d.uploadEntry(by, &u, m, now, "code", u.Code), tx.PutUpload(&u)
	})
}

// GiveUpUpload ends an upload that its sender does not want any more. Of one that is
// whole nothing is left to give up, and what became of it stays.
func (d *Desk) GiveUpUpload(ctx context.Context, by stage.Actor, key id.Upload) (err error) {
	defer fault.Wrap(&err, "casework.GiveUpUpload(%s)", key)
	now := d.Now()
	var gone upload.Upload
	if err := d.Store.Change(ctx, func(tx *store.Tx) (record.Entry, error) {
		u, err := tx.UploadFor(by, key)
		if err != nil {
			return record.Entry{}, err
		}
		gone = u
		m, err := u.GiveUp(by)
		if err != nil {
			return record.Entry{}, err
		}
		return d.uploadEntry(by, &u, m, now), tx.RemoveUpload(key)
	}); err != nil {
		return err
	}
	d.forgetParts(ctx, gone.Parts)
	return nil
}

// forgetParts takes parts away that no upload needs any more. What it cannot take
// away is swept when a server starts.
func (d *Desk) forgetParts(ctx context.Context, all []upload.Part) {
	for _, p := range all {
		d.Files.Parts.Remove(ctx, p.SHA256, blob.Whenever) //nolint:errcheck // see above
	}
}

// expireMost is how many uploads one round of the clock takes away.
const expireMost = 100

// expireUploads takes away what was not sent to its end in time, and what became of
// the others.
func (d *Desk) expireUploads(ctx context.Context, now time.Time) (acts int, err error) {
	defer fault.Wrap(&err, "casework.expireUploads")
	return dueActs(ctx, d, func(tx *store.Tx) ([]upload.Upload, error) { return tx.UploadsDue(now, expireMost) }, func(old upload.Upload) error {
		err := d.Store.Change(ctx, func(tx *store.Tx) (record.Entry, error) {
			u, err := tx.Upload(old.ID)
			if fault.KindOf(err) == fault.NotFound {
				return record.Entry{}, fault.Stale() // another node took it away
			}
			if err != nil {
				return record.Entry{}, err
			}
			m, err := u.Expire(stage.TheClock, now)
			if err != nil {
				return record.Entry{}, err
			}
			return d.uploadEntry(stage.TheClock, &u, m, now), tx.RemoveUpload(u.ID)
		})
		if err == nil && d.Files.Parts != nil {
			d.forgetParts(ctx, old.Parts)
		}
		return err
	})
}
