package web

import (
	"net/http"

	"shifan/internal/casework"
	"shifan/internal/id"
	"shifan/internal/lifecycle/assessment"
	"shifan/internal/lifecycle/calibration"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/web/page"
)

func (s *Site) calibrationRoutes() []route {
	clerk := []stage.Role{stage.Clerk}
	reads := []stage.Role{stage.Assessor, stage.Clerk, stage.Director, stage.Chair, stage.Auditor}
	return []route{
		{pattern: "GET /rounds/{id}/calibrations", allow: reads, serve: s.showCalibrations},
		{pattern: "POST /rounds/{id}/calibrations", allow: clerk, serve: s.prepareCalibration, form: s.showCalibrations},
		{pattern: "GET /calibrations/{id}", allow: reads, serve: s.showCalibration},
		{pattern: "POST /calibrations/{id}", allow: []stage.Role{stage.Assessor}, serve: s.markCalibration, form: s.showCalibration},
		{pattern: "GET /calibrations/{id}/edit", allow: clerk, serve: s.askCalibration},
		{pattern: "POST /calibrations/{id}/edit", allow: clerk, serve: s.editCalibration, form: s.askCalibration},
		{pattern: "POST /calibrations/{id}/withdraw", allow: clerk, serve: s.withdrawCalibration, form: s.showCalibration},
	}
}

func calibrationOf(r *request) id.Calibration { return id.Calibration(r.PathValue("id")) }

func (s *Site) showCalibrations(w http.ResponseWriter, r *request) error {
	v, err := s.desk.Calibrations(r.Context(), r.Actor, id.Round(r.PathValue("id")))
	if err != nil {
		return err
	}
	f := s.page(r, "校准练习", s.roundAbove(r, v.Round.ID, v.Round.Title)...)
	return s.render(w, r, http.StatusOK, page.Calibrations(f, v, r.Actor))
}

// roundAbove leads to a round, for those who have a page of it.
func (s *Site) roundAbove(r *request, key id.Round, title string) []page.Link {
	if r.Actor.Role == stage.Assessor {
		return []page.Link{visitsLink}
	}
	return []page.Link{roundsLink, {Word: title, URL: "/rounds/" + string(key)}}
}

func (s *Site) prepareCalibration(w http.ResponseWriter, r *request) error {
	key, err := s.desk.PrepareCalibration(r.Context(), r.Actor, id.Round(r.PathValue("id")), r.text("title"))
	if err != nil {
		return err
	}
	return s.seeOther(w, r, "/calibrations/"+string(key)+"/edit", "样本已建立，接着写内容。")
}

// calibrationPage draws a page of the sample of the address.
func (s *Site) calibrationPage(r *request, title string, draw func(page.Frame, casework.CalibrationView) error) error {
	v, err := s.desk.Calibration(r.Context(), r.Actor, calibrationOf(r))
	if err != nil {
		return err
	}
	above := append(s.roundAbove(r, v.Round, v.Title), page.Link{Word: "校准练习", URL: "/rounds/" + string(v.Round) + "/calibrations"})
	return draw(s.page(r, title, above...), v)
}

func (s *Site) showCalibration(w http.ResponseWriter, r *request) error {
	return s.calibrationPage(r, "校准样本", func(f page.Frame, v casework.CalibrationView) error {
		return s.render(w, r, http.StatusOK, page.Calibration(f, v))
	})
}

func (s *Site) askCalibration(w http.ResponseWriter, r *request) error {
	return s.calibrationPage(r, "编写校准样本", func(f page.Frame, v casework.CalibrationView) error {
		return s.render(w, r, http.StatusOK, page.EditCalibration(f, v))
	})
}

// sampleMarks reads the marks of a form, indicator by indicator.
func (s *Site) sampleMarks(r *request) (v casework.CalibrationView, marks map[string]assessment.Finding, err error) {
	if v, err = s.desk.Calibration(r.Context(), r.Actor, calibrationOf(r)); err != nil {
		return v, nil, err
	}
	marks = map[string]assessment.Finding{}
	for _, i := range v.Indicators {
		at := "findings." + i.Code
		points, err := r.number(at + ".score")
		if err != nil {
			return v, nil, err
		}
		marks[i.Code] = assessment.Finding{Rating: r.FormValue(at + ".rating"), Score: points, Note: r.text(at + ".note")}
	}
	return v, marks, nil
}

func (s *Site) markCalibration(w http.ResponseWriter, r *request) error {
	v, marks, err := s.sampleMarks(r)
	if err != nil {
		return err
	}
	if err := s.desk.MarkCalibration(r.Context(), r.Actor, v.ID, marks); err != nil {
		return err
	}
	return s.seeOther(w, r, r.URL.Path, "评分已交出。下面是参考评分和他人的评分。")
}

func (s *Site) editCalibration(w http.ResponseWriter, r *request) error {
	v, marks, err := s.sampleMarks(r)
	if err != nil {
		return err
	}
	in := calibration.Sample{Title: r.text("title"), Answers: map[string]string{}, Reference: marks}
	for _, i := range v.Indicators {
		in.Answers[i.Code] = r.text("answers." + i.Code)
	}
	if r.FormValue("act") == "issue" {
		if err := s.desk.IssueCalibration(r.Context(), r.Actor, v.ID, r.version(), in); err != nil {
			return err
		}
		return s.seeOther(w, r, "/calibrations/"+string(v.ID), "样本已发给考核人员。")
	}
	if err := s.desk.EditCalibration(r.Context(), r.Actor, v.ID, r.version(), in); err != nil {
		return err
	}
	return s.seeOther(w, r, "/calibrations/"+string(v.ID), "样本已保存，还没有发出。")
}

func (s *Site) withdrawCalibration(w http.ResponseWriter, r *request) error {
	if err := s.desk.WithdrawCalibration(r.Context(), r.Actor, calibrationOf(r), r.text("reason")); err != nil {
		return err
	}
	return s.seeOther(w, r, "/calibrations/"+r.PathValue("id"), "样本已撤回。")
}
