package web_test

import (
	"strings"
	"testing"

	"shifan/internal/lifecycle/stage"
	"shifan/internal/play"
	"shifan/internal/testkit"
)

// TestMisusePages: from the verification page to the answer, without a login, and who
// reported is on the handler's page alone.
func TestMisusePages(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	w.At("2021-09-15")
	code := w.PlaqueOf(w.Designation()).Code
	office, visitor := w.Office(), w.Browser(stage.Anyone)
	clerk, director := w.Browser(office.Clerk), w.Browser(office.Director)
	form := "/v/" + code + "/report"
	if p := visitor.Get("/v/"+code).Want(200, "举报冒用、滥用"); !strings.Contains(p.Body, `href="`+form+`"`) || strings.Contains(p.Body, "<form method") {
		t.Error("the verification page has a form, or no link")
	}
	visitor.Get("/v/0000000000/report").Want(404)
	ask := visitor.Get(form).Want(200, "看到的情况")
	query := value(t, ask, "query")
	p := visitor.Post(form, "query", query, "text", "在门口收费。", "name", "白桦林").Want(422, "没有选是什么情况", "没有写联系方式", "在门口收费。")
	if value(t, p, "query") != query {
		t.Error("the form that comes back is another form")
	}
	send := []string{"query", query, "about", "profit", "text", "在门口收费。", "name", "白桦林", "contact", "0431-55550177"}
	one := visitor.Post(form, send...).Want(200, "线索已收到", "线索〔2021〕001号")
	if two := visitor.Post(form, send...).Want(200, "线索已收到"); two.Words() != one.Words() || one.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("the same form twice: %q, then %q; %q", one.Words(), two.Words(), one.Header.Get("Cache-Control"))
	}
	visitor.Post(form, append([]string{"query", ""}, send[2:]...)...).Want(409, "已经收到")
	visitor.Post("/misuses/query", "query", query).Want(200, "已收到")
	visitor.Post("/misuses/query", "query", "nothing").Want(422, "没有找到这个查询码")
	visitor.UploadWith("/misuses/attach", "query", "0000000000000000", testkit.Offer{Name: "门口.png", Body: play.Photo(1)}).Want(422, "没有找到这个查询码")
	visitor.UploadWith("/misuses/attach", "query", query).Want(422, "还没有选择文件", "线索〔2021〕001号")
	visitor.UploadWith("/misuses/attach", "query", query, testkit.Offer{Name: "门口.png", Body: play.Photo(1)}, testkit.Offer{Name: "说明.pdf", Body: []byte("<html>")}).Want(422, "说明.pdf", "门口.png")
	visitor.UploadWith("/misuses/attach", "query", query, testkit.Offer{Name: "又是门口.png", Body: play.Photo(1)}).Want(200, "门口.png")
	list := director.Get("/misuses").Want(200, "线索〔2021〕001号").Body
	_, rest, _ := strings.Cut(list, `href="/misuses/mis_`)
	key, _, _ := strings.Cut(rest, `"`)
	at := "/misuses/mis_" + key
	director.Post(at+"/assign", "handler", string(office.Clerk.Account)).Want(303)
	clerk.Post(at+"/note", "note", "看了票据。").Want(303)
	clerk.Post(at+"/conclude", "finding", "属实。").Want(422, "没有选核查结论", "属实。")
	_, rest, _ = strings.Cut(clerk.Get(at).Want(200, "白桦林", "0431-55550177", "看了票据。", "门口.png").Body, `href="/attachments/`)
	file, _, _ := strings.Cut(rest, `"`)
	if p := clerk.Get("/attachments/" + file).Want(200); p.Header.Get("Content-Type") != "image/png" || p.Body != string(play.Photo(1)) {
		t.Errorf("the attachment: %v", p.Header)
	}
	director.Get("/attachments/" + file).Want(404)
	visitor.Get("/attachments/" + file).Want(303)
	for _, b := range []*testkit.Browser{director, w.Browser(w.Person("审计员01", stage.Auditor))} {
		if p := b.Get(at).Want(200, "看了票据。"); strings.Contains(p.Body, "白桦林") || strings.Contains(p.Body, "0431-55550177") || strings.Contains(p.Body, "门口.png") {
			t.Error("another than the handler reads who reported")
		}
	}
	clerk.Post(at+"/conclude", "verdict", "holder", "finding", "属实。", "answer", "经核查属实。").Want(303)
	if p := visitor.Post("/misuses/query", "query", query).Want(200, "查实", "经核查属实。"); strings.Contains(p.Body, "上传附件") {
		t.Error("files are asked for when the case is over")
	}
	visitor.UploadWith("/misuses/attach", "query", query, testkit.Offer{Name: "门口二.png", Body: play.Photo(2)}).Want(409)
	for n := range 10 {
		p = visitor.Post(form, "about", "other", "text", strings.Repeat("又", n+1))
	}
	p.Want(429, "短时间内提交得太多")
}

// TestAMisuseLetterByItsPage: a clerk enters a letter with its scan in one form; others do not.
func TestAMisuseLetterByItsPage(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	w.At("2021-09-15")
	number := w.PlaqueOf(w.Designation()).Number
	w.At("2021-10-11 09:00:00")
	office := w.Office()
	clerk := w.Browser(office.Clerk)
	w.Browser(office.Director).Get("/misuses/new").Want(403)
	w.Browser(stage.Anyone).Get("/misuses/new").Want(303)
	clerk.Get("/misuses").Want(200, "登记来信、来电、来访")
	query := value(t, clerk.Get("/misuses/new").Want(200, "来件方式", "来信扫描件"), "query")
	fields := func(plaque, channel, on string) []string {
		return []string{"query", query, "plaque", plaque, "channel", channel, "on", on, "about", "profit", "text", "挂着牌匾收费。", "name", "白桦林", "contact", "0431-55550177"}
	}
	for want, f := range map[string][]string{
		"没有核验码或者编号是": fields("2020-009", "letter", "2021-10-08"), "没有选来件方式": fields(number, "web", "2021-10-08"),
		"来件日期不对": fields(number, "letter", "2021-10-12"), "不是有效日期": fields(number, "phone", "2021-02-30"),
	} {
		clerk.UploadForm("/misuses/new", f).Want(422, want, "挂着牌匾收费。")
	}
	p := clerk.UploadForm("/misuses/new", fields(number, "letter", "2021-10-08"), testkit.Offer{Name: "来信.png", Body: play.Photo(1)}, testkit.Offer{Name: "说明.pdf", Body: []byte("<html>")})
	p.Want(422, "线索已收到", "线索〔2021〕001号", "说明.pdf")
	if p.Header.Get("Cache-Control") != "no-store" {
		t.Error("the receipt is kept")
	}
	_, rest, _ := strings.Cut(clerk.Get("/misuses").Body, `href="/misuses/mis_`)
	key, _, _ := strings.Cut(rest, `"`)
	if p := clerk.Get("/misuses/mis_"+key).Want(200, "来信", "登记人", "2021年10月8日"); strings.Contains(p.Body, "白桦林") {
		t.Error("who wrote it stands on the page of one who does not handle it")
	}
}
