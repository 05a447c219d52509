package api

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"time"

	"shifan/internal/calendar"
	"shifan/internal/casework"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/outcome"
	"shifan/internal/lifecycle/roster"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/personal"
	"shifan/internal/sheet"
)

// rosterRow is a roster, a list that the office brought in as a file.
type rosterRow struct {
	ID        string        `json:"id"`
	List      string        `json:"list" doc:"organisations, designations, inspections and so on"`
	ListWord  string        `json:"list_word"`
	File      string        `json:"file" doc:"its name, as given"`
	SHA256    string        `json:"sha256" doc:"of the file"`
	Title     string        `json:"title,omitempty" doc:"of a list of facts: what it is called"`
	AsOf      calendar.Date `json:"as_of,omitzero" doc:"of a list of facts: when it was published"`
	State     stage.State   `json:"state"`
	StateWord string        `json:"state_word"`
	At        time.Time     `json:"at" doc:"when it was brought in"`
	DoneAt    time.Time     `json:"done_at,omitzero"`
}

// rosterTally counts what became of rows, or would.
type rosterTally struct {
	Added   int `json:"added"`
	Changed int `json:"changed"`
	Same    int `json:"same"`
	Wrong   int `json:"wrong"`
}

// rosterData is one roster.
type rosterData struct {
	rosterRow
	Tally   rosterTally `json:"tally" doc:"what it would do, while it waits; what it did, once it is applied"`
	Sheet   string      `json:"sheet,omitempty" doc:"which sheet of the book was read"`
	Line    int         `json:"line,omitempty" doc:"where the header is"`
	Unknown []string    `json:"unknown_columns" doc:"heads of columns that are not read"`
	Acts    []string    `json:"acts" doc:"what the token's role may do with it now"`
}

// rosterLine is what a row of the file would do, or why it cannot.
type rosterLine struct {
	Line     int             `json:"line" doc:"of the file, from 1"`
	Result   string          `json:"result" doc:"added, changed, same or wrong"`
	Code     string          `json:"code,omitempty"`
	Name     string          `json:"name,omitempty"`
	Changes  []string        `json:"changes" doc:"what is new in it"`
	Problems []rosterProblem `json:"problems" doc:"of a wrong one"`
}

// rosterProblem is what is wrong in a row.
type rosterProblem struct {
	Column string `json:"column,omitempty" doc:"its head; left out when it is the whole row"`
	Say    string `json:"say"`
}

func rosterRowOf(r roster.Roster) rosterRow {
	l, _ := roster.ListOf(r.List)
	return rosterRow{
		ID: string(r.ID), List: r.List, ListWord: l.Label, File: r.File, SHA256: r.SHA256, Title: r.Title, AsOf: r.AsOf,
		State: r.State, StateWord: roster.Kind.Word(string(r.State)), At: r.At, DoneAt: r.DoneAt,
	}
}

func rosterDataOf(v casework.RosterView) rosterData {
	d := rosterData{rosterRow: rosterRowOf(v.Roster), Tally: rosterTally(v.Roster.Tally), Sheet: v.Plan.Sheet, Line: v.Plan.Line, Unknown: acts(v.Plan.Unknown), Acts: acts(v.Acts)}
	if v.Roster.State == roster.Uploaded {
		d.Tally = rosterTally(v.Plan.Tally)
	}
	return d
}

func rosterLineOf(o roster.Outcome) rosterLine {
	return rosterLine{o.Line, o.Result, o.Code, o.Name, acts(o.Changes), each(o.Problems, func(p outcome.Problem) rosterProblem { return rosterProblem{p.Column, p.Say} })}
}

// rosterUpload says what the file is that the body holds.
type rosterUpload struct {
	List  string        `query:"list" doc:"organisations, designations, inspections and so on; needed"`
	Name  string        `query:"name" doc:"the file's name"`
	Title string        `query:"title" doc:"of a list of facts: what it is called"`
	AsOf  calendar.Date `query:"as_of" doc:"of a list of facts: when it was published"`
}

// rosterApply confirms a roster.
type rosterApply struct {
	Seen rosterTally `json:"seen" doc:"the tally that was read: when something changed since, nothing is done"`
	Skip bool        `json:"skip,omitempty" doc:"leave wrong rows out; without it one wrong row refuses all"`
}

// rosterQuery narrows a list of rosters.
type rosterQuery struct{ paging }

// rosterLineQuery narrows the rows of a roster.
type rosterLineQuery struct {
	paging
	Result []string `query:"result" doc:"added, changed, same or wrong; one or more"`
}

func rosterRoutes() []route {
	sees := []stage.Role{stage.Clerk, stage.Director, stage.Auditor}
	key := func(c *call) id.Roster { return id.Roster(c.PathValue("id")) }
	return []route{
		list("/rosters", "listRosters", "List the rosters that were brought in, the latest first.", "GET /rosters", sees, func(c *call, q *rosterQuery, limit int) ([]rosterRow, string, error) {
			all, err := c.desk.Rosters(c.Context(), c.Actor, casework.RosterFilter{After: id.Roster(q.After), Limit: limit + 1})
			return rows(all, err, limit, func(r roster.Roster) string { return string(r.ID) }, rosterRowOf)
		}),
		one("/rosters/{id}", "getRoster", "Read one roster, and what it would do.", "GET /rosters/{id}", sees, func(c *call, key string) (rosterData, int64, error) {
			v, err := c.desk.Roster(c.Context(), c.Actor, id.Roster(key))
			return rosterDataOf(v), v.Roster.Version, err
		}),
		list("/rosters/{id}/rows", "listRosterRows", "List what each row of a roster that waits would do; of one that was applied, the rows that were left out.", "GET /rosters/{id}", sees, rosterLines),
		streaming("/rosters", "uploadRoster", fmt.Sprintf("Bring a roster in; the body is the bytes of an XLSX or CSV file, at most %d MB. Nothing is done before it is applied; after a day it is discarded.", sheet.BytesMost>>20), "POST /rosters", clerk, uploadRoster).making(),
		act("/rosters/{id}/apply", "applyRoster", "Do what the roster says, all of it at once.", "POST /rosters/{id}/apply", clerk, func(c *call, in rosterApply) error {
			seen := roster.Tally(in.Seen)
			if seen == (roster.Tally{}) {
				seen.Wrong = -1 // never what it is: a program looks first, as a person does
			}
			return c.desk.ApplyRoster(c.Context(), c.Actor, key(c), c.match, seen, in.Skip)
		}).matching(),
		act("/rosters/{id}/discard", "discardRoster", "Give the roster up.", "POST /rosters/{id}/discard", clerk, func(c *call, _ none) error {
			return c.desk.DiscardRoster(c.Context(), c.Actor, key(c), c.match)
		}).matching(),
	}
}

// rosterLines lists the rows of a roster by their lines.
func rosterLines(c *call, q *rosterLineQuery, limit int) ([]rosterLine, string, error) {
	v, err := c.desk.Roster(c.Context(), c.Actor, id.Roster(c.PathValue("id")))
	if err != nil {
		return nil, "", err
	}
	after := 0
	if q.After != "" {
		if after, err = strconv.Atoi(q.After); err != nil {
			return nil, "", errType.At("after", "after", "整数")
		}
	}
	all := v.Plan.Rows
	if v.Roster.State != roster.Uploaded {
		all = v.Roster.Left
	}
	var some []roster.Outcome
	for _, o := range all {
		if o.Line > after && (len(q.Result) == 0 || slices.Contains(q.Result, o.Result)) {
			some = append(some, o)
		}
	}
	return rows(some, nil, limit, func(o roster.Outcome) string { return strconv.Itoa(o.Line) }, rosterLineOf)
}

// uploadRoster reads a file from the body, no more of it than one may hold.
func uploadRoster(c *call, q *rosterUpload) error {
	if f := personal.Check("title", "这一项", q.Title, false); f != nil {
		return fault.All(f)
	}
	content, err := io.ReadAll(io.TeeReader(io.LimitReader(c.Body, sheet.BytesMost+1), c.asked))
	if err != nil {
		return err
	}
	_, err = c.desk.UploadRoster(c.Context(), c.Actor, casework.RosterFile{List: q.List, Name: q.Name, Content: content, AsOf: q.AsOf, Title: q.Title})
	return err
}
