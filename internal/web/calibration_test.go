package web_test

import (
	"strings"
	"testing"

	"shifan/internal/lifecycle/calibration"
	"shifan/internal/testkit"
)

// TestCalibrationByItsPages: a clerk writes a sample, three assessors mark it alone, and
// the chart says who is harsh, with its figures in a table.
func TestCalibrationByItsPages(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	w.Reconfigure("\n  team_min: 3\n", "\n  team_min: 3\n  calibration: required\n")
	round := w.OpenRound()
	list := "/rounds/" + string(round) + "/calibrations"
	clerk := w.Browser(w.Office().Clerk)
	holds := func(p *testkit.Page, part string) {
		t.Helper()
		if !strings.Contains(p.Body, part) {
			t.Errorf("the page has no %s", part)
		}
	}
	holds(clerk.Get("/rounds/"+string(round)).Want(200), list)
	clerk.Get(list).Want(200, "本届还没有校准样本", "新样本的名称")
	clerk.Post(list, "title", "").Want(422, "样本名称没有填写")
	p := clerk.Post(list, "title", "样本一")
	edit := p.Location
	clerk.Follow(p).Want(200, "样本情况")
	form := []string{"version", "1", "title", "样本一"}
	var marks []string
	for _, i := range calibration.Asked(w.Criteria(round)) {
		form = append(form, "answers."+i.Code, "样本写明的情况"+i.Code, "findings."+i.Code+".rating", "meets")
		marks = append(marks, "findings."+i.Code+".rating")
	}
	sample := strings.TrimSuffix(edit, "/edit")
	team := w.Team()
	first := w.Browser(team[0])
	first.Get(sample).Want(404)
	clerk.Post(edit, append([]string{"act", "issue"}, form[:len(form)-2]...)...).Want(422, "还没有评")
	clerk.Follow(clerk.Post(edit, append([]string{"act", "issue"}, form...)...)).Want(200, "样本已发给考核人员", "参考评分")
	holds(first.Get("/work").Want(200, "评完才能参加考核评分"), sample)
	if p := first.Get(sample).Want(200, "样本写明的情况", "交出评分"); strings.Contains(p.Body, "参考评分</th>") {
		t.Error("the reference is shown before one's own marks")
	}
	first.Post(sample, marks[0], "meets").Want(422, "还没有评")
	for n, rating := range []string{"fails", "meets", "partly"} {
		var all []string
		for _, m := range marks {
			all = append(all, m, rating)
		}
		b := w.Browser(team[n])
		b.Follow(b.Post(sample, all...)).Want(200, "评分已交出", "参考评分")
	}
	first.Post(sample, marks[0], "meets").Want(409, "已经评过")
	holds(first.Get(list).Want(200, "考核组员1", "偏离"), "<svg")
	holds(clerk.Get(list).Want(200, "考核组员1 -50.00±0.00", "1/1", "偏严"), "<svg")
	clerk.Post(sample+"/withdraw", "reason", "").Want(422, "撤回原因")
	clerk.Follow(clerk.Post(sample+"/withdraw", "reason", "样本有误")).Want(200, "已撤回", "样本有误")
}
