package api

import (
	"time"

	"shifan/internal/casework"
	"shifan/internal/id"
	"shifan/internal/lifecycle/message"
	"shifan/internal/lifecycle/stage"
)

// ownAccount is the token's person, and in which role the token acts.
type ownAccount struct {
	accountData
	ActsIn accountGrant `json:"acts_in" doc:"the role of the token"`
}

// ownMail is how the token's person is written to.
type ownMail struct {
	Address string `json:"address,omitempty" doc:"verified"`
	Wanted  string `json:"wanted,omitempty" doc:"not verified yet, by the link in the letter that was sent there"`
	Mode    string `json:"mode" doc:"each, daily or insite"`
	Quiet   quiet  `json:"quiet"`
}

// quiet are the hours in which no letter is sent.
type quiet struct {
	From int `json:"from" doc:"full hour, 0 to 23"`
	To   int `json:"to" doc:"full hour; the same as from: none are quiet"`
}

// ownMailEntry sets how the token's person is written to.
type ownMailEntry struct {
	Address string `json:"address" doc:"an address that is new is used once the link in the letter was opened; empty: none"`
	Mode    string `json:"mode"`
	Quiet   quiet  `json:"quiet"`
}

// ownToken is a token of the person. The token itself is told once, when it is made.
type ownToken struct {
	ID      string       `json:"id"`
	Name    string       `json:"name" doc:"what it is for"`
	ActsIn  accountGrant `json:"acts_in"`
	Scopes  []string     `json:"scopes"`
	MadeAt  time.Time    `json:"made_at"`
	Expires time.Time    `json:"expires"`
	This    bool         `json:"this" doc:"the one that asks"`
}

// ownCalendar is a calendar to which the person's programs subscribed.
type ownCalendar struct {
	ID     string       `json:"id"`
	ActsIn accountGrant `json:"acts_in" doc:"whose deadlines are in it"`
	MadeAt time.Time    `json:"made_at"`
}

// ownWork is what asks something of the token's person now.
type ownWork struct {
	Items  []ownWorkItem   `json:"items" doc:"the most urgent first"`
	Beyond []ownWorkBeyond `json:"beyond" doc:"of what kinds more waits than is listed"`
}

// ownWorkItem is one thing to do.
type ownWorkItem struct {
	Title string    `json:"title" doc:"what to do with what"`
	Stage string    `json:"stage"`
	Thing string    `json:"thing" doc:"its number or identifier"`
	URL   string    `json:"url" doc:"the page where it is done, within the site"`
	Due   time.Time `json:"due,omitzero" doc:"the first instant that is too late"`
}

// ownWorkBeyond says of what kind more waits.
type ownWorkBeyond struct {
	Stage string `json:"stage"`
	URL   string `json:"url" doc:"the list of all, within the site"`
	Total int    `json:"total,omitempty" doc:"left out when nobody counted"`
}

func grantOf(g casework.Grant) accountGrant {
	return accountGrant{g.Role, string(g.Programme), string(g.Organisation)}
}

func ownTokenOf(c *call, t casework.Token) ownToken {
	return ownToken{string(t.ID), t.Name, grantOf(t.Grant), acts(t.Scopes), t.MadeAt, t.Expires, t.ID == c.token.ID}
}

// calendarHeader is where the answer to a subscription has the address of the calendar.
const calendarHeader = "Shifan-Calendar"

// ownQuery narrows lists of what is the person's own.
type ownQuery struct{ paging }

// whose finds the token's person, and does something as them.
func whose(c *call, do func(casework.SignedIn) error) error {
	who, err := c.desk.Holder(c.Context(), c.token)
	if err != nil {
		return err
	}
	return do(who)
}

// ownRoutes are what is a person's own: settings, tokens, calendars, and what waits for
// them. Nobody makes a token with a token.
func ownRoutes() []route {
	return append([]route{
		one("/account", "getOwnAccount", "Read the token's person, and in which role the token acts.", "GET /account", signedIn, func(c *call, _ string) (a ownAccount, _ int64, err error) {
			err = whose(c, func(who casework.SignedIn) error {
				a = ownAccount{accountDataOf(who.Account), grantOf(who.Session.Grant)}
				return nil
			})
			return a, 0, err
		}),
		one("/account/work", "getOwnWork", "Read what asks something of the token's person now, in the token's role.", "GET /work", signedIn, func(c *call, _ string) (ownWork, int64, error) {
			v, err := c.desk.Waiting(c.Context(), c.Actor)
			return ownWork{
				each(v.Items, func(i casework.WorkItem) ownWorkItem { return ownWorkItem{i.Title, i.Stage, i.Thing, i.URL, i.Due} }),
				each(v.Beyond, func(b casework.WorkBeyond) ownWorkBeyond { return ownWorkBeyond{b.Stage, b.URL, b.Total} }),
			}, 0, err
		}),
		one("/account/mail", "getOwnMail", "Read how the token's person is written to.", "GET /account/mail", signedIn, func(c *call, _ string) (m ownMail, _ int64, err error) {
			err = whose(c, func(who casework.SignedIn) error {
				b, err := c.desk.OwnMailbox(c.Context(), who)
				m = ownMail{b.Address, b.Wanted, b.Mode, quiet{b.Quiet.From, b.Quiet.To}}
				return err
			})
			return m, 0, err
		}),
		act("/account/mail", "setOwnMail", "Set how the token's person is written to.", "POST /account/mail", signedIn, func(c *call, in ownMailEntry) error {
			return whose(c, func(who casework.SignedIn) error {
				_, err := c.desk.SetMailbox(c.Context(), who, casework.SetMailbox{Address: in.Address, Mode: in.Mode, Quiet: message.Quiet{From: in.Quiet.From, To: in.Quiet.To}})
				return err
			})
		}),
	}, ownThingRoutes()...)
}

// ownThingRoutes list and end the person's tokens and calendars.
func ownThingRoutes() []route {
	return []route{
		list("/account/tokens", "listOwnTokens", "List the tokens of the token's person, the latest first.", "GET /account/tokens", signedIn, func(c *call, q *ownQuery, _ int) (page []ownToken, next string, err error) {
			err = whose(c, func(who casework.SignedIn) error {
				all, _, err := c.desk.Tokens(c.Context(), who)
				page, next, err = ordered(all, err, &q.paging, func(t casework.Token) string { return string(t.ID) }, func(t casework.Token) ownToken { return ownTokenOf(c, t) })
				return err
			})
			return page, next, err
		}),
		one("/account/tokens/{id}", "getOwnToken", "Read one of them.", "GET /account/tokens/{id}/revoke", signedIn, func(c *call, key string) (t ownToken, _ int64, err error) {
			err = whose(c, func(who casework.SignedIn) error {
				v, err := c.desk.OwnToken(c.Context(), who, id.Token(key))
				t = ownTokenOf(c, v)
				return err
			})
			return t, 0, err
		}),
		act("/account/tokens/{id}/revoke", "revokeOwnToken", "Make a token of the token's person worthless at once, this one or another.", "POST /account/tokens/{id}/revoke", signedIn, func(c *call, _ none) error {
			return whose(c, func(who casework.SignedIn) error {
				return c.desk.RevokeToken(c.Context(), who, id.Token(c.PathValue("id")))
			})
		}),
		list("/account/calendars", "listOwnCalendars", "List the calendars to which programs of the token's person subscribed.", "GET /account/mail", signedIn, func(c *call, q *ownQuery, _ int) (page []ownCalendar, next string, err error) {
			err = whose(c, func(who casework.SignedIn) error {
				all, err := c.desk.Feeds(c.Context(), who)
				page, next, err = ordered(all, err, &q.paging, func(f casework.Feed) string { return string(f.ID) }, func(f casework.Feed) ownCalendar {
					return ownCalendar{string(f.ID), grantOf(f.Grant), f.MadeAt}
				})
				return err
			})
			return page, next, err
		}),
		act("/account/calendars", "subscribeOwnCalendar", "Make a calendar of the person's deadlines, in the token's role. Its address is told once.", "POST /account/calendars", signedIn, func(c *call, _ none) error {
			return whose(c, func(who casework.SignedIn) error {
				token, err := c.desk.Subscribe(c.Context(), who)
				c.tell = "/calendar/" + token + ".ics"
				return err
			})
		}).telling(calendarHeader, "the address, within the site; not in the answer to a request that is sent again"),
		act("/account/calendars/{id}/end", "endOwnCalendar", "End a calendar; its address is worth nothing at once.", "POST /account/calendars/{id}/end", signedIn, func(c *call, _ none) error {
			return whose(c, func(who casework.SignedIn) error {
				return c.desk.Unsubscribe(c.Context(), who, id.Feed(c.PathValue("id")))
			})
		}),
	}
}

// deliveryRow is a line of the log of what was sent.
type deliveryRow struct {
	hookDelivery
	Channel string `json:"channel" doc:"mail, webhook, wecom or dingtalk"`
	To      string `json:"to" doc:"whom, by the name the office knows them by; never an address"`
	What    string `json:"what"`
}

// deliveryQuery narrows the log.
type deliveryQuery struct {
	paging
	State []string `query:"state" doc:"one or more states"`
}

// deliveryRoutes read the log of what was sent, and send again what failed.
func deliveryRoutes() []route {
	return []route{
		list("/deliveries", "listDeliveries", "List what was sent or is to be, the latest first.", "GET /deliveries", []stage.Role{stage.Clerk, stage.Director, stage.Auditor, stage.Operator}, func(c *call, q *deliveryQuery, limit int) ([]deliveryRow, string, error) {
			all, err := c.desk.Deliveries(c.Context(), c.Actor, casework.DeliveryFilter{States: states(q.State), After: id.Delivery(q.After), Limit: limit + 1})
			return rows(all, err, limit, func(l casework.DeliveryLine) string { return string(l.Delivery.ID) }, func(l casework.DeliveryLine) deliveryRow {
				return deliveryRow{hookDeliveryOf(l), l.Delivery.Channel, l.To, l.What}
			})
		}),
		act("/deliveries/{id}/retry", "retryDelivery", "Send again what failed.", "POST /deliveries/{id}/retry", []stage.Role{stage.Clerk, stage.Director, stage.Operator}, func(c *call, _ none) error {
			return c.desk.RetryDelivery(c.Context(), c.Actor, id.Delivery(c.PathValue("id")))
		}),
	}
}
