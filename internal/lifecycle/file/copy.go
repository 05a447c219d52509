package file

import (
	"slices"

	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/stage"
)

// What became of a file's copy for reviewers.
const (
	Copied    = "made"    // it is kept
	Uncopied  = "failed"  // the file cannot be freed of its metadata
	Uncertain = "pending" // nobody has tried yet; never kept
)

// Copy is a file for those who judge it (副本): the same to be seen, without what it
// says of its authors, places and machines.
type Copy struct {
	File        id.File
	Application id.Application
	Outcome     string // Copied or Uncopied
	SHA256      string // in hex; "" when there is none
	Size        int64
}

// originals lists the roles that get a file as it was uploaded: whoever uploaded it, the
// office that takes it in, and the auditors, who compare it with the record. Everybody
// else judges by the copy (ASVS 14.2.8).
var originals = []stage.Role{stage.Applicant, stage.Clerk, stage.Director, stage.Auditor}

// TakesCopy reports whether a role is given copies of files.
func TakesCopy(r stage.Role) bool { return !slices.Contains(originals, r) }

// Copy takes what became of a file's copy; sum and size are those of its bytes. One that
// was made anew, because its bytes were lost, may differ from the former.
func (f *File) Copy(by stage.Actor, outcome, sum string, size int64) (Copy, stage.Move, error) {
	m, err := f.step("copy", by)
	return Copy{File: f.ID, Application: f.Application, Outcome: outcome, SHA256: sum, Size: size}, m, err
}

var (
	errUncertain = fault.Define(fault.Refused, "file.open.copying", "“%s”去除作者、位置等元数据的副本还在制作，通常不到一分钟。过一会儿再打开。", onlyCopies)
	errUncopied  = fault.Define(fault.Refused, "file.open.uncopied", "“%s”的原件未能去除元数据，没有可以打开的副本。请办公室另存为PDF提供，或者到现场查看原件。", onlyCopies)
)

// Given is what somebody who opens a file is given.
type Given struct {
	Copy   bool // not the file as it was uploaded
	SHA256 string
	Size   int64
}

// Give decides what a role is given that sees a file and opens it; own says that it is its
// applicant, and c is the file's copy, nil while there is none.
func (f *File) Give(r stage.Role, own bool, c *Copy) (Given, error) {
	if err := f.Openable(own); err != nil {
		return Given{}, err
	}
	switch {
	case !TakesCopy(r):
		return Given{SHA256: f.SHA256, Size: f.Size}, nil
	case c == nil:
		return Given{}, errUncertain.New(f.quote())
	case c.Outcome != Copied:
		return Given{}, errUncopied.New(f.quote())
	}
	return Given{Copy: true, SHA256: c.SHA256, Size: c.Size}, nil
}
