package programme_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"shifan/internal/calendar"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/programme/facts"
)

// grade is S38, for the tests of what is unknown.
var grade = programme.Rule{Code: "grade", Expr: "org.评估等级 >= 3 and org.评估等级有效", Message: "评估等级不到3A或者已经失效。"}

func TestJudge(t *testing.T) {
	t.Parallel()
	inspections := programme.Rule{
		Code: "inspections", Message: "年检须合格。",
		Expr:  `none(org.年检结论, # in ["不合格", "未参检", "年报未报"])`,
		Doubt: `any(org.年检结论, # == "基本合格")`, Wait: `any(org.年检结论, # == "尚无结论")`,
	}
	either := programme.Rule{Code: "either", Expr: "org.年限 >= 3 or not org.严重失信", Message: "成立满三年，或者不在名单上。"}
	unknown := func(name string, v programme.Verdict) map[string]facts.Unknown {
		return map[string]facts.Unknown{name: {Verdict: v, Why: name + "还没有核实。"}}
	}
	for name, tt := range map[string]struct {
		rule  programme.Rule
		known facts.Org
		want  programme.Verdict
		say   string
	}{
		"3A is enough":              {grade, facts.Org{Grade: 3, GradeValid: true}, programme.Meets, ""},
		"2A is not":                 {grade, facts.Org{Grade: 2, GradeValid: true}, programme.Fails, "评估等级不到3A或者已经失效。"},
		"expired":                   {grade, facts.Org{Grade: 5}, programme.Fails, "评估等级不到3A或者已经失效。"},
		"grade to be judged":        {grade, facts.Org{GradeValid: true, Unknown: unknown("评估等级", programme.Doubtful)}, programme.Doubtful, "评估等级还没有核实。"},
		"grade unknown and expired": {grade, facts.Org{Unknown: unknown("评估等级", programme.Doubtful)}, programme.Fails, "评估等级不到3A或者已经失效。"},
		"all passed":                {inspections, facts.Org{Inspections: []string{"合格", "不适用（年报已报）"}}, programme.Meets, ""},
		"no year to look at":        {inspections, facts.Org{}, programme.Meets, ""},
		"one failed":                {inspections, facts.Org{Inspections: []string{"合格", "不合格", "尚无结论"}}, programme.Fails, "年检须合格。"},
		"one barely":                {inspections, facts.Org{Inspections: []string{"基本合格", "尚无结论"}}, programme.Doubtful, "年检须合格。"},
		"one to come":               {inspections, facts.Org{Inspections: []string{"合格", "尚无结论"}}, programme.Pending, "年检须合格。"},
		"or: one side suffices":     {either, facts.Org{Years: 3, Unknown: unknown("严重失信", programme.Pending)}, programme.Meets, ""},
		"or: the unknown decides":   {either, facts.Org{Years: 2, Unknown: unknown("严重失信", programme.Pending)}, programme.Pending, "严重失信还没有核实。"},
		"or: both fail":             {either, facts.Org{Years: 2, Untrusted: true}, programme.Fails, "成立满三年，或者不在名单上。"},
		"cannot be computed":        {programme.Rule{Expr: "org.每年培训次数[5] > 0"}, facts.Org{}, programme.Doubtful, "须由人工核对。"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := tt.rule.Judge(tt.known, calendar.Span{})
			if got.Verdict != tt.want || !strings.HasSuffix(got.Say, tt.say) || tt.say == "" && got.Say != "" {
				t.Errorf("got %s %q, want %s %q", got.Verdict, got.Say, tt.want, tt.say)
			}
		})
	}
}

func TestJudgeListsItsInputs(t *testing.T) {
	t.Parallel()
	got := grade.Judge(facts.Org{Grade: 4, Unknown: map[string]facts.Unknown{"评估等级有效": {Verdict: programme.Pending, Why: "等级证书未核对。"}}}, calendar.Span{})
	if diff := cmp.Diff([]programme.Input{{"评估等级", "4"}, {"评估等级有效", "暂无结论"}}, got.Inputs); diff != "" {
		t.Error(diff)
	}
}

func TestResolve(t *testing.T) {
	t.Parallel()
	deadline := calendar.MustDate("2021-07-10")
	for name, tt := range map[string]struct {
		window     programme.Window
		registered string
		want       string
		years      int
	}{
		"no window":                  {programme.Window{Kind: "none"}, "2010-01-01", "没有", 0},
		"at the deadline":            {programme.Window{Kind: "at_deadline"}, "2010-01-01", "2021年7月10日至2021年7月10日", 0},
		"three years of months":      {programme.Window{Kind: "months_back", Length: 36}, "2010-01-01", "2018年7月10日至2021年7月10日", 0},
		"three complete years":       {programme.Window{Kind: "complete_years", Length: 3}, "2010-01-01", "2018年1月1日至2020年12月31日", 3},
		"younger: from the founding": {programme.Window{Kind: "complete_years", Length: 3}, "2019-05-01", "2019年5月1日至2020年12月31日", 1},
		"younger, months":            {programme.Window{Kind: "months_back", Length: 36}, "2020-02-29", "2020年2月29日至2021年7月10日", 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := tt.window.Resolve(deadline, calendar.MustDate(tt.registered))
			said := "没有"
			if !got.From.IsZero() {
				said = got.Chinese()
			}
			if said != tt.want || len(got.Years) != tt.years {
				t.Errorf("got %s with %d years", said, len(got.Years))
			}
		})
	}
}

func TestCheckExpr(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		source string
		at     int
		says   string
	}{
		"a fact that does not exist": {"org.年限 >= 1 and org.等第 >= 3", 20, "等第"},
		"unfinished":                 {"org.年限 >=", 8, "unexpected token"},
		"text against number":        {`org.年限 == "三"`, 7, "mismatched types"},
		"no yes or no":               {"org.年限", 0, "bool"},
		"org alone":                  {"let o = org; o.年限 > 1", 8, "org."},
		"the environment":            {`$env["org"].年限 > 1`, 0, "org."},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := facts.Check(tt.source)
			if err == nil || !strings.Contains(err.Say, tt.says) || err.At != tt.at {
				t.Errorf("got %d %v", err.At, err)
			}
		})
	}
	if err := facts.Check(grade.Expr); err != nil {
		t.Error(err)
	}
}

func TestFactNames(t *testing.T) {
	t.Parallel()
	for _, n := range facts.Names() {
		if err := facts.Check("org." + n + " == org." + n); err != nil {
			t.Errorf("%s: %v", n, err)
		}
	}
}
