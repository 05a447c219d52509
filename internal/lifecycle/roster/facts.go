package roster

import (
	"slices"
	"time"

	"shifan/internal/calendar"
	"shifan/internal/chars"
	"shifan/internal/fault"
	"shifan/internal/lifecycle/cell"
	"shifan/internal/lifecycle/fact"
	"shifan/internal/lifecycle/organisation"
	"shifan/internal/lifecycle/party"
	"shifan/internal/lifecycle/stage"
)

var (
	errUnknown = fault.Define(fault.Invalid, "roster.facts.unknown", "没有代码为%s的单位。核对代码，还没有建档的先建档。", "")
	errOther   = fault.Define(fault.Invalid, "roster.facts.name", "这个代码的单位是“%s”。核对代码和名称。", "")
	errGrade   = fault.Define(fault.Invalid, "roster.facts.grade", "“%s”不是评估等级。写成 3A 或者 AAA。", "社会组织评估管理办法")
	errBody    = fault.Define(fault.Invalid, "roster.facts.body", "这个单位没有叫“%s”的党组织。核对名称，还没有填写的先在单位信息里添加。", "")
	errBodies  = fault.Define(fault.Invalid, "roster.facts.bodies", "这个单位有%d个党组织。请填写“党组织名称”一列。", "")
)

// Whom finds the organisation that a row of facts is about.
func (p *Planner) Whom(row Row, known *organisation.Organisation) (Outcome, error) {
	r := &cell.Reader{Row: row}
	out := Outcome{Line: row.Line, Code: chars.Cut(r.Key(), 24), Name: chars.Cut(row.Text("name"), 40)}
	r.Code()
	r.Unpersonal()
	err := fault.All(r.Faults...)
	if err == nil && known == nil {
		err = errUnknown.At("code", out.Code)
	}
	if known != nil {
		name := row.Text("name")
		if err == nil && name != "" && !slices.ContainsFunc(known.Names, func(n organisation.Name) bool { return n.Name == name }) {
			err = errOther.At("name", known.Name())
		}
		out.Name = known.Name()
	}
	if err != nil {
		cell.Refuse(&out, row.List, err)
	}
	return out, err
}

// Fact puts what a row says into the facts of o, which is changed only when the
// row is right. from is the list that the row stands in.
func (p *Planner) Fact(row Row, out Outcome, o *organisation.Organisation, from fact.Source) (Outcome, *stage.Move) {
	r := &cell.Reader{Row: row}
	f := o.Facts
	result, at := merge(r, &f)
	if err := fault.All(r.Faults...); err != nil {
		cell.Refuse(&out, row.List, err)
		return out, nil
	}
	was := o.Facts
	m, err := o.EditFrom(p.By, f, from, p.Now)
	if err != nil {
		cell.Refuse(&out, row.List, err)
		return out, nil
	}
	if src := at(&o.Facts); !src.Confirmed { // declared before, and the list says the same
		*src = from
	}
	if out.Result = result; len(fact.Changes(was, o.Facts)) == 0 {
		out.Result = Same
		return out, nil
	}
	return out, &m
}

// put replaces the fact of a list that is about the same thing, or adds one, and
// says where it stands.
func put[T any](list *[]T, v T, same func(T) bool) string {
	if i := slices.IndexFunc(*list, same); i >= 0 {
		*list = slices.Clone(*list)
		(*list)[i] = v
		return Changed
	}
	*list = append(slices.Clone(*list), v)
	return Added
}

// merge reads a fact and puts it where it belongs. at finds its source again.
func merge(r *cell.Reader, f *fact.Facts) (result string, at func(*fact.Facts) *fact.Source) {
	switch r.List.Name {
	case "inspections":
		v := fact.Inspection{Year: r.Number("year", "年"), Conclusion: r.Word("conclusion", pairs(fact.Conclusions))}
		same := func(w fact.Inspection) bool { return w.Year == v.Year }
		at = func(f *fact.Facts) *fact.Source { return &f.Inspections[slices.IndexFunc(f.Inspections, same)].Source }
		return put(&f.Inspections, v, same), at
	case "grades":
		v := fact.Grade{Rank: fact.ParseGrade(r.Text("rank")), AnnouncedOn: r.Date("announced_on"), RevokedOn: r.Date("revoked_on")}
		if v.Rank == 0 {
			r.Faults = append(r.Faults, errGrade.At("rank", chars.Cut(r.Text("rank"), 20)))
		}
		same := func(w fact.Grade) bool { return w.AnnouncedOn == v.AnnouncedOn }
		at = func(f *fact.Facts) *fact.Source { return &f.Grades[slices.IndexFunc(f.Grades, same)].Source }
		return put(&f.Grades, v, same), at
	case "penalties":
		v := fact.Penalty{
			Kind: r.Word("penalty", pairs(fact.PenaltyKinds)), Authority: r.Text("authority"), Number: r.Text("number"), DecidedOn: r.Date("decided_on"),
			Performed: r.Date("performed"), QuashedOn: r.Date("quashed_on"), Against: r.Word("against", pairs(fact.Against)),
		}
		same := func(w fact.Penalty) bool {
			return w.DecidedOn == v.DecidedOn && w.Number == v.Number && w.Authority == v.Authority
		}
		at = func(f *fact.Facts) *fact.Source { return &f.Penalties[slices.IndexFunc(f.Penalties, same)].Source }
		return put(&f.Penalties, v, same), at
	}
	v := fact.Listing{List: r.Word("list", pairs(fact.Lists)), From: r.Date("from"), To: r.Date("to"), Why: r.Text("why")}
	same := func(w fact.Listing) bool { return w.List == v.List && w.From == v.From }
	at = func(f *fact.Facts) *fact.Source { return &f.Listings[slices.IndexFunc(f.Listings, same)].Source }
	return put(&f.Listings, v, same), at
}

func pairs(all []fact.Choice) (words [][2]string) {
	for _, c := range all {
		words = append(words, [2]string{c.Value, c.Word})
	}
	return words
}

// Election puts an election into one of the Party organisations that cover o. It
// returns which one, or -1 when nothing changes.
func (p *Planner) Election(row Row, out Outcome, o *organisation.Organisation, bodies []party.Body, from fact.Source) (Outcome, int, stage.Move) {
	r := &cell.Reader{Row: row}
	e := party.Election{HeldOn: r.Date("held_on"), PostponedBy: r.Number("postponed_by", "个月"), PostponedBase: r.Text("postponed_base")}
	i, f := bodyOf(bodies, row.Text("body"))
	if err := fault.All(append(r.Faults, f, fact.Past("held_on", "换届日期", e.HeldOn, calendar.DateOf(p.Now)))...); err != nil {
		cell.Refuse(&out, row.List, err)
		return out, -1, stage.Move{}
	}
	was, b := bodies[i], bodies[i]
	b.Elections = slices.Clone(b.Elections)
	out.Result = Added
	if k := slices.IndexFunc(b.Elections, func(w party.Election) bool { return w.HeldOn == e.HeldOn }); k >= 0 {
		if out.Result = Changed; b.Elections[k] == e {
			out.Result = Same
			return out, -1, stage.Move{}
		}
		b.Elections[k] = e
	} else {
		b.Elections = append(b.Elections, e)
		slices.SortFunc(b.Elections, func(x, y party.Election) int { return x.HeldOn.Compare(y.HeldOn) })
	}
	m, err := o.EditParty(p.By, &was, &b, p.Now)
	if err != nil {
		cell.Refuse(&out, row.List, err)
		return out, -1, stage.Move{}
	}
	if b.Source = from; !was.Source.Confirmed { // the list confirms an election, and not the rest
		b.Source = was.Source
	}
	bodies[i] = b
	return out, i, m
}

func bodyOf(bodies []party.Body, name string) (int, *fault.Fault) {
	if name == "" && len(bodies) == 1 {
		return 0, nil
	}
	if name == "" && len(bodies) > 1 {
		return 0, errBodies.At("body", len(bodies))
	}
	i := slices.IndexFunc(bodies, func(b party.Body) bool { return b.Name == name })
	if i < 0 {
		return 0, errBody.At("body", chars.Cut(name, 40))
	}
	return i, nil
}

// SourceOf is the source of the facts of a roster.
func (r *Roster) SourceOf(by stage.Actor, now time.Time) fact.Source {
	src := fact.Source{Confirmed: true, By: by.Account, On: r.AsOf, Of: r.Title}
	if src.On.IsZero() {
		src.On = calendar.DateOf(now)
	}
	return src
}
