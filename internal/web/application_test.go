package web_test

import (
	"regexp"
	"strconv"
	"strings"
	"testing"

	"shifan/internal/id"
	"shifan/internal/lifecycle/application"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/testkit"
)

// fields returns the form of a group, filled in; statement is said of each
// indicator.
func fields(g programme.Group, statement string, pairs ...string) []string {
	form := append([]string{"then", "next"}, pairs...)
	for _, i := range g.Indicators {
		form = append(form, i.Code+".rating", "meets", i.Code+".statement", statement)
		for n := range i.Evidence {
			form = append(form, i.Code+".evidence."+strconv.Itoa(n), i.Code+"材料第"+strconv.Itoa(n+1)+"份")
		}
	}
	return form
}

// value returns the value of a hidden field.
func value(t *testing.T, p *testkit.Page, name string) string {
	t.Helper()
	m := regexp.MustCompile(`name="` + name + `" value="([^"]*)"`).FindStringSubmatch(p.Body)
	if m == nil {
		t.Fatalf("no field %s: %s", name, p.Words())
	}
	return m[1]
}

// TestAnApplicationByItsPages: from the call to the receipt.
func TestAnApplicationByItsPages(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	r := w.OpenRound()
	o := w.Organisation()
	b := w.Browser(w.ApplicantOf(o))
	b.Get("/applications").Want(200, "可以申报", "还剩14个工作日", "本单位还没有申报过")
	start := "/applications/new?round=" + string(r)
	b.Get(start).Want(200, "资格自查", "章程写入党的全面领导", "开始填写")
	began := b.Post("/applications/new", "round", string(r)).Want(303)
	path := began.Location
	b.Follow(began).Want(200, "已完成0部分", "未开始", "暂不能开始", "放弃本次申报", "上次保存")
	b.Get(start).Want(200, "已经有一件申报", "继续办理")
	b.Post("/applications/new", "round", string(r)).Want(409, "一届只申报一件")
	b.Get("/applications").Want(200, "已开始", "草稿")

	groups := w.Programme().Criteria
	first := path + "/sections/" + groups[0].Code
	page := b.Get(first).Want(200, "示范文本和空表", "谁能看到", "最多500字", "佐证材料：登记机关核准文件")
	b.Get(path+"/sections/4").Want(200, "系统已有，不必重复提供", "下载空表")
	b.Post(first, "then", "tasks", "version", value(t, page, "version"), groups[0].Indicators[0].Code+".statement", "写了一半").Want(303)
	b.Get(path).Want(200, "进行中")
	b.Post(first, fields(groups[0], "x", "version", value(t, page, "version"))...).Want(409, "别人先改过了", "写了一半")
	long := strings.Repeat("长", 501)
	b.Post(first, fields(groups[0], long)...).Want(303)
	b.Get(path).Want(200, "有问题", "超出字数")
	b.Get(first).Want(200, "501/500字，超出1字")
	b.Get(path+"/check").Want(200, "还有", "处没有填好", "未填写")
	b.Post(path+"/submit", "submission", "form").Want(422, "有501字，最多500字")
	for _, g := range groups {
		b.Post(path+"/sections/"+g.Code, fields(g, "对照标准，三年都有记录。")...).Want(303)
	}
	b.Post(path+"/signature", "signatory", strings.Repeat("长", 61), "committed", "yes").Want(422, "签署人有61字，最多60字")
	b.Follow(b.Post(path+"/signature", "then", "next", "signatory", "书记 𠮷", "committed", "yes").Want(303)).Want(200, "校对", "书记 𠮷", "内容无误，去提交")
	b.Get(path).Want(200, "都填好了")

	ask := b.Get(path+"/submit").Want(200, "提交后内容不能再改", "8月6日前完成初审")
	send := []string{"version", value(t, ask, "version"), "submission", value(t, ask, "submission")}
	done := b.Post(path+"/submit", send...).Want(303)
	receipt := b.Follow(done).Want(200, "申报已提交", "2021-001", "2021年6月21日 星期一 15:56:00", "2021年6月28日前告知是否受理", "受理以后不能撤回")
	if again := b.Post(path+"/submit", send...).Want(303); again.Location != done.Location {
		t.Error("the same form sent twice leads to", again.Location)
	}
	b.Follow(done).Want(200, "2021-001")
	a := w.ApplicationOf(id.Application(strings.TrimPrefix(path, "/applications/")))
	if !strings.Contains(strings.ReplaceAll(receipt.Body, " ", ""), a.Digest) {
		t.Error("the receipt does not say the digest")
	}
	content := b.Get(path + "/content").Want(200)
	if content.Body != string(a.Content().Canonical()) || content.Header.Get("Content-Type") != "application/json; charset=utf-8" {
		t.Error(content.Body)
	}
	if p := b.Get(path + "/proof").Want(200); !strings.Contains(p.Body, "tlog-proof") || p.Header.Get("Content-Disposition") == "" {
		t.Error(p.Body)
	}
	b.Get(path).Want(200, "待受理", "办理进度", "提交申报", "其后", "撤回申报", "对照标准，三年都有记录。")
	b.Follow(b.Get(first).Want(303)).Want(200, "待受理")
	b.Post(first, fields(groups[0], "补写")...).Want(409, "已提交")
	b.Get("/applications").Want(200, "2021-001", "已提交")

	b.Get(path+"/withdraw").Want(200, "可以重新开始")
	b.Follow(b.Post(path+"/withdraw").Want(303)).Want(200, "申报已撤回", "已撤回")
	b.Get("/applications").Want(200, "可以申报")
}

// TestLateByASecond: the rule is said, and what was typed is still there (S45).
func TestLateByASecond(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	key := w.Drafted(w.OpenRound())
	path, by := "/applications/"+string(key), w.ApplicantOf(w.ApplicationOf(key).Organisation)
	w.At("2021-07-10 23:59:00")
	b := w.Browser(by)
	ask := b.Get(path+"/submit").Want(200, "今天截止")
	w.At("2021-07-11 00:00:01")
	late := "申报已于2021年7月10日 星期六 24:00截止，逾期申报的视为放弃"
	b.Post(path+"/submit", "version", value(t, ask, "version"), "submission", value(t, ask, "submission")).Want(409, late, "办法(一)")
	g := w.Programme().Criteria[0]
	if p := b.Post(path+"/sections/"+g.Code, fields(g, "最后一秒写的")...).Want(409, late); !strings.Contains(p.Body, "最后一秒写的</textarea>") {
		t.Error("what was typed is lost")
	}
	b.Get(path).Want(200, "视为放弃")
	b.Get("/applications").Want(200, "没有正在申报的项目", "视为放弃")
	b.Get(path + "/submitted").Want(404)
}

func TestADraftIsDiscarded(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	key := w.Drafted(w.OpenRound())
	b := w.Browser(w.ApplicantOf(w.ApplicationOf(key).Organisation))
	path := "/applications/" + string(key)
	b.Get(path+"/discard").Want(200, "可以带入")
	b.Follow(b.Post(path+"/discard").Want(303)).Want(200, "已放弃", "可以申报")
	b.Post(path + "/discard").Want(409)
	b.Get(path).Want(200, "已撤回")
}

// TestBadDraft: what no draft can hold is refused at its field, and the rest of
// what was typed is kept.
func TestBadDraft(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	key := w.Drafted(w.OpenRound())
	b := w.Browser(w.ApplicantOf(w.ApplicationOf(key).Organisation))
	g := w.Programme().Criteria[0]
	path := "/applications/" + string(key) + "/sections/" + g.Code
	code := g.Indicators[0].Code
	b.Post(path, fields(g, "示范\x00基地")...).Want(422, "无法保存的字符")
	if p := b.Post(path, code+".rating", "great", code+".statement", "留着").Want(422, "自评结论只能选"); !strings.Contains(p.Body, "留着</textarea>") {
		t.Error("what was typed is lost")
	}
	b.Post(path, code+".rating", "meets", code+".statement", strings.Repeat("长", 20001)).Want(422, "20001字")
	b.Post(path, code+".statement", "x", code+".evidence.0", strings.Repeat("长", 201)).Want(422, "201字，最多200字")
	b.Post("/applications/"+string(key)+"/sections/none", "x", "y").Want(404)
	b.Get("/applications/" + string(key) + "/sections/none").Want(404)
	b.Get("/applications/app_none").Want(404)
	b.Get("/applications/new?round=rnd_none").Want(404)
	b.Post("/applications/new", "round", "rnd_none").Want(404)
	b.Follow(b.Get("/applications/new").Want(303)).Want(200, "我要申报")
	b.Post("/applications/"+string(key)+"/signature", "party_body", "pty_none", "signatory", "甲").Want(422, "不在本单位的党组织之内")
}

// TestTheOfficeTakesIn: the list, the page, and accepting.
func TestTheOfficeTakesIn(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	r := w.OpenRound()
	w.Drafted(r)
	key := w.Submitted(r)
	a := w.ApplicationOf(key)
	path := "/applications/" + string(key)
	clerk, director := w.Browser(w.Office().Clerk), w.Browser(w.Office().Director)
	clerk.Get("/work").Want(200, "受理 "+a.Name)
	clerk.Get("/applications").Want(200, a.Name, "2021-001", "6月28日 星期一")
	clerk.Get("/applications?round="+string(r)+"&state=submitted&q=2021-001").Want(200, a.Name, "还有1件草稿")
	clerk.Get("/applications?q=没有这家").Want(200, "没有符合条件的申报")
	clerk.Get("/applications?state=named&category=none&after=app_none").Want(200, "没有符合条件")
	clerk.Get("/rounds/"+string(r)).Want(200, "办理情况", "视为放弃", "收到")
	clerk.Get(path).Want(200, "受理", "告知补正", "系统只列事实", "三年来每年都有安排", "内容摘要")
	director.Get(path).Want(200, "三年来每年都有安排")
	director.Get(path + "/accept").Want(403)
	clerk.Get(path+"/decline").Want(200, "不能不予受理")
	clerk.Post(path+"/decline", "reason", "不够好").Want(409, "在方案的申报范围之内")
	clerk.Get(path+"/accept").Want(200, "进入初审", "不能再撤回")
	clerk.Follow(clerk.Post(path+"/accept").Want(303)).Want(200, "已受理", "初审")
	clerk.Post(path + "/accept").Want(409)
	clerk.Follow(clerk.Get(path+"/request").Want(303)).Want(200, "初审")
	b := w.Browser(w.ApplicantOf(a.Organisation))
	b.Get(path).Want(200, "进入初审")
	b.Post(path+"/withdraw").Want(409, "不能撤回申报")
}

// TestACorrectionByItsPages: everything at once, checked with its day, answered at
// its fields, and shown beside what was there before.
func TestACorrectionByItsPages(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	key := w.Submitted(w.OpenRound())
	w.At("2021-07-12 10:00:00")
	path := "/applications/" + string(key)
	clerk := w.Browser(w.Office().Clerk)
	clerk.Get(path+"/request").Want(200, "只能告知一次", "0-1 需补正")
	clerk.Post(path+"/request").Want(422, "至少一项")
	clerk.Post(path+"/request", "0-1.defect", strings.Repeat("长", 301)).Want(422, "1到300字")
	form := []string{"0-1.defect", "看不出核准日期，请写明。", "signatory.defect", "写明职务。"}
	clerk.Post(path+"/request", form...).Want(200, "核对补正通知", "2021年7月13日至7月19日，共5个工作日", "看不出核准日期")
	clerk.Post(path+"/request", append(form, "step", "back")...).Want(200, "只能告知一次", "看不出核准日期")
	if a := w.ApplicationOf(key); a.State != application.Submitted {
		t.Fatal("a notice that was only checked went out")
	}
	clerk.Follow(clerk.Post(path+"/request", append(form, "step", "send")...).Want(303)).Want(200, "补正通知已发出", "补正中")

	b := w.Browser(w.ApplicantOf(w.ApplicationOf(key).Organisation))
	b.Get("/work").Want(200, "补正 ")
	b.Get(path).Want(200, "补正通知", "2021年7月19日 星期一 24:00", "逐项补正")
	p := b.Get(path+"/correction").Want(200, "需补正：看不出核准日期", "需补正：写明职务", "补正只交一次")
	if strings.Contains(p.Body, `name="0-2.statement"`) {
		t.Error("after the deadline an indicator that the notice does not name can be changed")
	}
	v := value(t, p, "version")
	b.Post(path+"/correction", "version", v, "0-1.rating", "meets", "0-1.statement", "", "signatory", "甲").Want(422, "还没有写自评说明")
	b.Post(path+"/correction", "version", v, "0-2.rating", "meets", "0-2.statement", "新的", "0-2.evidence.0", "一").Want(409, "不在补正通知之内")
	good := []string{"version", v, "0-1.rating", "meets", "0-1.statement", "章程2019年6月30日核准。", "0-1.evidence.0", "核准页", "0-1.evidence.1", "文件", "signatory", "党支部书记 乙"}
	b.Follow(b.Post(path+"/correction", good...).Want(303)).Want(200, "补正已提交", "待受理")
	b.Post(path+"/correction", good...).Want(409, "已提交")
	b.Follow(b.Get(path + "/correction").Want(303)).Want(200)
	if p := clerk.Get(path).Want(200, "补正前后", "签署人"); !strings.Contains(p.Body, "<ins>") || !strings.Contains(p.Body, "<del>") {
		t.Error("no difference is shown")
	}
}

// TestLateCorrection: a second late, the rule is said and the text is kept.
func TestLateCorrection(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	key := w.Submitted(w.OpenRound())
	w.At("2021-07-12 10:00:00")
	if err := w.Desk.RequestCorrection(t.Context(), w.Office().Clerk, key, []application.Defect{{Field: "0-1", Say: "缺日期。"}}); err != nil {
		t.Fatal(err)
	}
	w.At("2021-07-20 00:00:01")
	b := w.Browser(w.ApplicantOf(w.ApplicationOf(key).Organisation))
	p := b.Post("/applications/"+string(key)+"/correction", "0-1.rating", "meets", "0-1.statement", "写好的补正", "0-1.evidence.0", "一", "0-1.evidence.1", "二").Want(409, "补正已于2021年7月19日 星期一 24:00截止")
	if !strings.Contains(p.Body, "写好的补正</textarea>") {
		t.Error("what was typed is lost")
	}
	w.Browser(w.Office().Clerk).Get("/applications/"+string(key)).Want(200, "按原材料办理")
}

// TestWhoOpensApplications: what is hidden looks like what is not there.
func TestWhoOpensApplications(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	r := w.OpenRound()
	draft, filed := w.Drafted(r), w.Submitted(r)
	clerk := w.Browser(w.Office().Clerk)
	hidden, none := clerk.Get("/applications/"+string(draft)), clerk.Get("/applications/app_0000000000000000")
	if hidden.Status != 404 || hidden.Body != none.Body {
		t.Error("a draft looks other to the office than what is not there:", hidden.Status)
	}
	other := w.Browser(w.ApplicantOf(w.Organisation()))
	for _, below := range []string{"", "/check", "/submit", "/submitted", "/content", "/discard", "/withdraw", "/correction", "/signature", "/sections/0"} {
		other.Get("/applications/" + string(filed) + below).Want(404)
		other.Get("/applications/" + string(draft) + below).Want(404)
	}
	for _, role := range []stage.Role{stage.Member, stage.Assessor, stage.Operator} {
		w.Browser(w.Person("别人", role)).Get("/applications/" + string(filed)).Want(403)
	}
	if p := w.Browser(stage.Anyone).Get("/applications/" + string(filed)); p.Status != 303 {
		t.Error("a visitor opens it:", p.Status)
	}
}
