package roster

import (
	"fmt"
	"slices"
	"time"

	"shifan/internal/calendar"
	"shifan/internal/chars"
	"shifan/internal/creditcode"
	"shifan/internal/fault"
	"shifan/internal/lifecycle/cell"
	"shifan/internal/lifecycle/heading"
	"shifan/internal/lifecycle/organisation"
	"shifan/internal/lifecycle/stage"
)

// Known finds what the register has already, by code and by old number.
type Known struct {
	ByCode   map[string]organisation.Organisation
	ByNumber map[string]organisation.Organisation // those without a code
}

// Of returns the organisation that a row is about, or false.
func (k Known) Of(r Row) (organisation.Organisation, bool) {
	if o, ok := k.ByCode[creditcode.Normalise(r.Text("code"))]; ok {
		return o, true
	}
	o, ok := k.ByNumber[r.Text("legacy_number")]
	return o, ok && r.Text("legacy_number") != ""
}

// CodeOf is the Unified Social Credit Code that a row is about, as it is kept.
func CodeOf(r Row) string { return creditcode.Normalise(r.Text("code")) }

// Planner judges the rows of one file, one after another.
type Planner struct {
	By     stage.Actor
	Now    time.Time
	Admits func(code string) (bool, error) // whether a programme lets such a code apply
	above  heading.Above
}

var (
	errAgain = fault.Define(fault.Invalid, "roster.row.again", "和第%d行是同一个单位，内容不同。只保留正确的一行。", "")
	errNamed = fault.Define(fault.Invalid, "roster.name.differs",
		"档案里的名称是“%s”。确实更名的，在“名称启用日期”填写更名日期；不是更名的，核对代码和名称。", "制度:统一社会信用代码不随名称变更")
	errFormer = fault.Define(fault.Invalid, "roster.name.former", "“%s”是曾用名，现用名称是“%s”。请改用现用名称。", "制度:统一社会信用代码不随名称变更")
	errState  = fault.Define(fault.Invalid, "roster.state.differs", "档案里的登记状态是“%s”。注销、撤销或者合并，请在该单位的页面办理。", "")
	errKind   = fault.Define(fault.Invalid, "roster.kind.differs", "代码表示类别是%s，这里写的是%s。核对代码和类别。", "GB 32100-2015")
)

// once says whether a row repeats one above it: same is true when it says the
// same.
func (p *Planner) once(r *cell.Reader) (same bool, err *fault.Fault) {
	key := r.Key()
	if key == "" {
		return false, nil
	}
	line, same := p.above.See(key, r.Row)
	if line == 0 || same {
		return same, nil
	}
	return false, errAgain.New(line)
}

// Organisation judges a row of the roster of organisations: what becomes of it,
// the organisation as it will be, and the acts that lead there. known is the
// organisation that the register has under its code or number, or nil.
func (p *Planner) Organisation(row Row, known *organisation.Organisation) (out Outcome, o *organisation.Organisation, moves []stage.Move) {
	r := &cell.Reader{Row: row}
	out = Outcome{Line: row.Line, Code: chars.Cut(r.Key(), 24), Name: chars.Cut(row.Text("name"), 40)}
	switch same, again := p.once(r); {
	case same:
		out.Result, out.Changes = Same, []string{"和上面的一行重复"}
		return out, nil, nil
	case again != nil:
		cell.Refuse(&out, row.List, again)
		return out, nil, nil
	}
	in := p.registration(r)
	state := r.Word("state", states())
	r.Unpersonal()
	if err := fault.All(r.Faults...); err != nil {
		cell.Refuse(&out, row.List, err)
		return out, nil, nil
	}
	var err error
	if known == nil {
		o, moves, err = p.register(in, state)
		out.Result = Added
	} else {
		was := *known
		o, moves, err = p.amend(&was, in, r.Date("name_from"), state)
		if out.Result = Changed; len(moves) == 0 {
			out.Result = Same
		}
		if o != nil {
			out.Changes = differences(known, o)
		}
	}
	if err != nil {
		cell.Refuse(&out, row.List, err)
		return out, nil, nil
	}
	return out, o, moves
}

func states() (all [][2]string) {
	for _, s := range organisation.Kind.States() {
		all = append(all, [2]string{string(s), organisation.Kind.Word(string(s))})
	}
	return append(all, [2]string{string(organisation.Registered), "正常"})
}

// kindWords are the kinds as lists name them.
var kindWords = [][2]string{{creditcode.Association, "社会团体"}, {creditcode.Association, "社团"}, {creditcode.Service, "社会服务机构"}, {creditcode.Service, "民办非企业单位"}, {creditcode.Service, "民非"}, {creditcode.Foundation, "基金会"}, {creditcode.Other, "其他"}, {creditcode.Cooperative, "农民专业合作社"}, {creditcode.Cooperative, "合作社"}, {creditcode.Enterprise, "企业"}, {creditcode.Household, "个体工商户"}, {creditcode.Organ, "机关"}, {creditcode.Institution, "事业单位"}}

func (p *Planner) registration(r *cell.Reader) organisation.Registration {
	in := organisation.Registration{
		Code: r.Code(), Name: r.Text("name"), LegacyNumber: r.Text("legacy_number"), Registrar: r.Text("registrar"), Industry: r.Text("industry"),
		LegalHead: r.Text("legal_head"), Contact: r.Text("contact"), RegisteredOn: r.Date("registered_on"), Kind: r.Word("kind", kindWords),
		Override: organisation.Override{Reason: r.Text("override"), Evidence: r.Text("evidence")},
	}
	if told := creditcode.KindOf(in.Code); told != "" && in.Kind != "" && told != in.Kind {
		r.Faults = append(r.Faults, errKind.At("kind", creditcode.KindWord(told), creditcode.KindWord(in.Kind)))
	}
	r.Date("name_from") // told with the rest when it is no day
	return in
}

func (p *Planner) register(in organisation.Registration, state string) (*organisation.Organisation, []stage.Move, error) {
	if state != "" && stage.State(state) != organisation.Registered {
		return nil, nil, errState.At("state", "还没有建档")
	}
	var err error
	if in.Code != "" && !creditcode.Social(in.Code) {
		if in.Admitted, err = p.Admits(in.Code); err != nil {
			return nil, nil, err
		}
	}
	o, m, err := organisation.Register(p.By, in, p.Now)
	return o, []stage.Move{m}, err
}

// amend brings a known organisation to what a row says. A cell that is empty says
// nothing.
func (p *Planner) amend(o *organisation.Organisation, in organisation.Registration, from calendar.Date, state string) (_ *organisation.Organisation, moves []stage.Move, err error) {
	step := func(m stage.Move, e error) bool {
		if e == nil {
			moves = append(moves, m)
		}
		err = e
		return e == nil
	}
	if state != "" && stage.State(state) != o.State {
		return nil, nil, errState.At("state", organisation.Kind.Word(string(o.State)))
	}
	if o.Code == "" && in.Code != "" && !step(o.EnterCode(p.By, in.Code, in.Override, p.Now)) {
		return nil, nil, err
	}
	was := o.Amendment()
	if now := over(was, in); now != was && !step(o.Amend(p.By, now, p.Now)) {
		return nil, nil, err
	}
	if in.Name == "" || in.Name == o.Name() {
		return o, moves, nil
	}
	if f := renamed(o, in.Name, from); f != nil {
		return nil, nil, f
	}
	if !step(o.Rename(p.By, in.Name, from, p.Now)) {
		return nil, nil, err
	}
	return o, moves, nil
}

// renamed wants a change of name to be one.
func renamed(o *organisation.Organisation, name string, from calendar.Date) *fault.Fault {
	former := slices.ContainsFunc(o.Names, func(n organisation.Name) bool { return n.Name == name })
	switch {
	case former && from.IsZero():
		return errFormer.At("name", name, o.Name())
	case from.IsZero():
		return errNamed.At("name", o.Name())
	}
	return nil
}

// over puts what a row says over what stands.
func over(was organisation.Amendment, in organisation.Registration) organisation.Amendment {
	for _, f := range []struct {
		to   *string
		from string
	}{
		{&was.LegacyNumber, in.LegacyNumber}, {&was.Registrar, in.Registrar}, {&was.Industry, in.Industry}, {&was.LegalHead, in.LegalHead}, {&was.Contact, in.Contact},
	} {
		if f.from != "" {
			*f.to = f.from
		}
	}
	if !in.RegisteredOn.IsZero() {
		was.RegisteredOn = in.RegisteredOn
	}
	return was
}

// differences tells what of an organisation a row changes.
func differences(was, now *organisation.Organisation) (all []string) {
	tell := func(label, from, to string) {
		switch {
		case from == to:
		case from == "":
			all = append(all, fmt.Sprintf("%s填为“%s”", label, to))
		default:
			all = append(all, fmt.Sprintf("%s由“%s”改为“%s”", label, from, to))
		}
	}
	a, b := was.Amendment(), now.Amendment()
	tell("代码", was.Code, now.Code)
	tell("名称", was.Name(), now.Name())
	tell("旧登记证号", a.LegacyNumber, b.LegacyNumber)
	tell("成立登记日期", a.RegisteredOn.String(), b.RegisteredOn.String())
	tell("登记管理机关", a.Registrar, b.Registrar)
	tell("行业", a.Industry, b.Industry)
	tell("法定代表人", a.LegalHead, b.LegalHead)
	tell("联系电话", a.Contact, b.Contact)
	return all
}

// Export writes an organisation as a row of the list, in the order of its columns.
// It is read back as it was.
func Export(o *organisation.Organisation) []string {
	from := ""
	if len(o.Names) > 1 {
		from = o.Names[len(o.Names)-1].From.String()
	}
	return []string{
		o.Code, o.Name(), from, creditcode.KindWord(o.Kind), o.LegacyNumber, o.RegisteredOn.String(), o.Registrar, o.Industry, o.LegalHead, o.Contact,
		o.Override.Reason, o.Override.Evidence, organisation.Kind.Word(string(o.State)),
	}
}
