package web

import (
	"errors"
	"io"
	"net/http"

	"shifan/internal/casework"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/web/page"
)

func (s *Site) scoreRoutes() []route {
	reads := []stage.Role{stage.Clerk, stage.Director, stage.Chair, stage.Auditor}
	return []route{
		{pattern: "GET /rounds/{id}/scores", allow: reads, serve: s.showScores},
		{pattern: "GET /rounds/{id}/dry-run", allow: reads, serve: s.askDryRun},
		{pattern: "POST /rounds/{id}/dry-run", allow: reads, serve: s.dryRun, form: s.askDryRun},
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

func (s *Site) askDryRun(w http.ResponseWriter, r *request) error { return s.dryRunPage(w, r, nil) }

// dryRunPage shows the form with what was typed, or with the programme of the round to
// be changed, and what came out if something was tried.
func (s *Site) dryRunPage(w http.ResponseWriter, r *request, v *casework.DryRun) error {
	if _, err := s.desk.DryRunRound(r.Context(), r.Actor, id.Round(r.PathValue("id"))); err != nil {
		return err
	}
	of, err := s.desk.Round(r.Context(), r.Actor, id.Round(r.PathValue("id")))
	if err != nil {
		return err
	}
	text := r.PostFormValue("text")
	if r.Method == http.MethodGet {
		p, err := s.desk.ProgrammeVersion(r.Context(), r.Actor, of.Round.Programme, of.Programme.Version)
		if err != nil {
			return err
		}
		for _, f := range p.Versions {
			if f.Number == of.Programme.Version {
				text = f.File
			}
		}
	}
	f := s.page(r, "试算规则改动", roundsLink, page.Link{Word: of.Round.Title, URL: "/rounds/" + string(of.Round.ID)})
	f.Wide = true
	return s.render(w, r, http.StatusOK, page.DryRun(f, of, text, v))
}

// dryRun answers with what came out: nothing was written to be led to.
func (s *Site) dryRun(w http.ResponseWriter, r *request) error {
	text := r.PostFormValue("text")
	if file, _, err := r.FormFile("file"); err == nil {
		defer file.Close() //nolint:errcheck // it was only read
		b, err := io.ReadAll(file)
		if err != nil {
			return err
		}
		if len(b) > 0 {
			text = string(b)
			r.PostForm.Set("text", text)
		}
	}
	v, err := s.desk.TryProgramme(r.Context(), r.Actor, id.Round(r.PathValue("id")), []byte(text))
	if err != nil {
		if f, ok := errors.AsType[*fault.Fault](err); ok && len(f.Fields) > 0 {
			f.Fields = []fault.Field{{Path: "text", Say: f.Say}} // it is mended in the text
		}
		return err
	}
	return s.dryRunPage(w, r, &v)
}
