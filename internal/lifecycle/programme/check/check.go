package check

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"shifan/internal/calendar"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/programme/facts"
	"shifan/internal/lifecycle/programme/wording"
)

// Wrong is a setting that makes no sense.
type Wrong struct {
	Path []string // of the setting, as in the file: eligibility, 3, expr
	Else []string // of the setting that it does not go with; told where Path was left to its default
	Say  string   // what is wrong and how to mend it; the setting's name comes before it
	At   int      // for an expression: how many characters of it stand before the slip
}

// Programme says everything that is wrong with a complete programme.
func Programme(p *programme.Programme) (all []Wrong) {
	for _, rule := range []func(*programme.Programme) []Wrong{
		approval, expressions, windows, codes, kinds, categories, procedure, indicators, everyYear, scoring, quotas, filing, team,
		meeting, validity, recheck, rectification, sources, phases,
	} {
		all = append(all, rule(p)...)
	}
	for _, w := range wording.Programme(p) {
		all = append(all, Wrong{Path: w.Path, Say: w.Say, At: w.At})
	}
	return all
}

func at(say string, path ...any) Wrong {
	w := Wrong{Say: say}
	for _, p := range path {
		w.Path = append(w.Path, fmt.Sprint(p))
	}
	return w
}

// and names the setting that a wrong one does not go with.
func (w Wrong) and(path ...string) Wrong {
	w.Else = path
	return w
}

// approval: without one no call is published (round.Approved; facts.md §5).
func approval(p *programme.Programme) []Wrong {
	if p.Approval.Document != "" || p.Approval.Override != "" {
		return nil
	}
	return []Wrong{at("没有写批准文件（document），也没有写无须批准的理由（override），通知发布不了。写上其中一项。", "approval")}
}

// expressions must compile over the facts of an organisation.
func expressions(p *programme.Programme) (all []Wrong) {
	for i, r := range p.Eligibility {
		for _, e := range []struct{ name, source string }{{"expr", r.Expr}, {"doubt", r.Doubt}, {"wait", r.Wait}} {
			if e.source == "" {
				continue
			}
			if wrong := facts.Check(e.source); wrong != nil {
				say := fmt.Sprintf("的第%d个字符处写错了（%s）。%s", wrong.At+1, strings.SplitN(wrong.Say, "\n", 2)[0], mend(wrong.Say))
				w := at(say, "eligibility", i, e.name)
				w.At = wrong.At
				all = append(all, w)
				continue
			}
			all = append(all, texts(e.source, "eligibility", i, e.name)...)
			all = append(all, needs(r.Window, e.source, i, e.name)...)
		}
	}
	return all
}

// texts are compared only with values that the fact can have: with any other the
// condition would never hold, or always.
func texts(source string, path ...any) (all []Wrong) {
	for _, c := range facts.Compared(source) {
		words := FactKindOf(c.Fact).Words
		if words == nil || slices.Contains(words, c.Text) {
			continue
		}
		for i, w := range words {
			words[i] = strconv.Quote(w)
		}
		w := at(fmt.Sprintf("的第%d个字符处写的是“%s”，“org.%s”没有这个值，这样比较没有意义。它的值是%s。", c.At+1, c.Text, c.Fact, strings.Join(words, "、")), path...)
		w.At = c.At
		all = append(all, w)
	}
	return all
}

// needs a window: a fact that looks at a time finds nothing without one, and says
// nothing, so that everybody would satisfy the rule.
func needs(w programme.Window, source string, rule int, expr string) []Wrong {
	for _, name := range facts.Reads(source) {
		need, mend := FactKindOf(name).Window, ""
		switch {
		case need == "years" && w.Kind != "complete_years":
			mend = "”每个年度一个，没有就什么也不看。写成 {kind: complete_years, length: 3} 的样子，length 是几年。"
		case need == "span" && w.Kind != "months_back" && w.Kind != "complete_years":
			mend = "”看的是一段时间，没有就什么也查不出。写成 {kind: months_back, length: 36} 的样子，length 是几个月。"
		default:
			continue
		}
		wrong := at("是"+w.Kind+"，而条件里的“org."+name+mend, "eligibility", rule, "window", "kind")
		return []Wrong{wrong.and("eligibility", strconv.Itoa(rule), expr)}
	}
	return nil
}

// mend says what to do about what the compiler of expressions says.
func mend(say string) string {
	switch {
	case strings.Contains(say, "unrecognized character"), wide(say):
		return "符号和数字要用半角的：≥写成“>=”，≤写成“<=”，≠写成“!=”，括号写成“()”，引号写成“\"”。"
	case strings.Contains(say, "并且"), strings.Contains(say, "而且"), strings.Contains(say, "或者"):
		return "并且写成“and”，或者写成“or”，不写成“not”。"
	case strings.Contains(say, "EOF"):
		return "话没有说完。条件里有“#”的，整个用单引号括起来，否则“#”以后成了注释。"
	case strings.Contains(say, "has no field"), strings.Contains(say, "unknown name"), strings.Contains(say, "write org."):
		if near := nearest(say); near != "" {
			return "是不是“org." + near + "”？"
		}
		return "事实写成“org.”加名称，可用的名称是：" + strings.Join(facts.Names(), "、") + "。"
	case strings.Contains(say, "array") || strings.Contains(say, "[]"):
		return "这个事实是一列数，逐个比：all(org.每年培训次数, # >= 1) 每个都、any(…) 有一个，或用 len(…) 数个数。"
	case strings.Contains(say, "mismatched types"), strings.Contains(say, "invalid operation"):
		return "两边的种类不同：数只与数比，文字要加引号。"
	case strings.Contains(say, `Operator("=")`):
		return "相等写成“==”。"
	case strings.Contains(say, "bool"):
		return "整个条件要能得出“是”或“否”，如 org.年限 >= 3。"
	}
	return "写法见 docs/programme-format.md。"
}

// wide reports whether a complaint is about digits as an input method makes them wide.
func wide(say string) bool { return strings.ContainsAny(say, "０１２３４５６７８９") }

// nearest returns the fact that a compiler's complaint about an unknown one means:
// the one that differs from it by one character, if there is one.
func nearest(say string) string {
	for _, name := range facts.Names() {
		want := []rune(name)
		for _, word := range strings.FieldsFunc(say, func(r rune) bool { return r < 0x80 }) {
			if got := []rune(word); len(want) > 2 && apart(got, want) == 1 {
				return name
			}
		}
	}
	return ""
}

// apart counts how many characters of two words differ, from both ends inwards.
func apart(a, b []rune) int {
	for len(a) > 0 && len(b) > 0 && a[0] == b[0] {
		a, b = a[1:], b[1:]
	}
	for len(a) > 0 && len(b) > 0 && a[len(a)-1] == b[len(b)-1] {
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	return max(len(a), len(b))
}

// windows say their length where there is one, and only there (facts.md §2.5).
func windows(p *programme.Programme) (all []Wrong) {
	for i, r := range p.Eligibility {
		counted := r.Window.Kind == "months_back" || r.Window.Kind == "complete_years"
		switch {
		case counted && r.Window.Length == 0:
			all = append(all, at("没有写。窗口种类是 "+r.Window.Kind+"，写上几个月或几年。", "eligibility", i, "window", "length"))
		case !counted && r.Window.Length != 0:
			all = append(all, at("不用写：窗口种类 "+r.Window.Kind+" 没有长度。删掉它，或改窗口种类。", "eligibility", i, "window", "length"))
		case r.Window.Kind == "complete_years" && r.Window.Length > 20:
			all = append(all, at(fmt.Sprintf("写的是%d年，最多20年。按月数的用 months_back。", r.Window.Length), "eligibility", i, "window", "length"))
		}
	}
	return all
}

// codes are told apart.
func codes(p *programme.Programme) (all []Wrong) {
	seen := map[string]string{}
	one := func(kind, code string, path ...any) {
		if code == "" {
			return
		}
		if first, twice := seen[kind+code]; twice {
			all = append(all, at(fmt.Sprintf("“%s”已经用在%s，不能重复。改成另一个代号。", code, first), path...))
			return
		}
		seen[kind+code] = where(path)
	}
	for i, r := range p.Eligibility {
		one("rule ", r.Code, "eligibility", i, "code")
	}
	for i, g := range p.Criteria {
		one("group ", g.Code, "criteria", i, "code")
		for j, x := range g.Indicators {
			one("indicator ", x.Code, "criteria", i, "indicators", j, "code")
		}
	}
	for i, c := range p.Applicants.Categories {
		one("category ", c.Code, "applicants", "categories", i, "code")
	}
	for i, d := range p.Documents {
		one("document ", d.Code, "documents", i, "code")
	}
	for i, m := range p.Messages {
		one("message ", m.Code, "messages", i, "code")
	}
	for i, r := range p.Roles {
		one("role ", string(r.Role), "roles", i, "role")
	}
	return all
}

// where says in words which item of a list a path leads to.
func where(path []any) string {
	var parts []string
	for i := 1; i < len(path); i++ {
		if n, ok := path[i].(int); ok {
			parts = append(parts, fmt.Sprintf("第%d项", n+1))
		}
	}
	return strings.Join(parts, "的")
}

// beginnings are what the credit codes of the kinds begin with (GB 32100; facts.md §1).
var beginnings = map[string]string{"association": "51", "service": "52", "foundation": "53", "cooperative": "93"}

// kinds and the beginnings of codes do not exclude one another (S14).
func kinds(p *programme.Programme) (all []Wrong) {
	for i, prefix := range p.Applicants.Prefixes {
		fits := len(p.Applicants.Kinds) == 0
		for _, k := range p.Applicants.Kinds {
			begin, known := beginnings[k]
			fits = fits || !known || strings.HasPrefix(prefix, begin) || strings.HasPrefix(begin, prefix)
		}
		if !fits {
			all = append(all, at(fmt.Sprintf("是“%s”，而能申报的机构类别里没有一种的代码这样开头。改成对的开头，或加上那种类别。", prefix), "applicants", "prefixes", i))
		}
	}
	return all
}

// categories share out the kinds that may apply, each kind to one (S8).
func categories(p *programme.Programme) (all []Wrong) {
	taken := map[string]string{}
	for i, c := range p.Applicants.Categories {
		if len(c.Kinds) == 0 {
			all = append(all, at("没有写。写上属于这一类的机构类别。", "applicants", "categories", i, "kinds"))
		}
		for j, k := range c.Kinds {
			if len(p.Applicants.Kinds) > 0 && !slices.Contains(p.Applicants.Kinds, k) {
				all = append(all, at(fmt.Sprintf("“%s”不在申报对象的机构类别里。加到 applicants.kinds，或从这里删掉。", k), "applicants", "categories", i, "kinds", j))
			}
			if other := taken[k]; other != "" {
				all = append(all, at(fmt.Sprintf("“%s”已经属于“%s”。一种机构只能属于一类。", k, other), "applicants", "categories", i, "kinds", j))
			}
			taken[k] = c.Title
		}
	}
	if len(p.Applicants.Categories) == 0 {
		return all
	}
	for i, k := range p.Applicants.Kinds {
		if taken[k] == "" {
			all = append(all, at(fmt.Sprintf("“%s”可以申报，却不属于任何一类。给它一个类别，或从这里删掉。", k), "applicants", "kinds", i))
		}
	}
	return all
}

// procedure names the stages in the only order that makes sense. The committee
// decides (办法(四)), and nothing is named that was not public (办法(五)).
func procedure(p *programme.Programme) (all []Wrong) {
	last := -1
	for i, s := range p.Procedure {
		n := slices.Index(programme.Stages, s)
		if n >= 0 && n < last {
			all = append(all, at(fmt.Sprintf("“%s”排错了位置。顺序是：%s。", s, strings.Join(programme.Stages, "、")), "procedure", i))
		}
		last = max(last, n)
	}
	for _, must := range []string{"review", "meeting", "publicity"} {
		if len(p.Procedure) > 0 && !slices.Contains(p.Procedure, must) {
			all = append(all, at("缺少“"+must+"”。没有初审意见不能审定，没有审定和公示不能命名；补上这个环节。", "procedure"))
		}
	}
	return all
}

// indicators are looked at in a stage that the procedure has, and their years
// are told in order (S42).
func indicators(p *programme.Programme) (all []Wrong) {
	for i, g := range p.Criteria {
		for j, x := range g.Indicators {
			path := []any{"criteria", i, "indicators", j}
			if x.At == "visit" && !slices.Contains(p.Procedure, "visit") {
				all = append(all, at("是实地考核，而办理流程里没有这个环节。改成 review，或在 procedure 里加上 visit。", append(path, "at")...))
			}
			all = append(all, points(p, x, path)...)
			for k, code := range x.Rules {
				if !slices.ContainsFunc(p.Eligibility, func(r programme.Rule) bool { return r.Code == code }) {
					all = append(all, at("是“"+code+"”，而申报条件里没有这个代号。改成 eligibility 里有的代号，或者删去。", append(slices.Clone(path), "rules", k)...))
				}
			}
			if !slices.IsSorted(x.Years) {
				all = append(all, at("没有按先后排列。从早到晚写。", append(path, "years")...))
			}
		}
	}
	return all
}

// everyYear: a round of any year has something to be judged by (S42).
func everyYear(p *programme.Programme) []Wrong {
	for _, g := range p.Criteria {
		for _, x := range g.Indicators {
			if len(x.Years) == 0 {
				return nil
			}
		}
	}
	return []Wrong{at("里的指标都只用于某些年度，别的年度没有标准可以评。至少留一个每年都用的指标（不写 years）。", "criteria")}
}

// quotas say their number where their kind needs one, and only there.
func quotas(p *programme.Programme) (all []Wrong) {
	one := func(q programme.Quota, path ...any) {
		switch {
		case q.Kind == "fixed" && q.Max == 0:
			all = append(all, at("没有写。名额办法是固定名额，写上最多几个。", append(path, "max")...))
		case q.Kind != "fixed" && q.Max != 0:
			all = append(all, at("写了数，而名额办法不是 fixed。把 kind 改成 fixed，或删掉它。", append(path, "max")...))
		}
		if (q.Kind == "percent") != (q.Percent > 0) {
			all = append(all, at("与名额办法不一致。kind 是 percent 时写1到100，否则删掉它。", append(path, "percent")...))
		}
		if q.Kind == "tree" && len(p.Recommendation) == 0 {
			all = append(all, at("是逐级分配，而没有写推荐层级。写上 recommendation，或改名额办法。", append(path, "kind")...))
		}
	}
	one(p.Quota, "quota")
	for i, c := range p.Applicants.Categories {
		one(c.Quota, "applicants", "categories", i, "quota")
		if c.Quota.Max > p.Quota.Max && p.Quota.Max > 0 {
			all = append(all, at(fmt.Sprintf("是%d，多于整个方案的%d。改小它，或改大总名额。", c.Quota.Max, p.Quota.Max), "applicants", "categories", i, "quota", "max"))
		}
	}
	return all
}

// filing names a day that every year has, and a time of a day.
func filing(p *programme.Programme) (all []Wrong) {
	if d := p.Filing.Deadline; len(d) == 5 {
		if _, err := calendar.ParseDate("2001-" + d); err != nil {
			all = append(all, at(fmt.Sprintf("“%s”不是每年都有的日子。写成07-10的样子。", d), "filing", "deadline"))
		}
	}
	if t := p.Filing.Time; len(t) == 5 && !clock(t) {
		mend := "写成17:30的样子，当日终了写24:00。"
		if t == "00:00" {
			mend = "一天的开头就是前一天的24:00：日期写前一天，时刻写24:00。"
		}
		all = append(all, at(fmt.Sprintf("“%s”不是截止的时刻。%s", t, mend), "filing", "time"))
	}
	return all
}

func clock(s string) bool {
	h, errH := strconv.Atoi(s[:2])
	m, errM := strconv.Atoi(s[3:])
	return errH == nil && errM == nil && m < 60 && (h < 24 || h == 24 && m == 0) && h+m > 0
}

// meeting can decide, and not against itself.
func meeting(p *programme.Programme) (all []Wrong) {
	for _, f := range []struct {
		name string
		programme.Fraction
	}{{"quorum", p.Meeting.Quorum}, {"majority", p.Meeting.Majority}} {
		a, b := f.Of[0], f.Of[1]
		switch {
		case a > b || a == b && f.Strictly:
			more := "要的比全体还多（%d/%d），永远达不到。改小它。"
			if a == b {
				more = "要超过全体（%d/%d，不含本数），永远达不到。改小它，或把 strictly 写成 false。"
			}
			all = append(all, at(fmt.Sprintf(more, a, b), "meeting", f.name, "of"))
		case f.name == "majority" && 2*a < b:
			all = append(all, at(fmt.Sprintf("是%d/%d，不到一半，赞成和反对可以同时“通过”。至少写[1, 2]。", a, b), "meeting", "majority", "of"))
		}
	}
	return append(all, ranking(p)...)
}

// ranking chooses n of m (meeting.over_quota). The secret ballot adds up ayes, noes and
// abstentions of single items and decrypts nothing else, so that it has no sum of orders; and
// the points of a category cannot be compared with those of all.
func ranking(p *programme.Programme) (all []Wrong) {
	if p.Meeting.OverQuota != "marks" && p.Meeting.OverQuota != "ranks" {
		return nil
	}
	if p.Meeting.Ballot == "secret" {
		all = append(all, at("是差额表决，而无记名电子表决只加总和解密每项的赞成、反对、弃权，不能给几项排先后。改成 ayes 或 second_ballot，或把表决方式改成 named 或 paper。", "meeting", "over_quota").and("meeting", "ballot"))
	}
	for i, c := range p.Applicants.Categories {
		if c.Quota.Kind == "fixed" && p.Quota.Kind == "fixed" {
			all = append(all, at("是差额表决，而总名额和分类名额都定了，两次差额表决的得票不能互相比较。只定一种，或改成 ayes 或 second_ballot。", "meeting", "over_quota").and("applicants", "categories", strconv.Itoa(i), "quota"))
			break
		}
	}
	return all
}

// validity has a holder who can apply again at some time (S67).
func validity(p *programme.Programme) (all []Wrong) {
	switch {
	case p.Validity.Years == 0 && p.Applicants.HolderMay == "last_year":
		all = append(all, at("是有效期最后一年可以再申报，而称号长期有效，没有最后一年。改成 never 或 always，或写有效期。", "applicants", "holder_may").and("validity", "years"))
	case p.Validity.Years == 0 && p.Recheck.Effect == "expire_and_reapply" && p.Recheck.EveryYears > 0:
		all = append(all, at("是到期重新申报，而称号长期有效，没有到期。改成 keep，或写有效期。", "recheck", "effect").and("validity", "years"))
	case p.Validity.Years == 0 && p.Recheck.Effect == "renew" && p.Recheck.EveryYears > 0:
		all = append(all, at("是有效期重新起算，而称号长期有效。改成 keep，或写有效期。", "recheck", "effect").and("validity", "years"))
	}
	return all
}

// recheck comes while there is a title, and not before the one before it.
func recheck(p *programme.Programme) (all []Wrong) {
	r := p.Recheck
	if p.Validity.Years > 0 && r.EveryYears > p.Validity.Years {
		all = append(all, at(fmt.Sprintf("是%d年，长于有效期%d年，复查时称号已经到期。改短复查周期，或改长有效期。", r.EveryYears, p.Validity.Years), "recheck", "every_years").and("validity", "years"))
	}
	if r.EveryYears > 0 && r.LeadDays >= 365*r.EveryYears {
		all = append(all, at(fmt.Sprintf("是%d天，不短于复查周期%d年，一命名就要复查。改短它。", r.LeadDays, r.EveryYears), "recheck", "lead_days").and("recheck", "every_years"))
	}
	return all
}

// rectification has one term: in days or in months (S70).
func rectification(p *programme.Programme) (all []Wrong) {
	r := p.Rectification
	switch {
	case r.Days == 0 && r.Months == 0:
		all = append(all, at("是0，也没有写月数，没有整改的时间。写上天数或月数。", "rectification", "days"))
	case r.Days > 0 && r.Months > 0:
		all = append(all, at("和天数只能写一个。按月计算时把 days 写成0。", "rectification", "months"))
	case r.Months > 0 && r.Working:
		all = append(all, at("是工作日，而期限按月计算。删掉它，或改按天计算。", "rectification", "working"))
	}
	return all
}

// phases put stages of the procedure into later years.
func phases(p *programme.Programme) (all []Wrong) {
	for i, ph := range p.Cycle.Phases {
		for j, s := range ph.Stages {
			if !slices.Contains(p.Procedure, s) {
				all = append(all, at(fmt.Sprintf("“%s”不在办理流程里。加到 procedure，或从这里删掉。", s), "cycle", "phases", i, "stages", j))
			}
		}
	}
	return all
}

// sources name settings, by paths that exist.
func sources(p *programme.Programme) (all []Wrong) {
	for path := range p.Sources {
		if !hasSetting(path) {
			all = append(all, at("不是设置的路径。从最外层起用点连到一项设置为止，如 publicity.days、meeting.quorum、quota；名称见 docs/programme-format.md。", "sources", path))
		}
	}
	return all
}
