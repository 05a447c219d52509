package api

import (
	"errors"
	"reflect"

	"shifan/internal/calendar"
	"shifan/internal/casework"
	"shifan/internal/fault"
	"shifan/internal/lifecycle/stage"
)

// calendarQuery says which year is meant.
type calendarQuery struct {
	Year int `query:"year" doc:"2000 to 2100; this year when left out"`
}

// calendarDay is a day whose weekday alone does not tell whether it is worked, or one of
// rest.
type calendarDay struct {
	Date    calendar.Date `json:"date"`
	Working bool          `json:"working"`
	Why     string        `json:"why" doc:"the name of the holiday, or that a day of rest is worked"`
}

// calendarDocument is an arrangement that speaks of a year.
type calendarDocument struct {
	Year        int           `json:"year"`
	Title       string        `json:"title"`
	Number      string        `json:"number,omitempty" doc:"of the document"`
	PublishedOn calendar.Date `json:"published_on,omitzero"`
	Amends      bool          `json:"amends" doc:"it changes single days; otherwise it replaces what was said of its year"`
}

// calendarData is a year of the calendar.
type calendarData struct {
	Year      int                `json:"year"`
	Known     bool               `json:"known" doc:"false: the year's arrangement is not published; its days are provisional"`
	Working   int                `json:"working" doc:"how many days are worked"`
	Days      []calendarDay      `json:"days" doc:"those of which an arrangement speaks, and the weekends"`
	Documents []calendarDocument `json:"documents" doc:"that speak of the year, the strongest last"`
	Years     []int              `json:"years" doc:"that are known"`
	Version   string             `json:"version" doc:"a digest of all that is known"`
}

// calendarEffect is a published date that another calendar would compute otherwise.
type calendarEffect struct {
	Thing       string        `json:"thing"`
	Label       string        `json:"label"`
	Last        calendar.Date `json:"last" doc:"as it was published; it is not moved"`
	Would       calendar.Date `json:"would" doc:"as it would be computed now"`
	Provisional bool          `json:"provisional" doc:"a year that is needed has no published arrangement"`
}

// calendarEffects is every date that would be computed otherwise.
type calendarEffects struct {
	Effects []calendarEffect `json:"effects"`
}

// calendarText is a file of arrangements.
type calendarText struct {
	Text string `json:"text" doc:"the text of an arrangement as it is published, or one or more as JSON"`
}

// calendarChange is what a file would change.
type calendarChange struct {
	Documents []calendarDocument `json:"documents"`
	Changed   []calendarDay      `json:"changed" doc:"days that were worked and would not be, or the other way round, as they would be"`
	Effects   []calendarEffect   `json:"effects"`
}

func calendarDayOf(d calendar.Day) calendarDay { return calendarDay{d.Date, d.Working, d.Why} }

func calendarDocumentOf(a calendar.Arrangement) calendarDocument {
	return calendarDocument{a.Year, a.Title, a.Number, a.PublishedOn, a.Amends}
}

func calendarEffectOf(e calendar.Effect) calendarEffect {
	return calendarEffect{e.Thing, e.Label, e.Last, e.Would, e.Provisional}
}

func calendarDataOf(v casework.CalendarView) calendarData {
	d := calendarData{Year: v.Year, Known: v.Known, Working: v.Working, Days: []calendarDay{}, Documents: each(v.Documents, calendarDocumentOf), Years: append([]int{}, v.Years...), Version: v.Version}
	for _, m := range v.Months {
		for _, day := range m.Days {
			if day.Why != "" {
				d.Days = append(d.Days, calendarDayOf(day))
			}
		}
	}
	return d
}

// inText points the fields of a fault to the text of the file.
func inText(err error) error {
	if f, ok := errors.AsType[*fault.Fault](err); ok && f.Kind == fault.Invalid {
		f.Fields = []fault.Field{{Path: "text", Say: f.Say}}
	}
	return err
}

func calendarRoutes() []route {
	reporters := []stage.Role{stage.Clerk, stage.Director, stage.Chair, stage.Operator, stage.Auditor}
	operator := []stage.Role{stage.Operator}
	year := one("/calendar", "getCalendar", "Read a year of the calendar by which working days are counted.", "GET /calendar", append([]stage.Role{stage.Public}, reporters...), func(c *call, _ string) (calendarData, int64, error) {
		var q calendarQuery
		if err := c.query(&q); err != nil {
			return calendarData{}, 0, err
		}
		v, err := c.desk.CalendarYear(c.Context(), q.Year)
		return calendarDataOf(v), 0, err
	})
	year.in = reflect.TypeFor[calendarQuery]()
	return []route{
		year,
		one("/calendar/report", "getCalendarReport", "Read which published dates the calendar in force would compute otherwise.", "GET /calendar/report", reporters, func(c *call, _ string) (calendarEffects, int64, error) {
			all, err := c.desk.CalendarReport(c.Context(), c.Actor)
			return calendarEffects{each(all, calendarEffectOf)}, 0, err
		}),
		asking("/calendar/preview", "previewCalendar", "Ask what importing a file of arrangements would change.", "POST /calendar/import", operator, func(c *call, in calendarText) (calendarChange, error) {
			rep, err := c.desk.PreviewCalendar(c.Context(), c.Actor, []byte(in.Text))
			return calendarChange{
				each(rep.Arrangements, calendarDocumentOf),
				each(rep.Changed, func(d casework.ChangedDay) calendarDay { return calendarDayOf(d.Becomes) }), each(rep.Effects, calendarEffectOf),
			}, inText(err)
		}),
		act("/calendar/import", "importCalendar", "Import a file of arrangements. Published dates are not moved; the report says which would be.", "POST /calendar/import", operator, func(c *call, in calendarText) error {
			_, err := c.desk.ImportCalendar(c.Context(), c.Actor, []byte(in.Text))
			return inText(err)
		}),
	}
}
