package casework

import (
	"context"
	"errors"
	"io"
	"strconv"
	"time"

	"shifan/internal/blob"
	"shifan/internal/evidence"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/file"
	"shifan/internal/lifecycle/photograph"
	"shifan/internal/lifecycle/plaque"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/record"
	"shifan/internal/store"
)

var errUndrawn = fault.Define(fault.Invalid, "photograph.add.undrawn",
	"“%s”打不开，或者太大，没有保存。用手机相机重新拍一张JPG照片，或者缩小后再上传。", "")

// AddPhotograph takes a photograph of a plaque: from the office it is shown at once, from the
// holder it waits until the office looked at it. It is asked whether it may come before
// anything of it is read; then it is looked at as every file is, and drawn anew, the right
// way up, at most photograph.Side points long and without what it says of place and camera.
// What was sent is not kept.
func (d *Desk) AddPhotograph(ctx context.Context, by stage.Actor, key id.Plaque, name, description string, r io.Reader) (err error) {
	defer fault.Wrap(&err, "casework.AddPhotograph(%s)", key)
	if d.Files.Blobs == nil {
		return errNoFiles.New()
	}
	if err := d.Store.View(ctx, func(tx *store.Tx) error {
		q, err := tx.PlaqueFor(by, key)
		if err != nil {
			return err
		}
		before, err := tx.PhotographsOf(key)
		if err == nil {
			_, err = photograph.May(by, &q, before, description)
		}
		return err
	}); err != nil {
		return err
	}
	fresh, err := d.photographed(ctx, name, r)
	if err != nil {
		return err
	}
	fresh.ID, fresh.Description = id.New[id.Photograph](d.Rand), description
	now := d.Now()
	return again(func() error {
		return d.Store.Change(ctx, func(tx *store.Tx) (record.Entry, error) {
			q, err := tx.PlaqueFor(by, key)
			if err != nil {
				return record.Entry{}, err
			}
			before, err := tx.PhotographsOf(key)
			if err != nil {
				return record.Entry{}, err
			}
			p, m, other, gave, err := photograph.Add(by, &q, before, fresh, now)
			if err == nil {
				err = d.gaveWay(tx, by, other, gave, now)
			}
			if err != nil {
				return record.Entry{}, err
			}
			e := d.photographEntry(by, &p, m, now)
			e.Facts["sha256"], e.Facts["size"] = p.SHA256, strconv.FormatInt(p.Size, 10)
			return e, tx.AddPhotograph(&p)
		})
	})
}

// photographed looks at a file on its way in, and keeps the picture that is drawn of it.
func (d *Desk) photographed(ctx context.Context, name string, r io.Reader) (p photograph.Photograph, err error) {
	in, err := d.receive(r, name)
	if err != nil {
		return p, err
	}
	defer in.forget()
	found, err := evidence.Inspect(in.disk, in.size, name)
	if err != nil {
		return p, err
	}
	f := file.File{Name: found.Name, Kind: string(found.Kind), Size: in.size, SHA256: in.sum}
	if err := f.Arrive(d.scanned(ctx, in)); err != nil {
		return p, err
	}
	quoted := evidence.Quote(found.Name)
	if err := (photograph.Sent{Name: quoted, Kind: f.Kind, Scanned: f.State != file.Waiting}).Check(); err != nil {
		return p, err
	}
	reader := d.Files.Reader
	if reader == nil {
		reader = &evidence.Reader{}
	}
	within, cancel := context.WithTimeout(ctx, readWithin)
	defer cancel()
	drawn, err := reader.Draw(within, found.Kind, in.disk, in.size, 1, photograph.Side)
	switch {
	case ctx.Err() != nil:
		return p, ctx.Err()
	case errors.Is(err, evidence.ErrReader):
		return p, err
	case err != nil || len(drawn) != 1:
		return p, errUndrawn.At("file", quoted)
	}
	p.Size, p.Width, p.Height = int64(len(drawn[0].JPEG)), drawn[0].Width, drawn[0].Height
	p.SHA256, err = d.keep(ctx, drawn[0].JPEG)
	return p, err
}

// gaveWay saves a photograph in whose place another came, with its line in the record.
func (d *Desk) gaveWay(tx *store.Tx, by stage.Actor, other *photograph.Photograph, m stage.Move, now time.Time) error {
	if other == nil {
		return nil
	}
	tx.Also(d.photographEntry(by, other, m, now))
	return tx.PutPhotograph(other)
}

// ShowPhotograph puts what a holder offered on the public page of the plaque's code.
func (d *Desk) ShowPhotograph(ctx context.Context, by stage.Actor, of id.Plaque, key id.Photograph) error {
	return d.photographAct(ctx, by, of, key, "show", func(tx *store.Tx, p *photograph.Photograph, now time.Time) (stage.Move, error) {
		before, err := tx.PhotographsOf(of)
		if err != nil {
			return stage.Move{}, err
		}
		m, other, gave, err := p.Show(by, before, now)
		if err == nil {
			err = d.gaveWay(tx, by, other, gave, now)
		}
		return m, err
	})
}

// DeclinePhotograph does not take what a holder offered, and tells it why.
func (d *Desk) DeclinePhotograph(ctx context.Context, by stage.Actor, of id.Plaque, key id.Photograph, reason string) error {
	return d.photographAct(ctx, by, of, key, "decline", func(_ *store.Tx, p *photograph.Photograph, now time.Time) (stage.Move, error) {
		return p.Decline(by, reason, now)
	})
}

// TakeBackPhotograph withdraws what a holder offered, before the office looked at it.
func (d *Desk) TakeBackPhotograph(ctx context.Context, by stage.Actor, of id.Plaque, key id.Photograph) error {
	return d.photographAct(ctx, by, of, key, "take_back", func(_ *store.Tx, p *photograph.Photograph, now time.Time) (stage.Move, error) {
		return p.TakeBack(by, now)
	})
}

// RemovePhotograph takes a photograph down. It stays in the history.
func (d *Desk) RemovePhotograph(ctx context.Context, by stage.Actor, of id.Plaque, key id.Photograph, reason string) error {
	return d.photographAct(ctx, by, of, key, "remove", func(_ *store.Tx, p *photograph.Photograph, now time.Time) (stage.Move, error) {
		return p.Remove(by, reason, now)
	})
}

func (d *Desk) photographAct(ctx context.Context, by stage.Actor, of id.Plaque, key id.Photograph, act string, do func(*store.Tx, *photograph.Photograph, time.Time) (stage.Move, error)) (err error) {
	defer fault.Wrap(&err, "casework: photograph.%s(%s)", act, key)
	now := d.Now()
	return d.Store.Change(ctx, func(tx *store.Tx) (record.Entry, error) {
		p, _, err := tx.PhotographFor(by, of, key)
		if err != nil {
			return record.Entry{}, err
		}
		m, err := do(tx, &p, now)
		if err != nil {
			return record.Entry{}, err
		}
		return d.photographEntry(by, &p, m, now), tx.PutPhotograph(&p)
	})
}

// photographEntry is the line of the record for a move of a photograph; not its words, which
// may name somebody.
func (d *Desk) photographEntry(by stage.Actor, p *photograph.Photograph, m stage.Move, now time.Time) record.Entry {
	e := d.entry(by, photograph.Kind, string(p.ID), m, now)
	e.Programme = p.Programme
	e.Facts = map[string]string{"plaque": string(p.Plaque)}
	return e
}

// OpenPhotograph opens a photograph for reading, for whoever may see its plaque in the
// register.
func (d *Desk) OpenPhotograph(ctx context.Context, by stage.Actor, of id.Plaque, key id.Photograph) (p photograph.Photograph, r blob.File, err error) {
	defer fault.Wrap(&err, "casework.OpenPhotograph(%s)", key)
	return d.openPhotograph(ctx, func(tx *store.Tx) (photograph.Photograph, error) {
		p, _, err := tx.PhotographFor(by, of, key)
		return p, err
	})
}

// OpenShown opens the photograph that everybody may see on the page of a verification code,
// or fault.Missing.
func (d *Desk) OpenShown(ctx context.Context, code string) (p photograph.Photograph, r blob.File, err error) {
	defer fault.Wrap(&err, "casework.OpenShown")
	return d.openPhotograph(ctx, func(tx *store.Tx) (photograph.Photograph, error) {
		q, err := tx.PlaqueByCode(code)
		if err != nil {
			return photograph.Photograph{}, err
		}
		return tx.ShownPhotograph(q.ID)
	})
}

func (d *Desk) openPhotograph(ctx context.Context, find func(*store.Tx) (photograph.Photograph, error)) (p photograph.Photograph, r blob.File, err error) {
	if err := d.Store.View(ctx, func(tx *store.Tx) (err error) {
		p, err = find(tx)
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

// MayPhotograph refuses what AddPhotograph would refuse now, whatever the file and its words.
func (v PlaqueView) MayPhotograph(by stage.Actor) error {
	_, err := photograph.May(by, &v.Plaque, v.Photographs, "-")
	return err
}

// photographWork lists what holders offered and waits for the office.
func photographWork(tx *store.Tx, by stage.Actor, w *waits) ([]WorkItem, error) {
	return listing[photograph.Photograph]{
		stage: plaque.Kind.Label, url: "/plaques",
		list: func(after *photograph.Photograph, limit int) ([]photograph.Photograph, error) {
			return tx.PhotographsOffered(by.Programme, after, limit)
		},
		item: func(p *photograph.Photograph) (WorkItem, error) {
			q, err := tx.Plaque(p.Plaque)
			if err != nil {
				return WorkItem{}, err
			}
			t, err := tx.Designation(q.Designation)
			return WorkItem{Title: "查看牌匾照片 " + t.Name, Thing: q.Number, URL: "/plaques/" + string(q.ID), Stage: plaque.Kind.Label}, err
		},
	}.gather(w)
}
