package casework

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"time"

	"shifan/internal/evidence"
	"shifan/internal/fault"
	"shifan/internal/lifecycle/file"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/record"
	"shifan/internal/store"
)

const (
	tendMost   = 20          // files that one round of tending takes
	readWithin = time.Minute // for the reading or the drawing of one file
)

// scanned asks the scanner about a file on its way in. What is wrong with a scanner
// that gives no verdict is logged by those who tend the files.
func (d *Desk) scanned(ctx context.Context, in incoming) file.Answer {
	if d.Files.Scanner == nil {
		return file.Answer{}
	}
	virus, err := d.Files.Scanner.Scan(ctx, io.NewSectionReader(in.disk, 0, in.size))
	return file.Answer{Asked: true, Given: err == nil, Virus: virus}
}

// TendFiles does what uploaded files wait for: it asks the scanner about those
// without a verdict, makes copies of those that are released for whoever judges them,
// reads their text and draws their pages. It may run on several nodes at once. What it could not do is returned joined, and waits for
// the next time.
func (d *Desk) TendFiles(ctx context.Context) (acts int, err error) {
	defer fault.Wrap(&err, "casework.TendFiles")
	if d.Files.Blobs == nil {
		return 0, nil
	}
	var failed []error
	each := func(list func(*store.Tx, int) ([]file.File, error), do func(context.Context, file.File) error) {
		var due []file.File
		if err := d.Store.View(ctx, func(tx *store.Tx) (err error) {
			due, err = list(tx, tendMost)
			return err
		}); err != nil {
			failed = append(failed, err)
		}
		for _, f := range due {
			err := do(ctx, f)
			switch {
			case err == nil:
				acts++
			case !beaten(err) && fault.KindOf(err) != fault.NotFound: // another node did it, or the file is gone
				failed = append(failed, err)
			}
		}
	}
	if d.Files.Scanner != nil {
		each((*store.Tx).FilesUnscanned, d.queue)
		each((*store.Tx).FilesWaiting, d.ScanAgain)
	}
	each((*store.Tx).FilesUncopied, d.copyFile)
	if d.Files.Reader != nil {
		each((*store.Tx).FilesUnread, d.read)
		each((*store.Tx).FilesUndrawn, d.draw)
	}
	return acts, errors.Join(failed...)
}

// queue lets a file wait for the scanner that came before there was one.
func (d *Desk) queue(ctx context.Context, f file.File) error {
	return d.tended(ctx, f, func(_ *store.Tx, now *file.File) (stage.Move, error) { return now.Queue(stage.TheClock) })
}

// ScanAgain asks the scanner about a file that was not judged yet.
func (d *Desk) ScanAgain(ctx context.Context, f file.File) error {
	r, err := d.Files.Blobs.Open(ctx, f.SHA256)
	if err != nil {
		return err
	}
	defer r.Close()
	virus, err := d.Files.Scanner.Scan(ctx, r)
	if err != nil {
		return err
	}
	return d.tended(ctx, f, func(_ *store.Tx, now *file.File) (stage.Move, error) { return now.Judge(stage.TheClock, virus) })
}

// read reads the text of a file.
func (d *Desk) read(ctx context.Context, f file.File) error {
	pages, outcome, err := d.textOf(ctx, f)
	if err != nil {
		return err
	}
	return d.tended(ctx, f, func(tx *store.Tx, now *file.File) (stage.Move, error) {
		text, m, err := now.Read(stage.TheClock, outcome, pages)
		if err == nil && text != nil {
			err = tx.AddText(text)
		}
		return m, err
	})
}

// textOf reads the text of a file. A file that cannot be read is no error: it says
// so, and people read it themselves.
func (d *Desk) textOf(ctx context.Context, f file.File) (pages []string, outcome string, err error) {
	kind := evidence.Kind(f.Kind)
	if kind == evidence.JPG || kind == evidence.PNG {
		return nil, file.Picture, nil
	}
	r, err := d.Files.Blobs.Open(ctx, f.SHA256)
	if err != nil {
		return nil, "", err
	}
	defer r.Close()
	within, cancel := context.WithTimeout(ctx, readWithin)
	defer cancel()
	pages, err = d.Files.Reader.Text(within, kind, r, f.Size)
	switch {
	case err == nil:
		return pages, file.HasText, nil
	case evidence.IsPicture(err):
		return nil, file.Picture, nil
	case ctx.Err() != nil:
		return nil, "", ctx.Err()
	case errors.Is(err, evidence.ErrReader):
		return nil, "", err // nothing is known of the file; the next time tells
	}
	return nil, file.Unreadable, nil
}

// draw draws the first pages of a file.
func (d *Desk) draw(ctx context.Context, f file.File) error {
	pages, outcome, err := d.drawn(ctx, f)
	if err != nil {
		return err
	}
	return d.tended(ctx, f, func(tx *store.Tx, now *file.File) (stage.Move, error) {
		kept, m, err := now.Draw(stage.TheClock, outcome, pages)
		for _, p := range kept {
			err = errors.Join(err, tx.AddPreview(&p))
		}
		return m, err
	})
}

// drawn draws the first pages of a file and keeps the pictures. A file that cannot be
// drawn is no error: people open it.
func (d *Desk) drawn(ctx context.Context, f file.File) (pages []file.Preview, outcome string, err error) {
	r, err := d.Files.Blobs.Open(ctx, f.SHA256)
	if err != nil {
		return nil, "", err
	}
	defer r.Close()
	within, cancel := context.WithTimeout(ctx, readWithin)
	defer cancel()
	drawings, err := d.Files.Reader.Draw(within, evidence.Kind(f.Kind), r, f.Size, file.PreviewPages, file.PreviewSide)
	switch {
	case ctx.Err() != nil:
		return nil, "", ctx.Err()
	case errors.Is(err, evidence.ErrReader):
		return nil, "", err
	case evidence.IsUndrawn(err):
		return nil, file.Undrawn, nil
	case err != nil:
		return nil, file.NotDrawn, nil
	}
	for _, p := range drawings {
		sum, err := d.keep(ctx, p.JPEG)
		if err != nil {
			return nil, "", err
		}
		pages = append(pages, file.Preview{SHA256: sum, Width: p.Width, Height: p.Height})
	}
	return pages, file.Drawn, nil
}

// keep keeps bytes that the program made.
func (d *Desk) keep(ctx context.Context, b []byte) (sum string, err error) {
	h := sha256.Sum256(b)
	sum = hex.EncodeToString(h[:])
	return sum, d.Files.Blobs.Put(ctx, sum, int64(len(b)), bytes.NewReader(b))
}

// tended changes a file by the clock, with its line in the record.
func (d *Desk) tended(ctx context.Context, f file.File, do func(*store.Tx, *file.File) (stage.Move, error)) error {
	at := d.Now()
	return d.Store.Change(ctx, func(tx *store.Tx) (record.Entry, error) {
		now, err := tx.File(f.ID)
		if err != nil {
			return record.Entry{}, err
		}
		if now.Version != f.Version {
			return record.Entry{}, fault.Stale()
		}
		m, err := do(tx, &now)
		if err != nil {
			return record.Entry{}, err
		}
		e := d.entry(stage.TheClock, file.Kind, string(now.ID), m, at)
		e.Programme, e.Facts = now.Programme, map[string]string{"sha256": now.SHA256}
		if now.Reading != "" {
			e.Facts["reading"] = now.Reading
		}
		if now.Drawing != "" {
			e.Facts["drawing"] = now.Drawing
		}
		return e, tx.PutFile(&now)
	})
}
