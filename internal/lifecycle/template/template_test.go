package template

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestUsualWords: what stands here is itself a text without fault, and every field says
// what it means.
func TestUsualWords(t *testing.T) {
	t.Parallel()
	for _, k := range slices.Concat(Documents, Messages) {
		if _, wrong := Parse(k, k.Text); len(wrong) > 0 {
			t.Errorf("%s: %v", k.Name, wrong)
		}
		if _, wrong := ParseSubject(k, k.Subject); len(wrong) > 0 && k.Subject != "" {
			t.Errorf("%s: %v", k.Name, wrong)
		}
		for _, f := range k.Fields {
			if f.Means == "" || !f.Block && f.Example == "" {
				t.Errorf("%s: nothing is said of %s", k.Name, f.Name)
			}
			if _, known := k.Field(f.When); !known && f.When != "" {
				t.Errorf("%s: %s depends on %s, which is not there", k.Name, f.Name, f.When)
			}
		}
	}
	if len(Documents) < 11 || len(Messages) < 20 {
		t.Error("kinds are missing")
	}
}

// order is a small kind for the tables below.
var order = Kind{
	Name: "order", Fields: slices.Concat(always("单位", "编号", "送达日期"), maybe("理由", "期限"), with("期限", "工作日数"), blocks("名单", "问题清单")),
	Needs: [][]string{{"名单"}},
}

// TestRefused: every slip is found where it stands.
func TestRefused(t *testing.T) {
	t.Parallel()
	const list = "\n{名单}"
	for name, tt := range map[string]struct {
		text string
		at   int
		says string
	}{
		"a field with a slip":               {"致{单位名}" + list, 1, "是不是{单位}？"},
		"one that nobody means":             {"致{xyz}" + list, 1, "可以写{单位}、{编号}"},
		"as other languages write it":       {"致{{.单位}}" + list, 1, "没有配对"},
		"a pipeline":                        {"{单位|len}" + list, 0, "不是可以用的字段"},
		"a loop":                            {"{range 名单}x{end}" + list, 0, "不是可以用的字段"},
		"no end of a field":                 {"致{单位" + list, 1, "没有配对"},
		"no beginning":                      {"致单位}" + list, 3, "前面没有“{”"},
		"a block in a sentence":             {"名单是{名单}。", 3, "不能写在一句话里"},
		"a block behind a field":            {"{单位}{名单}", 4, "不能写在一句话里"},
		"two blocks in a line":              {"{名单}{问题清单}", 0, "不能写在一句话里"},
		"no list":                           {"致{单位}", 0, "没有写{名单}"},
		"a list only sometimes":             {"{如有 理由}{理由}\n{名单}\n{完}", 0, "没有写{名单}"},
		"a list only where there is none":   {"{如有 名单}有{否则}\n{名单}\n{完}", 0, "没有写{名单}"},
		"no end of a condition":             {"致{单位}{如有 理由}理由：{理由}" + list, 5, "没有结束"},
		"an end without a beginning":        {"致{单位}{完}" + list, 5, "前面没有"},
		"otherwise without a condition":     {"{否则}" + list, 0, "前面没有"},
		"otherwise twice":                   {"{如有 理由}a{否则}b{否则}c{完}" + list, 13, "前面没有"},
		"a condition on what is always":     {"{如有 单位}{单位}{完}" + list, 0, "总是有的"},
		"a condition on nothing":            {"{如有 某某}x{完}" + list, 0, "不是可以用的字段"},
		"what may be missing":               {"理由：{理由}" + list, 3, "有时没有"},
		"what may be missing, otherwise":    {"{如有 理由}x{否则}{理由}{完}" + list, 12, "有时没有"},
		"what goes with another":            {"{工作日数}日" + list, 0, "{如有 期限}"},
		"nothing":                           {" \n ", 0, "是空的"},
		"conditions five deep":              {strings.Repeat("{如有 理由}", 5) + "x" + strings.Repeat("{完}", 5) + list, 28, "套了4层以上"},
		"201 fields":                        {strings.Repeat("{编号}", 201) + list, 800, "超过200个"},
		"a character too many":              {strings.Repeat("字", 4001), 4000, "有4001字，最多4000字"},
		"only braces":                       {"{}" + list, 0, "不是可以用的字段"},
		"a condition and a line break":      {"{如有\n理由}" + list, 0, "没有配对"},
		"what goes with another, otherwise": {"{如有 期限}{期限}{否则}{工作日数}{完}" + list, 15, "有时没有"},
	} {
		_, wrong := Parse(order, tt.text)
		if len(wrong) == 0 || wrong[0].At != tt.at || !strings.Contains(wrong[0].Say, tt.says) {
			t.Errorf("%s: %v, want %q at %d", name, wrong, tt.says, tt.at)
		}
	}
	for name, text := range map[string]string{
		"the most fields":     strings.Repeat("{编号}", 199) + list,
		"the most conditions": strings.Repeat("{如有 理由}", 4) + "x" + strings.Repeat("{完}", 4) + list,
		"the most characters": strings.Repeat("字", 4000-5) + list,
		"blanks inside":       "{ 单位 }{如有　理由 }{理由}{完}" + list,
		"a block if there":    "{如有 问题清单}以下：\n{问题清单}\n{完}" + list,
		"on its own line":     "{如有 问题清单}{问题清单}{完}" + list,
		"either way":          "{如有 理由}{理由}\n{名单}\n{否则}\n{名单}\n{完}",
	} {
		if _, wrong := Parse(order, text); len(wrong) > 0 {
			t.Errorf("%s: %v", name, wrong)
		}
	}
	if _, wrong := Parse(order, "{甲}{乙}{单位}"); len(wrong) != 2 {
		t.Errorf("not everything is told at once: %v", wrong)
	}
	if _, wrong := ParseSubject(order, "{名单}"); len(wrong) != 1 || !strings.Contains(wrong[0].Say, "标题") {
		t.Errorf("a list in a subject: %v", wrong)
	}
}

// TestFill: lines in which nothing is left vanish, and what a field says is not read
// again.
func TestFill(t *testing.T) {
	t.Parallel()
	text, wrong := Parse(order, "致{单位}：\n{如有 理由}理由：{理由}。{完}\n{如有 期限}在{期限}前{否则}{如有 理由}尽快{完}随时{完}办理。\n\n{名单}\n{问题清单}")
	if len(wrong) > 0 {
		t.Fatal(wrong)
	}
	for name, tt := range map[string]struct {
		say    map[string]string
		blocks map[string]bool
		want   []Line
	}{
		"nothing that may be missing": {map[string]string{"单位": "甲"}, map[string]bool{"名单": true}, []Line{{Text: "致甲："}, {Text: "随时办理。"}, {Block: "名单"}}},
		"everything": {
			map[string]string{"单位": "甲", "理由": "乙", "期限": "丙"},
			map[string]bool{"名单": true, "问题清单": true},
			[]Line{{Text: "致甲："}, {Text: "理由：乙。"}, {Text: "在丙前办理。"}, {Block: "名单"}, {Block: "问题清单"}},
		},
		"hostile values": {
			map[string]string{"单位": "{名单}", "理由": "{如有 单位}\n{完}"},
			map[string]bool{"名单": true},
			[]Line{{Text: "致{名单}："}, {Text: "理由：{如有 单位}\n{完}。"}, {Text: "尽快随时办理。"}, {Block: "名单"}},
		},
	} {
		if diff := cmp.Diff(tt.want, text.Fill(tt.say, tt.blocks)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// FuzzParse: no text breaks it, and one that is good fills to at most what it holds.
func FuzzParse(f *testing.F) {
	f.Add("致{单位}{如有 理由}{理由}{完}\n{名单}")
	f.Add("{如有 理由}{否则}{完}{{}}")
	f.Fuzz(func(t *testing.T, text string) {
		got, wrong := Parse(order, text)
		for _, w := range wrong {
			if w.At < 0 || w.At > len([]rune(text)) {
				t.Errorf("a place outside the text: %v", w)
			}
		}
		if len(wrong) == 0 {
			got.Fill(map[string]string{"单位": "甲"}, map[string]bool{"名单": true})
		}
	})
}
