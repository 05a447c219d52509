package web

import (
	"net/http"

	"shifan/internal/lifecycle/stage"
	"shifan/internal/web/page"
)

// everyone is who may use a public route.
var everyone = []stage.Role{stage.Public}

// signedIn is everybody who has an account.
var signedIn = []stage.Role{
	stage.Applicant, stage.Clerk, stage.Director, stage.Assessor, stage.Member, stage.Chair,
	stage.Scrutineer, stage.Auditor, stage.Operator,
}

// frameRoutes are the pages that belong to no chapter.
func (s *Site) frameRoutes() []route {
	return []route{
		{pattern: "GET /{$}", allow: everyone, serve: s.showHome, kept: true},
		{pattern: "GET /work", allow: signedIn, serve: s.showWork},
		{pattern: "GET /accessibility", allow: everyone, serve: s.showAccessibility, kept: true},
		{pattern: "GET /privacy", allow: everyone, serve: s.showPrivacy, kept: true},
		{pattern: "GET /sitemap.xml", allow: everyone, serve: s.sendSitemap, kept: true},
		{pattern: "GET /robots.txt", allow: everyone, serve: s.sendRobots, kept: true},
		{pattern: "GET /healthz", allow: everyone, serve: s.healthy},
		{pattern: "GET /readyz", allow: everyone, serve: s.ready},
	}
}

func (s *Site) showHome(w http.ResponseWriter, r *request) error {
	v, err := s.desk.Home(r.Context())
	if err != nil {
		return err
	}
	f := s.page(r, s.options.Name)
	f.Crumbs, f.Parts = nil, true
	return s.render(w, r, http.StatusOK, page.Home(f, v))
}

func (s *Site) showWork(w http.ResponseWriter, r *request) error {
	waiting, err := s.desk.Waiting(r.Context(), r.Actor)
	if err != nil {
		return err
	}
	standing, err := s.desk.Standing(r.Context(), r.Actor)
	if err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, page.Work(s.page(r, "工作台"), waiting, standing))
}

func (s *Site) showAccessibility(w http.ResponseWriter, r *request) error {
	return s.render(w, r, http.StatusOK, page.Accessibility(s.page(r, "无障碍说明")))
}

func (s *Site) showPrivacy(w http.ResponseWriter, r *request) error {
	return s.render(w, r, http.StatusOK, page.Privacy(s.page(r, "隐私说明")))
}

// healthy answers that the process is up. It asks nothing of the database, so that
// nobody restarts a process because another machine is down.
func (s *Site) healthy(w http.ResponseWriter, _ *request) error {
	return word(w, http.StatusOK, "ok\n")
}

// ready tells a load balancer whether to send requests here: the database answers,
// has this program's form, and the record's key is loaded; and what was uploaded last is
// where files are kept. Why not is in the log.
func (s *Site) ready(w http.ResponseWriter, r *request) error {
	if err := s.desk.Store.Ready(r.Context()); err != nil {
		s.log.Error("not ready", "error", err)
		return word(w, http.StatusServiceUnavailable, "not ready\n")
	}
	if err := s.desk.CheckBlobs(r.Context(), 1); err != nil {
		s.log.Error("not ready", "error", err)
		return word(w, http.StatusServiceUnavailable, "not ready: files\n")
	}
	return word(w, http.StatusOK, "ready\n")
}

func word(w http.ResponseWriter, status int, text string) error {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, err := w.Write([]byte(text))
	return err
}
