package designation

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"shifan/internal/calendar"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/stage"
)

// TextMax bounds a reason and a note, in characters.
const TextMax = 1000

var (
	errNotNamed = fault.Define(fault.Refused, "designation.name.not_named",
		"称号由印发的命名通知产生，命名日期不能空，也不能晚于今天。", "办法(六) 印发命名通知")
	errNotYet = fault.Define(fault.Refused, "designation.expire.early",
		"称号有效到%s 24:00，还没有到期。", "三 有效期3年")
	errEndless = fault.Define(fault.Refused, "designation.expire.endless",
		"方案没有设定有效期，称号不会到期。", "三 有效期3年；方案设定")
	errReason = fault.Define(fault.Invalid, "designation.reason",
		"%s没有填写，或超过1000字，或有看不见的控制字符。", "五(二) 动态管理")
	errNote = fault.Define(fault.Invalid, "designation.note",
		"备注超过1000字，或有看不见的控制字符。", "五(二) 动态管理")
	errOver = fault.Define(fault.Refused, "designation.pass.over",
		"称号已在%s到期，复查合格也不能续期，可以按新一届重新申报。", "三 有效期3年")
	errNotPlaque = fault.Define(fault.Refused, "designation.start.policy",
		"方案设定的有效期不从授牌起算，授牌不改变有效期。", "三 有效期3年；方案设定")
	errRegistered = fault.Define(fault.Refused, "designation.dissolve.registered",
		"持有单位登记正常，称号不能注销。先在单位信息里登记注销、撤销登记或合并。", "制度:法人注销")
	errSuccession = fault.Define(fault.Refused, "designation.dissolve.succession",
		"持有单位已并入其他单位，称号是否承继由会议审定，不能直接注销。", "制度:合并分立经决定承继")
	errKept = fault.Define(fault.Refused, "designation.abolish.kept",
		"方案没有废止，或者设定称号保留到期满，称号不随方案终止。", "创建示范活动管理办法（试行）")
)

// Live reports whether the title is held now: valid, or under an order to put
// things right.
func (d *Designation) Live() bool { return d.State == Valid || d.State == Rectifying }

// Ended reports whether the title came to an end, by whatever way.
func (d *Designation) Ended() bool { return !d.Live() }

// Award is what a naming gives to one holder.
type Award struct {
	ID           id.Designation
	Round        id.Round
	Application  id.Application
	Organisation id.Organisation
	Naming       id.Naming
	Number       string        // 2026-007
	Name         string        // the holder's at the decision (S59)
	Category     string        // of the application (S8)
	NamedOn      calendar.Date // date of the naming document
}

// New returns the title that a naming document gives, valid for as long as the
// programme says (S15).
func New(by stage.Actor, a Award, p *programme.Programme, now time.Time) (*Designation, stage.Move, error) {
	m := stage.Move{Act: "name", By: by.Role, To: Valid, Basis: "办法(六) 印发命名通知；三 有效期3年"}
	if a.NamedOn.IsZero() || a.NamedOn.After(calendar.DateOf(now)) || a.Name == "" || a.Number == "" {
		return nil, m, errNotNamed.New()
	}
	d := &Designation{
		ID: a.ID, Programme: p.Name, Round: a.Round, Application: a.Application, Organisation: a.Organisation, Naming: a.Naming,
		Number: a.Number, Name: a.Name, Category: a.Category, NamedOn: a.NamedOn,
	}
	if err := d.term(beginning(p.Validity, a.NamedOn), p); err != nil {
		return nil, m, err
	}
	d.moved(m, a.NamedOn, now)
	return d, m, nil
}

// beginning: the validity runs from the naming document, or from 1 January after
// it (S15). Where it runs from the plaque it runs from the naming until that is
// handed over, because a naming without a plaque is valid (S60). By calendar
// years the first day is 1 January anyway, and nothing is added twice.
func beginning(v programme.Validity, named calendar.Date) calendar.Date {
	if v.From == "january" && v.Policy != calendar.CalendarYear {
		return calendar.On(named.Year+1, time.January, 1)
	}
	return named
}

// term sets the first and last valid day and the day by which the recheck is due.
func (d *Designation) term(from calendar.Date, p *programme.Programme) error {
	first, last, err := calendar.Validity(from, p.Validity.Years, p.Validity.Policy)
	if err != nil {
		return err
	}
	d.ValidFrom, d.ValidTo = first, last
	d.RecheckDue = recheckDue(first, last, p.Recheck)
	return nil
}

// recheckDue: every so many years counted from the title, or for all titles of a
// programme at the end of the same years (S68). It is due before the last valid
// day, so that its outcome comes in time; none falls due after that.
func recheckDue(from, last calendar.Date, r programme.Recheck) calendar.Date {
	if r.EveryYears == 0 {
		return calendar.Date{}
	}
	due := from.AddYears(r.EveryYears)
	if r.Anchor == "programme" {
		year := from.Year + 1
		for year%r.EveryYears != 0 {
			year++
		}
		due = calendar.On(year, time.December, 31)
	}
	if last.IsZero() || due.Before(last) {
		return due
	}
	return last.AddDays(-1)
}

// Start lets the validity run from the day on which the plaque was handed over,
// where the programme says so (S15, S60).
func (d *Designation) Start(by stage.Actor, handed calendar.Date, p *programme.Programme, now time.Time) (stage.Move, error) {
	m, err := Kind.Step(d.State, "start", by.Role)
	if err != nil {
		return m, err
	}
	if p.Validity.From != "plaque" {
		return m, errNotPlaque.New()
	}
	if err := d.term(handed, p); err != nil {
		return m, err
	}
	d.moved(m, handed, now)
	return m, nil
}

// OrderRectification puts the title under an order to put things right (S70). It
// stays valid.
func (d *Designation) OrderRectification(by stage.Actor, now time.Time) (stage.Move, error) {
	return d.step(by, "order_rectification", now)
}

// Restore lifts the order: things were put right (S71).
func (d *Designation) Restore(by stage.Actor, now time.Time) (stage.Move, error) {
	return d.step(by, "restore", now)
}

// Pass carries out a recheck that was passed, on a title whose time has not run
// out. Where the programme lets a recheck renew (the default) the title lasts
// for another term after its last day; otherwise it keeps its last day and only
// the next recheck moves on (S68).
func (d *Designation) Pass(by stage.Actor, recheck id.Recheck, p *programme.Programme, now time.Time) (stage.Move, error) {
	renews := p.Recheck.Effect == "" || p.Recheck.Effect == "renew"
	act := "keep"
	if renews {
		act = "renew"
	}
	m, err := Kind.Step(d.State, act, by.Role)
	if err != nil {
		return m, err
	}
	if !d.ValidTo.IsZero() && !now.Before(d.ValidTo.End()) {
		return m, errOver.New(d.ValidTo.Chinese())
	}
	today := calendar.DateOf(now)
	switch {
	case d.ValidTo.IsZero():
		d.RecheckDue = nextDue(d.RecheckDue, calendar.Date{}, p.Recheck)
	case renews:
		if err := d.renew(recheck, today, p); err != nil {
			return m, err
		}
	default:
		d.RecheckDue = nextDue(d.RecheckDue, d.ValidTo, p.Recheck)
	}
	d.moved(m, today, now)
	return m, nil
}

// Retain carries out a recheck that was passed beside those of the term: the title is
// what it was, and so are its last day and its next recheck.
func (d *Designation) Retain(by stage.Actor, now time.Time) (stage.Move, error) {
	return d.step(by, "keep", now)
}

// renew adds a term after the last valid day: from 15 September 2024 three years
// last to 15 September 2027, with no day between and none counted twice.
func (d *Designation) renew(recheck id.Recheck, today calendar.Date, p *programme.Programme) error {
	first, last, err := calendar.Validity(d.ValidTo, p.Validity.Years, p.Validity.Policy)
	if err != nil {
		return err
	}
	d.Renewals = append(d.Renewals[:len(d.Renewals):len(d.Renewals)], Renewal{On: today, From: d.ValidTo.AddDays(1), To: last, Recheck: recheck})
	d.ValidTo, d.RecheckDue = last, recheckDue(first, last, p.Recheck)
	return nil
}

// nextDue is the recheck after the one that was due, if it falls due in time.
func nextDue(due, last calendar.Date, r programme.Recheck) calendar.Date {
	if r.EveryYears == 0 || due.IsZero() {
		return calendar.Date{}
	}
	next := due.AddYears(r.EveryYears)
	if !last.IsZero() && !next.Before(last) {
		return calendar.Date{}
	}
	return next
}

// Expire ends the title at 24:00 of its last valid day (S15).
func (d *Designation) Expire(by stage.Actor, now time.Time) (stage.Move, error) {
	m, err := Kind.Step(d.State, "expire", by.Role)
	if err != nil {
		return m, err
	}
	switch {
	case d.ValidTo.IsZero():
		return m, errEndless.New()
	case now.Before(d.ValidTo.End()):
		return m, errNotYet.New(d.ValidTo.Chinese())
	}
	d.end(m, d.ValidTo, "有效期届满", now)
	return m, nil
}

// Revoke withdraws the title by the committee's decision (S72). What comes
// before it is the chapter of revocation.
func (d *Designation) Revoke(by stage.Actor, reason string, now time.Time) (stage.Move, error) {
	return d.finish(by, "revoke", "撤销的理由", reason, now)
}

// Reinstate gives a withdrawn title back after an appeal. Its last day stays; if
// that has passed the clock ends it.
func (d *Designation) Reinstate(by stage.Actor, now time.Time) (stage.Move, error) {
	m, err := d.step(by, "reinstate", now)
	if err == nil {
		d.EndedOn, d.Reason = calendar.Date{}, ""
	}
	return m, err
}

// Return gives the title back. Only its holder does, and for good (S73).
func (d *Designation) Return(by stage.Actor, reason string, now time.Time) (stage.Move, error) {
	if by.Role == stage.Applicant && by.Organisation != d.Organisation {
		return stage.Move{}, fault.Missing()
	}
	return d.finish(by, "return", "交回的理由", reason, now)
}

// Holder is what is known of the organisation that holds a title.
type Holder struct {
	Registered bool            // its registration stands
	EndedOn    calendar.Date   // otherwise, the day on which it ended
	Word       string          // and how, 已注销
	Successor  id.Organisation // whom it was merged into; of several, the one that is decided about; empty: none waits

	Heirs []id.Organisation // all it was split up into, where several; registered, or decided about
}

// Dissolve ends the title because its holder is no more (S73). Where the holder
// was merged the committee decides about the successor first: against it, the
// chair's move carries that out with the item (Refuse); for it, Succeed does.
func (d *Designation) Dissolve(by stage.Actor, h Holder, decision id.Item, now time.Time) (stage.Move, error) {
	m, err := Kind.Step(d.State, "dissolve", by.Role)
	if err != nil {
		return m, err
	}
	switch {
	case h.Registered:
		return m, errRegistered.New()
	case h.Successor != "" && decision == "":
		return m, errSuccession.New()
	}
	d.end(m, h.EndedOn, "持有单位"+h.Word, now)
	return m, nil
}

// Abolish ends the title with its programme, where the programme's own policy
// says so (facts.md §5).
func (d *Designation) Abolish(by stage.Actor, p *programme.Programme, s stage.State, on calendar.Date, now time.Time) (stage.Move, error) {
	m, err := Kind.Step(d.State, "abolish", by.Role)
	if err != nil {
		return m, err
	}
	if !p.EndsTitles(s) {
		return m, errKept.New()
	}
	d.end(m, on, "方案废止", now)
	return m, nil
}

// Annotate writes the office's own note beside the title.
func (d *Designation) Annotate(by stage.Actor, note string) (stage.Move, error) {
	m, err := Kind.Step(d.State, "note", by.Role)
	if err != nil {
		return m, err
	}
	if note != "" && !Readable(note) {
		return m, errNote.At("note")
	}
	d.Note = note
	return m, nil
}

// finish ends the title today, for a reason that somebody wrote.
func (d *Designation) finish(by stage.Actor, act, what, reason string, now time.Time) (stage.Move, error) {
	m, err := Kind.Step(d.State, act, by.Role)
	if err != nil {
		return m, err
	}
	if !Readable(reason) {
		return m, errReason.At("reason", what)
	}
	d.end(m, calendar.DateOf(now), reason, now)
	return m, nil
}

func (d *Designation) step(by stage.Actor, act string, now time.Time) (stage.Move, error) {
	m, err := Kind.Step(d.State, act, by.Role)
	if err == nil {
		d.moved(m, calendar.DateOf(now), now)
	}
	return m, err
}

func (d *Designation) end(m stage.Move, on calendar.Date, reason string, now time.Time) {
	d.EndedOn, d.Reason = on, reason
	d.moved(m, on, now)
}

// moved sets the state and writes the line of the history.
func (d *Designation) moved(m stage.Move, on calendar.Date, now time.Time) {
	d.State, d.ChangedAt = m.To, now
	d.History = append(d.History[:len(d.History):len(d.History)], Change{On: on, Act: m.Act, To: m.To})
}

// Readable reports whether a text is there, not too long, and without signs that
// nobody sees, line breaks excepted.
func Readable(text string) bool {
	return strings.TrimSpace(text) != "" && utf8.ValidString(text) && utf8.RuneCountInString(text) <= TextMax &&
		!strings.ContainsFunc(text, func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\r' && r != '\t' })
}
