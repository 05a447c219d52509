// Package file is what is known of a file that an applicant uploaded as evidence
// (佐证文件, S43): whose it is, its bytes by their SHA-256, what the scanner said, and
// under which indicators it stands, and who may put it there until when.
package file

import (
	"time"

	"shifan/internal/id"
	"shifan/internal/lifecycle/answer"
)

// File is a file that an applicant uploaded as evidence (佐证材料). Its bytes are
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
	Scan         string // what the scanner said: one of the verdicts below
	Reading      string // what a machine could read of it: one of the outcomes below; "": it has not tried
	Hints        []Hint // numbers of persons that its text seems to hold
	UploadedBy   id.Account
	UploadedAt   time.Time
	Version      int64
}

// What the virus scanner said of a file. Only these four; what is not clean is
// never called so.
const (
	Unscanned = "unscanned" // 未扫描: no scanner is set up
	Waiting   = "waiting"   // 待扫描: one is, and it has not answered; not released to reviewers
	Clean     = "clean"     // 已扫描
	Infected  = "infected"  // 有病毒: released to nobody
)

// What a machine could read of a file.
const (
	HasText    = "text"    // its text is kept
	Picture    = "picture" // it holds no text, as a scan does
	Unreadable = "failed"  // the machine could not
)

// Hint is a number in a file's text that seems to be a person's: an identity card's
// or a mobile telephone's. It is for people to look at, and refuses nothing.
type Hint struct {
	Page   int    `json:"page"` // from 1
	Kind   string `json:"kind"` // in words
	Masked string `json:"masked"`
}

// Text is what a file says, by page.
type Text struct {
	File  id.File
	Pages []string
}

var scanWords = map[string]string{Unscanned: "未扫描", Waiting: "待扫描", Clean: "已扫描", Infected: "有病毒"}

// ScanWord returns a verdict of the scanner as people read it.
func ScanWord(verdict string) string { return scanWords[verdict] }

// Released reports whether a file may be given to those who review it. Its
// applicant gets back what it uploaded, unless it carries a virus.
func (f *File) Released() bool { return f.Scan == Unscanned || f.Scan == Clean }

// Brief is the file as what is submitted names it.
func (f *File) Brief() answer.File {
	return answer.File{Name: f.Name, SHA256: f.SHA256, Size: f.Size}
}

// Place says that a file stands under an indicator. One file may serve several.
type Place struct {
	Key         string // the file and the indicator
	Application id.Application
	Indicator   string
	File        id.File
	At          time.Time
}

// NewPlace puts a file under an indicator.
func NewPlace(f File, indicator string, now time.Time) Place {
	return Place{Key: string(f.ID) + "/" + indicator, Application: f.Application, Indicator: indicator, File: f.ID, At: now}
}
