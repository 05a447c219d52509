package font

import (
	"io"
	"io/fs"
	"slices"
)

// StandIn returns a folder fonts with the one font that stands in for those that a file of
// somebody else's names and does not bring, 宋体 mostly. It is empty in a program that was
// built without fonts.
func StandIn() fs.FS { return standIn{} }

// standIn shows of the embedded fonts one, in a folder that is called as renderers expect.
type standIn struct{}

// Open implements fs.FS.
func (standIn) Open(name string) (fs.File, error) {
	switch name {
	case "fonts/" + standing:
		return assets.Open("assets/" + standing)
	case ".", "fonts":
		f, err := assets.Open("assets")
		if d, ok := f.(fs.ReadDirFile); ok {
			return folder{d}, err
		}
		return f, err
	}
	return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
}

// standing is the file of 宋体.
var standing = files[Song] + ".ttf"

// folder lists only the font that is shown.
type folder struct{ fs.ReadDirFile }

// ReadDir implements fs.ReadDirFile.
func (d folder) ReadDir(n int) ([]fs.DirEntry, error) {
	all, err := d.ReadDirFile.ReadDir(-1)
	all = slices.DeleteFunc(all, func(e fs.DirEntry) bool { return e.Name() != standing })
	if err == nil && n > 0 && len(all) == 0 {
		err = io.EOF
	}
	return all, err
}
