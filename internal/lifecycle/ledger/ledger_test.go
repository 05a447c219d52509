package ledger_test

import (
	"strings"
	"testing"

	"shifan/internal/fault"
	"shifan/internal/lifecycle/fact"
	"shifan/internal/lifecycle/ledger"
)

func TestReader(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		lines [][]string
		want  map[string]string
		code  string
	}{
		"as in the template":    {[][]string{{"数据", "单位", "2020年"}, {"正式党员", "人", "12"}, {"党员大会：第1季度", "次", "1"}}, map[string]string{"members": "12", "meetings_1": "1"}, ""},
		"numerals and units":    {[][]string{{"正式党员（人）", "十二人"}, {"公益支出", "元", "2.5万"}, {"党员大会 第2季度", "１"}}, map[string]string{"members": "12", "charity_yuan": "25000", "meetings_2": "1"}, ""},
		"an empty number":       {[][]string{{"正式党员", "人"}, {"预备党员", "人", ""}}, map[string]string{"members": "", "probationary": ""}, ""},
		"no number":             {[][]string{{"正式党员", "人", "若干"}}, map[string]string{"members": "若干"}, "fact.ledger.file.number"},
		"half a person":         {[][]string{{"正式党员", "人", "1.5"}}, map[string]string{"members": "1.5"}, "fact.ledger.file.number"},
		"another unit":          {[][]string{{"正式党员", "人", "3次"}}, map[string]string{"members": "3次"}, "fact.ledger.file.number"},
		"twice":                 {[][]string{{"正式党员", "人", "3"}, {"正式党员", "人", "4"}}, map[string]string{"members": "4"}, "fact.ledger.file.twice"},
		"twice the same":        {[][]string{{"正式党员", "人", "3"}, {"正式党员", "人", "3"}}, map[string]string{"members": "3"}, ""},
		"negative: the form's":  {[][]string{{"正式党员", "人", "-3"}}, map[string]string{"members": "-3"}, ""},
		"nothing that is known": {[][]string{{"姓名", "电话"}}, nil, "fact.ledger.file"},
		"nothing":               {nil, nil, "fact.ledger.file"},
	} {
		var r ledger.Reader
		for _, l := range tt.lines {
			r.Line(l)
		}
		got, _, err := r.Values()
		if err == nil && tt.code != "" || err != nil && fault.CodeOf(err) != tt.code || len(got) != len(tt.want) {
			t.Errorf("%s: got %v, %v", name, got, err)
		}
		for k, v := range tt.want {
			if got[k] != v {
				t.Errorf("%s: %s is %q, want %q", name, k, got[k], v)
			}
		}
	}
}

func TestReport(t *testing.T) {
	t.Parallel()
	l := fact.Ledger{Year: 2020, Members: 12, Probationary: 1, Meetings: [4]int{1, 1, 1, 2}, Lectures: [4]int{1, 1, 1, 1}, Trainings: 2, Appraised: [4]int{3, 8, 1, 0}, RoomArea: 60, RoomSharedBy: 3, Charity: 2}
	say := func(before *fact.Ledger) (all string) {
		for _, p := range ledger.Report(l, before) {
			all += p.Title + strings.Join(p.Text, "")
		}
		return all
	}
	alone, beside := say(nil), say(&fact.Ledger{Members: 10, Trainings: 3, Charity: 2})
	for _, want := range []string{"年末正式党员12人，预备党员1人。", "党员大会5次，各季度1、1、1、2次", "民主评议党员12人：优秀3人", "与其他单位共3家共用", "党课4次"} {
		if !strings.Contains(alone, want) {
			t.Errorf("%s is not in %s", want, alone)
		}
	}
	for _, want := range []string{"12人（比上年多2）", "培训2次（比上年少1）", "公益活动2次（和上年相同）"} {
		if !strings.Contains(beside, want) || strings.Contains(alone, want) {
			t.Errorf("%s: %s", want, beside)
		}
	}
	if strings.Contains(alone, "支委会") || strings.Contains(alone, "党小组") {
		t.Errorf("what there is none of is told: %s", alone)
	}
}
