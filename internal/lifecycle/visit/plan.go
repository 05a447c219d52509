package visit

import (
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"shifan/internal/calendar"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/assessment"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/review"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/lifecycle/team"
)

var (
	errShort = fault.Define(fault.Refused, "visit.team.short",
		"考核组不足%d人或没有组长，先补齐考核组。", "办法(三) 组织考核组；方案设定的人数")
	errDay = fault.Define(fault.Invalid, "visit.schedule.day",
		"考核日期没有填写，或已经过去。填今天以后的日期。", "办法(三)")
	errTime = fault.Define(fault.Invalid, "visit.schedule.time",
		"考核时间写成 09:30 的样子。", "办法(三)")
	errPlace = fault.Define(fault.Invalid, "visit.schedule.place",
		"考核地点没有填写，或超过200字。", "办法(三) 深入实地")
	errNotice = fault.Define(fault.Invalid, "visit.schedule.notice",
		"要提前%d个工作日通知，最早%s。", "方案设定的通知时间")
	errProposal = fault.Define(fault.Invalid, "visit.propose.day",
		"提议的日期没有填写，或不在今天以后，或就是现在安排的日期。", "办法(三)")
	errPassed = fault.Define(fault.Refused, "visit.answer.late",
		"考核日已到，不能再确认或提议改期。有事请联系办公室。", "办法(三)")
	errOnTeam = fault.Define(fault.Refused, "visit.declare.not_on_team",
		"不在考核组里，不用声明回避。", "制度:回避")
)

// Compose makes or changes the team (S48). pool lists who may be chosen. Who leaves
// the team is kept with the reason.
func (v *Visit) Compose(by stage.Actor, c team.Choice, pool []Seat, s programme.Visit, ties review.Interests, now time.Time) (stage.Move, error) {
	m, err := Kind.Step(v.State, "team", by.Role)
	if err != nil {
		return m, err
	}
	seats, err := team.Compose(v.Team, c, pool, s, ties)
	if err != nil {
		return m, err
	}
	for _, old := range v.Team {
		if !slices.Contains(c.Members, old.Account) {
			v.Replaced = append(v.Replaced, Replaced{Account: old.Account, Name: old.Name, Why: c.Why, At: now})
		}
	}
	v.Team = seats
	return m, nil
}

// Slot is when and where.
type Slot struct {
	On    calendar.Date
	At    string // 09:30
	Place string
}

// Schedule sets the day and tells the organisation, some working days before
// (S49). Scheduling again needs a reason; a day that the organisation proposed
// itself needs no notice.
func (v *Visit) Schedule(by stage.Actor, slot Slot, reason string, s programme.Visit, c *calendar.Calendar, now time.Time) (stage.Move, error) {
	act := "schedule"
	if v.State == Scheduled {
		act = "reschedule"
	}
	m, err := Kind.Step(v.State, act, by.Role)
	if err != nil {
		return m, err
	}
	if !v.manned(s) {
		return m, errShort.New(team.Of(s))
	}
	today := calendar.DateOf(now)
	wrong := []*fault.Fault{v.inTime(slot.On, today, s.NoticeDays, c)}
	if !clockTime.MatchString(slot.At) {
		wrong = append(wrong, errTime.At("at"))
	}
	if p := strings.TrimSpace(slot.Place); p == "" || utf8.RuneCountInString(p) > 200 || review.Kept("place", "", p) != nil {
		wrong = append(wrong, errPlace.At("place"))
	}
	if act == "reschedule" {
		wrong = append(wrong, review.Written("reason", "改期的原因", reason))
	}
	if err := fault.All(wrong...); err != nil {
		return m, err
	}
	agreed := v.Answer.Proposed() && v.Answer.Day == slot.On
	v.State, v.On, v.At, v.Place, v.NoticedOn, v.Reason = m.To, slot.On, slot.At, strings.TrimSpace(slot.Place), today, reason
	v.Answer = Answer{Confirmed: agreed, At: v.Answer.At}
	if !agreed {
		v.Answer = Answer{}
	}
	return m, nil
}

var clockTime = regexp.MustCompile(`^([01][0-9]|2[0-3]):[0-5][0-9]$`)

// manned reports whether the team is complete.
func (v *Visit) manned(s programme.Visit) bool { return len(v.Team) >= team.Of(s) && v.Leader() != nil }

// Earliest returns the first day that a visit announced today may be on: the
// n-th working day after it.
func Earliest(today calendar.Date, s programme.Visit, c *calendar.Calendar) calendar.Date {
	p, err := c.AddWorkingDays(today, s.NoticeDays, false)
	if err != nil {
		return today.AddDays(1)
	}
	return p.Last
}

// inTime: the organisation is told some working days before, unless it proposed
// the day itself.
func (v *Visit) inTime(on, today calendar.Date, days int, c *calendar.Calendar) *fault.Fault {
	if on.IsZero() || !on.After(today) {
		return errDay.At("on")
	}
	if v.Answer.Proposed() && v.Answer.Day == on {
		return nil
	}
	if first := Earliest(today, programme.Visit{NoticeDays: days}, c); on.Before(first) {
		return errNotice.At("on", days, first.Chinese())
	}
	return nil
}

// Confirm is the organisation's yes to the day.
func (v *Visit) Confirm(by stage.Actor, now time.Time) (stage.Move, error) {
	m, err := v.answer("confirm", by, now)
	if err != nil {
		return m, err
	}
	v.Answer = Answer{Confirmed: true, At: now}
	return m, nil
}

// Propose is the organisation's wish for another day, with a reason. The day
// stands until the office arranges another.
func (v *Visit) Propose(by stage.Actor, day calendar.Date, at, reason string, now time.Time) (stage.Move, error) {
	m, err := v.answer("propose", by, now)
	if err != nil {
		return m, err
	}
	var wrong []*fault.Fault
	if day.IsZero() || day == v.On || !day.After(calendar.DateOf(now)) {
		wrong = append(wrong, errProposal.At("day"))
	}
	if !clockTime.MatchString(at) {
		wrong = append(wrong, errTime.At("at"))
	}
	if err := fault.All(append(wrong, review.Written("reason", "改期的原因", reason))...); err != nil {
		return m, err
	}
	v.Answer = Answer{Day: day, Time: at, Reason: reason, At: now}
	return m, nil
}

func (v *Visit) answer(act string, by stage.Actor, now time.Time) (stage.Move, error) {
	m, err := Kind.Step(v.State, act, by.Role)
	if err != nil {
		return m, err
	}
	if by.Organisation != v.Organisation {
		return m, fault.Missing()
	}
	if !calendar.DateOf(now).Before(v.On) {
		return m, errPassed.New()
	}
	return m, nil
}

// Declare keeps the tie that a member of the team has to the organisation, and
// takes the member off the team: the office finds another (S48).
func (v *Visit) Declare(by stage.Actor, reason string, now time.Time) (review.Interest, stage.Move, error) {
	m, err := Kind.Step(v.State, "declare", by.Role)
	if err != nil {
		return review.Interest{}, m, err
	}
	seat := v.Seat(by.Account)
	if seat == nil {
		return review.Interest{}, m, errOnTeam.New()
	}
	if err := fault.All(review.Written("reason", "回避理由", reason)); err != nil {
		return review.Interest{}, m, err
	}
	v.Replaced = append(v.Replaced, Replaced{Account: seat.Account, Name: seat.Name, Why: "回避", At: now})
	v.Team = slices.DeleteFunc(slices.Clone(v.Team), func(s Seat) bool { return s.Account == by.Account })
	return review.Tie(by.Account, v.Organisation, reason, now), m, nil
}

var errNoTie = fault.Define(fault.Invalid, "visit.redo.member",
	"选一名应当回避的组员。重新考核只因组员应回避而未回避。", "制度:应回避未回避的考核无效，重新考核")

// Redo voids a visit because a member of its team turned out to have an interest
// (S48). Everything that the team wrote is void; the others may go again. The
// tie that was found is returned, to be kept.
func (v *Visit) Redo(by stage.Actor, who id.Account, reason string, ties review.Interests, now time.Time) (review.Interest, stage.Move, error) {
	m, err := Kind.Step(v.State, "redo", by.Role)
	if err != nil {
		return review.Interest{}, m, err
	}
	if err := ties.Free(by.Account); err != nil {
		return review.Interest{}, m, err
	}
	seat := v.Seat(who)
	var wrong []*fault.Fault
	if seat == nil {
		wrong = append(wrong, errNoTie.At("member"))
	}
	if err := fault.All(append(wrong, review.Written("reason", "应当回避的原因", reason))...); err != nil {
		return review.Interest{}, m, err
	}
	v.Replaced = append(v.Replaced, Replaced{Account: seat.Account, Name: seat.Name, Why: "应回避未回避", At: now})
	v.Team = slices.DeleteFunc(slices.Clone(v.Team), func(s Seat) bool { return s.Account == who })
	for i := range v.Team {
		v.Team[i].Absent = ""
	}
	v.State, v.Reason = m.To, reason
	v.On, v.At, v.Place, v.NoticedOn, v.Answer = calendar.Date{}, "", "", calendar.Date{}, Answer{}
	v.Records, v.Findings, v.Opinion, v.Text, v.Signatures = map[string]assessment.Record{}, map[string]assessment.Finding{}, "", "", nil
	v.ReportedAt, v.EndedAt = time.Time{}, time.Time{}
	return review.Tie(who, v.Organisation, reason, now), m, nil
}
