package web

import (
	"net/http"
	"net/url"
	"strconv"

	"shifan/internal/casework"
	"shifan/internal/id"
	"shifan/internal/lifecycle/stage"
)

// paperRoutes send documents as PDF. Who may see a page may have its documents.
func (s *Site) paperRoutes() []route {
	return []route{
		{pattern: "GET /applications/{id}/papers/{paper}", allow: []stage.Role{stage.Applicant, stage.Clerk, stage.Director, stage.Chair, stage.Auditor}, serve: s.sendApplicationPaper},
	}
}

func (s *Site) sendApplicationPaper(w http.ResponseWriter, r *request) error {
	p, err := s.desk.ApplicationPaper(r.Context(), r.Actor, id.Application(r.PathValue("id")), r.PathValue("paper"))
	if err != nil {
		return err
	}
	return sendPaper(w, p)
}

// sendPaper sends a document so that a browser shows it, and saves it under its
// own name.
func sendPaper(w http.ResponseWriter, p casework.Paper) error {
	w.Header().Set("Content-Type", "application/pdf")
	w.Header().Set("Content-Length", strconv.Itoa(len(p.PDF)))
	w.Header().Set("Content-Disposition", `inline; filename="document.pdf"; filename*=UTF-8''`+url.PathEscape(p.Name+".pdf"))
	_, err := w.Write(p.PDF)
	return err
}
