package web_test

import (
	"slices"
	"strings"
	"testing"

	"shifan/internal/casework"
	"shifan/internal/id"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/play"
	"shifan/internal/record"
	"shifan/internal/store"
	"shifan/internal/testkit"
)

// TestRankingPages: n of m on paper and in order by its pages: opened by the chair, counted
// alike by two scrutineers, declared with its sums; and a member's ballot on a screen.
func TestRankingPages(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	w.Reconfigure("over_quota: ayes", "over_quota: ranks", "quota:\n  kind: none", "quota:\n  kind: fixed\n  max: 1")
	in := w.OpenRound()
	keys := []id.Application{w.Accepted(in), w.Accepted(in)}
	for _, key := range keys {
		w.Reviewed(key)
		w.Visited(key)
	}
	m, items := w.MeetingOn(in, keys...)
	w.Sitting(m)
	for _, i := range items {
		w.Voted(i, "aye", "")
	}
	at := "/meetings/" + string(m) + "/rankings"
	chair, clerk := w.Browser(w.Office().Chair), w.Browser(w.Office().Clerk)
	var members []*testkit.Browser
	for _, by := range w.Members() {
		members = append(members, w.Browser(by))
	}
	chair.Get("/meetings/"+string(m)).Want(200, "请进行差额表决")
	chair.Get("/items/"+string(items[0])).Want(200, "差额表决")
	clerk.Get(at).Want(200, "没有差额表决")
	chair.Get(at).Want(200, "开始差额表决")
	chair.Follow(chair.Post(at+"/open", "category", "").Want(303)).Want(200, "表决中", "主持人最后投票")
	members[0].Get(at).Want(200, "2项取1项", "写名次", w.ApplicationOf(keys[0]).Name)
	one, two := "place-"+string(items[0]), "place-"+string(items[1])
	members[0].Post(at+"/vote", one, "1", two, "1").Want(422, "不重复")
	members[0].Post(at+"/vote", one, "2").Want(422, "从1起")
	members[0].Post(at+"/vote", one, "x").Want(422)
	members[0].Follow(members[0].Post(at+"/vote", one, "1", two, "2").Want(303)).Want(200, "已经投过票")
	for _, b := range members[1:] {
		b.Post(at+"/vote", two, "1").Want(303)
	}
	clerk.Get(at).Want(200, "已投票4人")
	chair.Get(at+"/void").Want(200, "宣布无效")
	chair.Post(at+"/vote", one, "", two, "").Want(303)
	chair.Post(at + "/close").Want(303)
	chair.Get(at).Want(200, "宣布差额表决结果", "2×3 + 1×1 = 7")
	chair.Follow(chair.Post(at+"/settle").Want(303)).Want(200, "已宣布", "7分（2×3 + 1×1 = 7），列入", "名额以外")
	chair.Post("/items/" + string(items[0]) + "/displace").Want(303)
	chair.Post("/meetings/" + string(m) + "/close").Want(303)
	clerk.Get("/meetings/"+string(m)+"/minutes").Want(200, "差额表决", "得分多的列入")
}

// TestPaperRankingPages: two scrutineers count, and a count of more than was issued is void.
func TestPaperRankingPages(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	w.Reconfigure("over_quota: ayes", "over_quota: marks", "quota:\n  kind: none", "quota:\n  kind: fixed\n  max: 1")
	in := w.OpenRound()
	keys := []id.Application{w.Accepted(in), w.Accepted(in)}
	for _, key := range keys {
		w.Reviewed(key)
		w.Visited(key)
	}
	m, items := w.MeetingOn(in, keys...)
	w.Sitting(m)
	for _, i := range items {
		w.Voted(i, "aye", "")
	}
	paper(t, w, m)
	at, chair := "/meetings/"+string(m)+"/rankings", w.Browser(w.Office().Chair)
	scrutineers := []*testkit.Browser{w.Browser(w.Person("监票人甲", stage.Scrutineer)), w.Browser(w.Person("监票人乙", stage.Scrutineer))}
	chair.Post(at+"/open", "category", "").Want(303)
	w.Browser(w.Members()[0]).Post(at+"/vote", "choice", string(items[0])).Want(409, "用纸质票")
	chair.Post(at + "/close").Want(303)
	if p := chair.Get(at).Want(200, "还没有两名监票人一致的计票结果", "应到5人，实到5人"); strings.Contains(p.Body, "收回0票") {
		t.Error("ballots that nobody counted yet are none")
	}
	chair.Post(at + "/settle").Want(409)
	count := func(issued, first string) []string {
		return []string{"issued", issued, "collected", "5", "invalid", "0", "points-" + string(items[0]), first, "points-" + string(items[1]), "1"}
	}
	scrutineers[0].Get(at).Want(200, "发出", "提交计票结果")
	scrutineers[0].Post(at+"/count", count("5", "9")...).Want(422, "重新清点")
	for _, b := range scrutineers {
		b.Post(at+"/count", count("4", "3")...).Want(303)
	}
	chair.Post(at+"/settle").Want(409, "收回的票多于发出的票")
	chair.Post(at+"/void", "reason", "").Want(422)
	chair.Follow(chair.Post(at+"/void", "reason", "发出4张，收回5张。").Want(303)).Want(200, "无效")
	chair.Post(at+"/open", "category", "").Want(303)
	chair.Post(at + "/close").Want(303)
	for _, b := range slices.Backward(scrutineers) {
		b.Post(at+"/count", count("5", "4")...).Want(303)
	}
	sheet, clerk, member := at+"/2/sheet", w.Browser(w.Office().Clerk), w.Browser(w.Members()[0])
	chair.Get(at).Want(200, "还没有上传两名监票人签字的计票单扫描件")
	chair.Post(at+"/settle").Want(409, "计票单扫描件")
	scrutineers[0].Get("/work").Want(200, "差额表决：上传计票单")
	if p := scrutineers[0].Get("/meetings/" + string(m) + "/papers/" + casework.CountSheet).Want(200); !strings.HasPrefix(p.Body, "%PDF") {
		t.Error("no PDF")
	}
	scrutineers[0].Get("/meetings/" + string(m) + "/papers/" + casework.CountSheet + "?as=docx").Want(200)
	scrutineers[0].Get(at).Want(200, "扫描上传后主持人才能宣布结果")
	clerk.Get(sheet).Want(200, "发出5张，收回5张，无效0张", "PDF、JPG或者PNG")
	scrutineers[0].Get(at+"/1/sheet").Want(200, "不在计票")
	if p := scrutineers[0].Upload(at+"/1/sheet", testkit.Offer{Name: "计票单.png", Body: play.Photo(1)}).Want(409, "不在计票"); strings.Count(p.Body, "不在计票") != 1 {
		t.Error("the reason is said twice")
	}
	scrutineers[0].Get(at + "/3/sheet").Want(404)
	scrutineers[0].Upload(at+"/3/sheet", testkit.Offer{Name: "计票单.png", Body: play.Photo(1)}).Want(404)
	scrutineers[0].Upload(sheet).Want(422, "还没有选择文件")
	chair.Get(sheet).Want(403)
	member.Upload(sheet, testkit.Offer{Name: "计票单.png", Body: play.Photo(1)}).Want(403)
	scrutineers[0].Follow(scrutineers[0].Upload(sheet, testkit.Offer{Name: "计票单.png", Body: play.Photo(1)}).Want(303)).Want(200, "计票单扫描件已保存", "SHA-256", "再上传一份")
	clerk.Upload(sheet, testkit.Offer{Name: "计票单.png", Body: play.Photo(1)}).Want(409, "已经上传")
	_, link, _ := strings.Cut(member.Get(at).Want(200, "计票单扫描件").Body, `href="`+at+`/2/sheets/`)
	link, _, _ = strings.Cut(link, `"`)
	if p := clerk.Get(at + "/2/sheets/" + link).Want(200); p.Body != string(play.Photo(1)) || p.Header.Get("Content-Type") != "image/png" || !strings.Contains(p.Header.Get("Content-Security-Policy"), "sandbox") {
		t.Errorf("%d bytes, %v", len(p.Body), p.Header)
	}
	member.Get(at + "/2/sheets/" + link).Want(200)
	member.Get(at + "/1/sheets/" + link).Want(404)
	w.Browser(w.Team()[0]).Get(at + "/2/sheets/" + link).Want(403)
	chair.Follow(chair.Post(at+"/settle").Want(303)).Want(200, "4票，列入", "1票，名额以外", "计票单扫描件，")
	scrutineers[0].Upload(sheet, testkit.Offer{Name: "又一份.png", Body: play.Photo(2)}).Want(409, "不在计票")
}

// paper has a meeting that carried its items by name vote on paper from here on.
func paper(t *testing.T, w *testkit.World, key id.Meeting) {
	t.Helper()
	if err := w.Node().Store.Change(t.Context(), func(tx *store.Tx) (record.Entry, error) {
		m, err := tx.Meeting(key)
		m.Rules.Ballot = "paper"
		if err == nil {
			err = tx.PutMeeting(&m)
		}
		return record.Entry{At: w.Now(), Act: "test.paper", Thing: string(key)}, err
	}); err != nil {
		t.Fatal(err)
	}
}
