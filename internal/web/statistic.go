package web

import (
	"bytes"
	"io"
	"net/http"
	"net/url"

	"shifan/internal/casework"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/lifecycle/statistic"
	"shifan/internal/web/page"
)

// statisticRoutes are the figures of a round and of a programme's years. What everybody
// may read of a round that is over is its report, beside its call.
func (s *Site) statisticRoutes() []route {
	reads := []stage.Role{stage.Clerk, stage.Director, stage.Chair, stage.Auditor}
	return []route{
		{pattern: "GET /statistics", allow: reads, serve: s.showStatistics},
		{pattern: "GET /statistics.xlsx", allow: reads, serve: s.sendStatistics},
		{pattern: "GET /rounds/{id}/statistics", allow: reads, serve: s.showRoundStatistics},
		{pattern: "GET /rounds/{id}/statistics/list", allow: reads, serve: s.showReckoned},
		{pattern: "GET /rounds/{id}/statistics.xlsx", allow: reads, serve: s.sendRoundStatistics},
		{pattern: "GET /calls/{id}/report", allow: everyone, serve: s.showRoundReport, kept: true},
		{pattern: "GET /calls/{id}/report/paper", allow: everyone, serve: s.sendRoundReport},
	}
}

func (s *Site) statistics(r *request) (casework.OverviewView, error) {
	return s.desk.Statistics(r.Context(), r.Actor, id.Programme(r.text("programme")), id.Round(r.FormValue("before")))
}

func (s *Site) showStatistics(w http.ResponseWriter, r *request) error {
	v, err := s.statistics(r)
	if err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, page.Statistics(s.page(r, "统计"), v))
}

func (s *Site) sendStatistics(w http.ResponseWriter, r *request) error {
	v, err := s.statistics(r)
	if err != nil {
		return err
	}
	if v.Programme == nil {
		return fault.Missing()
	}
	return s.book(w, r, "统计 "+v.Programme.Title, v.WriteXLSX)
}

func (s *Site) showRoundStatistics(w http.ResponseWriter, r *request) error {
	v, err := s.desk.RoundStatistics(r.Context(), r.Actor, id.Round(r.PathValue("id")))
	if err != nil {
		return err
	}
	f := s.page(r, "统计", roundsLink, page.Link{Word: v.Round.Title, URL: "/rounds/" + string(v.Round.ID)})
	return s.render(w, r, http.StatusOK, page.RoundStatistics(f, v, r.Actor.Role))
}

// showReckoned lists what one figure counts.
func (s *Site) showReckoned(w http.ResponseWriter, r *request) error {
	from, err := r.number("from")
	if err != nil {
		return err
	}
	of := statistic.Figure{Of: r.FormValue("of"), Code: r.FormValue("code"), What: r.FormValue("what"), State: stage.State(r.FormValue("state"))}
	v, err := s.desk.Reckoned(r.Context(), r.Actor, id.Round(r.PathValue("id")), of, from, reckonedMost)
	if err != nil {
		return err
	}
	f := s.page(r, v.Title, roundsLink, page.Link{Word: v.Round.Title, URL: "/rounds/" + string(v.Round.ID)}, page.Link{Word: "统计", URL: "/rounds/" + string(v.Round.ID) + "/statistics"})
	return s.render(w, r, http.StatusOK, page.Reckoned(f, v))
}

// reckonedMost is how many rows of such a list stand on a page.
const reckonedMost = 50

func (s *Site) sendRoundStatistics(w http.ResponseWriter, r *request) error {
	v, err := s.desk.RoundStatistics(r.Context(), r.Actor, id.Round(r.PathValue("id")))
	if err != nil {
		return err
	}
	return s.book(w, r, "统计 "+v.Round.Title, v.WriteXLSX)
}

// book sends a workbook.
func (s *Site) book(w http.ResponseWriter, r *request, name string, write func(io.Writer) error) error {
	var b bytes.Buffer
	if err := write(&b); err != nil {
		return err
	}
	w.Header().Set("Content-Disposition", "attachment; filename*=UTF-8''"+url.PathEscape(name+".xlsx"))
	return s.send(w, r, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", b.Bytes())
}

func (s *Site) showRoundReport(w http.ResponseWriter, r *request) error {
	v, err := s.desk.RoundReport(r.Context(), id.Round(r.PathValue("id")))
	if err != nil {
		return err
	}
	f := s.page(r, "实施情况报告", page.Link{Word: "通知", URL: "/calls"}, page.Link{Word: v.Round.Title, URL: "/calls/" + string(v.Round.ID)})
	return s.render(w, r, http.StatusOK, page.RoundReport(f, v))
}

func (s *Site) sendRoundReport(w http.ResponseWriter, r *request) error {
	p, err := s.desk.RoundReportPaper(r.Context(), id.Round(r.PathValue("id")))
	if err != nil {
		return err
	}
	return sendPaper(w, r, p)
}
