package expression

import (
	"fmt"
	"reflect"
	"strings"
)

// Names lists the facts of a struct by their tags, in its order; "-" is none.
func Names(facts any) (names []string) {
	for f := range reflect.TypeOf(facts).Fields() {
		if name := f.Tag.Get("expr"); name != "-" {
			names = append(names, name)
		}
	}
	return names
}

// Said returns the value of the fact with the given name as a page shows it, or
// "" when there is no such fact.
func Said(facts any, name string) string {
	v := reflect.ValueOf(facts)
	for i := range v.NumField() {
		if v.Type().Field(i).Tag.Get("expr") == name {
			return said(v.Field(i).Interface())
		}
	}
	return ""
}

func said(v any) string {
	switch v := v.(type) {
	case bool:
		if v {
			return "是"
		}
		return "否"
	case []string:
		return strings.Join(v, "、")
	case string:
		if v == "" {
			return "无"
		}
	}
	return strings.Trim(strings.ReplaceAll(fmt.Sprint(v), " ", "、"), "[]")
}
