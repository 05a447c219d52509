package web

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"shifan/internal/casework"
	"shifan/internal/id"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/web/page"
)

// templateReaders are who may read the words of documents and messages, each of the own
// programme.
var templateReaders = []stage.Role{stage.Clerk, stage.Director, stage.Operator, stage.Auditor}

func readsTemplates(by stage.Actor, name id.Programme) bool {
	return slices.Contains(templateReaders, by.Role) && (by.Programme == "" || by.Programme == name)
}

// templateRoutes are the pages of the words of a programme's documents and messages.
func (s *Site) templateRoutes() []route {
	director := []stage.Role{stage.Director}
	const one = "/programmes/{name}/templates/{list}/{kind}"
	return []route{
		{pattern: "GET /programmes/{name}/templates", allow: templateReaders, serve: s.listTemplates},
		{pattern: "GET " + one, allow: templateReaders, serve: s.askTemplate},
		{pattern: "POST " + one, allow: director, serve: s.saveTemplate, form: s.askTemplate},
		{pattern: "POST " + one + "/preview", allow: director, serve: s.previewTemplate, form: s.askTemplate},
		{pattern: "POST " + one + "/usual", allow: director, serve: s.restoreTemplate, form: s.askTemplate},
	}
}

func (s *Site) listTemplates(w http.ResponseWriter, r *request) error {
	name := id.Programme(r.PathValue("name"))
	all, err := s.desk.Templates(r.Context(), r.Actor, name)
	if err != nil {
		return err
	}
	f := s.page(r, "文书和消息模板", programmesLink, page.Link{Word: all[0].Programme.Title, URL: "/programmes/" + string(name)})
	return s.render(w, r, http.StatusOK, page.Templates(f, all))
}

// wording returns what was written: lines without blanks at their ends.
func wording(r *request) (subject, text string) {
	lines := strings.Split(strings.ReplaceAll(r.text("text"), "\r\n", "\n"), "\n")
	for i, l := range lines {
		lines[i] = strings.TrimSpace(l)
	}
	return r.text("subject"), strings.Join(lines, "\n")
}

func (s *Site) askTemplate(w http.ResponseWriter, r *request) error { return s.templatePage(w, r, nil) }

func (s *Site) templatePage(w http.ResponseWriter, r *request, sample *casework.TemplateSample) error {
	name := id.Programme(r.PathValue("name"))
	v, err := s.desk.Template(r.Context(), r.Actor, name, r.PathValue("list"), r.PathValue("kind"))
	if err != nil {
		return err
	}
	seen := v.Programme.Version
	if n, err := r.number("seen"); err == nil && n > 0 && sample != nil {
		seen = n // a preview does not read what others saved meanwhile
	}
	if sample == nil && r.Method == http.MethodGet {
		if got, err := s.desk.TryTemplate(r.Context(), r.Actor, name, v.List, v.Kind.Name, v.Subject, v.Text); err == nil {
			sample = &got
		}
	}
	f := s.page(r, v.Kind.Label, programmesLink, page.Link{Word: v.Programme.Title, URL: "/programmes/" + string(name)}, page.Link{Word: "文书和消息模板", URL: "/programmes/" + string(name) + "/templates"})
	subject, text := v.Subject, v.Text
	if r.Method == http.MethodPost && f.Form.Fault == nil {
		subject, text = wording(r)
	}
	return s.render(w, r, http.StatusOK, page.Template(f, v, subject, text, seen, sample))
}

// previewTemplate answers with the words filled with examples: as part of the page, or as
// the document. Nothing is saved.
func (s *Site) previewTemplate(w http.ResponseWriter, r *request) error {
	subject, text := wording(r)
	name, list, kind := id.Programme(r.PathValue("name")), r.PathValue("list"), r.PathValue("kind")
	if r.text("as") == "pdf" {
		p, err := s.desk.TryTemplatePaper(r.Context(), r.Actor, name, kind, text)
		if err != nil {
			return err
		}
		return sendPaper(w, r, p)
	}
	sample, err := s.desk.TryTemplate(r.Context(), r.Actor, name, list, kind, subject, text)
	if err != nil {
		return err
	}
	return s.templatePage(w, r, &sample)
}

func (s *Site) saveTemplate(w http.ResponseWriter, r *request) error {
	subject, text := wording(r)
	return s.putTemplate(w, r, subject, text, false, "已保存，方案有了新的版本。已发布的届次仍用原来的文字。")
}

func (s *Site) restoreTemplate(w http.ResponseWriter, r *request) error {
	return s.putTemplate(w, r, "", "", true, "已恢复默认的文字，方案有了新的版本。")
}

func (s *Site) putTemplate(w http.ResponseWriter, r *request, subject, text string, usual bool, done string) error {
	name, list, kind := r.PathValue("name"), r.PathValue("list"), r.PathValue("kind")
	seen, err := strconv.Atoi(r.text("seen"))
	if err != nil {
		seen = 0
	}
	if err := s.desk.SaveTemplate(r.Context(), r.Actor, id.Programme(name), list, kind, seen, subject, text, usual); err != nil {
		return err
	}
	return s.seeOther(w, r, "/programmes/"+name+"/templates/"+list+"/"+kind, done)
}
