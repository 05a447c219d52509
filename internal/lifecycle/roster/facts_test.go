package roster_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"shifan/internal/lifecycle/fact"
	"shifan/internal/lifecycle/organisation"
	"shifan/internal/lifecycle/party"
	"shifan/internal/lifecycle/roster"
)

// published is where the facts of these tests stand.
var published = fact.Source{Confirmed: true, By: clerk.Account, On: date("2021-05-20"), Of: "2020年度检查结论公告"}

func list(t *testing.T, name string) roster.List {
	t.Helper()
	l, ok := roster.ListOf(name)
	if !ok {
		t.Fatalf("no list %s", name)
	}
	return l
}

// TestWhom: a row of facts is about an organisation that is known, by its code; a name
// beside it is one that it has or had.
func TestWhom(t *testing.T) {
	t.Parallel()
	o := added(t)
	o.Names = append(o.Names, organisation.Name{Name: "吉林省甲联合会", From: date("2020-05-01")})
	for name, tt := range map[string]struct {
		pairs []string
		known *organisation.Organisation
		say   string // "": it is the one
	}{
		"its name":             {[]string{"name", "吉林省甲联合会"}, o, ""},
		"its former name":      {[]string{"name", "吉林省甲协会"}, o, ""},
		"no name":              {nil, o, ""},
		"another name":         {[]string{"name", "吉林省乙协会"}, o, "单位名称：这个代码的单位是“吉林省甲联合会”"},
		"nobody":               {nil, nil, "统一社会信用代码：没有代码为51220000MJ0000018T的单位"},
		"a number of a person": {[]string{"conclusion", "合格 13904310000"}, o, "结论：疑似手机号码"},
	} {
		out, err := planner().Whom(rowOf(t, list(t, "inspections"), 3, append([]string{"code", "51220000MJ0000018T", "year", "2020"}, tt.pairs...)...), tt.known)
		switch {
		case tt.say == "" && (err != nil || out.Result != "" || out.Name != "吉林省甲联合会"):
			t.Errorf("%s: %v %+v", name, err, out)
		case tt.say != "" && (err == nil || out.Result != roster.Wrong || !strings.HasPrefix(out.Say(), tt.say)):
			t.Errorf("%s: %v %s", name, err, out.Say())
		}
	}
}

// TestFacts: each list adds, changes and leaves alone, and says what is wrong.
func TestFacts(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		list  string
		steps []step
	}{
		{"inspections", []step{
			{[]string{"year", "2019", "conclusion", "合格"}, roster.Added, ""},
			{[]string{"year", "2020年", "conclusion", " 基本 合格"}, roster.Added, ""},
			{[]string{"year", "二〇二〇", "conclusion", "基本合格"}, roster.Same, ""},
			{[]string{"year", "2020", "conclusion", "不合格"}, roster.Changed, ""},
			{[]string{"year", "去年", "conclusion", "合格"}, roster.Wrong, "年度：“去年”不是整数"},
			{[]string{"year", "2018", "conclusion", "优秀"}, roster.Wrong, "结论：“优秀”不在可填的范围内"},
			{[]string{"year", "2022", "conclusion", "合格"}, roster.Wrong, "年度："},
		}},
		{"grades", []step{
			{[]string{"rank", "3A", "announced_on", "2018年1月5日"}, roster.Added, ""},
			{[]string{"rank", "AAA", "announced_on", "2018-01-05"}, roster.Same, ""},
			{[]string{"rank", "４Ａ级", "announced_on", "2018-01-05"}, roster.Changed, ""},
			{[]string{"rank", "5A", "announced_on", "2020-01-05"}, roster.Added, ""},
			{[]string{"rank", "6A", "announced_on", "2020-01-05"}, roster.Wrong, "等级：“6A”不是评估等级"},
			{[]string{"rank", "3A", "announced_on", "2021-06-02"}, roster.Wrong, "公告日期："},
		}},
		{"penalties", []step{
			{[]string{"penalty", "警告", "authority", "吉林省民政厅", "number", "1号", "decided_on", "2020-01-05"}, roster.Added, ""},
			{[]string{"penalty", "警告", "authority", "吉林省民政厅", "number", "1号", "decided_on", "2020-01-05", "against", "本单位"}, roster.Same, ""},
			{[]string{"penalty", "警告", "authority", "吉林省民政厅", "number", "2号", "decided_on", "2020-01-05"}, roster.Added, ""},
			{[]string{"penalty", "罚款", "authority", "吉林省民政厅", "number", "1号", "decided_on", "2020-01-05", "quashed_on", "2020-03-01"}, roster.Changed, ""},
			{[]string{"penalty", "批评", "authority", "吉林省民政厅", "number", "3号", "decided_on", "2020-01-05"}, roster.Wrong, "种类：“批评”不在可填的范围内"},
		}},
		{"listings", []step{
			{[]string{"list", fact.Lists[0].Word, "from", "2020-01-05", "why", "未报年报"}, roster.Added, ""},
			{[]string{"list", fact.Lists[0].Word, "from", "2020-01-05", "to", "2020-08-01", "why", "未报年报"}, roster.Changed, ""},
			{[]string{"list", fact.Lists[1].Word, "from", "2020-01-05", "why", "未报年报"}, roster.Added, ""},
			{[]string{"list", "黑名单", "from", "2020-01-05"}, roster.Wrong, "名录：“黑名单”不在可填的范围内"},
		}},
	} {
		o := added(t)
		for n, s := range tt.steps {
			row := rowOf(t, list(t, tt.list), n+2, append([]string{"code", o.Code}, s.pairs...)...)
			was := o.Facts
			out, m := planner().Fact(row, roster.Outcome{Line: row.Line}, o, published)
			if out.Result != s.result || !strings.HasPrefix(out.Say(), s.say) || (m != nil) != (s.result == roster.Added || s.result == roster.Changed) {
				t.Errorf("%s, line %d: %s %s, move %v", tt.list, row.Line, out.Result, out.Say(), m)
			}
			if diff := cmp.Diff(was, o.Facts); s.result == roster.Wrong && diff != "" {
				t.Errorf("%s, line %d: it is wrong and changes\n%s", tt.list, row.Line, diff)
			}
		}
	}
}

type step struct {
	pairs       []string
	result, say string
}

// TestAListConfirms: what an organisation declared before is confirmed by a list that
// says the same, with the list as its source; nothing else is.
func TestAListConfirms(t *testing.T) {
	t.Parallel()
	o := added(t)
	own := fact.Source{By: "acc_applicant", On: date("2021-03-01")}
	o.Facts.Inspections = []fact.Inspection{{Year: 2019, Conclusion: fact.Passed, Source: own}, {Year: 2020, Conclusion: fact.Passed, Source: own}}
	out, m := planner().Fact(rowOf(t, list(t, "inspections"), 2, "code", o.Code, "year", "2020", "conclusion", "合格"), roster.Outcome{}, o, published)
	if out.Result != roster.Changed || m == nil || m.Act != "edit" {
		t.Errorf("%+v %v", out, m)
	}
	if diff := cmp.Diff([]fact.Inspection{{Year: 2019, Conclusion: fact.Passed, Source: own}, {Year: 2020, Conclusion: fact.Passed, Source: published}}, o.Facts.Inspections); diff != "" {
		t.Error(diff)
	}
}

// TestElections: a row finds the Party organisation that it is about, and confirms an
// election and nothing else of it.
func TestElections(t *testing.T) {
	t.Parallel()
	own := fact.Source{By: "acc_applicant", On: date("2021-03-01")}
	bodies := func(n int) (all []party.Body) {
		for _, name := range []string{"甲协会党支部", "甲协会分会党支部"}[:n] {
			all = append(all, party.Body{ID: "pty_x", Name: name, Form: party.Branch, FoundedOn: date("2011-07-01"), Superior: "联合党委", Members: 5, Head: "负责人甲", Source: own, Elections: []party.Election{{HeldOn: date("2018-09-01")}}})
		}
		return all
	}
	for name, tt := range map[string]struct {
		bodies int
		pairs  []string
		result string
		at     int
		say    string
	}{
		"the only one":        {1, []string{"held_on", "2021-05-30"}, roster.Added, 0, ""},
		"one of two":          {2, []string{"body", "甲协会分会党支部", "held_on", "2021-05-30"}, roster.Added, 1, ""},
		"one of two, unnamed": {2, []string{"held_on", "2021-05-30"}, roster.Wrong, -1, "党组织名称：这个单位有2个党组织"},
		"no such":             {1, []string{"body", "乙协会党支部", "held_on", "2021-05-30"}, roster.Wrong, -1, "党组织名称：这个单位没有叫“乙协会党支部”的党组织"},
		"none at all":         {0, []string{"held_on", "2021-05-30"}, roster.Wrong, -1, "党组织名称：这个单位没有叫“”"},
		"known":               {1, []string{"held_on", "2018年9月1日"}, roster.Same, -1, ""},
		"postponed":           {1, []string{"held_on", "2018-09-01", "postponed_by", "十二个月", "postponed_base", "联合党委〔2021〕3号"}, roster.Changed, 0, ""},
		"postponed too long":  {1, []string{"held_on", "2018-09-01", "postponed_by", "13", "postponed_base", "联合党委〔2021〕3号"}, roster.Wrong, -1, ""},
		"to come":             {1, []string{"held_on", "2021-06-02"}, roster.Wrong, -1, "换届日期："},
		"no day":              {1, []string{"held_on", "换届后"}, roster.Wrong, -1, "换届日期：“换届后”不是有效日期"},
	} {
		o, all := added(t), bodies(tt.bodies)
		out, at, m := planner().Election(rowOf(t, roster.Elections, 2, append([]string{"code", o.Code}, tt.pairs...)...), roster.Outcome{}, o, all, published)
		if out.Result != tt.result || at != tt.at || !strings.HasPrefix(out.Say(), tt.say) || (at >= 0) != (m.Act == "edit") {
			t.Errorf("%s: %s at %d by %q: %s", name, out.Result, at, m.Act, out.Say())
		}
		if at < 0 {
			if diff := cmp.Diff(bodies(tt.bodies), all); diff != "" {
				t.Errorf("%s: it changes\n%s", name, diff)
			}
		} else if all[at].Source != own {
			t.Errorf("%s: the whole body is %+v", name, all[at].Source)
		}
	}
	confirmed := bodies(1)
	confirmed[0].Source.Confirmed = true
	if _, at, _ := planner().Election(rowOf(t, roster.Elections, 2, "code", "x", "held_on", "2017-09-01"), roster.Outcome{}, added(t), confirmed, published); at != 0 || confirmed[0].Source != published || confirmed[0].Elections[0].HeldOn != date("2017-09-01") {
		t.Errorf("confirmed before: %d %+v", at, confirmed)
	}
}
