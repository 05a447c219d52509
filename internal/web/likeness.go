package web

import (
	"net/http"

	"shifan/internal/casework"
	"shifan/internal/id"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/web/page"
)

func (s *Site) likenessRoutes() []route {
	compares := []stage.Role{stage.Clerk, stage.Director, stage.Auditor}
	return []route{
		{pattern: "GET /rounds/{id}/likenesses", allow: compares, serve: s.roundLikenesses},
		{pattern: "GET /applications/{id}/likenesses", allow: compares, serve: s.applicationLikenesses},
		{pattern: "GET /applications/{id}/likenesses/compare", allow: compares, serve: s.compareStatements},
	}
}

func (s *Site) roundLikenesses(w http.ResponseWriter, r *request) error {
	v, err := s.desk.RoundLikeness(r.Context(), r.Actor, id.Round(r.PathValue("id")))
	if err != nil {
		return err
	}
	return s.likenesses(w, r, v)
}

func (s *Site) applicationLikenesses(w http.ResponseWriter, r *request) error {
	v, err := s.desk.ApplicationLikeness(r.Context(), r.Actor, id.Application(r.PathValue("id")))
	if err != nil {
		return err
	}
	return s.likenesses(w, r, v)
}

func (s *Site) likenesses(w http.ResponseWriter, r *request, v casework.LikenessView) error {
	above := []page.Link{reviewsLink}
	if v.Review != "" {
		above = append(above, page.Link{Word: v.Application.Name, URL: "/reviews/" + string(v.Review)})
	}
	f := s.page(r, "相近的表述", above...)
	f.Wide = true
	return s.render(w, r, http.StatusOK, page.Likenesses(f, v))
}

func (s *Site) compareStatements(w http.ResponseWriter, r *request) error {
	v, err := s.desk.CompareStatements(r.Context(), r.Actor, id.Application(r.PathValue("id")), r.FormValue("indicator"), id.Application(r.FormValue("other")), r.FormValue("as"))
	if err != nil {
		return err
	}
	f := s.page(r, "并排比对", reviewsLink, page.Link{Word: "相近的表述", URL: "/applications/" + r.PathValue("id") + "/likenesses"})
	f.Wide = true
	return s.render(w, r, http.StatusOK, page.SideBySide(f, v))
}
