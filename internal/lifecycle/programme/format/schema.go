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
		if say := sentence(schema.Root().At(path), e.ErrorKind); say != "" {
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
	below := append(path[:len(path):len(path)], name)
	at := r.places[strings.Join(below, "/")]
	r.say(at.keyLine, at.keyColumn, below, fmt.Sprintf("格式里没有“%.60s”这一项。%s", dotted(below), schema.Root().At(path).Meant(name)))
}

// sentence says in words what is wrong with a value.
func sentence(s schema.Schema, k jsonschema.ErrorKind) string {
	switch k := k.(type) {
	case *kind.Type:
		if k.Got == "null" { // it was refused already
			return ""
		}
		return fmt.Sprintf("应是%s，写的是%s。%s", typeWord(k.Want[0]), typeWord(k.Got), typeMend[k.Want[0]])
	case *kind.Enum:
		return fmt.Sprintf("不能是“%s”。可以写%s。", cut(k.Got), s.Choices())
	case *kind.Minimum:
		return fmt.Sprintf("写的是%s，最少%s，最多%v。", k.Got.RatString(), k.Want.RatString(), s["maximum"])
	case *kind.Maximum:
		return fmt.Sprintf("写的是%s，最少%v，最多%s。", k.Got.RatString(), s["minimum"], k.Want.RatString())
	case *kind.MinLength:
		if k.Got == 0 {
			return "是空的。写上内容。"
		}
		return fmt.Sprintf("只有%d个字符，最少%d个。", k.Got, k.Want)
	case *kind.MaxLength:
		return fmt.Sprintf("有%d个字符，最多%d个。删短一些。", k.Got, k.Want)
	case *kind.MinItems:
		return fmt.Sprintf("有%d项，最少%d项。补上。", k.Got, k.Want)
	case *kind.MaxItems:
		return fmt.Sprintf("有%d项，最多%d项。删去一些。", k.Got, k.Want)
	case *kind.MaxProperties:
		return fmt.Sprintf("有%d项，最多%d项。删去一些。", k.Got, k.Want)
	case *kind.Pattern:
		return fmt.Sprintf("“%s”写法不对。%s", cut(k.Got), s.Text("description"))
	case *kind.Format:
		return fmt.Sprintf("“%s”不是有效日期。写成2026-12-31的样子，并核对该月有没有这一天。", cut(k.Got))
	}
	return fmt.Sprintf("不合格式（%s）。照 docs/programme-format.md 改。", strings.Join(k.KeywordPath(), "/"))
}

var typeMend = map[string]string{
	"integer": "写成普通的整数，不加引号，最多九位。", "boolean": "写 true 或 false。", "string": "加上引号写成文字。",
	"array": "每项一行，以“- ”开头，或写成 [甲, 乙]。", "object": "在下面缩进写“名称: 值”。",
}

func typeWord(t string) string {
	if w := map[string]string{
		"integer": "整数", "number": "数", "boolean": "true 或 false", "string": "文字", "array": "列表", "object": "带名称的各项", "null": "空",
	}[t]; w != "" {
		return w
	}
	return t
}

func cut(v any) string {
	r := []rune(fmt.Sprint(v))
	if len(r) > 60 {
		return string(r[:60]) + "…"
	}
	return string(r)
}

// honoured notes every setting that the engine does not act on yet: its schema
// lists the values that it does under "x-honoured".
func (r *reader) honoured(s schema.Schema, v any, path []string) {
	if s == nil {
		return
	}
	if good := s.List("x-honoured"); good != nil && !slices.ContainsFunc(good, func(g any) bool { return schema.Same(g, v) }) {
		r.sayOf(path, named(path)+"用了本版还不执行的设置，不能装作执行。"+s.Now())
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
