package round

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"shifan/internal/calendar"
	"shifan/internal/fault"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/stage"
)

// Facts is what publishing a call depends on beside the round itself.
type Facts struct {
	Programme    *programme.Programme // the version that will be frozen
	State        stage.State          // of the programme
	Others       []Round              // the other rounds of the programme
	Calendar     *calendar.Calendar
	Acknowledged []string // codes of the warnings that the publisher took note of
}

var (
	errSamePerson    = fault.Define(fault.Refused, "round.publish.same_person", "起草和发布不能是同一个人。请另一位负责人发布。", "五(二) 从严从实审核把关")
	errInactive      = fault.Define(fault.Refused, "round.publish.programme", "方案现在不是“实施中”，不能发布新的通知。", "创建示范活动管理办法（试行）")
	errUnapproved    = fault.Define(fault.Refused, "round.publish.unapproved", "方案没有写明批准依据，也没有写明不需批准的理由。请在方案的 approval 里补上。", "创建示范活动管理办法（试行） 第四条")
	errApprovalEnded = fault.Define(fault.Refused, "round.publish.approval_ended", "方案的批准到%s为止，已经过期。请先办理续批。", "创建示范活动管理办法（试行）")
	errScope         = fault.Define(fault.Refused, "round.publish.scope_word", "标题里有“%s”字样，未经批准不能使用。请改标题，或在方案里写明批准文件。", "创建示范活动管理办法（试行）")
	errSecond        = fault.Define(fault.Refused, "round.publish.second_regular", "%d年度已经有一届（%s）。一年只办一届；确需增加的，选“增设届次”并写明理由。", "三 每年；五(二) 每年进行一次")
	errCycle         = fault.Define(fault.Refused, "round.publish.cycle", "方案规定每%d年一届，上一届是%d年度，还没有到期。", "方案设定的周期")
	errNoReason      = fault.Define(fault.Refused, "round.publish.special_reason", "增设届次要写明理由。", "三 每年")
	errOpenField     = fault.Define(fault.Refused, "round.publish.incomplete", "还没有填写：%s。填好再发布。", "办法(一)")
	errBeforeDate    = fault.Define(fault.Refused, "round.publish.before_date", "%s是%s，还没有到，不能提前发布。", "GB/T 9704")
	errPast          = fault.Define(fault.Refused, "round.publish.deadline_past", "截止时间%s已经过去，没有申报的时间。改晚截止日期再发布。", "办法(一)")
	errChoose        = fault.Define(fault.Refused, "round.publish.rest_day", "截止日期%s是休息日（%s）。请选定：不顺延，就在这一天截止；或者顺延到%s。", "民法典 第二百零三条；制度:截止日逢休息日由办公室选定")
	errUnread        = fault.Define(fault.Refused, "round.publish.unacknowledged", "还有提醒没有确认：%s", "制度:提醒须逐条确认")
)

// Publish publishes the call: it freezes the programme's version, the deadline
// and the calendar it was computed with, and opens the filing (S1–S6, S13).
func (r *Round) Publish(by stage.Actor, f Facts, now time.Time) (stage.Move, error) {
	m, err := Kind.Step(r.State, "publish", by.Role)
	if err != nil {
		return m, err
	}
	deadline, err := r.Computed(f.Calendar)
	if err != nil {
		return m, err
	}
	for _, rule := range []*fault.Fault{
		r.fourEyes(by),
		active(f.State),
		Approved(f.Programme, calendar.DateOf(now)),
		r.scopeWords(f.Programme),
		r.complete(f.Programme),
		r.OnePerYear(f.Others),
		r.inCycle(f.Programme, f.Others),
		r.notBeforeDate(now),
		r.restDayChosen(f.Calendar, deadline),
		inFuture(deadline, now),
		r.acknowledged(f, now),
	} {
		if rule != nil {
			return m, rule
		}
	}
	r.ProgrammeVersion, r.PublishedAt, r.PublishedBy = f.Programme.Version, now, by.Account
	r.State, r.Acknowledged = m.To, nil
	for _, w := range r.Warnings(f.Programme, f.Calendar, now) {
		r.Acknowledged = append(r.Acknowledged, w.Code)
	}
	if r.IssuedOn.IsZero() {
		r.IssuedOn = calendar.DateOf(now)
	}
	if r.RestDay == "" {
		r.RestDay = calendar.Strict // the deadline is a working day: nothing to choose
	}
	if r.Contact == "" {
		r.Contact = f.Programme.Office.Contact
	}
	r.Deadline, r.LastDay, r.CalendarVersion = deadline.At, deadline.Date, deadline.Version
	return m, nil
}

// Computed returns the deadline as the plan stands now, by a calendar.
func (r *Round) Computed(c *calendar.Calendar) (calendar.Deadline, error) {
	return c.Deadline(r.DeadlineDate, r.DeadlineTime, r.RestDay)
}

// fourEyes: who prepared a call does not publish it (S65).
func (r *Round) fourEyes(by stage.Actor) *fault.Fault {
	if by.Account == r.PreparedBy {
		return errSamePerson.New()
	}
	return nil
}

// active: a suspended, merged or abolished programme calls no more (facts.md §5).
func active(s stage.State) *fault.Fault {
	if s != programme.Active {
		return errInactive.New()
	}
	return nil
}

// Approved: a programme runs with an approval that has not ended, or says in so
// many words why it needs none; the call prints which (facts.md §5).
func Approved(p *programme.Programme, on calendar.Date) *fault.Fault {
	switch {
	case p.Approval.Override != "":
		return nil
	case p.Approval.Document == "":
		return errUnapproved.New()
	case !p.Approval.ValidTo.IsZero() && on.After(p.Approval.ValidTo):
		return errApprovalEnded.New(p.Approval.ValidTo.Chinese())
	}
	return nil
}

// scopeWords: no national wording in a title without an approval (facts.md §5).
func (r *Round) scopeWords(p *programme.Programme) *fault.Fault {
	if p.Approval.Document != "" {
		return nil
	}
	for _, w := range []string{"国家", "中国", "中华", "全国"} {
		if strings.Contains(r.Title, w) {
			return errScope.New(w)
		}
	}
	return nil
}

// complete: everything that the call prints is there.
func (r *Round) complete(p *programme.Programme) *fault.Fault {
	var open []string
	for _, part := range []struct {
		word    string
		missing bool
	}{{"成文日期", r.DatedOn.IsZero()}, {"截止日期", r.DeadlineDate.IsZero()}, {"主送单位", r.Addressees == ""}, {"联系方式", r.Contact == "" && p.Office.Contact == ""}} {
		if part.missing {
			open = append(open, part.word)
		}
	}
	if len(open) > 0 {
		return errOpenField.New(strings.Join(open, "、"))
	}
	return nil
}

// OnePerYear: a programme holds one regular round a year (S13). A special round
// needs a reason. Rounds that are not published do not count.
func (r *Round) OnePerYear(others []Round) *fault.Fault {
	if r.Special {
		if r.Reason == "" {
			return errNoReason.New()
		}
		return nil
	}
	for _, o := range others {
		if o.ID != r.ID && !o.Special && o.Published() && o.Year == r.Year {
			return errSecond.New(r.Year, o.Title)
		}
	}
	return nil
}

// inCycle: a programme that is held every n years waits for them to pass.
func (r *Round) inCycle(p *programme.Programme, others []Round) *fault.Fault {
	if r.Special || p.Cycle.EveryYears <= 1 {
		return nil
	}
	for _, o := range others {
		if apart := r.Year - o.Year; o.ID != r.ID && !o.Special && o.Published() && -p.Cycle.EveryYears < apart && apart < p.Cycle.EveryYears {
			return errCycle.New(p.Cycle.EveryYears, o.Year)
		}
	}
	return nil
}

// notBeforeDate: a call is not published before the dates that it bears (S2).
func (r *Round) notBeforeDate(now time.Time) *fault.Fault {
	today := calendar.DateOf(now)
	if r.DatedOn.After(today) {
		return errBeforeDate.New("成文日期", r.DatedOn.Chinese())
	}
	if r.IssuedOn.After(today) {
		return errBeforeDate.New("印发日期", r.IssuedOn.Chinese())
	}
	return nil
}

// restDayChosen: when the deadline falls on a rest day somebody chose what that
// means, with the other date in sight (facts.md §2.5; docs/decisions).
func (r *Round) restDayChosen(c *calendar.Calendar, d calendar.Deadline) *fault.Fault {
	if d.RestDay && r.RestDay == "" {
		return errChoose.New(d.Asked.Chinese(), c.Day(d.Asked).Why, d.Alternative.Chinese())
	}
	return nil
}

func inFuture(d calendar.Deadline, now time.Time) *fault.Fault {
	if !now.Before(d.At) {
		return errPast.New(d.Chinese())
	}
	return nil
}

// Warning is what a publisher must take note of before a call goes out.
type Warning struct {
	Code string // filing_days or provisional
	Say  string
}

// Warnings lists what to take note of if the call were published now: a filing
// period shorter than the programme wants (S2: a lag between date and
// publication eats it), and a deadline in a year without an arrangement.
func (r *Round) Warnings(p *programme.Programme, c *calendar.Calendar, now time.Time) (all []Warning) {
	d, err := r.Computed(c)
	if err != nil || r.DeadlineDate.IsZero() {
		return nil
	}
	if n := r.FilingDays(c, now); n < p.Filing.MinDays {
		all = append(all, Warning{"filing_days", fmt.Sprintf("从发布到截止只有%d天，方案要求不少于%d天。", n, p.Filing.MinDays)})
	}
	if d.Provisional {
		all = append(all, Warning{"provisional", fmt.Sprintf("%d年的放假安排还没有公布，截止时间%s是暂算的。", d.Date.Year, d.Date.Chinese())})
	}
	return all
}

// FilingDays counts the natural days for filing if the call were published now:
// from the day after publication to the last day.
func (r *Round) FilingDays(c *calendar.Calendar, now time.Time) int {
	d, err := r.Computed(c)
	if err != nil {
		return 0
	}
	return max(0, calendar.DateOf(now).DaysUntil(d.Date))
}

// acknowledged: each warning was taken note of.
func (r *Round) acknowledged(f Facts, now time.Time) *fault.Fault {
	var open []string
	for _, w := range r.Warnings(f.Programme, f.Calendar, now) {
		if !slices.Contains(f.Acknowledged, w.Code) {
			open = append(open, w.Say)
		}
	}
	if len(open) > 0 {
		return errUnread.New(strings.Join(open, ""))
	}
	return nil
}
