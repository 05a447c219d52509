package page

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"

	"shifan/internal/casework"
	"shifan/internal/id"
	"shifan/internal/lifecycle/horizon"
	"shifan/internal/lifecycle/score"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/lifecycle/statistic"
)

// things says a number of applications.
func things(n int) string { return strconv.Itoa(n) + "件" }

// tableOf is the address of the summary table with exactly what a figure counts; the
// filters are pairs of name and value.
func tableOf(pairs ...string) string {
	q := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		q.Set(pairs[i], pairs[i+1])
	}
	return "/tabulations?" + q.Encode()
}

// reckoning is the figures of a round, as a role may follow them.
type reckoning struct {
	round id.Round
	role  stage.Role
}

// url leads to the list of what a figure counts; empty where there is nothing, or nothing
// that the role may see.
func (in reckoning) url(f statistic.Figure, n int) string {
	if n == 0 || !f.Listed(in.role) {
		return ""
	}
	return in.list(f, 0)
}

func (in reckoning) list(f statistic.Figure, from int) string {
	q := url.Values{"of": {f.Of}, "code": {f.Code}, "what": {f.What}}
	if f.State != "" {
		q.Set("state", string(f.State))
	}
	if from > 0 {
		q.Set("from", strconv.Itoa(from))
	}
	return "/rounds/" + string(in.round) + "/statistics/list?" + q.Encode()
}

// next leads to where a list goes on; empty on its last page.
func (in reckoning) next(v casework.ReckonedView) string {
	if v.Next == 0 {
		return ""
	}
	return in.list(v.Figure, v.Next)
}

// clip shortens a title for a picture; the table beside it has all of it.
func clip(s string, most int) string {
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return string([]rune(s)[:most-1]) + "…"
}

func stepBars(steps []statistic.Step) (bars []Bar) {
	for _, s := range steps {
		bars = append(bars, Bar{Word: s.Word, Say: things(s.In), Parts: [3]int{s.Out, s.Waiting, s.Ends()}})
	}
	return bars
}

func stepsDesc(steps []statistic.Step) string {
	var parts []string
	for _, s := range steps {
		parts = append(parts, fmt.Sprintf("%s进入%d件，转出%d件", s.Word, s.In, s.Out))
	}
	return strings.Join(parts, "；") + "。"
}

func lineBars(lines []statistic.Line) (bars []Bar) {
	for _, l := range lines {
		bars = append(bars, Bar{Word: clip(l.Word, 16), Say: things(l.Received), Parts: [3]int{l.Named, l.Open, l.Ended}})
	}
	return bars
}

func linesDesc(lines []statistic.Line) string {
	var parts []string
	for _, l := range lines {
		parts = append(parts, fmt.Sprintf("%s收到%d件，命名%d件", l.Word, l.Received, l.Named))
	}
	return strings.Join(parts, "；") + "。"
}

// lineParts are what the bars of groups are made of.
var lineParts = [3]string{"已命名", "办理中", "未命名"}

func spanBars(all []statistic.Span) (bars []Bar) {
	for _, s := range all {
		if s.Done > 0 {
			bars = append(bars, Bar{Word: s.Word, Say: strconv.Itoa(s.Median) + "天", Parts: [3]int{s.Median, s.P90 - s.Median, s.Longest - s.P90}})
		}
	}
	return bars
}

func spansDesc(all []statistic.Span) string {
	var parts []string
	for _, s := range all {
		if s.Done > 0 {
			parts = append(parts, fmt.Sprintf("%s一半在%d天以内，九成在%d天以内，最长%d天", s.Word, s.Median, s.P90, s.Longest))
		}
	}
	return strings.Join(parts, "；") + "。"
}

// waitSay says where it waits now.
func waitSay(all []statistic.Span) string {
	s, ok := statistic.Slowest(all)
	switch {
	case !ok:
		return "现在没有等待办理的申报。"
	case s.Overdue > 0:
		return fmt.Sprintf("现在主要等在“%s”：%d件在办，%d件已经超过时限，最久的等了%d天。", s.Word, s.Waiting, s.Overdue, s.Oldest)
	}
	return fmt.Sprintf("现在等得最久的在“%s”：%d件在办，最久的等了%d天，没有超过时限的。", s.Word, s.Waiting, s.Oldest)
}

// criteriaShown is how many criteria the picture shows; the table has all.
const criteriaShown = 10

// unmetFew are the criteria that something was missing of, the most first.
func unmetFew(all []statistic.Criterion) (few []statistic.Criterion) {
	for _, c := range all {
		if c.ShortPermille > 0 && len(few) < criteriaShown {
			few = append(few, c)
		}
	}
	return few
}

func criteriaBars(all []statistic.Criterion) (bars []Bar) {
	for _, c := range all {
		bars = append(bars, Bar{Word: clip(c.Code+" "+c.Title, 18), Say: perCent(c.ShortPermille), Parts: [3]int{c.Unmet, c.Partly + c.Doubtful, c.Met}})
	}
	return bars
}

func criteriaDesc(all []statistic.Criterion) string {
	var parts []string
	for _, c := range all {
		parts = append(parts, fmt.Sprintf("%s %s：判断%d次，未达到%d次，部分达到或者存疑%d次", c.Code, c.Title, c.Judged, c.Unmet, c.Partly+c.Doubtful))
	}
	return strings.Join(parts, "；") + "。"
}

// pointsSay says what points an indicator was given.
func pointsSay(c statistic.Criterion) string {
	if c.Points == 0 {
		return ""
	}
	return fmt.Sprintf("满分%d，%d至%d，中位数%d", c.Points, c.Low, c.High, c.Median)
}

func bandColumns(s statistic.Scores) (all []ChartColumn) {
	for _, b := range s.Bands {
		all = append(all, ChartColumn{Word: strconv.Itoa(b.From), N: b.N})
	}
	return all
}

func bandWord(b statistic.Band, s statistic.Scores) string {
	if b.To == s.Most {
		return fmt.Sprintf("%d至%d分", b.From, b.To)
	}
	return fmt.Sprintf("%d分以上，不到%d分", b.From, b.To)
}

func scoresSay(s statistic.Scores) string {
	return fmt.Sprintf("%d件有总分，满分%d分：最低%s，四分之一%s，中位数%s，四分之三%s，最高%s。", s.N, s.Most, score.Said(s.Low), score.Said(s.Quarter), score.Said(s.Median), score.Said(s.Upper), score.Said(s.Highest))
}

func bandsDesc(s statistic.Scores) string {
	var parts []string
	for _, b := range s.Bands {
		parts = append(parts, fmt.Sprintf("%s%d件", bandWord(b, s), b.N))
	}
	return strings.Join(parts, "；") + "。"
}

// quartersNamed is up to how many quarters each has its name below its column; of more
// only the years do, which is what there is room for on a phone.
const quartersNamed = 8

func quarterColumns(a horizon.Ahead) (all []ChartColumn) {
	for i, q := range a.Quarters {
		c := ChartColumn{N: q.N, Mark: i == 0}
		if len(a.Quarters) <= quartersNamed {
			c.Word = strconv.Itoa(q.Quarter) + "季"
		}
		if i == 0 || q.Quarter == 1 {
			c.Under = strconv.Itoa(q.Year)
		}
		all = append(all, c)
	}
	return all
}

func quartersDesc(a horizon.Ahead) string {
	var parts []string
	for _, q := range a.Quarters {
		if q.N > 0 {
			parts = append(parts, fmt.Sprintf("%s%d个", q.Word(), q.N))
		}
	}
	return strings.Join(parts, "；") + "。"
}

// aheadRest says how many titles are in no quarter.
func aheadRest(a horizon.Ahead) string {
	var parts []string
	for _, p := range []struct {
		word string
		n    int
	}{{"五年以后到期", a.Later}, {"没有期限", a.Endless}, {"已到期、还没有办理", a.Past}} {
		if p.n > 0 {
			parts = append(parts, fmt.Sprintf("%s%d个", p.word, p.n))
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return "另有" + strings.Join(parts, "，") + "。"
}

// hiddenSay says that something is left out.
func hiddenSay(n int) string {
	return fmt.Sprintf("本人应当回避的%d件申报不在其中，各项数字也不含它们。", n)
}

func yearLines(v casework.OverviewView) (lines []statistic.Line) {
	for i := len(v.Years) - 1; i >= 0; i-- {
		lines = append(lines, v.Years[i].Line)
	}
	return lines
}
