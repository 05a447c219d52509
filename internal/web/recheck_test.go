package web_test

import (
	"strings"
	"testing"

	"shifan/internal/id"
	"shifan/internal/lifecycle/designation"
	"shifan/internal/lifecycle/item"
	"shifan/internal/lifecycle/recheck"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/play"
	"shifan/internal/store"
	"shifan/internal/testkit"
)

// recheckURLOf returns the address of the only recheck of a title.
func recheckURLOf(t *testing.T, w *testkit.World, key id.Designation) string {
	t.Helper()
	var all []recheck.Recheck
	if err := w.Desk.Store.View(t.Context(), func(tx *store.Tx) (err error) { all, err = tx.RechecksOf(key); return err }); err != nil || len(all) != 1 {
		t.Fatalf("%d rechecks, %v", len(all), err)
	}
	return "/rechecks/" + string(all[0].ID)
}

// report is an assessor's form with every indicator rated the same.
func report(w *testkit.World, now string, more ...string) []string {
	form := append([]string{"opinion", "总体情况。"}, more...)
	for _, i := range w.Programme().Indicators(2024) {
		form = append(form, "findings."+i.Code, now, "findings."+i.Code+".note", "活动减少，𠮷。")
	}
	return form
}

// slipped takes a title through its recheck by the pages, to an order by the
// chair, and returns the order's address.
func slipped(t *testing.T, w *testkit.World, looks stage.Actor) (d designation.Designation, order string) {
	t.Helper()
	d = w.TitleNamed("2021-09-15")
	office := w.Office()
	holder := w.ApplicantOf(d.Organisation)
	w.At("2024-06-14")
	w.Browser(office.Clerk).Get("/rechecks").Want(200, "一年内开始的复查", "2024年6月16日", "没有符合条件的复查")
	w.At("2024-06-17")
	clerk, assessor, chair, owner := w.Browser(office.Clerk), w.Browser(looks), w.Browser(office.Chair), w.Browser(holder)
	at := recheckURLOf(t, w, d.ID)
	clerk.Get("/work").Want(200, "指定人员，开始复查")
	clerk.Get("/rechecks?q="+d.Number).Want(200, "待复查", d.Name)
	clerk.Get("/rechecks?state=passed").Want(200, "没有符合条件的复查")
	clerk.Get(at+"/assessors").Want(200, "选考核组成员")
	clerk.Post(at+"/assessors", "version", "1").Want(422, "还没有指定复查人员")
	clerk.Follow(clerk.Post(at+"/assessors", "version", "1", "assessors", string(looks.Account)).Want(303)).Want(200, "复查中", "复查人员已指定")
	clerk.Post(at+"/assessors", "version", "1", "assessors", string(looks.Account)).Want(409, "别人先改过了")

	owner.Get("/work").Want(200, "提交复查自查情况")
	owner.Get(at + "/report").Want(403)
	owner.Post(at+"/self-report", "self_report", "").Want(422, "自查情况没有填写")
	owner.Get(at + "/self-reported").Want(404)
	owner.Follow(owner.Post(at+"/self-report", "self_report", "主题党日36次。").Want(303)).Want(200, "自查情况已提交", "下一步", d.Number)
	owner.Get(at).Want(200, "主题党日36次")

	assessor.Get("/work").Want(200, "复查 "+d.Name)
	assessor.Get(at+"/report").Want(200, "命名时", "主题党日36次")
	assessor.Follow(assessor.Post(at+"/report", report(w, "partly", "do", "save")...).Want(303)).Want(200, "还没有提交", "活动减少")
	if p := assessor.Post(at+"/report", "opinion", "好，𠮷。").Want(422, "还没有复查意见"); !strings.Contains(p.Body, "好，𠮷。") {
		t.Error("what was typed is lost")
	}
	owner.Get(at).Want(200)
	if p := owner.Get(at); strings.Contains(p.Body, "活动减少") || strings.Contains(p.Body, "考核组成员甲") {
		t.Error("the holder reads an assessor's notes before the conclusion")
	}
	assessor.Follow(assessor.Post(at+"/report", report(w, "fails")...).Want(303)).Want(200, "待结论")
	assessor.Get(at + "/report").Want(409)
	chair.Get("/work").Want(200, "作出复查结论")
	chair.Get(at+"/conclude").Want(200, "命名时", "未达到", "不比较")
	chair.Post(at+"/conclude").Want(422, "没有选结论")
	chair.Post(at+"/conclude", "conclusion", "slip").Want(422, "写明理由")
	chair.Follow(chair.Post(at+"/conclude", "conclusion", "slip", "reason", "两年没有换届。").Want(303)).Want(200, "标准下降", "责令整改")
	owner.Get(at).Want(200, "活动减少", "两年没有换届")

	from := "/rectifications/new?recheck=" + strings.TrimPrefix(at, "/rechecks/")
	chair.Get(from).Want(200, "30个自然日", "24:00 截止", "活动减少")
	chair.Post(from, "items", " \n ").Want(422, "整改事项")
	p := chair.Post(from, "items", "按期换届\n\n恢复活动场所").Want(303)
	chair.Follow(p).Want(200, "已责令，待送达", "按期换届")
	return d, p.Location
}

// TestFromRecheckToRevocationByItsPages walks the whole way down, and the appeal
// back up, in every role.
func TestFromRecheckToRevocationByItsPages(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	looks := w.Person("考核组成员甲", stage.Assessor)
	d, at := slipped(t, w, looks)
	office := w.Office()
	holder := w.ApplicantOf(d.Organisation)
	other := w.ApplicantOf(w.Organisation())
	w.Browser(holder).Get(at).Want(404)
	w.At("2024-06-24")
	clerk, director, assessor, owner := w.Browser(office.Clerk), w.Browser(office.Director), w.Browser(looks), w.Browser(holder)
	clerk.Get("/work").Want(200, "送达整改通知")
	clerk.Get(at+"/serve").Want(200, "2024年7月24日")
	clerk.Post(at+"/serve", "served_on", "2024-02-30").Want(422, "2024-02-30")
	clerk.Post(at+"/serve", "served_on", "2024-06-25").Want(422, "送达日期")
	clerk.Follow(clerk.Post(at+"/serve", "served_on", "２０２４-06-24").Want(303)).Want(200, "整改中", "2024年7月24日 星期三 24:00")
	director.Get(at+"/extend").Want(200, "最晚可延长到")
	clerk.Get(at + "/extend").Want(403)
	director.Follow(director.Post(at+"/extend", "to", "2024-08-01", "reason", "场地验收推迟").Want(303)).Want(200, "2024年8月1日 星期四 24:00", "场地验收推迟")
	director.Get(at + "/extend").Want(200)
	director.Post(at+"/extend", "to", "2024-08-05", "reason", "又推迟").Want(409, "最多延长1次")

	owner.Get("/work").Want(200, "整改并提交报告")
	owner.Get(at).Want(200, "未填写", "已填写0项，共2项")
	w.Browser(other).Get(at).Want(404)
	owner.Get(at + "/items/3").Want(404)
	owner.Post(at+"/items/1", "done", "", "evidence", "").Want(422, "整改情况没有写")
	files := at + "/items/1/files"
	owner.Follow(owner.Post(at+"/items/1", "done", "已换届", "evidence", "", "then", "files").Want(303)).Want(200, "还没有文件", "选择文件")
	owner.Upload(files).Want(422, "还没有选择文件")
	owner.Upload(files, testkit.Offer{Name: "批复.pdf", Body: []byte("不是PDF")}, testkit.Offer{Name: "换届批复.pdf", Body: play.PDF("同意换届")}).Want(422, "是纯文本", "换届批复.pdf")
	owner.Upload(files, testkit.Offer{Name: "又一份.pdf", Body: play.PDF("同意换届")}).Want(422, "已经在第1项里")
	owner.Upload(at+"/items/2/files", testkit.Offer{Name: "照片.pdf", Body: play.PDF("场所")}).Want(303)
	w.Browser(other).Upload(files, testkit.Offer{Name: "照片.pdf", Body: play.PDF("别人的")}).Want(404)
	owner.Upload(at+"/items/3/files", testkit.Offer{Name: "照片.pdf", Body: play.PDF("场所")}).Want(404)
	page := owner.Get(at+"/items/2/files").Want(200, "照片.pdf")
	_, which, _ := strings.Cut(page.Body, `href="/files/`)
	which, _, _ = strings.Cut(which, `"`)
	owner.Post(files+"/remove", "file", which).Want(404)
	owner.Follow(owner.Post(at+"/items/2/files/remove", "file", which).Want(303)).Want(200, "文件已移除", "还没有文件")
	owner.Get(at).Want(200, "已填写1项，共2项", "1个文件")
	owner.Get(at+"/report").Want(200, "未填写", "提交后不能修改")
	owner.Post(at+"/report").Want(422, "第2项")
	owner.Follow(owner.Post(at+"/items/2", "done", "仍在协调", "evidence", "无").Want(303))
	owner.Get(at + "/reported").Want(404)
	owner.Follow(owner.Post(at+"/report").Want(303)).Want(200, "整改报告已提交", "下一步")
	owner.Get(at).Want(200, "待验收")

	assessor.Get("/work").Want(200, "验收整改")
	if _, err := w.Desk.TendFiles(t.Context()); err != nil {
		t.Fatal(err)
	}
	assessor.Get(at+"/verify").Want(200, "仍在协调", "未整改", "换届批复.pdf", "文件（副本）")
	director.Get(at).Want(200, "换届批复.pdf")
	assessor.Post(at+"/verify", "items.0", "yes", "items.1", "no", "opinion", "一项未见效。").Want(422, "没有选验收方式", "写明理由")
	assessor.Follow(assessor.Post(at+"/verify", "method", "site", "items.0", "yes", "items.1", "no", "items.1.note", "场所仍关闭。", "opinion", "一项未见效。").Want(303)).Want(200, "待会议审定")
	if p := owner.Get(at).Want(200); strings.Contains(p.Body, "场所仍关闭") {
		t.Error("the holder reads the verification before it is decided")
	}
	clerk.Get("/work").Want(200, "把整改结论列入会议")
	w.Resolve(false, item.Subject{Kind: "rectification", ID: strings.TrimPrefix(at, "/rectifications/")})
	revokedByItsPages(t, w, d, holder)
}

func revokedByItsPages(t *testing.T, w *testkit.World, d designation.Designation, holder stage.Actor) {
	t.Helper()
	office := w.Office()
	clerk, owner := w.Browser(office.Clerk), w.Browser(holder)
	list := clerk.Get("/revocations").Want(200, "整改效果不明显", d.Name)
	i := strings.Index(list.Body, "/revocations/rvk_")
	if i < 0 {
		t.Fatal("no proceeding")
	}
	at := list.Body[i : i+len("/revocations/rvk_0000000000000000")]
	owner.Get(at).Want(404)
	clerk.Get(at+"/notify").Want(200, "拟撤销称号告知书", "场所仍关闭", "5个工作日")
	day := w.Now().Format("2006-01-02")
	clerk.Follow(clerk.Post(at+"/notify", "notified_on", day).Want(303)).Want(200, "听取陈述申辩")
	owner.Get("/work").Want(200, "陈述申辩")
	owner.Get(at+"/state").Want(200, "只能提交一次")
	owner.Post(at+"/state", "statement", "").Want(422, "陈述申辩没有填写")
	owner.Get(at + "/stated").Want(404)
	owner.Post(at+"/state", "statement", strings.Repeat("𠮷", 5001)).Want(422, "超过5000字")
	before := len(w.Entries(""))
	owner.Post(at+"/state", "statement", "新场地九月交付。").Want(200, "核对后提交", "新场地九月交付", "不能修改")
	if p := owner.Post(at+"/state", "statement", "新场地九月交付。", "confirm", "edit").Want(200, "下一步：核对"); !strings.Contains(p.Body, "新场地九月交付") {
		t.Error("who wants to change it types it anew")
	}
	if n := len(w.Entries("")); n != before {
		t.Errorf("looking it over wrote %d entries", n-before)
	}
	owner.Follow(owner.Post(at+"/state", "statement", "新场地九月交付。", "confirm", "yes").Want(303)).Want(200, "陈述申辩已提交", "委员会全体会议审定", d.Number)
	owner.Get(at).Want(200, "待会议审定")
	clerk.Get("/work").Want(200, "把撤销称号列入会议")
	w.Resolve(true, item.Subject{Kind: "revocation", ID: strings.TrimPrefix(at, "/revocations/")})
	owner = w.Browser(holder)
	auditor := w.Browser(w.Person("审计员乙", stage.Auditor))
	owner.Get(at).Want(200, "已撤销，可申诉", "不得再次申报", "申诉期限")
	owner.Get(at + "/appealed").Want(404)
	owner.Post(at+"/appeal", "appeal", "新场地已经交付。").Want(200, "核对后提交", "新场地已经交付")
	owner.Follow(owner.Post(at+"/appeal", "appeal", "新场地已经交付。", "confirm", "yes").Want(303)).Want(200, "申诉已提交", "下一步")
	owner.Get(at).Want(200, "申诉中")
	owner.Get(at + "/appeal").Want(409)
	auditor.Get(at).Want(200, "新场地已经交付")
	w.Browser(w.Person("监票人", stage.Scrutineer)).Get(at).Want(403)
	w.Resolve(true, item.Subject{Kind: "appeal", ID: strings.TrimPrefix(at, "/revocations/")})
	w.Browser(holder).Get(at).Want(200, "已恢复称号")
	clerk = w.Browser(office.Clerk)
	clerk.Get("/revocations?state=reinstated").Want(200, d.Name)
	clerk.Get("/designations/"+string(d.ID)).Want(200, "提出撤销", "整改效果不明显", "申诉成立，恢复称号")
	public := w.Browser(stage.Anyone).Get("/designations/"+string(d.ID)).Want(200, "标准下降", "申诉成立，恢复称号")
	if strings.Contains(public.Body, "/revocations/") || strings.Contains(public.Body, "新场地") || strings.Contains(public.Body, "提出撤销") {
		t.Error("the public reads more than the outcomes")
	}
}

func TestProposeARevocationByItsPage(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	d := w.TitleNamed("2024-03-01")
	clerk := w.Browser(w.Office().Clerk)
	at := "/revocations/new?designation=" + string(d.ID)
	clerk.Get(at).Want(200, "申报材料不实")
	clerk.Post(at, "facts", "").Want(422, "选定撤销的理由", "写明查实的情况")
	if p := clerk.Post(at, "ground", "untrue", "facts", strings.Repeat("𠮷", 5001)).Want(422, "5000字以内"); !strings.Contains(p.Body, "𠮷𠮷") {
		t.Error("what was typed is lost")
	}
	clerk.Follow(clerk.Post(at, "ground", "untrue", "facts", "年检结论系伪造。").Want(303)).Want(200, "拟撤销", "年检结论系伪造")
	clerk.Post(at, "ground", "untrue", "facts", "年检结论系伪造。").Want(409, "已有一件撤销正在办理")
	clerk.Get("/revocations/new?designation=dsg_0000000000000000").Want(404)
	w.Browser(w.Office().Chair).Get(at).Want(403)
}
