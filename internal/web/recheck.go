package web

import (
	"net/http"
	"net/url"

	"shifan/internal/casework"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/recheck"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/web/page"
)

// Who sees what is about titles, and who has a part in it. What of it each sees is
// decided by the store.
var (
	seesTitleCases = []stage.Role{stage.Applicant, stage.Clerk, stage.Director, stage.Assessor, stage.Chair, stage.Auditor}
	opensTitleCase = []stage.Role{stage.Applicant, stage.Clerk, stage.Director, stage.Assessor, stage.Member, stage.Chair, stage.Auditor}
	applicantsOnly = []stage.Role{stage.Applicant}
	assessorsOnly  = []stage.Role{stage.Assessor}
	directorsOnly  = []stage.Role{stage.Director}
)

func (s *Site) recheckRoutes() []route {
	return []route{
		{pattern: "GET /rechecks", allow: seesTitleCases, serve: s.listRechecks},
		{pattern: "GET /rechecks/{id}", allow: opensTitleCase, serve: s.showRecheck},
		{pattern: "GET /rechecks/{id}/papers/{paper}", allow: opensTitleCase, serve: s.sendRecheckPaper},
		{pattern: "GET /rechecks/{id}/assessors", allow: clerks, serve: s.askRecheckAssessors},
		{pattern: "POST /rechecks/{id}/assessors", allow: clerks, serve: s.assignRecheck, form: s.askRecheckAssessors},
		{pattern: "GET /rechecks/{id}/self-report", allow: applicantsOnly, serve: s.askSelfReport},
		{pattern: "POST /rechecks/{id}/self-report", allow: applicantsOnly, serve: s.selfReport, form: s.askSelfReport},
		{pattern: "GET /rechecks/{id}/self-reported", allow: applicantsOnly, serve: s.showSelfReported},
		{pattern: "GET /rechecks/{id}/report", allow: assessorsOnly, serve: s.askRecheckReport},
		{pattern: "POST /rechecks/{id}/report", allow: assessorsOnly, serve: s.reportRecheck, form: s.askRecheckReport},
		{pattern: "GET /rechecks/{id}/visited", allow: assessorsOnly, serve: s.askRecheckVisit},
		{pattern: "POST /rechecks/{id}/visited", allow: assessorsOnly, serve: s.visitRecheck, form: s.askRecheckVisit},
		{pattern: "GET /rechecks/{id}/accept", allow: clerks, serve: s.askAcceptRecheck},
		{pattern: "POST /rechecks/{id}/accept", allow: clerks, serve: s.acceptRecheck, form: s.askAcceptRecheck},
		{pattern: "GET /rechecks/{id}/deepen", allow: clerks, serve: s.askDeepenRecheck},
		{pattern: "POST /rechecks/{id}/deepen", allow: clerks, serve: s.deepenRecheck, form: s.askDeepenRecheck},
		{pattern: "GET /rechecks/{id}/conclude", allow: chairs, serve: s.askConcludeRecheck},
		{pattern: "POST /rechecks/{id}/conclude", allow: chairs, serve: s.concludeRecheck, form: s.askConcludeRecheck},
	}
}

var rechecksLink = page.Link{Word: "复查", URL: "/rechecks"}

// casesMost is how many rechecks, orders or proceedings a page lists.
const casesMost = 50

// caseFilter reads the filter of a list about titles.
func caseFilter(r *request) (states []stage.State, state, query string) {
	state, query = r.FormValue("state"), r.text("q")
	if state != "" {
		states = []stage.State{stage.State(state)}
	}
	return states, state, query
}

// nextCasePage is the address of the next page of a list about titles, or "".
func nextCasePage(r *request, full bool, last string) string {
	if !full {
		return ""
	}
	q := url.Values{"after": {last}}
	for _, name := range []string{"state", "q"} {
		if v := r.FormValue(name); v != "" {
			q.Set(name, v)
		}
	}
	return r.URL.Path + "?" + q.Encode()
}

func (s *Site) listRechecks(w http.ResponseWriter, r *request) error {
	states, state, query := caseFilter(r)
	rows, today, err := s.desk.Rechecks(r.Context(), r.Actor, casework.RecheckFilter{States: states, Query: query, After: id.Recheck(r.FormValue("after")), Limit: casesMost})
	if err != nil {
		return err
	}
	var plan []casework.PlannedRecheck
	if state == "" && query == "" {
		if plan, err = s.desk.RecheckPlan(r.Context(), r.Actor); err != nil {
			return err
		}
	}
	last := ""
	if len(rows) > 0 {
		last = string(rows[len(rows)-1].Recheck.ID)
	}
	return s.render(w, r, http.StatusOK, page.RecheckList(s.page(r, "复查"), rows, plan, today, state, query, nextCasePage(r, len(rows) == casesMost, last)))
}

func recheckOf(r *request) id.Recheck { return id.Recheck(r.PathValue("id")) }

// caseAbove is what stands above a thing about a title: its list, or the meetings for a
// member, who reads it as the material of an item and has no list of such things.
func caseAbove(r *request, list page.Link) []page.Link {
	if r.Actor.Role == stage.Member {
		return []page.Link{meetingsLink}
	}
	return []page.Link{list}
}

// recheckPage draws a page of the recheck of the address; one for an act is shown
// only to who may take it now.
func (s *Site) recheckPage(r *request, title, act string, draw func(page.Frame, casework.RecheckView) error) error {
	v, err := s.desk.Recheck(r.Context(), r.Actor, recheckOf(r))
	if err != nil {
		return err
	}
	above := caseAbove(r, rechecksLink)
	if title == "" {
		title = v.Title.Name
	} else {
		above = append(above, page.Link{Word: v.Title.Name, URL: "/rechecks/" + string(v.Recheck.ID)})
	}
	if act != "" && r.form.Fault == nil {
		if _, err := recheck.Kind.Step(v.Recheck.State, act, r.Actor.Role); err != nil {
			return err
		}
	}
	return draw(s.page(r, title, above...), v)
}

func (s *Site) toRecheck(w http.ResponseWriter, r *request, say string) error {
	return s.seeOther(w, r, "/rechecks/"+r.PathValue("id"), say)
}

func (s *Site) showRecheck(w http.ResponseWriter, r *request) error {
	return s.recheckPage(r, "", "", func(f page.Frame, v casework.RecheckView) error {
		return s.render(w, r, http.StatusOK, page.Recheck(f, v, r.Actor))
	})
}

// assessorsOf reads which assessors were ticked.
func assessorsOf(r *request) (who []id.Account) {
	for _, a := range r.all("assessors") {
		who = append(who, id.Account(a))
	}
	return who
}

// chosenOf says who is chosen already.
func chosenOf(who []id.Account) []string {
	all := []string{}
	for _, a := range who {
		all = append(all, string(a))
	}
	return all
}

func (s *Site) askRecheckAssessors(w http.ResponseWriter, r *request) error {
	return s.recheckPage(r, "指定复查人员", "", func(f page.Frame, v casework.RecheckView) error {
		button := "开始复查"
		if v.Recheck.State != recheck.Due {
			button = "调整复查人员"
		}
		at := "/rechecks/" + string(v.Recheck.ID)
		return s.render(w, r, http.StatusOK, page.AssessorsForm(f, v.TitleCase, chosenOf(v.Recheck.Assessors), v.Recheck.Version, at+"/assessors", button, at))
	})
}

func (s *Site) assignRecheck(w http.ResponseWriter, r *request) error {
	v, err := s.desk.Recheck(r.Context(), r.Actor, recheckOf(r))
	if err != nil {
		return err
	}
	if v.Recheck.State == recheck.Due {
		err = s.desk.BeginRecheck(r.Context(), r.Actor, recheckOf(r), assessorsOf(r), r.version())
	} else {
		err = s.desk.AssignRecheck(r.Context(), r.Actor, recheckOf(r), assessorsOf(r), r.version())
	}
	if err != nil {
		return err
	}
	return s.toRecheck(w, r, "复查人员已指定，复查进行中。持有单位现在可以提交自查情况。")
}

func (s *Site) askSelfReport(w http.ResponseWriter, r *request) error {
	return s.recheckPage(r, "填写自查情况", "self_report", func(f page.Frame, v casework.RecheckView) error {
		if v.Recheck.SelfReport != "" {
			f.Title = "修改自查情况"
		}
		return s.render(w, r, http.StatusOK, page.SelfReportForm(f, v))
	})
}

func (s *Site) selfReport(w http.ResponseWriter, r *request) error {
	if err := s.desk.ReportSelf(r.Context(), r.Actor, recheckOf(r), r.text("self_report"), r.version()); err != nil {
		return err
	}
	return s.seeOther(w, r, "/rechecks/"+r.PathValue("id")+"/self-reported", "")
}

func (s *Site) showSelfReported(w http.ResponseWriter, r *request) error {
	return s.recheckPage(r, "自查情况已提交", "", func(f page.Frame, v casework.RecheckView) error {
		if v.Recheck.SelfReport == "" {
			return fault.Missing()
		}
		return s.render(w, r, http.StatusOK, page.SelfReportDone(f, v))
	})
}

func (s *Site) askRecheckReport(w http.ResponseWriter, r *request) error {
	return s.recheckPage(r, "填写复查报告", "report", func(f page.Frame, v casework.RecheckView) error {
		return s.render(w, r, http.StatusOK, page.RecheckReportForm(f, v))
	})
}

func (s *Site) reportRecheck(w http.ResponseWriter, r *request) error {
	v, err := s.desk.Recheck(r.Context(), r.Actor, recheckOf(r))
	if err != nil {
		return err
	}
	findings := map[string]recheck.Finding{}
	for _, i := range v.Standard.Indicators(v.Recheck.DueOn.Year) {
		findings[i.Code] = recheck.Finding{Now: r.FormValue("findings." + i.Code), Note: r.text("findings." + i.Code + ".note")}
	}
	if r.FormValue("do") == "save" {
		if err := s.desk.NoteRecheck(r.Context(), r.Actor, recheckOf(r), findings, r.text("opinion"), r.version()); err != nil {
			return err
		}
		return s.seeOther(w, r, r.URL.Path, "已保存，还没有提交。")
	}
	if err := s.desk.ReportRecheck(r.Context(), r.Actor, recheckOf(r), findings, r.text("opinion"), r.version()); err != nil {
		return err
	}
	return s.toRecheck(w, r, "复查报告已提交。下一步由主任委员或会议作出结论。")
}

func (s *Site) askRecheckVisit(w http.ResponseWriter, r *request) error {
	return s.recheckPage(r, "登记实地复查", "visit", func(f page.Frame, v casework.RecheckView) error {
		return s.render(w, r, http.StatusOK, page.RecheckVisitForm(f, v))
	})
}

func (s *Site) visitRecheck(w http.ResponseWriter, r *request) error {
	on, err := r.date("visited_on")
	if err != nil {
		return err
	}
	if err := s.desk.VisitRecheck(r.Context(), r.Actor, recheckOf(r), on, r.version()); err != nil {
		return err
	}
	return s.toRecheck(w, r, "实地复查已登记，可以填写复查报告。")
}

func (s *Site) askAcceptRecheck(w http.ResponseWriter, r *request) error {
	return s.recheckPage(r, "审阅自查情况", "accept", func(f page.Frame, v casework.RecheckView) error {
		return s.render(w, r, http.StatusOK, page.AcceptRecheckForm(f, v))
	})
}

func (s *Site) acceptRecheck(w http.ResponseWriter, r *request) error {
	if err := s.desk.AcceptRecheck(r.Context(), r.Actor, recheckOf(r), r.text("opinion"), r.version()); err != nil {
		return err
	}
	return s.toRecheck(w, r, "自查情况已采纳，下一步由主任委员或会议作出结论。")
}

func (s *Site) askDeepenRecheck(w http.ResponseWriter, r *request) error {
	return s.recheckPage(r, "改为深入复查", "deepen", func(f page.Frame, v casework.RecheckView) error {
		return s.render(w, r, http.StatusOK, page.DeepenRecheckForm(f, v))
	})
}

func (s *Site) deepenRecheck(w http.ResponseWriter, r *request) error {
	if err := s.desk.DeepenRecheck(r.Context(), r.Actor, recheckOf(r), r.FormValue("depth"), r.text("reason"), r.version()); err != nil {
		return err
	}
	return s.toRecheck(w, r, "复查方式已改，没有指定复查人员的请指定。")
}

func (s *Site) askConcludeRecheck(w http.ResponseWriter, r *request) error {
	return s.recheckPage(r, "作出复查结论", "pass", func(f page.Frame, v casework.RecheckView) error {
		return s.render(w, r, http.StatusOK, page.ConcludeRecheckForm(f, v))
	})
}

var errConclusion = fault.Define(fault.Invalid, "recheck.conclude.choice",
	"没有选结论。选复查通过，或者标准下降。", "")

func (s *Site) concludeRecheck(w http.ResponseWriter, r *request) error {
	switch r.FormValue("conclusion") {
	case "pass":
		if err := s.desk.PassRecheck(r.Context(), r.Actor, recheckOf(r), r.text("reason"), r.version()); err != nil {
			return err
		}
		return s.toRecheck(w, r, "复查通过。")
	case "slip":
		if err := s.desk.SlipRecheck(r.Context(), r.Actor, recheckOf(r), r.text("reason"), r.version()); err != nil {
			return err
		}
		return s.toRecheck(w, r, "已认定标准下降。下一步责令整改。")
	}
	if _, err := s.desk.Recheck(r.Context(), r.Actor, recheckOf(r)); err != nil {
		return err
	}
	return errConclusion.At("conclusion")
}
