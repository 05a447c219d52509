package web

import (
	"net/http"

	"shifan/internal/id"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/web/page"
)

func (s *Site) scoreRoutes() []route {
	reads := []stage.Role{stage.Clerk, stage.Director, stage.Chair, stage.Auditor}
	return []route{
		{pattern: "GET /rounds/{id}/scores", allow: reads, serve: s.showScores},
	}
}

func (s *Site) showScores(w http.ResponseWriter, r *request) error {
	v, err := s.desk.Scores(r.Context(), r.Actor, id.Round(r.PathValue("id")))
	if err != nil {
		return err
	}
	f := s.page(r, "评分和一致性", roundsLink, page.Link{Word: v.Round.Title, URL: "/rounds/" + string(v.Round.ID)})
	f.Wide = true
	return s.render(w, r, http.StatusOK, page.Scores(f, v))
}
