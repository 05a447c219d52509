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
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/programme/words"
	"shifan/internal/lifecycle/review"
	"shifan/internal/lifecycle/round"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/paper"
	"shifan/internal/store"
)

// The documents of a round. What the committee is told of the review is for those who
// read the report's page; the call is everybody's.
const (
	CallPaper   = "call"          // 创建通知
	ReportPaper = "review_report" // 初审情况报告
)

// CallDocument makes the call as a red-head document with its criteria, times and forms
// as annexes, once it is published.
func (d *Desk) CallDocument(ctx context.Context, by stage.Actor, key id.Round) (p Paper, err error) {
	defer fault.Wrap(&err, "casework.CallDocument(%s)", key)
	v, err := d.Round(ctx, by, key)
	if err != nil {
		return p, err
	}
	if !v.Round.Published() {
		return p, fault.Missing()
	}
	return d.paperOf(ctx, CallPaper, string(key), v.paperName(), v.paper)
}

func (v RoundView) paperName() string {
	return strings.TrimSpace(fmt.Sprintf("创建通知 %d年度 %s", v.Round.Year, v.Round.DocNumber))
}

func (d *Desk) callManuscript(tx *store.Tx, by stage.Actor, subject, number string) (m manuscript, err error) {
	r, err := tx.RoundFor(by, id.Round(subject))
	if err != nil {
		return m, err
	}
	v, err := d.roundView(tx, by, r)
	if err != nil {
		return m, err
	}
	m.rules, m.of, m.given, m.on = v.Programme, r.Programme, r.DocNumber, r.DatedOn
	if !r.Published() {
		return m, nil
	}
	v.Round.DocNumber = cmp.Or(r.DocNumber, number)
	m.name = v.paperName()
	m.doc, err = v.paper()
	return m, err
}

// paper is the call. Where the office gave it a number, it bears that one.
func (v RoundView) paper() (*paper.Document, error) {
	r, p := v.Round, v.Programme
	on := r.IssuedOn
	if on.IsZero() {
		on = calendar.DateOf(r.PublishedAt)
	}
	said := map[string]string{
		"方案": p.Title, "称号": p.Base, "年度": strconv.Itoa(r.Year), "申报单位": words.Applicants(p), "截止时间": v.Deadline.Chinese(),
		"程序": words.Series(stepsOf(p)), "咨询": unstopped(cmp.Or(r.Contact, p.Office.Contact)),
	}
	if r.Special {
		said["专项理由"] = unstopped(r.Reason)
	}
	return compose(&paper.Document{
		Form: paper.Red, Issuer: p.Issuer.Name + "文件", Number: r.DocNumber, Title: r.Title, To: r.Addressees,
		Signers: []string{p.Issuer.Name}, Date: r.DatedOn, Seal: true, Note: "此件公开发布",
		Imprint: &paper.Imprint{PrintedBy: p.Office.Name, PrintedOn: on},
		Created: r.PublishedAt.In(calendar.Zone), About: strings.TrimSpace(r.DocNumber + " " + r.Title),
	}, p, CallPaper, filling{
		words: said, blocks: map[string][]paper.Block{"顺延说明": v.extensions()},
		annexes: map[string]paper.Annex{
			"附件标准":  {Title: "创建标准", Body: criteriaTables(p, r.Year)},
			"附件日程":  {Title: "各环节时间安排", Body: []paper.Block{v.schedule()}},
			"附件申报表": {Title: "申报材料清单", Body: formsTables(p, r.Year)},
		},
	})
}

// stepsOf lists the steps from the filing to the naming, in words.
func stepsOf(p *programme.Programme) []string {
	all := []string{"自评申报"}
	for _, s := range p.Procedure {
		all = append(all, words.Stage(s))
	}
	return append(all, "命名授牌")
}

func (v RoundView) extensions() (all []paper.Block) {
	for _, e := range v.Round.Extensions {
		all = append(all, paper.Paragraph{Text: fmt.Sprintf("截止时间于%s对全体申报单位由%s顺延到%s：%s", calendar.DateOf(e.At).Chinese(), round.Instant(e.From), round.Instant(e.To), sentence(e.Reason))})
	}
	return all
}

// criteriaTables are the criteria of a year, a table a group.
func criteriaTables(p *programme.Programme, year int) (all []paper.Block) {
	for _, g := range p.Criteria {
		t := paper.Table{Title: "（" + g.Code + "）" + g.Title, Columns: []paper.Column{{Head: "指标", Width: 1.2, Centre: true}, {Head: "内容", Width: 8}, {Head: "评价方式", Width: 2.6, Centre: true}}}
		for _, i := range g.Indicators {
			if !i.CountsIn(year) {
				continue
			}
			how := words.Judged(i)
			if i.Scored() {
				how += fmt.Sprintf("\n满分%d分", i.Points)
			}
			text := i.Title
			if i.Text != "" && i.Text != i.Title {
				text += "\n" + i.Text
			}
			t.Rows = append(t.Rows, []string{i.Code, text, how})
		}
		if len(t.Rows) > 0 {
			all = append(all, t)
		}
	}
	return all
}

// schedule says when each step is, as far as the call fixes it.
func (v RoundView) schedule() paper.Table {
	p := v.Programme
	t := paper.Table{Columns: []paper.Column{{Head: "序号", Width: 1, Centre: true}, {Head: "环节", Width: 2.5}, {Head: "时间", Width: 7.5}}}
	add := func(step, when string) {
		t.Rows = append(t.Rows, []string{strconv.Itoa(len(t.Rows) + 1), step, when})
	}
	add("自评申报", fmt.Sprintf("%s至%s", calendar.DateOf(v.Round.PublishedAt).Chinese(), v.Deadline.Chinese()))
	if n := p.Filing.AcceptIn; n > 0 {
		add("受理", fmt.Sprintf("提交后%d个工作日内告知是否受理", n))
	}
	for _, s := range p.Procedure {
		when := "上一环节结束以后，具体时间另行通知"
		switch {
		case s == "review" && p.Review.Days > 0:
			when = fmt.Sprintf("截止后%d个工作日内完成", p.Review.Days)
		case s == "visit" && p.Visit.NoticeDays > 0:
			when = fmt.Sprintf("初审以后，提前%d个工作日通知时间和考核组", p.Visit.NoticeDays)
		case s == "publicity":
			when = fmt.Sprintf("会议审定以后，公示%d个工作日", p.Publicity.Days)
		}
		add(words.Stage(s), when)
	}
	add("命名授牌", "公示期满、没有未办结的异议以后")
	return t
}

// formsTables list what is to be filed, by indicator.
func formsTables(p *programme.Programme, year int) []paper.Block {
	t := paper.Table{Columns: []paper.Column{{Head: "指标", Width: 1.2, Centre: true}, {Head: "要提交的材料", Width: 7}, {Head: "表格", Width: 3}}}
	for _, i := range p.Indicators(year) {
		if len(i.Evidence) > 0 || i.BlankForm != "" {
			t.Rows = append(t.Rows, []string{i.Code, strings.Join(i.Evidence, "\n"), cmp.Or(i.BlankForm, "自备")})
		}
	}
	all := []paper.Block{paper.Paragraph{Text: "申报在网上填写，不收纸质材料；要盖章的，打印申报书盖章以后扫描上传。各项指标要提交的材料如下。", Hold: len(t.Rows) > 0}}
	if len(t.Rows) > 0 {
		all = append(all, t)
	}
	return all
}

// ReviewReport makes the office's report of the review to the committee, of what the
// viewer may see (办法(二)); its figures add up, or there is none.
func (d *Desk) ReviewReport(ctx context.Context, by stage.Actor, key id.Round) (p Paper, err error) {
	defer fault.Wrap(&err, "casework.ReviewReport(%s)", key)
	v, err := d.ReviewSummary(ctx, by, key)
	if err != nil {
		return p, err
	}
	doc, err := v.paper()
	if err != nil {
		return p, err
	}
	return issue(fmt.Sprintf("初审情况报告 %d年度", v.Round.Year), doc)
}

// Reported reports whether there is a report to write down: the call is closed and the
// figures add up.
func (v SummaryView) Reported() bool {
	return len(v.Wrong) == 0 && (v.Round.State == round.Closed || v.Round.State == round.Concluded)
}

var errNotReported = fault.Define(fault.Refused, "paper.review_report.early", "初审情况报告在申报截止以后、各项件数相符的时候出具。现在%s。", "办法(二) 汇总后报联合党委")

func (v SummaryView) paper() (*paper.Document, error) {
	if !v.Reported() {
		now := "申报还没有截止"
		if len(v.Wrong) > 0 {
			now = strings.Join(v.Wrong, "；")
		}
		return nil, errNotReported.New(now)
	}
	s, p := v.Sums, v.Programme
	at := v.Round.Deadline
	against := paper.Table{Columns: []paper.Column{{Head: "编号", Width: 2, Centre: true}, {Head: "单位", Width: 4}, {Head: "建议", Width: 2.2, Centre: true}, {Head: "理由", Width: 5}}}
	whole := paper.Table{Columns: []paper.Column{{Head: "编号", Width: 2, Centre: true}, {Head: "单位", Width: 4.5}, {Head: "类别", Width: 1.8, Centre: true}, {Head: "符合", Width: 1.4, Centre: true}, {Head: "不符合", Width: 1.4, Centre: true}, {Head: "存疑", Width: 1.4, Centre: true}, {Head: "初审建议", Width: 2.4, Centre: true}}}
	for _, r := range v.Rows {
		said := "没有完成初审"
		counts := []string{"—", "—", "—"}
		if r.Review.EndedAt.After(at) {
			at = r.Review.EndedAt
		}
		if r.Reviewed() {
			said = review.Recommendations[r.Review.Recommendation]
			for i, verdict := range []string{"meets", "fails", "doubtful"} {
				counts[i] = strconv.Itoa(r.Verdicts[verdict])
			}
			if r.Review.Recommendation != "recommend" {
				against.Rows = append(against.Rows, []string{r.Application.Number, r.Application.Name, said, r.Review.Opinion})
			}
		}
		whole.Rows = append(whole.Rows, slices.Concat([]string{r.Application.Number, r.Application.Name, r.Category}, counts, []string{said}))
	}
	declined := s.Declined + s.Withdrawn + s.Waiting
	said := map[string]string{
		"方案": p.Title, "称号": p.Base, "年度": strconv.Itoa(v.Round.Year), "通知": call(v.Round), "截止日期": v.Round.LastDay.Chinese(),
		"收到件数": strconv.Itoa(s.Received), "受理件数": strconv.Itoa(s.Received - declined), "初审件数": strconv.Itoa(s.Reviewed),
		"建议件数": strconv.Itoa(s.Recommended), "不建议件数": strconv.Itoa(s.NotRecommended), "存疑件数": strconv.Itoa(s.Doubtful), "会议机关": cmp.Or(p.Meeting.Body, p.Issuer.Name),
	}
	if v.Partial {
		said["回避说明"] = "读者应当回避的申报没有列入，各项件数只计所列的申报"
	}
	blocks := map[string][]paper.Block{"各环节件数": {s.table()}}
	if len(against.Rows) > 0 {
		blocks["不建议清单"] = []paper.Block{against}
	}
	body := []paper.Block{paper.Paragraph{Text: "没有收到申报。"}}
	if len(whole.Rows) > 0 {
		body = []paper.Block{whole}
	}
	return compose(&paper.Document{
		To: cmp.Or(p.Meeting.Body, p.Issuer.Name), Signers: []string{p.Office.Name}, Date: calendar.DateOf(at), Seal: true,
		Created: at.In(calendar.Zone), About: fmt.Sprintf("初审情况报告 %d年度", v.Round.Year),
	}, p, ReportPaper, filling{words: said, blocks: blocks, annexes: map[string]paper.Annex{"附件汇总": {Title: fmt.Sprintf("%d年度申报初审情况汇总", v.Round.Year), Body: body}}})
}

// table shows how the sums add up to what was received.
func (s SummarySums) table() paper.Table {
	t := paper.Table{Columns: []paper.Column{{Head: "项目", Width: 6}, {Head: "件数", Width: 2, Centre: true}, {Head: "其中", Width: 5}}}
	for _, l := range []struct {
		word string
		n    int
		note string
	}{
		{"完成初审", s.Reviewed, fmt.Sprintf("建议%d，不建议%d，存疑%d", s.Recommended, s.NotRecommended, s.Doubtful)},
		{"正在初审", s.Reviewing, ""},
		{"初审中止", s.Ended, ""},
		{"其他环节", s.Elsewhere, ""},
		{"等待受理", s.Waiting, ""},
		{"撤回", s.Withdrawn, ""},
		{"不予受理", s.Declined, ""},
	} {
		if l.n > 0 {
			t.Rows = append(t.Rows, []string{l.word, strconv.Itoa(l.n), l.note})
		}
	}
	t.Rows = append(t.Rows, []string{"收到，合计", strconv.Itoa(s.Received), ""})
	return t
}
