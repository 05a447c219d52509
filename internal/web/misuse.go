package web

import (
	"errors"
	"io"
	"net/http"
	"time"

	"shifan/internal/calendar"
	"shifan/internal/casework"
	"shifan/internal/door"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/misuse"
	"shifan/internal/lifecycle/plaque"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/web/page"
)

// seesMisuses lists who sees reports of misuse; what of one each sees is decided by the
// store.
var seesMisuses = []stage.Role{stage.Clerk, stage.Director, stage.Auditor}

func (s *Site) misuseRoutes() []route {
	return []route{
		{pattern: "GET /v/{code}/report", allow: everyone, serve: s.newMisuse},
		{pattern: "POST /v/{code}/report", allow: everyone, serve: s.fileMisuse, form: s.newMisuse},
		{pattern: "GET /misuses/query", allow: everyone, serve: s.askMisuse},
		{pattern: "POST /misuses/query", allow: everyone, serve: s.queryMisuse, form: s.askMisuse},
		{pattern: "GET /misuses", allow: seesMisuses, serve: s.listMisuses},
		{pattern: "GET /misuses/new", allow: clerks, serve: s.newMisuseLetter},
		{pattern: "POST /misuses/new", allow: clerks, serve: s.fileMisuseLetter, form: s.newMisuseLetter, streams: true},
		{pattern: "GET /misuses/{id}", allow: seesMisuses, serve: s.showMisuse},
		{pattern: "POST /misuses/{id}/assign", allow: []stage.Role{stage.Director}, serve: s.assignMisuse, form: s.showMisuse},
		{pattern: "POST /misuses/{id}/note", allow: clerks, serve: s.noteMisuse, form: s.showMisuse},
		{pattern: "POST /misuses/{id}/conclude", allow: clerks, serve: s.concludeMisuse, form: s.showMisuse},
	}
}

func misuseKey(r *request) id.Misuse { return id.Misuse(r.PathValue("id")) }

// newMisuse asks what somebody saw. It holds a query code from the start, so that the same
// form sent twice is one case.
func (s *Site) newMisuse(w http.ResponseWriter, r *request) error {
	code, err := plaque.ParseCode(r.PathValue("code"))
	if err != nil {
		return fault.Missing()
	}
	v, err := s.desk.Verify(r.Context(), code)
	if err != nil {
		return err
	}
	query := r.FormValue("query")
	if query == "" {
		query = s.desk.ObjectionCode()
	}
	f := s.page(r, "举报冒用、滥用", page.Link{Word: "牌匾核验", URL: "/v"}, page.Link{Word: plaque.Grouped(code), URL: "/v/" + code})
	return s.render(w, r, http.StatusOK, page.MisuseForm(f, v, query))
}

// fileMisuse keeps a report and shows its receipt, which alone holds the query code.
func (s *Site) fileMisuse(w http.ResponseWriter, r *request) error {
	code, err := plaque.ParseCode(r.PathValue("code"))
	if err != nil {
		return fault.Missing()
	}
	from := door.Address(r.Request, s.options.Proxies)
	if wait := s.objecting.Wait(from); wait > 0 {
		return errOften.New(int(wait/time.Minute) + 1)
	}
	receipt, err := s.desk.FileMisuse(r.Context(), code, misuse.Filing{
		About: r.FormValue("about"), Place: r.text("place"), Text: r.text("text"), Name: r.text("name"), Contact: r.text("contact"),
	}, r.FormValue("query"))
	if err != nil {
		return err
	}
	s.objecting.Fail(from)
	w.Header().Set("Cache-Control", "no-store")
	return s.render(w, r, http.StatusOK, page.MisuseFiled(s.page(r, "回执"), receipt))
}

// newMisuseLetter asks a clerk what came by letter, by telephone or in person. It holds a
// query code from the start, so that the same form sent twice is one case.
func (s *Site) newMisuseLetter(w http.ResponseWriter, r *request) error {
	query := r.FormValue("query")
	if query == "" {
		query = s.desk.ObjectionCode()
	}
	f := s.page(r, "登记滥用线索", page.Link{Word: "滥用线索", URL: "/misuses"})
	return s.render(w, r, http.StatusOK, page.MisuseLetter(f, query, calendar.DateOf(s.desk.Now()).String()))
}

// fileMisuseLetter keeps what a clerk enters together with the scans that stand behind it in
// the same form. What is wrong with a file does not undo the report: the receipt says so and
// takes it again.
func (s *Site) fileMisuseLetter(w http.ResponseWriter, r *request) error {
	var receipt casework.MisuseReceipt
	filed, err := s.registered(w, r, func() error {
		on, err := r.date("on")
		if err != nil {
			return err
		}
		code, err := s.desk.PlaqueNamed(r.Context(), r.Actor, r.text("plaque"))
		if err != nil {
			return err
		}
		receipt, err = s.desk.RegisterMisuse(r.Context(), r.Actor, code, misuse.Filing{
			About: r.FormValue("about"), Place: r.text("place"), Text: r.text("text"), Name: r.text("name"), Contact: r.text("contact"),
			Channel: r.FormValue("channel"), On: on,
		}, r.FormValue("query"))
		return err
	}, func(name string, in io.Reader) error {
		return s.desk.AttachMisuseLetter(r.Context(), r.Actor, receipt.Code, name, in)
	})
	if err != nil && !filed {
		return err
	}
	if now, gone := s.desk.MisuseStatus(r.Context(), receipt.Code); gone == nil {
		receipt = now // with its files
	}
	if f, ok := errors.AsType[*fault.Fault](err); ok {
		r.form, r.status = page.Form{Fault: f}, door.Status(f.Kind)
	} else if err != nil {
		return err
	}
	w.Header().Set("Cache-Control", "no-store")
	return s.render(w, r, http.StatusOK, page.MisuseFiled(s.page(r, "回执", page.Link{Word: "滥用线索", URL: "/misuses"}), receipt))
}

func (s *Site) askMisuse(w http.ResponseWriter, r *request) error {
	return s.render(w, r, http.StatusOK, page.MisuseQuery(s.page(r, "查询线索办理进度"), nil))
}

// queryMisuse shows how a report stands. A wrong code counts against the address, so that
// codes cannot be tried out.
func (s *Site) queryMisuse(w http.ResponseWriter, r *request) error {
	from := door.Address(r.Request, s.options.Proxies)
	if wait := s.limit.Wait(from); wait > 0 {
		return errOften.New(int(wait/time.Minute) + 1)
	}
	receipt, err := s.desk.MisuseStatus(r.Context(), r.text("query"))
	if err != nil {
		s.limit.Fail(from)
		return err
	}
	w.Header().Set("Cache-Control", "no-store")
	return s.render(w, r, http.StatusOK, page.MisuseQuery(s.page(r, "查询线索办理进度"), &receipt))
}

func (s *Site) listMisuses(w http.ResponseWriter, r *request) error {
	all, err := s.desk.Misuses(r.Context(), r.Actor, casework.MisuseFilter{After: id.Misuse(r.FormValue("after")), Limit: objectionsMost})
	if err != nil {
		return err
	}
	next := ""
	if len(all) == objectionsMost {
		next = "/misuses?after=" + string(all[len(all)-1].ID)
	}
	return s.render(w, r, http.StatusOK, page.Misuses(s.page(r, "滥用线索"), all, r.Actor.Role == stage.Clerk, next))
}

func (s *Site) showMisuse(w http.ResponseWriter, r *request) error {
	v, err := s.desk.Misuse(r.Context(), r.Actor, misuseKey(r))
	if err != nil {
		return err
	}
	f := s.page(r, v.Report.Label(), page.Link{Word: "滥用线索", URL: "/misuses"})
	return s.render(w, r, http.StatusOK, page.Misuse(f, v))
}

func (s *Site) toMisuse(w http.ResponseWriter, r *request, say string) error {
	return s.seeOther(w, r, "/misuses/"+r.PathValue("id"), say)
}

func (s *Site) assignMisuse(w http.ResponseWriter, r *request) error {
	if err := s.desk.AssignMisuse(r.Context(), r.Actor, misuseKey(r), id.Account(r.FormValue("handler"))); err != nil {
		return err
	}
	return s.toMisuse(w, r, "已分派。")
}

func (s *Site) noteMisuse(w http.ResponseWriter, r *request) error {
	if err := s.desk.NoteMisuse(r.Context(), r.Actor, misuseKey(r), r.text("note")); err != nil {
		return err
	}
	return s.toMisuse(w, r, "已记录。")
}

func (s *Site) concludeMisuse(w http.ResponseWriter, r *request) error {
	c := misuse.Conclusion{Verdict: r.FormValue("verdict"), Finding: r.text("finding"), To: r.text("to"), Answer: r.text("answer")}
	if err := s.desk.ConcludeMisuse(r.Context(), r.Actor, misuseKey(r), c); err != nil {
		return err
	}
	return s.toMisuse(w, r, "结论已提交。")
}
