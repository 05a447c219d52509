package web

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"time"

	"github.com/a-h/templ"

	"shifan/internal/casework"
	"shifan/internal/door"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/inquiry"
	"shifan/internal/lifecycle/objection"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/web/page"
)

// seesObjections lists who sees cases; what of a case each sees is decided by the
// store.
var seesObjections = []stage.Role{stage.Clerk, stage.Director, stage.Chair, stage.Member, stage.Auditor, stage.Applicant}

func (s *Site) objectionRoutes() []route {
	anybody := []stage.Role{stage.Public, stage.Clerk}
	director := []stage.Role{stage.Director}
	return []route{
		{pattern: "GET /publicities/{id}/objections/new", allow: anybody, serve: s.newObjection},
		{pattern: "POST /publicities/{id}/objections/edit", allow: anybody, serve: s.newObjection},
		{pattern: "POST /publicities/{id}/objections/check", allow: anybody, serve: s.checkObjection, form: s.newObjection},
		{pattern: "POST /publicities/{id}/objections/new", allow: anybody, serve: s.fileObjection, form: s.newObjection},
		{pattern: "POST /publicities/{id}/objections/letter", allow: clerks, serve: s.fileLetter, form: s.newObjection, streams: true},
		{pattern: "GET /objections/query", allow: everyone, serve: s.askQuery},
		{pattern: "POST /objections/query", allow: everyone, serve: s.queryObjection, form: s.askQuery},
		{pattern: "POST /objections/withdraw", allow: everyone, serve: s.withdrawObjection, form: s.askQuery},
		{pattern: "GET /objections", allow: seesObjections, serve: s.listObjections},
		{pattern: "GET /objections/{id}", allow: seesObjections, serve: s.showObjection},
		{pattern: "GET /objections/{id}/paper", allow: seesObjections, serve: s.sendObjectionPaper},
		{pattern: "POST /objections/{id}/admit", allow: clerks, serve: s.admitObjection, form: s.showObjection},
		{pattern: "POST /objections/{id}/assign", allow: director, serve: s.assignObjection, form: s.showObjection},
		{pattern: "GET /objections/{id}/ask", allow: clerks, serve: s.objectionForm("请单位说明", page.AskOrganisation)},
		{pattern: "POST /objections/{id}/ask", allow: clerks, serve: s.askOrganisation, form: s.objectionForm("请单位说明", page.AskOrganisation)},
		{pattern: "GET /objections/{id}/reply", allow: []stage.Role{stage.Applicant}, serve: s.objectionForm("提交说明", page.ReplyForm)},
		{pattern: "POST /objections/{id}/reply", allow: []stage.Role{stage.Applicant}, serve: s.objectionText("reply", "说明已提交，办公室核查后办理。", s.desk.ReplyObjection), form: s.objectionForm("提交说明", page.ReplyForm)},
		{pattern: "GET /objections/{id}/conclude", allow: clerks, serve: s.objectionForm("核查结论", page.ConcludeForm)},
		{pattern: "POST /objections/{id}/conclude", allow: clerks, serve: s.concludeObjection, form: s.objectionForm("核查结论", page.ConcludeForm)},
		{pattern: "GET /objections/{id}/send-back", allow: director, serve: s.askSendBack},
		{pattern: "POST /objections/{id}/send-back", allow: director, serve: s.objectionText("reason", "已退回补查。", s.desk.SendBackObjection), form: s.askSendBack},
		{pattern: "GET /objections/{id}/answer", allow: director, serve: s.answerForm(false)},
		{pattern: "POST /objections/{id}/answer-check", allow: director, serve: s.answerForm(true), form: s.answerForm(false)},
		{pattern: "POST /objections/{id}/answer", allow: director, serve: s.objectionText("answer", "答复已发出，异议人凭查询码可以看到。", s.desk.AnswerObjection), form: s.answerForm(false)},
	}
}

var objectionsLink = page.Link{Word: "异议", URL: "/objections"}

const objectionsMost = 30

func objectionKey(r *request) id.Objection { return id.Objection(r.PathValue("id")) }

// typed reads an objection as it was typed.
func typed(r *request) (page.Filed, error) {
	on, err := r.date("on")
	t := page.Filed{Candidate: r.FormValue("candidate"), Signed: r.FormValue("signed"), Code: r.FormValue("code"), Filing: objection.Filing{
		Channel: objection.Web, On: on, Text: r.text("text"), Name: r.text("name"), Contact: r.text("contact"),
		Unit: r.FormValue("signed") == "unit", Anonymous: r.FormValue("signed") == "anonymous",
	}}
	if r.Actor.Role == stage.Clerk && r.FormValue("channel") != objection.Web {
		t.Filing.Channel = r.FormValue("channel")
	}
	return t, err
}

func (s *Site) newObjection(w http.ResponseWriter, r *request) error {
	v, err := s.desk.Publicity(r.Context(), r.Actor, publicityOf(r))
	if err != nil {
		return err
	}
	if !v.Publicity.Published() {
		return fault.Missing()
	}
	t, err := typed(r)
	if err != nil && !r.form.Failed() {
		return err
	}
	title := "提出异议"
	if r.Actor.Role == stage.Clerk {
		title = "登记异议"
	}
	f := s.page(r, title, publicitiesLink, page.Link{Word: v.Publicity.Title, URL: "/publicities/" + string(v.Publicity.ID)})
	return s.render(w, r, http.StatusOK, page.ObjectionForm(f, v, t, r.Actor.Role == stage.Clerk))
}

var (
	errWhom  = fault.Define(fault.Invalid, "objection.file.whom", "没有选被反映的单位。", "")
	errHow   = fault.Define(fault.Invalid, "objection.file.how", "没有选怎样署名。", "")
	errOften = fault.Define(fault.TooMany, "objection.file.often", "短时间内提交得太多。%d分钟后再试。", "制度:防止恶意批量提交")
)

// against reads an objection that names one of those on the list of the address, and returns
// the name with it.
func (s *Site) against(r *request) (v casework.PublicityView, t page.Filed, name string, err error) {
	if v, err = s.desk.Publicity(r.Context(), r.Actor, publicityOf(r)); err != nil {
		return v, t, "", err
	}
	if t, err = typed(r); err != nil {
		return v, t, "", err
	}
	for _, o := range page.CandidateOptions(v) {
		if o.Value != "" && o.Value == t.Candidate {
			return v, t, o.Word, nil
		}
	}
	return v, t, "", errWhom.At("candidate")
}

// checkObjection shows an objection once more. Nothing is kept yet.
func (s *Site) checkObjection(w http.ResponseWriter, r *request) error {
	v, t, name, err := s.against(r)
	if err != nil {
		return err
	}
	if t.Signed == "" {
		return errHow.At("signed")
	}
	if err := t.Filing.Check(); err != nil {
		return err
	}
	t.Code = s.desk.ObjectionCode()
	f := s.page(r, "核对后提交", publicitiesLink, page.Link{Word: v.Publicity.Title, URL: "/publicities/" + string(v.Publicity.ID)})
	return s.render(w, r, http.StatusOK, page.CheckObjection(f, v, t, name, r.Actor.Role == stage.Clerk))
}

// fileObjection keeps an objection and shows its receipt. The page that comes of
// the act itself holds the code, which is nowhere in an address; loading it again
// sends the same form and gives the same receipt.
func (s *Site) fileObjection(w http.ResponseWriter, r *request) error {
	_, t, _, err := s.against(r)
	if err != nil {
		return err
	}
	if wait := s.objecting.Wait(door.Address(r.Request, s.options.Proxies)); wait > 0 && r.Actor.Role != stage.Clerk {
		return errOften.New(int(wait/time.Minute) + 1)
	}
	receipt, err := s.desk.FileObjection(r.Context(), r.Actor, id.Candidate(t.Candidate), t.Filing, t.Code)
	if err != nil {
		return err
	}
	s.objecting.Fail(door.Address(r.Request, s.options.Proxies))
	w.Header().Set("Cache-Control", "no-store")
	return s.render(w, r, http.StatusOK, page.ObjectionReceipt(s.page(r, "回执", publicitiesLink), receipt))
}

// letterForm bounds one field before the files of a form.
const letterForm = 4*objection.TextMax + 1<<10

// fileLetter keeps an objection that a clerk registers together with the scans that stand
// behind it in the same form. What is wrong with a file does not undo the objection: the
// receipt says so and takes it again.
func (s *Site) fileLetter(w http.ResponseWriter, r *request) error {
	if err := s.desk.MayRegister(r.Context(), r.Actor, publicityOf(r)); err != nil {
		return err
	}
	filed, err := s.registered(w, r, func() error {
		_, t, _, err := s.against(r)
		if err != nil {
			return err
		}
		_, err = s.desk.FileObjection(r.Context(), r.Actor, id.Candidate(t.Candidate), t.Filing, t.Code)
		return err
	}, func(name string, in io.Reader) error {
		return s.desk.AttachLetter(r.Context(), r.Actor, r.Form.Get("code"), name, in)
	})
	if err != nil && !filed {
		return err
	}
	return s.letterReceipt(w, r, err)
}

// registered reads a form of fields with files after them. file keeps what the fields say,
// once: before the first file, or at the end. attach takes each file. filed tells whether it
// is kept; then what is wrong with a file undoes nothing, and stands at the field file.
func (s *Site) registered(w http.ResponseWriter, r *request, file func() error, attach func(name string, in io.Reader) error) (filed bool, err error) {
	defer r.patient(w)()
	r.Body = http.MaxBytesReader(w, r.Body, inquiry.BytesMost+1<<20)
	parts, err := r.MultipartReader()
	if err != nil {
		r.PostForm = nil
		r.ParseForm() //nolint:errcheck // not from our form; what can be read of it is shown again
		return false, errBody.New()
	}
	r.Form = url.Values{}
	r.PostForm = r.Form
	for {
		p, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err == nil && p.FileName() != "" {
			if !filed {
				if err := file(); err != nil {
					return false, err
				}
				filed = true
			}
			if err := attach(p.FileName(), p); err != nil {
				return true, atField(err, "file")
			}
			continue
		}
		var b []byte
		if err == nil {
			b, err = io.ReadAll(io.LimitReader(p, letterForm))
		}
		switch {
		case err != nil && filed:
			return true, atField(s.cutOff(err), "file")
		case err != nil:
			return false, s.cutOff(err)
		}
		r.Form.Add(p.FormName(), string(b))
	}
	if filed {
		return true, nil
	}
	err = file()
	return err == nil, err
}

// letterReceipt shows the receipt of what was registered, and what was wrong with a file.
func (s *Site) letterReceipt(w http.ResponseWriter, r *request, wrong error) error {
	receipt, err := s.desk.ObjectionStatus(r.Context(), r.Form.Get("code"))
	if err != nil {
		return err
	}
	if f, ok := errors.AsType[*fault.Fault](wrong); ok {
		r.form, r.status = page.Form{Fault: f}, door.Status(f.Kind)
	} else if wrong != nil {
		return wrong
	}
	w.Header().Set("Cache-Control", "no-store")
	return s.render(w, r, http.StatusOK, page.ObjectionReceipt(s.page(r, "回执", publicitiesLink), receipt))
}

func (s *Site) askQuery(w http.ResponseWriter, r *request) error {
	return s.render(w, r, http.StatusOK, page.ObjectionQuery(s.page(r, "查询异议办理进度", publicitiesLink), nil))
}

// queryObjection shows how a case stands. A wrong code counts against the
// address, so that codes cannot be tried out.
func (s *Site) queryObjection(w http.ResponseWriter, r *request) error {
	from := door.Address(r.Request, s.options.Proxies)
	if wait := s.limit.Wait(from); wait > 0 {
		return errOften.New(int(wait/time.Minute) + 1)
	}
	receipt, err := s.desk.ObjectionStatus(r.Context(), r.text("code"))
	if err != nil {
		s.limit.Fail(from)
		return err
	}
	w.Header().Set("Cache-Control", "no-store")
	return s.render(w, r, http.StatusOK, page.ObjectionQuery(s.page(r, "查询异议办理进度", publicitiesLink), &receipt))
}

// withdrawObjection takes an objection back, after it asked once more.
func (s *Site) withdrawObjection(w http.ResponseWriter, r *request) error {
	if !r.yes("confirm") {
		w.Header().Set("Cache-Control", "no-store")
		return s.render(w, r, http.StatusOK, page.WithdrawObjection(s.page(r, "撤回异议"), r.text("code")))
	}
	if err := s.desk.WithdrawObjection(r.Context(), r.text("code")); err != nil {
		return err
	}
	return s.seeOther(w, r, "/objections/query", "异议已撤回。已经反映的事实仍要核查。")
}

func (s *Site) listObjections(w http.ResponseWriter, r *request) error {
	all, err := s.desk.Objections(r.Context(), r.Actor, casework.ObjectionFilter{After: id.Objection(r.FormValue("after")), Limit: objectionsMost})
	if err != nil {
		return err
	}
	next := ""
	if len(all) == objectionsMost {
		next = "/objections?after=" + string(all[len(all)-1].ID)
	}
	register := ""
	if r.Actor.Role == stage.Clerk {
		if register, err = s.registerAt(r); err != nil {
			return err
		}
	}
	return s.render(w, r, http.StatusOK, page.Objections(s.page(r, "异议"), all, r.Actor.Role == stage.Applicant, register, next))
}

// registerAt is where a clerk registers a letter: the latest publicity.
func (s *Site) registerAt(r *request) (string, error) {
	all, err := s.desk.Publicities(r.Context(), stage.Anyone, casework.PublicityFilter{Programme: r.Actor.Programme, Limit: 1})
	if err != nil || len(all) == 0 {
		return "", err
	}
	return "/publicities/" + string(all[0].Publicity.ID) + "/objections/new", nil
}

// objectionPage draws a page of the case of the address.
func (s *Site) objectionPage(r *request, title string, draw func(page.Frame, casework.ObjectionView) error) error {
	v, err := s.desk.Objection(r.Context(), r.Actor, objectionKey(r))
	if err != nil {
		return err
	}
	above := []page.Link{objectionsLink}
	if title == "" {
		title = v.Objection.Label()
	} else {
		above = append(above, page.Link{Word: v.Objection.Label(), URL: "/objections/" + string(v.Objection.ID)})
	}
	return draw(s.page(r, title, above...), v)
}

func (s *Site) showObjection(w http.ResponseWriter, r *request) error {
	return s.objectionPage(r, "", func(f page.Frame, v casework.ObjectionView) error {
		return s.render(w, r, http.StatusOK, page.Objection(f, v, r.Actor))
	})
}

func (s *Site) objectionForm(title string, draw func(page.Frame, casework.ObjectionView) templ.Component) func(http.ResponseWriter, *request) error {
	return func(w http.ResponseWriter, r *request) error {
		return s.objectionPage(r, title, func(f page.Frame, v casework.ObjectionView) error {
			return s.render(w, r, http.StatusOK, draw(f, v))
		})
	}
}

func (s *Site) toObjection(w http.ResponseWriter, r *request, say string) error {
	return s.seeOther(w, r, "/objections/"+r.PathValue("id"), say)
}

func (s *Site) admitObjection(w http.ResponseWriter, r *request) error {
	if err := s.desk.AdmitObjection(r.Context(), r.Actor, objectionKey(r)); err != nil {
		return err
	}
	return s.toObjection(w, r, "已立案。请办公室负责人分派。")
}

func (s *Site) assignObjection(w http.ResponseWriter, r *request) error {
	if err := s.desk.AssignObjection(r.Context(), r.Actor, objectionKey(r), id.Account(r.FormValue("handler"))); err != nil {
		return err
	}
	return s.toObjection(w, r, "已分派。")
}

func (s *Site) askOrganisation(w http.ResponseWriter, r *request) error {
	days, err := r.number("days")
	if err != nil {
		return err
	}
	if err := s.desk.AskObjection(r.Context(), r.Actor, objectionKey(r), r.text("question"), days); err != nil {
		return err
	}
	return s.toObjection(w, r, "已发给单位。")
}

var errVerdict = fault.Define(fault.Invalid, "objection.conclude.verdict", "没有选异议是否成立。", "")

func (s *Site) concludeObjection(w http.ResponseWriter, r *request) error {
	if v := r.FormValue("founded"); v != "yes" && v != "no" {
		return errVerdict.At("founded")
	}
	c := objection.Conclusion{Founded: r.yes("founded"), Summary: r.text("summary"), Finding: r.text("finding")}
	if err := s.desk.ConcludeObjection(r.Context(), r.Actor, objectionKey(r), c); err != nil {
		return err
	}
	return s.toObjection(w, r, "结论已提交。")
}

// objectionText is an act that needs one text.
func (s *Site) objectionText(field, say string, act func(context.Context, stage.Actor, id.Objection, string) error) func(http.ResponseWriter, *request) error {
	return func(w http.ResponseWriter, r *request) error {
		if err := act(r.Context(), r.Actor, objectionKey(r), r.text(field)); err != nil {
			return err
		}
		return s.toObjection(w, r, say)
	}
}

func (s *Site) askSendBack(w http.ResponseWriter, r *request) error {
	return s.objectionPage(r, "退回补查", func(f page.Frame, v casework.ObjectionView) error {
		return s.askReason(w, r, f, page.Reason{Title: "退回补查", Below: v.Objection.Label(), Label: "退回理由", Button: "退回补查", Audience: "办公室。"}, "/objections/"+string(v.Objection.ID))
	})
}

var errNoAnswer = fault.Define(fault.Invalid, "objection.answer.empty", "没有写答复。", "")

// answerForm takes the answer, or shows it once more.
func (s *Site) answerForm(check bool) func(http.ResponseWriter, *request) error {
	return func(w http.ResponseWriter, r *request) error {
		if check && r.text("answer") == "" {
			return errNoAnswer.At("answer")
		}
		return s.objectionPage(r, "答复异议人", func(f page.Frame, v casework.ObjectionView) error {
			return s.render(w, r, http.StatusOK, page.AnswerForm(f, v, r.text("answer"), check && r.FormValue("confirm") != "edit"))
		})
	}
}

// objectionLimit slows down an address that sends in objections one after
// another.
func objectionLimit(now func() time.Time) *door.Limiter {
	return &door.Limiter{Burst: 10, Every: 10 * time.Minute, Now: now}
}
