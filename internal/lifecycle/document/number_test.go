package document_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"shifan/internal/calendar"
	"shifan/internal/fault"
	"shifan/internal/lifecycle/document"
	"shifan/internal/lifecycle/stage"
)

var (
	clerk    = stage.Actor{Account: "acc_clerk", Role: stage.Clerk}
	director = stage.Actor{Account: "acc_director", Role: stage.Director}
	chair    = stage.Actor{Account: "acc_chair", Role: stage.Chair}
	day      = calendar.MustDate
	now      = day("2021-09-15").Start().Add(10 * time.Hour)
)

func TestParseNumber(t *testing.T) {
	t.Parallel()
	for s, good := range map[string]bool{
		"吉社联党发〔2021〕1号": true, "吉社联党发〔2021〕99999号": true, "吉发〔1999〕3号": true, "𠮷发〔2021〕1号": true,
		"吉社联党发〔2021〕01号": false, "吉社联党发〔2021〕第1号": false, "吉社联党发[2021]1号": false, "吉社联党发【2021】1号": false, "吉社联党发(2021)1号": false,
		"吉社联党发〔21〕1号": false, "吉社联党发〔2121〕1号": false, "吉〔2021〕1号": false, "吉社联党发〔2021〕100000号": false, "吉社联党发〔2021〕0号": false, "吉社联党发〔2021〕1号 ": false,
		"一二三四五六七八九十一二三〔2021〕1号": false, "吉社联党发〔２０２１〕1号": false, "": false,
	} {
		n, ok := document.ParseNumber(s)
		if ok != good || ok && n.String() != s {
			t.Errorf("%s: %v %v", s, n, ok)
		}
	}
}

// TestRegister: numbers follow one another without a gap; one that came to nothing
// stays in its place (facts.md §6).
func TestRegister(t *testing.T) {
	t.Parallel()
	lines, m, err := document.Enter(clerk, "吉社联党发", 2021, 3, "印章启用通知", nil, now)
	if err != nil || m.Act != "enter" || len(lines) != 3 || lines[0].Title != "系统外文件" || lines[2].Title != "印章启用通知" || lines[2].Key != "吉社联党发〔2021〕3号" {
		t.Fatal(err, lines)
	}
	if _, err := lines[1].Cancel(director, "文件未发"); err != nil || lines[1].State != document.Void {
		t.Error(err)
	}
	if next, err := document.Next("吉社联党发", 2021, lines); err != nil || next.Seq != 4 {
		t.Errorf("after a void one: %v %v", next, err)
	}
	if next, err := document.Next("吉社联党发", 2022, lines); err != nil || next.Seq != 1 {
		t.Errorf("a new year: %v %v", next, err)
	}
	if _, err := lines[1].Describe(clerk, "别的文件"); fault.CodeOf(err) != "stage.not_allowed" {
		t.Errorf("a void one is used: %v", err)
	}
	if _, err := lines[0].Describe(clerk, "会议通知"); err != nil || lines[0].Title != "会议通知" {
		t.Error(err)
	}
	ours := document.Number{Word: "吉社联党发", Year: 2021, Seq: 4, Use: document.ForNaming, State: document.Taken}
	if _, err := ours.Cancel(director, "不要了"); fault.CodeOf(err) != "document.number.in_force" {
		t.Errorf("a naming's number is made void: %v", err)
	}
	for name, tt := range map[string]struct {
		by    stage.Actor
		word  string
		seq   int
		title string
		code  string
	}{
		"backwards":        {clerk, "吉社联党发", 3, "x", "document.number.skip"},
		"the next":         {clerk, "吉社联党发", 4, "x", ""},
		"200 on":           {clerk, "吉社联党发", 203, "x", ""},
		"201 on":           {clerk, "吉社联党发", 204, "x", "document.number.skip"},
		"no title":         {clerk, "吉社联党发", 4, "", "document.number.title"},
		"an empty word":    {clerk, "", 4, "x", "document.number.word"},
		"by the applicant": {stage.Actor{Role: stage.Applicant}, "吉社联党发", 4, "x", "document.number.role"},
	} {
		_, _, err := document.Enter(tt.by, tt.word, 2021, tt.seq, tt.title, lines, now)
		if tt.code == "" && err != nil || tt.code != "" && fault.CodeOf(err) != tt.code {
			t.Errorf("%s: %v", name, err)
		}
	}
	if got := document.Printed("吉社联党发〔2021〕5号", "申报通知", "吉社联党发", lines, "acc", now); len(got) != 2 || got[1].Title != "申报通知" {
		t.Errorf("a call's number: %v", got)
	}
	for _, doc := range []string{"吉社联党发〔2021〕2号", "吉社联发〔2021〕9号", "无文号", "吉社联党发〔2021〕9999号"} {
		if got := document.Printed(doc, "通知", "吉社联党发", lines, "acc", now); got != nil {
			t.Errorf("%s adds %v", doc, got)
		}
	}
}

// TestGaps: where the register has a hole no number is given; filling it mends that.
func TestGaps(t *testing.T) {
	t.Parallel()
	at := func(seqs ...int) (all []document.Number) {
		for _, s := range seqs {
			all = append(all, document.Number{Word: "吉社联党发", Year: 2021, Seq: s})
		}
		return append(all, document.Number{Word: "吉社联发", Year: 2021, Seq: 9}, document.Number{Word: "吉社联党发", Year: 2020, Seq: 3})
	}
	for _, tt := range []struct {
		there []int
		gaps  []int
	}{{nil, nil}, {[]int{1, 2, 3}, nil}, {[]int{3, 1, 2}, nil}, {[]int{1, 3}, []int{2}}, {[]int{4}, []int{1, 2, 3}}, {[]int{1, 2, 9}, []int{3, 4, 5, 6, 7, 8}}} {
		taken := at(tt.there...)
		if got := document.Gaps("吉社联党发", 2021, taken); !slices.Equal(got, tt.gaps) {
			t.Errorf("%v: gaps %v", tt.there, got)
		}
		n, err := document.Next("吉社联党发", 2021, taken)
		if len(tt.gaps) > 0 && fault.CodeOf(err) != "document.number.gap" || len(tt.gaps) == 0 && (err != nil || n.Seq != len(tt.there)+1) {
			t.Errorf("%v: next %v %v", tt.there, n, err)
		}
	}
	if _, err := document.Next("吉社联党发", 2021, at(1, 2, 9)); err == nil || !strings.Contains(err.Error(), "3、4、5、6、7等6个") {
		t.Errorf("a long gap is said as %v", err)
	}
	lines, _, err := document.Enter(clerk, "吉社联党发", 2021, 2, "会议通知", at(1, 3), now)
	if err != nil || len(lines) != 1 || lines[0].Seq != 2 || lines[0].Title != "会议通知" {
		t.Errorf("filling a gap: %v %v", lines, err)
	}
}

// TestFree: a number that somebody wrote by hand is not one that is used already.
func TestFree(t *testing.T) {
	t.Parallel()
	taken := []document.Number{
		{Word: "吉社联党发", Year: 2021, Seq: 1, Use: document.Outside, Title: "申报通知", State: document.Taken},
		{Word: "吉社联党发", Year: 2021, Seq: 2, Use: document.Outside, Title: "系统外文件", State: document.Taken},
		{Word: "吉社联党发", Year: 2021, Seq: 3, Use: document.ForNaming, Thing: "nam_1", Title: "命名通知", State: document.Taken},
		{Word: "吉社联党发", Year: 2021, Seq: 4, Use: document.Outside, Title: "申报通知", State: document.Void},
		{Word: "吉社联党发", Year: 2021, Seq: 5, Use: document.ForDocument, Thing: "rnd_1", Title: "旧标题", State: document.Taken},
	}
	for number, code := range map[string]string{
		"吉社联党发〔2021〕1号": "", "吉社联党发〔2021〕2号": "", "吉社联党发〔2021〕5号": "", "吉社联党发〔2021〕6号": "", "民发〔2021〕3号": "", "": "",
		"吉社联党发〔2021〕3号": "document.number.used", "吉社联党发〔2021〕4号": "document.number.used",
	} {
		err := document.Free(number, "申报通知", "rnd_1", taken)
		if code == "" && err != nil || code != "" && fault.CodeOf(err) != code {
			t.Errorf("%s: %v", number, err)
		}
	}
}
