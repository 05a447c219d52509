package web

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"shifan/internal/casework"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/organisation"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/ruling"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/web/page"
)

// organisationRoutes are the pages of organisations.
func (s *Site) organisationRoutes() []route {
	clerk := []stage.Role{stage.Clerk}
	edit := []stage.Role{stage.Applicant, stage.Clerk}
	rule := []stage.Role{stage.Clerk, stage.Director}
	see := []stage.Role{stage.Applicant, stage.Clerk, stage.Director, stage.Chair, stage.Member, stage.Assessor, stage.Auditor}
	look := append([]stage.Role{stage.Operator}, see...)
	const one = "/organisations/{id}"
	return []route{
		{pattern: "GET /organisations", allow: look, serve: s.listOrganisations},
		{pattern: "GET /organisations/new", allow: clerk, serve: s.askRegistration},
		{pattern: "POST /organisations/new", allow: clerk, serve: s.registerOrganisation, form: s.askRegistration},
		{pattern: "GET " + one, allow: look, serve: s.showOrganisation},
		{pattern: "GET " + one + "/history", allow: see, serve: s.showHistory},
		{pattern: "GET " + one + "/facts/{section}", allow: edit, serve: s.askFacts},
		{pattern: "POST " + one + "/facts/{section}", allow: edit, serve: s.editFacts, form: s.askFacts},
		{pattern: "GET " + one + "/facts/{section}/files", allow: edit, serve: s.askFactProofs},
		{pattern: "POST " + one + "/facts/{section}/files", allow: edit, serve: s.uploadFactProofs, form: s.askFactProofs, streams: true},
		{pattern: "POST " + one + "/facts/{section}/files/remove", allow: edit, serve: s.removeFactProof, form: s.askFactProofs},
		{pattern: "GET " + one + "/party/new", allow: edit, serve: s.askParty},
		{pattern: "POST " + one + "/party/new", allow: edit, serve: s.editParty, form: s.askParty},
		{pattern: "GET " + one + "/party/{body}", allow: edit, serve: s.askParty},
		{pattern: "POST " + one + "/party/{body}", allow: edit, serve: s.editParty, form: s.askParty},
		{pattern: "POST " + one + "/party/{body}/covers", allow: clerk, serve: s.coverOrganisation, form: s.askParty},
		{pattern: "POST " + one + "/party/{body}/uncover", allow: clerk, serve: s.uncoverOrganisation, form: s.askParty},
		{pattern: "GET " + one + "/confirm", allow: clerk, serve: s.askConfirmation},
		{pattern: "POST " + one + "/confirm", allow: clerk, serve: s.confirmOrganisation, form: s.askConfirmation},
		{pattern: "GET " + one + "/amend", allow: clerk, serve: s.askAmendment},
		{pattern: "POST " + one + "/amend", allow: clerk, serve: s.amendOrganisation, form: s.askAmendment},
		{pattern: "GET " + one + "/code", allow: clerk, serve: s.askCode},
		{pattern: "POST " + one + "/code", allow: clerk, serve: s.enterCode, form: s.askCode},
		{pattern: "GET " + one + "/rename", allow: clerk, serve: s.askRename},
		{pattern: "POST " + one + "/rename", allow: clerk, serve: s.renameOrganisation, form: s.askRename},
		{pattern: "GET " + one + "/end", allow: clerk, serve: s.askEnding},
		{pattern: "POST " + one + "/end", allow: clerk, serve: s.endOrganisation, form: s.askEnding},
		{pattern: "GET " + one + "/ended", allow: clerk, serve: s.showEnded},
		{pattern: "GET " + one + "/restore", allow: clerk, serve: s.askRestoration},
		{pattern: "POST " + one + "/restore", allow: clerk, serve: s.restoreOrganisation, form: s.askRestoration},
		{pattern: "GET " + one + "/eligibility", allow: see, serve: s.listEligible},
		{pattern: "GET " + one + "/eligibility/{programme}", allow: see, serve: s.showEligibility},
		{pattern: "GET " + one + "/eligibility/{programme}/{rule}", allow: rule, serve: s.askRuling},
		{pattern: "POST " + one + "/eligibility/{programme}/{rule}", allow: rule, serve: s.ruleEligibility, form: s.askRuling},
	}
}

func organisationOf(r *request) id.Organisation { return id.Organisation(r.PathValue("id")) }

// anOrganisation draws a page of the organisation of the address; without a
// title it is the organisation's own.
func (s *Site) anOrganisation(r *request, title string, draw func(page.Frame, casework.OrganisationView) error) error {
	v, err := s.desk.Organisation(r.Context(), r.Actor, organisationOf(r))
	if err != nil {
		return err
	}
	above := page.OrganisationCrumbs(v.Organisation)
	if title == "" {
		title, above = v.Organisation.Name(), above[:1]
	}
	return draw(s.page(r, title, above...), v)
}

func (s *Site) listOrganisations(w http.ResponseWriter, r *request) error {
	if r.Actor.Role == stage.Applicant { // has one, and comes to fill it in
		v, err := s.desk.Organisation(r.Context(), r.Actor, r.Actor.Organisation)
		if fault.KindOf(err) == fault.NotFound {
			return s.render(w, r, http.StatusOK, page.NoOrganisation(s.page(r, "单位信息")))
		}
		if err != nil {
			return err
		}
		return s.render(w, r, http.StatusOK, page.Organisation(s.page(r, v.Organisation.Name()), v, r.Actor.Role))
	}
	f := organisationFilter(r)
	all, err := s.desk.Organisations(r.Context(), r.Actor, f)
	if err != nil {
		return err
	}
	v := page.OrganisationsView{Organisations: all, Filter: f, May: r.Actor.Role == stage.Clerk, Exports: slices.Contains([]stage.Role{stage.Clerk, stage.Director, stage.Auditor}, r.Actor.Role), Query: r.URL.RawQuery}
	if len(all) > pageSize {
		v.Organisations = all[:pageSize]
		q := r.URL.Query()
		q.Set("after", string(all[pageSize-1].ID))
		v.Next = "/organisations?" + q.Encode()
	}
	return s.render(w, r, http.StatusOK, page.Organisations(s.page(r, "单位"), v))
}

// organisationFilter reads the filter of a list of organisations.
func organisationFilter(r *request) casework.OrganisationFilter {
	return casework.OrganisationFilter{
		Query: r.text("q"), Kind: r.text("kind"), State: stage.State(r.text("state")), Declared: r.text("declared") == "1", After: id.Organisation(r.text("after")), Limit: pageSize + 1,
	}
}

func (s *Site) showOrganisation(w http.ResponseWriter, r *request) error {
	return s.anOrganisation(r, "", func(f page.Frame, v casework.OrganisationView) error {
		return s.render(w, r, http.StatusOK, page.Organisation(f, v, r.Actor.Role))
	})
}

func (s *Site) showHistory(w http.ResponseWriter, r *request) error {
	changes, err := s.desk.FactChanges(r.Context(), r.Actor, organisationOf(r))
	if err != nil {
		return err
	}
	return s.anOrganisation(r, "变更历史", func(f page.Frame, v casework.OrganisationView) error {
		return s.render(w, r, http.StatusOK, page.History(f, v, changes))
	})
}

func (s *Site) askRegistration(w http.ResponseWriter, r *request) error {
	return s.render(w, r, http.StatusOK, page.RegisterOrganisation(s.page(r, "单位建档", page.Link{Word: "单位", URL: "/organisations"})))
}

// readAmendment reads what of a registration may be put right later.
func readAmendment(r *request) (a organisation.Amendment, err error) {
	a = organisation.Amendment{
		LegacyNumber: r.text("legacy_number"), Registrar: r.text("registrar"), Industry: r.text("industry"), LegalHead: r.text("legal_head"), Contact: r.text("contact"),
	}
	if a.RegisteredOn, err = r.date("registered_on"); err != nil {
		return a, err
	}
	return a, r.unpersonal()
}

func (s *Site) registerOrganisation(w http.ResponseWriter, r *request) error {
	a, err := readAmendment(r)
	if err != nil {
		return err
	}
	key, err := s.desk.RegisterOrganisation(r.Context(), r.Actor, organisation.Registration{
		Code: r.text("code"), Name: r.text("name"), Kind: r.text("kind"), LegacyNumber: a.LegacyNumber, Registrar: a.Registrar, Industry: a.Industry,
		LegalHead: a.LegalHead, Contact: a.Contact, RegisteredOn: a.RegisteredOn, Override: organisation.Override{Reason: r.text("override"), Evidence: r.text("evidence")},
	})
	if err != nil {
		return err
	}
	return s.seeOther(w, r, "/organisations/"+string(key), "已建档。下一步请系统管理员邀请该单位的经办人，由单位填写信息。")
}

// changed goes back to the organisation of the address.
func (s *Site) changed(w http.ResponseWriter, r *request, say string) error {
	return s.seeOther(w, r, "/organisations/"+r.PathValue("id"), say)
}

func (s *Site) askConfirmation(w http.ResponseWriter, r *request) error {
	return s.anOrganisation(r, "核实单位信息", func(f page.Frame, v casework.OrganisationView) error {
		return s.render(w, r, http.StatusOK, page.ConfirmOrganisation(f, v))
	})
}

func (s *Site) confirmOrganisation(w http.ResponseWriter, r *request) error {
	if err := s.desk.ConfirmOrganisation(r.Context(), r.Actor, organisationOf(r), r.version()); err != nil {
		return err
	}
	return s.changed(w, r, "已核实。申报单位不能再改这些内容。")
}

func (s *Site) askAmendment(w http.ResponseWriter, r *request) error {
	return s.anOrganisation(r, "更正登记信息", func(f page.Frame, v casework.OrganisationView) error {
		return s.render(w, r, http.StatusOK, page.AmendOrganisation(f, v.Organisation))
	})
}

func (s *Site) amendOrganisation(w http.ResponseWriter, r *request) error {
	a, err := readAmendment(r)
	if err != nil {
		return err
	}
	if err := s.desk.AmendOrganisation(r.Context(), r.Actor, organisationOf(r), r.version(), a); err != nil {
		return err
	}
	return s.changed(w, r, "登记信息已更正。")
}

func (s *Site) askCode(w http.ResponseWriter, r *request) error {
	return s.anOrganisation(r, "补录代码", func(f page.Frame, v casework.OrganisationView) error {
		return s.render(w, r, http.StatusOK, page.EnterCode(f, v.Organisation))
	})
}

func (s *Site) enterCode(w http.ResponseWriter, r *request) error {
	o := organisation.Override{Reason: r.text("override"), Evidence: r.text("evidence")}
	if err := s.desk.EnterCode(r.Context(), r.Actor, organisationOf(r), r.version(), r.text("code"), o); err != nil {
		return err
	}
	return s.changed(w, r, "代码已补录。")
}

func (s *Site) askRename(w http.ResponseWriter, r *request) error {
	return s.anOrganisation(r, "变更名称", func(f page.Frame, v casework.OrganisationView) error {
		return s.render(w, r, http.StatusOK, page.RenameOrganisation(f, v.Organisation))
	})
}

// renameOrganisation shows what was typed once more, and does it when that was
// sent.
func (s *Site) renameOrganisation(w http.ResponseWriter, r *request) error {
	from, err := r.date("from")
	if err != nil {
		return err
	}
	if !r.yes("sure") {
		return s.anOrganisation(r, "核对名称变更", func(f page.Frame, v casework.OrganisationView) error {
			if err := s.desk.CheckRename(r.Context(), r.Actor, v.Organisation.ID, r.text("name"), from); err != nil {
				return err
			}
			return s.render(w, r, http.StatusOK, page.CheckRename(f, v.Organisation, r.text("name"), from.String(), page.Day(from)))
		})
	}
	if err := s.desk.RenameOrganisation(r.Context(), r.Actor, organisationOf(r), r.version(), r.text("name"), from); err != nil {
		return err
	}
	return s.changed(w, r, "名称已变更。")
}

func (s *Site) askEnding(w http.ResponseWriter, r *request) error {
	return s.anOrganisation(r, "登记变动", func(f page.Frame, v casework.OrganisationView) error {
		return s.render(w, r, http.StatusOK, page.EndOrganisation(f, v.Organisation))
	})
}

// endOrganisation shows what was chosen once more, and does it when that was
// sent.
func (s *Site) endOrganisation(w http.ResponseWriter, r *request) error {
	on, err := r.date("on")
	if err != nil {
		return err
	}
	in := casework.Ending{Act: r.text("act"), On: on}
	if codes := strings.FieldsFunc(r.text("successor"), func(c rune) bool { return unicode.IsSpace(c) || strings.ContainsRune("、，；,;", c) }); len(codes) > 0 {
		in.Successor, in.Others = codes[0], codes[1:]
	}
	if !r.yes("sure") {
		return s.anOrganisation(r, "核对登记变动", func(f page.Frame, v casework.OrganisationView) error {
			into, err := s.desk.CheckEnding(r.Context(), r.Actor, v.Organisation.ID, in)
			if err != nil {
				return err
			}
			return s.render(w, r, http.StatusOK, page.CheckEnding(f, v, in, into))
		})
	}
	if err := s.desk.EndOrganisation(r.Context(), r.Actor, organisationOf(r), r.version(), in); err != nil {
		return err
	}
	return s.seeOther(w, r, "/organisations/"+r.PathValue("id")+"/ended", "")
}

func (s *Site) showEnded(w http.ResponseWriter, r *request) error {
	return s.anOrganisation(r, "登记变动已记录", func(f page.Frame, v casework.OrganisationView) error {
		if v.Organisation.State == organisation.Registered {
			return fault.Missing()
		}
		return s.render(w, r, http.StatusOK, page.EndedOrganisation(f, v))
	})
}

func (s *Site) askRestoration(w http.ResponseWriter, r *request) error {
	return s.anOrganisation(r, "恢复登记", func(f page.Frame, v casework.OrganisationView) error {
		return s.render(w, r, http.StatusOK, page.RestoreOrganisation(f, v.Organisation))
	})
}

func (s *Site) restoreOrganisation(w http.ResponseWriter, r *request) error {
	if err := s.desk.RestoreOrganisation(r.Context(), r.Actor, organisationOf(r), r.version()); err != nil {
		return err
	}
	return s.changed(w, r, "登记已恢复。")
}

func (s *Site) listEligible(w http.ResponseWriter, r *request) error {
	all, err := s.desk.Eligible(r.Context(), r.Actor, organisationOf(r))
	if err != nil {
		return err
	}
	return s.anOrganisation(r, "资格自查", func(f page.Frame, v casework.OrganisationView) error {
		return s.render(w, r, http.StatusOK, page.Eligible(f, v.Organisation, all))
	})
}

// eligibility loads the check of the address.
func (s *Site) eligibility(r *request) (casework.EligibilityView, error) {
	return s.desk.CheckEligibility(r.Context(), r.Actor, organisationOf(r), id.Programme(r.PathValue("programme")))
}

func (s *Site) showEligibility(w http.ResponseWriter, r *request) error {
	v, err := s.eligibility(r)
	if err != nil {
		return err
	}
	above := append(page.OrganisationCrumbs(v.Organisation), page.Link{Word: "资格自查", URL: page.OrganisationURL(v.Organisation) + "/eligibility"})
	return s.render(w, r, http.StatusOK, page.Eligibility(s.page(r, "申报条件核对", above...), v))
}

func (s *Site) askRuling(w http.ResponseWriter, r *request) error {
	v, err := s.eligibility(r)
	if err != nil {
		return err
	}
	for _, c := range v.Checks {
		if c.Rule.Code == r.PathValue("rule") {
			return s.drawRuling(w, r, v, c)
		}
	}
	return fault.Missing()
}

func (s *Site) drawRuling(w http.ResponseWriter, r *request, v casework.EligibilityView, c ruling.Check) error {
	up := page.OrganisationURL(v.Organisation) + "/eligibility"
	above := append(page.OrganisationCrumbs(v.Organisation), page.Link{Word: "资格自查", URL: up}, page.Link{Word: "申报条件核对", URL: up + "/" + string(v.Programme.Name)})
	return s.render(w, r, http.StatusOK, page.RuleEligibility(s.page(r, "认定申报条件", above...), v, c))
}

func (s *Site) ruleEligibility(w http.ResponseWriter, r *request) error {
	if err := s.desk.RuleEligibility(r.Context(), r.Actor, organisationOf(r), casework.RulingOf{
		Programme: id.Programme(r.PathValue("programme")), Rule: r.PathValue("rule"),
		Seen: programme.Verdict(r.text("seen")), Verdict: programme.Verdict(r.text("verdict")), Reason: r.text("reason"),
	}); err != nil {
		return err
	}
	return s.seeOther(w, r, "/organisations/"+r.PathValue("id")+"/eligibility/"+r.PathValue("programme"), "认定已记录。")
}

// yearOf reads the year of the address.
func yearOf(r *request) (int, error) {
	y, err := strconv.Atoi(r.PathValue("year"))
	if err != nil || y < page.LedgerFrom || y > 9999 || strconv.Itoa(y) != r.PathValue("year") {
		return 0, fault.Missing()
	}
	return y, nil
}
