package paper

import "shifan/internal/paper/docx"

// leaf is a piece of a document as word processors know them: a paragraph, a table,
// an empty line. It holds what the setter set, and between which pieces it stands, so
// that a word processor can be told to break lines and pages as the setter did.
type leaf struct {
	style    string
	lines    []line // none: an empty line
	align    docx.Align
	broken   bool    // its lines end where they do, whatever the font
	before   float64 // mm, blank above
	high     float64 // mm, of a line, where it is not that of the style
	less     float64 // mm, less than its piece is high: the leaf above took them
	rule     *docx.Rule
	over     bool // stands in the middle over what ends the signature
	right    bool // ends where it ends, whatever its width
	sealed   bool // the seal is over it
	table    *grid
	fresh    bool // begins a page
	from, to int  // its pieces
}

// leaf notes that the last so many pieces are one leaf.
func (s *setter) leaf(l leaf, pieces int) {
	if pieces == 0 {
		return
	}
	l.from, l.to = len(s.flow)-pieces, len(s.flow)
	l.fresh, s.fresh = s.fresh, false
	s.leaves = append(s.leaves, l)
}

// last is the leaf that was noted last.
func (s *setter) last() *leaf { return &s.leaves[len(s.leaves)-1] }

// redRule is the red line below the number (7.2.7), as the edge of a paragraph.
var redRule = &docx.Rule{Kind: "single", Size: 12, Space: 10, Colour: redHex}

// exact is how high a line is to be so that word processors, which leave a fifth of a
// line of exact height below the line that characters stand on, put characters of some
// height where the setter put them.
func exact(high float64) float64 { return high * rise / 0.8 }
