package api

import (
	"encoding/json"
	"errors"
	"strings"
	"time"

	"shifan/internal/casework"
	"shifan/internal/id"
	"shifan/internal/lifecycle/draw"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/lot"
)

// drawRow is a draw of assessors in a list.
type drawRow struct {
	ID        string      `json:"id"`
	Programme string      `json:"programme"`
	Round     string      `json:"round"`
	State     stage.State `json:"state"`
	StateWord string      `json:"state_word"`
	Attempt   int         `json:"attempt"`
	OpenedAt  time.Time   `json:"opened_at,omitzero"`
	EndedAt   time.Time   `json:"ended_at,omitzero"`
}

// drawData is one draw.
type drawData struct {
	drawRow
	Document json.RawMessage `json:"document,omitempty" doc:"what is published of it; docs/draw-format.md explains it, and shifan draw verify recomputes it"`
	Acts     []string        `json:"acts" doc:"what the token's role may do with it now"`
}

func drawRowOf(v casework.DrawView) drawRow {
	d := v.Draw
	return drawRow{string(d.ID), string(d.Programme), string(d.Round), d.State, draw.Kind.Word(string(d.State)), d.Attempt, d.OpenedAt, d.EndedAt}
}

// drawOpening opens a draw.
type drawOpening struct {
	Round  string   `json:"round"`
	Visits []string `json:"visits" doc:"the visits for which a team is drawn"`
}

// drawRule publishes the rule.
type drawRule struct {
	RevealBy time.Time `json:"reveal_by"`
	External string    `json:"external,omitempty" doc:"the external value that counts too, described"`
}

// drawCommitment commits a party. A program sends the digest and keeps the secret.
type drawCommitment struct {
	Digest string `json:"digest" doc:"of secret and nonce, as docs/draw-format.md says, in hex"`
}

// drawReveal reveals what a party committed to.
type drawReveal struct {
	Secret string `json:"secret"`
	Nonce  string `json:"nonce"`
}

// drawValue enters the external value.
type drawValue struct {
	Value string `json:"value"`
}

// drawByHand says how lots were drawn by hand.
type drawByHand struct {
	How string `json:"how"`
}

// drawQuery narrows a list of draws.
type drawQuery struct {
	paging
	Round string   `query:"round"`
	State []string `query:"state" doc:"one or more states"`
}

// drawPool is whom a programme draws from.
type drawPool struct {
	Programme string        `json:"programme"`
	Strata    []drawStratum `json:"strata" doc:"layers from which a team is drawn; none where the programme knows none"`
	People    []drawPooled  `json:"people"`
}

// drawStratum is a layer of a pool.
type drawStratum struct {
	Code  string `json:"code"`
	Title string `json:"title"`
}

// drawPooled is one of a pool.
type drawPooled struct {
	Account string `json:"account"`
	Name    string `json:"name"`
	Stratum string `json:"stratum" doc:"a code; empty for who is in none yet, - for who takes no part"`
}

// drawPools is every pool that the token's person works with.
type drawPools struct {
	Pools []drawPool `json:"pools"`
}

// drawPlacing puts somebody into a layer of a pool, or out of it.
type drawPlacing struct {
	Programme string `json:"programme"`
	Account   string `json:"account"`
	Stratum   string `json:"stratum" doc:"a code; empty: in none; -: takes no part"`
}

func poolRoutes() []route {
	return []route{
		one("/draws/pool", "getPools", "Read who may be drawn to assess.", "GET /pool", []stage.Role{stage.Clerk, stage.Director, stage.Scrutineer, stage.Auditor}, func(c *call, _ string) (drawPools, int64, error) {
			all, err := c.desk.Pools(c.Context(), c.Actor)
			return drawPools{each(all, func(v casework.PoolView) drawPool {
				return drawPool{
					string(v.Programme), each(v.Strata, func(s programme.Stratum) drawStratum { return drawStratum{s.Code, s.Title} }),
					each(v.People, func(p casework.Pooled) drawPooled { return drawPooled{string(p.Account), p.Name, p.Stratum} }),
				}
			})}, 0, err
		}),
		act("/draws/pool", "placeAssessor", "Put an assessor into a layer of the pool, or out of it.", "POST /pool/{programme}/{account}", clerk, func(c *call, in drawPlacing) error {
			return c.desk.PlaceAssessor(c.Context(), c.Actor, id.Programme(in.Programme), id.Account(in.Account), in.Stratum)
		}),
	}
}

func drawRoutes() []route {
	all := []stage.Role{stage.Public, stage.Applicant, stage.Clerk, stage.Director, stage.Assessor, stage.Member, stage.Chair, stage.Scrutineer, stage.Auditor}
	parties := []stage.Role{stage.Applicant, stage.Clerk, stage.Director, stage.Member, stage.Chair, stage.Scrutineer}
	typists := []stage.Role{stage.Clerk, stage.Director, stage.Scrutineer}
	key := func(c *call) id.Draw { return id.Draw(c.PathValue("id")) }
	return []route{
		list("/draws", "listDraws", "List the draws of assessors.", "GET /draws", all, func(c *call, q *drawQuery, limit int) ([]drawRow, string, error) {
			all, err := c.desk.Draws(c.Context(), c.Actor, casework.DrawFilter{Round: id.Round(q.Round), States: states(q.State), After: id.Draw(q.After), Limit: limit + 1})
			return rows(all, err, limit, func(v casework.DrawView) string { return string(v.Draw.ID) }, drawRowOf)
		}),
		one("/draws/{id}", "getDraw", "Read one draw with what is published of it.", "GET /draws/{id}", all, func(c *call, key string) (drawData, int64, error) {
			v, err := c.desk.Draw(c.Context(), c.Actor, id.Draw(key))
			if err != nil {
				return drawData{}, 0, err
			}
			d := drawData{drawRow: drawRowOf(v), Acts: acts(v.Acts)}
			if json.Valid(v.Document) {
				d.Document = v.Document
			}
			return d, v.Draw.Version, nil
		}),
		act("/draws", "openDraw", "Open a draw.", "POST /draws/new", clerk, func(c *call, in drawOpening) error {
			var visits []id.Visit
			for _, v := range in.Visits {
				visits = append(visits, id.Visit(v))
			}
			_, err := c.desk.OpenDraw(c.Context(), c.Actor, id.Round(in.Round), visits)
			return err
		}).making(),
		act("/draws/{id}/freeze", "freezeDraw", "Freeze the pool anew.", "POST /draws/{id}/freeze", clerk, func(c *call, _ none) error {
			return c.desk.RefreezeDraw(c.Context(), c.Actor, key(c))
		}),
		act("/draws/{id}/rule", "ruleDraw", "Publish the rule.", "POST /draws/{id}/rule", director, func(c *call, in drawRule) error {
			return c.desk.RuleDraw(c.Context(), c.Actor, key(c), in.RevealBy, in.External)
		}),
		act("/draws/{id}/commit", "commitToDraw", "Commit to a secret, as a party.", "POST /draws/{id}/commit", parties, func(c *call, in drawCommitment) error {
			return c.desk.CommitToDraw(c.Context(), c.Actor, key(c), draw.Commitment{Digest: in.Digest})
		}),
		act("/draws/{id}/close", "closeDraw", "End the commitments.", "POST /draws/{id}/close", director, func(c *call, _ none) error {
			return c.desk.CloseDraw(c.Context(), c.Actor, key(c))
		}),
		act("/draws/{id}/reveal", "revealToDraw", "Reveal the secret, as a party.", "POST /draws/{id}/reveal", parties, func(c *call, in drawReveal) error {
			return c.desk.RevealToDraw(c.Context(), c.Actor, key(c), lot.Reveal{Secret: in.Secret, Nonce: in.Nonce})
		}),
		act("/draws/{id}/value", "enterDrawValue", "Enter the external value.", "POST /draws/{id}/value", typists, func(c *call, in drawValue) error {
			return c.desk.EnterDrawValue(c.Context(), c.Actor, key(c), in.Value)
		}),
		act("/draws/{id}/conclude", "concludeDraw", "Compute the result and seat the teams.", "POST /draws/{id}/conclude", office, func(c *call, _ none) error {
			return c.desk.ConcludeDraw(c.Context(), c.Actor, key(c))
		}),
		act("/draws/{id}/fail", "failDraw", "Enter that a draw came to nothing.", "POST /draws/{id}/fail", director, func(c *call, in reasoned) error {
			return c.desk.FailDraw(c.Context(), c.Actor, key(c), in.Reason)
		}),
		act("/draws/{id}/restart", "restartDraw", "Begin again after a draw that failed.", "POST /draws/{id}/restart", clerk, func(c *call, _ none) error {
			_, err := c.desk.RestartDraw(c.Context(), c.Actor, key(c))
			return err
		}),
		act("/draws/{id}/manual", "drawByHand", "Enter that lots were drawn by hand.", "POST /draws/{id}/manual", []stage.Role{stage.Scrutineer}, func(c *call, in drawByHand) error {
			return c.desk.DrawByHand(c.Context(), c.Actor, key(c), in.How)
		}),
		act("/draws/{id}/cancel", "cancelDraw", "Cancel a draw.", "POST /draws/{id}/cancel", director, func(c *call, in reasoned) error {
			return c.desk.CancelDraw(c.Context(), c.Actor, key(c), in.Reason)
		}),
	}
}

// drawRecord is the published record of a draw, to be recomputed.
type drawRecord struct {
	Document string `json:"document" doc:"the text of draw.json, as it is published: every sign of it counts"`
}

// drawVerdict is what recomputing comes to.
type drawVerdict struct {
	Holds  bool            `json:"holds" doc:"the record comes to what it says"`
	Open   bool            `json:"open" doc:"it cannot be known yet, because the draw is not concluded"`
	Why    string          `json:"why,omitempty" doc:"why it does not hold, or is open"`
	Report json.RawMessage `json:"report" doc:"what was recomputed; docs/draw-format.md explains it"`
}

// verifyDraw recomputes a draw. A record that does not hold is an answer, not an error.
func verifyDraw(_ *call, in drawRecord) (drawVerdict, error) {
	report, err := lot.Verify([]byte(strings.TrimRight(in.Document, "\n") + "\n"))
	v := drawVerdict{Holds: err == nil, Open: errors.Is(err, lot.ErrOpen)}
	if err != nil {
		v.Why = err.Error()
	}
	v.Report, err = json.Marshal(report)
	return v, err
}
