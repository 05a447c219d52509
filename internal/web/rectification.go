package web

import (
	"io"
	"net/http"
	"strconv"
	"strings"

	"shifan/internal/calendar"
	"shifan/internal/casework"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/rectification"
	"shifan/internal/web/page"
)

func (s *Site) rectificationRoutes() []route {
	return []route{
		{pattern: "GET /rectifications", allow: seesTitleCases, serve: s.listRectifications},
		{pattern: "GET /rectifications/new", allow: chairs, serve: s.askOrder},
		{pattern: "POST /rectifications/new", allow: chairs, serve: s.orderRectification, form: s.askOrder},
		{pattern: "GET /rectifications/{id}", allow: opensTitleCase, serve: s.showRectification},
		{pattern: "GET /rectifications/{id}/paper", allow: opensTitleCase, serve: s.sendRectificationPaper},
		{pattern: "GET /rectifications/{id}/serve", allow: clerks, serve: s.askServe},
		{pattern: "POST /rectifications/{id}/serve", allow: clerks, serve: s.serveRectification, form: s.askServe},
		{pattern: "GET /rectifications/{id}/extend", allow: directorsOnly, serve: s.askExtendRectification},
		{pattern: "POST /rectifications/{id}/extend", allow: directorsOnly, serve: s.extendRectification, form: s.askExtendRectification},
		{pattern: "GET /rectifications/{id}/assessors", allow: clerks, serve: s.askVerifiers},
		{pattern: "POST /rectifications/{id}/assessors", allow: clerks, serve: s.assignVerifiers, form: s.askVerifiers},
		{pattern: "GET /rectifications/{id}/items/{n}", allow: applicantsOnly, serve: s.askAnswer},
		{pattern: "POST /rectifications/{id}/items/{n}", allow: applicantsOnly, serve: s.answerRectification, form: s.askAnswer},
		{pattern: "GET /rectifications/{id}/items/{n}/files", allow: applicantsOnly, serve: s.askProofs},
		{pattern: "POST /rectifications/{id}/items/{n}/files", allow: applicantsOnly, serve: s.uploadProofs, form: s.askProofs, streams: true},
		{pattern: "POST /rectifications/{id}/items/{n}/files/remove", allow: applicantsOnly, serve: s.removeProof, form: s.askProofs},
		{pattern: "GET /rectifications/{id}/report", allow: applicantsOnly, serve: s.askReportRectification},
		{pattern: "POST /rectifications/{id}/report", allow: applicantsOnly, serve: s.reportRectification, form: s.askReportRectification},
		{pattern: "GET /rectifications/{id}/reported", allow: applicantsOnly, serve: s.showRectificationReported},
		{pattern: "GET /rectifications/{id}/verify", allow: assessorsOnly, serve: s.askVerifyRectification},
		{pattern: "POST /rectifications/{id}/verify", allow: assessorsOnly, serve: s.verifyRectification, form: s.askVerifyRectification},
	}
}

var rectificationsLink = page.Link{Word: "整改", URL: "/rectifications"}

func (s *Site) listRectifications(w http.ResponseWriter, r *request) error {
	states, state, query := caseFilter(r)
	rows, err := s.desk.Rectifications(r.Context(), r.Actor, casework.RectificationFilter{States: states, Query: query, After: id.Rectification(r.FormValue("after")), Limit: casesMost})
	if err != nil {
		return err
	}
	last := ""
	if len(rows) > 0 {
		last = string(rows[len(rows)-1].Order.ID)
	}
	return s.render(w, r, http.StatusOK, page.RectificationList(s.page(r, "整改"), rows, state, query, nextCasePage(r, len(rows) == casesMost, last)))
}

// orderOf reads what an order is about from the address.
func orderOf(r *request) casework.RectificationOrder {
	q := r.URL.Query()
	return casework.RectificationOrder{Recheck: id.Recheck(q.Get("recheck")), Designation: id.Designation(q.Get("designation"))}
}

func (s *Site) askOrder(w http.ResponseWriter, r *request) error {
	v, err := s.desk.OrderChoice(r.Context(), r.Actor, orderOf(r))
	if err != nil {
		return err
	}
	back := "/designations/" + string(v.Title.ID)
	if v.Recheck != nil {
		back = "/rechecks/" + string(v.Recheck.ID)
	}
	return s.render(w, r, http.StatusOK, page.OrderForm(s.page(r, "责令整改", rectificationsLink), v, r.URL.RequestURI(), back))
}

func (s *Site) orderRectification(w http.ResponseWriter, r *request) error {
	o := orderOf(r)
	for line := range strings.Lines(r.FormValue("items")) {
		if say := strings.TrimSpace(line); say != "" {
			o.Items = append(o.Items, say)
		}
	}
	key, err := s.desk.OrderRectification(r.Context(), r.Actor, o)
	if err != nil {
		return err
	}
	return s.seeOther(w, r, "/rectifications/"+string(key), "已责令整改。下一步由办公室送达，送达后起算期限。")
}

func rectificationOf(r *request) id.Rectification { return id.Rectification(r.PathValue("id")) }

// rectificationPage draws a page of the order of the address; one for an act is
// shown only to who may take it now.
func (s *Site) rectificationPage(r *request, title, act string, draw func(page.Frame, casework.RectificationView) error) error {
	v, err := s.desk.Rectification(r.Context(), r.Actor, rectificationOf(r))
	if err != nil {
		return err
	}
	above := caseAbove(r, rectificationsLink)
	if title == "" {
		title = v.Title.Name
	} else {
		above = append(above, page.Link{Word: v.Title.Name, URL: "/rectifications/" + string(v.Order.ID)})
	}
	if act != "" && r.form.Fault == nil {
		if _, err := rectification.Kind.Step(v.Order.State, act, r.Actor.Role); err != nil {
			return err
		}
	}
	return draw(s.page(r, title, above...), v)
}

func (s *Site) toRectification(w http.ResponseWriter, r *request, say string) error {
	return s.seeOther(w, r, "/rectifications/"+r.PathValue("id"), say)
}

func (s *Site) showRectification(w http.ResponseWriter, r *request) error {
	return s.rectificationPage(r, "", "", func(f page.Frame, v casework.RectificationView) error {
		return s.render(w, r, http.StatusOK, page.Rectification(f, v, r.Actor))
	})
}

func (s *Site) askServe(w http.ResponseWriter, r *request) error {
	return s.rectificationPage(r, "登记送达", "serve", func(f page.Frame, v casework.RectificationView) error {
		return s.render(w, r, http.StatusOK, page.ServeForm(f, v, calendar.DateOf(v.Now).String()))
	})
}

func (s *Site) serveRectification(w http.ResponseWriter, r *request) error {
	on, err := r.date("served_on")
	if err != nil {
		return err
	}
	if err := s.desk.ServeRectification(r.Context(), r.Actor, rectificationOf(r), on, r.version()); err != nil {
		return err
	}
	return s.toRectification(w, r, "送达已登记，期限开始计算。")
}

func (s *Site) askExtendRectification(w http.ResponseWriter, r *request) error {
	return s.rectificationPage(r, "延长整改期限", "extend", func(f page.Frame, v casework.RectificationView) error {
		return s.render(w, r, http.StatusOK, page.ExtendForm(f, v))
	})
}

func (s *Site) extendRectification(w http.ResponseWriter, r *request) error {
	to, err := r.date("to")
	if err != nil {
		return err
	}
	if err := s.desk.ExtendRectification(r.Context(), r.Actor, rectificationOf(r), to, r.text("reason"), r.version()); err != nil {
		return err
	}
	return s.toRectification(w, r, "整改期限已延长。")
}

func (s *Site) askVerifiers(w http.ResponseWriter, r *request) error {
	return s.rectificationPage(r, "指定验收人员", "assign", func(f page.Frame, v casework.RectificationView) error {
		at := "/rectifications/" + string(v.Order.ID)
		return s.render(w, r, http.StatusOK, page.AssessorsForm(f, v.TitleCase, chosenOf(v.Order.Assessors), v.Order.Version, at+"/assessors", "指定验收人员", at))
	})
}

func (s *Site) assignVerifiers(w http.ResponseWriter, r *request) error {
	if err := s.desk.AssignRectification(r.Context(), r.Actor, rectificationOf(r), assessorsOf(r), r.version()); err != nil {
		return err
	}
	return s.toRectification(w, r, "验收人员已指定。")
}

// nth reads which item the address means, and refuses one that is not there.
func nth(r *request, v casework.RectificationView) (int, error) {
	n, err := strconv.Atoi(r.PathValue("n"))
	if err != nil || n < 1 || n > len(v.Order.Items) {
		return 0, fault.Missing()
	}
	return n, nil
}

func (s *Site) askAnswer(w http.ResponseWriter, r *request) error {
	return s.rectificationPage(r, "填写整改情况", "answer", func(f page.Frame, v casework.RectificationView) error {
		n, err := nth(r, v)
		if err != nil {
			return err
		}
		return s.render(w, r, http.StatusOK, page.AnswerItemForm(f, v, n))
	})
}

func (s *Site) answerRectification(w http.ResponseWriter, r *request) error {
	v, err := s.desk.Rectification(r.Context(), r.Actor, rectificationOf(r))
	if err != nil {
		return err
	}
	n, err := nth(r, v)
	if err != nil {
		return err
	}
	if err := s.desk.AnswerRectification(r.Context(), r.Actor, rectificationOf(r), n, r.text("done"), r.text("evidence"), r.version()); err != nil {
		return err
	}
	if r.FormValue("then") == "files" {
		return s.seeOther(w, r, r.URL.Path+"/files", "第"+strconv.Itoa(n)+"项已保存。")
	}
	return s.toRectification(w, r, "第"+strconv.Itoa(n)+"项已保存。全部填写后提交整改报告。")
}

// askProofs shows the files of an item and asks for more.
func (s *Site) askProofs(w http.ResponseWriter, r *request) error {
	return s.rectificationPage(r, "佐证文件", "attach", func(f page.Frame, v casework.RectificationView) error {
		n, err := nth(r, v)
		if err != nil {
			return err
		}
		return s.render(w, r, http.StatusOK, page.UploadProofs(f, v, n, s.desk.Files.Room))
	})
}

// ofItem reads which item of which order the address means. One that is not there is
// refused before anything is read.
func (s *Site) ofItem(r *request) (int, error) {
	v, err := s.desk.Rectification(r.Context(), r.Actor, rectificationOf(r))
	if err != nil {
		return 0, err
	}
	return nth(r, v)
}

// uploadProofs takes the files of a form one after another as they come.
func (s *Site) uploadProofs(w http.ResponseWriter, r *request) error {
	n, err := s.ofItem(r)
	if err != nil {
		return err
	}
	return s.takeFiles(w, r, func(name string, in io.Reader) (casework.File, error) {
		return s.desk.AttachProof(r.Context(), r.Actor, rectificationOf(r), n, name, in)
	})
}

func (s *Site) removeProof(w http.ResponseWriter, r *request) error {
	n, err := s.ofItem(r)
	if err != nil {
		return err
	}
	if err := s.desk.DetachProof(r.Context(), r.Actor, rectificationOf(r), n, id.File(r.text("file"))); err != nil {
		return err
	}
	return s.seeOther(w, r, strings.TrimSuffix(r.URL.Path, "/remove"), "文件已移除。")
}

func (s *Site) askReportRectification(w http.ResponseWriter, r *request) error {
	return s.rectificationPage(r, "核对整改报告", "report", func(f page.Frame, v casework.RectificationView) error {
		return s.render(w, r, http.StatusOK, page.CheckReport(f, v))
	})
}

func (s *Site) reportRectification(w http.ResponseWriter, r *request) error {
	if err := s.desk.ReportRectification(r.Context(), r.Actor, rectificationOf(r), r.version()); err != nil {
		return err
	}
	return s.seeOther(w, r, "/rectifications/"+r.PathValue("id")+"/reported", "")
}

func (s *Site) showRectificationReported(w http.ResponseWriter, r *request) error {
	return s.rectificationPage(r, "整改报告已提交", "", func(f page.Frame, v casework.RectificationView) error {
		if v.Order.ReportedAt.IsZero() {
			return fault.Missing()
		}
		return s.render(w, r, http.StatusOK, page.RectificationDone(f, v))
	})
}

func (s *Site) askVerifyRectification(w http.ResponseWriter, r *request) error {
	return s.rectificationPage(r, "填写验收意见", "verify", func(f page.Frame, v casework.RectificationView) error {
		return s.render(w, r, http.StatusOK, page.VerifyRectificationForm(f, v))
	})
}

func (s *Site) verifyRectification(w http.ResponseWriter, r *request) error {
	v, err := s.desk.Rectification(r.Context(), r.Actor, rectificationOf(r))
	if err != nil {
		return err
	}
	var marks []rectification.Item
	for n := range v.Order.Items {
		at := "items." + strconv.Itoa(n)
		marks = append(marks, rectification.Item{Evident: r.FormValue(at) == "yes", Note: r.text(at + ".note")})
	}
	if err := s.desk.VerifyRectification(r.Context(), r.Actor, rectificationOf(r), r.FormValue("method"), marks, r.text("opinion"), r.version()); err != nil {
		return err
	}
	return s.toRectification(w, r, "验收意见已提交。下一步由会议审定。")
}

// sendRectificationPaper sends the order.
func (s *Site) sendRectificationPaper(w http.ResponseWriter, r *request) error {
	p, err := s.desk.RectificationPaper(r.Context(), r.Actor, id.Rectification(r.PathValue("id")))
	if err != nil {
		return err
	}
	return sendPaper(w, r, p)
}
