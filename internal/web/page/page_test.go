package page_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"shifan/internal/calendar"
	"shifan/internal/fault"
	"shifan/internal/web/page"
)

func TestPeriodDays(t *testing.T) {
	t.Parallel()
	day := func(s string, n int, working bool) calendar.Day {
		return calendar.Day{Date: calendar.MustDate(s), Number: n, Working: working, Known: true}
	}
	// Issued on Friday 26 November 2021; counts from Monday to the Wednesday.
	p := calendar.Period{
		From: calendar.MustDate("2021-11-26"), First: calendar.MustDate("2021-11-29"), Last: calendar.MustDate("2021-12-01"),
		Days: []calendar.Day{day("2021-11-29", 1, true), day("2021-11-30", 2, true), day("2021-12-01", 3, true)},
	}
	var got []string
	for _, d := range page.PeriodDays(p, "发布", calendar.MustDate("2021-11-30")) {
		got = append(got, fmt.Sprintf("%s|%s|%s|%s|%v", d.Tone, d.Word, d.Day, d.Note, d.Counts))
	}
	want := []string{
		"past|周五 发布|26|不计入|false", "rest|周六 休息|27|不计入|false", "rest|周日 休息|28|不计入|false",
		"past|周一|29|第1日|true", "today|周二 今天|30|第2日|true", "next|12月 周三|1|第3日|true",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if page.PeriodDays(calendar.Period{}, "发布", calendar.MustDate("2021-11-30")) != nil {
		t.Error("days of no period")
	}
}

func TestSteps(t *testing.T) {
	t.Parallel()
	p := []string{"review", "visit", "meeting", "publicity"}
	words := page.Steps(p)
	if got := strings.Join(words, " "); got != "自评申报 初审 实地考核 会议审定 公示 命名授牌" {
		t.Error(got)
	}
	for stage, want := range map[string]string{"": "自评申报", "review": "初审", "publicity": "公示", "naming": "命名授牌"} {
		if got := words[page.StepOf(p, stage)-1]; got != want {
			t.Errorf("%q is step %s, want %s", stage, got, want)
		}
	}
}

func TestUntil(t *testing.T) {
	t.Parallel()
	d := calendar.MustDate("2021-07-10")
	for got, want := range map[string]string{
		page.Until(d.End()):                            "2021年7月10日 星期六 24:00",
		page.Until(d.Start().Add(1050 * 60e9)):         "2021年7月10日 星期六 17:30",
		page.Moment(d.Start().Add(59 * 1e9)):           "2021年7月10日 星期六 00:00:59",
		page.Day(calendar.Date{}):                      "",
		page.ShortDay(calendar.MustDate("2024-02-29")): "2月29日 星期四",
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

// TestForm: nothing sent shows what is saved; a form that came back shows what
// was typed, the sentences, and after a conflict what is saved where it differs.
func TestForm(t *testing.T) {
	t.Parallel()
	fields := []page.Field{
		{Name: "place", Label: "地点", Saved: "长春", Hint: "写到门牌。"},
		{Name: "note", Label: "说明", Saved: "旧", Max: 3, Audience: "考核组"},
		{Name: "kind", Label: "种类", Saved: "a"},
		{Name: "day", Label: "日期", Saved: "2021-07-10"},
	}
	options := []page.Option{{Value: "a", Word: "甲"}, {Value: "b", Word: "乙"}}
	draw := func(f page.Form) string {
		var b strings.Builder
		for _, c := range []func() error{
			func() error { return page.TextField(f, fields[0]).Render(t.Context(), &b) },
			func() error { return page.AreaField(f, fields[1]).Render(t.Context(), &b) },
			func() error { return page.ChoiceField(f, fields[2], options).Render(t.Context(), &b) },
			func() error { return page.DateField(f, fields[3]).Render(t.Context(), &b) },
		} {
			if err := c(); err != nil {
				t.Fatal(err)
			}
		}
		return b.String()
	}
	typed := url.Values{"place": {"吉林 <b>"}, "note": {"四个字啊"}, "kind": {"b"}, "day": {"2021-02-30"}}
	invalid := &fault.Fault{Kind: fault.Invalid, Code: "x", Fields: []fault.Field{{Path: "place", Say: "写错了"}}}
	for name, tt := range map[string]struct {
		form      page.Form
		has, lack []string
	}{
		"fresh": {page.Form{}, []string{`value="长春"`, `type="date"`, `value="a" checked`, "1/3字", "谁能看到", `aria-describedby="place-hint"`}, []string{"错误", "现在保存的"}},
		"came back": {
			page.Form{Values: typed, Fault: invalid},
			[]string{`value="吉林 &lt;b&gt;"`, "写错了", `aria-invalid="true"`, `aria-describedby="place-error place-hint"`, `value="b" checked`, `value="2021-02-30"`, "超出1字"},
			[]string{`type="date"`, "<b>", "现在保存的", `value="a" checked`},
		},
		"conflict": {page.Form{Values: typed, Fault: fault.Stale()}, []string{"现在保存的：</b>长春", "现在保存的：</b>甲", `value="b" checked`}, []string{`aria-invalid`}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := draw(tt.form)
			for _, s := range tt.has {
				if !strings.Contains(got, s) {
					t.Errorf("no %s in\n%s", s, got)
				}
			}
			for _, s := range tt.lack {
				if s != "<b>" && strings.Contains(got, s) || s == "<b>" && strings.Contains(got, "吉林 <b>") {
					t.Errorf("%s in\n%s", s, got)
				}
			}
		})
	}
}
