package web

import (
	"errors"
	"net/http"

	"shifan/internal/calendar"
	"shifan/internal/casework"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/application"
	"shifan/internal/lifecycle/notice"
	"shifan/internal/lifecycle/round"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/web/page"
)

// intakeRoutes are the office's pages of what was filed.
func (s *Site) intakeRoutes() []route {
	clerk := []stage.Role{stage.Clerk}
	const one = "/applications/{id}"
	return []route{
		{pattern: "GET " + one + "/accept", allow: clerk, serve: s.askAccept},
		{pattern: "POST " + one + "/accept", allow: clerk, serve: s.acceptApplication, form: s.askAccept},
		{pattern: "GET " + one + "/decline", allow: clerk, serve: s.askDecline},
		{pattern: "POST " + one + "/decline", allow: clerk, serve: s.declineApplication, form: s.askDecline},
		{pattern: "GET " + one + "/request", allow: clerk, serve: s.askRequest},
		{pattern: "POST " + one + "/request", allow: clerk, serve: s.requestCorrection, form: s.askRequest},
	}
}

// faultOf returns the fault in an error, if there is one.
func faultOf(err error) (*fault.Fault, bool) { return errors.AsType[*fault.Fault](err) }

func (s *Site) listIntake(w http.ResponseWriter, r *request) error {
	v := page.IntakeList{Today: calendar.DateOf(s.desk.Now()), Drafts: -1}
	v.Filter = casework.ApplicationFilter{
		Round: id.Round(r.FormValue("round")), Category: r.text("category"), Query: r.text("q"),
		After: id.Application(r.FormValue("after")), Limit: applicationsMost,
	}
	if state := r.text("state"); state != "" {
		v.Filter.States = []stage.State{stage.State(state)}
	}
	var err error
	if v.Rounds, err = s.desk.Rounds(r.Context(), r.Actor, casework.RoundFilter{Programme: r.Actor.Programme}); err != nil {
		return err
	}
	if !r.URL.Query().Has("round") {
		v.Filter.Round = runningRound(v.Rounds)
	}
	if v.Lines, err = s.desk.Applications(r.Context(), r.Actor, v.Filter); err != nil {
		return err
	}
	for _, one := range v.Rounds {
		if one.Round.ID == v.Filter.Round {
			v.Drafts, v.Categories = one.Funnel.Drafts, one.Programme.Applicants.Categories
		}
	}
	v.Next = nextApplications(r, v.Lines)
	return s.render(w, r, http.StatusOK, page.Intake(s.page(r, "申报"), v))
}

// runningRound is the one round that is in hand, which a list shows when nobody asked
// for another; "" when there is none or more than one.
func runningRound(all []casework.RoundView) (key id.Round) {
	for _, v := range all {
		if v.Round.State != round.Open && v.Round.State != round.Closed {
			continue
		}
		if key != "" {
			return ""
		}
		key = v.Round.ID
	}
	return key
}

// waiting draws a page about an application that waits for the office. One that
// does not any more has no such pages; only a form that comes back is shown.
func (s *Site) waiting(w http.ResponseWriter, r *request, title string, draw func(page.Frame, casework.ApplicationView) error) error {
	return s.anApplication(r, title, func(f page.Frame, v casework.ApplicationView) error {
		if v.Application.State != application.Submitted && !r.form.Failed() {
			return s.seeOther(w, r, "/applications/"+string(v.Application.ID), "")
		}
		return draw(f, v)
	})
}

func (s *Site) askAccept(w http.ResponseWriter, r *request) error {
	return s.waiting(w, r, "受理", func(f page.Frame, v casework.ApplicationView) error {
		return s.render(w, r, http.StatusOK, page.AcceptApplication(f, v))
	})
}

func (s *Site) acceptApplication(w http.ResponseWriter, r *request) error {
	if err := s.desk.AcceptApplication(r.Context(), r.Actor, id.Application(r.PathValue("id"))); err != nil {
		return err
	}
	return s.seeOther(w, r, "/applications/"+r.PathValue("id"), "已受理。")
}

func (s *Site) askDecline(w http.ResponseWriter, r *request) error {
	return s.waiting(w, r, "不予受理", func(f page.Frame, v casework.ApplicationView) error {
		return s.render(w, r, http.StatusOK, page.DeclineApplication(f, v))
	})
}

func (s *Site) declineApplication(w http.ResponseWriter, r *request) error {
	if err := s.desk.DeclineApplication(r.Context(), r.Actor, id.Application(r.PathValue("id")), r.text("reason")); err != nil {
		return err
	}
	return s.seeOther(w, r, "/applications/"+r.PathValue("id"), "已不予受理，申报单位会看到理由。")
}

func (s *Site) askRequest(w http.ResponseWriter, r *request) error {
	return s.waiting(w, r, "告知补正", func(f page.Frame, v casework.ApplicationView) error {
		return s.render(w, r, http.StatusOK, page.RequestCorrection(f, v))
	})
}

// requestCorrection first shows the notice as it will go out, with the day until
// which it is to be answered, and sends it from there.
func (s *Site) requestCorrection(w http.ResponseWriter, r *request) error {
	v, err := s.application(r)
	if err != nil {
		return err
	}
	var defects []application.Defect
	for _, i := range v.Programme.Indicators(v.Round.Year) {
		if say := r.text(i.Code + ".defect"); say != "" {
			defects = append(defects, application.Defect{Field: i.Code, Say: say})
		}
	}
	if say := r.text("signatory.defect"); say != "" {
		defects = append(defects, application.Defect{Field: "signatory", Say: say})
	}
	switch r.text("step") {
	case "send":
		if err := s.desk.RequestCorrection(r.Context(), r.Actor, v.Application.ID, defects); err != nil {
			return err
		}
		return s.seeOther(w, r, "/applications/"+string(v.Application.ID), "补正通知已发出，申报单位补正前不用办理。")
	case "back":
		r.form = page.Form{Values: r.PostForm}
		return s.askRequest(w, r)
	}
	if err := notice.Check(v.Programme, v.Round.Year, defects); err != nil {
		return err
	}
	return s.waiting(w, r, "告知补正", func(f page.Frame, v casework.ApplicationView) error {
		return s.render(w, r, http.StatusOK, page.CheckCorrection(f, v, defects))
	})
}
