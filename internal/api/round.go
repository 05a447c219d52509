package api

import (
	"time"

	"shifan/internal/calendar"
	"shifan/internal/casework"
	"shifan/internal/id"
	"shifan/internal/lifecycle/round"
	"shifan/internal/lifecycle/stage"
)

// roundRow is a round in a list, or a call.
type roundRow struct {
	ID          string        `json:"id"`
	Programme   string        `json:"programme"`
	Year        int           `json:"year"`
	Title       string        `json:"title"`
	DocNumber   string        `json:"document_number,omitempty"`
	State       stage.State   `json:"state"`
	StateWord   string        `json:"state_word"`
	PublishedAt time.Time     `json:"published_at,omitzero"`
	Deadline    time.Time     `json:"deadline,omitzero" doc:"the first instant that is too late"`
	LastDay     calendar.Date `json:"last_day,omitzero"`
}

// roundData is one round.
type roundData struct {
	roundRow
	ProgrammeVersion int              `json:"programme_version,omitempty"`
	Special          bool             `json:"special,omitempty" doc:"a special round beside the year's"`
	Reason           string           `json:"reason,omitempty"`
	Addressees       string           `json:"addressees,omitempty"`
	DatedOn          calendar.Date    `json:"dated_on,omitzero"`
	IssuedOn         calendar.Date    `json:"issued_on,omitzero"`
	Quota            map[string]int   `json:"quota,omitempty"`
	Contact          string           `json:"contact,omitempty"`
	Extensions       []roundExtension `json:"extensions"`
	EndReason        string           `json:"end_reason,omitempty"`
	Funnel           *roundFunnel     `json:"funnel,omitempty" doc:"how many came how far; for the office, of a published round"`
	Acts             []string         `json:"acts" doc:"what the token's role may do with it now"`
}

// roundExtension is one extension of a deadline.
type roundExtension struct {
	At     time.Time `json:"at"`
	From   time.Time `json:"from"`
	To     time.Time `json:"to"`
	Reason string    `json:"reason"`
}

// roundFunnel counts applications of a round.
type roundFunnel struct {
	Started      int `json:"started"`
	Received     int `json:"received"`
	Accepted     int `json:"accepted"`
	Declined     int `json:"declined"`
	Withdrawn    int `json:"withdrawn"`
	Reviewed     int `json:"reviewed"`
	Visited      int `json:"visited"`
	Carried      int `json:"carried"`
	Publicised   int `json:"publicised"`
	Named        int `json:"named"`
	NotChosen    int `json:"not_chosen"`
	Disqualified int `json:"disqualified"`
}

func roundRowOf(v casework.RoundView) roundRow {
	r := v.Round
	return roundRow{
		ID: string(r.ID), Programme: string(r.Programme), Year: r.Year, Title: r.Title, DocNumber: r.DocNumber, State: r.State,
		StateWord: round.Kind.Word(string(r.State)), PublishedAt: r.PublishedAt, Deadline: r.Deadline, LastDay: r.LastDay,
	}
}

func roundDataOf(v casework.RoundView, office bool) roundData {
	r := v.Round
	d := roundData{
		roundRow: roundRowOf(v), ProgrammeVersion: r.ProgrammeVersion, Special: r.Special, Reason: r.Reason, Addressees: r.Addressees,
		DatedOn: r.DatedOn, IssuedOn: r.IssuedOn, Quota: r.Quota, Contact: r.Contact, EndReason: r.EndReason, Acts: acts(v.Acts),
		Extensions: each(r.Extensions, func(e round.Extension) roundExtension { return roundExtension{e.At, e.From, e.To, e.Reason} }),
	}
	if f := v.Funnel; office && r.Published() {
		d.Funnel = &roundFunnel{f.Started, f.Received, f.Accepted, f.Declined, f.Withdrawn, f.Reviewed, f.Visited, f.Carried, f.Publicised, f.Named, f.NotChosen, f.Disqualified}
	}
	return d
}

// roundPlan is what a call says.
type roundPlan struct {
	Year         int            `json:"year"`
	Special      bool           `json:"special,omitempty"`
	Reason       string         `json:"reason,omitempty" doc:"why a special round"`
	Title        string         `json:"title"`
	DocNumber    string         `json:"document_number,omitempty"`
	Addressees   string         `json:"addressees,omitempty"`
	DatedOn      calendar.Date  `json:"dated_on,omitzero"`
	IssuedOn     calendar.Date  `json:"issued_on,omitzero"`
	DeadlineDate calendar.Date  `json:"deadline_date,omitzero"`
	DeadlineTime string         `json:"deadline_time,omitempty" doc:"17:00; 24:00 when left out"`
	RestDay      string         `json:"rest_day,omitempty" doc:"what happens when the deadline falls on a day of rest"`
	Quota        map[string]int `json:"quota,omitempty"`
	Contact      string         `json:"contact,omitempty"`
}

func (p roundPlan) plan() round.Plan {
	return round.Plan{
		Year: p.Year, Special: p.Special, Reason: p.Reason, Title: p.Title, DocNumber: p.DocNumber, Addressees: p.Addressees, DatedOn: p.DatedOn,
		IssuedOn: p.IssuedOn, DeadlineDate: p.DeadlineDate, DeadlineTime: p.DeadlineTime, RestDay: p.RestDay, Quota: p.Quota, Contact: p.Contact,
	}
}

// roundDraft is a plan with its programme.
type roundDraft struct {
	Programme string `json:"programme"`
	roundPlan
}

// roundRelease is what one says when publishing.
type roundRelease struct {
	Acknowledged []string `json:"acknowledged,omitempty" doc:"codes of the warnings that were read"`
}

// roundExtend moves a deadline.
type roundExtend struct {
	To     calendar.Date `json:"to"`
	Time   string        `json:"time,omitempty"`
	Reason string        `json:"reason"`
}

// roundQuery narrows a list of rounds.
type roundQuery struct {
	paging
	Programme string   `query:"programme"`
	Year      int      `query:"year"`
	State     []string `query:"state" doc:"one or more states"`
}

func (q *roundQuery) filter(limit int) casework.RoundFilter {
	return casework.RoundFilter{Programme: id.Programme(q.Programme), Year: q.Year, States: states(q.State), After: id.Round(q.After), Limit: limit + 1}
}

func roundRoutes() []route {
	sees := []stage.Role{stage.Clerk, stage.Director, stage.Chair, stage.Auditor}
	key := func(c *call) id.Round { return id.Round(c.PathValue("id")) }
	tail := func(v casework.RoundView) string { return string(v.Round.ID) }
	return []route{
		list("/rounds", "listRounds", "List the yearly rounds, the latest first.", "GET /rounds", sees, func(c *call, q *roundQuery, limit int) ([]roundRow, string, error) {
			all, err := c.desk.Rounds(c.Context(), c.Actor, q.filter(limit))
			return rows(all, err, limit, tail, roundRowOf)
		}),
		one("/rounds/{id}", "getRound", "Read one round.", "GET /rounds/{id}", sees, func(c *call, key string) (roundData, int64, error) {
			v, err := c.desk.Round(c.Context(), c.Actor, id.Round(key))
			if err != nil {
				return roundData{}, 0, err
			}
			return roundDataOf(v, true), v.Round.Version, nil
		}),
		one("/calls/{id}/report", "getRoundReport", "Read the public report of a round that is over.", "GET /calls/{id}/report", everyone, func(c *call, key string) (roundReport, int64, error) {
			v, err := c.desk.RoundReport(c.Context(), id.Round(key))
			return roundReport{Steps: each(v.Steps, figuresStepOf), Categories: each(v.Categories, figuresLineOf), Total: figuresLineOf(v.Total)}, 0, err
		}),
		act("/rounds", "draftRound", "Draft a round.", "POST /rounds/new", clerk, func(c *call, in roundDraft) error {
			_, err := c.desk.DraftRound(c.Context(), c.Actor, id.Programme(in.Programme), in.plan())
			return err
		}).making(),
		act("/rounds/{id}/edit", "editRound", "Change the draft of a round.", "POST /rounds/{id}/edit", clerk, func(c *call, in roundPlan) error {
			return c.desk.EditRound(c.Context(), c.Actor, key(c), c.match, in.plan())
		}).matching(),
		act("/rounds/{id}/publish", "publishRound", "Publish the call of a round.", "POST /rounds/{id}/publish", heads, func(c *call, in roundRelease) error {
			return c.desk.PublishRound(c.Context(), c.Actor, key(c), in.Acknowledged)
		}),
		act("/rounds/{id}/extend", "extendRound", "Extend the time for filing.", "POST /rounds/{id}/extend", heads, func(c *call, in roundExtend) error {
			return c.desk.ExtendRound(c.Context(), c.Actor, key(c), in.To, in.Time, in.Reason)
		}),
		act("/rounds/{id}/cancel", "cancelRound", "Cancel a round.", "POST /rounds/{id}/cancel", office, func(c *call, in reasoned) error {
			return c.desk.CancelRound(c.Context(), c.Actor, key(c), in.Reason)
		}),
		act("/rounds/{id}/conclude", "concludeRound", "Conclude a round.", "POST /rounds/{id}/conclude", director, func(c *call, _ none) error {
			return c.desk.ConcludeRound(c.Context(), c.Actor, key(c))
		}),
		list("/calls", "listCalls", "List the published calls, the latest first.", "GET /calls", everyone, func(c *call, q *roundQuery, limit int) ([]roundRow, string, error) {
			all, err := c.desk.Rounds(c.Context(), stage.Anyone, q.filter(limit))
			return rows(all, err, limit, tail, roundRowOf)
		}),
		one("/calls/{id}", "getCall", "Read one published call.", "GET /calls/{id}", everyone, func(c *call, key string) (roundData, int64, error) {
			v, err := c.desk.Round(c.Context(), stage.Anyone, id.Round(key))
			if err != nil {
				return roundData{}, 0, err
			}
			return roundDataOf(v, false), v.Round.Version, nil
		}),
	}
}
