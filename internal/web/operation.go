package web

import (
	"net/http"

	"shifan/internal/lifecycle/stage"
	"shifan/internal/web/page"
)

// operationRoutes is the page of whoever runs the installation.
func (s *Site) operationRoutes() []route {
	return []route{
		{pattern: "GET /operation", allow: []stage.Role{stage.Operator}, serve: s.showOperation},
	}
}

func (s *Site) showOperation(w http.ResponseWriter, r *request) error {
	o, err := s.desk.Operation(r.Context(), r.Actor)
	if err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, page.Operation(s.page(r, "运行情况"), o))
}
