package together

import (
	"slices"
	"time"

	"shifan/internal/lifecycle/designation"
	"shifan/internal/lifecycle/message"
	"shifan/internal/lifecycle/story"
)

// Letter is what is sent, with the messages that it is of and what its receiver got.
type Letter struct {
	*message.Delivery
	Messages []*message.Message
	Others   []*message.Delivery // whatever else is sent to the same receiver; nil: nobody looked
	Arrived  []time.Time         // when its receiver got it; nil: nobody knows
}

const (
	withTheAct = "制度:消息随所办事项一并入库，由系统发送"
	sendAgain  = "制度:发送失败的隔一段时间再发"
)

// ofLetters are the promises of what leaves the house.
var ofLetters = []Promise{
	{"delivery.over.never_due", "what was sent, given up or dropped is not due: nobody sends it again", withTheAct, letter(func(_ *Case, d *Letter) bool {
		over := d.State == message.Sent || d.State == message.GivenUp || d.State == message.Dropped
		return over == d.Due.IsZero() && over == !d.EndedAt.IsZero() && (d.State != message.Sent || d.Tries > 0)
	})},
	{"delivery.letter.own", "a letter holds only what its own reader was told, and a program or a robot is given no message", "制度:发送前再核对收件人能否查看", letter(func(_ *Case, d *Letter) bool {
		if d.Channel != message.Mail {
			return d.Hook != "" && d.Account == "" && d.Objection == "" && len(d.Delivery.Messages) == 0
		}
		one := (d.Account != "") != (d.Objection != "") && d.Hook == ""
		return one && !slices.ContainsFunc(d.Messages, func(m *message.Message) bool {
			return m.Account != d.Account || d.Objection != "" && m.Thing != string(d.Objection)
		})
	})},
	{"delivery.message.once", "a message stands in one letter", withTheAct, letter(func(_ *Case, d *Letter) bool {
		for n, key := range d.Delivery.Messages {
			in := func(o *message.Delivery) bool { return o.ID != d.ID && slices.Contains(o.Messages, key) }
			if slices.Contains(d.Delivery.Messages[:n], key) || slices.ContainsFunc(d.Others, in) {
				return false
			}
		}
		return true
	})},
	{"delivery.tried.bounded", "nothing is tried more often than the pauses allow", sendAgain, letter(func(_ *Case, d *Letter) bool { return d.Tries <= message.Tries })},
	{"delivery.failed.waits", "what failed waits before it is tried again", sendAgain, letter(func(c *Case, d *Letter) bool {
		return d.State != message.Failed || d.Tries > 0 && d.Due.After(d.MadeAt)
	})},
	{"delivery.sent.arrived", "what is noted as sent arrived, and nothing arrives that was noted as over before", withTheAct, letter(func(_ *Case, d *Letter) bool {
		if d.Arrived == nil {
			return true
		}
		late := func(at time.Time) bool { return !d.EndedAt.IsZero() && at.After(d.EndedAt) }
		return (d.State != message.Sent || len(d.Arrived) > 0) && !slices.ContainsFunc(d.Arrived, late)
	})},
	{"delivery.arrived.as_tried", "nothing arrives more often than it was tried", withTheAct, letter(func(_ *Case, d *Letter) bool { return len(d.Arrived) <= max(d.Tries, 0) })},
}

func letter(holds func(*Case, *Letter) bool) func(*Case) string {
	return one(func(c *Case) *Letter { return c.Letter }, func(d *Letter) string { return string(d.ID) }, holds)
}

// Story is a story with the title that it tells of.
type Story struct {
	*story.Story
	Title *designation.Designation
}

// ofStories are the promises of a story that outlives its title.
var ofStories = []Promise{
	{"story.ended_title.marked", "a story of a title that ended says so before anything else, or is not shown", "五(二) 动态管理；五(三) (S66, S74)", told(func(s *Story) bool {
		at := s.Standing(s.Title)
		return !at.Shown || s.Title.State == designation.Valid || at.Mark != ""
	})},
	{"story.withdrawn.unseen", "a story that was taken down is read by nobody, and everybody is told why", "五(三)；制度:经本单位同意方可公开 (S74)", told(func(s *Story) bool {
		at := s.Standing(s.Title)
		return s.State != story.Withdrawn || !at.Shown && !at.Listed && s.Reason != "" && !s.EndedAt.IsZero()
	})},
	{"story.published.while_held", "a story is published while its title is held", "五(三) (S74)", told(func(s *Story) bool {
		return s.PublishedAt.IsZero() || !s.Title.ChangedAt.Before(s.PublishedAt) || !s.Title.Ended()
	})},
}

func told(holds func(*Story) bool) func(*Case) string {
	return one(func(c *Case) *Story { return c.Story }, func(s *Story) string { return string(s.ID) }, func(_ *Case, s *Story) bool { return holds(s) })
}
