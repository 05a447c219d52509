package words_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"shifan/internal/calendar"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/programme/schema"
	"shifan/internal/lifecycle/programme/words"
)

// whole is a programme in which every setting has an effect.
func whole() *programme.Programme {
	p := &programme.Programme{}
	fill(reflect.ValueOf(p).Elem(), schema.Root())
	p.Procedure = []string{"review", "visit", "meeting", "publicity"}
	p.Scoring.Method, p.Quota.Kind, p.Applicants.Categories[0].Quota.Kind = "scored", "fixed", "fixed"
	p.Eligibility[0].Window.Kind = "months_back"
	p.Rectification.Months = 0
	p.Sources = map[string]string{"publicity.days": "第七条", "rectification.months": "第九条"}
	p.Clauses = map[string]string{"办法(五)": "第七条 公示"}
	return p
}

// fill puts something into every field, one into every list; the first of the values
// where there is a choice.
func fill(v reflect.Value, s schema.Schema) {
	if d, ok := v.Addr().Interface().(*calendar.Date); ok {
		*d = calendar.MustDate("2030-12-31")
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			fill(v.Field(i), s.Property(v.Type().Field(i).Tag.Get("yaml")))
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(v.Index(0), s.Property(""))
	case reflect.Array:
		for i := range v.Len() {
			fill(v.Index(i), s.Property(""))
		}
	case reflect.String:
		v.SetString(other(s, ""))
	case reflect.Int:
		v.SetInt(7)
	default:
	}
}

// other returns a text that a setting can have beside the given one.
func other(s schema.Schema, than string) string {
	for _, v := range s.List("enum") {
		if v != than {
			return v.(string)
		}
	}
	return than + "甲"
}

// leaves calls look with every single value below v and a way to change it. What the
// engine acts on in one way only cannot stand otherwise in a file, and is left out.
func leaves(v reflect.Value, s schema.Schema, path string, look func(path string, change, undo func())) {
	if s != nil && len(s.List("x-honoured")) == 1 {
		return
	}
	if d, ok := v.Addr().Interface().(*calendar.Date); ok {
		was := *d
		look(path, func() { *d = d.AddDays(1) }, func() { *d = was })
		return
	}
	was := reflect.New(v.Type()).Elem()
	was.Set(v)
	undo := func() { v.Set(was) }
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			name := v.Type().Field(i).Tag.Get("yaml")
			leaves(v.Field(i), s.Property(name), path+"."+name, look)
		}
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			leaves(v.Index(i), s.Property(""), fmt.Sprintf("%s[%d]", path, i), look)
		}
	case reflect.Map:
		for _, k := range v.MapKeys() {
			old := v.MapIndex(k)
			look(path+"."+k.String(), func() { v.SetMapIndex(k, reflect.ValueOf("第百条")) }, func() { v.SetMapIndex(k, old) })
		}
	case reflect.String:
		look(path, func() { v.SetString(other(s, v.String())) }, undo)
	case reflect.Int:
		look(path, func() { v.SetInt(v.Int() + 1) }, undo)
	case reflect.Bool:
		look(path, func() { v.SetBool(!v.Bool()) }, undo)
	default:
		panic(path)
	}
}

// TestShowSaysEverything: no value of a programme can change without its words
// changing.
func TestShowSaysEverything(t *testing.T) {
	t.Parallel()
	said, n := words.Show(whole()), 0
	p := whole()
	leaves(reflect.ValueOf(p).Elem(), schema.Root(), "", func(path string, change, undo func()) {
		n++
		change()
		if words.Show(p) == said {
			t.Errorf("%s is shown to nobody", strings.TrimPrefix(path, "."))
		}
		undo()
	})
	if words.Show(p) != said {
		t.Error("the test left something changed")
	}
	if n < 100 {
		t.Errorf("only %d values", n)
	}
}
