package organisation

import (
	"time"

	"shifan/internal/calendar"
	"shifan/internal/fault"
	"shifan/internal/lifecycle/fact"
	"shifan/internal/lifecycle/stage"
)

// Amendment is what of a registration may be put right later. The name has its
// own act, and the code never changes.
type Amendment struct {
	LegacyNumber, Registrar, Industry, LegalHead, Contact string
	RegisteredOn                                          calendar.Date
}

// Amendment returns what stands now.
func (o *Organisation) Amendment() Amendment {
	return Amendment{o.LegacyNumber, o.Registrar, o.Industry, o.LegalHead, o.Contact, o.RegisteredOn}
}

var errBeforeNames = fault.Define(fault.Invalid, "organisation.amend.registered_on", "成立登记日期晚于%s的名称变更。核对日期。", "")

// Amend puts the registration right: another legal head, another telephone, a
// slip of the pen.
func (o *Organisation) Amend(by stage.Actor, in Amendment, now time.Time) (stage.Move, error) {
	m, err := Kind.Step(o.State, "amend", by.Role)
	if err != nil {
		return m, err
	}
	faults := in.check(calendar.DateOf(now))
	if len(o.Names) > 1 && !in.RegisteredOn.Before(o.Names[1].From) {
		faults = append(faults, errBeforeNames.At("registered_on", o.Names[1].From.Chinese()))
	}
	if o.Code == "" && in.LegacyNumber == "" {
		faults = append(faults, errNoCode.At("legacy_number"))
	}
	if err := fault.All(faults...); err != nil {
		return m, err
	}
	o.LegacyNumber, o.Registrar, o.Industry, o.LegalHead, o.Contact, o.RegisteredOn = in.LegacyNumber, in.Registrar, in.Industry, in.LegalHead, in.Contact, in.RegisteredOn
	o.Names[0].From = in.RegisteredOn
	return m, nil
}

// check says what is wrong with a registration, its name and code aside.
func (in Amendment) check(today calendar.Date) []*fault.Fault {
	return []*fault.Fault{
		fact.Text("legacy_number", "旧登记证号", in.LegacyNumber, fact.NameMax, false),
		fact.Text("registrar", "登记管理机关", in.Registrar, fact.NameMax, true), fact.Text("industry", "行业", in.Industry, fact.NameMax, false),
		fact.Text("legal_head", "法定代表人", in.LegalHead, fact.NameMax, false), fact.Text("contact", "联系电话", in.Contact, fact.NameMax, false),
		fact.Past("registered_on", "成立登记日期", in.RegisteredOn, today),
	}
}

var (
	errHasCode   = fault.Define(fault.Refused, "organisation.enter_code.known", "代码%s已经登记，终身不变。", "GB 32100-2015")
	errEmptyCode = fault.Define(fault.Invalid, "organisation.enter_code.empty", "填写换发的统一社会信用代码。", "GB 32100-2015")
)

// EnterCode adds the code of an organisation that had only an old number, once
// its certificate was exchanged (facts.md §1.3).
func (o *Organisation) EnterCode(by stage.Actor, code string, override Override, now time.Time) (stage.Move, error) {
	m, err := Kind.Step(o.State, "enter_code", by.Role)
	if err != nil {
		return m, err
	}
	if o.Code != "" {
		return m, errHasCode.New(o.Code)
	}
	if err := fault.All(o.setCode(Registration{Code: code, LegacyNumber: o.LegacyNumber, Override: override}, by, now)); err != nil {
		return m, err
	}
	if o.Code == "" {
		return m, errEmptyCode.At("code")
	}
	return m, nil
}
