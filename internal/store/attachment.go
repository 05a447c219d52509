package store

import (
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/inquiry"
	"shifan/internal/lifecycle/stage"
)

var attachments = table[inquiry.Attachment]{
	name:    "attachments",
	columns: []string{"id", "programme", "objection", "misuse", "name", "kind", "size", "sha256", "arrived_at"},
	fields: func(a *inquiry.Attachment) []any {
		return []any{&a.ID, &a.Programme, &a.Objection, &a.Misuse, &a.Name, &a.Kind, &a.Size, &a.SHA256, asTime(&a.At)}
	},
}

var attachmentsBytes = attachments.some([]string{"sha256"}, func(a *inquiry.Attachment) []any { return []any{&a.SHA256} })

// AddAttachment adds a file that came along with a case. Its bytes are there already.
func (tx *Tx) AddAttachment(a *inquiry.Attachment) error { return attachments.insert(tx, a) }

// AttachmentsOf lists the files that came along with an objection, or else with a report
// of misuse, the first first, for the rules and for who raised it. It does not ask who
// looks.
func (tx *Tx) AttachmentsOf(o id.Objection, m id.Misuse) ([]inquiry.Attachment, error) {
	return attachments.list(tx, "WHERE objection = $1 AND misuse = $2 ORDER BY arrived_at, id", string(o), string(m))
}

// AttachmentsFor lists the same as a viewer may see them: they may give away who raised
// the case, so whoever is not shown that is shown none of them.
func (tx *Tx) AttachmentsFor(viewer stage.Actor, o id.Objection, m id.Misuse) ([]inquiry.Attachment, error) {
	if err := tx.knowsSource(viewer, o, m); err != nil {
		if fault.KindOf(err) == fault.NotFound {
			err = nil
		}
		return nil, err
	}
	return tx.AttachmentsOf(o, m)
}

// AttachmentFor returns one of them as a viewer may open it, or fault.Missing.
func (tx *Tx) AttachmentFor(viewer stage.Actor, key id.Attachment) (inquiry.Attachment, error) {
	a, err := attachments.get(tx, string(key))
	if err == nil {
		err = tx.knowsSource(viewer, a.Objection, a.Misuse)
	}
	if err != nil {
		return inquiry.Attachment{}, err
	}
	return a, nil
}

// knowsSource is fault.Missing for a viewer who is not shown who raised a case.
func (tx *Tx) knowsSource(viewer stage.Actor, o id.Objection, m id.Misuse) (err error) {
	if o != "" {
		_, err = tx.ObjectorFor(viewer, o)
	} else {
		_, err = tx.MisuseReporterFor(viewer, m)
	}
	return err
}
