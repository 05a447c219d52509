package web_test

import (
	"slices"
	"strings"
	"testing"

	"shifan/internal/lifecycle/stage"
	"shifan/internal/play"
	"shifan/internal/store"
	"shifan/internal/testkit"
)

// TestAPublicityByItsPages: drafted, published by another person, posted, and
// seen by everybody with its days until they are served.
func TestAPublicityByItsPages(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	round, office, visitor := w.OpenRound(), w.Office(), w.Browser(stage.Anyone)
	w.At("2021-09-01 10:00:00")
	clerk, director := w.Browser(office.Clerk), w.Browser(office.Director)
	visitor.Get("/publicities").Want(200, "现在没有公示")
	clerk.Get("/publicities/new").Want(200, "没有等待公示的申报")
	w.Carried(round, 2)
	director.Get("/publicities/new").Want(403)
	clerk.Get("/work").Want(200, "起草公示")
	clerk.Get("/publicities/new").Want(200, "2021年9月2日（星期四）至2021年9月8日（星期三）24:00，共5个工作日", "对照", "2021年9月7日")
	form := []string{"round", string(round), "title", "2021年度拟命名名单公示", "text", "现将名单予以公示。", "contact", "联合党委办公室，工作日8:30至17:30"}
	clerk.Post("/publicities/new", append([]string{"round", string(round), "title", ""}, form[4:]...)...).Want(422, "标题没有填写", "现将名单予以公示")
	clerk.Post("/publicities/new", append([]string{"round", string(round), "title", "a\x00b"}, form[4:]...)...).Want(422)
	clerk.Post("/publicities/new", append([]string{"round", string(round), "title", strings.Repeat("长", 10<<20/3)}, form[4:]...)...).Want(422)
	saved := clerk.Post("/publicities/new", form...).Want(303)
	path := strings.TrimSuffix(saved.Location, "/manage")
	clerk.Follow(saved).Want(200, "草稿已保存", "起草中")
	visitor.Get(path).Want(404)
	clerk.Get(path + "/publish").Want(403)
	director.Get(path+"/publish").Want(200, "核对并发布公示", "对照", "发布后的样子")
	director.Post(path+"/publish", "from", "2021-08-31").Want(409, "不能早于实际发布")
	director.Post(path+"/publish", "from", "2021-02-30").Want(409, "请重新核对起止日期")
	director.Follow(director.Post(path+"/publish", "from", "2021-09-01", "version", "1").Want(303)).Want(200, "公示已发布", "登记网址和时间")
	clerk.Get("/work").Want(200, "在吉林省民政厅网站发布并登记")
	clerk.Post(path+"/post", "url", "example.org", "at", "2021-09-01", "at-time", "10:02").Want(422, "写完整网址")
	clerk.Post(path+"/post", "url", "https://example.org/1", "at", "2021-09-01", "at-time", "25:00").Want(422)
	w.At("2021-09-01 11:00:00")
	clerk = w.Browser(office.Clerk)
	clerk.Follow(clerk.Post(path+"/post", "url", "https://example.org/1", "at", "2021-09-01", "at-time", "１０：０２").Want(303)).Want(200, "https://example.org/1")

	w.At("2021-09-03 09:00:00")
	clerk, director = w.Browser(office.Clerk), w.Browser(office.Director)
	visitor.Get(path).Want(200, "还剩3个工作日", "第2日", "本页存证", "怎样提出异议", "共2家")
	visitor.Get("/publicities").Want(200, "还剩3个工作日")
	visitor.Get("/").Want(200, "2021年度拟命名名单公示")
	if p := visitor.Get(path + "/text"); p.Status != 200 || !strings.Contains(p.Body, "现将名单予以公示") {
		t.Errorf("the text: %d %s", p.Status, p.Body)
	}
	visitor.Get(path + "/manage").Want(303)
	director.Get(path+"/correct").Want(200, "公示期重新起算")
	correct := []string{"title", "2021年度拟命名名单公示", "text", "现将名单予以公示，接受监督。", "contact", "办公室", "reason"}
	director.Post(path+"/correct", append(correct, "")...).Want(422, "更正说明没有填写")
	director.Follow(director.Post(path+"/correct", append(correct, "补漏字")...).Want(303)).Want(200, "更正已公开", "2021年9月8日改为2021年9月10日")
	visitor.Get(path).Want(200, "补漏字", "2021年9月10日")
	clerk.Post(path+"/interrupt", "from", "2021-09-03", "from-time", "08:00", "to", "2021-09-03", "to-time", "07:00", "reason", "x").Want(422, "中断时间不对")
	w.At("2021-09-11 00:00:00")
	director = w.Browser(office.Director)
	visitor.Get(path).Want(200, "公示期满", "无异议", "按举报办理")
	director.Get(path+"/manage").Want(200, "没有未办结异议的进入命名")
	director.Post(path+"/withdraw", "reason", "x").Want(409)
}

// TestAnObjectionByItsPages: from a visitor's form to the answer, and the
// organisation and the public never read who objected.
func TestAnObjectionByItsPages(t *testing.T) {
	t.Parallel()
	const canary, contact = "柳树林𠮷", "0431-55550199"
	w := testkit.New(t)
	round, office, visitor := w.OpenRound(), w.Office(), w.Browser(stage.Anyone)
	apps := w.Carried(round, 2)
	w.At("2021-09-01 10:00:00")
	path := "/publicities/" + string(w.Publicised(apps...))
	w.At("2021-09-08 23:50:00")
	c := w.CandidateOf(apps[0])
	form := func(text string) []string {
		return []string{"candidate", string(c.ID), "signed", "person", "name", canary, "contact", contact, "text", text}
	}
	visitor.Get(path+"/objections/new").Want(200, "谁能看到", "24:00前提出的是异议")
	visitor.Post(path+"/objections/check").Want(422, "没有选被反映的单位")
	visitor.Post(path+"/objections/check", "candidate", string(c.ID), "signed", "person", "text", "年报没有公开。").Want(422, "没有写姓名", "年报没有公开")
	visitor.Post(path+"/objections/check", form("a\x00")...).Want(422)
	visitor.Post(path+"/objections/check", form(strings.Repeat("长", 10<<20/3))...).Want(422)
	check := visitor.Post(path+"/objections/check", form("年报没有公开。")...).Want(200, "核对后提交", canary)
	_, rest, _ := strings.Cut(check.Body, `name="code" value="`)
	code, _, _ := strings.Cut(rest, `"`)
	send := append(form("年报没有公开。"), "code", code)
	first := visitor.Post(path+"/objections/new", send...).Want(200, "异议已收到", "查询码", "10个工作日")
	second := visitor.Post(path+"/objections/new", send...).Want(200, "异议已收到")
	if first.Words() != second.Words() {
		t.Error("the same form twice gives two receipts")
	}
	visitor.Post(path+"/objections/new", form("年报没有公开。")...).Want(409, "已经收到")
	visitor.Post("/objections/query", "code", "nothing").Want(422, "没有找到这个查询码")
	// Taking it back is asked once more, and nothing has happened before that.
	visitor.Post("/objections/withdraw", "code", code).Want(200, "撤回以后不能恢复")
	visitor.Post("/objections/withdraw", "code", "nothing", "confirm", "yes").Want(422, "没有找到这个查询码")
	visitor.Post("/objections/query", "code", strings.ToUpper(code)).Want(200, "已收到", "001号")

	// Under the address of another list nothing is kept.
	elsewhere := "/publicities/" + string(w.Publicised(w.Carried(round, 1)...))
	visitor.Post(elsewhere+"/objections/new", form("换一个地址提交。")...).Want(422, "没有选被反映的单位")

	clerk, director, applicant := w.Browser(office.Clerk), w.Browser(office.Director), w.Browser(w.ApplicantOf(c.Organisation))
	list := clerk.Get("/objections").Want(200, "001号", "登记来信")
	_, rest, _ = strings.Cut(list.Body, `href="/objections/obj_`)
	key, _, _ := strings.Cut(rest, `"`)
	one := "/objections/obj_" + key
	applicant.Get(one).Want(404)
	applicant.Get("/objections").Want(200, "没有异议")
	if strings.Contains(clerk.Get(one).Want(200, "年报没有公开").Body, canary) {
		t.Error("a clerk without the case reads who objected")
	}
	clerk.Follow(clerk.Post(one+"/admit").Want(303)).Want(200, "已立案")
	director.Get(one).Want(200, canary, "由谁核查")
	director.Post(one+"/assign", "handler", "").Want(422)
	director.Follow(director.Post(one+"/assign", "handler", string(office.Clerk.Account)).Want(303)).Want(200, "已分派")
	clerk.Get(one).Want(200, canary, contact)
	clerk.Post(one+"/ask", "question", canary+"反映年报没有公开", "days", "3").Want(422, "出现了异议人的姓名")
	clerk.Follow(clerk.Post(one+"/ask", "question", "请说明年报的公开情况。", "days", "３").Want(303)).Want(200, "已发给单位")
	applicant.Get("/work").Want(200, "提交说明")
	applicant.Post(one+"/reply", "reply", "").Want(422, "说明没有填写")
	applicant.Follow(applicant.Post(one+"/reply", "reply", "年报已公开。").Want(303)).Want(200, "说明已提交")
	clerk.Post(one+"/conclude", "founded", "", "summary", "x", "finding", "y").Want(422, "没有选异议是否成立")
	clerk.Follow(clerk.Post(one+"/conclude", "founded", "no", "summary", "反映年报未公开", "finding", "年报已公开").Want(303)).Want(200, "核查认为不成立")
	visitor.Post("/objections/query", "code", code).Want(200, "核查中")
	director.Post(one+"/answer-check", "answer", "").Want(422, "没有写答复")
	director.Post(one+"/answer-check", "answer", "经查，年报已公开。").Want(200, "异议人将看到", "视为无异议")
	if p := director.Post(one+"/answer-check", "answer", "经查，年报已公开。", "confirm", "edit").Want(200, "下一步：核对"); !strings.Contains(p.Body, "年报已公开。</textarea>") {
		t.Error("who wants to change the answer types it anew")
	}
	for _, p := range []*testkit.Page{
		applicant.Get(one), applicant.Get("/objections"), applicant.Get("/work"), visitor.Get(path), visitor.Get("/publicities"), visitor.Get("/"),
		visitor.Post("/objections/query", "code", code), w.Browser(office.Chair).Get(path + "/manage"), w.Browser(w.Person("审计员", stage.Auditor)).Get(one),
	} {
		if strings.Contains(p.Body, canary) || strings.Contains(p.Body, contact) {
			t.Errorf("a page tells who objected: %s", p.Words())
		}
	}
	w.At("2021-09-09 00:00:00")
	director = w.Browser(office.Director)
	visitor.Get(path).Want(200, "待确认", "无异议")
	director.Follow(director.Post(one+"/answer", "answer", "经查，年报已公开。").Want(303)).Want(200, "答复已发出")
	visitor.Post("/objections/query", "code", code).Want(200, "经查，年报已公开")
	if p := visitor.Get(path).Want(200); strings.Contains(p.Body, "待确认") {
		t.Error("still held after the answer")
	}
	late := visitor.Post(path+"/objections/new", form("另一件事。")...).Want(200, "按举报办理")
	if strings.Contains(late.Body, "异议已收到") {
		t.Error("a report is called an objection")
	}
}

// TestALetterIsRegistered: a clerk registers what came by letter together with its scan, in
// one form. Sent again it is one objection with one file; a file that is none is refused on
// the receipt, and the objection stands; what is missing in the form comes back with it.
func TestALetterIsRegistered(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	office := w.Office()
	apps := w.Carried(w.OpenRound(), 1)
	w.At("2021-09-01 10:00:00")
	path := "/publicities/" + string(w.Publicised(apps...))
	w.At("2021-09-03 10:00:00")
	clerk, director := w.Browser(office.Clerk), w.Browser(office.Director)
	send := []string{
		"candidate", string(w.CandidateOf(apps[0]).ID), "channel", "letter", "on", "2021-09-02", "signed", "person", "name", "白桦林", "contact", "0431-55550177", "text", "年报没有公开。",
	}
	check := clerk.Post(path+"/objections/check", send...).Want(200, "来信扫描件")
	send = append(send, "code", value(t, check, "code"))
	scan := testkit.Offer{Name: "来信第1页.png", Body: play.Photo(1)}
	for range 2 {
		clerk.UploadForm(path+"/objections/letter", send, scan).Want(200, "异议已收到", "来信第1页.png")
	}
	clerk.UploadForm(path+"/objections/letter", send, testkit.Offer{Name: "坏的.png", Body: []byte("MZ")}).Want(422, "异议已收到", "坏的.png")
	var files []string
	if err := w.Desk.Store.View(t.Context(), func(tx *store.Tx) error {
		all, err := tx.Objections(office.Director, store.ObjectionFilter{})
		if err != nil || len(all) != 1 {
			t.Fatal(len(all), err)
		}
		sent, err := tx.AttachmentsOf(all[0].ID, "")
		for _, a := range sent {
			files = append(files, a.Name)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(files, []string{scan.Name}) {
		t.Errorf("kept %q", files)
	}
	short := slices.Clone(send)
	short[slices.Index(short, "name")+1] = ""
	short[slices.Index(short, "code")+1] = value(t, clerk.Post(path+"/objections/check", append(slices.Clone(send[:len(send)-2]), "text", "另一件事。")...).Want(200), "code")
	clerk.UploadForm(path+"/objections/letter", short, scan).Want(422, "没有写姓名", "年报没有公开")
	director.UploadForm(path+"/objections/letter", send, scan).Want(403)
	w.Browser(stage.Anyone).UploadForm(path+"/objections/letter", send, scan).Want(401)
}
