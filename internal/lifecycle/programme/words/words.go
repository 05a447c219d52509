// Package words says a programme in words: its settings as the call prints
// them, each with the clause it comes from, and the whole of it as `programme
// show` prints it. The names and the words of values stand in the schema.
package words

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"shifan/internal/creditcode"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/programme/check"
	"shifan/internal/lifecycle/programme/schema"
)

// Open is the source of a setting that the notice leaves open (facts.md §10).
const Open = "通知未规定，本方案设定"

// Setting is one setting in words.
type Setting struct {
	Path   string `json:"path"`   // publicity.days
	Group  string `json:"group"`  // 公示
	Title  string `json:"title"`  // 公示期
	Value  string `json:"value"`  // 5个工作日
	Source string `json:"source"` // 办法(五), or Open
}

// Settings lists the settings of a programme that have a meaning in it, in the
// order of the life: how its rounds are run and what becomes of its titles. What
// is left empty and what the engine does not act on says nothing.
func Settings(p *programme.Programme) (all []Setting) {
	root := reflect.ValueOf(p).Elem()
	for _, name := range check.Chapters {
		for i := range root.NumField() {
			if root.Type().Field(i).Tag.Get("yaml") == name {
				s := schema.Root().Property(name)
				all = append(all, settings(p, s, s.Title(), name, root.Field(i))...)
			}
		}
	}
	return all
}

func settings(p *programme.Programme, s schema.Schema, group, path string, v reflect.Value) (all []Setting) {
	if idle(p, path) || len(s.List("x-honoured")) == 1 && p.Sources[path] == "" {
		return nil
	}
	said := ""
	switch x := v.Interface().(type) {
	case programme.Fraction:
		said = Fraction(x)
	case programme.Quota:
		said = quota(x)
	case []programme.Stratum:
		said = strata(x)
	default:
		if v.Kind() == reflect.Struct {
			for i := range v.NumField() {
				name := v.Type().Field(i).Tag.Get("yaml")
				all = append(all, settings(p, s.Property(name), group, path+"."+name, v.Field(i))...)
			}
			return all
		}
		said = value(s, v)
	}
	if said == "" {
		return nil
	}
	source := p.Sources[path]
	if source == "" {
		source = Open
	}
	return []Setting{{Path: path, Group: group, Title: s.Title(), Value: said, Source: source}}
}

// idle reports whether a setting has no effect in a programme because of
// another one.
func idle(p *programme.Programme, path string) bool {
	part, rest, _ := strings.Cut(path, ".")
	switch {
	case part == "visit" && !slices.Contains(p.Procedure, "visit"),
		part == "recheck" && p.Recheck.EveryYears == 0 && rest != "" && rest != "every_years",
		path == "rectification.months" && p.Rectification.Months == 0,
		path == "rectification.days" && p.Rectification.Months > 0,
		path == "rectification.working" && p.Rectification.Months > 0,
		path == "validity.policy" && p.Validity.Years == 0, path == "validity.from" && p.Validity.Years == 0,
		part == "scoring" && rest != "" && rest != "method" && p.Scoring.Method != "scored",
		path == "applicants.categories":
		return true
	}
	return false
}

// value says a plain value or a list of them.
func value(s schema.Schema, v reflect.Value) string {
	switch v.Kind() {
	case reflect.Bool:
		return s.Word(v.Bool())
	case reflect.Int:
		switch {
		case v.Int() == 0 && s.Text("x-zero") != "":
			return s.Text("x-zero")
		case s.Text("x-say") != "":
			return fmt.Sprintf(s.Text("x-say"), v.Int())
		}
		return fmt.Sprint(v.Int())
	case reflect.String:
		if w := s.Word(v.String()); w != "" {
			return w
		}
		return v.String()
	case reflect.Slice:
		var parts []string
		for i := range v.Len() {
			parts = append(parts, value(s.Property(""), v.Index(i)))
		}
		if s.Title() == schema.Root().Property("procedure").Title() {
			return strings.Join(parts, " → ")
		}
		return strings.Join(parts, "、")
	default:
		return ""
	}
}

// strata says what the pool is parted into: 党建（party）2人，出组长.
func strata(all []programme.Stratum) string {
	var parts []string
	for _, s := range all {
		said := fmt.Sprintf("%s（%s）%d人", s.Title, s.Code, s.Seats)
		if s.Lead {
			said += "，出组长"
		}
		parts = append(parts, said)
	}
	return strings.Join(parts, "；")
}

// Fraction says a share of votes: 不少于三分之二, 超过二分之一.
func Fraction(f programme.Fraction) string {
	digits := []string{"零", "一", "二", "三", "四", "五", "六", "七", "八", "九", "十"}
	share := fmt.Sprintf("%d/%d", f.Of[0], f.Of[1])
	if f.Of[0] <= 10 && f.Of[1] <= 10 && f.Of[0] > 0 && f.Of[1] > 0 {
		share = digits[f.Of[1]] + "分之" + digits[f.Of[0]]
	}
	if f.Of[0] == f.Of[1] {
		share = "全体"
	}
	if f.Strictly {
		return "超过" + share
	}
	return "不少于" + share
}

func quota(q programme.Quota) string {
	switch q.Kind {
	case "fixed":
		return fmt.Sprintf("最多%d个，可以少于这个数", q.Max)
	case "percent":
		return fmt.Sprintf("不超过申报数的%d%%", q.Percent)
	}
	return schema.Root().Property("quota").Property("kind").Word(q.Kind)
}

// Window says which time a rule looks at: 从截止日往前36个月.
func Window(w programme.Window) string {
	switch w.Kind {
	case "at_deadline":
		return "截止日当天"
	case "months_back":
		return fmt.Sprintf("从截止日往前%d个月", w.Length)
	case "complete_years":
		return fmt.Sprintf("截止日之前%d个完整年度", w.Length)
	}
	return "不看时间"
}

// Kinds says which kinds of organisation may apply; all that the programme's word for
// them means when it lists none.
func Kinds(a programme.Applicants) string {
	s := schema.Root().At([]string{"applicants", "kinds"})
	switch {
	case len(a.Kinds) > 0:
		return value(s, reflect.ValueOf(a.Kinds))
	case a.Word != "":
		return a.Word
	}
	return "各类" + Applicant(a)
}

// Applicant is what those who apply are called together: the programme's own word, or
// 社会组织 where only social organisations may apply, and 单位 where others may, too.
func Applicant(a programme.Applicants) string {
	if a.Word != "" {
		return a.Word
	}
	other := func(kind string) bool { return kind == creditcode.Cooperative }
	elsewhere := func(prefix string) bool { return !strings.HasPrefix(prefix, "5") }
	if slices.ContainsFunc(a.Kinds, other) || len(a.Kinds) == 0 && slices.ContainsFunc(a.Prefixes, elsewhere) {
		return "单位"
	}
	return "社会组织"
}

// Examined lists what an application has been through when it is proposed for naming, as
// the programme's procedure has it: 自评申报、初审、实地考核 and 会议审定.
func Examined(p *programme.Programme) []string {
	all := []string{"自评申报", "初审"}
	if slices.Contains(p.Procedure, "visit") {
		all = append(all, "实地考核")
	}
	return append(all, "会议审定")
}

// Series joins words as a sentence does: 自评申报、初审和会议审定.
func Series(all []string) string {
	n := len(all) - 1
	if n < 1 {
		return strings.Join(all, "")
	}
	return strings.Join(all[:n], "、") + "和" + all[n]
}

// Judged says how an indicator is judged: 一票否决.
func Judged(i programme.Indicator) string {
	return schema.Root().At([]string{"criteria", "0", "indicators", "0", "judged"}).Word(i.Judged)
}

// Level says a level of an indicator: 优秀（18分起）：制度齐全，逐条落实.
func Level(i programme.Indicator, l programme.Anchor) string {
	switch {
	case i.Judged == "graded":
		return fmt.Sprintf("%s（%d分）：%s", l.Title, l.Points, oneLine(l.Text))
	case i.Judged == "scored" || l.Points > 0:
		return fmt.Sprintf("%s（%d分起）：%s", l.Title, l.Points, oneLine(l.Text))
	}
	return l.Title + "：" + oneLine(l.Text)
}

// Floor says what a group must reach for itself: 合计须超过30分, or nothing.
func Floor(g programme.Group) string {
	word := "不少于"
	if g.Strictly {
		word = "须超过"
	}
	if g.Floor == 0 && !g.Strictly {
		return ""
	}
	return fmt.Sprintf("合计%s%d分", word, g.Floor)
}

// Stage says a stage of the procedure: 实地考核.
func Stage(name string) string {
	return schema.Root().At([]string{"procedure", "0"}).Word(name)
}

// Years says in which rounds an indicator counts: 2020、2021年, or nothing for
// all.
func Years(years []int) string {
	if len(years) == 0 {
		return ""
	}
	return value(nil, reflect.ValueOf(years)) + "年"
}
