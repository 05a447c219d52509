package paper

import (
	"fmt"
	"slices"
	"strings"

	"shifan/internal/fault"
	"shifan/internal/paper/font"
)

var (
	errAbsent = fault.Define(fault.Unavailable, "paper.fonts",
		"这个程序没有带字体，不能出具文书。请管理员运行 make assets 后重新编译。", "")
	errMissing = fault.Define(fault.Unavailable, "paper.characters",
		"字体里没有这些字，文书不能出具：%s。请管理员配置有这些字的字体，或者改用通行的写法。", "")
)

// Substitute says that one font stood in for another: for a whole face, or for
// some characters that the face has not.
type Substitute struct {
	Official string // the name that the standard gives to the face
	Font     string // what the document holds
	Runes    string // the characters; empty: all
}

// Pages is a document that is set.
type Pages struct {
	Substitutes []Substitute

	doc     *Document
	leaves  []leaf
	flow    []piece
	head    leaf    // of a letter
	below   imprint // of the last page
	text    int     // pages that show the text: all but those of the imprint alone
	parts   []part
	pages   []*sheet
	outline []entry
	end     float64 // where the text of the last page ends
}

// Len returns how many pages there are.
func (p *Pages) Len() int { return len(p.pages) }

// part is an element of the structure.
type part struct {
	tag    string
	parent int // -1: the document itself
}

type entry struct {
	level, page int
	title       string
	y           float64
}

// sheet is one page; places are in mm from its upper left corner.
type sheet struct {
	number  int     // 0: none is shown
	left    float64 // where the text begins
	texts   []run
	boxes   []box
	codes   []code
	circles []circle
}

// run is characters on one line; y is the line that they stand on.
type run struct {
	x, y   float64
	glyphs []glyph
	colour [3]float64
	part   int // -1: no part of the text
}

type box struct {
	x, y, wide, high float64
	colour           [3]float64
}

type code struct {
	x, y, side float64
	text       string
}

type circle struct{ x, y, radius float64 }

// setter sets one document.
type setter struct {
	doc     *Document
	fonts   *font.Set
	missing map[rune]bool
	stand   map[stand]map[rune]bool
	pages   *Pages
	flow    []piece
	parent  int  // the part that new parts are below
	toBelow bool // 主送 stands in the imprint

	leaves     []leaf
	letterhead leaf
	below      imprint
	fresh      bool // the next leaf begins a page
	shows      bool // the first page shows text
}

type stand struct {
	face font.Face
	font *font.Font
}

// Typeset sets a document in the fonts that the program was built with. It refuses
// when there are none, or when none has one of the characters.
func Typeset(doc *Document) (*Pages, error) {
	fonts, err := font.Embedded()
	if err != nil {
		return nil, errAbsent.New()
	}
	return TypesetIn(doc, fonts)
}

// TypesetIn sets a document in a set of fonts.
func TypesetIn(doc *Document, fonts *font.Set) (*Pages, error) {
	s := newSetter(doc, fonts)
	s.set()
	if !s.shows && doc.To != "" { // 7.3.3: the first page shows text, or 主送 moves to the imprint
		s = newSetter(doc, fonts)
		s.toBelow = true
		s.set()
	}
	if len(s.missing) > 0 {
		var names []string
		for r := range s.missing {
			names = append(names, fmt.Sprintf("%c（U+%04X）", r, r))
		}
		slices.Sort(names)
		return nil, errMissing.New(strings.Join(names, "、"))
	}
	s.report()
	s.pages.leaves, s.pages.flow, s.pages.head, s.pages.below = s.leaves, s.flow, s.letterhead, s.below
	return s.pages, nil
}

func newSetter(doc *Document, fonts *font.Set) *setter {
	return &setter{doc: doc, fonts: fonts, missing: map[rune]bool{}, stand: map[stand]map[rune]bool{}, pages: &Pages{doc: doc}, parent: -1}
}

func (s *setter) stood(face font.Face, f *font.Font, r rune) {
	k := stand{face, f}
	if s.stand[k] == nil {
		s.stand[k] = map[rune]bool{}
	}
	s.stand[k][r] = true
}

// report lists what stood in for what.
func (s *setter) report() {
	used := map[font.Face]bool{font.Fang: true, font.Title: true, font.Song: true, font.Hei: true, font.Kai: true}
	for face := range used {
		s.pages.Substitutes = append(s.pages.Substitutes, Substitute{Official: face.Official(), Font: s.fonts.Of(face).Name})
	}
	for k, runes := range s.stand {
		all := make([]rune, 0, len(runes))
		for r := range runes {
			all = append(all, r)
		}
		slices.Sort(all)
		s.pages.Substitutes = append(s.pages.Substitutes, Substitute{Official: k.face.Official(), Font: k.font.Name, Runes: string(all)})
	}
	slices.SortFunc(s.pages.Substitutes, func(a, b Substitute) int {
		return strings.Compare(a.Official+a.Runes+a.Font, b.Official+b.Runes+b.Font)
	})
}

// add notes a new element of the structure and returns its number.
func (s *setter) add(tag string) int {
	s.pages.parts = append(s.pages.parts, part{tag, s.parent})
	return len(s.pages.parts) - 1
}

// within lets do add elements below a new one.
func (s *setter) within(tag string, do func()) {
	above := s.parent
	s.parent = s.add(tag)
	do()
	s.parent = above
}
