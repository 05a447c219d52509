package casework

import (
	"context"
	"io"
	"strconv"

	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/factproof"
	"shifan/internal/lifecycle/file"
	"shifan/internal/lifecycle/organisation"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/record"
	"shifan/internal/store"
)

// AttachFactProof takes a file as what proves one of fact.Sections of an organisation. It
// is looked at before it is kept, and kept before the row says so, as Upload does it.
func (d *Desk) AttachFactProof(ctx context.Context, by stage.Actor, key id.Organisation, section, name string, r io.Reader) (f File, err error) {
	defer fault.Wrap(&err, "casework.AttachFactProof(%s, %s)", key, section)
	fresh, err := d.taken(ctx, r, name, func() error {
		return d.Store.View(ctx, func(tx *store.Tx) error {
			o, err := tx.OrganisationFor(by, key)
			if err == nil {
				_, err = factproof.May(&o, by, section)
			}
			return err
		})
	})
	if err != nil {
		return f, err
	}
	return f, again(func() error {
		return d.Store.Change(ctx, func(tx *store.Tx) (record.Entry, error) {
			o, err := tx.OrganisationFor(by, key)
			if err != nil {
				return record.Entry{}, err
			}
			kept, err := tx.FilesOfFacts(key)
			if err != nil {
				return record.Entry{}, err
			}
			fresh.ID, fresh.UploadedBy, fresh.UploadedAt = id.New[id.File](d.Rand), by.Account, d.Now()
			put, m, err := factproof.Attach(&o, by, section, fresh, kept, d.Files.Room)
			if err != nil {
				return record.Entry{}, err
			}
			f.File = put
			makes(ctx, string(put.ID))
			return d.factProofEntry(by, &o, m, put), tx.AddFile(&put)
		})
	})
}

// DetachFactProof takes a proof away and forgets it.
func (d *Desk) DetachFactProof(ctx context.Context, by stage.Actor, key id.Organisation, section string, which id.File) (err error) {
	defer fault.Wrap(&err, "casework.DetachFactProof(%s, %s)", key, which)
	return d.Store.Change(ctx, func(tx *store.Tx) (record.Entry, error) {
		o, err := tx.OrganisationFor(by, key)
		if err != nil {
			return record.Entry{}, err
		}
		f, err := tx.File(which)
		if err == nil && f.Section != section {
			err = fault.Missing()
		}
		if err != nil {
			return record.Entry{}, err
		}
		m, err := factproof.Detach(&o, by, &f)
		if err != nil {
			return record.Entry{}, err
		}
		return d.factProofEntry(by, &o, m, f), tx.RemoveFile(which)
	})
}

// factProofEntry is the line of the record for a proof that comes or goes: its part and its
// bytes; not its name, which may name somebody.
func (d *Desk) factProofEntry(by stage.Actor, o *organisation.Organisation, m stage.Move, f file.File) record.Entry {
	e := d.organisationEntry(by, o, m, d.Now())
	e.Facts["section"], e.Facts["sha256"], e.Facts["size"] = f.Section, f.SHA256, strconv.FormatInt(f.Size, 10)
	return e
}

// factProofs returns the proofs of what is known of an organisation by part, as the viewer
// may see them, with what the viewer is given of each.
func factProofs(tx *store.Tx, by stage.Actor, key id.Organisation) (map[string][]File, error) {
	all, err := tx.FilesOfFactsFor(by, key)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	pages, err := tx.PreviewsOfFacts(key)
	if err != nil {
		return nil, err
	}
	made, err := tx.CopiesOfFacts(key)
	parts := map[string][]File{}
	for _, f := range given(by, all, pages, made) {
		parts[f.Section] = append(parts[f.Section], f)
	}
	return parts, err
}
