package api_test

import (
	"net/http"
	"strings"
	"testing"

	"shifan/internal/calendar"
	"shifan/internal/id"
	"shifan/internal/testkit"
)

// TestPapers: the bytes of a document that was signed are those of its digests, in either
// form, with an ETag that spares the reader the second time; the holder reads the order at
// its thing, a stranger gets neither, and what is on no list of the page is nothing.
func TestPapers(t *testing.T) {
	t.Parallel()
	w := testkit.New(t)
	w.Fonts()
	title := w.Designation()
	o := w.Office()
	chair, clerk := w.Program(o.Chair), w.Program(o.Clerk)
	var d struct{ Organisation string }
	clerk.Get("/designations/"+string(title)).Want(http.StatusOK, &d)
	holder, stranger, member := w.Program(w.ApplicantOf(id.Organisation(d.Organisation))), w.Program(w.Applicant("别处", w.Organisation())), w.Program(w.Members()[0])
	made := func(p *testkit.Program, path string, in any) string {
		t.Helper()
		return strings.TrimPrefix(p.Post(path, in).Want(http.StatusCreated).Header.Get("Location"), "/api/v1")
	}
	order := made(chair, "/rectifications", map[string]any{"designation": title, "items": []string{"按期换届", "恢复活动场所"}})
	if a := chair.Get(order + "/paper").Want(http.StatusOK); !strings.Contains(a.Header.Get("Content-Disposition"), "%ef%bc%88%e7%a8%bf%ef%bc%89") {
		t.Errorf("a draft that is not called one: %v", a.Header)
	}
	signed := made(chair, "/documents", map[string]any{"sort": "rectification", "subject": strings.TrimPrefix(order, "/rectifications/")})
	clerk.Post(order+"/serve", map[string]any{"on": calendar.DateOf(w.Now())}, "If-Match", clerk.Get(order).Header.Get("ETag")).Want(http.StatusOK)
	var doc struct {
		PDF, DOCX struct{ SHA256 string }
	}
	clerk.Get(signed).Want(http.StatusOK, &doc)
	for as, want := range map[string]struct{ sum, media, begins string }{
		"":         {doc.PDF.SHA256, "application/pdf", "%PDF"},
		"?as=pdf":  {doc.PDF.SHA256, "application/pdf", "%PDF"},
		"?as=docx": {doc.DOCX.SHA256, "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "PK"},
	} {
		for at, p := range map[string]*testkit.Program{signed: clerk, order: holder} {
			a := p.Get(at + "/paper" + as).Want(http.StatusOK)
			tag := `"` + want.sum + `"`
			if sumOf([]byte(a.Body)) != want.sum || !strings.HasPrefix(a.Body, want.begins) || a.Header.Get("Content-Type") != want.media || a.Header.Get("ETag") != tag {
				t.Errorf("%s%s: %d bytes, %v", at, as, len(a.Body), a.Header)
			}
			if again := p.Do(http.MethodGet, "/api/v1"+at+"/paper"+as, nil, "If-None-Match", tag); again.Status != http.StatusNotModified || again.Body != "" {
				t.Errorf("%s%s again: %d", at, as, again.Status)
			}
		}
	}
	clerk.Get(signed+"/paper?as=odt").Refused(http.StatusUnprocessableEntity, "api.paper.as")
	clerk.Get(signed+"/paper?for=me").Refused(http.StatusUnprocessableEntity, "api.field.unknown")
	holder.Get(signed+"/paper").Refused(http.StatusForbidden, "api.role")
	stranger.Get(order+"/paper").Refused(http.StatusNotFound, "thing.not_found")
	member.Get(signed+"/paper").Refused(http.StatusForbidden, "api.role")
	clerk.Get("/documents/doc_0000000000000000/paper").Refused(http.StatusNotFound, "thing.not_found")
}
