package web_test

import (
	"net/url"
	"strings"
	"testing"

	"shifan/internal/id"
	"shifan/internal/lifecycle/recheck"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/store"
	"shifan/internal/testkit"
)

// TestDocumentPages: a draft is signed from the page of its thing, by who may; it stands in
// the register with its number, and is withdrawn there.
func TestDocumentPages(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	w.Fonts()
	d := w.TitleNamed("2021-09-15")
	w.At("2024-06-16 00:00:00")
	var key id.Recheck
	if err := w.Desk.Store.View(t.Context(), func(tx *store.Tx) error {
		all, err := tx.RechecksOf(d.ID)
		key = all[0].ID
		return err
	}); err != nil {
		t.Fatal(err)
	}
	office, looks := w.Office(), w.Person("考核组成员甲", stage.Assessor)
	clerk, director, chair := w.Browser(office.Clerk), w.Browser(office.Director), w.Browser(office.Chair)
	if err := w.Desk.BeginRecheck(t.Context(), office.Clerk, key, []id.Account{looks.Account}, 0); err != nil {
		t.Fatal(err)
	}
	found := map[string]recheck.Finding{}
	for _, i := range w.Programme().Indicators(2024) {
		found[i.Code] = recheck.Finding{Now: "meets", Note: "看了。"}
	}
	if err := w.Desk.ReportRecheck(t.Context(), looks, key, found, "总体保持。", 0); err != nil {
		t.Fatal(err)
	}
	about := "/documents/sign?sort=recheck&about=" + url.QueryEscape(string(key))
	director.Get(about).Want(409, "复查还没有作出结论")
	if err := w.Desk.PassRecheck(t.Context(), office.Chair, key, "保持良好", 0); err != nil {
		t.Fatal(err)
	}
	at := "/rechecks/" + string(key)
	paper := at + "/papers/recheck"
	if p := clerk.Get(at).Want(200, "稿，没有签发"); strings.Contains(p.Body, about) {
		t.Error("a clerk is offered to sign")
	}
	if p := clerk.Get(paper).Want(200); !strings.Contains(p.Header.Get("Content-Disposition"), url.PathEscape("（稿）")) {
		t.Errorf("a draft is called %s", p.Header.Get("Content-Disposition"))
	}
	if p := director.Get(at).Want(200); !strings.Contains(p.Body, strings.ReplaceAll(about, "&", "&amp;")) {
		t.Error("the director is not offered to sign")
	}
	director.Get(about).Want(200, "签发复查结果通报", "吉社联党发〔2024〕1号")
	director.Get("/documents/sign?sort=nothing&about=" + string(key)).Want(404)
	director.Get("/documents/sign?sort=recheck&about=rck_0000000000000000").Want(404)
	clerk.Post("/documents/sign", "sort", "recheck", "about", string(key)).Want(403)
	page := director.Post("/documents/sign", "sort", "recheck", "about", string(key)).Want(303)
	director.Follow(page).Want(200, "已签发", "吉社联党发〔2024〕1号", d.Name, "SHA-256")
	director.Post("/documents/sign", "sort", "recheck", "about", string(key)).Want(409, "已经在", "不能再签发")
	one := strings.TrimPrefix(page.Location, w.Server())
	holder := w.Browser(w.ApplicantOf(d.Organisation))
	if p := holder.Get(at).Want(200, "签发"); strings.Contains(p.Body, one) || strings.Contains(p.Body, "/documents/") {
		t.Error("the holder is shown the register")
	}
	signed := holder.Get(paper).Want(200).Body
	if again := clerk.Get(one + "/paper").Want(200).Body; again != signed || !strings.HasPrefix(signed, "%PDF") {
		t.Error("the register has other bytes than the page")
	}
	if docx := holder.Get(paper + "?as=docx").Want(200).Body; docx != clerk.Get(one+"/paper?as=docx").Want(200).Body {
		t.Error("the register has another DOCX than the page")
	}
	holder.Get(one).Want(403)
	clerk.Get("/numbers?year=2024").Want(200, "发文登记簿", "吉社联党发〔2024〕1号", "复查结果通报", "已签发", "导出表格")
	if b := clerk.Get("/numbers.csv?year=2024").Want(200).Body; !strings.HasPrefix(b, "\ufeff年度,文号,标题,种类,主送,日期,状态,说明") || !strings.Contains(b, "2024,吉社联党发〔2024〕1号,复查结果通报,复查结果通报,"+d.Name+",2024-06-") {
		t.Errorf("%q", b)
	}
	clerk.Get("/numbers.xlsx?year=2024").Want(200)
	clerk.Get(one + "/void").Want(403)
	chair.Get(one+"/supersede").Want(200, "更正文书", "理由")
	chair.Post(one+"/supersede", "reason", "").Want(422, "理由没有填写")
	chair.Post(one+"/supersede", "reason", "核对").Want(409, "一模一样")
	director.Get(one+"/void").Want(200, "作废文书")
	director.Post(one+"/void", "reason", "").Want(422, "理由没有填写")
	director.Follow(director.Post(one+"/void", "reason", "印错了单位").Want(303)).Want(200, "已作废", "印错了单位")
	director.Follow(director.Get(one+"/void").Want(303)).Want(200, "现在不能作废", "印错了单位")
	clerk.Get("/numbers?year=2024").Want(200, "已作废", "印错了单位")
	clerk.Get(at).Want(200, "稿，没有签发")
}
