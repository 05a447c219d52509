package api

import (
	"encoding/json"
	"time"

	"shifan/internal/calendar"
	"shifan/internal/casework"
	"shifan/internal/id"
	"shifan/internal/lifecycle/draw"
	"shifan/internal/lifecycle/plan"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/lot"
)

// planRow is a yearly plan of checks in a list.
type planRow struct {
	ID          string      `json:"id"`
	Programme   string      `json:"programme"`
	Year        int         `json:"year"`
	State       stage.State `json:"state"`
	StateWord   string      `json:"state_word"`
	Unannounced bool        `json:"unannounced" doc:"nobody outside the office learns of a check of the sample before it begins"`
}

// planCheck is one title to be looked at.
type planCheck struct {
	Designation string        `json:"designation"`
	Number      string        `json:"number"`
	Name        string        `json:"name"`
	OpensOn     calendar.Date `json:"opens_on,omitzero"`
	DueOn       calendar.Date `json:"due_on,omitzero"`
	Depth       string        `json:"depth" doc:"light, desk or site"`
	Reasons     []string      `json:"reasons" doc:"the facts that the depth rests on"`
	Recheck     string        `json:"recheck,omitempty" doc:"that looks; none yet where absent"`
	Missed      string        `json:"missed,omitempty" doc:"why there will be none"`
	Progress    string        `json:"progress"`
}

// planData is one plan.
type planData struct {
	planRow
	Due        []planCheck     `json:"due" doc:"rechecks of the titles' terms"`
	Sample     []planCheck     `json:"sample" doc:"in the order of the lot"`
	Document   json.RawMessage `json:"document,omitempty" doc:"what is published of the draw of the sample; docs/draw-format.md explains it, and shifan draw verify recomputes it"`
	DraftedAt  time.Time       `json:"drafted_at,omitzero"`
	ApprovedAt time.Time       `json:"approved_at,omitzero"`
	Acts       []string        `json:"acts" doc:"what the token's role may do with it now"`
}

func planRowOf(v casework.PlanView) planRow {
	p := v.Plan
	return planRow{string(p.ID), string(p.Programme), p.Year, p.State, plan.Kind.Word(string(p.State)), p.Sample.Unannounced}
}

// planQuery narrows a list of plans.
type planQuery struct {
	paging
	Programme string   `query:"programme"`
	State     []string `query:"state" doc:"one or more states"`
}

// planDraft drafts a plan.
type planDraft struct {
	Programme string `json:"programme"`
	Year      int    `json:"year" doc:"this or the next"`
}

// planRule fixes the pool and the rule.
type planRule struct {
	RevealBy time.Time `json:"reveal_by"`
}

// planDepth sets how deep a check goes.
type planDepth struct {
	Designation string `json:"designation"`
	Depth       string `json:"depth" doc:"light, desk or site"`
	Reason      string `json:"reason"`
}

// planBeginning begins an unannounced check.
type planBeginning struct {
	Designation string   `json:"designation"`
	Assessors   []string `json:"assessors" doc:"accounts; may be empty for a light one"`
}

// deeper has a recheck look deeper.
type deeper struct {
	Depth  string `json:"depth" doc:"desk or site"`
	Reason string `json:"reason"`
}

func planRoutes() []route {
	opens := []stage.Role{stage.Clerk, stage.Director, stage.Chair, stage.Member, stage.Auditor, stage.Scrutineer}
	key := func(c *call) id.Plan { return id.Plan(c.PathValue("id")) }
	return []route{
		list("/plans", "listPlans", "List the yearly plans of checks.", "GET /plans", opens, func(c *call, q *planQuery, limit int) ([]planRow, string, error) {
			all, err := c.desk.Plans(c.Context(), c.Actor, casework.PlanFilter{Programme: id.Programme(q.Programme), States: states(q.State), After: id.Plan(q.After), Limit: limit + 1})
			return rows(all, err, limit, func(v casework.PlanView) string { return string(v.Plan.ID) }, planRowOf)
		}),
		one("/plans/{id}", "getPlan", "Read one plan.", "GET /plans/{id}", opens, func(c *call, key string) (planData, int64, error) {
			v, err := c.desk.Plan(c.Context(), c.Actor, id.Plan(key))
			if err != nil {
				return planData{}, 0, err
			}
			check := func(w plan.Check) planCheck {
				return planCheck{string(w.Designation), w.Number, w.Name, w.OpensOn, w.DueOn, w.Depth, w.Reasons, string(w.Recheck), w.Missed, v.Progress(w)}
			}
			d := planData{planRow: planRowOf(v), Due: each(v.Plan.Due, check), Sample: each(v.Plan.Drawn, check), DraftedAt: v.Plan.DraftedAt, ApprovedAt: v.Plan.DecidedAt, Acts: acts(v.Acts)}
			if c.Actor.Role != stage.Scrutineer {
				d.Document = v.Document()
			}
			return d, v.Plan.Version, nil
		}),
		act("/plans", "draftPlan", "Draft a year's plan.", "POST /plans/new", clerk, func(c *call, in planDraft) error {
			_, err := c.desk.DraftPlan(c.Context(), c.Actor, id.Programme(in.Programme), in.Year)
			return err
		}).making(),
		act("/plans/{id}/list", "listPlan", "List the titles anew.", "POST /plans/{id}/list", clerk, func(c *call, _ none) error {
			return c.desk.ListPlan(c.Context(), c.Actor, key(c), c.match)
		}).matching(),
		act("/plans/{id}/freeze", "freezePlan", "Fix the titles that may be drawn, and the rule.", "POST /plans/{id}/freeze", clerk, func(c *call, in planRule) error {
			return c.desk.FreezePlan(c.Context(), c.Actor, key(c), in.RevealBy, c.match)
		}).matching(),
		act("/plans/{id}/commit", "commitToPlan", "Commit to a secret, as a side.", "POST /plans/{id}/commit", plan.Parties, func(c *call, in drawCommitment) error {
			return c.desk.CommitToPlan(c.Context(), c.Actor, key(c), draw.Commitment{Digest: in.Digest})
		}),
		act("/plans/{id}/reveal", "revealToPlan", "Reveal the secret, as a side.", "POST /plans/{id}/reveal", plan.Parties, func(c *call, in drawReveal) error {
			return c.desk.RevealToPlan(c.Context(), c.Actor, key(c), lot.Reveal{Secret: in.Secret, Nonce: in.Nonce})
		}),
		act("/plans/{id}/draw", "drawPlan", "Come to the sample.", "POST /plans/{id}/draw", office, func(c *call, _ none) error {
			return c.desk.DrawPlan(c.Context(), c.Actor, key(c))
		}),
		act("/plans/{id}/fail", "failPlan", "Enter that the draw came to nothing.", "POST /plans/{id}/fail", director, func(c *call, in reasoned) error {
			return c.desk.FailPlan(c.Context(), c.Actor, key(c), in.Reason)
		}),
		act("/plans/{id}/deepen", "deepenPlan", "Set how deep a check goes.", "POST /plans/{id}/depth", clerk, func(c *call, in planDepth) error {
			return c.desk.DeepenPlan(c.Context(), c.Actor, key(c), id.Designation(in.Designation), in.Depth, in.Reason, c.match)
		}).matching(),
		act("/plans/{id}/approve", "approvePlan", "Approve, as the second person.", "POST /plans/{id}/approve", []stage.Role{stage.Director, stage.Chair}, func(c *call, _ none) error {
			return c.desk.ApprovePlan(c.Context(), c.Actor, key(c), c.match)
		}).matching(),
		act("/plans/{id}/begin", "beginPlanned", "Begin an unannounced check whose day has come.", "POST /plans/{id}/begin", clerk, func(c *call, in planBeginning) error {
			_, err := c.desk.BeginPlanned(c.Context(), c.Actor, key(c), id.Designation(in.Designation), accounts(in.Assessors))
			return err
		}),
	}
}
