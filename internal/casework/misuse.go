package casework

import (
	"context"
	"strconv"
	"strings"
	"time"

	"shifan/internal/lifecycle/inquiry"

	"shifan/internal/calendar"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/misuse"
	"shifan/internal/lifecycle/objection"
	"shifan/internal/lifecycle/plaque"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/lifecycle/trigger"
	"shifan/internal/record"
	"shifan/internal/store"
)

// MisuseFilter is the store's, so that the doors need not know the store.
type MisuseFilter = store.MisuseFilter

// MisuseReceipt is what a reporter gets, and what the query code shows.
type MisuseReceipt struct {
	Report misuse.Report        // what the reporter may read of it
	Code   string               // grouped by four; shown once
	Files  []inquiry.Attachment // sent along so far
}

// FileMisuse receives a report about the title behind a verification code, which must be
// one that plaque.ParseCode returned. query is the form's query code; the same form sent
// twice gives the same receipt and one case. Whoever is signed in reports as anybody.
func (d *Desk) FileMisuse(ctx context.Context, code string, f misuse.Filing, query string) (r MisuseReceipt, err error) {
	defer fault.Wrap(&err, "casework.FileMisuse(%s)", code)
	f.Channel = ""
	return d.receiveMisuse(ctx, stage.Anyone, code, f, query)
}

// RegisterMisuse receives a report that came by letter, by telephone or in person, from the
// clerk who enters it: of the title's programme, and without an interest in the holder. code
// and query are those of FileMisuse.
func (d *Desk) RegisterMisuse(ctx context.Context, by stage.Actor, code string, f misuse.Filing, query string) (r MisuseReceipt, err error) {
	defer fault.Wrap(&err, "casework.RegisterMisuse(%s)", code)
	if f.Channel == "" {
		f.Channel = objection.Web // nothing that a clerk enters: File says so
	}
	return d.receiveMisuse(ctx, by, code, f, query)
}

var errNoPlaque = fault.Define(fault.Invalid, "misuse.file.plaque",
	"没有核验码或者编号是“%s”的牌匾。对照来件核对；只知道单位名称的，在牌匾登记里按单位查编号。", "")

// PlaqueNamed returns the verification code of the plaque that a letter names by its code or
// by its number, among those that the viewer sees.
func (d *Desk) PlaqueNamed(ctx context.Context, by stage.Actor, typed string) (code string, err error) {
	defer fault.Wrap(&err, "casework.PlaqueNamed")
	parsed, wrong := plaque.ParseCode(typed)
	query := typed
	if wrong == nil {
		query = parsed
	}
	all, err := d.Plaques(ctx, by, PlaqueFilter{Query: query, Limit: 200})
	for _, v := range all {
		if q := v.Plaque; q.Code == parsed && wrong == nil || q.Number == typed {
			if code != "" {
				return "", errNoPlaque.At("plaque", typed) // in two programmes
			}
			code = q.Code
		}
	}
	if err == nil && code == "" {
		err = errNoPlaque.At("plaque", typed)
	}
	return code, err
}

// receiveMisuse keeps a report, once, and returns its receipt.
func (d *Desk) receiveMisuse(ctx context.Context, by stage.Actor, code string, f misuse.Filing, query string) (r MisuseReceipt, err error) {
	now := d.Now()
	if query = readCode(query); query == "" {
		query = d.ObjectionCode()
	}
	sent := false
	if err := d.Store.View(ctx, func(tx *store.Tx) error {
		o, err := tx.MisuseByCode(hashed(query))
		sent = err == nil && o.Code == code
		if fault.KindOf(err) == fault.NotFound {
			return nil
		}
		return err
	}); err != nil {
		return r, err
	}
	if !sent {
		if err := again(func() error {
			return d.Store.Change(ctx, func(tx *store.Tx) (record.Entry, error) { return d.fileMisuse(tx, by, code, f, query, now) })
		}); err != nil {
			return r, err
		}
	}
	return d.MisuseStatus(ctx, query)
}

func (d *Desk) fileMisuse(tx *store.Tx, by stage.Actor, code string, f misuse.Filing, query string, now time.Time) (record.Entry, error) {
	q, err := tx.PlaqueByCode(code)
	if err != nil {
		return record.Entry{}, err
	}
	title, err := tx.DesignationFor(stage.Anyone, q.Designation)
	if err != nil {
		return record.Entry{}, err
	}
	if by.Programme != "" && by.Programme != title.Programme {
		return record.Entry{}, fault.Missing()
	}
	n, err := tx.NextMisuse(title.Programme, calendar.DateOf(now).Year)
	if err != nil {
		return record.Entry{}, err
	}
	r, m, err := misuse.File(by, &title, code, f, n, now)
	if err != nil {
		return record.Entry{}, err
	}
	if r.RegisteredBy != "" {
		h, err := misuseHandler(tx, r, by.Account)
		if err == nil {
			err = misuse.Registrable(h)
		}
		if err != nil {
			return record.Entry{}, err
		}
	}
	r.ID = id.New[id.Misuse](d.Rand)
	who := r.Reporter(f, hashed(query))
	if like, err := tx.MisuseLike(who.Fingerprint); err == nil {
		return record.Entry{}, like.Twice()
	} else if fault.KindOf(err) != fault.NotFound {
		return record.Entry{}, err
	}
	if err := tx.AddMisuse(r); err != nil {
		return record.Entry{}, err
	}
	return d.misuseEntry(by, r, m, now), tx.AddMisuseReporter(&who)
}

// MisuseStatus returns what a reporter may read with the query code.
func (d *Desk) MisuseStatus(ctx context.Context, query string) (r MisuseReceipt, err error) {
	defer fault.Wrap(&err, "casework.MisuseStatus")
	if query = readCode(query); query == "" {
		return r, errCode.At("query")
	}
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		r.Report, err = tx.MisuseByCode(hashed(query))
		if fault.KindOf(err) == fault.NotFound {
			return errCode.At("query")
		}
		if err == nil {
			r.Files, err = tx.AttachmentsOf("", r.Report.ID)
		}
		return err
	})
	r.Code = strings.Join([]string{query[:4], query[4:8], query[8:12], query[12:]}, "-")
	return r, err
}

// AssignMisuse gives a report to a clerk without an interest in the holder.
func (d *Desk) AssignMisuse(ctx context.Context, by stage.Actor, key id.Misuse, to id.Account) error {
	return d.misuseAct(ctx, by, key, "assign", func(tx *store.Tx, r *misuse.Report, _ time.Time) (stage.Move, error) {
		h, err := misuseHandler(tx, r, to)
		if err != nil {
			return stage.Move{}, err
		}
		return r.Assign(by, h)
	})
}

// misuseHandlers lists the clerks of a report's programme, each with what ties them to the
// holder.
func misuseHandlers(tx *store.Tx, r *misuse.Report) (all []inquiry.Handler, err error) {
	clerks, err := tx.AccountsWith(stage.Clerk, r.Programme)
	if err != nil {
		return nil, err
	}
	ties, err := tx.InterestsIn(r.Organisation)
	for _, a := range clerks {
		all = append(all, inquiry.Handler{Account: a.ID, Name: a.Name, Interest: ties[a.ID]})
	}
	return all, err
}

// misuseHandler returns one of them, or none.
func misuseHandler(tx *store.Tx, r *misuse.Report, who id.Account) (inquiry.Handler, error) {
	all, err := misuseHandlers(tx, r)
	return among(all, who), err
}

// NoteMisuse adds a line of what the handler looked into.
func (d *Desk) NoteMisuse(ctx context.Context, by stage.Actor, key id.Misuse, text string) error {
	return d.misuseAct(ctx, by, key, "note", func(tx *store.Tx, r *misuse.Report, now time.Time) (stage.Move, error) {
		who, err := tx.MisuseReporter(key)
		if err != nil {
			return stage.Move{}, err
		}
		h, err := misuseHandler(tx, r, by.Account)
		if err != nil {
			return stage.Move{}, err
		}
		return r.Note(by, h, who, text, now)
	})
}

// ConcludeMisuse says how a report ended. A misuse by the holder asks for a recheck of the
// title, if it still lives, in the same change.
func (d *Desk) ConcludeMisuse(ctx context.Context, by stage.Actor, key id.Misuse, c misuse.Conclusion) error {
	return d.misuseAct(ctx, by, key, "conclude", func(tx *store.Tx, r *misuse.Report, now time.Time) (stage.Move, error) {
		who, err := tx.MisuseReporter(key)
		if err != nil {
			return stage.Move{}, err
		}
		h, err := misuseHandler(tx, r, by.Account)
		if err != nil {
			return stage.Move{}, err
		}
		m, err := r.Conclude(by, h, who, c, now)
		if err != nil || !r.ByHolder {
			return m, err
		}
		return m, d.raiseMisuse(tx, by, r, now)
	})
}

func (d *Desk) raiseMisuse(tx *store.Tx, by stage.Actor, r *misuse.Report, now time.Time) error {
	title, err := tx.Designation(r.Designation)
	if err != nil || !title.Live() {
		return err
	}
	raised, m := trigger.Raise(by, id.New[id.Trigger](d.Rand), title, r.Cause(), now)
	tx.Also(d.triggerEntry(by, &raised, m, now))
	return tx.AddTrigger(&raised)
}

// misuseAct runs one move of a report that the actor may see.
func (d *Desk) misuseAct(ctx context.Context, by stage.Actor, key id.Misuse, act string, do func(*store.Tx, *misuse.Report, time.Time) (stage.Move, error)) (err error) {
	defer fault.Wrap(&err, "casework: misuse.%s(%s)", act, key)
	now := d.Now()
	return again(func() error {
		return d.Store.Change(ctx, func(tx *store.Tx) (record.Entry, error) {
			if _, err := tx.MisuseFor(by, key); err != nil {
				return record.Entry{}, err
			}
			r, err := tx.Misuse(key)
			if err != nil {
				return record.Entry{}, err
			}
			m, err := do(tx, &r, now)
			if err != nil {
				return record.Entry{}, err
			}
			return d.misuseEntry(by, &r, m, now), tx.PutMisuse(&r)
		})
	})
}

// misuseEntry is the line of the record for a move of a report. It tells neither who
// reported nor whom.
func (d *Desk) misuseEntry(by stage.Actor, r *misuse.Report, m stage.Move, now time.Time) record.Entry {
	e := d.entry(by, misuse.Kind, string(r.ID), m, now)
	e.Programme = r.Programme
	e.Facts = map[string]string{"year": strconv.Itoa(r.Year), "number": strconv.Itoa(r.Number)}
	return e
}

// MisuseView is what the page of one report shows.
type MisuseView struct {
	Report   misuse.Report        // as the viewer may see it
	Reporter *misuse.Reporter     // for its handler
	Files    []inquiry.Attachment // sent along; for its handler
	Handler  string               // by name
	Entered  string               // by name, the clerk who entered what came by letter; empty: the public form
	Handlers []inquiry.Handler    // to whom it may be given; for the director
	Mine     bool                 // the viewer handles it
	Acts     []string             // what the viewer may do with it now
}

// Misuse returns one report as the viewer may see it.
func (d *Desk) Misuse(ctx context.Context, by stage.Actor, key id.Misuse) (v MisuseView, err error) {
	defer fault.Wrap(&err, "casework.Misuse(%s)", key)
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		if v.Report, err = tx.MisuseFor(by, key); err != nil {
			return err
		}
		r := &v.Report
		who, err := tx.MisuseReporterFor(by, key)
		if err == nil {
			v.Reporter = &who
		} else if fault.KindOf(err) != fault.NotFound {
			return err
		}
		if v.Files, err = tx.AttachmentsFor(by, "", key); err != nil {
			return err
		}
		if r.Handler != "" {
			a, err := tx.Account(r.Handler)
			if err != nil {
				return err
			}
			v.Handler = a.Name
		}
		if r.RegisteredBy != "" {
			a, err := tx.Account(r.RegisteredBy)
			if err != nil {
				return err
			}
			v.Entered = a.Name
		}
		v.Mine = v.Reporter != nil
		for _, act := range misuse.Kind.May(r.State, by.Role) {
			if act != "attach" && (by.Role != stage.Clerk || v.Mine) { // files go by the query code
				v.Acts = append(v.Acts, act)
			}
		}
		if by.Role == stage.Director && r.Open() {
			v.Handlers, err = misuseHandlers(tx, r)
			return err
		}
		return nil
	})
	return v, err
}

// Misuses lists the reports that the viewer may see, the latest first.
func (d *Desk) Misuses(ctx context.Context, by stage.Actor, f MisuseFilter) (all []misuse.Report, err error) {
	defer fault.Wrap(&err, "casework.Misuses")
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		all, err = tx.Misuses(by, f)
		return err
	})
	return all, err
}

// misuseWork lists what waits for somebody about reports of misuse.
func misuseWork(tx *store.Tx, by stage.Actor, _ time.Time, w *waits) ([]WorkItem, error) {
	state := map[stage.Role]stage.State{stage.Director: misuse.Received, stage.Clerk: misuse.Investigating}[by.Role]
	if state == "" {
		return nil, nil
	}
	f := store.MisuseFilter{States: []stage.State{state}}
	return listing[misuse.Report]{
		stage: misuse.Kind.Label, url: "/misuses",
		list: func(after *misuse.Report, limit int) ([]misuse.Report, error) {
			if f.Limit = limit; after != nil {
				f.After = after.ID
			}
			return tx.Misuses(by, f)
		},
		item: func(r *misuse.Report) (w WorkItem, err error) {
			w = WorkItem{Title: "分派核查滥用线索 " + r.Name, Thing: r.Label(), URL: "/misuses/" + string(r.ID), Stage: misuse.Kind.Label}
			if state == misuse.Investigating {
				w.Title = "核查滥用线索 " + r.Name
				if r.Handler != by.Account {
					w.Title = ""
				}
			}
			return w, nil
		},
	}.gather(w)
}
