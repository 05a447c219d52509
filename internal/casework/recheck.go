package casework

import (
	"context"
	"slices"
	"strconv"
	"time"

	"shifan/internal/calendar"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/designation"
	"shifan/internal/lifecycle/item"
	"shifan/internal/lifecycle/meeting"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/recheck"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/record"
	"shifan/internal/store"
)

// planAhead is how far ahead the plan of rechecks is looked for, in days: no programme
// opens one earlier.
const planAhead = 731

// versionsOf returns every version of a programme that is kept.
func versionsOf(tx *store.Tx, s programme.Standing) (all []*programme.Programme, err error) {
	for n := 1; n <= s.Current; n++ {
		p, err := tx.ProgrammeVersion(s.Name, n)
		if fault.KindOf(err) == fault.NotFound {
			continue // a programme may begin here with a later version
		}
		if err != nil {
			return nil, err
		}
		all = append(all, p)
	}
	return all, nil
}

// openRechecks opens the rechecks whose lead time has come (S68).
func (d *Desk) openRechecks(ctx context.Context, now time.Time) (int, error) {
	today := calendar.DateOf(now)
	return dueActs(ctx, d, func(tx *store.Tx) (due []designation.Designation, err error) {
		under, err := tx.RecheckedUnder(today.AddDays(planAhead))
		if err != nil {
			return nil, err
		}
		rules, lead := rulesIn(tx), 0
		for _, r := range under {
			p, err := rules(&designation.Designation{Programme: r.Programme, Round: r.Round})
			if err != nil {
				return nil, err
			}
			lead = max(lead, p.Recheck.LeadDays)
		}
		all, err := tx.TitlesToRecheck(today.AddDays(lead))
		for _, t := range all {
			p, err := rules(&t)
			if err != nil {
				return nil, err
			}
			if opens := recheck.OpensOn(t, p.Recheck); !opens.IsZero() && !opens.After(today) {
				due = append(due, t)
			}
		}
		return due, err
	}, func(t designation.Designation) error { return d.openRecheck(ctx, t.ID, now) })
}

// errOpened says that another node was faster.
var errOpened = fault.Define(fault.Refused, "recheck.open.again", "这个称号的本次复查已经开始。", "五(二) 每三年复查")

func (d *Desk) openRecheck(ctx context.Context, key id.Designation, now time.Time) error {
	return d.Store.Change(ctx, func(tx *store.Tx) (record.Entry, error) {
		t, err := tx.Designation(key)
		if err != nil {
			return record.Entry{}, err
		}
		naming, current, err := versionsFor(tx, &t)
		if err != nil {
			return record.Entry{}, err
		}
		all, err := tx.RechecksOf(key)
		if err != nil {
			return record.Entry{}, err
		}
		open := func(r recheck.Recheck) bool {
			_, over := recheck.Kind.Ends[r.State]
			return !over || r.DueOn == t.RecheckDue
		}
		if recheck.OpensOn(t, naming.Recheck).IsZero() || slices.ContainsFunc(all, open) {
			return record.Entry{}, errOpened.New()
		}
		r := recheck.Open(id.New[id.Recheck](d.Rand), t, naming.Recheck, current.Version, naming.Version, now)
		if r.Depth, err = plannedDepth(tx, &t); err != nil {
			return record.Entry{}, err
		}
		if r.Findings, err = d.atNaming(tx, t); err != nil {
			return record.Entry{}, err
		}
		return d.openEntry(&r, now), tx.AddRecheck(&r)
	})
}

// versionsFor returns the version of the programme that a title was named under and the
// one that holds now.
func versionsFor(tx *store.Tx, t *designation.Designation) (naming, current *programme.Programme, err error) {
	if naming, err = programmeOfTitle(tx, t); err != nil {
		return nil, nil, err
	}
	current, _, err = tx.ProgrammeNow(t.Programme)
	return naming, current, err
}

// addRecheck adds a recheck that another act of the clock opens.
func (d *Desk) addRecheck(tx *store.Tx, t *designation.Designation, r *recheck.Recheck, now time.Time) (err error) {
	if r.Findings, err = d.atNaming(tx, *t); err != nil {
		return err
	}
	tx.Also(d.openEntry(r, now))
	return tx.AddRecheck(r)
}

// openEntry is the line of the record for the opening of a recheck.
func (d *Desk) openEntry(r *recheck.Recheck, now time.Time) record.Entry {
	basis := "五(二) 每三年复查"
	if r.Origin == recheck.OfEvent {
		basis = "五(二) 动态管理；方案设定"
	}
	if r.Plan != "" {
		basis = "五(二) 动态管理；制度:年度复查计划"
	}
	return d.recheckEntry(stage.TheClock, r, stage.Move{Act: "open", By: stage.Clock, To: recheck.Due, Basis: basis}, now)
}

// atNaming gathers what was found about each indicator when the title was named:
// by the review, and by the visit where it looked too. A title from before the
// system has nothing to compare with.
func (d *Desk) atNaming(tx *store.Tx, t designation.Designation) (map[string]recheck.Finding, error) {
	found := map[string]recheck.Finding{}
	if t.Application == "" {
		return found, nil
	}
	r, err := tx.ReviewOf(t.Application)
	if err != nil && fault.KindOf(err) != fault.NotFound {
		return nil, err
	}
	for code, f := range r.Findings {
		found[code] = recheck.Finding{Then: reviewedAs[f.Verdict]}
	}
	v, err := tx.VisitOf(t.Application)
	if err != nil && fault.KindOf(err) != fault.NotFound {
		return nil, err
	}
	for code, f := range v.Findings {
		if f.Rating != "" {
			found[code] = recheck.Finding{Then: f.Rating}
		}
	}
	return found, nil
}

// reviewedAs is a review's verdict as a rating; one in doubt was partly met.
var reviewedAs = map[string]string{"meets": "meets", "fails": "fails", "doubtful": "partly"}

// endRechecks closes the rechecks whose title ended in another way.
func (d *Desk) endRechecks(ctx context.Context, now time.Time) (int, error) {
	return dueActs(ctx, d, func(tx *store.Tx) ([]recheck.Recheck, error) { return tx.RechecksOutlived() },
		func(r recheck.Recheck) error {
			return d.recheckAct(ctx, stage.TheClock, r.ID, 0, "end", func(c *recheckCase) (stage.Move, error) {
				return c.Recheck.End(stage.TheClock, c.Title, now)
			})
		})
}

// recheckCase is what an act on a recheck gets.
type recheckCase struct {
	tx      *store.Tx
	Recheck *recheck.Recheck // whole, whoever acts
	Title   designation.Designation
	now     time.Time
}

// recheckAct runs one move of a recheck that the actor may see. version is the one
// that the actor saw; 0 when it does not matter.
func (d *Desk) recheckAct(ctx context.Context, by stage.Actor, key id.Recheck, version int64, act string, do func(*recheckCase) (stage.Move, error)) (err error) {
	defer fault.Wrap(&err, "casework: recheck.%s(%s)", act, key)
	now := d.Now()
	return d.Store.Change(ctx, func(tx *store.Tx) (record.Entry, error) {
		r, err := wholeFor(by, key, version, tx.RecheckFor, tx.Recheck, func(r recheck.Recheck) int64 { return r.Version })
		if err != nil {
			return record.Entry{}, err
		}
		t, err := tx.Designation(r.Designation)
		if err != nil {
			return record.Entry{}, err
		}
		m, err := do(&recheckCase{tx: tx, Recheck: &r, Title: t, now: now})
		if err != nil {
			return record.Entry{}, err
		}
		return d.recheckEntry(by, &r, m, now), tx.PutRecheck(&r)
	})
}

func (d *Desk) recheckEntry(by stage.Actor, r *recheck.Recheck, m stage.Move, now time.Time) record.Entry {
	e := d.entry(by, recheck.Kind, string(r.ID), m, now)
	e.Programme = r.Programme
	e.Facts = map[string]string{"designation": string(r.Designation), "due": r.DueOn.String(), "standard_version": strconv.Itoa(r.StandardVersion)}
	if r.Decision != "" {
		e.Facts["item"] = string(r.Decision)
	}
	return e
}

// lookers lists who could look at a holder, and who must not.
func lookers(tx *store.Tx, p id.Programme, o id.Organisation) (pool []recheck.Candidate, err error) {
	all, err := tx.AccountsWith(stage.Assessor, p)
	if err != nil {
		return nil, err
	}
	interested, err := tx.InterestsIn(o)
	for _, a := range all {
		pool = append(pool, recheck.Candidate{Account: a.ID, Name: a.Name, Interest: interested[a.ID]})
	}
	return pool, err
}

// BeginRecheck starts a recheck with those who will look.
func (d *Desk) BeginRecheck(ctx context.Context, by stage.Actor, key id.Recheck, who []id.Account, version int64) error {
	return d.recheckAct(ctx, by, key, version, "begin", func(c *recheckCase) (stage.Move, error) {
		pool, err := lookers(c.tx, c.Recheck.Programme, c.Recheck.Organisation)
		if err != nil {
			return stage.Move{}, err
		}
		return c.Recheck.Begin(by, who, pool, c.now)
	})
}

// AssignRecheck names others who look, until the report is in.
func (d *Desk) AssignRecheck(ctx context.Context, by stage.Actor, key id.Recheck, who []id.Account, version int64) error {
	return d.recheckAct(ctx, by, key, version, "assign", func(c *recheckCase) (stage.Move, error) {
		pool, err := lookers(c.tx, c.Recheck.Programme, c.Recheck.Organisation)
		if err != nil {
			return stage.Move{}, err
		}
		return c.Recheck.Assign(by, who, pool)
	})
}

// ReportSelf keeps the holder's own account in a recheck.
func (d *Desk) ReportSelf(ctx context.Context, by stage.Actor, key id.Recheck, text string, version int64) error {
	return d.recheckAct(ctx, by, key, version, "self_report", func(c *recheckCase) (stage.Move, error) {
		return c.Recheck.ReportSelf(by, text, c.now)
	})
}

// NoteRecheck keeps what an assessor has written so far.
func (d *Desk) NoteRecheck(ctx context.Context, by stage.Actor, key id.Recheck, findings map[string]recheck.Finding, opinion string, version int64) error {
	return d.recheckAct(ctx, by, key, version, "note", func(c *recheckCase) (stage.Move, error) {
		p, err := d.standardOf(c.tx, c.Recheck, c.Title)
		if err != nil {
			return stage.Move{}, err
		}
		return c.Recheck.Note(by, p.Indicators(c.Recheck.DueOn.Year), findings, opinion)
	})
}

// ReportRecheck sends the assessor's comparison and opinion.
func (d *Desk) ReportRecheck(ctx context.Context, by stage.Actor, key id.Recheck, findings map[string]recheck.Finding, opinion string, version int64) error {
	return d.recheckAct(ctx, by, key, version, "report", func(c *recheckCase) (stage.Move, error) {
		p, err := d.standardOf(c.tx, c.Recheck, c.Title)
		if err != nil {
			return stage.Move{}, err
		}
		return c.Recheck.Report(by, p.Indicators(c.Recheck.DueOn.Year), findings, opinion, c.now)
	})
}

// VisitRecheck notes the day on which an assessor was at the place.
func (d *Desk) VisitRecheck(ctx context.Context, by stage.Actor, key id.Recheck, on calendar.Date, version int64) error {
	return d.recheckAct(ctx, by, key, version, "visit", func(c *recheckCase) (stage.Move, error) { return c.Recheck.Visit(by, on, c.now) })
}

// AcceptRecheck takes the holder's own account for the report of a light recheck.
func (d *Desk) AcceptRecheck(ctx context.Context, by stage.Actor, key id.Recheck, opinion string, version int64) error {
	return d.recheckAct(ctx, by, key, version, "accept", func(c *recheckCase) (stage.Move, error) { return c.Recheck.Accept(by, opinion, c.now) })
}

// DeepenRecheck has a recheck look deeper than it was to.
func (d *Desk) DeepenRecheck(ctx context.Context, by stage.Actor, key id.Recheck, depth, reason string, version int64) error {
	return d.recheckAct(ctx, by, key, version, "deepen", func(c *recheckCase) (stage.Move, error) { return c.Recheck.Deepen(by, depth, reason) })
}

// standardOf returns the version of the programme that a recheck is held against.
func (d *Desk) standardOf(tx *store.Tx, r *recheck.Recheck, t designation.Designation) (*programme.Programme, error) {
	p, err := programmeOfTitle(tx, &t)
	if err != nil || p.Version == r.StandardVersion {
		return p, err
	}
	return tx.ProgrammeVersion(r.Programme, r.StandardVersion)
}

// PassRecheck concludes that the title is still deserved, and renews or keeps it as
// the programme says (S68).
func (d *Desk) PassRecheck(ctx context.Context, by stage.Actor, key id.Recheck, reason string, version int64) error {
	return d.recheckAct(ctx, by, key, version, "pass", func(c *recheckCase) (stage.Move, error) {
		with, err := d.conclusion(c, by, reason)
		if err != nil {
			return stage.Move{}, err
		}
		return d.passRecheck(c, by, with)
	})
}

// SlipRecheck concludes that the standard is no longer met.
func (d *Desk) SlipRecheck(ctx context.Context, by stage.Actor, key id.Recheck, reason string, version int64) error {
	return d.recheckAct(ctx, by, key, version, "slip", func(c *recheckCase) (stage.Move, error) {
		with, err := d.conclusion(c, by, reason)
		if err != nil {
			return stage.Move{}, err
		}
		return c.Recheck.Slip(by, with, c.now)
	})
}

// conclusion gathers what a chair's conclusion rests on.
func (d *Desk) conclusion(c *recheckCase, by stage.Actor, reason string) (with recheck.Conclusion, err error) {
	with.Reason = reason
	interested, err := c.tx.InterestsIn(c.Recheck.Organisation)
	if err != nil {
		return with, err
	}
	with.Interested = interested[by.Account] != ""
	with.OnAgenda, err = onAgenda(c.tx, item.Subject{Kind: "recheck", ID: string(c.Recheck.ID)})
	return with, err
}

func (d *Desk) passRecheck(c *recheckCase, by stage.Actor, with recheck.Conclusion) (stage.Move, error) {
	p, err := programmeOfTitle(c.tx, &c.Title)
	if err != nil {
		return stage.Move{}, err
	}
	with.Unfiled = p.Recheck.Unfiled
	m, err := c.Recheck.Pass(by, with, c.now)
	if err != nil {
		return m, err
	}
	return m, d.titleMoves(c.tx, by, c.Title.ID, c.now, func(t *designation.Designation) (stage.Move, error) {
		if !c.Recheck.OfTerm() {
			return t.Retain(by, c.now)
		}
		return t.Pass(by, c.Recheck.ID, p, c.now)
	})
}

// titleMoves runs moves of a title that follow from an act about it.
func (d *Desk) titleMoves(tx *store.Tx, by stage.Actor, key id.Designation, now time.Time, moves ...func(*designation.Designation) (stage.Move, error)) error {
	t, err := tx.Designation(key)
	if err != nil {
		return err
	}
	for n, move := range moves {
		m, err := move(&t)
		if err != nil {
			return err
		}
		if n == len(moves)-1 {
			return d.moveTitle(tx, by, &t, m, now)
		}
		tx.Also(d.titleEntry(by, &t, m, now))
	}
	return nil
}

// onAgenda reports whether a meeting that is not over has a subject.
func onAgenda(tx *store.Tx, s item.Subject) (bool, error) {
	all, err := tx.ItemsAbout(s)
	for _, i := range all {
		switch i.State {
		case item.Listed, item.Voting, item.Counting:
			return true, err
		case item.Carried, item.Lost:
			m, err := tx.Meeting(i.Meeting)
			if err != nil || m.State == meeting.Sitting {
				return true, err
			}
		}
	}
	return false, err
}

// recheckMatter is how a recheck's conclusion comes before the committee: carried
// passes it, lost finds that the standard slipped.
func (d *Desk) recheckMatter() matter {
	return matter{
		facts: func(tx *store.Tx, key string) (f item.Facts, err error) {
			r, err := tx.Recheck(id.Recheck(key))
			if err != nil {
				return f, err
			}
			t, err := tx.Designation(r.Designation)
			return titleFacts(t, "复查合格："+t.Name, r.State == recheck.Reported && t.State == designation.Valid), err
		},
		waiting: func(tx *store.Tx, p id.Programme, _ id.Round) (all []item.Facts, err error) {
			reported, err := tx.RechecksReported(p)
			for _, r := range reported {
				all = append(all, item.Facts{Subject: item.Subject{ID: string(r.ID)}})
			}
			return all, err
		},
		decided: func(tx *store.Tx, by stage.Actor, i item.Item, carried bool, now time.Time) error {
			r, err := tx.Recheck(id.Recheck(i.Subject.ID))
			if err != nil {
				return err
			}
			t, err := tx.Designation(r.Designation)
			if err != nil || !t.Live() {
				return err // the clock ends the recheck of a title that is gone
			}
			c := &recheckCase{tx: tx, Recheck: &r, Title: t, now: now}
			with := recheck.Conclusion{Decision: i.ID, Reason: orReason(i.Reason)}
			var m stage.Move
			if carried {
				m, err = d.passRecheck(c, by, with)
			} else {
				m, err = r.Slip(by, with, now)
			}
			if err != nil {
				return err
			}
			tx.Also(d.recheckEntry(by, &r, m, now))
			return tx.PutRecheck(&r)
		},
	}
}

// titleFacts is what the committee decides about a title on; it needs no opinion
// of a review or a visit.
func titleFacts(t designation.Designation, title string, waiting bool) item.Facts {
	return item.Facts{Programme: t.Programme, Organisation: t.Organisation, Title: title, Waiting: waiting, Reviewed: true, Visited: true}
}

// orReason is the reason that a meeting gave, or that it was the meeting.
func orReason(s string) string {
	if s == "" {
		return "会议审定"
	}
	return s
}
