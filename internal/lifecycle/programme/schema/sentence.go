package schema

import (
	"fmt"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
)

// Says puts into words what is wrong with a value of this schema; "" for what was said
// already.
func (s Schema) Says(k jsonschema.ErrorKind) string {
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
		return fmt.Sprintf("“%s”不是有效日期。写成2026-12-31的样子。", cut(k.Got))
	}
	return fmt.Sprintf("不合格式（%s）。照 docs/programme-format.md 改。", strings.Join(k.KeywordPath(), "/"))
}

var typeMend = map[string]string{
	"integer": "写成普通的整数，不加引号。", "boolean": "写 true 或 false。", "string": "加上引号写成文字。",
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
