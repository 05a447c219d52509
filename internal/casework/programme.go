package casework

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"strconv"
	"time"

	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/programme/format"
	"shifan/internal/lifecycle/round"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/record"
	"shifan/internal/store"
	"shifan/programmes"
)

var (
	errProgrammeFile = fault.Define(fault.Invalid, "programme.load.file",
		"方案文件有%d处问题，没有载入。第%d行：%s", "制度:方案文件先检查后载入")
	errInEffect = fault.Define(fault.Refused, "programme.end.round",
		"“%s”还在办理，方案不能终止。这一届办结以后再办。", "制度:办理中的一届按发布时的方案办完")
)

// CheckProgramme reads a programme's file and says everything that is wrong with
// it, without loading it. Anybody may check a file.
func (d *Desk) CheckProgramme(file []byte) (*programme.Programme, []format.Problem) {
	return format.Read(file)
}

// LoadProgramme takes in a version of a programme's file: the first begins the
// programme, later ones count up by one. Rounds that were published keep the
// version they froze (S4). Only an operator may.
func (d *Desk) LoadProgramme(ctx context.Context, by stage.Actor, file []byte) (name id.Programme, err error) {
	defer fault.Wrap(&err, "casework.LoadProgramme")
	if err := operator(by); err != nil {
		return "", err
	}
	file = bytes.ReplaceAll(file, []byte("\r\n"), []byte("\n")) // as forms of browsers send it
	p, problems := format.Read(file)
	if len(problems) > 0 {
		return "", errProgrammeFile.At("file", len(problems), problems[0].Line, problems[0].Say)
	}
	now := d.Now()
	err = d.Store.Change(ctx, func(tx *store.Tx) (record.Entry, error) {
		s, m, err := d.takeIn(tx, by, p, string(file), now)
		if err != nil {
			return record.Entry{}, err
		}
		v := store.ProgrammeFile{Programme: p.Name, Number: p.Version, File: string(file), LoadedAt: now, LoadedBy: by.Account}
		if err := tx.AddProgrammeFile(&v); err != nil {
			return record.Entry{}, err
		}
		e := d.programmeEntry(by, s, m, now)
		e.Facts["digest"] = v.Digest
		return e, nil
	})
	return p.Name, err
}

// takeIn begins the programme, or moves it to its next version.
func (d *Desk) takeIn(tx *store.Tx, by stage.Actor, p *programme.Programme, file string, now time.Time) (*programme.Standing, stage.Move, error) {
	s, err := tx.Programme(p.Name)
	if fault.KindOf(err) == fault.NotFound {
		s, m, err := programme.First(by, p, now)
		if err != nil {
			return s, m, err
		}
		return s, m, tx.AddProgramme(s)
	}
	if err != nil {
		return nil, stage.Move{}, err
	}
	if by.Programme != "" && by.Programme != p.Name {
		return nil, stage.Move{}, fault.Missing()
	}
	same := false
	if v, err := tx.ProgrammeFile(p.Name, p.Version); err == nil {
		same = v.Digest == store.ProgrammeDigest(file)
	} else if fault.KindOf(err) != fault.NotFound {
		return nil, stage.Move{}, err
	}
	m, err := s.Load(by, p, same)
	if err != nil {
		return nil, m, err
	}
	return &s, m, tx.PutProgramme(&s)
}

// SuspendProgramme stops new rounds of a programme. version is the one of its
// standing that the chair saw; 0 when nobody else can have changed it.
func (d *Desk) SuspendProgramme(ctx context.Context, by stage.Actor, name id.Programme, version int64, why programme.Decision) error {
	return d.programmeAct(ctx, by, name, version, func(_ *store.Tx, s *programme.Standing, now time.Time) (stage.Move, error) {
		return s.Suspend(by, why, now)
	})
}

// ResumeProgramme lets rounds of a suspended programme begin again.
func (d *Desk) ResumeProgramme(ctx context.Context, by stage.Actor, name id.Programme, version int64, why programme.Decision) error {
	return d.programmeAct(ctx, by, name, version, func(_ *store.Tx, s *programme.Standing, now time.Time) (stage.Move, error) {
		return s.Resume(by, why, now)
	})
}

// AbolishProgramme ends a programme (S73). Its running rounds must be over. What
// becomes of its titles is the programme's setting; the clock carries it out.
func (d *Desk) AbolishProgramme(ctx context.Context, by stage.Actor, name id.Programme, version int64, why programme.Decision) error {
	return d.programmeAct(ctx, by, name, version, func(tx *store.Tx, s *programme.Standing, now time.Time) (stage.Move, error) {
		m, err := s.Abolish(by, why, now)
		if err != nil {
			return m, err
		}
		return m, nothingRuns(tx, name)
	})
}

// MergeProgramme ends a programme in favour of another (S73). Its running rounds
// must be over.
func (d *Desk) MergeProgramme(ctx context.Context, by stage.Actor, name, into id.Programme, version int64, why programme.Decision) error {
	return d.programmeAct(ctx, by, name, version, func(tx *store.Tx, s *programme.Standing, now time.Time) (stage.Move, error) {
		other, err := tx.Programme(into)
		if err != nil && fault.KindOf(err) != fault.NotFound {
			return stage.Move{}, err
		}
		m, err := s.Merge(by, other, why, now)
		if err != nil {
			return m, err
		}
		return m, nothingRuns(tx, name)
	})
}

// nothingRuns refuses to end a programme while one of its rounds runs: who
// applied under it gets an answer under it.
func nothingRuns(tx *store.Tx, name id.Programme) error {
	rounds, err := tx.RoundsOf(name)
	if err != nil {
		return err
	}
	for _, r := range rounds {
		if r.State == round.Open || r.State == round.Closed {
			return errInEffect.New(r.Title)
		}
	}
	return nil
}

func (d *Desk) programmeAct(ctx context.Context, by stage.Actor, name id.Programme, version int64, do func(*store.Tx, *programme.Standing, time.Time) (stage.Move, error)) (err error) {
	defer fault.Wrap(&err, "casework: programme(%s)", name)
	now := d.Now()
	return d.Store.Change(ctx, func(tx *store.Tx) (record.Entry, error) {
		s, err := tx.Programme(name)
		if err != nil {
			return record.Entry{}, err
		}
		if by.Programme != "" && by.Programme != name {
			return record.Entry{}, fault.Missing() // whoever works for one programme has no say in another
		}
		if version != 0 && version != s.Version {
			return record.Entry{}, fault.Stale()
		}
		m, err := do(tx, &s, now)
		if err != nil {
			return record.Entry{}, err
		}
		return d.programmeEntry(by, &s, m, now), tx.PutProgramme(&s)
	})
}

// programmeEntry is the line of the record for a move of a programme.
func (d *Desk) programmeEntry(by stage.Actor, s *programme.Standing, m stage.Move, now time.Time) record.Entry {
	e := d.entry(by, programme.Kind, string(s.Name), m, now)
	e.Programme = s.Name
	e.Facts = map[string]string{"version": strconv.Itoa(s.Current)}
	if m.Act != "load" {
		e.Facts["document"] = s.Document
	}
	if s.Into != "" {
		e.Facts["into"] = string(s.Into)
	}
	return e
}

// ProgrammeView is what the pages of one programme show.
type ProgrammeView struct {
	Standing  programme.Standing
	Programme *programme.Programme // the version that is looked at
	Latest    bool                 // it is the one that holds now
	Versions  []ProgrammeVersion   // the latest first
	Rounds    []round.Round        // those that the viewer may see, the latest first
	Into      string               // title of the programme it was merged into
	Others    []ProgrammeChoice    // programmes it may be merged into
	Acts      []string             // what the viewer may do with it now
}

// ProgrammeVersion is one version of a programme's file.
type ProgrammeVersion struct {
	store.ProgrammeFile
	By string // the loader's name; only for those who work here
}

// ProgrammeChoice is a programme to choose.
type ProgrammeChoice struct {
	Name  id.Programme
	Title string
}

// Programme returns a programme as it holds now. Programmes are public.
func (d *Desk) Programme(ctx context.Context, by stage.Actor, name id.Programme) (ProgrammeView, error) {
	return d.ProgrammeVersion(ctx, by, name, 0)
}

// ProgrammeVersion returns a programme as the version with a number says it; 0
// is the version that holds now.
func (d *Desk) ProgrammeVersion(ctx context.Context, by stage.Actor, name id.Programme, number int) (v ProgrammeView, err error) {
	defer fault.Wrap(&err, "casework.Programme(%s, %d)", name, number)
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		s, err := tx.Programme(name)
		if err != nil {
			return err
		}
		v, err = d.programmeView(tx, by, s, number)
		return err
	})
	return v, err
}

// Programmes lists all programmes as they hold now.
func (d *Desk) Programmes(ctx context.Context, by stage.Actor) (all []ProgrammeView, err error) {
	defer fault.Wrap(&err, "casework.Programmes")
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		standings, err := tx.Programmes()
		for _, s := range standings {
			v, err := d.programmeView(tx, by, s, 0)
			if err != nil {
				return err
			}
			all = append(all, v)
		}
		return err
	})
	return all, err
}

func (d *Desk) programmeView(tx *store.Tx, by stage.Actor, s programme.Standing, number int) (v ProgrammeView, err error) {
	if number == 0 {
		number = s.Current
	}
	v = ProgrammeView{Standing: s, Latest: number == s.Current}
	if v.Programme, err = tx.ProgrammeVersion(s.Name, number); err != nil {
		return v, err
	}
	files, err := tx.ProgrammeFiles(s.Name)
	if err != nil {
		return v, err
	}
	for _, f := range files {
		pv := ProgrammeVersion{ProgrammeFile: f}
		if by.Account != "" {
			if pv.By, err = loaderName(tx, f.LoadedBy); err != nil {
				return v, err
			}
		}
		v.Versions = append(v.Versions, pv)
	}
	if v.Rounds, err = tx.Rounds(by, store.RoundFilter{Programme: s.Name}); err != nil {
		return v, err
	}
	if by.Programme == "" || by.Programme == s.Name {
		v.Acts = slices.DeleteFunc(programme.Kind.May(s.State, by.Role), func(act string) bool { return act == "reword" }) // it has pages of its own
	}
	return v, d.otherProgrammes(tx, &v)
}

// otherProgrammes adds what a merger is said with.
func (d *Desk) otherProgrammes(tx *store.Tx, v *ProgrammeView) error {
	standings, err := tx.Programmes()
	for _, s := range standings {
		if s.Name == v.Standing.Name {
			continue
		}
		p, err := tx.ProgrammeVersion(s.Name, s.Current)
		if err != nil {
			return err
		}
		if s.Name == v.Standing.Into {
			v.Into = p.Title
		}
		if _, ended := programme.Kind.Ends[s.State]; !ended {
			v.Others = append(v.Others, ProgrammeChoice{s.Name, p.Title})
		}
	}
	return err
}

// loaderName says who loaded a version: an account, or the command line.
func loaderName(tx *store.Tx, key id.Account) (string, error) {
	if key == Console.Account {
		return "命令行", nil
	}
	a, err := tx.Account(key)
	if fault.KindOf(err) == fault.NotFound {
		return "", nil
	}
	return a.Name, err
}

// ShippedProgramme is a programme that the program comes with.
type ShippedProgramme struct {
	Name   id.Programme
	Title  string
	File   string
	Loaded bool
}

// ShippedProgrammes lists the programmes that the program comes with, for an
// operator who loads one.
func (d *Desk) ShippedProgrammes(ctx context.Context, by stage.Actor) (all []ShippedProgramme, err error) {
	defer fault.Wrap(&err, "casework.ShippedProgrammes")
	if err := operator(by); err != nil {
		return nil, err
	}
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		for _, name := range programmes.Names() {
			text, _ := programmes.Text(name)
			p, problems := format.Read(text)
			if p == nil {
				return errors.New(problems[0].String())
			}
			_, err := tx.Programme(p.Name)
			if err != nil && fault.KindOf(err) != fault.NotFound {
				return err
			}
			all = append(all, ShippedProgramme{Name: p.Name, Title: p.Title, File: string(text), Loaded: err == nil})
		}
		return nil
	})
	return all, err
}

// HasForm reports whether a programme comes with a blank form of that name.
func HasForm(name id.Programme, form string) bool {
	_, there := programmes.Form(string(name), form)
	return form != "" && there
}

// BlankForm returns a blank form that an indicator of a programme names, or
// fault.Missing. Blank forms are public.
func (d *Desk) BlankForm(ctx context.Context, name id.Programme, form string) (text []byte, err error) {
	v, err := d.Programme(ctx, stage.Anyone, name)
	if err != nil {
		return nil, err
	}
	for _, f := range v.Forms() {
		if f == form {
			text, _ = programmes.Form(string(name), form)
			return text, nil
		}
	}
	return nil, fault.Missing()
}

// Forms lists the blank forms that the programme's indicators name and that are
// there.
func (v ProgrammeView) Forms() (all []string) {
	for _, g := range v.Programme.Criteria {
		for _, i := range g.Indicators {
			if _, there := programmes.Form(string(v.Programme.Name), i.BlankForm); there && i.BlankForm != "" && !slices.Contains(all, i.BlankForm) {
				all = append(all, i.BlankForm)
			}
		}
	}
	return all
}
