package web_test

import (
	"bytes"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"shifan/internal/casework"
	"shifan/internal/evidence"
	"shifan/internal/play"
	"shifan/internal/testkit"
)

// TestFilesByTheirPages: several files at once, each kept or refused for itself;
// what is kept is listed, sent to be saved and never shown, and can be removed.
func TestFilesByTheirPages(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	round := w.OpenRound()
	key, half := w.Drafted(round), w.Drafted(round)
	org := w.ApplicationOf(key).Organisation
	b := w.Browser(w.ApplicantOf(org))
	at := "/applications/" + string(key)
	group := w.Programme().Criteria[0]
	code := group.Indicators[0].Code

	// The form is saved before its writer goes to upload.
	writer, section := w.Browser(w.ApplicantOf(w.ApplicationOf(half).Organisation)), "/applications/"+string(half)+"/sections/"+group.Code
	writer.Get(section).Want(200, "还没有文件", "上传"+code+"的文件")
	p := writer.Post(section, code+".statement", "写到一半", "then", "evidence:"+code)
	if p.Location != "/applications/"+string(half)+"/evidence/"+code {
		t.Errorf("the button leads to %q", p.Location)
	}
	writer.Get(section).Want(200, "写到一半")

	here := at + "/evidence/" + code
	b.Get(here).Want(200, "选择文件", "一个文件最多20 MB", "手机拍照")
	p = b.Upload(here, testkit.Offer{Name: "章程 “2021”.pdf", Body: play.PDF("章程", "第一条")}, testkit.Offer{Name: "照片.png", Body: play.Photo(1)})
	b.Follow(p).Want(200, "已上传2个文件", "章程 “2021”.pdf", "照片.png", "未扫描")
	// A form that was drawn with files beside it saves as every other.
	filled := at + "/sections/" + group.Code
	b.Post(filled, formAt(t, b, filled, code+".statement", "上传以后改的")...).Want(303)
	b.Upload(here, testkit.Offer{Name: "bad.pdf", Body: []byte("<html><script>")}, testkit.Offer{Name: "空.pdf"}, testkit.Offer{Name: "照片二.png", Body: play.Photo(2)}).
		Want(422, "bad.pdf", "网页", "空.pdf", "空文件", "照片二.png")
	b.Upload(here).Want(422, "还没有选择文件")
	b.Upload(here, testkit.Offer{Name: "同样.png", Body: play.Photo(1)}).Want(422, "（内容相同），不用再传")
	other := group.Indicators[1].Code
	b.Follow(b.Upload(at+"/evidence/"+other, testkit.Offer{Name: "同样.png", Body: play.Photo(1)})).Want(200, "与指标"+code+"里的文件内容相同")
	b.Get(at+"/check").Want(200, code+" 佐证文件", "照片二.png")
	usesAgain(w, b, at, code, other)

	under, err := w.Desk.EvidenceOf(t.Context(), w.ApplicantOf(org), key)
	if err != nil || len(under[code]) != 3 {
		t.Fatalf("%v %v", err, under)
	}
	named := map[string]casework.File{}
	for _, f := range under[code] {
		named[f.Name] = f
	}
	pdf, photo := named["章程 “2021”.pdf"], named["照片二.png"]
	sent := b.Get("/files/" + string(pdf.ID))
	if sent.Status != 200 || !bytes.Equal([]byte(sent.Body), play.PDF("章程", "第一条")) {
		t.Errorf("status %d, %d bytes", sent.Status, len(sent.Body))
	}
	for name, want := range map[string]string{
		"Content-Type": "application/pdf", "X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'none'; sandbox",
		"Content-Disposition": "attachment; filename=\"file.pdf\"; filename*=UTF-8''%E7%AB%A0%E7%A8%8B%20%E2%80%9C2021%E2%80%9D.pdf", "Cache-Control": "no-store",
	} {
		if got := sent.Header.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	// An answer that has files can be changed, by the form as it is drawn.
	draft := at + "/sections/" + group.Code
	seen := regexp.MustCompile(`name="` + code + `\.seen" value="([^"]+)"`).FindStringSubmatch(b.Get(draft).Body)
	if seen == nil {
		t.Fatal("the form does not say what it was drawn from")
	}
	changed := []string{code + ".rating", "meets", code + ".statement", "上传以后再改", code + ".seen", seen[1]}
	for n, wanted := range group.Indicators[0].Evidence {
		changed = append(changed, code+".evidence."+strconv.Itoa(n), wanted)
	}
	b.Follow(b.Post(draft, changed...).Want(303)).Want(200)
	b.Get(draft).Want(200, "上传以后再改")
	p = b.Post(here+"/remove", "file", string(pdf.ID))
	b.Follow(p).Want(200, "文件已移除")
	b.Get("/files/" + string(pdf.ID)).Want(404)
	// Another applicant and the office hear nothing of a draft's files.
	stranger := w.Browser(w.ApplicantOf(w.Organisation()))
	for _, o := range []*testkit.Browser{stranger, w.Browser(w.Office().Clerk)} {
		o.Get("/files/" + string(photo.ID)).Want(404)
	}
	stranger.Get(here).Want(404)
	stranger.Upload(here, testkit.Offer{Name: "x.png", Body: play.Photo(5)}).Want(404)
	// Once it is submitted, the office reads them beside the answer.
	if err := w.Desk.SubmitApplication(t.Context(), w.ApplicantOf(org), key, 0, w.Desk.SubmissionKey()); err != nil {
		t.Fatal(err)
	}
	clerk := w.Browser(w.Office().Clerk)
	clerk.Get(at).Want(200, "照片二.png")
	clerk.Get("/files/" + string(photo.ID)).Want(200)
	if p := b.Get(here); p.Location != at {
		t.Errorf("files of what is submitted can be changed: %d", p.Status)
	}
	b.Upload(here, testkit.Offer{Name: "x.png", Body: play.Photo(5)}).Want(409)
	if c := b.Get(at + "/content"); !strings.Contains(c.Body, photo.SHA256) {
		t.Error("what is submitted does not name its files")
	}
}

// usesAgain: a file that stands under one indicator is put under another with a
// tick and a button, and stands there with the same bytes.
func usesAgain(w *testkit.World, b *testkit.Browser, at, code, other string) {
	w.Helper()
	there := at + "/evidence/" + other
	p := b.Get(there).Want(200, "用其他指标下的文件", "照片二.png", "用于指标"+code, "也放到"+other+"下")
	ids := regexp.MustCompile(`name="again" value="(fil_[0-9a-z]+)"`).FindAllStringSubmatch(p.Body, -1)
	if len(ids) != 2 {
		w.Fatalf("%d files are offered, want two", len(ids))
	}
	b.Post(there+"/place").Want(422, "还没有勾选文件")
	b.Follow(b.Post(there+"/place", "again", ids[0][1], "again", ids[1][1])).Want(200, "已把2个文件也放在指标"+other+"下", "用于指标"+code+"、"+other)
	b.Post(there+"/place", "again", ids[0][1]).Want(422, "已经在指标"+other+"里")
	b.Post(there+"/place", "again", "fil_0000000000000000").Want(404)
	b.Post(at+"/evidence/9-9/place", "again", ids[0][1]).Want(404)
	for _, f := range ids {
		b.Post(there+"/remove", "file", f[1]).Want(303)
	}
}

// TestPreviewsByTheirPages: a file's pages stand drawn beside its name, on the form of
// its applicant and beside the answer where it is reviewed, and are pictures whatever
// else.
func TestPreviewsByTheirPages(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	w.Desk.Files.Reader = &evidence.Reader{}
	key := w.Drafted(w.OpenRound())
	by := w.ApplicantOf(w.ApplicationOf(key).Organisation)
	group := w.Programme().Criteria[0]
	f := w.Uploaded(key, group.Indicators[0].Code, "活动室.png", play.Photo(1))
	if _, err := w.Desk.TendFiles(t.Context()); err != nil {
		t.Fatal(err)
	}
	at := "/files/" + string(f.ID) + "/pages/1"
	shown := []string{`src="` + at + `"`, `loading="lazy"`, `alt="活动室.png 预览"`, `href="/files/` + string(f.ID) + `"`}
	b, clerk := w.Browser(by), w.Browser(w.Office().Clerk)
	shows := func(p *testkit.Page) {
		t.Helper()
		for _, want := range shown {
			if p.Status != 200 || !strings.Contains(p.Body, want) {
				t.Errorf("status %d, without %s", p.Status, want)
			}
		}
	}
	shows(b.Get("/applications/" + string(key) + "/sections/" + group.Code))
	p := b.Get(at)
	for name, want := range map[string]string{
		"Content-Type": "image/jpeg", "X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'none'; sandbox", "Cache-Control": "no-store",
	} {
		if got := p.Header.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	if p.Status != 200 || !strings.HasPrefix(p.Body, "\xff\xd8\xff") {
		t.Errorf("status %d, %d bytes", p.Status, len(p.Body))
	}
	for _, no := range []string{"/files/" + string(f.ID) + "/pages/2", "/files/" + string(f.ID) + "/pages/x", "/files/none/pages/1"} {
		b.Get(no).Want(404)
	}
	clerk.Get(at).Want(404)
	if err := w.Desk.SubmitApplication(t.Context(), by, key, 0, w.Desk.SubmissionKey()); err != nil {
		t.Fatal(err)
	}
	if err := w.Desk.AcceptApplication(t.Context(), w.Office().Clerk, key); err != nil {
		t.Fatal(err)
	}
	shows(clerk.Get("/reviews/" + string(w.ReviewOf(key).ID)))
	if p := clerk.Get(at); p.Status != 200 {
		t.Errorf("the reviewer gets %d", p.Status)
	}
}

// TestCopiesByTheirPages: the page says which of a file its reader is given, and a
// download gives that one: assessors the copy, the office what was uploaded.
func TestCopiesByTheirPages(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	key := w.Drafted(w.OpenRound())
	by := w.ApplicantOf(w.ApplicationOf(key).Organisation)
	pdf := play.PDF("章程", "第一条") // its trailer and its places change
	f := w.Uploaded(key, w.Programme().Criteria[0].Indicators[0].Code, "章程.pdf", pdf)
	clerk := w.Office().Clerk
	if err := w.Desk.SubmitApplication(t.Context(), by, key, 0, w.Desk.SubmissionKey()); err != nil {
		t.Fatal(err)
	}
	if err := w.Desk.AcceptApplication(t.Context(), clerk, key); err != nil {
		t.Fatal(err)
	}
	w.Reviewed(key)
	visit, _ := w.Visitable(key)
	assessor, office := w.Browser(w.Team()[0]), w.Browser(clerk)
	page, download := "/visits/"+string(visit), "/files/"+string(f.ID)
	if p := assessor.Get(page).Want(200, "章程.pdf", "副本还在制作"); strings.Contains(p.Body, download) {
		t.Error("the page leads to what is not there yet")
	}
	assessor.Get(download).Want(409, "副本还在制作")
	if _, err := w.Desk.TendFiles(t.Context()); err != nil {
		t.Fatal(err)
	}
	if p := assessor.Get(page).Want(200, "文件（副本）", "已去除作者、位置等元数据的副本"); !strings.Contains(p.Body, `href="`+download+`"`) {
		t.Error("the page does not lead to the copy")
	}
	copied, original := assessor.Get(download).Want(200), office.Get(download).Want(200)
	if original.Body != string(pdf) || copied.Body == original.Body || !strings.HasPrefix(copied.Body, "%PDF-") || copied.Header.Get("ETag") == original.Header.Get("ETag") {
		t.Errorf("the assessor gets %d bytes, the office %d", len(copied.Body), len(original.Body))
	}
	if p := office.Get("/applications/"+string(key)).Want(200, "文件（原件）"); strings.Contains(p.Body, "副本") {
		t.Error("the office is told of a copy that it is not given")
	}
}
