package web

import (
	"net/http"
	"net/url"
	"path"
	"strings"

	"shifan/internal/casework"
	"shifan/internal/id"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/lifecycle/tabulation"
	"shifan/internal/web/page"
)

// tabulationRoutes are the summary table (汇总表), which whoever reads the list of
// applications arranges for themselves, and the views of it that they keep.
func (s *Site) tabulationRoutes() []route {
	reads := []stage.Role{stage.Clerk, stage.Director, stage.Chair, stage.Auditor}
	return []route{
		{pattern: "GET /tabulations", allow: reads, serve: s.showTabulation},
		{pattern: "POST /tabulations", allow: reads, serve: s.saveTabulation, form: s.showTabulation},
		{pattern: "GET /tabulations.xlsx", allow: reads, serve: s.exportTabulation},
		{pattern: "GET /tabulations.csv", allow: reads, serve: s.exportTabulation},
		{pattern: "GET /tabulations/{id}/rename", allow: reads, serve: s.askRenameTabulation},
		{pattern: "POST /tabulations/{id}/rename", allow: reads, serve: s.renameTabulation, form: s.askRenameTabulation},
		{pattern: "GET /tabulations/{id}/remove", allow: reads, serve: s.askRemoveTabulation},
		{pattern: "POST /tabulations/{id}/remove", allow: reads, serve: s.removeTabulation, form: s.askRemoveTabulation},
	}
}

var tabulationsLink = page.Link{Word: "汇总表", URL: "/tabulations"}

// tabulationRows is how many rows a page has.
const tabulationRows = 30

// tabulationFilters are the names by which an address narrows the table.
var tabulationFilters = []string{"round", "state", "at", "category", "region", "level", "q"}

// asked reads what an address, or the form that came back, asks of the table.
func (s *Site) asked(r *request) casework.Tabulating {
	if r.Form == nil {
		r.ParseForm() //nolint:errcheck // what cannot be read is not asked
	}
	ask := casework.Tabulating{
		Programme: id.Programme(r.text("programme")), View: id.Tabulation(r.text("view")), Shown: r.Form["c"], After: id.Application(r.FormValue("after")), Limit: tabulationRows,
		Filter: tabulation.Filter{
			Round: id.Round(r.text("round")), State: r.text("state"), At: r.text("at"), Category: r.text("category"),
			Region: r.text("region"), Level: r.text("level"), Query: r.text("q"),
		},
	}
	for _, name := range tabulationFilters {
		ask.Filtered = ask.Filtered || r.Form.Has(name)
	}
	return ask
}

// tabulationQuery is the address of a table with other columns, from its beginning.
func tabulationQuery(r *request, shown []string) string {
	q := url.Values{"c": shown}
	for _, name := range append([]string{"programme", "view"}, tabulationFilters...) {
		if v := r.text(name); v != "" || r.Form.Has(name) && name != "view" && name != "programme" {
			q.Set(name, v)
		}
	}
	return q.Encode()
}

func (s *Site) showTabulation(w http.ResponseWriter, r *request) error {
	ask := s.asked(r)
	v, err := s.desk.Tabulate(r.Context(), r.Actor, ask)
	if err != nil {
		return err
	}
	var shown []string
	for _, c := range v.Shown {
		shown = append(shown, c.Code)
	}
	step, code, moved := strings.Cut(r.text("move"), ":")
	if add := r.text("add"); add != "" && !moved {
		step, code, moved = "add", add, true
	}
	if moved && r.Method == http.MethodGet {
		return s.seeOther(w, r, "/tabulations?"+tabulationQuery(r, tabulation.Arrange(shown, step, code)), "")
	}
	query, next := tabulationQuery(r, shown), ""
	if v.Next != "" {
		next = "/tabulations?" + query + "&after=" + url.QueryEscape(string(v.Next))
	}
	f := s.page(r, "汇总表", applicationsLink)
	f.Wide = true
	return s.render(w, r, http.StatusOK, page.Tabulation(f, v, query, next))
}

func (s *Site) saveTabulation(w http.ResponseWriter, r *request) error {
	ask := s.asked(r)
	key, err := s.desk.SaveTabulation(r.Context(), r.Actor, tabulation.View{Programme: ask.Programme, Name: r.text("name"), Shown: ask.Shown, Filter: ask.Filter})
	if err != nil {
		return err
	}
	return s.seeOther(w, r, "/tabulations?view="+string(key), "视图已保存，下次从“已保存的视图”打开。只有本人看得到。")
}

// exportTabulation sends every row of a table, in the format of the address.
func (s *Site) exportTabulation(w http.ResponseWriter, r *request) error {
	head, rows, err := s.desk.ExportTabulation(r.Context(), r.Actor, s.asked(r))
	if err != nil {
		return err
	}
	return s.table(w, r, "汇总表", strings.TrimPrefix(path.Ext(r.URL.Path), "."), head, rows)
}

func (s *Site) tabulationOf(r *request) (tabulation.View, error) {
	return s.desk.Tabulation(r.Context(), r.Actor, id.Tabulation(r.PathValue("id")))
}

func (s *Site) askRenameTabulation(w http.ResponseWriter, r *request) error {
	v, err := s.tabulationOf(r)
	if err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, page.RenameTabulation(s.page(r, "改视图的名字", tabulationsLink), v))
}

func (s *Site) renameTabulation(w http.ResponseWriter, r *request) error {
	if err := s.desk.RenameTabulation(r.Context(), r.Actor, id.Tabulation(r.PathValue("id")), r.text("name")); err != nil {
		return err
	}
	return s.seeOther(w, r, "/tabulations?view="+r.PathValue("id"), "名字已改。")
}

func (s *Site) askRemoveTabulation(w http.ResponseWriter, r *request) error {
	v, err := s.tabulationOf(r)
	if err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, page.RemoveTabulation(s.page(r, "删去视图", tabulationsLink), v))
}

func (s *Site) removeTabulation(w http.ResponseWriter, r *request) error {
	if err := s.desk.RemoveTabulation(r.Context(), r.Actor, id.Tabulation(r.PathValue("id"))); err != nil {
		return err
	}
	return s.seeOther(w, r, "/tabulations", "视图已删去。申报和数字没有变。")
}
