package designation

import (
	"time"

	"shifan/internal/calendar"
	"shifan/internal/fault"
	"shifan/internal/lifecycle/fact"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/stage"
)

// The longest number and document number of a title from before the system, in
// characters.
const (
	numberMax   = 40
	documentMax = 60
)

var (
	errImporter = fault.Define(fault.Forbidden, "designation.import.role", "系统外命名的称号由办公室经办人补录，%s不能补录。", "制度:未列明的行为一律不许")
	errTerm     = fault.Define(fault.Invalid, "designation.import.term", "有效期止于%s，早于起始的%s。核对两个日期。", "三 有效期3年")
	errBefore   = fault.Define(fault.Invalid, "designation.import.before", "有效期自%s，早于命名日期%s。核对两个日期。", "三 有效期3年")
	errNumber   = fault.Define(fault.Invalid, "designation.import.number", "编号%s已经是%s（%s命名）的。核对编号。", "三 授牌确认：编号不重复")
	errTwice    = fault.Define(fault.Invalid, "designation.import.twice", "这个单位已有同日命名的称号，编号%s。核对编号和命名日期；是同一个称号的，只保留一行。", "三 授牌确认：编号不重复")
	errHolds    = fault.Define(fault.Invalid, "designation.import.holds", "这个单位现在持有编号%s的称号，有效期和这一行重叠。核对有效期；以前的称号已经由后一个代替的，填写它实际终止的日期。", "五(二) 动态管理")
	errCategory = fault.Define(fault.Invalid, "designation.import.category", "方案没有“%s”这个类别。核对类别，或者清空这一格。", "一 申报单位类别")
)

// Former is a title that was given outside the system, as the office has it in its
// lists.
type Former struct {
	Award               // Round, Application and Naming are empty
	Basis string        // the document number of the naming
	From  calendar.Date // the first valid day; zero: as the programme counts it
	To    calendar.Date // the last one; zero: as the programme counts it
}

// Import takes a title that was given outside the system into the register (S66): from
// then on it lasts, is rechecked, put right and withdrawn as any other. Held are the
// titles that its holder has in the programme. Where its time is over already it comes in
// as expired, by the second move.
func Import(by stage.Actor, f Former, p *programme.Programme, held []Designation, now time.Time) (*Designation, []stage.Move, error) {
	m := stage.Move{Act: "import", By: by.Role, To: Valid, Basis: "制度:系统外命名的凭命名文件补录"}
	if !Kind.Takes("note", by.Role) {
		return nil, nil, errImporter.New(by.Role.Word())
	}
	today := calendar.DateOf(now)
	if err := fault.All(
		fact.Text("number", "编号", f.Number, numberMax, true), fact.Text("doc_number", "命名文号", f.Basis, documentMax, true),
		fact.Text("name", "单位名称", f.Name, fact.NameMax, true), fact.Past("named_on", "命名日期", f.NamedOn, today), category(f.Category, p),
	); err != nil {
		return nil, nil, err
	}
	d := &Designation{
		ID: f.ID, Programme: p.Name, Organisation: f.Organisation, Number: f.Number, Name: f.Name, Category: f.Category, NamedOn: f.NamedOn, Basis: f.Basis,
	}
	if err := d.formerTerm(f, p, today); err != nil {
		return nil, nil, err
	}
	if err := alone(d, held); err != nil {
		return nil, nil, err
	}
	d.moved(m, d.NamedOn, now)
	moves := []stage.Move{m}
	if !d.ValidTo.IsZero() && !now.Before(d.ValidTo.End()) {
		m, err := d.Expire(stage.TheClock, now)
		if err != nil {
			return nil, nil, err
		}
		moves = append(moves, m)
	}
	return d, moves, nil
}

func category(code string, p *programme.Programme) *fault.Fault {
	if code == "" {
		return nil
	}
	for _, c := range p.Applicants.Categories {
		if c.Code == code {
			return nil
		}
	}
	return errCategory.At("category", code)
}

// formerTerm sets the days of a title that was given outside the system. What was
// rechecked before nobody knows here: the next recheck is the first of its days that has
// not passed.
func (d *Designation) formerTerm(f Former, p *programme.Programme, today calendar.Date) error {
	from := f.From
	if from.IsZero() {
		from = beginning(p.Validity, f.NamedOn)
	}
	if from.Before(f.NamedOn) {
		return errBefore.At("valid_from", from.Chinese(), f.NamedOn.Chinese())
	}
	if err := d.term(from, p); err != nil {
		return err
	}
	if !f.From.IsZero() {
		d.ValidFrom = f.From
	}
	if !f.To.IsZero() {
		d.ValidTo = f.To
		d.RecheckDue = recheckDue(d.ValidFrom, d.ValidTo, p.Recheck)
	}
	if !d.ValidTo.IsZero() && d.ValidTo.Before(d.ValidFrom) {
		return errTerm.At("valid_to", d.ValidTo.Chinese(), d.ValidFrom.Chinese())
	}
	for !d.RecheckDue.IsZero() && d.RecheckDue.Before(today) {
		d.RecheckDue = nextDue(d.RecheckDue, d.ValidTo, p.Recheck)
	}
	if !d.ValidTo.IsZero() && d.RecheckDue.IsZero() && p.Recheck.EveryYears > 0 && d.ValidTo.AddDays(-1).After(today) {
		d.RecheckDue = d.ValidTo.AddDays(-1) // it falls due before the last day, whatever was before
	}
	return nil
}

// alone: a holder has one title of a day, and no two that are valid at once.
func alone(d *Designation, held []Designation) error {
	for _, h := range held {
		if h.NamedOn == d.NamedOn {
			return errTwice.At("named_on", h.Number)
		}
		last := h.ValidTo
		if h.Ended() {
			last = h.EndedOn
		}
		if (last.IsZero() || !last.Before(d.ValidFrom)) && (d.ValidTo.IsZero() || !d.ValidTo.Before(h.ValidFrom)) {
			return errHolds.At("valid_to", h.Number)
		}
	}
	return nil
}

// Taken is the refusal of a number that another title of the programme has.
func Taken(by *Designation) error {
	return errNumber.At("number", by.Number, by.Name, by.NamedOn.Chinese())
}

// Is reports whether a row of a list is the title itself, which is in the register
// already.
func (d *Designation) Is(f Former) bool {
	return d.Number == f.Number && d.Organisation == f.Organisation && d.NamedOn == f.NamedOn
}
