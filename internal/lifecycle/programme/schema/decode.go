package schema

import (
	"encoding"
	"encoding/json"
	"reflect"
)

// Decode fills what to points to from a value, by the names in its yaml tags. What is
// of another type was noted already and is left out.
func Decode(to any, value map[string]any) { set(reflect.ValueOf(to).Elem(), value) }

func set(to reflect.Value, from any) {
	if s, ok := from.(string); ok {
		if t, ok := to.Addr().Interface().(encoding.TextUnmarshaler); ok {
			_ = t.UnmarshalText([]byte(s)) // a wrong date was noted by the schema
			return
		}
	}
	switch to.Kind() {
	case reflect.Struct:
		m, _ := from.(map[string]any)
		for i := range to.NumField() {
			if v, ok := m[to.Type().Field(i).Tag.Get("yaml")]; ok {
				set(to.Field(i), v)
			}
		}
	case reflect.Slice, reflect.Array:
		l, _ := from.([]any)
		if to.Kind() == reflect.Slice && len(l) > 0 {
			to.Set(reflect.MakeSlice(to.Type(), len(l), len(l)))
		}
		for i := range min(len(l), to.Len()) {
			set(to.Index(i), l[i])
		}
	case reflect.Map:
		m, _ := from.(map[string]any)
		to.Set(reflect.MakeMap(to.Type()))
		for k, x := range m {
			if s, ok := x.(string); ok {
				to.SetMapIndex(reflect.ValueOf(k), reflect.ValueOf(s))
			}
		}
	case reflect.String:
		if s, ok := from.(string); ok {
			to.SetString(s)
		}
	case reflect.Int:
		switch n := from.(type) {
		case int:
			to.SetInt(int64(n))
		case json.Number:
			v, _ := n.Int64() // a default of ours
			to.SetInt(v)
		}
	case reflect.Bool:
		if b, ok := from.(bool); ok {
			to.SetBool(b)
		}
	default: // a programme has no other kinds of settings
	}
}
