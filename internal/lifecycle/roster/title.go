package roster

import (
	"shifan/internal/calendar"
	"shifan/internal/chars"
	"shifan/internal/fault"
	"shifan/internal/lifecycle/cell"
	"shifan/internal/lifecycle/organisation"
	"shifan/internal/lifecycle/stage"
)

var (
	errAbsent = fault.Define(fault.Invalid, "roster.title.unknown",
		"没有代码为%s的单位。先用单位名册建档；或者在这一行填写登记管理机关和成立登记日期，导入时一并建档。", "制度:申报单位先建档")
	errCalled = fault.Define(fault.Invalid, "roster.title.name",
		"这个代码的单位是“%s”。核对代码；命名以后更了名的，这一格写现用名称，“命名时名称”写当时的名称。", "制度:统一社会信用代码不随名称变更")
	errRepeated = fault.Define(fault.Invalid, "roster.title.again", "和第%d行的编号相同，内容不同。只保留正确的一行。", "三 授牌确认：编号不重复")
)

// Title is what a row of the list of former titles says.
type Title struct {
	Programme, Number, Name, Category, DocNumber string
	NamedOn, From, To                            calendar.Date
}

// Title reads a row of the list of former titles. An organisation that nobody knows is
// entered with it where the row says enough of it: then it is returned with the move that
// enters it. A row that repeats one above says so by Same.
func (p *Planner) Title(row Row, known *organisation.Organisation) (out Outcome, in Title, o *organisation.Organisation, enter *stage.Move) {
	r := &cell.Reader{Row: row}
	out = Outcome{Line: row.Line, Code: chars.Cut(r.Key(), 24), Name: chars.Cut(row.Text("name"), 40)}
	if number := row.Text("number"); number != "" {
		line, same := p.above.See(row.Text("programme")+"\x00"+number, row)
		if same {
			out.Result, out.Changes = Same, []string{"和上面的一行重复"}
			return out, in, nil, nil
		}
		if line > 0 {
			r.Faults = append(r.Faults, errRepeated.At("number", line))
		}
	}
	code := r.Code()
	in = Title{
		Programme: r.Text("programme"), Number: r.Text("number"), Name: r.Text("named_as"), Category: r.Text("category"), DocNumber: r.Text("doc_number"),
		NamedOn: r.Date("named_on"), From: r.Date("valid_from"), To: r.Date("valid_to"),
	}
	if in.Name == "" {
		in.Name = r.Text("name")
	}
	registered := r.Date("registered_on")
	r.Unpersonal()
	err := fault.All(r.Faults...)
	switch {
	case err != nil:
	case known != nil:
		o, err = known, called(known, r.Text("name"))
	case r.Text("registrar") == "" || registered.IsZero():
		err = errAbsent.At("code", out.Code)
	default:
		var moves []stage.Move
		o, moves, err = p.register(organisation.Registration{Code: code, Name: r.Text("name"), Registrar: r.Text("registrar"), RegisteredOn: registered}, "")
		if err == nil {
			enter = &moves[0]
		}
	}
	if err != nil {
		cell.Refuse(&out, row.List, err)
		return out, in, nil, nil
	}
	return out, in, o, enter
}

// called refuses a name that an organisation neither has nor had.
func called(o *organisation.Organisation, name string) error {
	for _, n := range o.Names {
		if n.Name == name {
			return nil
		}
	}
	return errCalled.At("name", o.Name())
}
