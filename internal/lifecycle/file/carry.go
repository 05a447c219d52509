package file

import (
	"time"

	"shifan/internal/id"
	"shifan/internal/lifecycle/application"
	"shifan/internal/lifecycle/stage"
)

// Again is a file of an earlier application as it comes over into a later one of the
// same organisation: the same bytes, which are not kept twice, looked at anew. asked
// says that a scanner is set up. A file with a virus stays behind (ok is false).
func (f File) Again(key id.File, into *application.Application, by stage.Actor, asked bool, now time.Time) (again File, ok bool) {
	again = File{
		ID: key, Programme: into.Programme, Round: into.Round, Organisation: into.Organisation, Application: into.ID,
		Name: f.Name, Kind: f.Kind, Size: f.Size, SHA256: f.SHA256, Pages: f.Pages, UploadedBy: by.Account, UploadedAt: now,
	}
	if f.State == Infected || f.Organisation != into.Organisation || again.Arrive(Answer{Asked: asked}) != nil {
		return File{}, false
	}
	return again, true
}
