package casework

import (
	"context"
	"errors"
	"io"
	"strconv"

	"shifan/internal/blob"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/file"
	"shifan/internal/lifecycle/inquiry"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/record"
	"shifan/internal/store"
)

// AttachToObjection takes a file that an objector sends along, by the query code. It is
// asked whether the case is open before anything of the file is read; then the file is
// looked at as every file is, and kept before the row says so. The same file again is
// taken as said already.
func (d *Desk) AttachToObjection(ctx context.Context, code, name string, r io.Reader) (err error) {
	defer fault.Wrap(&err, "casework.AttachToObjection")
	return d.attachToObjection(ctx, stage.Anyone, code, name, r)
}

// AttachLetter takes a scan of what came by letter, or of notes of a call or a visit, from the
// clerk who registers it as an objection, by the query code of the receipt. The record says
// that the office brought it.
func (d *Desk) AttachLetter(ctx context.Context, by stage.Actor, code, name string, r io.Reader) (err error) {
	defer fault.Wrap(&err, "casework.AttachLetter")
	return d.attachToObjection(ctx, by, code, name, r)
}

// MayRegister refuses whoever does not register what comes by letter for the programme of a
// publicity: to them it does not exist.
func (d *Desk) MayRegister(ctx context.Context, by stage.Actor, key id.Publicity) (err error) {
	defer fault.Wrap(&err, "casework.MayRegister(%s)", key)
	v, err := d.Publicity(ctx, by, key)
	if err == nil && (by.Role != stage.Clerk || by.Programme != "" && by.Programme != v.Publicity.Programme) {
		err = fault.Missing()
	}
	return err
}

func (d *Desk) attachToObjection(ctx context.Context, by stage.Actor, code, name string, r io.Reader) error {
	receipt, err := d.ObjectionStatus(ctx, code)
	if err != nil {
		return err
	}
	if by.Programme != "" && by.Programme != receipt.Objection.Programme {
		return fault.Missing()
	}
	key := receipt.Objection.ID
	return d.attachTo(ctx, name, r, inquiry.Attachment{Programme: receipt.Objection.Programme, Objection: key}, func(tx *store.Tx) (record.Entry, error) {
		o, err := tx.Objection(key)
		if err != nil {
			return record.Entry{}, err
		}
		m, err := o.Attach(by)
		return d.objectionEntry(by, &o, m, d.Now()), err
	})
}

// AttachToMisuse takes a file that a reporter sends along, by the query code, as
// AttachToObjection does.
func (d *Desk) AttachToMisuse(ctx context.Context, query, name string, r io.Reader) (err error) {
	defer fault.Wrap(&err, "casework.AttachToMisuse")
	return d.attachToMisuse(ctx, stage.Anyone, query, name, r)
}

// AttachMisuseLetter takes a scan of what came by letter, or of notes of a call or a visit,
// from the clerk who enters it as a report of misuse, as AttachLetter does.
func (d *Desk) AttachMisuseLetter(ctx context.Context, by stage.Actor, query, name string, r io.Reader) (err error) {
	defer fault.Wrap(&err, "casework.AttachMisuseLetter")
	return d.attachToMisuse(ctx, by, query, name, r)
}

func (d *Desk) attachToMisuse(ctx context.Context, by stage.Actor, query, name string, r io.Reader) error {
	receipt, err := d.MisuseStatus(ctx, query)
	if err != nil {
		return err
	}
	if by.Programme != "" && by.Programme != receipt.Report.Programme {
		return fault.Missing()
	}
	key := receipt.Report.ID
	return d.attachTo(ctx, name, r, inquiry.Attachment{Programme: receipt.Report.Programme, Misuse: key}, func(tx *store.Tx) (record.Entry, error) {
		c, err := tx.Misuse(key)
		if err != nil {
			return record.Entry{}, err
		}
		m, err := c.Attach(by)
		return d.misuseEntry(by, &c, m, d.Now()), err
	})
}

// attachTo keeps a file that came along with a case. may says the move, or refuses it.
func (d *Desk) attachTo(ctx context.Context, name string, r io.Reader, to inquiry.Attachment, may func(*store.Tx) (record.Entry, error)) error {
	f, err := d.taken(ctx, r, name, func() error {
		return d.Store.View(ctx, func(tx *store.Tx) error {
			_, err := may(tx)
			return err
		})
	})
	if err != nil {
		return err
	}
	to.Name, to.Kind, to.Size, to.SHA256 = f.Name, f.Kind, f.Size, f.SHA256
	err = again(func() error {
		return d.Store.Change(ctx, func(tx *store.Tx) (record.Entry, error) {
			e, err := may(tx)
			if err != nil {
				return e, err
			}
			before, err := tx.AttachmentsOf(to.Objection, to.Misuse)
			if err != nil {
				return e, err
			}
			fresh, err := inquiry.Attach(before, to, f.State != file.Waiting)
			if err == nil && !fresh {
				err = errNothing
			}
			if err != nil {
				return e, err
			}
			to.ID, to.At = id.New[id.Attachment](d.Rand), d.Now()
			makes(ctx, string(to.ID))
			e.Facts["sha256"], e.Facts["size"] = to.SHA256, strconv.FormatInt(to.Size, 10)
			return e, tx.AddAttachment(&to)
		})
	})
	if errors.Is(err, errNothing) {
		return nil
	}
	return err
}

// OpenAttachment opens a file that came along with a case for reading, for whoever may
// know who raised it.
func (d *Desk) OpenAttachment(ctx context.Context, by stage.Actor, key id.Attachment) (a inquiry.Attachment, r blob.File, err error) {
	defer fault.Wrap(&err, "casework.OpenAttachment(%s)", key)
	if err := d.Store.View(ctx, func(tx *store.Tx) (err error) {
		a, err = tx.AttachmentFor(by, key)
		return err
	}); err != nil {
		return a, nil, err
	}
	if d.Files.Blobs == nil {
		return a, nil, errNoFiles.New()
	}
	r, err = d.Files.Blobs.Open(ctx, a.SHA256)
	return a, r, err
}
