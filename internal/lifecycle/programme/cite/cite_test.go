package cite_test

import (
	"testing"

	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/programme/cite"
)

func TestFor(t *testing.T) {
	t.Parallel()
	notice := &programme.Programme{Clauses: map[string]string{"办法(四)": "办法(四)", "办法(五)": "办法(五)", "办法(六)": "办法(六)"}}
	other := &programme.Programme{Clauses: map[string]string{"办法(四)": "第九条", "办法(六)": "第十二条", "三": "第二条"}}
	for _, tt := range []struct{ basis, notice, other, none string }{
		{"办法(五) 公示5个工作日", "办法(五) 公示5个工作日", "本方案", "本方案"},
		{"办法(四)", "办法(四)", "第九条", "本方案"},
		{"办法(四)(六)", "办法(四)(六)", "第九条、第十二条", "本方案"},
		{"办法(四) 全体委员会议；方案设定的法定人数", "办法(四) 全体委员会议；方案设定的法定人数", "第九条；方案设定的法定人数", "本方案；方案设定的法定人数"},
		{"办法(六) 公示无异议的；办法(六)", "办法(六) 公示无异议的；办法(六)", "第十二条", "本方案"},
		{"三 有效期3年", "本方案", "第二条", "本方案"},
		{"通知：按照申报标准、办法和要求", "本方案", "本方案", "本方案"},
		{"制度:回避", "制度:回避", "制度:回避", "制度:回避"},
		{"民法典 第二百零一条", "民法典 第二百零一条", "民法典 第二百零一条", "民法典 第二百零一条"},
		{"", "", "", ""},
	} {
		if got := [3]string{cite.For(notice, tt.basis), cite.For(other, tt.basis), cite.For(&programme.Programme{}, tt.basis)}; got != [3]string{tt.notice, tt.other, tt.none} {
			t.Errorf("%s: %v", tt.basis, got)
		}
	}
}
