package web

import (
	"bytes"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"shifan/internal/casework"
	"shifan/internal/door"
	"shifan/internal/fault"
	"shifan/internal/lifecycle/fact"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/sheet"
	"shifan/internal/web/page"
)

// ledgerRoutes are the pages of ledgers: one year's counts of an organisation.
func (s *Site) ledgerRoutes() []route {
	edit := []stage.Role{stage.Applicant, stage.Clerk}
	see := []stage.Role{stage.Applicant, stage.Clerk, stage.Director, stage.Chair, stage.Member, stage.Assessor, stage.Auditor}
	office := []stage.Role{stage.Clerk, stage.Director, stage.Auditor}
	const one = "/organisations/{id}/ledgers/{year}"
	return []route{
		{pattern: "GET /ledgers", allow: office, serve: s.listLedgers},
		{pattern: "GET " + one, allow: edit, serve: s.askLedger},
		{pattern: "POST " + one, allow: edit, serve: s.editLedger, form: s.askLedger},
		{pattern: "POST " + one + "/file", allow: edit, serve: s.readLedger, form: s.askLedger, most: sheet.BytesMost + 64<<10},
		{pattern: "GET " + one + "/template", allow: edit, serve: s.ledgerTemplate},
		{pattern: "GET " + one + "/report", allow: see, serve: s.ledgerReport},
	}
}

func (s *Site) listLedgers(w http.ResponseWriter, r *request) error {
	f, now := organisationFilter(r), s.desk.Now()
	year, err := strconv.Atoi(r.text("year"))
	if err != nil || year < page.LedgerFrom || year > now.Year() {
		year = now.Year() - 1 // the last that is over
	}
	all, err := s.desk.Ledgers(r.Context(), r.Actor, year, f)
	if err != nil {
		return err
	}
	v := page.LedgersView{Rows: all, Year: year, Latest: now.Year(), Query: f.Query}
	if len(all) > pageSize {
		v.Rows = all[:pageSize]
		v.Next = "/ledgers?" + url.Values{"year": {strconv.Itoa(year)}, "q": {f.Query}, "after": {string(all[pageSize-1].Organisation.ID)}}.Encode()
	}
	return s.render(w, r, http.StatusOK, page.Ledgers(s.page(r, "工作台账"), v))
}

// ledgerFor loads the ledger of the address.
func (s *Site) ledgerFor(r *request) (casework.LedgerView, error) {
	year, err := yearOf(r)
	if err != nil {
		return casework.LedgerView{}, err
	}
	return s.desk.LedgerFor(r.Context(), r.Actor, organisationOf(r), year)
}

func (s *Site) askLedger(w http.ResponseWriter, r *request) error {
	year, err := yearOf(r)
	if err != nil {
		return err
	}
	return s.anOrganisation(r, strconv.Itoa(year)+"年度工作台账", func(f page.Frame, v casework.OrganisationView) error {
		if year > v.Today.Year {
			return fault.Missing()
		}
		return s.render(w, r, http.StatusOK, page.LedgerForm(f, v, year))
	})
}

func (s *Site) editLedger(w http.ResponseWriter, r *request) error {
	year, err := yearOf(r)
	if err != nil {
		return err
	}
	v, err := s.desk.Organisation(r.Context(), r.Actor, organisationOf(r))
	if err != nil {
		return err
	}
	f, ledger := v.Organisation.Facts.InYear(year)
	var wrong []*fault.Fault
	for _, figure := range fact.Figures {
		n, err := r.number(figure.Name)
		if bad, ok := err.(*fault.Fault); ok { //nolint:errorlint // the reader returns it bare
			wrong = append(wrong, bad)
		}
		*figure.Of(ledger) = n
	}
	if err := fault.All(wrong...); err != nil {
		return err
	}
	if err := s.desk.EditFacts(r.Context(), r.Actor, organisationOf(r), r.version(), f); err != nil {
		return withoutPrefix(err, "ledgers")
	}
	return s.changed(w, r, strconv.Itoa(year)+"年度工作台账已保存。")
}

// readLedger reads a file and shows its figures in the form. Nothing is saved.
func (s *Site) readLedger(w http.ResponseWriter, r *request) error {
	_, content, err := r.file("file")
	if err != nil {
		return err
	}
	values, unread, err := s.desk.ReadLedger(content)
	if values == nil {
		return atField(err, "file")
	}
	f, _ := errors.AsType[*fault.Fault](err)
	r.form = page.Form{Values: url.Values{"read": {"yes"}, "unread": {strings.Join(unread, "、")}}, Fault: f}
	for name, v := range values {
		r.form.Values.Set(name, v)
	}
	if f != nil {
		r.status = door.Status(f.Kind)
	}
	return s.askLedger(w, r)
}

func (s *Site) ledgerTemplate(w http.ResponseWriter, r *request) error {
	v, err := s.ledgerFor(r)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := s.desk.WriteLedger(&b, v); err != nil {
		return err
	}
	w.Header().Set("Content-Disposition", "attachment; filename*=UTF-8''"+url.PathEscape(strconv.Itoa(v.Year)+"年工作台账.xlsx"))
	return s.send(w, r, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", b.Bytes())
}

func (s *Site) ledgerReport(w http.ResponseWriter, r *request) error {
	v, err := s.ledgerFor(r)
	if err != nil {
		return err
	}
	if !v.There {
		return fault.Missing()
	}
	title := strconv.Itoa(v.Year) + "年度党建工作情况汇报"
	return s.render(w, r, http.StatusOK, page.LedgerReport(s.page(r, title, page.OrganisationCrumbs(v.Organisation)...), v))
}
