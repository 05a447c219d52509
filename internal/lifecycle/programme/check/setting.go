package check

import (
	"reflect"
	"slices"
	"strings"

	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/programme/facts"
)

// Chapters are the parts of a file that hold settings, in the order of the life.
// What a programme is called and who runs it are not settings.
var Chapters = []string{
	"applicants", "quota", "cycle", "procedure", "filing", "interests", "review", "scoring", "visit", "meeting", "publicity", "naming",
	"validity", "plaque", "recheck", "rectification", "sanctions", "revocation", "abolition",
}

// hasSetting reports whether a path of names joined by dots, such as
// publicity.days, leads to a setting: to one thing that a chapter says. A fraction and
// a quota are one; the categories of applicants have clauses of their own.
func hasSetting(path string) bool {
	t := reflect.TypeFor[programme.Programme]()
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
	case t == reflect.TypeFor[programme.Fraction](), t == reflect.TypeFor[programme.Quota]():
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

// FactKind is what a rule has to know of a fact.
type FactKind struct {
	Words  []string // the values that a text can have; nil when any
	Window string   // "span" or "years" when the rule needs such a window
}

// FactKindOf returns what a rule has to know of a fact.
func FactKindOf(name string) (k FactKind) {
	for f := range reflect.TypeFor[facts.Org]().Fields() {
		if f.Tag.Get("expr") == name {
			if words, listed := f.Tag.Lookup("words"); listed {
				k.Words = strings.Split(words, ",")
			}
			k.Window = f.Tag.Get("window")
		}
	}
	return k
}
