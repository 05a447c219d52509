package casework

import (
	"context"
	"slices"
	"time"

	"shifan/internal/calendar"
	"shifan/internal/fault"
	"shifan/internal/id"
	"shifan/internal/lifecycle/designation"
	"shifan/internal/lifecycle/figure"
	"shifan/internal/lifecycle/item"
	"shifan/internal/lifecycle/programme"
	"shifan/internal/lifecycle/recheck"
	"shifan/internal/lifecycle/rectification"
	"shifan/internal/lifecycle/revocation"
	"shifan/internal/lifecycle/stage"
	"shifan/internal/lifecycle/trigger"
	"shifan/internal/store"
)

// The filters are the store's, so that the doors need not know the store.
type (
	RecheckFilter       = store.RecheckFilter
	RectificationFilter = store.RectificationFilter
	RevocationFilter    = store.RevocationFilter
)

// TitleCase is what the pages of one recheck, order or proceeding have in common.
type TitleCase struct {
	Title    designation.Designation
	Rules    *programme.Programme  // the version that the title lives under
	Names    map[id.Account]string // of those whom the viewer may know
	Pool     []recheck.Candidate   // who could look; for the office while it may choose
	Calendar *calendar.Calendar
	Acts     []string // what the viewer may do with it now
	Now      time.Time
	Listed   bool // it stands on a meeting's agenda
}

// Left returns how many working days are left until a day, and whether that is
// known.
func (v TitleCase) Left(until calendar.Date) (int, bool) {
	return v.Calendar.WorkingDaysBetween(calendar.DateOf(v.Now), until)
}

func (d *Desk) titleCase(tx *store.Tx, by stage.Actor, key id.Designation, kind stage.Kind, at stage.State, subjects ...item.Subject) (v TitleCase, err error) {
	v = TitleCase{Now: d.Now(), Names: map[id.Account]string{}}
	if v.Title, err = tx.DesignationFor(by, key); err != nil {
		return v, err
	}
	if v.Rules, err = programmeOfTitle(tx, &v.Title); err != nil {
		return v, err
	}
	if v.Calendar, err = tx.Calendar(); err != nil {
		return v, err
	}
	v.Acts = kind.May(at, by.Role)
	for _, s := range subjects {
		listed, err := onAgenda(tx, s)
		if err != nil {
			return v, err
		}
		v.Listed = v.Listed || listed
	}
	if slices.Contains(v.Acts, "begin") || slices.Contains(v.Acts, "assign") {
		v.Pool, err = lookers(tx, v.Title.Programme, v.Title.Organisation)
	}
	return v, err
}

// know adds the names of people.
func (v *TitleCase) know(tx *store.Tx, who ...id.Account) error {
	for _, a := range who {
		if a == "" || a == stage.TheClock.Account {
			continue
		}
		account, err := tx.Account(a)
		if err != nil {
			return err
		}
		v.Names[a] = account.Name
	}
	return nil
}

// RecheckView is what the pages of one recheck show.
type RecheckView struct {
	TitleCase
	Recheck  recheck.Recheck // as the viewer may see it
	Standard *programme.Programme
	Causes   []trigger.Trigger // what happened to the holder that it looks into
	Figures  []figure.Figure   // conditions then and now, by either standard
	Numbers  []figure.Number   // of the ledger then and now
	Then     calendar.Date     // as of which day the figures of the naming stand
	Order    id.Rectification  // that followed, where the viewer may see it

	Signed SignedPapers // its documents
}

// Recheck returns one recheck as the viewer may see it.
func (d *Desk) Recheck(ctx context.Context, by stage.Actor, key id.Recheck) (v RecheckView, err error) {
	defer fault.Wrap(&err, "casework.Recheck(%s)", key)
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		if v, err = d.recheckView(tx, by, key); err != nil {
			return err
		}
		v.Signed, err = signedPapers(tx, by, string(key), v.Recheck.Programme)
		return err
	})
	return v, err
}

func (d *Desk) recheckView(tx *store.Tx, by stage.Actor, key id.Recheck) (v RecheckView, err error) {
	r, err := tx.RecheckFor(by, key)
	if err != nil {
		return v, err
	}
	v.Recheck = r
	if v.TitleCase, err = d.titleCase(tx, by, r.Designation, recheck.Kind, r.State, item.Subject{Kind: "recheck", ID: string(key)}); err != nil {
		return v, err
	}
	if v.Standard, err = d.standardOf(tx, &r, v.Title); err != nil {
		return v, err
	}
	if err := v.know(tx, append(slices.Clone(r.Assessors), r.ReportedBy)...); err != nil {
		return v, err
	}
	if v.Causes, err = tx.TriggersIn(key); err != nil {
		return v, err
	}
	if err := d.figures(tx, by, &v); err != nil {
		return v, err
	}
	orders, err := tx.RectificationsOf(r.Designation)
	for _, o := range orders {
		if _, hidden := tx.RectificationFor(by, o.ID); o.Recheck == key && hidden == nil {
			v.Order = o.ID
		}
	}
	return v, err
}

// RecheckRow is one line of a list of rechecks.
type RecheckRow struct {
	Recheck recheck.Recheck
	Title   designation.Designation
	Why     string // 复查, or 随时复查 with what happened
}

// Rechecks lists the rechecks that the viewer may see, the next due first.
func (d *Desk) Rechecks(ctx context.Context, by stage.Actor, f RecheckFilter) (rows []RecheckRow, today calendar.Date, err error) {
	defer fault.Wrap(&err, "casework.Rechecks")
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		all, err := tx.Rechecks(by, f)
		for _, r := range all {
			t, err := tx.DesignationFor(by, r.Designation)
			if err != nil {
				return err
			}
			why, err := recheckWhy(tx, &r)
			if err != nil {
				return err
			}
			rows = append(rows, RecheckRow{Recheck: r, Title: t, Why: why})
		}
		return err
	})
	return rows, calendar.DateOf(d.Now()), err
}

// PlannedRecheck is one that has not begun.
type PlannedRecheck struct {
	Title   designation.Designation
	OpensOn calendar.Date
}

// RecheckPlan lists the rechecks that open within a year, the next first, for the
// office.
func (d *Desk) RecheckPlan(ctx context.Context, by stage.Actor) (plan []PlannedRecheck, err error) {
	defer fault.Wrap(&err, "casework.RecheckPlan")
	if !slices.Contains([]stage.Role{stage.Clerk, stage.Director, stage.Chair, stage.Auditor}, by.Role) {
		return nil, nil
	}
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		plan, err = plannedRechecks(tx, by.Programme, calendar.DateOf(d.Now()).AddDays(planAhead))
		return err
	})
	return plan, err
}

func plannedRechecks(tx *store.Tx, p id.Programme, by calendar.Date) (plan []PlannedRecheck, err error) {
	all, err := tx.TitlesToRecheck(by)
	of := rulesIn(tx)
	for _, t := range all {
		if p != "" && p != t.Programme {
			continue
		}
		rules, err := of(&t)
		if err != nil {
			return nil, err
		}
		if opens := recheck.OpensOn(t, rules.Recheck); !opens.IsZero() {
			plan = append(plan, PlannedRecheck{Title: t, OpensOn: opens})
		}
	}
	slices.SortStableFunc(plan, func(a, b PlannedRecheck) int { return a.OpensOn.Compare(b.OpensOn) })
	return plan, err
}

// RectificationView is what the pages of one order show.
type RectificationView struct {
	TitleCase
	Order      rectification.Rectification // as the viewer may see it
	Limit      rectification.Limit         // counted from the day of service, or from today before it
	Latest     calendar.Date               // the latest day to which it can be extended
	Proceeding id.Revocation               // that followed, where the viewer may see it
	Files      map[int][]File              // evidence by item, from 1, as the viewer may see it

	Signed SignedPapers // its documents
}

// Rectification returns one order as the viewer may see it.
func (d *Desk) Rectification(ctx context.Context, by stage.Actor, key id.Rectification) (v RectificationView, err error) {
	defer fault.Wrap(&err, "casework.Rectification(%s)", key)
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		if v, err = d.rectificationView(tx, by, key); err != nil {
			return err
		}
		v.Signed, err = signedPapers(tx, by, string(key), v.Order.Programme)
		return err
	})
	return v, err
}

func (d *Desk) rectificationView(tx *store.Tx, by stage.Actor, key id.Rectification) (v RectificationView, err error) {
	r, err := tx.RectificationFor(by, key)
	if err != nil {
		return v, err
	}
	v.Order = r
	if v.Files, err = proofs(tx, by, &r); err != nil {
		return v, err
	}
	if v.TitleCase, err = d.titleCase(tx, by, r.Designation, rectification.Kind, r.State, item.Subject{Kind: "rectification", ID: string(key)}); err != nil {
		return v, err
	}
	if err := v.know(tx, append(slices.Clone(r.Assessors), r.VerifiedBy)...); err != nil {
		return v, err
	}
	from := r.ServedOn
	if from.IsZero() {
		from = calendar.DateOf(v.Now)
	}
	if v.Limit, err = rectification.Term(from, r.Terms, v.Calendar); err != nil {
		return v, err
	}
	if len(r.Extensions) < r.Terms.Extensions && !r.DueOn.IsZero() {
		most, err := rectification.Term(r.DueOn, r.Terms, v.Calendar)
		if err != nil {
			return v, err
		}
		v.Latest = most.Last
	}
	all, err := tx.RevocationsOf(r.Designation)
	for _, p := range all {
		if _, hidden := tx.RevocationFor(by, p.ID); p.Rectification == key && hidden == nil {
			v.Proceeding = p.ID
		}
	}
	return v, err
}

// OrderChoice is what an order may be made of.
type OrderChoice struct {
	TitleCase
	Recheck  *recheck.Recheck // that slipped; nil where another finding leads to it
	Standard *programme.Programme
	Limit    rectification.Limit // as if it were served today
}

// OrderChoice gathers what the form of an order shows, and refuses what
// OrderRectification would refuse whatever one typed.
func (d *Desk) OrderChoice(ctx context.Context, by stage.Actor, o RectificationOrder) (v OrderChoice, err error) {
	defer fault.Wrap(&err, "casework.OrderChoice(%s%s)", o.Recheck, o.Designation)
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		g, err := grounds(tx, by, o)
		if err != nil {
			return err
		}
		if _, _, err := rectification.Order(by, "", g, []string{"…"}, d.Now()); err != nil {
			return err
		}
		if v.TitleCase, err = d.titleCase(tx, by, g.Title.ID, rectification.Kind, rectification.Ordered); err != nil {
			return err
		}
		v.Recheck, v.Standard = g.Recheck, v.Rules
		if g.Recheck != nil {
			if v.Standard, err = d.standardOf(tx, g.Recheck, g.Title); err != nil {
				return err
			}
		}
		v.Limit, err = rectification.Term(calendar.DateOf(v.Now), g.Terms, v.Calendar)
		return err
	})
	return v, err
}

// RectificationRow is one line of a list of orders.
type RectificationRow struct {
	Order rectification.Rectification
	Title designation.Designation
}

// Rectifications lists the orders that the viewer may see, the latest first.
func (d *Desk) Rectifications(ctx context.Context, by stage.Actor, f RectificationFilter) (rows []RectificationRow, err error) {
	defer fault.Wrap(&err, "casework.Rectifications")
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		all, err := tx.Rectifications(by, f)
		for _, r := range all {
			t, err := tx.DesignationFor(by, r.Designation)
			if err != nil {
				return err
			}
			rows = append(rows, RectificationRow{Order: r, Title: t})
		}
		return err
	})
	return rows, err
}

// RevocationView is what the pages of one proceeding show.
type RevocationView struct {
	TitleCase
	Proceeding revocation.Revocation // as the viewer may see it
	Hearing    calendar.Period       // counted from the notice, or from today before it

	Signed SignedPapers // its documents
}

// Revocation returns one proceeding as the viewer may see it.
func (d *Desk) Revocation(ctx context.Context, by stage.Actor, key id.Revocation) (v RevocationView, err error) {
	defer fault.Wrap(&err, "casework.Revocation(%s)", key)
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		if v, err = d.revocationView(tx, by, key); err != nil {
			return err
		}
		v.Signed, err = signedPapers(tx, by, string(key), v.Proceeding.Programme)
		return err
	})
	return v, err
}

func (d *Desk) revocationView(tx *store.Tx, by stage.Actor, key id.Revocation) (v RevocationView, err error) {
	r, err := tx.RevocationFor(by, key)
	if err != nil {
		return v, err
	}
	v.Proceeding = r
	v.TitleCase, err = d.titleCase(tx, by, r.Designation, revocation.Kind, r.State, item.Subject{Kind: "revocation", ID: string(key)}, item.Subject{Kind: "appeal", ID: string(key)})
	if err != nil {
		return v, err
	}
	from := r.NotifiedOn
	if from.IsZero() {
		from = calendar.DateOf(v.Now)
	}
	if v.Hearing, err = v.Calendar.AddWorkingDays(from, v.Rules.Revocation.HearingDays, false); err != nil {
		return v, err
	}
	return v, v.know(tx, r.ProposedBy)
}

// RevocationRow is one line of a list of proceedings.
type RevocationRow struct {
	Proceeding revocation.Revocation
	Title      designation.Designation
}

// Revocations lists the proceedings that the viewer may see, the latest first.
func (d *Desk) Revocations(ctx context.Context, by stage.Actor, f RevocationFilter) (rows []RevocationRow, err error) {
	defer fault.Wrap(&err, "casework.Revocations")
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		all, err := tx.Revocations(by, f)
		for _, r := range all {
			t, err := tx.DesignationFor(by, r.Designation)
			if err != nil {
				return err
			}
			rows = append(rows, RevocationRow{Proceeding: r, Title: t})
		}
		return err
	})
	return rows, err
}

// ProposalChoice gathers what the form of a proposal shows.
func (d *Desk) ProposalChoice(ctx context.Context, by stage.Actor, title id.Designation) (v TitleCase, err error) {
	defer fault.Wrap(&err, "casework.ProposalChoice(%s)", title)
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		v, err = d.titleCase(tx, by, title, revocation.Kind, revocation.Proposed)
		if err == nil && by.Programme != "" && by.Programme != v.Title.Programme {
			err = fault.Missing()
		}
		return err
	})
	return v, err
}
