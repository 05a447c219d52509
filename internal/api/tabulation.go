package api

import (
	"time"

	"shifan/internal/casework"
	"shifan/internal/id"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/lifecycle/tabulation"
)

// tabulationRow is an arrangement of the summary table that the token's person keeps.
type tabulationRow struct {
	ID        string           `json:"id"`
	Programme string           `json:"programme"`
	Name      string           `json:"name"`
	Columns   []string         `json:"columns" doc:"their codes, in their order"`
	Filter    tabulationFilter `json:"filter"`
	MadeAt    time.Time        `json:"made_at"`
}

// tabulationFilter narrows the summary table.
type tabulationFilter struct {
	Round    string `json:"round,omitempty" query:"round"`
	State    string `json:"state,omitempty" query:"state"`
	At       string `json:"at,omitempty" query:"at" doc:"the step at which it waits: intake, a stage or naming"`
	Category string `json:"category,omitempty" query:"category"`
	Region   string `json:"region,omitempty" query:"region" doc:"division code"`
	Level    string `json:"level,omitempty" query:"level"`
	Query    string `json:"query,omitempty" query:"q"`
}

func (f tabulationFilter) filter() tabulation.Filter {
	return tabulation.Filter{Round: id.Round(f.Round), State: f.State, At: f.At, Category: f.Category, Region: f.Region, Level: f.Level, Query: f.Query}
}

func tabulationRowOf(v tabulation.View) tabulationRow {
	f := v.Filter
	return tabulationRow{string(v.ID), string(v.Programme), v.Name, acts(v.Shown), tabulationFilter{string(f.Round), f.State, f.At, f.Category, f.Region, f.Level, f.Query}, v.MadeAt}
}

// tabulationColumn is a column of the summary table.
type tabulationColumn struct {
	Code  string `json:"code"`
	Label string `json:"label"`
}

// tabulationPage is a page of the summary table.
type tabulationPage struct {
	Programme string             `json:"programme,omitempty" doc:"left out when there is none"`
	Columns   []tabulationColumn `json:"columns" doc:"those of the cells, in their order"`
	Offered   []tabulationColumn `json:"offered" doc:"that are not shown"`
	Rows      []tabulationLine   `json:"rows"`
	After     string             `json:"after,omitempty" doc:"what after is for the next page; left out on the last"`
}

// tabulationLine is a row of it.
type tabulationLine struct {
	Application string   `json:"application"`
	Cells       []string `json:"cells"`
}

// tabulating is what one asks of the summary table.
type tabulating struct {
	tabulationFilter
	Programme string   `query:"programme" doc:"the person's own, or the first, when left out"`
	View      string   `query:"view" doc:"an arrangement that is kept, to begin with"`
	Columns   []string `query:"columns" doc:"codes in their order, with commas; those of the arrangement, or the usual, when left out"`
}

func (q tabulating) ask() casework.Tabulating {
	return casework.Tabulating{
		Programme: id.Programme(q.Programme), View: id.Tabulation(q.View), Shown: q.Columns, Filter: q.filter(), Filtered: q.tabulationFilter != tabulationFilter{},
	}
}

// tabulationRowsQuery asks for a page of it.
type tabulationRowsQuery struct {
	tabulating
	paging
}

// tabulationTable asks for all of it as a file.
type tabulationTable struct {
	tabulating
	tableQuery
}

// tabulationQuery narrows a list of arrangements.
type tabulationQuery struct {
	paging
	Programme string `query:"programme" doc:"the person's own, or the first, when left out"`
}

// tabulationEntry is an arrangement to keep.
type tabulationEntry struct {
	Programme string           `json:"programme,omitempty"`
	Name      string           `json:"name"`
	Columns   []string         `json:"columns" doc:"their codes, in their order"`
	Filter    tabulationFilter `json:"filter,omitzero"`
}

// tabulationName renames one.
type tabulationName struct {
	Name string `json:"name"`
}

// tabulate reads a page of the summary table.
func tabulate(c *call, q *tabulationRowsQuery) (out tabulationPage, err error) {
	if err := q.settle(); err != nil {
		return out, err
	}
	ask := q.ask()
	ask.After, ask.Limit = id.Application(q.After), q.Limit
	v, err := c.desk.Tabulate(c.Context(), c.Actor, ask)
	if err != nil {
		return out, err
	}
	column := func(w tabulation.Column) tabulationColumn { return tabulationColumn{w.Code, w.Label} }
	out = tabulationPage{Columns: each(v.Shown, column), Offered: each(v.Offered, column), After: string(v.Next), Rows: each(v.Rows, func(r casework.TabulationRow) tabulationLine {
		return tabulationLine{string(r.Application), acts(r.Cells)}
	})}
	if v.Programme != nil {
		out.Programme = string(v.Programme.Name)
	}
	return out, nil
}

// tabulationRoutes are the summary table (汇总表) and the arrangements of it that the
// token's person keeps.
func tabulationRoutes() []route {
	reads := []stage.Role{stage.Clerk, stage.Director, stage.Chair, stage.Auditor}
	key := func(c *call) id.Tabulation { return id.Tabulation(c.PathValue("id")) }
	return []route{
		list("/tabulations", "listTabulations", "List the arrangements of the summary table that the token's person keeps.", "GET /tabulations", reads, func(c *call, q *tabulationQuery, _ int) ([]tabulationRow, string, error) {
			v, err := c.desk.Tabulate(c.Context(), c.Actor, casework.Tabulating{Programme: id.Programme(q.Programme), Limit: 1})
			return whole(v.Views, err, &q.paging, func(v tabulation.View) string { return string(v.ID) }, tabulationRowOf)
		}),
		one("/tabulations/{id}", "getTabulation", "Read one arrangement.", "GET /tabulations", reads, func(c *call, key string) (tabulationRow, int64, error) {
			v, err := c.desk.Tabulation(c.Context(), c.Actor, id.Tabulation(key))
			return tabulationRowOf(v), 0, err
		}),
		reading("/tabulations/rows", "getTabulationRows", "Read the summary table, page by page.", "GET /tabulations", reads, tabulate),
		tableOf("/tabulations/table", "getTabulationTable", "Read all of the summary table as a file.", "GET /tabulations.xlsx", reads, func(c *call, q *tabulationTable) (table, error) {
			head, rows, err := c.desk.ExportTabulation(c.Context(), c.Actor, q.ask())
			return table{"汇总表", head, rows}, err
		}),
		act("/tabulations", "saveTabulation", "Keep an arrangement, for the token's person alone.", "POST /tabulations", reads, func(c *call, in tabulationEntry) error {
			_, err := c.desk.SaveTabulation(c.Context(), c.Actor, tabulation.View{Programme: id.Programme(in.Programme), Name: in.Name, Shown: in.Columns, Filter: in.Filter.filter()})
			return err
		}).making(),
		act("/tabulations/{id}/rename", "renameTabulation", "Give an arrangement another name.", "POST /tabulations/{id}/rename", reads, func(c *call, in tabulationName) error {
			return c.desk.RenameTabulation(c.Context(), c.Actor, key(c), in.Name)
		}),
		act("/tabulations/{id}/remove", "removeTabulation", "Take an arrangement away.", "POST /tabulations/{id}/remove", reads, func(c *call, _ none) error {
			return c.desk.RemoveTabulation(c.Context(), c.Actor, key(c))
		}),
	}
}
