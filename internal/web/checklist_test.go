package web_test

import (
	"bytes"
	"encoding/json"
	"image"
	"image/png"
	"strconv"
	"strings"
	"testing"

	"shifan/internal/testkit"
)

// TestAChecklistByItsPages: the checklist without script, what a device is told, and
// what a closed visit answers (S49–S51).
func TestAChecklistByItsPages(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	app := w.Accepted(w.OpenRound())
	w.Reviewed(app)
	v, on := w.Visitable(app)
	at, team := "/visits/"+string(v), w.Team()
	w.Browser(team[0]).Get(at+"/checklist").Want(200, "当天起才能填写考核单")
	w.At(on.String() + " 10:00:00")
	one, two, clerk := w.Browser(team[0]), w.Browser(team[1]), w.Browser(w.Office().Clerk)
	one.Get(at).Want(200, "没有网络也能填")
	code := w.Criteria(w.VisitOf(app).Round)[0].Code
	one.Get(at+"/checklist").Want(200, "到场签到", "查看资料", "本人评价 "+code, "一张最多20 MB", "拍摄位置会去掉")
	one.Post(at+"/checklist", "sitting", "0", "arrival", "here", "records.papers.text", "会议记录齐全", "marks."+code+".rating", "meets").Want(303)
	one.Post(at+"/checklist", "sitting", "0", "records.papers.text", "13800138000").Want(422, "好像有身份证号或手机号")
	two.Post(at+"/checklist", "sitting", "0", "records.papers.text", "缺两次", "records.premises.text", "").Want(303) // from a page that showed an empty field
	p := two.Get(at+"/checklist").Want(200, "两边写得不一样", "会议记录齐全", "缺两次", "用考核组员1写的")
	heads := between(p.Body, `name="heads.records.papers.text" value="`, `"`)
	two.Post(at+"/checklist", "sitting", "0", "choose", "records.papers.text", "records.papers.text", "缺两次", "heads.records.papers.text", heads).Want(303)
	if p := two.Get(at+"/checklist").Want(200, "缺两次"); strings.Contains(p.Body, "两边写得不一样") {
		t.Error("what was chosen is still a conflict")
	}
	if p := two.Get(at+"/deliberation").Want(200, "到场签到", "考核组员1", "—"); strings.Contains(p.Body, "达到，") {
		t.Error("the mark of another before one's own")
	}
	two.Post(at+"/checklist", "sitting", "0", "marks."+code+".rating", "fails").Want(303)
	two.Get(at+"/deliberation").Want(200, "评价不同")
	clerk.Get(at+"/deliberation").Want(200, "提交后显示")

	var told struct {
		Fields  map[string][]struct{ Value, Who string }
		Refused map[string]string
		Clock   string
	}
	day := strconv.FormatInt(w.Now().AddDate(0, 0, 1).UnixMilli(), 10)
	edits := `[{"id":"device-0001","field":"records.interviews.people","value":"12","taken":1},{"id":"device-0002","field":"opinion","value":"meets"}]`
	p = send(t, w, two, "POST", at+"/sync", "sitting=0&clock="+day+"&edits="+edits, "Accept", "application/json", "Sec-Fetch-Site", "same-origin").Want(200)
	if err := json.Unmarshal([]byte(p.Body), &told); err != nil || told.Fields["records.interviews.people"][0].Value != "12" || told.Fields["records.interviews.people"][0].Who != "考核组员2" ||
		!strings.Contains(told.Refused["device-0002"], "没有") || !strings.Contains(told.Clock, "快约1天") {
		t.Errorf("%v %s", err, p.Body)
	}
	send(t, w, two, "POST", at+"/sync", "sitting=0&edits={", "Accept", "application/json", "Sec-Fetch-Site", "same-origin").Want(422, "读不出来")

	var picture bytes.Buffer
	if err := png.Encode(&picture, image.NewGray(image.Rect(0, 0, 4, 4))); err != nil {
		t.Fatal(err)
	}
	one.Upload(at+"/photos").Want(422, "还没有选择文件")
	one.Upload(at+"/photos", testkit.Offer{Name: "阵地.png", Body: picture.Bytes()}).Want(303)
	one.Upload(at+"/photos", testkit.Offer{Name: "说明.pdf", Body: []byte("%PDF-1.4 ...")}).Want(422, "说明.pdf")
	one.Get(at+"/deliberation").Want(200, "阵地.png")

	one.Post(at+"/report", account(w, w.VisitOf(app).Round, w.VisitOf(app).Version, "report")...).Want(303)
	send(t, w, two, "POST", at+"/sync", "sitting=0&edits="+edits, "Accept", "application/json", "Sec-Fetch-Site", "same-origin").Want(409, "不再接收现场记录")
	two.Get(at+"/checklist").Want(200, "不再接收现场记录")
	clerk.Get(at+"/send-back").Want(200, "退回考核组")
	clerk.Post(at+"/send-back", "reason", "").Want(422, "退回的意见没有填写")
	clerk.Follow(clerk.Post(at+"/send-back", "reason", "写清依据").Want(303)).Want(200, "退回意见", "写清依据")
}

// between returns what stands between two signs.
func between(s, from, to string) string {
	_, s, _ = strings.Cut(s, from)
	s, _, _ = strings.Cut(s, to)
	return s
}

// TestWhatAPhoneInstalls: the manifest, the worker with the files that it keeps, and a
// policy that lets both come.
func TestWhatAPhoneInstalls(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	b := w.Browser(w.Team()[0])
	page := b.Get("/visits").Want(200)
	for _, want := range []string{`rel="manifest" href="/manifest.webmanifest"`, `data-offline="/static/offline.`, `data-who="`} {
		if !strings.Contains(page.Body, want) {
			t.Errorf("no %s", want)
		}
	}
	m := b.Get("/manifest.webmanifest").Want(200)
	if !json.Valid([]byte(m.Body)) || m.Header.Get("Content-Type") != "application/manifest+json" {
		t.Errorf("%v %s", m.Header, m.Body)
	}
	worker := b.Get("/worker.js").Want(200)
	list := between(worker.Body, "const files = ", ";")
	var files []string
	if err := json.Unmarshal([]byte(list), &files); err != nil || len(files) != 5 || worker.Header.Get("Cache-Control") != "no-cache" {
		t.Errorf("%v %v", err, files)
	}
	for _, f := range files {
		b.Get(f).Want(200)
	}
	if p := page.Header.Get("Content-Security-Policy"); !strings.Contains(p, "worker-src 'self'") || !strings.Contains(p, "manifest-src 'self'") {
		t.Error(p)
	}
}
