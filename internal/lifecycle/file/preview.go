package file

import (
	"strconv"

	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/stage"
)

// What a machine could draw of a file.
const (
	Drawn    = "drawn"  // its first pages are kept as pictures
	Undrawn  = "none"   // files of its kind are not drawn
	NotDrawn = "failed" // the machine could not
)

// How much of a file is drawn.
const (
	PreviewPages = 3    // of a PDF, the first
	PreviewSide  = 1200 // points of a picture's longer side
)

// Preview is a page of a file as a picture for the screen (预览图). It holds nothing of
// the file but what is seen: no place, no camera, no author.
type Preview struct {
	Key           string // the file and the page
	File          id.File
	Application   id.Application
	Page          int    // from 1
	SHA256        string // of the JPEG, in hex
	Width, Height int
}

// PreviewKey is the key of a page of a file.
func PreviewKey(f id.File, page int) string { return string(f) + "/" + strconv.Itoa(page) }

// Draw takes what a machine drew of a file, once: the outcome and, when there are
// pictures, each page's, in order. It returns them as they are kept.
func (f *File) Draw(by stage.Actor, outcome string, pages []Preview) ([]Preview, stage.Move, error) {
	m, err := f.step("draw", by)
	switch {
	case err != nil:
		return nil, m, err
	case f.Drawing != "":
		return nil, m, fault.Stale()
	}
	f.Drawing = outcome
	var kept []Preview
	for n, p := range pages {
		p.Key, p.File, p.Application, p.Page = PreviewKey(f.ID, n+1), f.ID, f.Application, n+1
		kept = append(kept, p)
	}
	return kept, m, nil
}

// Previewable decides whether whoever may see a file in a list may see its pages
// drawn: once it is released, and never with a virus.
func (f *File) Previewable() error { return f.Openable(false) }
