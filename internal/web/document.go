package web

import (
	"net/http"
	"net/url"
	"slices"

	"shifan/internal/casework"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/document"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/web/page"
)

// documentRoutes are the register's lines of what was signed, and the acts on them. Before
// it is signed, and as it is in force, a document is at the address of its thing.
func (s *Site) documentRoutes() []route {
	head, director := []stage.Role{stage.Director, stage.Chair}, []stage.Role{stage.Director}
	return []route{
		{pattern: "GET /documents/sign", allow: head, serve: s.askSignDocument},
		{pattern: "POST /documents/sign", allow: head, serve: s.signDocument, form: s.askSignDocument},
		{pattern: "GET /documents/{id}", allow: seesRegister, serve: s.showDocument},
		{pattern: "GET /documents/{id}/paper", allow: seesRegister, serve: s.sendSigned},
		{pattern: "GET /documents/{id}/supersede", allow: head, serve: s.askEndDocument("supersede")},
		{pattern: "POST /documents/{id}/supersede", allow: head, serve: s.supersedeDocument, form: s.askEndDocument("supersede")},
		{pattern: "GET /documents/{id}/void", allow: director, serve: s.askEndDocument("void")},
		{pattern: "POST /documents/{id}/void", allow: director, serve: s.voidDocument, form: s.askEndDocument("void")},
	}
}

var registerLink = page.Link{Word: "发文登记簿", URL: "/numbers"}

func documentOf(r *request) id.Document { return id.Document(r.PathValue("id")) }

func (s *Site) showDocument(w http.ResponseWriter, r *request) error {
	v, err := s.desk.Document(r.Context(), r.Actor, documentOf(r))
	if err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, page.Document(s.page(r, v.Document.Title, registerLink), v))
}

func (s *Site) sendSigned(w http.ResponseWriter, r *request) error {
	return handed(w, r)(s.desk.SignedPaper(r.Context(), r.Actor, documentOf(r)))
}

// askSignDocument shows what would be signed. That there is such a thing, and that the reader sees
// it, is asked before anything is said of it.
func (s *Site) askSignDocument(w http.ResponseWriter, r *request) error {
	sort, known := document.SortOf(r.text("sort"))
	if !known {
		return fault.Missing()
	}
	v, err := s.desk.Signable(r.Context(), r.Actor, sort.Code, r.text("about"))
	if err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, page.SignDocumentForm(s.page(r, "签发"+sort.Word, registerLink), sort, r.text("about"), v.Number, paperURL(sort, r.text("about"))))
}

// paperURL is where the document of a thing is offered.
func paperURL(s document.Sort, about string) string {
	about = url.PathEscape(about)
	switch s.Thing {
	case "round":
		return "/calls/" + about + "/paper"
	case "publicity":
		return "/publicities/" + about + "/paper"
	case "naming", "rectification":
		return "/" + s.Thing + "s/" + about + "/paper"
	}
	kind := s.Code
	if kind == "revocation" {
		kind = casework.RevokedPaper
	}
	return "/" + s.Thing + "s/" + about + "/papers/" + kind
}

func (s *Site) signDocument(w http.ResponseWriter, r *request) error {
	key, err := s.desk.SignDocument(r.Context(), r.Actor, r.text("sort"), r.text("about"))
	if err != nil {
		return err
	}
	return s.seeOther(w, r, "/documents/"+string(key), "已签发，登记在发文登记簿里。")
}

// askEndDocument asks for the reason of an act on a signed document.
func (s *Site) askEndDocument(act string) func(http.ResponseWriter, *request) error {
	return func(w http.ResponseWriter, r *request) error {
		v, err := s.desk.Document(r.Context(), r.Actor, documentOf(r))
		if err != nil {
			return err
		}
		if r.Method == http.MethodGet && !slices.Contains(v.Acts, act) { // nobody writes a reason in vain
			return s.seeOther(w, r, "/documents/"+string(v.Document.ID), "这份文书现在不能"+document.Kind.Word(act)+"。能办的列在下面。")
		}
		return s.render(w, r, http.StatusOK, page.EndDocument(s.page(r, document.Kind.Word(act)+"文书", registerLink, page.Link{Word: v.Document.Title, URL: "/documents/" + string(v.Document.ID)}), v, act))
	}
}

func (s *Site) supersedeDocument(w http.ResponseWriter, r *request) error {
	made, err := s.desk.SupersedeDocument(r.Context(), r.Actor, documentOf(r), r.text("reason"))
	if err != nil {
		return err
	}
	return s.seeOther(w, r, "/documents/"+string(made), "已重新签发，原来的文本标明已被替代。")
}

func (s *Site) voidDocument(w http.ResponseWriter, r *request) error {
	if err := s.desk.VoidDocument(r.Context(), r.Actor, documentOf(r), r.text("reason")); err != nil {
		return err
	}
	return s.seeOther(w, r, "/documents/"+r.PathValue("id"), "已作废，文号不再使用。")
}
