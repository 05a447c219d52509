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
	r := v.Round
	all = append(all, fmt.Sprintf("%d年度%s按%s开展，%s发布通知，%s截止申报。", r.Year, v.Programme.Title, call(r), calendar.DateOf(r.PublishedAt).Chinese(), r.LastDay.Chinese()))
	all = append(all, fmt.Sprintf("本届收到申报%d件，受理%d件，命名%d家。", v.Total.Received, v.Total.Accepted, v.Total.Named))
	for _, n := range v.Namings {
		all = append(all, fmt.Sprintf("%s印发%s，命名%d家。", calendar.DateOf(n.IssuedAt).Chinese(), quoted(n.Title, n.DocNumber), len(n.List)))
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
	return issue(fmt.Sprintf("实施情况报告 %d年度", v.Round.Year), v.paper())
}

func (v ReportView) paper() *paper.Document {
	last := v.Round.PublishedAt
	for _, n := range v.Namings {
		last = n.IssuedAt
	}
	doc := &paper.Document{
		Title: v.Title(), Signers: []string{v.Programme.Office.Name}, Date: calendar.DateOf(last), Created: last.In(calendar.Zone), About: v.Title(),
	}
	for _, s := range v.Paragraphs() {
		doc.Body = append(doc.Body, paper.Paragraph{Text: s})
	}
	steps := paper.Table{Title: "各环节件数", Columns: []paper.Column{{Head: "环节", Width: 3}, {Head: "进入", Width: 2, Centre: true}, {Head: "转出", Width: 2, Centre: true}, {Head: "在此结束", Width: 2, Centre: true}}}
	for _, s := range v.Steps {
		steps.Rows = append(steps.Rows, []string{s.Word, strconv.Itoa(s.In), strconv.Itoa(s.Out), strconv.Itoa(s.Ends())})
	}
	doc.Body = append(doc.Body, steps)
	if len(v.Categories) > 0 {
		t := paper.Table{Title: "各类别件数", Columns: []paper.Column{{Head: "类别", Width: 4}, {Head: "收到", Width: 2, Centre: true}, {Head: "命名", Width: 2, Centre: true}}}
		for _, l := range v.Categories {
			t.Rows = append(t.Rows, []string{l.Word, strconv.Itoa(l.Received), strconv.Itoa(l.Named)})
		}
		doc.Body = append(doc.Body, t)
	}
	return doc
}
