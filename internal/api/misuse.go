package api

import (
	"time"

	"shifan/internal/casework"
	"shifan/internal/id"
	"shifan/internal/lifecycle/misuse"
	"shifan/internal/lifecycle/stage"
)

// misuseRow is a report of misuse in a list. Who reported is nowhere here.
type misuseRow struct {
	ID          string      `json:"id"`
	Programme   string      `json:"programme"`
	Designation string      `json:"designation" doc:"the title behind the verification code"`
	Name        string      `json:"name" doc:"of its holder"`
	Label       string      `json:"label" doc:"as people quote it"`
	About       string      `json:"about"`
	State       stage.State `json:"state"`
	StateWord   string      `json:"state_word"`
	ArrivedAt   time.Time   `json:"arrived_at,omitzero"`
	EndedAt     time.Time   `json:"ended_at,omitzero"`
}

// misuseData is one report, as the token's person may see it.
type misuseData struct {
	misuseRow
	Channel  string      `json:"channel,omitempty" doc:"letter, phone or visit: a clerk entered it; left out: the public form"`
	Place    string      `json:"place,omitempty"`
	Text     string      `json:"text,omitempty"`
	Notes    []string    `json:"notes" doc:"what the handler looked into"`
	ByHolder bool        `json:"by_holder" doc:"founded, and the holder did it: the title is rechecked"`
	Finding  string      `json:"finding,omitempty"`
	To       string      `json:"to,omitempty" doc:"the authority to which it was referred"`
	Answer   string      `json:"answer,omitempty" doc:"what the reporter is told"`
	Files    []sentAlong `json:"files" doc:"that came along with it, for those who know who reported"`
	Acts     []string    `json:"acts" doc:"what the token's person may do with it now"`
}

func misuseRowOf(r misuse.Report) misuseRow {
	return misuseRow{
		ID: string(r.ID), Programme: string(r.Programme), Designation: string(r.Designation), Name: r.Name, Label: r.Label(), About: r.About,
		State: r.State, StateWord: misuse.Kind.Word(string(r.State)), ArrivedAt: r.ArrivedAt, EndedAt: r.EndedAt,
	}
}

// misuseAssignment gives a report to somebody.
type misuseAssignment struct {
	Handler string `json:"handler" doc:"an account"`
}

// misuseNote is a line of what was looked into.
type misuseNote struct {
	Text string `json:"text" doc:"never who reported"`
}

// misuseConclusion is how a report ended.
type misuseConclusion struct {
	Verdict string `json:"verdict" doc:"holder, other, unfounded or referred"`
	Finding string `json:"finding" doc:"what was looked into, and what it shows"`
	To      string `json:"to,omitempty" doc:"of referred: to whom"`
	Answer  string `json:"answer" doc:"what the reporter is told"`
}

// misuseQuery narrows a list of reports.
type misuseQuery struct {
	paging
	State []string `query:"state" doc:"one or more states"`
}

func misuseRoutes() []route {
	sees := []stage.Role{stage.Clerk, stage.Director, stage.Auditor}
	key := func(c *call) id.Misuse { return id.Misuse(c.PathValue("id")) }
	return []route{
		list("/misuses", "listMisuses", "List reports of misuse.", "GET /misuses", sees, func(c *call, q *misuseQuery, limit int) ([]misuseRow, string, error) {
			all, err := c.desk.Misuses(c.Context(), c.Actor, casework.MisuseFilter{States: states(q.State), After: id.Misuse(q.After), Limit: limit + 1})
			return rows(all, err, limit, func(r misuse.Report) string { return string(r.ID) }, misuseRowOf)
		}),
		one("/misuses/{id}", "getMisuse", "Read one report of misuse.", "GET /misuses/{id}", sees, func(c *call, key string) (misuseData, int64, error) {
			v, err := c.desk.Misuse(c.Context(), c.Actor, id.Misuse(key))
			if err != nil {
				return misuseData{}, 0, err
			}
			r, notes := v.Report, []string{}
			for _, n := range r.Notes {
				notes = append(notes, n.Text)
			}
			return misuseData{misuseRowOf(r), r.Channel, r.Place, r.Text, notes, r.ByHolder, r.Finding, r.To, r.Answer, each(v.Files, sentAlongOf), acts(v.Acts)}, r.Version, nil
		}),
		act("/misuses/{id}/assign", "assignMisuse", "Give the report to somebody.", "POST /misuses/{id}/assign", director, func(c *call, in misuseAssignment) error {
			return c.desk.AssignMisuse(c.Context(), c.Actor, key(c), id.Account(in.Handler))
		}),
		act("/misuses/{id}/note", "noteMisuse", "Note what was looked into.", "POST /misuses/{id}/note", clerk, func(c *call, in misuseNote) error {
			return c.desk.NoteMisuse(c.Context(), c.Actor, key(c), in.Text)
		}),
		act("/misuses/{id}/conclude", "concludeMisuse", "Say how it ended.", "POST /misuses/{id}/conclude", clerk, func(c *call, in misuseConclusion) error {
			return c.desk.ConcludeMisuse(c.Context(), c.Actor, key(c), misuse.Conclusion{Verdict: in.Verdict, Finding: in.Finding, To: in.To, Answer: in.Answer})
		}),
	}
}
