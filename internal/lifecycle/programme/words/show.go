package words

import (
	"fmt"
	"strings"

	"shifan/internal/lifecycle/programme"
)

// Show says a whole programme in words, one thing a line, each with the clause
// it comes from in brackets.
func Show(p *programme.Programme) string {
	w := &writer{}
	w.line("%s（%s，第%d版）", p.Title, p.Name, p.Version)
	w.line("称号：%s", p.Base)
	w.line("主办单位：%s", p.Issuer.Name)
	w.line("办公室：%s", p.Office.Name)
	for _, b := range p.Basis {
		w.line("依据：%s%s%s", b.Title, bracketed(b.Number), bracketed(b.Clause))
	}
	w.line("批准：%s", Approval(p.Approval))
	w.line("申报单位：%s", Applicants(p))
	w.eligibility(p)
	w.criteria(p)
	w.head("办理流程和设置")
	group := ""
	for _, s := range Settings(p) {
		if s.Group != group {
			group = s.Group
			w.line("%s", group)
		}
		w.line("  %s：%s（%s）", s.Title, s.Value, s.Source)
	}
	if len(p.Documents) > 0 {
		w.head("文书")
	}
	for _, d := range p.Documents {
		w.line("%s（%s）", d.Title, strings.Replace(d.Type, "plain", "普通格式", 1))
	}
	if len(p.Roles) > 0 {
		w.head("角色")
	}
	for _, r := range p.Roles {
		w.line("%s：%s%s", r.Role.Word(), r.Title, bracketed(r.Body))
	}
	return w.String()
}

// Approval says what allows a programme to exist.
func Approval(a programme.Approval) string {
	switch {
	case a.Document != "":
		s := a.Document + bracketed(a.Number)
		if !a.ValidTo.IsZero() {
			s += "，有效至" + a.ValidTo.Chinese()
		}
		return s
	case a.Override != "":
		return "没有另行批准：" + a.Override
	}
	return "没有写明，通知不能发布"
}

// Applicants says who may apply.
func Applicants(p *programme.Programme) string {
	s := Kinds(p.Applicants.Kinds)
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
		w.line("%s（%s%s）：%s", r.Title, r.Clause, red, Window(r.Window))
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
		for _, i := range g.Indicators {
			marks := Judged(i)
			if y := Years(i.Years); y != "" {
				marks += "，限" + y
			}
			if i.At == "visit" {
				marks += "，现场核对"
			}
			w.line("  %s %s（%s）：%s", i.Code, i.Title, i.Clause, marks)
			w.line("    %s", oneLine(i.Text))
			if len(i.Evidence) > 0 {
				w.line("    佐证材料：%s", strings.Join(i.Evidence, "；"))
			}
			if i.Files > 0 {
				w.line("    佐证文件：至少上传%d个", i.Files)
			}
			if i.Phrase != "" {
				w.line("    文件里须写有：%s", i.Phrase)
			}
		}
	}
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

func bracketed(s string) string {
	if s == "" {
		return ""
	}
	return "（" + s + "）"
}
