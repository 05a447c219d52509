package web

import (
	"net/http"

	"shifan/internal/casework"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/naming"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/web/page"
)

func (s *Site) namingRoutes() []route {
	anybody := append([]stage.Role{stage.Public}, signedIn...)
	clerk := []stage.Role{stage.Clerk}
	head := []stage.Role{stage.Director, stage.Chair}
	director := []stage.Role{stage.Director}
	leave := []stage.Role{stage.Clerk, stage.Director, stage.Chair}
	return []route{
		{pattern: "GET /namings", allow: anybody, serve: s.listNamings, kept: true},
		{pattern: "GET /namings/{id}", allow: anybody, serve: s.showNaming, kept: true},
		{pattern: "GET /namings/{id}/paper", allow: anybody, serve: s.sendNamingPaper},
		{pattern: "GET /rounds/{id}/naming", allow: clerk, serve: s.newNaming},
		{pattern: "POST /rounds/{id}/naming", allow: clerk, serve: s.draftNaming, form: s.newNaming},
		{pattern: "GET /namings/{id}/edit", allow: clerk, serve: s.askNaming},
		{pattern: "POST /namings/{id}/edit", allow: clerk, serve: s.editNaming, form: s.askNaming},
		{pattern: "GET /namings/{id}/release", allow: head, serve: s.checkNaming("放行名单", "release")},
		{pattern: "POST /namings/{id}/release", allow: head, serve: s.releaseNaming, form: s.checkNaming("放行名单", "release")},
		{pattern: "GET /namings/{id}/issue", allow: director, serve: s.checkNaming("印发命名通知", "issue")},
		{pattern: "POST /namings/{id}/issue", allow: director, serve: s.issueNaming, form: s.checkNaming("印发命名通知", "issue")},
		{pattern: "GET /namings/{id}/issued", allow: director, serve: s.showIssued},
		{pattern: "GET /namings/{id}/send-back", allow: head, serve: s.leaveNaming("退回修改")},
		{pattern: "POST /namings/{id}/send-back", allow: head, serve: s.sendBackNaming, form: s.leaveNaming("退回修改")},
		{pattern: "GET /namings/{id}/cancel", allow: leave, serve: s.leaveNaming("取消命名")},
		{pattern: "POST /namings/{id}/cancel", allow: leave, serve: s.cancelNaming, form: s.leaveNaming("取消命名")},
		{pattern: "GET /numbers", allow: seesRegister, serve: s.showRegister},
		{pattern: "POST /numbers", allow: clerk, serve: s.enterNumbers, form: s.showRegister},
		{pattern: "GET /numbers/{key}/void", allow: director, serve: s.askVoid},
		{pattern: "POST /numbers/{key}/void", allow: director, serve: s.voidNumber, form: s.askVoid},
	}
}

var namingsLink = page.Link{Word: "命名", URL: "/namings"}

func (s *Site) listNamings(w http.ResponseWriter, r *request) error {
	f := casework.NamingFilter{After: id.Naming(r.FormValue("after")), Limit: designationsMost}
	all, err := s.desk.Namings(r.Context(), r.Actor, f)
	if err != nil {
		return err
	}
	next := ""
	if len(all) == f.Limit {
		next = "/namings?after=" + string(all[len(all)-1].ID)
	}
	r.inside()
	return s.render(w, r, http.StatusOK, page.Namings(s.page(r, "命名"), all, office(r), next))
}

func (s *Site) naming(r *request) (casework.NamingView, error) {
	return s.desk.Naming(r.Context(), r.Actor, id.Naming(r.PathValue("id")))
}

// sendNamingPaper sends the naming notice.
func (s *Site) sendNamingPaper(w http.ResponseWriter, r *request) error {
	p, err := s.desk.NamingPaper(r.Context(), r.Actor, id.Naming(r.PathValue("id")))
	if err != nil {
		return err
	}
	return sendPaper(w, r, p)
}

func (s *Site) showNaming(w http.ResponseWriter, r *request) error {
	v, err := s.naming(r)
	if err != nil {
		return err
	}
	r.inside()
	if v.Naming.State == naming.Issued {
		return s.render(w, r, http.StatusOK, page.NamingNotice(s.page(r, "命名通知", namingsLink), v))
	}
	return s.render(w, r, http.StatusOK, page.Naming(s.page(r, v.Naming.Title, namingsLink), v))
}

// aNaming draws a page about the naming of the address.
func (s *Site) aNaming(r *request, title string, draw func(page.Frame, casework.NamingView) error) error {
	v, err := s.naming(r)
	if err != nil {
		return err
	}
	return draw(s.page(r, title, namingsLink, page.Link{Word: "名单", URL: "/namings/" + string(v.Naming.ID)}), v)
}

func (s *Site) newNaming(w http.ResponseWriter, r *request) error {
	v, err := s.desk.NamingChoices(r.Context(), r.Actor, id.Round(r.PathValue("id")))
	if err != nil {
		return err
	}
	back := "/rounds/" + r.PathValue("id")
	return s.render(w, r, http.StatusOK, page.NamingForm(s.page(r, "起草命名名单", roundsLink, page.Link{Word: v.Round.Title, URL: back}), v.Plan, v.Candidates, v.Programme.Naming.Split, 0, back))
}

// readNaming reads the form of a naming.
func (s *Site) readNaming(r *request) (p naming.Plan, err error) {
	p = naming.Plan{Title: r.text("title"), Addressees: r.text("addressees"), Closing: r.text("closing")}
	for _, a := range r.all("list") {
		p.List = append(p.List, id.Application(a))
	}
	p.DatedOn, err = r.date("dated_on")
	return p, err
}

func (s *Site) draftNaming(w http.ResponseWriter, r *request) error {
	p, err := s.readNaming(r)
	if err != nil {
		return err
	}
	key, err := s.desk.DraftNaming(r.Context(), r.Actor, id.Round(r.PathValue("id")), p)
	if err != nil {
		return err
	}
	return s.seeOther(w, r, "/namings/"+string(key), "名单已保存，等两人先后放行。")
}

func (s *Site) askNaming(w http.ResponseWriter, r *request) error {
	return s.aNaming(r, "修改名单", func(f page.Frame, v casework.NamingView) error {
		if v.Naming.State == naming.Issued {
			return fault.Missing()
		}
		return s.render(w, r, http.StatusOK, page.NamingForm(f, v.Naming.Plan(), v.Candidates, v.Programme.Naming.Split, v.Naming.Version, "/namings/"+string(v.Naming.ID)))
	})
}

func (s *Site) editNaming(w http.ResponseWriter, r *request) error {
	p, err := s.readNaming(r)
	if err != nil {
		return err
	}
	if err := s.desk.EditNaming(r.Context(), r.Actor, id.Naming(r.PathValue("id")), r.version(), p); err != nil {
		return err
	}
	return s.seeOther(w, r, "/namings/"+r.PathValue("id"), "名单已保存，等两人先后放行。")
}

// checkNaming draws the last look before a release or the issue.
func (s *Site) checkNaming(title, act string) func(http.ResponseWriter, *request) error {
	return func(w http.ResponseWriter, r *request) error {
		return s.aNaming(r, title, func(f page.Frame, v casework.NamingView) error {
			return s.render(w, r, http.StatusOK, page.CheckNaming(f, v, act))
		})
	}
}

func (s *Site) releaseNaming(w http.ResponseWriter, r *request) error {
	if err := s.desk.ReleaseNaming(r.Context(), r.Actor, id.Naming(r.PathValue("id")), r.version()); err != nil {
		return err
	}
	return s.seeOther(w, r, "/namings/"+r.PathValue("id"), "已放行。")
}

func (s *Site) issueNaming(w http.ResponseWriter, r *request) error {
	if err := s.desk.IssueNaming(r.Context(), r.Actor, id.Naming(r.PathValue("id")), r.version()); err != nil {
		return err
	}
	return s.seeOther(w, r, "/namings/"+r.PathValue("id")+"/issued", "")
}

func (s *Site) showIssued(w http.ResponseWriter, r *request) error {
	return s.aNaming(r, "命名通知已印发", func(f page.Frame, v casework.NamingView) error {
		if v.Naming.State != naming.Issued {
			return fault.Missing()
		}
		return s.render(w, r, http.StatusOK, page.IssuedNaming(f, v))
	})
}

func (s *Site) leaveNaming(title string) func(http.ResponseWriter, *request) error {
	return func(w http.ResponseWriter, r *request) error {
		return s.aNaming(r, title, func(f page.Frame, v casework.NamingView) error {
			return s.render(w, r, http.StatusOK, page.LeaveNaming(f, v))
		})
	}
}

func (s *Site) sendBackNaming(w http.ResponseWriter, r *request) error {
	if err := s.desk.SendBackNaming(r.Context(), r.Actor, id.Naming(r.PathValue("id")), r.version(), r.text("reason")); err != nil {
		return err
	}
	return s.seeOther(w, r, "/namings/"+r.PathValue("id"), "已退回，放行作废。")
}

func (s *Site) cancelNaming(w http.ResponseWriter, r *request) error {
	if err := s.desk.CancelNaming(r.Context(), r.Actor, id.Naming(r.PathValue("id")), r.version(), r.text("reason")); err != nil {
		return err
	}
	return s.seeOther(w, r, "/namings/"+r.PathValue("id"), "已取消。单位仍列为待命名。")
}

// registerProgramme is the programme whose register is shown: the one asked for,
// or the first of those that the reader works in.
func (s *Site) registerProgramme(r *request) (id.Programme, error) {
	if p := r.text("programme"); p != "" {
		return id.Programme(p), nil
	}
	all, err := s.desk.DraftableProgrammes(r.Context(), r.Actor)
	if err != nil {
		return "", err
	}
	if len(all) == 0 {
		return "", errNoProgramme.New()
	}
	return all[0].Name, nil
}

func (s *Site) showRegister(w http.ResponseWriter, r *request) error {
	p, err := s.registerProgramme(r)
	if err != nil {
		return err
	}
	year := 0
	if y, err := r.number("year"); err == nil && y > 0 && y < 10000 {
		year = y
	}
	v, err := s.desk.Register(r.Context(), r.Actor, p, year)
	if err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, page.Register(s.page(r, "文号登记簿", namingsLink), v, r.Actor.Role == stage.Clerk, r.Actor.Role == stage.Director))
}

func (s *Site) enterNumbers(w http.ResponseWriter, r *request) error {
	p, err := s.registerProgramme(r)
	if err != nil {
		return err
	}
	year, err := r.number("year")
	if err != nil {
		return err
	}
	seq, err := r.number("seq")
	if err != nil {
		return err
	}
	if err := s.desk.EnterNumbers(r.Context(), r.Actor, p, year, seq, r.text("title")); err != nil {
		return err
	}
	return s.seeOther(w, r, "/numbers", "已补登。")
}

func (s *Site) askVoid(w http.ResponseWriter, r *request) error {
	key := r.PathValue("key")
	p, err := s.desk.NumberOf(r.Context(), r.Actor, key)
	if err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, page.VoidNumber(s.page(r, "作废文号", namingsLink, page.Link{Word: "文号登记簿", URL: "/numbers"}), key, string(p)))
}

func (s *Site) voidNumber(w http.ResponseWriter, r *request) error {
	if err := s.desk.VoidNumber(r.Context(), r.Actor, id.Programme(r.text("programme")), r.PathValue("key"), r.text("why")); err != nil {
		return err
	}
	return s.seeOther(w, r, "/numbers", "文号已作废，不再使用。")
}
