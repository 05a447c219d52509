// Package file is what is known of a file that an applicant uploaded as evidence
// (佐证文件, S43): whose it is, its bytes by their SHA-256, and under which indicators
// it stands; who may put it there until when, and how much there is room for; what the
// virus scanner and the machine that reads it change; and who may open it.
package file

import (
	"time"

	"shifan/internal/id"
	"shifan/internal/lifecycle/answer"
	"shifan/internal/lifecycle/stage"
)

// File is a file that an organisation uploaded as evidence (佐证材料). Its bytes are
// kept apart, by their SHA-256.
type File struct {
	ID           id.File
	Programme    id.Programme
	Round        id.Round
	Organisation id.Organisation
	Application  id.Application
	Name         string // as given, cleaned, with the ending of its kind
	Kind         string // pdf, jpg, png, docx or xlsx, by its content
	Size         int64  // bytes
	SHA256       string // in hex
	Pages        int    // 0: nobody knows
	State        stage.State
	Reading      string // what a machine could read of it: HasText, Picture or Unreadable; "": it has not tried
	Hints        []Hint // numbers of persons that its text seems to hold
	Drawing      string // what a machine could draw of it: Drawn, Undrawn or NotDrawn; "": it has not tried
	UploadedBy   id.Account
	UploadedAt   time.Time
	Visit        id.Visit // at which the team made it; "": its applicant brought it
	Version      int64

	// The order that it answers, of which it is evidence; then Round and Application are
	// empty. "": it belongs to an application.
	Rectification id.Rectification

	// The part of what is known of its organisation that it proves, one of fact.Sections;
	// then Programme, Round and Application are empty. "": it proves none.
	Section string
}

// Brief is the file as what is submitted names it.
func (f *File) Brief() answer.File {
	return answer.File{Name: f.Name, SHA256: f.SHA256, Size: f.Size}
}
