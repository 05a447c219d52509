package api

import (
	"shifan/internal/casework"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/stage"
)

// accountData is an account, in a list or alone. Nothing of its password is here.
type accountData struct {
	ID        string         `json:"id"`
	Login     string         `json:"login"`
	Name      string         `json:"name"`
	State     stage.State    `json:"state" doc:"invited, active or disabled"`
	StateWord string         `json:"state_word"`
	Grants    []accountGrant `json:"grants"`
}

// accountGrant is a role that an account holds.
type accountGrant struct {
	Role         stage.Role `json:"role"`
	Programme    string     `json:"programme,omitempty" doc:"all when left out"`
	Organisation string     `json:"organisation,omitempty" doc:"for which an applicant acts"`
}

func accountDataOf(a casework.Account) accountData {
	at := casework.AccountState(a)
	return accountData{string(a.ID), a.Login, a.Name, at, casework.AccountKind.Word(string(at)), each(a.Grants, func(g casework.Grant) accountGrant {
		return accountGrant{g.Role, string(g.Programme), string(g.Organisation)}
	})}
}

// accountNew is what one says about a new account.
type accountNew struct {
	Login  string         `json:"login"`
	Name   string         `json:"name"`
	Grants []accountGrant `json:"grants"`
}

// accountGrants sets what an account holds.
type accountGrants struct {
	Grants []accountGrant `json:"grants" doc:"in place of those it held"`
}

var errNoPlace = fault.Define(fault.Invalid, "api.grant.organisation",
	"没有标识为“%s”的单位。先读取 /organisations，用其中的 id。", "制度:按岗授权")

// granted reads grants. An organisation must be one that the token's person sees.
func granted(c *call, all []accountGrant) (out []casework.Grant, err error) {
	for _, g := range all {
		out = append(out, casework.Grant{Role: g.Role, Programme: id.Programme(g.Programme), Organisation: id.Organisation(g.Organisation)})
	}
	places, err := c.desk.PlacesOf(c.Context(), c.Actor, out...)
	if err != nil {
		return nil, err
	}
	for _, g := range out {
		if _, known := places[g.Organisation]; g.Organisation != "" && !known {
			return nil, errNoPlace.At("grants", g.Organisation)
		}
	}
	return out, nil
}

// accountQuery narrows a list of accounts.
type accountQuery struct {
	paging
	Role  string `query:"role" doc:"that they hold"`
	Query string `query:"q" doc:"part of the login name or of the name"`
}

// invitationHeader is where the answer to an invitation has its link. It is in no body,
// because the answer's body is kept for a day, and whoever has the link has the account.
const invitationHeader = "Shifan-Invitation"

func accountRoutes() []route {
	operator := []stage.Role{stage.Operator}
	sees := []stage.Role{stage.Operator, stage.Auditor}
	key := func(c *call) id.Account { return id.Account(c.PathValue("id")) }
	return []route{
		list("/accounts", "listAccounts", "List accounts, by login name.", "GET /accounts", sees, func(c *call, q *accountQuery, limit int) ([]accountData, string, error) {
			all, err := c.desk.Accounts(c.Context(), c.Actor, casework.AccountFilter{Words: q.Query, Role: stage.Role(q.Role), After: q.After, Limit: limit + 1})
			return rows(all, err, limit, func(a casework.Account) string { return a.Login }, accountDataOf)
		}),
		one("/accounts/{id}", "getAccount", "Read one account.", "GET /accounts/{id}", sees, func(c *call, key string) (accountData, int64, error) {
			a, err := c.desk.Account(c.Context(), c.Actor, id.Account(key))
			return accountDataOf(a), a.Version, err
		}),
		act("/accounts", "addAccount", "Add an account. It cannot be used until its person was invited.", "POST /accounts/new", operator, func(c *call, in accountNew) error {
			grants, err := granted(c, in.Grants)
			if err != nil {
				return err
			}
			_, err = c.desk.AddAccount(c.Context(), c.Actor, casework.NewAccount{Login: in.Login, Name: in.Name, Grants: grants})
			return err
		}).making(),
		act("/accounts/{id}/grants", "grantAccount", "Say which roles an account holds.", "POST /accounts/{id}/grants", operator, func(c *call, in accountGrants) error {
			grants, err := granted(c, in.Grants)
			if err != nil {
				return err
			}
			return c.desk.GrantAccount(c.Context(), c.Actor, key(c), grants, c.match)
		}).matching(),
		act("/accounts/{id}/invite", "inviteAccount", "Make the link by which the account's person sets a password; earlier links are void. It is told once.", "POST /accounts/{id}/invite", operator, func(c *call, _ none) error {
			token, err := c.desk.Invite(c.Context(), c.Actor, key(c))
			c.tell = "/invitations/" + token
			return err
		}).telling(invitationHeader, "the link, within the site; not in the answer to a request that is sent again"),
		act("/accounts/{id}/disable", "disableAccount", "Take an account out of use; it is signed out everywhere, its tokens end.", "POST /accounts/{id}/disable", operator, func(c *call, _ none) error {
			return c.desk.DisableAccount(c.Context(), c.Actor, key(c))
		}),
		act("/accounts/{id}/enable", "enableAccount", "Take an account back into use.", "POST /accounts/{id}/enable", operator, func(c *call, _ none) error {
			return c.desk.EnableAccount(c.Context(), c.Actor, key(c))
		}),
	}
}
