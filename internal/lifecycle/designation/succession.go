package designation

import (
	"slices"
	"time"

	"shifan/internal/calendar"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/stage"
)

var (
	errNoSuccessor = fault.Define(fault.Refused, "designation.succeed.no_successor", "持有单位没有合并分立，没有承继单位。", "制度:合并分立经决定承继")
	errUndecided   = fault.Define(fault.Refused, "designation.succeed.undecided", "承继称号由会议审定，请先列入会议并表决。", "制度:合并分立经决定承继")
	errDecided     = fault.Define(fault.Refused, "designation.succeed.decided", "这个单位能否承继这一称号已经审定过，不能再次审定。", "制度:合并分立经决定承继")
	errLapsed      = fault.Define(fault.Refused, "designation.succeed.lapsed", "称号的有效期到%s为止，已经届满，没有可以承继的期限。可以按新一届重新申报。", "三 有效期3年；制度:合并分立经决定承继")
)

// Heir is one of the organisations into which a holder was split up, once the committee
// decided about it.
type Heir struct {
	Organisation id.Organisation `json:"organisation"`
	Title        id.Designation  `json:"title,omitempty"` // its own; empty: refused
	Item         id.Item         `json:"item"`
	On           calendar.Date   `json:"on"`
}

// Open lists those of the organisations a holder was split up into about which the
// committee has not decided, in the order in which they were entered.
func (d *Designation) Open(heirs []id.Organisation) []id.Organisation {
	return slices.DeleteFunc(slices.Clone(heirs), func(o id.Organisation) bool {
		return slices.ContainsFunc(d.Heirs, func(h Heir) bool { return h.Organisation == o })
	})
}

// decidable refuses a decision about a successor that is none, or that was decided about.
func (d *Designation) decidable(h Holder, decision id.Item) error {
	switch {
	case h.Registered || h.Successor == "" || len(h.Heirs) > 0 && !slices.Contains(h.Heirs, h.Successor):
		return errNoSuccessor.New()
	case decision == "":
		return errUndecided.New()
	case d.State == Succeeded && len(h.Heirs) == 0 || !slices.Contains(d.Open([]id.Organisation{h.Successor}), h.Successor):
		return errDecided.New()
	}
	return nil
}

// Succeed hands the title to the successor of its holder by the committee's
// decision, and returns the successor's own: valid from the day of the decision
// for the time that remains (S73). A title under an order passes on with a
// recheck due at once, so that nobody leaves an order behind by merging. Where
// the holder was split up each of those it went into is decided about by itself,
// and each that is to hold it gets a title of its own; the first ends this one.
func (d *Designation) Succeed(by stage.Actor, h Holder, a Award, decision id.Item, now time.Time) (*Designation, stage.Move, error) {
	m, err := Kind.Step(d.State, "succeed", by.Role)
	if err != nil {
		return nil, m, err
	}
	if err := d.decidable(h, decision); err != nil {
		return nil, m, err
	}
	if !d.ValidTo.IsZero() && !now.Before(d.ValidTo.End()) {
		return nil, m, errLapsed.New(d.ValidTo.Chinese())
	}
	today := calendar.DateOf(now)
	next := &Designation{
		ID: a.ID, Programme: d.Programme, Round: d.Round, Application: "", Organisation: h.Successor, Naming: d.Naming,
		Number: a.Number, Name: a.Name, Category: d.Category, NamedOn: today, ValidFrom: today, ValidTo: d.ValidTo, RecheckDue: d.RecheckDue, Predecessor: d.ID, Basis: d.Basis,
	}
	if d.owing() {
		next.RecheckDue = today
	}
	next.moved(Inherited(by), today, now)
	d.heard(h, Heir{h.Successor, a.ID, decision, today})
	if d.State != Succeeded {
		d.Successor, d.EndedOn, d.Reason = a.ID, today, "由承继单位持有"
	}
	d.moved(m, today, now)
	return next, m, nil
}

// Refuse carries out the committee's decision that a successor does not hold the title.
// When it was the last of those a holder was split up into and none holds it, and always
// after a merger, the title ends with its holder (S73).
func (d *Designation) Refuse(by stage.Actor, h Holder, decision id.Item, now time.Time) (stage.Move, error) {
	if len(h.Heirs) == 0 {
		return d.Dissolve(by, h, decision, now)
	}
	m, err := Kind.Step(d.State, "refuse", by.Role)
	if err != nil {
		return m, err
	}
	if err := d.decidable(h, decision); err != nil {
		return m, err
	}
	d.heard(h, Heir{Organisation: h.Successor, Item: decision, On: calendar.DateOf(now)})
	if d.Successor == "" && len(d.Open(h.Heirs)) == 0 {
		return d.Dissolve(by, h, decision, now)
	}
	d.moved(m, calendar.DateOf(now), now)
	return m, nil
}

// heard keeps what was decided about one of several successors.
func (d *Designation) heard(h Holder, one Heir) {
	if len(h.Heirs) > 0 {
		d.Heirs = append(d.Heirs[:len(d.Heirs):len(d.Heirs)], one)
	}
}

// owing reports whether the title is under an order, or was when it passed on.
func (d *Designation) owing() bool {
	n := slices.IndexFunc(d.History, func(c Change) bool { return c.To == Succeeded })
	return d.State == Rectifying || n > 0 && d.History[n-1].To == Rectifying
}

// Inherited is the move that begins a successor's title, for the record.
func Inherited(by stage.Actor) stage.Move {
	return stage.Move{Act: "inherit", By: by.Role, To: Valid, Basis: "制度:合并分立经决定承继"}
}
