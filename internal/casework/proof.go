package casework

import (
	"cmp"
	"context"
	"io"
	"strconv"

	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/file"
	"shifan/internal/lifecycle/rectification"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/store"
)

// AttachProof takes a file as evidence of what was done about the n-th item of an order,
// counted from 1. It is looked at before it is kept, and kept before the row says so, as
// Upload does it; the same bytes again are the same file of the order.
func (d *Desk) AttachProof(ctx context.Context, by stage.Actor, key id.Rectification, n int, name string, r io.Reader) (f File, err error) {
	defer fault.Wrap(&err, "casework.AttachProof(%s, %d)", key, n)
	fresh, err := d.taken(ctx, r, name, func() error { return d.mayProve(ctx, by, key, n) })
	if err != nil {
		return f, err
	}
	return f, d.rectificationAct(ctx, by, key, 0, "attach", func(c *rectificationCase) (stage.Move, error) {
		fresh.ID, fresh.UploadedBy, fresh.UploadedAt = id.New[id.File](d.Rand), by.Account, c.now
		kept, err := c.tx.FilesOfOrder(key)
		if err != nil {
			return stage.Move{}, err
		}
		put, added, m, err := c.Order.Attach(by, n, fresh, kept, d.Files.Room, c.now)
		if err != nil {
			return m, err
		}
		if added {
			err = c.tx.AddFile(&put)
		}
		f.File, c.facts = put, proofFacts(n, put)
		makes(ctx, string(put.ID))
		return m, err
	})
}

// mayProve refuses early, before anything is read, what the change would refuse.
func (d *Desk) mayProve(ctx context.Context, by stage.Actor, key id.Rectification, n int) error {
	return d.Store.View(ctx, func(tx *store.Tx) error {
		r, err := tx.RectificationFor(by, key)
		if err == nil {
			_, err = r.MayAttach(by, n, d.Now())
		}
		return err
	})
}

// DetachProof takes a file from under the n-th item of an order. One that stands under no
// item any more is forgotten.
func (d *Desk) DetachProof(ctx context.Context, by stage.Actor, key id.Rectification, n int, which id.File) error {
	return d.rectificationAct(ctx, by, key, 0, "detach", func(c *rectificationCase) (stage.Move, error) {
		forgotten, m, err := c.Order.Detach(by, n, which, c.now)
		if err != nil {
			return m, err
		}
		f, err := c.tx.File(which)
		if err == nil && forgotten {
			err = c.tx.RemoveFile(which)
		}
		c.facts = proofFacts(n, f)
		return m, err
	})
}

// proofFacts are what the record says of a file that comes or goes: where, and its bytes;
// not its name, which may name somebody.
func proofFacts(n int, f file.File) map[string]string {
	return map[string]string{"item": strconv.Itoa(n), "sha256": f.SHA256, "size": strconv.FormatInt(f.Size, 10)}
}

// proofs returns the files of an order by item, from 1, as the viewer may see them, with
// what the viewer is given of each.
func proofs(tx *store.Tx, by stage.Actor, r *rectification.Rectification) (map[int][]File, error) {
	all, err := tx.FilesOfOrderFor(by, r.ID)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	pages, err := tx.PreviewsOfOrder(r.ID)
	if err != nil {
		return nil, err
	}
	made, err := tx.CopiesOfOrder(r.ID)
	under := map[int][]File{}
	for _, f := range given(by, all, pages, made) {
		for _, n := range r.Under(f.ID) {
			under[n] = append(under[n], f)
		}
	}
	return under, err
}

// given says of files what a viewer is given of each: the file or its copy, and the pages
// that may be shown drawn.
func given(by stage.Actor, all []file.File, pages []file.Preview, made []file.Copy) (seen []File) {
	drawn, copies := map[id.File][]file.Preview{}, map[id.File]string{}
	for _, p := range pages {
		drawn[p.File] = append(drawn[p.File], p)
	}
	for _, c := range made {
		copies[c.File] = c.Outcome
	}
	for _, f := range all {
		o := File{File: f}
		if file.TakesCopy(by.Role) {
			o.Copy = cmp.Or(copies[f.ID], file.Uncertain)
		}
		if f.Previewable() == nil {
			o.Drawn = drawn[f.ID]
		}
		seen = append(seen, o)
	}
	return seen
}
