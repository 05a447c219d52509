package web

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"shifan/internal/casework"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/answer"
	"shifan/internal/lifecycle/application"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/web/page"
)

// applicationRoutes are the pages of those who apply. The list and the page of
// one application are also the office's; see intakeRoutes.
func (s *Site) applicationRoutes() []route {
	mine := []stage.Role{stage.Applicant}
	see := []stage.Role{stage.Applicant, stage.Clerk, stage.Director, stage.Chair, stage.Auditor}
	const one = "/applications/{id}"
	return []route{
		{pattern: "GET /applications", allow: see, serve: s.listApplications},
		{pattern: "GET /applications/new", allow: mine, serve: s.askStart},
		{pattern: "POST /applications/new", allow: mine, serve: s.startApplication, form: s.askStart},
		{pattern: "GET " + one, allow: see, serve: s.showApplication},
		{pattern: "GET " + one + "/sections/{group}", allow: mine, serve: s.askSection},
		{pattern: "POST " + one + "/sections/{group}", allow: mine, serve: s.saveSection, form: s.askSection},
		{pattern: "POST " + one + "/carry", allow: mine, serve: s.carryApplication, form: s.showApplication},
		{pattern: "GET " + one + "/signature", allow: mine, serve: s.askSignature},
		{pattern: "POST " + one + "/signature", allow: mine, serve: s.saveSignature, form: s.askSignature},
		{pattern: "GET " + one + "/check", allow: mine, serve: s.checkApplication},
		{pattern: "GET " + one + "/submit", allow: mine, serve: s.askSubmit},
		{pattern: "POST " + one + "/submit", allow: mine, serve: s.submitApplication, form: s.askSubmit},
		{pattern: "GET " + one + "/submitted", allow: mine, serve: s.showSubmitted},
		{pattern: "GET " + one + "/content", allow: see, serve: s.sendContent},
		{pattern: "GET " + one + "/proof", allow: see, serve: s.sendProof},
		{pattern: "GET " + one + "/discard", allow: mine, serve: s.askDiscard},
		{pattern: "POST " + one + "/discard", allow: mine, serve: s.discardApplication, form: s.askDiscard},
		{pattern: "GET " + one + "/withdraw", allow: mine, serve: s.askWithdraw},
		{pattern: "POST " + one + "/withdraw", allow: mine, serve: s.withdrawApplication, form: s.askWithdraw},
		{pattern: "GET " + one + "/correction", allow: mine, serve: s.askCorrection},
		{pattern: "POST " + one + "/correction", allow: mine, serve: s.correctApplication, form: s.askCorrection},
	}
}

var applicationsLink = page.Link{Word: "申报", URL: "/applications"}

// applicationsMost is how many applications a page lists.
const applicationsMost = 30

func (s *Site) listApplications(w http.ResponseWriter, r *request) error {
	if r.Actor.Role != stage.Applicant {
		return s.listIntake(w, r)
	}
	calls, err := s.desk.OpenCalls(r.Context(), r.Actor)
	if err != nil && fault.KindOf(err) != fault.NotFound {
		return err // an account whose organisation is not there yet sees an empty list
	}
	f := casework.ApplicationFilter{After: id.Application(r.FormValue("after")), Limit: applicationsMost}
	mine, err := s.desk.Applications(r.Context(), r.Actor, f)
	if err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, page.MyApplications(s.page(r, "我要申报"), calls, mine, nextApplications(r, mine)))
}

// nextApplications is the address of the next page of a list, or "".
func nextApplications(r *request, lines []casework.ApplicationLine) string {
	if len(lines) < applicationsMost {
		return ""
	}
	q := r.URL.Query()
	q.Set("after", string(lines[len(lines)-1].Application.ID))
	return "/applications?" + q.Encode()
}

func (s *Site) askStart(w http.ResponseWriter, r *request) error {
	key := id.Round(r.FormValue("round"))
	if key == "" {
		return s.seeOther(w, r, "/applications", "")
	}
	c, err := s.desk.OpenCall(r.Context(), r.Actor, key)
	if err != nil {
		return err
	}
	say := ""
	if f, ok := faultOf(c.Blocked); ok {
		say = f.Say
	}
	return s.render(w, r, http.StatusOK, page.StartApplication(s.page(r, "开始申报", applicationsLink), c, say))
}

func (s *Site) startApplication(w http.ResponseWriter, r *request) error {
	key, err := s.desk.StartApplication(r.Context(), r.Actor, id.Round(r.text("round")), id.PartyBody(r.text("party_body")))
	if err != nil {
		return err
	}
	return s.seeOther(w, r, "/applications/"+string(key), "已开始。分几次填写都可以，填过的都会保存。")
}

// application loads the application of the address.
func (s *Site) application(r *request) (casework.ApplicationView, error) {
	return s.desk.Application(r.Context(), r.Actor, id.Application(r.PathValue("id")))
}

// anApplication draws a page of the application of the address. Below its own
// page the crumbs lead back to it.
func (s *Site) anApplication(r *request, title string, draw func(page.Frame, casework.ApplicationView) error) error {
	v, err := s.application(r)
	if err != nil {
		return err
	}
	above := []page.Link{applicationsLink}
	own := "申报" + v.Programme.Base
	switch {
	case r.Actor.Role != stage.Applicant:
		own = v.Application.Name
	case v.Application.Number != "":
		own = "申报 " + v.Application.Number
	}
	if title == "" {
		title = own
	} else {
		above = append(above, page.Link{Word: own, URL: "/applications/" + string(v.Application.ID)})
	}
	return draw(s.page(r, title, above...), v)
}

func (s *Site) showApplication(w http.ResponseWriter, r *request) error {
	return s.anApplication(r, "", func(f page.Frame, v casework.ApplicationView) error {
		switch {
		case r.Actor.Role != stage.Applicant:
			return s.render(w, r, http.StatusOK, page.Application(f, v))
		case v.Application.State == application.Draft:
			return s.render(w, r, http.StatusOK, page.TaskList(f, v))
		}
		return s.render(w, r, http.StatusOK, page.MyApplication(f, v))
	})
}

// aDraft draws a page of a draft. An application that is no draft any more has
// no such pages; only a form that comes back is shown, with what was typed.
func (s *Site) aDraft(w http.ResponseWriter, r *request, title string, draw func(page.Frame, casework.ApplicationView) error) error {
	return s.anApplication(r, title, func(f page.Frame, v casework.ApplicationView) error {
		if v.Application.State != application.Draft && !r.form.Failed() {
			return s.seeOther(w, r, "/applications/"+string(v.Application.ID), "")
		}
		return draw(f, v)
	})
}

// groupAt returns the group of the address with its place among all.
func groupAt(r *request, groups []programme.Group) (g programme.Group, n int, err error) {
	for n, g := range groups {
		if g.Code == r.PathValue("group") {
			return g, n, nil
		}
	}
	return g, 0, fault.Missing()
}

func (s *Site) askSection(w http.ResponseWriter, r *request) error {
	v, err := s.application(r)
	if err != nil {
		return err
	}
	g, n, err := groupAt(r, v.Groups)
	if err != nil {
		return err
	}
	return s.aDraft(w, r, "（"+g.Code+"）"+g.Title, func(f page.Frame, v casework.ApplicationView) error {
		place := "第" + strconv.Itoa(n+1) + "部分，共" + strconv.Itoa(len(v.Groups)) + "部分"
		return s.render(w, r, http.StatusOK, page.ApplicationSection(f, v, g, place))
	})
}

func (s *Site) saveSection(w http.ResponseWriter, r *request) error {
	key := id.Application(r.PathValue("id"))
	var groups []programme.Group
	var g programme.Group
	var n int
	var in answer.Part
	err := s.desk.SaveForm(r.Context(), r.Actor, key, r.version(), func(asked []programme.Group) (_ answer.Part, err error) {
		groups = asked
		if g, n, err = groupAt(r, groups); err == nil {
			in, err = readAnswers(r, g.Indicators)
		}
		return in, err
	})
	switch {
	case fault.KindOf(err) == fault.Conflict && err != nil:
		s.showOthers(r, key, g.Indicators, in)
		return err
	case err != nil:
		return err
	case r.script():
		return s.saved(w, sealsOf(g.Indicators, in))
	}
	next := "/applications/" + string(key)
	if files, ok := evidenceNext(r, g.Indicators); ok {
		next = files
	} else if r.text("then") == "next" {
		if n+1 < len(groups) {
			next += "/sections/" + url.PathEscape(groups[n+1].Code)
		} else {
			next += "/signature"
		}
	}
	return s.seeOther(w, r, next, "已保存。")
}

// sealsOf are the seals of answers as they are kept now. What the writer left as
// it was may be another clerk's by now, and its seal is not told.
func sealsOf(indicators []programme.Indicator, in answer.Part) map[string]string {
	seals := map[string]string{}
	for _, i := range indicators {
		if a, sent := in.Answers[i.Code]; sent && !in.Untouched(i) {
			kept, _ := a.Keep(i)
			seals[i.Code] = kept.Seal()
		}
	}
	return seals
}

// showOthers puts what other clerks saved meanwhile into the form that comes back,
// where the writer had left things as they were: only what both changed is for the
// writer to settle.
func (s *Site) showOthers(r *request, key id.Application, indicators []programme.Indicator, in answer.Part) {
	v, err := s.desk.Filed(r.Context(), r.Actor, key)
	if err != nil {
		return // the form comes back as it was sent
	}
	for _, i := range indicators {
		if _, sent := in.Answers[i.Code]; !sent || !in.Untouched(i) {
			continue
		}
		for name := range r.PostForm {
			if strings.HasPrefix(name, i.Code+".") {
				delete(r.PostForm, name)
			}
		}
		for name, value := range page.AnswerValues(i, v.Application.Answers[i.Code]) {
			r.PostForm.Set(name, value)
		}
	}
}

// readAnswers reads the answers to some indicators, and reports every number
// that is none at once. What the form does not hold is left out.
func readAnswers(r *request, indicators []programme.Indicator) (in answer.Part, err error) {
	in.Answers, in.Seen = map[string]answer.Answer{}, map[string]string{}
	var wrong []*fault.Fault
	for _, i := range indicators {
		if !r.PostForm.Has(i.Code + ".statement") {
			continue
		}
		a := answer.Answer{Rating: r.text(i.Code + ".rating"), Statement: r.text(i.Code + ".statement")}
		if i.Scored() {
			score, err := r.number(i.Code + ".score")
			if f, ok := faultOf(err); ok {
				wrong = append(wrong, f)
			}
			a.Score, a.Rating = score, ""
			if r.text(i.Code+".score") != "" {
				a.Rating = answer.Partly // which one, its score tells
			}
		}
		for n := 0; r.PostForm.Has(i.Code+".evidence."+strconv.Itoa(n)) && n < 100; n++ {
			a.Evidence = append(a.Evidence, r.text(i.Code+".evidence."+strconv.Itoa(n)))
		}
		in.Answers[i.Code], in.Seen[i.Code] = a, r.text(i.Code+".seen")
		if r.yes(i.Code + ".sure") {
			in.Sure = append(in.Sure, i.Code)
		}
	}
	return in, fault.All(wrong...)
}

func (s *Site) askSignature(w http.ResponseWriter, r *request) error {
	return s.aDraft(w, r, "申报主体与承诺", func(f page.Frame, v casework.ApplicationView) error {
		return s.render(w, r, http.StatusOK, page.ApplicationSignature(f, v))
	})
}

func (s *Site) saveSignature(w http.ResponseWriter, r *request) error {
	body, who, yes := id.PartyBody(r.text("party_body")), r.text("signatory"), r.yes("committed")
	in := answer.Part{Signatory: &who, Committed: &yes, Seen: map[string]string{answer.Signed: r.text(answer.Signed + ".seen")}}
	if body != "" {
		in.Party = &body
	}
	key := id.Application(r.PathValue("id"))
	if err := s.desk.SaveApplication(r.Context(), r.Actor, key, r.version(), in); err != nil {
		return err
	}
	if r.script() {
		return s.saved(w, s.signedSeal(r, key, in))
	}
	next := "/applications/" + string(key)
	if r.text("then") == "next" {
		next += "/check"
	}
	return s.seeOther(w, r, next, "已保存。")
}

// signedSeal is the seal of what is kept beside the answers, while it is what was
// just saved.
func (s *Site) signedSeal(r *request, key id.Application, in answer.Part) map[string]string {
	v, err := s.desk.Filed(r.Context(), r.Actor, key)
	if err != nil || v.Application.Signatory != *in.Signatory || v.Application.Committed != *in.Committed || in.Party != nil && v.Application.Body != *in.Party {
		return nil
	}
	return map[string]string{answer.Signed: v.Application.SealSigned()}
}

func (s *Site) carryApplication(w http.ResponseWriter, r *request) error {
	key := id.Application(r.PathValue("id"))
	left, err := s.desk.CarryApplication(r.Context(), r.Actor, key)
	if err != nil {
		return err
	}
	say := "已带入。逐项核对，确认后才算完成。"
	if len(left) > 0 {
		say += fmt.Sprintf("有%d个文件没有带入（%s），需要的重新上传。", len(left), shorten(strings.Join(left, "、")))
	}
	return s.seeOther(w, r, "/applications/"+string(key), say)
}

func (s *Site) checkApplication(w http.ResponseWriter, r *request) error {
	return s.aDraft(w, r, "校对", func(f page.Frame, v casework.ApplicationView) error {
		return s.render(w, r, http.StatusOK, page.CheckApplication(f, v))
	})
}

func (s *Site) askSubmit(w http.ResponseWriter, r *request) error {
	return s.aDraft(w, r, "提交申报", func(f page.Frame, v casework.ApplicationView) error {
		if r.form.Failed() && len(r.form.Fault.Fields) > 0 { // what is missing is listed on the page that checks it
			short := *r.form.Fault
			short.Fields = nil
			f.Form.Fault = &short
			return s.render(w, r, http.StatusOK, page.CheckApplication(f, v))
		}
		key := s.desk.SubmissionKey()
		if r.form.Failed() {
			key = r.text("submission")
		}
		return s.render(w, r, http.StatusOK, page.SubmitApplication(f, v, key))
	})
}

func (s *Site) submitApplication(w http.ResponseWriter, r *request) error {
	key := id.Application(r.PathValue("id"))
	if err := s.desk.SubmitApplication(r.Context(), r.Actor, key, r.version(), r.text("submission")); err != nil {
		return err
	}
	return s.seeOther(w, r, "/applications/"+string(key)+"/submitted", "")
}

func (s *Site) showSubmitted(w http.ResponseWriter, r *request) error {
	return s.anApplication(r, "提交回执", func(f page.Frame, v casework.ApplicationView) error {
		if !v.Application.Filed() {
			return fault.Missing()
		}
		return s.render(w, r, http.StatusOK, page.SubmittedApplication(f, v))
	})
}

// sendContent sends exactly what the digest is computed from, so that anybody who
// may read the application can compute it again.
func (s *Site) sendContent(w http.ResponseWriter, r *request) error {
	v, err := s.application(r)
	if err != nil {
		return err
	}
	if !v.Application.Filed() {
		return fault.Missing()
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="application.json"`)
	_, err = w.Write(v.Application.Content().Canonical())
	return err
}

// sendProof sends the proof that the submission stands in the record.
func (s *Site) sendProof(w http.ResponseWriter, r *request) error {
	p, err := s.desk.ProveApplication(r.Context(), r.Actor, id.Application(r.PathValue("id")))
	if err != nil {
		return err
	}
	w.Header().Set("Content-Disposition", `attachment; filename="application.tlog-proof"`)
	return s.plain(w, r, mediaText, cacheNot, []byte(p.String()))
}

func (s *Site) askDiscard(w http.ResponseWriter, r *request) error {
	return s.aDraft(w, r, "放弃本次申报", func(f page.Frame, v casework.ApplicationView) error {
		return s.render(w, r, http.StatusOK, page.AskApplication(f, v, "放弃后这份草稿不能再填写和提交。截止以前可以重新开始，填过的内容可以带入。", "放弃本次申报"))
	})
}

func (s *Site) discardApplication(w http.ResponseWriter, r *request) error {
	if err := s.desk.DiscardApplication(r.Context(), r.Actor, id.Application(r.PathValue("id"))); err != nil {
		return err
	}
	return s.seeOther(w, r, "/applications", "已放弃。截止以前可以重新开始。")
}

func (s *Site) askWithdraw(w http.ResponseWriter, r *request) error {
	return s.anApplication(r, "撤回申报", func(f page.Frame, v casework.ApplicationView) error {
		say := "申报已经截止，不能撤回。"
		if !v.FilingOpen() && !r.form.Failed() {
			return s.seeOther(w, r, "/applications/"+string(v.Application.ID), say)
		}
		if v.FilingOpen() {
			say = "撤回后编号" + v.Application.Number + "不再办理。" + page.Until(v.Round.Deadline) + "以前可以重新开始，填过的内容可以带入。"
		}
		return s.render(w, r, http.StatusOK, page.AskApplication(f, v, say, "撤回申报"))
	})
}

func (s *Site) withdrawApplication(w http.ResponseWriter, r *request) error {
	if err := s.desk.WithdrawApplication(r.Context(), r.Actor, id.Application(r.PathValue("id"))); err != nil {
		return err
	}
	return s.seeOther(w, r, "/applications/"+r.PathValue("id"), "申报已撤回。")
}

func (s *Site) askCorrection(w http.ResponseWriter, r *request) error {
	return s.anApplication(r, "逐项补正", func(f page.Frame, v casework.ApplicationView) error {
		if v.Application.State != application.Correcting && !r.form.Failed() {
			return s.seeOther(w, r, "/applications/"+string(v.Application.ID), "")
		}
		var err error
		if v.Files, err = s.desk.EvidenceOf(r.Context(), r.Actor, v.Application.ID); err != nil {
			return err
		}
		return s.render(w, r, http.StatusOK, page.CorrectApplication(f, v))
	})
}

func (s *Site) correctApplication(w http.ResponseWriter, r *request) error {
	v, err := s.application(r)
	if err != nil {
		return err
	}
	in, err := readAnswers(r, v.Programme.Indicators(v.Round.Year))
	if err != nil {
		return err
	}
	if r.PostForm.Has("signatory") {
		who := r.text("signatory")
		in.Signatory = &who
	}
	if err := s.desk.CorrectApplication(r.Context(), r.Actor, v.Application.ID, r.version(), in); err != nil {
		return err
	}
	return s.seeOther(w, r, "/applications/"+string(v.Application.ID), "补正已提交，办公室会继续办理。")
}
