package web_test

import (
	"strings"
	"testing"

	"shifan/internal/lifecycle/stage"
	"shifan/internal/play"
	"shifan/internal/testkit"
)

// TestPhotographPages: the holder offers a photograph, the office shows it, and whoever scans
// the code sees it with its words; the same bytes for the same state; taken down, it is gone
// for everybody but the register.
func TestPhotographPages(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	q := w.PlaqueOf(w.Designation())
	at := "/plaques/" + string(q.ID)
	visitor, holder, clerk := w.Browser(stage.Anyone), w.Browser(w.ApplicantOf(q.Organisation)), w.Browser(w.Office().Clerk)
	without := visitor.Get("/v/" + q.Code).Want(200)
	visitor.Get("/v/" + q.Code + "/photograph.jpg").Want(404)
	holder.Get(at).Want(200, "上传照片")
	holder.Get(at+"/photograph").Want(200, "照片说明", "办公室看过以后")
	holder.UploadWith(at+"/photograph", "description", "铜牌", testkit.Offer{Name: "说明.pdf", Body: play.PDF("说明", "字")}).Want(422, "说明.pdf", "不是照片", "2/120字")
	holder.UploadWith(at+"/photograph", "description", "", testkit.Offer{Name: "门口.png", Body: play.Photo(1)}).Want(422, "照片说明")
	holder.UploadWith(at+"/photograph", "description", "铜牌").Want(422, "还没有选择文件")
	holder.Follow(holder.UploadWith(at+"/photograph", "description", "铜牌挂在大门右侧", testkit.Offer{Name: "门口.png", Body: play.Photo(1)})).Want(200, "待办公室查看", "收回")
	if p := visitor.Get("/v/" + q.Code); p.Body != without.Body {
		t.Error("the public page changed before the office looked at it")
	}
	page := clerk.Get(at).Want(200, "铜牌挂在大门右侧", "看过了，在核验页公开")
	_, rest, _ := strings.Cut(page.Body, at+"/photographs/")
	picture := at + "/photographs/" + rest[:strings.IndexByte(rest, '"')]
	if p := clerk.Get(picture).Want(200); p.Header.Get("Content-Type") != "image/jpeg" || !strings.Contains(p.Header.Get("Content-Security-Policy"), "sandbox") {
		t.Error(p.Header)
	}
	visitor.Get(picture).Want(303)
	clerk.Post(picture+"/decline", "decline", "").Want(422, "不采用的理由")
	clerk.Follow(clerk.Post(picture+"/show")).Want(200, "公开展示", "撤下")

	p := visitor.Get("/v/" + q.Code).Want(200)
	if !strings.Contains(p.Body, `alt="牌匾照片：铜牌挂在大门右侧"`) || !strings.Contains(p.Body, `src="/v/`+q.Code+`/photograph.jpg"`) {
		t.Error("the public page does not show the photograph with its words")
	}
	if again := visitor.Get("/v/" + q.Code); again.Body != p.Body {
		t.Error("the same state, other bytes")
	}
	if p := visitor.Get("/v/" + q.Code + "/photograph.jpg").Want(200); p.Header.Get("ETag") == "" || p.Header.Get("Content-Type") != "image/jpeg" || !strings.Contains(p.Header.Get("Cache-Control"), "public") {
		t.Error(p.Header)
	}
	visitor.Get("/v/"+q.Code+"/state.json").Want(200, `"plaque_photograph"`, "铜牌挂在大门右侧", "/photograph.jpg")

	holder.Follow(holder.Post(picture+"/remove", "remove", "有人入镜")).Want(200, "从前的照片", "已撤下：有人入镜")
	if p := visitor.Get("/v/" + q.Code); p.Body != without.Body {
		t.Error("taken down, and on the page")
	}
	visitor.Get("/v/" + q.Code + "/photograph.jpg").Want(404)
	clerk.Get(picture).Want(200)
}
