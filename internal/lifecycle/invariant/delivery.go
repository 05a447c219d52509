package invariant

import (
	"slices"

	"shifan/internal/lifecycle/message"
)

// ofDeliveries are the promises of what leaves the house.
var ofDeliveries = []Invariant{
	{"delivery.over.never_due", "what was sent, given up or dropped is not due: nobody sends it again", "制度:消息随所办事项一并入库，由系统发送", one(theDelivery, func(_ *Case, d *message.Delivery) bool {
		over := d.State == message.Sent || d.State == message.GivenUp || d.State == message.Dropped
		return over == d.Due.IsZero() && over == !d.EndedAt.IsZero() && (d.State != message.Sent || d.Tries > 0)
	})},
	{"delivery.letter.own", "a letter holds only what its own reader was told, and a program or a robot is given no message", "制度:发送前再核对收件人能否查看", one(theDelivery, func(c *Case, d *message.Delivery) bool {
		if d.Channel != message.Mail {
			return d.Hook != "" && d.Account == "" && d.Objection == "" && len(d.Messages) == 0
		}
		one := (d.Account != "") != (d.Objection != "") && d.Hook == ""
		return one && !slices.ContainsFunc(c.Messages, func(m *message.Message) bool {
			return m.Account != d.Account || d.Objection != "" && m.Thing != string(d.Objection)
		})
	})},
}

func theDelivery(c *Case) *message.Delivery { return c.Delivery }
