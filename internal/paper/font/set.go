package font

import (
	"embed"
	"errors"
	"io"
	"io/fs"
	"sync"
)

//go:embed assets
var assets embed.FS

// Face is a kind of type that the standard for official documents names.
type Face int

// The faces of GB/T 9704, and 小标宋 of the heads.
const (
	Fang  Face = iota // 仿宋: text
	Song              // 宋体: page numbers
	Title             // 小标宋: the title and the head
	Hei               // 黑体: headings of the first level
	Kai               // 楷体: headings of the second level
	faces
)

// Official returns the name that a face has on the machines of offices.
func (f Face) Official() string {
	return [faces]string{"仿宋_GB2312", "宋体", "方正小标宋简体", "黑体", "楷体_GB2312"}[f]
}

// files of the faces in assets; 仿宋 has no free font, see docs/decisions.
var files = [faces]string{Fang: "serif", Song: "serif", Title: "serif-black", Hei: "sans-bold", Kai: "wenkai"}

// Set is a font for each face, and those that help out with characters that it
// has not.
type Set struct {
	faces [faces]*Font
	help  []*Font
}

// ErrAbsent says that the program was built without fonts.
var ErrAbsent = errors.New("the program was built without fonts: run make assets and build it again")

// Embedded returns the fonts that the program was built with, or ErrAbsent.
var Embedded = sync.OnceValues(func() (*Set, error) { return Open(assets) })

// Open reads the fonts of a folder laid out like assets.
func Open(from fs.FS) (*Set, error) {
	read := map[string]*Font{}
	s := &Set{}
	for face, name := range files {
		f, ok := read[name]
		if !ok {
			file, err := from.Open("assets/" + name + ".ttf")
			if errors.Is(err, fs.ErrNotExist) {
				return nil, ErrAbsent
			}
			if err != nil {
				return nil, err
			}
			at, ok := file.(io.ReaderAt)
			if !ok {
				return nil, errors.New("a font that cannot be read in parts")
			}
			if f, err = Read(at); err != nil {
				return nil, err
			}
			read[name] = f
		}
		s.faces[face] = f
	}
	s.help = []*Font{s.faces[Song], s.faces[Kai], s.faces[Hei]}
	return s, nil
}

// With returns the set with another font for one face.
func (s Set) With(face Face, f *Font) *Set {
	s.faces[face] = f
	return &s
}

// Of returns the font of a face.
func (s *Set) Of(face Face) *Font { return s.faces[face] }

// For returns the font that shows a character in a face: the face's own, or the
// first that helps out; nil when no font has it.
func (s *Set) For(face Face, r rune) *Font {
	if _, ok := s.faces[face].Glyph(r); ok {
		return s.faces[face]
	}
	for _, f := range s.help {
		if _, ok := f.Glyph(r); ok {
			return f
		}
	}
	return nil
}
