package web_test

import (
	"strconv"
	"strings"
	"testing"

	"shifan/internal/lifecycle/review"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/testkit"
)

// judgement is the form of a review as a clerk fills it in.
func judgement(w *testkit.World, r review.Review, act string) []string {
	j := testkit.Judgement(w.Criteria(r.Round))
	form := []string{"act", act, "version", strconv.FormatInt(r.Version, 10), "recommendation", j.Recommendation, "opinion", j.Opinion}
	for code, f := range j.Findings {
		form = append(form, "findings."+code+".verdict", f.Verdict, "findings."+code+".reason", f.Reason)
	}
	return form
}

func TestAReviewByItsPages(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	office := w.Office()
	app := w.Accepted(w.OpenRound())
	r, a := w.ReviewOf(app), w.ApplicationOf(app)
	at := "/reviews/" + string(r.ID)
	clerk, director := w.Browser(office.Clerk), w.Browser(office.Director)

	clerk.Get("/work").Want(200, "初审 "+a.Name)
	clerk.Get("/reviews").Want(200, "2021年度初审情况报告", a.Name, a.Number, "8月6日")
	clerk.Get("/reviews?mine=nobody").Want(200, "没有符合条件的初审")
	clerk.Get("/reviews?query="+a.Number).Want(200, a.Name)
	clerk.Get("/reviews?due=late").Want(200, "没有符合条件的初审")
	clerk.Get(at).Want(200, "当前环节", "提交复核", "系统核对：申报条件", "系统只列事实，不代替意见", "谁能看到")
	director.Get(at).Want(200, "指定初审人")
	director.Post(at, "act", "save").Want(403)

	p := clerk.Post(at, "act", "draft", "version", "1", "opinion", "写到一半𠮷").Want(422, "还没有结论", "写到一半𠮷")
	if !strings.Contains(p.Body, `href="#findings-1-1-verdict"`) || !strings.Contains(p.Body, `id="findings-1-1-verdict"`) {
		t.Error("the error summary does not lead to the field")
	}
	clerk.Post(at, "act", "save", "version", "1", "opinion", "坏\x00字").Want(422, "无法保存的字符")
	saved := clerk.Post(at, "act", "save:1", "version", "1", "opinion", "写到一半𠮷").Want(303)
	if !strings.HasSuffix(saved.Location, "#group-1") {
		t.Errorf("saving leads to %s", saved.Location)
	}
	clerk.Get(at).Want(200, "已暂存", "写到一半𠮷")
	clerk.Post(at, "act", "save", "version", "1", "opinion", "另一窗口").Want(409, "现在保存的", "另一窗口", "写到一半𠮷")

	clerk.Follow(clerk.Post(at, judgement(w, w.ReviewOf(app), "draft")...).Want(303)).Want(200, "已提交复核")
	clerk.Post(at+"/confirm").Want(409, "须由另一人复核")
	director.Get("/work").Want(200, "复核初审意见 "+a.Name)
	director.Post(at+"/send-back", "remark", "").Want(422, "退回理由没有填写")
	director.Post(at+"/send-back", "remark", "1-1再核").Want(303)
	clerk.Get(at).Want(200, "复核人退回", "1-1再核")
	clerk.Post(at, judgement(w, w.ReviewOf(app), "draft")...).Want(303)
	director.Get(at+"/confirm").Want(200, "确认后不能再改", "建议列入")
	director.Follow(director.Post(at+"/confirm", "version", strconv.FormatInt(w.ReviewOf(app).Version, 10)).Want(303)).Want(200, "初审意见已确认", a.Number, "实地考核")

	summary := "/rounds/" + string(r.Round) + "/review"
	director.Get(summary).Want(200, "初审情况报告", "收到申报", a.Name, "建议列入")
	org := w.Browser(w.ApplicantOf(a.Organisation))
	org.Get(at).Want(403)
	org.Get(summary).Want(403)
	w.Browser(w.Person("委员外", stage.Member)).Get(summary).Want(404)
}

func TestAnInterestHidesByPages(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	app := w.Accepted(w.OpenRound())
	r, a := w.ReviewOf(app), w.ApplicationOf(app)
	clerk := w.Browser(w.Office().Clerk)
	at := "/reviews/" + string(r.ID)
	clerk.Post(at+"/declare", "reason", "").Want(422, "回避理由没有填写")
	clerk.Get(at+"/declare").Want(200, "声明回避")
	clerk.Follow(clerk.Post(at+"/declare", "reason", "配偶在该单位任职").Want(303)).Want(200, "回避已登记", "没有符合条件的初审")
	clerk.Get(at).Want(404)
	clerk.Get("/applications/" + string(app)).Want(404)
	for _, page := range []string{"/work", "/reviews", "/applications"} {
		if p := clerk.Get(page).Want(200); strings.Contains(p.Body, a.Name) {
			t.Errorf("%s names the applicant", page)
		}
	}
}

// TestConditionsStandBesideTheirIndicator: a condition that the programme ties to an
// indicator is found beside it, with what it rests on, and beside no other.
func TestConditionsStandBesideTheirIndicator(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	w.Reconfigure("同一活动不在几项里重复计数。\n", "同一活动不在几项里重复计数。\n        rules: [grade]\n")
	app := w.Accepted(w.OpenRound())
	w.At("2021-07-20")
	p := w.Browser(w.Office().Clerk).Get("/reviews/"+string(w.ReviewOf(app).ID)).Want(200, "系统核对：有关的申报条件")
	_, beside, _ := strings.Cut(p.Body, `aria-label="申报：3-3"`)
	beside, _, _ = strings.Cut(beside, "</section>")
	if !strings.Contains(beside, "评估等级") || !strings.Contains(beside, "符合") || strings.Count(p.Body, "有关的申报条件") != 1 {
		t.Errorf("beside the indicator: %s", beside)
	}
}
