package web_test

import (
	"net/http"
	"strings"
	"testing"

	"shifan/internal/casework"
	"shifan/internal/id"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/testkit"
)

// TestTemplatesByTheirPages: the office's director tries words, saves them, is told of
// another who was faster with both texts, and takes the usual words back. What is refused
// stays typed. Who only reads, reads.
func TestTemplatesByTheirPages(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	w.Programme()
	director, clerk := w.Browser(w.Office().Director), w.Browser(w.Office().Clerk)
	const at = jilinURL + "/templates"
	has := func(p *testkit.Page, status int, words ...string) {
		t.Helper()
		if p.Status != status {
			t.Fatalf("%d, not %d: %s", p.Status, status, p.Words())
		}
		for _, x := range words {
			if !strings.Contains(p.Words()+p.Body, x) {
				t.Errorf("no %q in %s", x, p.Words())
			}
		}
	}
	has(director.Get(at), 200, "文书模板", "命名通知", "消息模板", "到期", "方案自己的文字")
	has(clerk.Get(at+"/documents/naming"), 200, "必须写", "{附件名单}", "独占一行", "每三年复查一次")
	if p := clerk.Get(at + "/documents/naming"); strings.Contains(p.Body, "<textarea") {
		t.Error("the clerk may write")
	}
	has(clerk.Post(at+"/documents/hearing", "seen", "2", "text", "甲"), 403)
	has(director.Get(at+"/documents/nothing"), 404)
	has(director.Get(at+"/messages/deadline"), 404)

	const text = "经查，{事实}，属于{情形}（编号{编号}）。\r\n{如有 期限}请在{期限}前{否则}请在{工作日数}个工作日内{完}陈述。"
	has(director.Post(at+"/documents/hearing/preview", "seen", "2", "text", text), 200, "年度检查不合格，责令改正后仍未改正", "请在2026年9月1日前陈述。", "填的是示例；预览不保存", "{如有 期限}")
	has(director.Post(at+"/documents/hearing/preview", "seen", "2", "text", "甲\n{事时}"), 422, "第2行第1个字", "是不是{事实}？", "{事时}")
	has(director.Post(at+"/documents/hearing", "seen", "2", "text", "{单位}<script>alert(1)</script>"), 422, "必须写它", "&lt;script&gt;")
	if v, err := w.Desk.Programme(t.Context(), stage.Anyone, "jilin-party-building-base"); err != nil || v.Standing.Current != 2 {
		t.Fatalf("something was saved: %+v %v", v.Standing, err)
	}
	if p := director.Post(at+"/documents/hearing", "seen", "2", "text", text); p.Status != http.StatusSeeOther {
		t.Fatalf("%d: %s", p.Status, p.Words())
	}
	has(director.Get(at+"/documents/hearing"), 200, "请在{工作日数}个工作日内", "第3版", "恢复默认", "期满没有提出的，视为放弃")

	// Another editor of another text is not in the way; of the same text, both are shown.
	if p := director.Post(at+"/messages/expired", "seen", "2", "subject", "{称号}到期", "text", "{单位}的称号到期。"); p.Status != http.StatusSeeOther {
		t.Fatalf("%d: %s", p.Status, p.Words())
	}
	has(director.Post(at+"/documents/hearing", "seen", "2", "text", text+"特此告知。"), 409, "特此告知。", "现在保存的：", "别人先改过了")
	has(director.Post(at+"/documents/hearing", "seen", "4", "text", text), 422, "没有改动")
	if p := director.Post(at+"/documents/hearing/usual", "seen", "4"); p.Status != http.StatusSeeOther {
		t.Fatalf("%d: %s", p.Status, p.Words())
	}
	has(director.Get(at+"/documents/hearing"), 200, "默认（方案第5版）")
	has(clerk.Get(jilinURL+"/file?version=5"), 200, "{称号}到期", "# 本方案就是这份通知")

	other := w.Browser(w.PersonWith("别处的负责人", casework.Grant{Role: stage.Director, Programme: id.Programme("another-programme")}))
	has(other.Get(at), 404)
	has(other.Post(at+"/documents/hearing", "text", text), 404)
	if p := other.Get(jilinURL); strings.Contains(p.Body, "/templates") {
		t.Error("a stranger is led to the words")
	}
}

// TestTemplateAsPDF: the document with examples, and a character that no font has.
func TestTemplateAsPDF(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	w.Fonts()
	w.Programme()
	director := w.Browser(w.Office().Director)
	all, err := w.Desk.Templates(t.Context(), w.Office().Director, "jilin-party-building-base")
	if err != nil {
		t.Fatal(err)
	}
	const at = jilinURL + "/templates/"
	for _, v := range all {
		if p := director.Get(at + v.List + "/" + v.Kind.Name); p.Status != 200 || !strings.Contains(p.Body, `id="sample"`) {
			t.Errorf("%s: %d", v.Kind.Name, p.Status)
		}
		if v.List == casework.MessageTemplates {
			continue
		}
		p := director.Post(at+v.List+"/"+v.Kind.Name+"/preview", "as", "pdf", "seen", "2", "text", v.Text)
		if p.Status != 200 || !strings.HasPrefix(p.Body, "%PDF") {
			t.Errorf("%s: %d %.80s", v.Kind.Name, p.Status, p.Words())
		}
	}
	p := director.Post(at+"documents/draw", "seen", "2", "text", "抽取𓀀：\n{抽取数据}")
	if p.Status != 422 || !strings.Contains(p.Words(), "U+13000") {
		t.Errorf("a character that no font has: %d %s", p.Status, p.Words())
	}
}
