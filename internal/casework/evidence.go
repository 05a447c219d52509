package casework

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"slices"
	"strconv"
	"time"

	"shifan/internal/blob"
	"shifan/internal/evidence"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/answer"
	"shifan/internal/lifecycle/application"
	"shifan/internal/lifecycle/file"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/round"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/record"
	"shifan/internal/store"
)

// Files is where a desk keeps what is uploaded, and how much it takes.
type Files struct {
	Blobs  blob.Store // nil: nothing can be uploaded
	Parts  blob.Store // of files that come piece by piece; where all servers find it; nil: none come so
	Folder string     // for files on their way in; empty: the system's temporary folder
	Room   file.Room  // how much an application may bring; the zero value: the defaults

	Scanner *evidence.Scanner // nil: nothing is scanned, and files say so
	Reader  *evidence.Reader  // nil: no text is read
}

// File is an uploaded file with the indicators that it stands under.
type File struct {
	file.File
	Under []string
	Drawn []file.Preview // those that may be shown drawn
	From  int            // the year that it was carried over from to this indicator; 0: it was not
	Copy  string         // of a viewer who is given copies: file.Copied, file.Uncopied or file.Uncertain; "": the viewer gets the file itself
	Says  *file.Finding  // of the sentence that its indicator asks for (S9); nil: it asks for none, or the file is not read yet
}

var (
	errNoFiles = fault.Define(fault.Unavailable, "evidence.upload.off", "本平台还没有设置存放文件的地方，暂时不能上传。请联系系统管理员。", "")
	errBroken  = fault.Define(fault.Invalid, "evidence.upload.broken", "“%s”没有传完，网络可能断了。请再传一次。", "")
)

// Upload takes a file as evidence for an indicator of an application (S43). It is
// looked at before it is kept, and kept before the row says so. The same bytes
// again are the same file: under another indicator they stand there too.
func (d *Desk) Upload(ctx context.Context, by stage.Actor, key id.Application, indicator, name string, r io.Reader) (f File, err error) {
	defer fault.Wrap(&err, "casework.Upload(%s, %s)", key, indicator)
	fresh, err := d.taken(ctx, r, name, func() error { return d.mayAttach(ctx, by, key, indicator) })
	if err != nil {
		return f, err
	}
	return d.attach(ctx, by, key, indicator, fresh, nil)
}

// taken receives a file for a change that is to name it, looks at it and keeps its bytes.
// may refuses early, before anything is read, what that change would refuse.
func (d *Desk) taken(ctx context.Context, r io.Reader, name string, may func() error) (fresh file.File, err error) {
	if d.Files.Blobs == nil {
		return fresh, errNoFiles.New()
	}
	if err := may(); err != nil {
		return fresh, err
	}
	in, err := d.receive(r, name)
	if err != nil {
		return fresh, err
	}
	defer in.forget()
	return d.examined(ctx, in, name)
}

// examined looks at a file on its way in and keeps its bytes.
func (d *Desk) examined(ctx context.Context, in incoming, name string) (fresh file.File, err error) {
	found, err := evidence.Inspect(in.disk, in.size, name)
	if err != nil {
		return fresh, err
	}
	fresh = file.File{Name: found.Name, Kind: string(found.Kind), Size: in.size, SHA256: in.sum, Pages: found.Pages}
	if err := fresh.Arrive(d.scanned(ctx, in)); err != nil {
		return fresh, err
	}
	if _, err := in.disk.Seek(0, io.SeekStart); err != nil {
		return fresh, err
	}
	return fresh, d.Files.Blobs.Put(ctx, in.sum, in.size, in.disk)
}

// mayAttach refuses early, before anything is read, what the change would refuse.
func (d *Desk) mayAttach(ctx context.Context, by stage.Actor, key id.Application, indicator string) error {
	return d.Store.View(ctx, func(tx *store.Tx) error {
		a, err := tx.ApplicationFor(by, key)
		if err != nil {
			return err
		}
		p, r, err := rulesOf(tx, &a)
		if err == nil {
			_, err = file.Attach(&a, by, p, &r, indicator, d.Now())
		}
		return err
	})
}

// rulesOf returns the programme and the round that an application lives under.
func rulesOf(tx *store.Tx, a *application.Application) (p *programme.Programme, r round.Round, err error) {
	if r, err = tx.Round(a.Round); err != nil {
		return nil, r, err
	}
	p, err = tx.ProgrammeOf(a.Round)
	return p, r, err
}

// incoming is a file on its way in. It has no name any more where the system lets a
// file go on without one, so that nothing of it stays whenever the process ends.
type incoming struct {
	disk *os.File
	size int64
	sum  string
}

func (in incoming) forget() {
	in.disk.Close()           //nolint:errcheck // it goes
	os.Remove(in.disk.Name()) //nolint:errcheck // mostly it went when it was made
}

// receive writes what comes to a file of its own, and no more than is taken. Where a
// file that is open cannot lose its name (Windows), a process that is killed leaves it
// behind: the server takes such files out of Files.Folder when it starts, and the
// system those of its temporary folder.
func (d *Desk) receive(r io.Reader, name string) (in incoming, err error) {
	room := d.Files.Room.Filled()
	if in.disk, err = os.CreateTemp(d.Files.Folder, "upload-*"); err != nil {
		return in, err
	}
	os.Remove(in.disk.Name()) //nolint:errcheck // see above
	h, from := sha256.New(), &source{r: r}
	in.size, err = io.Copy(io.MultiWriter(in.disk, h), io.LimitReader(from, room.File+1))
	in.sum = hex.EncodeToString(h.Sum(nil))
	switch {
	case from.broke:
		err = errBroken.New(evidence.Quote(name))
	case err == nil:
		err = room.Takes(evidence.Quote(name), in.size)
	}
	if err != nil {
		in.forget()
	}
	return in, err
}

// source remembers that reading broke off, which is the line's doing and not ours.
type source struct {
	r     io.Reader
	broke bool
}

// Read implements io.Reader.
func (s *source) Read(p []byte) (int, error) {
	n, err := s.r.Read(p)
	s.broke = err != nil && !errors.Is(err, io.EOF)
	return n, err
}

// attach makes the rows of a file whose bytes are kept. What also does belongs to the
// same change.
func (d *Desk) attach(ctx context.Context, by stage.Actor, key id.Application, indicator string, in file.File, also alongside) (f File, err error) {
	in.ID, in.UploadedBy, in.UploadedAt = id.New[id.File](d.Rand), by.Account, d.Now()
	return d.put(ctx, by, key, indicator, also, func(_ *store.Tx, a *application.Application) (file.File, error) {
		in.Programme, in.Round, in.Organisation, in.Application = a.Programme, a.Round, a.Organisation, a.ID
		return in, nil
	})
}

// PlaceEvidence puts a file that the application has already under one more
// indicator: the same row and the same bytes (S43).
func (d *Desk) PlaceEvidence(ctx context.Context, by stage.Actor, key id.Application, indicator string, which id.File) (f File, err error) {
	defer fault.Wrap(&err, "casework.PlaceEvidence(%s, %s)", key, indicator)
	return d.put(ctx, by, key, indicator, nil, func(tx *store.Tx, a *application.Application) (file.File, error) {
		f, err := tx.File(which)
		if err == nil && f.Application != a.ID {
			err = fault.Missing()
		}
		return f, err
	})
}

// alongside is what happens in the change that puts a file under an indicator; nil:
// nothing else.
type alongside func(tx *store.Tx, f File, now time.Time) error

// put puts a file under an indicator of an application while it may come there.
func (d *Desk) put(ctx context.Context, by stage.Actor, key id.Application, indicator string, also alongside, which func(*store.Tx, *application.Application) (file.File, error)) (f File, err error) {
	now := d.Now()
	err = d.Store.Change(ctx, func(tx *store.Tx) (record.Entry, error) {
		a, err := tx.ApplicationFor(by, key)
		if err != nil {
			return record.Entry{}, err
		}
		p, r, err := rulesOf(tx, &a)
		if err != nil {
			return record.Entry{}, err
		}
		m, err := file.Attach(&a, by, p, &r, indicator, now)
		if err != nil {
			return record.Entry{}, err
		}
		in, err := which(tx, &a)
		if err != nil {
			return record.Entry{}, err
		}
		if f, err = d.place(tx, in, indicator, 0, now); err == nil {
			makes(ctx, string(f.ID))
		}
		if err == nil && also != nil {
			err = also(tx, f, now)
		}
		return d.fileEntry(by, &a, m, indicator, f.File, now), err
	})
	return f, err
}

// place puts a file under an indicator; carried is the year it comes over from, or 0.
func (d *Desk) place(tx *store.Tx, in file.File, indicator string, carried int, now time.Time) (f File, err error) {
	kept, err := tx.FilesOf(in.Application)
	if err != nil {
		return f, err
	}
	standing, err := tx.EvidenceOf(in.Application)
	if err != nil {
		return f, err
	}
	put, err := file.Put(in, indicator, kept, standing, d.Files.Room, now)
	if err != nil {
		return f, err
	}
	if put.New {
		if err := tx.AddFile(&put.File); err != nil {
			return f, err
		}
	}
	put.Place.Carried = carried
	return File{File: put.File, Under: put.Under}, tx.AddEvidence(&put.Place)
}

// RemoveEvidence takes a file from under an indicator. One that stands nowhere any
// more and was never submitted is forgotten.
func (d *Desk) RemoveEvidence(ctx context.Context, by stage.Actor, key id.Application, indicator string, which id.File) (err error) {
	defer fault.Wrap(&err, "casework.RemoveEvidence(%s, %s)", key, indicator)
	now := d.Now()
	return d.Store.Change(ctx, func(tx *store.Tx) (record.Entry, error) {
		a, err := tx.ApplicationFor(by, key)
		if err != nil {
			return record.Entry{}, err
		}
		p, r, err := rulesOf(tx, &a)
		if err != nil {
			return record.Entry{}, err
		}
		m, err := file.Detach(&a, by, p, &r, indicator, now)
		if err != nil {
			return record.Entry{}, err
		}
		standing, err := tx.EvidenceOf(key)
		if err != nil {
			return record.Entry{}, err
		}
		f, err := tx.File(which)
		if err != nil {
			return record.Entry{}, err
		}
		gone, forgotten, err := file.Take(&a, &f, indicator, standing)
		if err != nil {
			return record.Entry{}, err
		}
		if err := tx.RemoveEvidence(gone.Key); err != nil {
			return record.Entry{}, err
		}
		if forgotten {
			err = tx.RemoveFile(which)
		}
		return d.fileEntry(by, &a, m, indicator, f, now), err
	})
}

// fileEntry is the line of the record for a file that comes or goes: its bytes,
// and where; not its name, which may name somebody.
func (d *Desk) fileEntry(by stage.Actor, a *application.Application, m stage.Move, indicator string, f file.File, now time.Time) record.Entry {
	e := d.entry(by, application.Kind, string(a.ID), m, now)
	e.Programme = a.Programme
	e.Facts = map[string]string{"round": string(a.Round), "indicator": indicator, "sha256": f.SHA256, "size": strconv.FormatInt(f.Size, 10)}
	return e
}

// EvidenceOf returns the files of an application by indicator, as the viewer may
// see them.
func (d *Desk) EvidenceOf(ctx context.Context, by stage.Actor, key id.Application) (under map[string][]File, err error) {
	defer fault.Wrap(&err, "casework.EvidenceOf(%s)", key)
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		all, err := tx.FilesFor(by, key)
		if err != nil {
			return err
		}
		a, err := tx.Application(key)
		if err != nil {
			return err
		}
		p, err := tx.ProgrammeOf(a.Round)
		if err == nil {
			under, err = withPlaces(tx, by, p, all)
		}
		return err
	})
	return under, err
}

// withPlaces says for each file under which indicators it stands, where it says what its
// indicator asks for, and what the viewer is given of it.
func withPlaces(tx *store.Tx, by stage.Actor, p *programme.Programme, all map[string][]file.File) (map[string][]File, error) {
	places, drawn := map[id.File][]string{}, map[id.File][]file.Preview{}
	for code, list := range all {
		for _, f := range list {
			places[f.ID] = append(places[f.ID], code)
			drawn[f.ID] = nil
		}
	}
	if err := previewsIn(tx, all, drawn); err != nil {
		return nil, err
	}
	years, err := carriedFrom(tx, all)
	if err != nil {
		return nil, err
	}
	copies, err := copiesIn(tx, by, all)
	if err != nil {
		return nil, err
	}
	under := map[string][]File{}
	for code, list := range all {
		i, _ := p.Indicator(code)
		for _, f := range list {
			slices.Sort(places[f.ID])
			seen := File{File: f, Under: places[f.ID], From: years[string(f.ID)+"/"+code], Copy: copies[f.ID]}
			if f.Previewable() == nil {
				seen.Drawn = drawn[f.ID]
			}
			if i.Phrase != "" && f.Reading == file.HasText {
				t, err := tx.TextOf(f.ID)
				if err != nil {
					return nil, err
				}
				says := file.Find(i.Phrase, t.Pages)
				seen.Says = &says
			}
			under[code] = append(under[code], seen)
		}
	}
	return under, nil
}

// applicationOf returns the application whose files are given; false when there are none.
func applicationOf(all map[string][]file.File) (id.Application, bool) {
	for _, list := range all {
		if len(list) > 0 {
			return list[0].Application, true
		}
	}
	return "", false
}

// previewsIn reads the drawn pages of the files of one application.
func previewsIn(tx *store.Tx, all map[string][]file.File, drawn map[id.File][]file.Preview) error {
	key, some := applicationOf(all)
	if !some {
		return nil
	}
	pages, err := tx.PreviewsOf(key)
	for _, p := range pages {
		drawn[p.File] = append(drawn[p.File], p)
	}
	return err
}

// OpenPreview opens a drawn page of a file, as far as the viewer may see it.
func (d *Desk) OpenPreview(ctx context.Context, by stage.Actor, key id.File, page int) (p file.Preview, r blob.File, err error) {
	defer fault.Wrap(&err, "casework.OpenPreview(%s, %d)", key, page)
	if err := d.Store.View(ctx, func(tx *store.Tx) (err error) {
		p, err = tx.PreviewFor(by, key, page)
		return err
	}); err != nil {
		return p, nil, err
	}
	if d.Files.Blobs == nil {
		return p, nil, errNoFiles.New()
	}
	r, err = d.Files.Blobs.Open(ctx, p.SHA256)
	return p, r, err
}

// carriedFrom says of each place of some files of one application, by its key, from
// which year it was carried over.
func carriedFrom(tx *store.Tx, all map[string][]file.File) (map[string]int, error) {
	years := map[string]int{}
	key, some := applicationOf(all)
	if !some {
		return years, nil
	}
	standing, err := tx.EvidenceOf(key)
	for _, p := range standing {
		years[p.Key] = p.Carried
	}
	return years, err
}

// briefsOf returns what stands under each indicator of an application now, as what
// is submitted names it. It is never nil.
func briefsOf(tx *store.Tx, a *application.Application) (map[string][]answer.File, error) {
	all, err := tx.FilesUnder(a, true)
	briefs := map[string][]answer.File{}
	for code, list := range all {
		for _, f := range list {
			briefs[code] = append(briefs[code], f.Brief())
		}
	}
	return briefs, err
}
