package publicity

import (
	"slices"
	"time"

	"shifan/internal/calendar"
	"shifan/internal/fault"
	"shifan/internal/lifecycle/stage"
)

var (
	errUnposted    = fault.Define(fault.Refused, "publicity.serve.unposted", "还没有登记在%s的发布网址和时间，不能确认公示期满。", "办法(五) 在省民政厅网站公示")
	errUnknown     = fault.Define(fault.Refused, "publicity.serve.provisional", "%d年的放假安排还没有导入，公示是否满%d个工作日还不能确认。", "办法(五)；制度:放假安排未公布的只能暂算")
	errShort       = fault.Define(fault.Refused, "publicity.serve.short", "按现在的放假安排，公示到%s还不满%d个工作日，要到%s。由负责人重算公示期。", "办法(五) 公示5个工作日")
	errEarly       = fault.Define(fault.Refused, "publicity.serve.early", "公示期到%s 24:00才满。", "办法(五) 公示5个工作日；民法典 第二百零一条")
	errNothing     = fault.Define(fault.Refused, "publicity.recount.same", "按现在的放假安排重算，最后一天还是%s，不必重算。", "制度:放假安排变动由负责人决定是否重算")
	errNotFinished = fault.Define(fault.Invalid, "publicity.take_down.early", "撤下时间不能早于公示期满的%s 24:00，也不能晚于现在。期满前撤下的要登记为中断。", "制度:公示期满方可撤下")
	errAgain       = fault.Define(fault.Refused, "publicity.take_down.again", "已经登记撤下。", "制度:公示期满方可撤下")
)

// Period counts the publicity's days by a calendar, from what they count from
// now. For a draft, now is when it would be published.
func (p *Publicity) Period(c *calendar.Calendar, now time.Time) (calendar.Period, error) {
	started := p.StartedAt
	if started.IsZero() {
		started = now
	}
	return c.AddFullDays(calendar.DateOf(started), p.Days, p.CountFirst, p.Lost)
}

// count sets the period from what the days count from. An end that is a guess
// has to be acknowledged once.
func (p *Publicity) count(c *calendar.Calendar, acknowledged bool) error {
	v, err := p.Period(c, p.StartedAt)
	if err != nil {
		return err
	}
	if v.Provisional && !acknowledged && !p.Acknowledged {
		return errProvisional.New(v.MissingYears[0], v.Last.Chinese())
	}
	p.Acknowledged = p.Acknowledged || v.Provisional
	p.First, p.Last, p.Ends = v.First, v.Last, v.End()
	p.CalendarVersion, p.Provisional = v.Version, v.Provisional
	return nil
}

// Blocked says why the publicity could not end even when its last day is over;
// nil when it could: it was not really posted where it belongs (S55), a year has
// no arrangement, or by the calendar in force the days are not full (S56).
func (p *Publicity) Blocked(c *calendar.Calendar) error {
	if p.Elsewhere() && p.Posting.At.IsZero() {
		return errUnposted.New(p.Place)
	}
	v, err := p.Period(c, p.StartedAt)
	switch {
	case err != nil:
		return err
	case v.Provisional:
		return errUnknown.New(v.MissingYears[0], p.Days)
	case v.Last.After(p.Last):
		return errShort.New(p.Last.Chinese(), p.Days, v.Last.Chinese())
	}
	return nil
}

// InTime reports whether an objection that arrives at an instant is in time: the
// last second of the last day is, the second of 24:00 is not, and then it is a
// report (举报). While the end is blocked the time for objections stays open.
func (p *Publicity) InTime(c *calendar.Calendar, at time.Time) bool {
	return p.Published() && !at.Before(p.PublishedAt) && (at.Before(p.Ends) || p.State == Running && p.Blocked(c) != nil)
}

// Serve ends the publicity once its full working days were served (S56). The
// clock does it; nobody can end it early.
func (p *Publicity) Serve(by stage.Actor, c *calendar.Calendar, now time.Time) (stage.Move, error) {
	m, err := Kind.Step(p.State, "serve", by.Role)
	if err != nil {
		return m, err
	}
	if now.Before(p.Ends) {
		return m, errEarly.New(p.Last.Chinese())
	}
	if err := p.Blocked(c); err != nil {
		return m, err
	}
	p.State, p.ServedAt, p.Provisional = m.To, now, false
	return m, nil
}

// Recount computes the period anew by the calendar in force, after the
// arrangement of a year was published or amended: a decision, never a shift by
// itself (facts.md §2.1).
func (p *Publicity) Recount(by stage.Actor, c *calendar.Calendar, now time.Time) (stage.Move, error) {
	m, err := Kind.Step(p.State, "recount", by.Role)
	if err != nil {
		return m, err
	}
	before, provisional := p.Last, p.Provisional
	if v, err := p.Period(c, now); err != nil {
		return m, err
	} else if v.Last == before && v.Provisional == provisional {
		return m, errNothing.New(before.Chinese())
	}
	return m, p.change(c, Change{At: now, Act: "recount", Say: "按公布的放假安排重算公示期"}, time.Time{}, true)
}

// change recounts the period and keeps what changed. anew is the instant from
// which all days count again; zero leaves it.
func (p *Publicity) change(c *calendar.Calendar, ch Change, anew time.Time, acknowledged bool) error {
	next := *p
	if !anew.IsZero() {
		next.StartedAt, next.Lost = anew, nil
	}
	if err := next.count(c, acknowledged); err != nil {
		return err
	}
	ch.Before, ch.After, ch.Digest = p.Last, next.Last, p.Digest
	next.Changes = append(slices.Clone(p.Changes), ch)
	*p = next
	return nil
}

// TakeDown records when the host's page was taken down; only after the end.
func (p *Publicity) TakeDown(by stage.Actor, at, now time.Time) (stage.Move, error) {
	m, err := Kind.Step(p.State, "take_down", by.Role)
	switch {
	case err != nil:
		return m, err
	case !p.TakenDownAt.IsZero():
		return m, errAgain.New()
	case at.Before(p.Ends) || at.After(now):
		return m, errNotFinished.At("at", p.Last.Chinese())
	}
	p.TakenDownAt = at
	return m, nil
}
