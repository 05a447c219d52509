package organisation

import (
	"strings"
	"time"

	"shifan/internal/calendar"
	"shifan/internal/fault"
	"shifan/internal/lifecycle/fact"
	"shifan/internal/lifecycle/party"
	"shifan/internal/lifecycle/stage"
)

var errConfirmed = fault.Define(fault.Refused, "organisation.edit.confirmed",
	"有办公室已经核实的内容（%s），申报单位不能改动。有出入的，请联系办公室。", "制度:核实过的内容由办公室改动")

// Edit replaces the organisation's facts. What did not change keeps its source;
// what did is declared by the organisation, or confirmed when the office writes
// it. An organisation does not touch what the office confirmed (S65).
func (o *Organisation) Edit(by stage.Actor, f fact.Facts, now time.Time) (stage.Move, error) {
	return o.EditFrom(by, f, source(by, calendar.DateOf(now)), now)
}

// EditFrom is Edit for facts that stand in a list or document of another day. An
// applicant's are declared whatever they are from.
func (o *Organisation) EditFrom(by stage.Actor, f fact.Facts, from fact.Source, now time.Time) (stage.Move, error) {
	m, err := Kind.Step(o.State, "edit", by.Role)
	if err != nil {
		return m, err
	}
	today := calendar.DateOf(now)
	if err := f.Check(today); err != nil {
		return m, err
	}
	src := source(by, today)
	if src.Confirmed {
		src.On, src.Of = from.On, from.Of
	}
	f, touched := f.Settle(o.Facts, src)
	if by.Role == stage.Applicant && len(touched) > 0 {
		return m, errConfirmed.New(strings.Join(touched, "、"))
	}
	o.Facts = f
	return m, nil
}

// Confirm says that the office compared everything declared with the register
// and found it so (facts.md: each fact self-declared or confirmed).
func (o *Organisation) Confirm(by stage.Actor, now time.Time) (stage.Move, error) {
	m, err := Kind.Step(o.State, "confirm", by.Role)
	if err != nil {
		return m, err
	}
	o.Facts = o.Facts.Confirm(source(by, calendar.DateOf(now)))
	return m, nil
}

// source says who stands behind what an actor writes: the office confirms,
// everybody else declares.
func source(by stage.Actor, today calendar.Date) fact.Source {
	return fact.Source{Confirmed: by.Role != stage.Applicant, By: by.Account, On: today}
}

// EditParty replaces what is known of a Party organisation that covers o.
func (o *Organisation) EditParty(by stage.Actor, was, p *party.Body, now time.Time) (stage.Move, error) {
	m, err := Kind.Step(o.State, "edit", by.Role)
	if err != nil {
		return m, err
	}
	today := calendar.DateOf(now)
	if err := p.Check(today); err != nil {
		return m, err
	}
	if was.Source.Confirmed && by.Role == stage.Applicant {
		return m, errConfirmed.New("党组织情况")
	}
	p.Source = source(by, today)
	return m, nil
}
