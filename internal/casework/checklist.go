package casework

import (
	"context"
	"errors"
	"io"
	"time"

	"shifan/internal/evidence"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/assessment"
	"shifan/internal/lifecycle/checklist"
	"shifan/internal/lifecycle/file"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/store"
)

// Sync is what a device brings when it is in the network again.
type Sync struct {
	Device  string
	Clock   time.Time // the device's, when it sent
	Sitting int       // of the visit that it has
	Edits   []checklist.Edit
}

// editsMost is how many edits one sync may bring; a device sends more in turns.
const editsMost = 500

var errManyEdits = fault.Define(fault.Invalid, "checklist.sync.many", "一次上传的记录最多%d条。分几次上传。", "")

// errNothing ends a change that has nothing to write.
var errNothing = errors.New("casework: nothing to write")

// SyncVisit takes what a member of the team wrote on a device. Every edit is taken or
// refused for itself: refused says why, by the edit. What came before changes nothing,
// so that a device whose answer was lost sends all of it again. Nothing is taken of a
// visit that is closed or was begun anew: the device keeps it.
func (d *Desk) SyncVisit(ctx context.Context, by stage.Actor, key id.Visit, in Sync) (refused map[id.Edit]error, err error) {
	defer fault.Wrap(&err, "casework.SyncVisit(%s)", key)
	if len(in.Edits) > editsMost {
		return nil, errManyEdits.New(editsMost)
	}
	err = again(func() error {
		refused = map[id.Edit]error{}
		return d.visitAct(ctx, by, key, 0, "sync", func(c *visiting) (stage.Move, error) {
			m, err := checklist.Open(c.visit, by, in.Sitting, c.now)
			if err != nil {
				return m, err
			}
			there, err := c.tx.EditsOf(c.visit)
			if err != nil {
				return m, err
			}
			n := len(there)
			for _, e := range in.Edits {
				e.Visit, e.Sitting, e.Device, e.Ahead = key, in.Sitting, in.Device, in.Clock.Sub(c.now)
				taken, fresh, err := checklist.Take(e, there, by, c.indicators, c.now)
				if err == nil && fresh {
					err = c.unused(e.ID)
				}
				switch {
				case err != nil:
					refused[e.ID] = err
				case fresh:
					if err := c.tx.AddEdit(&taken); err != nil {
						return m, err
					}
					there = append(there, taken)
				}
			}
			if len(there) == n {
				return m, errNothing
			}
			before := c.visit.Account()
			checklist.Merge(there).Write(c.visit)
			c.same = len(checklist.Changed(before, c.visit.Account())) == 0
			return m, nil
		})
	})
	if errors.Is(err, errNothing) {
		err = nil
	}
	return refused, err
}

var errUsed = fault.Define(fault.Invalid, "checklist.edit.elsewhere", "这条记录的标识在别的考核里用过，不能保存。重新打开考核单再填一次。", "")

// unused refuses the name of an edit of another visit, or of an earlier sitting.
func (c *visiting) unused(key id.Edit) error {
	_, err := c.tx.Edit(key)
	if fault.KindOf(err) == fault.NotFound {
		return nil
	}
	if err == nil {
		return errUsed.New()
	}
	return err
}

// wrote puts into the checklist what somebody wrote into the account of the visit by a
// form, so that a device that did not see it does not overwrite it.
func (d *Desk) wrote(c *visiting, by stage.Actor, before assessment.Account) error {
	changed := checklist.Changed(before, c.visit.Account())
	if len(changed) == 0 {
		return nil
	}
	there, err := c.tx.EditsOf(c.visit)
	if err != nil {
		return err
	}
	fields := checklist.Merge(there)
	for _, field := range changed {
		e := checklist.Edit{
			ID: id.New[id.Edit](d.Rand), Visit: c.visit.ID, Sitting: checklist.Sitting(c.visit), Field: field, Over: fields[checklist.Key{Field: field}].IDs(),
			Value: checklist.Read(c.visit.Account(), field), By: by.Account, TakenAt: c.now, At: c.now,
		}
		if err := c.tx.AddEdit(&e); err != nil {
			return err
		}
	}
	return nil
}

// joint keeps of the account what a member may not see yet, and so cannot mean to
// change: the team's ratings of indicators on which they have not given their own mark.
func (c *visiting) joint(by stage.Actor, a assessment.Account) (assessment.Account, error) {
	there, err := c.tx.EditsOf(c.visit)
	if err == nil {
		a = checklist.Joint(c.visit, checklist.Merge(there), by, a)
	}
	return a, err
}

// settled refuses an opinion while the team's notes differ.
func (c *visiting) settled() error {
	there, err := c.tx.EditsOf(c.visit)
	if err != nil {
		return err
	}
	return checklist.Merge(there).Settled()
}

// SendVisitBack returns an opinion that was handed in, with what the office finds
// lacking.
func (d *Desk) SendVisitBack(ctx context.Context, by stage.Actor, key id.Visit, comment string) error {
	return d.visitAct(ctx, by, key, 0, "send_back", func(c *visiting) (stage.Move, error) {
		return checklist.SendBack(c.visit, by, comment, c.ties)
	})
}

// Shot is a photo as a device sends it.
type Shot struct {
	ID        id.Edit
	Indicator string
	Name      string
	SHA256    string // of the bytes as they were taken; "": the device made none
	Device    string
	TakenAt   time.Time
	Clock     time.Time // the device's, when it sent; zero: nobody knows
	Sitting   int
}

// TakePhoto takes a photo of the place. Before anything of it is read it is asked
// whether it may come; then it is looked at as every file is, freed of where and by
// which camera it was taken unless the programme keeps that, and kept. The same photo
// again is told to have come.
func (d *Desk) TakePhoto(ctx context.Context, by stage.Actor, key id.Visit, s Shot, r io.Reader) (err error) {
	defer fault.Wrap(&err, "casework.TakePhoto(%s)", key)
	if d.Files.Blobs == nil {
		return errNoFiles.New()
	}
	p := checklist.Photo{ID: s.ID, Visit: key, Sitting: s.Sitting, Field: s.Indicator, SHA256: s.SHA256, Device: s.Device, By: by.Account, TakenAt: s.TakenAt}
	fresh, strips := false, false
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		v, err := tx.VisitFor(by, key)
		if err != nil {
			return err
		}
		if _, err := checklist.Open(&v, by, s.Sitting, d.Now()); err != nil {
			return err
		}
		rules, indicators, err := criteriaOf(tx, v.Round)
		if err != nil {
			return err
		}
		there, err := tx.PhotosOf(&v)
		if err != nil {
			return err
		}
		strips = checklist.Strips(rules.Visit)
		fresh, err = checklist.Welcome(p, there, indicators)
		return err
	})
	if err != nil || !fresh {
		return err
	}
	in, err := d.receive(r, s.Name)
	if err != nil {
		return err
	}
	defer in.forget()
	f, err := d.developed(ctx, in, s, strips)
	if err != nil {
		return err
	}
	p.SHA256 = in.sum
	return again(func() error { return d.keepPhoto(ctx, by, p, f, s.Clock) })
}

var errPosition = fault.Define(fault.Invalid, "checklist.photo.position", "“%s”里的拍摄位置去不掉，没有保存。用手机相机重新拍一张JPG照片再传。", "方案设定的照片拍摄位置")

// developed looks at a photo on its way in, and keeps its bytes: as they came, or
// without what they say of place and camera.
func (d *Desk) developed(ctx context.Context, in incoming, s Shot, strips bool) (f file.File, err error) {
	found, err := evidence.Inspect(in.disk, in.size, s.Name)
	if err != nil {
		return f, err
	}
	if err := checklist.Whole(evidence.Quote(s.Name), string(found.Kind), s.SHA256, in.sum); err != nil {
		return f, err
	}
	if !strips {
		return d.examined(ctx, in, s.Name)
	}
	out, err := d.stripped(found.Kind, in.disk, in.size)
	if evidence.IsUnstripped(err) {
		return f, errPosition.New(evidence.Quote(s.Name))
	}
	if err != nil {
		return f, err
	}
	defer out.forget()
	return d.examined(ctx, out, s.Name)
}

// keepPhoto makes the rows of a photo whose bytes are kept.
func (d *Desk) keepPhoto(ctx context.Context, by stage.Actor, p checklist.Photo, f file.File, clock time.Time) error {
	err := d.visitAct(ctx, by, p.Visit, 0, "photo", func(c *visiting) (stage.Move, error) {
		m, err := checklist.Open(c.visit, by, p.Sitting, c.now)
		if err != nil {
			return m, err
		}
		there, err := c.tx.PhotosOf(c.visit)
		if err != nil {
			return m, err
		}
		fresh, err := checklist.Welcome(p, there, c.indicators)
		switch {
		case err != nil:
			return m, err
		case !fresh:
			return m, errNothing
		}
		c.same = true
		kept, err := c.tx.FileOfVisit(p.Visit, f.SHA256)
		if fault.KindOf(err) == fault.NotFound {
			kept, err = f, nil
			kept.ID, kept.UploadedBy, kept.UploadedAt = id.New[id.File](d.Rand), by.Account, c.now
			kept.Programme, kept.Round, kept.Organisation, kept.Application, kept.Visit = c.visit.Programme, c.visit.Round, c.visit.Organisation, c.visit.Application, c.visit.ID
			err = c.tx.AddFile(&kept)
		}
		if err != nil {
			return m, err
		}
		p.File, p.At = kept.ID, c.now
		if !clock.IsZero() {
			p.Ahead = clock.Sub(c.now)
		}
		return m, c.tx.AddPhoto(&p)
	})
	if errors.Is(err, errNothing) {
		return nil
	}
	return err
}

// ChecklistView is what the pages of a checklist and of the deliberation show.
type ChecklistView struct {
	VisitView
	Fields  checklist.Fields // as the viewer may see them
	Sitting int
	Photos  []PhotoLine
	Strips  bool  // photos lose where they were taken
	Most    int64 // bytes of one photo
}

// PhotoLine is a photo with its file.
type PhotoLine struct {
	checklist.Photo
	File File
	Name string // of who took it
}

// NameOf returns the name of somebody on the team, or what they are.
func (v ChecklistView) NameOf(who id.Account) string {
	if s := v.Visit.Seat(who); s != nil {
		return s.Name
	}
	for _, r := range v.Visit.Replaced {
		if r.Account == who {
			return r.Name
		}
	}
	return "办公室"
}

// Open reports whether the viewer may write now.
func (v ChecklistView) Open(by stage.Actor) error {
	_, err := checklist.Open(&v.Visit, by, v.Sitting, v.Now)
	return err
}

// Checklist returns the checklist of a visit as the viewer may see it.
func (d *Desk) Checklist(ctx context.Context, by stage.Actor, key id.Visit) (v ChecklistView, err error) {
	defer fault.Wrap(&err, "casework.Checklist(%s)", key)
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		w, edits, err := tx.ChecklistFor(by, key)
		if err != nil {
			return err
		}
		if v.VisitView, err = d.visitView(tx, by, w); err != nil {
			return err
		}
		v.Fields, v.Sitting = checklist.Merge(edits), checklist.Sitting(&w)
		v.Strips, v.Most = checklist.Strips(v.Programme.Visit), d.Files.Room.Filled().File
		return v.photos(tx, by, key)
	})
	return v, err
}

func (v *ChecklistView) photos(tx *store.Tx, by stage.Actor, key id.Visit) error {
	all, byID, err := tx.PhotosFor(by, key)
	if err != nil || len(all) == 0 {
		return err
	}
	list := map[string][]file.File{}
	for _, p := range all {
		list[string(p.ID)] = []file.File{byID[p.File]}
	}
	shown, err := withPlaces(tx, by, v.Programme, list)
	for _, p := range all {
		line := PhotoLine{Photo: p, Name: v.NameOf(p.By)}
		if some := shown[string(p.ID)]; len(some) > 0 {
			line.File = some[0]
		}
		v.Photos = append(v.Photos, line)
	}
	return err
}
