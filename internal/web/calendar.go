package web

import (
	"errors"
	"io"
	"net/http"
	"slices"
	"time"

	"shifan/internal/calendar"
	"shifan/internal/fault"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/web/page"
)

// reporters may see which published dates a changed calendar concerns.
var reporters = []stage.Role{stage.Clerk, stage.Director, stage.Chair, stage.Operator, stage.Auditor}

func (s *Site) calendarRoutes() []route {
	operator := []stage.Role{stage.Operator}
	return []route{
		{pattern: "GET /calendar", allow: slices.Concat(everyone, reporters), serve: s.showCalendar},
		{pattern: "GET /calendar/report", allow: reporters, serve: s.showCalendarReport},
		{pattern: "GET /calendar/import", allow: operator, serve: s.askCalendar},
		{pattern: "POST /calendar/import", allow: operator, serve: s.importCalendar, form: s.askCalendar},
	}
}

func (s *Site) showCalendar(w http.ResponseWriter, r *request) error {
	r.inside()
	year, err := r.number("year")
	if err != nil {
		return fault.Missing()
	}
	month, err := r.number("month")
	if err != nil || month < 0 || month > 12 {
		return fault.Missing()
	}
	v, err := s.desk.CalendarYear(r.Context(), year)
	if err != nil {
		return err
	}
	if month == 0 {
		month = int(time.January)
		if today := calendar.DateOf(s.desk.Now()); v.Year == today.Year {
			month = int(today.Month)
		}
	}
	var actions []page.Link
	if r.Actor.Role == stage.Operator {
		actions = append(actions, page.Link{Word: "导入放假安排", URL: "/calendar/import"})
	}
	if slices.Contains(reporters, r.Actor.Role) {
		actions = append(actions, page.Link{Word: "受影响的期限", URL: "/calendar/report"})
	}
	return s.render(w, r, http.StatusOK, page.Calendar(s.page(r, "工作日"), v, month, actions))
}

func (s *Site) showCalendarReport(w http.ResponseWriter, r *request) error {
	all, err := s.desk.CalendarReport(r.Context(), r.Actor)
	if err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, page.CalendarReport(s.page(r, "安排变动的影响", page.Link{Word: "日历", URL: "/calendar"}), all))
}

func (s *Site) askCalendar(w http.ResponseWriter, r *request) error {
	return s.render(w, r, http.StatusOK, page.ImportCalendar(s.page(r, "导入放假安排", page.Link{Word: "日历", URL: "/calendar"})))
}

// importCalendar shows what a file would change, and imports it once that is
// confirmed.
func (s *Site) importCalendar(w http.ResponseWriter, r *request) error {
	text, err := s.arrangementText(r)
	if err != nil {
		return err
	}
	if !r.yes("confirm") {
		rep, err := s.desk.PreviewCalendar(r.Context(), r.Actor, []byte(text))
		if err != nil {
			r.PostForm.Set("text", text) // what was in the file is shown, to be mended
			return inText(err)
		}
		return s.render(w, r, http.StatusOK, page.PreviewCalendar(s.page(r, "核对后导入", page.Link{Word: "日历", URL: "/calendar"}), rep, text))
	}
	rep, err := s.desk.ImportCalendar(r.Context(), r.Actor, []byte(text))
	if err != nil {
		return err
	}
	to := "/calendar"
	if len(rep.Effects) > 0 {
		to = "/calendar/report"
	}
	return s.seeOther(w, r, to, "放假安排已导入。")
}

// inText points every field of a fault to the box that holds the file's text.
func inText(err error) error {
	if f, ok := errors.AsType[*fault.Fault](err); ok && f.Kind == fault.Invalid {
		f.Fields = []fault.Field{{Path: "text", Say: f.Say}}
	}
	return err
}

// arrangementText returns the file that was sent, or the text that was pasted.
func (s *Site) arrangementText(r *request) (string, error) {
	file, _, err := r.FormFile("file")
	if err != nil {
		return r.text("text"), nil // no file was chosen
	}
	defer file.Close() //nolint:errcheck // it was only read
	b, err := io.ReadAll(file)
	if len(b) == 0 {
		return r.text("text"), err
	}
	return string(b), err
}
