package api

import (
	"bytes"
	"io"
	"iter"
	"reflect"
	"strconv"

	"shifan/internal/casework"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/roster"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/sheet"
)

// What the files of tables are.
const (
	mediaXLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	mediaCSV  = "text/csv; charset=utf-8"
)

// bytesOf describes the view of something that is bytes; Q is what its query says.
func bytesOf[Q any](path, name, say, page string, allow []stage.Role, media []string, read func(*call, *Q) (raw, error)) route {
	return route{
		method: "GET", path: path, name: name, say: say, page: page, allow: allow, media: media,
		in: reflect.TypeFor[Q](), out: reflect.TypeFor[raw](), tagged: true,
		view: func(c *call) (any, error) {
			var q Q
			if err := c.query(&q); err != nil {
				return nil, err
			}
			return read(c, &q)
		},
	}
}

// tableQuery says which form of a table is wanted.
type tableQuery struct {
	As string `query:"as" doc:"xlsx or csv; xlsx when left out"`
}

func (q *tableQuery) form() string { return q.As }

// tabled is what a table may be asked.
type tabled interface{ form() string }

// table is a table to send: its name, its head and its rows.
type table struct {
	name string
	head []string
	rows iter.Seq2[[]string, error]
}

var errTableAs = fault.Define(fault.Invalid, "api.table.as",
	"as 写 xlsx 或者 csv，现在是“%s”。", "")

// tableOf describes the view of a table as a file.
func tableOf[Q any, P interface {
	*Q
	tabled
}](path, name, say, page string, allow []stage.Role, read func(*call, *Q) (table, error)) route {
	return bytesOf(path, name, say, page, allow, []string{mediaXLSX, mediaCSV}, func(c *call, q *Q) (raw, error) {
		as := P(q).form()
		if as != "" && as != sheet.XLSX && as != sheet.CSV {
			return raw{}, errTableAs.At("as", as)
		}
		t, err := read(c, q)
		if err != nil {
			return raw{}, err
		}
		if as == sheet.CSV {
			return written(mediaCSV, t.name+".csv", func(out io.Writer) error { return sheet.WriteCSV(out, t.head, t.rows) })
		}
		return written(mediaXLSX, t.name+".xlsx", func(out io.Writer) error { return sheet.WriteXLSX(out, t.name, t.head, t.rows) })
	})
}

// written answers with what is written.
func written(media, name string, write func(io.Writer) error) (raw, error) {
	var b bytes.Buffer
	if err := write(&b); err != nil {
		return raw{}, err
	}
	return rawOf(media, name, b.Bytes()), nil
}

// organisationTable narrows the table of organisations.
type organisationTable struct {
	tableQuery
	organisationNarrow
}

// tableRoutes give lists as files, one line a page that offers them. Each takes what its
// list takes; tables of statistics and summary tables stand with theirs.
func tableRoutes() []route {
	register := []stage.Role{stage.Clerk, stage.Director, stage.Chair, stage.Auditor}
	lists := []stage.Role{stage.Clerk, stage.Director, stage.Auditor}
	return []route{
		tableOf("/organisations/table", "getOrganisationTable", "Read the organisations as a file with the columns of their roster, so that it can be brought in again.", "GET /organisations.xlsx", lists, func(c *call, q *organisationTable) (table, error) {
			return table{roster.Organisations.Label, roster.Organisations.Labels(), c.desk.ExportOrganisations(c.Context(), c.Actor, q.narrowed())}, nil
		}),
		tableOf("/numbers/{id}/{year}/table", "getRegisterTable", "Read the register of a programme's document numbers in one year as a file.", "GET /numbers.xlsx", register, func(c *call, _ *tableQuery) (table, error) {
			year, err := ledgerYear(c)
			if err != nil {
				return table{}, err
			}
			v, err := c.desk.Register(c.Context(), c.Actor, id.Programme(c.PathValue("id")), year)
			return table{strconv.Itoa(v.Year) + "年发文登记簿", casework.RegisterHead, v.Rows()}, err
		}),
		tableOf("/plans/{id}/table", "getPlanTable", "Read the checks of a plan as a file.", "GET /plans/{id}/checks.xlsx", []stage.Role{stage.Clerk, stage.Director, stage.Chair, stage.Member, stage.Auditor}, func(c *call, _ *tableQuery) (table, error) {
			v, err := c.desk.Plan(c.Context(), c.Actor, id.Plan(c.PathValue("id")))
			if err != nil {
				return table{}, err
			}
			return table{v.Title(), casework.PlanHead, v.Rows()}, nil
		}),
		bytesOf("/plaques/table", "getCeremonyTable", "Read who fetches which plaque as a file.", "GET /plaques.csv", register, []string{mediaCSV}, func(c *call, _ *none) (raw, error) {
			b, err := c.desk.CeremonyList(c.Context(), c.Actor)
			return rawOf(mediaCSV, "领牌名单.csv", b), err
		}),
		tableOf("/rosters/{id}/template", "getRosterTemplate", "Read the empty table of a roster, to be filled in and brought in; the identifier is the name of the list.", "GET /rosters/templates/{list}", clerk, func(c *call, _ *tableQuery) (table, error) {
			l, ok := roster.ListOf(c.PathValue("id"))
			if !ok {
				return table{}, fault.Missing()
			}
			return table{l.Label + "模板", l.Labels(), func(func([]string, error) bool) {}}, nil
		}),
	}
}
