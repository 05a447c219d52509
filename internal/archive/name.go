package archive

import (
	"fmt"
	"path"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// The bounds of one name: what every file system takes.
const (
	nameMost  = 60  // characters
	bytesMost = 200 // bytes in UTF-8
)

// reserved are the names that Windows keeps for itself, whatever ending they have.
var reserved = map[string]bool{"con": true, "prn": true, "aux": true, "nul": true, "conin$": true, "conout$": true}

func init() {
	for _, n := range "123456789¹²³" {
		reserved["com"+string(n)], reserved["lpt"+string(n)] = true, true
	}
}

// Safe makes a name of a file or a folder out of any text: one that every machine can
// keep, that is no path, and that shows as it is. Signs that no file system takes become
// _; what nobody sees, such as marks that turn the direction of reading round, goes. The
// ending stays when a long name is cut. It returns what it made unchanged.
func Safe(name string) string {
	name = norm.NFC.String(strings.ToValidUTF8(name, "_"))
	name = strings.Map(func(r rune) rune {
		switch {
		case strings.ContainsRune(`<>:"/\|?*`, r):
			return '_'
		case unicode.IsSpace(r):
			return ' '
		case unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Cs, unicode.Zl, unicode.Zp), invisible(r):
			return -1
		}
		return r
	}, name)
	name = norm.NFC.String(strings.Join(strings.Fields(name), " ")) // what went may have parted a sign from its accent
	name = strings.TrimRight(strings.TrimLeft(name, "-~ "), ". ")
	if strings.HasPrefix(name, ".") {
		name = "_" + strings.TrimLeft(name, ".")
	}
	if name = shorten(name); name == "" {
		return "未命名"
	}
	if first, _, _ := strings.Cut(name, "."); reserved[strings.ToLower(strings.TrimSpace(first))] {
		name = shorten("_" + name)
	}
	return name
}

// invisible are signs that fonts show as nothing and that are neither control nor format.
func invisible(r rune) bool {
	return r == 0x115f || r == 0x1160 || r == 0x3164 || r == 0xffa0 || r == 0x2800 || r == 0x34f || unicode.Is(unicode.Variation_Selector, r)
}

// shorten cuts a name before its ending.
func shorten(name string) string {
	ending := path.Ext(name)
	if len(ending) > 10 || ending == name {
		ending = ""
	}
	stem := []rune(strings.TrimSuffix(name, ending))
	for len(stem) > 0 && (len(stem)+len([]rune(ending)) > nameMost || len(string(stem))+len(ending) > bytesMost) {
		stem = stem[:len(stem)-1]
	}
	if cut := string(stem) + ending; cut != name {
		return strings.TrimRight(norm.NFC.String(strings.TrimRight(string(stem), ". ")+ending), ". ")
	}
	return name
}

// Names gives every file and folder of a package its own name: of two that some machine
// would take for one, the second gets a number.
type Names struct{ taken map[string]bool }

// In returns a path in a folder, which the caller got from In as well or which is "".
func (n *Names) In(folder, name string) string {
	if n.taken == nil {
		n.taken = map[string]bool{}
	}
	name = Safe(name)
	ending := path.Ext(name)
	stem := strings.TrimSuffix(name, ending)
	for i := 2; n.taken[Fold(path.Join(folder, name))]; i++ {
		mark := fmt.Sprintf("(%d)", i)
		short := []rune(stem)
		for len(short) > 1 && (len(short)+len([]rune(ending))+len(mark) > nameMost || len(string(short))+len(ending)+len(mark) > bytesMost) {
			short = short[:len(short)-1]
		}
		name = Safe(strings.TrimRight(string(short), ". ") + mark + ending)
	}
	p := path.Join(folder, name)
	n.taken[Fold(p)] = true
	return p
}
