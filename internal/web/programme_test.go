package web_test

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"

	"shifan/internal/lifecycle/stage"
	"shifan/internal/testkit"
	"shifan/programmes"
)

const jilinURL = "/programmes/jilin-party-building-base"

// shippedText returns the shipped file with pairs of texts replaced.
func shippedText(pairs ...string) string {
	text, _ := programmes.Text("jilin-party-building-base")
	return strings.NewReplacer(pairs...).Replace(string(text))
}

func TestLoadAProgrammeByItsPage(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	operator := w.Browser(w.Person("系统管理员", stage.Operator))
	operator.Get("/programmes").Want(200, "还没有方案", "载入方案")
	operator.Get("/programmes/new").Want(200, "随程序提供的方案", "农民合作社示范社创建活动")
	operator.Get("/programmes/new?shipped=jilin-party-building-base").Want(200, "党建创新示范基地")
	// Faults are shown with their lines, and what was sent is kept.
	operator.Post("/programmes/new", "text", "").Want(422, "方案文件有1处问题")
	bad := shippedText("  days: 5\n  count", "  days: 0\n  count", "of: entitled", "of: everybody")
	p := operator.Post("/programmes/new", "text", strings.ReplaceAll(bad, "\n", "\r\n")).Want(422, "有2处问题", "“公示期”（publicity.days）写的是0", "days: 0", "of: everybody")
	if !strings.Contains(p.Body, "四个一起") {
		t.Error("what was sent is lost")
	}
	operator.Post("/programmes/new", "text", "\x00").Want(422)
	operator.Post("/programmes/new", "text", strings.Repeat("长", 100<<10)).Want(422, "最多256KB")
	operator.Follow(operator.Post("/programmes/new", "text", shippedText()).Want(303)).Want(200, "方案已载入", "第2版", "实施中", "四个一起", "办法(五)", "通知未规定，本方案设定")
	operator.Post("/programmes/new", "text", shippedText()).Want(409, "第2版已经载入，内容相同")
	operator.Get("/programmes/new?from=jilin-party-building-base").Want(200, "检查并载入")

	// The same as a file, as the next version.
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile("file", "programme.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, err := range []error{second(part.Write([]byte(shippedText("\nversion: 2\n", "\nversion: 3\n")))), form.Close()} {
		if err != nil {
			t.Fatal(err)
		}
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, w.Server()+"/programmes/new", &body)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", form.FormDataContentType())
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	operator.Follow(operator.Do(r).Want(303)).Want(200, "第3版")

	clerk := w.Browser(w.Office().Clerk)
	clerk.Get("/programmes").Want(200, "第3版", "联合委员会")
	clerk.Get(jilinURL+"?version=2").Want(200, "这是第2版，现行的是第3版", "系统管理员")
	clerk.Get(jilinURL + "?version=9").Want(404)
	if p := clerk.Get(jilinURL + "/file?version=2"); p.Status != 200 || p.Body != shippedText() || !strings.Contains(p.Header.Get("Content-Disposition"), "jilin-party-building-base@2.yaml") {
		t.Errorf("the file: %d, %s", p.Status, p.Header)
	}
	clerk.Get("/programmes/none").Want(404)
	clerk.Get("/programmes/new").Want(403)
}

func second(_ int, err error) error { return err }

func TestTheStandingOfAProgrammeByItsPages(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	w.Programme()
	w.LoadProgramme(shippedText("name: jilin-party-building-base", "name: other-base", "title: 吉林省社会组织", "title: 另一个社会组织"))
	chair, clerk := w.Browser(w.Office().Chair), w.Browser(w.Office().Clerk)
	clerk.Get(jilinURL + "/suspend").Want(403)
	chair.Get(jilinURL+"/resume").Want(409, "现在不能恢复")
	chair.Get(jilinURL+"/suspend").Want(200, "依据的文件", "不能发布新的一届")
	chair.Post(jilinURL+"/suspend", "document", "", "reason", "按要求清理", "version", "1").Want(422, "没有写依据的文件")
	chair.Post(jilinURL+"/suspend", "document", "吉办发〔2022〕9号", "reason", "按要求清理", "version", "1").Want(200, "确认暂停", "吉办发〔2022〕9号")
	chair.Post(jilinURL+"/suspend", "document", "吉办发〔2022〕9号", "reason", "按要求清理", "version", "7", "confirm", "yes").Want(409)
	chair.Follow(chair.Post(jilinURL+"/suspend", "document", "吉办发〔2022〕9号", "reason", "按要求清理", "version", "1", "confirm", "yes").Want(303)).Want(200, "已暂停", "吉办发〔2022〕9号")
	w.Browser(stage.Anyone).Get("/guide/jilin-party-building-base").Want(200, "不再接受新的申报")
	chair.Follow(chair.Post(jilinURL+"/resume", "document", "复函", "reason", "清理完毕", "version", "2", "confirm", "yes").Want(303)).Want(200, "实施中")
	chair.Get(jilinURL+"/merge").Want(200, "并入哪个方案", "另一个社会组织")
	chair.Post(jilinURL+"/merge", "document", "合并的通知", "reason", "合并", "version", "3").Want(422, "没有选并入哪个方案")
	chair.Post(jilinURL+"/merge", "document", "合并的通知", "reason", "合并", "version", "3", "into", "other-base").Want(200, "确认并入其他方案", "另一个社会组织")
	chair.Follow(chair.Post(jilinURL+"/merge", "document", "合并的通知", "reason", "合并", "version", "3", "into", "other-base", "confirm", "yes").Want(303)).Want(200, "已并入其他方案", "另一个社会组织")
	chair.Get(jilinURL + "/abolish").Want(409)
	w.Browser(stage.Anyone).Get("/guide/jilin-party-building-base").Want(200, "已并入“另一个社会组织")
}

func TestGuide(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	visitor := w.Browser(stage.Anyone)
	visitor.Get("/guide").Want(200, "还没有公开的办事指南")
	w.Programme()
	visitor.Get("/guide").Want(200, "吉林省社会组织党建创新示范基地创建活动")
	visitor.Get("/guide/jilin-party-building-base").Want(200,
		"事项名称", "申报条件", "佐证材料", "示范文本", "空表", "办理流程和时限", "5个工作日", "不收取任何费用", "咨询", "监督",
		"以51220000、52220000、53220000开头", "限2020、2021年", "截止日之前3个完整年度", "7月10日 24:00")
	visitor.Get("/guide/none").Want(404)
	if p := visitor.Get("/guide/jilin-party-building-base/forms/dues.csv"); p.Status != 200 || !strings.Contains(p.Body, "按时收缴月数") {
		t.Errorf("a blank form: %d %s", p.Status, p.Body)
	}
	visitor.Get("/guide/jilin-party-building-base/forms/programme.yaml").Want(404)
	visitor.Get("/guide/jilin-party-building-base/forms/..%2fprogramme.yaml").Want(404)
	visitor.Get("/programmes").Want(303)
}
