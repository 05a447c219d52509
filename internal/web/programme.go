package web

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"

	"shifan/internal/casework"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/programme/format"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/web/page"
)

func (s *Site) programmeRoutes() []route {
	staff := []stage.Role{stage.Clerk, stage.Director, stage.Chair, stage.Member, stage.Assessor, stage.Operator, stage.Auditor}
	operator, chair := []stage.Role{stage.Operator}, []stage.Role{stage.Chair}
	all := []route{
		{pattern: "GET /programmes", allow: staff, serve: s.listProgrammes},
		{pattern: "GET /programmes/new", allow: operator, serve: s.askProgramme},
		{pattern: "POST /programmes/new", allow: operator, serve: s.loadProgramme, form: s.askProgramme},
		{pattern: "GET /programmes/{name}", allow: staff, serve: s.showProgramme},
		{pattern: "GET /programmes/{name}/file", allow: staff, serve: s.programmeFile},
		{pattern: "GET /guide", allow: everyone, serve: s.listGuides, kept: true},
		{pattern: "GET /guide/{name}", allow: everyone, serve: s.showGuide, kept: true},
		{pattern: "GET /guide/{name}/forms/{form}", allow: everyone, serve: s.blankForm},
	}
	for _, act := range []string{"suspend", "resume", "merge", "abolish"} {
		ask := func(w http.ResponseWriter, r *request) error { return s.askProgrammeAct(w, r, act, false) }
		do := func(w http.ResponseWriter, r *request) error { return s.programmeAct(w, r, act) }
		all = append(all,
			route{pattern: "GET /programmes/{name}/" + act, allow: chair, serve: ask},
			route{pattern: "POST /programmes/{name}/" + act, allow: chair, serve: do, form: ask})
	}
	return all
}

var programmesLink = page.Link{Word: "方案", URL: "/programmes"}

func (s *Site) listProgrammes(w http.ResponseWriter, r *request) error {
	all, err := s.desk.Programmes(r.Context(), r.Actor)
	if err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, page.Programmes(s.page(r, "方案"), all, r.Actor.Role == stage.Operator))
}

// programme loads the programme of the address, in the version that is asked for.
func (s *Site) programme(r *request) (casework.ProgrammeView, error) {
	number, err := r.number("version")
	if err != nil || number < 0 || r.Method == http.MethodPost {
		number = 0
	}
	return s.desk.ProgrammeVersion(r.Context(), r.Actor, id.Programme(r.PathValue("name")), number)
}

func (s *Site) showProgramme(w http.ResponseWriter, r *request) error {
	v, err := s.programme(r)
	if err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, page.Programme(s.page(r, v.Programme.Title, programmesLink), v, readsTemplates(r.Actor, v.Standing.Name)))
}

func (s *Site) programmeFile(w http.ResponseWriter, r *request) error {
	v, err := s.programme(r)
	if err != nil {
		return err
	}
	for _, f := range v.Versions {
		if f.Number == v.Programme.Version {
			w.Header().Set("Content-Type", "application/yaml; charset=utf-8")
			w.Header().Set("Content-Disposition", fmt.Sprintf("attachment; filename=%q", f.Key+".yaml"))
			_, err := io.WriteString(w, f.File)
			return err
		}
	}
	return fault.Missing()
}

// askProgramme shows the form, filled in with a version that is there, with one
// that the program is shipped with, or with what was sent and its problems.
func (s *Site) askProgramme(w http.ResponseWriter, r *request) error {
	shipped, err := s.desk.ShippedProgrammes(r.Context(), r.Actor)
	if err != nil {
		return err
	}
	text := r.PostFormValue("text")
	var problems []format.Problem
	if r.Method == http.MethodPost && text != "" {
		_, problems = s.desk.CheckProgramme([]byte(text))
	}
	for _, p := range shipped {
		if r.Method == http.MethodGet && string(p.Name) == r.FormValue("shipped") {
			text = p.File
		}
	}
	if from := id.Programme(r.FormValue("from")); from != "" && r.Method == http.MethodGet {
		v, err := s.desk.Programme(r.Context(), r.Actor, from)
		if err != nil {
			return err
		}
		text = v.Versions[0].File
	}
	return s.render(w, r, http.StatusOK, page.LoadProgramme(s.page(r, "载入方案", programmesLink), text, problems, shipped))
}

func (s *Site) loadProgramme(w http.ResponseWriter, r *request) error {
	text := r.PostFormValue("text")
	if file, _, err := r.FormFile("file"); err == nil {
		defer file.Close() //nolint:errcheck // it was only read
		b, err := io.ReadAll(file)
		if err != nil {
			return err
		}
		if len(b) > 0 {
			text = string(b)
			r.PostForm.Set("text", text) // what was in the file is shown, to be mended
		}
	}
	name, err := s.desk.LoadProgramme(r.Context(), r.Actor, []byte(text))
	if err != nil {
		if f, ok := errors.AsType[*fault.Fault](err); ok && len(f.Fields) > 0 {
			f.Fields = []fault.Field{{Path: "text", Say: f.Say}} // whatever is wrong, it is mended in the text
		}
		return err
	}
	return s.seeOther(w, r, "/programmes/"+string(name), "方案已载入。下一步由办公室经办人起草新的一届。")
}

func (s *Site) askProgrammeAct(w http.ResponseWriter, r *request, act string, check bool) error {
	v, err := s.programme(r)
	if err != nil {
		return err
	}
	if !slices.Contains(v.Acts, act) && r.Method == http.MethodGet {
		return errProgrammeAct.New(programme.Kind.Word(string(v.Standing.State)), programme.Kind.Word(act))
	}
	d := programme.Decision{Document: r.text("document"), Reason: r.text("reason")}
	f := s.page(r, programme.Kind.Word(act), programmesLink, page.Link{Word: v.Programme.Title, URL: "/programmes/" + string(v.Standing.Name)})
	return s.render(w, r, http.StatusOK, page.ProgrammeAct(f, v, act, d, r.text("into"), check))
}

var errProgrammeAct = fault.Define(fault.Refused, "programme.act.state",
	"方案%s，现在不能%s。请回到方案页看可以办理的事项。", "创建示范活动管理办法（试行）")

// programmeAct shows everything once more, and does it once that is confirmed.
func (s *Site) programmeAct(w http.ResponseWriter, r *request, act string) error {
	name := id.Programme(r.PathValue("name"))
	d := programme.Decision{Document: r.text("document"), Reason: r.text("reason")}
	if !r.yes("confirm") && d.Document != "" && d.Reason != "" && (act != "merge" || r.text("into") != "") {
		return s.askProgrammeAct(w, r, act, true)
	}
	var err error
	switch act {
	case "suspend":
		err = s.desk.SuspendProgramme(r.Context(), r.Actor, name, r.version(), d)
	case "resume":
		err = s.desk.ResumeProgramme(r.Context(), r.Actor, name, r.version(), d)
	case "merge":
		err = s.desk.MergeProgramme(r.Context(), r.Actor, name, id.Programme(r.text("into")), r.version(), d)
	case "abolish":
		err = s.desk.AbolishProgramme(r.Context(), r.Actor, name, r.version(), d)
	}
	if err != nil {
		return err
	}
	return s.seeOther(w, r, "/programmes/"+string(name), "已办理："+programme.Kind.Word(act)+"方案。")
}

func (s *Site) listGuides(w http.ResponseWriter, r *request) error {
	all, err := s.desk.Programmes(r.Context(), stage.Anyone)
	if err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, page.Guide(s.page(r, "办事指南"), all))
}

func (s *Site) showGuide(w http.ResponseWriter, r *request) error {
	v, err := s.desk.Programme(r.Context(), stage.Anyone, id.Programme(r.PathValue("name")))
	if err != nil {
		return err
	}
	f := s.page(r, v.Programme.Title, page.Link{Word: "办事指南", URL: "/guide"})
	return s.render(w, r, http.StatusOK, page.ProgrammeGuide(f, v, s.options.Contact))
}

func (s *Site) blankForm(w http.ResponseWriter, r *request) error {
	text, err := s.desk.BlankForm(r.Context(), id.Programme(r.PathValue("name")), r.PathValue("form"))
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	w.Header().Set("Content-Disposition", fmt.Sprintf("attachment; filename=%q", r.PathValue("form")))
	_, err = w.Write(text)
	return err
}
