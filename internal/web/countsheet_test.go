package web_test

import (
	"strings"
	"testing"

	"shifan/internal/casework"
	"shifan/internal/lifecycle/ballot"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/play"
	"shifan/internal/testkit"
)

// TestCountSheetPages: a scrutineer prints the blank sheet, counts, and brings the scan; the
// chair hears what is missing until then, and the committee opens it.
func TestCountSheetPages(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	w.Reconfigure("ballot: named", "ballot: paper")
	in := w.OpenRound()
	key := w.Accepted(in)
	w.Reviewed(key)
	w.Visited(key)
	m, items := w.MeetingOn(in, key)
	one, two := w.Person("监票人甲", stage.Scrutineer), w.Person("监票人乙", stage.Scrutineer)
	w.Sitting(m) // sessions do not outlive the days before it
	scrutineer, chair, clerk, member := w.Browser(one), w.Browser(w.Office().Chair), w.Browser(w.Office().Clerk), w.Browser(w.Members()[0])
	at := "/items/" + string(items[0])
	scrutineer.Get("/meetings/"+string(m)).Want(200, "计票单（空白）")
	if p := scrutineer.Get("/meetings/" + string(m) + "/papers/" + casework.CountSheet).Want(200); !strings.HasPrefix(p.Body, "%PDF") {
		t.Error("no PDF")
	}
	scrutineer.Get("/meetings/" + string(m) + "/papers/" + casework.CountSheet + "?as=docx").Want(200)
	member.Get("/meetings/" + string(m) + "/papers/" + casework.CountSheet).Want(404)
	chair.Post(at + "/open-vote").Want(303)
	chair.Post(at + "/close-vote").Want(303)
	scrutineer.Get(at+"/sheet").Want(200, "还没有两名监票人一致的计票结果")
	if p := scrutineer.Upload(at+"/sheet", testkit.Offer{Name: "计票单.png", Body: play.Photo(1)}).Want(409, "先各自填写计票结果"); strings.Count(p.Body, "先各自填写计票结果") != 1 {
		t.Error("the page says its reason twice")
	}
	for _, by := range []stage.Actor{one, two} {
		if err := w.Desk.CountBallots(t.Context(), by, items[0], ballot.Tally{Issued: 5, Collected: 5, Ayes: 5}); err != nil {
			t.Fatal(err)
		}
	}
	chair.Get(at).Want(200, "还没有上传两名监票人签字的计票单扫描件")
	chair.Post(at+"/declare").Want(409, "计票单扫描件")
	scrutineer.Get(at).Want(200, "扫描上传后主持人才能宣布结果")
	clerk.Get(at).Want(200, "由监票人或者办公室扫描上传")
	scrutineer.Get(at+"/sheet").Want(200, "赞成5，反对0，弃权0", "PDF、JPG或者PNG")
	scrutineer.Upload(at+"/sheet").Want(422, "还没有选择文件")
	scrutineer.Upload(at+"/sheet", testkit.Offer{Name: "计票单.pdf", Body: []byte("<html>")}).Want(422, "计票单.pdf")
	member.Get(at + "/sheet").Want(403)
	member.Upload(at+"/sheet", testkit.Offer{Name: "计票单.png", Body: play.Photo(1)}).Want(403)
	scrutineer.Follow(scrutineer.Upload(at+"/sheet", testkit.Offer{Name: "计票单.png", Body: play.Photo(1)}).Want(303)).Want(200, "计票单扫描件已保存", "SHA-256", "第1次表决")
	clerk.Upload(at+"/sheet", testkit.Offer{Name: "计票单.png", Body: play.Photo(1)}).Want(409, "已经上传")
	_, link, _ := strings.Cut(member.Get(at).Want(200, "计票单扫描件").Body, `href="`+at+`/sheets/`)
	link, _, _ = strings.Cut(link, `"`)
	if p := clerk.Get(at + "/sheets/" + link).Want(200); p.Body != string(play.Photo(1)) || p.Header.Get("Content-Type") != "image/png" || !strings.Contains(p.Header.Get("Content-Security-Policy"), "sandbox") {
		t.Errorf("%d bytes, %v", len(p.Body), p.Header)
	}
	member.Get(at + "/sheets/" + link).Want(200) // a copy without what it says of its camera
	member.Get(at + "/sheets/cst_0000000000000000").Want(404)
	w.Browser(w.Team()[0]).Get(at + "/sheets/" + link).Want(403)
	chair.Get(at+"/declare").Want(200, "宣布：通过")
	chair.Post(at + "/declare").Want(303)
	scrutineer.Upload(at+"/sheet", testkit.Offer{Name: "又一份.png", Body: play.Photo(2)}).Want(409)
}
