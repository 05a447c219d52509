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
	Blobs  blob.Store      // nil: nothing can be uploaded
	Folder string          // for files on their way in; empty: the system's
	Limits evidence.Limits // the zero value: the defaults

	Scanner *evidence.Scanner // nil: nothing is scanned, and files say so
	Reader  *evidence.Reader  // nil: no text is read
}

// File is an uploaded file with the indicators that it stands under.
type File struct {
	file.File
	Under []string
	Says  *file.Finding // of the sentence that its indicator asks for (S9); nil: it asks for none, or the file is not read yet
}

var (
	errNoFiles  = fault.Define(fault.Unavailable, "evidence.upload.off", "本平台还没有设置存放文件的地方，暂时不能上传。请联系系统管理员。", "")
	errBroken   = fault.Define(fault.Invalid, "evidence.upload.broken", "“%s”没有传完，网络可能断了。请再传一次。", "")
	errTooMany  = fault.Define(fault.Refused, "evidence.upload.many", "指标%s已经有%d个文件，一个指标最多%d个。先移除不需要的，或者把几个合成一个PDF。", "")
	errFull     = fault.Define(fault.Refused, "evidence.upload.full", "加上“%s”，这件申报的文件共%s，最多%s。先移除不需要的，或者压缩图片后再上传。", "")
	errWaiting  = fault.Define(fault.Refused, "evidence.open.waiting", "“%s”正在等待病毒扫描，扫描通过后才能打开。", "制度:未经扫描不放行")
	errInfected = fault.Define(fault.Refused, "evidence.open.infected", "“%s”里查出病毒，不能打开。请申报单位在自己的电脑上查杀后重新上传。", "制度:未经扫描不放行")
)

// Upload takes a file as evidence for an indicator of an application (S43). It is
// looked at before it is kept, and kept before the row says so. The same bytes
// again are the same file: under another indicator they stand there too.
func (d *Desk) Upload(ctx context.Context, by stage.Actor, key id.Application, indicator, name string, r io.Reader) (f File, err error) {
	defer fault.Wrap(&err, "casework.Upload(%s, %s)", key, indicator)
	if d.Files.Blobs == nil {
		return f, errNoFiles.New()
	}
	if err := d.mayAttach(ctx, by, key, indicator); err != nil {
		return f, err
	}
	in, err := d.receive(r, name)
	if err != nil {
		return f, err
	}
	defer in.forget()
	found, err := evidence.Inspect(in.disk, in.size, name)
	if err != nil {
		return f, err
	}
	verdict, err := d.scanned(ctx, in, name)
	if err != nil {
		return f, err
	}
	if _, err := in.disk.Seek(0, io.SeekStart); err != nil {
		return f, err
	}
	if err := d.Files.Blobs.Put(ctx, in.sum, in.size, in.disk); err != nil {
		return f, err
	}
	return d.attach(ctx, by, key, indicator, file.File{
		Name: found.Name, Kind: string(found.Kind), Size: in.size, SHA256: in.sum, Pages: found.Pages, Scan: verdict,
	})
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

// incoming is a file on its way in.
type incoming struct {
	disk *os.File
	size int64
	sum  string
}

func (in incoming) forget() {
	in.disk.Close()           //nolint:errcheck // it goes
	os.Remove(in.disk.Name()) //nolint:errcheck // the folder is swept
}

// receive writes what comes to a file of its own, and no more than is taken.
func (d *Desk) receive(r io.Reader, name string) (in incoming, err error) {
	most := d.Files.Limits.Filled().File
	if in.disk, err = os.CreateTemp(d.Files.Folder, "upload-*"); err != nil {
		return in, err
	}
	h, from := sha256.New(), &source{r: r}
	in.size, err = io.Copy(io.MultiWriter(in.disk, h), io.LimitReader(from, most+1))
	in.sum = hex.EncodeToString(h.Sum(nil))
	switch {
	case from.broke:
		err = errBroken.New(evidence.Quote(name))
	case err == nil && in.size > most:
		err = evidence.TooBig(name, most)
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

// attach makes the rows of a file whose bytes are kept.
func (d *Desk) attach(ctx context.Context, by stage.Actor, key id.Application, indicator string, in file.File) (f File, err error) {
	limits, now := d.Files.Limits.Filled(), d.Now()
	fresh := id.New[id.File](d.Rand)
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
		f = File{File: in}
		f.ID, f.Programme, f.Round, f.Organisation, f.Application = fresh, a.Programme, a.Round, a.Organisation, a.ID
		f.UploadedBy, f.UploadedAt = by.Account, now
		if err := place(tx, &f, indicator, limits, now); err != nil {
			return record.Entry{}, err
		}
		return d.fileEntry(by, &a, m, indicator, f.File, now), nil
	})
	return f, err
}

// PlaceEvidence puts a file that the application has already under one more
// indicator: the same row and the same bytes (S43).
func (d *Desk) PlaceEvidence(ctx context.Context, by stage.Actor, key id.Application, indicator string, which id.File) (f File, err error) {
	defer fault.Wrap(&err, "casework.PlaceEvidence(%s, %s)", key, indicator)
	limits, now := d.Files.Limits.Filled(), d.Now()
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
		f = File{}
		if f.File, err = tx.File(which); err != nil {
			return record.Entry{}, err
		}
		if f.Application != a.ID {
			return record.Entry{}, fault.Missing()
		}
		if err := place(tx, &f, indicator, limits, now); err != nil {
			return record.Entry{}, err
		}
		return d.fileEntry(by, &a, m, indicator, f.File, now), nil
	})
	return f, err
}

// place puts a file under an indicator; bytes that the application has already
// keep their row.
func place(tx *store.Tx, f *File, indicator string, limits evidence.Limits, now time.Time) error {
	all, err := tx.FilesOf(f.Application)
	if err != nil {
		return err
	}
	standing, err := tx.EvidenceOf(f.Application)
	if err != nil {
		return err
	}
	total, there := f.Size, false
	for _, o := range all {
		if o.SHA256 == f.SHA256 {
			f.File, there, total = o, true, total-f.Size
		}
		total += o.Size
	}
	here := 0
	for _, e := range standing {
		if e.File == f.ID {
			f.Under = append(f.Under, e.Indicator)
		}
		if e.Indicator == indicator {
			here++
		}
	}
	switch {
	case slices.Contains(f.Under, indicator):
		return file.Twice(f.File, indicator)
	case here >= limits.Files:
		return errTooMany.At("file", indicator, here, limits.Files)
	case total > limits.Application:
		return errFull.At("file", evidence.Quote(f.Name), evidence.Size(total), evidence.Size(limits.Application))
	}
	f.Under = append(f.Under, indicator)
	if !there {
		if err := tx.AddFile(&f.File); err != nil {
			return err
		}
	}
	e := file.NewPlace(f.File, indicator, now)
	return tx.AddEvidence(&e)
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
		at := slices.IndexFunc(standing, func(e file.Place) bool { return e.File == which && e.Indicator == indicator })
		if at < 0 {
			return record.Entry{}, fault.Missing()
		}
		f, err := tx.File(which)
		if err != nil {
			return record.Entry{}, err
		}
		if err := tx.RemoveEvidence(standing[at].Key); err != nil {
			return record.Entry{}, err
		}
		others := slices.ContainsFunc(standing, func(e file.Place) bool { return e.File == which && e.Indicator != indicator })
		if !others && !file.Submitted(&a, f.SHA256) {
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
			under, err = withPlaces(tx, p, all)
		}
		return err
	})
	return under, err
}

// withPlaces says for each file under which indicators it stands, and where it says
// what its indicator asks for.
func withPlaces(tx *store.Tx, p *programme.Programme, all map[string][]file.File) (map[string][]File, error) {
	places := map[id.File][]string{}
	for code, list := range all {
		for _, f := range list {
			places[f.ID] = append(places[f.ID], code)
		}
	}
	under := map[string][]File{}
	for code, list := range all {
		i, _ := p.Indicator(code)
		for _, f := range list {
			slices.Sort(places[f.ID])
			seen := File{File: f, Under: places[f.ID]}
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

// OpenFile opens a file for reading, as the viewer may see it: reviewers what the
// scanner let pass, or what no scanner looked at.
func (d *Desk) OpenFile(ctx context.Context, by stage.Actor, key id.File) (f File, r blob.File, err error) {
	defer fault.Wrap(&err, "casework.OpenFile(%s)", key)
	if err := d.Store.View(ctx, func(tx *store.Tx) (err error) {
		f.File, err = tx.FileFor(by, key)
		return err
	}); err != nil {
		return f, nil, err
	}
	switch {
	case f.Scan == file.Infected:
		return f, nil, errInfected.New(f.Name)
	case !f.Released() && by.Role != stage.Applicant:
		return f, nil, errWaiting.New(f.Name)
	case d.Files.Blobs == nil:
		return f, nil, errNoFiles.New()
	}
	r, err = d.Files.Blobs.Open(ctx, f.SHA256)
	return f, r, err
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
