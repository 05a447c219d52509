package store

import (
	"slices"
	"time"

	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/lifecycle/upload"
)

var uploads = table[upload.Upload]{
	name: "uploads",
	columns: []string{
		"id", "programme", "organisation", "application", "indicator", "account", "name", "size", "modified", "parts", "state",
		"file", "code", "say", "started_at", "expires", "version",
	},
	fields: func(u *upload.Upload) []any {
		return []any{
			&u.ID, &u.Programme, &u.Organisation, &u.Application, &u.Indicator, &u.Account, &u.Name, &u.Size, &u.Modified, asJSON(&u.Parts), &u.State,
			&u.File, &u.Code, &u.Say, asTime(&u.StartedAt), asTime(&u.Expires), &u.Version,
		}
	},
	version: func(u *upload.Upload) *int64 { return &u.Version },
}

// UploadFor returns an upload as a viewer may see it: who sends it, while it acts for
// the applicant. To everybody else there is none.
func (tx *Tx) UploadFor(viewer stage.Actor, key id.Upload) (upload.Upload, error) {
	u, err := uploads.get(tx, string(key))
	if err != nil {
		return u, err
	}
	if !sends(viewer, &u) {
		return upload.Upload{}, fault.Missing()
	}
	return u, nil
}

// UploadsFor lists the uploads for an application as a viewer may see them, the first
// begun first.
func (tx *Tx) UploadsFor(viewer stage.Actor, key id.Application) ([]upload.Upload, error) {
	all, err := uploads.list(tx, "WHERE application = $1 AND account = $2 ORDER BY started_at, id", string(key), string(viewer.Account))
	return slices.DeleteFunc(all, func(u upload.Upload) bool { return !sends(viewer, &u) }), err
}

// sends reports whether an upload is its viewer's.
func sends(viewer stage.Actor, u *upload.Upload) bool {
	return viewer.Account == u.Account && holds(viewer, u.Organisation) && inProgramme(viewer, u.Programme)
}

// Upload returns the upload with the given identifier, or fault.Missing. It does not
// ask who looks; UploadFor does.
func (tx *Tx) Upload(key id.Upload) (upload.Upload, error) { return uploads.get(tx, string(key)) }

// UploadsOf lists the uploads for an application, the first begun first, for the
// rules.
func (tx *Tx) UploadsOf(key id.Application) ([]upload.Upload, error) {
	return uploads.list(tx, "WHERE application = $1 ORDER BY started_at, id", string(key))
}

// UploadsDue lists uploads whose time is over at an instant.
func (tx *Tx) UploadsDue(now time.Time, most int) ([]upload.Upload, error) {
	return uploads.list(tx, "WHERE expires <= $1 ORDER BY expires, id LIMIT $2", now.UnixMicro(), most)
}

// AddUpload adds an upload.
func (tx *Tx) AddUpload(u *upload.Upload) error { return uploads.insert(tx, u) }

// PutUpload saves an upload, unless someone else saved it since it was read.
func (tx *Tx) PutUpload(u *upload.Upload) error { return uploads.update(tx, u) }

// RemoveUpload forgets an upload.
func (tx *Tx) RemoveUpload(key id.Upload) error { return uploads.remove(tx, string(key)) }
