package schema

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"shifan/programmes"
)

// Schema is the part of the JSON Schema that says something of one setting.
type Schema map[string]any

var rootSchema, compiled = load(programmes.Schema())

// Root returns the schema of the whole file.
func Root() Schema { return rootSchema }

func load(text []byte) (Schema, *jsonschema.Schema) {
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		panic(err) // it is ours, and tested
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource("programme.schema.json", doc); err != nil {
		panic(err)
	}
	return doc.(map[string]any), c.MustCompile("programme.schema.json")
}

// Property returns the schema of a map's entry or a list's item; nil when there
// is none.
func (s Schema) Property(name string) Schema {
	if props, ok := s["properties"].(map[string]any); ok {
		p, _ := props[name].(map[string]any)
		return p
	}
	if items, ok := s["items"].(map[string]any); ok {
		return items
	}
	more, _ := s["additionalProperties"].(map[string]any)
	return more
}

// At returns the schema of the value at a path; nil when there is none.
func (s Schema) At(path []string) Schema {
	for _, p := range path {
		if s = s.Property(p); s == nil {
			return nil
		}
	}
	return s
}

// Title returns the setting's name in words.
func (s Schema) Title() string { t, _ := s["title"].(string); return t }

// Text returns one of the schema's texts, such as "description" or "x-say".
func (s Schema) Text(keyword string) string { t, _ := s[keyword].(string); return t }

// Word returns what a value means in words, where the schema says so: those of
// an enum and of yes or no.
func (s Schema) Word(v any) string {
	values, words := s.List("enum"), s.List("enumDescriptions")
	if b, ok := v.(bool); ok {
		values, words = []any{false, true}, s.List("x-words")
		v = b
	}
	if i := slices.Index(values, v); i >= 0 && i < len(words) {
		return fmt.Sprint(words[i])
	}
	return ""
}

// List returns one of the schema's lists, such as "enum" or "x-honoured"; nil when
// it has none.
func (s Schema) List(keyword string) []any { l, _ := s[keyword].([]any); return l }

// Choices lists the values of an enum with their words.
func (s Schema) Choices() string {
	var all []string
	for _, v := range s.List("enum") {
		w := fmt.Sprint(v)
		if word := s.Word(v); word != "" && word != w {
			w += "（" + word + "）"
		}
		all = append(all, w)
	}
	return strings.Join(all, "、")
}

// Validate compares a whole file with the schema. What it returns is a
// *jsonschema.ValidationError or nil.
func Validate(value any) error { return compiled.Validate(value) }

// Fill adds to a value what the schema says of absent settings.
func (s Schema) Fill(value any) {
	switch v := value.(type) {
	case map[string]any:
		props, _ := s["properties"].(map[string]any)
		given := map[string]bool{}
		for name := range v {
			given[name] = true
		}
		for name, p := range props {
			p, _ := p.(map[string]any)
			if _, there := v[name]; !there {
				d, has := p["default"]
				other, _ := p["x-unless"].(string)
				if !has || given[other] {
					continue
				}
				v[name] = own(d)
			}
			Schema(p).Fill(v[name])
		}
	case []any:
		for _, x := range v {
			s.Property("").Fill(x)
		}
	}
}

// own copies a default, so that filling one programme changes no other.
func own(d any) any {
	switch d := d.(type) {
	case map[string]any:
		return map[string]any{}
	case []any:
		return append([]any{}, d...)
	case json.Number:
		n, err := d.Int64()
		if err != nil {
			panic(err) // the schema is ours, and tested
		}
		return int(n)
	}
	return d
}

// Like lists the names that a map may have, and the one of them that is most
// like the given one; "" when none is near.
func (s Schema) Like(name string) (known []string, near string) {
	props, _ := s["properties"].(map[string]any)
	best := 3
	for _, k := range slices.Sorted(maps.Keys(props)) {
		known = append(known, k)
		if d := distance(k, name); d < best {
			best, near = d, k
		}
	}
	return known, near
}

// distance counts the letters by which two names differ.
func distance(a, b string) int {
	if len(b) > 40 {
		return len(b)
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		last := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := last
			if a[i] != b[j] {
				cost++
			}
			last = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}

// Same compares a value of the schema with one of the file. A value of another
// type is somebody else's problem.
func Same(g, v any) bool {
	switch v := v.(type) {
	case int:
		return fmt.Sprint(g) == strconv.Itoa(v)
	case []any:
		l, ok := g.([]any)
		return ok && len(l) == len(v) && (len(l) == 0 || reflect.DeepEqual(l, v))
	case string, bool:
		_, text := g.(string)
		_, yes := g.(bool)
		_, isText := v.(string)
		return g == v || text != isText && !yes
	}
	return true
}

// Now says which values the engine acts on today.
func (s Schema) Now() string {
	var words []string
	for _, g := range s.List("x-honoured") {
		l, isList := g.([]any)
		switch {
		case isList && len(l) == 0:
			return "删掉这一项，改由线下办理，或等支持它的版本。"
		case isList:
			for _, x := range l {
				words = append(words, worded(s.Property(""), x))
			}
			return fmt.Sprintf("现在这%d项都要写，按这个次序：%s。", len(l), strings.Join(words, "、"))
		}
		words = append(words, worded(s, g))
	}
	return "现在可以写" + strings.Join(words, "、") + "。"
}

// worded is a value with its word: rectify（限期整改）.
func worded(s Schema, v any) string {
	if said := s.Word(v); said != "" {
		return fmt.Sprintf("%v（%s）", v, said)
	}
	return fmt.Sprint(v)
}

// Meant says how to mend a name that a part of the format does not have: the one that is
// near, the same without wide signs, the part that it belongs to, or all that there are.
func (s Schema) Meant(name string) string {
	known, near := s.Like(name)
	half := halfWidth(name)
	switch home := home(half); {
	case near != "":
		return fmt.Sprintf("是不是“%s”？", near)
	case half != name && slices.Contains(known, half):
		return fmt.Sprintf("括号和空格要用半角的，写成“%s”。", half)
	case home != "":
		return fmt.Sprintf("它是“%s”里的一项，看看缩进对不对。", home)
	case len(known) > 0:
		return "这里可用的是：" + strings.Join(known, "、") + "。"
	}
	return "删掉它，或改成这里可用的名称。"
}

// halfWidth writes a name without the signs that an input method makes wide.
func halfWidth(name string) string {
	return strings.NewReplacer("（", "(", "）", ")", "\u3000", "", "\u00a0", "").Replace(name)
}

// home names the outermost part of the format that has a setting of the given name, when
// only one has: what stands at a wrong indent belongs there.
func home(name string) (found string) {
	parts, _ := Root().Like(name)
	for _, part := range parts {
		if inner, _ := Root().At([]string{part}).Like(name); !slices.Contains(inner, name) {
			continue
		}
		if found != "" {
			return ""
		}
		found = part
	}
	return found
}
