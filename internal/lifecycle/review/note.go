package review

import (
	"time"
	"unicode/utf8"

	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/file"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/stage"
)

// NoteMax is the longest note, in characters.
const NoteMax = 500

// Note (批注) is what somebody of the office wrote beside one place of an application
// while it is reviewed: a question to the other person, or what is to be looked up. It is
// working material: no opinion, never shown to the applicant or the committee, and open
// until somebody of the office says that it is settled (S65: two persons look).
type Note struct {
	ID        id.Note
	Review    id.Review
	Indicator string  // its code; empty: the application as a whole
	File      id.File // of the indicator; empty: the answer itself
	Page      int     // of the file, from 1; 0: none in particular
	Text      string
	By        id.Account
	At        time.Time
	SettledBy id.Account
	SettledAt time.Time // zero: open
}

// Settled reports whether nothing is left to do about the note.
func (n *Note) Settled() bool { return !n.SettledAt.IsZero() }

var (
	errNoteText = fault.Define(fault.Invalid, "review.annotate.text",
		"批注是空的，或者超过500字。写清哪里要核、核什么。", "制度:批注限500字")
	errNotePlace = fault.Define(fault.Invalid, "review.annotate.indicator",
		"没有这项指标，批注没有地方放。从初审页的指标旁边写批注。", "")
	errNoteFile = fault.Define(fault.Invalid, "review.annotate.file",
		"这项指标下没有这个文件。从文件旁边写批注。", "")
	errNotePage = fault.Define(fault.Invalid, "review.annotate.page",
		"没有这一页。%s", "")
	errNoteSettled = fault.Define(fault.Refused, "review.settle.settled",
		"这条批注已经办结。还有疑问的，另写一条。", "")
)

// Annotate writes a note beside a place of the application: an indicator that counts, a
// file that was submitted under it, a page that the file has. files are those of the
// note's indicator.
func (r *Review) Annotate(by stage.Actor, n Note, indicators []programme.Indicator, files []file.File, ties Interests, now time.Time) (Note, stage.Move, error) {
	m, err := Kind.Step(r.State, "annotate", by.Role)
	if err != nil {
		return n, m, err
	}
	if err := ties.Free(by.Account); err != nil {
		return n, m, err
	}
	var text *fault.Fault
	if utf8.RuneCountInString(n.Text) > NoteMax {
		text = errNoteText.At("text")
	} else if text = Written("text", "批注", n.Text); text != nil && n.Text == "" {
		text = errNoteText.At("text")
	}
	if err := fault.All(text, n.misplaced(indicators, files)); err != nil {
		return n, m, err
	}
	n.Review, n.By, n.At = r.ID, by.Account, now
	n.SettledBy, n.SettledAt = "", time.Time{}
	return n, m, nil
}

// misplaced says what of the place of a note is not there; nil when all is.
func (n *Note) misplaced(indicators []programme.Indicator, files []file.File) *fault.Fault {
	known := n.Indicator == "" && n.File == ""
	for _, i := range indicators {
		known = known || i.Code == n.Indicator
	}
	if !known {
		return errNotePlace.At("indicator")
	}
	if n.File == "" {
		if n.Page != 0 {
			return errNotePage.At("page", "先选文件，再填页码。")
		}
		return nil
	}
	for _, f := range files {
		if f.ID != n.File {
			continue
		}
		if n.Page < 0 || f.Pages > 0 && n.Page > f.Pages {
			return errNotePage.At("page", "页码从1到这个文件的最后一页；说整个文件的，留空。")
		}
		return nil
	}
	return errNoteFile.At("file")
}

// Settle says that nothing is left to do about a note.
func (r *Review) Settle(by stage.Actor, n *Note, ties Interests, now time.Time) (stage.Move, error) {
	m, err := Kind.Step(r.State, "settle", by.Role)
	if err != nil {
		return m, err
	}
	if err := ties.Free(by.Account); err != nil {
		return m, err
	}
	if n.Settled() {
		return m, errNoteSettled.New()
	}
	n.SettledBy, n.SettledAt = by.Account, now
	return m, nil
}
