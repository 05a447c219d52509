package casework

import (
	"context"
	"errors"
	"io"
	"time"

	"shifan/internal/blob"
	"shifan/internal/evidence"
	"shifan/internal/fault"
	"shifan/internal/lifecycle/file"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/personal"
	"shifan/internal/record"
	"shifan/internal/store"
)

const (
	tendMost   = 20          // files that one round of tending takes
	readWithin = time.Minute // for the reading of one file
)

// errVirus refuses a file in which the scanner found a virus while it was uploaded.
var errVirus = fault.Define(fault.Invalid, "evidence.upload.virus", "“%s”里查出病毒（%s），没有保存。在自己的电脑上查杀后，从干净的文件重新上传。", "制度:未经扫描不放行")

// scanned asks the scanner about a file on its way in. Without a scanner it says
// so; without a verdict the file waits for one.
func (d *Desk) scanned(ctx context.Context, in incoming, name string) (verdict string, err error) {
	if d.Files.Scanner == nil {
		return file.Unscanned, nil
	}
	virus, err := d.Files.Scanner.Scan(ctx, io.NewSectionReader(in.disk, 0, in.size))
	switch {
	case err != nil:
		return file.Waiting, nil // what is wrong with the scanner is logged by those who tend the files
	case virus != "":
		return "", errVirus.New(evidence.Quote(name), evidence.Quote(virus))
	}
	return file.Clean, nil
}

// TendFiles does what uploaded files wait for: it asks the scanner again about those
// without a verdict, and reads the text of those that were let pass. It may run on
// several nodes at once. What it could not do is returned joined, and waits for
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
		each((*store.Tx).FilesWaiting, d.ScanAgain)
	}
	if d.Files.Reader != nil {
		each((*store.Tx).FilesUnread, d.read)
	}
	return acts, errors.Join(failed...)
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
	return d.tended(ctx, f, "scan", "制度:未经扫描不放行", func(_ *store.Tx, now *file.File) (from, to string, err error) {
		from, to = now.Scan, file.Clean
		if virus != "" {
			to = file.Infected
		}
		now.Scan = to
		return from, to, nil
	})
}

// read reads the text of a file and notes what stands in it of persons.
func (d *Desk) read(ctx context.Context, f file.File) error {
	pages, outcome, err := d.textOf(ctx, f)
	if err != nil {
		return err
	}
	var hints []file.Hint
	for n, p := range pages {
		for _, found := range personal.Scan(p) {
			if len(hints) < hintsMost {
				hints = append(hints, file.Hint{Page: n + 1, Kind: found.Kind.Word(), Masked: found.Masked})
			}
		}
	}
	return d.tended(ctx, f, "read", "制度:机器读取只作提示", func(tx *store.Tx, now *file.File) (from, to string, err error) {
		if now.Reading != "" {
			return "", "", fault.Stale()
		}
		now.Reading, now.Hints = outcome, hints
		if outcome == file.HasText {
			err = tx.AddText(&file.Text{File: now.ID, Pages: pages})
		}
		return "", outcome, err
	})
}

// hintsMost is how many numbers of persons are noted of one file.
const hintsMost = 20

// textOf reads the text of a file. A file that cannot be read is no error: it says
// so, and people read it themselves.
func (d *Desk) textOf(ctx context.Context, f file.File) (pages []string, outcome string, err error) {
	kind := evidence.Kind(f.Kind)
	if kind == evidence.JPG || kind == evidence.PNG {
		return nil, file.Picture, nil
	}
	r, err := d.Files.Blobs.Open(ctx, f.SHA256)
	if errors.Is(err, blob.ErrAbsent) {
		return nil, "", err
	}
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
	}
	return nil, file.Unreadable, nil
}

// tended changes a file by the clock, with its line in the record.
func (d *Desk) tended(ctx context.Context, f file.File, act, basis string, do func(*store.Tx, *file.File) (from, to string, err error)) error {
	at := d.Now()
	return d.Store.Change(ctx, func(tx *store.Tx) (record.Entry, error) {
		now, err := tx.File(f.ID)
		if err != nil {
			return record.Entry{}, err
		}
		if now.Version != f.Version {
			return record.Entry{}, fault.Stale()
		}
		from, to, err := do(tx, &now)
		if err != nil {
			return record.Entry{}, err
		}
		m := stage.Move{Act: act, From: stage.State(from), To: stage.State(to), Basis: basis}
		e := d.entry(stage.TheClock, fileKind, string(now.ID), m, at)
		e.Programme, e.Facts = now.Programme, map[string]string{"sha256": now.SHA256}
		return e, tx.PutFile(&now)
	})
}
