package casework

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"shifan/internal/calendar"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/naming"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/round"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/lifecycle/statistic"
	"shifan/internal/paper"
	"shifan/internal/store"
)

// ReportView is the public report of how a round was carried out (实施情况报告). Page and
// document are made of it, so that their figures are the same.
type ReportView struct {
	Round      round.Round
	Programme  *programme.Programme
	Steps      []statistic.Step
	Categories []statistic.Line // as statistic.Public lets them be told; empty: not told apart
	Total      statistic.Line
	Namings    []naming.Naming // issued, the first first
}

// RoundReport makes the report of a round that is over, for everybody. Before the round
// is concluded there is none, for nobody: what became of an applicant is not told by
// subtraction either.
func (d *Desk) RoundReport(ctx context.Context, key id.Round) (v ReportView, err error) {
	defer fault.Wrap(&err, "casework.RoundReport(%s)", key)
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		if v.Round, err = tx.RoundFor(stage.Anyone, key); err != nil {
			return err
		}
		if v.Round.State != round.Concluded {
			return fault.Missing()
		}
		if v.Programme, err = tx.ProgrammeOf(key); err != nil {
			return err
		}
		all, err := tx.CountedIn(stage.Anyone, []id.Round{key})
		if err != nil {
			return err
		}
		v.Steps = statistic.Funnel(v.Programme.Procedure, all.Tallies)
		g := groupsOf(all, v.Programme)
		v.Total = g.Total
		if len(g.Categories) > 1 {
			v.Categories = statistic.Public(g.Categories)
		}
		namings, err := tx.NamingsOf(key)
		v.Namings = slices.DeleteFunc(namings, func(n naming.Naming) bool { return n.State != naming.Issued })
		slices.SortFunc(v.Namings, func(a, b naming.Naming) int { return a.IssuedAt.Compare(b.IssuedAt) })
		return err
	})
	return v, err
}

// Paragraphs are what the report says in words.
func (v ReportView) Paragraphs() (all []string) {
	doc, err := v.paper()
	if err != nil {
		return nil // the document says what is wrong
	}
	for _, b := range doc.Body {
		if p, is := b.(paper.Paragraph); is {
			all = append(all, p.Text)
		}
	}
	return all
}

// Title is what the report is called.
func (v ReportView) Title() string {
	return fmt.Sprintf("%d年度%s实施情况报告", v.Round.Year, v.Programme.Title)
}

// RoundReportPaper makes the report as a document.
func (d *Desk) RoundReportPaper(ctx context.Context, key id.Round) (p Paper, err error) {
	defer fault.Wrap(&err, "casework.RoundReportPaper(%s)", key)
	v, err := d.RoundReport(ctx, key)
	if err != nil {
		return p, err
	}
	doc, err := v.paper()
	if err != nil {
		return p, err
	}
	return issue(fmt.Sprintf("实施情况报告 %d年度", v.Round.Year), doc)
}

func (v ReportView) paper() (*paper.Document, error) {
	last := v.Round.PublishedAt
	for _, n := range v.Namings {
		last = n.IssuedAt
	}
	doc := &paper.Document{
		Title: v.Title(), Signers: []string{v.Programme.Office.Name}, Date: calendar.DateOf(last), Created: last.In(calendar.Zone), About: v.Title(),
	}
	r := v.Round
	s := filling{words: map[string]string{
		"方案": v.Programme.Title, "称号": v.Programme.Base, "年度": strconv.Itoa(r.Year), "通知": call(r), "发布日期": calendar.DateOf(r.PublishedAt).Chinese(), "截止日期": r.LastDay.Chinese(),
		"收到件数": strconv.Itoa(v.Total.Received), "受理件数": strconv.Itoa(v.Total.Accepted), "命名家数": strconv.Itoa(v.Total.Named),
	}, blocks: map[string][]paper.Block{"各环节件数": {v.stepTable()}}}
	for _, n := range v.Namings {
		words := fmt.Sprintf("%s印发%s，命名%d家。", calendar.DateOf(n.IssuedAt).Chinese(), quoted(n.Title, n.DocNumber), len(n.List))
		s.blocks["历次命名"] = append(s.blocks["历次命名"], paper.Paragraph{Text: words})
	}
	if len(v.Categories) > 0 {
		s.blocks["各类别件数"] = []paper.Block{v.categoryTable()}
	}
	return compose(doc, v.Programme, "report", s)
}

func (v ReportView) stepTable() paper.Table {
	t := paper.Table{Title: "各环节件数", Columns: []paper.Column{{Head: "环节", Width: 3}, {Head: "进入", Width: 2, Centre: true}, {Head: "转出", Width: 2, Centre: true}, {Head: "在此结束", Width: 2, Centre: true}}}
	for _, s := range v.Steps {
		t.Rows = append(t.Rows, []string{s.Word, strconv.Itoa(s.In), strconv.Itoa(s.Out), strconv.Itoa(s.Ends())})
	}
	return t
}

func (v ReportView) categoryTable() paper.Table {
	t := paper.Table{Title: "各类别件数", Columns: []paper.Column{{Head: "类别", Width: 4}, {Head: "收到", Width: 2, Centre: true}, {Head: "命名", Width: 2, Centre: true}}}
	for _, l := range v.Categories {
		t.Rows = append(t.Rows, []string{l.Word, strconv.Itoa(l.Received), strconv.Itoa(l.Named)})
	}
	return t
}
