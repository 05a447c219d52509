package round

import (
	"strings"
	"time"

	"shifan/internal/calendar"
	"shifan/internal/fault"
	"shifan/internal/lifecycle/stage"
)

var (
	errReason       = fault.Define(fault.Invalid, "round.extend.reason", "顺延理由会向全体申报单位公布，用1到%d字写明，例如“7月10日20时至22时系统故障”。", "制度:系统故障整届顺延，不个别放宽")
	errTooLate      = fault.Define(fault.Refused, "round.extend.closed", "截止时间%s已过，不能再顺延。", "办法(一) 逾期申报的视为放弃")
	errShorter      = fault.Define(fault.Invalid, "round.extend.not_later", "新的截止时间%s不晚于现在的截止时间%s。只能延后，不能提前。", "制度:系统故障整届顺延，不个别放宽")
	errFar          = fault.Define(fault.Invalid, "round.extend.too_far", "新的截止日期%s比现在的截止日期晚%d天，最多可以延后%d天。核对日期。", "制度:系统故障整届顺延，不个别放宽")
	errCancelReason = fault.Define(fault.Invalid, "round.cancel.reason", "写明取消的理由，1到%d字。", "制度:未发布的可以取消")
	errNotYet       = fault.Define(fault.Refused, "round.close.early", "还没有到截止时间%s。", "办法(一)")
	errUnfinished   = fault.Define(fault.Refused, "round.conclude.unfinished", "还有%d件申报没有办完，不能办结本届。", "制度:各环节数字相符方可办结")
	errNumbers      = fault.Define(fault.Refused, "round.conclude.numbers", "各环节的数字对不上：%s。查明原因再办结。", "办法(二)；制度:各环节数字相符方可办结")
)

// extendMost bounds an extension, in days: a slip in the year is caught.
const extendMost = 180

// Extend moves the deadline of the whole round to a later day and time, for a
// reason that is published beside it (S45). It never helps one applicant alone,
// and it comes before the deadline or not at all. The new day holds as it is
// named, rest day or not.
func (r *Round) Extend(by stage.Actor, to calendar.Date, at, reason string, c *calendar.Calendar, now time.Time) (stage.Move, error) {
	m, err := Kind.Step(r.State, "extend", by.Role)
	if err != nil {
		return m, err
	}
	d, err := c.Deadline(to, at, calendar.Strict)
	if err != nil {
		return m, err
	}
	switch apart := r.LastDay.DaysUntil(to); {
	case !now.Before(r.Deadline):
		return m, errTooLate.New(Instant(r.Deadline))
	case !d.At.After(r.Deadline):
		return m, errShorter.At("date", d.Chinese(), Instant(r.Deadline))
	case apart > extendMost:
		return m, errFar.At("date", to.Chinese(), apart, extendMost)
	case reason == "" || textFault("reason", "顺延理由", reason, reasonMax) != nil:
		return m, errReason.At("reason", reasonMax)
	}
	r.Extensions = append(r.Extensions, Extension{At: now, From: r.Deadline, To: d.At, Date: to, Time: d.Time, Reason: reason})
	r.DeadlineDate, r.DeadlineTime, r.RestDay = to, d.Time, calendar.Strict
	r.Deadline, r.LastDay, r.CalendarVersion = d.At, d.Date, d.Version
	return m, nil
}

// Close ends the filing when the deadline's instant has come. The clock does it;
// no person can close a round early or keep it open.
func (r *Round) Close(by stage.Actor, now time.Time) (stage.Move, error) {
	m, err := Kind.Step(r.State, "close", by.Role)
	if err != nil {
		return m, err
	}
	if now.Before(r.Deadline) {
		return m, errNotYet.New(Instant(r.Deadline))
	}
	r.State = m.To
	return m, nil
}

// Cancel gives up a round that was never published.
func (r *Round) Cancel(by stage.Actor, reason string) (stage.Move, error) {
	m, err := Kind.Step(r.State, "cancel", by.Role)
	if err != nil {
		return m, err
	}
	if reason == "" || textFault("reason", "理由", reason, reasonMax) != nil {
		return m, errCancelReason.At("reason", reasonMax)
	}
	r.State, r.EndReason = m.To, reason
	return m, nil
}

// Conclude ends a round: no application is under way, and the numbers of all
// stages add up (S47, S76).
func (r *Round) Conclude(by stage.Actor, f Funnel) (stage.Move, error) {
	m, err := Kind.Step(r.State, "conclude", by.Role)
	if err != nil {
		return m, err
	}
	if n := f.Unfinished(); n > 0 {
		return m, errUnfinished.New(n)
	}
	if wrong := f.Reconcile(); len(wrong) > 0 {
		return m, errNumbers.New(strings.Join(wrong, "；"))
	}
	r.State = m.To
	return m, nil
}

// Instant returns an instant as people read it, 2021年7月10日 星期六 24:00: the
// end of a day belongs to that day.
func Instant(t time.Time) string {
	d := calendar.DateOf(t.Add(-time.Nanosecond))
	at := t.In(calendar.Zone).Format("15:04")
	if at == "00:00" && t.Equal(d.End()) {
		at = "24:00"
	} else {
		d = calendar.DateOf(t)
	}
	return d.Chinese() + " " + d.ChineseWeekday() + " " + at
}
