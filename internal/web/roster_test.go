package web_test

import (
	"bytes"
	"fmt"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"

	"shifan/internal/creditcode"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/sheet"
	"shifan/internal/testkit"
)

// upload sends a form with a file.
func upload(t *testing.T, w *testkit.World, b *testkit.Browser, path, name string, content []byte, pairs ...string) *testkit.Page {
	t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for i := 0; i+1 < len(pairs); i += 2 {
		if err := form.WriteField(pairs[i], pairs[i+1]); err != nil {
			t.Fatal(err)
		}
	}
	part, err := form.CreateFormFile("file", name)
	if err != nil {
		t.Fatal(err)
	}
	for _, err := range []error{second(part.Write(content)), form.Close()} {
		if err != nil {
			t.Fatal(err)
		}
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, w.Server()+path, &body)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", form.FormDataContentType())
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return b.Do(r)
}

func TestARosterByItsPages(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	clerk := w.Browser(w.Office().Clerk)
	clerk.Get("/rosters").Want(200, "还没有导入过名册", "上传，看结果")
	clerk.Post("/rosters", "list", "organisations").Want(422, "没有选择文件")
	upload(t, w, clerk, "/rosters", "x.png", []byte("\x89PNG\x00"), "list", "organisations").Want(422, "这不是XLSX或者CSV")
	upload(t, w, clerk, "/rosters", "x.csv", []byte("a,b\n"), "list", "organisations").Want(422, "没有找到列名")
	upload(t, w, clerk, "/rosters", "x.csv", []byte("代码,名称\n"), "list", "nothing").Want(422, "选择名册的种类")
	upload(t, w, clerk, "/rosters", "x.csv", []byte("代码,年度,结论\n"), "list", "inspections").Want(422, "名单日期没有填写")
	upload(t, w, clerk, "/rosters", "x.csv", make([]byte, sheet.BytesMost+1), "list", "organisations").Want(422, "最多8 MB")
	upload(t, w, clerk, "/rosters", "x.csv", make([]byte, sheet.BytesMost+128<<10), "list", "organisations").Want(422, "最多8 MB")

	text := "代码,名称,成立日期,登记机关,备注\nx,吉林省坏会,2010-03-01,吉林省民政厅,\n51220000MJ0000018T,=吉林省甲协会,2010-03-01,吉林省民政厅,\n"
	for i := range 60 {
		text += fmt.Sprintf("%s,吉林省第%d学会,2010-03-01,吉林省民政厅,\n", codes[i], i)
	}
	p := upload(t, w, clerk, "/rosters", `C:\名册<b>.csv`, []byte(text), "list", "organisations").Want(303)
	url := p.Location
	clerk.Follow(p).Want(200, "名册<b>.csv", "共62行：新增61，更新0，不变0，有误1。", "没有读取的列：备注", "第1至50行，共62行", "是18位，现在是1位", "确认导入")
	clerk.Get(url+"?show=wrong").Want(200, "第1至1行，共1行", "吉林省坏会")
	clerk.Get(url+"?from=50").Want(200, "第51至62行")
	clerk.Get(url + "?from=-1&show=none").Want(200)
	clerk.Get(url + "?from=99999999999999999999").Want(200)
	clerk.Post(url+"/apply", "version", "1", "seen", "61-0-0-1").Want(409, "有1行有误，没有导入任何一行", "确认导入")
	clerk.Post(url+"/apply", "version", "1", "seen", "x", "skip", "yes").Want(409, "预览以后单位信息有变化")
	clerk.Follow(clerk.Post(url+"/apply", "version", "1", "seen", "61-0-0-1", "skip", "yes").Want(303)).Want(200, "单位名册已导入", "略过的行", "吉林省坏会")
	clerk.Post(url+"/apply", "version", "1", "seen", "61-0-0-1", "skip", "yes").Want(409)
	w.Browser(w.Office().Director).Get("/rosters").Want(200, "已导入", "共62行")
	w.Browser(w.Person("委员", stage.Member)).Get(url).Want(403)

	// What is taken away is read back and changes nothing, and holds no formula.
	for _, format := range []string{"csv", "xlsx"} {
		out := clerk.Get("/organisations." + format).Want(200)
		if !strings.Contains(out.Header.Get("Content-Disposition"), "attachment") || strings.Contains(out.Body, "\n=") || strings.Contains(out.Body, ",=") {
			t.Errorf("%s: %s", format, out.Header)
		}
		clerk.Follow(upload(t, w, clerk, "/rosters", "x."+format, []byte(out.Body), "list", "organisations").Want(303)).Want(200, "共61行：新增0，更新0，不变61，有误0。")
	}
	clerk.Get("/rosters/templates/penalties").Want(200)
	clerk.Get("/rosters/templates/none").Want(404)
	url = upload(t, w, clerk, "/rosters", "x.csv", []byte("代码,名称\n"), "list", "organisations").Want(303).Location
	clerk.Get(url).Want(200, "没有可以导入的行")
	clerk.Follow(clerk.Post(url+"/discard", "version", "1").Want(303)).Want(200, "已放弃")
	clerk.Get(url).Want(200, "已经放弃", "文件已删除")
}

// codes are codes of nobody.
var codes = func() (all []string) {
	for i := range 60 {
		first := fmt.Sprintf("52220000MJ00%04d0", i)
		for _, sign := range "0123456789ABCDEFGHJKLMNPQRTUWXY" {
			if creditcode.Check(first+string(sign)).Result == creditcode.OK {
				all = append(all, first+string(sign))
			}
		}
	}
	return all
}()

func TestALedgerByItsPages(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	key := w.Organisation()
	applicant, clerk := w.Browser(w.ApplicantOf(key)), w.Browser(w.Office().Clerk)
	one := "/organisations/" + string(key) + "/ledgers/"
	template := applicant.Get(one + "2021/template").Want(200)
	applicant.Get(one+"2021").Want(200, "下载XLSX模板")
	upload(t, w, applicant, one+"2021/file", "x.xlsx", []byte(template.Body)).Want(200, "已读入文件，还没有保存")
	upload(t, w, applicant, one+"2021/file", "x.csv", []byte("正式党员,人,十二\n预备党员,人,若干\n姓名,x\n")).Want(422, "预备党员“若干”不是整数", "没有认出的行：姓名")
	upload(t, w, applicant, one+"2021/file", "x.csv", []byte("a,b\n")).Want(422, "没有认出台账数据")
	applicant.Post(one+"2021/file").Want(422, "没有选择文件")
	applicant.Follow(applicant.Post(one+"2021", "members", "12", "meetings_1", "1").Want(303)).Want(200, "2021年度工作台账")
	applicant.Get(one+"2021/report").Want(200, "2021年度党建工作情况汇报", "年末正式党员12人")
	applicant.Get(one + "2009/report").Want(404)
	applicant.Get(one + "2022/report").Want(404)
	clerk.Get("/ledgers?year=2021").Want(200, "待核实", "看汇报")
	clerk.Get("/ledgers?year=x&after=y").Want(200)
	applicant.Get("/ledgers").Want(403)
	applicant.Follow(applicant.Post(one+"2021", "members", "13", "meetings_1", "1").Want(303))
	applicant.Get("/organisations/"+string(key)+"/history").Want(200, "单位信息", "2021年度：整个年度，正式党员12人", "2021年度：正式党员13人", "至今")
	// What the office confirmed is shown, and no form offers to change it.
	if p := applicant.Get(one+"2020").Want(200, "办公室已经核实，申报单位不能改动", "正式党员（人）"); strings.Contains(p.Body, "保存台账") {
		t.Error("a confirmed ledger is offered for change to the applicant")
	}
	clerk.Get(one+"2020").Want(200, "保存台账")
	if p := applicant.Get("/organisations/"+string(key)+"/facts/charter").Want(200, "办公室已经核实的内容不能改动"); strings.Contains(p.Body, ">保存<") {
		t.Error("a confirmed charter is offered for change to the applicant")
	}
}

// TestPersonalNumbersAreWarnedOf: before anything is stored, and what was looked at
// passes.
func TestPersonalNumbersAreWarnedOf(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	key := w.Organisation()
	clerk := w.Browser(w.Office().Clerk)
	url := "/organisations/" + string(key) + "/amend"
	form := []string{"registrar", "吉林省民政厅", "registered_on", "2010-03-01", "contact", "138 0000 0000"}
	p := clerk.Post(url, form...).Want(422, "疑似手机号码“138****0000”", "已核对，不是个人信息")
	if !strings.Contains(p.Body, "138 0000 0000") {
		t.Error("what was typed is lost")
	}
	clerk.Get("/organisations/"+string(key)).Want(200, "办公室电话")
	clerk.Post(url, append(form, "not_personal", "yes")...).Want(303)
	facts := "/organisations/" + string(key) + "/facts/listings"
	clerk.Post(facts, "listings.rows", "1", "listings.0.list", "abnormal", "listings.0.from", "2020-01-01", "listings.0.why", "联系人220100190001010013").Want(422, "疑似身份证号码", "已核对")
}
