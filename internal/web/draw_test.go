package web_test

import (
	"strings"
	"testing"
	"time"

	"shifan/internal/id"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/lot"
	"shifan/internal/testkit"
)

// TestADrawByPages: a whole draw with browsers and no script, from the pool to the
// document that anybody recomputes; the page of the visit says that its team was drawn.
func TestADrawByPages(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	key := w.Accepted(w.OpenRound())
	w.Reviewed(key)
	w.Team()
	spare := w.Person("考核员丁", stage.Assessor)
	v := w.VisitOf(key)
	clerk, director := w.Browser(w.Office().Clerk), w.Browser(w.Office().Director)
	watcher, host := w.Browser(w.Person("监督员", stage.Scrutineer)), w.Browser(w.ApplicantOf(v.Organisation))
	visitor, assessor := w.Browser(stage.Anyone), w.Browser(spare)

	clerk.Get("/pool").Want(200, "考核员丁", "不参加抽取")
	clerk.Post("/pool/"+string(v.Programme)+"/"+string(spare.Account), "stratum", "-").Want(303)
	clerk.Post("/pool/"+string(v.Programme)+"/"+string(spare.Account), "stratum", "x").Want(422, "选方案设定的一层")
	clerk.Get("/draws/new").Want(200, "在库3人", "不参加抽取1人")
	clerk.Post("/draws/new", "round", string(v.Round)).Want(422, "没有选考核的单位")
	at := clerk.Post("/draws/new", "round", string(v.Round), "visits", string(v.ID)).Want(303).Location
	visitor.Get(at).Want(200, "名单已冻结", "名单3人，考核1家")
	director.Post(at+"/rule", "reveal_by", "2021-02-30").Want(422)
	deadline := w.Now().Add(48 * time.Hour)
	director.Post(at+"/rule", "reveal_by", deadline.Format("2006-01-02"), "reveal_by-time", "17:00").Want(303)

	secret := func(n string) []string {
		return []string{"secret", "一句不让人猜到的话" + n, "nonce", strings.Repeat(n, 32)}
	}
	clerk.Get(at+"/commit").Want(200, "平台看得到什么")
	clerk.Post(at+"/commit", "secret", "短").Want(422, "8到200个字", "32位十六进制数")
	own := lot.Reveal{Secret: "一句不让人猜到的话1", Nonce: strings.Repeat("1", 32)}
	clerk.Post(at+"/commit", "commitment", own.Commitment()).Want(303)
	watcher.Post(at+"/commit", secret("2")...).Want(303)
	host.Post(at+"/commit", secret("3")...).Want(303)
	visitor.Get(at).Want(200, "本人计算", "平台在揭示以前看到过秘密")
	director.Post(at + "/close").Want(303)
	clerk.Post(at+"/reveal", secret("9")...).Want(422, "与承诺值不符")
	clerk.Post(at+"/reveal", secret("1")...).Want(303)
	for _, b := range []*testkit.Browser{visitor, director, watcher} {
		if p := b.Get(at).Want(200, "全部揭示后公开"); strings.Contains(p.Body, "让人猜到") {
			t.Error("a secret is shown before all are revealed")
		}
		if p := b.Get(at + "/draw.json"); strings.Contains(p.Body, "让人猜到") {
			t.Error("a secret is in the document before all are revealed")
		}
	}
	for _, b := range []*testkit.Browser{visitor, director} {
		p := b.Get(at+"/projector").Want(200, "已揭示", "/ 3", own.Commitment()[:16]+"…")
		main := strings.Split(p.Body, `class="projector"`)[1]
		if p.Header.Get("Refresh") != "5" || strings.Contains(main, "考核员") || strings.Contains(main, "监督员") || strings.Contains(main, "让人猜到") {
			t.Errorf("the wall names somebody before the result: %s", main)
		}
	}
	watcher.Post(at+"/reveal", secret("2")...).Want(303)
	host.Post(at+"/reveal", secret("3")...).Want(303)
	director.Post(at + "/conclude").Want(303)

	for n := range 4 { // row by row, of a team of three
		wall := director.Get(at+"/projector").Want(200, "（组长）").Body
		if rows := strings.Count(strings.Split(wall, "<tbody>")[1], "<tr>"); rows != min(n+1, 3) {
			t.Errorf("after %d refreshes the wall shows %d rows", n, rows)
		}
		w.Jump(w.Now().Add(5 * time.Second))
	}

	public := visitor.Get(at).Want(200, "已产生结果", "一句不让人猜到的话2", "在本机重算", "（组长）")
	for _, name := range []string{w.ApplicationOf(key).Name, "监督员"} {
		if strings.Contains(strings.Split(public.Body, "<footer")[0], name) {
			t.Errorf("the public page names %s", name)
		}
	}
	doc := visitor.Get(at + "/draw.json").Want(200).Body
	if _, err := lot.Verify([]byte(doc)); err != nil {
		t.Error(err)
	}
	if py := visitor.Get(at + "/recompute.py").Want(200).Body; py != lot.Script {
		t.Error("the script is another")
	}
	if text := strings.Join(strings.Fields(w.Read([]byte(visitor.Get(at+"/certificate").Want(200).Body))), ""); !strings.Contains(text, "考核组抽取证明") || !strings.Contains(text, "importhashlib,hmac,json,sys") {
		t.Errorf("the certificate says %.300s", text)
	}
	visitor.Post("/draws/verify", "document", doc).Want(200, "成立。抽取")
	visitor.Post("/draws/verify", "document", strings.ReplaceAll(doc, "\n", "\r\n")).Want(200, "成立。抽取") // as a browser sends it
	visitor.Post("/draws/verify", "document", strings.Replace(doc, `"attempt": 1`, `"attempt": 2`, 1)).Want(200, "不成立")
	clerk.Get("/visits/"+string(v.ID)).Want(200, "产生方式", "随机抽取")
	assessor.Get(at).Want(200, "已产生结果")
	visitor.Get("/draws").Want(200, "已产生结果")
	if id.Draw(strings.TrimPrefix(at, "/draws/")) != w.VisitOf(key).Team[0].Drawn {
		t.Error("the team was not drawn")
	}
}
