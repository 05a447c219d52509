package api

import (
	"time"

	"shifan/internal/calendar"
	"shifan/internal/casework"
	"shifan/internal/lifecycle/stage"
)

// interestTie is a tie to an organisation.
type interestTie struct {
	ID           string        `json:"id" doc:"by which a director may lift it"`
	Organisation string        `json:"organisation"`
	Name         string        `json:"name" doc:"of the organisation"`
	Kind         string        `json:"kind" doc:"own, former, kin or other"`
	Reason       string        `json:"reason,omitempty"`
	DeclaredAt   time.Time     `json:"declared_at"`
	Until        calendar.Date `json:"until,omitzero" doc:"of a former post: the last day on which it counts"`
	EndedAt      time.Time     `json:"ended_at,omitzero" doc:"left out while it holds"`
	Lifted       string        `json:"lifted,omitempty" doc:"why it was lifted"`
}

func interestTieOf(l casework.TieLine) interestTie {
	return interestTie{l.Key, string(l.Organisation), l.Name, l.Kind, l.Reason, l.DeclaredAt, l.Until, l.EndedAt, l.Lifted}
}

// interestHint is an organisation to which the token's person may be tied: a question.
type interestHint struct {
	Name string `json:"name"`
	Why  string `json:"why"`
}

// interestData is what the token's person declared.
type interestData struct {
	Asked      bool           `json:"asked" doc:"a programme asks for the yearly statement"`
	Holds      bool           `json:"holds"`
	DeclaredAt time.Time      `json:"declared_at,omitzero"`
	Until      calendar.Date  `json:"until,omitzero" doc:"the last day on which the statement holds"`
	Employers  []string       `json:"employers"`
	Ties       []interestTie  `json:"ties"`
	Hints      []interestHint `json:"hints" doc:"organisations that are called like an employer or led by somebody of that name"`
}

// interestDeclaration is what somebody declares for the coming year.
type interestDeclaration struct {
	Employers []string         `json:"employers,omitempty" doc:"where the person works, or worked within two years"`
	Ties      []interestNewTie `json:"ties,omitempty" doc:"those that are new"`
	Whole     bool             `json:"whole" doc:"that nothing is left out"`
}

// interestNewTie is a tie as somebody writes it down.
type interestNewTie struct {
	Organisation string        `json:"organisation" doc:"its name or its code"`
	Kind         string        `json:"kind" doc:"own, former, kin or other"`
	Reason       string        `json:"reason,omitempty"`
	Left         calendar.Date `json:"left,omitzero" doc:"of a former post: when it was left"`
}

// interestDeclarer is one of those who make a statement, as those see them who oversee it.
type interestDeclarer struct {
	Name  string        `json:"name"`
	Roles []stage.Role  `json:"roles"`
	Holds bool          `json:"holds"`
	Until calendar.Date `json:"until,omitzero" doc:"left out of who never made one"`
	Ties  []interestTie `json:"ties"`
}

// interestDeclarers is everybody who makes statements.
type interestDeclarers struct {
	Declarers []interestDeclarer `json:"declarers"`
}

func interestRoutes() []route {
	declares := []stage.Role{stage.Clerk, stage.Director, stage.Assessor, stage.Member, stage.Chair, stage.Scrutineer}
	oversees := []stage.Role{stage.Director, stage.Chair, stage.Auditor}
	return []route{
		one("/interests", "getInterests", "Read what the token's person declared.", "GET /interests", declares, func(c *call, _ string) (interestData, int64, error) {
			v, err := c.desk.Interests(c.Context(), c.Actor)
			return interestData{
				v.Asked, v.Holds, v.Statement.DeclaredAt, v.Statement.Until, acts(v.Statement.Employers), each(v.Ties, interestTieOf),
				each(v.Hints, func(h casework.Hint) interestHint { return interestHint(h) }),
			}, 0, err
		}),
		one("/interests/all", "getDeclarers", "Read who makes statements, and what they declared.", "GET /interests/all", oversees, func(c *call, _ string) (interestDeclarers, int64, error) {
			all, err := c.desk.Declarers(c.Context(), c.Actor)
			return interestDeclarers{each(all, func(d casework.Declarer) interestDeclarer {
				return interestDeclarer{d.Name, each(d.Roles, func(r stage.Role) stage.Role { return r }), d.Holds, d.Until, each(d.Ties, interestTieOf)}
			})}, 0, err
		}),
		act("/interests", "declareInterests", "Make the yearly statement, with the ties that are new in it.", "POST /interests", declares, func(c *call, in interestDeclaration) error {
			d := casework.Declaring{Employers: in.Employers, Whole: in.Whole}
			for _, t := range in.Ties {
				d.Ties = append(d.Ties, casework.NewTie{Organisation: t.Organisation, Kind: t.Kind, Reason: t.Reason, Left: t.Left})
			}
			return c.desk.DeclareInterests(c.Context(), c.Actor, d)
		}),
		act("/interests/{id}/lift", "liftInterest", "End a tie that is none.", "POST /interests/{key}/lift", director, func(c *call, in reasoned) error {
			return c.desk.LiftInterest(c.Context(), c.Actor, c.PathValue("id"), in.Reason)
		}),
	}
}
