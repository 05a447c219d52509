package api

import (
	"time"

	"shifan/internal/casework"
	"shifan/internal/id"
	"shifan/internal/lifecycle/message"
	"shifan/internal/lifecycle/stage"
)

// messageRow is something that the token's person was told.
type messageRow struct {
	ID        string      `json:"id"`
	Programme string      `json:"programme,omitempty"`
	Kind      string      `json:"kind" doc:"accepted, visit and so on; free when the office wrote it itself"`
	Chapter   string      `json:"chapter,omitempty" doc:"what it is about"`
	Thing     string      `json:"thing,omitempty"`
	URL       string      `json:"url,omitempty" doc:"the page of the thing, within the site"`
	Subject   string      `json:"subject"`
	Text      string      `json:"text"`
	State     stage.State `json:"state" doc:"unread, read"`
	MadeAt    time.Time   `json:"made_at"`
	ReadAt    time.Time   `json:"read_at,omitzero"`
}

func messageRowOf(m casework.Message) messageRow {
	return messageRow{
		ID: string(m.ID), Programme: string(m.Programme), Kind: m.Kind, Chapter: m.Chapter, Thing: m.Thing, URL: m.URL, Subject: m.Subject, Text: m.Text,
		State: m.State(), MadeAt: m.MadeAt, ReadAt: m.ReadAt,
	}
}

// messageQuery narrows a list of messages.
type messageQuery struct {
	paging
	Unread bool `query:"unread" doc:"only those that were not read"`
}

func messageRoutes() []route {
	return []route{
		list("/messages", "listMessages", "List what the token's person was told in the token's role, the latest first.", "GET /messages", signedIn, func(c *call, q *messageQuery, limit int) ([]messageRow, string, error) {
			all, err := c.desk.Messages(c.Context(), c.Actor, casework.MessageFilter{Unread: q.Unread, After: id.Message(q.After), Limit: limit + 1})
			return rows(all, err, limit, func(m casework.Message) string { return string(m.ID) }, messageRowOf)
		}),
		one("/messages/{id}", "getMessage", "Read one of them. It stays unread.", "GET /messages", signedIn, func(c *call, key string) (messageRow, int64, error) {
			m, err := c.desk.Message(c.Context(), c.Actor, id.Message(key))
			return messageRowOf(m), 0, err
		}),
		act("/messages/read", "markMessages", "Mark all of them read.", "POST /messages/read", signedIn, func(c *call, _ none) error {
			_, err := c.desk.MarkMessages(c.Context(), c.Actor)
			return err
		}),
		act("/messages/{id}/read", "markMessage", "Mark one read. Once is enough.", "POST /messages/{id}/read", signedIn, func(c *call, _ none) error {
			return c.desk.MarkMessage(c.Context(), c.Actor, id.Message(c.PathValue("id")))
		}),
	}
}

// hookRow is a program or a robot that a programme tells of what happens.
type hookRow struct {
	ID        string      `json:"id"`
	Programme string      `json:"programme"`
	Name      string      `json:"name"`
	Channel   string      `json:"channel" doc:"webhook, wecom, dingtalk"`
	Address   string      `json:"address" doc:"without what follows the question mark, which is a robot's key"`
	Kinds     []string    `json:"kinds" doc:"of messages"`
	State     stage.State `json:"state" doc:"on, off"`
	StateWord string      `json:"state_word"`
	MadeAt    time.Time   `json:"made_at"`
}

// hookData is one, with the latest of what it was told.
type hookData struct {
	hookRow
	Deliveries []hookDelivery `json:"deliveries" doc:"the latest first"`
	Acts       []string       `json:"acts" doc:"what the token's role may do with it now"`
}

// hookDelivery is something that it was told.
type hookDelivery struct {
	ID      string      `json:"id" doc:"the same as in the header Shifan-Id"`
	Kind    string      `json:"kind"`
	State   stage.State `json:"state" doc:"queued, sending, failed, sent, given_up, dropped"`
	Tries   int         `json:"tries"`
	Say     string      `json:"say,omitempty" doc:"how the last attempt failed"`
	MadeAt  time.Time   `json:"made_at"`
	Due     time.Time   `json:"due,omitzero" doc:"when it is tried next"`
	EndedAt time.Time   `json:"ended_at,omitzero"`
}

func hookRowOf(h casework.Hook) hookRow {
	return hookRow{string(h.ID), string(h.Programme), h.Name, h.Channel, h.Address, h.Kinds, h.State, message.HookKind.Word(string(h.State)), h.MadeAt}
}

func hookDeliveryOf(l casework.DeliveryLine) hookDelivery {
	d := l.Delivery
	return hookDelivery{string(d.ID), d.Kind, d.State, d.Tries, d.Say, d.MadeAt, d.Due, d.EndedAt}
}

// hookEntry is a program or a robot to be told.
type hookEntry struct {
	Programme string   `json:"programme"`
	Name      string   `json:"name"`
	Channel   string   `json:"channel" doc:"webhook, wecom or dingtalk"`
	Address   string   `json:"address"`
	Secret    string   `json:"secret,omitempty" doc:"of a robot, from its group; of a program it is made here"`
	Kinds     []string `json:"kinds" doc:"of messages"`
}

// hookSecret is the new secret of a robot.
type hookSecret struct {
	Secret string `json:"secret,omitempty" doc:"of a robot, from its group; of a program it is made here"`
}

// secretHeader is where the answer has the secret of a program that is told: in no body,
// because the answer's body is kept for a day.
const (
	secretHeader = "Shifan-Secret"
	toldSecret   = "the secret of a program; not in the answer to a request that is sent again"
)

// hookQuery narrows a list of hooks.
type hookQuery struct{ paging }

func hookRoutes() []route {
	sets := []stage.Role{stage.Director, stage.Operator}
	do := func(name, say, what string) route {
		return act("/webhooks/{id}/"+what, name, say, "POST /webhooks/{id}/"+what, sets, func(c *call, _ none) error {
			return c.desk.ActOnHook(c.Context(), c.Actor, id.Hook(c.PathValue("id")), what)
		})
	}
	return []route{
		list("/webhooks", "listWebhooks", "List the programs and robots that are told of what happens. Their secrets are left out.", "GET /webhooks", sets, func(c *call, q *hookQuery, _ int) ([]hookRow, string, error) {
			all, err := c.desk.Hooks(c.Context(), c.Actor)
			return whole(all, err, q.page(), func(h casework.Hook) string { return string(h.ID) }, hookRowOf)
		}),
		one("/webhooks/{id}", "getWebhook", "Read one, with the latest of what it was told.", "GET /webhooks/{id}", sets, func(c *call, key string) (hookData, int64, error) {
			v, err := c.desk.Hook(c.Context(), c.Actor, id.Hook(key))
			return hookData{hookRowOf(v.Hook), each(v.Lines, hookDeliveryOf), acts(v.Acts)}, v.Hook.Version, err
		}),
		act("/webhooks", "addWebhook", "Tell a program or a robot of what happens. The secret that signs what a program is told is told once.", "POST /webhooks/new", sets, func(c *call, in hookEntry) error {
			_, secret, err := c.desk.AddHook(c.Context(), c.Actor, casework.Hook{
				Programme: id.Programme(in.Programme), Name: in.Name, Channel: in.Channel, Address: in.Address, Secret: in.Secret, Kinds: in.Kinds,
			})
			c.tell = secret
			return err
		}).making().telling(secretHeader, toldSecret),
		act("/webhooks/{id}/rotate", "rotateWebhook", "Replace the secret: a program's is made here and told once, a robot's comes from its group.", "POST /webhooks/{id}/rotate", sets, func(c *call, in hookSecret) error {
			_, secret, err := c.desk.RotateHook(c.Context(), c.Actor, id.Hook(c.PathValue("id")), in.Secret)
			c.tell = secret
			return err
		}).telling(secretHeader, toldSecret),
		do("testWebhook", "Send it something to try it.", "test"),
		do("stopWebhook", "Tell it nothing any more.", "stop"),
		do("startWebhook", "Tell it again.", "start"),
		do("removeWebhook", "Forget it, with its address and its secret.", "remove"),
	}
}
