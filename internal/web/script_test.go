package web_test

import (
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"shifan/internal/casework"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/testkit"
	"shifan/internal/testkit/htmlcheck"
)

// quietly sends what the page's own script sends when it saves.
func quietly(t *testing.T, w *testkit.World, b *testkit.Browser, path string, pairs ...string) *testkit.Page {
	t.Helper()
	v := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		v.Add(pairs[i], pairs[i+1])
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, w.Server()+path, strings.NewReader(v.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Accept", "application/json")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	p := b.Do(r)
	if got := p.Header.Get("Content-Type"); got != "application/json; charset=utf-8" {
		t.Errorf("the script is told %s: %d %s", got, p.Status, p.Body)
	}
	return p
}

// says wants an answer to the script to hold some texts.
func says(t *testing.T, p *testkit.Page, status int, texts ...string) {
	t.Helper()
	for _, s := range texts {
		if !strings.Contains(p.Body, s) {
			t.Errorf("it does not say %s: %s", s, p.Body)
		}
	}
	if p.Status != status {
		t.Errorf("status %d, want %d: %s", p.Status, status, p.Body)
	}
}

// TestAutosave: a part is saved by itself, by the rules of the form, and the script
// is told when, or what is wrong.
func TestAutosave(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	key := w.Drafted(w.OpenRound())
	mine := w.ApplicantOf(w.ApplicationOf(key).Organisation)
	b, other := w.Browser(mine), w.Browser(w.Applicant("同一单位的另一人", mine.Organisation))
	g := w.Programme().Criteria[0]
	path := "/applications/" + string(key) + "/sections/" + g.Code
	one, two := g.Indicators[0].Code, g.Indicators[1].Code
	page := b.Get(path).Want(200, "上次保存")
	if !strings.Contains(page.Body, `<script type="module" src="/static/shifan.`) || !strings.Contains(page.Body, "data-autosave") {
		t.Error("the page has no script")
	}
	first := value(t, page, one+".seen")
	p := quietly(t, w, b, path, one+".seen", first, one+".rating", "meets", one+".statement", "甲写的")
	says(t, p, 200, `"saved":"15:56"`, `"`+one+`":"`)
	if strings.Contains(p.Body, two) {
		t.Error("told of what was not sent:", p.Body)
	}
	if a := w.ApplicationOf(key); a.Answers[one].Statement != "甲写的" || a.Answers[two].Statement == "" {
		t.Errorf("kept: %+v", a.Answers)
	}
	says(t, quietly(t, w, other, path, two+".seen", value(t, page, two+".seen"), two+".rating", "meets", two+".statement", "乙写的"), 200, "saved")
	says(t, quietly(t, w, other, path, one+".seen", first, one+".rating", "meets", one+".statement", "乙也写"), 409, "thing.stale", "刚被别人改过")
	says(t, quietly(t, w, b, path, one+".rating", "meets", one+".statement", "x\x00"), 422, "input.signs", one+".statement")
	says(t, quietly(t, w, b, path, one+".rating", "great", one+".statement", "x"), 422, one+".rating")
	says(t, quietly(t, w, b, path+"x", one+".statement", "x"), 404, "thing.not_found")
	says(t, quietly(t, w, w.Browser(w.Office().Clerk), path, one+".statement", "x"), 403, "web.role")

	// By its button the other sees both texts of what both changed, and what only
	// one changed is neither lost nor taken back.
	form := fields(g, "", "version", value(t, page, "version"))
	send := url.Values{}
	for i := 0; i+1 < len(form); i += 2 {
		send.Set(form[i], form[i+1])
	}
	for _, i := range g.Indicators {
		send.Set(i.Code+".seen", value(t, page, i.Code+".seen"))
		send.Set(i.Code+".statement", w.ApplicationOf(key).Answers[i.Code].Statement)
	}
	before := formOf(t, page)
	for i := 0; i+1 < len(before); i += 2 {
		send.Set(before[i], before[i+1])
	}
	send.Set(one+".statement", "乙也写")
	p = other.Post(path, flat(send)...).Want(409, "别人先改过了", "现在保存的：", "甲写的", "乙也写", "乙写的")
	if n := strings.Count(p.Body, "现在保存的："); n != 3 { // the statement, and two pieces of evidence that only one still has
		t.Errorf("%d fields are said to differ", n)
	}
	other.Post(path, formOf(t, p)...).Want(303)
	if a := w.ApplicationOf(key); a.Answers[one].Statement != "乙也写" || a.Answers[two].Statement != "乙写的" {
		t.Errorf("kept: %+v", a.Answers)
	}

	sign := "/applications/" + string(key) + "/signature"
	page = b.Get(sign).Want(200)
	says(t, quietly(t, w, b, sign, "signed.seen", value(t, page, "signed.seen"), "signatory", "书记 丙", "committed", "yes"), 200, `"signed":"`)
	says(t, quietly(t, w, other, sign, "signed.seen", value(t, page, "signed.seen"), "signatory", "书记 丁", "committed", "yes"), 409, "thing.stale")
	w.At("2021-07-11 00:00:00")
	says(t, quietly(t, w, b, path, one+".statement", "x"), 401, "web.session", "重新登录")
	says(t, quietly(t, w, w.Browser(mine), path, one+".statement", "x"), 409, "application.submit.late")
}

// TestAFormOutlivesTheSession: sent after the session ended, it stands there again
// after the login as it was typed, beside what is kept, and is sent from there to
// where it belongs; for its owner and for nobody else.
func TestAFormOutlivesTheSession(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	key := w.Drafted(w.OpenRound())
	mine := joined(w, "owner", casework.Grant{Role: stage.Applicant, Organisation: w.ApplicationOf(key).Organisation})
	joined(w, "stranger", casework.Grant{Role: stage.Clerk})
	g := w.Programme().Criteria[0]
	path := "/applications/" + string(key) + "/sections/" + g.Code
	long := strings.Repeat("很长的一段话，分了很多句。", 1500)
	b := w.Browser(mine)
	form := formAt(t, b, path, g.Indicators[0].Code+".statement", long)
	w.At("2021-06-21 17:00:00")
	p := b.Post(path, form...).Want(401, "刚才填写的内容还在")
	if strings.Contains(p.Body, "很长的一段话") {
		t.Error("what was typed stands on the login page for everybody to read")
	}
	login := func(as, kept string) *testkit.Page {
		return b.Post("/login", "login", as, "password", goodPassword, "next", path, "kept", kept)
	}
	kept := value(t, p, "kept")
	other := login("stranger", kept).Want(303)
	b.Follow(other)
	for _, bad := range []string{"x", kept[:len(kept)-5], kept[:20], "-." + kept, strings.Repeat("A", 1<<20)} {
		if p := login("owner", bad); p.Status != 303 {
			t.Errorf("a broken seal: %d %s", p.Status, p.Words())
		}
	}
	p = login("owner", kept).Want(200, "还没有提交", "现在保存的：")
	if !strings.Contains(p.Body, long+"</textarea>") {
		t.Error("what was typed is lost")
	}
	all, err := htmlcheck.Forms(p.Body)
	if err != nil {
		t.Fatal(err)
	}
	b.Post(formTo(t, all, path).Action, formOf(t, p)...).Want(303)
	if a := w.ApplicationOf(key); a.Answers[g.Indicators[0].Code].Statement != long {
		t.Error("what was sent again is not kept")
	}
	b.Post("/logout").Want(303)
	p = b.Post(path, form...).Want(401)
	login("owner", value(t, p, "kept")).Want(200, "还没有提交")
}

// TestTheScriptCountsAlike: the script counts 字 as the server does.
func TestTheScriptCountsAlike(t *testing.T) {
	t.Parallel()
	node, err := exec.LookPath("node")
	if err != nil && os.Getenv("CI") == "" {
		t.Skip("NOT TESTED in a script engine: ", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	script, err := os.ReadFile("static/shifan.js")
	if err != nil {
		t.Fatal(err)
	}
	numbers, err := os.ReadFile("../chars/testdata/count.json")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for name, text := range map[string]string{
		"shifan.mjs": string(script),
		"test.mjs":   "import { count } from './shifan.mjs';\nfor (const [text, want] of " + string(numbers) + ") if (count(text) !== want) console.log(JSON.stringify(text), count(text), want);\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	out, err := exec.CommandContext(t.Context(), node, filepath.Join(dir, "test.mjs")).CombinedOutput()
	if err != nil || len(out) > 0 {
		t.Errorf("%v\n%s", err, out)
	}
}

// TestCarryingOver: what was filled in last year comes over with one button, is
// marked until it is confirmed, and nothing is submitted before.
func TestCarryingOver(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	r := w.OpenRound()
	key := w.Drafted(r)
	o := w.ApplicationOf(key).Organisation
	b := w.Browser(w.ApplicantOf(o))
	b.Post("/applications/" + string(key) + "/discard").Want(303)
	again := b.Follow(b.Post("/applications/new", "round", string(r)).Want(303)).Want(200, "带入以前填写的内容", "2021年度填写过其中")
	forms, err := htmlcheck.Forms(again.Body)
	if err != nil {
		t.Fatal(err)
	}
	var path string
	for _, f := range forms {
		if strings.HasSuffix(f.Action, "/carry") {
			path = strings.TrimSuffix(f.Action, "/carry")
		}
	}
	b.Follow(b.Post(path+"/carry").Want(303)).Want(200, "已带入", "请确认", "核对后确认")
	b.Post(path+"/carry").Want(409, "没有可以带入的内容")
	b.Post(path+"/signature", "signatory", "书记 甲", "committed", "yes").Want(303)
	b.Post(path+"/submit", "submission", "form").Want(422, "的内容从2021年度带入，核对后确认")
	for _, g := range w.Programme().Criteria {
		section := path + "/sections/" + g.Code
		var sure []string
		for _, i := range g.Indicators {
			sure = append(sure, i.Code+".sure", "yes")
		}
		b.Get(section).Want(200, "请确认：以上内容从2021年度的申报带入")
		b.Post(section, formAt(t, b, section, sure...)...).Want(303)
	}
	b.Get(path).Want(200, "都填好了")
	b.Post(path+"/submit", "submission", "form").Want(303)
	if lines := strings.Join(w.Record(strings.TrimPrefix(path, "/applications/")), "\n"); !strings.Contains(lines, "application.carry draft→draft applicant") {
		t.Error(lines)
	}
}
