package web

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"shifan/internal/calendar"
	"shifan/internal/casework"
	"shifan/internal/id"
	"shifan/internal/lifecycle/publicity"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/web/page"
)

// runsPublicities lists who sees the work page of a publicity.
var runsPublicities = []stage.Role{stage.Clerk, stage.Director, stage.Chair, stage.Auditor}

func (s *Site) publicityRoutes() []route {
	public := append([]stage.Role{stage.Public}, runsPublicities...)
	director := []stage.Role{stage.Director}
	both := []stage.Role{stage.Clerk, stage.Director}
	return []route{
		{pattern: "GET /publicities", allow: public, serve: s.listPublicities, kept: true},
		{pattern: "GET /publicities/new", allow: clerks, serve: s.newPublicity},
		{pattern: "POST /publicities/new", allow: clerks, serve: s.draftPublicity, form: s.newPublicity},
		{pattern: "GET /publicities/{id}", allow: public, serve: s.showPublicity, kept: true},
		{pattern: "GET /publicities/{id}/text", allow: everyone, serve: s.publicityText, kept: true},
		{pattern: "GET /publicities/{id}/handover.zip", allow: runsPublicities, serve: s.sendHandover},
		{pattern: "GET /publicities/{id}/paper", allow: public, serve: s.sendPublicityPaper},
		{pattern: "GET /publicities/{id}/manage", allow: runsPublicities, serve: s.managePublicity},
		{pattern: "GET /publicities/{id}/edit", allow: clerks, serve: s.askPublicity},
		{pattern: "POST /publicities/{id}/edit", allow: clerks, serve: s.editPublicity, form: s.askPublicity},
		{pattern: "GET /publicities/{id}/publish", allow: director, serve: s.askPublishPublicity},
		{pattern: "POST /publicities/{id}/publish", allow: director, serve: s.publishPublicity, form: s.askPublishPublicity},
		{pattern: "GET /publicities/{id}/published", allow: director, serve: s.showPublishedPublicity},
		{pattern: "GET /publicities/{id}/post", allow: both, serve: s.publicityForm("登记网站发布", page.PostForm)},
		{pattern: "POST /publicities/{id}/post", allow: both, serve: s.postPublicity, form: s.publicityForm("登记网站发布", page.PostForm)},
		{pattern: "GET /publicities/{id}/interrupt", allow: both, serve: s.publicityForm("登记中断", page.InterruptForm)},
		{pattern: "POST /publicities/{id}/interrupt", allow: both, serve: s.interruptPublicity, form: s.publicityForm("登记中断", page.InterruptForm)},
		{pattern: "GET /publicities/{id}/correct", allow: director, serve: s.publicityForm("更正", page.CorrectForm)},
		{pattern: "POST /publicities/{id}/correct", allow: director, serve: s.correctPublicity, form: s.publicityForm("更正", page.CorrectForm)},
		{pattern: "POST /publicities/{id}/recount", allow: director, serve: s.recountPublicity, form: s.managePublicity},
		{pattern: "GET /publicities/{id}/take-down", allow: clerks, serve: s.publicityForm("登记撤下", page.TakeDownForm)},
		{pattern: "POST /publicities/{id}/take-down", allow: clerks, serve: s.takeDownPublicity, form: s.publicityForm("登记撤下", page.TakeDownForm)},
		{pattern: "GET /publicities/{id}/withdraw", allow: director, serve: s.askEndPublicity("撤回公示", "撤回公示")},
		{pattern: "POST /publicities/{id}/withdraw", allow: director, serve: s.endPublicity("公示已撤回，名单上的单位可以另行公示。", s.desk.WithdrawPublicity), form: s.askEndPublicity("撤回公示", "撤回公示")},
		{pattern: "GET /publicities/{id}/cancel", allow: both, serve: s.askEndPublicity("取消公示草稿", "取消草稿")},
		{pattern: "POST /publicities/{id}/cancel", allow: both, serve: s.endPublicity("草稿已取消。", s.desk.CancelPublicity), form: s.askEndPublicity("取消公示草稿", "取消草稿")},
	}
}

var publicitiesLink = page.Link{Word: "公示", URL: "/publicities"}

// publicitiesMost is how many publicities a page lists.
const publicitiesMost = 30

func publicityOf(r *request) id.Publicity { return id.Publicity(r.PathValue("id")) }

func runsPublicity(r *request) bool { return slices.Contains(runsPublicities, r.Actor.Role) }

func (s *Site) listPublicities(w http.ResponseWriter, r *request) error {
	all, err := s.desk.Publicities(r.Context(), r.Actor, casework.PublicityFilter{After: id.Publicity(r.FormValue("after")), Limit: publicitiesMost})
	if err != nil {
		return err
	}
	next := ""
	if len(all) == publicitiesMost {
		next = "/publicities?after=" + string(all[len(all)-1].Publicity.ID)
	}
	return s.render(w, r, http.StatusOK, page.Publicities(s.page(r, "公示"), all, runsPublicity(r), r.Actor.Role == stage.Clerk, next))
}

func (s *Site) showPublicity(w http.ResponseWriter, r *request) error {
	v, err := s.desk.Publicity(r.Context(), r.Actor, publicityOf(r))
	if err != nil {
		return err
	}
	if !v.Publicity.Published() {
		return s.seeOther(w, r, "/publicities/"+string(v.Publicity.ID)+"/manage", "")
	}
	return s.render(w, r, http.StatusOK, page.Publicity(s.page(r, v.Publicity.Title, publicitiesLink), v, runsPublicity(r)))
}

// publicityText is what was published word for word, for whoever computes the
// digest anew.
func (s *Site) publicityText(w http.ResponseWriter, r *request) error {
	v, err := s.desk.Publicity(r.Context(), r.Actor, publicityOf(r))
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="publicity.txt"`)
	_, err = w.Write([]byte(v.Publicity.Snapshot))
	return err
}

// sendPublicityPaper sends a published list as a document.
func (s *Site) sendPublicityPaper(w http.ResponseWriter, r *request) error {
	p, err := s.desk.PublicityPaper(r.Context(), r.Actor, publicityOf(r))
	if err != nil {
		return err
	}
	return sendPaper(w, r, p)
}

// sendHandover sends the package for the site that carries a publicity.
func (s *Site) sendHandover(w http.ResponseWriter, r *request) error {
	name, b, err := s.desk.HandoverZIP(r.Context(), r.Actor, publicityOf(r), s.base(r))
	if err != nil {
		return err
	}
	w.Header().Set("Content-Disposition", `attachment; filename="`+name+`"`)
	return s.send(w, r, "application/zip", b)
}

// publicityPage draws a work page of the publicity of the address.
func (s *Site) publicityPage(r *request, title string, draw func(page.Frame, casework.PublicityView) error) error {
	v, err := s.desk.Publicity(r.Context(), r.Actor, publicityOf(r))
	if err != nil {
		return err
	}
	above := []page.Link{publicitiesLink}
	if title == "" {
		title = v.Publicity.Title
	} else {
		above = append(above, page.Link{Word: v.Publicity.Title, URL: "/publicities/" + string(v.Publicity.ID) + "/manage"})
	}
	return draw(s.page(r, title, above...), v)
}

func (s *Site) managePublicity(w http.ResponseWriter, r *request) error {
	return s.publicityPage(r, "", func(f page.Frame, v casework.PublicityView) error {
		return s.render(w, r, http.StatusOK, page.ManagePublicity(f, v))
	})
}

// publicityForm draws a form about the publicity of the address.
func (s *Site) publicityForm(title string, draw func(page.Frame, casework.PublicityView) templ.Component) func(http.ResponseWriter, *request) error {
	return func(w http.ResponseWriter, r *request) error {
		return s.publicityPage(r, title, func(f page.Frame, v casework.PublicityView) error {
			return s.render(w, r, http.StatusOK, draw(f, v))
		})
	}
}

func (s *Site) toPublicity(w http.ResponseWriter, r *request, say string) error {
	return s.seeOther(w, r, "/publicities/"+r.PathValue("id")+"/manage", say)
}

func (s *Site) newPublicity(w http.ResponseWriter, r *request) error {
	all, err := s.desk.PublicityChoices(r.Context(), r.Actor)
	if err != nil {
		return err
	}
	if len(all) == 0 {
		return s.render(w, r, http.StatusOK, page.NoPublicity(s.page(r, "起草公示", publicitiesLink)))
	}
	c := all[0]
	for _, one := range all {
		if string(one.Round.ID) == r.FormValue("round") {
			c = one
		}
	}
	v, err := s.desk.PublicityPreview(r.Context(), r.Actor, c)
	if err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, page.PublicityForm(s.page(r, "起草公示", publicitiesLink), v, c.Plan(), "/publicities/new", "/publicities"))
}

func readPublicity(r *request) publicity.Plan {
	return publicity.Plan{Title: r.text("title"), Text: r.text("text"), Contact: r.text("contact")}
}

func (s *Site) draftPublicity(w http.ResponseWriter, r *request) error {
	key, err := s.desk.DraftPublicity(r.Context(), r.Actor, id.Round(r.FormValue("round")), readPublicity(r))
	if err != nil {
		return err
	}
	return s.seeOther(w, r, "/publicities/"+string(key)+"/manage", "草稿已保存。请办公室负责人核对并发布。")
}

func (s *Site) askPublicity(w http.ResponseWriter, r *request) error {
	return s.publicityPage(r, "修改", func(f page.Frame, v casework.PublicityView) error {
		url := "/publicities/" + string(v.Publicity.ID)
		return s.render(w, r, http.StatusOK, page.PublicityForm(f, v, v.Publicity.Plan(), url+"/edit", url+"/manage"))
	})
}

func (s *Site) editPublicity(w http.ResponseWriter, r *request) error {
	if err := s.desk.EditPublicity(r.Context(), r.Actor, publicityOf(r), r.version(), readPublicity(r)); err != nil {
		return err
	}
	return s.toPublicity(w, r, "已保存，名单已按审定结果更新。")
}

func (s *Site) askPublishPublicity(w http.ResponseWriter, r *request) error {
	return s.publicityPage(r, "核对并发布", func(f page.Frame, v casework.PublicityView) error {
		return s.render(w, r, http.StatusOK, page.PublishPublicity(f, v))
	})
}

func (s *Site) publishPublicity(w http.ResponseWriter, r *request) error {
	from, err := r.date("from") // the page's own; one that is no date is not today's
	if err != nil {
		from = calendar.Date{}
	}
	if err := s.desk.PublishPublicity(r.Context(), r.Actor, publicityOf(r), r.version(), from, r.yes("acknowledged")); err != nil {
		return err
	}
	return s.seeOther(w, r, "/publicities/"+r.PathValue("id")+"/published", "")
}

func (s *Site) showPublishedPublicity(w http.ResponseWriter, r *request) error {
	return s.publicityPage(r, "公示已发布", func(f page.Frame, v casework.PublicityView) error {
		if !v.Publicity.Published() {
			return s.toPublicity(w, r, "")
		}
		return s.render(w, r, http.StatusOK, page.PublishedPublicity(f, v))
	})
}

func (s *Site) postPublicity(w http.ResponseWriter, r *request) error {
	at, err := r.moment("at")
	if err != nil {
		return err
	}
	if err := s.desk.PostPublicity(r.Context(), r.Actor, publicityOf(r), publicity.Posting{URL: r.text("url"), At: at, SHA256: r.text("sha256")}, r.yes("acknowledged")); err != nil {
		return err
	}
	return s.toPublicity(w, r, "网站发布已登记。")
}

func (s *Site) interruptPublicity(w http.ResponseWriter, r *request) error {
	from, err := r.moment("from")
	if err != nil {
		return err
	}
	to, err := r.moment("to")
	if err != nil {
		return err
	}
	if err := s.desk.InterruptPublicity(r.Context(), r.Actor, publicityOf(r), from, to, r.text("reason"), r.yes("acknowledged")); err != nil {
		return err
	}
	return s.toPublicity(w, r, "中断已登记并公开，公示期已重新计算。")
}

func (s *Site) correctPublicity(w http.ResponseWriter, r *request) error {
	change := casework.Correction{Plan: readPublicity(r), Names: map[id.Candidate]string{}, Reason: r.text("reason"), Acknowledged: r.yes("acknowledged")}
	for name := range r.PostForm {
		if key, ok := strings.CutPrefix(name, "name."); ok {
			change.Names[id.Candidate(key)] = r.text(name)
		}
	}
	for _, key := range r.all("remove") {
		change.Remove = append(change.Remove, id.Candidate(key))
	}
	if err := s.desk.CorrectPublicity(r.Context(), r.Actor, publicityOf(r), r.version(), change); err != nil {
		return err
	}
	return s.toPublicity(w, r, "更正已公开，公示期已重新计算。")
}

func (s *Site) recountPublicity(w http.ResponseWriter, r *request) error {
	if err := s.desk.RecountPublicity(r.Context(), r.Actor, publicityOf(r)); err != nil {
		return err
	}
	return s.toPublicity(w, r, "公示期已按现在的放假安排重算。")
}

func (s *Site) takeDownPublicity(w http.ResponseWriter, r *request) error {
	at, err := r.moment("at")
	if err != nil {
		return err
	}
	if err := s.desk.TakeDownPublicity(r.Context(), r.Actor, publicityOf(r), at); err != nil {
		return err
	}
	return s.toPublicity(w, r, "撤下时间已登记。")
}

func (s *Site) askEndPublicity(title, button string) func(http.ResponseWriter, *request) error {
	return func(w http.ResponseWriter, r *request) error {
		return s.publicityPage(r, title, func(f page.Frame, v casework.PublicityView) error {
			return s.askReason(w, r, f, page.Reason{Title: title, Below: v.Publicity.Title, Label: "理由", Button: button, Audience: "已发布的，所有人；草稿，办公室。"}, "/publicities/"+string(v.Publicity.ID)+"/manage")
		})
	}
}

func (s *Site) endPublicity(say string, act func(context.Context, stage.Actor, id.Publicity, string) error) func(http.ResponseWriter, *request) error {
	return func(w http.ResponseWriter, r *request) error {
		if err := act(r.Context(), r.Actor, publicityOf(r), r.text("reason")); err != nil {
			return err
		}
		return s.toPublicity(w, r, say)
	}
}
