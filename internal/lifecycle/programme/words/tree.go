package words

import (
	"reflect"

	"shifan/internal/calendar"
	"shifan/internal/lifecycle/programme"
)

// Tree returns a programme as its file says it, by the names of the file, for programs
// that read it: everything that is written there, and the defaults of what is not.
func Tree(p *programme.Programme) map[string]any {
	return tree(reflect.ValueOf(p).Elem()).(map[string]any)
}

func tree(v reflect.Value) any {
	if d, ok := v.Interface().(calendar.Date); ok {
		return d.String()
	}
	switch v.Kind() {
	case reflect.Struct:
		m := map[string]any{}
		for i := range v.NumField() {
			m[v.Type().Field(i).Tag.Get("yaml")] = tree(v.Field(i))
		}
		return m
	case reflect.Slice, reflect.Array:
		all := []any{}
		for i := range v.Len() {
			all = append(all, tree(v.Index(i)))
		}
		return all
	default:
		return v.Interface()
	}
}
