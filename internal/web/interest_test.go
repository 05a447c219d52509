package web_test

import (
	"strings"
	"testing"

	"shifan/internal/lifecycle/stage"
	"shifan/internal/testkit"
)

func TestInterestsByTheirPages(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	org, err := w.Desk.Organisation(t.Context(), w.Office().Clerk, w.Organisation())
	if err != nil {
		t.Fatal(err)
	}
	assessor, director := w.Browser(w.Person("负责人甲", stage.Assessor)), w.Browser(w.Office().Director)
	assessor.Get("/interests").Want(200, "还没有申报", "您的姓名与该单位负责人相同")
	assessor.Post("/interests", "employers", "某某大学").Want(422, "以上申报真实、完整", "某某大学")
	assessor.Post("/interests", "whole", "yes", "ties.1.organisation", "没有这个单位", "ties.1.kind", "kin", "ties.1.reason", "亲属").Want(422, "没有找到这个单位", "亲属")
	assessor.Post("/interests", "whole", "yes", "ties.1.organisation", "", "ties.1.left", "2021-02-30").Want(422, "不是有效日期")
	p := assessor.Post("/interests", "whole", "yes", "employers", "某某大学", "ties.0.organisation", org.Organisation.Code, "ties.0.kind", "own", "ties.0.reason", "任理事")
	assessor.Follow(p).Want(200, "一年内有效", org.Organisation.Name(), "本人任职", "任理事")
	assessor.Get("/interests/all").Want(403)
	all := director.Get("/interests/all").Want(200, "负责人甲", "未申报", "任理事", "解除")
	_, lift, _ := strings.Cut(all.Body, `action="/interests/`)
	lift, _, _ = strings.Cut("/interests/"+lift, `"`)
	director.Post(lift, "reason", "").Want(422, "解除的理由")
	director.Follow(director.Post(lift, "reason", "理事已改选")).Want(200, "已解除", "理事已改选")
	w.Browser(stage.Anyone).Get("/interests").Want(303)
}
