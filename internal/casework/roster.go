package casework

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"
	"time"

	"shifan/internal/calendar"
	"shifan/internal/creditcode"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/heading"
	"shifan/internal/lifecycle/organisation"
	"shifan/internal/lifecycle/roster"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/record"
	"shifan/internal/sheet"
	"shifan/internal/store"
)

// RosterFilter is the store's, so that the doors need not know the store.
type RosterFilter = store.RosterFilter

// RosterFile is a file of a list, as it was given.
type RosterFile struct {
	List    string // the name of a roster.List
	Name    string // of the file
	Content []byte
	AsOf    calendar.Date // of a list of facts: the day on which it was published
	Title   string        // and what it is called
}

// RosterPlan is what a roster would do, or did.
type RosterPlan struct {
	Tally   roster.Tally
	Rows    []roster.Outcome // in the order of the file
	Unknown []string         // heads of columns that are not read
	Line    int              // where the header is
	Sheet   string           // which sheet was read; empty in a CSV
}

// rowsAtOnce is how many rows are looked up together.
const rowsAtOnce = 400

// UploadRoster takes in a file and keeps it until a clerk confirms it or a day has
// passed. A file that cannot be read is refused.
func (d *Desk) UploadRoster(ctx context.Context, by stage.Actor, in RosterFile) (key id.Roster, err error) {
	defer fault.Wrap(&err, "casework.UploadRoster")
	now := d.Now()
	err = d.Store.Change(ctx, func(tx *store.Tx) (record.Entry, error) {
		r, m, err := d.newRoster(by, in, now)
		if err != nil {
			return record.Entry{}, err
		}
		if _, err := d.planRoster(tx, by, in, now, nil); err != nil {
			return record.Entry{}, err
		}
		r.Content, key = in.Content, r.ID
		return d.rosterEntry(by, &r, m, now), tx.AddRoster(&r)
	})
	return key, err
}

func (d *Desk) newRoster(by stage.Actor, in RosterFile, now time.Time) (r roster.Roster, m stage.Move, err error) {
	sum := sha256.Sum256(in.Content)
	r = roster.Roster{List: in.List, File: in.Name, AsOf: in.AsOf, Title: in.Title, SHA256: hex.EncodeToString(sum[:])}
	if m, err = roster.Upload(by, &r, now); err == nil {
		r.ID = id.New[id.Roster](d.Rand)
	}
	return r, m, err
}

// rosterEntry is the line of the record for a roster: the digest of its file and
// the counts, and nothing that stands in it.
func (d *Desk) rosterEntry(by stage.Actor, r *roster.Roster, m stage.Move, now time.Time) record.Entry {
	e := d.entry(by, roster.Kind, string(r.ID), m, now)
	e.Facts = map[string]string{"list": r.List, "sha256": r.SHA256}
	for name, n := range map[string]int{"added": r.Tally.Added, "changed": r.Tally.Changed, "same": r.Tally.Same, "left_out": r.Tally.Wrong} {
		if r.Tally.Rows() > 0 {
			e.Facts[name] = strconv.Itoa(n)
		}
	}
	return e
}

// RosterView is what the page of a roster shows.
type RosterView struct {
	Roster roster.Roster
	List   roster.List
	Plan   RosterPlan // while it waits
	Acts   []string
}

// Roster returns a roster and, while it waits, what it would do now.
func (d *Desk) Roster(ctx context.Context, by stage.Actor, key id.Roster) (v RosterView, err error) {
	defer fault.Wrap(&err, "casework.Roster(%s)", key)
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		if v.Roster, err = tx.RosterFor(by, key); err != nil {
			return err
		}
		v.List, _ = roster.ListOf(v.Roster.List)
		v.Acts = roster.Kind.May(v.Roster.State, by.Role)
		if v.Roster.State != roster.Uploaded || len(v.Roster.Content) == 0 {
			return nil
		}
		v.Plan, err = d.planRoster(tx, by, fileOf(&v.Roster, v.Roster.Content), d.Now(), nil)
		return err
	})
	return v, err
}

// Rosters lists the rosters that were brought in, the latest first.
func (d *Desk) Rosters(ctx context.Context, by stage.Actor, f store.RosterFilter) (all []roster.Roster, err error) {
	defer fault.Wrap(&err, "casework.Rosters")
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		all, err = tx.Rosters(by, f)
		return err
	})
	return all, err
}

// rosterAt returns a roster as it was seen: version is what the page showed, and 0
// when nobody looked.
func rosterAt(tx *store.Tx, by stage.Actor, key id.Roster, version int64) (r roster.Roster, err error) {
	if r, err = tx.RosterFor(by, key); err == nil && version != 0 && version != r.Version {
		err = fault.Stale()
	}
	return r, err
}

// ApplyRoster does what an uploaded roster says, all in one transaction. expected
// is the tally that the clerk saw.
func (d *Desk) ApplyRoster(ctx context.Context, by stage.Actor, key id.Roster, version int64, expected roster.Tally, skip bool) (err error) {
	defer fault.Wrap(&err, "casework.ApplyRoster(%s)", key)
	now := d.Now()
	return d.Store.Change(ctx, func(tx *store.Tx) (record.Entry, error) {
		r, err := rosterAt(tx, by, key, version)
		if err != nil {
			return record.Entry{}, err
		}
		if _, err := roster.Kind.Step(r.State, "apply", by.Role); err != nil {
			return record.Entry{}, err
		}
		_, m, err := d.applyRoster(tx, by, &r, r.Content, expected, skip, now)
		if err != nil {
			return record.Entry{}, err
		}
		return d.rosterEntry(by, &r, m, now), tx.PutRoster(&r)
	})
}

// ImportRoster takes in a file and does what it says at once, or says only what it
// would do. The plan is returned even when it is refused for its wrong rows.
func (d *Desk) ImportRoster(ctx context.Context, by stage.Actor, in RosterFile, skip, dry bool) (p RosterPlan, err error) {
	defer fault.Wrap(&err, "casework.ImportRoster")
	now := d.Now()
	if dry {
		err = d.Store.View(ctx, func(tx *store.Tx) error {
			if _, _, err := d.newRoster(by, in, now); err != nil {
				return err
			}
			p, err = d.planRoster(tx, by, in, now, nil)
			return err
		})
		return p, err
	}
	err = d.Store.Change(ctx, func(tx *store.Tx) (record.Entry, error) {
		r, _, err := d.newRoster(by, in, now)
		if err != nil {
			return record.Entry{}, err
		}
		var m stage.Move
		if p, m, err = d.applyRoster(tx, by, &r, in.Content, roster.Tally{}, skip, now); err != nil {
			return record.Entry{}, err
		}
		return d.rosterEntry(by, &r, m, now), tx.AddRoster(&r)
	})
	return p, err
}

func (d *Desk) applyRoster(tx *store.Tx, by stage.Actor, r *roster.Roster, content []byte, expected roster.Tally, skip bool, now time.Time) (p RosterPlan, m stage.Move, err error) {
	w := &rosterWriter{desk: d, tx: tx, by: by, now: now}
	p, err = d.planRoster(tx, by, fileOf(r, content), now, w)
	if err != nil {
		return p, m, err
	}
	var wrong []roster.Outcome
	for _, o := range p.Rows {
		if o.Result == roster.Wrong {
			wrong = append(wrong, o)
		}
	}
	m, err = r.Apply(by, p.Tally, expected, wrong, skip, now)
	return p, m, err
}

func fileOf(r *roster.Roster, content []byte) RosterFile {
	return RosterFile{List: r.List, Name: r.File, Content: content, AsOf: r.AsOf, Title: r.Title}
}

// DiscardRoster gives a roster up.
func (d *Desk) DiscardRoster(ctx context.Context, by stage.Actor, key id.Roster, version int64) (err error) {
	defer fault.Wrap(&err, "casework.DiscardRoster(%s)", key)
	now := d.Now()
	return d.Store.Change(ctx, func(tx *store.Tx) (record.Entry, error) {
		r, err := rosterAt(tx, by, key, version)
		if err != nil {
			return record.Entry{}, err
		}
		m, err := r.Discard(by, now)
		if err != nil {
			return record.Entry{}, err
		}
		return d.rosterEntry(by, &r, m, now), tx.PutRoster(&r)
	})
}

// discardRosters gives up what nobody confirmed within a day.
func (d *Desk) discardRosters(ctx context.Context, now time.Time) (int, error) {
	return dueActs(ctx, d, func(tx *store.Tx) ([]roster.Roster, error) { return tx.OldRosters(roster.KeptFrom(now)) }, func(r roster.Roster) error {
		return d.Store.Change(ctx, func(tx *store.Tx) (record.Entry, error) {
			m, err := r.Discard(stage.TheClock, now)
			if err != nil {
				return record.Entry{}, err
			}
			return d.rosterEntry(stage.TheClock, &r, m, now), tx.PutRoster(&r)
		})
	})
}

// planRoster judges every row of a file. With a writer it also does what they say.
func (d *Desk) planRoster(tx *store.Tx, by stage.Actor, in RosterFile, now time.Time, w *rosterWriter) (p RosterPlan, err error) {
	list, ok := roster.ListOf(in.List)
	if !ok {
		return p, fault.Missing()
	}
	book, err := sheet.Open(in.Content)
	if err != nil {
		return p, err
	}
	defer book.Close() //nolint:errcheck // it was read only
	s, h, err := headed(book, list)
	if err != nil {
		return p, err
	}
	p.Unknown, p.Line, p.Sheet = h.Unknown, h.Line, s.Name
	judge, finish := d.judgeOf(tx, by, in, now, w)
	var batch []roster.Row
	flush := func() error {
		all, err := judge(batch)
		for _, o := range all {
			p.Tally.Add(o)
		}
		p.Rows, batch = append(p.Rows, all...), batch[:0]
		return err
	}
	for line, err := range s.Rows() {
		if err != nil {
			return p, err
		}
		if line.Line <= h.Line {
			continue
		}
		if row, empty := h.Row(line.Line, line.Cells); !empty {
			batch = append(batch, row)
		}
		if len(batch) == rowsAtOnce {
			if err := flush(); err != nil {
				return p, err
			}
		}
	}
	if err := flush(); err != nil || w == nil {
		return p, err
	}
	return p, finish()
}

// headed finds the sheet of a book that has a list's header, and the header.
func headed(book *sheet.Book, list roster.List) (sheet.Sheet, heading.Header, error) {
	var first error
	for _, s := range book.Sheets {
		f := heading.Finder{List: list}
		for line, err := range s.Rows() {
			if err != nil {
				return s, heading.Header{}, err
			}
			if !f.See(line.Line, line.Cells) {
				break
			}
		}
		h, err := f.Found()
		if err == nil {
			return s, h, nil
		}
		if first == nil || fault.CodeOf(err) == "heading.column" {
			first = err
		}
	}
	return sheet.Sheet{}, heading.Header{}, first
}

// judgeOf returns what judges some rows of a list, and what is to be done after the
// last.
func (d *Desk) judgeOf(tx *store.Tx, by stage.Actor, in RosterFile, now time.Time, w *rosterWriter) (judge func([]roster.Row) ([]roster.Outcome, error), finish func() error) {
	p := &roster.Planner{By: by, Now: now, Admits: func(code string) (bool, error) { return admitted(tx, code) }}
	if in.List == roster.Designations.Name {
		return d.judgeTitles(tx, p, w), func() error { return nil }
	}
	if in.List != roster.Organisations.Name {
		f := &factsJudge{desk: d, tx: tx, planner: p, from: (&roster.Roster{AsOf: in.AsOf, Title: in.Title}).SourceOf(by, now), about: map[id.Organisation]*factsOf{}}
		return f.judge, f.finish
	}
	return func(rows []roster.Row) (all []roster.Outcome, err error) {
		known, err := knownOf(tx, rows)
		if err != nil {
			return nil, err
		}
		for _, row := range rows {
			var was *organisation.Organisation
			if o, ok := known.Of(row); ok {
				was = &o
			}
			out, o, moves := p.Organisation(row, was)
			all = append(all, out)
			if w != nil && len(moves) > 0 {
				if err := w.organisation(o, was == nil, moves); err != nil {
					return all, err
				}
			}
		}
		if w != nil {
			return all, w.flush()
		}
		return all, nil
	}, func() error { return nil }
}

func knownOf(tx *store.Tx, rows []roster.Row) (roster.Known, error) {
	var codes, numbers []string
	for _, r := range rows {
		if c := creditcode.Normalise(r.Text("code")); c != "" {
			codes = append(codes, c)
		}
		if n := r.Text("legacy_number"); n != "" {
			numbers = append(numbers, n)
		}
	}
	return tx.KnownOrganisations(codes, numbers)
}

// rosterWriter does what rows say, in the transaction of the import. Each act on
// an organisation has its own line in the record, beside the roster's.
type rosterWriter struct {
	desk *Desk
	tx   *store.Tx
	by   stage.Actor
	now  time.Time
	new  []*organisation.Organisation
}

func (w *rosterWriter) organisation(o *organisation.Organisation, isNew bool, moves []stage.Move) error {
	if isNew {
		o.ID = id.New[id.Organisation](w.desk.Rand)
		w.new = append(w.new, o)
	} else if err := w.tx.PutOrganisation(o); err != nil {
		return err
	} else if slices.ContainsFunc(moves, func(m stage.Move) bool { return m.Act == "rename" || m.Act == "enter_code" }) {
		if err := w.desk.followHolder(w.tx, w.by, o, w.now); err != nil {
			return err
		}
	}
	for _, m := range moves {
		e := w.desk.organisationEntry(w.by, o, m, w.now)
		if o.Override.Reason != "" && (m.Act == "register" || m.Act == "enter_code") {
			e.Facts["check_digit"] = "overridden"
		}
		w.tx.Also(e)
	}
	return nil
}

func (w *rosterWriter) flush() error {
	err := w.tx.AddOrganisations(w.new)
	w.new = nil
	return err
}
