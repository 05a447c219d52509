package web

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"
	"net/url"
	"path"
	"strconv"
	"strings"

	"shifan/internal/casework"
	"shifan/internal/chars"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/roster"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/sheet"
	"shifan/internal/web/page"
)

// rosterRoutes are the pages of rosters: lists that the office brings in, and the
// same lists to take away.
func (s *Site) rosterRoutes() []route {
	clerk := []stage.Role{stage.Clerk}
	see := []stage.Role{stage.Clerk, stage.Director, stage.Auditor}
	return []route{
		{pattern: "GET /rosters", allow: see, serve: s.listRosters},
		{pattern: "POST /rosters", allow: clerk, serve: s.uploadRoster, form: s.listRosters, most: sheet.BytesMost + 64<<10},
		{pattern: "GET /rosters/{id}", allow: see, serve: s.seeRoster},
		{pattern: "POST /rosters/{id}/apply", allow: clerk, serve: s.applyRoster, form: s.seeRoster},
		{pattern: "POST /rosters/{id}/discard", allow: clerk, serve: s.discardRoster, form: s.seeRoster},
		{pattern: "GET /rosters/templates/{list}", allow: clerk, serve: s.rosterTemplate},
		{pattern: "GET /organisations.xlsx", allow: see, serve: s.exportOrganisations},
		{pattern: "GET /organisations.csv", allow: see, serve: s.exportOrganisations},
	}
}

func (s *Site) listRosters(w http.ResponseWriter, r *request) error {
	all, err := s.desk.Rosters(r.Context(), r.Actor, casework.RosterFilter{After: id.Roster(r.URL.Query().Get("after")), Limit: pageSize + 1})
	if err != nil {
		return err
	}
	next := ""
	if len(all) > pageSize {
		all = all[:pageSize]
		next = "/rosters?after=" + url.QueryEscape(string(all[pageSize-1].ID))
	}
	return s.render(w, r, http.StatusOK, page.Rosters(s.page(r, "名册导入", page.Link{Word: "单位", URL: "/organisations"}), all, next, r.Actor.Role == stage.Clerk))
}

var errNoSheet = fault.Define(fault.Invalid, "input.file", "没有选择文件。请选择填好的表格文件。", "")

// file reads the file that a form sent: its name, cleaned, and what is in it.
func (r *request) file(name string) (string, []byte, error) {
	f, h, err := r.FormFile(name)
	if errors.Is(err, http.ErrMissingFile) || errors.Is(err, http.ErrNotMultipart) {
		return "", nil, errNoSheet.At(name)
	}
	if err != nil {
		return "", nil, errBody.New()
	}
	defer f.Close() //nolint:errcheck // it was read only
	content, err := io.ReadAll(f)
	if err != nil {
		return "", nil, errBody.New()
	}
	base := strings.Map(dropControl, strings.ToValidUTF8(path.Base(strings.ReplaceAll(h.Filename, `\`, "/")), "�"))
	return chars.Cut(strings.ReplaceAll(base, "\n", ""), 70), content, nil
}

func (s *Site) uploadRoster(w http.ResponseWriter, r *request) error {
	name, content, err := r.file("file")
	if err != nil {
		return err
	}
	asOf, err := r.date("as_of")
	if err != nil {
		return err
	}
	if err := r.unpersonal(); err != nil {
		return err
	}
	key, err := s.desk.UploadRoster(r.Context(), r.Actor, casework.RosterFile{List: r.text("list"), Name: name, Content: content, AsOf: asOf, Title: r.text("title")})
	if err != nil {
		return atField(err, "file")
	}
	return s.seeOther(w, r, "/rosters/"+string(key), "")
}

func rosterOf(r *request) id.Roster { return id.Roster(r.PathValue("id")) }

func (s *Site) seeRoster(w http.ResponseWriter, r *request) error {
	v, err := s.desk.Roster(r.Context(), r.Actor, rosterOf(r))
	if err != nil {
		return err
	}
	f := s.page(r, v.List.Label+"导入", page.Link{Word: "名册导入", URL: "/rosters"})
	q := r.URL.Query()
	from, err := strconv.Atoi(q.Get("from"))
	if err != nil || from < 0 {
		from = 0
	}
	return s.render(w, r, http.StatusOK, page.Roster(f, v, q.Get("show"), from))
}

// tallyOf reads the tally that the page showed.
func tallyOf(r *request) (t roster.Tally) {
	if n, err := fmt.Sscanf(r.text("seen"), "%d-%d-%d-%d", &t.Added, &t.Changed, &t.Same, &t.Wrong); n != 4 || err != nil {
		return roster.Tally{Wrong: -1} // never what it is: the page is shown again
	}
	return t
}

func (s *Site) applyRoster(w http.ResponseWriter, r *request) error {
	if err := s.desk.ApplyRoster(r.Context(), r.Actor, rosterOf(r), r.version(), tallyOf(r), r.yes("skip")); err != nil {
		return err
	}
	return s.seeOther(w, r, "/rosters/"+r.PathValue("id"), "")
}

func (s *Site) discardRoster(w http.ResponseWriter, r *request) error {
	if err := s.desk.DiscardRoster(r.Context(), r.Actor, rosterOf(r), r.version()); err != nil {
		return err
	}
	return s.seeOther(w, r, "/rosters", "已放弃，没有导入任何一行。")
}

// table sends a table as a file, in the format of the address.
func (s *Site) table(w http.ResponseWriter, r *request, name, format string, head []string, rows iter.Seq2[[]string, error]) error {
	var b bytes.Buffer
	kind, write := "text/csv; charset=utf-8", sheet.WriteCSV
	if format == sheet.XLSX {
		kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
		write = func(out io.Writer, head []string, rows iter.Seq2[[]string, error]) error {
			return sheet.WriteXLSX(out, name, head, rows)
		}
	}
	if err := write(&b, head, rows); err != nil {
		return err
	}
	w.Header().Set("Content-Disposition", "attachment; filename*=UTF-8''"+url.PathEscape(name+"."+format))
	return s.send(w, r, kind, b.Bytes())
}

func (s *Site) rosterTemplate(w http.ResponseWriter, r *request) error {
	l, ok := roster.ListOf(r.PathValue("list"))
	if !ok {
		return fault.Missing()
	}
	return s.table(w, r, l.Label+"模板", sheet.XLSX, l.Labels(), func(func([]string, error) bool) {})
}

// exportOrganisations sends the organisations that a filter selects with the
// columns of their roster, so that they can be read back.
func (s *Site) exportOrganisations(w http.ResponseWriter, r *request) error {
	format := strings.TrimPrefix(path.Ext(r.URL.Path), ".")
	rows := s.desk.ExportOrganisations(r.Context(), r.Actor, organisationFilter(r))
	return s.table(w, r, roster.Organisations.Label, format, roster.Organisations.Labels(), rows)
}
