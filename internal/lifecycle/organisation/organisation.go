package organisation

import (
	"slices"
	"time"

	"shifan/internal/calendar"
	"shifan/internal/creditcode"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/fact"
	"shifan/internal/lifecycle/stage"
)

// The states of an organisation's registration.
const (
	Registered   stage.State = "registered"
	Deregistered stage.State = "deregistered" // 注销
	StruckOff    stage.State = "struck_off"   // 撤销或者吊销登记
	Merged       stage.State = "merged"       // 并入其他组织, or split up: Successors says into whom
)

// Kind is the organisation's machine.
var Kind = stage.Kind{
	Name: "organisation", Label: "社会组织", Start: Registered,
	Moves: []stage.Move{
		{From: Registered, Act: "edit", By: stage.Applicant, To: Registered, Basis: "制度:单位情况如实填报"},
		{From: Registered, Act: "edit", By: stage.Clerk, To: Registered, Basis: "制度:单位情况如实填报"},
		{From: Registered, Act: "attach", By: stage.Applicant, To: Registered, Basis: "制度:单位情况附证明材料"},
		{From: Registered, Act: "attach", By: stage.Clerk, To: Registered, Basis: "制度:单位情况附证明材料"},
		{From: Registered, Act: "detach", By: stage.Applicant, To: Registered, Basis: "制度:单位情况附证明材料"},
		{From: Registered, Act: "detach", By: stage.Clerk, To: Registered, Basis: "制度:单位情况附证明材料"},
		{From: Registered, Act: "confirm", By: stage.Clerk, To: Registered, Basis: "制度:单位情况由办公室核实"},
		{From: Registered, Act: "amend", By: stage.Clerk, To: Registered, Basis: "制度:登记信息以登记管理机关为准"},
		{From: Registered, Act: "enter_code", By: stage.Clerk, To: Registered, Basis: "GB 32100-2015"},
		{From: Registered, Act: "cover", By: stage.Clerk, To: Registered, Basis: "制度:一个党组织可以覆盖几个单位"},
		{From: Registered, Act: "rule", By: stage.Clerk, To: Registered, Basis: "五(二) 从严从实审核把关"},
		{From: Registered, Act: "rule", By: stage.Director, To: Registered, Basis: "五(二) 从严从实审核把关"},
		{From: Registered, Act: "rename", By: stage.Clerk, To: Registered, Basis: "制度:统一社会信用代码不随名称变更"},
		{From: Registered, Act: "deregister", By: stage.Clerk, To: Deregistered, Basis: "社会团体登记管理条例等；制度:法人注销"},
		{From: Registered, Act: "strike_off", By: stage.Clerk, To: StruckOff, Basis: "社会团体登记管理条例等；制度:登记被撤销或者吊销"},
		{From: Registered, Act: "merge", By: stage.Clerk, To: Merged, Basis: "制度:合并分立"},
		{From: StruckOff, Act: "restore", By: stage.Clerk, To: Registered, Basis: "制度:撤销登记的决定被撤销"},
	},
	Ends: map[stage.State]bool{Deregistered: false, Merged: false},
	Words: map[string]string{
		"registered": "正常登记", "deregistered": "已注销", "struck_off": "登记已撤销或者吊销", "merged": "已合并或者分立",
		"register": "建档", "edit": "更新单位信息", "attach": "上传证明材料", "detach": "移除证明材料", "confirm": "核实", "amend": "更正登记信息", "enter_code": "补录代码", "cover": "调整党组织覆盖", "rule": "认定申报条件", "rename": "变更名称", "deregister": "注销",
		"strike_off": "撤销或者吊销登记", "merge": "合并或者分立", "restore": "恢复登记",
	},
}

// Organisation is a social organisation.
type Organisation struct {
	ID           id.Organisation
	Code         string   // the Unified Social Credit Code; unique for life; empty while only LegacyNumber is known
	Override     Override // why a code with a wrong check digit is right all the same
	LegacyNumber string   // 旧登记证号: enough to be known, not enough to apply (facts.md §1.3)
	Names        []Name   // the oldest first; the last one holds
	Kind         string   // association, service, foundation or other
	RegisteredOn calendar.Date
	Registrar    string // 登记管理机关
	Industry     string
	State        stage.State
	EndedOn      calendar.Date
	Successor    id.Organisation
	Others       []id.Organisation // what else it was split up into, beside Successor
	LegalHead    string            // 法定代表人, one of the few names that are kept
	Contact      string            // one office contact: an office telephone, never a person's
	Facts        fact.Facts
	Version      int64
}

// Name is a name with the day from which it holds.
type Name struct {
	Name string        `json:"name"`
	From calendar.Date `json:"from"`
}

// Override says who let a code with another check digit pass, and on what
// evidence (facts.md finding 8).
type Override struct {
	Reason   string     `json:"reason,omitempty"`
	Evidence string     `json:"evidence,omitempty"` // what was seen: the certificate, an extract of the register
	By       id.Account `json:"by,omitempty"`
	At       time.Time  `json:"at,omitzero"`
}

// Name returns the name that holds now.
func (o *Organisation) Name() string {
	if len(o.Names) == 0 {
		return ""
	}
	return o.Names[len(o.Names)-1].Name
}

// NameOn returns the name that held on a day: documents print the one of their
// day (S59). Before the first, the first.
func (o *Organisation) NameOn(day calendar.Date) string {
	for i := len(o.Names) - 1; i > 0; i-- {
		if !o.Names[i].From.After(day) {
			return o.Names[i].Name
		}
	}
	if len(o.Names) == 0 {
		return ""
	}
	return o.Names[0].Name
}

// Registration is what one says about an organisation when it is entered.
type Registration struct {
	Code, Name, LegacyNumber, Registrar, Industry, LegalHead, Contact string
	Kind                                                              string // only for codes that do not tell
	RegisteredOn                                                      calendar.Date
	Override                                                          Override // reason and evidence only
	Admitted                                                          bool     // a programme is about organisations of another register, and this is one
}

var (
	errRegister  = fault.Define(fault.Forbidden, "organisation.register.role", "单位建档由办公室经办人办理，%s不能建档。", "制度:未列明的行为一律不许")
	errCode      = fault.Define(fault.Invalid, "organisation.register.code", "%s", "GB 32100-2015")
	errNotSocial = fault.Define(fault.Invalid, "organisation.register.not_social",
		"代码%s不是社会组织的代码，也没有方案接受这一类单位申报。社会组织的代码以51、52、53或者59开头。", "GB 32100-2015")
	errNoCode   = fault.Define(fault.Invalid, "organisation.register.no_code", "填写统一社会信用代码。还没有换发的，填写旧登记证号。", "GB 32100-2015")
	errOverride = fault.Define(fault.Invalid, "organisation.register.override",
		"校验码不符的代码要写明为什么仍然有效，以及看过什么证明。", "制度:校验不符须写明理由和依据")
	errSameName = fault.Define(fault.Invalid, "organisation.rename.same", "新名称和现用名称相同。", "")
	errEarlier  = fault.Define(fault.Invalid, "organisation.rename.earlier", "变更日期%s不晚于现用名称启用的%s。核对日期。", "")
	errOthers   = fault.Define(fault.Invalid, "organisation.merge.others", "分立成的单位逐个写明，不能重复，不能是本单位，最多%d个。", "制度:合并分立")
	errInto     = fault.Define(fault.Invalid, "organisation.merge.successor", "写明并入哪个单位，不能是本单位。", "制度:合并分立")
)

// Register enters an organisation. Only a clerk does; the code must be a social
// organisation's, or one of a register that a programme is about, and one whose
// check digit fails needs an override. At which level it is registered is a rule
// of eligibility and not of this act (facts.md §1.1).
func Register(by stage.Actor, in Registration, now time.Time) (*Organisation, stage.Move, error) {
	if !Kind.Takes("confirm", by.Role) {
		return nil, stage.Move{}, errRegister.New(by.Role.Word())
	}
	today := calendar.DateOf(now)
	o := &Organisation{
		LegacyNumber: in.LegacyNumber, Kind: in.Kind, RegisteredOn: in.RegisteredOn, Registrar: in.Registrar, Industry: in.Industry,
		LegalHead: in.LegalHead, Contact: in.Contact, State: Registered,
	}
	faults := []*fault.Fault{o.setCode(in, by, now), fact.Text("name", "单位名称", in.Name, fact.NameMax, true)}
	if err := fault.All(append(faults, o.Amendment().check(today)...)...); err != nil {
		return nil, stage.Move{}, err
	}
	o.Names = []Name{{in.Name, in.RegisteredOn}}
	return o, stage.Move{Act: "register", By: by.Role, To: Registered, Basis: "制度:申报单位先建档"}, nil
}

func (o *Organisation) setCode(in Registration, by stage.Actor, now time.Time) *fault.Fault {
	if creditcode.Normalise(in.Code) == "" {
		if in.LegacyNumber == "" {
			return errNoCode.At("code")
		}
		return nil
	}
	c := creditcode.Check(in.Code)
	switch {
	case c.Result == creditcode.Invalid, c.Result == creditcode.Mismatch && in.Override.Reason == "" && in.Override.Evidence == "":
		return errCode.At("code", c.Reason)
	case !creditcode.Social(c.Code) && !in.Admitted:
		return errNotSocial.At("code", c.Code)
	case c.Result == creditcode.Mismatch:
		for _, s := range []string{in.Override.Reason, in.Override.Evidence} {
			if fact.Text("override", "理由", s, fact.TextMax, true) != nil {
				return errOverride.At("override")
			}
		}
		o.Override = Override{Reason: in.Override.Reason, Evidence: in.Override.Evidence, By: by.Account, At: now}
	}
	o.Code, o.Kind = c.Code, creditcode.KindOf(c.Code)
	return nil
}

// Rename gives the organisation another name from a day on. The code stays.
func (o *Organisation) Rename(by stage.Actor, name string, from calendar.Date, now time.Time) (stage.Move, error) {
	m, err := Kind.Step(o.State, "rename", by.Role)
	if err != nil {
		return m, err
	}
	faults := []*fault.Fault{fact.Text("name", "新名称", name, fact.NameMax, true), fact.Past("from", "变更日期", from, calendar.DateOf(now))}
	if name == o.Name() {
		faults = append(faults, errSameName.At("name"))
	}
	if last := o.Names[len(o.Names)-1]; !from.IsZero() && !from.After(last.From) {
		faults = append(faults, errEarlier.At("from", from.Chinese(), last.From.Chinese()))
	}
	if err := fault.All(faults...); err != nil {
		return m, err
	}
	o.Names = append(o.Names[:len(o.Names):len(o.Names)], Name{name, from})
	return m, nil
}

// End ends the registration on a day: act is deregister, strike_off or merge,
// and only merge names a successor, and others beside it when the organisation was
// split up, SuccessorsMost in all. What the organisation holds is for the chapters of
// its titles (S73).
func (o *Organisation) End(by stage.Actor, act string, on calendar.Date, successor id.Organisation, now time.Time, others ...id.Organisation) (stage.Move, error) {
	m, err := Kind.Step(o.State, act, by.Role)
	if err != nil {
		return m, err
	}
	if f := fact.Past("on", "日期", on, calendar.DateOf(now)); f != nil {
		return m, f
	}
	if (act == "merge") != (successor != "" && successor != o.ID) {
		return m, errInto.At("successor")
	}
	for i, other := range others {
		if act != "merge" || other == "" || other == o.ID || other == successor || slices.Contains(others[:i], other) || len(others) >= SuccessorsMost {
			return m, errOthers.At("successor", SuccessorsMost)
		}
	}
	o.State, o.EndedOn, o.Successor, o.Others = m.To, on, successor, others
	return m, nil
}

// SuccessorsMost is how many organisations one is split up into at most.
const SuccessorsMost = 10

// Successors lists what the organisation went into, in the order in which it was
// entered; more than one when it was split up.
func (o *Organisation) Successors() []id.Organisation {
	if o.Successor == "" {
		return nil
	}
	return append([]id.Organisation{o.Successor}, o.Others...)
}

// Restore takes back a striking-off that was itself quashed.
func (o *Organisation) Restore(by stage.Actor) (stage.Move, error) {
	m, err := Kind.Step(o.State, "restore", by.Role)
	if err != nil {
		return m, err
	}
	o.State, o.EndedOn = m.To, calendar.Date{}
	return m, nil
}
