package main

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/programme/facts"
	"shifan/internal/lifecycle/programme/format"
	"shifan/internal/lifecycle/programme/schema"
	"shifan/internal/lifecycle/template"
)

// TestGoldenProgrammeFormat keeps docs/programme-format.md what the schema and
// the facts say.
func TestGoldenProgrammeFormat(t *testing.T) {
	const golden = "../../docs/programme-format.md"
	text, err := os.ReadFile("testdata/programme-format.md")
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	b.Write(text)
	b.WriteString("\n## 各项设置\n\n标 * 的必须写。没有写的按默认值填上。“通知”里没有规定的，印作“通知未规定，本方案设定”。\n")
	root := reflect.TypeFor[programme.Programme]()
	b.WriteString("\n### 文件最外层\n\n" + tableHead)
	for i := range root.NumField() {
		row(&b, schema.Root(), root.Field(i).Tag.Get("yaml"))
	}
	for i := range root.NumField() {
		name := root.Field(i).Tag.Get("yaml")
		part(&b, name, schema.Root().Property(name), root.Field(i).Type)
	}
	b.WriteString(templates())
	b.WriteString("\n## 条件里能用的事实\n\n写成 `org.` 加名称，如 `org.评估等级 >= 3`。窗口指这一条的 window。\n\n| 名称 | 类型 | 含义 |\n|---|---|---|\n")
	for _, f := range documented(t) {
		fmt.Fprintf(&b, "| `org.%s` | %s | %s |\n", f.name, f.kind, f.meaning)
	}
	if *update {
		if err := os.WriteFile(golden, []byte(b.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), b.String()); diff != "" {
		t.Error(diff)
	}
}

const tableHead = "| 名称 | 是什么 | 类型和范围 | 默认 | 说明 |\n|---|---|---|---|---|\n"

// part writes the table of everything below a setting, and then what is below
// that.
func part(b *strings.Builder, path string, s schema.Schema, of reflect.Type) {
	for of.Kind() == reflect.Slice {
		s, of, path = s.Property(""), of.Elem(), path+"[]"
	}
	known, _ := s.Like("")
	if len(known) == 0 {
		return
	}
	fmt.Fprintf(b, "\n### `%s` %s\n\n", path, s.Title())
	b.WriteString(tableHead)
	if of.Kind() == reflect.Map {
		inOrder := strings.NewReplacer("通知", "0", "一", "1", "二", "2", "三", "3", "四", "4", "五", "5", "六", "6", "办法", "9")
		slices.SortFunc(known, func(a, b string) int { return strings.Compare(inOrder.Replace(a), inOrder.Replace(b)) })
		for _, name := range known {
			row(b, s, name)
		}
		return
	}
	for i := range of.NumField() {
		name := of.Field(i).Tag.Get("yaml")
		row(b, s, name)
	}
	for i := range of.NumField() {
		name := of.Field(i).Tag.Get("yaml")
		part(b, path+"."+name, s.Property(name), of.Field(i).Type)
	}
}

func row(b *strings.Builder, in schema.Schema, name string) {
	s, shown := in.Property(name), ""
	for _, r := range in.List("required") {
		if r == name {
			shown = " \\*"
		}
	}
	about := s.Text("description")
	if honoured := s.List("x-honoured"); honoured != nil && !strings.Contains(about, "本版还不执行") {
		var words []string
		for _, h := range honoured {
			words = append(words, code(h))
		}
		about += "本版只执行" + strings.Join(words, "、") + "。"
	}
	fmt.Fprintf(b, "| `%s`%s | %s | %s | %s | %s |\n", name, shown, s.Title(), kindOf(s), code(s["default"]), about)
}

// kindOf says which values a setting takes.
func kindOf(s schema.Schema) string {
	switch s.Text("type") {
	case "integer":
		return fmt.Sprintf("%v到%v的整数", s["minimum"], s["maximum"])
	case "boolean":
		return fmt.Sprintf("`false`（%v）、`true`（%v）", s.List("x-words")[0], s.List("x-words")[1])
	case "array":
		return "列表：" + kindOf(s.Property(""))
	case "object":
		return "见下"
	}
	if len(s.List("enum")) > 0 {
		return s.Choices()
	}
	if s.Text("format") == "date" {
		return "日期"
	}
	return fmt.Sprintf("文字，最多%v字", s["maxLength"])
}

func code(v any) string {
	if v == nil {
		return ""
	}
	text, err := json.Marshal(v)
	if err != nil || string(text) == "{}" {
		return ""
	}
	return "`" + string(text) + "`"
}

type factDoc struct{ name, kind, meaning string }

// documented reads the names of facts.Org from their tags, and their meanings from the
// comments beside them; a fact without one fails the test.
func documented(t *testing.T) (all []factDoc) {
	t.Helper()
	tree, err := parser.ParseFile(token.NewFileSet(), "../../internal/lifecycle/programme/facts/facts.go", nil, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	kinds := map[string]string{"string": "文字", "int": "整数", "bool": "是或否", "[]int": "整数的列表", "[]string": "文字的列表"}
	ast.Inspect(tree, func(n ast.Node) bool {
		spec, ok := n.(*ast.TypeSpec)
		if !ok || spec.Name.Name != "Org" {
			return true
		}
		for _, f := range spec.Type.(*ast.StructType).Fields.List {
			tag, err := strconv.Unquote(f.Tag.Value)
			if err != nil {
				t.Fatal(err)
			}
			name := reflect.StructTag(tag).Get("expr")
			if name == "-" {
				continue
			}
			kind := ""
			switch x := f.Type.(type) {
			case *ast.Ident:
				kind = x.Name
			case *ast.ArrayType:
				kind = "[]" + x.Elt.(*ast.Ident).Name
			}
			meaning := factMeanings[name]
			if meaning == "" || strings.TrimSpace(f.Comment.Text()) == "" {
				t.Errorf("org.%s has no meaning in words", name)
			}
			all = append(all, factDoc{name, kinds[kind], meaning})
		}
		return false
	})
	if len(all) != len(facts.Names()) || len(all) != len(factMeanings) {
		t.Errorf("%d facts in the source, %d known, %d explained", len(all), len(facts.Names()), len(factMeanings))
	}
	return all
}

// factMeanings says the facts for authors of programmes, who read Chinese.
var factMeanings = map[string]string{
	"信用代码": "统一社会信用代码，18位", "登记层级前缀": "信用代码前8位：类别和登记管理机关", "类别": "社会团体、社会服务机构、基金会、农民专业合作社或其他",
	"状态": "截止日的登记状态：正常、已注销、已撤销或已合并", "年限": "从登记到截止日的整年数", "成立月数": "从登记到截止日的整月数",
	"窗口年度": "窗口里的完整年度；成立晚的只有成立以后的", "窗口从登记起": "成立晚于窗口起点",
	"党组织形式": "党委、党总支、党支部、联合党支部、临时党支部、功能型党组织；没有时是空文字", "正式党员数": "党组织的正式党员人数",
	"按时换届": "窗口内历次换届都按时，没有逾期", "换届状态": "截止日：未到期、临期、已批准延期、逾期或不适用",
	"章程写入": "章程写入坚持党的全面领导，并经登记机关核准", "评估等级": "1到5对应A到5A，没有评估是0，不管是否有效", "评估等级有效": "截止日等级有效，按公告时的规定算",
	"年检结论":   "每个窗口年度一个，依次：合格、基本合格、不合格、未参检、尚无结论、不适用（年报已报）、不适用（当年新登记）、年报未报",
	"行政处罚次数": "窗口内决定、没有撤销的处罚次数，警告也算", "存疑处罚次数": "处罚分支机构或负责人本人的，或者窗口前决定、窗口内执行的次数",
	"在异常名录": "截止日在活动异常名录上", "窗口内曾在异常名录": "窗口内任何时候在过", "严重失信": "截止日在严重违法失信名单上", "窗口内曾列入严重失信": "窗口内任何时候在过",
	"持有本称号": "截止日持有本方案的有效称号", "称号剩余月数": "从截止日到称号到期的整月数；没有称号是0", "禁止申报期内": "称号被撤销，禁止申报期还没有满", "曾查实弄虚作假": "窗口内查实过弄虚作假",
	"每年培训次数": "每个窗口年度的党员教育培训次数", "每年按时收缴月数": "每个窗口年度按时收缴党费的月数，0到12", "每年公益活动次数": "每个窗口年度的公益活动次数",
}

// templates tells the kinds of documents and of messages with their fields and words.
func templates() string {
	var b strings.Builder
	b.WriteString("\n## 文书模板和消息模板\n\n文书模板写在 `documents[].text`，消息模板写在 `messages[]`。一行一段，空行和填好以后什么也不剩的行不排。花括号里只有两种写法：\n\n" +
		"- `{单位}`：字段，办理时填上。\n- `{如有 理由}…{否则}…{完}`：字段有的时候写前一半，没有的时候写后一半；`{否则}` 可以不写，最多套四层。\n\n" +
		"标“独占一行”的是一张表或几段文字，不能写在一句话里；标“可能没有”的，写在 `{如有 …}` 里面。标 * 的必须写，标 + 的写其中一个。没有循环、函数和变量。" +
		"用了没有的字段、漏了必须写的、条件没有结束的，检查不过，指出第几行第几列。\n")
	for _, k := range slices.Concat(template.Documents, template.Messages) {
		if k.Fixed {
			continue
		}
		what := "文书"
		if k.Letter {
			what = "消息"
		}
		fmt.Fprintf(&b, "\n### %s `%s` %s\n\n| 字段 | 含义 | |\n|---|---|---|\n", what, k.Name, k.Label)
		for _, f := range k.Fields {
			mark, note := "", ""
			for _, n := range k.Needs {
				if slices.Contains(n, f.Name) {
					mark = " " + strings.Repeat("\\*", 2-len(n)) + strings.Repeat("+", len(n)-1)
				}
			}
			switch {
			case f.Block:
				note = "独占一行"
			case f.When == f.Name:
				note = "可能没有"
			case f.When != "":
				note = "与“" + f.When + "”同有同无"
			}
			fmt.Fprintf(&b, "| `{%s}`%s | %s | %s |\n", f.Name, mark, f.Means, note)
		}
		b.WriteString("\n通常的文字：\n\n```\n")
		if k.Letter {
			b.WriteString("标题：" + k.Subject + "\n")
		}
		b.WriteString(k.Text + "\n```\n")
	}
	return b.String()
}

// TestTemplateCodes: the schema knows the kinds of the chapter, with the same bounds.
func TestTemplateCodes(t *testing.T) {
	t.Parallel()
	messages := schema.Root().At([]string{"messages", "0"})
	for _, k := range template.Messages {
		if got := messages.Property("code").Word(k.Name); (got == k.Label) == k.Fixed {
			t.Errorf("message %s is called %q in the schema", k.Name, got)
		}
	}
	document := schema.Root().At([]string{"documents", "0"})
	for _, k := range template.Documents {
		if document.Property("code").Word(k.Name) == "" {
			t.Errorf("the schema has no document %s", k.Name)
		}
	}
	for _, b := range []struct {
		s    schema.Schema
		most int
	}{{document.Property("text"), template.TextMost}, {messages.Property("text"), template.LetterMost}, {messages.Property("subject"), template.SubjectMost}} {
		if fmt.Sprint(b.s["maxLength"]) != strconv.Itoa(b.most) {
			t.Errorf("at most %v in the schema, %d in the chapter", b.s["maxLength"], b.most)
		}
	}
}

// TestExampleOfTheFormat: the example in the documentation is a programme.
func TestExampleOfTheFormat(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("testdata/programme-format.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, found := strings.Cut(string(text), "```yaml\n")
	example, _, closed := strings.Cut(rest, "```")
	if !found || !closed {
		t.Fatal("no example")
	}
	if _, problems := format.Read([]byte(example)); len(problems) > 0 {
		t.Error(problems)
	}
}

// described are the settings that are only said, in the guide and in documents.
var described = []string{"Aliases", "Site", "Item", "Roles", "Role", "Body", "Documents", "Type", "Sources", "Basis", "Sanctions", "Text", "Size"}

// TestEverySettingIsRead: a setting is acted on by some code outside the packages
// that read the file, or its schema allows one value only. Names are compared,
// not types, so it finds what is forgotten, not what is misused.
func TestEverySettingIsRead(t *testing.T) {
	t.Parallel()
	var code strings.Builder
	if err := filepath.WalkDir("../../internal", func(path string, d os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && slices.Contains([]string{"check", "format", "schema", "words", "testkit"}, d.Name()) {
			return filepath.SkipDir
		}
		if (strings.HasSuffix(path, ".go") || strings.HasSuffix(path, ".templ")) && !strings.HasSuffix(path, "_test.go") {
			text, err := os.ReadFile(path)
			code.Write(text)
			return err
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	var walk func(path string, s schema.Schema, of reflect.Type)
	walk = func(path string, s schema.Schema, of reflect.Type) {
		for of.Kind() == reflect.Slice {
			s, of = s.Property(""), of.Elem()
		}
		if known, _ := s.Like(""); of.Kind() != reflect.Struct || len(known) == 0 {
			return
		}
		for i := range of.NumField() {
			f := of.Field(i)
			p := s.Property(f.Tag.Get("yaml"))
			if len(p.List("x-honoured")) == 1 || slices.Contains(described, f.Name) {
				continue
			}
			below, _ := p.Like("")
			if len(below) == 0 && !regexp.MustCompile(`\.`+f.Name+`\b`).MatchString(code.String()) {
				t.Errorf("%s.%s is read by nobody", path, f.Tag.Get("yaml"))
			}
			walk(path+"."+f.Tag.Get("yaml"), p, f.Type)
		}
	}
	walk("", schema.Root(), reflect.TypeFor[programme.Programme]())
}
