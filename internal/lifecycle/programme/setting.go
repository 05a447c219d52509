package programme

import (
	"reflect"
	"strings"
)

// HasSetting reports whether a path of names joined by dots, such as
// publicity.days, leads to something that a programme's file says outside lists.
func HasSetting(path string) bool {
	t := reflect.TypeFor[Programme]()
	for name := range strings.SplitSeq(path, ".") {
		if t.Kind() != reflect.Struct {
			return false
		}
		next, found := field(t, name)
		if !found {
			return false
		}
		t = next
	}
	return true
}

// field returns the type of the field with the given name in the file.
func field(t reflect.Type, name string) (reflect.Type, bool) {
	for i := range t.NumField() {
		if f := t.Field(i); f.Tag.Get("yaml") == name && name != "" {
			return f.Type, true
		}
	}
	return nil, false
}
