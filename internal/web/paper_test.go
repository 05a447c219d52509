package web_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"shifan/internal/casework"
	"shifan/internal/id"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/testkit"
)

// TestPapersArePDFs: the pages of an application offer its documents to those who
// see the page; others get what a thing that is not there gives.
func TestPapersArePDFs(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	w.Fonts()
	key := w.Accepted(w.OpenRound())
	mine := w.Browser(w.ApplicantOf(w.ApplicationOf(key).Organisation))
	at := "/applications/" + string(key)
	for _, b := range []*testkit.Browser{mine, w.Browser(w.Office().Clerk)} {
		body := b.Get(at).Body
		for _, kind := range []string{"receipt", "print", "acceptance"} {
			url := at + "/papers/" + kind
			if !strings.Contains(body, `href="`+url+`"`) {
				t.Errorf("no link to %s", url)
			}
			p := b.Get(url)
			if p.Status != 200 || p.Header.Get("Content-Type") != "application/pdf" || !strings.HasPrefix(p.Body, "%PDF-1.7") ||
				!strings.HasPrefix(p.Header.Get("Content-Disposition"), "inline; filename") || p.Header.Get("X-Content-Type-Options") != "nosniff" {
				t.Errorf("%s: %d %v", url, p.Status, p.Header)
			}
			p = b.Get(url + "?as=docx")
			if p.Status != 200 || !strings.HasPrefix(p.Body, "PK") || !strings.HasSuffix(p.Header.Get("Content-Disposition"), ".docx") || !strings.Contains(body, `href="`+url+`?as=docx"`) {
				t.Errorf("%s as DOCX: %d %v", url, p.Status, p.Header)
			}
		}
		if strings.Contains(body, "/papers/refusal") {
			t.Error("a notice of refusal is offered that there is not")
		}
	}
	if p := mine.Get(at + "/submitted"); !strings.Contains(p.Body, at+"/papers/receipt") {
		t.Error("the confirmation does not offer the receipt")
	}
	other := w.Browser(w.ApplicantOf(w.Organisation())).Get(at + "/papers/receipt")
	if other.Status != 404 || strings.Contains(other.Body, "%PDF") {
		t.Errorf("another applicant: %d", other.Status)
	}
	for _, as := range []string{"", "?as=docx"} {
		if p := w.Browser(stage.Anyone).Get(at + "/papers/receipt" + as); p.Status == 200 {
			t.Errorf("a visitor: %d", p.Status)
		}
		if p := w.Browser(w.ApplicantOf(w.Organisation())).Get(at + "/papers/receipt" + as); p.Status != 404 {
			t.Errorf("another applicant, %s: %d", as, p.Status)
		}
	}
}

// TestACopyIsCompared prints an application, scans one of its pages and shows that
// the others are missing; that the page of another application is found out; and
// that what is no scan is refused at its field.
func TestACopyIsCompared(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	w.Fonts()
	r := w.OpenRound()
	key, other := w.Submitted(r), w.Submitted(r)
	b := w.Browser(w.ApplicantOf(w.ApplicationOf(key).Organisation))
	at := "/applications/" + string(key) + "/copy"
	page := func(of id.Application, n string) []byte {
		p, err := w.Desk.ApplicationPaper(t.Context(), w.Office().Clerk, of, casework.PrintPaper)
		if err != nil {
			t.Fatal(err)
		}
		out := filepath.Join(t.TempDir(), "page")
		w.Judge("pdftoppm", "-r", "150", "-gray", "-jpeg", "-f", n, "-l", n, "-singlefile", w.Leaf(p.PDF), out)
		jpg, err := os.ReadFile(out + ".jpg")
		if err != nil {
			t.Fatal(err)
		}
		return jpg
	}
	if p := b.Send(at, "copy", "扫描件.jpg", page(key, "2")); p.Status != 200 || !strings.Contains(p.Words(), "缺打印版的第1、3、") {
		t.Errorf("one page of several: %d %s", p.Status, p.Words())
	}
	if p := b.Send(at, "copy", "扫描件.jpg", page(other, "1")); p.Status != 200 || !strings.Contains(p.Words(), "第1页（编号2021-002）属于另一件申报") {
		t.Errorf("of another application: %d %s", p.Status, p.Words())
	}
	for name, content := range map[string][]byte{"还没有选择文件": nil, "这个文件不是扫描件": []byte("MZ not a scan")} {
		if p := b.Send(at, "copy", "a.pdf", content); p.Status != 422 || !strings.Contains(p.Words(), name) {
			t.Errorf("%s: %d %s", name, p.Status, p.Words())
		}
	}
	if p := w.Browser(w.ApplicantOf(w.Organisation())).Send(at, "copy", "a.jpg", []byte("x")); p.Status != 404 {
		t.Errorf("another applicant: %d", p.Status)
	}
}
