package casework

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"time"

	"shifan/internal/calendar"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/record"
	"shifan/internal/store"
)

// CalendarKind is what may happen to the calendar: a year's arrangement is
// imported, and that is all. What was imported is never taken back; a later
// document overrides it.
var CalendarKind = stage.Kind{
	Name: "calendar", Label: "日历", Start: "in_force",
	Moves: []stage.Move{
		{From: "in_force", Act: "import", By: stage.Operator, To: "in_force", Basis: "国务院办公厅关于部分节假日安排的通知"},
	},
	Words: map[string]string{"in_force": "使用中", "import": "导入安排"},
}

var errImported = fault.Define(fault.Refused, "calendar.import.again",
	"%d年的这份安排已经在用，不必再导入。", "")

// ChangedDay is a day that another calendar says something else of.
type ChangedDay struct {
	Was, Becomes calendar.Day
}

// CalendarReport says what an arrangement changes: which days, and which
// published deadlines and periods would end on another day if they were computed
// anew. They are not moved; people decide (facts.md §2.1).
type CalendarReport struct {
	Arrangements  []calendar.Arrangement
	Before, After string // versions
	Changed       []ChangedDay
	Effects       []calendar.Effect
}

// PreviewCalendar says what importing a file would change, and changes nothing.
func (d *Desk) PreviewCalendar(ctx context.Context, by stage.Actor, file []byte) (rep CalendarReport, err error) {
	defer fault.Wrap(&err, "casework.PreviewCalendar")
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		rep, err = d.wouldImport(tx, by, file)
		return err
	})
	return rep, err
}

// ImportCalendar adds the arrangements of a file to the calendar and reports
// what they change. Only an operator may.
func (d *Desk) ImportCalendar(ctx context.Context, by stage.Actor, file []byte) (rep CalendarReport, err error) {
	defer fault.Wrap(&err, "casework.ImportCalendar")
	now := d.Now()
	err = d.Store.Change(ctx, func(tx *store.Tx) (first record.Entry, err error) {
		if rep, err = d.wouldImport(tx, by, file); err != nil {
			return first, err
		}
		m, err := CalendarKind.Step("in_force", "import", by.Role)
		if err != nil {
			return first, err
		}
		for i, a := range rep.Arrangements {
			row := store.Arrangement{ID: id.New[id.Arrangement](d.Rand), Year: a.Year, Document: a, ImportedAt: now, ImportedBy: by.Account}
			if err := tx.AddArrangement(&row); err != nil {
				return first, err
			}
			e := d.entry(by, CalendarKind, string(row.ID), m, now)
			e.Facts = map[string]string{"year": strconv.Itoa(a.Year), "title": a.Title, "before": rep.Before, "after": rep.After}
			if i == 0 {
				first = e
			} else {
				tx.Also(e)
			}
		}
		return first, nil
	})
	return rep, err
}

func (d *Desk) wouldImport(tx *store.Tx, by stage.Actor, file []byte) (rep CalendarReport, err error) {
	if err := operator(by); err != nil {
		return rep, err
	}
	if rep.Arrangements, err = calendar.Read(file, calendar.DateOf(d.Now())); err != nil {
		return rep, err
	}
	was, err := tx.Calendar()
	if err != nil {
		return rep, err
	}
	becomes := was
	for _, a := range rep.Arrangements {
		if slices.ContainsFunc(was.Arrangements(), func(b calendar.Arrangement) bool { return same(a, b) }) {
			return rep, errImported.New(a.Year)
		}
		if becomes, err = becomes.With(a); err != nil {
			return rep, err
		}
	}
	rep.Before, rep.After = was.Version(), becomes.Version()
	for _, a := range rep.Arrangements {
		for day := calendar.On(a.Year-1, time.December, 1); day.Year <= a.Year; day = day.AddDays(1) {
			before, after := was.Day(day), becomes.Day(day)
			if before.Working != after.Working {
				rep.Changed = append(rep.Changed, ChangedDay{before, after})
			}
		}
	}
	all, err := commitments(tx)
	rep.Effects = becomes.Effects(all)
	return rep, err
}

// same reports whether two documents say the same, whenever they were read.
func same(a, b calendar.Arrangement) bool {
	a.PublishedOn, b.PublishedOn = calendar.Date{}, calendar.Date{}
	x, errA := json.Marshal(a)
	y, errB := json.Marshal(b)
	return errA == nil && errB == nil && string(x) == string(y)
}

// commitments collects every published date that is still running and that was
// computed with a calendar. A chapter adds its own here.
func commitments(tx *store.Tx) (all []calendar.Commitment, err error) {
	for _, of := range []func(*store.Tx) ([]calendar.Commitment, error){
		// One line a chapter, in the order of the life.
		roundCommitments,
		publicityCommitments,
		rectificationCommitments,
		revocationCommitments,
	} {
		more, err := of(tx)
		if err != nil {
			return nil, err
		}
		all = append(all, more...)
	}
	return all, nil
}

// roundCommitments are the deadlines of the calls that run.
func roundCommitments(tx *store.Tx) (all []calendar.Commitment, err error) {
	rounds, err := tx.RunningRounds()
	for _, r := range rounds {
		all = append(all, r.Commitment())
	}
	return all, err
}

// CalendarReport lists the running deadlines and periods that would end on
// another day by the calendar in force. Those who run rounds may see it, and the
// operator who imports arrangements; others get fault.Missing.
func (d *Desk) CalendarReport(ctx context.Context, by stage.Actor) (effects []calendar.Effect, err error) {
	defer fault.Wrap(&err, "casework.CalendarReport")
	if !slices.Contains([]stage.Role{stage.Clerk, stage.Director, stage.Chair, stage.Operator, stage.Auditor}, by.Role) {
		return nil, fault.Missing()
	}
	err = d.Store.View(ctx, func(tx *store.Tx) (err error) {
		effects, err = calendarEffects(tx)
		return err
	})
	return effects, err
}

func calendarEffects(tx *store.Tx) ([]calendar.Effect, error) {
	c, err := tx.Calendar()
	if err != nil {
		return nil, err
	}
	all, err := commitments(tx)
	return c.Effects(all), err
}

// calendarWork asks those who may move a deadline to look at the dates that a
// changed arrangement would compute otherwise.
func calendarWork(tx *store.Tx, by stage.Actor, _ time.Time) (items []WorkItem, err error) {
	if by.Role != stage.Director && by.Role != stage.Chair {
		return nil, nil
	}
	effects, err := calendarEffects(tx)
	if len(effects) > 0 {
		items = append(items, WorkItem{Title: fmt.Sprintf("放假安排有变动，%d个已公布的期限要看是否调整", len(effects)), URL: "/calendar/report", Stage: "日历"})
	}
	return items, err
}

// Month is one month of a year view: its days in order, and how many are worked.
type Month struct {
	First   calendar.Date
	Days    []calendar.Day
	Working int
}

// CalendarView is one year as the calendar page shows it.
type CalendarView struct {
	Year      int
	Today     calendar.Date
	Known     bool // false: the year's arrangement is not published yet
	Working   int
	Months    []Month
	Documents []calendar.Arrangement // that speak of the year, the strongest last
	Years     []int                  // that are known
	Version   string
}

// CalendarYear returns one year of the calendar; 0 is the current year. Everybody
// may see it. Years out of reach are Missing.
func (d *Desk) CalendarYear(ctx context.Context, year int) (v CalendarView, err error) {
	defer fault.Wrap(&err, "casework.CalendarYear(%d)", year)
	today := calendar.DateOf(d.Now())
	if year == 0 {
		year = today.Year
	}
	if year < 2000 || year > 2100 {
		return v, fault.Missing()
	}
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		c, err := tx.Calendar()
		if err != nil {
			return err
		}
		v = CalendarView{Year: year, Today: today, Known: c.Knows(year), Years: c.Years(), Version: c.Version()}
		for _, a := range c.Arrangements() {
			if a.Year == year || slices.ContainsFunc(a.Off, func(d calendar.Date) bool { return d.Year == year }) {
				v.Documents = append(v.Documents, a)
			}
		}
		for month := time.January; month <= time.December; month++ {
			m := Month{First: calendar.On(year, month, 1)}
			for day := m.First; day.Month == month; day = day.AddDays(1) {
				m.Days = append(m.Days, c.Day(day))
				if w, _ := c.Working(day); w {
					m.Working++
				}
			}
			v.Working += m.Working
			v.Months = append(v.Months, m)
		}
		return nil
	})
	return v, err
}

// Calendar returns the calendar in force.
func (d *Desk) Calendar(ctx context.Context) (c *calendar.Calendar, err error) {
	defer fault.Wrap(&err, "casework.Calendar")
	err = d.Store.View(ctx, func(tx *store.Tx) (err error) {
		c, err = tx.Calendar()
		return err
	})
	return c, err
}
