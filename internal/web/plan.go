package web

import (
	"encoding/hex"
	"io"
	"net/http"
	"path"
	"slices"
	"strings"

	"shifan/internal/casework"
	"shifan/internal/id"
	"shifan/internal/lifecycle/draw"
	"shifan/internal/lifecycle/plan"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/web/page"
)

func (s *Site) planRoutes() []route {
	reads := []stage.Role{stage.Clerk, stage.Director, stage.Chair, stage.Member, stage.Auditor}
	opens := append(slices.Clone(reads), stage.Scrutineer)
	office, second := []stage.Role{stage.Clerk, stage.Director}, []stage.Role{stage.Director, stage.Chair}
	return []route{
		{pattern: "GET /plans", allow: opens, serve: s.listPlans},
		{pattern: "GET /plans/new", allow: clerks, serve: s.newPlan},
		{pattern: "POST /plans/new", allow: clerks, serve: s.draftPlan, form: s.newPlan},
		{pattern: "GET /plans/{id}", allow: opens, serve: s.showPlan},
		{pattern: "GET /plans/{id}/checks.xlsx", allow: reads, serve: s.exportPlan},
		{pattern: "GET /plans/{id}/checks.csv", allow: reads, serve: s.exportPlan},
		{pattern: "GET /plans/{id}/draw.json", allow: everyone, serve: s.sendPlanDraw},
		{pattern: "POST /plans/{id}/list", allow: clerks, serve: s.listPlan, form: s.showPlan},
		{pattern: "GET /plans/{id}/freeze", allow: clerks, serve: s.askFreezePlan},
		{pattern: "POST /plans/{id}/freeze", allow: clerks, serve: s.freezePlan, form: s.askFreezePlan},
		{pattern: "GET /plans/{id}/commit", allow: plan.Parties, serve: s.askCommitPlan},
		{pattern: "POST /plans/{id}/commit", allow: plan.Parties, serve: s.commitToPlan, form: s.askCommitPlan},
		{pattern: "GET /plans/{id}/reveal", allow: plan.Parties, serve: s.askRevealPlan},
		{pattern: "POST /plans/{id}/reveal", allow: plan.Parties, serve: s.revealToPlan, form: s.askRevealPlan},
		{pattern: "POST /plans/{id}/draw", allow: office, serve: s.drawPlan, form: s.showPlan},
		{pattern: "GET /plans/{id}/fail", allow: directorsOnly, serve: s.askFailPlan},
		{pattern: "POST /plans/{id}/fail", allow: directorsOnly, serve: s.failPlan, form: s.askFailPlan},
		{pattern: "POST /plans/{id}/approve", allow: second, serve: s.approvePlan, form: s.showPlan},
		{pattern: "GET /plans/{id}/depth", allow: clerks, serve: s.askPlanDepth},
		{pattern: "POST /plans/{id}/depth", allow: clerks, serve: s.setPlanDepth, form: s.askPlanDepth},
		{pattern: "GET /plans/{id}/begin", allow: clerks, serve: s.askBeginPlanned},
		{pattern: "POST /plans/{id}/begin", allow: clerks, serve: s.beginPlanned, form: s.askBeginPlanned},
	}
}

var plansLink = page.Link{Word: plan.Kind.Label, URL: "/plans"}

func planOf(r *request) id.Plan { return id.Plan(r.PathValue("id")) }

func titleIn(r *request) id.Designation { return id.Designation(r.FormValue("title")) }

func (s *Site) toPlan(w http.ResponseWriter, r *request, say string) error {
	return s.seeOther(w, r, "/plans/"+r.PathValue("id"), say)
}

func (s *Site) listPlans(w http.ResponseWriter, r *request) error {
	all, err := s.desk.Plans(r.Context(), r.Actor, casework.PlanFilter{After: id.Plan(r.FormValue("after")), Limit: casesMost})
	if err != nil {
		return err
	}
	next := ""
	if len(all) == casesMost {
		next = "/plans?after=" + string(all[len(all)-1].Plan.ID)
	}
	return s.render(w, r, http.StatusOK, page.Plans(s.page(r, plan.Kind.Label), all, r.Actor.Role == stage.Clerk, next))
}

func (s *Site) newPlan(w http.ResponseWriter, r *request) error {
	all, years, err := s.desk.PlanChoices(r.Context(), r.Actor)
	if err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, page.NewPlan(s.page(r, "草拟计划", plansLink), all, years))
}

func (s *Site) draftPlan(w http.ResponseWriter, r *request) error {
	year, err := r.number("year")
	if err != nil {
		return err
	}
	key, err := s.desk.DraftPlan(r.Context(), r.Actor, id.Programme(r.FormValue("programme")), year)
	if err != nil {
		return err
	}
	return s.seeOther(w, r, "/plans/"+string(key), "计划已草拟。")
}

// planPage draws a page of the plan of the address; one for an act only to who may take it
// now.
func (s *Site) planPage(r *request, title, act string, show func(page.Frame, casework.PlanView) error) error {
	v, err := s.desk.Plan(r.Context(), r.Actor, planOf(r))
	if err != nil {
		return err
	}
	above := []page.Link{plansLink}
	if title == "" {
		title = v.Title()
	} else {
		above = append(above, page.Link{Word: v.Title(), URL: "/plans/" + string(v.Plan.ID)})
	}
	if act != "" && r.form.Fault == nil {
		if _, err := plan.Kind.Step(v.Plan.State, act, r.Actor.Role); err != nil {
			return err
		}
	}
	return show(s.page(r, title, above...), v)
}

func (s *Site) showPlan(w http.ResponseWriter, r *request) error {
	return s.planPage(r, "", "", func(f page.Frame, v casework.PlanView) error {
		return s.render(w, r, http.StatusOK, page.Plan(f, v, r.Actor))
	})
}

// exportPlan sends the checks as a table.
func (s *Site) exportPlan(w http.ResponseWriter, r *request) error {
	v, err := s.desk.Plan(r.Context(), r.Actor, planOf(r))
	if err != nil {
		return err
	}
	return s.table(w, r, v.Title(), strings.TrimPrefix(path.Ext(r.URL.Path), "."), casework.PlanHead, v.Rows())
}

// sendPlanDraw sends the document by which anybody recomputes the sample.
func (s *Site) sendPlanDraw(w http.ResponseWriter, r *request) error {
	b, err := s.desk.PlanDocument(r.Context(), r.Actor, planOf(r))
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="`+r.PathValue("id")+`.json"`)
	_, err = w.Write(b)
	return err
}

func (s *Site) listPlan(w http.ResponseWriter, r *request) error {
	if err := s.desk.ListPlan(r.Context(), r.Actor, planOf(r), r.version()); err != nil {
		return err
	}
	return s.toPlan(w, r, "已按现在的称号和事实重新列出。")
}

func (s *Site) askFreezePlan(w http.ResponseWriter, r *request) error {
	return s.planPage(r, "冻结抽查名单", "freeze", func(f page.Frame, v casework.PlanView) error {
		return s.render(w, r, http.StatusOK, page.FreezePlanForm(f, v))
	})
}

func (s *Site) freezePlan(w http.ResponseWriter, r *request) error {
	by, err := r.moment("reveal_by")
	if err != nil {
		return err
	}
	if err := s.desk.FreezePlan(r.Context(), r.Actor, planOf(r), by, r.version()); err != nil {
		return err
	}
	return s.toPlan(w, r, "名单和规则已冻结，请三方承诺。")
}

func (s *Site) askCommitPlan(w http.ResponseWriter, r *request) error {
	return s.planPage(r, "承诺", "commit", func(f page.Frame, v casework.PlanView) error {
		var b [16]byte
		if _, err := io.ReadFull(s.rand(), b[:]); err != nil {
			return err
		}
		return s.render(w, r, http.StatusOK, page.CommitForm(f, v.Title()+"抽查", "/plans/"+string(v.Plan.ID), hex.EncodeToString(b[:]), s.lots))
	})
}

func (s *Site) commitToPlan(w http.ResponseWriter, r *request) error {
	if err := s.desk.CommitToPlan(r.Context(), r.Actor, planOf(r), draw.Commitment{Digest: r.text("commitment"), Reveal: revealOf(r)}); err != nil {
		return err
	}
	return s.toPlan(w, r, "承诺已登记。保管好秘密和随机数，揭示时要用。")
}

func (s *Site) askRevealPlan(w http.ResponseWriter, r *request) error {
	return s.planPage(r, "揭示", "reveal", func(f page.Frame, v casework.PlanView) error {
		return s.render(w, r, http.StatusOK, page.RevealForm(f, v.Title()+"抽查", "/plans/"+string(v.Plan.ID)))
	})
}

func (s *Site) revealToPlan(w http.ResponseWriter, r *request) error {
	if err := s.desk.RevealToPlan(r.Context(), r.Actor, planOf(r), revealOf(r)); err != nil {
		return err
	}
	return s.toPlan(w, r, "揭示已登记。")
}

func (s *Site) drawPlan(w http.ResponseWriter, r *request) error {
	if err := s.desk.DrawPlan(r.Context(), r.Actor, planOf(r)); err != nil {
		return err
	}
	return s.toPlan(w, r, "抽查结果已产生，下一步由另一人批准计划。")
}

func (s *Site) askFailPlan(w http.ResponseWriter, r *request) error {
	return s.planPage(r, "登记没有完成", "fail", func(f page.Frame, v casework.PlanView) error {
		return s.askReason(w, r, f, page.Reason{
			Title: f.Title, Below: v.Title(), Label: "没有完成的原因", Button: "登记没有完成", Audience: "办公室、主任委员和审计员；抽查公开时随记录公开。",
			Warn: "没有承诺或揭示的一方会记录在案，名单另行冻结。",
		}, "/plans/"+string(v.Plan.ID))
	})
}

func (s *Site) failPlan(w http.ResponseWriter, r *request) error {
	if err := s.desk.FailPlan(r.Context(), r.Actor, planOf(r), r.text("reason")); err != nil {
		return err
	}
	return s.toPlan(w, r, "已登记为没有完成，可以另行冻结名单。")
}

func (s *Site) approvePlan(w http.ResponseWriter, r *request) error {
	if err := s.desk.ApprovePlan(r.Context(), r.Actor, planOf(r), r.version()); err != nil {
		return err
	}
	return s.toPlan(w, r, "计划已批准，复查按日期启动。")
}

func (s *Site) askPlanDepth(w http.ResponseWriter, r *request) error {
	return s.planPage(r, "调整复查方式", "deepen", func(f page.Frame, v casework.PlanView) error {
		c, due := v.Plan.Find(titleIn(r))
		if c == nil {
			return s.render(w, r, http.StatusOK, page.Plan(s.page(r, v.Title(), plansLink), v, r.Actor))
		}
		return s.render(w, r, http.StatusOK, page.PlanDepthForm(f, v, *c, due))
	})
}

func (s *Site) setPlanDepth(w http.ResponseWriter, r *request) error {
	if err := s.desk.DeepenPlan(r.Context(), r.Actor, planOf(r), titleIn(r), r.FormValue("depth"), r.text("reason"), r.version()); err != nil {
		return err
	}
	return s.toPlan(w, r, "复查方式已调整。")
}

func (s *Site) askBeginPlanned(w http.ResponseWriter, r *request) error {
	v, err := s.desk.BeginChoice(r.Context(), r.Actor, planOf(r), titleIn(r))
	if err != nil {
		return err
	}
	f := s.page(r, "开始不预告的抽查", plansLink, page.Link{Word: v.Title(), URL: "/plans/" + string(v.Plan.ID)})
	return s.render(w, r, http.StatusOK, page.BeginPlannedForm(f, v))
}

func (s *Site) beginPlanned(w http.ResponseWriter, r *request) error {
	key, err := s.desk.BeginPlanned(r.Context(), r.Actor, planOf(r), titleIn(r), assessorsOf(r))
	if err != nil {
		return err
	}
	if key == "" {
		return s.toPlan(w, r, "这个称号已经不用复查，原因记在计划里。")
	}
	return s.seeOther(w, r, "/rechecks/"+string(key), "抽查已开始，持有单位现在可以看到并提交自查情况。")
}
