package reword_test

import (
	"strings"
	"testing"

	"shifan/internal/lifecycle/programme/reword"
	"shifan/programmes"
)

// TestReword: a text is replaced wherever and however it stands, the version counts up,
// and every other line is what it was, comments too.
func TestReword(t *testing.T) {
	t.Parallel()
	text, _ := programmes.Text("jilin-party-building-base")
	shipped := string(text)
	commented := strings.NewReplacer(
		"    type: 通知\n    text: |\n", "    # 先写标题\n    type: 通知 # 文种\n    text: |\n",
		"      {附件名单}\n", "      {附件名单}\n  # 下面是复查\n",
		"type: 决定}\n", "type: 决定} # 附告知书\n",
	).Replace(shipped)
	words := []reword.Pair{{Name: "text", Text: "决定命名{称号}：\n\n# 不是注释\n{名单}\n{结尾}"}}
	order := []reword.Pair{{Name: "text", Text: "撤销“{称号}”（{编号}）：{事实}，{情形}。{如有 理由}{理由}{完}{如有 再次申报日期}{再次申报日期}{完}{如有 申诉期限}{申诉期限}{完}"}}
	hearing := []reword.Pair{{Name: "text", Text: "{编号}{事实}{情形}{如有 期限}{期限}{否则}{工作日数}{完}"}}
	named := []reword.Pair{{Name: "subject", Text: "'{称号}'"}, {Name: "text", Text: "{单位}：\n{编号}"}}
	for name, tt := range map[string]struct {
		file, section, code string
		set, fresh          []reword.Pair
		lost, gained        string // lines, without the version
	}{
		"a text that is there":          {commented, "documents", "naming", words, nil, "根据{方案}", "决定命名{称号}："},
		"an entry in one line":          {commented, "documents", "revocation", order, nil, "{code: revocation", "- code: 'revocation' # 附告知书"},
		"a new document":                {commented, "documents", "hearing", hearing, []reword.Pair{{Name: "title", Text: "告知书"}, {Name: "type", Text: "plain"}}, "", "- code: 'hearing'"},
		"a document's usual words":      {commented, "documents", "naming", []reword.Pair{{Name: "text"}}, nil, "根据{方案}", ""},
		"a message that is there":       {commented, "messages", "named", named, nil, "领取牌匾", "subject: '''{称号}'''"},
		"a new message":                 {commented, "messages", "expired", named, nil, "", "- code: 'expired'"},
		"a message's usual words":       {commented, "messages", "named", nil, nil, "messages:", ""},
		"the first message":             {strings.Replace(shipped, shipped[strings.Index(shipped, "messages:\n"):strings.Index(shipped, "sanctions:")], "", 1), "messages", "named", named, nil, "", "messages:"},
		"an empty list":                 {strings.Replace(shipped, shipped[strings.Index(shipped, "messages:\n"):strings.Index(shipped, "sanctions:")], "messages: []\n", 1), "messages", "named", named, nil, "messages: []", "messages:"},
		"windows' ends of lines":        {strings.ReplaceAll(commented, "\n", "\r\n"), "documents", "naming", words, nil, "根据{方案}", "决定命名{称号}："},
		"the same words once more":      {shipped, "messages", "named", []reword.Pair{{Name: "text", Text: "{单位}"}}, nil, "领取牌匾", "{单位}"},
		"a list further to the left":    {strings.ReplaceAll(shipped, "\n  - {code: call", "\n  - {code: call"), "documents", "call", []reword.Pair{{Name: "title", Text: "通知"}}, nil, "{code: call", "title: '通知'"},
		"an entry with a quoted colon：": {shipped, "documents", "publicity", []reword.Pair{{Name: "text", Text: "说明: {称号}\n{公示正文}\n{公示期说明}\n{反映办法}\n{名单}"}}, nil, "{code: publicity", "说明: {称号}"},
	} {
		got, err := reword.File([]byte(tt.file), tt.section, tt.code, tt.set, tt.fresh)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if !strings.Contains(string(got), "\nversion: 3\n") {
			t.Errorf("%s: the version does not count up", name)
		}
		if tt.lost != "" && strings.Contains(string(got), tt.lost) && tt.lost != "messages:" && !strings.Contains(tt.gained, strings.TrimSuffix(tt.lost, " []")) {
			t.Errorf("%s: %q still stands there", name, tt.lost)
		}
		if tt.gained != "" && !strings.Contains(string(got), tt.gained) {
			t.Errorf("%s: no %q in\n%s", name, tt.gained, got[strings.Index(string(got), "documents:"):])
		}
		for _, c := range []string{"# 先写标题", "# 文种", "# 下面是复查", "# 附告知书"} {
			if strings.Count(string(got), c) != strings.Count(tt.file, c) {
				t.Errorf("%s: the comment %q is lost", name, c)
			}
		}
		gone := 0
		for l := range strings.Lines(strings.ReplaceAll(tt.file, "\r\n", "\n")) {
			if !strings.Contains(string(got), l) {
				gone++
			}
		}
		if gone > 8 {
			t.Errorf("%s: %d lines are not what they were", name, gone)
		}
	}
	for name, tt := range map[string]struct {
		file, section, code string
		set                 []reword.Pair
	}{
		"a text that is refused":     {shipped, "documents", "naming", []reword.Pair{{Name: "text", Text: "{单位}"}}},
		"a file that is refused":     {"name: x", "documents", "naming", words},
		"a list in one line":         {strings.Replace(shipped, shipped[strings.Index(shipped, "messages:\n"):strings.Index(shipped, "sanctions:")], "messages: [{code: named, subject: 甲, text: 乙}]\n", 1), "messages", "named", named},
		"nothing to take out":        {shipped, "messages", "expired", nil},
		"what no text may hold":      {shipped, "documents", "naming", []reword.Pair{{Name: "text", Text: words[0].Text + "\x07"}}},
		"a code that there is not":   {shipped, "documents", "nothing", words},
		"a setting that there isn't": {shipped, "documents", "naming", []reword.Pair{{Name: "texts", Text: "甲"}}},
	} {
		if got, err := reword.File([]byte(tt.file), tt.section, tt.code, tt.set, nil); err == nil {
			t.Errorf("%s: written\n%s", name, got[len(got)/2:])
		}
	}
}
