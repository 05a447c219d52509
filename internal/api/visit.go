package api

import (
	"time"

	"shifan/internal/calendar"
	"shifan/internal/casework"
	"shifan/internal/id"
	"shifan/internal/lifecycle/assessment"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/lifecycle/team"
	"shifan/internal/lifecycle/visit"
)

// visitRow is a visit in a list.
type visitRow struct {
	ID          string        `json:"id"`
	Application string        `json:"application"`
	Round       string        `json:"round"`
	Name        string        `json:"name" doc:"the applicant's"`
	Number      string        `json:"number,omitempty" doc:"the application's"`
	State       stage.State   `json:"state"`
	StateWord   string        `json:"state_word"`
	On          calendar.Date `json:"on,omitzero"`
	At          string        `json:"at,omitempty"`
	Place       string        `json:"place,omitempty"`
}

// visitData is one visit, as the token's person may see it.
type visitData struct {
	visitRow
	Team       []teamSeat                    `json:"team"`
	Findings   map[string]assessment.Finding `json:"findings" doc:"by indicator"`
	Opinion    string                        `json:"opinion,omitempty"`
	Text       string                        `json:"text,omitempty"`
	Edition    int                           `json:"edition" doc:"of the report; who signs names it"`
	Signed     int                           `json:"signed" doc:"how many signed this edition"`
	ReportedAt time.Time                     `json:"reported_at,omitzero"`
	EndedAt    time.Time                     `json:"ended_at,omitzero"`
	Task       string                        `json:"task,omitempty"`
	Acts       []string                      `json:"acts" doc:"what the token's role may do with it now"`
}

// teamSeat is a seat on a team.
type teamSeat struct {
	Account string `json:"account"`
	Name    string `json:"name"`
	Leader  bool   `json:"leader,omitempty"`
}

func visitRowOf(v visit.Visit, name, number string) visitRow {
	return visitRow{
		ID: string(v.ID), Application: string(v.Application), Round: string(v.Round), Name: name, Number: number, State: v.State,
		StateWord: visit.Kind.Word(string(v.State)), On: v.On, At: v.At, Place: v.Place,
	}
}

func visitDataOf(v casework.VisitView) visitData {
	t := v.Visit
	d := visitData{
		visitRow: visitRowOf(t, v.Application.Name, v.Application.Number), Findings: t.Findings, Opinion: t.Opinion, Text: t.Text, Edition: t.Edition,
		ReportedAt: t.ReportedAt, EndedAt: t.EndedAt, Task: v.Task, Acts: acts(v.Acts),
		Team: each(t.Team, func(s team.Seat) teamSeat { return teamSeat{string(s.Account), s.Name, s.Leader} }),
	}
	if d.Findings == nil {
		d.Findings = map[string]assessment.Finding{}
	}
	for _, s := range t.Signatures {
		if s.Edition == t.Edition {
			d.Signed++
		}
	}
	return d
}

// visitTeam composes a team.
type visitTeam struct {
	Members []string `json:"members" doc:"accounts"`
	Leader  string   `json:"leader"`
	Why     string   `json:"why,omitempty" doc:"why the office seats them, where it has to say"`
}

// visitSlot arranges a visit.
type visitSlot struct {
	On     calendar.Date `json:"on"`
	At     string        `json:"at" doc:"09:30"`
	Place  string        `json:"place"`
	Reason string        `json:"reason,omitempty" doc:"why it is moved"`
}

// visitProposal proposes another day.
type visitProposal struct {
	On     calendar.Date `json:"on"`
	At     string        `json:"at"`
	Reason string        `json:"reason"`
}

// visitAccount is what a team found.
type visitAccount struct {
	Records  map[string]assessment.Record  `json:"records,omitempty" doc:"by method"`
	Findings map[string]assessment.Finding `json:"findings,omitempty" doc:"by indicator"`
	Opinion  string                        `json:"opinion,omitempty" doc:"meets, partly or fails"`
	Text     string                        `json:"text,omitempty"`
}

func (a visitAccount) account() assessment.Account {
	return assessment.Account{Records: a.Records, Findings: a.Findings, Opinion: a.Opinion, Text: a.Text}
}

// visitSignature signs an edition of a report.
type visitSignature struct {
	Edition int    `json:"edition"`
	Dissent string `json:"dissent,omitempty" doc:"what the signer holds otherwise"`
}

// visitAgain has a visit done again.
type visitAgain struct {
	Who    string `json:"who,omitempty" doc:"the account that was not to have been on the team"`
	Reason string `json:"reason"`
}

// visitQuery narrows a list of visits.
type visitQuery struct {
	paging
	Round string        `query:"round"`
	State []string      `query:"state" doc:"one or more states"`
	From  calendar.Date `query:"from" doc:"only those arranged for this day or later"`
	Query string        `query:"q" doc:"part of the applicant's name or of the number"`
}

func visitRoutes() []route {
	sees := []stage.Role{stage.Applicant, stage.Clerk, stage.Director, stage.Assessor, stage.Chair, stage.Auditor}
	writers := []stage.Role{stage.Assessor, stage.Clerk}
	key := func(c *call) id.Visit { return id.Visit(c.PathValue("id")) }
	report := func(path, name, say string, do func(*call, assessment.Account) error) route {
		return act("/visits/{id}/"+path, name, say, "POST /visits/{id}/report", writers, func(c *call, in visitAccount) error { return do(c, in.account()) }).matching()
	}
	return []route{
		list("/visits", "listVisits", "List visits.", "GET /visits", sees, func(c *call, q *visitQuery, limit int) ([]visitRow, string, error) {
			v, err := c.desk.Visits(c.Context(), c.Actor, casework.VisitFilter{
				Round: id.Round(q.Round), States: states(q.State), From: q.From, Query: q.Query, After: id.Visit(q.After), Limit: limit + 1,
			})
			return rows(v.Lines, err, limit, func(l casework.VisitLine) string { return string(l.Visit.ID) }, func(l casework.VisitLine) visitRow {
				return visitRowOf(l.Visit, l.Application.Name, l.Application.Number)
			})
		}),
		one("/visits/{id}", "getVisit", "Read one visit.", "GET /visits/{id}", sees, func(c *call, key string) (visitData, int64, error) {
			v, err := c.desk.Visit(c.Context(), c.Actor, id.Visit(key))
			if err != nil {
				return visitData{}, 0, err
			}
			return visitDataOf(v), v.Visit.Version, nil
		}),
		act("/visits/{id}/team", "composeTeam", "Compose the team.", "POST /visits/{id}/team", clerk, func(c *call, in visitTeam) error {
			return c.desk.ComposeTeam(c.Context(), c.Actor, key(c), c.match, accounts(in.Members), id.Account(in.Leader), in.Why)
		}).matching(),
		act("/visits/{id}/schedule", "scheduleVisit", "Arrange a visit.", "POST /visits/{id}/schedule", clerk, func(c *call, in visitSlot) error {
			return c.desk.ScheduleVisit(c.Context(), c.Actor, key(c), c.match, visit.Slot{On: in.On, At: in.At, Place: in.Place}, in.Reason)
		}).matching(),
		act("/visits/{id}/confirm", "confirmVisit", "Confirm the day, as the organisation.", "POST /visits/{id}/confirm", applicant, func(c *call, _ none) error {
			return c.desk.ConfirmVisit(c.Context(), c.Actor, key(c))
		}),
		act("/visits/{id}/propose", "proposeVisit", "Propose another day, as the organisation.", "POST /visits/{id}/propose", applicant, func(c *call, in visitProposal) error {
			return c.desk.ProposeVisit(c.Context(), c.Actor, key(c), in.On, in.At, in.Reason)
		}),
		act("/visits/{id}/waive", "waiveVisit", "Do without a visit.", "POST /visits/{id}/waive", heads, func(c *call, in reasoned) error {
			return c.desk.WaiveVisit(c.Context(), c.Actor, key(c), in.Reason)
		}),
		act("/visits/{id}/declare", "declareVisitInterest", "Declare an interest in who is visited.", "POST /visits/{id}/declare", assessor, func(c *call, in reasoned) error {
			return c.desk.DeclareVisitInterest(c.Context(), c.Actor, key(c), in.Reason)
		}),
		report("record", "recordVisit", "Save what was found, not finished.", func(c *call, a assessment.Account) error {
			return c.desk.RecordVisit(c.Context(), c.Actor, key(c), c.match, a)
		}),
		report("report", "reportVisit", "Hand in the report.", func(c *call, a assessment.Account) error {
			return c.desk.ReportVisit(c.Context(), c.Actor, key(c), c.match, a)
		}),
		report("amend", "amendVisit", "Change a report; everybody signs again.", func(c *call, a assessment.Account) error {
			return c.desk.AmendVisit(c.Context(), c.Actor, key(c), c.match, a)
		}),
		act("/visits/{id}/sign", "signVisit", "Sign the report.", "POST /visits/{id}/sign", assessor, func(c *call, in visitSignature) error {
			return c.desk.SignVisit(c.Context(), c.Actor, key(c), in.Edition, in.Dissent)
		}),
		act("/visits/{id}/redo", "redoVisit", "Have a visit done again by others.", "POST /visits/{id}/redo", office, func(c *call, in visitAgain) error {
			return c.desk.RedoVisit(c.Context(), c.Actor, key(c), id.Account(in.Who), in.Reason)
		}),
		act("/visits/{id}/send-back", "sendVisitBack", "Send a report back to the team.", "POST /visits/{id}/send-back", office, func(c *call, in remarked) error {
			return c.desk.SendVisitBack(c.Context(), c.Actor, key(c), in.Remark)
		}),
	}
}

// accounts reads a list of accounts.
func accounts(all []string) (out []id.Account) {
	for _, s := range all {
		out = append(out, id.Account(s))
	}
	return out
}
