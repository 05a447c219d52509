package api

import (
	"cmp"
	"time"

	"shifan/internal/casework"
	"shifan/internal/id"
	"shifan/internal/lifecycle/stage"
)

// callReceipt says how far the call of a round got to one organisation that it is for.
type callReceipt struct {
	Organisation string      `json:"organisation"`
	Name         string      `json:"name"`
	Code         string      `json:"code,omitempty"`
	Told         int         `json:"told" doc:"people who act for it and were told"`
	Accounts     int         `json:"accounts" doc:"people who act for it now"`
	ReadAt       time.Time   `json:"read_at,omitzero" doc:"when the first of them read it"`
	Letter       stage.State `json:"letter,omitempty" doc:"of the e-mail that went furthest"`
	Parties      int         `json:"party_bodies" doc:"Party organisations that cover it"`
}

type callReceiptQuery struct {
	paging
	Query string `query:"query" doc:"part of a name or a code"`
	Only  string `query:"only" doc:"unread: told and not read; untold: nobody was told"`
}

// callReceipts lists whom a call is for, with who was told and who read it.
func callReceipts(c *call, q *callReceiptQuery, limit int) ([]callReceipt, string, error) {
	v, err := c.desk.CallReceipts(c.Context(), c.Actor, id.Round(c.PathValue("id")), casework.CallReceiptFilter{Query: q.Query, Only: q.Only, After: id.Organisation(q.After), Limit: limit})
	return each(v.Rows, func(r casework.CallReceipt) callReceipt {
		return callReceipt{string(r.Organisation.ID), r.Organisation.Name(), cmp.Or(r.Organisation.Code, r.Organisation.LegacyNumber), r.People, r.Accounts, r.ReadAt, r.Letter, r.Bodies}
	}), string(v.Next), err
}
