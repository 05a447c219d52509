package web_test

import (
	"strconv"
	"strings"
	"testing"

	"shifan/internal/play"
	"shifan/internal/testkit"
)

// TestNotesByTheirPages: who reviews writes beside a page of the evidence, the second person
// answers and settles, the writer's form is not disturbed, and the applicant learns nothing.
func TestNotesByTheirPages(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	office := w.Office()
	key := w.Drafted(w.OpenRound())
	f := w.Uploaded(key, "1-1", "任职文件.pdf", play.PDF("任职文件", "第一页"))
	if err := w.Desk.SubmitApplication(t.Context(), w.ApplicantOf(w.ApplicationOf(key).Organisation), key, 0, w.Desk.SubmissionKey()); err != nil {
		t.Fatal(err)
	}
	if err := w.Desk.AcceptApplication(t.Context(), office.Clerk, key); err != nil {
		t.Fatal(err)
	}
	r, a := w.ReviewOf(key), w.ApplicationOf(key)
	at := "/reviews/" + string(r.ID)
	clerk, director, org := w.Browser(office.Clerk), w.Browser(office.Director), w.Browser(w.ApplicantOf(a.Organisation))

	clerk.Get(at).Want(200, "暂存，写1-1的批注", "暂存，逐页看"+f.Name)
	version := strconv.FormatInt(w.ReviewOf(key).Version, 10)
	to := clerk.Post(at, "act", "note:1-1:"+string(f.ID), "version", version, "opinion", "写到一半").Want(303)
	clerk.Follow(to).Want(200, "初审意见已暂存", "批注："+f.Name, "第几页")
	version = strconv.FormatInt(w.ReviewOf(key).Version, 10)

	clerk.Post(at+"/notes", "indicator", "1-1", "file", string(f.ID), "page", "七", "text", "没有日期").Want(422, "没有日期")
	clerk.Post(at+"/notes", "indicator", "1-1", "file", string(f.ID), "page", "1", "text", "").Want(422, "批注是空的")
	clerk.Follow(clerk.Post(at+"/notes", "indicator", "1-1", "file", string(f.ID), "page", "1", "text", "没有日期𠮷").Want(303)).Want(200, "批注已写上", "没有日期𠮷", "待核")
	clerk.Post(at+"/notes", "indicator", "9-9", "text", "没有").Want(404)
	clerk.Get(at + "/notes?indicator=1-1&file=fil_none").Want(404)

	// Whoever fills in the form meanwhile is not told that somebody changed it.
	clerk.Post(at, "act", "save", "version", version, "opinion", "写完了").Want(303)
	p := director.Get(at).Want(200, "还有1条批注待核", "没有日期𠮷", "任职文件.pdf第1页")
	director.Get(at+"/notes").Want(200, "没有日期𠮷", "办结“没有日期𠮷”")
	settle := strings.SplitN(director.Get(at+"/notes").Body, at+"/notes/", 2)[1]
	settle = at + "/notes/" + settle[:strings.Index(settle, `"`)]
	director.Follow(director.Post(settle).Want(303)).Want(200, "批注已办结", "已办结")
	director.Post(settle).Want(409, "这条批注已经办结")
	if strings.Contains(director.Get(at).Body, "条批注待核") || !strings.Contains(p.Body, "条批注待核") {
		t.Error("a settled note still counts")
	}
	org.Get(at + "/notes").Want(403)
	for _, own := range []string{"/applications/" + string(key), "/work"} {
		if strings.Contains(org.Get(own).Body, "没有日期𠮷") {
			t.Errorf("%s tells the applicant what the office noted", own)
		}
	}
}
