package web

import (
	"net/http"

	"shifan/internal/calendar"
	"shifan/internal/casework"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/revocation"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/web/page"
)

func (s *Site) revocationRoutes() []route {
	lists := []stage.Role{stage.Applicant, stage.Clerk, stage.Director, stage.Chair, stage.Auditor}
	opens := []stage.Role{stage.Applicant, stage.Clerk, stage.Director, stage.Member, stage.Chair, stage.Auditor}
	return []route{
		{pattern: "GET /revocations", allow: lists, serve: s.listRevocations},
		{pattern: "GET /revocations/new", allow: clerks, serve: s.askRevocation},
		{pattern: "POST /revocations/new", allow: clerks, serve: s.proposeRevocation, form: s.askRevocation},
		{pattern: "GET /revocations/{id}", allow: opens, serve: s.showRevocation},
		{pattern: "GET /revocations/{id}/papers/{paper}", allow: opens, serve: s.sendRevocationPaper},
		{pattern: "GET /revocations/{id}/notify", allow: clerks, serve: s.askNotify},
		{pattern: "POST /revocations/{id}/notify", allow: clerks, serve: s.notifyRevocation, form: s.askNotify},
		{pattern: "GET /revocations/{id}/state", allow: applicantsOnly, serve: s.askStatement},
		{pattern: "POST /revocations/{id}/state", allow: applicantsOnly, serve: s.stateAgainst, form: s.askStatement},
		{pattern: "GET /revocations/{id}/stated", allow: applicantsOnly, serve: s.showStated},
		{pattern: "GET /revocations/{id}/appeal", allow: applicantsOnly, serve: s.askAppeal},
		{pattern: "POST /revocations/{id}/appeal", allow: applicantsOnly, serve: s.appealRevocation, form: s.askAppeal},
		{pattern: "GET /revocations/{id}/appealed", allow: applicantsOnly, serve: s.showAppealed},
	}
}

var revocationsLink = page.Link{Word: "撤销", URL: "/revocations"}

func (s *Site) listRevocations(w http.ResponseWriter, r *request) error {
	states, state, query := caseFilter(r)
	rows, err := s.desk.Revocations(r.Context(), r.Actor, casework.RevocationFilter{States: states, Query: query, After: id.Revocation(r.FormValue("after")), Limit: casesMost})
	if err != nil {
		return err
	}
	last := ""
	if len(rows) > 0 {
		last = string(rows[len(rows)-1].Proceeding.ID)
	}
	return s.render(w, r, http.StatusOK, page.RevocationList(s.page(r, "撤销"), rows, state, query, nextCasePage(r, len(rows) == casesMost, last)))
}

func titleAsked(r *request) id.Designation {
	return id.Designation(r.URL.Query().Get("designation"))
}

func (s *Site) askRevocation(w http.ResponseWriter, r *request) error {
	v, err := s.desk.ProposalChoice(r.Context(), r.Actor, titleAsked(r))
	if err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, page.ProposalForm(s.page(r, "提出撤销称号", revocationsLink), v, r.URL.RequestURI()))
}

func (s *Site) proposeRevocation(w http.ResponseWriter, r *request) error {
	key, err := s.desk.ProposeRevocation(r.Context(), r.Actor, titleAsked(r), r.FormValue("ground"), r.text("facts"))
	if err != nil {
		return err
	}
	return s.seeOther(w, r, "/revocations/"+string(key), "已提出撤销。下一步告知单位，听取陈述申辩。")
}

func revocationOf(r *request) id.Revocation { return id.Revocation(r.PathValue("id")) }

// revocationPage draws a page of the proceeding of the address; one for an act is
// shown only to who may take it now.
func (s *Site) revocationPage(r *request, title, act string, draw func(page.Frame, casework.RevocationView) error) error {
	v, err := s.desk.Revocation(r.Context(), r.Actor, revocationOf(r))
	if err != nil {
		return err
	}
	above := caseAbove(r, revocationsLink)
	if title == "" {
		title = v.Title.Name
	} else {
		above = append(above, page.Link{Word: v.Title.Name, URL: "/revocations/" + string(v.Proceeding.ID)})
	}
	if act != "" && r.form.Fault == nil {
		if _, err := revocation.Kind.Step(v.Proceeding.State, act, r.Actor.Role); err != nil {
			return err
		}
	}
	return draw(s.page(r, title, above...), v)
}

func (s *Site) toRevocation(w http.ResponseWriter, r *request, say string) error {
	return s.seeOther(w, r, "/revocations/"+r.PathValue("id"), say)
}

func (s *Site) showRevocation(w http.ResponseWriter, r *request) error {
	return s.revocationPage(r, "", "", func(f page.Frame, v casework.RevocationView) error {
		return s.render(w, r, http.StatusOK, page.Revocation(f, v, r.Actor))
	})
}

func (s *Site) askNotify(w http.ResponseWriter, r *request) error {
	return s.revocationPage(r, "告知单位", "notify", func(f page.Frame, v casework.RevocationView) error {
		return s.render(w, r, http.StatusOK, page.NotifyForm(f, v, calendar.DateOf(v.Now).String()))
	})
}

func (s *Site) notifyRevocation(w http.ResponseWriter, r *request) error {
	on, err := r.date("notified_on")
	if err != nil {
		return err
	}
	if err := s.desk.NotifyRevocation(r.Context(), r.Actor, revocationOf(r), on, r.version()); err != nil {
		return err
	}
	return s.toRevocation(w, r, "告知已登记，陈述申辩期开始。")
}

// A holder speaks once before the decision, and may appeal once after it.
const (
	onceStated   = "只能提交一次，提交后不能修改。期内不提交的，到期视为放弃。"
	onceAppealed = "只能申诉一次，提交后不能修改。申诉期间称号仍为撤销状态。"
)

func (s *Site) askStatement(w http.ResponseWriter, r *request) error {
	return s.revocationPage(r, "陈述申辩", "state", func(f page.Frame, v casework.RevocationView) error {
		field := page.Field{Name: "statement", Label: "陈述申辩", Max: revocation.Longest, Rows: 10, Hint: "写明事实、理由和能够证明的材料。没有意见可以写“无”。", Audience: "办公室、审议的委员和审计员。"}
		return s.render(w, r, http.StatusOK, page.StatementForm(f, v, field, "下一步：核对", onceStated))
	})
}

func (s *Site) stateAgainst(w http.ResponseWriter, r *request) error {
	text := r.text("statement")
	if shown, err := s.checkText(w, r, "state", page.TextCheck{Label: "陈述申辩", Name: "statement", Text: text, Warn: onceStated, Button: "提交陈述申辩"}, s.askStatement); shown || err != nil {
		return err
	}
	if err := s.desk.StateAgainstRevocation(r.Context(), r.Actor, revocationOf(r), text, r.version()); err != nil {
		return err
	}
	return s.seeOther(w, r, "/revocations/"+r.PathValue("id")+"/stated", "")
}

// checkText shows once more what a holder is about to say in a proceeding.
func (s *Site) checkText(w http.ResponseWriter, r *request, act string, c page.TextCheck, form func(http.ResponseWriter, *request) error) (bool, error) {
	return lookOver(w, r, c.Text, revocation.Longest, func() error {
		return s.revocationPage(r, "核对后提交", act, func(f page.Frame, v casework.RevocationView) error {
			c.Below, c.Version = v.Title.Name, r.version()
			return s.render(w, r, http.StatusOK, page.CheckText(f, c))
		})
	}, form)
}

func (s *Site) showStated(w http.ResponseWriter, r *request) error {
	return s.revocationPage(r, "陈述申辩已提交", "", func(f page.Frame, v casework.RevocationView) error {
		if v.Proceeding.Statement == "" {
			return fault.Missing()
		}
		return s.render(w, r, http.StatusOK, page.ProceedingDone(f, v, v.Proceeding.HeardAt, "由委员会全体会议审定是否撤销，结果在撤销页公布。"))
	})
}

func (s *Site) askAppeal(w http.ResponseWriter, r *request) error {
	return s.revocationPage(r, "提出申诉", "appeal", func(f page.Frame, v casework.RevocationView) error {
		field := page.Field{Name: "appeal", Label: "申诉理由", Max: revocation.Longest, Rows: 10, Hint: "写明不同意的理由和新的证明材料。", Audience: "办公室、审议的委员和审计员。"}
		return s.render(w, r, http.StatusOK, page.StatementForm(f, v, field, "下一步：核对", onceAppealed))
	})
}

func (s *Site) appealRevocation(w http.ResponseWriter, r *request) error {
	text := r.text("appeal")
	if shown, err := s.checkText(w, r, "appeal", page.TextCheck{Label: "申诉理由", Name: "appeal", Text: text, Warn: onceAppealed, Button: "提交申诉"}, s.askAppeal); shown || err != nil {
		return err
	}
	if err := s.desk.AppealRevocation(r.Context(), r.Actor, revocationOf(r), text, r.version()); err != nil {
		return err
	}
	return s.seeOther(w, r, "/revocations/"+r.PathValue("id")+"/appealed", "")
}

func (s *Site) showAppealed(w http.ResponseWriter, r *request) error {
	return s.revocationPage(r, "申诉已提交", "", func(f page.Frame, v casework.RevocationView) error {
		if v.Proceeding.Appeal == "" {
			return fault.Missing()
		}
		return s.render(w, r, http.StatusOK, page.ProceedingDone(f, v, v.Proceeding.AppealedAt, "由委员会全体会议审定申诉，结果在撤销页公布。"))
	})
}

// sendRevocationPaper sends a document of a proceeding.
func (s *Site) sendRevocationPaper(w http.ResponseWriter, r *request) error {
	p, err := s.desk.RevocationPaper(r.Context(), r.Actor, id.Revocation(r.PathValue("id")), r.PathValue("paper"))
	if err != nil {
		return err
	}
	return sendPaper(w, r, p)
}
