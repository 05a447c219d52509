package api

import (
	"encoding"
	"encoding/json"
	"reflect"
	"strings"
	"time"

	"shifan/internal/calendar"
)

// object is a JSON object whose keys are written in alphabetical order, so that the
// document is the same bytes every time.
type object = map[string]any

// schemas makes JSON Schemas of Go types. Named structs become components.
type schemas struct{ components object }

// names of components that the types' own do not tell outside the door.
var componentNames = map[string]string{"Done": "done", "wrong": "inputError"}

func componentName(t reflect.Type) string {
	if n, ok := componentNames[t.Name()]; ok {
		return n
	}
	pkg := t.PkgPath()[strings.LastIndex(t.PkgPath(), "/")+1:]
	if pkg == "api" {
		return t.Name()
	}
	return pkg + t.Name()
}

// of returns the schema of a type.
func (s *schemas) of(t reflect.Type) object {
	switch t {
	case reflect.TypeFor[time.Time]():
		return object{"type": "string", "format": "date-time"}
	case reflect.TypeFor[calendar.Date]():
		return object{"type": "string", "format": "date", "examples": []string{"2026-03-02"}}
	case reflect.TypeFor[json.RawMessage]():
		return object{"type": "object", "additionalProperties": true}
	}
	if t.Kind() != reflect.Pointer && t.Implements(reflect.TypeFor[encoding.TextMarshaler]()) {
		return object{"type": "string"}
	}
	switch t.Kind() {
	case reflect.Pointer:
		return s.of(t.Elem())
	case reflect.String:
		return object{"type": "string"}
	case reflect.Bool:
		return object{"type": "boolean"}
	case reflect.Int, reflect.Int64:
		return object{"type": "integer"}
	case reflect.Slice:
		return object{"type": "array", "items": s.of(t.Elem())}
	case reflect.Array:
		return object{"type": "array", "items": s.of(t.Elem()), "minItems": t.Len(), "maxItems": t.Len()}
	case reflect.Map:
		return object{"type": "object", "additionalProperties": s.of(t.Elem())}
	case reflect.Struct:
		return s.component(t)
	default:
		panic("api: no schema for " + t.String())
	}
}

// component names the schema of a struct, and makes it when it is new.
func (s *schemas) component(t reflect.Type) object {
	name := componentName(t)
	if _, known := s.components[name]; !known {
		s.components[name] = object{} // before its fields, which may lead back to it
		properties, needed := object{}, []string{}
		s.fields(t, properties, &needed)
		made := object{"type": "object", "properties": properties, "additionalProperties": false}
		if len(needed) > 0 {
			made["required"] = needed
		}
		s.components[name] = made
	}
	return object{"$ref": "#/components/schemas/" + name}
}

func (s *schemas) fields(t reflect.Type, properties object, needed *[]string) {
	for i := range t.NumField() {
		f := t.Field(i)
		name, how, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case f.Anonymous && name == "":
			s.fields(f.Type, properties, needed)
			continue
		case !f.IsExported() || name == "-":
			continue
		case name == "":
			name = f.Name
		}
		schema := s.of(f.Type)
		if doc := f.Tag.Get("doc"); doc != "" {
			schema["description"] = doc
		}
		properties[name] = schema
		if !strings.Contains(how, "omit") {
			*needed = append(*needed, name)
		}
	}
}

// page returns the schema of a page of a list.
func (s *schemas) page(row reflect.Type) object {
	name := componentName(row) + "Page"
	s.components[name] = object{
		"type": "object", "required": []string{"items"}, "additionalProperties": false,
		"properties": object{
			"items": object{"type": "array", "items": s.of(row)},
			"next":  object{"type": "string", "description": "address of the next page; left out on the last"},
		},
	}
	return object{"$ref": "#/components/schemas/" + name}
}

// query returns the parameters of a view.
func (s *schemas) query(t reflect.Type) (all []any) {
	for i := range t.NumField() {
		f := t.Field(i)
		if f.Anonymous {
			all = append(all, s.query(f.Type)...)
			continue
		}
		name := f.Tag.Get("query")
		if name == "" {
			continue
		}
		p := object{"name": name, "in": "query", "schema": s.of(f.Type)}
		if doc := f.Tag.Get("doc"); doc != "" {
			p["description"] = doc
		}
		all = append(all, p)
	}
	return all
}
