package web

import (
	"net/http"

	"shifan/internal/casework"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/assessment"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/lifecycle/visit"
	"shifan/internal/web/page"
)

func (s *Site) visitRoutes() []route {
	sees := []stage.Role{stage.Applicant, stage.Clerk, stage.Director, stage.Assessor, stage.Chair, stage.Auditor}
	heads := []stage.Role{stage.Director, stage.Chair}
	office := []stage.Role{stage.Clerk, stage.Director}
	team := []stage.Role{stage.Assessor}
	writers := []stage.Role{stage.Assessor, stage.Clerk}
	hosts := []stage.Role{stage.Applicant}
	return []route{
		{pattern: "GET /visits", allow: sees, serve: s.listVisits},
		{pattern: "GET /visits/{id}", allow: sees, serve: s.showVisit},
		{pattern: "GET /visits/{id}/papers/{paper}", allow: sees, serve: s.sendVisitPaper},
		{pattern: "GET /visits/{id}/team", allow: clerks, serve: s.askTeam},
		{pattern: "POST /visits/{id}/team", allow: clerks, serve: s.composeTeam, form: s.askTeam},
		{pattern: "GET /visits/{id}/schedule", allow: clerks, serve: s.askSlot},
		{pattern: "POST /visits/{id}/schedule", allow: clerks, serve: s.scheduleVisit, form: s.askSlot},
		{pattern: "POST /visits/{id}/confirm", allow: hosts, serve: s.confirmVisit, form: s.showVisit},
		{pattern: "GET /visits/{id}/propose", allow: hosts, serve: s.askProposal},
		{pattern: "POST /visits/{id}/propose", allow: hosts, serve: s.proposeVisit, form: s.askProposal},
		{pattern: "GET /visits/{id}/waive", allow: heads, serve: s.askWaive},
		{pattern: "POST /visits/{id}/waive", allow: heads, serve: s.waiveVisit, form: s.askWaive},
		{pattern: "GET /visits/{id}/waived", allow: heads, serve: s.showWaived},
		{pattern: "GET /visits/{id}/declare", allow: team, serve: s.askDeclareVisit},
		{pattern: "POST /visits/{id}/declare", allow: team, serve: s.declareVisit, form: s.askDeclareVisit},
		{pattern: "GET /visits/{id}/report", allow: writers, serve: s.askReport},
		{pattern: "POST /visits/{id}/report", allow: writers, serve: s.reportVisit, form: s.askReport},
		{pattern: "GET /visits/{id}/sign", allow: team, serve: s.askSign},
		{pattern: "POST /visits/{id}/sign", allow: team, serve: s.signVisit, form: s.askSign},
		{pattern: "GET /visits/{id}/signed", allow: team, serve: s.showSigned},
		{pattern: "GET /visits/{id}/redo", allow: office, serve: s.askRedo},
		{pattern: "POST /visits/{id}/redo", allow: office, serve: s.redoVisit, form: s.askRedo},
	}
}

var visitsLink = page.Link{Word: "考核", URL: "/visits"}

func visitOf(r *request) id.Visit { return id.Visit(r.PathValue("id")) }

func (s *Site) listVisits(w http.ResponseWriter, r *request) error {
	q := page.VisitQuery{Query: r.text("query"), State: r.FormValue("state")}
	f := casework.VisitFilter{Query: q.Query, After: id.Visit(r.FormValue("after")), Limit: linesMost}
	if r.Actor.Role != stage.Applicant && r.Actor.Role != stage.Assessor { // who see their own, all of them
		f.States = asked(q.State, visit.Planned, visit.Scheduled, visit.Reported)
	}
	v, err := s.desk.Visits(r.Context(), r.Actor, f)
	if err != nil {
		return err
	}
	next := ""
	if n := len(v.Lines); n == linesMost {
		next = nextPage("/visits", string(v.Lines[n-1].Visit.ID), "query", q.Query, "state", q.State)
	}
	return s.render(w, r, http.StatusOK, page.Visits(s.page(r, "考核"), v, q, r.Actor, next))
}

// visitPage draws a page of the visit of the address.
func (s *Site) visitPage(r *request, title string, draw func(page.Frame, casework.VisitView) error) error {
	v, err := s.desk.Visit(r.Context(), r.Actor, visitOf(r))
	if err != nil {
		return err
	}
	above := []page.Link{visitsLink}
	if title == "" {
		title = v.Application.Name
	} else {
		above = append(above, page.Link{Word: v.Application.Name, URL: "/visits/" + string(v.Visit.ID)})
	}
	return draw(s.page(r, title, above...), v)
}

func (s *Site) toVisit(w http.ResponseWriter, r *request, say string) error {
	return s.seeOther(w, r, "/visits/"+r.PathValue("id"), say)
}

func (s *Site) showVisit(w http.ResponseWriter, r *request) error {
	return s.visitPage(r, "", func(f page.Frame, v casework.VisitView) error {
		f.Wide = r.Actor.Role != stage.Applicant
		return s.render(w, r, http.StatusOK, page.Visit(f, v, r.Actor))
	})
}

func (s *Site) askTeam(w http.ResponseWriter, r *request) error {
	return s.visitPage(r, "考核组", func(f page.Frame, v casework.VisitView) error {
		return s.render(w, r, http.StatusOK, page.TeamForm(f, v))
	})
}

func (s *Site) composeTeam(w http.ResponseWriter, r *request) error {
	var members []id.Account
	for _, who := range r.all("team") {
		members = append(members, id.Account(who))
	}
	if err := s.desk.ComposeTeam(r.Context(), r.Actor, visitOf(r), r.version(), members, id.Account(r.FormValue("leader")), r.text("why")); err != nil {
		return err
	}
	return s.toVisit(w, r, "考核组已保存。")
}

func (s *Site) askSlot(w http.ResponseWriter, r *request) error {
	return s.visitPage(r, "考核时间", func(f page.Frame, v casework.VisitView) error {
		return s.render(w, r, http.StatusOK, page.SlotForm(f, v))
	})
}

func (s *Site) scheduleVisit(w http.ResponseWriter, r *request) error {
	on, err := r.date("on")
	if err != nil {
		return err
	}
	slot := visit.Slot{On: on, At: r.code("at"), Place: r.text("place")}
	if err := s.desk.ScheduleVisit(r.Context(), r.Actor, visitOf(r), r.version(), slot, r.text("reason")); err != nil {
		return err
	}
	return s.toVisit(w, r, "考核时间已定，申报单位可以看到并确认。")
}

func (s *Site) confirmVisit(w http.ResponseWriter, r *request) error {
	if err := s.desk.ConfirmVisit(r.Context(), r.Actor, visitOf(r)); err != nil {
		return err
	}
	return s.toVisit(w, r, "考核时间已确认。")
}

func (s *Site) askProposal(w http.ResponseWriter, r *request) error {
	return s.visitPage(r, "提议改期", func(f page.Frame, v casework.VisitView) error {
		return s.render(w, r, http.StatusOK, page.ProposeForm(f, v))
	})
}

func (s *Site) proposeVisit(w http.ResponseWriter, r *request) error {
	day, err := r.date("day")
	if err != nil {
		return err
	}
	if err := s.desk.ProposeVisit(r.Context(), r.Actor, visitOf(r), day, r.code("at"), r.text("reason")); err != nil {
		return err
	}
	return s.toVisit(w, r, "提议已提交，等办公室答复。答复前原定时间不变。")
}

func (s *Site) askWaive(w http.ResponseWriter, r *request) error {
	return s.visitPage(r, "免予考核", func(f page.Frame, v casework.VisitView) error {
		return s.askReason(w, r, f, page.Reason{
			Title: "免予考核", Below: v.Application.Name, Label: "免予考核的理由", Button: "免予考核", Audience: "办公室和审议本件的委员。",
			Warn: "申报不经考核转入下一环节。不能恢复。",
		}, "/visits/"+string(v.Visit.ID))
	})
}

func (s *Site) waiveVisit(w http.ResponseWriter, r *request) error {
	if err := s.desk.WaiveVisit(r.Context(), r.Actor, visitOf(r), r.text("reason")); err != nil {
		return err
	}
	return s.seeOther(w, r, "/visits/"+r.PathValue("id")+"/waived", "")
}

func (s *Site) showWaived(w http.ResponseWriter, r *request) error {
	return s.visitPage(r, "已免予考核", func(f page.Frame, v casework.VisitView) error {
		if v.Visit.State != visit.Waived {
			return fault.Missing()
		}
		return s.render(w, r, http.StatusOK, page.WaiveDone(f, v))
	})
}

func (s *Site) askDeclareVisit(w http.ResponseWriter, r *request) error {
	return s.visitPage(r, "声明回避", func(f page.Frame, v casework.VisitView) error {
		return s.askReason(w, r, f, page.Reason{
			Title: "声明回避", Below: v.Application.Name, Label: "与该单位的利害关系", Button: "声明回避", Audience: "办公室和主任委员。",
			Warn: "声明后退出考核组，看不到该单位的申报。不能收回。",
		}, "/visits/"+string(v.Visit.ID))
	})
}

func (s *Site) declareVisit(w http.ResponseWriter, r *request) error {
	if err := s.desk.DeclareVisitInterest(r.Context(), r.Actor, visitOf(r), r.text("reason")); err != nil {
		return err
	}
	return s.seeOther(w, r, "/visits", "回避已登记，已退出考核组。")
}

func (s *Site) askReport(w http.ResponseWriter, r *request) error {
	return s.visitPage(r, "考核情况", func(f page.Frame, v casework.VisitView) error {
		return s.render(w, r, http.StatusOK, page.VisitForm(f, v))
	})
}

// reportVisit keeps, hands in or amends what the team writes.
func (s *Site) reportVisit(w http.ResponseWriter, r *request) error {
	v, err := s.desk.Visit(r.Context(), r.Actor, visitOf(r))
	if err != nil {
		return err
	}
	a, err := readAccount(r, v)
	if err != nil {
		return err
	}
	act, say := s.desk.RecordVisit, "已暂存。可以随时离开。"
	if r.FormValue("act") == "report" {
		act, say = s.desk.ReportVisit, "考核意见已提交，请全组签署。"
		if v.Visit.State == visit.Reported {
			act, say = s.desk.AmendVisit, "考核意见已改，请全组重新签署。"
		}
	}
	if err := act(r.Context(), r.Actor, visitOf(r), r.version(), a); err != nil {
		return err
	}
	return s.toVisit(w, r, say)
}

func readAccount(r *request, v casework.VisitView) (a assessment.Account, err error) {
	number := func(name string) int {
		n, wrong := r.number(name)
		if wrong != nil && err == nil {
			err = wrong
		}
		return n
	}
	a = assessment.Account{
		Records: map[string]assessment.Record{}, Findings: map[string]assessment.Finding{}, Opinion: r.FormValue("opinion"), Text: r.text("text"), Absent: map[id.Account]string{},
	}
	for _, name := range assessment.MethodNames {
		at := "records." + name
		m := assessment.Record{Text: r.text(at + ".text"), Skipped: r.text(at + ".skipped"), People: number(at + ".people")}
		for _, survey := range assessment.SurveyNames {
			t := assessment.Tally{Sample: number(at + ".tallies." + survey), Content: number(at + ".tallies." + survey + ".content")}
			if t != (assessment.Tally{}) {
				if m.Tallies == nil {
					m.Tallies = map[string]assessment.Tally{}
				}
				m.Tallies[survey] = t
			}
		}
		a.Records[name] = m
	}
	for _, i := range v.Indicators() {
		at := "findings." + i.Code
		a.Findings[i.Code] = assessment.Finding{Rating: r.FormValue(at + ".rating"), Note: r.text(at + ".note"), Score: number(at + ".score")}
	}
	for _, seat := range v.Visit.Team {
		if why := r.text("absent." + string(seat.Account)); why != "" {
			a.Absent[seat.Account] = why
		}
	}
	return a, err
}

func (s *Site) askSign(w http.ResponseWriter, r *request) error {
	return s.visitPage(r, "签署考核意见", func(f page.Frame, v casework.VisitView) error {
		if v.Visit.State != visit.Reported {
			return s.toVisit(w, r, "")
		}
		return s.render(w, r, http.StatusOK, page.SignForm(f, v))
	})
}

func (s *Site) signVisit(w http.ResponseWriter, r *request) error {
	edition, err := r.number("edition")
	if err != nil {
		return err
	}
	if err := s.desk.SignVisit(r.Context(), r.Actor, visitOf(r), edition, r.text("dissent")); err != nil {
		return err
	}
	return s.seeOther(w, r, "/visits/"+r.PathValue("id")+"/signed", "")
}

func (s *Site) showSigned(w http.ResponseWriter, r *request) error {
	return s.visitPage(r, "考核意见已签署", func(f page.Frame, v casework.VisitView) error {
		if !v.Visit.SignedBy(r.Actor.Account) {
			return fault.Missing()
		}
		return s.render(w, r, http.StatusOK, page.SignDone(f, v))
	})
}

func (s *Site) askRedo(w http.ResponseWriter, r *request) error {
	return s.visitPage(r, "重新考核", func(f page.Frame, v casework.VisitView) error {
		return s.render(w, r, http.StatusOK, page.RedoForm(f, v))
	})
}

func (s *Site) redoVisit(w http.ResponseWriter, r *request) error {
	if err := s.desk.RedoVisit(r.Context(), r.Actor, visitOf(r), id.Account(r.FormValue("member")), r.text("reason")); err != nil {
		return err
	}
	return s.toVisit(w, r, "原考核已作废，请重新组织考核组。")
}
