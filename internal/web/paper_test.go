package web_test

import (
	"strings"
	"testing"

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
	if p := w.Browser(stage.Anyone).Get(at + "/papers/receipt"); p.Status == 200 {
		t.Errorf("a visitor: %d", p.Status)
	}
}
