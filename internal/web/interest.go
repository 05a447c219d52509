package web

import (
	"fmt"
	"net/http"
	"strings"

	"shifan/internal/casework"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/web/page"
)

// tieRows is how many new ties the form has room for at once.
const tieRows = 3

func (s *Site) interestRoutes() []route {
	declares := []stage.Role{stage.Clerk, stage.Director, stage.Assessor, stage.Member, stage.Chair, stage.Scrutineer}
	oversees := []stage.Role{stage.Director, stage.Chair, stage.Auditor}
	return []route{
		{pattern: "GET /interests", allow: declares, serve: s.askInterests},
		{pattern: "POST /interests", allow: declares, serve: s.declareInterests, form: s.askInterests},
		{pattern: "GET /interests/all", allow: oversees, serve: s.listDeclarers},
		{pattern: "POST /interests/{key}/lift", allow: []stage.Role{stage.Director}, serve: s.liftInterest, form: s.listDeclarers},
	}
}

func (s *Site) askInterests(w http.ResponseWriter, r *request) error {
	v, err := s.desk.Interests(r.Context(), r.Actor)
	if err != nil {
		return err
	}
	f := s.page(r, "回避申报", page.Link{Word: "我的账号", URL: "/account"})
	return s.render(w, r, http.StatusOK, page.Interests(f, v, tieRows, r.Actor.Role == stage.Director || r.Actor.Role == stage.Chair))
}

func (s *Site) declareInterests(w http.ResponseWriter, r *request) error {
	in := casework.Declaring{Whole: r.yes("whole")}
	for e := range strings.Lines(r.text("employers")) {
		if e = strings.TrimSpace(e); e != "" {
			in.Employers = append(in.Employers, e)
		}
	}
	for n := range tieRows {
		at := fmt.Sprintf("ties.%d", n)
		t := casework.NewTie{Organisation: r.text(at + ".organisation"), Kind: r.text(at + ".kind"), Reason: r.text(at + ".reason")}
		left, err := r.date(at + ".left")
		if err != nil {
			return err
		}
		t.Left = left
		in.Ties = append(in.Ties, t)
	}
	if err := s.desk.DeclareInterests(r.Context(), r.Actor, in); err != nil {
		return err
	}
	return s.seeOther(w, r, "/interests", "回避申报已登记，一年内有效。")
}

func (s *Site) listDeclarers(w http.ResponseWriter, r *request) error {
	all, err := s.desk.Declarers(r.Context(), r.Actor)
	if err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, page.Declarers(s.page(r, "回避申报情况", page.Link{Word: "工作台", URL: "/work"}), all, r.Actor.Role == stage.Director))
}

func (s *Site) liftInterest(w http.ResponseWriter, r *request) error {
	if err := s.desk.LiftInterest(r.Context(), r.Actor, r.PathValue("key"), r.text("reason")); err != nil {
		return err
	}
	return s.seeOther(w, r, "/interests/all", "已解除，理由已存入日志。")
}
