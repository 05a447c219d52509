package casework

import (
	"errors"
	"slices"
	"strings"

	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/cell"
	"shifan/internal/lifecycle/designation"
	"shifan/internal/lifecycle/organisation"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/roster"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/store"
)

// titlesJudge judges the rows of a list of titles that were given outside the system.
// What rows above brought in counts for those below.
type titlesJudge struct {
	desk    *Desk
	tx      *store.Tx
	planner *roster.Planner
	writer  *rosterWriter                         // nil: nothing is written
	rules   []*programme.Programme                // that a row may name
	entered map[string]*organisation.Organisation // by code
	taken   map[string]*designation.Designation   // by programme and number
	held    map[string][]designation.Designation  // by programme and code
}

var (
	errWhichProgramme = fault.Define(fault.Invalid, "roster.title.programme", "有%d个方案，看不出是哪一个的称号。在“方案”一列写明：%s。", "")
	errNoProgramme    = fault.Define(fault.Invalid, "roster.title.no_programme", "没有叫“%s”的方案。可以写：%s。", "")
)

// judgeTitles returns what judges the rows of a list of former titles.
func (d *Desk) judgeTitles(tx *store.Tx, p *roster.Planner, w *rosterWriter) func([]roster.Row) ([]roster.Outcome, error) {
	j := &titlesJudge{
		desk: d, tx: tx, planner: p, writer: w, entered: map[string]*organisation.Organisation{},
		taken: map[string]*designation.Designation{}, held: map[string][]designation.Designation{},
	}
	return func(rows []roster.Row) (_ []roster.Outcome, err error) {
		if j.rules == nil {
			if j.rules, err = tx.ProgrammesNow(); err != nil {
				return nil, err
			}
			j.rules = slices.DeleteFunc(j.rules, func(r *programme.Programme) bool { return p.By.Programme != "" && p.By.Programme != r.Name })
		}
		return j.judge(rows)
	}
}

func (j *titlesJudge) judge(rows []roster.Row) (all []roster.Outcome, err error) {
	known, err := knownOf(j.tx, rows)
	if err != nil {
		return nil, err
	}
	for _, row := range rows {
		out, err := j.one(row, known)
		if err != nil {
			return all, err
		}
		all = append(all, out)
	}
	if j.writer != nil {
		return all, j.writer.flush()
	}
	return all, nil
}

func (j *titlesJudge) one(row roster.Row, known roster.Known) (roster.Outcome, error) {
	var was *organisation.Organisation
	if o, ok := known.Of(row); ok {
		was = &o
	} else if o := j.entered[roster.CodeOf(row)]; o != nil {
		was = o
	}
	out, in, o, enter := j.planner.Title(row, was)
	if out.Result != "" {
		return out, nil
	}
	p, f := j.programmeOf(in.Programme)
	if f != nil {
		cell.Refuse(&out, row.List, f)
		return out, nil
	}
	t, moves, same, err := j.title(in, o, p)
	ft, ours := errors.AsType[*fault.Fault](err)
	switch {
	case err != nil && (!ours || ft.Kind != fault.Invalid && ft.Kind != fault.Refused && ft.Kind != fault.Forbidden):
		return out, err
	case err != nil:
		cell.Refuse(&out, row.List, ft)
		return out, nil
	case same:
		out.Result = roster.Same
		return out, nil
	}
	out.Result = roster.Added
	if enter != nil {
		out.Changes = append(out.Changes, "一并建档")
	}
	say := "编号" + t.Number + "，有效期"
	if t.ValidTo.IsZero() {
		say += "没有期限"
	} else {
		say += "至" + t.ValidTo.Chinese()
	}
	out.Changes = append(out.Changes, say+"，"+designation.Kind.Word(string(t.State)))
	return out, j.keep(t, moves, o, enter, p)
}

// programmeOf finds the programme that a row names by its name, its title, what it calls
// a holder, or another spelling of it.
func (j *titlesJudge) programmeOf(name string) (*programme.Programme, *fault.Fault) {
	var titles []string
	for _, p := range j.rules {
		titles = append(titles, p.Title)
		if name != "" && slices.Contains(append([]string{string(p.Name), p.Title, p.Base}, p.Aliases...), name) {
			return p, nil
		}
	}
	switch {
	case name != "":
		return nil, errNoProgramme.At("programme", name, strings.Join(titles, "、"))
	case len(j.rules) != 1:
		return nil, errWhichProgramme.At("programme", len(j.rules), strings.Join(titles, "、"))
	}
	return j.rules[0], nil
}

// title lets the chapter decide about a row. same says that the register has it.
func (j *titlesJudge) title(in roster.Title, o *organisation.Organisation, p *programme.Programme) (t *designation.Designation, moves []stage.Move, same bool, err error) {
	f := designation.Former{
		Award: designation.Award{Organisation: o.ID, Number: in.Number, Name: in.Name, Category: categoryNamed(p, in.Category), NamedOn: in.NamedOn},
		Basis: in.DocNumber, From: in.From, To: in.To,
	}
	other, err := j.numbered(p.Name, in.Number)
	if err != nil {
		return nil, nil, false, err
	}
	if other != nil {
		if o.ID != "" && other.Is(f) {
			return nil, nil, true, nil
		}
		return nil, nil, false, designation.Taken(other)
	}
	held, err := j.heldBy(p.Name, o)
	if err != nil {
		return nil, nil, false, err
	}
	t, moves, err = designation.Import(j.planner.By, f, p, held, j.planner.Now)
	return t, moves, false, err
}

// categoryNamed turns a category's title into its code.
func categoryNamed(p *programme.Programme, name string) string {
	for _, c := range p.Applicants.Categories {
		if c.Title == name {
			return c.Code
		}
	}
	return name
}

func (j *titlesJudge) numbered(p id.Programme, number string) (*designation.Designation, error) {
	if t := j.taken[string(p)+"\x00"+number]; t != nil {
		return t, nil
	}
	t, err := j.tx.TitleNumbered(p, number)
	if fault.KindOf(err) == fault.NotFound {
		return nil, nil
	}
	return &t, err
}

func (j *titlesJudge) heldBy(p id.Programme, o *organisation.Organisation) ([]designation.Designation, error) {
	key := string(p) + "\x00" + o.Code
	if all, there := j.held[key]; there || o.ID == "" {
		return all, nil
	}
	all, err := j.tx.DesignationsOf(o.ID)
	all = slices.DeleteFunc(all, func(t designation.Designation) bool { return t.Programme != p })
	j.held[key] = all
	return all, err
}

// keep remembers what a row brings in and, when it is not only looked at, writes it.
func (j *titlesJudge) keep(t *designation.Designation, moves []stage.Move, o *organisation.Organisation, enter *stage.Move, p *programme.Programme) error {
	if enter != nil {
		j.entered[o.Code] = o
		if j.writer != nil {
			if err := j.writer.organisation(o, true, []stage.Move{*enter}); err != nil {
				return err
			}
		}
	}
	key := string(p.Name) + "\x00" + o.Code
	j.held[key] = append(j.held[key], *t)
	j.taken[string(p.Name)+"\x00"+t.Number] = t
	if j.writer == nil {
		return nil
	}
	t.ID, t.Organisation = id.New[id.Designation](j.desk.Rand), o.ID
	for _, m := range moves {
		by := j.planner.By
		if m.By == stage.Clock {
			by = stage.TheClock
		}
		e := j.desk.titleEntry(by, t, m, j.planner.Now)
		e.Facts["basis"] = t.Basis
		j.tx.Also(e)
	}
	if err := j.tx.AddDesignation(t); err != nil {
		return err
	}
	return j.desk.followFor(j.tx, j.planner.By, t, o, j.planner.Now)
}
