package casework

import (
	"fmt"
	"io"

	"shifan/internal/lifecycle/score"
	"shifan/internal/lifecycle/statistic"
	"shifan/internal/sheet"
)

// perCent says thousandths as per cent in a cell.
func perCent(permille, whole int) string {
	if whole == 0 {
		return ""
	}
	return fmt.Sprintf("%d.%d%%", permille/10, permille%10)
}

func lineSheet(name, what string, lines []statistic.Line) sheet.Table {
	t := sheet.Table{Name: name, Head: []string{what, "代码", "起草", "收到", "受理", "已命名", "办理中", "未命名", "命名占收到"}}
	for _, l := range append(lines[:len(lines):len(lines)], statistic.Total(lines)) {
		t.Rows = append(t.Rows, []any{l.Word, l.Code, l.Started, l.Received, l.Accepted, l.Named, l.Open, l.Ended, perCent(l.Permille(), l.Received)})
	}
	return t
}

func (g Groups) sheets() []sheet.Table {
	return []sheet.Table{lineSheet("分类别", "类别", g.Categories), lineSheet("分登记管理机关", "登记管理机关", g.Regions), lineSheet("分登记层级", "登记层级", g.Levels)}
}

// WriteXLSX writes every figure of the page as a workbook, a sheet for each part.
func (v StatisticsView) WriteXLSX(out io.Writer) error {
	steps := sheet.Table{Name: "各环节去向", Head: []string{"环节", "进入", "转出", "转出率", "在办", "在此结束", "怎样结束"}}
	for _, s := range v.Steps {
		how := ""
		for _, p := range s.Ended {
			how += fmt.Sprintf("%s%d件；", p.Word, p.N)
		}
		steps.Rows = append(steps.Rows, []any{s.Word, s.In, s.Out, perCent(s.Permille(), s.In), s.Waiting, s.Ends(), how})
	}
	times := sheet.Table{Name: "各环节用时", Head: []string{"环节", "时限", "办完", "一半以内（天）", "九成以内（天）", "最长（天）", "有时限的", "超时限", "在办", "在办最久（天）", "在办超时限"}}
	for _, s := range v.Spans {
		times.Rows = append(times.Rows, []any{s.Word, v.LimitSay(s.Stage), s.Done, s.Median, s.P90, s.Longest, s.Limited, s.Late, s.Waiting, s.Oldest, s.Overdue})
	}
	criteria := sheet.Table{Name: "标准", Head: []string{"指标", "名称", "判断", "达到", "部分达到", "存疑", "未达到", "平均差", "满分", "最低分", "中位数", "最高分"}}
	for _, c := range v.Criteria {
		criteria.Rows = append(criteria.Rows, []any{c.Code, c.Title, c.Judged, c.Met, c.Partly, c.Doubtful, c.Unmet, perCent(c.ShortPermille, c.Judged), c.Points, c.Low, c.Median, c.High})
	}
	all := append([]sheet.Table{v.about(), steps}, v.sheets()...)
	all = append(all, times, criteria)
	if v.Scores.N > 0 {
		all = append(all, scoreSheet(v.Scores))
	}
	return sheet.WriteBook(out, all)
}

func scoreSheet(s statistic.Scores) sheet.Table {
	t := sheet.Table{Name: "总分", Head: []string{"项目", "数字"}, Rows: [][]any{
		{"有总分的", s.N}, {"满分", s.Most}, {"最低", score.Said(s.Low)}, {"四分之一", score.Said(s.Quarter)}, {"中位数", score.Said(s.Median)}, {"四分之三", score.Said(s.Upper)}, {"最高", score.Said(s.Highest)},
	}}
	for _, b := range s.Bands {
		t.Rows = append(t.Rows, []any{fmt.Sprintf("%d至%d分", b.From, b.To), b.N})
	}
	return t
}

// about says of what the figures are, of which day, and whether they come out.
func (v StatisticsView) about() sheet.Table {
	t := sheet.Table{Name: "说明", Head: []string{"项目", "内容"}, Rows: [][]any{
		{"届次", v.Round.Title}, {"年度", v.Round.Year}, {"截至", v.Today.Chinese()}, {"因回避没有计入", v.Hidden},
	}}
	if len(v.Wrong) == 0 {
		t.Rows = append(t.Rows, []any{"核对", "各环节进入＝转出＋在办＋在此结束，与各环节的办理记录一致"})
	}
	for _, say := range v.Wrong {
		t.Rows = append(t.Rows, []any{"数字对不上", say})
	}
	return t
}

// WriteXLSX writes every figure of the page as a workbook.
func (v OverviewView) WriteXLSX(out io.Writer) error {
	years := sheet.Table{Name: "历年", Head: []string{"届次", "起草", "收到", "受理", "已命名", "办理中", "未命名", "命名占收到"}}
	for _, y := range v.Years {
		years.Rows = append(years.Rows, []any{y.Word, y.Started, y.Received, y.Accepted, y.Named, y.Open, y.Ended, perCent(y.Permille(), y.Received)})
	}
	ahead := sheet.Table{Name: "有效期到期", Head: []string{"季度", "到期的称号"}}
	for _, q := range v.Ahead.Quarters {
		ahead.Rows = append(ahead.Rows, []any{q.Word(), q.N})
	}
	ahead.Rows = append(ahead.Rows, []any{"五年以后", v.Ahead.Later}, []any{"没有期限", v.Ahead.Endless}, []any{"已到期、还没有办理", v.Ahead.Past}, []any{"合计", v.Ahead.All()})
	return sheet.WriteBook(out, append(append([]sheet.Table{years}, v.sheets()...), ahead))
}
