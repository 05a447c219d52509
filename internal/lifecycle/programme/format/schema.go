package format

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"

	"shifan/internal/lifecycle/programme/schema"
)

// named writes the name of a setting as sentences begin with it: “公示期”（publicity.days）.
func named(path []string) string {
	if len(path) == 0 {
		return "文件"
	}
	if s := schema.Root().At(path); s.Title() != "" {
		return "“" + s.Title() + "”（" + dotted(path) + "）"
	}
	return "“" + dotted(path) + "”"
}

// validate notes every way in which the value is not what the schema wants.
func (r *reader) validate(value map[string]any) {
	err := schema.Validate(value)
	if wrong, ok := errors.AsType[*jsonschema.ValidationError](err); ok {
		r.leaves(wrong)
	}
}

func (r *reader) leaves(e *jsonschema.ValidationError) {
	for _, c := range e.Causes {
		r.leaves(c)
	}
	if len(e.Causes) > 0 {
		return
	}
	path := e.InstanceLocation
	switch k := e.ErrorKind.(type) {
	case *kind.AdditionalProperties:
		for _, name := range k.Properties {
			r.unknown(path, name)
		}
	case *kind.Required:
		for _, name := range k.Missing {
			below := append(path[:len(path):len(path)], name)
			if _, there := r.places[strings.Join(below, "/")]; !there { // one without a value was noted
				mend := "补上这一项。"
				if example := schema.Root().At(below).Text("x-example"); example != "" {
					mend = "补上这一项，例如 " + example + "。"
				}
				r.sayOf(below, "缺少"+named(below)+"。"+mend)
			}
		}
	case *kind.UniqueItems:
		at := append(path[:len(path):len(path)], strconv.Itoa(k.Duplicates[1]))
		r.sayOf(at, fmt.Sprintf("%s的第%d项和第%d项重复。删掉一个。", named(path), k.Duplicates[0]+1, k.Duplicates[1]+1))
	default:
		if say := schema.Root().At(path).Says(e.ErrorKind); say != "" {
			r.sayOf(path, named(path)+say)
		}
	}
}

// legible notes texts of blanks alone, and characters that nobody sees: written as
// they are or escaped, they make two texts look the same.
func (r *reader) legible(v any, path []string) {
	switch v := v.(type) {
	case map[string]any:
		for k, x := range v {
			r.legible(x, append(path[:len(path):len(path)], k))
		}
	case []any:
		for i, x := range v {
			r.legible(x, append(path[:len(path):len(path)], strconv.Itoa(i)))
		}
	case string:
		switch {
		case v != "" && strings.TrimSpace(v) == "":
			r.sayOf(path, named(path)+"只有空白。写上内容，或删掉这一项。")
		case strings.ContainsFunc(v, unseen):
			r.sayOf(path, named(path)+"里有看不见的字符。删掉它，重新输入这一项。")
		}
	}
}

// unseen reports whether a character is a control or a format character: nobody
// sees it.
func unseen(r rune) bool { return r != '\n' && r != '\t' && unicode.In(r, unicode.Cc, unicode.Cf) }

// unknown notes a name that the format does not have, and what was meant.
func (r *reader) unknown(path []string, name string) {
	known, near := schema.Root().At(path).Like(name)
	below := append(path[:len(path):len(path)], name)
	at := r.places[strings.Join(below, "/")]
	mend := "删掉它，或改成这里可用的名称。"
	if near != "" {
		mend = fmt.Sprintf("是不是“%s”？", near)
	} else if len(known) > 0 {
		mend = "这里可用的是：" + strings.Join(known, "、") + "。"
	}
	r.say(at.keyLine, at.keyColumn, below, fmt.Sprintf("格式里没有“%.60s”这一项。%s", dotted(below), mend))
}

// honoured notes every setting that the engine does not act on yet: its schema
// lists the values that it does under "x-honoured".
func (r *reader) honoured(s schema.Schema, v any, path []string) {
	if s == nil {
		return
	}
	if good := s.List("x-honoured"); good != nil && !slices.ContainsFunc(good, func(g any) bool { return schema.Same(g, v) }) {
		r.sayOf(path, named(path)+"用了本版还不执行的设置，不能装作执行。"+onlyNow(s, good))
		return
	}
	switch v := v.(type) {
	case map[string]any:
		for k, x := range v {
			r.honoured(s.Property(k), x, append(path[:len(path):len(path)], k))
		}
	case []any:
		for i, x := range v {
			r.honoured(s.Property(""), x, append(path[:len(path):len(path)], strconv.Itoa(i)))
		}
	}
}

func onlyNow(s schema.Schema, good []any) string {
	var words []string
	for _, g := range good {
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
func worded(s schema.Schema, v any) string {
	if said := s.Word(v); said != "" {
		return fmt.Sprintf("%v（%s）", v, said)
	}
	return fmt.Sprint(v)
}
