package web_test

import (
	"strings"
	"testing"

	"shifan/internal/lifecycle/stage"
	"shifan/internal/testkit"
)

// TestScorePages: levels stand beside the indicator for who files and who examines, and
// the office sees what a round's scores come to and may try a changed rule.
func TestScorePages(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	levels := "\n        levels: [{title: 优, points: 10, text: 每季度都有记录}, {title: 差, points: 0, text: 没有记录}]\n"
	w.Reconfigure("\n  method: pass_fail\n", "\n  method: scored\n  pass_mark: 5\n",
		"同一活动不在几项里重复计数。\n", "同一活动不在几项里重复计数。\n        judged: graded\n        points: 10\n        weight: 7"+levels)
	round := w.OpenRound()
	app := w.Accepted(round)
	w.At("2021-07-20")
	clerk := w.Browser(w.Office().Clerk)
	p := clerk.Get("/reviews/"+string(w.ReviewOf(app).ID)).Want(200, "优（10分）", "每季度都有记录", "选一个等次")
	if strings.Contains(p.Body, `name="findings.3-3.score" type="text"`) {
		t.Error("a graded indicator is asked as a number")
	}
	w.Reviewed(app)
	clerk.Get("/rounds/"+string(round)+"/scores").Want(200, "一致性系数算不出来", "评分的只有0人", "还没有人评分")
	w.Visited(app)
	clerk = w.Browser(w.Office().Clerk) // days later
	clerk.Get("/rounds/"+string(round)+"/scores").Want(200, "7分，满分7分", "组织活动内容丰富 7/7")
	path := "/rounds/" + string(round) + "/dry-run"
	clerk.Get(path).Want(200, "改过的方案文件", "pass_mark: 5")
	v, err := w.Desk.Programme(t.Context(), stage.Anyone, w.Programme().Name)
	if err != nil {
		t.Fatal(err)
	}
	file := v.Versions[0].File
	clerk.Post(path, "text", file).Want(200, "没有不同", "0件的结论会不同")
	clerk.Post(path, "text", strings.Replace(file, "pass_mark: 5", "pass_mark: 7\n  strictly: true", 1)).Want(422, "须超过7")
	clerk.Post(path, "text", strings.Replace(file, "weight: 7", "weight: 9", 1)).Want(200, "9分，可以通过", "相同")
	clerk.Post(path, "text", "name: [").Want(422, "处问题")
	w.Browser(w.Members()[0]).Get("/rounds/" + string(round) + "/scores").Want(403)
	w.Browser(w.Team()[0]).Get(path).Want(403)
}
