package words

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/programme/schema"
)

// Show says a whole programme in words, one thing a line, each with the clause
// it comes from in brackets. Whatever its file says stands in it.
func Show(p *programme.Programme) string {
	w := &writer{}
	w.line("%s（%s，第%d版）", p.Title, p.Name, p.Version)
	w.some("别名：%s", strings.Join(p.Aliases, "、"))
	w.line("称号：%s", p.Base)
	w.body("主办单位", p.Issuer)
	w.body("办公室", p.Office)
	for _, b := range p.Basis {
		w.line("依据：%s%s%s", b.Title, bracketed(b.Number), bracketed(b.Clause))
	}
	w.line("批准：%s", Approval(p.Approval))
	w.line("申报单位：%s", Applicants(p))
	for _, c := range p.Applicants.Categories {
		w.line("  类别 %s %s：%s；名额：%s", c.Code, c.Title, Kinds(programme.Applicants{Kinds: c.Kinds}), quota(c.Quota))
	}
	w.eligibility(p)
	w.criteria(p)
	w.settings(p)
	w.papers(p)
	w.sources(p)
	return w.String()
}

// body says what is told of an organ.
func (w *writer) body(what string, b programme.Body) {
	w.line("%s：%s", what, b.Name)
	w.some("  简称：%s", b.Short)
	w.some("  别名：%s", strings.Join(b.Aliases, "、"))
	w.some("  网站：%s", b.Site)
	w.some("  联系方式：%s", oneLine(b.Contact))
}

// some writes a line unless there is nothing to say.
func (w *writer) some(format, said string) {
	if said != "" {
		w.line(format, said)
	}
}

func (w *writer) settings(p *programme.Programme) {
	w.head("办理流程和设置")
	group := ""
	for _, s := range Settings(p) {
		if s.Group != group {
			group = s.Group
			w.line("%s", group)
		}
		w.line("  %s：%s（%s）", s.Title, s.Value, s.Source)
	}
}

func (w *writer) papers(p *programme.Programme) {
	if len(p.Documents) > 0 {
		w.head("文书")
	}
	for _, d := range p.Documents {
		w.line("%s：%s（%s）", schema.Root().At([]string{"documents", "0", "code"}).Word(d.Code), d.Title, strings.Replace(d.Type, "plain", "普通格式", 1))
		w.lines(d.Text)
	}
	if len(p.Messages) > 0 {
		w.head("消息")
	}
	for _, m := range p.Messages {
		w.line("%s：%s", schema.Root().At([]string{"messages", "0", "code"}).Word(m.Code), oneLine(m.Subject))
		w.lines(m.Text)
	}
	if len(p.Roles) > 0 {
		w.head("角色")
	}
	for _, r := range p.Roles {
		w.line("%s：%s%s", r.Role.Word(), r.Title, bracketed(r.Body))
	}
}

// lines writes a text below its name, a line each.
func (w *writer) lines(text string) {
	for l := range strings.SplitSeq(text, "\n") {
		w.some("  %s", strings.TrimSpace(l))
	}
}

// sources says which clauses stand for those of the notice, and where those settings
// come from that have no effect in this programme.
func (w *writer) sources(p *programme.Programme) {
	known := schema.Root().Property("clauses")
	if len(p.Clauses) > 0 {
		w.head("条款对照")
	}
	for _, c := range slices.Sorted(maps.Keys(p.Clauses)) {
		w.line("%s（%s）：%s", c, strings.TrimSuffix(known.Property(c).Text("description"), "。"), p.Clauses[c])
	}
	rest := maps.Clone(p.Sources)
	for _, s := range Settings(p) {
		delete(rest, s.Path)
	}
	if len(rest) > 0 {
		w.head("没有用到的设置的出处")
	}
	for _, path := range slices.Sorted(maps.Keys(rest)) {
		w.line("%s：%s", path, rest[path])
	}
}

// Approval says what allows a programme to exist.
func Approval(a programme.Approval) string {
	var all []string
	if a.Document != "" {
		all = append(all, a.Document+bracketed(a.Number))
	} else if a.Number != "" {
		all = append(all, a.Number)
	}
	if a.Item != "" {
		all = append(all, "目录项目“"+a.Item+"”")
	}
	if !a.ValidTo.IsZero() {
		all = append(all, "有效至"+a.ValidTo.Chinese())
	}
	switch {
	case a.Document == "" && a.Override != "":
		return strings.Join(append([]string{"没有另行批准：" + a.Override}, all...), "，")
	case a.Override != "":
		all = append(all, "另有说明："+a.Override)
	case a.Document == "":
		return strings.Join(append([]string{"没有写明，通知不能发布"}, all...), "，")
	}
	return strings.Join(all, "，")
}

// Applicants says who may apply.
func Applicants(p *programme.Programme) string {
	s := Kinds(p.Applicants)
	if p.Applicants.Party {
		s += "的党组织"
	}
	if len(p.Applicants.Prefixes) > 0 {
		s += "，统一社会信用代码以" + strings.Join(p.Applicants.Prefixes, "、") + "开头"
	}
	return s
}

type writer struct{ strings.Builder }

func (w *writer) line(format string, args ...any) { fmt.Fprintf(w, format+"\n", args...) }

func (w *writer) head(title string) { w.line("\n【%s】", title) }

func (w *writer) eligibility(p *programme.Programme) {
	if len(p.Eligibility) == 0 {
		return
	}
	w.head("申报条件")
	for _, r := range p.Eligibility {
		red := ""
		if r.RedLine {
			red = "，红线"
		}
		w.line("%s %s（%s%s）：%s", r.Code, r.Title, r.Clause, red, Window(r.Window))
		w.line("  条件：%s", oneLine(r.Expr))
		if r.Doubt != "" {
			w.line("  存疑：%s", oneLine(r.Doubt))
		}
		if r.Wait != "" {
			w.line("  待定：%s", oneLine(r.Wait))
		}
		w.line("  不符合时：%s", r.Message)
	}
}

func (w *writer) criteria(p *programme.Programme) {
	w.head("创建标准")
	for _, g := range p.Criteria {
		w.line("%s %s（%s）", g.Code, g.Title, g.Clause)
		w.some("  本组%s", Floor(g))
		for _, i := range g.Indicators {
			w.indicator(i)
		}
	}
}

func (w *writer) indicator(i programme.Indicator) {
	marks := Judged(i)
	if i.Points > 0 {
		marks += fmt.Sprintf("，满分%d分", i.Points)
	}
	if i.Weight > 0 {
		marks += fmt.Sprintf("，权重%d", i.Weight)
	}
	if y := Years(i.Years); y != "" {
		marks += "，限" + y
	}
	if i.At == "visit" {
		marks += "，现场核对"
	}
	w.line("  %s %s（%s）：%s", i.Code, i.Title, i.Clause, marks)
	w.line("    %s", oneLine(i.Text))
	for _, l := range i.Levels {
		w.line("    等次 %s", Level(i, l))
	}
	w.some("    佐证材料：%s", strings.Join(i.Evidence, "；"))
	if i.Files > 0 {
		w.line("    佐证文件：至少上传%d个", i.Files)
	}
	w.some("    文件里须写有：%s", i.Phrase)
	w.some("    系统已有的情况：%s", strings.Join(i.Known, "、"))
	w.some("    对应的申报条件：%s", strings.Join(i.Rules, "、"))
	most := fmt.Sprint(i.Words)
	if i.Words == 0 {
		most = fmt.Sprint(schema.Root().At([]string{"criteria", "0", "indicators", "0", "words"})["default"])
	}
	w.line("    自评说明：最多%s字", most)
	w.some("    样例：%s", oneLine(i.Sample))
	w.some("    空表：%s", i.BlankForm)
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

func bracketed(s string) string {
	if s == "" {
		return ""
	}
	return "（" + s + "）"
}
