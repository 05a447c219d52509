package web_test

import (
	"net/http"
	"strings"
	"testing"

	"shifan/internal/calendar"
	"shifan/internal/lifecycle/plaque"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/testkit"
)

// TestVerifyAPlaque: the whole answer without login, in the same bytes for the
// same state; typed in any way; slips are told.
func TestVerifyAPlaque(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	d := w.Designation()
	q := w.PlaqueOf(d)
	b := w.Browser(stage.Anyone)
	b.Get("/v").Want(200, "牌匾核验", "核验码")
	typed := strings.ToLower(plaque.Grouped(q.Code))
	if p := b.Get("/v?code=" + typed); p.Location != "/v/"+q.Code {
		t.Errorf("typed %s leads to %s", typed, p.Location)
	}
	if p := b.Get("/v/" + typed); p.Location != "/v/"+q.Code {
		t.Errorf("%s has an address of its own: %s", typed, p.Location)
	}
	first := b.Get("/v/"+q.Code).Want(200, "有效", "这块牌匾真实", "2024年6月1日", "2021-001", "党建创新示范基地", "命名", "授牌")
	if second := b.Get("/v/" + q.Code); second.Body != first.Body || first.Header.Get("ETag") == "" {
		t.Error("the same state, other bytes")
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, w.Server()+"/v/"+q.Code, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("If-None-Match", first.Header.Get("ETag"))
	if p := b.Do(r); p.Status != http.StatusNotModified {
		t.Errorf("known already: %d", p.Status)
	}
	b.Get("/v/" + q.Code + ".json").Want(200)
	if p := b.Get("/v/" + q.Code + ".json"); !strings.Contains(p.Body, `"stands": true`) || !strings.Contains(p.Body, `"valid_to": "2024-06-01"`) || strings.Contains(p.Body, "秘书长") {
		t.Error(p.Body)
	}
	wrong := []byte(q.Code)
	wrong[0] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"[(strings.IndexByte("0123456789ABCDEFGHJKMNPQRSTVWXYZ", wrong[0])+1)%32]
	b.Get("/v/"+string(wrong)).Want(422, "有输错的地方")
	b.Get("/v/0000000000").Want(404, "没有这个核验码", "名单查询")
	b.Get("/v/ABC").Want(422, "10个字母和数字")
	b.Get("/v/0000000000.json").Want(404)
	b.Get("/v/U.json").Want(422)
	w.At("2024-06-02 00:00:00")
	b.Get("/v/"+q.Code).Want(200, "已到期", "不再是在册的称号", "原称号")
}

// TestDirectory: the list is public with its history; what ended is found by its
// state; the data hold no person and no formula.
func TestDirectory(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	d, other := w.Designation(), w.Designation()
	v, err := w.Desk.Designation(t.Context(), stage.Anyone, d)
	if err != nil {
		t.Fatal(err)
	}
	name := v.Designation.Name
	holder := w.Browser(w.ApplicantOf(v.Designation.Organisation))
	visitor := w.Browser(stage.Anyone)
	visitor.Get("/designations").Want(200, name, "2021-001", "2021-002", "有效")
	visitor.Get("/designations?q="+v.Code).Want(200, name)
	visitor.Get("/designations?q=没有这家").Want(200, "没有符合条件的称号")
	visitor.Get("/designations?year=2020").Want(200, "没有符合条件的称号")
	visitor.Get("/designations/"+string(d)).Want(200, name, v.Code, "变更记录", "命名", v.Naming.DocNumber)
	visitor.Get("/namings/"+string(v.Naming.ID)).Want(200, v.Naming.DocNumber, name)
	visitor.Get("/namings").Want(200, v.Naming.DocNumber)
	holder.Get("/certificates").Want(200, "证书与牌匾", "2021-001", plaque.Grouped(w.PlaqueOf(d).Code))

	holder.Get("/designations/"+string(d)+"/return").Want(200, "不能恢复")
	holder.Post("/designations/"+string(d)+"/return", "version", "1", "reason", "不再开展").Want(422, "还没有勾选确认")
	holder.Post("/designations/"+string(d)+"/return", "version", "1", "sure", "yes", "reason", "").Want(422, "交回的理由")
	holder.Get("/designations/" + string(other) + "/return").Want(404)
	holder.Follow(holder.Post("/designations/"+string(d)+"/return", "version", "1", "sure", "yes", "reason", "不再开展创建活动").Want(303)).Want(200, "称号已交回", "2021-001")
	holder.Post("/designations/"+string(d)+"/return", "version", "1", "sure", "yes", "reason", "再交一次").Want(409)

	if p := visitor.Get("/designations").Want(200); strings.Contains(p.Body, name) {
		t.Error("a title that ended stands among those held")
	}
	visitor.Get("/designations?state=all").Want(200, name, "已交回")
	visitor.Get("/designations?state=returned").Want(200, name)
	p := visitor.Get("/designations/"+string(d)).Want(200, "已交回", "交回")
	verify := "/v/" + w.PlaqueOf(d).Code
	if !strings.Contains(p.Body, `href="`+verify+`"`) {
		t.Error("the public page of a title does not lead to where its plaque is verified")
	}
	visitor.Get(verify).Want(200, "已交回")
	for _, secret := range []string{"不再开展创建活动", "秘书长", "/plaques/"} {
		if strings.Contains(p.Body, secret) {
			t.Errorf("the public reads %s", secret)
		}
	}
	csv := visitor.Get("/designations.csv?state=all").Want(200)
	if !strings.HasPrefix(csv.Body, "\ufeff编号,单位") || strings.Count(csv.Body, "\n") != 3 || strings.Contains(csv.Body, "负责人") || csv.Header.Get("ETag") == "" {
		t.Error(csv.Body)
	}
	json := visitor.Get("/designations.json?state=all").Want(200)
	if strings.Count(json.Body, `"number"`) != 2 || !strings.Contains(json.Body, `"state": "returned"`) || !strings.Contains(json.Body, `"verify": "`+verify+`"`) {
		t.Error(json.Body)
	}
	feed := visitor.Get("/feed.atom").Want(200)
	if !strings.Contains(feed.Body, "http://www.w3.org/2005/Atom") || !strings.Contains(feed.Body, "/namings/"+string(v.Naming.ID)) {
		t.Error(feed.Body)
	}
	visitor.Get("/").Want(200, "累计命名", "最新命名", "党建创新示范基地，共1家")
}

// TestDistribution: a passer-by sees where titles are and how many there were, and each
// number leads to the titles that it counts.
func TestDistribution(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	visitor := w.Browser(stage.Anyone)
	visitor.Get("/designations/map").Want(200, "还没有命名的称号")
	d, other := w.Designation(), w.Designation()
	v, err := w.Desk.Designation(t.Context(), stage.Anyone, d)
	if err != nil {
		t.Fatal(err)
	}
	name := v.Designation.Name
	holder := w.Browser(w.ApplicantOf(v.Designation.Organisation))
	holder.Post("/designations/"+string(d)+"/return", "version", "1", "sure", "yes", "reason", "不再开展").Want(303)
	p := visitor.Get("/designations/map").Want(200, "吉林省", "吉林省1家", "2021年", "年末在册")
	for _, to := range []string{"region=22", "region=220000&amp;state=all", "state=all&amp;year=2021", "ended=2021"} {
		if !strings.Contains(p.Body, `href="/designations?`+to+`"`) {
			t.Errorf("nothing leads to %s", to)
		}
	}
	if p.Header.Get("ETag") == "" || strings.Contains(p.Body, name) {
		t.Error("the picture has no tag, or names a title")
	}
	visitor.Get("/designations?region=22&state=all").Want(200, name, "2021-002", "在册")
	visitor.Get("/designations?region=220000").Want(200, "2021-002")
	visitor.Get("/designations?region=11&state=all").Want(200, "没有符合条件的称号")
	if p := visitor.Get("/designations?ended=2021").Want(200, name, "2021年终止的称号"); strings.Contains(p.Body, "2021-002") {
		t.Error("one that is held stands among those that ended")
	}
	on := v.Designation.NamedOn.String()
	visitor.Get("/designations?on="+on).Want(200, "24:00在册的称号", "2021-002")
	visitor.Get("/designations?on="+v.Designation.NamedOn.AddDays(-1).String()).Want(200, "没有符合条件的称号")
	visitor.Get("/designations?on=2099-01-01").Want(200, "2021-002") // nobody knows yet: as if nothing was asked
	visitor.Get("/designations?on=昨天&region=吉林&ended=x").Want(200, "2021-002")
	programme := string(v.Programme.Name)
	if p := visitor.Get("/designations/map?programme=" + programme).Want(200); !strings.Contains(p.Body, "programme="+programme+"&amp;region=22") {
		t.Error("the lists behind one programme's figures are not of it")
	}
	visitor.Get("/designations/map?programme=another").Want(404)
	if b := visitor.Get("/designations/map.json").Want(200).Body; !strings.Contains(b, `"division": "22"`) || !strings.Contains(b, `"held_at_end": 1`) || !strings.Contains(b, `"ended": 1`) {
		t.Error(b)
	}
	if b := visitor.Get("/designations.json?region=2200").Want(200).Body; strings.Count(b, `"number"`) != 1 || !strings.Contains(b, `"region": "220000"`) || !strings.Contains(b, string(other)) {
		t.Error(b)
	}
	if b := visitor.Get("/sitemap.xml").Body; !strings.Contains(b, "/designations/map</loc>") {
		t.Error("the sitemap does not have the picture")
	}
}

// TestTheRegistersOfTheOffice: notes, plaques, numbers.
func TestTheRegistersOfTheOffice(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	d := w.Designation()
	q := w.PlaqueOf(d)
	clerk, director, visitor := w.Browser(w.Office().Clerk), w.Browser(w.Office().Director), w.Browser(stage.Anyone)
	title, path := "/designations/"+string(d), "/plaques/"+string(q.ID)
	clerk.Get("/designations").Want(200, "在册称号", "复查：")
	clerk.Get(title).Want(200, "内部备注", "谁能看到")
	clerk.Follow(clerk.Post(title+"/note", "version", "1", "note", "等新章程").Want(303)).Want(200, "备注已保存", "等新章程")
	clerk.Post(title+"/note", "version", "1", "note", "别的").Want(409, "别人先改过了", "现在保存的")
	clerk.Post(title+"/note", "version", "2", "note", strings.Repeat("长", 1001)).Want(422, "超过1000字")
	if p := visitor.Get(title); strings.Contains(p.Body, "等新章程") {
		t.Error("the public reads the note")
	}
	director.Get(title).Want(200, "等新章程")
	clerk.Get(title+"/dissolve").Want(200, "注销称号")
	clerk.Post(title+"/dissolve", "version", "2").Want(409, "登记正常")

	clerk.Get(path).Want(200, "印制图样（PDF）")
	if b := clerk.Get(path + "/artwork.pdf").Want(200).Body; !strings.HasPrefix(b, "%PDF") {
		t.Errorf("the artwork is no PDF: %.20q", b)
	}
	clerk.Get(title + "/certificate.pdf").Want(200)
	clerk.Get(path + "/artwork.svg").Want(404)
	if p := visitor.Get("/V/" + q.Code).Want(301); p.Header.Get("Location") != "/v/"+q.Code {
		t.Error(p.Header)
	}
	visitor.Get(title + "/certificate.pdf").Want(303)
	clerk.Get("/plaques").Want(200, plaque.Grouped(q.Code), "已授牌")
	if b := clerk.Get("/plaques.csv").Want(200).Body; !strings.HasPrefix(b, "\ufeff牌匾编号,") {
		t.Errorf("%q", b)
	}
	clerk.Get("/plaques/list").Want(200, "领牌名单", "没有制作中的牌匾")
	clerk.Get("/plaques/list/paper").Want(409, "领牌名单是空的")
	visitor.Get("/plaques/list").Want(303)
	clerk.Get("/plaques?q=没有").Want(200, "没有符合条件的牌匾")
	clerk.Get(path).Want(200, "秘书长", "登记遗失")
	clerk.Post(path+"/lost", "version", "1", "lost_on", "2021-02-30", "reason", "搬迁").Want(422, "2021-02-30")
	clerk.Post(path+"/lost", "version", "1", "lost_on", "2021-06-01", "reason", "").Want(422, "遗失经过")
	clerk.Follow(clerk.Post(path+"/lost", "version", "1", "lost_on", "２０２１-06-01", "reason", "搬迁时遗失").Want(303)).Want(200, "已挂失")
	visitor.Get("/v/"+q.Code).Want(200, "牌匾已挂失")
	next := clerk.Follow(clerk.Post(path+"/reissue", "version", "2", "reason", "遗失补发").Want(303)).Want(200, "2021-001-2", "制作中")
	visitor.Get("/v/"+q.Code).Want(200, "牌匾已更换", "2021-001-2")
	clerk.Get("/plaques/list").Want(200, "制作中的牌匾1块", "2021-001-2", "签字")
	if b := clerk.Get("/plaques/list/paper").Want(200).Body; !strings.HasPrefix(b, "%PDF") {
		t.Errorf("the list to print is no PDF: %.20q", b)
	}
	if b := clerk.Get("/plaques/list/paper?as=docx").Want(200).Body; !strings.HasPrefix(b, "PK") {
		t.Errorf("the list to work on is no DOCX: %.20q", b)
	}
	second := "/plaques/" + string(w.PlaqueOf(d).ID)
	_ = next
	clerk.Get(second+"/hand-over").Want(200, "领取人职务")
	clerk.Post(second+"/hand-over", "version", "1", "handed_on", "2021-06-01", "receiver", "王13800000000").Want(422, "写领取人的职务")
	clerk.Follow(clerk.Post(second+"/hand-over", "version", "1", "handed_on", "2021-06-01", "receiver", "秘书长").Want(303)).Want(200, "已登记授牌")
	clerk.Get("/numbers").Want(200, "发文登记簿", "吉社联党发〔2021〕1号")
	clerk.Post("/numbers", "year", "2021", "seq", "1", "title", "旧文件").Want(422, "要比已登记的")
	clerk.Follow(clerk.Post("/numbers", "year", "2021", "seq", "3", "title", "印章启用通知").Want(303)).Want(200, "已补登", "印章启用通知", "系统外文件")
	director.Get("/numbers/吉社联党发〔2021〕2号/void").Want(200, "作废文号")
	director.Post("/numbers/吉社联党发〔2021〕2号/void", "programme", string(w.Programme().Name), "why", "").Want(422, "作废的理由")
	director.Follow(director.Post("/numbers/吉社联党发〔2021〕2号/void", "programme", string(w.Programme().Name), "why", "文件未发").Want(303)).Want(200, "文号已作废", "作废：文件未发")
}

// TestNamingByItsPages: the gate in words, two persons, the confirmation, the
// notice that everybody reads.
func TestNamingByItsPages(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	round := w.OpenRound()
	a := w.Accepted(round)
	w.Reviewed(a)
	w.Visited(a)
	w.Decided(round, a)
	w.Publicised(a)
	w.Cleared(a)
	office := w.Office()
	clerk, director, chair, visitor := w.Browser(office.Clerk), w.Browser(office.Director), w.Browser(office.Chair), w.Browser(stage.Anyone)
	clerk.Get("/work").Want(200, "起草命名名单")
	path := "/rounds/" + string(round) + "/naming"
	clerk.Get(path).Want(200, "公示5个工作日，已满", "没有未结的异议", "会议通过", "登记正常")
	fields := []string{"title", "关于命名的通知", "addressees", "各单位", "list", string(a)}
	clerk.Post(path, "title", "", "addressees", "各单位").Want(422, "标题没有填写", "至少选一家")
	clerk.Post(path, append(fields, "dated_on", "2021-02-30")...).Want(422, "2021-02-30")
	p := clerk.Post(path, fields...).Want(303)
	naming := strings.TrimPrefix(p.Location, w.Server())
	clerk.Follow(p).Want(200, "等两人先后放行", "已满")
	visitor.Get(naming).Want(404)
	director.Get("/work").Want(200, "放行")
	director.Get(naming+"/release").Want(200, "起草的人不能放行", "印发时取号")
	director.Follow(director.Post(naming+"/release", "version", "1").Want(303)).Want(200, "已放行", "还要1人")
	director.Post(naming+"/release", "version", "2").Want(409, "第二次放行须由另一人")
	director.Post(naming+"/issue", "version", "2").Want(409, "须经2人先后放行")
	chair.Post(naming+"/release", "version", "1").Want(409, "别人先改过了")
	chair.Follow(chair.Post(naming+"/release", "version", "2").Want(303)).Want(200, "已放行")
	director.Get(naming+"/issue").Want(200, "印发后取得文号")
	director.Follow(director.Post(naming+"/issue", "version", "3").Want(303)).Want(200, "命名通知已印发", "吉社联党发〔2021〕5号")
	visitor.Get(naming).Want(200, "吉社联党发〔2021〕5号", "命名名单（1家）", "2021-001", calendar.DateOf(w.Now()).Chinese())
	clerk.Get("/work").Want(200, "授牌")
	visitor.Get("/").Want(200, "2021-001")
}
