package roster_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"shifan/internal/calendar"
	"shifan/internal/lifecycle/organisation"
	"shifan/internal/lifecycle/roster"
	"shifan/internal/lifecycle/stage"
)

var (
	date     = calendar.MustDate
	now      = date("2021-06-01").Start().Add(9 * time.Hour)
	clerk    = stage.Actor{Account: "acc_clerk", Role: stage.Clerk}
	nobody   = func(string) (bool, error) { return false, nil }
	everyone = func(string) (bool, error) { return true, nil }
)

// rowOf makes a row of a list: pairs of a column's name and what stands in it.
func rowOf(t *testing.T, l roster.List, line int, pairs ...string) roster.Row {
	t.Helper()
	heads, cells := make([]string, len(l.Columns)), make([]string, len(l.Columns))
	for i, c := range l.Columns {
		heads[i] = c.Label
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		at := -1
		for k, c := range l.Columns {
			if c.Name == pairs[i] {
				at = k
			}
		}
		if at < 0 {
			t.Fatalf("%s has no column %s", l.Name, pairs[i])
		}
		cells[at] = pairs[i+1]
	}
	h, _ := l.HeaderOf(1, heads)
	r, _ := h.Row(line, cells)
	return r
}

// entry is a row that is right, with some cells otherwise.
func entry(t *testing.T, line int, pairs ...string) roster.Row {
	t.Helper()
	return rowOf(t, roster.Organisations, line, append([]string{
		"code", "51220000MJ0000018T", "name", "吉林省甲协会", "registrar", "吉林省民政厅", "registered_on", "2010-03-01",
	}, pairs...)...)
}

func planner() *roster.Planner { return &roster.Planner{By: clerk, Now: now, Admits: nobody} }

// added registers what a row says.
func added(t *testing.T, pairs ...string) *organisation.Organisation {
	t.Helper()
	out, o, moves := planner().Organisation(entry(t, 2, pairs...), nil)
	if out.Result != roster.Added || len(moves) != 1 || moves[0].Act != "register" {
		t.Fatalf("got %+v %v", out, moves)
	}
	return o
}

// TestANewRow: what people and their spreadsheets write for the same organisation
// makes the same one.
func TestANewRow(t *testing.T) {
	t.Parallel()
	want := added(t)
	for name, pairs := range map[string][]string{
		"a code in full width, in lower case": {"code", "５１２２００００mj0000018t"},
		"a code in groups":                    {"code", " 512200 00MJ00 00018T "},
		"a day in Chinese numerals":           {"registered_on", "二〇一〇年三月一日"},
		"a day as a spreadsheet keeps it":     {"registered_on", "40238"},
		"a day with points":                   {"registered_on", "2010.3.1"},
		"the kind that the code tells":        {"kind", "社会团体"},
		"its short word":                      {"kind", "社团"},
		"the state that it begins in":         {"state", "正常"},
		"the same state in the word of pages": {"state", "正常登记"},
		"the day of a name that never was another": {
			"name_from", "2010-03-01",
		},
	} {
		if diff := cmp.Diff(want, added(t, pairs...)); diff != "" {
			t.Errorf("%s:\n%s", name, diff)
		}
	}
	if o := added(t, "code", "", "legacy_number", "吉社证字第1号", "kind", "基金会"); o.Code != "" || o.Kind != "foundation" {
		t.Errorf("by its old number it is %+v", o)
	}
	if o := added(t, "code", "51220000MJ0000081T", "override", "早年赋码，登记机关函复有效", "evidence", "登记证书正本"); o.Override.By != clerk.Account {
		t.Errorf("who let the check digit pass is not told: %+v", o.Override)
	}
}

// TestARowThatIsWrong: it says which column, and nothing is done.
func TestARowThatIsWrong(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		pairs  []string
		column string
		say    string
	}{
		"a code that became a number":        {[]string{"code", "5.122E+17"}, "统一社会信用代码", "表格软件把代码当作数字"},
		"a code that lost its end":           {[]string{"code", "511000005000000000"}, "统一社会信用代码", "末三位是000"},
		"a check digit that fails":           {[]string{"code", "51220000MJ0000081T"}, "统一社会信用代码", "校验码"},
		"a company":                          {[]string{"code", "91350100M000100Y43"}, "统一社会信用代码", "不是社会组织的代码"},
		"another kind than the code tells":   {[]string{"kind", "基金会"}, "类别", "代码表示类别是社会团体"},
		"a kind that is none":                {[]string{"kind", "协会类"}, "类别", "不在可填的范围内"},
		"a day that is none":                 {[]string{"registered_on", "2021-02-30"}, "成立登记日期", "不是有效日期"},
		"a day of a name that is none":       {[]string{"name_from", "去年"}, "名称启用日期", "不是有效日期"},
		"ended before it was entered":        {[]string{"state", "已注销"}, "登记状态", "还没有建档"},
		"a state that is none":               {[]string{"state", "活动中"}, "登记状态", "不在可填的范围内"},
		"a mobile number":                    {[]string{"contact", "139 0431 0000"}, "联系电话", "不收集个人号码"},
		"a mobile number in another column":  {[]string{"legal_head", "甲（１３９０４３１００００）"}, "法定代表人", "不收集个人号码"},
		"no evidence for a code that is odd": {[]string{"code", "51220000MJ0000081T", "override", "早年赋码"}, "校验码不符的理由", "写明为什么仍然有效"},
	} {
		out, o, moves := planner().Organisation(entry(t, 7, tt.pairs...), nil)
		if out.Result != roster.Wrong || o != nil || len(moves) > 0 || out.Line != 7 || len(out.Problems) != 1 || out.Problems[0].Column != tt.column || !strings.Contains(out.Problems[0].Say, tt.say) {
			t.Errorf("%s: %+v %v", name, out, moves)
		}
	}
	// Everything that is wrong is told at once.
	out, _, _ := planner().Organisation(entry(t, 2, "code", "5.1E+17", "registered_on", "x", "kind", "y", "contact", "13904310000"), nil)
	if len(out.Problems) != 4 {
		t.Errorf("of four faults it tells %v", out.Problems)
	}
}

// TestAnotherRegister: a code of another register comes in where a programme is about
// it, and only then is anybody asked.
func TestAnotherRegister(t *testing.T) {
	t.Parallel()
	const company = "91350100M000100Y43"
	p := planner()
	p.Admits = everyone
	if out, o, _ := p.Organisation(entry(t, 2, "code", company), nil); out.Result != roster.Added || o.Code != company {
		t.Errorf("%+v", out)
	}
	p.Admits = func(code string) (bool, error) { return false, errors.New("asked about " + code) }
	if out, _, _ := p.Organisation(entry(t, 3), nil); out.Result != roster.Added {
		t.Errorf("a social organisation: %+v", out)
	}
	if out, _, _ := p.Organisation(entry(t, 4, "code", "92350100M000100Y4A"), nil); out.Result != roster.Wrong {
		t.Errorf("nobody could say whether it is admitted: %+v", out)
	}
}

// TestARowAgain: the same below is no second one, and another text for the same code
// is a contradiction; the order of the columns does not matter, an empty key is none.
func TestARowAgain(t *testing.T) {
	t.Parallel()
	p := planner()
	for _, tt := range []struct {
		row    roster.Row
		result string
		say    string
	}{
		{entry(t, 2), roster.Added, ""},
		{entry(t, 5), roster.Same, "和上面的一行重复"},
		{entry(t, 6, "code", "５１２２００００MJ0000018T"), roster.Wrong, "和第2行是同一个单位，内容不同"},
		{entry(t, 7, "contact", "0431"), roster.Wrong, "和第2行是同一个单位，内容不同"},
		{entry(t, 8, "code", "", "legacy_number", "1号"), roster.Added, ""},
		{entry(t, 9, "code", "", "legacy_number", "1号"), roster.Same, "和上面的一行重复"},
		{entry(t, 10, "code", ""), roster.Wrong, "填写统一社会信用代码"},
		{entry(t, 11, "code", ""), roster.Wrong, "填写统一社会信用代码"},
		{entry(t, 12, "code", "52220000MJ0000026J"), roster.Added, ""},
	} {
		if out, _, _ := p.Organisation(tt.row, nil); out.Result != tt.result || !strings.Contains(out.Say(), tt.say) {
			t.Errorf("line %d: %s %s", tt.row.Line, out.Result, out.Say())
		}
	}
	// A cell does not run over into the next one.
	p = planner()
	p.Organisation(entry(t, 2, "industry", "甲", "legal_head", "乙丙"), nil)
	if out, _, _ := p.Organisation(entry(t, 3, "industry", "甲乙", "legal_head", "丙"), nil); out.Result != roster.Wrong {
		t.Errorf("other cells with the same signs are the same: %+v", out)
	}
}

// TestAKnownRow: an empty cell says nothing, another text changes, and what is changed
// is told; what was known is left as it was for whoever holds it.
func TestAKnownRow(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		pairs []string // of a row whose other cells are empty
		acts  string
		say   string
	}{
		"nothing new":            {[]string{"name", "吉林省甲协会"}, "", ""},
		"only a code":            {nil, "", ""},
		"another head":           {[]string{"legal_head", "负责人乙"}, "amend", "法定代表人由“负责人甲”改为“负责人乙”"},
		"a first telephone":      {[]string{"contact", "0431-00000000"}, "amend", "联系电话填为“0431-00000000”"},
		"another day and name":   {[]string{"registered_on", "2010-03-02", "name", "吉林省甲联合会", "name_from", "2020-05-01"}, "amend rename", "名称由“吉林省甲协会”改为“吉林省甲联合会”；成立登记日期由“2010-03-01”改为“2010-03-02”"},
		"its state":              {[]string{"state", "正常"}, "", ""},
		"another state":          {[]string{"state", "已注销"}, "wrong", "档案里的登记状态是“正常登记”"},
		"a name without a day":   {[]string{"name", "吉林省甲学会"}, "wrong", "档案里的名称是“吉林省甲协会”"},
		"a name before its time": {[]string{"name", "吉林省甲学会", "name_from", "2009-01-01"}, "wrong", "不晚于现用名称启用的"},
		"a name to come":         {[]string{"name", "吉林省甲学会", "name_from", "2021-06-02"}, "wrong", "还没有到"},
		"a day to come":          {[]string{"registered_on", "2021-06-02"}, "wrong", "还没有到"},
	} {
		known := added(t, "legal_head", "负责人甲")
		was := *known
		out, o, moves := planner().Organisation(rowOf(t, roster.Organisations, 2, append([]string{"code", known.Code}, tt.pairs...)...), known)
		var acts []string
		for _, m := range moves {
			acts = append(acts, m.Act)
		}
		result := map[string]string{"": roster.Same, "wrong": roster.Wrong}[tt.acts]
		if result == "" {
			result = roster.Changed
		}
		if got := strings.Join(acts, " "); out.Result != result || got != strings.TrimPrefix(tt.acts, "wrong") || !strings.Contains(out.Say(), tt.say) {
			t.Errorf("%s: %s by %s: %s", name, out.Result, got, out.Say())
		}
		if diff := cmp.Diff(was, *known); diff != "" {
			t.Errorf("%s: what was known changed:\n%s", name, diff)
		}
		if result == roster.Wrong && o != nil {
			t.Errorf("%s: it is wrong and makes %+v", name, o)
		}
	}
}

// TestAFormerName: a list that is older than a change of name does not take it back.
func TestAFormerName(t *testing.T) {
	t.Parallel()
	_, o, _ := planner().Organisation(entry(t, 2, "name", "吉林省甲联合会", "name_from", "2020-05-01"), added(t))
	if out, _, _ := planner().Organisation(entry(t, 2), o); out.Result != roster.Wrong || !strings.Contains(out.Say(), "“吉林省甲协会”是曾用名，现用名称是“吉林省甲联合会”") {
		t.Errorf("%+v", out)
	}
	if out, _, _ := planner().Organisation(entry(t, 2, "name", "吉林省甲联合会", "name_from", "2020-05-01"), o); out.Result != roster.Same {
		t.Errorf("the change of name again: %+v", out)
	}
}

// TestACodeComesLater: who was known by an old number gets its code.
func TestACodeComesLater(t *testing.T) {
	t.Parallel()
	old := added(t, "code", "", "legacy_number", "1号", "kind", "社团")
	k := roster.Known{ByNumber: map[string]organisation.Organisation{"1号": *old, "": *old}, ByCode: map[string]organisation.Organisation{}}
	row := entry(t, 2, "legacy_number", "1号")
	known, ok := k.Of(row)
	if !ok {
		t.Fatal("it is not found by its number")
	}
	out, o, moves := planner().Organisation(row, &known)
	if out.Result != roster.Changed || o.Code != "51220000MJ0000018T" || len(moves) != 1 || moves[0].Act != "enter_code" || !strings.Contains(out.Say(), "代码填为“51220000MJ0000018T”") {
		t.Errorf("%+v %v", out, moves)
	}
	k.ByCode[o.Code] = *o
	if byCode, ok := k.Of(entry(t, 3, "code", "51220000mj0000018t", "legacy_number", "1号")); !ok || byCode.Code == "" {
		t.Error("a code counts for more than a number")
	}
	if _, ok := k.Of(entry(t, 4, "code", "")); ok {
		t.Error("no number is found as a number")
	}
}

// TestExportIsReadBack: what the list writes of an organisation says nothing new.
func TestExportIsReadBack(t *testing.T) {
	t.Parallel()
	_, renamed, _ := planner().Organisation(entry(t, 2, "name", "吉林省甲联合会", "name_from", "2020-05-01"), added(t, "contact", "0431-00000000", "industry", "服务业", "legal_head", "负责人甲"))
	for name, o := range map[string]*organisation.Organisation{
		"plain": added(t), "renamed": renamed, "by its number": added(t, "code", "", "legacy_number", "1号", "kind", "民非"),
		"overridden": added(t, "code", "51220000MJ0000081T", "override", "早年赋码", "evidence", "登记证书正本"),
	} {
		var pairs []string
		for i, cell := range roster.Export(o) {
			pairs = append(pairs, roster.Organisations.Columns[i].Name, cell)
		}
		if out, _, moves := planner().Organisation(rowOf(t, roster.Organisations, 2, pairs...), o); out.Result != roster.Same || len(moves) > 0 {
			t.Errorf("%s: %+v", name, out)
		}
	}
}
