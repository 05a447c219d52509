package programme

import (
	"reflect"
	"slices"
	"strings"
)

// Chapters are the parts of a file that hold settings, in the order of the life.
// What a programme is called and who runs it are not settings.
var Chapters = []string{
	"applicants", "quota", "cycle", "procedure", "filing", "review", "scoring", "visit", "meeting", "publicity", "naming",
	"validity", "plaque", "recheck", "rectification", "sanctions", "revocation", "abolition",
}

// HasSetting reports whether a path of names joined by dots, such as
// publicity.days, leads to a setting: to one thing that a chapter says. A fraction and
// a quota are one; the categories of applicants have clauses of their own.
func HasSetting(path string) bool {
	t := reflect.TypeFor[Programme]()
	first, _, _ := strings.Cut(path, ".")
	for name := range strings.SplitSeq(path, ".") {
		if single(t) && t.Kind() == reflect.Struct {
			return false
		}
		next, found := field(t, name)
		if !found {
			return false
		}
		t = next
	}
	return slices.Contains(Chapters, first) && single(t)
}

// single reports whether a type is one setting and not a part with several.
func single(t reflect.Type) bool {
	switch {
	case t == reflect.TypeFor[Fraction](), t == reflect.TypeFor[Quota]():
		return true
	case t.Kind() == reflect.Slice:
		return t.Elem().Kind() != reflect.Struct
	}
	return t.Kind() != reflect.Struct && t.Kind() != reflect.Map
}

// field returns the type of the field with the given name in the file.
func field(t reflect.Type, name string) (reflect.Type, bool) {
	if t.Kind() != reflect.Struct || name == "" {
		return nil, false
	}
	for f := range t.Fields() {
		if f.Tag.Get("yaml") == name {
			return f.Type, true
		}
	}
	return nil, false
}
