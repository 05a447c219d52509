package casework

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"shifan/internal/calendar"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/assessment"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/lifecycle/visit"
	"shifan/internal/paper"
	"shifan/internal/store"
)

// The documents of a visit.
const (
	VisitNotice  = "visit_notice"  // 实地考核通知
	VisitOpinion = "visit_opinion" // 实地考核意见
)

// Papers lists the documents that a visit has by now, for the viewer.
func (v VisitView) Papers() (all []PaperLink) {
	w := v.Visit
	if !w.NoticedOn.IsZero() && !w.On.IsZero() {
		all = append(all, PaperLink{VisitNotice, "实地考核通知"})
	}
	if w.Opinion != "" && (w.State == visit.Reported || w.State == visit.Signed) { // the organisation is not told
		all = append(all, PaperLink{VisitOpinion, "实地考核意见"})
	}
	return all
}

// VisitPaper makes one of the documents of a visit.
func (d *Desk) VisitPaper(ctx context.Context, by stage.Actor, key id.Visit, kind string) (p Paper, err error) {
	defer fault.Wrap(&err, "casework.VisitPaper(%s, %s)", key, kind)
	v, err := d.Visit(ctx, by, key)
	if err != nil {
		return p, err
	}
	all := v.Papers()
	i := slices.IndexFunc(all, func(l PaperLink) bool { return l.Kind == kind })
	if i < 0 {
		return p, fault.Missing()
	}
	name := all[i].Word + " " + v.Application.Number
	if kind == VisitNotice {
		return d.paperOf(ctx, VisitNotice, string(key), name, v.notice)
	}
	doc, err := v.opinion()
	if err != nil {
		return p, err
	}
	return issue(name, doc)
}

func (d *Desk) visitManuscript(tx *store.Tx, by stage.Actor, subject, _ string) (m manuscript, err error) {
	w, err := tx.VisitFor(by, id.Visit(subject))
	if err != nil {
		return m, err
	}
	v, err := d.visitView(tx, by, w)
	if err != nil {
		return m, err
	}
	m = manuscript{rules: v.Programme, of: v.Programme.Name, on: w.NoticedOn, name: "实地考核通知 " + v.Application.Number}
	if slices.ContainsFunc(v.Papers(), func(l PaperLink) bool { return l.Kind == VisitNotice }) {
		m.doc, err = v.notice()
	}
	return m, err
}

// paperWords are what both documents say.
func (v VisitView) paperWords() map[string]string {
	w := v.Visit
	return map[string]string{
		"方案": v.Programme.Title, "称号": v.Programme.Base, "单位": v.Application.Name, "编号": v.Application.Number,
		"日期": w.On.Chinese(), "时间": w.At, "地点": w.Place,
	}
}

// notice tells the organisation when who comes, so that it may object to a person.
func (v VisitView) notice() (*paper.Document, error) {
	w := v.Visit
	words := v.paperWords()
	var methods []string
	for _, m := range assessment.MethodNames {
		if len(v.Programme.Visit.Methods) == 0 || slices.Contains(v.Programme.Visit.Methods, m) {
			methods = append(methods, assessment.Methods[m])
		}
	}
	words["通知"], words["考核方式"], words["咨询"] = call(v.Round), strings.Join(methods, "、"), unstopped(v.Round.Contact)
	words["考核指标数"] = strconv.Itoa(len(v.Indicators()))
	t := paper.Table{Columns: []paper.Column{{Head: "序号", Width: 1, Centre: true}, {Head: "姓名", Width: 3, Centre: true}, {Head: "职责", Width: 3, Centre: true}}}
	for i, s := range w.Team {
		t.Rows = append(t.Rows, []string{strconv.Itoa(i + 1), s.Name, seatWord(s)})
	}
	return compose(letter(v.Programme, v.Application.Name, w.NoticedOn.Start()), v.Programme, VisitNotice, filling{words: words, blocks: map[string][]paper.Block{"考核组名单": {t}}})
}

func seatWord(s visit.Seat) string {
	if s.Leader {
		return "组长"
	}
	return "组员"
}

// opinion is what the team found together, with who signed it and where somebody differs.
func (v VisitView) opinion() (*paper.Document, error) {
	w := v.Visit
	words := v.paperWords()
	count := map[string]int{}
	found := paper.Table{Columns: []paper.Column{{Head: "指标", Width: 4}, {Head: "评价", Width: 1.8, Centre: true}, {Head: "说明", Width: 6}}}
	for _, i := range v.Indicators() {
		f, some := w.Findings[i.Code]
		if !some || f.Rating == "" {
			continue
		}
		count[f.Rating]++
		said := assessment.Ratings[f.Rating]
		if i.Scored() {
			said += "\n" + strconv.Itoa(f.Score) + "分"
		}
		found.Rows = append(found.Rows, []string{i.Code + "　" + i.Title, said, f.Note})
	}
	if len(found.Rows) == 0 {
		found.Rows = [][]string{{"没有逐项评价的指标", "—", ""}}
	}
	var dissents int
	signs := paper.Table{Columns: []paper.Column{{Head: "成员", Width: 2.4}, {Head: "签署", Width: 4.4, Centre: true}, {Head: "不同意见", Width: 6}}}
	at := w.ReportedAt
	for _, s := range w.Team {
		signed, dissent := "", ""
		for _, g := range w.Signatures {
			if g.Account == s.Account && g.Edition == w.Edition {
				signed, dissent = minute(g.At), g.Dissent
				if g.At.After(at) {
					at = g.At
				}
			}
		}
		switch {
		case s.Absent != "":
			signed, dissent = "没有参加", s.Absent
		case dissent != "":
			dissents++
		case signed != "":
			dissent = "无"
		}
		signs.Rows = append(signs.Rows, []string{s.Name + "\n（" + seatWord(s) + "）", cmp.Or(signed, "　"), dissent})
	}
	words["考核结论"], words["意见"] = assessment.Opinions[w.Opinion], unstopped(w.Text)
	words["达到项数"], words["部分达到项数"], words["未达到项数"] = strconv.Itoa(count["meets"]), strconv.Itoa(count["partly"]), strconv.Itoa(count["fails"])
	if dissents > 0 {
		words["不同意见人数"] = strconv.Itoa(dissents)
	}
	return compose(&paper.Document{
		Signers: []string{"考核组"}, Date: calendar.DateOf(at), Created: at.In(calendar.Zone), About: "实地考核意见 " + v.Application.Number,
	}, v.Programme, VisitOpinion, filling{words: words, blocks: map[string][]paper.Block{"考核记录": recorded(w), "逐项评价": {found}, "签名表": {signs}}})
}

// recorded tells by which methods the team looked, and what of. Of those it talked to
// there are numbers only.
func recorded(w visit.Visit) (all []paper.Block) {
	for _, m := range assessment.MethodNames {
		r := w.Records[m]
		text := assessment.Methods[m] + "："
		switch {
		case r.Skipped != "":
			text += "没有采用，" + sentence(r.Skipped)
		case r.Text == "" && r.People == 0:
			continue
		default:
			if r.People > 0 {
				text += fmt.Sprintf("访谈%d人。", r.People)
			}
			for _, name := range assessment.SurveyNames {
				if t := r.Tallies[name]; t.Sample > 0 {
					text += fmt.Sprintf("%s，有效测评%d份，满意%d份。", assessment.Surveys[name], t.Sample, t.Content)
				}
			}
			if r.Text != "" {
				text += sentence(r.Text)
			}
		}
		all = append(all, paper.Paragraph{Text: text})
	}
	if len(all) == 0 {
		all = paragraphs("没有写考核记录。")
	}
	return all
}
